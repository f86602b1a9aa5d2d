"""Overrides next to kustomize: the same entries, the same images.

The cases are made up at random with a fixed seed. Names are those that images
are written with, in full, for kustomize compares texts and takes names for
regular expressions; the deliberate differences are tests/api's matter.
"""

import json
import os
import random
import subprocess

from corpus import FolderTest, find_peer, main, tool

KUSTOMIZE = find_peer('kustomize')
CASES = 80
SEED = 5

NAMES = ('nginx', 'acme/api', 'quay.io/acme/api', 'ghcr.io/acme/web/front',
         'localhost:5000/nginx', 'registry.example.com:5000/a/b', 'redis',
         'docker.io/library/postgres', 'gcr.io/acme/tool-1_x')
TAGS = ('1', '1.25', 'v2.0.1-alpine', 'latest', '2024-11-17T19-35-25Z')
NEW_NAMES = NAMES + ('r.example.com/hub/nginx', 'moved', 'r.io:443/x')


def digest(choice):
    """A digest like no other."""
    return 'sha256:' + ''.join(choice.choices('0123456789abcdef', k=64))


def make_image(choice):
    """A reference with a tag, a digest, both or neither."""
    image = choice.choice(NAMES)
    if choice.random() < 0.6:
        image += ':' + choice.choice(TAGS)
    if choice.random() < 0.3:
        image += '@' + digest(choice)
    return image


def make_entry(choice):
    """An entry of `images:`, which sets one thing at least."""
    while True:
        entry = {'name': choice.choice(NAMES)}
        if choice.random() < 0.6:
            entry['newName'] = choice.choice(NEW_NAMES)
        if choice.random() < 0.5:
            entry['newTag'] = choice.choice(TAGS)
        if choice.random() < 0.3:
            entry['digest'] = digest(choice)
        if len(entry) > 1:
            return entry


def format_option(entry):
    """The entry in the grammar of `kustomize edit set image`."""
    text = entry['name']
    if 'newName' in entry:
        text += '=' + entry['newName']
    if 'newTag' in entry:
        text += ':' + entry['newTag']
    if 'digest' in entry:
        text += '@' + entry['digest']
    return f'--image={text}'


def format_containers(choice, images):
    """Containers in YAML, the images in every style."""
    styles = ('{}', '"{}"', "'{}'", '>-\n          {}', '|-\n          {}')
    return ''.join(
        f'      - name: c{index}\n'
        f'        image: {choice.choice(styles).format(image)}\n'
        for index, image in enumerate(images))


def make_deployment(choice):
    """A Deployment with containers of both kinds."""
    images = [make_image(choice) for _ in range(choice.randint(2, 8))]
    split = choice.randint(1, len(images) - 1)
    return ('apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n'
            'spec:\n  template:\n    spec:\n      initContainers:\n'
            + format_containers(choice, images[:split])
            + '      containers:\n'
            + format_containers(choice, images[split:]))


class KustomizeTest(FolderTest):
    """Each case is a folder with a Deployment and a kustomization."""

    def setUp(self):
        if not KUSTOMIZE:
            self.skipTest('there is no kustomize')

    def build(self, folder, entries):
        """What kustomize makes of the folder."""
        with open(os.path.join(folder, 'kustomization.yaml'), 'w',
                  encoding='utf-8') as file:
            json.dump({'apiVersion': 'kustomize.config.k8s.io/v1beta1',
                       'kind': 'Kustomization', 'images': entries,
                       'resources': ['deployment.yaml']}, file)
        done = subprocess.run([KUSTOMIZE, 'build', folder], timeout=60,
                              capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def images(self, folder, name, data):
        """The images of a manifest by their fields."""
        with open(os.path.join(folder, name), 'wb') as file:
            file.write(data)
        run = tool(folder, 'list', '-o', 'json', name)
        self.check_sane(run, 0)
        return {image['field']: image['old'] for image in json.loads(run.out)}

    def compare(self, folder, deployment, entries):
        """One case."""
        os.makedirs(folder)
        with open(os.path.join(folder, 'deployment.yaml'), 'w',
                  encoding='utf-8') as file:
            file.write(deployment)
        run = tool(folder, 'rewrite', '-q', *map(format_option, entries),
                   'deployment.yaml')
        self.check_sane(run, 0)
        theirs = self.images(folder, 'theirs.yaml',
                             self.build(folder, entries))
        self.assertEqual(self.images(folder, 'ours.yaml', run.out), theirs)
        before = self.images(folder, 'before.yaml', deployment.encode())
        return before != theirs

    def test_cases(self):
        """Eighty of them; most change something."""
        choice = random.Random(SEED)
        changed = 0
        for number in range(CASES):
            deployment = make_deployment(choice)
            entries = [make_entry(choice)
                       for _ in range(choice.randint(1, 5))]
            with self.subTest(number=number, entries=entries):
                changed += self.compare(self.path(f'case-{number}'),
                                        deployment, entries)
        self.assertGreater(changed, CASES // 2)


if __name__ == '__main__':
    main(needs_data=False)
