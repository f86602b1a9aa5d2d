"""Real manifests, as another YAML reader sees them before and after.

yq, which reads YAML by a library of its own, turns both into JSON. Whatever
differs has to be an image of the report, at the field that the report names.
"""

import json
import os
import subprocess

from corpus import RULES, CorpusTest, find_peer, main

YQ = find_peer('yq-go')


def read_documents(data):
    """The documents of a YAML text by yq, aliases replaced by what they stand
    for; None where yq does not take it."""
    done = subprocess.run([YQ, '-p=yaml', '-o=json', '-I=0', 'explode(.)'],
                          input=data, capture_output=True, timeout=60,
                          check=False)
    if done.returncode != 0:
        return None
    return [json.loads(line) for line in done.stdout.splitlines() if line]


def find_differences(old, new, path=()):
    """All (path, old, new) of leaves that differ."""
    if isinstance(old, dict) and isinstance(new, dict):
        keys = [*old, *(key for key in new if key not in old)]
        pairs = [(key, old.get(key), new.get(key)) for key in keys]
    elif isinstance(old, list) and isinstance(new, list) \
            and len(old) == len(new):
        pairs = [(index, *pair) for index, pair in enumerate(zip(old, new))]
    else:
        if old != new or type(old) is not type(new):
            yield path, old, new
        return
    for key, one, other in pairs:
        yield from find_differences(one, other, (*path, key))


def format_field(path):
    """A path as the report writes it."""
    return '/'.join(str(step).replace('/', '\\/') for step in path)


class DocumentsTest(CorpusTest):
    """Every file that was edited."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.run_once, cls.report = cls.rewrite('new', *RULES)

    def setUp(self):
        if not YQ:
            self.skipTest('there is no yq-go')
        self.check_sane(self.run_once, 0)

    def differences(self, path):
        """What yq sees of the edits in a file; None if it cannot read it."""
        with open(self.path('new', path), 'rb') as file:
            new = read_documents(file.read())
        old = read_documents(self.old[path])
        if old is None:
            return None
        self.assertIsNotNone(new, path)
        self.assertEqual(len(old), len(new), path)
        return sorted((format_field(field), before, after)
                      for pair in zip(old, new)
                      for field, before, after in find_differences(*pair))

    def test_differences(self):
        """They are those of the report, and each is there."""
        compared = edited = 0
        for file in self.report['files']:
            if file['status'] != 'rewritten':
                continue
            path = os.path.relpath(file['path'], 'old')
            seen = self.differences(path)
            edited += 1
            if seen is None:
                continue
            compared += 1
            images = sorted((image['field'], image['old'], image['new'])
                            for image in file['images'] if image['new'])
            self.assertEqual([field for field, _, _ in seen],
                             [field for field, _, _ in images], path)
            # An argument holds more than its image.
            for (_, before, after), (_, old, new) in zip(seen, images):
                self.assertIn(old, before, path)
                self.assertEqual(before.replace(old, new, 1), after, path)
        self.assertGreater(compared, 0)
        self.assertGreaterEqual(compared, 0.95 * edited)


if __name__ == '__main__':
    main()
