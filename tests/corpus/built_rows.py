"""Rows of kustomizations that kustomize builds, before and afterwards.

A row is (name, files, lines, refused, warnings): the lines are those of the
kustomization, beside the resources that all have.
"""

from built_trees import RULES, BuiltTreesTest, build
from corpus import tool

POD = """apiVersion: v1
kind: Pod
metadata: {name: web, annotations: {a: "quay.io/acme/z:1"}}
spec:
  containers:
  - {name: c0, image: "quay.io/acme/a:1"}
  - {name: c1, image: "ghcr.io/other/b:1"}
"""
CONFIG = """apiVersion: v1
kind: ConfigMap
metadata: {name: words}
data: {moved: "quay.io/acme/z:9", stays: "ghcr.io/other/z:9", tag: "v.7",
  a.b: "7"}
"""
RELEASE = """apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: r}
spec:
  values:
    image: {registry: ghcr.io, repository: quay.io/acme/web, tag: "1"}
"""
WIDGET = """apiVersion: example.com/v1
kind: Widget
metadata: {name: w}
spec: {x: y}
"""
IN_PARTS = """apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: r}
spec: {values: {image: {registry: quay.io, repository: acme/web, tag: "1"}}}
"""
PARTS = """- op: replace
  path: /spec/values/image
  value: {registry: quay.io, repository: acme/patched, tag: "2"}
- op: add
  path: /spec/values/other
  value: {image: {repository: quay.io/acme/other, tag: "3"}}
"""
IMAGE_OF_POD = """- op: replace
  path: /spec/containers/0/image
  value: quay.io/acme/patched:1
"""
TOP = 'resources: [pod.yaml, words.yaml]\n'


def builtin(kind, text):
    """A transformer that is built in."""
    return (f'apiVersion: builtin\nkind: {kind}\n'
            f'metadata: {{name: x}}\n{text}')


def replacement(source, targets, options='', indent=''):
    """A replacement in block style."""
    lines = (f'- source: {{{source}}}\n  targets:\n'
             f'  - select: {targets[0]}\n    fieldPaths: [{targets[1]}]\n'
             + (options and f'    options: {{{options}}}\n')
             + (len(targets) > 2 and f'    reject: {targets[2]}\n' or ''))
    return ''.join(indent + line + '\n' for line in lines.splitlines())


def inline(text):
    """An item that holds what a file would hold."""
    return '- |-\n' + indent(text, 2)


def indent(text, by):
    """The lines of a text, each with so many blanks before it."""
    return ''.join(' ' * by + line + '\n' for line in text.splitlines())


def patch(target, text):
    """A list of one patch."""
    return (f'patches:\n- target: {{{target}}}\n  patch: |\n'
            + indent(text, 4))


def component(text):
    """A component."""
    return ('apiVersion: kustomize.config.k8s.io/v1alpha1\n'
            f'kind: Component\n{text}')


class RowsTest(BuiltTreesTest):
    """Each of `rows` is a tree of its own."""

    rows = ()

    def tree(self, files, lines):
        """The files of a row; `x: base` stands for one more resource."""
        top = TOP + lines
        if 'base/kustomization.yaml' in files:
            top = top.replace('words.yaml]', 'words.yaml, base]')
            top = top.replace('x: base\n', '')
        for path in ('other.yaml', 'env.yaml', 'list.yaml'):
            if path in files:
                top = top.replace('words.yaml', f'{path}, words.yaml')
        return {'pod.yaml': POD, 'words.yaml': CONFIG,
                'kustomization.yaml': top, **files}

    def test_rows(self):
        """Each row is equal or refused, as it says."""
        for number, row in enumerate(self.rows):
            name, files, lines, refused, warnings = row
            folder = f'tree-{number}'
            with self.subTest(name=name):
                self.write_tree(f'old/{folder}', self.tree(files, lines))
                run = self.rewrite(folder)
                self.assertEqual(run is None, refused)
                # where nothing is copied, texts without images are not held
                check = tool(self.folder, 'rewrite', '--check', *RULES,
                             f'old/{folder}')
                self.assertEqual(check.status == 2, refused, check.err)
                if refused:
                    continue
                # what is warned of is not built so, or not the same
                self.assertEqual(sum(': warning: ' in line
                                     for line in run.lines), warnings)
                before = build(self.path('old', folder))
                if warnings:
                    continue
                self.assertIsNotNone(before)
                self.compare_builds(before, build(self.path('new', folder)))
