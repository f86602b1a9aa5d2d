"""Outputs that cannot be written: full disks, closed streams, limits."""

import json
import os
import resource
import signal
import subprocess
import unittest

from support import HUB, TOOL, ToolTest, main, pod, snapshot

NEW = b'r.example.com/hub/library/nginx'
FULL = '/dev/full'


def limit_files(size):
    """What a child does to get EFBIG from writes after `size` bytes."""
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    return limit


@unittest.skipUnless(os.path.exists(FULL), 'there is no /dev/full')
class FullDiskTest(ToolTest):
    """A disk without room, as /dev/full."""

    def setUp(self):
        super().setUp()
        self.write('a.yaml', pod('nginx'))
        self.write('large.yaml', pod('nginx') + '# x\n' * 100000)

    def fill(self, *args, stdin=b''):
        """Runs the tool with a full standard output."""
        with open(FULL, 'wb') as full:
            run = self.tool(*args, stdout=full, stdin=stdin, status=2)
        self.assertIn('standard output cannot be written', run.err)
        self.assertIn('No space left', run.err)

    def test_standard_output(self):
        """Every command that prints notices, with little text and much."""
        for args in (['rewrite', *HUB, 'a.yaml'],
                     ['rewrite', *HUB, 'large.yaml'],
                     ['rewrite', *HUB, '--diff', 'a.yaml', 'large.yaml'],
                     ['rewrite', *HUB, '--diff', '--color=always', 'a.yaml'],
                     ['rewrite', *HUB, '--check', '--report=-', 'a.yaml'],
                     ['list', 'a.yaml'], ['list', '-o', 'json', 'a.yaml'],
                     ['list', '-o', 'tsv', 'a.yaml'],
                     ['list', '--unique', 'a.yaml'],
                     ['resolve', *HUB, 'nginx'],
                     ['resolve', *HUB, '-o', 'json', 'nginx'],
                     ['help'], ['help', 'rewrite'], ['--version']):
            with self.subTest(args):
                self.fill(*args)

    def test_told_once(self):
        """Hundreds of files that are not taken are one line, with the reason;
        so are those of a terminal that standard error may be."""
        for number in range(300):
            self.write(f'many/{number}.yaml', pod('nginx') + '# x\n' * 2000)
        for args in (['rewrite', *HUB, '--diff', 'many'],
                     ['rewrite', *HUB, '--diff', '--color=always', 'many'],
                     ['rewrite', *HUB, '--check', '--report=-', 'many'],
                     ['rewrite', *HUB, '--check', '--report', FULL, 'many'],
                     ['list', 'many'], ['list', '-o', 'json', 'many'],
                     ['list', '-o', 'tsv', 'many']):
            with self.subTest(args), open(FULL, 'wb') as full:
                run = self.tool(*args, stdout=full, status=2)
                self.assertEqual(run.err.count('error'), 1, run.err[:2000])
                self.assertIn('cannot be written: No space left', run.err)

    def test_report(self):
        """A report that does not fit is an error, and named."""
        for output in ('--check', '-i'):
            run = self.rewrite(output, '--report', FULL, 'a.yaml', status=2)
            self.assertIn(FULL, run.err)
            self.assertIn('No space left', run.err)

    def test_nothing_to_print(self):
        """A full standard output is no trouble for who prints nothing."""
        with open(FULL, 'wb') as full:
            self.rewrite('-i', 'a.yaml', stdout=full)
        self.assertIn(NEW, self.read('a.yaml'))


class LimitTest(ToolTest):
    """A disk that is full in the middle of a run."""

    def setUp(self):
        super().setUp()
        self.write('dir/a.yaml', pod('nginx'))
        self.write('dir/large.yaml', pod('nginx') + '# x\n' * 20000)
        self.write('dir/z.yaml', pod('nginx'))

    def test_in_place(self):
        """One file does not fit, so none is replaced."""
        before = snapshot(self.folder)
        for options in ([], ['--keep-going']):
            run = self.rewrite('-i', *options, 'dir', status=2,
                               prepare=limit_files(50000))
            error, = run.of('error')
            self.assertEqual(error.path, 'dir/large.yaml')
            self.assertIn('File too large', error.text)
            self.assertIn('nothing is written', run.last)
            self.check_untouched(before)

    def test_out_dir(self):
        """Nor is any file made."""
        self.rewrite('-O', 'out', 'dir', status=2,
                     prepare=limit_files(50000))
        files = [state for state in snapshot(self.path('out')).values()
                 if state.data is not None]
        self.assertEqual(files, [])

    def test_too_many_files(self):
        """Few descriptors are enough, for files are closed when read."""
        for i in range(100):
            self.write(f'dir/{i}.yaml', pod('nginx'))

        def limit():
            resource.setrlimit(resource.RLIMIT_NOFILE, (24, 24))
        self.rewrite('-i', '-j4', 'dir', prepare=limit)
        self.assertIn(NEW, self.read('dir/99.yaml'))


class ClosedTest(ToolTest):
    """Streams that are closed from the start, so that a file that is opened
    gets their number."""

    def setUp(self):
        super().setUp()
        self.write('a.yaml', pod('nginx'))
        self.write('b.yaml', 'a: [\n')
        self.want = self.rewrite('a.yaml').out

    def closed(self, streams, *args):
        """The status of a run with some streams closed."""
        done = subprocess.run(
            ['sh', '-c', f'exec "$@" {streams}', 'sh', TOOL, *args],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, cwd=self.folder, timeout=60,
            check=False)
        self.check_no_temporary_files()
        return done.returncode

    def test_in_place(self):
        """No message ends up in a manifest."""
        for streams in ('<&-', '>&-', '2>&-', '<&- >&- 2>&-'):
            for options in (['-q'], ['-v']):
                with self.subTest((streams, options)):
                    self.write('a.yaml', pod('nginx'))
                    status = self.closed(streams, 'rewrite', *HUB, *options,
                                         '-i', '-j1', 'a.yaml')
                    self.assertEqual(status, 0)
                    self.assertEqual(self.read('a.yaml'), self.want)

    def test_report(self):
        """Nor in a report."""
        self.closed('<&- >&- 2>&-', 'rewrite', *HUB, '-v', '--keep-going',
                    '-i', '--report', 'r.json', 'a.yaml', 'b.yaml')
        report = self.read('r.json')
        self.assertTrue(report.startswith(b'{"version": 1'))
        self.assertTrue(report.endswith(b'}\n'))
        self.assertEqual(self.read('a.yaml'), self.want)

    def test_report_and_warnings(self):
        """Nor do warnings end up in a report."""
        self.write('w.yaml', pod('nginx') + '    image: redis\n')
        for streams in ('2>&-', '<&- 2>&-', '>&- 2>&-'):
            self.closed(streams, 'rewrite', *HUB, '--check', '--report',
                        'r.json', 'w.yaml')
            json.loads(self.read('r.json'))

    def test_text(self):
        """What is to be printed and cannot be is an error."""
        self.assertEqual(self.closed('>&-', 'rewrite', *HUB, 'a.yaml'), 2)
        self.assertEqual(self.closed('>&-', 'list', 'a.yaml'), 2)

    def test_pipe_that_nobody_reads(self):
        """`imgrewrite list | head -1` ends quietly."""
        self.write('many.yaml', ''.join(
            '---\n' + pod('nginx', name=f'p{i}') for i in range(20000)))
        done = subprocess.run(
            ['sh', '-c', '"$@" | head -n 1', 'sh', TOOL, 'list', '-q',
             'many.yaml'], capture_output=True, cwd=self.folder, timeout=60,
            check=False)
        self.assertEqual(done.stdout.count(b'\n'), 1)
        self.assertEqual(done.stderr, b'')


if __name__ == '__main__':
    main()
