"""Each scenario of the hostile registry answers as its name says.

What is expected is written down here once more, as a client sees it: a status,
headers, or how the connection ends. The names are those of the issue that asks
for them.
"""

import http.client
import json
import socket
import unittest

from servers import hostile, web

TYPE = hostile.MANIFEST_TYPE
ORIGIN, PEER = '{origin}', '{peer}'


def bearer(realm):
    """The challenge for a realm."""
    return f'Bearer realm="{realm}",service="hostile.test"'


# Scenario: statuses of HEAD and GET, and headers of the latter.
ANSWERS = {
    'ok': (200, 200, {'Docker-Content-Digest': hostile.DIGEST,
                      'Content-Type': TYPE,
                      'ratelimit-remaining': '0;w=21600'}),
    'nodigest': (200, 200, {'Docker-Content-Digest': None}),
    'liar': (200, 200, {'Docker-Content-Digest': 'sha256:' + '0' * 64}),
    'baddigest': (200, 200, {'Docker-Content-Digest': 'sha256:"><script>'}),
    'headno': (405, 200, {'Docker-Content-Digest': hostile.DIGEST}),
    'head404': (404, 200, {'Docker-Content-Digest': hostile.DIGEST}),
    'cookie': (200, 200, {'Set-Cookie': 'sid=1; Path=/'}),
    's403': (403, 403, {}),
    's401bare': (401, 401, {'WWW-Authenticate': None}),
    'negotiate': (401, 401, {'WWW-Authenticate': 'Negotiate, NTLM'}),
    'multi': (401, 401, {'WWW-Authenticate':
                         'Negotiate, ' + bearer(ORIGIN + '/token')}),
    'onehdr': (401, 401, {'WWW-Authenticate': 'Basic realm="x", ' +
                          bearer(ORIGIN + '/token')}),
    'basic': (401, 401, {'WWW-Authenticate': 'Basic realm="https://x/",'
                         'service="ecr.amazonaws.com"'}),
    'at': (401, 401, {'WWW-Authenticate': bearer(ORIGIN + '/token-at')}),
    'scope': (401, 401, {'WWW-Authenticate': bearer(ORIGIN + '/token') +
                         ',scope="repository:other/repo:pull,push"'
                         ',error="insufficient_scope"'}),
    's429': (429, 429, {'Retry-After': '1'}),
    's429ever': (429, 429, {'Retry-After': '3600'}),
    's500': (500, 500, {}),
    's503once': (503, 503, {'Retry-After': '1'}),
    's404html': (404, 404, {'Content-Type': 'text/html'}),
    's200html': (200, 200, {'Content-Type': 'text/html'}),
    'gzip': (200, 200, {'Content-Encoding': 'gzip'}),
    'nosuchbehaviour': (404, 404, {'Content-Type': 'application/json'}),
    'redir/noloc': (307, 307, {'Location': None}),
    **{f'redir/{name}': (307, 307, {'Location': place}) for name, place in {
        'same': '/v2/ok/x/manifests/t',
        'abs': ORIGIN + '/v2/ok/x/manifests/t',
        'peer': PEER + '/v2/ok/x/manifests/t',
        'peerauth': PEER + '/v2/at/x/manifests/t',
        'peerbasic': PEER + '/v2/basic/x/manifests/t',
        'file': 'file:///etc/passwd',
        'meta': 'http://169.254.169.254/',
        'loop': '/v2/redir/loop/x/manifests/latest',
        'none': '',
    }.items()},
    **{f'realm/{name}': (401, 401, {'WWW-Authenticate': bearer(place)})
       for name, place in {
           'file': 'file:///etc/passwd',
           'ftp': 'ftp://127.0.0.1/x',
           'gopher': 'gopher://127.0.0.1:6379/_x',
           'meta': 'http://169.254.169.254/latest/meta-data/',
           'meta6': 'http://[fd00:ec2::254]/x',
           'user': 'http://evil:pw@{host}/token',
           'rel': '/token',
           'crlf': ORIGIN + '/token\\%0d X-Evil: 1',
           'frag': ORIGIN + '/token#x',
           'q': ORIGIN + '/token?a=b',
           'none': '',
           'other': PEER + '/token',
           'dns': 'http://registry.invalid/token',
       }.items()},
    **{f'tok/{name}': (401, 401, {'WWW-Authenticate':
                                  bearer(f'{ORIGIN}/token-{name}')})
       for name in ('crlf', 'huge', 'notjson', 'empty', 'redir', '401', '403',
                    '429', '500', 'slow')},
}

# The token endpoints: their status, and what is in the body.
TOKENS = {
    '/token': (200, b'"token": "good"'),
    '/token?a=b&service=x': (200, b'"token": "good"'),
    '/token-at': (200, b'"access_token": "good"'),
    '/token-crlf': (200, b'\\r\\nX-Injected'),
    '/token-notjson': (200, b'<html>'),
    '/token-empty': (200, b'{}'),
    '/token-redir': (302, b''),
    '/token-401': (401, b'UNAUTHORIZED'),
    '/token-403': (403, b'DENIED'),
    '/token-429': (429, b'TOOMANYREQUESTS'),
    '/token-500': (500, b'oops'),
}

# What is told by looking at the bytes, below.
BYTES = {'realm/long', 'slowhdr', 'hang', 'close', 'reset', 'garbage',
         'hugehdr', 'manyhdr', 'hugebody'}


class HostileTest(unittest.TestCase):
    """One registry, and another for it to lead to."""

    @classmethod
    def setUpClass(cls):
        cls.log = web.Log()
        cls.peer = hostile.HostileRegistry('peer', log=cls.log).start()
        cls.registry = hostile.HostileRegistry(
            peer=cls.peer.url, log=cls.log).start()
        cls.addClassCleanup(cls.peer.stop)
        cls.addClassCleanup(cls.registry.stop)

    def ask(self, path, method='GET', authorization=None):
        """Sends a request; returns the answer, and its body."""
        connection = http.client.HTTPConnection(self.registry.host, timeout=10)
        self.addCleanup(connection.close)
        connection.request(method, path, headers={
            'Authorization': authorization} if authorization else {})
        answer = connection.getresponse()
        return answer, answer.read()

    def manifest(self, scenario, *args, **options):
        """Asks for a manifest of the scenario."""
        return self.ask(f'/v2/{scenario}/x/manifests/latest', *args, **options)

    def connect(self, scenario, method='HEAD'):
        """Asks for it through a bare socket."""
        connection = socket.create_connection(
            ('127.0.0.1', self.registry.port), timeout=5)
        self.addCleanup(connection.close)
        connection.sendall(f'{method} /v2/{scenario}/x/manifests/latest '
                           'HTTP/1.1\r\nHost: x\r\n\r\n'.encode())
        return connection

    def fill_in(self, text):
        """A text with the names of the servers."""
        return text and text.format(
            origin=self.registry.url, peer=self.peer.url,
            host=self.registry.host)

    def test_all_are_tested(self):
        """There are 65, the one that is none among them."""
        self.assertEqual({*ANSWERS, *BYTES},
                         {*hostile.SCENARIOS, 'nosuchbehaviour'})
        self.assertEqual(len({*ANSWERS, *BYTES}), 65)

    def test_answers(self):
        """Statuses and headers."""
        for name, (head, get, headers) in ANSWERS.items():
            with self.subTest(name):
                answer, body = self.manifest(name, 'HEAD')
                self.assertEqual((answer.status, body), (head, b''))
                answer, body = self.manifest(name)
                self.assertEqual(answer.status, get)
                for header, value in headers.items():
                    self.assertEqual(answer.headers.get_all(header) and
                                     ', '.join(answer.headers.get_all(header)),
                                     self.fill_in(value), header)
                if answer.headers['Content-Type'] == TYPE and name != 'gzip':
                    self.assertEqual(body, hostile.MANIFEST)

    def test_second_times(self):
        """What fails once, goes on."""
        for name in ('s429', 's503once'):
            path = f'/v2/{name}/second/manifests/latest'
            self.assertNotEqual(self.ask(path)[0].status, 200)
            self.assertEqual(self.ask(path)[0].status, 200)
            self.assertNotEqual(self.ask(path, 'HEAD')[0].status, 200)

    def test_the_token_opens_all_but_one(self):
        """`good` is good, but not for `scope`."""
        for name in ANSWERS:
            answer, _ = self.manifest(name, authorization='Bearer good')
            self.assertEqual(answer.status,
                             404 if name == 'nosuchbehaviour' else
                             401 if name == 'scope' else 200, name)
        answer, _ = self.manifest('at', authorization='Bearer bad')
        self.assertEqual(answer.status, 401)

    def test_tokens(self):
        """Token endpoints."""
        for path, (status, part) in TOKENS.items():
            answer, body = self.ask(path)
            self.assertEqual(answer.status, status, path)
            self.assertIn(part, body, path)
        self.assertGreater(len(self.ask('/token-huge')[1]), 8 << 20)
        self.assertEqual(self.ask('/token-redir')[0].headers['Location'],
                         self.peer.url + '/token')
        crlf = json.loads(self.ask('/token-crlf')[1])
        self.assertIn('\r\n', crlf['token'])

    def test_a_long_realm(self):
        """More than a client should read: http.client does not."""
        connection = self.connect('realm/long')
        self.assertGreater(len(read_all(connection, 70000)), 69999)

    def test_silence(self):
        """What does not come; a tenth of a second is enough to see it."""
        connection = self.connect('hang')
        connection.settimeout(0.1)
        self.assertRaises(TimeoutError, connection.recv, 1)
        self.assertRaises(TimeoutError, self.ask_for_slow_token)
        connection = self.connect('slowhdr')
        connection.settimeout(0.1)
        first = connection.recv(1)
        self.assertEqual(first, b'H')
        self.assertRaises(TimeoutError, connection.recv, 1)

    def ask_for_slow_token(self):
        """Waits for it, but not long."""
        connection = http.client.HTTPConnection(self.registry.host, timeout=0.1)
        self.addCleanup(connection.close)
        connection.request('GET', '/token-slow')
        connection.getresponse()

    def test_ends(self):
        """How a connection ends."""
        self.assertEqual(self.connect('close').recv(1), b'')
        self.assertRaises(ConnectionResetError,
                          self.connect('reset').recv, 1)
        self.assertEqual(read_all(self.connect('garbage'))[:9],
                         b'\x00\x01garbage')

    def test_too_much(self):
        """Headers and bodies without an end, or nearly so."""
        for name, least in (('hugehdr', 1 << 20), ('manyhdr', 1 << 20)):
            text = read_all(self.connect(name), least)
            self.assertGreaterEqual(len(text), least)
            self.assertNotIn(b'\r\n\r\n', text)
        text = read_all(self.connect('hugebody', 'GET'), 4 << 20)
        head, _, body = text.partition(b'\r\n\r\n')
        self.assertIn(b'Transfer-Encoding: chunked', head)
        self.assertGreater(len(body), 3 << 20)
        self.assertTrue(read_all(self.connect('hugebody')).endswith(
            b'\r\n\r\n'))

    def test_a_bomb(self):
        """A body is a thousand times smaller than what is in it."""
        answer, body = self.manifest('gzip')
        self.assertLess(len(body), 1 << 20)

    def test_the_ping(self):
        """/v2/ asks for nothing."""
        self.assertEqual(self.ask('/v2/')[0].status, 200)

    def test_log(self):
        """What was sent is there, and what was not."""
        path = '/v2/ok/logged/manifests/t'
        self.ask(path)
        self.ask(path, authorization='Basic YTpi')
        self.ask(path, 'HEAD')
        self.assertEqual(self.log.of(path), [
            {'server': 'hostile', 'method': method, 'path': path,
             'host': self.registry.host, 'authorization': sent, 'number': nth}
            for method, sent, nth in (('GET', None, 1), ('GET', 'Basic YTpi', 2),
                                      ('HEAD', None, 1))])


def read_all(connection, most=1 << 30):
    """What comes until the end, or until there is so much."""
    text = b''
    while len(text) < most:
        piece = connection.recv(1 << 16)
        if not piece:
            break
        text += piece
    return text


if __name__ == '__main__':
    unittest.main()
