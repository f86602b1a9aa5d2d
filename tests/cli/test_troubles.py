"""What a run tells beside its result, in as few lines as it takes."""

from support import HUB, ToolTest, main, pod

BAD = 'a: [1\n'


class ReasonsTest(ToolTest):
    """What stands at an image's place and is no reference."""

    # as it is written, as it is read, what it is
    ODD = (
        ('Nginx:1', 'Nginx:1', 'not an image reference'),
        ('http://x/y', 'http://x/y', 'not an image reference'),
        ('"a b"', 'a b', 'not an image reference'),
        ('a/b@sha256:12', 'a/b@sha256:12', 'not an image reference'),
        ('"${HOST}/a:1"', '${HOST}/a:1', 'a placeholder'),
        ('"{{ .Values.image }}"', '{{ .Values.image }}', 'a placeholder'),
    )

    def test_reason_of_resolve(self):
        """The place, and the words with which `resolve` refuses the text."""
        for written, text, reason in self.ODD:
            with self.subTest(text):
                self.write('a.yaml', pod(written))
                error, = self.tool('resolve', *HUB, text,
                                   status=2).of('error')
                for args in (['rewrite', *HUB], ['list'],
                             ['rewrite', '-v', *HUB], ['list', '-v']):
                    run = self.tool(*args, 'a.yaml')
                    told, = run.of('warning', 'note')
                    self.assertEqual(told[:3], ('a.yaml', '8', '12'))
                    self.assertIn(f'{reason}: {error.text}', told.text)

    def test_no_text(self):
        """Numbers and empty places have reasons of their own."""
        for written, reason in (('5', 'not a string: "5"'), ('', 'empty'),
                                ('null', 'empty'), ('""', 'empty'),
                                ('1.5', 'not a string'),
                                ('scratch', 'a placeholder: "scratch"')):
            with self.subTest(written):
                self.write('a.yaml', pod(written))
                told, = self.rewrite('a.yaml').of('warning', 'note')
                self.assertIn(f'this is {reason}', told.text)

    def test_counted(self):
        """The summary has their number; -q has nothing to say."""
        self.write('a.yaml', pod('nginx', 'Bad', '5', 'quay.io/a'))
        run = self.rewrite('--check', 'a.yaml', status=1)
        self.assertTrue(run.last.endswith(
            '3 left alone, 2 of them without a reference'), run.last)
        self.assertEqual(self.rewrite('-q', 'a.yaml').err, '')

    def test_many(self):
        """More than ten of a kind are one line; -v lists them."""
        self.write('a.yaml', pod('Bad', *['"$(X)"'] * 11))
        run = self.rewrite('--check', 'a.yaml')
        self.assertEqual(len(run.of('warning')), 2)
        self.assertEqual(run.of('warning')[1].text, '11 places of images are left alone: each '
                         'is a placeholder; the first is a.yaml:10:12; -v '
                         'lists them')
        run = self.rewrite('--check', '-v', 'a.yaml')
        self.assertEqual(len(run.of('warning')), 12)
        self.write('a.yaml', pod(*['"$(X)"'] * 10))
        self.assertEqual(len(self.tool('list', 'a.yaml').of('warning')), 10)

    def test_names_of_entries(self):
        """An entry's name is a pattern and need be no image."""
        self.write('kustomization.yaml', 'images:\n- name: "a.*b"\n'
                                         '  newName: nginx\n')
        run = self.rewrite('--find=all', 'kustomization.yaml')
        self.assertEqual(run.of('note', 'warning'), [])


class CrowdTest(ToolTest):
    """Hundreds of files that fail for one reason."""

    def setUp(self):
        super().setUp()
        for number in range(300):
            self.write(f'bad/{number:03}.yaml', BAD)
        self.write('good.yaml', pod('nginx'))
        self.write('utf16.yaml', 'a: b\n'.encode('utf-16'))

    def test_errors(self):
        """One line with the number, the first, and the ways out."""
        run = self.rewrite('-i', 'bad', 'good.yaml', status=2)
        error, = run.of('error')
        self.assertEqual(len(run.lines), 2)
        for words in ('300 files fail: not YAML', 'bad/000.yaml:2:1: ',
                      '-v lists them', '--skip-unparsable', '--keep-going'):
            self.assertIn(words, error.text)

    def test_verbose(self):
        """-v lists them."""
        run = self.rewrite('-i', '-v', 'bad', 'good.yaml', status=2)
        self.assertEqual(len(run.of('error')), 300)

    def test_quiet(self):
        """An error is no warning: -q leaves it."""
        run = self.rewrite('-i', '-q', 'bad', 'good.yaml', status=2)
        self.assertEqual(len(run.lines), 1)

    def test_each_kind(self):
        """What is no crowd is told by itself."""
        run = self.rewrite('-i', 'bad', 'utf16.yaml', 'nowhere.yaml',
                           status=2)
        self.assertEqual(sorted(error.path for error in run.of('error')),
                         ['imgrewrite', 'nowhere.yaml', 'utf16.yaml'])

    def test_ways_taken(self):
        """A way that is taken is not named."""
        run = self.rewrite('-i', '--keep-going', 'bad', 'good.yaml', status=2)
        error, = run.of('error')
        self.assertNotIn('--keep-going', error.text)
        self.assertIn('--skip-unparsable', error.text)
        run = self.rewrite('-i', '--skip-unparsable', 'bad', 'good.yaml')
        self.assertEqual(run.of('error'), [])
        warning, = run.of('warning')
        self.assertIn('300 files are skipped: not YAML', warning.text)
        self.assertNotIn('--', warning.text)
        run = self.rewrite('-i', '--skip-unparsable', '-q', 'bad', 'good.yaml')
        self.assertEqual(run.err, '')

    def test_files_that_are_not_there(self):
        """Nothing is parsed, so parsing is no way out."""
        names = [f'none{number}.yaml' for number in range(20)]
        error, = self.rewrite('-i', *names, 'good.yaml',
                              status=2).of('error')
        self.assertNotIn('--skip-unparsable', error.text)
        self.assertIn('--keep-going', error.text)

    def test_other_commands(self):
        """A command names the ways that it has."""
        for args in (['list'], ['overlay', *HUB, '--app=a', '-O', 'out']):
            error, = self.tool(*args, 'bad', 'good.yaml',
                               status=2).of('error')
            self.assertIn('300 files fail', error.text)
            self.assertIn('--skip-unparsable', error.text)
            self.assertNotIn('--keep-going', error.text)

    def test_ten(self):
        """So few are told one by one."""
        run = self.rewrite('-i', *[f'bad/{number:03}.yaml'
                                   for number in range(10)], status=2)
        self.assertEqual(len(run.of('error')), 10)


class HelmTest(ToolTest):
    """The hint at Helm comes for Helm's templates."""

    ROWS = (
        ('{{- if .Values.x }}\nimage: [\n{{- end }}\n', True),
        ('a: {{ .Release.Name }}-x\nb: [\n', True),
        ('a: {{ .Chart.AppVersion | quote }}: [\n', True),
        ('{{ include "x.labels" . }}\na: [\n', True),
        ('{{- define "x" -}}\na: [\n{{- end }}\n', True),
        ('a: [{{ x }}\n', False),
        ('{% if a %}\nimage: [{{ image }}\n{% endif %}\n', False),
        ('a: ${{ matrix.os }}\nb: [\n', False),
        ('image: {{ params.image }}: [\n', False),
        ('a: .Values.x: [\n', False),
        ('{{repl ConfigOption "a"}}\nb: [\n', False),
    )

    def test_hint(self):
        """Other templates are none of its business."""
        for text, helm in self.ROWS:
            with self.subTest(text):
                self.write('a.yaml', text)
                error, = self.rewrite('a.yaml', status=2).of('error')
                self.assertEqual('Helm' in error.text, helm, error.text)


if __name__ == '__main__':
    main()
