"""Certificates for single registries, in folders as Docker and Podman have them.

    with_servers.py --servers hostile,hostile-tls,tls,mutual,wrong-name \\
        python3 test_certificate_folders.py

What is in a folder counts for the registry of its name only, and nothing in any
folder has a certificate go unchecked.
"""

import json
import os
import pathlib
import pty
import shutil
import ssl
import subprocess
import tempfile
import unittest

from servers import keys, seeds, web

PROBE = os.environ['IMGREWRITE_PROBE']
HOSTILE, TLS, MUTUAL, WRONG_NAME = (os.environ[f'IRW_{name}'] for name in (
    'HOSTILE_TLS', 'TLS', 'MUTUAL', 'WRONG_NAME'))
AUTHORITY = os.environ['IRW_CA_FILE']
CLIENT = os.environ['IRW_CLIENT_CERTIFICATE'], os.environ['IRW_CLIENT_KEY']
OK, HELLO = f'{HOSTILE}/ok/a:1', f'{MUTUAL}/public/hello:one'

# Name, files of the folder, image, options, outcome, words of the reason.
ROWS = (
    ('no folder', {}, OK, (), 'tls-error', 'folder of certificates'),
    ('an authority', {f'{HOSTILE}/ca.crt': AUTHORITY}, OK, (), 'public', ''),
    ('any name', {f'{HOSTILE}/a b.crt': AUTHORITY}, OK, (), 'public', ''),
    ('one of several', {f'{HOSTILE}/a.crt': CLIENT[0],
                        f'{HOSTILE}/b.crt': AUTHORITY}, OK, (), 'public', ''),
    ('the wrong one', {f'{HOSTILE}/a.crt': CLIENT[0]}, OK, (), 'tls-error',
     'cannot be trusted'),
    ('another registry', {f'{TLS}/ca.crt': AUTHORITY}, OK, (), 'tls-error',
     'cannot be trusted'),
    ('another port', {'127.0.0.1:1/ca.crt': AUTHORITY}, OK, (), 'tls-error',
     'cannot be trusted'),
    ('no port', {'127.0.0.1/ca.crt': AUTHORITY}, OK, (), 'tls-error',
     'cannot be trusted'),
    ('no end', {f'{HOSTILE}/ca.pem': AUTHORITY}, OK, (), 'tls-error',
     'cannot be trusted'),
    ('a certificate of another name', {f'{WRONG_NAME}/ca.crt': AUTHORITY},
     f'{WRONG_NAME}/public/hello:one', (), 'tls-error', 'wrong name'),
    ('beside another file of authorities',
     {f'{HOSTILE}/ca.crt': AUTHORITY}, OK, ('--ca-file', CLIENT[0]), 'public',
     ''),
    ('no certificate', {f'{HOSTILE}/ca.crt': '/dev/null'}, OK, (),
     'tls-error', f'{HOSTILE}/ca.crt: there is no certificate in it'),
    ('a key alone', {f'{HOSTILE}/ca.crt': AUTHORITY,
                     f'{HOSTILE}/a.key': CLIENT[1]}, OK, (), 'tls-error',
     f'{HOSTILE}/a.key: there is no certificate for this key'),
    ('a certificate alone', {f'{HOSTILE}/ca.crt': AUTHORITY,
                             f'{HOSTILE}/a.cert': CLIENT[0]}, OK, (),
     'tls-error', f'{HOSTILE}/a.cert: there is no key for this certificate'),
    ('trouble of another', {f'{HOSTILE}/ca.crt': AUTHORITY,
                            f'{TLS}/a.key': CLIENT[1]}, OK, (), 'public', ''),
    ('two pairs', {f'{HOSTILE}/a.cert': CLIENT[0], f'{HOSTILE}/a.key':
                   CLIENT[1], f'{HOSTILE}/b.cert': CLIENT[0],
                   f'{HOSTILE}/b.key': CLIENT[1]}, OK, (), 'tls-error',
     'b.cert: only one certificate can be shown'),
    ('tokens of a registry', {f'{HOSTILE}/ca.crt': AUTHORITY},
     f'{HOSTILE}/at/a:1', (), 'public', ''),
    ('a redirect of a registry', {f'{HOSTILE}/ca.crt': AUTHORITY},
     f'{HOSTILE}/redir/abs/a:1', (), 'public', ''),
    ('a client that shows nothing', {f'{MUTUAL}/ca.crt': AUTHORITY}, HELLO,
     ('--auth',), 'protocol-error', ''),  # of http, after that
    ('a client certificate is a login',
     {f'{MUTUAL}/ca.crt': AUTHORITY, f'{MUTUAL}/a.cert': CLIENT[0],
      f'{MUTUAL}/a.key': CLIENT[1]}, HELLO, (), 'unreachable', '--auth'),
    ('a client certificate',
     {f'{MUTUAL}/ca.crt': AUTHORITY, f'{MUTUAL}/a.cert': CLIENT[0],
      f'{MUTUAL}/a.key': CLIENT[1]}, HELLO, ('--auth',), 'pullable',
     'the client certificate can pull it'),
    ('a client certificate, and no image',
     {f'{MUTUAL}/ca.crt': AUTHORITY, f'{MUTUAL}/a.cert': CLIENT[0],
      f'{MUTUAL}/a.key': CLIENT[1]}, f'{MUTUAL}/public/hello:none',
     ('--auth',), 'absent', ''),
    ('a client certificate that is not wanted',
     {f'{HOSTILE}/ca.crt': AUTHORITY, f'{HOSTILE}/a.cert': CLIENT[0],
      f'{HOSTILE}/a.key': CLIENT[1]}, OK, ('--auth',), 'public', ''),
    ('a client certificate, and a password is wanted',
     {f'{HOSTILE}/ca.crt': AUTHORITY, f'{HOSTILE}/a.cert': CLIENT[0],
      f'{HOSTILE}/a.key': CLIENT[1]}, f'{HOSTILE}/basic/a:1', ('--auth',),
     'denied', 'a user name and a password'),
    ('keys that do not belong together',
     {f'{MUTUAL}/ca.crt': AUTHORITY, f'{MUTUAL}/a.cert': AUTHORITY,
      f'{MUTUAL}/a.key': CLIENT[1]}, HELLO, ('--auth',), 'tls-error',
     'belong together'),
)


def read_all(terminal):
    """What a program writes to its terminal until it ends."""
    shown = b''
    try:
        while piece := os.read(terminal, 4096):
            shown += piece
    except OSError:
        pass  # so a terminal ends
    os.close(terminal)
    return shown.decode()


class Watching(web.WebServer):
    """A registry with https that notes who shows a certificate, and gives images
    to these only; `lead` is what it does for them instead."""

    def __init__(self, lead=None):
        folder = pathlib.Path(AUTHORITY).parent
        super().__init__(certificate=(folder / 'server.crt',
                                      folder / 'server.key'))
        self.lead = lead
        self.seen = []
        context = self._server.context
        context.load_verify_locations(AUTHORITY)
        context.verify_mode = ssl.CERT_OPTIONAL

    def answer(self, exchange):
        shown = bool(exchange.connection.getpeercert())
        self.seen.append(shown)
        if not shown:
            exchange.reply_error(403, 'DENIED')
        elif self.lead:
            self.lead(exchange)
        else:
            exchange.reply(200, b'{}', [('Content-Type', seeds.MANIFEST_TYPE)])


class CertificatesTest(unittest.TestCase):
    """Runs of the program in a home of their own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = pathlib.Path(folder.name)
        self.folder = self.home / '.config/containers/certs.d'

    def fill(self, files):
        """Makes the folders anew, of copies of files."""
        shutil.rmtree(self.folder, ignore_errors=True)
        for name, source in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(pathlib.Path(source).read_bytes())

    def probe(self, image, *options, **variables):
        """The answer about an image."""
        run = subprocess.run(
            [PROBE, '-o', 'json', *options, image], timeout=60, check=False,
            env={'PATH': os.environ['PATH'], 'HOME': str(self.home),
                 **variables}, capture_output=True, text=True)
        self.assertEqual(run.stdout.count('\n'), 1, run.stderr)
        return json.loads(run.stdout)

    def test_rows(self):
        """Each image has the outcome that it should have."""
        for name, files, image, options, outcome, words in ROWS:
            with self.subTest(name=name):
                self.fill(files)
                answer = self.probe(image, *options)
                self.assertEqual(answer['outcome'], outcome, answer)
                self.assertIn(words, answer['reason'])

    def test_private(self):
        """What only a certificate can pull is private."""
        self.fill({f'{MUTUAL}/ca.crt': AUTHORITY, f'{MUTUAL}/a.cert':
                   CLIENT[0], f'{MUTUAL}/a.key': CLIENT[1]})
        answer = self.probe(HELLO, '--auth')
        self.assertEqual(answer['anonymous'], 'denied')
        self.assertEqual(answer['digest'], os.environ['IRW_DIGEST_ONE'])

    def test_elsewhere(self):
        """A client certificate is shown to the registry, and to no other place
        that it names, whose certificates are those that the folder trusts."""
        with Watching() as other:
            leads = {
                'nowhere': None,
                'redirect': lambda exchange: exchange.reply(307, headers=[
                    ('Location', other.url + exchange.path)]),
                'tokens': lambda exchange: exchange.reply_error(
                    401, 'UNAUTHORIZED', headers=[
                        ('WWW-Authenticate',
                         f'Bearer realm="{other.url}/token",service="s"')]),
            }
            for name, lead in leads.items():
                with self.subTest(name), Watching(lead) as first:
                    other.seen.clear()
                    self.fill({f'{first.host}/ca.crt': AUTHORITY,
                               f'{first.host}/a.cert': CLIENT[0],
                               f'{first.host}/a.key': CLIENT[1]})
                    answer = self.probe(f'{first.host}/a:1', '--auth')
                    self.assertEqual(answer['outcome'],
                                     'denied' if lead else 'pullable', answer)
                    self.assertEqual(first.seen[:2], [False, True])
                    self.assertEqual(set(other.seen),
                                     {False} if lead else set())

    def test_both(self):
        """A registry may want a certificate and a password."""
        def ask(exchange):
            if exchange.basic_login() == ('u', 'p'):
                exchange.reply(200, b'{}', [('Content-Type',
                                             seeds.MANIFEST_TYPE)])
            else:
                exchange.reply_error(401, 'UNAUTHORIZED', headers=[
                    ('WWW-Authenticate', 'Basic realm="r"')])

        with Watching(ask) as server:
            self.fill({f'{server.host}/ca.crt': AUTHORITY,
                       f'{server.host}/a.cert': CLIENT[0],
                       f'{server.host}/a.key': CLIENT[1]})
            for login, outcome in (('dTpw', 'pullable'),
                                   ('dTpx', 'bad-credentials'),
                                   ('', 'denied')):
                answer = self.probe(
                    f'{server.host}/a:1', '--auth',
                    DOCKER_AUTH_CONFIG=json.dumps(
                        {'auths': {server.host: {'auth': login}}}))
                self.assertEqual((answer['outcome'], answer['anonymous'])
                                 if login else answer['outcome'],
                                 (outcome, 'denied') if login else outcome)

    def test_odd_names(self):
        """Names of files are shown so that they do no harm."""
        self.fill({f'{HOSTILE}/ca.crt': AUTHORITY})
        for name in (b'\x1b[31m\n.key', b'\xff.key'):
            path = os.path.join(os.fsencode(self.folder), HOSTILE.encode(),
                                name)
            with open(path, 'wb'):
                pass
            self.assertIn('no certificate for this key',
                          self.probe(OK)['reason'])
            for output in ('table', 'known-images'):
                run = subprocess.run(
                    [PROBE, '-o', output, OK], timeout=60, check=False,
                    env={'HOME': str(self.home)}, capture_output=True)
                self.assertIn(b'.key: there is no certificate',
                              run.stdout + run.stderr)
                self.assertNotIn(b'\x1b', run.stdout + run.stderr)
            os.unlink(path)

    def test_links(self):
        """A link that leads nowhere is passed over, as Podman does it."""
        self.fill({f'{HOSTILE}/ca.crt': AUTHORITY})
        (self.folder / HOSTILE / 'a.crt').symlink_to('gone')
        self.assertEqual(self.probe(OK)['outcome'], 'public')

    def test_first_folder(self):
        """A folder that is there counts, even if nothing is in it."""
        self.folder.joinpath(HOSTILE).mkdir(parents=True)
        self.assertEqual(self.probe(OK)['outcome'], 'tls-error')

    def test_password(self):
        """A key with a password is not used, and nobody is asked for that: the
        program has a terminal here."""
        self.fill({f'{MUTUAL}/ca.crt': AUTHORITY,
                   f'{MUTUAL}/a.cert': CLIENT[0]})
        (self.folder / MUTUAL / 'a.key').write_bytes(keys.openssl(
            'pkey', '-in', CLIENT[1], '-aes256', '-passout', 'pass:secret'))
        child, terminal = pty.fork()
        if child == 0:
            os.environ['HOME'] = str(self.home)
            os.execl(PROBE, PROBE, '--auth', '--progress', 'never', HELLO)
        shown = read_all(terminal)
        os.waitpid(child, 0)
        self.assertIn('need no password', shown)
        self.assertNotIn('pass phrase', shown)

    def test_no_fallback(self):
        """A registry on this machine is not asked by http once there is a
        certificate to show, and what cannot be read is told."""
        self.fill({f'{MUTUAL}/a.cert': CLIENT[0], f'{MUTUAL}/a.key':
                   '/dev/null'})
        answer = self.probe(HELLO, '--auth', SSL_CERT_FILE=AUTHORITY)
        self.assertEqual(answer['outcome'], 'tls-error')
        self.assertIn('client certificate', answer['reason'])


if __name__ == '__main__':
    unittest.main()
