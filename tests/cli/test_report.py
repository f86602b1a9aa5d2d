"""--report: JSON with stable names, from which every edit can be undone."""

import json
import os

from odd import ODD_TEXTS
from places import find_offset, read_places
from support import DIGEST, HUB, ToolTest, main, pod, snapshot

IMAGE_FIELDS = {'class', 'apiVersion', 'kind', 'name', 'namespace', 'document',
                'field', 'line', 'column', 'offset', 'length', 'old', 'new',
                'rule'}


def undo(data, images):
    """The text before the edits, from the text after them."""
    edits = sorted((edit for image in images for edit in image.get('edits', [])),
                   key=lambda edit: edit['offset'])
    parts, done, moved = [], 0, 0
    for edit in edits:
        old, new = edit['old'].encode(), edit['new'].encode()
        start = edit['offset'] + moved
        assert edit['length'] == len(old), edit
        assert data[start:start + len(new)] == new, edit
        parts += [data[done:start], old]
        done = start + len(new)
        moved += len(new) - len(old)
    return b''.join([*parts, data[done:]])


class ReportTest(ToolTest):
    """A known input, field by field."""

    def report(self, *args, status=0, **options):
        """The report of a run, as JSON."""
        run = self.rewrite('--report', '-', *args, status=status, **options)
        self.assertTrue(run.out.endswith(b'\n'))
        return json.loads(run.out)

    def test_known_input(self):
        """Every field of every image, against a table made by hand."""
        self.copy_fixture('shop')
        report = self.report('-O', 'out', 'shop')
        images = [(file['path'], image) for file in report['files']
                  for image in file['images']]
        places = read_places()
        self.assertEqual(len(images), len(places))
        for (path, image), place in zip(images, places):
            with self.subTest(place):
                self.assertEqual(path, 'shop/' + place['path'])
                self.check_image(image, place)

    def check_image(self, image, place):
        """One image, whose offset is worked out from line and column."""
        data = self.read('shop', place['path'])
        self.assertLessEqual(IMAGE_FIELDS, image.keys())
        self.assertEqual(image['class'], 'pod')
        for name in ('document', 'line', 'column', 'apiVersion', 'kind',
                     'name', 'namespace', 'field', 'old', 'new'):
            self.assertEqual(image[name], place[name], name)
        self.assertEqual(image['offset'], find_offset(
            data, place['line'], place['column']))
        scalar = data[image['offset']:image['offset'] + image['length']]
        self.assertEqual(scalar.decode().rstrip('\n'), place['written'])
        self.assertEqual(image['rule'],
                         'prefix docker.io' if place['new'] else None)
        self.assertEqual('edits' in image, place['new'] is not None)
        self.assertEqual('reason' in image, place['new'] is None)

    def test_frame(self):
        """Version, files with their statuses, rules, summary."""
        self.copy_fixture('shop')
        report = self.report('--prefix=gcr.io=r.example.com/gcr', '--check',
                             'shop', status=1)
        self.assertEqual(list(report), ['version', 'files', 'rules',
                                        'summary'])
        self.assertEqual(report['version'], 1)
        self.assertEqual(
            [(file['path'], file['status']) for file in report['files']],
            [('shop/jobs/backup.yml', 'rewritten'),
             ('shop/jobs/list.json', 'rewritten'),
             ('shop/settings.yaml', 'unchanged'),
             ('shop/web.yaml', 'rewritten')])
        self.assertEqual(report['rules'], [
            {'rule': 'prefix docker.io', 'matched': 5},
            {'rule': 'prefix gcr.io', 'matched': 0}])
        summary = report['summary']
        self.assertLessEqual(
            {'files': 4, 'rewritten': 3, 'images': 8, 'edits': 5,
             'errors': 0}.items(), summary.items())

    def test_undo(self):
        """The `edits` entries hold all that is needed to go back."""
        self.copy_fixture('shop')
        self.write('shop/odd.yaml', pod(
            '"ngi\\\n      nx"', '|-\n      redis', '&a httpd', '*a',
            f"'busybox@{DIGEST}'", '"\\x6eginx"', 'quay.io/x', '!!str nginx')
            .replace('\n', '\r\n') + '# ü')
        before = snapshot(self.path('shop'))
        report = self.report('-i', 'shop')
        self.assertEqual(len(report['files']), 5)
        for file in report['files']:
            data = self.read(file['path'])
            name = os.path.relpath(file['path'], 'shop')
            self.assertEqual(undo(data, file['images']), before[name].data)
            self.assertEqual(data != before[name].data,
                             file['status'] == 'rewritten')

    def test_undo_of_odd_texts(self):
        """The same for texts that are easy to get wrong."""
        for number, text in enumerate(ODD_TEXTS.values()):
            self.write(f'dir/{number}.yaml', text)
        before = snapshot(self.path('dir'))
        for file in self.report('-i', 'dir')['files']:
            data = self.read(file['path'])
            name = os.path.relpath(file['path'], 'dir')
            self.assertEqual(undo(data, file['images']), before[name].data)

    def test_places_say_the_same(self):
        """Offset and line:column are one place, also far into a file."""
        text = '---\r\n# é\r\n'.join(
            pod('"nginx"', 'redis', name=f'"ü{i}"') for i in range(50))
        self.write('a.yaml', '\ufeff' + text)
        file, = self.report('--check', 'a.yaml', status=1)['files']
        data = self.read('a.yaml')
        self.assertEqual(len(file['images']), 100)
        for image in file['images']:
            scalar = data[image['offset']:image['offset'] + image['length']]
            self.assertEqual(scalar.decode().strip('"'), image['old'])
            self.assertEqual(data[:image['offset']].count(b'\n') + 1,
                             image['line'])
            self.assertEqual(image['column'], 12)

    def test_reasons(self):
        """Why an image is left alone."""
        self.write('a.yaml', pod('${X}', '', '5', 'Not One', 'quay.io/x',
                                 'r.example.com/hub/x', 'redis'))
        report = self.report(
            '--exclude=redis', '--check',
            '--prefix=r.example.com=r.example.com/hub', 'a.yaml')
        reasons = [image['reason'] for image in report['files'][0]['images']]
        self.assertEqual(len(reasons), 7)
        self.assertEqual(len(set(reasons)), 7, reasons)
        for image in report['files'][0]['images']:
            self.assertIsNone(image['new'])

    def test_errors(self):
        """Files that fail are in it, with their places."""
        self.copy_fixture('broken')
        self.write('good.yaml', pod('nginx'))
        report = self.report('-i', 'broken', 'good.yaml', 'none.yaml',
                             status=2)
        self.assertEqual(
            [(file['path'], file['status']) for file in report['files']],
            [('broken/chart.yaml', 'error'), ('broken/latin1.yaml', 'error'),
             ('broken/open.yaml', 'error'), ('good.yaml', 'planned'),
             ('none.yaml', 'error')])
        error = report['files'][2]['error']
        self.assertEqual((error['line'], error['column']), (5, 1))
        self.assertTrue(error['message'])
        self.assertEqual(report['summary']['errors'], 4)
        self.assertEqual(report['summary']['rewritten'], 0)
        self.assertEqual(report['summary']['files'], 5)

    def test_skipped(self):
        """Files passed over have a status of their own."""
        self.copy_fixture('broken')
        report = self.report('--check', '--skip-unparsable', 'broken')
        self.assertEqual({file['status'] for file in report['files']},
                         {'skipped'})
        self.assertEqual(report['summary']['errors'], 0)

    def test_empty_run(self):
        """No file at all is still a report."""
        os.mkdir(self.path('dir'))
        report = self.report('-i', 'dir')
        self.assertEqual(report['files'], [])
        self.assertEqual(report['summary']['files'], 0)

    def test_several_rules(self):
        """All that took part are named, in order."""
        self.write('a.yaml', pod('nginx:1'))
        report = self.report('--image=nginx=acme/web', '--image=acme/web:2',
                             '--check', 'a.yaml', status=1)
        image, = report['files'][0]['images']
        self.assertEqual(image['rule'],
                         'image nginx, image acme/web, prefix docker.io')
        self.assertEqual(image['new'], 'r.example.com/hub/acme/web:2')
        self.assertEqual([rule['matched'] for rule in report['rules']],
                         [1, 1, 1])

    def test_odd_strings(self):
        """Names that JSON has to escape."""
        self.write('a.yaml', pod('nginx', name='"a\\"\\\\\\n\\x01\\u2028ü"'))
        image, = self.report('--check', 'a.yaml',
                             status=1)['files'][0]['images']
        self.assertEqual(image['name'], 'a"\\\n\x01\u2028ü')


class ReportFileTest(ToolTest):
    """Where the report goes."""

    def setUp(self):
        super().setUp()
        self.write('dir/a.yaml', pod('nginx'))

    def test_same_everywhere(self):
        """In a file it is what it is on standard output."""
        run = self.rewrite('--check', '--report', '-', 'dir', status=1)
        self.rewrite('--check', '--report', 'r.json', 'dir', status=1)
        self.assertEqual(self.read('r.json'), run.out)
        for output in (['--diff'], ['-O', 'out'], ['-i']):
            self.rewrite(*output, '--report', 'r.json', 'dir')
            self.assertEqual(self.read('r.json'), run.out)

    def test_with_text_on_standard_output(self):
        """One file to standard output, its report elsewhere."""
        run = self.rewrite('--report', 'r.json', 'dir/a.yaml')
        self.assertIn(b'image: r.example.com', run.out)
        json.loads(self.read('r.json'))

    def test_impossible(self):
        """A report that cannot be made stops the run before it begins."""
        before = snapshot(self.folder)
        for path in ('nowhere/r.json', 'dir', 'dir/a.yaml/r.json', ''):
            with self.subTest(path):
                self.rewrite('-i', '--report', path, 'dir', status=2)
                self.check_untouched(before)

    def test_report_over_an_input(self):
        """An input is not to be lost to its own report."""
        before = snapshot(self.folder)
        for path, output in (('dir/a.yaml', '-i'), ('./dir/a.yaml', '--diff'),
                             ('dir/../dir/a.yaml', '--check')):
            with self.subTest(path):
                self.write('dir/a.yaml', pod('nginx'))
                before = snapshot(self.folder)
                self.tool('rewrite', *HUB, '--report', path, output, 'dir',
                          status=2)
                self.check_untouched(before)

    def test_report_over_an_output(self):
        """Nor is a report to be lost to an output."""
        self.write('dir/r.json', '{}')
        os.mkdir(self.path('out'))
        self.rewrite('-O', 'out', '--report', 'out/r.json', 'dir', status=2)

    def test_report_beside_outputs(self):
        """A report may lie in the output folder."""
        os.mkdir(self.path('out'))
        for _ in range(2):
            self.rewrite('-O', 'out', '--report', 'out/r.json', 'dir')
            json.loads(self.read('out/r.json'))

    def test_usage_error_keeps_an_old_report(self):
        """Nothing was run, so there is nothing to report."""
        self.write('r.json', 'old')
        self.rewrite('--report', 'r.json', '-i', '--diff', 'dir', status=2)
        self.assertEqual(self.read('r.json'), b'old')


if __name__ == '__main__':
    main()
