"""Real manifests, with and without the documents in which nothing can be.

What a strict run finds, changes and says, any other run does as well, for all
files that can be parsed at all.
"""

import json
import os
import shutil

from corpus import DATA, NO_MATCH, RULES, FolderTest, main, make_writable, tool

# What a walk may be asked; each with two sets of classes.
COMMANDS = [
    ['list', '-o', 'json', '--possible'],
    ['list', '-o', 'tsv', '--fail-on-possible'],
    ['list', '--unique'],
    ['rewrite', '--diff', '--report', 'report', *RULES],
    ['rewrite', '--check', '--fail-on-unmatched', *RULES],
    ['rewrite', '--check', '--pull-secret', 'regcred', *NO_MATCH],
]


class StrictTest(FolderTest):
    """Each folder by itself, so that kustomizations are whole."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name in ('corpus', 'cases'):
            if os.path.isdir(os.path.join(DATA, name)):
                shutil.copytree(os.path.join(DATA, name), cls.path(name))
                make_writable(cls.path(name))
        for path in cls.unparsable():
            os.unlink(cls.path(path))

    @classmethod
    def unparsable(cls):
        """The files that are no YAML."""
        run = tool(cls.folder, 'rewrite', '--strict', '--check',
                   '--skip-unparsable', '--report', 'report', *NO_MATCH, '.')
        assert run.status in (0, 2), run.err
        with open(cls.path('report'), encoding='utf-8') as file:
            report = json.load(file)
        os.unlink(cls.path('report'))
        return [file['path'] for file in report['files']
                if file['status'] not in ('unchanged', 'rewritten')]

    def outcome(self, command, *more):
        """All that comes of a run."""
        run = tool(self.folder, *command, *more)
        self.assertNotIn('Sanitizer', run.err)
        report = self.path('report')
        text = None
        if os.path.exists(report):
            with open(report, encoding='utf-8') as file:
                text = file.read()
            os.unlink(report)
        return run.status, run.out, run.err, text

    def test_same(self):
        """Standard output, messages, status and report are the same."""
        names = sorted(entry.path for entry in os.scandir(self.folder)
                       for entry in os.scandir(entry.path))
        self.assertTrue(names)
        for path in names:
            path = os.path.relpath(path, self.folder)
            for command in COMMANDS:
                for find in ([], ['--find=all']):
                    with self.subTest(path=path, command=[*command, *find]):
                        self.assertEqual(
                            self.outcome(command, *find, path),
                            self.outcome(command, *find, '--strict', path))

    def test_share(self):
        """Most of what there is holds nothing."""
        path = self.path('corpus', 'kube-prometheus')
        run = tool(self.folder, 'list', '-v', path)
        note = next(line for line in run.err.splitlines() if 'parsed' in line)
        parsed, _, size = note.split('note: ')[1].split()[:3]
        self.assertLess(int(parsed), int(size) / 50)


if __name__ == '__main__':
    main()
