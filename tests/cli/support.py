"""What the tests of the command share.

Each test has an empty folder of its own and runs the tool in it. Some things
must hold after every run, whatever it was for, and are checked each time: no
sanitizer had anything to say, no temporary file is left, and the status is the
one that the test expects.
"""

import collections
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest

TOOL = os.environ.get('IMGREWRITE')
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
FIXTURES = os.path.join(ROOT, 'fixtures', 'cli')

SKIPPED = 77  # the status by which a test tells Meson that it did not run
NOBODY = 65534  # a user without any rights

HUB = ('--prefix', 'docker.io=r.example.com/hub')
DIGEST = 'sha256:' + '0123456789abcdef' * 4

# Every file that is written is flushed, which is faster in memory. None stands
# for the usual folder.
SHARED_MEMORY = '/dev/shm'
USE_MEMORY = ('TMPDIR' not in os.environ
              and os.access(SHARED_MEMORY, os.W_OK | os.X_OK))
FOLDER = SHARED_MEMORY if USE_MEMORY else None

MESSAGE = re.compile(
    r'(?P<path>.*?)(?::(?P<line>\d+):(?P<column>\d+))?: '
    r'(?P<kind>error|warning|note|unmatched|possible): (?P<text>.*)')

Message = collections.namedtuple('Message', 'path line column kind text')
State = collections.namedtuple('State', 'kind inode mtime mode owner data')


def pod(*images, name='web'):
    """The text of a Pod with these images, each as it is to be written."""
    containers = ''.join(
        f'  - name: c{index}\n    image: {image}\n'
        for index, image in enumerate(images))
    return (f'apiVersion: v1\nkind: Pod\nmetadata:\n  name: {name}\n'
            f'spec:\n  containers:\n{containers}')


def read_content(path, mode):
    """What a file holds or a link leads to; None for anything else."""
    if stat.S_ISLNK(mode):
        return os.readlink(path)
    if not stat.S_ISREG(mode):
        return None
    try:
        with open(path, 'rb') as file:
            return file.read()
    except PermissionError:
        return b'(unreadable)'


def snapshot(folder):
    """Everything about every file below a folder that a run could change."""
    states = {}
    for path in walk(folder):
        try:
            info = os.lstat(path)
        except PermissionError:
            continue  # in a folder that may be listed and not entered
        data = read_content(path, info.st_mode)
        mtime = None if data is None else info.st_mtime_ns
        states[os.path.relpath(path, folder)] = State(
            stat.S_IFMT(info.st_mode), info.st_ino, mtime,
            stat.S_IMODE(info.st_mode), (info.st_uid, info.st_gid), data)
    return states


def walk(folder):
    """All paths below a folder, folders included, links not followed."""
    for parent, folders, files in os.walk(folder):
        for name in sorted(folders + files):
            yield os.path.join(parent, name)


def contents(folder):
    """The bytes of every regular file below a folder, by relative path."""
    return {path: state.data for path, state in snapshot(folder).items()
            if state.kind == stat.S_IFREG}


def is_temporary(path):
    """Whether a path has a name that the tool gives to temporary files."""
    return '.imgrewrite-' in os.path.basename(path)


def become(user):
    """What a child does to run as another user; nothing without the right."""
    if user is None or os.getuid() != 0:
        return None

    def drop():
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
    return drop


class Run:
    """A run of the tool that has ended."""

    def __init__(self, done):
        self.status = done.returncode
        self.out = done.stdout or b''
        self.err = (done.stderr or b'').decode('utf-8', 'surrogateescape')
        self.lines = self.err.splitlines()
        self.messages = [Message(**found.groupdict()) for found in
                         map(MESSAGE.fullmatch, self.lines) if found]

    @property
    def text(self):
        """Standard output as text."""
        return self.out.decode('utf-8', 'surrogateescape')

    @property
    def last(self):
        """The last line on standard error, where the summary is."""
        return self.lines[-1] if self.lines else ''

    def of(self, *kinds):
        """The messages of some kinds: error, warning, note."""
        return [message for message in self.messages if message.kind in kinds]


class ToolTest(unittest.TestCase):
    """A test that runs the tool in a folder of its own."""

    maxDiff = 4000

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix='imgrewrite-test-', dir=FOLDER)
        os.chmod(self.folder, 0o755)
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def path(self, *names):
        """The absolute path of something in the test's folder."""
        return os.path.join(self.folder, *names)

    def write(self, name, text, mode=0o644):
        """Makes a file and the folders on the way to it."""
        path = self.path(name)
        data = text if isinstance(text, bytes) else text.encode()
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'wb') as file:
            file.write(data)
        os.chmod(path, mode)
        return path

    def read(self, *names):
        """The bytes of a file."""
        with open(self.path(*names), 'rb') as file:
            return file.read()

    def copy_fixture(self, name, to=None):
        """Copies a folder or file of the fixtures into the test's folder."""
        source = os.path.join(FIXTURES, name)
        target = self.path(to or name)
        if os.path.isdir(source):
            shutil.copytree(source, target)
        else:
            shutil.copy(source, target)
        return target

    def private_tool(self):
        """A copy of the tool that any user can run, wherever it was built."""
        folder = tempfile.mkdtemp(prefix='imgrewrite-tool-')
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        os.chmod(folder, 0o755)
        copy = shutil.copy(TOOL, os.path.join(folder, 'imgrewrite'))
        os.chmod(copy, 0o755)
        return copy

    def tool(self, *args, status=0, stdin=b'', cwd=None, user=None, env=None,
             stdout=subprocess.PIPE, prepare=None):
        """Runs the tool in the test's folder and checks what always holds."""
        command = [TOOL if user is None else self.private_tool(), *args]
        done = subprocess.run(
            command, input=stdin, stdout=stdout, stderr=subprocess.PIPE,
            cwd=cwd or self.folder, env={**os.environ, **(env or {})},
            preexec_fn=prepare or become(user), timeout=120, check=False)
        run = Run(done)
        self.check_sane(run)
        self.assertEqual(run.status, status, f'{args}\n{run.err}')
        return run

    def rewrite(self, *args, **options):
        """Runs `imgrewrite rewrite` with a rule for docker.io."""
        return self.tool('rewrite', *HUB, *args, **options)

    def check_sane(self, run):
        """What no run may do, whatever it was asked for."""
        self.assertNotIn('Sanitizer', run.err)
        self.assertNotIn('runtime error', run.err)
        self.assertGreaterEqual(run.status, 0, 'ended by a signal')
        self.check_no_temporary_files()

    def check_no_temporary_files(self):
        """Nothing that a run made for itself may stay."""
        left = [path for path in walk(self.folder) if is_temporary(path)]
        self.assertEqual(left, [])

    def check_untouched(self, before, folder=None):
        """That nothing below the folder is other than in `before`."""
        now = snapshot(folder or self.folder)
        other = [path for path in sorted({*now, *before})
                 if now.get(path) != before.get(path)]
        self.assertEqual([(path, before.get(path), now.get(path))
                          for path in other], [])


def main():
    """Runs the tests of a program; Meson hears when all were skipped."""
    if not TOOL:
        sys.exit('IMGREWRITE has to name the tool')
    result = unittest.main(exit=False).result
    if result.wasSuccessful() and result.testsRun == len(result.skipped) > 0:
        sys.exit(SKIPPED)
    sys.exit(not result.wasSuccessful())
