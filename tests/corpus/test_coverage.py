"""Real manifests: the images that are found, next to those that are there.

A person has sorted what reading.py finds, line by line, into two tables.
places.tsv holds the images: file, line, class and reference, as the tool has
to list it. not_places.tsv holds the rest with the reason why it is no image: a
line, a range of lines, or * for a whole file. misses.tsv names the images that
the tool is allowed to miss, possible.tsv those that it tells of as possible.
"""

import collections
import os

import reading
from corpus import CorpusTest, main, tool

HERE = os.path.dirname(os.path.abspath(__file__))
CLASSES = ('pod', 'crd', 'args', 'env', 'configmap', 'annotations',
           'helm-values', 'kustomization', 'compose', 'charts')
DEFAULT_CLASSES = CLASSES[:4]
ENOUGH = 0.97

Place = collections.namedtuple('Place', 'path line kind reference')
Verdict = collections.namedtuple('Verdict', 'path first last reason')


def read_table(name, *columns):
    """The rows of a table as lists of texts."""
    with open(os.path.join(HERE, name), encoding='utf-8') as file:
        rows = [line.rstrip('\n').split('\t') for line in file]
    assert rows[0] == list(columns), (name, rows[0])
    assert all(len(row) == len(columns) and all(row) for row in rows), name
    return rows[1:]


def read_places():
    """The images that are there."""
    return [Place(path, int(line), kind, reference)
            for path, line, kind, reference in read_table(
                'places.tsv', 'file', 'line', 'class', 'reference')]


def read_verdicts():
    """The lines that only look as if they held an image."""
    verdicts = []
    for path, lines, reason in read_table('not_places.tsv', 'file', 'lines',
                                          'reason'):
        first, _, last = lines.partition('-')
        verdicts.append(
            Verdict(path, 1, float('inf'), reason) if lines == '*'
            else Verdict(path, int(first), int(last or first), reason))
    return verdicts


def read_misses():
    """File and line of the images that need not be found."""
    return [(path, int(line)) for path, line, _ in read_table(
        'misses.tsv', 'file', 'line', 'reason')]


def read_possible():
    """What looks like an image and stands at no known place."""
    return {Place(path, int(line), 'possible', reference)
            for path, line, reference in read_table(
                'possible.tsv', 'file', 'line', 'reference')}


def in_lines(places):
    """Places as the lines of a message."""
    return '\n'.join(f'{place.path}:{place.line}\t{place.kind}\t'
                     f'{place.reference}' for place in sorted(places))


class TablesTest(CorpusTest):
    """The tables, next to the files and to the reading of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.places = read_places()
        cls.verdicts = read_verdicts()
        cls.found = reading.read_folder(cls.path('old'))

    def verdicts_on(self, found):
        """The rows of not_places.tsv that a finding is in."""
        return [verdict for verdict in self.verdicts
                if verdict.path == found.path
                and verdict.first <= found.line <= verdict.last]

    def test_reading(self):
        """Whatever looks like an image is in one of the tables."""
        there = collections.Counter(
            (place.path, place.line, place.reference)
            for place in self.places)
        unsorted = [found for found in self.found
                    if there[found.path, found.line, found.reference]
                    + len(self.verdicts_on(found)) != 1]
        self.assertEqual(unsorted, [])

    def test_files(self):
        """The reader has seen the files that a walk takes, no others."""
        self.assertEqual(sorted(reading.walk(self.path('old'))),
                         sorted(self.old))

    def test_places(self):
        """Each image is in its line: all of it, or its repository."""
        for place in self.places:
            self.assertIn(place.kind, CLASSES, place)
            self.assertEqual(self.verdicts_on(place), [], place)
            line = self.old[place.path].decode().split('\n')[place.line - 1]
            *path, last = place.reference.partition('@')[0].split('/')
            path.append(last.partition(':')[0])
            # A split map may have tag and registry in other lines.
            spellings = (place.reference, '/'.join(path), '/'.join(path[1:]))
            self.assertTrue(any(text and text in line for text in spellings),
                            place)

    def test_order(self):
        """Each row stands once, where it is looked for."""
        for rows in (self.places, self.verdicts, read_misses()):
            self.assertEqual(rows, sorted(set(rows)))

    def test_verdicts(self):
        """No row outlives what it was written for."""
        needed = {verdict for found in self.found
                  for verdict in self.verdicts_on(found)}
        self.assertEqual([verdict for verdict in self.verdicts
                          if verdict not in needed], [])


class CoverageTest(CorpusTest):
    """The tool, next to places.tsv."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.places = set(read_places())
        cls.misses = set(read_misses())

    def list_images(self, *options):
        """What the tool lists, and how often."""
        run = tool(self.folder, 'list', *options, '--skip-unparsable',
                   '-o', 'tsv', 'old')
        self.check_sane(run, 0)
        listed = collections.Counter()
        for row in run.text.splitlines():
            reference, path, line, _, _, _, _, kind = row.split('\t')
            listed[Place(os.path.relpath(path, 'old'), int(line), kind,
                         reference)] += 1
        return listed

    def is_allowed(self, place):
        """Whether an image may be missed."""
        return (place.path, place.line) in self.misses

    def check(self, places, *options):
        """Compares, prints a table, and fails for what ought not to be."""
        listed = self.list_images(*options)
        found = places & listed.keys()
        missed = places - found
        # What is listed twice is false once.
        false = list((listed - collections.Counter(found)).elements())
        self.show(places, found, false, options)
        wrong = {
            'missed': [one for one in missed if not self.is_allowed(one)],
            'false': false,
            'found, and yet in misses.tsv': [one for one in found
                                             if self.is_allowed(one)],
        }
        texts = [f'{what}:\n{in_lines(ones)}'
                 for what, ones in wrong.items() if ones]
        if len(found) < ENOUGH * len(places):
            texts.append(f'{len(found)} of {len(places)} are not enough')
        if texts:
            self.fail('\n' + '\n'.join(texts))

    def show(self, places, found, false, options):
        """Prints the numbers of each class."""
        columns = [collections.Counter(place.kind for place in column)
                   for column in (places, found, places - found, false)]
        rows = [(name, *(column[name] for column in columns))
                for name in CLASSES if any(name in column
                                           for column in columns)]
        rows.append(('all', len(places), len(found),
                     len(places) - len(found), len(false)))
        print(' '.join(('list', *options)))
        print(f'{"class":14}{"places":>8}{"found":>8}{"missed":>8}'
              f'{"false":>8}')
        for name, *numbers in rows:
            print(f'{name:14}' + ''.join(f'{number:8}' for number in numbers),
                  flush=True)

    def test_possible(self):
        """What is told of as possible, a line for ten images at most."""
        listed = self.list_images('--find', 'all', '--possible')
        possible = {place for place in listed if place.kind == 'possible'}
        known = sum(listed.values()) - len(possible)
        print(f'{known} images and {len(possible)} possible')
        self.assertEqual(in_lines(possible), in_lines(read_possible()))
        self.assertLessEqual(10 * len(possible), known)

    def test_possible_is_read(self):
        """The reader with grep has seen each of them as well."""
        read = {(found.path, found.line, found.reference)
                for found in reading.read_folder(self.path('old'))}
        self.assertLessEqual({(place.path, place.line, place.reference)
                              for place in read_possible()}, read)

    def test_misses(self):
        """Only an image can be missed."""
        lines = {(place.path, place.line) for place in self.places}
        self.assertLessEqual(self.misses, lines)

    def test_all(self):
        """Every class."""
        self.check(self.places, '--find', 'all')

    def test_default(self):
        """What is found unless somebody asks for more."""
        self.check({place for place in self.places
                    if place.kind in DEFAULT_CLASSES}, '--find', 'default')


if __name__ == '__main__':
    main()
