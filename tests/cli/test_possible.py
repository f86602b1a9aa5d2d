"""What looks like an image at no known place: list --possible, and what every
run says of it."""

import json

from support import HUB, ToolTest, main, pod

WIDGET = '''apiVersion: example.com/v1
kind: Widget
metadata: {name: web}
spec:
  image: acme/web:1
  runner: quay.io/acme/runner:1
'''
HINT = ('--field \'example.com/Widget:spec/image\' makes the first known')


class ListTest(ToolTest):
    """What list prints of it."""

    def setUp(self):
        super().setUp()
        self.write('a.yaml', WIDGET)
        self.write('b.yaml', pod('nginx'))

    def test_text(self):
        """A row each, after the images of the file, with place and kind."""
        run = self.tool('list', '--possible', 'a.yaml', 'b.yaml')
        self.assertEqual([line.split() for line in run.text.splitlines()], [
            ['acme/web:1', 'a.yaml:5:10', 'Widget/web', 'spec/image',
             'possible'],
            ['quay.io/acme/runner:1', 'a.yaml:6:11', 'Widget/web',
             'spec/runner', 'possible'],
            ['nginx', 'b.yaml:8:12', 'Pod/web', 'spec/containers/0/image',
             'pod']])
        self.assertEqual(run.last,
                         'imgrewrite: 1 image in 1 of 2 files, 2 possible')

    def test_off(self):
        """Without the option nothing is printed, and a line says how."""
        run = self.tool('list', '.')
        self.assertEqual(len(run.text.splitlines()), 1)
        self.assertEqual(run.lines, [
            'imgrewrite: 2 possible images are at no known place, and left '
            'alone; `imgrewrite list --possible` shows them; ' + HINT,
            'imgrewrite: 1 image in 1 of 2 files, 2 possible'])

    def test_tsv(self):
        """The same columns as those of an image."""
        run = self.tool('list', '--possible', '-o', 'tsv', 'a.yaml')
        self.assertEqual(run.text.splitlines()[1].split('\t'), [
            'quay.io/acme/runner:1', 'a.yaml', '6', '11', 'Widget', 'web',
            'spec/runner', 'possible'])

    def test_json(self):
        """An object each, with the field that names the place."""
        run = self.tool('list', '--possible', '-o', 'json', 'a.yaml', 'b.yaml')
        found = json.loads(run.out)
        self.assertEqual([image['class'] for image in found],
                         ['possible', 'possible', 'pod'])
        self.assertEqual(found[0]['fieldSpec'],
                         'example.com/Widget:spec/image')
        self.assertEqual((found[0]['offset'], found[0]['length'],
                          found[0]['apiVersion'], found[0]['namespace']),
                         (WIDGET.index('acme/web'), len('acme/web:1'),
                          'example.com/v1', None))
        self.assertNotIn('fieldSpec', found[2])

    def test_unique(self):
        """References alone, sorted among the others."""
        run = self.tool('list', '--possible', '--unique', '.')
        self.assertEqual(run.text.splitlines(),
                         ['acme/web:1', 'nginx', 'quay.io/acme/runner:1'])

    def test_in_a_text(self):
        """No field names what stands in a text; so the line says."""
        self.write('c.yaml', 'kind: ConfigMap\nmetadata: {name: c}\ndata:\n'
                             '  run.sh: docker run quay.io/acme/web:1\n')
        run = self.tool('list', '--possible', 'c.yaml')
        self.assertEqual(run.lines[0],
                         'imgrewrite: 1 possible image is at no known place, '
                         'and left alone; no field reaches into a text, so '
                         'change what is one by hand')

    def test_named(self):
        """The field that the line names makes an image of it."""
        run = self.tool('list', '--possible',
                        '--field=example.com/Widget:spec/image', 'a.yaml')
        self.assertEqual([line.split()[-1] for line in run.text.splitlines()],
                         ['crd', 'possible'])

    def test_without_a_kind(self):
        """A field of any document, which makes an image of it as well."""
        self.write('c.yaml', 'jobs: {runner: "quay.io/acme/c:1"}\n')
        run = self.tool('list', '--possible', 'c.yaml')
        self.assertIn("--field ':jobs/runner' makes it known", run.lines[0])
        for field in (':jobs/runner', '*/*:jobs/runner', '/*:jobs/runner'):
            run = self.tool('list', '--possible', '--field', field, 'c.yaml')
            self.assertEqual(run.text.split()[-1], 'crd', field)

    def test_no_field(self):
        """What is none, for want of a path, of a kind or of a colon."""
        for field in (':', '/Widget:', '/:spec', 'Widget:spec', 'spec/image'):
            run = self.tool('list', '--field', field, 'a.yaml', status=2)
            self.assertIn(f'--field {field}: expected GROUP/KIND:PATH, such as '
                          'example.com/Widget:spec/sidecar/image, or :PATH for '
                          'any document', run.err)


class SummaryTest(ToolTest):
    """What the other runs say, and their status."""

    def setUp(self):
        super().setUp()
        self.write('a.yaml', WIDGET)

    def test_rewrite(self):
        """Nothing is changed; the last line counts, in each way of output."""
        for options in (['--check'], ['--diff'], ['-i'], ['-O', 'out'], []):
            run = self.rewrite(*options, 'a.yaml')
            self.assertTrue(run.last.endswith('0 left alone, 2 possible'),
                            run.last)
            self.assertEqual([HINT in line for line in run.lines].count(True),
                             1)
        self.assertEqual(self.read('a.yaml').decode(), WIDGET)
        self.assertEqual(run.text, WIDGET)

    def test_quiet(self):
        """-q leaves all of it out, but not what --fail-on-possible names."""
        self.assertNotIn('possible', self.rewrite('-q', 'a.yaml').err)
        run = self.rewrite('-q', '--fail-on-possible', 'a.yaml', status=1)
        self.assertEqual([str(message.line) + message.text
                          for message in run.of('possible')],
                         ['5acme/web:1', '6quay.io/acme/runner:1'])

    def test_fail(self):
        """Status 1 of each command, after its work; an error is worse."""
        self.write('b.yaml', pod('nginx'))
        self.rewrite('-i', '--fail-on-possible', '.', status=1)
        self.assertIn(b'r.example.com', self.read('b.yaml'))
        self.tool('list', '--fail-on-possible', 'a.yaml', status=1)
        self.rewrite('--check', '--fail-on-possible', 'b.yaml')
        self.tool('list', '--fail-on-possible', 'b.yaml')
        self.tool('list', '--fail-on-possible', 'a.yaml', 'no', status=2)
        self.tool('overlay', *HUB, '--app=a', '-O', 'tree',
                  '--fail-on-possible', 'a.yaml', status=1)
        self.assertIn(b'Widget', self.read('tree', 'base', 'a.yaml'))

    def test_overlay(self):
        """Its last line counts as well."""
        run = self.tool('overlay', *HUB, '--app=a', '-O', 'tree', 'a.yaml')
        self.assertEqual(run.last,
                         'imgrewrite: 0 of 0 images change in tree, 2 possible')
        self.assertEqual([HINT in line for line in run.lines].count(True), 1)

    def test_report(self):
        """The report counts it."""
        self.rewrite('--check', '--report', 'report.json', 'a.yaml')
        report = json.loads(self.read('report.json'))
        self.assertEqual(report['summary']['possible'], 2)
        self.assertEqual(report['files'][0]['images'], [])


if __name__ == '__main__':
    main()
