"""What the tests over real manifests share.

IMGREWRITE_TEST_DATA names a folder that holds corpus/: unchanged files of
public projects. They are used in a copy, for some tests write to it. Other
programs to compare with are looked for in PATH and in $IMGREWRITE_PEERS/bin.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))), 'cli'))

from support import FOLDER, SKIPPED, TOOL, Run, contents  # noqa: E402
from support import main as run_tests  # noqa: E402

DATA = os.environ.get('IMGREWRITE_TEST_DATA')

LOCATIONS = {
    'docker.io': 'r.example.com/hub',
    'quay.io': 'r.example.com/quay',
    'registry.k8s.io': 'r.example.com/k8s',
}
# Of charts, what is found in any other folder as well: test_charts.py has the
# rest of it.
RULES = ['--find=default', *(f'--prefix={old}={new}'
                             for old, new in LOCATIONS.items())]

# A rule that no image meets.
NO_MATCH = ['--prefix=nowhere.invalid=r.example.com/nowhere']


def tool(folder, *args):
    """A run in a folder, whatever its status."""
    done = subprocess.run([TOOL, *args], capture_output=True, cwd=folder,
                          timeout=240, check=False)
    return Run(done)


def find_peer(name):
    """The path of another program, or None."""
    peers = os.environ.get('IMGREWRITE_PEERS')
    path = os.environ.get('PATH', os.defpath)
    if peers:
        path = os.pathsep.join([os.path.join(peers, 'bin'), path])
    return shutil.which(name, path=path)


def is_manifest(path):
    """Whether a walk takes the file."""
    *folders, name = path.split('/')
    return (name == 'Kustomization'
            or name.endswith(('.yaml', '.yml', '.json'))) and not any(
                part.startswith('.') for part in folders)


def make_writable(folder):
    """The data may be read-only, and then so is a copy."""
    for parent, _, files in os.walk(folder):
        os.chmod(parent, 0o755)
        for name in files:
            os.chmod(os.path.join(parent, name), 0o644)


class FolderTest(unittest.TestCase):
    """Tests that share a folder."""

    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix='imgrewrite-corpus-', dir=FOLDER)
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)

    @classmethod
    def path(cls, *names):
        """The absolute path of something in the folder of the tests."""
        return os.path.join(cls.folder, *names)

    def write(self, name, text):
        """Makes a file, and its folder."""
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'wb') as file:
            file.write(text if isinstance(text, bytes) else text.encode())

    def check_sane(self, run, status):
        """The status, and that no sanitizer had anything to say."""
        self.assertNotIn('Sanitizer', run.err)
        self.assertNotIn('runtime error', run.err)
        self.assertEqual(run.status, status, run.err[-2000:])


class CorpusTest(FolderTest):
    """Tests that begin with a copy of the corpus in `old`."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        shutil.copytree(os.path.join(DATA, 'corpus'), cls.path('old'))
        make_writable(cls.path('old'))
        cls.old = {path: data
                   for path, data in contents(cls.path('old')).items()
                   if is_manifest(path)}

    @classmethod
    def rewrite(cls, out, *args):
        """Writes the corpus to another folder; returns run and report."""
        run = tool(cls.folder, 'rewrite', '--skip-unparsable', '-O', out,
                   '--report', '-', *args, 'old')
        report = json.loads(run.out) if run.status == 0 else None
        return run, report


def main(needs_data=True):
    """Runs the tests of a program, or tells why it cannot."""
    if needs_data and not DATA:
        print('skipped: IMGREWRITE_TEST_DATA is not set', file=sys.stderr)
        sys.exit(SKIPPED)
    run_tests()
