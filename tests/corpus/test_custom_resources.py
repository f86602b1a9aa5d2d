"""Custom resources: images where the schemas of their CRDs have them.

crd-image-paths.tsv lists every field of some thousand CRDs that looks like an
image, each with a class: pod, imgvol, image, imgkey, split, split2 for what
ought to be one, suspect and FP-* for what is none. Each of its rows becomes a
resource with an image of its own in that field and nowhere else, all of them
are listed in one run, and each image must come back from its field.
custom_resources.tsv says which rows are exceptions, and why.
"""

import collections
import json
import os
import sys

from corpus import DATA, SKIPPED, FolderTest, main, tool

EXCEPTIONS = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                          'custom_resources.tsv')
DIGEST = 'sha256:' + '0123456789abcdef' * 4

# Containers that stand beside a volume so that it is known for one of a pod;
# their own images are of no interest.
BESIDE = 'beside.example.com/beside:v1'

# The folders v4.11-strict and v4.15-strict of the list are releases of
# OpenShift. Only the latter has the groups, after the names of the kinds.
OPENSHIFT = {
    'buildconfig': 'build.openshift.io',
    'clusterversion': 'config.openshift.io',
    'config': 'samples.operator.openshift.io',
    'consolelink': 'console.openshift.io',
    'deploymentconfig': 'apps.openshift.io',
    'gcpmachineproviderspec': 'machine.openshift.io',
    'image': 'image.openshift.io',
    'imagestream': 'image.openshift.io',
    'imagestreamimage': 'image.openshift.io',
    'imagestreammapping': 'image.openshift.io',
    'imagestreamtag': 'image.openshift.io',
    'imagetag': 'image.openshift.io',
    'machineconfig': 'machineconfiguration.openshift.io',
}

# Suspects that are images after all: group ('' for any), end of the path, why.
SUSPECT_IMAGES = [
    ('', '.source.vddk.initImageURL',
     'the container that brings the VDDK library'),
    ('lambda.services.k8s.aws', '.code.imageURI',
     'the container image of a function'),
    ('machineconfiguration.openshift.io', '.spec.osImageURL',
     'the operating system, as a container image'),
    ('operator.cluster.x-k8s.io', '.containers[].imageUrl',
     "the manager's image, as v1alpha2 has it"),
    ('sagemaker.services.k8s.aws', '.imageURI',
     'the container image of a job'),
]

# Maps with the parts of several images: each image is in the field of its name.
SEVERAL_IMAGES = [('scylla.scylladb.com', 'scyllacluster', '.spec.')]

Row = collections.namedtuple('Row', 'number group kind wanted path')
Found = collections.namedtuple(
    'Found', 'reference path line column kind name field image_class')


def read_tsv(path):
    """The rows of a list, without its comments."""
    with open(path, encoding='utf-8') as file:
        return [tuple(line.rstrip('\n').split('\t')) for line in file
                if not line.startswith('#')]


def read_exceptions():
    """Reasons, by class and by row."""
    classes, rows = {}, {}
    for *what, reason in read_tsv(EXCEPTIONS):
        if len(what) == 1:
            classes[what[0].removeprefix('class ')] = reason
        else:
            rows[tuple(what)] = reason
    return classes, rows


def translate(name):
    """Group and kind of a name of the list."""
    group, kind = name.split('/')
    if group.startswith('v4.'):
        kind, _, group = kind.partition('_')
        group = group or OPENSHIFT[kind]
    return group, kind


def is_wanted(row, group, exceptions):
    """Whether the field of a row of the list holds an image."""
    classes, rows = exceptions
    name, image_class, path = row
    if image_class == 'suspect':
        return any(group.startswith(owner) and path.endswith(end)
                   for owner, end, _ in SUSPECT_IMAGES)
    return image_class not in classes and row not in rows


def split_path(path):
    """The keys of a path, and the parts of a reference at its end."""
    path, brace, parts = path.removeprefix('.').partition('{')
    keys = [key for key in path.split('.') if key]
    return keys, parts.removesuffix('}').split(',') if brace else None


def make_reference(number):
    """The image of a row."""
    return f'r{number}.example.com/path/name{number}:v1'


def make_parts(number, names):
    """The image of a row in parts, and what they are together."""
    path = [f'r{number}.example.com', 'path', f'name{number}']
    parts = {}
    if 'registry' in names:
        parts['registry'] = path.pop(0)
    name = next((one for one in names if one in ('image', 'name')), None)
    if name and 'repository' in names:
        parts[name] = path.pop()
    parts['repository' if 'repository' in names else name] = '/'.join(path)
    text, _, tag = make_reference(number).rpartition(':')
    for one in names:
        if one in ('tag', 'version'):
            parts[one] = tag
            text += f':{tag}'
    if 'digest' in names:
        parts['digest'] = DIGEST
        text += f'@{DIGEST}'
    assert set(parts) == set(names), names
    return parts, text


def make_leaf(row):
    """What stands in the field of a row, and the image that it says."""
    _, parts = split_path(row.path)
    if parts:
        return make_parts(row.number, parts)
    text = make_reference(row.number)
    if row.group == 'kustomize.config.k8s.io':
        return {'name': f'img{row.number}', 'newName': text[:-3],
                'newTag': 'v1'}, text
    if row.group == 'argocd-image-updater.argoproj.io':
        # The version that is wanted is no tag.
        return text, text.rpartition(':')[0]
    return text, text


def put(value, keys, is_pod):
    """A value after the keys of a path, the last of them first."""
    for key in reversed(keys):
        name = key.removesuffix('[]')
        if name != key:
            if name.lower().endswith('containers') and isinstance(value, dict):
                value = {'name': 'main', **value}
            value = [value]
        value = {'any' if name == '*' else name: value}
        if is_pod and key == 'volumes[]':
            value['containers'] = [{'name': 'beside', 'image': BESIDE}]
    return value


class Sample:
    """A resource made from a row."""

    def __init__(self, row, pods, splits):
        leaf, self.text = make_leaf(row)
        keys, parts = split_path(row.path)
        # Volumes are found beside containers; where a schema has volumes
        # alone, or an incomplete pod spec, they must be found so.
        before = '.'.join(keys).partition('volumes[]')[0]
        is_pod = all((row.group, row.kind, f'.{before}{name}[].image') in pods
                     for name in ('containers', 'ephemeralContainers'))
        self.resource = {
            'apiVersion': f'{row.group}/v1', 'kind': row.kind,
            'metadata': {'name': f'r{row.number}'}, **put(leaf, keys, is_pod)}
        steps = [step for key in keys
                 for step in key.replace('*', 'any').replace('[]', '/0')
                                .split('/')]
        self.fields = {'/'.join(steps)}
        # The image of a map of parts that has no other part.
        if (row.group, row.kind, tuple(keys[:-1])) in splits and not parts:
            self.fields.add('/'.join(steps[:-1]))
        if (row.group, row.kind, row.path.partition('{')[0]) in SEVERAL_IMAGES:
            self.fields = {'/'.join([*steps, parts[0]])}
        # An entry of a kustomization is an image by its newName.
        if row.group == 'kustomize.config.k8s.io':
            self.fields.add('/'.join([*steps, 'newName']))


class CustomResourcesTest(FolderTest):
    """One run over a resource of each row."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.exceptions = read_exceptions()
        cls.list = read_tsv(os.path.join(DATA, 'spec', 'crd-image-paths.tsv'))
        cls.rows = {}
        for number, row in enumerate(cls.list):
            group, kind = translate(row[0])
            cls.rows[f'r{number}'] = Row(
                number, group, kind, is_wanted(row, group, cls.exceptions),
                row[2])
        pods = {(row.group, row.kind, row.path) for row in cls.rows.values()}
        splits = {(row.group, row.kind, tuple(split_path(row.path)[0]))
                  for row in cls.rows.values() if row.path.endswith('}')}
        cls.samples = {name: Sample(row, pods, splits)
                       for name, row in cls.rows.items()}
        with open(cls.path('rows.yaml'), 'w', encoding='utf-8') as file:
            for sample in cls.samples.values():
                file.write('---\n' + json.dumps(sample.resource) + '\n')
        cls.run_once = tool(cls.folder, 'list', '--find', 'all', '-o', 'tsv',
                            'rows.yaml')
        cls.found = collections.defaultdict(list)
        for line in cls.run_once.out.decode().splitlines():
            found = Found(*line.split('\t'))
            if found.reference != BESIDE:
                cls.found[found.name].append(found)

    def setUp(self):
        self.check_sane(self.run_once, 0)

    @staticmethod
    def describe(row, found):
        """A row and what was found of it."""
        return (f'{row.group}/{row.kind} {row.path}: ' +
                (', '.join(f'{one.reference} at {one.field} ({one.image_class})'
                           for one in found) or 'nothing'))

    def is_right(self, name, found):
        """Whether exactly the image of a row was found, in its field."""
        sample, row = self.samples[name], self.rows[name]
        if row.group == 'kustomize.config.k8s.io':
            # Its name is what it replaces.
            found = [one for one in found if not one.field.endswith('/name')]
        return len(found) == 1 and found[0].reference == sample.text \
            and found[0].field in sample.fields

    def test_images(self):
        """Every image is found once, in its field."""
        wrong = [self.describe(row, self.found[name])
                 for name, row in self.rows.items()
                 if row.wanted and not self.is_right(name, self.found[name])]
        self.assertEqual(wrong, [])

    def test_others(self):
        """What is no image is not listed."""
        wrong = [self.describe(row, self.found[name])
                 for name, row in self.rows.items()
                 if not row.wanted and self.found[name]]
        self.assertEqual(wrong, [])

    def test_exceptions(self):
        """The exceptions are of rows that there are, and none is useless."""
        classes, rows = self.exceptions
        known = {row[1] for row in self.list}
        self.assertEqual([one for one in classes if one not in known], [])
        self.assertEqual(sorted(set(rows) - set(self.list)), [])
        self.assertEqual([row for row in rows
                          if row[1] == 'suspect' or row[1] in classes], [])
        for owner, end, _ in SUSPECT_IMAGES:
            self.assertTrue(any(
                row[1] == 'suspect' and row[2].endswith(end)
                and translate(row[0])[0].startswith(owner)
                for row in self.list), end)

    def test_amount(self):
        """A short list would prove little."""
        self.assertGreater(sum(row.wanted for row in self.rows.values()), 1000)


if __name__ == '__main__':
    if DATA and not os.path.exists(
            os.path.join(DATA, 'spec', 'crd-image-paths.tsv')):
        print('skipped: no spec/crd-image-paths.tsv in IMGREWRITE_TEST_DATA',
              file=sys.stderr)
        sys.exit(SKIPPED)
    main()
