"""The case that imgrewrite was made for, with the real names of registries.

    with_servers.py --servers ecr,world python3 test_founding_case.py

An application has an image that everybody can pull, and one in a private ECR.
The registries say which is which; an overlay has the private one pulled through
a proxy, and leaves the other as it is; and the credentials that each of the two
ways needs are proved to pull.
"""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from servers import docker, ecr, tokens, world

HERE = pathlib.Path(__file__).resolve().parent
SAMPLE = HERE.parents[1] / 'fixtures/quickstart'
PROXY_FILE = HERE.parents[1] / 'fixtures/overlay/proxy.yaml'
KUSTOMIZE = shutil.which('kustomize', path=os.path.join(
    os.environ.get('IMGREWRITE_PEERS', ''), 'bin'))

NGINX = 'nginx:1.25'
ECR_NAME = f'{world.SAMPLE_ECR}/demo-apps/nginx'
QUAY = 'quay.io/minio/mc:RELEASE.2024-11-17T19-35-25Z'
PROXIED = f'{world.PROXY}/proxy/my-app/{ECR_NAME}'
OPTIONS = '--preset=replicated:app=my-app,only=private', '--known-images=known'

# What no output may hold.
HIDDEN = ecr.SECRET, ecr.password(ecr.REGION), tokens.PASSWORD


def founding(endpoint, user, password):
    """Credentials as the vendor of an application hands them out."""
    return f'endpoint: {endpoint}\nusername: {user}\npassword: {password}\n'


ACCESS_KEY = founding(world.SAMPLE_ECR, ecr.KEY, ecr.SECRET)
LICENSE = founding(world.PROXY, 'LICENSE_ID', docker.LICENSE)


class FoundingCaseTest(unittest.TestCase):
    """Runs of the tool in a folder of their own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        shutil.copytree(SAMPLE, self.folder / 'app')
        known = self.run_tool('probe', '-o', 'known-images', 'app')
        self.write('known', known)

    def write(self, name, text):
        """Writes a file that nobody else can read."""
        path = self.folder / name
        path.touch(0o600)
        path.write_text(text)
        return name

    def run_tool(self, *arguments, text='', status=0):
        """What a run prints."""
        run = subprocess.run(
            [HERE / 'imgrewrite', *arguments], cwd=self.folder, input=text,
            env={**os.environ, 'HOME': '/nonexistent'}, timeout=60,
            check=False, capture_output=True, text=True)
        self.assertEqual(run.returncode, status, run.stderr)
        for secret in HIDDEN:
            self.assertNotIn(secret, run.stdout + run.stderr)
        return run.stdout

    def outcomes(self, *arguments):
        """What is said of each image."""
        lines = self.run_tool('probe', '-o', 'json', *arguments).splitlines()
        answers = [json.loads(line) for line in lines]
        found = {answer['ref']: answer['outcome'] for answer in answers}
        self.assertEqual(len(found), len(lines))
        return found

    def overlay(self):
        """Makes the overlay; no option says which registry is private."""
        self.run_tool('overlay', *OPTIONS, '--app', 'my-app',
                      '--registry-auth', PROXY_FILE, '--password-stdin',
                      '--out-dir', 'deploy', 'app', text=docker.LICENSE + '\n')
        return self.folder / 'deploy/overlays'

    def test_outcomes(self):
        """Which images everybody can pull, as their registries say it."""
        self.assertEqual(self.outcomes('app'), {
            NGINX: 'public', QUAY: 'public', f'{ECR_NAME}:1.25': 'denied'})

    def test_overlay(self):
        """The private image gets another name, and no other one does."""
        midstream = self.overlay() / 'midstream/kustomization.yaml'
        lines = [line.strip() for line in midstream.read_text().splitlines()]
        at = lines.index('images:') + 1
        end = lines.index('# end imgrewrite images')
        self.assertEqual(lines[at:end], [f'- name: "{ECR_NAME}"',
                                         f'newName: {PROXIED}'])
        base = self.folder / 'deploy/base'
        for path in SAMPLE.glob('*.yaml'):
            self.assertEqual((base / path.name).read_bytes(),
                             path.read_bytes())

    @unittest.skipUnless(KUSTOMIZE, 'kustomize is not in IMGREWRITE_PEERS')
    def test_kustomize(self):
        """What kustomize builds of the overlay can be pulled, with the licence
        that the pull secret has."""
        built = subprocess.run(
            [KUSTOMIZE, 'build', self.overlay() / 'downstreams/this-cluster'],
            check=True, stdout=subprocess.PIPE, text=True).stdout
        self.write('built.yaml', built)
        self.assertEqual(
            self.outcomes('--auth-file', self.write('auth', LICENSE),
                          'built.yaml'),
            {NGINX: 'public', QUAY: 'public', f'{PROXIED}:1.25': 'pullable'})

    def test_rewrite(self):
        """The same with new manifests."""
        self.run_tool('rewrite', *OPTIONS, '-O', 'new', 'app')
        self.assertEqual(
            self.outcomes('new'),
            {NGINX: 'public', QUAY: 'public', f'{PROXIED}:1.25': 'denied'})
        self.assertEqual(
            self.outcomes('--auth-file', self.write('auth', LICENSE), 'new'),
            {NGINX: 'public', QUAY: 'public', f'{PROXIED}:1.25': 'pullable'})

    def test_access_key(self):
        """That of the ECR pulls, by the password that it is good for."""
        for text, outcome in (
                (ACCESS_KEY, 'pullable'),
                (ACCESS_KEY.replace('AKID', 'AKIX'), 'bad-credentials'),
                (LICENSE, 'denied')):
            with self.subTest(outcome=outcome):
                self.assertEqual(
                    self.outcomes('--auth-file', self.write('auth', text),
                                  'app'),
                    {NGINX: 'public', QUAY: 'public',
                     f'{ECR_NAME}:1.25': outcome})


if __name__ == '__main__':
    unittest.main()
