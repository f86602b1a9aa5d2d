"""Real manifests: what no rule speaks of is kept byte for byte."""

import os
import re
import shutil

from corpus import NO_MATCH, RULES, CorpusTest, contents, main, tool


class UnchangedTest(CorpusTest):
    """A run whose rules match nothing."""

    def test_every_file(self):
        """Every file of the tree, and each as it was."""
        run, report = self.rewrite('same', *NO_MATCH)
        self.check_sane(run, 0)
        new = contents(self.path('same'))
        self.assertEqual(sorted(new), sorted(self.old))
        self.assertEqual([path for path in new if new[path] != self.old[path]],
                         [])
        self.assertEqual(report['summary']['edits'], 0)
        self.assertEqual(report['summary']['files'], len(self.old))

    def test_every_proof(self):
        """However much is proved, the texts are the same."""
        want = None
        for proof in ('default', 'full', 'reread', 'none'):
            run, _ = self.rewrite(f'proof-{proof}', *RULES, '--proof', proof)
            self.check_sane(run, 0)
            texts = contents(self.path(f'proof-{proof}'))
            want = want or texts
            self.assertEqual(texts.keys(), want.keys())
            self.assertEqual([path for path in texts
                              if texts[path] != want[path]], [], proof)
            shutil.rmtree(self.path(f'proof-{proof}'))

    def test_jobs(self):
        """Nor do threads make a difference."""
        runs = [tool(self.folder, 'rewrite', '-v', '--diff', f'-j{jobs}',
                     '--skip-unparsable', *RULES, 'old') for jobs in (1, 8)]
        self.check_sane(runs[0], 0)
        self.assertEqual(runs[0].out, runs[1].out)
        self.assertEqual(runs[0].err, runs[1].err)


class UnparsableTest(CorpusTest):
    """Files of the corpus that are no YAML: templates, most of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        run = tool(cls.folder, 'list', '-v', 'old')
        cls.bad = {os.path.relpath(error.path, 'old'): error
                   for error in run.of('error')}

    def setUp(self):
        if not self.bad:
            self.skipTest('every file of the corpus is YAML')

    def test_places(self):
        """Each is named once, with a line and a column that it has."""
        run = tool(self.folder, 'rewrite', '-v', *RULES, '--check', 'old')
        self.check_sane(run, 2)
        self.assertEqual({os.path.relpath(error.path, 'old')
                          for error in run.of('error')}, self.bad.keys())
        for path, error in self.bad.items():
            lines = self.old[path].split(b'\n')
            line, column = int(error.line), int(error.column)
            self.assertLessEqual(line, len(lines) + 1, path)
            text = lines[line - 1] if line <= len(lines) else b''
            self.assertLessEqual(column, len(text.decode()) + 1, path)

    def test_templates(self):
        """What lies in a chart's templates/ is called a Helm template."""
        for path, error in self.bad.items():
            if 'templates' in path.split('/'):
                self.assertIn('Helm template', error.text, path)
            if b'{{' not in self.old[path]:
                self.assertNotIn('Helm template', error.text, path)

    def test_nothing_is_written(self):
        """Without an option to allow it, one bad file stops all."""
        run = tool(self.folder, 'rewrite', *RULES, '-i', 'old')
        self.check_sane(run, 2)
        self.assertEqual(self.now('old'), self.old)
        run = tool(self.folder, 'rewrite', *RULES, '-O', 'none', 'old')
        self.check_sane(run, 2)
        self.assertFalse(os.path.exists(self.path('none')))

    def now(self, folder):
        """The manifests of a folder as they are."""
        return {path: data
                for path, data in contents(self.path(folder)).items()
                if path in self.old}

    def test_keep_going(self):
        """--keep-going leaves the bad ones out, --skip-unparsable not."""
        run = tool(self.folder, 'rewrite', *RULES, '-O', 'going',
                   '--keep-going', 'old')
        self.check_sane(run, 2)
        run, _ = self.rewrite('skipped', '-v', *RULES)
        self.check_sane(run, 0)
        self.assertEqual({warning.path for warning in run.of('warning')
                          if not re.search('duplicate|left alone|not among',
                                           warning.text)},
                         {f'old/{path}' for path in self.bad})
        going, skipped = self.now('going'), self.now('skipped')
        self.assertEqual(skipped.keys() - going.keys(), self.bad.keys())
        self.assertEqual([path for path in going
                          if going[path] != skipped[path]], [])
        self.assertEqual([path for path in self.bad
                          if skipped[path] != self.old[path]], [])


if __name__ == '__main__':
    main()
