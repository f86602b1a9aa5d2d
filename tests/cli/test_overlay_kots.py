"""Overlays next to those of KOTS: the rows of fixtures/kots about them.

Each row has what KOTS does, what has to be done here and, where that differs, a
reason; the reasons are listed here. The trees are read with a reader
that knows their lines and no more. Where kustomize is there, what it builds is
compared as well.
"""

import collections
import copy
import json
import os
import re
import subprocess
import sys

from support import ROOT, ToolTest, main, pod

sys.path.append(os.path.join(ROOT, 'tests', 'corpus'))

from corpus import find_peer  # noqa: E402

KUSTOMIZE = find_peer('kustomize')
TABLES = os.path.join(ROOT, 'fixtures', 'kots')

MIDSTREAM = 'overlays/midstream/kustomization.yaml'
DOWNSTREAM = 'overlays/downstreams/this-cluster/kustomization.yaml'
SECRET = 'overlays/midstream/secret.yaml'
FAILS = '(an error)'
NOTHING = '-'

Patch = collections.namedtuple('Patch', 'target operations')


def read_table(name):
    """The rows of a table, each by the names of its columns."""
    with open(os.path.join(TABLES, name), encoding='utf-8') as file:
        lines = file.read().splitlines()
    names = [line for line in lines if line.startswith('#')][-1]
    names = names.removeprefix('# ').split('\t')
    for line in lines:
        if not line.startswith('#'):
            values = line.split('\t')
            yield dict(zip(names, values + [''] * (len(names) - len(values))))


def read_reasons():
    """The reasons that the README explains."""
    with open(os.path.join(TABLES, 'README.md'), encoding='utf-8') as file:
        return set(re.findall(r'^- \*\*(.*?)\*\*:', file.read(), re.M))


def scalar(text):
    """A value of one line, without its quotes."""
    return json.loads(text) if text.startswith('"') else text


def pairs(text):
    """What stands between braces, or after a dash on one line."""
    return {key: scalar(value) for key, value in
            (pair.split(': ', 1) for pair in text.strip('{}').split(', '))}


class Kustomization:
    """The keys of a kustomization, and the lines below each."""

    def __init__(self, text):
        self.lines = {}
        for line in text.splitlines():
            if line[:1].isalpha():
                key, value = line.split(':', 1)
                below = self.lines[key] = [value.strip()] if value else []
            elif line and not line.startswith('#'):
                below.append(line)

    def items(self, key):
        """The items of a list, each with its lines."""
        items = []
        for line in self.lines.get(key, []):
            if line.startswith('['):
                items += [[item] for item in
                          re.findall(r'\{.*?\}|[^][, ]+', line)]
            elif line.startswith('- '):
                items.append([line[2:]])
            else:
                items[-1].append(line[2:])
        return items

    def images(self):
        """The entries of images, each as name=newName, with what else is."""
        for item in self.items('images'):
            entry = {}
            for line in item:
                entry.update(pairs(line))
            yield '='.join(entry.values())

    def patches(self):
        """The patches that stand in the file."""
        for item in self.items('patches'):
            if item[0] == 'target:':
                at = item.index('patch: |-')
                target = pairs(', '.join(line.strip() for line in item[1:at]))
                yield Patch({key: re.sub(r'\\(.)', r'\1', value)
                             for key, value in target.items()},
                            read_operations(item[at + 1:]))

    def value(self, key):
        """What a key has, in the words of the tables."""
        if key not in self.lines:
            return NOTHING
        if not self.lines[key]:
            return '(empty)'
        if key == 'images':
            return ' '.join(self.images())
        if not self.lines[key][0].startswith(('-', '[')):
            return ' '.join(self.lines[key]).strip('{}')
        return ' '.join('(inline)' if item[0] == 'target:' else
                        scalar(item[0].removeprefix('path: '))
                        for item in self.items(key))


def read_operations(lines):
    """The operations of a JSON patch."""
    operations = []
    for line in lines:
        key, value = line.strip(' -').split(': ', 1)
        if key == 'op':
            operations.append({})
        operations[-1][key] = value if key == 'op' else json.loads(value)
    return operations


def apply(operation, thing):
    """Does what an operation says to a list or map; pointers hold no ~."""
    *way, last = operation['path'].split('/')[1:]
    for key in way:
        thing = thing[int(key) if isinstance(thing, list) else key]
    if not isinstance(thing, list):
        thing[last] = operation['value']
    elif last == '-':
        thing.append(operation['value'])
    else:
        thing[int(last)] = operation['value']


def is_target(target, manifest):
    """Whether a patch is for a manifest."""
    group, _, version = manifest['apiVersion'].rpartition('/')
    metadata = manifest['metadata']
    is_of = {'group': group, 'version': version, 'kind': manifest['kind'],
             'name': metadata.get('name'),
             'namespace': metadata.get('namespace', 'default')}
    return all(is_of[key] == value for key, value in target.items())


def find_secrets(thing):
    """The lists of pull secrets in a manifest, as the tables have them."""
    if isinstance(thing, list):
        return [found for item in thing for found in find_secrets(item)]
    if not isinstance(thing, dict):
        return []
    found = [f'[{", ".join(secret["name"] for secret in value)}]'
             for key, value in thing.items() if key == 'imagePullSecrets']
    return found + find_secrets(list(thing.values()))


def read_secrets(text):
    """The same, of what kustomize prints."""
    lists = re.findall(r'^ *imagePullSecrets:\n((?: *- name: \S+\n)+)', text,
                       re.M)
    return [f'[{", ".join(re.findall(r"name: (.*)", one))}]' for one in lists]


def read_manifests(text):
    """The JSON values of a text, one after the other."""
    decoder, manifests = json.JSONDecoder(), []
    while text:
        manifest, end = decoder.raw_decode(text)
        manifests.append(manifest)
        text = text[end:].lstrip()
    return manifests


def rename(entries, image):
    """What entries make of an image; none is the next one's input here."""
    for entry in entries.split():
        name, new_name = entry.split('=')
        rest = image.removeprefix(name)
        if rest != image and rest[:1] in ('', ':', '@'):
            return new_name + rest
    return image


class KotsTest(ToolTest):
    """Each row is a run, or two, in a folder that is made anew."""

    def run_table(self, name, check):
        """Checks the rows of a table, each with an empty folder."""
        for row in read_table(name):
            with self.subTest(id=row['id']):
                self.assertEqual(row['KOTS'] == row['here'],
                                 not row['reason'])
                self.doCleanups()
                self.setUp()
                check(row)

    def overlay(self, row, *args, app='my-app', rules='', **options):
        """A run into `tree`; True where the row wants more than an error."""
        fails = row['here'].startswith(FAILS)
        run = self.tool('overlay', f'--app={app}', '-O', 'tree', '--preset',
                        f'replicated:app={app},only=private{rules}', *args,
                        'in', status=2 if fails else 0, **options)
        if fails:
            self.assertIn(row['here'].removeprefix(FAILS).strip(),
                          run.of('error')[0].text)
            self.assertFalse(os.path.exists(self.path('tree')))
        return not fails

    def write_known(self, images):
        """The records of what is private, in the shape of KOTS."""
        known = [{'image': image, 'isPrivate': private}
                 for image, private in images.items()]
        self.write('known.yaml', json.dumps(
            {'apiVersion': 'kots.io/v1beta1', 'kind': 'Installation',
             'spec': {'knownImages': known}}))

    def kustomization(self, name=MIDSTREAM):
        """A file of the tree."""
        return Kustomization(self.read('tree', name).decode())

    def build(self):
        """What kustomize makes of the tree; None where it is not there."""
        if not KUSTOMIZE:
            return None
        done = subprocess.run(
            [KUSTOMIZE, 'build',
             self.path('tree', os.path.dirname(DOWNSTREAM))],
            capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    # ---- images ------------------------------------------------------

    def check_entries(self, row):
        """What of `images:` the private and public images of a row give."""
        private, public = row['private'].split(), row['public'].split()
        images = private + public + row['unknown'].split()
        self.write('in/pod.yaml', pod(*images))
        self.write_known({image: image in private
                          for image in private + public})
        rules = ',' + row['preset'] if row['preset'] else ''
        if not self.overlay(row, '--known-images=known.yaml', app=row['slug'],
                            rules=rules):
            return
        entries = ' '.join(self.kustomization().images())
        self.assertEqual(entries or NOTHING, row['here'])
        text = self.build()
        if text is not None:
            self.assertEqual(re.findall('image: (.*)', text),
                             [rename(entries, image) for image in images])

    def test_entries(self):
        """Which names are renamed, and to what."""
        self.run_table('entries.tsv', self.check_entries)

    # ---- kustomizations ----------------------------------------------

    def write_input(self, run):
        """The manifests of a run: with images, without, or one twice."""
        self.write('auth.yaml', 'endpoint: proxy.replicated.com\n'
                                'username: LICENSE_ID\npassword: abc\n')
        service = 'apiVersion: v1\nkind: Service\nmetadata: {name: s}\n'
        inputs = {
            'images': {'web.yaml': pod('quay.io/o/app:1'),
                       'charts/db/db.yaml': service.replace('s}', 'db}'),
                       'service.yaml': service},
            'none': {'service.yaml': service, 'web.yaml': None,
                     'charts/db/db.yaml': None},
            'twice': {'a.yaml': service, 'z.yaml': service},
        }
        for name, text in inputs[run].items():
            if text:
                self.write('in/' + name, text)
            elif os.path.exists(self.path('in', name)):
                os.remove(self.path('in', name))

    def run_input(self, row, run):
        """A run with credentials."""
        self.write_input(run)
        return self.overlay(row, '--private=quay.io/o',
                            '--registry-auth=auth.yaml')

    def check_kustomization(self, row):
        """What one holds under one key."""
        if self.run_input(row, row['run']):
            self.assertEqual(self.kustomization(row['file']).value(row['key']),
                             row['here'])

    def test_kustomizations(self):
        """What each holds."""
        self.run_table('kustomizations.tsv', self.check_kustomization)

    # ---- pull secrets ------------------------------------------------

    def check_where(self, row, manifests):
        """The aspect of the patches that a row is about."""
        patches = list(self.kustomization().patches())
        self.assertLessEqual(len(patches), len(manifests))
        if row['what'] == 'path':
            return ' '.join(one['path'] for patch in patches
                            for one in patch.operations)
        if row['what'] == 'target':
            return ' '.join('{kind} {namespace}/{name}'.format(**patch.target)
                            for patch in patches)
        if row['what'] == 'labels':
            return ' '.join(patch.target.get('labelSelector', '')
                            for patch in patches)
        if row['what'] == 'secret':
            names = re.findall('^  name(?:space)?: (.*)',
                               self.read('tree', SECRET).decode(), re.M)
            return '/'.join(reversed(names))
        for patch in patches:
            mine = [one for one in manifests if is_target(patch.target, one)]
            self.assertEqual(len(mine), 1, patch.target)
            for operation in patch.operations:
                apply(operation, mine[0])
        return ' '.join(find_secrets(manifests))

    def check_secrets(self, row):
        """Where the pull secret goes."""
        manifests = read_manifests(row['manifests'])
        for index, manifest in enumerate(manifests):
            self.write(f'in/{index}.json', json.dumps(manifest))
        self.write_input('none')
        self.write_known({'busybox:1': False})
        if not self.overlay(row, '--known-images=known.yaml',
                            '--unknown=private', '--registry-auth=auth.yaml',
                            '--pull-secret=app', '--namespace=app-namespace'):
            return
        self.assertEqual(self.check_where(row, copy.deepcopy(manifests))
                         or NOTHING, row['here'])
        text = self.build() if row['what'] == 'result' else None
        if text is not None:
            self.assertEqual(' '.join(read_secrets(text)), row['here'])

    def test_secrets(self):
        """Paths, targets, and lists that are there."""
        self.run_table('pull-secrets.tsv', self.check_secrets)

    # ---- running again -----------------------------------------------

    def add(self, place, text):
        """Adds a text as a user would: to a list, a file, or as a file."""
        mark = f'# end imgrewrite {place}\n'
        name = {'downstream': DOWNSTREAM, 'end': MIDSTREAM}.get(place, place)
        name = name if '.' in name else MIDSTREAM
        path = self.path('tree', name)
        old = self.read(path).decode() if os.path.exists(path) else ''
        mode = os.stat(path).st_mode & 0o777 if old else 0o644
        if mark in old:
            self.write(path, old.replace(mark, f'{mark}{text}\n'), mode)
        else:
            self.write(path, f'{old}{text}\n', mode)

    def check_again(self, row):
        """A run, a change, and a run."""
        self.run_input(row, 'images')
        self.add(row['add to'], row['text'])
        self.run_input(row, row['run'])
        if row['key'] == '(text)':
            kept = row['text'] in self.read('tree', row['file']).decode()
            self.assertEqual('kept' if kept else NOTHING, row['here'])
        else:
            self.assertEqual(self.kustomization(row['file']).value(row['key']),
                             row['here'])

    def test_again(self):
        """What stays of what users add."""
        self.run_table('again.tsv', self.check_again)

    def test_downstream_is_last(self):
        """Its entries see the names that the midstream has made (6.34)."""
        row = {'here': ''}
        self.run_input(row, 'images')
        self.add('downstream', 'images: [{name: proxy.replicated.com/proxy/'
                               'my-app/quay.io/o/app, newTag: "2"}]')
        text = self.build()
        if text is None:
            self.skipTest('kustomize is not there')
        self.assertIn('image: proxy.replicated.com/proxy/my-app/quay.io/o/app:2'
                      '\n', text)

    def test_reasons(self):
        """Every reason is explained, and every explanation is needed."""
        used = {row['reason'] for name in os.listdir(TABLES)
                if name.endswith('.tsv') for row in read_table(name)}
        self.assertEqual(used - {''}, read_reasons())


if __name__ == '__main__':
    main()
