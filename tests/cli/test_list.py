"""list: one row an image, or each reference once."""

import json

from places import read_places
from support import HUB, ToolTest, main, pod, snapshot

TSV_COLUMNS = 8


class ListTest(ToolTest):
    """A known input in every format."""

    def setUp(self):
        super().setUp()
        self.copy_fixture('shop')
        self.places = read_places()
        self.images = [place for place in self.places
                       if place['old'] != '${IMAGE}']

    def test_text(self):
        """Reference, place, resource, field and class, in columns."""
        run = self.tool('list', 'shop')
        rows = [line.split() for line in run.text.splitlines()]
        self.assertEqual(rows, [
            [place['old'],
             f'shop/{place["path"]}:{place["line"]}:{place["column"]}',
             f'{place["kind"]}/{place["name"]}', place['field'], 'pod']
            for place in self.images])

    def test_text_is_aligned(self):
        """Columns begin where those above begin, and no blanks end a line."""
        lines = self.tool('list', 'shop').text.splitlines()
        for word in ('shop/', 'spec', 'items'):
            starts = {line.index(word) for line in lines if word in line}
            self.assertLessEqual(len(starts), 1 + (word == 'spec'), word)
        self.assertTrue(all(line == line.rstrip() for line in lines))

    def test_default_is_text(self):
        """-o text is what no option gives."""
        self.assertEqual(self.tool('list', '-o', 'text', 'shop').out,
                         self.tool('list', 'shop').out)

    def test_tsv(self):
        """The same, a tab between columns, line and column apart."""
        run = self.tool('list', '-o', 'tsv', 'shop')
        rows = [line.split('\t') for line in run.text.splitlines()]
        self.assertEqual(rows, [
            [place['old'], f'shop/{place["path"]}', str(place['line']),
             str(place['column']), place['kind'], place['name'],
             place['field'], 'pod'] for place in self.images])

    def test_json(self):
        """All that the report has of an image, and its path."""
        images = json.loads(self.tool('list', '-o', 'json', 'shop').out)
        self.assertEqual(len(images), len(self.places))
        for image, place in zip(images, self.places):
            self.assertEqual(image['path'], 'shop/' + place['path'])
            self.assertEqual(image['class'], 'pod')
            for name in ('document', 'line', 'column', 'apiVersion', 'kind',
                         'name', 'namespace', 'field', 'old'):
                self.assertEqual(image[name], place[name], name)
            for name in ('new', 'rule', 'edits'):
                self.assertNotIn(name, image)

    def test_unique(self):
        """Each distinct reference once, sorted, for a pipe."""
        run = self.tool('list', '--unique', 'shop')
        want = sorted({place['old'] for place in self.images},
                      key=str.encode)
        self.assertEqual(run.text.splitlines(), want)
        self.assertTrue(run.out.endswith(b'\n'))

    def test_unique_in_any_format(self):
        """--unique is nothing but references, whatever -o says."""
        want = self.tool('list', '--unique', 'shop').out
        for style in ('text', 'tsv'):
            self.assertEqual(
                self.tool('list', '--unique', '-o', style, 'shop').out, want)

    def test_unique_json(self):
        """The same references, as lines or as a JSON list."""
        want = self.tool('list', '--unique', 'shop').text.splitlines()
        run = self.tool('list', '--unique', '-o', 'json', 'shop')
        is_json = run.text.startswith('[')
        self.assertEqual(
            json.loads(run.out) if is_json else run.text.splitlines(), want)

    def test_written_names_stay_apart(self):
        """Two ways to write one image are two references."""
        self.write('a.yaml', pod('nginx', 'docker.io/library/nginx', 'nginx',
                                 '"nginx"', 'Nginx', 'nginx:1'))
        run = self.tool('list', '--unique', 'a.yaml')
        self.assertEqual(run.text, 'docker.io/library/nginx\nnginx\nnginx:1\n')

    def test_order_is_of_bytes(self):
        """The locale does not matter."""
        self.write('a.yaml', pod('b', 'a-b', 'a/b', 'a.b/c', 'ab', 'a:Z',
                                 'a:a', 'a_b'))
        lines = self.tool('list', '--unique', 'a.yaml').text.splitlines()
        self.assertEqual(lines, sorted(lines, key=str.encode))
        self.assertEqual(len(lines), 8)

    def test_nothing(self):
        """No image: no row, but valid JSON."""
        self.assertEqual(self.tool('list', 'shop/settings.yaml').out, b'')
        self.assertEqual(
            self.tool('list', '--unique', 'shop/settings.yaml').out, b'')
        run = self.tool('list', '-o', 'json', 'shop/settings.yaml')
        self.assertEqual(json.loads(run.out), [])

    def test_summary(self):
        """What is no reference is counted apart."""
        run = self.tool('list', 'shop')
        self.assertEqual(run.last, 'imgrewrite: 7 images in 3 of 4 files, '
                                   '1 place without a reference')

    def test_no_reference(self):
        """Where these places are, and what is there."""
        note, = self.tool('list', 'shop').of('warning')
        self.assertEqual(note[:3], ('shop/web.yaml', '18', '16'))
        self.assertIn('${IMAGE}', note.text)
        self.assertEqual(self.tool('list', '-q', 'shop').err, '')

    def test_nothing_is_written(self):
        """A list only reads."""
        before = snapshot(self.folder)
        for options in ([], ['--unique'], ['-o', 'json']):
            self.tool('list', *options, 'shop')
        self.check_untouched(before)


class OddListTest(ToolTest):
    """Inputs that could upset the columns or the end."""

    def test_no_names(self):
        """A resource without kind or name still has five columns."""
        self.write('a.yaml', 'spec: {containers: [{image: nginx}]}\n'
                             '---\nkind: Pod\n'
                             'spec: {containers: [{image: redis}]}\n')
        run = self.tool('list', '-o', 'tsv', 'a.yaml')
        for row in run.text.splitlines():
            self.assertEqual(len(row.split('\t')), TSV_COLUMNS)
        for row in self.tool('list', 'a.yaml').text.splitlines():
            self.assertEqual(len(row.split()), 5, row)

    def test_names_with_line_feeds(self):
        """A row is a line, whatever names are like."""
        self.write('a\nb.yaml', pod('nginx', name='"x\\ny\\tz"'))
        run = self.tool('list', 'a\nb.yaml')
        self.assertEqual(run.text.count('\n'), 1, run.text)
        run = self.tool('list', '-o', 'tsv', 'a\nb.yaml')
        self.assertEqual(run.text.count('\n'), 1)
        self.assertEqual(run.text.count('\t'), TSV_COLUMNS - 1)
        image, = json.loads(self.tool('list', '-o', 'json', 'a\nb.yaml').out)
        self.assertEqual(image['name'], 'x\ny\tz')
        self.assertEqual(image['path'], 'a\nb.yaml')

    def test_errors(self):
        """What can be listed is listed; the status is 2."""
        self.write('a.yaml', pod('nginx'))
        self.write('b.yaml', 'a: [\n')
        for options in ([], ['--unique'], ['-o', 'tsv']):
            run = self.tool('list', *options, 'a.yaml', 'b.yaml', status=2)
            self.assertEqual(run.text.split()[0], 'nginx')
            self.assertEqual(run.of('error')[0][:2], ('b.yaml', '2'))
            self.assertIn('1 failed', run.last)
        run = self.tool('list', '-o', 'json', 'a.yaml', 'b.yaml', status=2)
        self.assertEqual(len(json.loads(run.out)), 1)

    def test_aliases(self):
        """An image that is used again is listed where it is used."""
        self.write('a.yaml', pod('&a nginx', '*a'))
        rows = self.tool('list', '-o', 'tsv', 'a.yaml').text.splitlines()
        self.assertEqual([row.split('\t')[:4] for row in rows],
                         [['nginx', 'a.yaml', '8', '15'],
                          ['nginx', 'a.yaml', '10', '12']])

    def test_list_of_a_result(self):
        """What rewrite makes, list finds."""
        self.write('a.yaml', pod('nginx', '"redis:7"', '>-\n      httpd'))
        run = self.tool('list', '--unique', '-',
                        stdin=self.rewrite('a.yaml').out)
        self.assertEqual(run.text.splitlines(), [
            f'r.example.com/hub/library/{name}'
            for name in ('httpd', 'nginx', 'redis:7')])

    def test_rules_are_refused(self):
        """A list needs no rules, and would not heed them."""
        self.write('a.yaml', pod('nginx'))
        self.tool('list', *HUB, 'a.yaml', status=2)


if __name__ == '__main__':
    main()
