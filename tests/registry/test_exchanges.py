"""What docker-registry and the servers here say to each other's clients.

Each row is a request and its answer as distribution 2.8 gives it; the numbers
are those of a list that was made with it. What a client has to do about these
answers is tested elsewhere: here it is shown that the servers do give them.
"""

import base64
import http.client
import json
import socket
import ssl
import sys
import tempfile
import unittest
import urllib.parse

from servers import fleet, hostile, seeds, tokens

ACCEPT_ALL = ', '.join(seeds.MANIFEST_TYPES)
HELLO, SECRET = '/v2/public/hello/manifests/', '/v2/private/secret/manifests/'
CHALLENGE = 'Www-Authenticate'
ALICE = (tokens.USER, tokens.PASSWORD)

SERVERS = None  # the fleet


def setUpModule():
    """Starts what the tests ask."""
    global SERVERS
    folder = tempfile.TemporaryDirectory(prefix='imgrewrite-registry-')
    unittest.addModuleCleanup(folder.cleanup)
    SERVERS = fleet.Fleet(set(fleet.NEEDS) - {'ecr', 'ecr-tls'}, folder.name,
                          delay=0.005, algorithms=('RS256', 'ES256'))
    unittest.addModuleCleanup(SERVERS.stop)
    SERVERS.start()


def basic(user, password):
    """A Basic Authorization."""
    return {'Authorization': 'Basic ' + base64.b64encode(
        f'{user}:{password}'.encode()).decode()}


def bearer(token):
    """A Bearer Authorization."""
    return {'Authorization': f'Bearer {token}'}


class Answer:
    """An answer that has been read."""

    def __init__(self, answer):
        self.status = answer.status
        self.headers = answer.headers
        self.body = answer.read()

    def json(self):
        """The body as JSON."""
        return json.loads(self.body)

    def code(self):
        """The code of the first error; None: there is no error."""
        try:
            return self.json()['errors'][0]['code']
        except (ValueError, KeyError, TypeError):
            return None


def ask(server, method, path, headers=None, body=None, context=None):
    """Sends a request to the server of that name; the path goes as it is.
    Several headers of one name are a list."""
    host = SERVERS[server].host
    connection = (http.client.HTTPSConnection(host, timeout=20,
                                              context=context)
                  if context else http.client.HTTPConnection(host, timeout=20))
    try:
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, values in (headers or {}).items():
            for value in values if isinstance(values, list) else [values]:
                connection.putheader(name, value)
        if body is not None:
            connection.putheader('Content-Length', str(len(body)))
        connection.endheaders(body)
        return Answer(connection.getresponse())
    finally:
        connection.close()


def token_for(*scopes, login=None):
    """A token for the scopes, of nobody or somebody."""
    query = urllib.parse.urlencode(
        [('service', tokens.SERVICE), *(('scope', one) for one in scopes)])
    answer = ask('token', 'GET', f'/token?{query}',
                 basic(*login) if login else None)
    return answer.json()['token']


def pull(name):
    """The scope to pull a repository."""
    return f'repository:{name}:pull'


ALL = {'Accept': ACCEPT_ALL}
ABC = bearer('abc')

# Number, server, method, path, headers, status, and what else has to be so:
# headers by name, "code" of the error, "tag" whose digest is told.
ROWS = [
    ('X01 ping', 'anonymous', 'GET', '/v2/', {}, 200,
     {'Docker-Distribution-Api-Version': 'registry/2.0'}),
    ('X02 an index', 'anonymous', 'HEAD', HELLO + 'multi', ALL, 200,
     {'tag': 'multi', 'Content-Type': seeds.INDEX_TYPE}),
    ('X03 an index, without Accept', 'anonymous', 'GET', HELLO + 'multi', {},
     404, {'code': 'MANIFEST_UNKNOWN'}),
    ('X03 HEAD', 'anonymous', 'HEAD', HELLO + 'multi', {}, 404, {}),
    ('X04 a manifest, without Accept', 'anonymous', 'GET', HELLO + 'one', {},
     404, {'code': 'MANIFEST_UNKNOWN'}),
    ('X05 Accept: */*', 'anonymous', 'HEAD', HELLO + 'multi',
     {'Accept': '*/*'}, 404, {}),
    ('X05 Accept: application/json', 'anonymous', 'HEAD', HELLO + 'multi',
     {'Accept': 'application/json'}, 404, {}),
    ('X07 a list to who takes none', 'anonymous', 'GET', HELLO + 'list',
     {'Accept': seeds.SCHEMA_2_TYPE}, 200,
     {'tag': 's2', 'Content-Type': seeds.SCHEMA_2_TYPE}),
    ('X08 one Accept each', 'anonymous', 'HEAD', HELLO + 'multi',
     {'Accept': list(seeds.MANIFEST_TYPES)}, 200, {'tag': 'multi'}),
    ('X09 no such tag', 'anonymous', 'GET', HELLO + 'nosuch', ALL, 404,
     {'code': 'MANIFEST_UNKNOWN'}),
    ('X10 no such repository', 'anonymous', 'GET', '/v2/no/such/manifests/x',
     ALL, 404, {'code': 'MANIFEST_UNKNOWN'}),
    ('X11 no such digest', 'anonymous', 'GET',
     HELLO + 'sha256:' + '0' * 64, ALL, 404, {'code': 'MANIFEST_UNKNOWN'}),
    ('X12 a bad digest', 'anonymous', 'GET', HELLO + 'sha256:00', ALL, 500,
     {'code': 'UNKNOWN'}),
    ('X13 upper case', 'anonymous', 'GET', '/v2/UPPER/manifests/latest', ALL,
     404, {'code': None}),
    ('X14 dots', 'anonymous', 'GET', '/v2/a/../b/manifests/x', ALL, 301,
     {'Location': '/v2/b/manifests/x'}),
    ('X15 a line feed', 'anonymous', 'GET', HELLO + 'one%0d%0aX-Evil:1', ALL,
     404, {'code': None}),
    ('X16 the root', 'anonymous', 'GET', '/', {}, 200, {}),
    ('X16 no slash', 'anonymous', 'GET', '/v2', {}, 301,
     {'Location': '/v2/'}),
    ('X17 no password', 'basic', 'GET', '/v2/', {}, 401,
     {CHALLENGE: 'Basic realm="imgrewrite-basic"', 'code': 'UNAUTHORIZED'}),
    ('X18 no password, manifest', 'basic', 'HEAD', HELLO + 'multi', ALL, 401,
     {CHALLENGE: 'Basic realm="imgrewrite-basic"'}),
    ('X18 a wrong password', 'basic', 'HEAD', HELLO + 'multi',
     {**ALL, **basic('alice', 'wrong')}, 401,
     {CHALLENGE: 'Basic realm="imgrewrite-basic"'}),
    ('X18 a token', 'basic', 'HEAD', HELLO + 'multi', {**ALL, **ABC}, 401,
     {CHALLENGE: 'Basic realm="imgrewrite-basic"'}),
    ('X19 nothing is told', 'basic', 'HEAD', '/v2/no/such/manifests/x', ALL,
     401, {}),
    ('X20 the password', 'basic', 'HEAD', HELLO + 'multi',
     {**ALL, **basic(*ALICE)}, 200, {'tag': 'multi'}),
    ('X20 no such tag', 'basic', 'GET', HELLO + 'nosuch',
     {**ALL, **basic(*ALICE)}, 404, {'code': 'MANIFEST_UNKNOWN'}),
    ('X21 ping', 'bearer', 'GET', '/v2/', {}, 401,
     {CHALLENGE: 'Bearer realm="{token}",service="registry.test"'}),
    ('X22 a manifest', 'bearer', 'HEAD', HELLO + 'multi', ALL, 401,
     {CHALLENGE: 'Bearer realm="{token}",service="registry.test",'
                 'scope="repository:public/hello:pull"'}),
    ('X29 a password, sent straight', 'bearer', 'HEAD', HELLO + 'multi',
     {**ALL, **basic(*ALICE)}, 401, {}),
    ('X30 no token', 'bearer', 'HEAD', HELLO + 'multi', {**ALL, **ABC}, 401,
     {CHALLENGE: 'Bearer realm="{token}",service="registry.test",'
                 'scope="repository:public/hello:pull",'
                 'error="invalid_token"'}),
    ('X31 a wrong password', 'token', 'GET', '/token?scope=x',
     basic('alice', 'wrong'), 401, {CHALLENGE: 'Basic realm="tokens"'}),
    ('X34 no TLS', 'tls', 'GET', '/v2/', {}, 400, {}),
]


class RowsTest(unittest.TestCase):
    """The table."""

    def test_rows(self):
        """Each answer is as the table has it."""
        for name, server, method, path, headers, status, more in ROWS:
            with self.subTest(name):
                answer = ask(server, method, path, headers)
                self.assertEqual(answer.status, status, answer.body)
                self.check(answer, dict(more))

    def check(self, answer, wanted):
        """What a row says beside the status."""
        if 'code' in wanted:
            self.assertEqual(answer.code(), wanted.pop('code'))
        if 'tag' in wanted:
            digest = SERVERS.images.manifests[wanted.pop('tag')].digest
            self.assertEqual(answer.headers['Docker-Content-Digest'], digest)
        realm = SERVERS['token'].url + '/token'
        for name, value in wanted.items():
            self.assertEqual(answer.headers[name],
                             value.replace('{token}', realm), name)


class ManifestTest(unittest.TestCase):
    """The bytes of manifests."""

    def test_digests(self):
        """The registry counts the digests that the seeds have."""
        for tag, one in SERVERS.images.manifests.items():
            for reference in (tag, one.digest):
                answer = ask('anonymous', 'GET', HELLO + reference, ALL)
                self.assertEqual(answer.body, one.data)
                self.assertEqual(answer.headers['Content-Type'], one.type)
                self.assertEqual(answer.headers['Docker-Content-Digest'],
                                 seeds.digest_of(answer.body))

    def test_blobs(self):
        """Whoever pulls a manifest finds what it names."""
        for digest, data in SERVERS.images.blobs.items():
            answer = ask('anonymous', 'GET', f'/v2/library/nginx/blobs/{digest}')
            self.assertEqual((answer.status, answer.body), (200, data))

    def test_seeds_are_the_same_each_time(self):
        """Two makings are one."""
        again = seeds.Images()
        self.assertEqual(again.manifests, SERVERS.images.manifests)

    def test_schema_1(self):
        """X06: without Accept, something else that is signed anew each time;
        the digest that is told is of what is signed, and not of the body."""
        bodies = set()
        for tag in ('s2', 's2', 'list', 'list'):
            answer = ask('anonymous', 'GET', HELLO + tag)
            self.assertEqual(answer.status, 200)
            self.assertEqual(
                answer.headers['Content-Type'],
                'application/vnd.docker.distribution.manifest.v1+prettyjws')
            self.assertNotEqual(answer.headers['Docker-Content-Digest'],
                                seeds.digest_of(answer.body))
            bodies.add(answer.body)
        self.assertEqual(len(bodies), 4)


class TokenTest(unittest.TestCase):
    """Tokens, between the token server and docker-registry."""

    def setUp(self):
        self.server = SERVERS['token']
        self.usual = dict(vars(self.server))
        self.addCleanup(vars(self.server).update, self.usual)

    def manifest(self, token, path=HELLO + 'multi'):
        """Asks for a manifest with the token."""
        return ask('bearer', 'HEAD', path, {**ALL, **bearer(token)})

    def error(self, answer):
        """What the challenge says was wrong."""
        return answer.headers[CHALLENGE].partition('error=')[2].strip('"')

    def test_anonymous(self):
        """X23, X24, X25: nobody may pull what is public."""
        answer = ask('token', 'GET', '/token?service=registry.test&scope=' +
                     pull('public/hello'))
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.json()['expires_in'], 300)
        self.assertIn('issued_at', answer.json())
        token = answer.json()['token']
        found = self.manifest(token)
        self.assertEqual(found.status, 200)
        self.assertEqual(found.headers['Docker-Content-Digest'],
                         SERVERS.images.manifests['multi'].digest)
        absent = ask('bearer', 'GET', HELLO + 'nosuch',
                     {**ALL, **bearer(token)})
        self.assertEqual((absent.status, absent.code()),
                         (404, 'MANIFEST_UNKNOWN'))

    def test_another_repository(self):
        """X26: a token is for what it was asked for."""
        answer = self.manifest(token_for(pull('public/hello')),
                               '/v2/library/nginx/manifests/multi')
        self.assertEqual((answer.status, self.error(answer)),
                         (401, 'insufficient_scope'))

    def test_private_and_absent(self):
        """X27, X28: nobody can tell what is private from what is absent."""
        seen = []
        for name in ('private/secret', 'private/nosuch'):
            token = token_for(pull(name))
            answer = self.manifest(token, f'/v2/{name}/manifests/multi')
            seen.append((answer.status, self.error(answer)))
        self.assertEqual(seen, [(401, 'insufficient_scope')] * 2)

    def test_login(self):
        """Alice may pull what is private, and hears what is absent."""
        token = token_for(pull('private/secret'), login=ALICE)
        self.assertEqual(self.manifest(token, SECRET + 'multi').status, 200)
        self.assertEqual(self.manifest(token, SECRET + 'nosuch').status, 404)

    def test_refresh_tokens(self):
        """X32."""
        for secret, status in ((tokens.REFRESH_TOKEN, 200), ('wrong', 401)):
            form = urllib.parse.urlencode({
                'grant_type': 'refresh_token', 'refresh_token': secret,
                'service': tokens.SERVICE, 'client_id': 'test',
                'scope': pull('private/secret')}).encode()
            answer = ask('token', 'POST', '/token', {
                'Content-Type': 'application/x-www-form-urlencoded'}, form)
            self.assertEqual(answer.status, status)
            if status == 200:
                self.assertEqual(self.manifest(
                    answer.json()['token'], SECRET + 'multi').status, 200)
            else:
                self.assertEqual(answer.json(), {'error': 'invalid_grant'})

    def test_signatures(self):
        """Both algorithms, with the key sent along or named."""
        for algorithm in ('RS256', 'ES256'):
            for named in (False, True):
                self.server.algorithm, self.server.named = algorithm, named
                token = token_for(pull('public/hello'))
                header = token.partition('.')[0]
                self.assertIn(b'"kid"' if named else b'"x5c"',
                              base64.urlsafe_b64decode(header + '=='))
                with self.subTest(algorithm, named=named):
                    self.assertEqual(self.manifest(token).status, 200)

    def test_bad_tokens(self):
        """What is wrong with them, the registry sees."""
        for claims, lifetime in (({}, -300), ({'aud': 'other'}, 300),
                                 ({'iss': 'other'}, 300)):
            self.server.claims, self.server.lifetime = claims, lifetime
            answer = self.manifest(token_for(pull('public/hello')))
            self.assertEqual((answer.status, self.error(answer)),
                             (401, 'invalid_token'), claims)

    def test_denials(self):
        """Other token servers refuse at once."""
        for status in (401, 403, 404):
            self.server.denial = status
            answer = ask('token', 'GET', '/token?scope=' +
                         pull('private/secret'))
            self.assertEqual((answer.status, answer.code()),
                             (status, 'DENIED'))

    def test_fields(self):
        """The token may have another name, or both."""
        self.server.fields = ('access_token', 'token')
        answer = ask('token', 'GET', '/token?scope=' + pull('public/hello'))
        self.assertEqual(answer.json()['token'],
                         answer.json()['access_token'])

    def test_many_scopes(self):
        """X36: a token for a hundred repositories is one of 10 KB."""
        token = token_for(*(pull(f'public/{index:03}-{"x" * 30}')
                            for index in range(100)), pull('public/hello'))
        self.assertGreater(len(token), 10000)
        self.assertEqual(self.manifest(token).status, 200)

    def test_log(self):
        """What was sent to the token server is noted."""
        path = '/token?scope=' + pull('public/logged')
        ask('token', 'GET', path)
        ask('token', 'GET', path, basic(*ALICE))
        self.assertEqual([entry['authorization'] is None
                          for entry in SERVERS.log.of(path)], [True, False])


class TlsTest(unittest.TestCase):
    """X33, X35."""

    def ping(self, server, context):
        """The status of a ping."""
        return ask(server, 'GET', '/v2/', context=context).status

    def test_certificates(self):
        """The right CA, none, and the wrong name."""
        right = ssl.create_default_context(cafile=SERVERS.keys.authority)
        self.assertEqual(self.ping('tls', right), 401)
        with self.assertRaises(ssl.SSLCertVerificationError):
            self.ping('tls', ssl.create_default_context())
        with self.assertRaisesRegex(ssl.SSLCertVerificationError,
                                    'IP address mismatch'):
            self.ping('wrong-name', right)
        with self.assertRaises(ssl.SSLError):
            self.ping('anonymous', right)

    def test_hostile(self):
        """The hostile registry has https as well, and leads down to http."""
        right = ssl.create_default_context(cafile=SERVERS.keys.authority)
        answer = ask('hostile-tls', 'GET', '/v2/redir/peer/x/manifests/t',
                     context=right)
        self.assertEqual(answer.headers['Location'],
                         SERVERS['hostile'].url + '/v2/ok/x/manifests/t')
        answer = ask('hostile-tls', 'GET', '/v2/ok/x/manifests/t',
                     context=right)
        self.assertEqual(answer.headers['Docker-Content-Digest'],
                         hostile.DIGEST)


class WorldTest(unittest.TestCase):
    """Docker Hub and an ECR, for clients that connect to the front for them."""

    ECR = '499999999999.dkr.ecr.us-east-2.amazonaws.com'

    def ask(self, name, path, headers=None):
        """Asks the server of that name for something."""
        context = ssl.create_default_context(cafile=SERVERS.keys.authority)
        connection = http.client.HTTPSConnection(name, timeout=20,
                                                 context=context)
        host, port = SERVERS['world'].host.split(':')
        with socket.create_connection((host, int(port))) as plain:
            connection.sock = context.wrap_socket(plain, server_hostname=name)
            with connection.sock:
                connection.request('GET', path, headers=headers or {})
                return Answer(connection.getresponse())

    def pull(self, name):
        """Asks Docker Hub for a manifest as a stranger does."""
        path = f'/v2/{name}/manifests/multi'
        answer = self.ask('registry-1.docker.io', path, ALL)
        self.assertEqual(
            answer.headers[CHALLENGE],
            'Bearer realm="https://auth.docker.io/token",'
            f'service="registry.docker.io",scope="{pull(name)}"')
        answer = self.ask('auth.docker.io', '/token?service=registry.docker.io'
                          f'&scope={pull(name)}')
        token = answer.json()['token']
        return self.ask('registry-1.docker.io', path, {**ALL, **bearer(token)})

    def test_hub(self):
        """nginx is public, and something else is not."""
        answer = self.pull('library/nginx')
        self.assertEqual(answer.body, SERVERS.images.manifests['multi'].data)
        self.assertEqual(self.pull('private/secret').status, 401)

    def test_ecr(self):
        """Nobody gets in but with the password that the API hands out."""
        path = '/v2/private/secret/manifests/multi'
        answer = self.ask(self.ECR, path, ALL)
        self.assertEqual(answer.status, 401)
        self.assertTrue(answer.headers[CHALLENGE].startswith('Basic '))
        answer = self.ask(self.ECR, path,
                          {**ALL, **basic('AWS', 'ecr-password-us-east-2')})
        self.assertEqual(answer.status, 200)
        answer = self.ask('api.ecr.us-east-2.amazonaws.com', '/')
        self.assertEqual(answer.json()['__type'],
                         'MissingAuthenticationTokenException')

    def test_other_names(self):
        """There is nothing else in the world."""
        with self.assertRaises((OSError, http.client.HTTPException)):
            self.ask('other.test', '/v2/')


class RelayTest(unittest.TestCase):
    """The long wire."""

    def test_bytes(self):
        """What goes in comes out, in both directions."""
        token = token_for(pull('public/hello'))
        answer = ask('relay', 'GET', HELLO + 'multi', {**ALL, **bearer(token)})
        self.assertEqual(answer.body, SERVERS.images.manifests['multi'].data)


if __name__ == '__main__':
    absent = fleet.missing(fleet.NEEDS)
    if absent:
        print(f'skipped: {" and ".join(absent)} not installed')
        sys.exit(77)
    unittest.main()
