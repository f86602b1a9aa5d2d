"""A run that is killed never leaves a file that is neither old nor new.

SIGKILL comes at random moments and at chosen ones: while temporary files are
written, and while they are renamed. Temporary files may stay, for nobody can
clean up after that signal, but no run takes them for manifests.
"""

import os
import random
import signal
import subprocess
import time

from support import HUB, TOOL, ToolTest, is_temporary, main, pod

FILES = 300
ROUNDS = 30
LOOK = 0.001  # seconds between two looks at a run
NEW = b'r.example.com/hub/library/nginx'


class KilledTest(ToolTest):
    """Thirty runs over three hundred files."""

    def setUp(self):
        super().setUp()
        self.old = {}
        for i in range(FILES):
            name = f'{i:03}.yaml'
            text = pod('nginx', name=f'p{i}') + '# x\n' * (i * 7 % 500)
            self.old[name] = text.encode()
        self.new = {name: data.replace(b'nginx', NEW)
                    for name, data in self.old.items()}

    def reset(self):
        """Old files, and nothing that an earlier run left."""
        os.makedirs(self.path('dir'), exist_ok=True)
        for name in os.listdir(self.path('dir')):
            if is_temporary(name):
                os.remove(self.path('dir', name))
        for name, data in self.old.items():
            path = self.path('dir', name)
            if not os.path.exists(path) or self.read(path) != data:
                with open(path, 'wb') as file:
                    file.write(data)

    def start(self):
        """A run in place."""
        return subprocess.Popen(
            [TOOL, 'rewrite', *HUB, '-q', '-i', 'dir'], cwd=self.folder)

    def check_files(self):
        """That every file is whole; how many are new."""
        done = 0
        names = os.listdir(self.path('dir'))
        self.assertEqual(
            sorted(name for name in names if not is_temporary(name)),
            sorted(self.old))
        for name in self.old:
            data = self.read('dir', name)
            self.assertIn(data, (self.old[name], self.new[name]), name)
            done += data == self.new[name]
        return done

    def count_looks(self):
        """How often one finds a run at work that nobody kills."""
        self.reset()
        child = self.start()
        looks = 0
        while child.poll() is None:
            time.sleep(LOOK)
            looks += 1
        self.assertEqual(child.returncode, 0)
        self.assertEqual(self.check_files(), FILES)
        return looks

    def test_at_random(self):
        """At any moment of the run."""
        choice = random.Random(20)
        looks = self.count_looks()
        for _ in range(ROUNDS):
            self.reset()
            child = self.start()
            for _ in range(choice.randint(0, looks)):
                time.sleep(LOOK)
            child.kill()
            self.assertIn(child.wait(60), (0, -signal.SIGKILL))
            self.check_files()

    def kill_when(self, holds):
        """Kills a run as soon as something holds; how many are new."""
        child = self.start()
        while child.poll() is None and not holds():
            pass
        child.kill()
        child.wait(60)
        return self.check_files()

    def count_temporary(self):
        """How many temporary files there are."""
        return sum(map(is_temporary, os.listdir(self.path('dir'))))

    def test_while_writing(self):
        """As soon as some temporary files are there."""
        for count in (1, 50, 200, FILES - 1, FILES):
            self.reset()
            self.kill_when(lambda wanted=count:
                           self.count_temporary() >= wanted)

    def test_while_renaming(self):
        """As soon as a certain file has been replaced."""
        for name in ('000.yaml', '001.yaml', '150.yaml', '298.yaml'):
            self.reset()
            path = self.path('dir', name)
            inode = os.stat(path).st_ino
            done = self.kill_when(lambda path=path, inode=inode:
                                  os.stat(path).st_ino != inode)
            self.assertGreater(done, 0)

    def test_run_after_a_kill(self):
        """The next run finishes the work and reads no temporary file."""
        self.reset()
        self.kill_when(lambda: self.count_temporary() > 0)
        child = self.start()
        self.assertEqual(child.wait(60), 0)
        self.assertEqual(self.check_files(), FILES)


if __name__ == '__main__':
    main()
