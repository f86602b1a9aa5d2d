"""Overlays next to kustomize: building one gives, to the letter, what building
the rewritten manifests gives.

Every case is a folder of manifests. `imgrewrite overlay` makes a tree of it,
and `imgrewrite rewrite` a copy with the images changed; kustomize builds the
downstream of the tree, and the copy with the base's own list of resources. What
kustomize does not take, rewritten or not, is counted and passed over.
"""

import os
import shutil
import subprocess

from corpus import DATA, FolderTest, find_peer, main, make_writable, tool

KUSTOMIZE = find_peer('kustomize')
FIXTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..',
                        'fixtures')

# What kustomize reads in another way than kubectl: folded text whose lines are
# indented further.
ODD = {'embedded-folded.in.yaml'}

# Of several entries of one name, a run over files gives the first its newName,
# and a plan of one text, which the overlay is made of, the last. Flux makes the
# same of both.
SEVERAL = {'repeated-names.yaml'}

# Rules that change every image, and some that need care: chains, tags, digests,
# one image by two tags.
RULES = {
    'all': ['--preset=full-host:base=m.example.com,port=-'],
    'tags': ['--image=nginx=nginx:9', '--image=busybox:1.36=quay.io/b/busybox:7',
             '--image=quay.io/acme/web=nginx', '--image=redis=busybox:1.36',
             '--prefix=ghcr.io=m.example.com/ghcr', '--prefix=gcr.io=quay.io'],
}
FINDS = {'default': [], 'all': ['--find=all']}
DOWNSTREAM = os.path.join('tree', 'overlays', 'downstreams', 'this-cluster')
CASES = (('all', 'all'), ('tags', 'default'))


def build(folder):
    """What kustomize makes of a folder: text and error."""
    done = subprocess.run([KUSTOMIZE, 'build', folder], capture_output=True,
                          text=True, timeout=60, check=False)
    return (done.stdout if done.returncode == 0 else None), done.stderr


class OverlayTest(FolderTest):
    """Folders, each in a place of its own."""

    def setUp(self):
        if not KUSTOMIZE:
            self.skipTest('there is no kustomize')
        self.counts = {'equal': 0, 'refused': 0, 'not built': 0}

    def case(self, name, sources, rules, find):
        """One folder of manifests, by the paths of its files."""
        place = self.path(name)
        shutil.rmtree(place, ignore_errors=True)
        for source, target in sources:
            target = os.path.join(place, 'in', target)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copy(source, target)
        make_writable(place)
        options = [*RULES[rules], *FINDS[find], '-q', '--skip-unparsable',
                   '--allow-collisions']
        new = tool(place, 'rewrite', *options, '-O', 'new', 'in')
        self.check_sane(new, 0)
        run = tool(place, 'overlay', *options, '--app=a', '-O', 'tree', 'in')
        if run.status != 0:
            self.counts['refused'] += 1
            self.assertRegex(run.err, r'error: .*kustomiz')
            return
        self.compare(place)

    def compare(self, place):
        """Builds both, where kustomize takes the rewritten manifests."""
        listed = os.path.join(place, 'tree', 'base', 'kustomization.yaml')
        shutil.copy(listed, os.path.join(place, 'new'))
        expected, _ = build(os.path.join(place, 'new'))
        if expected is None:
            self.counts['not built'] += 1
            return
        got, error = build(os.path.join(place, DOWNSTREAM))
        if got is None and build(os.path.join(place, 'tree', 'base'))[0] is None:
            self.counts['not built'] += 1
            return
        self.assertIsNotNone(got, error)
        self.assertEqual(got, expected)
        self.counts['equal'] += 1

    def compare_rewritten_build(self, place, *options):
        """Rewriting what the base is built to gives the same as well."""
        built, error = build(os.path.join(place, 'tree', 'base'))
        self.assertIsNotNone(built, error)
        folder = os.path.join(place, 'built')
        os.makedirs(folder)
        for name, text in (('a.yaml', built),
                           ('kustomization.yaml', 'resources: [a.yaml]\n')):
            with open(os.path.join(folder, name), 'w', encoding='utf-8') as file:
                file.write(text)
        self.check_sane(tool(folder, 'rewrite', *options, '-q', '-i',
                             '--allow-collisions', 'a.yaml'), 0)
        self.assertEqual(build(os.path.join(place, DOWNSTREAM))[0],
                         build(folder)[0])

    def fixtures(self, folder, ending):
        """The files of a folder of fixtures, each with a name of its own."""
        root = os.path.join(FIXTURES, folder)
        for parent, _, files in sorted(os.walk(root)):
            for name in sorted(files):
                if name.endswith(ending):
                    path = os.path.join(parent, name)
                    yield path, os.path.relpath(path, root).replace('/', '-')

    def check_files(self, folder, ending, least):
        """Each file of a folder is a case, or two."""
        for path, name in self.fixtures(folder, ending):
            if name in ODD:
                continue
            for rules, find in CASES:
                with self.subTest(file=name, rules=rules, find=find):
                    self.case('one', [(path, name)], rules, find)
        print(folder, self.counts)
        self.assertGreaterEqual(self.counts['equal'], least)

    def test_kinds(self):
        """Kinds of the Kubernetes API."""
        self.check_files('kinds', '.yaml', 50)

    def test_shapes(self):
        """Images that are more than a scalar."""
        self.check_files('shapes', '.in.yaml', 180)

    def test_custom_resources(self):
        """Custom resources."""
        self.check_files('custom-resources', '.yaml', 150)

    def test_manifests(self):
        """Names, keys, anchors and merge keys that need care."""
        self.check_files('overlay/manifests', '.yaml', 10)

    def test_rewritten_build(self):
        """The same files, rewritten when kustomize has built them."""
        for path, name in self.fixtures('overlay/manifests', '.yaml'):
            if name in SEVERAL:
                continue
            for rules in RULES:
                with self.subTest(file=name, rules=rules):
                    self.case('one', [(path, name)], rules, 'all')
                    self.compare_rewritten_build(
                        self.path('one'), *RULES[rules], *FINDS['all'])

    def test_sample(self):
        """The sample application, as one folder."""
        files = [(path, name) for path, name in
                 self.fixtures('quickstart', '.yaml')]
        self.case('sample', files, 'all', 'default')
        self.assertEqual(self.counts['equal'], 1)

    def test_corpus(self):
        """Real manifests, a folder at a time."""
        if not DATA:
            self.skipTest('IMGREWRITE_TEST_DATA is not set')
        for parent, _, names in sorted(os.walk(os.path.join(DATA, 'corpus'))):
            files = [(os.path.join(parent, name), name)
                     for name in sorted(names)
                     if name.endswith(('.yaml', '.yml', '.json'))
                     and not name.startswith('kustomization.')]
            if files and len(files) <= 60:
                with self.subTest(folder=parent):
                    self.case('corpus', files, 'all', 'default')
        print('corpus', self.counts)
        self.assertGreaterEqual(self.counts['equal'], 80)


if __name__ == '__main__':
    main()
