"""What kustomize builds of trees, as they were and as they are rewritten."""

import re
import shutil
import subprocess

import yaml

from corpus import FolderTest, find_peer, tool

KUSTOMIZE = find_peer('kustomize')
LOADER = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)

RULES = ['--prefix=docker.io=m.example.com/hub',
         '--prefix=quay.io=m.example.com/quay',
         '--prefix=ghcr.io/acme=m.example.com/acme']

PLACE = re.compile(r'(.+?):(\d+):(\d+): error: (.*?) \((.+?):(\d+):(\d+)\)')
HASH = re.compile(r'(config-[0-9]+)-[a-z0-9]{10}\b')


def build(folder):
    """What kustomize builds, or None."""
    done = subprocess.run([KUSTOMIZE, 'build', folder], timeout=120,
                          capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else None


def objects(data):
    """The documents, but for the hashes of generated names."""
    return list(yaml.load_all(HASH.sub(r'\1', data.decode()), LOADER))


class BuiltTreesTest(FolderTest):
    """Each tree is a folder in `old`, and rewritten in `new`."""

    def setUp(self):
        if not KUSTOMIZE:
            self.skipTest('there is no kustomize')

    def write_tree(self, folder, files):
        """Writes a tree."""
        for path, text in files.items():
            self.write(f'{folder}/{path}', text)

    def check_refusal(self, run):
        """Both places of a refusal are there."""
        found = [PLACE.match(line) for line in run.lines]
        found = [match for match in found if match]
        self.assertTrue(found, run.err)
        for match in found:
            for path, line in ((match[1], match[2]), (match[5], match[6])):
                with open(self.path(path), encoding='utf-8') as file:
                    self.assertLessEqual(int(line), len(file.readlines()))

    def rewrite(self, name, *options):
        """Rewrites a tree; None where it is refused."""
        run = tool(self.folder, 'rewrite', '-O', f'new/{name}', *RULES,
                   *options, f'old/{name}')
        if run.status == 2:
            self.check_refusal(run)
            return None
        self.check_sane(run, 0)
        return run

    def build_all(self, side, trees):
        """What kustomize builds of several trees in one go, for it takes
        longer to start than to build; the names say which tree it is."""
        top = self.path(side, 'all')
        parts = []
        for name, tree in trees:
            for folder in tree.builds:
                part = f'{name}-{folder}'
                self.write_tree(f'{side}/all', {
                    f'{part}/kustomization.yaml': yaml.safe_dump({
                        'namePrefix': f'{part}-',
                        'resources': [f'../../{name}/{folder}']})})
                parts.append(part)
        self.write_tree(f'{side}/all', {
            'kustomization.yaml': yaml.safe_dump({'resources': parts})})
        data = build(top)
        shutil.rmtree(top)
        return data

    def compare(self, trees, *options):
        """Compares what is built of the trees."""
        before = self.build_all('old', trees)
        after = self.build_all('new', trees)
        if before is None and len(trees) > 1:
            for one in trees:
                self.compare([one], *options)
            return
        if before is not None:
            self.compare_builds(before, after, *options)

    def compare_builds(self, before, after, *options):
        """Compares what is built, rewritten, with what is built afterwards."""
        with open(self.path('built.yaml'), 'wb') as file:
            file.write(before)
        run = tool(self.folder, 'rewrite', *RULES, *options, 'built.yaml')
        self.check_sane(run, 0)
        self.assertIsNotNone(after)
        for one, other in zip(objects(after), objects(run.out), strict=True):
            self.assertEqual(one, other)
