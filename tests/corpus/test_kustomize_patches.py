"""Patches for what their targets select, and for parts of images.

Each row is as in test_kustomize_extensions.py.
"""

import built_rows
from built_rows import (IMAGE_OF_POD, IN_PARTS, PARTS, POD, RELEASE, WIDGET,
                        builtin, component, indent, inline, patch)
from corpus import main

SAME_NAME = (IN_PARTS.replace('name: r', 'name: web') + '---\n'
             + WIDGET.replace('name: w', 'name: web'))
TWO_KINDS = 'name: web, kind: "HelmRelease|Widget"'
ADD_DATA = '- op: add\n  path: /data/image\n  value: quay.io/acme/n:1\n'
MORE = POD.replace('name: web', 'name: more')


def add(path, value):
    """A JSON patch that adds a value."""
    return f'- op: add\n  path: {path}\n  value: {value}\n'


def add_values(repository):
    """The same for values, which take the place of all that there are."""
    return add('/spec/values', '{image: {repository: %s, tag: "1"}}'
               % repository)


def resource(head, name, rest=''):
    """A resource with nothing in it."""
    version, kind = head.rsplit('/', 1)
    return (f'apiVersion: {version}\nkind: {kind}\n'
            f'metadata: {{name: {name}}}\n{rest}')


SELECTIONS = (
    ('two kinds, one with an image there', {'env.yaml': SAME_NAME},
     patch(TWO_KINDS, add_values('quay.io/a/b')), True, 0),
    ('the same, of what stays', {'env.yaml': SAME_NAME},
     patch(TWO_KINDS, add_values('gcr.io/a/b')), False, 0),
    ('the same, in a file', {
        'env.yaml': SAME_NAME, 'p.yaml': add_values('quay.io/a/b')},
     f'patches: [{{path: p.yaml, target: {{{TWO_KINDS}}}}}]\n', True, 0),
    ('a name', {'env.yaml': RELEASE}, patch('name: r', PARTS), False, 0),
    ('a name, in a file', {'env.yaml': RELEASE, 'p.yaml': PARTS},
     'patches: [{path: p.yaml, target: {name: r}}]\n', False, 0),
    ('a name, and entries', {'env.yaml': RELEASE},
     'images: [{name: quay.io/acme/a, newTag: "9"}]\n'
     + patch('name: r', PARTS), False, 0),
    ('names, each of another kind', {'env.yaml': RELEASE + '---\n' + WIDGET},
     patch('name: r', PARTS)
     + patch('name: w', add_values('quay.io/a/b')).split('\n', 1)[1]
     + patch('name: words', ADD_DATA).split('\n', 1)[1], False, 0),
    ('a name that a base has given', {
        'base/kustomization.yaml': 'namePrefix: b-\nresources: [r.yaml]\n',
        'base/r.yaml': RELEASE}, 'x: base\n' + patch('name: b-r', PARTS),
     False, 0),
    ('a name, in a component', {
        'env.yaml': RELEASE,
        'c/kustomization.yaml': component(patch('name: r', PARTS))},
     'components: [c]\n', False, 0),
    ('a name, in a component that is not used', {
        'c/kustomization.yaml': component(patch('name: r', PARTS))},
     'namePrefix: a-\n', False, 0),
    ('nothing', {}, patch('name: none', add('/spec/image',
                                           'quay.io/acme/w:1')), False, 0),
    ('a label', {'env.yaml': WIDGET.replace('name: w',
                                            'name: w, labels: {a: b}')},
     patch('labelSelector: a=b', add('/spec/x', '{image: "quay.io/w:1"}')),
     False, 0),
    ('a label, merged', {'p.yaml': POD, 'pod.yaml': POD.replace(
        'name: web', 'name: web, labels: {a: b}')},
     'patches: [{path: p.yaml, target: {labelSelector: a=b}}]\n', False, 0),
    ('a name, merged', {'env.yaml': RELEASE},
     patch('name: r', resource('v1/ConfigMap', 'any', 'spec:\n  values: '
                               '{b: {image: {repository: quay.io/a/b, '
                               'tag: "1"}}}\n')), False, 0),
    ('a generated map', {},
     'configMapGenerator:\n- {name: made, literals: [a=b]}\n'
     + patch('name: made', ADD_DATA), False, 0),
    ('a name, in a transformer', {
        'env.yaml': RELEASE, 't.yaml': builtin(
            'PatchTransformer', 'target: {name: r}\npatch: |-\n'
            + indent(PARTS, 2))}, 'transformers: [t.yaml]\n', False, 0),
    ('the same, with a file', {
        'env.yaml': RELEASE, 'p.yaml': PARTS, 't.yaml': builtin(
            'PatchTransformer', 'target: {name: r}\npath: p.yaml\n')},
     'transformers: [t.yaml]\n', False, 0),
    ('the same, in a folder', {
        'env.yaml': RELEASE, 'p.yaml': PARTS, 't/t.yaml': builtin(
            'PatchTransformer', 'target: {name: r}\npath: p.yaml\n'),
        't/kustomization.yaml': 'resources: [t.yaml]\n'},
     'transformers: [t]\n', False, 0),
    ('the same, in the kustomization', {'env.yaml': RELEASE},
     'transformers:\n' + inline(builtin(
         'PatchTransformer', 'target: {name: r}\npatch: |-\n'
         + indent(PARTS, 2))), True, 0),
    ('a resource that is a patch as well', {'env.yaml': MORE},
     'patches: [{path: env.yaml, target: {kind: ConfigMap}}]\n', True, 0),
    ('the same, of what stays', {
        'env.yaml': MORE.replace('quay.io', 'gcr.io')},
     'patches: [{path: env.yaml, target: {kind: ConfigMap}}]\n', False, 0),
    ('a pod and what makes pods, merged', {
        'env.yaml': resource('apps/v1/Deployment', 'web',
                             'spec: {selector: {}}\n'), 'p.yaml': POD},
     'patches: [{path: p.yaml, target: {name: web}}]\n', True, 0),
    ('a pod beside what is none', {
        'env.yaml': resource('v1/Service', 'other'), 'p.yaml': IMAGE_OF_POD},
     'patches: [{path: p.yaml, target: {labelSelector: "!x", name: web}}]\n',
     False, 0),
    ('a kind that another group has', {
        'env.yaml': resource('x.example.com/v1/Prometheus', 'p',
                             'spec: {x: 1}\n')},
     patch('kind: Prometheus', add('/spec/image', 'quay.io/p/b:1')), False, 0),
)


def operation(op, key, value=None):
    """An operation on a part."""
    return (f'- op: {op}\n  path: /spec/values/image/{key}\n'
            + (f'  value: {value}\n' if value else ''))


def merge(image):
    """A merge of parts."""
    return resource('helm.toolkit.fluxcd.io/v2/HelmRelease', 'r',
                    f'spec: {{values: {{image: {{{image}}}}}}}\n')


BASES = {
    'moves': 'registry: quay.io, repository: a/b, tag: "1"',
    'stays': 'registry: gcr.io, repository: a/b, tag: "1"',
    'of Docker Hub': 'repository: a/b, tag: "1"',
    'with its host': 'repository: quay.io/a/b, tag: "1"',
    'name alone': 'repository: a/b',
    'registry alone': 'registry: quay.io',
    'tag alone': 'tag: "1"',
    'empty registry': 'registry: "", repository: a/b, tag: "1"',
}

# base, patch, whether it is refused
PARTS_SET = (
    ('moves', operation('replace', 'registry', 'ghcr.io'), True),
    ('moves', operation('replace', 'repository', 'p/q'), True),
    ('moves', operation('replace', 'tag', '"2"'), False),
    ('moves', merge('tag: "2"'), False),
    ('moves', merge('registry: ghcr.io'), True),
    ('moves', merge('registry: ghcr.io, repository: p/q'), False),
    ('moves', merge('registry: quay.io, repository: p/q'), False),
    ('moves', operation('replace', 'registry', 'gcr.io')
     + operation('replace', 'repository', 'p/q'), False),
    ('stays', operation('replace', 'registry', 'mcr.microsoft.com'), False),
    ('stays', operation('replace', 'registry', 'quay.io'), True),
    ('stays', operation('replace', 'registry', 'quay.io')
     + operation('replace', 'repository', 'p/q'), True),
    ('stays', operation('replace', 'repository', 'quay.io/p/q'), True),
    ('stays', operation('remove', 'registry'), True),
    ('stays', merge('registry: null'), True),
    ('stays', merge('tag: "2"'), False),
    ('of Docker Hub', operation('add', 'registry', 'quay.io'), True),
    ('of Docker Hub', operation('add', 'registry', 'ghcr.io'), True),
    ('of Docker Hub', operation('replace', 'repository', 'quay.io/p/q'),
     False),
    ('of Docker Hub', merge('repository: p/q, tag: "2"'), False),
    ('of Docker Hub', operation('replace', 'repository', 'p/q'), True),
    ('with its host', merge('repository: p/q, tag: "2"'), False),
    ('with its host', merge('repository: gcr.io/p/q'), False),
    ('with its host', operation('add', 'digest', 'sha256:' + 'a' * 64), False),
    ('name alone', operation('add', 'tag', '"2"'), True),
    ('name alone', merge('registry: quay.io'), True),
    ('name alone', merge('registry: gcr.io'), False),
    ('registry alone', operation('add', 'repository', 'p/q'), True),
    ('registry alone', merge('repository: p/q, tag: "2"'), True),
    ('tag alone', operation('add', 'repository', 'p/q'), True),
    ('tag alone', operation('add', 'repository', 'quay.io/p/q'), False),
    ('empty registry', operation('replace', 'registry', 'quay.io'), True),
    ('empty registry', operation('replace', 'tag', '"2"'), False),
)


def part_row(base, text, refused):
    """The row of a patch for an image in parts."""
    return (f'{base}: {text}', {'env.yaml': merge(BASES[base])},
            patch('kind: HelmRelease', text), refused, 0)


REGISTRY = operation('replace', 'registry', 'ghcr.io')
PLACES = (
    ('a part, of another resource', {
        'env.yaml': merge(BASES['moves']).replace('name: r', 'name: main')
        + '---\n' + merge(BASES['stays']).replace('name: r', 'name: other')},
     patch('kind: HelmRelease, name: other', operation(
         'replace', 'registry', 'mcr.microsoft.com')), False, 0),
    ('a part, elsewhere in the values', {
        'env.yaml': IN_PARTS.replace('image: {', 'b: {x: y}, image: {')},
     patch('kind: HelmRelease', add('/spec/values/b/registry', 'ghcr.io')),
     False, 0),
    ('a part, of what has no images', {
        'env.yaml': WIDGET.replace('{x: y}', '{image: {repository: a/b}}')},
     patch('kind: Widget', add('/spec/image/tag', '"2"')), False, 0),
    ('a part, in a component', {
        'env.yaml': IN_PARTS,
        'c/kustomization.yaml': component(patch('kind: HelmRelease',
                                                REGISTRY))},
     'components: [c]\n', True, 0),
    ('a part that makes an image, in a component', {
        'env.yaml': merge(BASES['name alone']),
        'c/kustomization.yaml': component(patch(
            'kind: HelmRelease', operation('add', 'tag', '"2"')))},
     'components: [c]\n', True, 0),
    ('a part, of an item', {
        'env.yaml': 'apiVersion: v1\nkind: List\nitems:\n-'
        + indent(IN_PARTS, 2)[1:]}, patch('kind: HelmRelease', REGISTRY),
     True, 0),
    ('two images, merged', {
        'env.yaml': IN_PARTS.replace('image: {', 'b: {image: {repository: '
                                     'quay.io/b, tag: "1"}}, image: {')},
     patch('kind: HelmRelease', merge('tag: "2"').replace(
         'image: {', 'b: {image: {repository: p/q, tag: "3"}}, image: {')),
     False, 0),
)


class PatchesTest(built_rows.RowsTest):
    """Kustomizations with patches."""

    rows = SELECTIONS + PLACES + tuple(part_row(*row) for row in PARTS_SET)


if __name__ == '__main__':
    main()
