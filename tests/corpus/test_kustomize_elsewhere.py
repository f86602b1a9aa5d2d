"""Entries over what is elsewhere: what kustomize makes of all images.

Lists of entries of a HelmRelease and of a Flux Kustomization, by hand and at
random, over images that a chart or a source has, which stay, and over those in
the values of the release, which are rewritten. kustomize applies the lists as
they were, and as they are rewritten: what it makes then must be what the rules
make of what it made before, or, where nothing is moved, the same as before.
"""

import random
import subprocess

import yaml

from corpus import FolderTest, find_peer, main, tool

KUSTOMIZE = find_peer('kustomize')
RULES = ['--prefix=docker.io=m.example.com/hub',
         '--prefix=quay.io=m.example.com/quay']
ASKED = ['--find', 'default,kustomization']
DIGEST = 'sha256:' + '0123456789abcdef' * 4
SEED, RANDOM, MOST_REFUSED = 7000, 40, 4

A, B, X = 'quay.io/a/a', 'quay.io/a/b', 'ghcr.io/x'
IMAGES = (f'{A}:1', f'{B}:1', f'{X}:1', 'nginx', f'{A}:2@{DIGEST}')


def entry(name, new=None, tag=None, digest=None):
    """An entry of `images:`."""
    made = {'name': name, 'newName': new, 'newTag': tag, 'digest': digest}
    return {key: value for key, value in made.items() if value}


# name, the lists, the images in the values, and whether it is warned of
CASES = (
    ('a tag', [[entry(A, tag='3')]], [], False),
    ('a tag, and values', [[entry(A, tag='3')]], [f'{A}:1'], False),
    ('a name', [[entry(A, B)]], [f'{A}:1', f'{B}:1'], False),
    ('a name that stays', [[entry(A, X)]], [f'{A}:1'], False),
    ('a word', [[entry('nginx', A, '4')]], ['nginx:1'], False),
    ('two of one name', [[entry(A, tag='3'), entry(A, tag='4')]], [], False),
    ('the same, and values', [[entry(A, tag='3'), entry(A, tag='4')]],
     [f'{A}:1'], False),
    ('two, the first with a name', [[entry(A, B), entry(A, tag='4')]],
     [f'{A}:1'], False),
    ('two, the last with a name', [[entry(A, tag='4'), entry(A, B)]],
     [f'{A}:1'], False),
    ('two, the first with its own name',
     [[entry(A, A, tag='4'), entry(A, tag='5')]], [], False),
    ('three', [[entry(A, tag='3'), entry(A, digest=DIGEST),
                entry(A, tag='4')]], [], False),
    ('a chain', [[entry(A, B), entry(B, tag='3')]], [], False),
    ('a chain, and values', [[entry(A, B), entry(B, tag='3')]],
     [f'{A}:1', f'{B}:1'], False),
    ('a chain of two lists', [[entry(A, B)], [entry(B, tag='3')]],
     [f'{A}:1'], False),
    ('two lists of one name', [[entry(A, tag='2')], [entry(A, tag='3')]],
     [f'{A}:1'], False),
    ('a name with a tag', [[entry(f'{A}:1', tag='3'), entry(A, tag='4')]],
     [f'{A}:1'], False),
    ('a pattern', [[entry('quay.io/a/.*', tag='3')]], [], True),
    ('a pattern, and values', [[entry('quay.io/a/.*', tag='3')]],
     [f'{A}:1'], True),
    ('a pattern with a name', [[entry('quay.io/a/.*', B)]], [f'{A}:1'],
     False),
    ('a pattern, then what it makes',
     [[entry('quay.io/a/[a]', B), entry(B, tag='3')]], [], False),
    ('a pattern that is a name', [[entry('quay\\.io/a/a', tag='3')]],
     [f'{A}:1'], False),
    ('a pattern for what stays', [[entry('ghcr.io/.*', tag='3')]], [],
     False),
    ('a pattern for all', [[entry('.*', tag='3')]], [f'{A}:1'], True),
    ('a pattern and a name', [[entry(A, tag='3'), entry('quay.io/.*', B)]],
     [f'{A}:1'], False),
)


def choose(choice):
    """Lists of entries at random, with images in values."""
    def one():
        name = choice.choice((A, B, X, 'nginx', A, f'{A}:1'))
        return entry(name,
                     choice.choice((None, None, A, B, X)),
                     choice.choice((None, '3', '4')),
                     choice.choice((None, None, None, DIGEST)))
    lists = [[one() for _ in range(choice.randint(1, 3))]
             for _ in range(choice.randint(1, 2))]
    return lists, choice.sample([image for image in IMAGES if ':' in image],
                                choice.randint(0, 2))


class ElsewhereTest(FolderTest):
    """Each case is a file, and a folder for kustomize."""

    def setUp(self):
        if not KUSTOMIZE:
            self.skipTest('there is no kustomize')

    def dump(self, name, *documents):
        """Writes a file of YAML."""
        self.write(name, yaml.safe_dump_all(documents, sort_keys=False))

    def build(self, folder, lists, images):
        """What kustomize makes of the images with the lists."""
        pods = [{'apiVersion': 'apps/v1', 'kind': 'Deployment',
                 'metadata': {'name': f'd{index}'},
                 'spec': {'template': {'spec': {'containers': [
                     {'name': 'c', 'image': image}]}}}}
                for index, image in enumerate(images)]
        self.dump(f'{folder}/base/all.yaml', *pods)
        self.dump(f'{folder}/base/kustomization.yaml',
                   {'resources': ['all.yaml']})
        below = 'base'
        for number, entries in enumerate(lists):
            self.dump(f'{folder}/{number}/kustomization.yaml',
                       {'resources': [f'../{below}'], 'images': entries})
            below = number
        done = subprocess.run(
            [KUSTOMIZE, 'build', self.path(folder, str(below))],
            timeout=120, capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        made = {one['metadata']['name']: one['spec']['template']['spec']
                ['containers'][0]['image']
                for one in yaml.safe_load_all(done.stdout)}
        return [made[f'd{index}'] for index in range(len(images))]

    def after_rules(self, images):
        """What the rules make of images."""
        run = tool(self.folder, 'resolve', *RULES, *images)
        return dict(zip(images, run.text.split('\n')))

    def rewrite(self, resource, options):
        """The rewritten resource, or None, and the run."""
        self.dump('file/a.yaml', resource)
        run = tool(self.folder, 'rewrite', '-i', *RULES, *options, 'file')
        if run.status == 2:
            return None, run
        self.check_sane(run, 0)
        with open(self.path('file/a.yaml'), encoding='utf-8') as file:
            made = yaml.safe_load(file)
        again = tool(self.folder, 'rewrite', '--check', *RULES, *options,
                     'file')
        self.check_sane(again, 0)
        return made, run

    def compare(self, lists, new_lists, values, new_values, asked, warned):
        """Compares what is made of all images."""
        remote = len(IMAGES)
        old = self.build('old', lists, [*IMAGES, *values])
        new = self.build('new', new_lists, [*IMAGES, *new_values])
        rules = self.after_rules(old)
        for index, image in enumerate([*IMAGES, *values]):
            may = {rules[old[index]]}
            if index < remote and (old[index] == image or not asked
                                   or warned):
                may.add(old[index])
            if not asked and (index < remote
                              or new_values[index - remote] == image):
                may = {old[index]}
            self.assertIn(new[index], may,
                          (image, lists, new_lists, values, new_values))

    def check_release(self, lists, values, options, warned):
        """A HelmRelease; False where it is refused."""
        resource = {
            'apiVersion': 'helm.toolkit.fluxcd.io/v2', 'kind': 'HelmRelease',
            'metadata': {'name': 'a'},
            'spec': {'values': {f'v{index}': {'image': image}
                                for index, image in enumerate(values)},
                     'postRenderers': [{'kustomize': {'images': entries}}
                                       for entries in lists]}}
        made, run = self.rewrite(resource, options)
        if made is None:
            return False
        self.assertEqual(bool(run.of('warning')), warned and bool(options),
                         run.err)
        self.compare(
            lists, [one['kustomize']['images']
                    for one in made['spec']['postRenderers']], values,
            [made['spec']['values'][f'v{index}']['image']
             for index in range(len(values))], bool(options), warned)
        return True

    def check_source(self, entries, warned):
        """A Kustomization of Flux; False where it is refused."""
        resource = {
            'apiVersion': 'kustomize.toolkit.fluxcd.io/v1',
            'kind': 'Kustomization', 'metadata': {'name': 'a'},
            'spec': {'path': '.', 'images': entries}}
        made, run = self.rewrite(resource, ASKED)
        if made is None:
            return False
        self.assertEqual(bool(run.of('warning')), warned, run.err)
        self.compare([entries], [made['spec']['images']], [], [], True, warned)
        return True

    def check_overlay(self, entries, images, warned):
        """A kustomization over something elsewhere; False: it is refused."""
        self.dump('tree/base/kustomization.yaml', {})
        self.dump('tree/over/kustomization.yaml',
                   {'resources': ['../base', 'own.yaml'], 'images': entries})
        self.dump('tree/over/own.yaml', *(
            {'apiVersion': 'v1', 'kind': 'Pod',
             'metadata': {'name': f'p{index}'},
             'spec': {'containers': [{'name': 'c', 'image': image}]}}
            for index, image in enumerate(images)))
        run = tool(self.folder, 'rewrite', '-i', *RULES, 'tree/over')
        if run.status == 2:
            return False
        self.check_sane(run, 0)
        self.assertEqual(len(run.of('warning')) > 1, warned, run.err)
        with open(self.path('tree/over/own.yaml'), encoding='utf-8') as file:
            own = [one['spec']['containers'][0]['image']
                   for one in yaml.safe_load_all(file) if one]
        with open(self.path('tree/over/kustomization.yaml'),
                  encoding='utf-8') as file:
            made = yaml.safe_load(file)['images']
        self.compare([entries], [made], images, own, True, warned)
        return True

    def test_cases(self):
        """None of them is refused."""
        for name, lists, values, warned in CASES:
            for options in ([], ASKED):
                with self.subTest(name=name, options=options):
                    self.assertTrue(self.check_release(lists, values, options,
                                                       warned))
            with self.subTest(name=name, kind='Kustomization'):
                self.assertTrue(self.check_source(lists[0], warned))
            with self.subTest(name=name, kind='overlay'):
                self.assertTrue(self.check_overlay(lists[0], values, warned))

    def test_random(self):
        """Few of them are."""
        refused = 0
        for seed in range(SEED, SEED + RANDOM):
            lists, values = choose(random.Random(seed))
            for options in ([], ASKED):
                with self.subTest(seed=seed, options=options):
                    refused += not self.check_release(lists, values, options,
                                                      False)
            with self.subTest(seed=seed, kind='Kustomization'):
                refused += not self.check_source(lists[0], False)
            with self.subTest(seed=seed, kind='overlay'):
                refused += not self.check_overlay(lists[0], values, False)
        print(f'{refused} of {4 * RANDOM} are refused')
        self.assertLessEqual(refused, MOST_REFUSED)


if __name__ == '__main__':
    main(needs_data=False)
