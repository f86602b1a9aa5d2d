"""rewrite --stream: a filter that does not wait for the end of its input."""

import os
import signal
import subprocess

from support import HUB, TOOL, ToolTest, main, pod

NEW = b'r.example.com/hub/library/nginx'
MARK = b'---\n'
KIND = pod('nginx').encode()


class StreamTest(ToolTest):
    """Documents in, documents out."""

    def stream(self, *words, stdin=b'', status=0):
        """A run of the filter."""
        return self.rewrite('--stream', *words, '-', stdin=stdin,
                            status=status)

    def open_filter(self):
        """A filter whose input stays open."""
        return subprocess.Popen([TOOL, 'rewrite', '--stream', *HUB, '-'],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, bufsize=0)

    def test_same(self):
        """It prints what rewrite prints, of standard input and of a file."""
        text = MARK.join([KIND, b'a: b\n', KIND, b'# \xc3\xa4\n'])
        self.write('a.yaml', text)
        wanted = self.rewrite('a.yaml')
        for run in (self.stream(stdin=text),
                    self.rewrite('--stream', 'a.yaml')):
            self.assertEqual(run.out, wanted.out)
            self.assertIn('2 images in 1 of 1 file rewritten', run.err)

    def test_nothing(self):
        """Nothing becomes nothing."""
        self.assertEqual(self.stream().out, b'')

    def test_prompt(self):
        """What is whole is printed while the input is open."""
        with self.open_filter() as child:
            child.stdin.write(KIND + MARK)
            got = b''
            while len(got) < len(KIND) + len(NEW) - len(b'nginx'):
                got += os.read(child.stdout.fileno(), 1000)
            self.assertEqual(got, KIND.replace(b'nginx', NEW))
            child.stdin.write(KIND)
            child.stdin.close()
            self.assertEqual(child.stdout.read(),
                             MARK + KIND.replace(b'nginx', NEW))

    def test_error(self):
        """A document that fails ends it behind the one before."""
        run = self.stream(stdin=KIND + MARK + b'a: [\n' + MARK + KIND,
                          status=2)
        self.assertEqual(run.out, KIND.replace(b'nginx', NEW))
        lines = len(KIND.splitlines())
        self.assertEqual(run.of('error')[0][:3], ('-', str(lines + 3), '1'))
        self.assertIn(f'ends before byte {len(KIND)} of the input', run.err)

    def test_skipped(self):
        """What is not YAML is printed as it is where that was asked for."""
        text = KIND + MARK + b'a: [\n' + MARK + KIND
        run = self.stream('--skip-unparsable', stdin=text)
        self.assertEqual(run.out, text.replace(b'nginx', NEW))
        self.assertEqual(len(run.of('warning')), 1)

    def test_collision(self):
        """Two images that become one are of two documents."""
        one, two = pod('a/b').encode(), pod('quay.io/a/b').encode()
        rules = ['--prefix', 'quay.io=r.example.com/hub']
        run = self.stream(*rules, stdin=one + MARK + two, status=2)
        self.assertEqual(run.out, one.replace(b'a/b', b'r.example.com/hub/a/b'))
        self.assertIn('which is another image', run.err)
        self.assertEqual(self.stream(*rules, '--allow-collisions',
                                     stdin=one + MARK + two).out.count(
                                         b'r.example.com/hub/a/b'), 2)

    def test_limits(self):
        """--max-size is for a document, not for the stream."""
        size = str(len(KIND) + len(MARK))
        self.assertIn(NEW, self.stream('--max-size', size,
                                       stdin=MARK.join([KIND] * 5)).out)
        run = self.stream('--max-size', size, stdin=KIND + MARK + 2 * KIND,
                          status=2)
        self.assertIn('this document has more than', run.err)

    def test_usage(self):
        """It is an output of its own."""
        self.write('a.yaml', KIND)
        for words in (['--diff'], ['--check'], ['-i'], ['-O', 'out'],
                      ['--report', 'r'], ['--keep-going'], ['a.yaml'], ['.']):
            run = self.rewrite('--stream', 'a.yaml', *words, status=2)
            self.assertIn('--stream prints', run.err)
        self.assertEqual(os.listdir(self.folder), ['a.yaml'])

    def test_unreadable(self):
        """A file that is not there, and a folder."""
        for path in ('no.yaml', './'):
            run = self.rewrite('--stream', path, status=2)
            self.assertEqual(len(run.of('error')), 1, run.err)

    def test_statuses(self):
        """The options that make a status of what was found work."""
        for option, text in (('--fail-on-unmatched', pod('quay.io/x')),
                             ('--fail-on-unused-rule', pod('quay.io/x')),
                             ('--fail-on-possible',
                              'kind: X\nimage: {x: quay.io/a/b:1}\n')):
            self.stream(option, stdin=text.encode(), status=1)

    def test_interrupted(self):
        """A signal ends it, and no half of a document is printed."""
        with self.open_filter() as child:
            child.stdin.write(KIND + MARK + KIND)
            got = os.read(child.stdout.fileno(), 1000)
            child.send_signal(signal.SIGTERM)
            self.assertEqual(child.wait(), -signal.SIGTERM)
            self.assertTrue(
                KIND.replace(b'nginx', NEW).startswith(got) or
                got == KIND.replace(b'nginx', NEW))

    def test_output_that_is_closed(self):
        """Nobody reads on: that is an error, and no crash."""
        with self.open_filter() as child:
            child.stdout.close()
            try:
                child.stdin.write(MARK.join([KIND] * 1000))
                child.stdin.close()
            except BrokenPipeError:
                pass
            self.assertIn(child.wait(), (2, -signal.SIGPIPE))

    def measure(self, count):
        """The most memory, in kilobytes, for so many thousand documents."""
        part = MARK.join([KIND] * 1000) + MARK
        # freed memory is kept for a while by a sanitizer
        settings = {**os.environ, 'ASAN_OPTIONS': 'quarantine_size_mb=1'}
        with open(os.devnull, 'wb') as sink, subprocess.Popen(
                [TOOL, 'rewrite', '--stream', '-q', *HUB, '-'],
                stdin=subprocess.PIPE, stdout=sink, env=settings) as child:
            for _ in range(count):
                child.stdin.write(part)
            child.stdin.close()
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(child.returncode, 0)
        return usage.ru_maxrss

    def test_full_disk(self):
        """What was not taken is no part of the result."""
        with open('/dev/full', 'wb') as full:
            run = subprocess.run([TOOL, 'rewrite', '--stream', *HUB, '-'],
                                 input=KIND, stdout=full, check=False,
                                 stderr=subprocess.PIPE)
        self.assertEqual(run.returncode, 2)
        self.assertIn(b'ends before byte 0 of the input', run.stderr)
        self.assertIn(b'standard output cannot be written', run.stderr)

    def test_memory(self):
        """Ten times the text takes no more memory."""
        self.assertLess(self.measure(200), self.measure(20) + (4 << 10))


if __name__ == '__main__':
    main()
