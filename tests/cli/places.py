"""The places of fixtures/cli/places.tsv, which were written by hand."""

import csv
import os

from support import FIXTURES

COLUMNS = ('path', 'document', 'line', 'column', 'written', 'apiVersion',
           'kind', 'name', 'namespace', 'field', 'old', 'new')
NUMBERS = ('document', 'line', 'column')


def unescape(text):
    """`\\n` and `\\\\` of the column `written`."""
    return text.replace('\\n', '\n').replace('\\\\', '\\')


def read_places():
    """A dictionary for each place, in the order of the files."""
    with open(os.path.join(FIXTURES, 'places.tsv'), encoding='utf-8') as file:
        rows = [row for row in csv.reader(file, delimiter='\t',
                                          quoting=csv.QUOTE_NONE)
                if not row[0].startswith('#')]
    places = []
    for row in rows:
        place = {name: None if cell == '-' else cell
                 for name, cell in zip(COLUMNS, row, strict=True)}
        place.update({name: int(place[name]) for name in NUMBERS})
        place['written'] = unescape(place['written'])
        places.append(place)
    return places


def find_offset(data, line, column):
    """The byte at a line and a column, which counts characters, from 1."""
    lines = data.split(b'\n')
    before = sum(len(text) + 1 for text in lines[:line - 1])
    characters = lines[line - 1].decode()[:column - 1]
    return before + len(characters.encode())
