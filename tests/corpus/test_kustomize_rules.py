"""A kustomization as rules: what `--rules` takes from it, kustomize does.

Five hundred cases, made up at random with a fixed seed. Each is a folder with
workloads and a kustomization.yaml, and that very file is given to --rules. A
kustomization over folders builds each of them on its own, so that kustomize is
run once for many cases; names of workloads begin with that of their case.

What this library does otherwise, and says so, is kept out:

- Names are normalised here and regular expressions there. So each image has one
  name, written in full wherever it occurs, in lower case and without a port of
  443; and no name is another one with a dot for some character.
- tagSuffix is applied once here and twice there, as long as the entry's name
  still matches. So it comes with a newName that leads away from it.
- What sets nothing is only warned of, and a result that is no reference is an
  error here. So suffixes begin with what a tag may begin with, for an image
  without a tag gets the suffix alone.
- At most eight rules take part in one image. So there are no more entries.
"""

import json
import random
import subprocess

from corpus import FolderTest, find_peer, main, tool

KUSTOMIZE = find_peer('kustomize')
CASES = 500
BATCH = 50
SEED = 11

NAMES = ('docker.io/library/nginx', 'docker.io/acme/api', 'quay.io/acme/api',
         'ghcr.io/acme/web/front', 'localhost:5000/nginx',
         'registry.example.com:5000/a/b', '10.0.0.1:8080/x__y/z--1',
         'gcr.io/acme/tool-1_x', 'registry.k8s.io/pause')
TAGS = ('1', '1.25', 'v2.0.1-alpine', 'latest', '2024-11-17T19-35-25Z', '0x10',
        'true', '1e3', '007')
SUFFIXES = ('_fips', 'x86', '__-.')
DIGESTS = tuple('sha256:' + digits * 16 for digits in ('06b5', '0123', 'f26f'))

POD, TEMPLATE, CRON = 'spec:', 'spec:template:spec:', \
    'spec:jobTemplate:spec:template:spec:'
KINDS = (('apps/v1', 'Deployment', TEMPLATE), ('v1', 'Pod', POD),
         ('apps/v1', 'StatefulSet', TEMPLATE), ('batch/v1', 'CronJob', CRON),
         ('apps/v1', 'DaemonSet', TEMPLATE), ('batch/v1', 'Job', TEMPLATE))


def make_tail(choice, tagged=0.6, pinned=0.3):
    """A tag, a digest, both or neither, with the marks before them."""
    tag = ':' + choice.choice(TAGS) if choice.random() < tagged else ''
    digest = '@' + choice.choice(DIGESTS) if choice.random() < pinned else ''
    return tag + digest


def make_image(choice, names):
    """A reference."""
    return choice.choice(names) + make_tail(choice)


def make_entry(choice, names):
    """An entry of `images:`, which sets one thing at least."""
    entry = {'name': choice.choice(names)}
    if choice.random() < 0.25:
        entry['name'] += make_tail(choice)
    if choice.random() < 0.6:
        entry['newName'] = choice.choice(names + ['r.example.com/hub/nginx'])
    if choice.random() < 0.4:
        entry['newTag'] = choice.choice(TAGS)
    if choice.random() < 0.3:
        entry['digest'] = choice.choice(DIGESTS)
    leads_away = entry.get('newName', entry['name']) not in entry['name']
    if leads_away and choice.random() < 0.4:
        entry['tagSuffix'] = choice.choice(SUFFIXES)
    if len(entry) == 1:
        return make_entry(choice, names)
    for key in ('newName', 'newTag', 'digest', 'tagSuffix'):
        if choice.random() < 0.05:
            entry.setdefault(key, choice.choice(('', None)))
    return dict(choice.sample(sorted(entry.items()), len(entry)))


def format_entries(choice, entries):
    """The list in YAML, in one of the ways that people write it."""
    if choice.random() < 0.3:
        return 'images: ' + json.dumps(entries) + '\n'
    lines = ['images:']
    for entry in entries:
        mark = '- '
        for key, value in entry.items():
            quote = choice.choice('\'"')
            plain = value is None or (value and key in ('name', 'newName')
                                      and choice.random() < 0.7)
            text = str(value or '') if plain else f'{quote}{value}{quote}'
            lines.append(f'{mark}{key}: {text}'.rstrip())
            mark = '  '
    return '\n'.join(lines) + '\n'


def format_kustomization(choice, entries):
    """The whole file; what is no image may stand before it and after."""
    head = ('apiVersion: kustomize.config.k8s.io/v1beta1\n'
            'kind: Kustomization\n' if choice.random() < 0.8 else '')
    parts = [format_entries(choice, entries), 'resources: [app.yaml]\n']
    if choice.random() < 0.3:
        parts.append('commonAnnotations: {team: web}  # no image\n')
    choice.shuffle(parts)
    return head + ''.join(parts)


def format_workload(choice, name, names):
    """A workload of some kind, and its images, which have these names."""
    version, kind, path = choice.choice(KINDS)
    lines = [f'apiVersion: {version}', f'kind: {kind}', 'metadata:',
             f'  name: {name}']
    keys = path.rstrip(':').split(':')
    lines += ['  ' * depth + key + ':' for depth, key in enumerate(keys)]
    indent = '  ' * len(keys)
    images = []
    for containers in choice.choice((('containers',),
                                     ('initContainers', 'containers'))):
        lines.append(f'{indent}{containers}:')
        for number in range(choice.randint(1, 3)):
            images.append(make_image(choice, names))
            text = choice.choice(('{}', '"{}"', "'{}'")).format(images[-1])
            lines += [f'{indent}- name: {containers.lower()}-{number}',
                      f'{indent}  image: {text}']
    return '\n'.join(lines) + '\n', images


class KustomizeRulesTest(FolderTest):
    """All cases are made first, then built in batches."""

    def setUp(self):
        if not KUSTOMIZE:
            self.skipTest('there is no kustomize')

    def make_case(self, choice, number):
        """The files of a case; returns its images. It is about a few names
        only, so that entries meet images and each other."""
        images, texts = [], []
        names = choice.sample(NAMES, 4)
        for index in range(choice.randint(1, 3)):
            text, found = format_workload(choice, f'case-{number}-{index}',
                                          names)
            texts.append(text)
            images += found
        entries = [make_entry(choice, names)
                   for _ in range(choice.randint(1, 8))]
        self.write(f'cases/{number}/app.yaml', '---\n'.join(texts))
        self.write(f'cases/{number}/kustomization.yaml',
                   format_kustomization(choice, entries))
        return images

    def build(self, start):
        """What kustomize makes of the cases of a batch."""
        folders = [f'../../cases/{number}'
                   for number in range(start, start + BATCH)]
        self.write(f'batches/{start}/kustomization.yaml',
                   json.dumps({'resources': folders}))
        done = subprocess.run(
            [KUSTOMIZE, 'build', self.path('batches', str(start))],
            timeout=120, capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.write(f'theirs/{start}.yaml', done.stdout)

    def rewrite(self, number):
        """What the tool makes of a case."""
        case = f'cases/{number}/'
        run = tool(self.folder, 'rewrite', '-q', '--rules',
                   case + 'kustomization.yaml', case + 'app.yaml')
        self.check_sane(run, 0)
        self.write(f'ours/{number}.yaml', run.out)

    def images(self, *paths):
        """The images of files or folders, by workload and field."""
        run = tool(self.folder, 'list', '-o', 'json', *paths)
        self.check_sane(run, 0)
        return {(image['name'], image['kind'], image['field']): image['old']
                for image in json.loads(run.out)}

    def kustomization(self, number):
        """The rules of a case, for messages."""
        with open(self.path('cases', str(number), 'kustomization.yaml'),
                  encoding='utf-8') as file:
            return file.read()

    def compare(self, before):
        """Image by image. Returns how many change."""
        ours, theirs = self.images('ours'), self.images('theirs')
        self.assertEqual(ours.keys(), before.keys())
        self.assertEqual(theirs.keys(), before.keys())
        for key, image in ours.items():
            if image != theirs[key]:
                number = key[0].split('-')[1]
                with self.subTest(key=key, before=before[key]):
                    self.assertEqual(image, theirs[key],
                                     self.kustomization(number))
        return sum(ours[key] != old for key, old in before.items())

    def test_cases(self):
        """Five hundred of them; a third of the images changes, at least."""
        choice = random.Random(SEED)
        images = [image for number in range(CASES)
                  for image in self.make_case(choice, number)]
        for start in range(0, CASES, BATCH):
            self.build(start)
        for number in range(CASES):
            with self.subTest(kustomization=self.kustomization(number)):
                self.rewrite(number)
        before = self.images(*(f'cases/{number}/app.yaml'
                               for number in range(CASES)))
        self.assertEqual(sorted(before.values()), sorted(images))
        changed = self.compare(before)
        print(f'{CASES} cases, {len(images)} images, {changed} changed')
        self.assertGreater(changed, len(images) // 3)


if __name__ == '__main__':
    main(needs_data=False)
