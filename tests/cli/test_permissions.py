"""What may not be read or written, and what has to stay as it is.

Root may do everything, so a run that has to be refused is made as a user
without rights where the tests themselves run as root.
"""

import os
import unittest

from support import NOBODY, ToolTest, main, pod, snapshot

NEW = b'r.example.com/hub/library/nginx'
IS_ROOT = os.getuid() == 0


class RefusedTest(ToolTest):
    """Each is an error that names the path, and nothing is written."""

    def setUp(self):
        super().setUp()
        self.write('dir/a.yaml', pod('nginx'))
        self.write('dir/sub/b.yaml', pod('nginx'))
        self.write('dir/z.yaml', pod('nginx'))

    def tearDown(self):
        for parent, folders, _ in os.walk(self.folder):
            for name in folders:
                os.chmod(os.path.join(parent, name), 0o755)

    def own(self):
        """Gives everything to the user without rights."""
        if not IS_ROOT:
            return
        os.chown(self.folder, NOBODY, NOBODY)
        for parent, folders, files in os.walk(self.folder):
            for name in folders + files:
                os.chown(os.path.join(parent, name), NOBODY, NOBODY)

    def refuse(self, path, *args):
        """That a run as the owner of all fails because of `path`."""
        self.own()
        before = snapshot(self.folder)
        run = self.rewrite(*args, status=2, user=NOBODY)
        error, = run.of('error')
        self.assertEqual(error.path, path)
        self.assertIn('Permission denied', error.text)
        self.assertIn('1 failed', run.last)
        self.check_untouched(before)

    def test_unreadable_file(self):
        """A file that may not be read."""
        os.chmod(self.path('dir/sub/b.yaml'), 0o200)
        self.refuse('dir/sub/b.yaml', '-i', 'dir')
        self.refuse('dir/sub/b.yaml', '--check', 'dir/sub/b.yaml')

    def test_unreadable_kustomization(self):
        """Nor may the file that others are built by."""
        self.write('dir/kustomization.yaml', 'resources: [a.yaml]\n')
        os.chmod(self.path('dir/kustomization.yaml'), 0o200)
        self.refuse('dir/kustomization.yaml', '-i', 'dir')

    def test_unreadable_folder(self):
        """A folder that may not be listed."""
        os.chmod(self.path('dir/sub'), 0o300)
        self.refuse('dir/sub', '-i', 'dir')
        self.refuse('dir/sub', '-i', 'dir/sub')

    def test_closed_folder(self):
        """A folder that may be listed and not entered."""
        os.chmod(self.path('dir/sub'), 0o400)
        self.refuse('dir/sub/b.yaml', '-i', 'dir')

    def test_closed_folder_of_folders(self):
        """What is below it would be missed without a word."""
        os.chmod(self.path('dir'), 0o744)
        self.own()
        os.chown(self.path('dir'), 0, 0)
        run = self.rewrite('--check', 'dir', status=2, user=NOBODY)
        self.assertEqual([error.path for error in run.of('error')],
                         ['dir/a.yaml', 'dir/sub', 'dir/z.yaml'])

    def test_read_only_file(self):
        """Whoever made it read-only meant it."""
        os.chmod(self.path('dir/sub/b.yaml'), 0o444)
        self.refuse('dir/sub/b.yaml', '-i', 'dir')

    def test_read_only_file_of_root(self):
        """Root could replace it all the same, and must not."""
        path = self.path('dir/sub/b.yaml')
        os.chmod(path, 0o444)
        before = snapshot(self.folder)
        self.rewrite('-i', 'dir', status=2)
        self.assertEqual(snapshot(self.folder), before)

    def test_read_only_file_without_an_edit(self):
        """A file that is not to be written need not be writable."""
        self.write('dir/sub/b.yaml', pod('quay.io/x'), mode=0o444)
        self.own()
        self.rewrite('-i', 'dir', user=NOBODY)
        self.assertIn(NEW, self.read('dir/a.yaml'))

    def test_read_only_folder(self):
        """There is no place for the new file."""
        os.chmod(self.path('dir/sub'), 0o555)
        self.refuse('dir/sub/b.yaml', '-i', 'dir')

    def test_read_only_output(self):
        """The same for an output folder."""
        os.mkdir(self.path('out'))
        os.chmod(self.path('out'), 0o555)
        self.refuse('dir/a.yaml', '-O', 'out', 'dir/a.yaml')

    def test_unreadable_list(self):
        """list reads the same way."""
        os.chmod(self.path('dir/sub'), 0o000)
        self.own()
        run = self.tool('list', 'dir', status=2, user=NOBODY)
        self.assertEqual(run.of('error')[0].path, 'dir/sub')
        self.assertEqual(run.text.count('nginx'), 2)

    def test_unwritable_report(self):
        """Before anything else is done."""
        os.chmod(self.path('dir/sub'), 0o555)
        self.own()
        before = snapshot(self.folder)
        run = self.rewrite('-i', '--report', 'dir/sub/r.json', 'dir/a.yaml',
                           status=2, user=NOBODY)
        self.assertIn('dir/sub/r.json', run.err)
        self.assertIn('Permission denied', run.err)
        self.check_untouched(before)

    def test_keep_going(self):
        """--keep-going does what can be done."""
        os.chmod(self.path('dir/sub/b.yaml'), 0o200)
        self.own()
        self.rewrite('-i', '--keep-going', 'dir', status=2, user=NOBODY)
        self.assertIn(NEW, self.read('dir/a.yaml'))
        self.assertIn(NEW, self.read('dir/z.yaml'))

    @unittest.skipUnless(IS_ROOT, 'only root can give a file away')
    def test_file_of_another_user(self):
        """Its owner cannot be kept, so it is not replaced."""
        self.own()
        os.chown(self.path('dir/sub/b.yaml'), 0, 0)
        os.chmod(self.path('dir/sub/b.yaml'), 0o666)
        before = snapshot(self.folder)
        run = self.rewrite('-i', 'dir', status=2, user=NOBODY)
        error, = run.of('error')
        self.assertEqual(error.path, 'dir/sub/b.yaml')
        self.check_untouched(before)


class KeptTest(ToolTest):
    """Mode and owner of what is written."""

    def test_mode(self):
        """Every bit, in place and in the output folder."""
        modes = [0o600, 0o644, 0o755, 0o640, 0o666, 0o700, 0o6755, 0o1644]
        for mode in modes:
            self.write(f'dir/{mode:o}.yaml', pod('nginx'), mode=mode)
        self.rewrite('-O', 'out', 'dir')
        self.rewrite('-i', 'dir')
        for folder in ('dir', 'out'):
            for name, state in snapshot(self.path(folder)).items():
                self.assertIn(NEW, state.data)
                self.assertEqual(f'{state.mode:o}.yaml', name)

    def test_umask(self):
        """The user's mask is not applied to files that had a mode."""
        self.write('a.yaml', pod('nginx'), mode=0o666)
        self.rewrite('-i', 'a.yaml', prepare=lambda: os.umask(0o077))
        self.assertEqual(snapshot(self.folder)['a.yaml'].mode, 0o666)

    def test_umask_of_folders(self):
        """New folders are made as the user's mask has it."""
        self.write('dir/sub/a.yaml', pod('nginx'))
        self.rewrite('-O', 'out', 'dir', prepare=lambda: os.umask(0o027))
        self.assertEqual(snapshot(self.folder)['out/sub'].mode, 0o750)

    @unittest.skipUnless(IS_ROOT, 'only root can give a file away')
    def test_owner(self):
        """User and group, with the mode that a change of owner clears."""
        path = self.write('a.yaml', pod('nginx'))
        os.chown(path, 1234, 4321)
        os.chmod(path, 0o6750)
        self.rewrite('-i', 'a.yaml')
        state = snapshot(self.folder)['a.yaml']
        self.assertIn(NEW, state.data)
        self.assertEqual(state.owner, (1234, 4321))
        self.assertEqual(state.mode, 0o6750)

    def test_read_only_output_is_replaced(self):
        """A second run into the same folder, of a file of mode 444."""
        self.write('dir/a.yaml', pod('nginx'), mode=0o444)
        if IS_ROOT:
            os.chown(self.folder, NOBODY, NOBODY)
        for _ in range(2):
            self.rewrite('-O', 'out', 'dir', user=NOBODY)
        self.assertEqual(snapshot(self.folder)['out/a.yaml'].mode, 0o444)


if __name__ == '__main__':
    main()
