"""Files that become data, and copies of data: what kustomize builds.

For each tree of the table, what kustomize builds of the rewritten files is what
the rewritten build of the files is, but for the hashes of names; or the run is
refused, with the places that the table has, or tells of what differs.
"""

import os
import re
import shutil
import subprocess

import yaml

from corpus import FolderTest, find_peer, main, tool
from support import contents, pod

KUSTOMIZE = find_peer('kustomize')
RULES = ['--prefix=docker.io=m.example.com/hub',
         '--prefix=quay.io=m.example.com/quay']
HASH = re.compile(r'\b(map|secret)-[a-z0-9]{10}\b')
CONFIG = ['--find', 'default,configmap']
EQUAL, REFUSED = 'equal', 'refused'

POD = pod('quay.io/a/b:1', name='data')
VALUES = 'image: {repository: quay.io/a/b, tag: "1"}\n'
ARGS = POD + '    args: [--image=quay.io/a/c:1]\n'
MAP = 'configMapGenerator:\n- name: map\n  files: [data.yaml]\n'
SECRET = 'secretGenerator:\n- name: secret\n  files: [data.yaml]\n'

LITERAL = ('configMapGenerator:\n- name: map\n'
           '  literals: [image=quay.io/a/b:1, x=ghcr.io/a/b:1, tag=v1]\n')
RESOURCE = ('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: map}\ndata:\n'
            '  image: quay.io/a/b:1\n  x: ghcr.io/a/b:1\n  tag: v1\n')
MOVED = ['resources: [pod.yaml, map.yaml]\n', 'resources: [pod.yaml]\n']


def copy(key, path, options='', kind='ConfigMap'):
    """A replacement from data to a field of the pod."""
    return (f'replacements:\n- source: {{kind: {kind}, name: map, '
            f'fieldPath: data.{key}}}\n  targets:\n  - select: {{kind: Pod}}\n'
            f'    fieldPaths: ["{path}"]\n    options: {{create: true'
            f'{options}}}\n')


IMAGE = 'spec.containers.[name=c0].image'
WORD = pod('ghcr.io/a/x:1')

GENERATOR = ('apiVersion: builtin\nkind: {}Generator\nmetadata: {{name: x}}\n'
             'name: {}\nfiles: [data.yaml]\n'
             'literals: [image=quay.io/a/b:1, x=ghcr.io/a/b:1]\n')
VARIABLE = '    env: [{name: X_IMAGE, value: a}]\n'

ONLY = ['--find', 'configmap']

# name, files but for pod.yaml, what becomes of them by default, and with
# ConfigMaps
TREES = (
    ('a file', {'kustomization.yaml': MAP, 'data.yaml': POD}, EQUAL, EQUAL),
    ('a key', {'kustomization.yaml': MAP.replace('[', '[k.json='),
               'data.yaml': POD}, EQUAL, EQUAL),
    ('a Secret', {'kustomization.yaml': SECRET, 'data.yaml': POD},
     EQUAL, EQUAL),
    ('both', {'kustomization.yaml': MAP + SECRET, 'data.yaml': POD},
     EQUAL, REFUSED),
    ('values', {'kustomization.yaml': MAP, 'data.yaml': VALUES},
     EQUAL, EQUAL),
    ('arguments', {'kustomization.yaml': MAP, 'data.yaml': ARGS},
     EQUAL, EQUAL),
    ('several documents', {'kustomization.yaml': MAP,
                           'data.yaml': f'{POD}---\n{VALUES}---\n{POD}'},
     EQUAL, EQUAL),
    ('no YAML', {'kustomization.yaml': MAP,
                 'data.yaml': f'{POD}   - [\n'}, EQUAL, EQUAL),
    ('a template', {'kustomization.yaml': MAP,
                    'data.yaml': '{{ if .a }}\nimage: quay.io/a/b:1\n'},
     EQUAL, EQUAL),
    ('a resource as well', {
        'kustomization.yaml': 'resources: [data.yaml]\n' + MAP,
        'data.yaml': POD}, REFUSED, EQUAL),
    ('a resource of another one', {
        'kustomization.yaml': MAP, 'data.yaml': POD,
        'other/kustomization.yaml': 'resources: [../data.yaml]\n'},
     REFUSED, EQUAL),
    ('a resource with entries', {
        'kustomization.yaml': 'resources: [data.yaml]\n'
                              'images: [{name: quay.io/a/b, newTag: "2"}]\n'
                              + MAP, 'data.yaml': POD}, REFUSED, EQUAL),
    ('in a component', {
        'kustomization.yaml': 'components: [part]\nresources: [pod.yaml]\n',
        'part/kustomization.yaml':
            'apiVersion: kustomize.config.k8s.io/v1alpha1\n'
            'kind: Component\n' + MAP, 'part/data.yaml': POD}, EQUAL, EQUAL),
    ('in a base', {
        'kustomization.yaml': 'resources: [base]\nnamePrefix: a-\n',
        'base/kustomization.yaml': MAP, 'base/data.yaml': POD}, EQUAL, EQUAL),
    ('literals', {
        'kustomization.yaml': 'configMapGenerator:\n- name: map\n  literals:\n'
        '  - IMAGE=quay.io/a/b:1\n  - \'WEB_IMAGE="quay.io/a/c:1"\'\n'
        "  - db='quay.io/a/d:2'\n  - service=default/web:8080\n"
        '  - BLANK_IMAGE= quay.io/a/b:1\n'
        'secretGenerator:\n- name: secret\n'
        '  literals: [IMAGE=quay.io/a/b:1]\n'}, EQUAL, EQUAL),
    ('documents in literals', {
        'kustomization.yaml': 'configMapGenerator:\n- name: map\n  literals:\n'
        '  - |\n    pod.yaml=' + POD.replace('\n', '\n    ') + '\n'
        '  - "v.yaml=image: {repository: quay.io/a/b, tag: \\"1\\"}"\n'
        '  - "j={\\"image\\": \\"quay.io/a/b:1\\"}"\n'
        "  - 'q=\"image: quay.io/a/b:1\"'\n"
     }, EQUAL, EQUAL),
    ('a document in a literal, as an alias', {
        'kustomization.yaml': 'configMapGenerator:\n- name: map\n  literals:\n'
        '  - &a "v=image: quay.io/a/b:1"\n- name: secret\n'
        '  literals: [*a]\n'
     }, EQUAL, EQUAL),
    ('a generator in a file', {
        'kustomization.yaml': 'generators: [g.yaml]\n',
        'g.yaml': GENERATOR.format('ConfigMap', 'map'), 'data.yaml': POD},
     EQUAL, EQUAL),
    ('a generator of a Secret in a file', {
        'kustomization.yaml': 'generators: [g.yaml]\n',
        'g.yaml': GENERATOR.format('Secret', 'secret'), 'data.yaml': POD},
     EQUAL, EQUAL),
    ('a generator in a folder', {
        'kustomization.yaml': 'generators: [g]\n',
        'g/kustomization.yaml': 'resources: [g.yaml]\n',
        'g/g.yaml': GENERATOR.format('ConfigMap', 'map'), 'data.yaml': POD},
     EQUAL, EQUAL),
    ('a generator in the kustomization', {
        'kustomization.yaml': 'generators:\n- |\n  ' + GENERATOR.format(
            'ConfigMap', 'map').replace('\n', '\n  '), 'data.yaml': POD},
     EQUAL, EQUAL),
    ('two generators in files', {
        'kustomization.yaml': 'generators: [g.yaml, h.yaml]\n',
        'g.yaml': GENERATOR.format('ConfigMap', 'map'),
        'h.yaml': GENERATOR.format('Secret', 'secret'), 'data.yaml': POD},
     EQUAL, REFUSED),
    ('a copy of what a generator in a file makes', {
        'pod.yaml': WORD, 'data.yaml': POD,
        'g.yaml': GENERATOR.format('ConfigMap', 'map'),
        'kustomization.yaml': MOVED[1] + 'generators: [g.yaml]\n'
                              + copy('image', IMAGE)}, REFUSED, EQUAL),
    ('a copy to an image', {
        'pod.yaml': WORD,
        'kustomization.yaml': MOVED[1] + LITERAL + copy('image', IMAGE)},
     REFUSED, EQUAL),
    ('a copy to an image that moves as well', {
        'kustomization.yaml': MOVED[1] + LITERAL + copy('image', IMAGE)},
     REFUSED, EQUAL),
    ('a copy of what stays', {
        'pod.yaml': WORD,
        'kustomization.yaml': MOVED[1] + LITERAL + copy('x', IMAGE)},
     EQUAL, EQUAL),
    ('the same, to an image that moves', {
        'kustomization.yaml': MOVED[1] + LITERAL + copy('x', IMAGE)},
     EQUAL, EQUAL),
    ('a copy from a resource', {
        'pod.yaml': WORD, 'map.yaml': RESOURCE,
        'kustomization.yaml': MOVED[0] + copy('image', IMAGE)},
     REFUSED, EQUAL),
    ('a copy of what stays in a resource', {
        'pod.yaml': WORD, 'map.yaml': RESOURCE,
        'kustomization.yaml': MOVED[0] + copy('x', IMAGE)}, EQUAL, EQUAL),
    ('a copy from a base', {
        'pod.yaml': WORD, 'base/kustomization.yaml': LITERAL,
        'kustomization.yaml': 'resources: [pod.yaml, base]\n'
                              + copy('image', IMAGE)}, REFUSED, EQUAL),
    ('a copy of a line', {
        'pod.yaml': WORD, 'a.env': '# c\n\nimage=quay.io/a/b:1\n',
        'kustomization.yaml': MOVED[1] + 'configMapGenerator:\n- name: map\n'
        '  envs: [a.env]\n' + copy('image', IMAGE)}, REFUSED, REFUSED),
    ('a copy of a file', {
        'pod.yaml': WORD, 'image.txt': 'quay.io/a/b:1',
        'kustomization.yaml': MOVED[1] + 'configMapGenerator:\n- name: map\n'
        '  files: [image=image.txt]\n' + copy('image', IMAGE)},
     REFUSED, REFUSED),
    ('a copy, and entries above', {
        'pod.yaml': WORD,
        'base/pod.yaml': WORD,
        'base/kustomization.yaml': MOVED[1] + LITERAL + copy('image', IMAGE),
        'kustomization.yaml': 'resources: [base]\nimages:\n'
        '- {name: quay.io/a/b, newTag: "2"}\n'}, REFUSED, EQUAL),
    ('a copy, and entries above that name another', {
        'base/pod.yaml': WORD,
        'base/kustomization.yaml': MOVED[1] + LITERAL + copy('image', IMAGE),
        'kustomization.yaml': 'resources: [base]\nimages:\n'
        '- {name: quay.io/a/b, newName: quay.io/a/c}\n'}, REFUSED, EQUAL),
    ('a copy to an argument', {
        'pod.yaml': WORD + '    args: [a]\n',
        'kustomization.yaml': MOVED[1] + LITERAL + copy(
            'image', 'spec.containers.[name=c0].args.0')}, EQUAL, REFUSED),
    ('a copy to a variable', {
        'pod.yaml': WORD + VARIABLE,
        'kustomization.yaml': MOVED[1] + LITERAL + copy(
            'image', 'spec.containers.[name=c0].env.[name=X_IMAGE].value')},
     REFUSED, EQUAL),
    ('a copy to a variable that is none of an image', {
        'pod.yaml': WORD + VARIABLE.replace('X_IMAGE', 'X'),
        'kustomization.yaml': MOVED[1] + LITERAL + copy(
            'x', 'spec.containers.[name=c0].env.[name=X].value')},
     EQUAL, EQUAL),
    ('lines with images', {
        'a.env': 'IMAGE=quay.io/a/b:1\nX=ghcr.io/a:1\n',
        'kustomization.yaml': 'configMapGenerator:\n- name: map\n'
        '  envs: [a.env]\n'}, EQUAL, REFUSED),
    ('a file that is an image', {
        'image.txt': 'quay.io/a/b:1\n',
        'kustomization.yaml': 'configMapGenerator:\n- name: map\n'
        '  files: [image=image.txt]\n'}, EQUAL, REFUSED),
    ('a file that no walk finds', {
        'a.txt': VALUES,
        'kustomization.yaml': 'configMapGenerator:\n- name: map\n'
        '  files: [a.txt]\n'}, EQUAL, REFUSED),
    ('what stays', {
        'kustomization.yaml': 'resources: [data.yaml]\n' + MAP + SECRET,
        'data.yaml': POD.replace('quay', 'ghcr')}, EQUAL, EQUAL),
)


# the same, where nothing but ConfigMaps is looked at
ONLY_DATA = (
    ('a literal', {'kustomization.yaml': MOVED[1] + LITERAL}, EQUAL),
    ('a copy to an image', {
        'pod.yaml': WORD,
        'kustomization.yaml': MOVED[1] + LITERAL + copy('image', IMAGE)},
     REFUSED),
    ('a copy from a resource', {
        'pod.yaml': WORD, 'map.yaml': RESOURCE,
        'kustomization.yaml': MOVED[0] + copy('image', IMAGE)}, REFUSED),
    ('a copy of what stays', {
        'pod.yaml': WORD,
        'kustomization.yaml': MOVED[1] + LITERAL + copy('x', IMAGE)}, EQUAL),
    ('a copy to a variable', {
        'pod.yaml': WORD + VARIABLE,
        'kustomization.yaml': MOVED[1] + LITERAL + copy(
            'image', 'spec.containers.[name=c0].env.[name=X_IMAGE].value')},
     REFUSED),
    ('an image copied to data', {
        'pod.yaml': POD, 'map.yaml': RESOURCE,
        'kustomization.yaml': MOVED[0] + 'replacements:\n- source: '
        '{kind: Pod, fieldPath: spec.containers.0.image}\n  targets:\n'
        '  - {select: {kind: ConfigMap}, fieldPaths: [data.image]}\n'},
     REFUSED),
)


class DataTest(FolderTest):
    """Each tree is a folder."""

    def setUp(self):
        if not KUSTOMIZE:
            self.skipTest('there is no kustomize')

    def build(self, folder):
        """What kustomize builds, without the hashes of names."""
        done = subprocess.run([KUSTOMIZE, 'build', self.path(folder)],
                              timeout=120, capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return HASH.sub(r'\1', done.stdout.decode())

    def check_tree(self, name, options, becomes):
        """Rewrites a tree and its build, and compares."""
        old, new = f'{name}/old', f'{name}/new'
        run = tool(self.folder, 'rewrite', '-O', new, *RULES, *options, old)
        self.check_sane(run, 2 if becomes == REFUSED else 0)
        if becomes == REFUSED:
            self.assertRegex(run.err, r'error: .*\(.+:\d+:\d+\)')
            return
        for path in contents(self.path(old)):
            if not os.path.exists(self.path(new, path)):
                shutil.copy(self.path(old, path), self.path(new, path))
        self.write(f'{name}/build.yaml', self.build(old))
        wanted = tool(self.folder, 'rewrite', *RULES, *options,
                      f'{name}/build.yaml')
        self.check_sane(wanted, 0)
        built = list(yaml.safe_load_all(self.build(new)))
        wanted = list(yaml.safe_load_all(wanted.text))
        self.assertEqual(built, wanted)

    def test_only_data(self):
        """Where pods stay, what is copied to them must not move."""
        for number, (name, files, result) in enumerate(ONLY_DATA):
            folder = f'only-{number}'
            for path, text in {'pod.yaml': pod('nginx'), **files}.items():
                self.write(f'{folder}/old/{path}', text)
            with self.subTest(name=name):
                self.check_tree(folder, ONLY, result)

    def test_trees(self):
        """All trees, by default and with ConfigMaps."""
        for number, (name, files, *becomes) in enumerate(TREES):
            for options, result in zip(([], CONFIG), becomes, strict=True):
                folder = f'tree-{number}-{len(options)}'
                for path, text in {'pod.yaml': pod('nginx'), **files}.items():
                    self.write(f'{folder}/old/{path}', text)
                with self.subTest(name=name, options=options):
                    self.check_tree(folder, options, result)


if __name__ == '__main__':
    main(needs_data=False)
