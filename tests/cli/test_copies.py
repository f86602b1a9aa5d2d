"""list with rules: what to copy where, in the formats of the tools that copy.

The shapes of the lines are those that the tools' own documents and sources
give: skopeo-copy(1), which takes no tag beside a digest; crane; the parser of
`oc image mirror -f`, which takes no digest in a target and each target once;
the configuration of regsync. What the copies have to be is worked out by hand.
"""

import json
import subprocess

from support import DIGEST, HUB, ToolTest, main, pod, snapshot

OTHER = 'sha256:' + 'fedcba9876543210' * 4
DIGITS = DIGEST.partition(':')[2]
FORMATS = ('mapping', 'skopeo-copy', 'crane-copy', 'regsync')
FLAT = ('--preset', 'kots:host=h.example.com,namespace=n')
LIBRARY = 'docker.io/library'
MOVED = 'r.example.com/hub/library'

# Name, options, images, and the copies that these need as crane has them.
ROWS = [
    ('a tag', HUB, ['nginx:1'], [
        (f'{LIBRARY}/nginx:1', f'{MOVED}/nginx:1')]),
    ('no tag is latest', HUB, ['nginx'], [
        (f'{LIBRARY}/nginx:latest', f'{MOVED}/nginx:latest')]),
    ('each once', HUB,
     ['nginx', 'nginx:latest', 'docker.io/library/nginx',
      'registry-1.docker.io/library/nginx', 'INDEX.docker.io/library/nginx'], [
          (f'{LIBRARY}/nginx:latest', f'{MOVED}/nginx:latest')]),
    ('in the order of sources', HUB, ['redis:2', 'nginx:9', 'nginx:10'], [
        (f'{LIBRARY}/nginx:10', f'{MOVED}/nginx:10'),
        (f'{LIBRARY}/nginx:9', f'{MOVED}/nginx:9'),
        (f'{LIBRARY}/redis:2', f'{MOVED}/redis:2')]),
    ('a digest', HUB, [f'nginx@{DIGEST}'], [
        (f'{LIBRARY}/nginx@{DIGEST}', f'{MOVED}/nginx@{DIGEST}')]),
    ('a tag and a digest', HUB, [f'nginx:1@{DIGEST}'], [
        (f'{LIBRARY}/nginx@{DIGEST}', f'{MOVED}/nginx:1')]),
    ('a tag with and without a digest', HUB, [f'nginx:1@{DIGEST}', 'nginx:1'], [
        (f'{LIBRARY}/nginx:1', f'{MOVED}/nginx:1'),
        (f'{LIBRARY}/nginx@{DIGEST}', f'{MOVED}/nginx@{DIGEST}')]),
    ('a tag with two digests', HUB, [f'nginx:1@{DIGEST}', f'nginx:1@{OTHER}'], [
        (f'{LIBRARY}/nginx@{DIGEST}', f'{MOVED}/nginx@{DIGEST}'),
        (f'{LIBRARY}/nginx@{OTHER}', f'{MOVED}/nginx@{OTHER}')]),
    ('a digest that is one copy with two names', HUB,
     ['nginx:1', f'nginx@{DIGEST}', f'nginx:1@{DIGEST}'], [
         (f'{LIBRARY}/nginx:1', f'{MOVED}/nginx:1'),
         (f'{LIBRARY}/nginx@{DIGEST}', f'{MOVED}/nginx@{DIGEST}')]),
    ('a digest from two places', FLAT,
     [f'quay.io/a/x@{DIGEST}', f'quay.io/b/x@{DIGEST}'], [
         (f'quay.io/a/x@{DIGEST}', f'h.example.com/n/x@{DIGEST}')]),
    ('what stays', HUB, ['quay.io/a/b:1', f'{MOVED}/nginx:1'], []),
    ('what is excluded', (*HUB, '--exclude', 'nginx'), ['nginx:1', 'redis:1'], [
        (f'{LIBRARY}/redis:1', f'{MOVED}/redis:1')]),
    ('another tag in the same place', ('--image', 'nginx:2'), ['nginx:1'], []),
    ('another tag elsewhere', (*HUB, '--image', 'nginx:2'), ['nginx:1'], [
        (f'{LIBRARY}/nginx:2', f'{MOVED}/nginx:2')]),
    ('another name and tag', ('--image', 'nginx=q.example.com/n:2'),
     ['nginx:1'], [(f'{LIBRARY}/nginx:2', 'q.example.com/n:2')]),
    ('a digest that a rule adds', (*HUB, '--image', f'nginx@{DIGEST}'),
     ['nginx:1'], [(f'{LIBRARY}/nginx@{DIGEST}', f'{MOVED}/nginx@{DIGEST}')]),
    ('a tag of the new place', ('--preset', 'zarf:host=z.example.com'),
     ['nginx:1.25'], [(f'{LIBRARY}/nginx:1.25',
                       'z.example.com/library/nginx:1.25-zarf-3793515731')]),
    ('an override before such a tag',
     ('--image', 'nginx:1.25', '--preset', 'zarf:host=z.example.com'),
     ['nginx:1'], [(f'{LIBRARY}/nginx:1.25',
                    'z.example.com/library/nginx:1.25-zarf-3793515731')]),
    ('a tag that is filled in, and replaced',
     ('--image', 'nginx=q.example.com/n:2'), ['nginx:${TAG}'],
     [(f'{LIBRARY}/nginx:2', 'q.example.com/n:2')]),
    ('a port', ('--prefix', 'localhost:5000=r.example.com:5001/x'),
     ['localhost:5000/a:1'], [('localhost:5000/a:1', 'r.example.com:5001/x/a:1')]),
]


def oc_target(target):
    """The target as `oc image mirror` takes it: digits in place of a digest."""
    return target.replace('@sha256:', ':')


def copies_of(style, text):
    """The copies that a list says, whatever its format; fails on any other
    line than those of the format."""
    lines = text.splitlines()
    if style == 'mapping':
        return [tuple(line.split('=')) for line in lines]
    if style == 'crane-copy':
        return [tuple(strip(line, 'crane copy ').split(' ')) for line in lines]
    if style == 'skopeo-copy':
        return [skopeo_copy(line) for line in lines]
    assert lines.pop(0) == 'version: 1'
    assert lines.pop(0) == ('sync:' if lines else 'sync: []')
    return [(json.loads(strip(source, '- source: ')),
             json.loads(strip(target, '  target: ')),
             strip(kind, '  type: image'))[:2]
            for source, target, kind in zip(*[iter(lines)] * 3, strict=True)]


def strip(line, start):
    """The line without its start, which must be there."""
    assert line.startswith(start), line
    return line[len(start):]


def skopeo_copy(line):
    """What a line has skopeo copy; a digest has to be kept."""
    rest = strip(line, 'skopeo copy --all ')
    if '@' in rest:
        rest = strip(rest, '--preserve-digests ')
    source, target = rest.split(' ')
    return strip(source, 'docker://'), strip(target, 'docker://')


class CopiesTest(ToolTest):
    """What is to be copied, and what is said of the rest."""

    def copies(self, *args, **options):
        """Runs `imgrewrite list` with rules for docker.io."""
        return self.tool('list', *HUB, *args, **options)

    def test_rows(self):
        """The same copies in every format."""
        for name, rules, images, want in ROWS:
            self.write('a.yaml', pod(*images))
            for style in FORMATS:
                with self.subTest(name, style=style):
                    run = self.tool('list', *rules, '-o', style, 'a.yaml')
                    expected = [(source, oc_target(target))
                                for source, target in want
                                ] if style == 'mapping' else want
                    self.assertEqual(copies_of(style, run.text), expected)

    def test_whole_texts(self):
        """Each format, letter by letter."""
        self.write('a.yaml', pod('nginx:1', f'redis@{DIGEST}'))
        texts = {
            'mapping':
                f'{LIBRARY}/nginx:1={MOVED}/nginx:1\n'
                f'{LIBRARY}/redis@{DIGEST}={MOVED}/redis:{DIGITS}\n',
            'skopeo-copy':
                f'skopeo copy --all docker://{LIBRARY}/nginx:1 '
                f'docker://{MOVED}/nginx:1\n'
                'skopeo copy --all --preserve-digests '
                f'docker://{LIBRARY}/redis@{DIGEST} '
                f'docker://{MOVED}/redis@{DIGEST}\n',
            'crane-copy':
                f'crane copy {LIBRARY}/nginx:1 {MOVED}/nginx:1\n'
                f'crane copy {LIBRARY}/redis@{DIGEST} '
                f'{MOVED}/redis@{DIGEST}\n',
            'regsync':
                'version: 1\nsync:\n'
                f'- source: "{LIBRARY}/nginx:1"\n'
                f'  target: "{MOVED}/nginx:1"\n'
                '  type: image\n'
                f'- source: "{LIBRARY}/redis@{DIGEST}"\n'
                f'  target: "{MOVED}/redis@{DIGEST}"\n'
                '  type: image\n',
        }
        for style, text in texts.items():
            with self.subTest(style):
                self.assertEqual(self.copies('-o', style, 'a.yaml').text, text)

    def test_nothing(self):
        """No copy is no line, and still a configuration."""
        self.write('a.yaml', pod('quay.io/a:1'))
        for style in FORMATS:
            run = self.copies('-o', style, 'a.yaml')
            self.assertEqual(run.text, 'version: 1\nsync: []\n'
                             if style == 'regsync' else '')
            self.assertIn('0 copies for 0 of 1 image, 1 left alone', run.last)

    def test_a_shell_takes_it(self):
        """A shell hands each command the very references."""
        self.write('a.yaml', pod('"[::1]:5000/a:1"', 'nginx:1'))
        self.write('bin/crane', '#!/bin/sh\nprintf "%s\\n" "$@"\n', 0o755)
        self.write('bin/skopeo', '#!/bin/sh\nprintf "%s\\n" "$@"\n', 0o755)
        rules = (*HUB, '--prefix', '[::1]:5000=[::2]:5001/x')
        # a file that an unquoted pattern would match
        self.write('docker:/1:5000/a:1', '')
        self.write('1:5000/a:1', '')
        for style, start in ('crane-copy', ''), ('skopeo-copy', 'docker://'):
            run = self.tool('list', *rules, '-o', style, 'a.yaml')
            self.write('copy.sh', f'PATH=$PWD/bin:$PATH\n{run.text}')
            words = self.sh('copy.sh').split('\n')
            self.assertEqual(
                [word for word in words if word.startswith(start) and
                 '/' in word],
                [f'{start}{name}' for name in (
                    '[::1]:5000/a:1', '[::2]:5001/x/a:1',
                    f'{LIBRARY}/nginx:1', f'{MOVED}/nginx:1')])

    def sh(self, name):
        """What a script in the folder prints."""
        return subprocess.run(['sh', '-e', name], cwd=self.folder, check=True,
                              stdout=subprocess.PIPE, text=True).stdout

    def test_summary(self):
        """How many images there are, and what becomes of each."""
        self.write('a.yaml', pod('nginx', 'nginx', 'quay.io/a:1',
                                 'redis:${TAG}', '${IMAGE}'))
        run = self.copies('-o', 'mapping', 'a.yaml', status=1)
        self.assertEqual(run.last, 'imgrewrite: 1 copy for 2 of 4 images, '
                                   '1 left alone, 1 not in the list')
        run = self.copies('-o', 'mapping', '-q', 'a.yaml', status=1)
        self.assertEqual(run.err, '')
        run = self.copies('--image', 'quay.io/a:2', '-o', 'mapping', 'a.yaml',
                          status=1)
        self.assertIn('0 left alone, 1 to stay in place with another tag or '
                      'digest', run.last)

    def test_an_end_that_is_filled_in(self):
        """What cannot be copied yet is told with its place."""
        self.write('a.yaml', pod('nginx:${TAG}'))
        warning, = self.copies('-o', 'regsync', 'a.yaml',
                               status=1).of('warning')
        self.assertEqual(warning[:3], ('a.yaml', '8', '12'))
        self.assertIn('nginx:${TAG} becomes '
                      'r.example.com/hub/library/nginx:${TAG}', warning.text)
        self.assertIn('not in the list', warning.text)

    def test_many_ends_that_are_filled_in(self):
        """Of many, some are told, and all with -v."""
        self.write('a.yaml', pod(*[f'a{index}:${{TAG}}' for index in range(30)]))
        run = self.copies('-o', 'mapping', 'a.yaml', status=1)
        self.assertLess(len(run.of('warning')), 15)
        self.assertIn('30 places in all', run.err)
        run = self.copies('-v', '-o', 'mapping', 'a.yaml', status=1)
        self.assertEqual(len(run.of('warning')), 30)

    def test_kustomizations(self):
        """What an entry pulls is copied as well."""
        self.write('k/base/a.yaml', pod('nginx:1'))
        self.write('k/base/kustomization.yaml', 'resources: [a.yaml]\n')
        self.write('k/kustomization.yaml',
                   'resources: [base]\n'
                   'images: [{name: nginx, newTag: "2"}]\n')
        run = self.copies('-o', 'crane-copy', 'k')
        self.assertEqual(copies_of('crane-copy', run.text), [
            (f'{LIBRARY}/nginx:{tag}', f'{MOVED}/nginx:{tag}')
            for tag in (1, 2)])


class RefusedTest(ToolTest):
    """Half a list would be carried out as if it were whole."""

    def refuse(self, *args, words=()):
        """Runs `list`, which says what is wrong and lists nothing."""
        run = self.tool('list', *args, status=2)
        self.assertEqual(run.out, b'', args)
        for word in words:
            self.assertIn(word, run.err)
        return run

    def test_collisions(self):
        """Two images for one place: the rules, or the entries, are wrong."""
        rows = {
            'a flat layout': (FLAT, ['quay.io/a/x:1', 'quay.io/b/x:1']),
            'overrides': (('--image', 'nginx=q.example.com/x:1',
                           '--image', 'redis=q.example.com/x:1'),
                          ['nginx', 'redis']),
        }
        for name, (rules, images) in rows.items():
            self.write('a.yaml', pod(*images))
            for style in FORMATS:
                with self.subTest(name, style=style):
                    run = self.refuse(*rules, '-o', style, 'a.yaml',
                                      words=['nothing is listed', *images])
                    error, = run.of('error')
                    self.assertEqual(error[:3], ('a.yaml', '10', '12'))
                    self.assertIn('(a.yaml:8:12)', error.text)

    def test_a_file_that_fails(self):
        """Nothing is listed, and what is wrong with the file is said."""
        self.write('a.yaml', pod('nginx'))
        self.write('b.yaml', 'a: [\n')
        self.refuse(*HUB, '-o', 'mapping', 'a.yaml', 'b.yaml',
                    words=['b.yaml:2', 'nothing is listed', '1 failed'])
        run = self.tool('list', *HUB, '-o', 'mapping', '--skip-unparsable',
                        'a.yaml', 'b.yaml')
        self.assertEqual(run.text.count('\n'), 1)

    def test_no_rules(self):
        """Without rules nothing moves."""
        self.write('a.yaml', pod('nginx'))
        for style in FORMATS:
            self.refuse('-o', style, 'a.yaml', words=['--prefix'])
            self.refuse('--exclude', 'nginx', '-o', style, 'a.yaml',
                        words=['--prefix'])

    def test_rules_of_other_formats(self):
        """These say what there is, not what becomes of it."""
        self.write('a.yaml', pod('nginx'))
        for options in ([], ['-o', 'json'], ['-o', 'tsv'], ['--unique']):
            self.refuse(*HUB, *options, 'a.yaml', words=['-o mapping'])

    def test_possible_images(self):
        """They are not rewritten, so there is nothing to copy them for."""
        self.write('a.yaml', pod('nginx'))
        self.refuse(*HUB, '-o', 'mapping', '--possible', 'a.yaml',
                    words=['--possible'])

    def test_rules_that_are_not_safe(self):
        """What rewrite refuses, list does."""
        self.write('a.yaml', pod('nginx'))
        self.refuse('--prefix', 'docker.io=q.example.com/x', '--prefix',
                    'q.example.com=docker.io/y', '-o', 'mapping', 'a.yaml')

    def test_resolve(self):
        """One reference is no list."""
        for style in FORMATS:
            run = self.tool('resolve', *HUB, '-o', style, 'nginx', status=2)
            self.assertIn('-o json', run.err)

    def test_nothing_is_written(self):
        """A list only reads."""
        self.write('a.yaml', pod('nginx'))
        before = snapshot(self.folder)
        self.tool('list', *HUB, '-o', 'regsync', 'a.yaml')
        self.check_untouched(before)


if __name__ == '__main__':
    main()
