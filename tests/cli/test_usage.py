"""The command line itself: help, and everything it does not take."""

import itertools

from support import HUB, ToolTest, main, pod, snapshot

OUTPUTS = {
    '-i': ['-i'],
    '-O': ['-O', 'out'],
    '--diff': ['--diff'],
    '--check': ['--check'],
}

# Options of the contract, by command, that `help` has to know.
OPTIONS = {
    'rewrite': [
        '--prefix', '--image', '--exclude', '-i', '--in-place', '-O',
        '--out-dir', '--diff', '--check', '--report', '-j', '-q', '-v',
        '--color', '--proof', '--keep-going',
        '--skip-unparsable', '--allow-collisions', '--fail-on-unmatched',
        '--fail-on-unused-rule', '--max-size', '--help'],
    'list': ['--prefix', '--rules', '-o', '--unique', '--skip-unparsable', '--max-size', '-j',
             '-q', '-v', '--color', '--help'],
    'resolve': ['--prefix', '--image', '--exclude', '-o', '-q', '-v',
                '--color', '--help'],
}


class UsageTest(ToolTest):
    """A usage error says what is wrong, and does nothing."""

    def setUp(self):
        super().setUp()
        self.write('a.yaml', pod('nginx'))
        self.write('b.yaml', pod('redis'))
        self.write('dir/c.yaml', pod('httpd'))

    def refuse(self, *args, words=()):
        """Runs the tool, which has to say each of `words` and no more."""
        before = snapshot(self.folder)
        run = self.tool(*args, status=2)
        self.assertEqual(run.out, b'', args)
        self.assertEqual(len(run.lines), 1, run.err)
        self.assertTrue(run.last.startswith('imgrewrite: error: '), run.last)
        for word in words:
            self.assertIn(word, run.last, args)
        self.check_untouched(before)

    def test_no_rule(self):
        """Without a rule there is nothing to do, and that is a mistake."""
        self.refuse('rewrite', 'a.yaml', words=['rule', '--prefix'])
        self.refuse('rewrite', '-i', 'dir', words=['rule', '--image'])
        self.refuse('resolve', 'nginx', words=['rule', '--prefix'])

    def test_exclude_is_no_rule(self):
        """An exclude alone changes nothing, so it does not count."""
        self.refuse('rewrite', '--exclude', 'quay.io', 'a.yaml',
                    words=['rule'])
        self.refuse('resolve', '--exclude', 'quay.io', 'nginx',
                    words=['rule'])

    def test_no_path(self):
        """Standard input is read only when `-` asks for it."""
        self.refuse('rewrite', *HUB, words=['PATH'])
        self.refuse('list', words=['PATH'])
        self.refuse('resolve', *HUB, words=['REFERENCE'])

    def test_several_files_need_an_output(self):
        """What cannot go to standard output names the ways out."""
        ways = ['--in-place', '--out-dir', '--diff', '--check']
        for paths in (['dir'], ['a.yaml', 'b.yaml'], ['-', 'a.yaml'],
                      ['dir', 'a.yaml'], ['dir/'], ['.']):
            self.refuse('rewrite', *HUB, *paths, words=ways)

    def test_a_report_is_no_output(self):
        """--report adds to an output and does not replace one."""
        self.refuse('rewrite', *HUB, '--report', 'r.json', 'dir',
                    words=['--in-place'])

    def test_conflicting_outputs(self):
        """Any two outputs conflict, but for --check with --diff."""
        for one, other in itertools.combinations(OUTPUTS, 2):
            if {one, other} == {'--diff', '--check'}:
                continue
            self.refuse('rewrite', *HUB, *OUTPUTS[one], *OUTPUTS[other],
                        'a.yaml', words=['one of', '--in-place'])

    def test_check_goes_with_diff(self):
        """The one pair that makes sense."""
        run = self.rewrite('--check', '--diff', 'dir', status=1)
        self.assertIn(b'+    image: r.example.com/hub/library/httpd', run.out)

    def test_two_things_on_standard_output(self):
        """The report cannot share standard output with a text or a diff."""
        self.refuse('rewrite', *HUB, '--report', '-', 'a.yaml',
                    words=['--report', 'standard output'])
        self.refuse('rewrite', *HUB, '--report', '-', '--diff', 'dir',
                    words=['--report', 'standard output'])

    def test_unknown_words(self):
        """The message repeats the word and says where to look."""
        self.refuse('frobnicate', words=['frobnicate', 'help'])
        self.refuse('help', 'frobnicate', words=['frobnicate', 'help'])
        self.refuse('rewrite', '--frobnicate', words=['--frobnicate', 'help'])
        self.refuse('rewrite', '-z', words=['-z', 'help'])
        self.refuse('rewrite', '-iz', words=['-z', 'help'])

    def test_what_was_meant(self):
        """A word that is nearly one is told beside the known one."""
        for args, meant in (
                (['rewrit'], 'rewrite'), (['lsit'], 'list'),
                (['help', 'overlya'], 'overlay'), (['presest'], 'presets'),
                (['rewrite', '--dif', '--prefx', 'a=b'], '--prefix'),
                (['list', '--hiden', 'a.yaml'], '--hidden'),
                (['rewrite', '--in-palce', 'a.yaml'], '--in-place'),
                (['rewrite', '--reprt=x', 'a.yaml'], '--report'),
                (['presets', 'harbr'], 'harbor'),
                (['rewrite', '--preset', 'harbro:host=h', 'a.yaml'], 'harbor'),
                (['rewrite', '--preset', 'harbor:hots=h', 'a.yaml'], 'host'),
                (['list', '--find', 'pods', 'a.yaml'], 'pod'),
                (['list', '--find', 'kustomisation,pod', 'a.yaml'],
                 'kustomization'),
                (['list', '--find', 'defualt', 'a.yaml'], 'default'),
                (['list', '-o', 'jsn', 'a.yaml'], 'json'),
                (['list', '--color', 'allways', 'a.yaml'], 'always'),
                (['rewrite', *HUB, '--proof', 'rereed', 'a.yaml'], 'reread'),
                (['rewrite', *HUB, '--unknown', 'pubic', 'a.yaml'], 'public')):
            with self.subTest(args):
                self.refuse(*args, words=[f'did you mean {meant}?'])

    def test_nothing_was_meant(self):
        """What is far from every word is none of them."""
        for args in (['frobnicate'], ['x'], ['list', '--frobnicate', 'a.yaml'],
                     ['presets', 'zz'], ['list', '--find=zz', 'a.yaml'],
                     ['list', '-o', 'yaml', 'a.yaml'], ['y' * 1000]):
            with self.subTest(args):
                run = self.tool(*args, status=2)
                self.assertNotIn('did you mean', run.err)

    def test_argument_too_many(self):
        """An option that is known, and takes no argument."""
        for option in ('in-place', 'diff', 'check', 'quiet', 'help'):
            self.refuse('rewrite', *HUB, f'--{option}=yes', 'a.yaml',
                        words=[f'--{option} takes no argument'])

    def test_beginning_of_several(self):
        """A beginning of several options names them."""
        self.refuse('rewrite', *HUB, '--fail', 'a.yaml',
                    words=['--fail may be any of', '--fail-on-unmatched',
                           '--fail-on-unused-rule'])

    def test_options_of_other_commands(self):
        """An option that a command would ignore is refused."""
        for command, option in (
                ('resolve', '--strict'), ('rewrite', '--unique'),
                ('rewrite', '--output=json'),
                ('list', '--in-place'), ('list', '--diff'),
                ('list', '--report=r.json'), ('list', '--keep-going'),
                ('resolve', '--in-place'), ('resolve', '--unique'),
                ('resolve', '--report=r.json')):
            name = option.split('=')[0]
            self.refuse(command, option, 'a.yaml', words=[name, command])

    def test_missing_argument(self):
        """An option at the end that wants more."""
        for option in ('--prefix', '--image', '--exclude', '-O', '--out-dir',
                       '--report', '--proof', '--max-size', '-j', '--jobs',
                       '--color'):
            with self.subTest(option):
                self.refuse('rewrite', 'a.yaml', option,
                            words=[option, 'argument'])

    def test_words_of_options(self):
        """Options that take one of a few words say so."""
        self.refuse('rewrite', *HUB, '--proof', 'some', 'a.yaml',
                    words=['--proof', 'some'])
        self.refuse('rewrite', *HUB, '--color', 'red', 'a.yaml',
                    words=['--color', 'red', 'auto', 'always', 'never'])
        self.refuse('list', '-o', 'xml', 'a.yaml', words=['--output', 'xml'])
        self.refuse('resolve', *HUB, '-o', 'tsv', 'nginx', words=['json'])

    def test_numbers(self):
        """Only plain positive numbers, and only up to the limit."""
        for jobs in ('0', '-1', '257', 'many', '', '1k', '1.5', ' 1', '0x8',
                     '99999999999999999999999'):
            self.refuse('rewrite', *HUB, '-i', f'-j{jobs}' if jobs else '-j',
                        *([] if jobs else ['']), 'a.yaml', words=['--jobs'])
        for size in ('0', '-1', '1T', '2G', '1025M', 'K', '1KB', '1 K', '',
                     '99999999999999999999999', '17179869184G'):
            self.refuse('rewrite', *HUB, '-i', f'--max-size={size}', 'a.yaml',
                        words=['--max-size'])

    def test_malformed_rules(self):
        """A rule that cannot be read is named as it was given."""
        for option, value, word in (
                ('--prefix', 'quay.io', 'FROM=TO'),
                ('--prefix', '=r.example.com', 'FROM=TO'),
                ('--prefix', 'quay.io=', 'FROM=TO'),
                ('--prefix', '', 'FROM=TO'),
                ('--prefix', 'quay.io=r.example.com/A', 'r.example.com/A'),
                ('--prefix', 'quay.io=r.example.com/q:1', 'r.example.com/q:1'),
                ('--prefix', 'quay.io=*.example.com', '*.example.com'),
                ('--prefix', 'quay.io=https://r.example.com', 'https://'),
                ('--prefix', 'quay io=r.example.com', 'quay io'),
                ('--image', 'nginx', '"nginx"'),
                ('--image', '', 'image'),
                ('--image', '=nginx', 'image'),
                ('--image', 'nginx=', 'nginx'),
                ('--image', 'NGINX=x', 'NGINX'),
                ('--image', 'nginx=b c', 'b c'),
                ('--image', 'nginx:', 'nginx'),
                ('--image', 'nginx@sha256:1', 'sha256:1'),
                ('--exclude', '', 'exclude'),
                ('--exclude', 'A B', 'A B')):
            self.refuse('rewrite', *HUB, option, value, 'a.yaml',
                        words=[word])

    def test_prefix_given_twice(self):
        """Which of the two was meant cannot be known."""
        self.refuse('rewrite', *HUB, '--prefix', 'docker.io=other.example.com',
                    'a.yaml', words=['docker.io', 'twice'])

    def test_options_may_follow_paths(self):
        """As everywhere on GNU; `--` ends the options."""
        self.write('-i.yaml', pod('nginx'))
        self.tool('rewrite', 'a.yaml', *HUB, '-q', '-i')
        self.assertIn(b'r.example.com', self.read('a.yaml'))
        run = self.rewrite('--', '-i.yaml')
        self.assertIn(b'r.example.com', run.out)

    def test_long_options_with_equals(self):
        """Both ways to give an argument."""
        run = self.tool('rewrite', '--prefix=docker.io=r.example.com/hub',
                        'a.yaml')
        self.assertEqual(run.out, self.rewrite('a.yaml').out)


class HelpTest(ToolTest):
    """Help goes to standard output, and the status is 0."""

    def test_overview(self):
        """All ways to ask for it give the same."""
        text = self.tool('help').text
        for command in ('rewrite', 'list', 'resolve', 'help'):
            self.assertIn(f'imgrewrite {command}', text)
        for word in ('--help', '-h'):
            self.assertEqual(self.tool(word).text, text)

    def test_no_command(self):
        """The same text, but as an error, and nothing for a pipe."""
        run = self.tool(status=2)
        self.assertEqual(run.out, b'')
        self.assertIn('imgrewrite rewrite', run.err)

    def test_commands(self):
        """`help COMMAND` and `COMMAND --help` list every option."""
        for command, options in OPTIONS.items():
            run = self.tool('help', command)
            self.assertEqual(run.err, '')
            for option in options:
                self.assertIn(f'{option}', run.text, command)
            for way in ('--help', '-h'):
                self.assertEqual(self.tool(command, way).out, run.out)

    def test_width(self):
        """Help fits a terminal of 100 columns."""
        for command in ('rewrite', 'list', 'resolve'):
            lines = self.tool('help', command).text.splitlines()
            self.assertLessEqual(max(map(len, lines)), 100)

    def test_version(self):
        """A name and a number."""
        run = self.tool('--version')
        self.assertRegex(run.text, r'^imgrewrite \d+\.\d+\.\d+\n$')
        self.assertEqual(run.err, '')

    def test_help_needs_nothing_else(self):
        """Who asks for help need not get the rest right."""
        run = self.tool('rewrite', '--help', 'nowhere.yaml')
        self.assertIn('--in-place', run.text)


if __name__ == '__main__':
    main()
