"""--pull-secret: in place, as a diff, in the report, and what it does not do."""

import json
import os
import shutil
import subprocess
import unittest

from support import ROOT, ToolTest, contents, main, pod
from test_report import undo

PAIRS = os.path.join(ROOT, 'fixtures', 'pull-secrets')
SECRET = ('--pull-secret', 'regcred')
CONFIG_MAP = '''kind: ConfigMap
data:
  pod: |
    kind: Pod
    spec:
      containers:
      - image: nginx
'''


def with_list(text):
    """A pod with the list before its containers."""
    return text.replace('  containers:\n', '  imagePullSecrets:\n'
                        '  - name: regcred\n  containers:\n')


class PullSecretTest(ToolTest):
    """The pairs of the fixtures, and files made here."""

    def copy_pairs(self):
        """A folder of what there is, and one of what it should become."""
        for name in os.listdir(PAIRS):
            for end, folder in (('.in.yaml', 'work'), ('.out.yaml', 'want')):
                if name.endswith(end):
                    os.makedirs(self.path(folder), exist_ok=True)
                    shutil.copy(os.path.join(PAIRS, name),
                                self.path(folder, name[:-len(end)] + '.yaml'))

    def rewrite(self, *args, **options):
        return super().rewrite('--find=all', *SECRET, *args, **options)

    def test_in_place(self):
        """Byte for byte; and a second run touches nothing."""
        self.copy_pairs()
        run = self.rewrite('-i', 'work')
        self.assertEqual(contents(self.path('work')),
                         contents(self.path('want')))
        images = int(run.last.split()[1])
        self.assertGreater(images, 50)
        run = self.rewrite('-i', 'work')
        self.assertIn(' 0 images', run.last)

    def apply(self, *command):
        """Applies the diff with another program."""
        self.copy_pairs()
        diff = self.rewrite('--diff', 'work').out
        done = subprocess.run(
            command, input=diff, capture_output=True, cwd=self.folder,
            timeout=60, check=False,
            env={**os.environ, 'GIT_CEILING_DIRECTORIES': self.folder})
        said = done.stdout + done.stderr
        self.assertEqual(done.returncode, 0, said)
        self.assertNotIn(b'offset', said)
        self.assertNotIn(b'fuzz', said)
        self.assertEqual(contents(self.path('work')),
                         contents(self.path('want')))

    @unittest.skipUnless(shutil.which('patch'), 'there is no patch')
    def test_patch(self):
        """The diff for GNU patch, to the letter."""
        self.apply('patch', '-p1', '--no-backup-if-mismatch', '--binary')

    @unittest.skipUnless(shutil.which('git'), 'there is no git')
    def test_git(self):
        """The diff for git."""
        self.apply('git', 'apply', '--whitespace=nowarn')

    def test_diff_has_no_line_twice(self):
        """What is inserted takes no line away."""
        self.write('a.yaml', pod('nginx'))
        diff = self.rewrite('--diff', 'a.yaml').text.splitlines()
        self.assertEqual([line for line in diff[2:] if line[0] in '+-'],
                         ['+  imagePullSecrets:', '+  - name: regcred',
                          '-    image: nginx',
                          '+    image: r.example.com/hub/library/nginx'])

    def test_report(self):
        """All edits are told, with what it takes to undo them."""
        self.copy_pairs()
        shutil.copytree(self.path('work'), self.path('before'))
        run = self.rewrite('-i', '--report', 'report.json', 'work')
        report = json.loads(self.read('report.json'))
        kinds = []
        for file in report['files']:
            name = os.path.basename(file['path'])
            self.assertEqual(undo(self.read('work', name), file['images']),
                             self.read('before', name), name)
            kinds += [edit.get('kind') for image in file['images']
                      for edit in image.get('edits', [])]
        self.assertEqual(set(kinds), {None, 'pull-secret'})
        self.assertEqual(report['summary']['edits'], int(run.last.split()[1]))

    def test_only_images_count(self):
        """The summary counts images, and so does --check."""
        self.write('a.yaml', pod('nginx', 'busybox'))
        run = self.rewrite('--check', 'a.yaml', status=1)
        self.assertIn(' 2 images in 1 of 1 file would be', run.last)
        self.write('b.yaml', with_list(pod('quay.io/a')))
        self.rewrite('--check', 'b.yaml')
        self.write('c.yaml', pod('quay.io/a'))
        self.rewrite('--check', 'c.yaml')

    def test_texts(self):
        """A pod in a text gets none, and that is said."""
        self.write('a.yaml', CONFIG_MAP)
        run = self.rewrite('-i', 'a.yaml')
        self.assertNotIn(b'regcred', self.read('a.yaml'))
        self.assertIn('no pull secret', run.err)
        self.write('a.yaml', CONFIG_MAP)
        self.assertEqual(self.rewrite('-i', '-q', 'a.yaml').err, '')

    def test_names(self):
        """What is no name of a secret is refused, and nothing is written."""
        self.write('a.yaml', pod('nginx'))
        for name in ('', 'A', 'a_b', 'a' * 254, '-a'):
            with self.subTest(name):
                run = self.tool('rewrite', '--prefix=docker.io=r.io/h', '-i',
                                '--pull-secret', name, 'a.yaml', status=2)
                self.assertIn('no name of a secret', run.err)
        self.assertEqual(self.read('a.yaml'), pod('nginx').encode())

    def test_refused(self):
        """One list that cannot be changed keeps all files from being written,
        and its place is told."""
        self.write('a.yaml', pod('nginx'))
        self.write('b.yaml', pod('nginx').replace(
            'spec:\n', 'spec:\n  imagePullSecrets: old\n'))
        run = self.rewrite('-i', 'a.yaml', 'b.yaml', status=2)
        self.assertEqual([(error.path, error.line, error.column)
                          for error in run.of('error')], [('b.yaml', '6', '3')])
        self.assertEqual(self.read('a.yaml'), pod('nginx').encode())

    def test_other_commands(self):
        """Only rewrite takes it."""
        for command in ('list', 'resolve'):
            self.tool(command, *SECRET, 'a', status=2)


if __name__ == '__main__':
    main()
