"""imgrewrite-probe with access keys of AWS, for which ECR gives a password.

    with_servers.py --servers ecr,world python3 test_ecr_logins.py PROGRAM

The registries have their real names here. What they were sent is in a log, and
that is what shows where a key and a password went.
"""

import json
import os
import subprocess
import tempfile
import time
import unittest

from servers import ecr, web, world

PROGRAM = os.environ['IMGREWRITE_PROBE']
REGISTRY = f'{ecr.ACCOUNT}.dkr.ecr.{ecr.REGION}.amazonaws.com'
TYPO = f'4999999999999.dkr.ecr.{ecr.REGION}.amazonaws.com'
API = f'api.ecr.{ecr.REGION}.amazonaws.com'
SECRET, HELLO = f'{REGISTRY}/private/secret:one', f'{REGISTRY}/public/hello:one'
PUBLIC, PUBLIC_API = 'public.ecr.aws', 'api.ecr-public.us-east-1.amazonaws.com'
PUBLIC_SECRET = f'{PUBLIC}/private/secret:one'
HUB_SECRET = 'docker.io/private/secret:one'

# What no output may hold.
HIDDEN = (ecr.SECRET, ecr.SESSION_TOKEN, ecr.password(ecr.REGION))


def founding(user=ecr.KEY, password=ecr.SECRET, endpoint=REGISTRY):
    """Endpoint, user name and password."""
    return f'endpoint: {endpoint}\nusername: {user}\npassword: {password}\n'


def docker(**entry):
    """A config.json with an entry for the registry."""
    return json.dumps({'auths': {REGISTRY: entry}})


class Odd(web.WebServer):
    """Answers as ECR would not, or does so when it has trouble."""

    name = 'odd'

    def __init__(self, status, body=b'', headers=(), silent=False):
        super().__init__()
        self.reply = (status, body, headers)
        self.silent = silent

    def answer(self, exchange):
        if self.silent:
            self.stopping.wait(60)
        exchange.reply(*self.reply)


def error(name):
    """An error of AWS."""
    return json.dumps({'__type': name, 'message': ecr.SECRET}).encode()


class EcrLoginsTest(unittest.TestCase):
    """Runs of the program."""

    def setUp(self):
        self.before = len(self.whole_log())

    def whole_log(self):
        """All requests to the servers in Python."""
        with open(os.environ['IRW_REQUESTS'], encoding='utf-8') as file:
            return [json.loads(line) for line in file]

    def log(self):
        """The requests of this test."""
        return self.whole_log()[self.before:]

    def asked(self):
        """How often ECR was asked in this test."""
        return sum(entry['server'] == 'ecr' for entry in self.log())

    @staticmethod
    def routes():
        """Where the names lead."""
        for name in (REGISTRY, TYPO, API, PUBLIC, PUBLIC_API, 'wrong.example',
                     world.HUB, world.HUB_TOKENS):
            yield '--connect-to'
            yield f'{name}:443:{os.environ["IRW_WORLD"]}'

    def probe(self, logins, *arguments):
        """Probes with a file of logins; returns the answers by reference."""
        with tempfile.NamedTemporaryFile('w', suffix='.json') as file:
            file.write(logins)
            file.flush()
            run = subprocess.run(
                [PROGRAM, '-o', 'json', '--progress', 'never', '--auth-file',
                 file.name, *self.routes(), '--ca-file', os.environ['IRW_CA_FILE'], '--unknown',
                 'private', *arguments],
                check=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                timeout=60, text=True)
        self.assertEqual(run.returncode, 0, run.stderr)
        for secret in HIDDEN:
            self.assertNotIn(secret, run.stdout + run.stderr)
        self.warnings = run.stderr
        self.path = file.name
        return {answer['ref']: answer
                for answer in map(json.loads, run.stdout.splitlines())}

    def check(self, answer, outcome, *words):
        """An answer about what nobody may pull without a login."""
        self.assertEqual((answer['outcome'], answer['anonymous']),
                         (outcome, 'denied'), answer)
        for word in words:
            self.assertIn(word, answer['reason'])

    def test_good_keys(self):
        """A key, and a temporary one with its token, in each kind of file."""
        for name, logins in {
                'founding': founding(),
                'founding, JSON': json.dumps({
                    'endpoint': REGISTRY, 'username': ecr.KEY,
                    'password': ecr.SECRET}),
                'docker': docker(username=ecr.KEY, password=ecr.SECRET),
                'session': docker(username=ecr.SESSION_KEY,
                                  password=ecr.SECRET,
                                  identitytoken=ecr.SESSION_TOKEN)}.items():
            with self.subTest(name):
                answer = self.probe(logins, SECRET)[SECRET]
                self.check(answer, 'pullable', 'password of ECR',
                           answer['loginExpires'])
                self.assertEqual(answer['login'], self.path)
                self.assertEqual(answer['digest'],
                                 os.environ['IRW_DIGEST_ONE'])

    def test_expiry(self):
        """It is the one that ECR says: twelve hours from then."""
        started = int(time.time())
        answer = self.probe(founding(), SECRET)[SECRET]
        ended = int(time.time()) + 1
        self.assertIn(answer['loginExpires'], [
            time.strftime('%Y-%m-%dT%H:%M:%SZ',
                          time.gmtime(second + ecr.LIFETIME))
            for second in range(started, ended + 1)])

    def test_public(self):
        """The public ECR has a service of its own."""
        answer = self.probe(founding(endpoint=PUBLIC), PUBLIC_SECRET)
        self.check(answer[PUBLIC_SECRET], 'pullable')
        self.assertEqual([entry['host'] for entry in self.log()],
                         [PUBLIC_API])
        self.assertIn('/us-east-1/ecr-public/aws4_request',
                      self.log()[0]['authorization'])

    def test_a_password_as_it_is(self):
        """ECR need not be asked by those who have one."""
        answer = self.probe(
            founding('AWS', ecr.password(ecr.REGION)), SECRET)[SECRET]
        self.check(answer, 'pullable')
        self.assertNotIn('loginExpires', answer)
        self.assertEqual(self.asked(), 0)

    def test_once(self):
        """Many images are one question; nobody else gets the key, or what is
        made of it."""
        images = [SECRET, HELLO, f'{REGISTRY}/library/nginx:one', SECRET]
        answers = self.probe(founding(), *images, HUB_SECRET,
                             'docker.io/library/nginx:one')
        for image in images:
            self.check(answers[image], 'pullable')
        self.assertEqual(answers[HUB_SECRET]['outcome'], 'denied')
        self.assertEqual(answers['docker.io/library/nginx:one']['outcome'],
                         'public')
        self.assertEqual(self.asked(), 1)
        self.assertGreater(len(self.log()), 2)
        for entry in self.log():
            if entry['server'] == 'ecr':
                self.assertEqual(entry['host'], API)
                self.assertIn(f'Credential={ecr.KEY}/', entry['authorization'])
                self.assertIn('x-amz-target', entry['authorization'])
            else:
                self.assertIsNone(entry['authorization'])

    def test_not_asked_in_vain(self):
        """The key of one registry is no matter where others are asked."""
        self.probe(founding(), HUB_SECRET)
        self.assertEqual(self.asked(), 0)

    def test_bad_keys(self):
        """Each says what to do."""
        for name, logins, word, asked in (
                ('wrong secret', founding(password='wrong'), 'secret key', 1),
                ('unknown key', founding('AKIDOTHER'),
                 'does not know the access key', 1),
                ('unknown session', docker(
                    username=ecr.SESSION_KEY, password=ecr.SECRET,
                    identitytoken='other'), 'session token', 1),
                ('no session', founding('ASIAIOSFODNN7EXAMPLE'),
                 'identitytoken', 0),
                ('no key', founding('alice@example.com'),
                 'letters and digits', 0)):
            with self.subTest(name):
                self.before = len(self.whole_log())
                answer = self.probe(logins, SECRET)[SECRET]
                self.check(answer, 'bad-credentials', word)
                self.assertNotIn('loginExpires', answer)
                self.assertEqual(self.asked(), asked)

    def test_endpoint(self):
        """ECR itself may be elsewhere, by http on this machine."""
        answer = self.probe(founding(), SECRET, '--ecr-endpoint',
                            f'http://{os.environ["IRW_ECR"]}')[SECRET]
        self.check(answer, 'pullable')
        self.assertEqual([entry['host'] for entry in self.log()
                          if entry['server'] == 'ecr'],
                         [os.environ['IRW_ECR']])

    def test_odd_answers(self):
        """What something else answers is told of, and no redirect is
        followed."""
        password = b'{"authorizationData": [{"authorizationToken": "%s"}]}'
        for name, outcome, word, reply in (
                ('a page', 'protocol-error', 'JSON', (200, b'<html>')),
                ('no data', 'protocol-error', 'authorizationData',
                 (200, b'{}')),
                ('no expiry', 'protocol-error', 'expiry', (200, password)),
                ('too large', 'protocol-error', 'password',
                 (200, b' ' * 70000)),
                ('redirect', 'refused', '--ecr-endpoint',
                 (307, b'', [('Location', f'https://{API}/')])),
                ('a proxy', 'protocol-error', 'does not say why',
                 (403, b'<html>')),
                ('no page', 'protocol-error', 'does not say why',
                 (404, b'')),
                ('no permission', 'bad-credentials', 'GetAuthorizationToken',
                 (400, error('AccessDeniedException'))),
                ('expired', 'bad-credentials', 'make another one',
                 (400, error('ExpiredTokenException'))),
                ('clock', 'protocol-error', 'clock',
                 (400, error('RequestExpired'))),
                ('too often', 'rate-limited', 'later',
                 (400, error('ThrottlingException'))),
                ('status 429', 'rate-limited', 'does not say why',
                 (429, b'')),
                ('failure', 'server-error', 'later',
                 (500, error('ServerException'))),
                ('a failed proxy', 'server-error', 'does not say why',
                 (502, b'<html>'))):
            with self.subTest(name):
                self.check_odd(Odd(*reply), outcome, word)

    def check_odd(self, server, outcome, word, *arguments):
        """The outcome with that server in place of ECR, which is asked once."""
        server.start()
        try:
            answer = self.probe(founding(), SECRET, '--ecr-endpoint',
                                server.url, *arguments)[SECRET]
        finally:
            server.stop()
        self.check(answer, outcome, word)
        self.assertEqual(self.asked(), 0)
        self.assertEqual([(entry['method'], entry['path'])
                          for entry in server.log.entries], [('POST', '/')])

    def test_silence(self):
        """It costs the time of a request, or that of the run."""
        self.check_odd(Odd(200, silent=True), 'timeout', '--ecr-endpoint',
                       '--timeout', '0.5')
        self.check_odd(Odd(200, silent=True), 'timeout', 'deadline',
                       '--deadline', '2')

    def test_nobody_there(self):
        """The reason says what was asked."""
        answer = self.probe(founding(), SECRET, '--ecr-endpoint',
                            'http://127.0.0.1:1')[SECRET]
        self.check(answer, 'unreachable', 'http://127.0.0.1:1',
                   '--ecr-endpoint')

    def test_certificate(self):
        """Without the right one nothing is sent, the name being real."""
        answer = self.probe(
            founding(), SECRET, '--ecr-endpoint',
            'https://wrong.example')[SECRET]
        self.check(answer, 'tls-error', 'certificate')
        self.assertEqual(self.asked(), 0)

    def test_thirteen_digits(self):
        """The account of the founding guide has one too many."""
        image = f'{TYPO}/a'
        answer = self.probe(founding(endpoint=TYPO), image)[image]
        self.assertIn('12 digits', answer['reason'])
        self.assertIn('12 digits', self.warnings)
        self.assertEqual(self.asked(), 0)


if __name__ == '__main__':
    unittest.main()
