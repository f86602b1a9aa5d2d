"""The wrapper: what it tells its command, and that nothing outlives it."""

import http.client
import json
import os
import select
import signal
import subprocess
import sys
import unittest

from servers import docker, fleet

FOLDER = os.path.dirname(os.path.abspath(__file__))
WRAPPER = os.path.join(FOLDER, 'with_servers.py')

# Prints the environment, and the number of the wrapper's process.
SHOW = ('import json, os; '
        'print(json.dumps({**os.environ, "PARENT": os.getppid()}))')


def wrap(*arguments, **variables):
    """Runs the wrapper to its end."""
    return subprocess.run(
        [sys.executable, WRAPPER, *arguments], check=False,
        env={**os.environ, **variables}, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True)


def children_of(pid):
    """The numbers of the processes that this one started."""
    with open(f'/proc/{pid}/task/{pid}/children', encoding='ascii') as file:
        return [int(word) for word in file.read().split()]


class WrapperTest(unittest.TestCase):
    """Runs of it."""

    def shown(self, *arguments, **variables):
        """The environment of a command."""
        run = wrap(*arguments, sys.executable, '-c', SHOW, **variables)
        self.assertEqual(run.returncode, 0, run.stderr)
        return json.loads(run.stdout)

    def test_status(self):
        """It is the command's."""
        for status in (0, 3):
            run = wrap('--servers', 'hostile', 'sh', '-c', f'exit {status}')
            self.assertEqual(run.returncode, status)

    def test_signals(self):
        """A command that crashes is no success."""
        run = wrap('--servers', 'hostile', 'sh', '-c', 'kill -ABRT $$')
        self.assertEqual(run.returncode, 128 + signal.SIGABRT)

    def test_variables(self):
        """Each server that was asked for, and what it needs."""
        shown = self.shown('--servers', 'hostile,ecr')
        for name in ('HOSTILE', 'PEER', 'ECR'):
            self.assertRegex(shown[f'IRW_{name}'], r'^127\.0\.0\.1:\d+$')
        self.assertNotIn('IRW_BASIC', shown)
        self.assertNotIn('IRW_CA_FILE', shown)

    def test_proxies(self):
        """Loopback needs none."""
        shown = self.shown('--servers', 'hostile', http_proxy='http://x:1',
                           HTTPS_PROXY='http://x:1', REGISTRY_HTTP_ADDR=':1')
        for name in ('http_proxy', 'HTTPS_PROXY', 'REGISTRY_HTTP_ADDR'):
            self.assertNotIn(name, shown)

    def test_nothing_is_left(self):
        """Folder and servers end with the command."""
        shown = self.shown('--servers', 'hostile')
        host = shown['IRW_HOSTILE']
        self.assertFalse(os.path.exists(os.path.dirname(
            shown['IRW_REQUESTS'])))
        connection = http.client.HTTPConnection(host)
        self.assertRaises(ConnectionError, connection.request, 'GET', '/')

    def test_requests(self):
        """A command reads what the servers were sent."""
        run = wrap('--servers', 'hostile', sys.executable, '-c', '''if True:
            import http.client, os
            host = http.client.HTTPConnection(os.environ['IRW_HOSTILE'])
            host.request('GET', '/v2/ok/x/manifests/t')
            host.getresponse().read()
            print(open(os.environ['IRW_REQUESTS']).read())''')
        self.assertEqual(json.loads(run.stdout)['path'],
                         '/v2/ok/x/manifests/t')

    def test_skipping(self):
        """77 where something is not installed, and what that is."""
        run = wrap('--servers', 'token', 'true', PATH='/nonexistent')
        self.assertEqual(run.returncode, 77)
        self.assertEqual(run.stderr, 'skipped: openssl not installed\n')

    def test_mistakes(self):
        """Names that are none, and no command."""
        for arguments in (['--servers', 'other', 'true'],
                          ['--servers', 'hostile']):
            run = wrap(*arguments)
            self.assertEqual(run.returncode, 2)
            self.assertIn('error:', run.stderr)


@unittest.skipIf(fleet.missing(['basic']), 'docker-registry not installed')
class ProcessTest(unittest.TestCase):
    """Processes of docker-registry end with the wrapper, whatever ends that."""

    def test_ends(self):
        """A signal, also one that lets nobody do anything."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            with subprocess.Popen(
                    [sys.executable, WRAPPER, '--servers', 'basic', 'sh', '-c',
                     'echo started; read line'], stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE, text=True) as wrapper:
                self.assertEqual(wrapper.stdout.readline(), 'started\n')
                registries = [
                    pid for pid in children_of(wrapper.pid)
                    if os.readlink(f'/proc/{pid}/exe') == docker.find()]
                self.assertEqual(len(registries), 1)
                gone = os.pidfd_open(registries[0])
                wrapper.send_signal(number)
                wrapper.wait()
                # readable once the process has ended
                self.assertTrue(select.select([gone], [], [], 20)[0])
                os.close(gone)

    def test_settings_of_the_package(self):
        """Variables that would override a configuration do not arrive."""
        run = wrap('--servers', 'basic', 'sh', '-c', 'echo $IRW_BASIC',
                   REGISTRY_HTTP_ADDR='127.0.0.1:1', REGISTRY_AUTH='none')
        self.assertRegex(run.stdout, r'^127\.0\.0\.1:\d+$')


if __name__ == '__main__':
    unittest.main()
