"""What the tool reads: standard input, odd files, files that are no YAML."""

import fcntl
import os
import subprocess
import termios
import threading
import time

from support import HUB, TOOL, ToolTest, main, pod, snapshot

NEW = b'r.example.com/hub/library/nginx'


class StandardInputTest(ToolTest):
    """`-` is standard input."""

    def test_filter(self):
        """Text in, text out."""
        text = pod('nginx').encode()
        run = self.rewrite('-', stdin=text)
        self.assertEqual(run.out, text.replace(b'nginx', NEW))

    def test_errors(self):
        """Places in it are called `-`."""
        run = self.rewrite('-', stdin=b'a: [\n', status=2)
        self.assertEqual(run.of('error')[0][:3], ('-', '2', '1'))
        self.assertEqual(run.out, b'')

    def test_empty(self):
        """Nothing becomes nothing."""
        self.assertEqual(self.rewrite('-').out, b'')

    def test_not_written_back(self):
        """There is no file to replace, and no name for one."""
        for output in (['-i'], ['-O', 'out']):
            run = self.rewrite(*output, '-', stdin=pod('nginx').encode(),
                               status=2)
            self.assertIn('standard input', run.err)
            self.assertEqual(os.listdir(self.folder), [])

    def test_preview(self):
        """--check and --diff work, together with files too."""
        self.write('a.yaml', pod('redis'))
        run = self.rewrite('--check', '--diff', '-', 'a.yaml',
                           stdin=pod('nginx').encode(), status=1)
        self.assertIn(b'+++ b/-\n', run.out)
        self.assertIn(b'+++ b/a.yaml\n', run.out)

    def test_list(self):
        """list takes it as well."""
        run = self.tool('list', '-o', 'tsv', '-',
                        stdin=pod('nginx').encode())
        self.assertTrue(run.out.startswith(b'nginx\t-\t8\t12\tPod\tweb\t'))

    def test_file_called_minus(self):
        """`./-` is a file like any other."""
        self.write('-', pod('nginx'))
        self.assertIn(NEW, self.rewrite('./-', stdin=b'a: [').out)

    def test_large(self):
        """More than a pipe holds, both ways."""
        text = '---\n'.join(pod('nginx', name=f'p{i}')
                            for i in range(5000)).encode()
        run = self.rewrite('-', stdin=text)
        self.assertEqual(run.out, text.replace(b'nginx', NEW))


class TextTest(ToolTest):
    """Texts that are odd but fine are handed on byte for byte."""

    def same(self, data, name='odd.yaml'):
        """That a text without an image is left alone in every way."""
        self.write(name, data)
        self.assertEqual(self.rewrite(name).out, data)
        before = snapshot(self.folder)
        self.assertEqual(self.rewrite('--diff', name).out, b'')
        self.rewrite('--check', name)
        self.rewrite('-i', name)
        self.tool('list', name)
        self.check_untouched(before)

    def test_nothing(self):
        """Empty, blank, comments only, markers only."""
        for text in (b'', b'\n', b'   \n\n', b'# only\n# comments\n',
                     b'# no line feed', b'---\n', b'---\n---\n', b'--- # x\n',
                     b'---\n...\n', b'\xef\xbb\xbf', b'\xef\xbb\xbf# BOM\n',
                     b'null\n', b'{}', b'[]\n', b'image\n', b'\r\n\r\n'):
            with self.subTest(text):
                self.same(text)

    def test_empty_json(self):
        """A JSON file of no bytes is no JSON, but no harm either."""
        self.same(b'', 'empty.json')

    def test_blanks_and_ends_are_kept(self):
        """Trailing blanks, blank lines, tabs in comments, CRLF, no end."""
        for text in (b'a:   b   \n\n\n#\tx\n', b'a: b\r\nc: d\r\n',
                     b'a: b\r\nc: d\ne: f', b'a: "\xc3\xbc"\n'):
            with self.subTest(text):
                self.same(text)

    def edited(self, text, name='odd.yaml'):
        """That an image is replaced and every other byte is kept."""
        data = text if isinstance(text, bytes) else text.encode()
        self.write(name, data)
        self.assertEqual(self.rewrite(name).out, data.replace(b'nginx', NEW))
        self.rewrite('-i', name)
        self.assertEqual(self.read(name), data.replace(b'nginx', NEW))

    def test_line_ends(self):
        """Line feeds, carriage returns, and none at the end."""
        text = pod('nginx', name='"web"  # x')
        self.edited(text)
        self.edited(text.replace('\n', '\r\n'))
        self.edited(text.rstrip('\n'))
        self.edited('\ufeff' + text)

    def test_many_documents(self):
        """Between markers, comments and ends."""
        text = pod('nginx')
        self.edited(f'# x\n---\n{text}---\n\n---\n{text}...\n---\n{text}')

    def test_json(self):
        """JSON is YAML."""
        self.edited('{"kind":"Pod","apiVersion":"v1",\n\t"spec":{"containers":'
                    '[{"image":"nginx"}]}}', 'pod.json')

    def test_several_errors_deep(self):
        """A thousand levels are refused, not a crash."""
        self.write('deep.yaml', '[' * 100000)
        run = self.rewrite('deep.yaml', status=2)
        self.assertEqual(run.of('error')[0].path, 'deep.yaml')

    def test_aliases_that_explode(self):
        """A few lines that stand for a billion nodes are refused."""
        lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
        for i in range(1, 10):
            ten = ', '.join([f'*a{i - 1}'] * 10)
            lines.append(f'a{i}: &a{i} [{ten}]')
        self.write('bomb.yaml', pod('nginx') + '\n'.join(lines) + '\n')
        run = self.rewrite('bomb.yaml', status=2)
        self.assertEqual(run.of('error')[0].path, 'bomb.yaml')


class MalformedTest(ToolTest):
    """What is no YAML."""

    def setUp(self):
        super().setUp()
        self.copy_fixture('broken')

    def test_place(self):
        """Every error has a line and a column."""
        for name, line, column in (('open.yaml', '5', '1'),
                                   ('latin1.yaml', '2', '21')):
            run = self.rewrite('--check', f'broken/{name}', status=2)
            error, = run.of('error')
            self.assertEqual(error[:3], (f'broken/{name}', line, column))

    def test_columns_are_characters(self):
        """A byte more in the line is no column more."""
        self.write('a.yaml', 'ü: "\\q"\n')
        self.write('b.yaml', 'u: "\\q"\n')
        run = self.rewrite('--check', 'a.yaml', 'b.yaml', status=2)
        one, other = run.of('error')
        self.assertEqual(one.column, other.column)

    def test_template(self):
        """A Helm template is called so, with what to do about it."""
        run = self.rewrite('--check', 'broken/chart.yaml', status=2)
        error, = run.of('error')
        self.assertEqual(error.line, '6')
        for word in ('Helm template', 'render it first'):
            self.assertIn(word, error.text)

    def test_braces_elsewhere(self):
        """Only what is no YAML is called a template."""
        self.write('ok.yaml', pod('nginx') + '# {{ x }}\n')
        self.assertIn(NEW, self.rewrite('ok.yaml').out)

    def test_encodings(self):
        """Other encodings are refused by name or by place."""
        text = pod('nginx')
        for data, word in ((text.encode('utf-16'), 'UTF-16'),
                           (text.encode('utf-16-be'), 'NUL'),
                           (b'\xfe\xff' + text.encode('utf-16-be'), 'UTF-16'),
                           (text.encode() + b'# \xff\n', 'UTF-8'),
                           (text.encode() + b'# \xed\xa0\x80\n', 'UTF-8'),
                           (text.encode() + b'\xc3', 'UTF-8')):
            with self.subTest(data[-8:]):
                self.write('a.yaml', data)
                run = self.rewrite('a.yaml', status=2)
                error, = run.of('error')
                self.assertIn(word, error.text)
                self.assertIsNotNone(error.line)

    def test_zero_byte(self):
        """A NUL is no text; it must not end the file silently."""
        self.write('a.yaml', pod('nginx').encode() + b'\0' + b'a: b\n')
        run = self.rewrite('a.yaml', status=2)
        self.assertEqual(run.of('error')[0][:3], ('a.yaml', '9', '1'))

    def test_skip_unparsable(self):
        """A warning, status 0, and the others are done."""
        self.write('good.yaml', pod('nginx'))
        before = snapshot(self.path('broken'))
        run = self.rewrite('-i', '--skip-unparsable', 'broken', 'good.yaml')
        self.assertEqual([message.path for message in run.of('warning')],
                         ['broken/chart.yaml', 'broken/latin1.yaml',
                          'broken/open.yaml'])
        self.assertTrue(all(message.line for message in run.of('warning')))
        self.assertEqual(run.of('error'), [])
        self.assertIn('Helm template', run.err)
        self.assertIn('3 skipped', run.last)
        self.assertIn(NEW, self.read('good.yaml'))
        self.check_untouched(before, self.path('broken'))

    def test_skip_on_standard_output(self):
        """What a filter passes over, it still hands on."""
        for paths, stdin in ((['broken/open.yaml'], b''), (['-'], b'a: [\n')):
            run = self.rewrite('--skip-unparsable', *paths, stdin=stdin)
            want = stdin or self.read('broken/open.yaml')
            self.assertEqual(len(run.of('warning')), 1)
            self.assertEqual(run.out, want, paths)

    def test_skip_forgives_nothing_else(self):
        """A file that cannot be read, or an edit refused, is an error."""
        self.write('tag.yaml', pod('!image nginx'))
        for path in ('nowhere.yaml', 'tag.yaml'):
            run = self.rewrite('--check', '--skip-unparsable', path, status=2)
            self.assertEqual(run.of('error')[0].path, path)

    def test_list_skips(self):
        """list has the option too."""
        self.tool('list', 'broken', status=2)
        run = self.tool('list', '--skip-unparsable', 'broken')
        self.assertEqual(len(run.of('warning')), 3)


class SizeTest(ToolTest):
    """--max-size."""

    def test_limit(self):
        """The limit itself is allowed, a byte more is not."""
        text = pod('nginx').encode()
        self.write('a.yaml', text)
        self.rewrite(f'--max-size={len(text)}', 'a.yaml')
        self.rewrite(f'--max-size={len(text)}', '-', stdin=text)
        for path in ('a.yaml', '-'):
            run = self.rewrite(f'--max-size={len(text) - 1}', path,
                               stdin=text, status=2)
            error, = run.of('error')
            self.assertEqual(error.path, path)
            self.assertIn(str(len(text) - 1), error.text)

    def test_units(self):
        """K, M and G are powers of 1024."""
        self.write('a.yaml', pod('nginx') + '#' * 2000 + '\n')
        for size, status in (('1K', 2), ('3K', 0), ('1M', 0), ('1G', 0),
                             ('1024', 2), ('1073741824', 0)):
            self.rewrite(f'--max-size={size}', 'a.yaml', status=status)

    def test_not_unparsable(self):
        """Too large is not the same as no YAML."""
        self.write('a.yaml', pod('nginx'))
        self.rewrite('--max-size=10', '--skip-unparsable', '--check',
                     'a.yaml', status=2)

    def test_default(self):
        """64 MiB, by file; a sparse file costs nothing to make."""
        path = self.write('a.yaml', '')
        os.truncate(path, (64 << 20) + 1)
        run = self.rewrite('a.yaml', status=2)
        self.assertIn(str(64 << 20), run.of('error')[0].text)


class SpecialFileTest(ToolTest):
    """Paths that are no regular files."""

    def feed(self, path, data):
        """Fills a FIFO, and closes it when all has been read."""
        os.mkfifo(path)
        fifo = os.open(path, os.O_RDWR)
        os.write(fifo, data)

        def close_when_read():
            size = b'more'
            while any(size):
                time.sleep(0.01)
                size = fcntl.ioctl(fifo, termios.FIONREAD, bytes(4))
            os.close(fifo)
        thread = threading.Thread(target=close_when_read)
        thread.start()
        self.addCleanup(thread.join, 10)

    def test_fifo(self):
        """What a shell's <(command) gives can be read."""
        self.feed(self.path('pipe'), pod('nginx').encode())
        self.assertIn(NEW, self.rewrite('pipe').out)

    def test_fifo_in_a_folder(self):
        """A walk does not wait at a FIFO."""
        os.mkdir(self.path('dir'))
        os.mkfifo(self.path('dir/pipe.yaml'))
        run = self.rewrite('--check', 'dir')
        self.assertIn('of 0 files', run.last)

    def test_fifo_is_not_replaced(self):
        """In place makes no sense where nothing stays."""
        self.feed(self.path('pipe'), pod('nginx').encode())
        before = snapshot(self.folder)['pipe'][:2]
        self.rewrite('-i', 'pipe', status=2)
        self.assertEqual(snapshot(self.folder)['pipe'][:2], before)

    def test_device(self):
        """/dev/null is an empty file."""
        self.assertEqual(self.rewrite('/dev/null').out, b'')

    def test_missing(self):
        """What is not there is named."""
        run = self.rewrite('--check', 'no/such.yaml', status=2)
        error, = run.of('error')
        self.assertEqual(error.path, 'no/such.yaml')
        self.assertIn('No such file', error.text)

    def test_closed_standard_input(self):
        """A closed standard input is an error, and nothing else breaks."""
        command = subprocess.run(
            ['sh', '-c', 'exec "$@" <&-', 'sh', TOOL, 'rewrite', *HUB, '-'],
            capture_output=True, cwd=self.folder, timeout=60, check=False)
        self.assertEqual(command.returncode, 2)
        self.assertIn(b'-: error: ', command.stderr)


if __name__ == '__main__':
    main()
