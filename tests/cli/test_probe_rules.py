"""probe with rules: the command line, what is asked for, and what is said.

What real registries answer is tested in tests/registry; the one here is that of
test_probe.py: open/* is public, closed/* wants a password, broken/* is none, the
rest is not there.
"""

import json
import os

from support import DIGEST, ToolTest, main, pod
from test_probe import DIGEST as THERE, RegistryTest

OPEN = ('--prefix', 's.example.com=HOST/open')
GONE = ('--prefix', 's.example.com=HOST/gone')
CLOSED = ('--prefix', 's.example.com=HOST/closed')


class RulesTest(RegistryTest):
    """With a registry on loopback."""

    def asked(self):
        """The paths that were asked for, each once."""
        return sorted({path.removeprefix('/v2/')
                       for _, path in self.server.asked})

    def test_what_is_asked_for(self):
        """What the new manifests pull, each once, and nothing that stays."""
        rows = [
            ('a tag', ['s.example.com/a:1'], ['gone/a/manifests/1']),
            ('no tag', ['s.example.com/a'], ['gone/a/manifests/latest']),
            ('each once', ['s.example.com/a', 's.example.com/a:latest'],
             ['gone/a/manifests/latest']),
            ('a digest', [f's.example.com/a@{DIGEST}'],
             [f'gone/a/manifests/{DIGEST}']),
            ('both', [f's.example.com/a:1@{DIGEST}'],
             [f'gone/a/manifests/{DIGEST}']),
            ('both, and the tag', [f's.example.com/a:1@{DIGEST}',
                                   's.example.com/a:1'],
             ['gone/a/manifests/1', f'gone/a/manifests/{DIGEST}']),
            ('what stays', ['127.0.0.1:1/a'], []),
            ('what is excluded', ['s.example.com/x/a'], []),
            ('another tag at its place', ['127.0.0.1:1/b:1'], []),
        ]
        for name, images, paths in rows:
            with self.subTest(name=name):
                self.server.asked.clear()
                self.write('pod.yaml', pod(*images))
                self.probe(*GONE, '--exclude', 's.example.com/x/**', '--image',
                           '127.0.0.1:1/b:2', 'pod.yaml',
                           status=1 if paths else 0)
                self.assertEqual(self.asked(), paths)

    def test_table(self):
        """The new place, its outcome, the source and the reason."""
        run = self.probe(*OPEN, 's.example.com/a:1',
                         f's.example.com/bcd@{THERE}')
        self.assertEqual([line.split()[:4] for line in run.text.splitlines()], [
            [f'{self.host}/open/a:1', 'public', 's.example.com/a:1', 'the'],
            [f'{self.host}/open/bcd@{THERE}', 'public',
             f's.example.com/bcd@{THERE}', 'the']])
        self.assertEqual(len({line.index('s.example.com') for line in
                              run.text.splitlines()}), 1)
        run = self.probe(*OPEN, '--resolve', 's.example.com/a:1')
        self.assertTrue(run.text.split()[3].startswith('sha256:'))

    def test_json(self):
        """Source and state are members."""
        for rules, status, there in ((OPEN, 0, True), (GONE, 1, False),
                                     (CLOSED, 2, None)):
            run = self.probe(*rules, '-o', 'json', 's.example.com/a',
                             status=status)
            answer = json.loads(run.text)
            self.assertEqual(answer['source'], 's.example.com/a:latest')
            self.assertIs(answer.get('isThere'), there)

    def test_logins(self):
        """They are of the new places."""
        auth = self.write('auth.yaml', f'endpoint: {self.host}\n'
                          'username: alice\npassword: s3cr:t\n', mode=0o600)
        args = (*CLOSED, '-o', 'mapping', 's.example.com/a:1')
        run = self.probe(*args, status=2)
        self.assertEqual(run.text, '')
        self.assertIn(f'error: {self.host}/closed/a:1: denied: ', run.err)
        self.assertIn('--auth', run.last)
        run = self.probe('--auth-file', auth, *args)
        self.assertEqual(run.text, '')
        self.assertIn(': 1 pullable; 0 to copy', run.last)

    def test_unknown(self):
        """It is said what is unknown, and what it is taken for."""
        args = (*CLOSED, '-o', 'crane-copy', '--unknown')
        image = 's.example.com/a:1'
        for words, status, copied in (
                (['error'], 2, False), (['missing'], 1, True),
                (['there'], 0, False), (['missing', 'error'], 2, False),
                (['missing', 'private'], 1, True), (['private'], 2, False),
                (['there', 'missing'], 1, True)):
            with self.subTest(words=words):
                run = self.probe(*args[:-1], image, status=status, *(
                    word for how in words for word in ('--unknown', how)))
                self.assertEqual(run.text, copied * (
                    f'crane copy {image} {self.host}/closed/a:1\n'))
                self.assertEqual(len(run.of('error')), 2 * (status == 2))
        run = self.probe(*args, 'missing', '-q', image, status=1)
        self.assertEqual(run.err, '')

    def test_private_images(self):
        """private and public are of the images, for rules that ask for it."""
        args = ('--preset', 'zarf:host=HOST,only=private', 's.example.com/a')
        for words, asked in (([], 0), (['--unknown', 'private'], 1),
                             (['--unknown', 'public'], 0),
                             (['--private', 's.example.com/a'], 1)):
            with self.subTest(words=words):
                self.server.asked.clear()
                run = self.probe(*words, *args, status=asked)
                self.assertEqual(len(self.asked()), asked)
                self.assertEqual('not known to be private or public' in run.err,
                                 not words)

    def test_filled_in(self):
        """What cannot be asked for is unknown, and told with its place."""
        self.write('pod.yaml', pod('s.example.com/a:${TAG}',
                                   's.example.com/b:1'))
        for how, status in (('error', 2), ('missing', 1), ('there', 0)):
            run = self.probe(*OPEN, '--unknown', how, '-o', 'mapping',
                             'pod.yaml', status=status)
            warning, = run.of('warning')
            self.assertEqual((warning.path, warning.line), ('pod.yaml', '8'))
            self.assertIn('is not asked for: its end is filled in later',
                          warning.text)
            self.assertIn('1 not asked for', run.err)
        run = self.probe(*OPEN, 's.example.com/a:${TAG}', status=2)
        self.assertIn('is not asked for', run.err)

    def test_many_unknown(self):
        """The first are told, and how many there are."""
        images = [f's.example.com/a:{number}' for number in range(12)]
        run = self.probe(*CLOSED, '-o', 'mapping', *images, status=2)
        self.assertEqual(run.err.count('denied: '), 10)
        self.assertIn('and so for 2 more', run.err)
        run = self.probe(*CLOSED, '-o', 'mapping', '-v', *images, status=2)
        self.assertEqual(run.err.count('denied: '), 12)

    def test_references(self):
        """Those of arguments and lists are moved as those of manifests."""
        self.write('list', '# images\ns.example.com/a:1\n\nquay.io/b\n')
        self.write('pod.yaml', pod('s.example.com/c:1'))
        run = self.probe(*GONE, '-f', 'list', '-o', 'mapping', 'pod.yaml',
                         's.example.com/d:1', status=1)
        self.assertEqual(run.text.replace(self.host, 'HOST').splitlines(), [
            f's.example.com/{name}:1=HOST/gone/{name}:1' for name in 'acd'])
        self.assertIn('3 new places for 3 of 4 images asked for: 3 absent; '
                      '3 to copy, 1 left alone', run.last)

    def test_unused_rules(self):
        """They are told of where no reference may have met them."""
        self.write('pod.yaml', pod('s.example.com/a:1'))
        more = '--prefix', 'd.example.com=HOST/open'
        run = self.probe(*OPEN, *more, 'pod.yaml')
        self.assertIn('unused rule: prefix d.example.com', run.err)
        run = self.probe(*OPEN, *more, 'pod.yaml', 'd.example.com/a')
        self.assertNotIn('unused rule', run.err)

    def test_contradiction(self):
        """Two images for one place: nothing is asked for."""
        rules = ('--image', 's.example.com/a=HOST/gone/x:1',
                 '--image', 's.example.com/b=HOST/gone/x:1')
        self.write('pod.yaml', pod('s.example.com/a', 's.example.com/b'))
        for style in 'mapping', 'regsync':
            run = self.probe(*rules, '-o', style, 'pod.yaml', status=2)
            self.assertEqual((run.text, self.server.asked), ('', []))
            self.assertEqual(run.of('error')[0].line, '10')
            self.assertIn('nothing listed', run.last)
        run = self.probe(*rules, '-o', 'mapping', 's.example.com/a',
                         's.example.com/b', status=2)
        self.assertIn('and so would s.example.com/a, which is another image',
                      run.err)
        run = self.probe(*rules, 'pod.yaml', status=2)
        self.assertEqual(len(run.text.splitlines()), 1)

    def test_broken_manifest(self):
        """No half list; a table has the others."""
        self.write('a.yaml', 'kind: Pod\nspec: [\n')
        self.write('b.yaml', pod('s.example.com/a:1'))
        run = self.probe(*GONE, '-o', 'skopeo-copy', 'a.yaml', 'b.yaml',
                         status=2)
        self.assertEqual((run.text, self.server.asked), ('', []))
        self.assertEqual(run.of('error')[0].path, 'a.yaml')
        run = self.probe(*GONE, 'a.yaml', 'b.yaml', status=2)
        self.assertEqual(len(run.text.splitlines()), 1)
        run = self.probe(*GONE, '-o', 'mapping', '--skip-unparsable', 'a.yaml',
                         'b.yaml', status=1)
        self.assertEqual(run.text.count('\n'), 1)

    def test_no_registry(self):
        """A new place that no registry can have is told with its image."""
        self.write('pod.yaml', pod('s.example.com/a:1', 't.example.com/b:1'))
        rules = ('--prefix', 's.example.com=r.example.com:99999/x',
                 '--prefix', 't.example.com=HOST/gone')
        run = self.probe(*rules, 'pod.yaml', status=2)
        self.assertEqual(run.of('error')[0].line, '8')
        self.assertEqual([line.split()[2] for line in run.text.splitlines()],
                         ['t.example.com/b:1'])
        run = self.probe(*rules, '-o', 'mapping', 'pod.yaml', status=2)
        self.assertEqual(run.text, '')

    def test_rules_file(self):
        """Standard input may be a file of rules, or what these are for."""
        rules = ('apiVersion: imgrewrite/v1\nkind: RewriteRules\nregistries:\n'
                 f'- prefix: s.example.com\n  location: {self.host}/open\n')
        self.write('pod.yaml', pod('s.example.com/a:1'))
        self.write('rules.yaml', rules)
        run = self.probe('--rules', '-', 'pod.yaml', stdin=rules.encode())
        self.assertIn('1 new place for 1 of 1 image asked for: 1 public',
                      run.last)
        run = self.probe('--rules', 'rules.yaml', '-',
                         stdin=pod('s.example.com/a:1').encode())
        self.assertIn(': 1 public; 0 to copy, 0 left alone', run.last)

    def test_nothing_moves(self):
        """Then all is there."""
        for style, text in (('mapping', ''), ('table', ''), ('json', ''),
                            ('regsync', 'version: 1\nsync: []\n')):
            run = self.probe(*OPEN, '-o', style, 'quay.io/a')
            self.assertEqual(run.text, text)
            self.assertIn('0 new places for 0 of 1 image asked for; 0 to copy, '
                          '1 left alone', run.last)
            self.assertIn('no image moves; leave the rules out', run.err)
        run = self.probe(*OPEN, '-q', 'quay.io/a')
        self.assertEqual(run.err, '')


class UsageTest(ToolTest):
    """Without any registry."""

    def test_refused(self):
        """What does not go together."""
        moved = ('--prefix', 'a.io=b.io')
        rows = [
            ([*moved], ['needs a REFERENCE']),
            (['-o', 'mapping', 'a'], ['needs a rule: --prefix']),
            (['--exclude', 'a', 'a'], ['needs a rule: --prefix']),
            (['--known-images', '/dev/null', 'a'], ['/dev/null']),
            ([*moved, '-o', 'lock', 'a'], ['leave the rules out']),
            ([*moved, '-o', 'digest-lock', 'a'], ['leave the rules out']),
            ([*moved, '-o', 'registry-auth', 'a'], ['--auth-file']),
            ([*moved, '-o', 'known-images', 'a'], ['leave the rules out']),
            ([*moved, '--possible', 'a'], ['--possible does not go']),
            (['--unknown', 'missing', 'a'], ['of new places']),
            (['--unknown', 'ther', 'a'], ['did you mean there']),
            (['--prefix', 'a.io', 'a'], ['expected FROM=TO']),
            (['--preset', 'zrf', 'a'], ['did you mean zarf']),
            (['--rules', '/nosuch', 'a'], ['/nosuch']),
            (['--rules', '-', '-'], ['once only']),
            (['--rules', '-', '-f', '-'], ['once only']),
            ([*moved, 'A/B'], ['A/B: error']),
            (['--prefix', 'b.io=c.io', *moved, 'a'], ['prefix a.io']),
        ]
        for args, words in rows:
            with self.subTest(args=args):
                run = self.tool('probe', *args, status=2)
                self.assertEqual(run.text, '')
                for word in words:
                    self.assertIn(word, run.err)


if __name__ == '__main__':
    for name in list(os.environ):
        if name.lower().endswith('_proxy'):
            del os.environ[name]
    main()
