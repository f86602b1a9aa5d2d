"""A registry that misbehaves: the first words of a repository say how.

`/v2/tok/crlf/anything/manifests/latest` is the scenario `tok/crlf`; what comes
behind the words is free, so that a test may use a name of its own and know that
nobody else asked for it. A scenario that is different the second time counts
by the whole path. The token `good` opens everything but `scope`.

SCENARIOS has them all, with a sentence about each.
"""

import functools
import hashlib
import json
import os
import socket
import struct
import zlib

from .web import WebServer

MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json'
MANIFEST = json.dumps({
    'schemaVersion': 2,
    'mediaType': MANIFEST_TYPE,
    'config': {
        'mediaType': 'application/vnd.oci.image.config.v1+json',
        'digest': 'sha256:' + hashlib.sha256(b'{}').hexdigest(),
        'size': 2,
    },
    'layers': [],
}).encode()
DIGEST = 'sha256:' + hashlib.sha256(MANIFEST).hexdigest()
FALSE_DIGEST = 'sha256:' + '0' * 64

GOOD = 'Bearer good'
PATIENCE = 30  # seconds for which a scenario waits for its client to give up
METADATA = '169.254.169.254'  # where clouds hand out credentials
METADATA_6 = 'fd00:ec2::254'
MEGABYTE = 1 << 20

SCENARIOS = {}  # by name, the functions that answer


def scenario(name):
    """Registers the function below as the scenario `name`."""
    def register(function):
        assert name not in SCENARIOS
        SCENARIOS[name] = function
        return function
    return register


def scenarios(prefix, table):
    """The same for a function that takes a value of `table` as well."""
    def register(function):
        for name, value in table.items():
            scenario(f'{prefix}/{name}')(
                functools.partial(function, value=value))
        return function
    return register


def bearer(realm, scope=None, error=None):
    """A Bearer challenge."""
    text = f'Bearer realm="{realm}",service="hostile.test"'
    if scope:
        text += f',scope="{scope}"'
    return text + (f',error="{error}"' if error else '')


def challenge(exchange, *lines):
    """401, with these WWW-Authenticate lines."""
    exchange.reply(401, b'', [('WWW-Authenticate', line) for line in lines])


def manifest(exchange, *headers, digest=DIGEST):
    """200, with the manifest; without a digest where it is None."""
    known = [('Docker-Content-Digest', digest)] if digest else []
    exchange.reply(200, MANIFEST,
                   [('Content-Type', MANIFEST_TYPE), *known, *headers])


class HostileRegistry(WebServer):
    """The server. `peer` is the URL of another origin, which realms and
    redirects lead to: another such registry, or the end of the line."""

    name = 'hostile'

    def __init__(self, name='hostile', peer='http://127.0.0.1:1', **options):
        super().__init__(**options)
        self.name = name
        self.peer = peer

    def answer(self, exchange):
        path = exchange.path.partition('?')[0]
        exchange.origin, exchange.peer = self.url, self.peer
        exchange.stopping = self.stopping
        if path.startswith('/token'):
            answer_token(exchange, path.removeprefix('/token').strip('-'))
        elif path == '/v2/':
            exchange.reply_json(200, {})
        elif path.startswith('/v2/'):
            answer_manifest(exchange, path.removeprefix('/v2/'))
        else:
            exchange.reply(404)


def find(path):
    """The scenario that a path below /v2/ asks for; None: there is none."""
    words = path.split('/')
    return SCENARIOS.get('/'.join(words[:2])) or SCENARIOS.get(words[0])


def answer_manifest(exchange, path):
    """Plays the scenario, unless the client has the token."""
    play = find(path)
    if play is None:
        exchange.reply_error(404, 'NAME_UNKNOWN')
    elif exchange.authorization == GOOD and play is not insufficient_scope:
        manifest(exchange)
    else:
        play(exchange)


# What is no trouble, or looks like one.


@scenario('ok')
def plain(exchange):
    """The manifest, by one whose limit is used up, as Docker Hub says it."""
    manifest(exchange, ('ratelimit-limit', '100;w=21600'),
             ('ratelimit-remaining', '0;w=21600'),
             ('docker-ratelimit-source', '192.0.2.1'))


@scenario('nodigest')
def no_digest(exchange):
    """The manifest, without its digest."""
    manifest(exchange, digest=None)


@scenario('liar')
def false_digest(exchange):
    """The manifest, with another digest."""
    manifest(exchange, digest=FALSE_DIGEST)


@scenario('baddigest')
def malformed_digest(exchange):
    """The manifest, with a digest that is none."""
    manifest(exchange, digest='sha256:"><script>')


@scenario('headno')
def no_head(exchange):
    """HEAD is not allowed, GET is."""
    if exchange.command == 'HEAD':
        exchange.reply(405)
    else:
        manifest(exchange)


@scenario('head404')
def absent_to_head(exchange):
    """HEAD does not find what GET does."""
    if exchange.command == 'HEAD':
        exchange.reply(404)
    else:
        manifest(exchange)


@scenario('cookie')
def cookie(exchange):
    """The manifest, and a cookie that must not come back."""
    manifest(exchange, ('Set-Cookie', 'sid=1; Path=/'))


# Refusals and challenges.


@scenario('s403')
def forbidden(exchange):
    """403."""
    exchange.reply_error(403, 'DENIED')


@scenario('s401bare')
def no_challenge(exchange):
    """401 that does not say what to do; nor does /v2/."""
    exchange.reply(401)


@scenario('negotiate')
def unsupported_challenges(exchange):
    """Schemes that a registry has no use for."""
    challenge(exchange, 'Negotiate', 'NTLM')


@scenario('multi')
def two_challenge_lines(exchange):
    """Bearer in the second of two lines."""
    challenge(exchange, 'Negotiate', bearer(exchange.origin + '/token'))


@scenario('onehdr')
def two_challenges_in_a_line(exchange):
    """Bearer behind Basic, in one line."""
    challenge(exchange,
              'Basic realm="x", ' + bearer(exchange.origin + '/token'))


@scenario('basic')
def basic_challenge(exchange):
    """Basic alone, as ECR does it."""
    challenge(exchange,
              'Basic realm="https://x/",service="ecr.amazonaws.com"')


@scenario('at')
def access_token(exchange):
    """A token that is called access_token."""
    challenge(exchange, bearer(exchange.origin + '/token-at'))


@scenario('scope')
def insufficient_scope(exchange):
    """A scope that asks for more, and is never enough."""
    challenge(exchange, bearer(exchange.origin + '/token',
                               'repository:other/repo:pull,push',
                               'insufficient_scope'))


# The token endpoint.


@scenarios('tok', {name: name for name in (
    'crlf', 'huge', 'notjson', 'empty', 'redir', '401', '403', '429', '500',
    'slow')})
def bad_token(exchange, value):
    """A token endpoint that does what TOKENS has under the name."""
    challenge(exchange, bearer(f'{exchange.origin}/token-{value}'))


def slow_token(exchange):
    """An answer that does not come."""
    exchange.stopping.wait(PATIENCE)
    exchange.close_connection = True


TOKENS = {
    # A header of its own, if the token is put into one unseen.
    'crlf': lambda exchange: exchange.reply_json(
        200, {'token': 'abc\r\nX-Injected: 1'}),
    'huge': lambda exchange: exchange.reply(
        200, b'{"token":"' + b'A' * (8 * MEGABYTE) + b'"}'),
    'notjson': lambda exchange: exchange.reply(
        200, b'<html>please log in</html>', [('Content-Type', 'text/html')]),
    'empty': lambda exchange: exchange.reply_json(200, {}),
    'redir': lambda exchange: exchange.reply(
        302, b'', [('Location', exchange.peer + '/token')]),
    '401': lambda exchange: exchange.reply_error(401, 'UNAUTHORIZED'),
    '403': lambda exchange: exchange.reply_error(403, 'DENIED'),
    '429': lambda exchange: exchange.reply_error(
        429, 'TOOMANYREQUESTS', headers=[('Retry-After', '1')]),
    '500': lambda exchange: exchange.reply(500, b'oops'),
    'slow': slow_token,
    'at': lambda exchange: exchange.reply_json(
        200, {'access_token': 'good', 'expires_in': 1}),
    '': lambda exchange: exchange.reply_json(
        200, {'token': 'good', 'expires_in': 1}),
}


def answer_token(exchange, name):
    """Answers as the token endpoint of that name."""
    TOKENS.get(name, TOKENS[''])(exchange)


# Realms: where a challenge sends its client. {origin} is this registry, {peer}
# another one.


@scenarios('realm', {
    'file': 'file:///etc/passwd',
    'ftp': 'ftp://127.0.0.1/x',
    'gopher': 'gopher://127.0.0.1:6379/_x',
    'meta': f'http://{METADATA}/latest/meta-data/',
    'meta6': f'http://[{METADATA_6}]/x',
    'user': 'http://evil:pw@{host}/token',
    'rel': '/token',
    # A quoted pair, and a space: what a client may take for a line of its own.
    'crlf': '{origin}/token\\%0d X-Evil: 1',
    'frag': '{origin}/token#x',
    'q': '{origin}/token?a=b',
    'none': '',
    'other': '{peer}/token',
    'long': '{origin}/token?' + 'a' * 70000,
    'dns': 'http://registry.invalid/token',
})
def realm(exchange, value):
    """A Bearer challenge with the realm."""
    host = exchange.origin.partition('://')[2]
    challenge(exchange, bearer(value.format(
        origin=exchange.origin, peer=exchange.peer, host=host)))


# Redirects.


@scenarios('redir', {
    'same': '/v2/ok/x/manifests/t',
    'abs': '{origin}/v2/ok/x/manifests/t',
    'peer': '{peer}/v2/ok/x/manifests/t',
    'peerauth': '{peer}/v2/at/x/manifests/t',
    'peerbasic': '{peer}/v2/basic/x/manifests/t',
    'file': 'file:///etc/passwd',
    'meta': f'http://{METADATA}/',
    'loop': '{path}',
    'none': '',
})
def redirect(exchange, value):
    """307 to the place."""
    exchange.reply(307, b'', [('Location', value.format(
        origin=exchange.origin, peer=exchange.peer, path=exchange.path))])


@scenario('redir/noloc')
def redirect_to_nowhere(exchange):
    """307 without a place."""
    exchange.reply(307)


# Limits and failures that a second try may see again, or not.


@scenario('s429')
def limited_once(exchange):
    """429 the first time."""
    if exchange.number == 1:
        exchange.reply_error(429, 'TOOMANYREQUESTS',
                             headers=[('Retry-After', '1')])
    else:
        manifest(exchange)


@scenario('s429ever')
def limited(exchange):
    """429 for an hour."""
    exchange.reply_error(
        429, 'TOOMANYREQUESTS', 'You have reached your pull rate limit.',
        [('Retry-After', '3600'), ('ratelimit-remaining', '0;w=21600')])


@scenario('s500')
def broken(exchange):
    """500."""
    exchange.reply(500, b'x')


@scenario('s503once')
def unavailable_once(exchange):
    """503 the first time."""
    if exchange.number == 1:
        exchange.reply(503, b'', [('Retry-After', '1')])
    else:
        manifest(exchange)


@scenario('s404html')
def page_not_found(exchange):
    """404, and a page that no registry wrote."""
    exchange.reply(404, b'<html>captive portal',
                   [('Content-Type', 'text/html')])


@scenario('s200html')
def page(exchange):
    """200, and a page in the place of a manifest."""
    exchange.reply(200, b'<html>captive portal',
                   [('Content-Type', 'text/html')])


# What is no HTTP, or too much of it.


def send(exchange, pieces):
    """Writes bytes as they are, until the client has had enough."""
    exchange.close_connection = True
    try:
        for piece in pieces:
            exchange.wfile.write(piece)
    except OSError:
        pass


@scenario('slowhdr')
def slow_header(exchange):
    """A header line, a letter at a time."""
    def letters():
        for letter in b'HTTP/1.1 200 OK\r\nX-Slow: ' + b'a' * 200:
            yield bytes([letter])
            if exchange.stopping.wait(0.3):
                return
    send(exchange, letters())


@scenario('hang')
def hang(exchange):
    """Not a word."""
    exchange.stopping.wait(PATIENCE)
    exchange.close_connection = True


@scenario('close')
def close(exchange):
    """The connection ends without an answer."""
    exchange.close_connection = True


@scenario('reset')
def reset(exchange):
    """The connection is reset, which a socket does that must not linger."""
    exchange.close_connection = True
    exchange.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                   struct.pack('ii', 1, 0))
    os.close(exchange.connection.detach())


@scenario('garbage')
def garbage(exchange):
    """Bytes that are no HTTP."""
    send(exchange, [b'\x00\x01garbage\r\n\r\n'])


@scenario('hugehdr')
def huge_headers(exchange):
    """32 MB of headers, each of them long."""
    send(exchange, [b'HTTP/1.1 200 OK\r\n'] + [
        b'X-%d: %s\r\n' % (index, b'a' * 8000) for index in range(4000)])


@scenario('manyhdr')
def many_headers(exchange):
    """400,000 headers, each of them short."""
    send(exchange, [b'HTTP/1.1 200 OK\r\n', b''.join(
        b'X-%d: a\r\n' % index for index in range(400000)), b'\r\n'])


@scenario('hugebody')
def huge_body(exchange):
    """A body of 1 GB that does not say how long it is."""
    def chunks():
        yield (b'HTTP/1.1 200 OK\r\nContent-Type: %s\r\n'
               b'Transfer-Encoding: chunked\r\n\r\n' % MANIFEST_TYPE.encode())
        for _ in range(0 if exchange.command == 'HEAD' else 1024):
            yield b'100000\r\n' + b'A' * MEGABYTE + b'\r\n'
    send(exchange, chunks())


@functools.cache
def bomb():
    """64 MB of one letter, compressed with gzip."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    return b''.join([*(packer.compress(b'A' * MEGABYTE) for _ in range(64)),
                     packer.flush()])


@scenario('gzip')
def compressed(exchange):
    """A body that is much larger than it looks."""
    exchange.reply(200, bomb(), [('Content-Type', MANIFEST_TYPE),
                                 ('Content-Encoding', 'gzip')])
