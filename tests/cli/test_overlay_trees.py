"""overlay: whole trees, byte for byte, as fixtures/overlay/trees has them."""

import os
import re
import shutil
import stat
import subprocess
import sys
import unittest

from support import ROOT, ToolTest, contents, main, snapshot

sys.path.append(os.path.join(ROOT, 'tests', 'corpus'))

from corpus import find_peer, make_writable  # noqa: E402

KUSTOMIZE = find_peer('kustomize')
TREES = os.path.join(ROOT, 'fixtures', 'overlay', 'trees')
NAMES = ['chain', 'expires', 'local', 'patches', 'quickstart',
         'service-accounts', 'tags']


# Options that `rewrite` does not have, or not in this way.
ONLY_OVERLAY = {'--app', '--registry-auth', '--namespace', '--downstream',
                '--service-account'}

LISTED = re.compile(r'^ *- name: shop-registry\n', re.M)


def split(text):
    """The documents of a text."""
    return [part for part in text.split('---\n') if part]


class TreesTest(ToolTest):
    """Each tree is made in a copy of its folder, as `made`."""

    def each(self, check):
        """Checks each tree, with the arguments of its run."""
        for name in NAMES:
            with self.subTest(name):
                self.doCleanups()
                self.setUp()
                shutil.copytree(os.path.join(TREES, name), self.folder,
                                dirs_exist_ok=True)
                make_writable(self.folder)
                check(self.read('args').decode().splitlines())

    def overlay(self, args):
        """A run."""
        self.tool('overlay', *args, '-O', 'made', 'in')

    def check_bytes(self):
        """Every file, and its mode, is the one that is expected."""
        made, tree = (contents(self.path(name)) for name in ('made', 'tree'))
        self.assertEqual(sorted(made), sorted(tree))
        for name in made:
            self.assertEqual(made[name].decode(), tree[name].decode(), name)
        for name, state in snapshot(self.path('made')).items():
            if state.kind == stat.S_IFREG:
                is_secret = os.path.basename(name) == 'secret.yaml'
                self.assertEqual(state.mode, 0o600 if is_secret else 0o644,
                                 name)

    def check_twice(self, args):
        """Running again changes nothing, but a mode that is too wide."""
        self.overlay(args)
        self.check_bytes()
        secret = self.path('made', 'overlays', 'midstream', 'secret.yaml')
        if os.path.exists(secret):
            os.chmod(secret, 0o644)
        self.overlay(args)
        self.check_bytes()

    def test_names(self):
        """No tree is forgotten."""
        self.assertEqual(sorted(os.listdir(TREES)), NAMES)

    def test_bytes(self):
        """A first run and a second one."""
        self.each(self.check_twice)

    def build(self, *names):
        """The documents that kustomize makes of a folder."""
        done = subprocess.run([KUSTOMIZE, 'build', self.path(*names)],
                              capture_output=True, text=True, timeout=60,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return split(done.stdout)

    def own_documents(self):
        """The objects that the midstream adds, written as kustomize does."""
        own = contents(self.path('tree', 'overlays', 'midstream'))
        return [text for name in ('secret.yaml', 'service-accounts.yaml')
                if name in own for text in split(own[name].decode())]

    def rewritten(self, args):
        """What rewriting by the same rules gives, and kustomize builds."""
        rules = [arg for arg in args if arg.split('=')[0] not in ONLY_OVERLAY]
        self.tool('rewrite', *rules, *self.secret(args), '-O', 'new', 'in')
        shutil.copy(self.path('tree', 'base', 'kustomization.yaml'),
                    self.path('new'))
        return self.build('new')

    @staticmethod
    def secret(args):
        """The option that gives all pods the secret of credentials."""
        app, = (arg for arg in args if arg.startswith('--app='))
        needed = (any(arg.startswith('--registry-auth=') for arg in args)
                  and '--service-account' not in args)
        return [f'--pull-secret={app[6:]}-registry'] if needed else []

    def check_built(self, args):
        """The expected tree is built to what rewriting gives, and its own."""
        downstream, = os.listdir(self.path('tree/overlays/downstreams'))
        got = self.build('tree/overlays/downstreams', downstream)
        for text in self.own_documents():
            self.assertIn(text, got)
            got.remove(text)
        if '--service-account' in args:  # of which `rewrite` knows nothing
            given = [LISTED.subn('', text) for text in got]
            self.assertEqual([count for _, count in given if count], [1, 1])
            got = [text for text, _ in given]
        self.assertEqual(got, self.rewritten(args))

    @unittest.skipUnless(KUSTOMIZE, 'kustomize is not there')
    def test_built(self):
        """What kustomize makes of the trees."""
        self.each(self.check_built)


if __name__ == '__main__':
    main()
