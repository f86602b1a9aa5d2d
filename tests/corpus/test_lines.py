"""Real manifests: an edit changes an image, and nothing else on its line."""

import collections
import os

from corpus import LOCATIONS, RULES, CorpusTest, contents, main, tool


def expect(reference):
    """What becomes of a reference, by the words of the documentation and
    without any code of the library; None: it is left alone."""
    first, slash, rest = reference.partition('/')
    is_host = slash and ('.' in first or ':' in first or first == 'localhost')
    host = first if is_host else 'docker.io'
    rest = rest if is_host else reference
    if host in ('docker.io', 'index.docker.io'):
        host = 'docker.io'
        rest = rest if '/' in rest else f'library/{rest}'
    return f'{LOCATIONS[host]}/{rest}' if host in LOCATIONS else None


class LinesTest(CorpusTest):
    """One run with three rules, and what it changed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.run_once, cls.report = cls.rewrite('new', *RULES)
        cls.new = contents(cls.path('new'))

    def setUp(self):
        self.check_sane(self.run_once, 0)

    def images(self):
        """All images of the report, each with its path."""
        for file in self.report['files']:
            for image in file['images']:
                yield os.path.relpath(file['path'], 'old'), image

    def test_something_happened(self):
        """A corpus without images would prove nothing."""
        self.assertGreater(self.report['summary']['edits'], 100)
        self.assertEqual(self.new.keys(), self.old.keys())

    def test_results(self):
        """Each image became what a second reading of the rules says."""
        for path, image in self.images():
            if image.get('reason') in (None, 'no rule matches'):
                self.assertEqual(image['new'], expect(image['old']),
                                 (path, image))

    def test_places(self):
        """Offset, length, line and column lead to the reference."""
        for path, image in self.images():
            data = self.old[path]
            start, length = image['offset'], image['length']
            self.assertIn(image['old'].encode(), data[start:start + length])
            self.assertEqual(data.count(b'\n', 0, start) + 1, image['line'])
            begin = data.rfind(b'\n', 0, start) + 1
            self.assertEqual(len(data[begin:start].decode()) + 1,
                             image['column'])

    def edits_by_line(self):
        """The rewritten images of each file, by the line they stand on."""
        found = collections.defaultdict(dict)
        for path, image in self.images():
            for edit in image.get('edits', []):
                line = self.old[path].count(b'\n', 0, edit['offset'])
                found[path].setdefault(line, []).append(image)
        return found

    def test_lines(self):
        """The lines that differ are those with images, and only by them."""
        edits = self.edits_by_line()
        for path, old in self.old.items():
            before, after = old.split(b'\n'), self.new[path].split(b'\n')
            self.assertEqual(len(before), len(after), path)
            other = {number for number, lines
                     in enumerate(zip(before, after)) if lines[0] != lines[1]}
            self.assertEqual(other, edits[path].keys(), path)
            for number in other:
                line = before[number]
                for image in edits[path][number]:
                    self.assertIn(image['old'].encode(), line)
                    line = line.replace(image['old'].encode(),
                                        image['new'].encode(), 1)
                self.assertEqual(after[number], line, path)

    def test_second_run(self):
        """Another run finds nothing to do."""
        run = tool(self.folder, 'rewrite', *RULES, '--check',
                   '--skip-unparsable', 'new')
        self.check_sane(run, 0)
        self.assertIn(' 0 images in 0 of ', run.last)
        run = tool(self.folder, 'rewrite', *RULES, '-O', 'again',
                   '--skip-unparsable', 'new')
        self.check_sane(run, 0)
        again = contents(self.path('again'))
        self.assertEqual(again.keys(), self.new.keys())
        self.assertEqual([path for path in again
                          if again[path] != self.new[path]], [])

    def test_in_place(self):
        """-i makes of a file what -O makes of it."""
        run, _ = self.rewrite('copy', '--exclude=docker.io',
                              '--exclude=quay.io',
                              '--exclude=registry.k8s.io', *RULES)
        self.check_sane(run, 0)
        self.assertEqual(contents(self.path('copy')), self.old)
        run = tool(self.folder, 'rewrite', *RULES, '-i', '--skip-unparsable',
                   'copy')
        self.check_sane(run, 0)
        copy = contents(self.path('copy'))
        self.assertEqual([path for path in copy
                          if copy[path] != self.new[path]], [])


if __name__ == '__main__':
    main()
