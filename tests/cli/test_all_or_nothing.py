"""A run first plans and proves every file, then writes all or nothing."""

import errno
import os
import shutil
import signal
import subprocess
import time

from support import (HUB, TOOL, Run, ToolTest, contents, is_temporary, main,
                     pod, snapshot)

NEW = b'r.example.com/hub/library/nginx'

# Ways for one file among good ones to fail, with what its place is.
BAD = {
    'malformed': ('a: [\n', '2'),
    'template': ('{{- if .Values.x }}\na: [\n{{- end }}\n', '4'),
    'encoding': (b'a: \xff\n', '1'),
    'refused edit': (pod('!image nginx'), '8'),
    'duplicate anchor': (pod('*nowhere'), '8'),
}


class AllOrNothingTest(ToolTest):
    """One bad file among good ones."""

    def setUp(self):
        super().setUp()
        for name in ('a', 'b', 'y', 'z/z'):
            self.write(f'dir/{name}.yaml', pod('nginx'))
        self.write('dir/none.yaml', pod('quay.io/x'))

    def test_nothing_is_written(self):
        """Every file is as it was: inode, time and bytes."""
        for name, (text, line) in BAD.items():
            with self.subTest(name):
                self.write('dir/m.yaml', text)
                before = snapshot(self.folder)
                run = self.rewrite('-i', 'dir', status=2)
                error, = run.of('error')
                self.assertEqual(error[:2], ('dir/m.yaml', line))
                self.assertIn('nothing is written', run.last)
                self.check_untouched(before)

    def test_nothing_in_the_output_folder(self):
        """Not even the folder is made."""
        self.write('dir/m.yaml', 'a: [\n')
        before = snapshot(self.folder)
        self.rewrite('-O', 'out', 'dir', status=2)
        self.check_untouched(before)

    def test_no_diff(self):
        """A diff that could not be done as a whole is not shown."""
        self.write('dir/m.yaml', 'a: [\n')
        run = self.rewrite('--diff', 'dir', status=2)
        self.assertEqual(run.out, b'')

    def test_keep_going(self):
        """--keep-going writes the good ones; the status is still 2."""
        for name, (text, _) in BAD.items():
            with self.subTest(name):
                for good in ('a', 'b', 'y', 'z/z'):
                    self.write(f'dir/{good}.yaml', pod('nginx'))
                self.write('dir/m.yaml', text)
                before = snapshot(self.folder)
                run = self.rewrite('-i', '--keep-going', 'dir', status=2)
                self.assertIn('4 images in 4 of 6 files rewritten', run.last)
                after = snapshot(self.folder)
                for kept in ('dir/m.yaml', 'dir/none.yaml'):
                    self.assertEqual(after[kept], before[kept])
                for good in ('a', 'b', 'y', 'z/z'):
                    self.assertIn(NEW, after[f'dir/{good}.yaml'].data)

    def test_keep_going_elsewhere(self):
        """The same for -O and --diff; the bad file is left out."""
        self.write('dir/m.yaml', 'a: [\n')
        self.rewrite('-O', 'out', '--keep-going', 'dir', status=2)
        self.assertEqual(sorted(snapshot(self.path('out'))),
                         ['a.yaml', 'b.yaml', 'none.yaml', 'y.yaml', 'z',
                          'z/z.yaml'])
        run = self.rewrite('--diff', '--keep-going', 'dir', status=2)
        self.assertEqual(run.out.count(b'+++ '), 4)

    def test_untouched_without_an_edit(self):
        """A file without an edit keeps its inode and its time."""
        before = snapshot(self.folder)
        self.rewrite('-i', 'dir')
        after = snapshot(self.folder)
        self.assertEqual(after['dir/none.yaml'], before['dir/none.yaml'])
        self.assertNotEqual(after['dir/a.yaml'].inode,
                            before['dir/a.yaml'].inode)
        self.rewrite('-i', 'dir')
        self.check_untouched(after)

    def test_proofs(self):
        """However much is proved, the result is one."""
        want = self.rewrite('dir/a.yaml').out
        for proof in ('default', 'full', 'reread', 'none'):
            run = self.rewrite(f'--proof={proof}', 'dir/a.yaml')
            self.assertEqual(run.out, want, proof)


class ChangedTest(ToolTest):
    """A file that changes between reading and writing is not overwritten.

    A FIFO among the inputs holds the run where the test wants it: with one
    job, files are read in order, and the tool opens the FIFO after it has read
    those before it.
    """

    def setUp(self):
        super().setUp()
        self.write('a.yaml', pod('nginx'))
        self.write('b.yaml', pod('nginx'))
        os.mkfifo(self.path('wait'))

    def open_when_read(self):
        """Opens the FIFO once the tool reads from it."""
        for _ in range(3000):
            try:
                return os.open(self.path('wait'),
                               os.O_WRONLY | os.O_NONBLOCK)
            except OSError as error:
                self.assertEqual(error.errno, errno.ENXIO)
                time.sleep(0.01)
        raise AssertionError('the tool does not read the FIFO')

    def run_while(self, change):
        """A run that sees the files change after it has read them."""
        child = subprocess.Popen(
            [TOOL, 'rewrite', *HUB, '-i', '-j1', 'a.yaml', 'b.yaml', 'wait'],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.folder)
        fifo = self.open_when_read()
        change()
        before = snapshot(self.folder)
        os.write(fifo, b'# no image\n')
        os.close(fifo)
        out, err = child.communicate(timeout=60)
        run = Run(subprocess.CompletedProcess([], child.returncode, out, err))
        self.check_sane(run)
        return run, before

    def refuse_while(self, change):
        """That nothing is written after such a change."""
        run, before = self.run_while(change)
        self.assertEqual(run.status, 2)
        self.assertIn('a.yaml', run.err)
        self.check_untouched(before)
        return run

    def test_no_change(self):
        """Without a change all is well."""
        run, _ = self.run_while(lambda: None)
        self.assertEqual(run.status, 0, run.err)
        self.assertIn(NEW, self.read('a.yaml'))

    def test_written_to(self):
        """Other text in the same file."""
        run = self.refuse_while(
            lambda: self.write('a.yaml', pod('nginx') + '# more\n'))
        self.assertIn('changed', run.err)

    def test_same_size(self):
        """Other text of the same size."""
        self.refuse_while(lambda: self.write('a.yaml', pod('redis')))

    def test_replaced(self):
        """Another file in its place."""
        def replace():
            self.write('new', pod('nginx'))
            os.rename(self.path('new'), self.path('a.yaml'))
        self.refuse_while(replace)

    def test_removed(self):
        """A file that is gone does not come back."""
        self.refuse_while(lambda: os.remove(self.path('a.yaml')))


class InterruptTest(ToolTest):
    """Ctrl-C and `kill` clean up, unlike SIGKILL, which nobody can hear."""

    COUNT = 300
    ROUNDS = 4  # for a signal may come too late

    def make_files(self):
        """Old files, without what an earlier round left."""
        shutil.rmtree(self.path('dir'), ignore_errors=True)
        for i in range(self.COUNT):
            self.write(f'dir/{i:03}.yaml', pod('nginx'))

    def interrupt(self, number):
        """Sends a signal while temporary files are being written."""
        child = subprocess.Popen(
            [TOOL, 'rewrite', *HUB, '-q', '-i', 'dir'], cwd=self.folder,
            stderr=subprocess.DEVNULL)
        while child.poll() is None:
            if any(map(is_temporary, os.listdir(self.path('dir')))):
                child.send_signal(number)
                break
        child.wait(60)

    def check_files(self):
        """No temporary file stays, and no file is half done."""
        old = pod('nginx').encode()
        found = contents(self.path('dir'))
        left = [path for path in found if is_temporary(path)]
        texts = {found[path] for path in found if path not in left}
        self.assertLessEqual(texts, {old, old.replace(b'nginx', NEW)})
        self.assertEqual(len(left), 0, 'temporary files are left')

    def test_signals(self):
        """The three that ask a program to end."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number.name):
                for _ in range(self.ROUNDS):
                    self.make_files()
                    self.interrupt(number)
                    self.check_files()


if __name__ == '__main__':
    main()
