"""From access keys to a pull secret: imgrewrite probe -o registry-auth, and
imgrewrite overlay behind it.

    with_servers.py --servers ecr,world,basic,bearer \\
        python3 test_registry_auth.py

The registries of Amazon and Docker Hub have their real names here. What is
printed is judged by what the emulated ECR hands out, and by logging in with it.
"""

import base64
import json
import os
import pty
import re
import stat
import subprocess
import tempfile
import time
import unittest

from servers import ecr, world

PROBE = os.environ['IMGREWRITE_PROBE']
IMGREWRITE = os.environ['IMGREWRITE']
BASIC, BEARER = os.environ['IRW_BASIC'], os.environ['IRW_BEARER']
USER, PASSWORD = os.environ['IRW_USER'], os.environ['IRW_PASSWORD']
REGISTRY = f'{ecr.ACCOUNT}.dkr.ecr.{ecr.REGION}.amazonaws.com'
API = f'api.ecr.{ecr.REGION}.amazonaws.com'
PUBLIC, PUBLIC_API = 'public.ecr.aws', 'api.ecr-public.us-east-1.amazonaws.com'
TOKEN = ecr.password(ecr.REGION)
UTC = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ')

SECRET = f'{REGISTRY}/private/secret:one'
OPEN = 'docker.io/library/nginx:one'
HUB_SECRET = 'docker.io/private/secret:one'
BASIC_IMAGE = f'{BASIC}/public/hello:one'
BEARER_SECRET = f'{BEARER}/private/secret:one'
NOBODY = '127.0.0.1:1/a:b'

# What no message may hold.
HIDDEN = (ecr.SECRET, ecr.SESSION_TOKEN, TOKEN, PASSWORD,
          os.environ['IRW_REFRESH_TOKEN'],
          base64.b64encode(f'AWS:{TOKEN}'.encode()).decode())

KEYS = {'username': ecr.KEY, 'password': ecr.SECRET}
SESSION = {'username': ecr.SESSION_KEY, 'password': ecr.SECRET,
           'identitytoken': ecr.SESSION_TOKEN}
ALICE = {'username': USER, 'password': PASSWORD}
IDENTITY = {'identitytoken': os.environ['IRW_REFRESH_TOKEN']}

ECR_ENTRY = (REGISTRY, 'AWS', TOKEN, True)

# An image that rules move to the ECR, and the rules.
MOVED = 'quay.io/acme/secret:one'
RULES = ('--prefix', f'quay.io/acme={REGISTRY}/private')

# Name, logins by their keys, images, options; the entries of the list, as
# registry, user, password and whether that expires; words of messages.
PRINTED = (
    ('an access key', {REGISTRY: KEYS}, [SECRET], (), [ECR_ENTRY], ()),
    ('a session', {REGISTRY: SESSION}, [SECRET], (), [ECR_ENTRY], ()),
    ('the public ECR', {PUBLIC: KEYS}, [f'{PUBLIC}/private/secret:one'], (),
     [(PUBLIC, 'AWS', TOKEN, True)], ()),
    ('a password of ECR as it is',
     {REGISTRY: {'username': 'AWS', 'password': TOKEN}}, [SECRET], (),
     [(REGISTRY, 'AWS', TOKEN, False)], ()),
    ('a password', {BASIC: ALICE}, [BASIC_IMAGE], (),
     [(BASIC, USER, PASSWORD, False)], ()),
    ('a token of a user', {BEARER: ALICE}, [BEARER_SECRET], (),
     [(BEARER, USER, PASSWORD, False)], ()),
    ('Docker Hub', {'https://index.docker.io/v1/': ALICE},
     [HUB_SECRET, 'index.docker.io/private/secret:arm'], (),
     [('index.docker.io', USER, PASSWORD, False)], ()),
    ('several registries, and several images of one',
     {BASIC: ALICE, REGISTRY: KEYS},
     [SECRET, BASIC_IMAGE, f'{REGISTRY}/public/hello:one', SECRET], (),
     [(BASIC, USER, PASSWORD, False), ECR_ENTRY], ()),
    ('a registry in other letters', {REGISTRY: KEYS},
     [SECRET, SECRET.replace('amazonaws', 'AmazonAWS')], (), [ECR_ENTRY], ()),
    ('a key and the password that it gets',
     {f'{REGISTRY}/private': {'username': 'AWS', 'password': TOKEN},
      REGISTRY: KEYS}, [SECRET, f'{REGISTRY}/public/hello:one'], (),
     [ECR_ENTRY], ()),
    ('one login with two keys',
     {f'{BEARER}/private': ALICE, f'{BEARER}/private/secret': ALICE},
     [BEARER_SECRET, f'{BEARER}/private/secret:arm'], (),
     [(BEARER, USER, PASSWORD, False)], ()),
    ('a public one beside', {REGISTRY: KEYS}, [OPEN, SECRET], (),
     [ECR_ENTRY], ()),
    ('public ones only', {REGISTRY: KEYS}, [OPEN], (), [],
     ('no image needs a login',)),
    ('one that nobody has a login for', {REGISTRY: KEYS},
     [HUB_SECRET, SECRET], (), [ECR_ENTRY],
     (f'warning: {HUB_SECRET}', 'no login for it')),
    ('nothing is known, and it is public', {REGISTRY: KEYS}, [NOBODY, SECRET],
     ('--unknown', 'public'), [ECR_ENTRY], ('unreachable',)),
    ('nothing is known, and it is private', {REGISTRY: KEYS},
     [NOBODY, SECRET], ('--unknown', 'private'), [ECR_ENTRY],
     (f'warning: {NOBODY}',)),
    ('a new place', {REGISTRY: KEYS}, [MOVED], RULES, [ECR_ENTRY],
     ('1 new place', '0 to copy')),
    ('a new place, and an image that stays',
     {REGISTRY: KEYS, BEARER: ALICE}, [MOVED, BEARER_SECRET], RULES,
     [ECR_ENTRY], ('1 left alone',)),
    ('new places, of which one is public', {REGISTRY: KEYS},
     [MOVED, 'a.io/nginx:one'],
     (*RULES, '--prefix', 'a.io=docker.io/library'), [ECR_ENTRY],
     ('1 public, 1 pullable',)),
    ('new places, and one that nobody has a login for', {REGISTRY: KEYS},
     [MOVED, 'a.io/secret:one'],
     (*RULES, '--prefix', 'a.io=docker.io/private'), [ECR_ENTRY],
     (f'warning: {HUB_SECRET}', 'no login for it')),
    ('new places, and one of which nothing is known', {REGISTRY: KEYS},
     [MOVED, 'a.io/a:b'],
     (*RULES, '--prefix', 'a.io=127.0.0.1:1', '--unknown', 'there'),
     [ECR_ENTRY], (f'warning: {NOBODY}', '0 to copy')),
    ('new places, and one that is taken for missing', {REGISTRY: KEYS},
     [MOVED, 'a.io/a:b'],
     (*RULES, '--prefix', 'a.io=127.0.0.1:1', '--unknown', 'missing'),
     [ECR_ENTRY], (f'warning: {NOBODY}', '1 to copy')),
    ('a new place, and an image that is filled in', {REGISTRY: KEYS},
     [MOVED, 'quay.io/acme/secret:$TAG'], (*RULES, '--unknown', 'there'),
     [ECR_ENTRY], ('warning: quay.io/acme/secret:$TAG', '1 not asked for')),
    ('no new place', {REGISTRY: KEYS}, [OPEN], RULES, [],
     ('no image moves',)),
)

# The same of what prints nothing.
REFUSED = (
    ('a wrong secret', {REGISTRY: {**KEYS, 'password': 'wrong'}}, [SECRET],
     (), (f'error: {SECRET}', 'secret key')),
    ('a wrong secret beside a login that works',
     {REGISTRY: {**KEYS, 'password': 'wrong'}, BASIC: ALICE},
     [SECRET, BASIC_IMAGE], (), (f'error: {SECRET}', 'not be whole')),
    ('a wrong password', {BASIC: {**ALICE, 'password': 'wrong'}},
     [BASIC_IMAGE], (), (f'error: {BASIC_IMAGE}',)),
    ('an image that the login does not find', {REGISTRY: KEYS},
     [f'{REGISTRY}/private/secret:none', SECRET], (), ('secret:none',)),
    ('an identity token', {BEARER: IDENTITY}, [BEARER_SECRET], (),
     (f'error: {BEARER_SECRET}', 'identity token', 'user name')),
    ('an identity token beside a key', {BEARER: IDENTITY, REGISTRY: KEYS},
     [BEARER_SECRET, SECRET], (), ('identity token', 'not be whole')),
    ('no login for any', {BASIC: ALICE}, [SECRET], (),
     ('no login to print',)),
    ('nothing is known', {REGISTRY: KEYS}, [NOBODY, SECRET], (),
     (f'error: {NOBODY}', '--unknown')),
    ('the registry of a login is silent, whatever --unknown says',
     {REGISTRY: KEYS}, [SECRET],
     ('--unknown', 'private', '--ecr-endpoint', 'http://127.0.0.1:1'),
     (f'error: {SECRET}',)),
    ('a program that is not there', None, [SECRET, BASIC_IMAGE], (),
     (f'error: {SECRET}', 'docker-credential-nosuch')),
    ('two logins for one registry',
     {f'{BASIC}/public': ALICE,
      f'{BASIC}/private': {'username': 'AWS', 'password': TOKEN}},
     [BASIC_IMAGE, f'{BASIC}/private/secret:one'], (),
     (f'{BASIC}/private/secret:one and {BASIC_IMAGE} ', 'two secrets')),
    ('no reference', {REGISTRY: KEYS}, [SECRET, 'UPPER'], (),
     ('UPPER', 'not be whole')),
    ('a file that is not there', {REGISTRY: KEYS}, [SECRET, './nosuch.yaml'],
     (), ('nosuch.yaml', 'not be whole')),
    ('a new place without its image', {REGISTRY: KEYS},
     [MOVED, 'quay.io/acme/secret:none'], RULES,
     (f'error: {REGISTRY}/private/secret:none', 'copy it there first',
      '1 to copy', 'not be whole')),
    ('the login of the old place', {'quay.io': ALICE}, [MOVED], RULES,
     (f'warning: {SECRET}', 'no login to print')),
    ('nothing is known of a new place', {REGISTRY: KEYS},
     [MOVED, 'a.io/a:b'], (*RULES, '--prefix', 'a.io=127.0.0.1:1'),
     (f'error: {NOBODY}', 'of 1 image', '--unknown there')),
    ('nothing is known of a new place, and the old one is private',
     {REGISTRY: KEYS}, [MOVED, 'a.io/a:b'],
     (*RULES, '--prefix', 'a.io=127.0.0.1:1', '--unknown', 'private'),
     (f'error: {NOBODY}', '--unknown there')),
    ('a new place, and an image that is filled in', {REGISTRY: KEYS},
     [MOVED, 'quay.io/acme/secret:$TAG'], RULES,
     ('1 not asked for', '--unknown there')),
    ('an image that is filled in alone', {REGISTRY: KEYS},
     ['quay.io/acme/secret:$TAG'], (*RULES, '--unknown', 'there'),
     ('1 not asked for', 'no login to print')),
    ('two images for one new place', {REGISTRY: KEYS},
     [MOVED, 'a.io/secret:one'],
     (*RULES, '--prefix', f'a.io={REGISTRY}/private'),
     ('another image', 'not be whole')),
)


def deployment(*images):
    """A manifest with containers of these images."""
    return json.dumps({
        'apiVersion': 'apps/v1', 'kind': 'Deployment',
        'metadata': {'name': 'web'},
        'spec': {'template': {'spec': {'containers': [
            {'name': f'c{i}', 'image': image}
            for i, image in enumerate(images)]}}}})


def value(text, key):
    """The value of a key in a Secret of ours."""
    found = re.search(rf'^ *{re.escape(key)}: (.*)$', text, re.MULTILINE)
    return found and found[1]


class RegistryAuthTest(unittest.TestCase):
    """Runs of the programs in a folder of their own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def write(self, name, text):
        """A file for the user alone; returns its path."""
        path = os.path.join(self.folder, name)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        os.chmod(path, 0o600)
        return path

    def command(self, logins, *arguments):
        """The words that start the program."""
        if logins is None:
            logins = {'auths': {BASIC: ALICE},
                      'credHelpers': {REGISTRY: 'nosuch'}}
        else:
            logins = {'auths': logins}
        routes = [word for name in (REGISTRY, API, PUBLIC, PUBLIC_API,
                                    world.HUB, world.HUB_TOKENS)
                  for word in ('--connect-to',
                               f'{name}:443:{os.environ["IRW_WORLD"]}')]
        return [PROBE, '-o', 'registry-auth', '--progress', 'never',
                '--auth-file', self.write('auth.json', json.dumps(logins)),
                '--ca-file', os.environ['IRW_CA_FILE'], *routes, *arguments]

    def run_program(self, command, **options):
        """Runs it; no message has a secret."""
        run = subprocess.run(command, timeout=60, check=False, text=True,
                             cwd=self.folder, stderr=subprocess.PIPE,
                             **{'stdout': subprocess.PIPE, **options})
        for secret in HIDDEN:
            self.assertNotIn(secret, run.stderr)
        return run

    def overlay(self, auth, *arguments):
        """Makes an overlay with the credentials on standard input; returns
        the run, and the text of the Secret or None."""
        out = os.path.join(self.folder, 'out')
        run = self.run_program(
            [IMGREWRITE, 'overlay', '--registry-auth', '-', '--app', 'my-app',
             *RULES, '--out-dir', out, *arguments,
             self.write('pod.json', deployment(MOVED))],
            input=auth)
        path = os.path.join(out, 'overlays/midstream/secret.yaml')
        if not os.path.exists(path):
            return run, None
        with open(path, encoding='utf-8') as file:
            return run, file.read()

    def test_printed(self):
        """The list is what is needed, and the same as YAML and as JSON."""
        for name, logins, images, options, entries, words in PRINTED:
            with self.subTest(name):
                run = self.run_program(
                    self.command(logins, *options, *images))
                self.assertEqual(run.returncode, 0, run.stderr)
                self.assertEqual(
                    [(entry['endpoint'], entry['username'], entry['password'],
                      'expiresAt' in entry)
                     for entry in json.loads(run.stdout)], sorted(entries))
                for word in words:
                    self.assertIn(word, run.stderr)
                if not words:
                    self.assertNotIn('warning', run.stderr)

    def test_refused(self):
        """Nothing is printed where it would not be all."""
        for name, logins, images, options, words in REFUSED:
            with self.subTest(name):
                run = self.run_program(
                    self.command(logins, *options, *images))
                self.assertEqual((run.returncode, run.stdout), (2, ''),
                                 run.stderr)
                for word in words:
                    self.assertIn(word, run.stderr)

    def test_usage(self):
        """What is refused before anything is asked for."""
        run = self.run_program([PROBE, '-o', 'registry-auth', SECRET])
        self.assertEqual((run.returncode, run.stdout), (2, ''))
        self.assertIn('--auth-file', run.stderr)

    def test_closed(self):
        """Where there is no standard output, nothing is asked for: the next
        file that is opened, or a connection, would take its place."""
        command = self.command({REGISTRY: KEYS}, SECRET)
        run = self.run_program(['sh', '-c', 'exec "$@" >&-', 'sh', *command])
        self.assertEqual(run.returncode, 2)
        self.assertIn('cannot be written', run.stderr)
        self.assertNotIn('asked for', run.stderr)

    def test_old_file(self):
        """A login that does not work any more says until when it did."""
        entry = {'endpoint': REGISTRY, 'username': 'AWS', 'password': 'old',
                 'expiresAt': '2001-02-03T04:05:06Z'}
        command = self.command({}, SECRET)
        command[command.index('--auth-file') + 1] = self.write(
            'old.json', json.dumps(entry))
        run = self.run_program(command)
        self.assertEqual((run.returncode, run.stdout), (2, ''))
        self.assertIn('expires at 2001-02-03T04:05:06Z', run.stderr)

    def test_terminal(self):
        """No password is shown to who looks at the screen."""
        leader, follower = pty.openpty()
        try:
            run = self.run_program(self.command({REGISTRY: KEYS}, SECRET),
                                   stdout=follower)
            os.set_blocking(leader, False)
            with self.assertRaises(BlockingIOError):
                os.read(leader, 1)
        finally:
            os.close(leader)
            os.close(follower)
        self.assertEqual(run.returncode, 2)
        self.assertIn('terminal', run.stderr)

    def test_open_file(self):
        """A file that others can read is warned of, unless nobody listens."""
        for mode, options, warned in ((0o644, (), True), (0o600, (), False),
                                      (0o640, ('-q',), False)):
            with self.subTest(mode=mode):
                path = self.write('out.json', '')
                os.chmod(path, mode)
                with open(path, 'w', encoding='utf-8') as file:
                    run = self.run_program(
                        self.command({REGISTRY: KEYS}, *options, SECRET),
                        stdout=file)
                self.assertEqual(run.returncode, 0, run.stderr)
                self.assertEqual('chmod 600' in run.stderr, warned)
                self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), mode)

    def test_full(self):
        """A disk that is full is told of."""
        with open('/dev/full', 'w', encoding='utf-8') as file:
            run = self.run_program(self.command({REGISTRY: KEYS}, SECRET),
                                   stdout=file)
        self.assertEqual(run.returncode, 2)
        self.assertIn('cannot be written', run.stderr)

    def test_pipe(self):
        """From the key to the Secret, which has what ECR hands out, and when
        that expires; it is nowhere else."""
        started = int(time.time())
        auth = self.run_program(self.command({REGISTRY: KEYS}, SECRET))
        ended = int(time.time()) + 1
        self.assertEqual(auth.returncode, 0, auth.stderr)
        expires_at = json.loads(auth.stdout)[0]['expiresAt']
        self.assertIn(expires_at, [
            time.strftime('%Y-%m-%dT%H:%M:%SZ',
                          time.gmtime(second + ecr.LIFETIME))
            for second in range(started, ended + 1)])
        run, secret = self.overlay(auth.stdout)
        self.assertEqual(run.returncode, 0, run.stderr)
        data = base64.b64decode(value(secret, '.dockerconfigjson'))
        self.assertEqual(json.loads(data), {'auths': {
            REGISTRY: {'auth': ecr.token(ecr.REGION)}}})
        self.assertEqual(value(secret, 'imgrewrite/expires-at'),
                         f'"{expires_at}"')
        self.assertEqual(run.stderr.count('warning'), 1, run.stderr)
        self.assertEqual(run.stderr.count(expires_at), 1)
        self.assertIn(REGISTRY, run.stderr)
        self.check_files()

    def test_pipe_with_rules(self):
        """The same where the images are those of the manifests, as the rules
        of the overlay move them."""
        auth = self.run_program(self.command(
            {REGISTRY: KEYS}, *RULES,
            self.write('pod.json', deployment(MOVED, OPEN))))
        self.assertEqual(auth.returncode, 0, auth.stderr)
        run, secret = self.overlay(auth.stdout)
        self.assertEqual(run.returncode, 0, run.stderr)
        data = base64.b64decode(value(secret, '.dockerconfigjson'))
        self.assertEqual(json.loads(data), {'auths': {
            REGISTRY: {'auth': ecr.token(ecr.REGION)}}})
        self.check_files()

    def check_files(self):
        """No file but the Secret has the password, in any form."""
        forms = [TOKEN.encode(), ecr.token(ecr.REGION).encode()]
        forms += [base64.b64encode(form) for form in forms]
        for folder, _, names in os.walk(self.folder):
            for name in names:
                with open(os.path.join(folder, name), 'rb') as file:
                    text = file.read()
                for form in forms:
                    if name != 'secret.yaml':
                        self.assertNotIn(form, text)

    def test_printed_login(self):
        """What is printed lets in, without a question to ECR, and is printed
        again with its time."""
        auth = self.run_program(self.command({REGISTRY: KEYS}, SECRET))
        path = self.write('printed.json', auth.stdout)
        command = self.command({})
        command[command.index('--auth-file') + 1] = path
        again = self.run_program([*command, '--ecr-endpoint',
                                  'http://127.0.0.1:1', SECRET])
        self.assertEqual((again.returncode, again.stdout), (0, auth.stdout),
                         again.stderr)
        self.assertNotIn('warning', again.stderr)
        run = self.run_program([*command, '-o', 'json', SECRET])
        answer = json.loads(run.stdout)
        self.assertEqual(answer['outcome'], 'pullable')
        self.assertEqual(answer['loginExpires'],
                         json.loads(auth.stdout)[0]['expiresAt'])

    def test_nothing_printed(self):
        """A list that was not printed makes no tree."""
        auth = self.run_program(self.command(
            {REGISTRY: {**KEYS, 'password': 'wrong'}}, SECRET))
        run, secret = self.overlay(auth.stdout)
        self.assertEqual((run.returncode, secret), (2, None))
        self.assertIn('empty', run.stderr)
        self.assertFalse(os.path.exists(os.path.join(self.folder, 'out')))

    def test_expired(self):
        """A password of the past makes no Secret."""
        entry = {'endpoint': REGISTRY, 'username': 'AWS', 'password': TOKEN,
                 'expiresAt': '2001-02-03T04:05:06Z'}
        run, secret = self.overlay(json.dumps([entry]))
        self.assertEqual((run.returncode, secret), (2, None))
        self.assertIn('expired at 2001-02-03T04:05:06Z', run.stderr)
        entry['expiresAt'] = '9999-12-31T23:59:59Z'
        run, secret = self.overlay(json.dumps([entry]), '-q')
        self.assertEqual((run.returncode, run.stderr), (0, ''))
        self.assertEqual(value(secret, 'imgrewrite/expires-at'),
                         '"9999-12-31T23:59:59Z"')


if __name__ == '__main__':
    unittest.main()
