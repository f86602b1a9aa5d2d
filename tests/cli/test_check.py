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
        self.rewrite('--diff', 'dir')
        self.rewrite('dir/hub.yaml')


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
            [('hub.yaml', '10', 'r.example.com/hub/x'),
             ('quay.yaml', '10', 'quay.io/x')])

    def test_all_matched(self):
        """Status 0 when rules speak of all of them."""
        for rules in (QUAY, ('--image', 'quay.io/x:1')):
            self.assertEqual(self.unmatched(*rules, 'quay.yaml', status=0), [])
        self.assertEqual(self.unmatched('--exclude', 'r.example.com/**',
                                        'hub.yaml', status=0), [])

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
        self.write('a.yaml', pod('nginx', 'r.example.com/quay/x'))

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
        """Unused rules are common in shared sets, and no one minds."""
        run = self.rewrite(*QUAY, 'a.yaml')
        self.assertNotIn('quay.io', run.err)


if __name__ == '__main__':
    main()
