"""--diff: what it prints is taken by `patch -p1` and by `git apply`."""

import os
import shutil
import subprocess
import unittest

from odd import ODD_TEXTS, filler
from support import ToolTest, contents, main, pod

NAMES = ('a.yaml', 'with blank.yaml', ' b.yaml', 'c .yaml', 'd\te.yaml',
         'f\ng.yaml', 'h"i.yaml', "j'k.yaml", 'l\\m.yaml', '-n.yaml',
         'o p/q r.yaml', 'ü.yaml', '\udcff.yaml', 'a b\nc.yaml', 's$t*.yaml')


class DiffTest(ToolTest):
    """A tree, its diff, and what other tools make of both."""

    def make(self, files):
        """A tree to change, the same changed in place, and the diff."""
        for name, text in files.items():
            self.write(f'work/{name}', text)
        shutil.copytree(self.path('work'), self.path('want'))
        run = self.rewrite('-i', 'want')
        self.assertNotIn(' 0 images', run.last)
        run = self.rewrite('--diff', 'work')
        self.write('work.diff', run.out)
        return run.out

    def feed(self, command, diff, cwd):
        """Runs another program on a diff; what it says of it."""
        done = subprocess.run(
            command, input=diff, capture_output=True, cwd=cwd, timeout=60,
            check=False,
            env={**os.environ, 'GIT_CEILING_DIRECTORIES': self.folder})
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def apply(self, *command):
        """Applies the diff, as a program that stands beside `work` does."""
        said = self.feed(command, self.read('work.diff'), self.folder)
        self.assertNotIn(b'offset', said)
        self.assertNotIn(b'fuzz', said)
        self.assertEqual(contents(self.path('work')),
                         contents(self.path('want')))

    def check(self, *command):
        """Every odd file, one diff each."""
        for name, text in ODD_TEXTS.items():
            with self.subTest(name):
                for folder in ('work', 'want'):
                    shutil.rmtree(self.path(folder), ignore_errors=True)
                self.make({'a.yaml': text})
                self.apply(*command)

    @unittest.skipUnless(shutil.which('patch'), 'there is no patch')
    def test_patch(self):
        """GNU patch, to the letter."""
        self.check('patch', '-p1', '--no-backup-if-mismatch', '--binary')

    @unittest.skipUnless(shutil.which('git'), 'there is no git')
    def test_git(self):
        """git, which is stricter."""
        self.check('git', 'apply', '--whitespace=nowarn')

    def names(self, *command, left_out=()):
        """All names in one diff."""
        self.make({name: pod('nginx', name=f'p{i}')
                   for i, name in enumerate(NAMES) if name not in left_out})
        self.apply(*command)

    @unittest.skipUnless(shutil.which('patch'), 'there is no patch')
    def test_names_for_patch(self):
        """GNU patch refuses line feeds in names, so these are left out."""
        self.names('patch', '-p1', '--no-backup-if-mismatch',
                   left_out=[name for name in NAMES if '\n' in name])

    @unittest.skipUnless(shutil.which('git'), 'there is no git')
    def test_names_for_git(self):
        """git takes any name."""
        self.names('git', 'apply')

    def applied_from(self, cwd, *paths):
        """A diff made and applied in one folder, by both programs."""
        for program in (['patch', '-p1'], ['git', 'apply']):
            if not shutil.which(program[0]):
                continue
            with self.subTest((program[0], paths)):
                self.write('work/sub/a.yaml', pod('nginx'))
                run = self.rewrite('--diff', *paths, cwd=self.path(cwd))
                self.feed(program, run.out, self.path(cwd))
                self.assertIn(b'r.example.com',
                              self.read('work/sub/a.yaml'))

    def test_ways_to_name_the_folder(self):
        """`.`, slashes at the end and in a row."""
        self.write('work/sub/a.yaml', pod('nginx'))
        for cwd, path in (('work', '.'), ('work', './'), ('work/sub', '.'),
                          ('.', './work'), ('.', 'work/'), ('.', 'work//'),
                          ('work', './/sub'), ('work', 'sub/./a.yaml')):
            self.applied_from(cwd, path)

    def test_absolute_path(self):
        """A file below the working directory is named from there."""
        path = self.write('work/sub/a.yaml', pod('nginx'))
        for cwd in ('work', 'work/sub', '.'):
            self.applied_from(cwd, path)
        os.symlink(self.path('work'), self.path('link'))
        self.applied_from('work', self.path('link/sub/a.yaml'))

    def test_elsewhere(self):
        """A diff of other files says where it applies."""
        for name in ('a.yaml', 'work/sub/a.yaml', 'work/b.yaml'):
            self.write(name, pod('nginx'))
        os.mkdir(self.path('other'))
        work = os.path.realpath(self.path('work')) + '/'
        for cwd, paths, base, names in (
                ('work/sub', ['../b.yaml'], work, ['b.yaml']),
                ('work/sub', ['../b.yaml', 'a.yaml'], work,
                 ['b.yaml', 'sub/a.yaml']),
                ('work/sub', ['../sub/../b.yaml'], work, ['b.yaml']),
                ('other', [self.path('work')], work[:-5],
                 ['work/b.yaml', 'work/sub/a.yaml']),
                ('work', ['../a.yaml'], work[:-5], ['a.yaml'])):
            with self.subTest((cwd, paths)):
                run = self.rewrite('--diff', *paths, cwd=self.path(cwd))
                self.assertEqual(
                    [line for line in run.lines if 'names in the diff' in line],
                    [f'imgrewrite: the names in the diff are below {base}: '
                     f'apply it with `patch -p1 -d {base}` or `git -C {base} '
                     'apply`'])
                self.assertEqual([line[6:] for line in run.text.splitlines()
                                  if line.startswith('--- ')], names)
                if shutil.which('git'):
                    self.feed(['git', '-C', base, 'apply', '--check'], run.out,
                              self.path(cwd))
                run = self.rewrite('--diff', '-q', *paths, cwd=self.path(cwd))
                self.assertEqual(run.err, '')

    def test_form(self):
        """Names, three lines of context, one hunk for what is close."""
        self.write('a.yaml', filler(9) + pod('nginx', 'redis') + filler(9))
        self.assertEqual(self.rewrite('--diff', 'a.yaml').text, (
            '--- a/a.yaml\n+++ b/a.yaml\n@@ -14,9 +14,9 @@\n'
            ' spec:\n   containers:\n   - name: c0\n'
            '-    image: nginx\n'
            '+    image: r.example.com/hub/library/nginx\n'
            '   - name: c1\n'
            '-    image: redis\n'
            '+    image: r.example.com/hub/library/redis\n'
            ' # line 0\n # line 1\n # line 2\n'))

    def test_nothing_to_show(self):
        """No edit, no diff."""
        self.write('a.yaml', pod('quay.io/x'))
        self.assertEqual(self.rewrite('--diff', 'a.yaml').out, b'')

    def test_like_gnu_diff(self):
        """The hunks are those of `diff -u`."""
        if not shutil.which('diff'):
            self.skipTest('there is no diff')
        for name, text in ODD_TEXTS.items():
            if name in ('folded over lines', 'continued'):
                continue  # diff may keep a line that the tool replaces
            with self.subTest(name):
                self.write('a.yaml', text)
                self.write('b.yaml', self.rewrite('a.yaml').out)
                mine = self.rewrite('--diff', 'a.yaml').out
                other = subprocess.run(
                    ['diff', '-u', 'a.yaml', 'b.yaml'], cwd=self.folder,
                    capture_output=True, check=False).stdout
                self.assertEqual(headers(mine), headers(other))


def headers(diff):
    """The lines of a diff that say where its hunks are; a count of 1 may be
    left out."""
    return [line.replace(b',1 ', b' ') for line in diff.split(b'\n')
            if line.startswith(b'@@ ')]


if __name__ == '__main__':
    main()
