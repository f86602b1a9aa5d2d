"""Symbolic links: kept, followed to files, never walked in circles."""

import os

from support import ToolTest, contents, main, pod, snapshot

NEW = b'r.example.com/hub/library/nginx'


class LinkTest(ToolTest):
    """Links inside of folders and as arguments."""

    def link(self, target, name):
        """Makes a symbolic link and the folders on the way to it."""
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.symlink(target, path)
        return path

    def test_link_is_kept(self):
        """In place, the file it leads to is replaced, not the link."""
        self.write('store/a.yaml', pod('nginx'))
        self.link('../store/a.yaml', 'dir/link.yaml')
        self.rewrite('-i', 'dir')
        self.assertEqual(os.readlink(self.path('dir/link.yaml')),
                         '../store/a.yaml')
        self.assertFalse(os.path.islink(self.path('store/a.yaml')))
        self.assertIn(NEW, self.read('store/a.yaml'))

    def test_link_as_argument(self):
        """The same, through two links, from elsewhere."""
        self.write('store/a.yaml', pod('nginx'), mode=0o640)
        self.link('store/a.yaml', 'one')
        self.link(self.path('one'), 'dir/two')
        self.rewrite('-i', 'dir/two')
        self.assertTrue(os.path.islink(self.path('one')))
        self.assertTrue(os.path.islink(self.path('dir/two')))
        self.assertIn(NEW, self.read('store/a.yaml'))
        self.assertEqual(
            snapshot(self.folder)['store/a.yaml'].mode, 0o640)

    def test_link_and_target(self):
        """Together they are one file, and edited once."""
        self.write('dir/a.yaml', pod('nginx'))
        self.link('a.yaml', 'dir/b.yaml')
        os.link(self.path('dir/a.yaml'), self.path('dir/c.yaml'))
        run = self.rewrite('-i', 'dir/a.yaml', 'dir/b.yaml')
        self.assertIn('1 image in 1 of 1 file ', run.last)
        self.assertEqual(self.read('dir/a.yaml').count(NEW), 1)

    def test_hard_links(self):
        """Two names of one file: no name is left with the old text."""
        self.write('dir/a.yaml', pod('nginx'))
        os.link(self.path('dir/a.yaml'), self.path('dir/b.yaml'))
        self.rewrite('-i', 'dir')
        for name in ('dir/a.yaml', 'dir/b.yaml'):
            self.assertIn(NEW, self.read(name), name)
        self.rewrite('--check', 'dir')

    def test_whole_tree_with_links(self):
        """-O writes every name of the tree, also two of one file."""
        self.write('dir/a.yaml', pod('nginx'))
        self.link('a.yaml', 'dir/b.yaml')
        os.link(self.path('dir/a.yaml'), self.path('dir/c.yaml'))
        self.rewrite('-O', 'out', 'dir')
        found = contents(self.path('out'))
        self.assertEqual(sorted(found), ['a.yaml', 'b.yaml', 'c.yaml'])
        self.assertTrue(all(NEW in data for data in found.values()))

    def test_broken_link(self):
        """A link to nothing is an error, by its own name."""
        self.write('dir/a.yaml', pod('nginx'))
        self.link('nowhere.yaml', 'dir/b.yaml')
        before = snapshot(self.folder)
        for paths in (['dir'], ['dir/a.yaml', 'dir/b.yaml']):
            run = self.rewrite('-i', *paths, status=2)
            error, = run.of('error')
            self.assertEqual(error.path, 'dir/b.yaml')
            self.assertIn('No such file', error.text)
            self.check_untouched(before)

    def test_broken_link_of_no_manifest(self):
        """What would not be read anyway does no harm."""
        self.write('dir/a.yaml', pod('nginx'))
        self.link('nowhere', 'dir/notes')
        self.rewrite('-i', 'dir')

    def test_loop(self):
        """Two links that lead to each other."""
        self.link('b.yaml', 'dir/a.yaml')
        self.link('a.yaml', 'dir/b.yaml')
        run = self.rewrite('-i', 'dir', status=2)
        self.assertEqual([message.path for message in run.of('error')],
                         ['dir/a.yaml', 'dir/b.yaml'])

    def test_folder_links(self):
        """Links to folders are left out, so that no walk is endless."""
        self.write('dir/a.yaml', pod('nginx'))
        self.write('other/b.yaml', pod('nginx'))
        self.link('.', 'dir/self')
        self.link('..', 'dir/sub/parent')
        self.link('../other', 'dir/other')
        self.link('../other', 'dir/named.yaml')
        run = self.rewrite('-i', 'dir')
        self.assertIn(' of 1 file ', run.last)
        self.assertNotIn(NEW, self.read('other/b.yaml'))

    def test_folder_link_as_argument(self):
        """A link that is named is meant."""
        self.write('dir/a.yaml', pod('nginx'))
        self.link('dir', 'way')
        self.rewrite('-i', 'way')
        self.assertIn(NEW, self.read('dir/a.yaml'))

    def test_out_dir_is_a_link(self):
        """The output goes where the link leads."""
        self.write('dir/a.yaml', pod('nginx'))
        os.mkdir(self.path('real'))
        self.link('real', 'out')
        self.rewrite('-O', 'out', 'dir')
        self.assertIn(NEW, self.read('real/a.yaml'))
        self.assertTrue(os.path.islink(self.path('out')))

    def test_output_through_a_link(self):
        """A link in the output folder must not lead the output astray."""
        self.write('dir/a.yaml', pod('nginx'))
        self.write('dir/b.yaml', pod('redis'))
        self.link('../dir/b.yaml', 'out/a.yaml')
        before = snapshot(self.path('dir'))
        self.rewrite('-O', 'out', 'dir')
        self.check_untouched(before, self.path('dir'))
        self.assertIn(NEW, self.read('out/a.yaml'))


if __name__ == '__main__':
    main()
