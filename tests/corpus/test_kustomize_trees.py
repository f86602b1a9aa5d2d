"""Trees of kustomizations: what kustomize builds, before and after.

The trees are made up at random with a fixed seed: bases, overlays and
components, with `images:` in every layer, words instead of images, names that
are patterns, and patches. For each kustomization of a tree, kustomize builds
the tree as it was, and that is rewritten as one manifest; it builds the
rewritten tree as well; the two must be the same. Or else the run is refused,
with two places, and the tree has something in it that cannot be followed.
"""

import os
import random
import shutil
import unittest

import yaml

from built_trees import KUSTOMIZE, RULES, BuiltTreesTest, build, objects
from corpus import CorpusTest, DATA, main, tool

TREES = 200
FEWEST_EQUAL = 180
SEED = 1000
ELSEWHERE = 15  # overlays without their bases
BATCH = 10  # trees that are built in one go

NAMES = ('nginx', 'redis', 'quay.io/acme/api', 'quay.io/acme/web',
         'ghcr.io/acme/tool', 'ghcr.io/other/tool', 'acme/worker',
         'localhost:5000/x')
SPELLINGS = ('docker.io/nginx', 'docker.io/library/nginx')
WORDS = ('controller', 'app-image')
TAGS = ('1', '1.25', 'v2.0.1', 'latest')
PATTERNS = ('.*/nginx', 'quay.io/acme/.*', '(api|web)', 'nginx|redis',
            'quay.io/(acme|other)/api', r'ghcr\.io/acme/tool', '.*')
DIGEST = 'sha256:' + '0123456789abcdef' * 4


class Tree:
    """A tree that is made up: its files, and which folders are built."""

    def __init__(self, choice):
        self.choice = choice
        self.files = {}
        self.builds = []
        self.used = []  # names in resources and entries so far
        self.count = 0
        # Where a tree has several spellings of one image, an entry may tell
        # apart what the rules make one; that is refused.
        self.names = NAMES + (SPELLINGS if choice.random() < 0.1 else ())

    def image(self):
        """An image as it stands in a resource."""
        choice = self.choice
        name = choice.choice(WORDS if choice.random() < 0.15
                             else self.names)
        self.used.append(name)
        if choice.random() < 0.75:
            name += ':' + choice.choice(TAGS)
        if choice.random() < 0.1:
            name += '@' + DIGEST
        return name

    def entry(self):
        """An entry of `images:`, mostly for an image that is there."""
        choice = self.choice
        name = choice.choice(self.used if choice.random() < 0.85 and self.used
                             else self.names + WORDS)
        if choice.random() < 0.06:
            name = choice.choice(PATTERNS)
        if choice.random() < 0.05:
            name += ':' + choice.choice(TAGS)
        entry = {'name': name}
        if name in WORDS or choice.random() < 0.35:
            entry['newName'] = choice.choice(self.names)
            self.used.append(entry['newName'])
        if choice.random() < 0.5:
            entry['newTag'] = choice.choice(TAGS)
        if choice.random() < 0.1:
            entry['digest'] = DIGEST
        if choice.random() < 0.05:
            entry['tagSuffix'] = '-alpine'
        return entry

    def resource(self, kind=None):
        """A resource with containers."""
        choice = self.choice
        self.count += 1
        kind = kind or choice.choice(('Deployment', 'Deployment', 'CronJob',
                                      'Pod', 'Widget'))
        name = f'r{self.count}'
        pod = {'containers': [{'name': f'c{i}', 'image': self.image()}
                              for i in range(choice.randint(1, 3))]}
        if choice.random() < 0.3:
            pod['initContainers'] = [{'name': 'i', 'image': self.image()}]
        if choice.random() < 0.2:
            pod['containers'][0]['env'] = [
                {'name': 'RELATED_IMAGE_X', 'value': 'quay.io/acme/env:1'}]
        version, spec = {
            'Deployment': ('apps/v1', {'template': {'spec': pod}}),
            'CronJob': ('batch/v1', {'jobTemplate': {'spec': {
                'template': {'spec': pod}}}}),
            'Pod': ('v1', pod),
            'Widget': ('example.com/v1', {'deep': [{'pod': pod}]}),
        }[kind]
        return {'apiVersion': version, 'kind': kind,
                'metadata': {'name': name}, 'spec': spec}

    def write(self, path, *documents):
        """A file of documents, in one of two styles."""
        flow = False if self.choice.random() < 0.7 else None
        self.files[path] = '---\n'.join(
            yaml.safe_dump(one, default_flow_style=flow, sort_keys=False)
            for one in documents)

    def add_patches(self, folder, top, targets):
        """Patches of the resources in `targets`, in all their forms."""
        choice = self.choice
        deployments = [one for one in targets if one['kind'] == 'Deployment']
        if not deployments or choice.random() > 0.35:
            return
        target = choice.choice(deployments)
        name = target['metadata']['name']
        image = self.image()
        merged = {'apiVersion': 'apps/v1', 'kind': 'Deployment',
                  'metadata': {'name': name}, 'spec': {'template': {'spec': {
                      'containers': [{'name': 'c0', 'image': image}]}}}}
        operations = [{'op': 'replace', 'value': image,
                       'path': '/spec/template/spec/containers/0/image'}]
        which = {'kind': 'Deployment', 'name': name}
        form = choice.randint(0, 5)
        self.count += 1
        path = f'patch-{self.count}.yaml'
        if form in (0, 4):
            self.files[f'{folder}/{path}'] = yaml.safe_dump(merged)
        if form == 1:
            self.files[f'{folder}/{path}'] = yaml.safe_dump(operations)
        if form == 0:
            top['patches'] = [{'path': path}]
        elif form == 1:
            top['patches'] = [{'path': path, 'target': which}]
        elif form == 2:
            top['patches'] = [{'patch': yaml.safe_dump(merged)}]
        elif form == 3:
            top['patches'] = [{'patch': yaml.safe_dump(operations),
                               'target': which}]
        elif form == 4:
            top['patchesStrategicMerge'] = [path]
        else:
            top['patchesJson6902'] = [{'patch': yaml.safe_dump(operations),
                                       'target': {**which, 'group': 'apps',
                                                  'version': 'v1'}}]

    def add_replacement(self, top, targets):
        """A replacement: of an image by another, or of what is none."""
        pods = [one for one in targets if one['kind'] == 'Pod']
        # a source of its own, so that all other trees stay what they were
        choice = random.Random(str(targets))
        if len(pods) < 2 or choice.random() < 0.5:
            return
        one, other = (pod['metadata']['name'] for pod in choice.sample(pods, 2))
        image = 'spec.containers.[name=c0].image'
        path, to = choice.choice(((image, image),
                                  ('metadata.name', 'metadata.labels.other'),
                                  (image, 'metadata.annotations.image')))
        top['replacements'] = [{
            'source': {'kind': 'Pod', 'name': one, 'fieldPath': path},
            'targets': [{'select': {'kind': 'Pod', 'name': other},
                         'fieldPaths': [to], 'options': {'create': True}}]}]

    def finish(self, folder, top, targets, kind=None):
        """Writes a kustomization with entries and patches."""
        choice = self.choice
        self.add_patches(folder, top, targets)
        if choice.random() < 0.7:
            top['images'] = [self.entry()
                             for _ in range(choice.randint(1, 3))]
        self.add_replacement(top, targets)
        if choice.random() < 0.2:
            self.count += 1
            top['configMapGenerator'] = [{'name': f'config-{self.count}',
                                          'literals': ['image=nginx:1']}]
        if kind:
            top = {'apiVersion': 'kustomize.config.k8s.io/v1alpha1',
                   'kind': kind, **top}
        else:
            self.builds.append(folder)
        self.write(f'{folder}/kustomization.yaml', top)

    def make(self):
        """Fills the tree."""
        choice = self.choice
        layers = []
        for number in range(choice.randint(1, 2)):
            folder = f'base{number}'
            resources = [self.resource()
                         for _ in range(choice.randint(1, 3))]
            self.write(f'{folder}/all.yaml', *resources)
            self.finish(folder, {'resources': ['all.yaml']}, resources)
            layers.append((folder, resources))
        component = choice.random() < 0.3
        if component:
            self.finish('part', {}, [], 'Component')
        for number in range(choice.randint(0, 3)):
            folder = f'over{number}'
            below = choice.sample(layers[-3:], choice.randint(
                1, min(2, len(layers))) if number == 0 else 1)
            top = {'resources': [f'../{name}' for name, _ in below]}
            targets = [one for _, list_ in below for one in list_]
            if choice.random() < 0.3:
                own = self.resource()
                self.write(f'{folder}/own.yaml', own)
                top['resources'].append('own.yaml')
                targets = targets + [own]
            if component and choice.random() < 0.6:
                top['components'] = ['../part']
            self.finish(folder, top, targets)
            layers.append((folder, targets))
        return self


class TreesTest(BuiltTreesTest):
    """Trees that are made up."""

    def check_trees(self, seeds, *options):
        """Makes and rewrites trees; the number of those that are equal."""
        trees = [(f'tree-{seed}', Tree(random.Random(seed)).make())
                 for seed in seeds]
        equal = []
        for name, tree in trees:
            self.write_tree(f'old/{name}', tree.files)
            with self.subTest(name=name, tree=tree.files):
                if self.rewrite(name, *options):
                    equal.append((name, tree))
        for first in range(0, len(equal), BATCH):
            self.compare(equal[first:first + BATCH], *options)
        shutil.rmtree(self.path('old'))
        shutil.rmtree(self.path('new'))
        return len(equal)

    def test_trees(self):
        """Two hundred of them; few are refused."""
        copying = sum('replacements' in str(Tree(random.Random(seed)).make()
                                            .files)
                      for seed in range(SEED, SEED + TREES))
        self.assertGreater(copying, 0)
        equal = self.check_trees(range(SEED, SEED + TREES))
        print(f'{equal} of {TREES} trees are equal, the others refused; '
              f'{copying} have replacements')
        self.assertGreaterEqual(equal, FEWEST_EQUAL)

    def test_entries_asked_for(self):
        """What is asked for is the same that follows by itself."""
        self.check_trees(range(SEED, SEED + 20), '--find',
                         'pod,crd,args,env,kustomization')


    def images_of(self, data):
        """The images of containers, by where they are."""
        found = {}
        for one in objects(data):
            pods = [(one['kind'], one['metadata']['name'], one)]
            while pods:
                kind, name, node = pods.pop()
                if isinstance(node, list):
                    pods += [(kind, name, item) for item in node]
                if not isinstance(node, dict):
                    continue
                for container in (node.get('containers', [])
                                  + node.get('initContainers', [])):
                    found[kind, name, container['name']] = container['image']
                pods += [(kind, name, item) for item in node.values()]
        return found

    def after_rules(self, images):
        """What the rules make of images."""
        run = tool(self.folder, 'resolve', *RULES, *images)
        return dict(zip(images, run.text.split('\n')))

    def check_elsewhere(self, name, tree, folder):
        """A folder whose bases stay: what its entries apply to is rewritten,
        and so is what it has itself; all else stays."""
        before = build(self.path('old', name, folder))
        stays = {}
        for base in tree.builds:
            if base.startswith('base'):
                stays.update(self.images_of(build(
                    self.path('old', name, base)) or b''))
        run = tool(self.path('old'), 'rewrite', '-i', *RULES,
                   f'{name}/{folder}')
        if before is None or run.status == 2:
            return before is not None
        self.check_sane(run, 0)
        old = self.images_of(before)
        new = self.images_of(build(self.path('old', name, folder)))
        rules = self.after_rules(sorted({*old.values()}))
        for place, image in old.items():
            may = {rules[image]}
            if stays.get(place) == image:
                may.add(image)
            self.assertIn(new[place], may, f'{place} {image}\n{run.err}')
        return False

    def test_elsewhere(self):
        """Overlays that are rewritten without their bases."""
        refused = count = 0
        for seed in range(SEED, SEED + 400):
            tree = Tree(random.Random(seed)).make()
            # what a replacement takes of a base stays, wherever it goes
            if 'over0' not in tree.builds or 'part' in str(tree.files) or (
                    'replacements' in str(tree.files)):
                continue
            name = f'elsewhere-{seed}'
            count += 1
            self.write_tree(f'old/{name}', tree.files)
            with self.subTest(name=name, tree=tree.files):
                refused += self.check_elsewhere(name, tree, 'over0')
            if count == ELSEWHERE:
                break
        print(f'{refused} of {count} overlays are refused')
        self.assertLess(refused, count // 5)


@unittest.skipUnless(DATA, 'IMGREWRITE_TEST_DATA is not set')
class CorpusTreesTest(CorpusTest):
    """The kustomizations of real projects."""

    def test_none_is_refused(self):
        """A run over all of them goes through."""
        run, report = self.rewrite('new', *RULES)
        self.check_sane(run, 0)
        self.assertGreater(len(report['files']), 0)


if __name__ == '__main__':
    main(needs_data=False)
