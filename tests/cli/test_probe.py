"""probe: the command line of the program that asks registries.

What registries really answer is tested in tests/registry; the one here is as
small as can be.
"""

import hashlib
import http.server
import json
import os
import signal
import subprocess
import threading
import time

from support import TOOL, ToolTest, main, pod

INDEX = 'application/vnd.oci.image.index.v1+json'
MANIFEST = json.dumps({
    'schemaVersion': 2, 'mediaType': INDEX, 'manifests': [
        {'digest': 'sha256:1', 'platform': {'os': 'linux',
                                            'architecture': 'arm64'}}],
}).encode()
DIGEST = 'sha256:' + hashlib.sha256(MANIFEST).hexdigest()


class Registry(http.server.BaseHTTPRequestHandler):
    """open/* is public, closed/* wants a password, slow/* takes its time; the
    rest is not there."""

    protocol_version = 'HTTP/1.1'

    def log_message(self, *_):
        """Nothing is printed."""

    def answer(self, status, body=b'', **headers):
        """Sends a whole response."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace('_', '-'), value)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(body)

    def do_GET(self):
        """Answers by the first part of the repository."""
        kind = self.path.split('/')[2]
        self.server.asked.append((self.command, self.path))
        if kind == 'slow':
            self.server.slow.set()
            time.sleep(60)
        if kind == 'open':
            self.answer(200, MANIFEST, Content_Type=INDEX,
                        Docker_Content_Digest=DIGEST,
                        RateLimit_Remaining='7;w=21600')
        elif kind == 'closed':
            login = self.headers.get('Authorization')
            if login == 'Basic YWxpY2U6czNjcjp0':
                self.answer(200, MANIFEST, Content_Type=INDEX,
                            Docker_Content_Digest=DIGEST)
            else:
                self.server.logins.append(login)
                self.answer(401, WWW_Authenticate='Basic realm="x"')
        elif kind == 'broken':
            self.answer(400)
        else:
            self.answer(404, b'{"errors":[{"code":"NAME_UNKNOWN"}]}')

    do_HEAD = do_GET


class RegistryTest(ToolTest):
    """With a registry on loopback."""

    def setUp(self):
        super().setUp()
        server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Registry)
        server.daemon_threads = True
        server.block_on_close = False
        server.asked, server.logins = [], []
        server.slow = threading.Event()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.server = server
        self.host = f'127.0.0.1:{server.server_port}'

    def probe(self, *args, **options):
        """Runs the command, with HOST for the registry."""
        return self.tool('probe', *(arg.replace('HOST', self.host)
                                    for arg in args), **options)

    def outcomes(self, run):
        """The words of a table, by reference."""
        return dict(line.replace(self.host, 'HOST').split()[:2]
                    for line in run.text.splitlines())


class ProbeTest(RegistryTest):
    """Images, as they are."""

    def test_table(self):
        """A line for each argument, in their order, in columns."""
        run = self.probe('HOST/open/a:1', 'HOST/closed/b', 'HOST/gone:2',
                         'HOST/open/a:1')
        self.assertEqual([line.split()[:2] for line in run.text.splitlines()], [
            [f'{self.host}/open/a:1', 'public'],
            [f'{self.host}/closed/b', 'denied'],
            [f'{self.host}/gone:2', 'absent'],
            [f'{self.host}/open/a:1', 'public']])
        self.assertEqual({line.index(word) for line, word in
                          zip(run.text.splitlines(),
                              ['public', 'denied', 'absent', 'public'])},
                         {len(self.host) + len('/closed/b') + 2})
        self.assertEqual(run.err, 'imgrewrite: 4 images asked for: 2 public, '
                                  '1 denied, 1 absent\n')

    def test_asked_once(self):
        """The same image costs one request."""
        self.probe('HOST/open/a:1', 'HOST/open/a:1', 'HOST/open/a:1')
        self.assertEqual(self.server.asked, [('HEAD', '/v2/open/a/manifests/1')])

    def test_json(self):
        """A line is an object that --known-images reads."""
        run = self.probe('-o', 'json', '-q', 'HOST/open/a:1', 'HOST/closed/b')
        public, denied = map(json.loads, run.text.splitlines())
        self.assertEqual(
            {name: public[name] for name in public if name != 'reason'},
            {'ref': f'{self.host}/open/a:1', 'outcome': 'public',
             'status': 200, 'digest': DIGEST, 'digestIsProved': False,
             'mediaType': INDEX, 'rateRemaining': 7})
        self.assertEqual((denied['outcome'], denied['status']), ('denied', 401))
        self.assertEqual(run.err, '')

    def test_resolve(self):
        """A digest that was computed, and the platforms."""
        run = self.probe('-o', 'json', '--resolve', 'HOST/open/a:1')
        answer = json.loads(run.text)
        self.assertIs(answer['digestIsProved'], True)
        self.assertEqual(answer['digest'], DIGEST)
        self.assertEqual(answer['platforms'], [
            {'os': 'linux', 'architecture': 'arm64', 'digest': 'sha256:1'}])
        run = self.probe('--resolve', 'HOST/open/a:1')
        self.assertEqual(run.text.split(),
                         [f'{self.host}/open/a:1', 'public', DIGEST])

    def test_known_images(self):
        """The rules file says what is private, and rewrite reads it."""
        image = f'{self.host}/closed/b'
        self.write('pod.yaml', pod(f'{self.host}/open/a:1', image))
        run = self.probe('-o', 'known-images', 'pod.yaml')
        self.write('known.yaml', run.text)
        done = self.tool('rewrite', '--diff', '--known-images', 'known.yaml',
                         '--preset', 'replicated:app=x,only=private,port=-',
                         'pod.yaml')
        self.assertIn(f'+    image: proxy.replicated.com/proxy/x/'
                      f'{image.replace(":", "-")}\n', done.text)
        self.assertEqual(done.text.count('\n+  '), 1)

    def test_pipe(self):
        """JSON lines go into rewrite without an edit in between."""
        self.write('pod.yaml', pod(f'{self.host}/closed/b'))
        run = self.probe('-o', 'json', 'pod.yaml')
        done = self.tool('rewrite', '--check', '--known-images', '-',
                         '--preset', 'replicated:app=x,only=private,port=-',
                         'pod.yaml', stdin=run.out, status=1)
        self.assertIn('1 image in 1 of 1 file would be rewritten', done.last)

    def test_logins(self):
        """What is denied is asked for with the login of a file; without
        --auth nothing is read."""
        auth = self.write('auth.yaml', f'endpoint: {self.host}\n'
                          'username: alice\npassword: s3cr:t\n', mode=0o600)
        args = 'HOST/closed/b', 'HOST/open/a', 'HOST/closed/c'
        run = self.probe('--auth-file', auth, *args)
        self.assertEqual(self.outcomes(run), {
            'HOST/closed/b': 'pullable', 'HOST/open/a': 'public',
            'HOST/closed/c': 'pullable'})
        self.assertEqual(self.server.logins, [None, None])
        for how, want in (([], 'denied'), (['--auth'], 'pullable')):
            run = self.probe(*how, *args, env={'REGISTRY_AUTH_FILE': auth})
            self.assertEqual(self.outcomes(run)['HOST/closed/b'], want)
        self.assertNotIn('s3cr', run.err + run.text)

    def test_wrong_login(self):
        """The image stays private, whatever the login is worth."""
        self.write('.docker/config.json', json.dumps({
            'auths': {self.host: {'auth': 'YWxpY2U6d3Jvbmc='}}}), mode=0o600)
        home = {'HOME': self.folder, 'XDG_RUNTIME_DIR': self.folder,
                'DOCKER_CONFIG': '', 'XDG_CONFIG_HOME': '',
                'REGISTRY_AUTH_FILE': ''}
        run = self.probe('--auth', '-o', 'json', 'HOST/closed/b', env=home)
        answer = json.loads(run.text)
        self.assertEqual((answer['outcome'], answer['anonymous']),
                         ('bad-credentials', 'denied'))
        self.assertTrue(answer['login'].endswith('.docker/config.json'))
        run = self.probe('--auth', '-o', 'known-images', 'HOST/closed/b',
                         env=home)
        self.assertIn('isPrivate: true', run.text)
        self.assertEqual(self.server.logins,
                         [None, 'Basic YWxpY2U6d3Jvbmc='] * 2)

    def test_unknown(self):
        """What nothing is known of is an error, unless it is said what it
        is."""
        args = ('-o', 'known-images', 'HOST/open/a', 'HOST/broken/b')
        run = self.probe(*args, status=2)
        self.assertNotIn('broken', run.text)
        self.assertIn(f'error: {self.host}/broken/b: ', run.err)
        self.assertIn('--unknown private or public', run.last)
        for word, private in ('private', 'true'), ('public', 'false'):
            run = self.probe('--unknown', word, *args)
            self.assertIn(f'broken/b"\n  isPrivate: {private}\n', run.text)
        self.assertEqual(self.outcomes(self.probe('HOST/broken/b', status=2)),
                         {'HOST/broken/b': 'protocol-error'})

    def test_absent_is_not_listed(self):
        """There is no saying whether an absent image is private."""
        run = self.probe('-o', 'known-images', 'HOST/gone/b')
        self.assertTrue(run.text.endswith('knownImages:\n'))
        self.assertEqual([message.kind for message in run.messages],
                         ['warning'])

    def test_list(self):
        """References from a file or standard input, one a line."""
        text = f'# images\n\n  {self.host}/open/a \r\n{self.host}/closed/b'
        want = {'HOST/open/a': 'public', 'HOST/closed/b': 'denied'}
        self.write('list', text)
        self.assertEqual(self.outcomes(self.probe('-f', 'list')), want)
        self.assertEqual(self.outcomes(
            self.probe('-f', '-', stdin=text.encode())), want)
        run = self.probe('--list', '-', stdin=b'a\nB/C\n' + text.encode(),
                         status=2, *('--connect-to', f'::{self.host}'))
        self.assertEqual([(message.path, message.line) for message in
                          run.of('error')[:1]], [('-', '2')])

    def test_manifests(self):
        """Images of files, of the classes that are asked for."""
        self.write('deploy/pod.yaml', pod(f'{self.host}/open/a', '"x:${TAG}"'))
        self.write('deploy/values.yaml',
                   f'image: {self.host}/closed/b\nother: 1\n')
        run = self.probe('deploy', status=2)
        self.assertEqual(self.outcomes(run), {'HOST/open/a': 'public'})
        self.assertIn('1 image is filled in later', run.err)
        self.assertIn('nothing is known of 1 image', run.err)
        run = self.probe('--unknown', 'private', 'deploy')
        self.assertIn('--find', run.err)
        run = self.probe('--find', 'all', '--unknown', 'public', 'deploy',
                         'HOST/gone')
        self.assertEqual(self.outcomes(run), {
            'HOST/open/a': 'public', 'HOST/closed/b': 'denied',
            'HOST/gone': 'absent'})
        run = self.probe('-', stdin=pod(f'{self.host}/open/a').encode())
        self.assertEqual(self.outcomes(run), {'HOST/open/a': 'public'})

    def test_image_of_many_manifests(self):
        """It is a line, however many places have it."""
        for name in 'abc':
            self.write(f'deploy/{name}.yaml', pod(
                f'{self.host}/open/a', f'{self.host}/open/{name}',
                f'{self.host}/open/a:1', f'{self.host}/open/a'))
        run = self.probe('-o', 'json', 'deploy')
        self.assertEqual(
            [json.loads(line)['ref'].partition('/open/')[2]
             for line in run.out.splitlines()],
            ['a', 'a:1', 'b', 'c'])
        self.assertIn('4 images asked for', run.err)

    def test_nothing_to_ask_for(self):
        """Places without a reference, and images that are filled in later."""
        for value, words, status in (
                ('${IMAGE}', '1 image is filled in later', 2),
                ('"{{ .image }}"', '1 image is filled in later', 2),
                ('""', '1 place holds no reference', 0),
                ('a//b', '1 place holds no reference', 0)):
            with self.subTest(value=value):
                self.write('a.yaml', pod(value))
                run = self.probe('a.yaml', status=status)
                self.assertEqual(run.text, '')
                self.assertIn(words, run.err)
        self.write('a.yaml', pod('nginx:${TAG}'))
        run = self.probe('-q', '-o', 'lock', '--unknown', 'public', 'a.yaml',
                         status=2)
        self.assertIn('1 image is not in the lock', run.err)

    def test_broken_manifest(self):
        """The images of other files are still asked for."""
        self.write('a.yaml', 'kind: Pod\nspec: [\n')
        self.write('b.yaml', pod(f'{self.host}/open/a'))
        run = self.probe('a.yaml', 'b.yaml', status=2)
        self.assertEqual(self.outcomes(run), {'HOST/open/a': 'public'})
        self.assertEqual(run.of('error')[0].path, 'a.yaml')

    def test_times(self):
        """A request ends in time, and so does the run."""
        for option in '--timeout', '--deadline':
            run = self.probe(option, '0.3', 'HOST/slow/a', status=2)
            self.assertEqual(self.outcomes(run), {'HOST/slow/a': 'timeout'})

    def test_signal(self):
        """A signal ends the run at once, as it would have ended it."""
        with subprocess.Popen([TOOL, 'probe', f'{self.host}/slow/a'],
                              stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as child:
            self.assertTrue(self.server.slow.wait(30))
            child.send_signal(signal.SIGTERM)
            out, _ = child.communicate(timeout=30)
        self.assertEqual((child.returncode, out), (-signal.SIGTERM, b''))

    def test_bar(self):
        """A bar counts the images, when there is to be one."""
        run = self.probe('--progress', 'always', 'HOST/open/a')
        self.assertIn('of 1 images asked for', run.err)
        run = self.probe('--progress', 'never', 'HOST/open/a')
        self.assertNotIn('\r', run.err)


class UsageTest(ToolTest):
    """Without any registry."""

    def check_refused(self, *args, words):
        """A message says what is wrong."""
        run = self.tool('probe', *args, status=2)
        self.assertEqual(run.text, '')
        for word in words:
            self.assertIn(word, run.err)

    def test_refused(self):
        """Wrong options and arguments."""
        rows = [
            ([], ['REFERENCE']),
            (['--timeot', '3', 'a'], ['did you mean --timeout']),
            (['--timeout'], ['needs an argument']),
            (['--timeout', '0', 'a'], ['seconds']),
            (['--timeout', '1s', 'a'], ['seconds']),
            (['--deadline', '-1', 'a'], ['seconds']),
            (['--in-flight', '0', 'a'], ['from 1 to 256']),
            (['-o', 'jsn', 'a'], ['table, json, known-images, lock, '
                                  'digest-lock, registry-auth, mapping, '
                                  'skopeo-copy, crane-copy or regsync',
                                  'did you mean json']),
            (['-o', 'registry-auth', 'a'], ['--auth-file']),
            (['--unknown', 'x', 'a'], ['error, private, public, missing or '
                                     'there']),
            (['--find', 'x', 'a'], ['expected pod']),
            (['-o', 'lok', 'a'], ['did you mean lock?']),
            (['--insecure-registry', 'http://x', 'a'], ['HOST:PORT']),
            (['--connect-to', 'x', 'a'], ['CONNECT_HOST']),
            (['--ecr-endpoint', 'http://ecr.io', 'a'], ['https URL']),
            (['--ecr-endpoint', 'x', 'a'], ['no endpoint of ECR']),
            (['--ca-file', '/dev/null', 'a'], ['PEM']),
            (['--ca-file', '/nosuch', 'a'], ['No such file']),
            (['A/B'], ['A/B: error']),
            (['nosuch.yaml'], ['nosuch.yaml: error']),
            (['./nosuch'], ['./nosuch: error']),
            (['-f', '/nosuch'], ['/nosuch cannot be read']),
            (['--auth-file', '/nosuch', 'a'], ['/nosuch: error']),
            (['--auth-file', '-', '-'], ['once only']),
            (['-f', '-', '-'], ['once only']),
        ]
        for args, words in rows:
            with self.subTest(args=args):
                self.check_refused(*args, words=words)

    def test_help(self):
        """Both ways to ask for help give the same."""
        help_text = self.tool('help', 'probe').text
        self.assertIn('--connect-to', help_text)
        self.assertEqual(self.tool('probe', '--help').text, help_text)
        self.assertEqual(self.tool('probe', '--version').text,
                         self.tool('--version').text)

    def test_not_installed(self):
        """Without the program the message says what is missing."""
        run = self.tool('probe', 'a', env={'IMGREWRITE_LIBEXEC': '/nosuch'},
                        status=2)
        self.assertIn('/nosuch/imgrewrite-probe', run.last)
        self.assertIn('not installed', run.last)
        self.write('imgrewrite-probe', 'x', mode=0o644)
        run = self.tool('probe', 'a',
                        env={'IMGREWRITE_LIBEXEC': self.folder}, status=2)
        self.assertIn('cannot be started', run.last)

    def test_certificates_of_the_environment(self):
        """SSL_CERT_FILE counts, as it does for programs in Go."""
        run = self.tool('probe', 'a', env={'SSL_CERT_FILE': '/nosuch'},
                        status=2)
        self.assertIn('/nosuch', run.last)

    def test_unreachable(self):
        """That nobody listens is known soon."""
        run = self.tool('probe', '127.0.0.1:1/a', '127.0.0.1:1/b', status=2)
        self.assertEqual([line.split()[1] for line in run.text.splitlines()],
                         ['unreachable', 'unreachable'])


if __name__ == '__main__':
    for name in list(os.environ):
        if name.lower().endswith('_proxy'):
            del os.environ[name]
    main()
