"""resolve: what references become, without any manifest."""

import json

from support import DIGEST, HUB, ToolTest, main

NGINX = 'r.example.com/hub/library/nginx'


class ResolveTest(ToolTest):
    """References as arguments and on standard input."""

    def resolve(self, *args, **options):
        """Runs resolve with a rule for docker.io."""
        return self.tool('resolve', *HUB, *args, **options)

    def test_order(self):
        """One a line, in the order given, repeated where repeated."""
        run = self.resolve('nginx', 'quay.io/x:1', 'nginx', f'a/b@{DIGEST}',
                           'nginx:1')
        self.assertEqual(run.text, (
            f'{NGINX}\nquay.io/x:1\n{NGINX}\n'
            f'r.example.com/hub/a/b@{DIGEST}\n{NGINX}:1\n'))
        self.assertEqual(run.err, '')

    def test_standard_input(self):
        """`-` reads a reference a line, also without the last line feed."""
        run = self.resolve('-', stdin=b'nginx\nquay.io/x\nredis')
        self.assertEqual(run.text, f'{NGINX}\nquay.io/x\n'
                                   'r.example.com/hub/library/redis\n')

    def test_line_ends(self):
        """Windows line ends and empty lines are no references."""
        run = self.resolve('-', stdin=b'nginx\r\n\r\n\nnginx:1\r\n')
        self.assertEqual(run.text, f'{NGINX}\n\n\n{NGINX}:1\n')

    def test_a_line_for_a_line(self):
        """Comments and empty lines come out as they are, at their place."""
        run = self.resolve('-', stdin=b'# Images\n\nnginx\n  # more: a/b\n \t\n'
                                      b'#\nnginx:1\n#last')
        self.assertEqual(run.text, f'# Images\n\n{NGINX}\n  # more: a/b\n \t\n'
                                   f'#\n{NGINX}:1\n#last\n')
        self.assertEqual(run.err, '')
        run = self.resolve('-v', '-', stdin=b'# a\nnginx\n\n')
        self.assertEqual([line.split('\t')[0]
                          for line in run.text.splitlines()],
                         ['# a', NGINX, ''])
        run = self.resolve('-o', 'json', '-', stdin=b'# a\n\nnginx\n')
        self.assertEqual([item['old'] for item in json.loads(run.out)],
                         ['nginx'])

    def test_pasted_together(self):
        """`paste` finds each result beside its line, errors included."""
        lines = ['nginx', 'Bad', '', '# c', '{{ x }}', 'quay.io/x', ' a']
        run = self.resolve('-', stdin='\n'.join(lines).encode(), status=2)
        self.assertEqual(run.text.split('\n')[:-1],
                         [NGINX, *lines[1:]])
        self.assertEqual([error.line for error in run.of('error')],
                         ['2', '5', '7'])

    def test_arguments_and_standard_input(self):
        """`-` stands among the others where it was put."""
        run = self.resolve('nginx:1', '-', 'nginx:3', stdin=b'nginx:2\n')
        self.assertEqual(run.text, ''.join(f'{NGINX}:{i}\n'
                                           for i in (1, 2, 3)))

    def test_empty_standard_input(self):
        """Nothing in, nothing out."""
        run = self.resolve('-')
        self.assertEqual((run.out, run.err), (b'', ''))

    def test_errors_on_their_lines(self):
        """What is no reference is an error; the others are printed."""
        run = self.resolve('-', stdin=b'nginx\nBad\n\n a\nnginx:1\nx:y:z\n',
                           status=2)
        self.assertEqual(run.text, f'{NGINX}\nBad\n\n a\n{NGINX}:1\nx:y:z\n')
        self.assertEqual([error[:3] for error in run.of('error')],
                         [('-', '2', '1'), ('-', '4', '1'), ('-', '6', '4')])
        self.assertEqual(len(run.lines), 3)

    def test_errors_among_arguments(self):
        """Arguments are counted like lines."""
        run = self.resolve('nginx', 'Bad', '', 'nginx:1', 'a b', status=2)
        self.assertEqual(run.text, f'{NGINX}\n{NGINX}:1\n')
        self.assertEqual([error.line for error in run.of('error')],
                         ['2', '3', '5'])

    def test_errors_behind_standard_input(self):
        """An argument is no line of standard input."""
        run = self.resolve('nginx', '-', 'Bad', stdin=b'a\nb\n', status=2)
        error, = run.of('error')
        self.assertNotEqual(error.path, '-')

    def test_binary_input(self):
        """Bytes that are no text are errors on their lines."""
        run = self.resolve('-', stdin=b'nginx\n\xff\xfe\na\0b\nnginx:1\n',
                           status=2)
        self.assertEqual(run.out, NGINX.encode() + b'\n\xff\xfe\na\0b\n'
                         + NGINX.encode() + b':1\n')
        self.assertEqual([error.line for error in run.of('error')],
                         ['2', '3'])

    def test_long_line(self):
        """A megabyte on one line is no reference."""
        run = self.resolve('-', stdin=b'a' * (1 << 20) + b'\nnginx\n',
                           status=2)
        self.assertEqual(run.text, 'a' * (1 << 20) + f'\n{NGINX}\n')
        error, = run.of('error')
        self.assertEqual(error.line, '1')
        self.assertLess(len(run.err), 1000)

    def test_placeholders(self):
        """What a manifest may hold, but no registry would take."""
        for text in ('{{ .Values.image }}', '$(X)', '*', ' ', 'nginx '):
            self.resolve(text, status=2)

    def test_verbose(self):
        """-v adds the rules, and why, after tabs."""
        run = self.resolve('-v', '--image=nginx=acme/web', 'nginx', 'quay.io/x',
                           '--exclude=redis', 'redis')
        rows = [line.split('\t') for line in run.text.splitlines()]
        self.assertEqual(rows, [
            ['r.example.com/hub/acme/web', 'image nginx, prefix docker.io',
             'its full name is docker.io/library/nginx; an override of nginx '
             'sets newName acme/web; the longest prefix that it has is '
             'docker.io, which puts it under r.example.com/hub'],
            ['quay.io/x', '', 'its full name is quay.io/x; no rule speaks of '
             'it'],
            ['redis', 'exclude redis', 'its full name is '
             'docker.io/library/redis; it is excluded with all under '
             'docker.io/redis']])

    def test_json(self):
        """Old, new and rules; errors are left out."""
        run = self.resolve('-o', 'json', 'nginx', 'Bad', 'quay.io/x', status=2)
        self.assertEqual(json.loads(run.out), [
            {'old': 'nginx', 'new': NGINX, 'rules': ['prefix docker.io']},
            {'old': 'quay.io/x', 'new': 'quay.io/x', 'rules': []}])
        self.assertEqual(len(run.of('error')), 1)

    def test_json_of_nothing(self):
        """Also when there is nothing, it is JSON."""
        self.assertEqual(json.loads(self.resolve('-o', 'json', '-').out), [])
        run = self.resolve('-o', 'json', 'Bad', status=2)
        self.assertEqual(json.loads(run.out), [])

    def test_json_from_both(self):
        """One list for arguments and standard input together."""
        run = self.resolve('-o', 'json', 'a', '-', 'd', stdin=b'b\nc\n')
        self.assertEqual([item['old'] for item in json.loads(run.out)],
                         ['a', 'b', 'c', 'd'])

    def test_as_rewrite_does(self):
        """resolve is rewrite without the manifest."""
        names = ['nginx', 'quay.io/x:1', f'a/b:1@{DIGEST}', 'h:5000/x']
        self.write('a.yaml', 'kind: Pod\nspec:\n  containers:\n' + ''.join(
            f'  - image: {name}\n' for name in names))
        self.write('b.yaml', self.rewrite('a.yaml').out)
        listed = self.tool('list', '-o', 'tsv', 'b.yaml').text
        self.assertEqual(self.resolve(*names).text.splitlines(),
                         [row.split('\t')[0] for row in listed.splitlines()])

    def test_result_of_a_rule(self):
        """A result that would be no reference names the rule."""
        run = self.tool('resolve', '--prefix=docker.io/library/nginx=h.io',
                        'redis', 'nginx', status=2)
        self.assertEqual(run.text, 'redis\n')
        error, = run.of('error')
        self.assertEqual(error.line, '2')
        self.assertIn('prefix docker.io/library/nginx', error.text)

    def test_quiet(self):
        """-q leaves out warnings, and errors stay."""
        rules = ['--image=b=c', '--image=a=b']
        self.assertEqual(self.tool('resolve', '-q', *rules, 'a').err, '')
        self.assertNotEqual(self.tool('resolve', *rules, 'a').err, '')
        self.assertEqual(len(self.resolve('-q', 'Bad', status=2).lines), 1)


if __name__ == '__main__':
    main()
