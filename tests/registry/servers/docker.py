"""docker-registry, the one that Debian packages, on a port of ours.

The packaged service is never started: it would listen on all interfaces. Nor
does a variable REGISTRY_* of the environment reach it, which would override its
configuration.
"""

import ctypes
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import time

from . import tokens

PROGRAM = 'docker-registry'
LISTENING = re.compile(r'listening on 127\.0\.0\.1:(\d+)')
PATIENCE = 20  # seconds for it to listen

LICENSE = 'abc'  # of an application; the password of LICENSE_ID

# alice and s3cr:t, AWS and what servers/ecr.py hands out for its region, and a
# licence; docker-registry takes bcrypt only.
PASSWORDS = ('alice:$2y$05$W/ULxthe8ZAIHPLUiuhqTew1Eyi8lw/'
             'WWGTDqlq7w8BFfBMnJuvaC\n'
             'AWS:$2y$05$imgrewritetestsaltAWSuCVCW6k0qRm'
             'WRxLhvOyRqFwf0MX3QTMK\n'
             'LICENSE_ID:$2y$05$imgrewritetestsaltLIC.'
             'Q3nbs1zvh9LvOkzHYU5jkaNSm.Jb3.m\n')


def find():
    """The path of the program; None where it is not installed. A variable may
    name one that is only unpacked."""
    return os.environ.get('IRW_DOCKER_REGISTRY') or shutil.which(
        PROGRAM, path='/usr/bin:/usr/local/bin:/bin')


def basic(folder):
    """The configuration of a registry that asks for a password."""
    path = pathlib.Path(folder, 'passwords')
    path.write_text(PASSWORDS)
    return {'auth': {'htpasswd': {'realm': 'imgrewrite-basic',
                                  'path': str(path)}}}


def bearer(keys, realm, service=tokens.SERVICE):
    """The same of one that asks for a token."""
    return {'auth': {'token': {
        'realm': realm, 'service': service, 'issuer': tokens.ISSUER,
        'rootcertbundle': str(keys.bundle)}}}


def die_with_parent():
    """Has the kernel end this process when the one that started it ends, even
    when that is killed."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class DockerRegistry:
    """A process of it. `settings` are added to what all have in common;
    `authority` has signed the certificates that clients must show."""

    def __init__(self, name, folder, store, settings=None, certificate=None,
                 authority=None):
        self.name = name
        http = {'addr': '127.0.0.1:0', 'secret': 'none'}
        if certificate:
            http['tls'] = {'certificate': str(certificate[0]),
                           'key': str(certificate[1])}
        if authority:
            http['tls']['clientcas'] = [str(authority)]
        config = pathlib.Path(folder, f'{name}.yml')
        # JSON is YAML
        config.write_text(json.dumps({
            'version': 0.1,
            'log': {'level': 'info', 'formatter': 'json'},
            'storage': {'filesystem': {'rootdirectory': str(store)}},
            'http': http, **(settings or {})}))
        self.log = pathlib.Path(folder, f'{name}.log')
        with open(self.log, 'wb') as log:
            self.process = subprocess.Popen(
                [find(), 'serve', str(config)], env={'PATH': '/usr/bin:/bin'},
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                preexec_fn=die_with_parent)
        self.scheme = 'https' if certificate else 'http'
        self.host = None

    def wait(self):
        """Waits until it listens, and learns where."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            found = LISTENING.search(self.log.read_text())
            if found:
                self.host = f'127.0.0.1:{found[1]}'
                return self
            time.sleep(0.003)
        self.stop()
        raise RuntimeError(f'{self.name}: {self.log.read_text()}')

    @property
    def url(self):
        """Where it is."""
        return f'{self.scheme}://{self.host}'

    def stop(self):
        """Ends the process."""
        self.process.kill()
        self.process.wait()
