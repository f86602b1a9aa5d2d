"""What imgrewrite probe with rules says of real registries: which images are at
their new places, and which copies are still to be made.

A copy that this makes itself goes the way the distribution specification has
it: manifests, and blobs that are mounted.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import urllib.request

PROBE, TOOL = os.environ['IMGREWRITE_PROBE'], os.environ['IMGREWRITE']
SERVER = {name: os.environ['IRW_' + name] for name in (
    'ANONYMOUS', 'BASIC', 'BEARER', 'HOSTILE')}
USER, PASSWORD = os.environ['IRW_USER'], os.environ['IRW_PASSWORD']
DIGEST = {name: os.environ['IRW_DIGEST_' + name] for name in (
    'MULTI', 'ONE', 'ARM', 'LIST', 'S2')}
DIGEST['HOSTILE'] = os.environ['IRW_HOSTILE_DIGEST']
DIGEST['NONE'] = 'sha256:' + '0' * 64
DIGEST['SHA512'] = 'sha512:' + '0' * 128
FORMATS = 'mapping', 'skopeo-copy', 'crane-copy', 'regsync'
LOGIN, WRONG = ('--auth-file', 'auth.json'), ('--auth-file', 'wrong.json')
THERE, MISSING, UNKNOWN = 'there', 'missing', 'unknown'

# Name, where images of src.example.com move, image, options, what is known of
# the new place. {NAME} is a server, and @NAME a digest.
ROWS = (
    ('a tag', '{ANONYMOUS}/public', 'hello:one', (), THERE),
    ('an index', '{ANONYMOUS}/public', 'hello:multi', (), THERE),
    ('no tag', '{ANONYMOUS}/public', 'hello:none', (), MISSING),
    ('latest', '{ANONYMOUS}/public', 'hello', (), MISSING),
    ('no repository', '{ANONYMOUS}/no/such', 'hello:one', (), MISSING),
    ('a digest', '{ANONYMOUS}/public', 'hello@ONE', (), THERE),
    ('no digest', '{ANONYMOUS}/public', 'hello@NONE', (), MISSING),
    ('a digest without its tag', '{ANONYMOUS}/public', 'hello:none@ONE', (),
     THERE),
    ('a tag without its digest', '{ANONYMOUS}/public', 'hello:one@NONE', (),
     MISSING),
    ('a tag of another digest', '{ANONYMOUS}/public', 'hello:one@ARM', (),
     THERE),
    ('a token for anyone', '{BEARER}/public', 'hello:one', (), THERE),
    ('none of them', '{BEARER}/public', 'hello:none', (), MISSING),
    ('no login', '{BEARER}/private', 'secret:one', (), UNKNOWN),
    ('a login', '{BEARER}/private', 'secret:one', LOGIN, THERE),
    ('a login, and no tag', '{BEARER}/private', 'secret:none', LOGIN, MISSING),
    ('a login, and a digest', '{BEARER}/private', 'secret:x@ONE', LOGIN,
     THERE),
    ('a wrong login', '{BEARER}/private', 'secret:one', WRONG, UNKNOWN),
    ('no password', '{BASIC}/public', 'hello:one', (), UNKNOWN),
    ('a password', '{BASIC}/public', 'hello:one', LOGIN, THERE),
    ('a password, and no repository', '{BASIC}/no/such', 'hello:one', LOGIN,
     MISSING),
    ('a wrong password', '{BASIC}/no/such', 'hello:one', WRONG, UNKNOWN),
    ('nobody', '127.0.0.1:1/public', 'hello:one', (), UNKNOWN),
    ('a failure', '{HOSTILE}/s500', 'hello:one', (), UNKNOWN),
)

# The same where a map makes a tag of a digest: name, image and new name.
MAPPED = (
    ('the digest', 'hello@ONE', '{ANONYMOUS}/public/hello:one', (), THERE),
    ('another', 'hello@ONE', '{ANONYMOUS}/public/hello:multi', (), MISSING),
    ('no tag', 'hello@ONE', '{ANONYMOUS}/public/hello:none', (), MISSING),
    ('one that is computed', 'hello@HOSTILE', '{HOSTILE}/nodigest/hello:one',
     (), THERE),
    ('another algorithm', 'hello@SHA512', '{ANONYMOUS}/public/hello:one', (),
     UNKNOWN),
    ('another that is computed', 'hello@ONE', '{HOSTILE}/nodigest/hello:one',
     ('--resolve',), MISSING),
)


def fill(text):
    """A text with the places of servers, and with digests."""
    name, mark, digest = text.format(**SERVER).partition('@')
    return name + mark + DIGEST.get(digest, digest)


def source_of(image):
    """What is copied for an image of src.example.com."""
    name, _, digest = fill(f'src.example.com/{image}').partition('@')
    base, colon, tag = name.partition(':')
    return (f'{base}@{digest}' if digest
            else f'{base}:{tag if colon else "latest"}')


def request(method, reference, data=None, **headers):
    """Sends a request; returns the headers and the body of the response."""
    host, _, path = reference.partition('/')
    with urllib.request.urlopen(urllib.request.Request(
            f'http://{host}/v2/{path}', data, method=method, headers={
                name.replace('_', '-'): value
                for name, value in headers.items()})) as response:
        return response.headers, response.read()


def split(reference):
    """The name of an image, and its tag or digest."""
    mark = '@' if '@' in reference else ':'
    name, _, end = reference.rpartition(mark)
    return name, end


def copy(source, target):
    """Copies an image within a registry, with all that it needs."""
    (old, end), (new, new_end) = split(source), split(target)
    headers, data = request(
        'GET', f'{old}/manifests/{end}', Accept=', '.join((
            'application/vnd.oci.image.index.v1+json',
            'application/vnd.oci.image.manifest.v1+json',
            'application/vnd.docker.distribution.manifest.list.v2+json',
            'application/vnd.docker.distribution.manifest.v2+json')))
    manifest = json.loads(data)
    for part in manifest.get('manifests', ()):
        copy(f'{old}@{part["digest"]}', f'{new}@{part["digest"]}')
    for part in manifest.get('layers', []) + [
            manifest[name] for name in ('config',) if name in manifest]:
        request('POST', f'{new}/blobs/uploads/?mount={part["digest"]}&from='
                        f'{old.partition("/")[2]}', b'')
    request('PUT', f'{new}/manifests/{new_end}', data,
            Content_Type=headers['Content-Type'])


class TargetsTest(unittest.TestCase):
    """Runs of the program, in a folder with logins."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        for name, password in (('auth', PASSWORD), ('wrong', 'wrong')):
            path = self.folder / f'{name}.json'
            path.write_text(json.dumps({'auths': {SERVER[host]: {
                'username': USER, 'password': password}
                for host in ('BASIC', 'BEARER')}}))
            path.chmod(0o600)

    def run_tool(self, program, *arguments, **options):
        """Runs a program, which finds no logins by itself."""
        return subprocess.run(
            [*program, *arguments], cwd=self.folder, timeout=60, check=False,
            env={'PATH': os.environ['PATH'], 'HOME': '/nonexistent'},
            capture_output=True, text=True, **options)

    def probe(self, *arguments, **options):
        """Runs the program that asks."""
        return self.run_tool([PROBE], *arguments, **options)

    def check_state(self, state, source, arguments):
        """All that a run may print tells the state of the only target."""
        run = self.probe('-o', 'json', *arguments)
        answer = json.loads(run.stdout)
        status = {THERE: 0, MISSING: 1, UNKNOWN: 2}
        self.assertEqual(answer.get('isThere', UNKNOWN),
                         {THERE: True, MISSING: False}.get(state, state),
                         answer)
        self.assertEqual((answer['source'], run.returncode),
                         (source, status[state]), run.stderr)
        table = self.probe(*arguments)
        self.assertEqual(table.stdout.split()[:3], [
            answer['ref'], answer['outcome'], source])
        self.assertEqual(table.returncode, status[state])
        for how in ('error', MISSING, THERE)[:3 if state == UNKNOWN else 1]:
            taken = how if state == UNKNOWN and how != 'error' else state
            with self.subTest(how=how):
                run = self.probe('-o', 'crane-copy', '--unknown', how,
                                 *arguments)
                self.assertEqual(run.returncode, status[taken], run.stderr)
                self.assertEqual(run.stdout.startswith(f'crane copy {source} '),
                                 taken == MISSING, run.stdout)
                self.assertEqual(answer['reason'] in run.stderr,
                                 state == UNKNOWN, run.stderr)

    def test_rows(self):
        """What is at the new place of an image decides."""
        for name, place, image, options, state in ROWS:
            with self.subTest(name=name):
                self.check_state(state, source_of(image), [
                    *options, '--prefix', 'src.example.com=' + fill(place),
                    fill(f'src.example.com/{image}')])

    def test_mapped(self):
        """A tag has to have the digest that it stands for."""
        for name, image, target, options, state in MAPPED:
            with self.subTest(name=name):
                old = fill(f'src.example.com/{image}')
                (self.folder / 'relocation-mapping.json').write_text(
                    json.dumps({old: fill(target)}))
                self.check_state(state, source_of(image), [
                    *options, '--rules', 'relocation-mapping.json', old])

    def write_pod(self, name, images):
        """Writes a manifest."""
        (self.folder / name).write_text(
            'kind: Pod\nspec:\n  containers:\n' +
            ''.join(f'  - image: {image}\n' for image in images))

    def test_formats(self):
        """What is missing is printed as `list` prints it."""
        rules = '--prefix', fill('src.example.com={ANONYMOUS}/public')
        there = ['hello:one', 'hello:none@ONE', 'hello@ARM']
        missing = ['hello:gone', 'hello:v2@NONE', 'gone@S2', 'gone:multi']
        for name, images in (('all.yaml', there + missing),
                             ('missing.yaml', missing), ('there.yaml', there)):
            self.write_pod(name, [fill(f'src.example.com/{image}')
                                  for image in images])
        for style in FORMATS:
            with self.subTest(style=style):
                run = self.probe(*rules, '-o', style, 'all.yaml')
                want = self.run_tool([TOOL, 'list'], *rules, '-o', style,
                                     'missing.yaml').stdout
                self.assertEqual((run.stdout, run.returncode), (want, 1))
                run = self.probe(*rules, '-o', style, 'there.yaml')
                self.assertEqual(
                    (run.stdout, run.returncode),
                    ('version: 1\nsync: []\n' if style == 'regsync' else '',
                     0))

    def test_round_trip(self):
        """What is printed is carried out, and then nothing is missing."""
        self.write_pod('pod.yaml', [fill('{ANONYMOUS}/public/' + image)
                                    for image in (
            'hello:one', 'hello:multi', 'hello:list@LIST', 'hello@ARM',
            'hello:v1@S2', 'hello:one@ONE')])
        crane = self.folder / 'crane'
        crane.write_text(f'#!/bin/sh\nshift\nexec {sys.executable} '
                         f'{os.path.abspath(__file__)} copy "$@"\n')
        crane.chmod(0o755)
        rules = '--prefix', fill('{ANONYMOUS}/public={ANONYMOUS}/copied')
        command = (PROBE, *rules, '-o', 'crane-copy', 'pod.yaml')
        for copied, first in (6, 1), (0, 0):
            run = self.probe(*command[1:])
            self.assertEqual((run.returncode, run.stdout.count('\n')),
                             (first, copied), run.stderr)
            done = subprocess.run(
                ['sh', '-e'], input=run.stdout, text=True, check=False,
                cwd=self.folder, capture_output=True,
                env={**os.environ,
                     'PATH': f'{self.folder}:{os.environ["PATH"]}'})
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_one_of_several_registries(self):
        """One that cannot be reached does not hide what others miss."""
        self.write_pod('pod.yaml', ['a.example.com/hello:none',
                                    'a.example.com/hello:one',
                                    'b.example.com/hello:one', 'quay.io/a/b'])
        run = self.probe(
            '--prefix', fill('a.example.com={ANONYMOUS}/public'),
            '--prefix', 'b.example.com=127.0.0.1:1', '-o', 'mapping',
            'pod.yaml')
        self.assertEqual(
            run.stdout, fill('a.example.com/hello:none={ANONYMOUS}/public/'
                             'hello:none\n'))
        self.assertEqual(run.returncode, 2)
        *_, told, summary, advice = run.stderr.splitlines()
        self.assertIn('error: 127.0.0.1:1/hello:one: unreachable: ', told)
        self.assertEqual(
            summary, 'imgrewrite: 3 new places for 3 of 4 images asked for: '
                     '1 public, 1 absent, 1 unreachable; 1 to copy, '
                     '1 left alone')
        self.assertIn('--unknown missing or there', advice)


if __name__ == '__main__':
    if sys.argv[1:2] == ['copy']:
        copy(*sys.argv[2:])
    else:
        unittest.main()
