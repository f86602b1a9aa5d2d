"""-O: the whole tree, elsewhere."""

import os

from support import NOBODY, ToolTest, contents, main, pod, snapshot

NEW = b'r.example.com/hub/library/nginx'


class OutDirTest(ToolTest):
    """What is written, and by which names."""

    def setUp(self):
        super().setUp()
        self.write('dir/a.yaml', pod('nginx'))
        self.write('dir/sub/b.yml', pod('quay.io/x'))
        self.write('dir/sub/deep/c.json', '{"a": [1]}')
        self.write('dir/sub/notes.txt', 'nginx')
        self.write('dir/.git/config.yaml', pod('nginx'))
        os.mkdir(self.path('dir/empty'))

    def names(self, folder='out'):
        """The files below an output folder."""
        return sorted(contents(self.path(folder)))

    def test_whole_tree(self):
        """Edited or not; what is no manifest is left out."""
        before = snapshot(self.path('dir'))
        self.rewrite('-O', 'out', 'dir')
        self.assertEqual(self.names(), ['a.yaml', 'sub/b.yml',
                                        'sub/deep/c.json'])
        self.assertIn(NEW, self.read('out/a.yaml'))
        for name in ('sub/b.yml', 'sub/deep/c.json'):
            self.assertEqual(self.read('out', name), self.read('dir', name))
        self.assertFalse(os.path.exists(self.path('out/empty')))
        self.check_untouched(before, self.path('dir'))

    def test_names(self):
        """Below the folder that was given, or the last name of a file."""
        for paths, want in (
                (['dir/'], ['a.yaml', 'sub/b.yml', 'sub/deep/c.json']),
                ([self.path('dir')],
                 ['a.yaml', 'sub/b.yml', 'sub/deep/c.json']),
                (['./dir/../dir'], ['a.yaml', 'sub/b.yml',
                                    'sub/deep/c.json']),
                (['dir/sub'], ['b.yml', 'deep/c.json']),
                (['dir/sub/b.yml', 'dir/a.yaml'], ['a.yaml', 'b.yml']),
                (['dir/sub', 'dir/a.yaml'],
                 ['a.yaml', 'b.yml', 'deep/c.json'])):
            with self.subTest(paths):
                out = self.path('-'.join(paths).replace('/', '_') + '.out')
                self.rewrite('-O', out, *paths)
                self.assertEqual(sorted(contents(out)), want)

    def test_from_inside(self):
        """`.` is a folder like any other."""
        self.rewrite('-O', '../out', '.', cwd=self.path('dir'))
        self.assertEqual(self.names(), ['a.yaml', 'sub/b.yml',
                                        'sub/deep/c.json'])

    def test_new_folders(self):
        """The output folder is made, with those above it."""
        self.rewrite('-O', 'x/y/z', 'dir')
        self.assertIn(NEW, self.read('x/y/z/a.yaml'))
        self.rewrite('-O', self.path('u/v/'), 'dir')
        self.assertIn(NEW, self.read('u/v/a.yaml'))

    def test_again(self):
        """A second run replaces what the first one wrote, and only that."""
        self.rewrite('-O', 'out', 'dir')
        self.write('out/mine.yaml', 'a: b')
        self.write('dir/a.yaml', pod('redis'))
        self.rewrite('-O', 'out', 'dir')
        self.assertIn(b'library/redis', self.read('out/a.yaml'))
        self.assertEqual(self.read('out/mine.yaml'), b'a: b')

    def test_inside_of_the_input(self):
        """The output folder is not read again."""
        for _ in range(3):
            run = self.rewrite('-O', 'dir/out', 'dir')
            self.assertIn(' of 3 files ', run.last)
            self.assertEqual(self.names('dir/out'),
                             ['a.yaml', 'sub/b.yml', 'sub/deep/c.json'])
        self.rewrite('-O', 'out', '.', cwd=self.path('dir'))
        self.assertEqual(self.names('dir/out'),
                         ['a.yaml', 'sub/b.yml', 'sub/deep/c.json'])

    def test_skipped_files(self):
        """What is no YAML is taken along as it is."""
        self.write('dir/chart.yaml', '{{ if }}\n')
        self.rewrite('-O', 'out', '--skip-unparsable', 'dir')
        self.assertEqual(self.read('out/chart.yaml'), b'{{ if }}\n')

    def test_jobs_and_report(self):
        """-O goes with --report -, for standard output is free."""
        run = self.rewrite('-O', 'out', '--report', '-', '-j2', 'dir')
        self.assertTrue(run.out.startswith(b'{"version": 1'))


class RefusedTest(ToolTest):
    """Outputs that would lose something."""

    def setUp(self):
        super().setUp()
        self.write('dir/a.yaml', pod('nginx'))
        self.write('dir/sub/b.yaml', pod('nginx'))
        self.write('other/a.yaml', pod('redis'))

    def refuse(self, *args, words=()):
        """That the run fails and nothing at all is written."""
        before = snapshot(self.folder)
        run = self.rewrite(*args, status=2)
        for word in words:
            self.assertIn(word, run.err)
        now = snapshot(self.folder)
        self.assertEqual([path for path in before
                          if now.get(path) != before[path]], [])
        self.assertEqual([path for path in contents(self.folder)
                          if path not in before], [])

    def test_output_is_the_input(self):
        """That would be -i by accident."""
        for out, path in (('dir', 'dir'), ('./dir/', 'dir'), ('.', 'dir/..'),
                          ('dir', 'dir/a.yaml'), ('dir/sub', 'dir/sub'),
                          (self.path('dir'), 'dir')):
            with self.subTest((out, path)):
                self.refuse('-O', out, path)

    def test_output_is_another_input(self):
        """A file that is read is not to be written over, by any name."""
        self.write('out/sub/b.yaml', pod('redis'))
        self.refuse('-O', 'out', 'dir', 'out/sub/b.yaml')

    def test_output_is_an_input_by_a_link(self):
        """Nor through a hard link."""
        os.mkdir(self.path('out'))
        os.link(self.path('dir/a.yaml'), self.path('out/a.yaml'))
        self.refuse('-O', 'out', 'dir')

    def test_name_clash(self):
        """Two files that would be written to one; both are named."""
        self.refuse('-O', 'out', 'dir', 'other',
                    words=['dir/a.yaml', 'other/a.yaml'])
        self.refuse('-O', 'out', 'dir/a.yaml', 'other/a.yaml',
                    words=['dir/a.yaml', 'other/a.yaml'])

    def test_file_and_folder(self):
        """A file and a folder of one name clash as well."""
        self.write('one/0.yaml', pod('nginx'))
        self.write('one/x.yaml', pod('nginx'))
        self.write('two/x.yaml/y.yaml', pod('nginx'))
        for paths in (['one', 'two'], ['two', 'one']):
            with self.subTest(paths):
                self.refuse('-O', '-'.join(paths), *paths)

    def test_folder_in_the_way(self):
        """A folder where a file has to go is seen before anything is."""
        self.write('dir/b.yaml', pod('nginx'))
        self.write('dir/c.yaml', pod('nginx'))
        os.makedirs(self.path('out/b.yaml'))
        self.refuse('-O', 'out', 'dir', words=['b.yaml'])

    def test_file_in_the_way(self):
        """A file where a folder has to go."""
        self.write('out/sub', 'x')
        self.refuse('-O', 'out', 'dir', words=['sub'])
        self.write('plain', 'x')
        self.refuse('-O', 'plain', 'dir')
        self.refuse('-O', 'plain/out', 'dir')

    def test_empty_name(self):
        """No name is no folder, and least of all the root folder."""
        run = self.rewrite('-O', '', 'dir', status=2, user=NOBODY)
        self.assertNotIn('Permission denied', run.err, 'went to /')


if __name__ == '__main__':
    main()
