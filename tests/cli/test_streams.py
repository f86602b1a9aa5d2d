"""What goes where: data to standard output, people's text to standard error."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios

from support import DIGEST, HUB, TOOL, ToolTest, main, pod

SUMMARY = re.compile(
    r'imgrewrite: (nothing is written; )?\d+ images? in \d+ of \d+ files? '
    r'(would be )?rewritten, \d+ left alone(, \d+ of them without a reference)?'
    r'(, \d+ skipped)?(, \d+ failed)?')
LIST_SUMMARY = re.compile(
    r'imgrewrite: \d+ images? in \d+ of \d+ files?'
    r'(, \d+ places? without a reference)?(, \d+ failed)?')


class StreamsTest(ToolTest):
    """Standard output is for programs."""

    def setUp(self):
        super().setUp()
        self.write('good/a.yaml', pod('nginx', 'quay.io/acme/api:1'))
        self.write('good/b.yaml', pod('redis', '${IMAGE}'))
        self.write('bad/c.yaml', 'a: [\n')

    def test_one_file(self):
        """The new text, and nothing before or after it."""
        before = self.read('good/a.yaml')
        run = self.rewrite('good/a.yaml')
        self.assertEqual(run.out, before.replace(
            b' nginx\n', b' r.example.com/hub/library/nginx\n'))
        self.assertEqual(self.read('good/a.yaml'), before)

    def test_one_file_without_an_edit(self):
        """A filter hands on what it does not change."""
        self.write('none.yaml', '# nothing here\na:   b')
        self.assertEqual(self.rewrite('none.yaml').out,
                         self.read('none.yaml'))

    def test_no_data_no_output(self):
        """Where there is no data, standard output stays empty."""
        self.assertEqual(self.rewrite('--check', 'good', status=1).out, b'')
        self.assertEqual(self.rewrite('-O', 'out', 'good').out, b'')
        self.assertEqual(self.rewrite('-i', 'good').out, b'')
        self.assertEqual(self.rewrite('--diff', 'good').out, b'')
        self.assertEqual(self.rewrite('bad/c.yaml', status=2).out, b'')

    def test_verbose_keeps_off_standard_output(self):
        """-v speaks on standard error, also of a filter."""
        quiet = self.rewrite('-q', 'good/a.yaml')
        loud = self.rewrite('-v', 'good/a.yaml')
        self.assertEqual(loud.out, quiet.out)
        self.assertEqual(quiet.err, '')

    def test_summary_is_last(self):
        """Whatever else is said, the last line sums up."""
        lock = '--prefix=lock.example.com=r.example.com/lock'
        for status, args in (
                (0, ['good/a.yaml']),
                (0, ['-v', 'good/a.yaml']),
                (0, ['--diff', 'good']),
                (0, ['--diff', '--skip-unparsable', 'good', 'bad']),
                (0, ['-O', 'out', 'good']),
                (0, ['--report', 'r.out', '-O', 'out', 'good']),
                (1, ['--check', 'good']),
                (1, ['--check', '--fail-on-unmatched', 'good']),
                (1, [lock, '--diff', '--fail-on-unused-rule', 'good']),
                (2, ['bad/c.yaml']),
                (2, ['-i', 'good', 'bad']),
                (2, ['-O', 'out2', '--keep-going', 'good', 'bad']),
                (0, ['-i', 'good'])):
            run = self.rewrite(*args, status=status)
            self.assertTrue(SUMMARY.fullmatch(run.last), (args, run.lines))

    def test_list_summary_is_last(self):
        """list counts too."""
        for status, args in ((0, ['good']), (0, ['--unique', 'good']),
                             (0, ['-o', 'json', 'good']),
                             (0, ['-v', 'good']), (2, ['good', 'bad'])):
            run = self.tool('list', *args, status=status)
            self.assertTrue(LIST_SUMMARY.fullmatch(run.last), run.lines)

    def test_summary_counts(self):
        """Edits, files with one, files, and the images left alone."""
        run = self.rewrite('-i', 'good')
        self.assertEqual(run.last, 'imgrewrite: 2 images in 2 of 2 files '
                                   'rewritten, 2 left alone, 1 of them '
                                   'without a reference')
        run = self.rewrite('-i', 'good')
        self.assertEqual(run.last, 'imgrewrite: 0 images in 0 of 2 files '
                                   'rewritten, 4 left alone, 1 of them '
                                   'without a reference')

    def test_summary_of_one(self):
        """One image is no images."""
        run = self.rewrite('good/b.yaml')
        self.assertEqual(run.last, 'imgrewrite: 1 image in 1 of 1 file '
                                   'rewritten, 1 left alone, 1 of them '
                                   'without a reference')

    def test_summary_of_what_is_not_done(self):
        """A preview does not claim to have rewritten anything."""
        for options in (['--diff'], ['--check']):
            run = self.rewrite(*options, 'good',
                               status=int('--check' in options))
            self.assertEqual(run.last, 'imgrewrite: 2 images in 2 of 2 files '
                                       'would be rewritten, 2 left alone, '
                                       '1 of them without a reference')

    def test_summary_of_a_failure(self):
        """It says that nothing is written, and how many files failed."""
        run = self.rewrite('-i', 'good', 'bad', status=2)
        self.assertIn('nothing is written', run.last)
        self.assertIn('1 failed', run.last)
        self.assertIn('of 3 files', run.last)

    def test_summary_of_what_is_skipped(self):
        """Files passed over are counted apart."""
        run = self.rewrite('--check', '--skip-unparsable', 'good', 'bad',
                           status=1)
        self.assertIn('1 skipped', run.last)
        self.assertNotIn('failed', run.last)

    def test_quiet(self):
        """-q leaves errors, and nothing but errors."""
        run = self.rewrite('-q', '--check', '--skip-unparsable', 'good', 'bad',
                           status=1)
        self.assertEqual(run.err, '')
        run = self.rewrite('-q', '-i', 'good', 'bad', status=2)
        self.assertEqual(len(run.lines), 1)
        self.assertEqual(len(run.of('error')), 1)
        self.assertEqual(self.tool('list', '-q', 'good').err, '')

    def test_verbose(self):
        """-v says of every image what becomes of it, and why."""
        run = self.rewrite('-v', '--exclude', 'quay.io', '-O', 'out', 'good')
        new = 'r.example.com/hub/library'
        for line in (
                f'good/a.yaml:8:12: nginx -> {new}/nginx by prefix docker.io',
                'good/a.yaml:10:12: quay.io/acme/api:1 excluded by exclude '
                'quay.io',
                f'good/b.yaml:8:12: redis -> {new}/redis by prefix docker.io',
                'good/b.yaml:10:12: warning: left alone: this is a '
                'placeholder: "${IMAGE}": \'$\' where a letter or digit of a '
                'repository is due; change the value that is filled in'):
            self.assertIn(line, run.lines)

    def test_error_format(self):
        """path:line:column: error: message."""
        run = self.rewrite('--check', 'bad', status=2)
        self.assertRegex(run.lines[0], r'^bad/c\.yaml:2:1: error: \S')

    def test_warnings(self):
        """path:line:column: warning: message; -q leaves them out."""
        self.write('twice.yaml', pod('nginx\n    image: redis'))
        run = self.rewrite('twice.yaml')
        warning, = run.of('warning')
        self.assertEqual(warning[:3], ('twice.yaml', '9', '5'))
        self.assertIn('duplicate', warning.text)
        self.assertIn('line 8', warning.text)
        self.assertEqual(run.out.count(b'r.example.com'), 2)
        self.assertEqual(self.rewrite('-q', 'twice.yaml').err, '')

    def test_all_errors_are_told(self):
        """A run does not stop at the first file that fails."""
        self.write('bad/d.yaml', 'b: "\n')
        self.write('bad/e.yaml', b'c: \xff\n')
        run = self.rewrite('--check', 'bad', 'nowhere.yaml', status=2)
        self.assertEqual([message.path for message in run.of('error')],
                         ['bad/c.yaml', 'bad/d.yaml', 'bad/e.yaml',
                          'nowhere.yaml'])
        self.assertIn('4 failed', run.last)

    def test_refused_edit(self):
        """An edit that cannot be exact is an error at its place."""
        self.write('tag.yaml', pod('!image nginx', f'redis@{DIGEST}'))
        run = self.rewrite('-i', 'tag.yaml', status=2)
        error, = run.of('error')
        self.assertEqual(error[:2], ('tag.yaml', '8'))


class ColorTest(ToolTest):
    """Colours: never in a pipe, unless asked for."""

    def setUp(self):
        super().setUp()
        self.write('a.yaml', pod('nginx'))
        self.write('bad.yaml', 'a: [\n')

    def on_terminal(self, *args, env=None, columns=0):
        """What the tool shows when both its outputs are a terminal."""
        master, slave = pty.openpty()
        if columns > 0:
            fcntl.ioctl(slave, termios.TIOCSWINSZ,
                        struct.pack('HHHH', 24, columns, 0, 0))
        child = subprocess.Popen(
            [TOOL, *args], stdin=subprocess.DEVNULL, stdout=slave,
            stderr=slave, cwd=self.folder,
            env={**os.environ, 'NO_COLOR': '', **(env or {})})
        os.close(slave)
        shown = b''
        try:
            while data := os.read(master, 4096):
                shown += data
        except OSError:
            pass  # the end, on Linux
        child.wait(60)
        os.close(master)
        return shown

    def test_pipe(self):
        """A pipe gets plain text, also with --color auto."""
        for color in ([], ['--color', 'auto'], ['--color', 'never']):
            run = self.rewrite(*color, '--diff', '--keep-going', 'a.yaml',
                               'bad.yaml', status=2)
            self.assertNotIn(b'\033', run.out)
            self.assertNotIn('\033', run.err)

    def test_always(self):
        """--color always colours diff and messages; the text is the same."""
        args = ['--diff', '--keep-going', 'a.yaml', 'bad.yaml']
        plain = self.rewrite(*args, status=2)
        colored = self.rewrite('--color=always', *args, status=2)
        self.assertIn(b'\033[', colored.out)
        self.assertIn('\033[', colored.err)
        self.assertEqual(re.sub(rb'\033\[[0-9;]*m', b'', colored.out),
                         plain.out)
        self.assertEqual(re.sub('\033\\[[0-9;]*m', '', colored.err), plain.err)

    def test_data_is_never_colored(self):
        """A manifest is a manifest."""
        run = self.rewrite('--color=always', 'a.yaml')
        self.assertNotIn(b'\033', run.out)
        run = self.tool('list', '--color=always', 'a.yaml')
        self.assertNotIn(b'\033', run.out)

    def test_terminal(self):
        """A terminal gets colours, unless NO_COLOR or an option says no."""
        args = ['rewrite', *HUB, '--diff', 'a.yaml']
        self.assertIn(b'\033[', self.on_terminal(*args))
        self.assertNotIn(b'\033[', self.on_terminal(*args, '--color=never'))
        self.assertNotIn(b'\033[',
                         self.on_terminal(*args, env={'NO_COLOR': '1'}))
        self.assertIn(b'\033[', self.on_terminal(*args, '--color=always',
                                                 env={'NO_COLOR': '1'}))

    def test_bar(self):
        """--progress always shows a bar, which is gone before any message and
        never gets among data; by itself, no run that is short has one."""
        bar = re.compile(r'\rimgrewrite: \[#*\.*\] \d+ of 2 files '
                         r'(read|written)\033\[K')
        self.write('two/a.yaml', pod('nginx'))
        self.write('two/b.yaml', pod('redis:%', name='other'))
        for command, data in (
                (['list', 'two'], True),
                (['rewrite', *HUB, '--diff', 'two'], True),
                (['rewrite', *HUB, '-O', 'new', 'two'], False),
                (['overlay', *HUB, '--app', 'x', '-O', 'over', 'two'], False)):
            with self.subTest(command=command):
                plain = self.tool(*command, '--progress=auto')
                self.assertNotIn('\r', plain.err)
                with_bar = self.tool(*command, '--progress', 'always')
                self.assertEqual(plain.out, with_bar.out)
                self.assertEqual(bool(plain.out), data)
                self.assertRegex(with_bar.err, bar)
                rest = bar.sub('', with_bar.err).replace('\r\033[K', '')
                self.assertEqual(rest, plain.err)
                for line in with_bar.err.splitlines():
                    last = line.rsplit('\r\033[K')[-1]
                    self.assertNotIn('\r', last)
                quiet = self.tool(*command, '-q', '--progress', 'always')
                self.assertNotIn('\r', quiet.err)

    def test_width(self):
        """A list fits a terminal; of what is too long the ends stay."""
        name = 'registry.example.com/some/where/image'
        path = 'folder/with/a/long/name/and/a/manifest-in-it.yaml'
        self.write(path, pod(f'{name}:1', 'nginx', f'{name}@{DIGEST}',
                             name='"a-pod-that-has-ü-long-name"'))
        whole = self.tool('list', path).text.splitlines()
        self.assertGreater(max(map(len, whole)), 160)
        for columns in (20, 40, 80, 81, 120, 150):
            shown = self.on_terminal('list', '-q', path, columns=columns)
            rows = shown.decode().splitlines()
            self.assertEqual(len(rows), 3)
            self.assertEqual({len(row) <= columns for row in rows}, {True})
            self.assertEqual(max(map(len, rows)), columns)
            for row in rows:
                self.assertIn('…', row)
            if columns >= 80:
                self.assertTrue(rows[1].startswith('nginx  '), rows)
                self.assertTrue(rows[0].startswith('regist'), rows)
                self.assertIn('image:1  ', rows[0])
                self.assertIn('.yaml:8:12  ', rows[0])
                self.assertTrue(rows[0].endswith('image  pod'), rows)
        rows = self.on_terminal('list', '-q', path,
                                columns=500).decode().splitlines()
        self.assertEqual(rows, whole)
        shown = self.on_terminal('list', '-q', '-o', 'tsv', path, columns=20)
        self.assertIn(f'{name}@{DIGEST}'.encode(), shown)
        shown = self.on_terminal('list', '-q', '--unique', path, columns=20)
        self.assertIn(f'{name}@{DIGEST}'.encode(), shown)


if __name__ == '__main__':
    main()
