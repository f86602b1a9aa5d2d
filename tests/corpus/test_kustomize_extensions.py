"""What extends kustomizations: transformers, configurations, replacements.

For each row, kustomize builds the tree as it was, and that is rewritten as one
manifest; it builds the rewritten tree as well; the two must be the same. Or
else the run is refused with two places, where the row says so.
"""

import built_rows
from built_rows import (IMAGE_OF_POD, IN_PARTS, PARTS, POD, RELEASE, WIDGET,
                        builtin, inline, replacement)
from corpus import main

ENV = """apiVersion: v1
kind: Pod
metadata: {name: env}
spec:
  containers:
  - name: c0
    env: [{name: IMAGE, value: "quay.io/acme/a:1"}, {name: X, value: "y"}]
"""
C0 = '"spec.containers.[name=c0].image"'
C1 = '"spec.containers.[name=c1].image"'


PATCH = builtin('PatchTransformer', 'target: {kind: Pod}\npatch: |-\n'
                '  - op: replace\n    path: /spec/containers/0/image\n'
                '    value: quay.io/acme/patched:1\n')
MERGE = builtin('PatchStrategicMergeTransformer', 'patches: |-\n' + ''.join(
    f'  {line}\n' for line in POD.replace('acme/a', 'acme/m').splitlines()))
SETTER = builtin('ImageTagTransformer',
                 'imageTag: {name: quay.io/acme/a, newTag: "5"}\n')
LABELS = builtin('LabelTransformer', 'labels: {a: b}\n'
                 'fieldSpecs: [{path: metadata/labels, create: true}]\n')
MOVED = 'kind: ConfigMap, fieldPath: data.moved'
STAYS = 'kind: ConfigMap, fieldPath: data.stays'
TAG = 'kind: ConfigMap, fieldPath: data.tag'
PART = 'delimiter: ":", index: 1'
PODS = '{kind: Pod}'

CONTAINERS = '/spec/containers'
LIST = ('apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: l}}\n'
        'data: {{x: "{}"}}\n')
VARIABLE = ('vars:\n- name: V\n'
            '  objref: {kind: ConfigMap, name: l, apiVersion: v1}\n'
            '  fieldref: {fieldpath: data.x}\n')
REFERENCE = 'varReference: [{path: spec/containers/image, kind: Pod}]\n'
VALUES = """apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: v}
spec: {values: {pod: {containers: [{name: x, image: "quay.io/acme/v:1"}]}}}
"""


def copying(operation, source, target):
    """A patch of the pod with an operation that copies."""
    return ('patches:\n- target: {kind: Pod, name: web}\n  patch: |\n'
            f'    - op: {operation}\n      from: {source}\n'
            f'      path: {target}\n')


# name, files beside those of TOP, lines of the kustomization, whether it is
# refused, and how many warnings there are
ROWS = (
    ('patch in a transformer', {'t.yaml': PATCH}, 'transformers: [t.yaml]\n',
     False, 0),
    ('patch in an inline transformer', {}, 'transformers:\n' + inline(PATCH),
     False, 0),
    ('merge in a transformer', {'t.yaml': MERGE}, 'transformers: [t.yaml]\n',
     False, 0),
    ('labels', {'t.yaml': LABELS}, 'transformers: [t.yaml]\n', False, 0),
    ('two documents', {'t.yaml': f'{LABELS}---\n{PATCH}'},
     'transformers: [t.yaml]\n', False, 0),
    ('folder', {'t/kustomization.yaml': 'resources: [t.yaml]\n',
                't/t.yaml': PATCH}, 'transformers: [t]\n', False, 0),
    ('image tag in a transformer', {'t.yaml': SETTER},
     'transformers: [t.yaml]\n', True, 0),
    ('image tag in an inline transformer', {},
     'transformers:\n' + inline(SETTER), True, 0),
    ('image tag in a folder',
     {'t/kustomization.yaml': 'resources: [t.yaml]\n', 't/t.yaml': SETTER},
     'transformers: [t]\n', True, 0),
    ('image tag of another image in a transformer', {
        't.yaml': SETTER.replace('acme/a', 'acme/none')},
     'transformers: [t.yaml]\n', False, 0),
    ('image tag of what an image becomes', {
        't.yaml': SETTER.replace('quay.io/acme', 'm.example.com/quay/acme')},
     'transformers: [t.yaml]\n', True, 0),
    ('patch and entry above', {
        'base/t.yaml': PATCH, 'base/kustomization.yaml':
        'resources: [pod.yaml]\ntransformers: [t.yaml]\n',
        'base/pod.yaml': POD.replace('web', 'other')},
     'x: base\nimages: [{name: quay.io/acme/patched, newTag: "8"}]\n',
     False, 0),
    ('replacements in a transformer',
     {'t.yaml': builtin('ReplacementTransformer', 'replacements:\n'
                        + replacement(MOVED, (PODS, C0)))},
     'transformers: [t.yaml]\n', True, 0),
    ('configuration without images',
     {'c.yaml': 'namePrefix: [{path: spec/x, kind: Foo}]\n'},
     'configurations: [c.yaml]\n'
     'images: [{name: quay.io/acme/a, newTag: "2"}]\n', False, 0),
    ('configuration with images',
     {'c.yaml': 'images: [{path: data/moved, kind: ConfigMap}]\n'},
     'configurations: [c.yaml]\n'
     'images: [{name: quay.io/acme/a, newTag: "2"}]\n', True, 0),
    ('configuration, and an entry for another image',
     {'c.yaml': 'images: [{path: data/moved, kind: ConfigMap}]\n'},
     'configurations: [c.yaml]\n'
     'images: [{name: ghcr.io/none, newTag: "2"}]\n', False, 0),
    ('containers in values', {'env.yaml': VALUES},
     'images: [{name: quay.io/acme/v, newTag: "2"}]\n', False, 0),
    ('configuration and no entry',
     {'c.yaml': 'images: [{path: data/moved, kind: ConfigMap}]\n'},
     'configurations: [c.yaml]\n', False, 0),
    ('replacements in a file', {'r.yaml': replacement(MOVED, (PODS, C0))},
     'replacements: [{path: r.yaml}]\n', True, 0),
    ('one replacement in a file',
     {'r.yaml': f'source: {{{MOVED}}}\n'
      f'targets: [{{select: {PODS}, fieldPaths: [{C0}]}}]\n'},
     'replacements: [{path: r.yaml}]\n', True, 0),
    ('replacements of an image in a file',
     {'r.yaml': replacement(f'kind: Pod, fieldPath: {C0}', (PODS, C1))},
     'replacements: [{path: r.yaml}]\n', False, 0),
    ('second document', {'r.yaml': replacement(STAYS, (PODS, C1)) + '---\n'
                         + replacement(MOVED, (PODS, C1))},
     'replacements: [{path: r.yaml}]\n', False, 0),
    ('value that moves to what stays', {},
     'replacements:\n' + replacement(MOVED, (PODS, C1)), True, 0),
    ('value that stays to what moves', {},
     'replacements:\n' + replacement(STAYS, (PODS, C0)), False, 0),
    ('value that a patch changes', {},
     'patches:\n- patch: \'{apiVersion: v1, kind: ConfigMap, metadata: '
     '{name: words}, data: {stays: "quay.io/acme/n:1"}}\'\n'
     'replacements:\n' + replacement(STAYS, (PODS, C0)), True, 0),
    ('value that another replacement changes', {},
     'replacements:\n'
     + replacement(MOVED, ('{kind: ConfigMap}', 'data.stays'))
     + replacement(STAYS, (PODS, C0)), True, 0),
    ('tag into what moves', {}, 'replacements:\n'
     + replacement(TAG + ', options: {delimiter: ".", index: 1}', (PODS, C0),
                   PART), False, 0),
    ('key with a dot', {}, 'replacements:\n' + replacement(
        "kind: ConfigMap, fieldPath: 'data.a\\.b'", (PODS, C0), PART),
     False, 0),
    ('name into what moves', {}, 'replacements:\n' + replacement(
        TAG, (PODS, C0), 'delimiter: "/", index: 2'), True, 0),
    ('host into what moves', {}, 'replacements:\n' + replacement(
        TAG, (PODS, C0), 'delimiter: "/"'), True, 0),
    ('part behind the end', {}, 'replacements:\n' + replacement(
        TAG, (PODS, C0), 'delimiter: "-", index: 7'), False, 0),
    ('kind that is a pattern', {}, 'replacements:\n' + replacement(
        'kind: Pod, fieldPath: metadata.name', ('{kind: "Po."}', C0)), True, 0),
    ('name that is a pattern', {}, 'replacements:\n' + replacement(
        'kind: Pod, fieldPath: metadata.name',
        ('{kind: Pod, name: "w.*"}', C0)), True, 0),
    ('pod that is passed over', {
        'other.yaml': POD.replace('web', 'other').replace('acme', 'x')
        .replace('quay.io', 'ghcr.io')},
     'replacements:\n' + replacement(
         TAG, (PODS, C0, '[{name: web}]'), PART), False, 0),
    ('generated value', {},
     'configMapGenerator: [{name: made, literals: [image=quay.io/acme/g:1]}]\n'
     'replacements:\n' + replacement(
         'kind: ConfigMap, name: made, fieldPath: data.image', (PODS, C0)),
     True, 0),
    ('part into a variable that moves', {'env.yaml': ENV},
     'replacements:\n' + replacement(TAG, (
         PODS, '"spec.containers.[name=c0].env.[name=IMAGE].value"'),
         'delimiter: "/"'), True, 0),
    ('variable that moves to a field', {'env.yaml': ENV},
     'replacements:\n' + replacement(
         'kind: Pod, name: env, fieldPath: spec.containers.0.env.0.value',
         ('{kind: ConfigMap}', 'data.moved')), True, 0),
    ('part in front of all', {}, 'replacements:\n' + replacement(
        TAG, (PODS, C0), 'delimiter: "/", index: -1'), True, 0),
    ('configuration of a base', {
        'base/pod.yaml': POD.replace('web', 'other'),
        'base/c.yaml': 'images: [{path: data/moved, kind: ConfigMap}]\n',
        'base/kustomization.yaml':
        'resources: [pod.yaml]\nconfigurations: [c.yaml]\n'},
     'x: base\nimages: [{name: quay.io/acme/a, newTag: "2"}]\n', True, 0),
    ('variable that is an image of a pod', {
        'env.yaml': ENV.replace('name: c0', 'name: c0\n    image: $(V)'),
        'list.yaml': LIST.format('quay.io/acme/z:9'), 'c.yaml': REFERENCE},
     'configurations: [c.yaml]\n' + VARIABLE, True, 0),
    ('variable that is the tag of one', {
        'env.yaml': ENV.replace('name: c0',
                                'name: c0\n    image: quay.io/acme/a:$(V)'),
        'list.yaml': LIST.format('5'), 'c.yaml': REFERENCE},
     'configurations: [c.yaml]\n' + VARIABLE, False, 0),
    ('variable that is the tag of one, and an entry', {
        'env.yaml': ENV.replace('name: c0',
                                'name: c0\n    image: quay.io/acme/a:$(V)'),
        'list.yaml': LIST.format('5'), 'c.yaml': REFERENCE},
     'configurations: [c.yaml]\n' + VARIABLE
     + 'images: [{name: ghcr.io/other/b, newTag: "2"}]\n', False, 0),
    ('variable that is the host of one', {
        'env.yaml': ENV.replace('name: c0',
                                'name: c0\n    image: $(V)/acme/a:1'),
        'list.yaml': LIST.format('quay.io'), 'c.yaml': REFERENCE},
     'configurations: [c.yaml]\n' + VARIABLE, True, 0),
    ('variable that nothing names', {},
     'vars:\n- name: V\n  objref: {kind: Pod, name: web, apiVersion: v1}\n'
     '  fieldref: {fieldpath: "spec.containers[0].image"}\n', False, 0),
    ('variable that is a version', {
        'env.yaml': ENV + '    args: ["--x=$(V)"]\n',
        'list.yaml': LIST.format('5')}, VARIABLE, False, 0),
    ('image to a variable of images', {
        'env.yaml': ENV.replace('quay.io/acme/a:1', 'other')}, 'replacements:\n'
     + replacement(f'kind: Pod, name: web, fieldPath: {C0}', (
         '{kind: Pod, name: env}',
         '"spec.containers.[name=c0].env.[name=IMAGE].value"')), False, 0),
    ('image to another variable', {'env.yaml': ENV}, 'replacements:\n'
     + replacement(f'kind: Pod, name: web, fieldPath: {C1}', (
         '{kind: Pod, name: env}',
         '"spec.containers.[name=c0].env.[name=X].value"')), False, 0),
    ('list to an argument', {
        'env.yaml': ENV + '    args: ["--images=$(V)"]\n',
        'list.yaml': LIST.format('quay.io/acme/a:1,quay.io/acme/b:2')},
     VARIABLE, True, 0),
    ('list that stays to an argument', {
        'env.yaml': ENV + '    args: ["--images=$(V)"]\n',
        'list.yaml': LIST.format('ghcr.io/x/a:1,ghcr.io/x/b:2')},
     VARIABLE, False, 0),
    ('list to a field', {'list.yaml': LIST.format('quay.io/x:1,quay.io/y:2')},
     'replacements:\n' + replacement(
         'kind: ConfigMap, name: l, fieldPath: data.x',
         ('{kind: ConfigMap, name: words}', 'data.moved')), False, 0),
    ('patch that copies a name', {}, copying('copy', '/metadata/name',
                                             '/metadata/generateName'),
     False, 0),
    ('patch that copies an image', {},
     copying('copy', f'{CONTAINERS}/0/image', f'{CONTAINERS}/1/image'), False, 0),
    ('patch that copies an image, in a file', {
        'p.yaml': '# copies\n- op: copy\n  from: /spec/containers/0/image\n'
        '  path: /spec/containers/1/image\n'},
     'patches: [{path: p.yaml, target: {kind: Pod}}]\n', False, 0),
    ('patch that copies a container', {},
     copying('copy', f'{CONTAINERS}/0', f'{CONTAINERS}/-'), False, 0),
    ('patch that moves a list', {},
     copying('copy', CONTAINERS, '/spec/initContainers'), False, 0),
    ('patch that copies an image, and an entry', {},
     copying('copy', f'{CONTAINERS}/0/image', f'{CONTAINERS}/1/image')
     + 'images: [{name: quay.io/acme/a, newTag: "2"}]\n', False, 0),
    ('patch that copies an image to a label', {},
     copying('copy', f'{CONTAINERS}/0/image', '/metadata/annotations/x'), True, 0),
    ('patch that copies an image to a variable', {'env.yaml': ENV},
     copying('copy', '/spec/containers/0/image',
             '/spec/containers/0/env/0/value'), True, 0),
    ('patch that copies an image that stays to a label', {
        'pod.yaml': POD.replace('quay.io/acme/a', 'ghcr.io/other/a')},
     copying('copy', f'{CONTAINERS}/1/image', '/metadata/annotations/x'),
     False, 0),
    ('patch that copies a label to an image that moves', {},
     copying('copy', '/metadata/annotations/a', f'{CONTAINERS}/0/image'),
     True, 0),
    ('patch that copies, in a transformer',
     {'t.yaml': builtin('PatchTransformer', 'target: {kind: Pod}\npatch: |-\n'
                        '  - op: copy\n    from: /spec/containers/0/image\n'
                        '    path: /metadata/annotations/x\n')},
     'transformers: [t.yaml]\n', True, 0),
    ('the same, with a file', {
        't.yaml': builtin('PatchTransformer', 'target: {kind: ConfigMap}\n'
                          'path: p.yaml\n'),
        'p.yaml': '- {op: replace, path: /data/moved, value: "quay.io/x:1"}\n'},
     'transformers: [t.yaml]\n', False, 0),
    ('merge with words of copies', {
        'p.yaml': POD.replace('acme/a', 'acme/from-copy')},
     'patches: [{path: p.yaml}]\n', False, 0),
    ('patch of a map', {
        'p.yaml': '- {op: replace, path: /data/moved, value: "quay.io/x:1"}\n'},
     'patches: [{path: p.yaml, target: {kind: ConfigMap}}]\n', False, 0),
    ('patch of a custom resource', {'env.yaml': RELEASE, 'p.yaml': PARTS},
     'patches: [{path: p.yaml, target: {kind: HelmRelease}}]\n', False, 0),
    ('the same, with its group', {'env.yaml': RELEASE, 'p.yaml': PARTS},
     'patches: [{path: p.yaml, target: {group: helm.toolkit.fluxcd.io,'
     ' version: v2, kind: HelmRelease, name: r}}]\n', False, 0),
    ('the same, in a folder of patches', {
        'env.yaml': RELEASE, 'patches/p.yaml': PARTS},
     'patchesJson6902:\n- path: patches/p.yaml\n  target: {group: '
     'helm.toolkit.fluxcd.io, version: v2, kind: HelmRelease, name: r}\n',
     False, 0),
    ('the same, merged', {
        'env.yaml': RELEASE, 'p.yaml': RELEASE.replace('acme', 'other')},
     'patches: [{path: p.yaml, target: {kind: HelmRelease}}]\n', False, 0),
    ('patch of any kind', {'p.yaml': IMAGE_OF_POD},
     'patches: [{path: p.yaml, target: {kind: "Pod|Deployment"}}]\n',
     False, 0),
    ('patch of a part', {'env.yaml': IN_PARTS}, 'patches:\n'
     '- target: {kind: HelmRelease}\n  patch: |\n    - op: replace\n'
     '      path: /spec/values/image/repository\n      value: a/b\n', True, 0),
    ('patch of a part, in a file', {
        'env.yaml': IN_PARTS, 'p.yaml': IN_PARTS.replace('repository: acme/web,',
                                                         '')},
     'patches: [{path: p.yaml}]\n', True, 0),
    ('patch of a tag', {'env.yaml': IN_PARTS}, 'patches:\n'
     '- target: {kind: HelmRelease}\n  patch: |\n    - op: replace\n'
     '      path: /spec/values/image/tag\n      value: "2"\n', False, 0),
    ('patch of a part of what stays', {
        'env.yaml': IN_PARTS.replace('quay.io', 'gcr.io')}, 'patches:\n'
     '- target: {kind: HelmRelease}\n  patch: |\n    - op: replace\n'
     '      path: /spec/values/image/repository\n      value: a/b\n', False, 0),
    ('patch without a kind', {'env.yaml': IN_PARTS}, 'patches:\n'
     '- target: {name: r}\n  patch: |\n    - op: add\n'
     '      path: /spec/values/extra\n'
     '      value: {image: {repository: quay.io/a/b, tag: "1"}}\n', False, 0),
    ('patch of a pod without a kind', {}, 'patches:\n'
     '- target: {name: web}\n  patch: |\n    - op: replace\n'
     '      path: /spec/containers/0/image\n      value: quay.io/a/b:1\n',
     False, 0),
    ('patch of data without a kind', {}, 'patches:\n'
     '- target: {name: words}\n  patch: |\n    - op: add\n'
     '      path: /data/image\n      value: quay.io/acme/n:1\n', False, 0),
    ('patch that adds an image and copies it', {}, 'apiVersion: '
     'kustomize.config.k8s.io/v1beta1\nkind: Kustomization\npatches:\n'
     '- target: {kind: Pod, name: web}\n  patch: |\n'
     '    - {op: remove, path: /spec/containers/0}\n'
     '    - {op: add, path: /spec/containers/0, value: '
     '{name: n, image: quay.io/acme/n}}\n'
     '    - {op: copy, from: /spec/containers/0/image, '
     'path: /metadata/annotations/x}\n', True, 0),
    ('value that moves to a part', {'env.yaml': IN_PARTS}, 'replacements:\n'
     + replacement(MOVED, ('{kind: HelmRelease}',
                           'spec.values.image.repository')), True, 0),
    ('value to a tag', {'env.yaml': IN_PARTS}, 'replacements:\n'
     + replacement(TAG, ('{kind: HelmRelease}', 'spec.values.image.tag')),
     False, 0),
    ('patch of a custom resource without a kind', {'env.yaml': WIDGET},
     'patches:\n- target: {kind: "Wid.*"}\n  patch: |\n    - op: add\n'
     '      path: /spec/image\n      value: quay.io/acme/w:1\n', False, 0),
    ('patch of a pod without a kind, from a registry of that name', {},
     'patches:\n- target: {name: web}\n  patch: |\n    - op: replace\n'
     '      path: /spec/containers/0/image\n'
     '      value: registry.k8s.io/pause:3\n', False, 0),
    ('patch of a part in a transformer', {
        'env.yaml': IN_PARTS, 't.yaml': builtin(
            'PatchTransformer', 'target: {kind: HelmRelease}\npatch: |-\n'
            '  - op: replace\n    path: /spec/values/image/repository\n'
            '    value: a/b\n')},
     'transformers: [t.yaml]\n', True, 0),
    ('patch of a pod in the file of a transformer', {
        't.yaml': builtin('PatchTransformer', 'target: {kind: Pod}\n'
                          'path: p.yaml\n'), 'p.yaml': IMAGE_OF_POD},
     'transformers: [t.yaml]\n', False, 0),
    ('image tag in a transformer, and a configuration', {
        't.yaml': SETTER,
        'c.yaml': 'images: [{path: data/moved, kind: ConfigMap}]\n'},
     'transformers: [t.yaml]\nconfigurations: [c.yaml]\n'
     'images: [{name: ghcr.io/none, newTag: "2"}]\n', True, 0),
    ('patch of two kinds', {'env.yaml': RELEASE, 'p.yaml': '- {op: add, path: '
                            '/data, value: {image: "quay.io/x:1"}}\n'},
     'patches: [{path: p.yaml, target: {kind: ConfigMap}},'
     ' {path: p.yaml, target: {kind: HelmRelease}}]\n', False, 0),
    ('values in a transformer', {'t.yaml': builtin(
        'ValueAddTransformer', 'value: x\ntargets:\n'
        '- {selector: {kind: Pod}, fieldPath: "metadata/annotations/x"}\n')},
     'transformers: [t.yaml]\n', True, 0),
    ('image in a transformer that moves', {'t.yaml': builtin(
        'ImageTagTransformer', 'imageTag: {name: ghcr.io/other/b, '
        'newName: quay.io/acme/b}\n')}, 'transformers: [t.yaml]\n', True, 0),
    ('image in a transformer that stays', {'t.yaml': builtin(
        'ImageTagTransformer', 'imageTag: {name: ghcr.io/other/b, '
        'newName: ghcr.io/other/c, newTag: "2"}\n')},
     'transformers: [t.yaml]\n', False, 0),
    ('value that moves, without a source', {}, 'replacements:\n'
     f'- sourceValue: quay.io/acme/v:1\n  targets:\n  - select: {PODS}\n'
     f'    fieldPaths: [{C0}]\n', True, 0),
    ('value that stays, without a source', {}, 'replacements:\n'
     f'- sourceValue: gcr.io/acme/v:1\n  targets:\n  - select: {PODS}\n'
     f'    fieldPaths: [{C0}]\n', False, 0),
    ('tag without a source', {}, 'replacements:\n'
     f'- sourceValue: "7"\n  targets:\n  - select: {PODS}\n'
     f'    fieldPaths: [{C0}]\n    options: {{{PART}}}\n', False, 0),
    ('version to data, without a source', {}, 'replacements:\n'
     '- sourceValue: v1.2\n  targets:\n  - select: {kind: ConfigMap}\n'
     '    fieldPaths: [data.tag]\n', False, 0),
    ('registry between delimiters, of a part', {
        'env.yaml': IN_PARTS.replace('registry: quay.io, repository: ',
                                     'repository: quay.io/')}, 'replacements:\n'
     '- sourceValue: ghcr.io\n  targets:\n  - select: {kind: HelmRelease}\n'
     '    fieldPaths: [spec.values.image.repository]\n'
     '    options: {delimiter: "/", index: 0}\n', True, 0),
    ('registry of a part', {'env.yaml': IN_PARTS}, 'replacements:\n'
     '- sourceValue: ghcr.io\n  targets:\n  - select: {kind: HelmRelease}\n'
     '    fieldPaths: [spec.values.image.registry]\n', True, 0),
    ('tag of a part', {'env.yaml': IN_PARTS}, 'replacements:\n'
     '- sourceValue: v7\n  targets:\n  - select: {kind: HelmRelease}\n'
     '    fieldPaths: [spec.values.image.tag]\n', False, 0),
    ('plugin', {'t.yaml': 'apiVersion: e.com/v1\nkind: Magic\n'
                'metadata: {name: x}\n'}, 'transformers: [t.yaml]\n',
     False, 1),
)


class ExtensionsTest(built_rows.RowsTest):
    """A kustomization, and what it has in texts of their own."""

    rows = ROWS


if __name__ == '__main__':
    main()
