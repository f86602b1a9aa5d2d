"""Statuses: --check, --fail-on-unmatched, --fail-on-unused-rule."""

from support import HUB, ToolTest, main, pod, snapshot

QUAY = ('--prefix', 'quay.io=r.example.com/quay')


class CheckTest(ToolTest):
    """--check writes nothing and says by its status what would change."""

    def setUp(self):
        super().setUp()
        self.write('dir/hub.yaml', pod('nginx', '"${IMAGE}"'))
        self.write('dir/done.yaml', pod('r.example.com/hub/x:1'))
        self.write('quay.yaml', pod('quay.io/x'))
        self.before = snapshot(self.folder)

    def tearDown(self):
        self.check_untouched(self.before)

    def test_change(self):
        """Status 1 when anything would change."""
        self.assertEqual(self.rewrite('--check', 'dir', status=1).out, b'')
        self.rewrite('--check', 'dir/hub.yaml', 'quay.yaml', status=1)
        self.rewrite('--check', '-', stdin=pod('nginx').encode(), status=1)

    def test_names(self):
        """Standard error names the files that would change, and those alone."""
        self.write('two.yaml', pod('nginx', 'redis', 'quay.io/x'))
        self.before = snapshot(self.folder)
        for options in ([], ['--diff'], ['-v']):
            run = self.rewrite('--check', *options, 'dir', 'quay.yaml',
                               'two.yaml', status=1)
            self.assertEqual([line for line in run.lines
                              if line.endswith('rewritten')],
                             ['dir/hub.yaml: 1 image would be rewritten',
                              'two.yaml: 2 images would be rewritten'])
        self.assertEqual(self.rewrite('--check', '-q', 'dir', status=1).err, '')
        run = self.rewrite('--check', '-', stdin=pod('nginx').encode(),
                           status=1)
        self.assertIn('-: 1 image would be rewritten', run.lines)

    def test_no_change(self):
        """Status 0 when nothing would."""
        self.rewrite('--check', 'dir/done.yaml', 'quay.yaml')
        self.rewrite('--check', '--diff', 'quay.yaml')
        self.rewrite('--check', '-')

    def test_trouble(self):
        """Status 2 beats status 1, also with --keep-going."""
        for option in ((), ('--keep-going',)):
            self.rewrite('--check', *option, 'dir', 'nowhere.yaml', status=2)

    def test_other_outputs_do_not_check(self):
        """Without --check a change is no status."""
        for run in (self.rewrite('--diff', 'dir'),
                    self.rewrite('dir/hub.yaml')):
            self.assertNotIn('dir/hub.yaml: 1 image', run.err)

    def test_verbose_in_place(self):
        """-v names the files that are replaced, or would have been."""
        self.write('bad.yaml', 'a: [1')
        line = 'dir/hub.yaml: 1 image '
        run = self.rewrite('-i', '-v', 'dir', 'bad.yaml', status=2)
        self.assertIn(f'{line}would be rewritten', run.lines)
        self.assertNotIn(line, self.rewrite('-i', 'dir', 'bad.yaml',
                                            status=2).err)
        run = self.rewrite('-i', '-v', 'dir')
        self.assertIn(f'{line}rewritten', run.lines)
        self.assertNotIn('dir/done.yaml: ', run.err.replace(':8:12:', ''))
        self.before = snapshot(self.folder)


class UnmatchedTest(ToolTest):
    """--fail-on-unmatched: an image that no rule touched."""

    def setUp(self):
        super().setUp()
        self.write('hub.yaml', pod('nginx', 'r.example.com/hub/x'))
        self.write('quay.yaml', pod('nginx', 'quay.io/x'))
        self.write('odd.yaml', pod('nginx', '${IMAGE}', '', '5'))

    def unmatched(self, *args, status):
        """The places of images that a run calls unmatched."""
        run = self.rewrite('--fail-on-unmatched', '--diff', *args,
                           status=status)
        return [(message.path, message.line, message.text)
                for message in run.of('unmatched')]

    def test_unmatched(self):
        """Status 1, and every one is named with its place."""
        self.assertEqual(
            self.unmatched('hub.yaml', 'quay.yaml', status=1),
            [('quay.yaml', '10', 'quay.io/x')])

    def test_where_the_rules_put_them(self):
        """An image of the mirror is where it should be: no rule is missing."""
        for image, status in (('r.example.com/hub/a/b:1', 0),
                              ('r.example.com/hubs/a:1', 1),
                              ('r.example.com/quay/x', 1),
                              ('quay.io/x', 1)):
            with self.subTest(image):
                self.write('one.yaml', pod(image))
                self.assertEqual(
                    len(self.unmatched('--check', 'one.yaml', status=status)),
                    status)
        self.rewrite('-i', 'hub.yaml')
        self.assertEqual(self.unmatched('--check', 'hub.yaml', status=0), [])

    def test_results_of_other_rules(self):
        """Overrides, exact references and presets put images somewhere, too."""
        self.write('map.json', '{"nginx:1": "r.io/web:1"}')
        for rule in ('--image=nginx=r.io/web', '--image=nginx=r.io/web:1',
                     '--rules=map.json', '--preset=full-host:base=r.io',
                     '--preset=harbor:host=r.io,project=web'):
            with self.subTest(rule):
                self.write('one.yaml', pod('r.io/web:1' if 'harbor' not in rule
                                           else 'r.io/web/x'))
                self.tool('rewrite', rule, '--check', '--fail-on-unmatched',
                          'one.yaml')
                self.write('one.yaml', pod('q.io/web:2'))
                self.tool('rewrite', rule, '--diff', '--fail-on-unmatched',
                          'one.yaml', status='full' not in rule)

    def test_all_matched(self):
        """Status 0 when rules speak of all of them."""
        for rules in (QUAY, ('--image', 'quay.io/x:1')):
            self.assertEqual(self.unmatched(*rules, 'quay.yaml', status=0), [])
        self.assertEqual(self.unmatched('--exclude', 'quay.io/**',
                                        'quay.yaml', status=0), [])

    def test_not_references(self):
        """What is no reference cannot be matched, and is not counted."""
        self.assertEqual(self.unmatched('odd.yaml', status=0), [])

    def test_written_all_the_same(self):
        """The status is a verdict; the work is done."""
        self.rewrite('-i', '--fail-on-unmatched', 'quay.yaml', status=1)
        self.assertIn(b'r.example.com/hub/library/nginx',
                      self.read('quay.yaml'))

    def test_with_check(self):
        """Both say 1; an error says 2."""
        self.assertEqual(len(self.unmatched('--check', 'quay.yaml',
                                            status=1)), 1)
        self.unmatched('quay.yaml', 'nowhere.yaml', status=2)


class UnusedRuleTest(ToolTest):
    """--fail-on-unused-rule: a rule that speaks of no image."""

    def setUp(self):
        super().setUp()
        self.write('a.yaml', pod('nginx', 'r.example.com/other/x'))

    def test_unused(self):
        """Status 1, and every one is named."""
        run = self.rewrite(*QUAY, '--image', 'redis:7', '--diff',
                           '--fail-on-unused-rule', 'a.yaml', status=1)
        self.assertIn('prefix quay.io', run.err)
        self.assertIn('image redis', run.err)
        self.assertNotIn('prefix docker.io', run.err)

    def test_used(self):
        """Status 0 when all are of use, if only to leave an image alone."""
        self.rewrite('--fail-on-unused-rule', 'a.yaml')
        self.tool('rewrite', '--image=nginx:1', '--exclude=r.example.com',
                  '--fail-on-unused-rule', 'a.yaml')
        self.tool('rewrite', '--prefix=r.example.com=r.example.com',
                  '--image=nginx=nginx', '--fail-on-unused-rule', 'a.yaml')

    def test_shadowed(self):
        """A prefix that a longer one always beats is of no use."""
        run = self.rewrite('--prefix=docker.io/library=r.example.com/lib',
                           '--fail-on-unused-rule', 'a.yaml', status=1)
        self.assertIn('unused rule: prefix docker.io', run.err)

    def test_excluded(self):
        """A rule whose images are all excluded is of no use either."""
        run = self.tool('rewrite', *HUB, '--exclude=nginx', '--diff',
                        '--fail-on-unused-rule', 'a.yaml', status=1)
        self.assertIn('prefix docker.io', run.err)

    def test_without_the_option(self):
        """A line each, which is no failure; -q leaves it out."""
        run = self.rewrite(*QUAY, '--image=redis:7', 'a.yaml')
        self.assertEqual([line for line in run.lines if 'unused' in line],
                         ['imgrewrite: unused rule: prefix quay.io',
                          'imgrewrite: unused rule: image redis'])
        self.assertEqual(self.rewrite(*QUAY, '-q', 'a.yaml').err, '')

    def test_where_the_rule_puts_images(self):
        """A rule that did its work in an earlier run is of use."""
        self.rewrite('-i', 'a.yaml')
        run = self.rewrite('--check', '--fail-on-unused-rule', 'a.yaml')
        self.assertNotIn('unused', run.err)

    def test_many(self):
        """More than ten are a line with their number; -v names them."""
        rules = [f'--image=x{number}:1' for number in range(10)]
        self.assertEqual(self.rewrite(*rules, 'a.yaml').err.count('unused'), 10)
        rules.append('--image=more:1')
        run = self.rewrite(*rules, 'a.yaml')
        self.assertEqual([line for line in run.lines if 'unused' in line],
                         ['imgrewrite: 11 unused rules, which no image met; '
                          'the first is image x0; -v lists them'])
        self.assertEqual(self.rewrite('-v', *rules, 'a.yaml')
                         .err.count('unused rule: image'), 11)

    def test_a_file_that_fails(self):
        """What its images would have met cannot be known."""
        self.write('bad.yaml', 'a: [1')
        run = self.rewrite(*QUAY, '--check', 'a.yaml', 'bad.yaml', status=2)
        self.assertNotIn('unused', run.err)

    def test_overlay(self):
        """The overlay's rules are told of as well."""
        run = self.tool('overlay', *HUB, *QUAY, '--app=a', '--out-dir=out',
                        'a.yaml')
        self.assertIn('imgrewrite: unused rule: prefix quay.io', run.lines)


if __name__ == '__main__':
    main()
