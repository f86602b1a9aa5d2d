"""Keys and certificates, made by `openssl` for one run and worth nothing.

A CA; a certificate of it for every name that tests use, and one for a wrong
name; and the keys that sign tokens, with the certificates that registries trust.
"""

import base64
import concurrent.futures
import hashlib
import pathlib
import subprocess

EC = ('-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1')
RSA = ('-newkey', 'rsa:2048')
KINDS = {'RS256': RSA, 'ES256': EC}

NAMES = (
    'DNS:localhost', 'DNS:*.test', 'IP:127.0.0.1', 'IP:::1',
    'DNS:registry-1.docker.io', 'DNS:auth.docker.io',
    'DNS:*.dkr.ecr.us-east-2.amazonaws.com',
    'DNS:api.ecr.us-east-2.amazonaws.com',
    'DNS:public.ecr.aws', 'DNS:api.ecr-public.us-east-1.amazonaws.com',
    'DNS:quay.io', 'DNS:proxy.replicated.com',
)


def openssl(*arguments, data=None):
    """What `openssl` prints."""
    return subprocess.run(['openssl', *map(str, arguments)], input=data,
                          check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout


def certify(folder, name, algorithm, subject, *options):
    """Makes a key and a certificate, NAME.key and NAME.crt: signed by itself,
    or as the options say."""
    openssl('req', '-x509', *algorithm, '-noenc', '-days', '30',
            '-keyout', folder / f'{name}.key', '-out', folder / f'{name}.crt',
            '-subj', f'/CN={subject}', *options)


class TokenKey:
    """A key that signs tokens, in one of two algorithms."""

    def __init__(self, folder, algorithm):
        self.algorithm = algorithm
        name = f'token-{algorithm.lower()}'
        self.key = folder / f'{name}.key'
        self.certificate = folder / f'{name}.crt'

    def certificate_text(self):
        """The certificate as the header x5c of a token has it."""
        return ''.join(self.certificate.read_text().split('-----')[2].split())

    def fingerprint(self):
        """The name of the key in a token's header kid, as libtrust has it: 30
        bytes of a digest in base 32, in groups of four."""
        public = openssl('x509', '-in', self.certificate, '-pubkey', '-noout')
        der = base64.b64decode(b''.join(public.split(b'-----')[2].split()))
        text = base64.b32encode(hashlib.sha256(der).digest()[:30]).decode()
        return ':'.join(text[at:at + 4] for at in range(0, 48, 4))

    def sign(self, message):
        """The signature as tokens have it."""
        made = openssl('dgst', '-sha256', '-sign', self.key, data=message)
        return made if self.algorithm == 'RS256' else join_numbers(made)


def join_numbers(der):
    """The two numbers of an ECDSA signature in DER, 32 bytes each."""
    joined, at = b'', 2
    for _ in range(2):
        size = der[at + 1]
        number = der[at + 2:at + 2 + size].lstrip(b'\0')
        joined += number.rjust(32, b'\0')
        at += 2 + size
    return joined


class Keys:
    """All of them, below a folder that is there. Tokens are signed in the
    `algorithms`; to make a key for RS256 takes longer than all the others."""

    def __init__(self, folder, algorithms=('ES256',)):
        self.folder = folder = pathlib.Path(folder)
        self.authority = folder / 'ca.crt'
        self.server = (folder / 'server.crt', folder / 'server.key')
        self.client = (folder / 'client.crt', folder / 'client.key')
        self.wrong = (folder / 'wrong.crt', folder / 'wrong.key')
        self.bundle = folder / 'tokens.pem'
        self.tokens = {name: TokenKey(folder, name)
                       for name in algorithms}
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            jobs = [pool.submit(self._make_chain), *(
                pool.submit(certify, folder, f'token-{name.lower()}',
                            KINDS[name], 'tokens') for name in algorithms)]
            for job in jobs:
                job.result()
        self.bundle.write_text(''.join(
            one.certificate.read_text() for one in self.tokens.values()))

    def _make_chain(self):
        """The CA, and what it signs."""
        certify(self.folder, 'ca', EC, 'test CA',
                '-addext', 'keyUsage=critical,keyCertSign,cRLSign')
        for name, names, use in (
                ('server', NAMES, 'serverAuth'),
                ('wrong', ['DNS:wrong.example'], 'serverAuth'),
                ('client', ['DNS:client.example'], 'clientAuth')):
            certify(self.folder, name, EC, name,
                    '-CA', self.authority, '-CAkey', self.folder / 'ca.key',
                    '-addext', f'subjectAltName={",".join(names)}',
                    '-addext', f'extendedKeyUsage={use}',
                    '-addext', 'basicConstraints=critical,CA:FALSE')
