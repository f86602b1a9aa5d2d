"""What imgrewrite probe says of real registries: docker-registry, alone, behind
a token server, and with the names of Docker Hub and an ECR.
"""

import base64
import json
import os
import subprocess
import unittest

PROBE = os.environ['IMGREWRITE_PROBE']
SERVER = {name: os.environ['IRW_' + name] for name in (
    'ANONYMOUS', 'BASIC', 'BEARER', 'TLS', 'WRONG_NAME', 'WORLD')}
DIGEST = {name: os.environ['IRW_DIGEST_' + name] for name in (
    'MULTI', 'ONE', 'ARM', 'LIST', 'S2')}
CA_FILE = '--ca-file', os.environ['IRW_CA_FILE']
USER, PASSWORD = os.environ['IRW_USER'], os.environ['IRW_PASSWORD']
ECR = '499999999999.dkr.ecr.us-east-2.amazonaws.com'
NO_DIGEST = 'sha256:' + '0' * 64

# Name, image, options, outcome, digest; then what a login makes of it.
ROWS = (
    ('an index', '{ANONYMOUS}/public/hello:multi', (), 'public', 'MULTI'),
    ('a manifest', '{ANONYMOUS}/public/hello:one', (), 'public', 'ONE'),
    ('a list of Docker', '{ANONYMOUS}/public/hello:list', (), 'public',
     'LIST'),
    ('a manifest of Docker', '{ANONYMOUS}/public/hello:s2', (), 'public',
     'S2'),
    ('a digest', '{ANONYMOUS}/public/hello@' + DIGEST['ONE'], (), 'public',
     'ONE'),
    ('a tag and a digest', '{ANONYMOUS}/public/hello:any@' + DIGEST['ONE'],
     (), 'public', 'ONE'),
    ('no tag', '{ANONYMOUS}/public/hello:none', (), 'absent', None),
    ('no repository', '{ANONYMOUS}/no/such:one', (), 'absent', None),
    ('no digest', '{ANONYMOUS}/public/hello@' + NO_DIGEST, (), 'absent',
     None),
    ('a password', '{BASIC}/public/hello:one', (), 'denied', None,
     'pullable'),
    ('a password, and no tag', '{BASIC}/public/hello:none', (), 'denied',
     None, 'absent'),
    ('a token', '{BEARER}/public/hello:multi', (), 'public', 'MULTI'),
    ('a token, and no tag', '{BEARER}/public/hello:none', (), 'absent', None),
    ('a private one', '{BEARER}/private/secret:one', (), 'denied', None,
     'pullable'),
    ('https, and tokens over http', '{TLS}/public/hello:one', CA_FILE,
     'refused', None),
    ('https, not trusted', '{TLS}/public/hello:one', (), 'tls-error', None),
    ('https of another', '{WRONG_NAME}/public/hello:one', CA_FILE,
     'tls-error', None),
    ('http where nobody says so', '{TLS}/public/hello:one',
     ('--insecure-registry', '{TLS}'), 'tls-error', None),
    ('nobody there', '127.0.0.1:1/public/hello:one', (), 'unreachable', None),
    ('Docker Hub', 'nginx:one', ('WORLD',), 'public', 'ONE'),
    ('the same by its names', 'index.docker.io/library/nginx:one', ('WORLD',),
     'public', 'ONE'),
    ('a private one there', 'private/secret:one', ('WORLD',), 'denied', None,
     'pullable'),
    ('an ECR', ECR + '/private/secret:one', ('WORLD',), 'denied', None),
)


def fill(text):
    """A text with the places of servers."""
    return text.format(**SERVER)


def options_of(words):
    """Options; the word WORLD stands for those that lead there."""
    if words != ('WORLD',):
        return [fill(word) for word in words]
    return [*CA_FILE, *(word for host in (
        'registry-1.docker.io', 'auth.docker.io', ECR,
        'api.ecr.us-east-2.amazonaws.com')
        for word in ('--connect-to', f'{host}:443:{SERVER["WORLD"]}'))]


def probe(*arguments, **variables):
    """Runs the program, which finds no logins by itself."""
    run = subprocess.run(
        [PROBE, '-o', 'json', *arguments], timeout=60, check=False,
        env={'PATH': os.environ['PATH'], 'HOME': '/nonexistent', **variables},
        capture_output=True, text=True)
    return run, [json.loads(line) for line in run.stdout.splitlines()]


def memory(count, *options):
    """How many bytes probe needs at most, to ask for so many images."""
    images = [f'{SERVER["ANONYMOUS"]}/many/{index % 100}:{tag}'
              for index in range(count // 2) for tag in ('multi', 'none')]
    # what was released is not held back to find uses of it
    with subprocess.Popen(
            [PROBE, '-q', '-o', 'json', *options, *images],
            stdout=subprocess.DEVNULL,
            env={**os.environ, 'ASAN_OPTIONS': 'quarantine_size_mb=0'}) as run:
        _, status, usage = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
    assert run.returncode == 0
    return usage.ru_maxrss * 1024


class ProbeTest(unittest.TestCase):
    """Runs of the program."""

    def auth_file(self):
        """A file with a login for all servers."""
        path = os.path.join(os.path.dirname(CA_FILE[1]), 'auth.json')
        login = {'username': USER, 'password': PASSWORD}
        with open(path, 'w', encoding='ascii') as file:
            json.dump({'auths': {host: login for host in (
                SERVER['BASIC'], SERVER['BEARER'],
                'https://index.docker.io/v1/')}}, file)
        os.chmod(path, 0o600)
        return path

    def test_rows(self):
        """Each image has the outcome and the digest that it should have."""
        for name, image, options, outcome, digest, *_ in ROWS:
            for more in ((), ('--resolve',)):
                with self.subTest(name=name, more=more):
                    run, answers = probe(*options_of(options), *more,
                                         fill(image))
                    self.assertEqual([answer['outcome'] for answer in answers],
                                     [outcome], (run.stderr, answers))
                    self.assertEqual(answers[0].get('digest'),
                                     digest and DIGEST[digest])

    def test_logins(self):
        """What is denied is asked for once more, with a login."""
        path = self.auth_file()
        for name, image, options, outcome, _, *then in ROWS:
            with self.subTest(name=name):
                run, answers = probe(*options_of(options), '--auth-file', path,
                                     fill(image))
                self.assertEqual([answer['outcome'] for answer in answers],
                                 then or [outcome], (run.stderr, answers))

    def test_wrong_password(self):
        """It does not help, and that is said."""
        path = os.path.join(os.path.dirname(CA_FILE[1]), 'wrong.json')
        with open(path, 'w', encoding='ascii') as file:
            json.dump({'auths': {SERVER[name]: {
                'username': USER, 'password': 'wrong'}
                for name in ('BASIC', 'BEARER')}}, file)
        os.chmod(path, 0o600)
        for name in ('BASIC', 'BEARER'):
            _, answers = probe('--auth-file', path,
                               f'{SERVER[name]}/private/secret:one')
            self.assertEqual(answers[0]['outcome'], 'bad-credentials')

    def test_variable(self):
        """DOCKER_AUTH_CONFIG has logins for --auth, and for nothing else."""
        image = f'{SERVER["BASIC"]}/public/hello:one'
        logins = json.dumps({'auths': {SERVER['BASIC']: {'auth':
                 base64.b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}}})
        for options, text, outcome, words in (
                (('--auth',), logins, 'pullable', ''),
                ((), logins, 'denied', ''),
                (('--auth-file', '/dev/null'), logins, None, ''),
                (('--auth',), '', 'denied', ''),
                (('--auth',), '{"auths":{}}', 'denied', ''),
                (('--auth',), '{"auths":', 'denied', 'not JSON')):
            with self.subTest(options=options, text=text):
                run, answers = probe(*options, image, DOCKER_AUTH_CONFIG=text)
                for answer in answers:
                    self.assertEqual(answer['outcome'], outcome, answer)
                    self.assertIn(words, answer['reason'])
                self.assertEqual(len(answers), 1 if outcome else 0, run.stderr)
                self.assertNotIn(PASSWORD, run.stdout + run.stderr)

    def test_variable_and_one_file(self):
        """A file that is to be alone is alone."""
        path = os.path.join(os.path.dirname(CA_FILE[1]), 'empty.json')
        with open(path, 'w', encoding='ascii') as file:
            file.write('{"auths": {}}')
        login = {'auths': {SERVER['BASIC']: {'username': USER,
                                             'password': PASSWORD}}}
        for variables in ({}, {'REGISTRY_AUTH_FILE': path}):
            _, answers = probe('--auth', f'{SERVER["BASIC"]}/public/hello:one',
                               DOCKER_AUTH_CONFIG=json.dumps(login),
                               **variables)
            self.assertEqual(answers[0]['outcome'],
                             'denied' if variables else 'pullable')
            if not variables:
                self.assertEqual(answers[0]['login'], 'DOCKER_AUTH_CONFIG')

    def test_platforms(self):
        """Those of an index are listed where digests are proved."""
        _, answers = probe('--resolve',
                           f'{SERVER["ANONYMOUS"]}/public/hello:multi')
        self.assertEqual({(item['os'], item['architecture'], item['digest'])
                          for item in answers[0]['platforms']},
                         {('linux', 'amd64', DIGEST['ONE']),
                          ('linux', 'arm64', DIGEST['ARM'])})

    def test_many(self):
        """2,000 images of a hundred repositories, each answered in its place.
        """
        images = [f'{SERVER["ANONYMOUS"]}/many/{index % 100}:{tag}'
                  for index in range(1000) for tag in ('one', 'none')]
        run, answers = probe(*images)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual([answer['ref'] for answer in answers], images)
        self.assertEqual([answer['outcome'] for answer in answers],
                         ['public', 'absent'] * 1000)

    def test_memory(self):
        """An image costs little memory, however many there are: what its
        registry said is not kept, manifests least of all."""
        for options in (), ('--resolve',):
            few, many = (memory(count, *options) for count in (200, 2000))
            # in bytes; with the sanitizers' own it is twice what it else is
            self.assertLess((many - few) / 1800, 3000, options)

    def test_locks(self):
        """Digests are a rules file, which pins what is asked for."""
        path = os.path.join(os.path.dirname(CA_FILE[1]), 'lock.yaml')
        image = f'{SERVER["ANONYMOUS"]}/public/hello'
        images = f'{image}:multi', f'{image}:one', f'{image}:one'
        for word, tag in (('lock', ':multi'), ('digest-lock', '')):
            run = subprocess.run(
                [PROBE, '-o', word, *images, f'{image}@{DIGEST["ARM"]}'],
                capture_output=True, text=True, check=True)
            with open(path, 'w', encoding='ascii') as file:
                file.write(run.stdout)
            done = subprocess.run(
                [os.environ['IMGREWRITE'], 'resolve', '--rules', path, '-'],
                input=f'{image}:multi\n{image}:arm\n{image}:one\n',
                capture_output=True, text=True, check=True)
            self.assertEqual(done.stdout.splitlines(), [
                f'{image}{tag}@{DIGEST["MULTI"]}', f'{image}:arm',
                f'{image}{tag and ":one"}@{DIGEST["ONE"]}'])

    def test_no_digest(self):
        """What cannot be pinned is told of, and the rest is printed."""
        image = f'{SERVER["ANONYMOUS"]}/public/hello'
        run = subprocess.run(
            [PROBE, '-o', 'lock', f'{image}:none', f'{image}:one'],
            capture_output=True, text=True, check=False)
        self.assertEqual(run.returncode, 2)
        self.assertIn(f'{image}:none', run.stderr)
        self.assertIn('1 image is not in the lock', run.stderr)
        self.assertEqual(run.stdout.count('newImage'), 1)

    def test_known_images(self):
        """The answers are what a rewrite asks for."""
        run = subprocess.run(
            [PROBE, '-o', 'known-images',
             f'{SERVER["BEARER"]}/public/hello:one',
             f'{SERVER["BEARER"]}/private/secret:one'],
            capture_output=True, text=True, check=True)
        known = [line.strip() for line in run.stdout.splitlines()]
        for name in ('public/hello', 'private/secret'):
            self.assertTrue(any(f'{SERVER["BEARER"]}/{name}:one' in line
                                for line in known), known)


if __name__ == '__main__':
    unittest.main()
