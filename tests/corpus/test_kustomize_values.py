"""Patches of Helm values, in which images are in parts.

Each row is as in test_kustomize_extensions.py, for a HelmRelease `r` whose
values are the second column: the third is what is patched, and the last is
whether it is refused.
"""

import built_rows
from built_rows import WIDGET, builtin, indent, patch
from corpus import main


def release(values, name='r', head=''):
    """A resource with values."""
    return ('apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n'
            f'metadata: {{name: {name}{head}}}\nspec: {{values: {values}}}\n')


def operation(op, path, value=None, key='value'):
    """An operation of a JSON patch on the values."""
    return (f'- op: {op}\n  path: /spec/values/{path}\n'
            + (f'  {key}: {value}\n' if value else ''))


def one(*operations):
    """A JSON patch."""
    return patch('name: r', ''.join(operations))


def more(text):
    """Another patch after one."""
    return text.split('\n', 1)[1]


def merge(values, before='', head=''):
    """A patch that is merged."""
    return ('patches:\n- patch: |\n'
            + indent(before + release(values, head=head), 4))


def items(values):
    """A list of one resource."""
    return ('apiVersion: v1\nkind: List\nitems:\n- '
            + indent(release(values), 2)[2:])


SPLIT = '{registry: quay.io, repository: acme/web, tag: "1"}'
IMAGE = f'{{image: {SPLIT}}}'
NAME = '{image: {registry: quay.io, name: acme/web, tag: "1"}}'
KEY = '{web: {registry: quay.io, image: acme/web, tag: "1"}}'
GLOBAL = ('{global: {imageRegistry: quay.io}, '
          'image: {repository: acme/web, tag: "1"}}')
LISTED = f'{{l: [{{image: {SPLIT}}}]}}'
TWO = release(IMAGE) + '---\n' + release(IMAGE, head=', namespace: n')
WHOLE = operation('add', 'image', SPLIT)
OTHER = operation('replace', 'image/registry', 'gcr.io')

VALUES = (
    # keys that have a part
    ('registry beside a name', NAME, one(OTHER), True),
    ('name beside a registry', NAME,
     one(operation('replace', 'image/name', 'gcr.io/p/q')), True),
    ('name, which has it all', '{image: {name: acme/web, tag: "1"}}',
     one(operation('replace', 'image/name', 'gcr.io/p/q')), False),
    ('image beside a registry', KEY,
     one(operation('replace', 'web/image', 'gcr.io/p/q')), True),
    ('registry beside an image', KEY,
     one(operation('replace', 'web/registry', 'gcr.io')), True),
    ('imageRepository', '{w: {imageRepository: quay.io/a/b, imageTag: "1"}}',
     one(operation('replace', 'w/imageRepository', 'gcr.io/p/q')), False),
    ('imageTag that makes an image', '{web: {imageRepository: acme/web}}',
     one(operation('add', 'web/imageTag', '"1"')), True),
    ('pullPolicy that makes an image', '{image: {repository: acme/web}}',
     one(operation('add', 'image/pullPolicy', 'Always')), True),
    ('the same, merged', '{image: {repository: acme/web}}',
     merge('{image: {pullPolicy: Always}}'), True),
    # a registry that images have together
    ('an image that leaves a registry', GLOBAL,
     one(operation('replace', 'image',
                   '{repository: ghcr.io/x/web, tag: "2"}')), True),
    ('an image below a registry', GLOBAL,
     one(operation('replace', 'image', '{repository: x/web, tag: "2"}')),
     True),
    ('a repository below a registry', GLOBAL,
     one(operation('replace', 'image/repository', 'x/web')), False),
    ('an image more below a registry', GLOBAL,
     merge('{other: {image: {repository: x/web, tag: "3"}}}'), True),
    ('another registry', GLOBAL, merge('{global: {imageRegistry: gcr.io}}'),
     False),
    ('a registry for what has none',
     '{image: {repository: acme/web, tag: "1"}}',
     merge('{global: {imageRegistry: gcr.io}}'), True),
    ('a registry that goes', GLOBAL, merge('{global: {$patch: delete}}'),
     True),
    ('a hub', '{hub: quay.io/acme, image: {name: web, tag: "1"}}',
     one(operation('replace', 'hub', 'gcr.io/acme')), False),
    # patches of what patches have set
    ('two patches', '{x: y}', one(WHOLE) + more(one(OTHER)), True),
    ('two operations', '{x: y}', one(WHOLE, OTHER), True),
    ('a patch and a merged one', '{x: y}',
     one(WHOLE) + more(merge('{image: {registry: gcr.io}}')), True),
    ('a tag of what a patch has set', '{x: y}',
     one(WHOLE) + more(one(operation('replace', 'image/tag', '"2"'))), False),
    # what merging does
    ('deleted', IMAGE, merge('{}', before='$patch: delete\n'), False),
    ('replaced', IMAGE,
     merge('{image: {$patch: replace, repository: x/y, tag: "3"}}'), False),
    ('replaced by less', IMAGE,
     merge('{image: {$patch: replace, tag: "3"}}'), False),
    ('null', IMAGE, merge('{image: null}'), False),
    ('null in what is new', '{x: y}',
     merge('{image: {registry: null, repository: quay.io/a/b, tag: "1"}}'),
     False),
    ('a list for a list', LISTED,
     merge('{l: [{image: {repository: acme/x, tag: "1"}}]}'), False),
    ('of one of two namespaces', None,
     merge('{image: {tag: "5"}}', head=', namespace: n'), False),
    ('a registry, of one of these', None,
     merge('{image: {registry: gcr.io}}', head=', namespace: n'), True),
    # what operations do
    ('an item', LISTED,
     one(operation('replace', 'l/0/image/registry', 'gcr.io')), True),
    ('an item before another', LISTED,
     one(operation('add', 'l/0',
                   f'{{image: {SPLIT}}}'),
         operation('remove', 'l/1/image/registry')), True),
    ('the last item', LISTED, one(operation('add', 'l/-',
                                            f'{{image: {SPLIT}}}')), False),
    ('a registry that is copied',
     f'{{a: {SPLIT}, b: {{repository: acme/web, tag: "1"}}}}',
     one(operation('copy', 'b/registry', '/spec/values/a/registry', 'from')),
     True),
    ('a registry that is moved',
     '{x: quay.io, image: {repository: acme/web, tag: "1"}}',
     one(operation('move', 'image/registry', '/spec/values/x', 'from')), True),
    ('a test that would fail', IMAGE,
     one(operation('test', 'image/registry', 'quay.io'),
         operation('replace', 'image/tag', '"2"')), True),
    ('a test of what stays', IMAGE,
     one(operation('test', 'image/tag', '"1"'),
         operation('replace', 'image/tag', '"2"')), False),
    ('keys with escapes', f'{{"a/b": {SPLIT}}}',
     one(operation('replace', 'a~1b/tag', '"2"')), False),
    ('an alias', f'{{a: &a {SPLIT}, b: *a}}',
     one(operation('replace', 'b/tag', '"2"')), False),
    ('another kind', IMAGE,
     'patches:\n- target: {name: r}\n  options: {allowKindChange: true}\n'
     '  patch: |\n    - {op: replace, path: /kind, value: ConfigMap}\n', True),
    ('the same, which needs no leave', IMAGE,
     'patches:\n- target: {name: r}\n'
     '  patch: |\n    - {op: replace, path: /kind, value: ConfigMap}\n', True),
    ('another kind that is not allowed', IMAGE,
     'patches:\n- target: {name: r}\n  patch: |\n'
     '    apiVersion: v1\n    kind: ConfigMap\n    metadata: {name: r}\n'
     '    data: {a: b}\n', False),
)

# what is no place in a pod, beside what is one
POD_OF_PARTS = ('apiVersion: v1\nkind: Pod\nmetadata: {name: w}\n'
                'spec:\n  containers: [{name: q, image: "quay.io/a/b:1"}]\n'
                f'  values: {IMAGE}\n')


def becomes(kind, version):
    """A patch that says what kind a resource is."""
    return ('patches:\n- target: {name: w}\n  patch: |\n'
            f'    - {{op: replace, path: /kind, value: {kind}}}\n'
            f'    - {{op: replace, path: /apiVersion, value: {version}}}\n')


FILES = (
    ('a file, and a part of what it sets', {
        'env.yaml': release('{x: y}'), 'p.yaml': release(IMAGE)},
     'patches:\n- path: p.yaml\n' + more(one(OTHER)), True, 0),
    ('a file that is merged first', {
        'env.yaml': release('{x: y}'), 'p.yaml': release(IMAGE)},
     one(operation('replace', 'image/tag', '"2"'))
     + 'patchesStrategicMerge: [p.yaml]\n', False, 0),
    ('a list, merged', {
        'env.yaml': release(IMAGE),
        'p.yaml': items('{image: {registry: gcr.io}}')},
     'patches: [{path: p.yaml}]\n', True, 0),
    ('the same, by an old name', {
        'env.yaml': release(IMAGE),
        'p.yaml': items('{image: {registry: gcr.io}}')},
     'patchesStrategicMerge: [p.yaml]\n', True, 0),
    ('an item of a list that becomes an image', {
        'env.yaml': items('{image: {repository: web}}')},
     one(operation('add', 'image/registry', 'quay.io')), True, 0),
    ('a tag that makes one in a list', {
        'env.yaml': items('{image: {repository: web}}')},
     one(operation('add', 'image/tag', '"1"')), True, 0),
    ('one that is none of the API', {'env.yaml': POD_OF_PARTS},
     becomes('HelmRelease', 'helm.toolkit.fluxcd.io/v2'), True, 0),
    ('the same, by a version alone', {
        'env.yaml': POD_OF_PARTS.replace('Pod', 'HelmRelease', 1)},
     becomes('HelmRelease', 'helm.toolkit.fluxcd.io/v2'), True, 0),
    ('a pod of what was none', {
        'env.yaml': POD_OF_PARTS.replace('Pod', 'Secret', 1)},
     becomes('Pod', 'v1'), True, 0),
    ('a pod of what was none, merged', {
        'env.yaml': POD_OF_PARTS.replace('Pod', 'Secret', 1)},
     'patches:\n- target: {name: w}\n  options: {allowKindChange: true}\n'
     '  patch: |\n    apiVersion: v1\n    kind: Pod\n'
     '    metadata: {name: w}\n', True, 0),
    ('the version of a kind', {
        'env.yaml': POD_OF_PARTS.replace('v1', 'extensions/v1beta1', 1)
                                .replace('Pod', 'Deployment', 1)},
     becomes('Deployment', 'apps/v1'), False, 0),
    ('another kind, merged', {'env.yaml': WIDGET},
     'patches:\n- target: {name: w}\n  options: {allowKindChange: true}\n'
     '  patch: |\n    apiVersion: v1\n    kind: Pod\n'
     '    metadata: {name: w}\n'
     '    spec: {containers: [{name: q, image: "quay.io/a/b:1"}]}\n', False, 0),
)


# what a base says besides, and then patches of it
SET = operation('replace', 'image/registry', 'gcr.io')
LABELS = '- op: add\n  path: /metadata/labels/c\n  value: d\n'
RENAME = '- op: replace\n  path: /metadata/name\n  value: q\n'
A_B = release(IMAGE, head=', labels: {a: b}')
PAIR = (release('{only: {a: b}}', name='r1') + '---\n'
        + release(IMAGE, name='r2'))


def targets(*pairs):
    """Patches, each of a target."""
    return 'patches:\n' + ''.join(more(patch(target, text))
                                  for target, text in pairs)


BASES = (
    ('labels', 'commonLabels: {a: b}\n', release(IMAGE),
     one(LABELS + SET), True),
    ('labels, and a tag', 'commonLabels: {a: b}\n', release(IMAGE),
     one(LABELS + operation('replace', 'image/tag', '"2"')), False),
    ('a namespace', 'namespace: n\n', release(IMAGE),
     one('- {op: replace, path: /metadata/namespace, value: m}\n' + SET),
     True),
    ('a prefix', 'namePrefix: p-\n', release(IMAGE),
     targets(('name: p-r', '- {op: test, path: /metadata/name, value: p-r}\n'
              + SET)), True),
    ('a prefix, by the old name', 'namePrefix: p-\n', release(IMAGE),
     targets(('name: r', SET)), True),
    ('a prefix, of another', 'namePrefix: p-\n', PAIR,
     targets(('name: p-r1', operation('add', 'x', 'gcr.io'))), False),
    ('a prefix, of each', 'namePrefix: p-\n', PAIR,
     targets(('name: p-r1', operation('add', 'only/x', 'y')),
             ('name: p-r2', SET)), True),
    ('a prefix, of one that the other begins with', 'namePrefix: p-\n',
     PAIR.replace('r1', 'r2-api'),
     targets(('name: p-r2-api', operation('add', 'image', 'x'))), False),
    ('another name', '', release(IMAGE),
     targets(('name: r', RENAME), ('name: q', SET)), True),
    ('a replacement', 'replacements:\n- source: {kind: HelmRelease, '
     'fieldPath: kind}\n  targets: [{select: {name: r}, '
     'fieldPaths: [spec.x.y], options: {create: true}}]\n', release(IMAGE),
     one('- {op: add, path: /spec/x/z, value: 1}\n' + SET), True),
    # selectors
    ('a label that is there', '', A_B, targets(('labelSelector: a=b', SET)),
     True),
    ('another label', '', A_B, targets(('labelSelector: a=c', SET)), False),
    ('no such label', '', A_B, targets(('labelSelector: "x!=y"', SET)), True),
    ('two labels', '', A_B, targets(
        ('labelSelector: a=b', SET),
        ('labelSelector: c=d', operation('replace', 'image', '{x: y}'))),
     True),
    ('a set of labels', '', A_B, targets(('labelSelector: "a in (b, c)"',
                                          SET)), True),
    ('a namespace that is another', '', release(IMAGE,
                                                head=', namespace: prod'),
     targets(('kind: HelmRelease, namespace: dev', SET)), False),
    ('the default namespace', '', release(IMAGE),
     targets(('namespace: default', SET)), True),
    ('another version', '', release(IMAGE),
     targets(('kind: HelmRelease, version: v2beta1', SET)), False),
    # tests of what is spelled in another way
    ('a number', '', release('{n: 1, image: %s}' % SPLIT),
     one(operation('test', 'n', '1.0') + SET), True),
    ('nothing', '', release(IMAGE),
     one(operation('test', 'none', 'null') + SET), True),
    ('an index', '', release('{l: [a, b], image: %s}' % SPLIT),
     one(operation('replace', 'l/01', 'c') + SET), True),
    ('an index from the end', '',
     release('{l: [a], image: {repository: acme/web}}'),
     one(operation('replace', 'l/-1', 'b')
         + operation('add', 'image/registry', 'quay.io')), True),
    ('a directive', '', release('{l: [a], image: {repository: acme/web}}'),
     merge('{$setElementOrder/l: [a], image: {registry: quay.io}}'), True),
    ('a transformer that merges', '', release(IMAGE),
     'transformers:\n- t.yaml\n', True),
)

LATE = builtin('PatchStrategicMergeTransformer', 'patches: |-\n'
               + indent(release('{image: {registry: gcr.io}}'), 2))


class ValuesTest(built_rows.RowsTest):
    """All rows."""

    rows = FILES + tuple(
        (name, {'env.yaml': release(values) if values else TWO}, lines,
         refused, 0)
        for name, values, lines, refused in VALUES) + tuple(
        (f'after {name}', {
            'base/kustomization.yaml': f'resources: [r.yaml]\n{base}',
            'base/r.yaml': text, 't.yaml': LATE}, 'x: base\n' + lines,
         refused, 0)
        for name, base, text, lines, refused in BASES)


if __name__ == '__main__':
    main()
