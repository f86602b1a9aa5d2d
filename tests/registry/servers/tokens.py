"""A token server, as docker-registry wants one: who may pull what, signed.

Nobody may pull below `public/`, `library/` and `many/` only; alice may pull and
push everywhere, by her password or by a refresh token.
"""

import base64
import json
import os
import time
import urllib.parse

from .web import WebServer

USER, PASSWORD = 'alice', 's3cr:t'
REFRESH_TOKEN = 'refresh-alice'
SERVICE, ISSUER = 'registry.test', 'imgrewrite-test'
PUBLIC = ('public/', 'library/', 'many/')


def encode(data):
    """Bytes in the base 64 of tokens."""
    return base64.urlsafe_b64encode(data).rstrip(b'=')


class TokenServer(WebServer):
    """The server. Its answers depend on these, which tests may change:

    algorithm   RS256 or ES256
    named       the key is named (kid), not sent along (x5c)
    denial      what somebody gets who asks for more: None, a token that is good
                for nothing, as Docker Hub does it; or a status, as others do
    lifetime    of a token, in seconds; negative: it has expired
    fields      under which names the token is in the answer
    claims      what is other in the token than it should be
    service     which registries the tokens are for
    """

    name = 'token'

    def __init__(self, keys, **options):
        super().__init__(**options)
        self.keys = keys
        self.algorithm = 'ES256'
        self.named = False
        self.denial = None
        self.lifetime = 300
        self.fields = ('token',)
        self.claims = {}
        self.service = SERVICE

    def answer(self, exchange):
        url = urllib.parse.urlsplit(exchange.path)
        if url.path != '/token':
            exchange.reply_json(404, {})
        elif exchange.command == 'POST':
            self._answer_form(exchange)
        else:
            self._answer_query(exchange, urllib.parse.parse_qs(url.query))

    def _answer_query(self, exchange, query):
        """GET, with or without a login."""
        login = exchange.basic_login()
        if exchange.authorization and login != (USER, PASSWORD):
            exchange.reply_json(
                401, {'details': 'incorrect username or password'},
                [('WWW-Authenticate', 'Basic realm="tokens"')])
        else:
            self._grant(exchange, login and login[0], query.get('scope', []))

    def _answer_form(self, exchange):
        """POST, as OAuth 2 has it."""
        form = {name: values[0] for name, values in urllib.parse.parse_qs(
            exchange.body.decode('latin-1')).items()}
        known = {
            'refresh_token': form.get('refresh_token') == REFRESH_TOKEN,
            'password': (form.get('username'),
                         form.get('password')) == (USER, PASSWORD),
        }
        if known.get(form.get('grant_type')):
            self._grant(exchange, USER, [form.get('scope', '')])
        else:
            exchange.reply_json(401, {'error': 'invalid_grant'})

    def _grant(self, exchange, user, scopes):
        """Answers with a token for what of the scopes is allowed."""
        access = []
        for scope in ' '.join(scopes).split():
            kind, _, rest = scope.partition(':')
            name, _, wanted = rest.rpartition(':')
            allowed = sorted(set(wanted.split(',')) & actions_of(user, name))
            if allowed:
                access.append({'type': kind, 'name': name,
                               'actions': allowed})
            elif self.denial:
                exchange.reply_error(
                    self.denial, 'DENIED',
                    'requested access to the resource is denied')
                return
        token = self.make(user or '', access)
        issued = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())
        exchange.reply_json(200, {
            **{name: token for name in self.fields},
            'expires_in': self.lifetime, 'issued_at': issued})

    def make(self, user, access):
        """A token for the user."""
        key = self.keys.tokens[self.algorithm]
        now = int(time.time())
        header = {'typ': 'JWT', 'alg': self.algorithm}
        if self.named:
            header['kid'] = key.fingerprint()
        else:
            header['x5c'] = [key.certificate_text()]
        claims = {
            'iss': ISSUER, 'sub': user, 'aud': self.service, 'iat': now,
            'nbf': now - 600, 'exp': now + self.lifetime,
            'jti': os.urandom(8).hex(), 'access': access, **self.claims,
        }
        message = b'.'.join(encode(json.dumps(part).encode())
                            for part in (header, claims))
        return (message + b'.' + encode(key.sign(message))).decode()


def actions_of(user, name):
    """What the user, or nobody, may do with a repository."""
    if user:
        return {'pull', 'push'}
    return {'pull'} if name.startswith(PUBLIC) else set()
