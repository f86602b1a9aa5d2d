"""overlay: a tree of kustomizations around manifests that stay as they are.

What kustomize makes of such trees is tests/corpus/test_overlay.py's matter.
"""

import base64
import os
import stat

from support import DIGEST, ToolTest, contents, main, pod

MIDSTREAM = 'tree/overlays/midstream/kustomization.yaml'
DOWNSTREAM = 'tree/overlays/downstreams/this-cluster/kustomization.yaml'
PROXY = 'proxy.replicated.com/proxy/my-app/'
KUSTOMIZATION = ('apiVersion: kustomize.config.k8s.io/v1beta1\n'
                 'kind: Kustomization\n')
PRESET = '--preset=replicated:app=my-app'


class OverlayTest(ToolTest):
    """The tool run as `overlay`."""

    def overlay(self, *args, rules=(PRESET,), **kwargs):
        """A run into `tree`."""
        return self.tool('overlay', *rules, '--app=my-app', '-O', 'tree',
                             *args, **kwargs)

    def midstream(self):
        """The lines of the midstream's kustomization that say something."""
        return [line for line in self.read(MIDSTREAM).decode().splitlines()
                if not line.startswith('# ')]

    def test_tree(self):
        """The manifests as they are, listed in order, and what changes."""
        self.write('in/web.yaml', pod('nginx:1.25', 'quay.io/acme/api'))
        self.write('in/sub/none.yml', 'apiVersion: v1\nkind: Service\n'
                                      'metadata: {name: s}\n')
        self.overlay('in')
        self.assertEqual(sorted(contents(self.path('tree'))), [
            'base/kustomization.yaml', 'base/sub/none.yml', 'base/web.yaml',
            'overlays/downstreams/this-cluster/kustomization.yaml',
            'overlays/midstream/kustomization.yaml'])
        for name in ('web.yaml', 'sub/none.yml'):
            self.assertEqual(self.read('tree/base', name),
                             self.read('in', name))
        self.assertIn(b'resources:\n- sub/none.yml\n- web.yaml\n',
                      self.read('tree/base/kustomization.yaml'))
        self.assertEqual(self.midstream(), [
            'apiVersion: kustomize.config.k8s.io/v1beta1',
            'kind: Kustomization', 'resources:', '- ../../base', 'images:',
            '- name: nginx', f'  newName: {PROXY}nginx',
            '- name: quay.io/acme/api', f'  newName: {PROXY}quay.io/acme/api',
            'patches:'])

    def test_spellings(self):
        """One entry for each spelling that is there, and no other."""
        self.write('in/a.yaml', pod('nginx:1', 'docker.io/library/nginx:2',
                                    'nginx:3@' + DIGEST))
        self.overlay('in')
        names = [line for line in self.midstream() if 'name:' in line]
        self.assertEqual(names, ['- name: nginx',
                                 '- name: docker.io/library/nginx'])

    def test_tags(self):
        """Where one entry does not do for a name, tags are in the names."""
        self.write('in/a.yaml', pod('nginx:1', 'nginx:2', 'nginx'))
        self.overlay('in', rules=['--image=nginx:1=nginx:9'])
        lines = self.midstream()
        self.assertIn("- name: \"nginx:1\"", lines)
        self.assertIn('  newTag: "9"', lines)

    def test_chain(self):
        """An entry stands before one whose result it would change."""
        self.write('in/a.yaml', pod('a.io/x:1', 'b.io/x:1'))
        self.overlay('in', rules=['--prefix=a.io=b.io/y',
                                  '--image=b.io/x=b.io/y/x:2'])
        self.assertEqual(len([line for line in self.midstream()
                              if 'name:' in line]), 2)

    def test_circle(self):
        """Two images that trade places are patched."""
        self.write('rules.json', '{"a.io/x:1": "b.io/x:1", '
                                 '"b.io/x:1": "a.io/x:1"}')
        self.write('in/a.yaml', pod('a.io/x:1', 'b.io/x:1'))
        self.overlay('in', rules=['--rules=rules.json'])
        lines = self.midstream()
        self.assertFalse([line for line in lines if 'newName' in line])
        self.assertIn('      path: "/spec/containers/0/image"', lines)
        self.assertIn('      value: "b.io/x:1"', lines)

    def test_patch(self):
        """What `images:` does not reach is patched."""
        self.write('in/a.yaml', pod('nginx') +
                   '    args: ["--image=quay.io/acme/helper:1"]\n'
                   '  ephemeralContainers: [{name: e, image: "quay.io/e:1"}]\n')
        self.overlay('in')
        lines = self.midstream()
        self.assertIn('    name: web', lines)
        self.assertIn('      path: "/spec/containers/0/args/0"', lines)
        self.assertIn(f'      value: "--image={PROXY}quay.io/acme/helper:1"',
                      lines)
        self.assertIn('      path: "/spec/ephemeralContainers/0/image"', lines)

    def test_again(self):
        """Users' changes stay; ours are made anew."""
        self.write('in/a.yaml', pod('nginx:1'))
        self.overlay('in')
        text = self.read(MIDSTREAM).decode()
        for section, mine in (('resources', '- mine.yaml'),
                              ('images', '- {name: other, newTag: "1"}'),
                              ('patches', '- path: mine-too.yaml')):
            text = text.replace(f'# end imgrewrite {section}\n',
                                f'# end imgrewrite {section}\n{mine}\n')
        self.write(MIDSTREAM, text + 'namePrefix: x-  # mine\n')
        self.write(DOWNSTREAM, '# mine\n')
        self.write('in/a.yaml', pod('httpd:1'))
        self.overlay('in')
        again = self.read(MIDSTREAM).decode()
        self.assertEqual(again, (text + 'namePrefix: x-  # mine\n')
                         .replace('nginx', 'httpd'))
        self.assertEqual(self.read(DOWNSTREAM), b'# mine\n')

    def test_foreign_midstream(self):
        """A kustomization of somebody else is not touched."""
        self.write('in/a.yaml', pod('nginx:1'))
        self.write(MIDSTREAM, 'resources: [x]\n')
        before = contents(self.path('tree'))
        run = self.overlay('in', status=2)
        self.assertIn('begin imgrewrite resources', run.of('error')[0].text)
        self.assertEqual(contents(self.path('tree')), before)

    def test_unknown(self):
        """Nothing is guessed of an image that nobody told of."""
        self.write('in/a.yaml', pod('nginx:1', 'quay.io/acme/api:1'))
        rules = [PRESET + ',only=private', '--private=quay.io/acme']
        run = self.overlay('in', rules=rules, status=2)
        self.assertEqual([(message.path, message.line)
                          for message in run.of('error')], [('in/a.yaml', '8')])
        self.assertFalse(os.path.exists(self.path('tree/base')))
        for how, names in (('public', 1), ('private', 2)):
            self.overlay('in', rules=rules + ['--unknown=' + how])
            self.assertEqual(len([line for line in self.midstream()
                                  if 'newName' in line]), names)

    def test_known_images(self):
        """In the shape that KOTS has."""
        self.write('known.yaml', 'apiVersion: kots.io/v1beta1\n'
                   'kind: Installation\nspec:\n  knownImages:\n'
                   '  - image: nginx:1\n    isPrivate: false\n'
                   '  - {image: "quay.io/acme/api:1", isPrivate: true}\n')
        self.write('in/a.yaml', pod('nginx:1', 'quay.io/acme/api:1'))
        self.overlay('in', rules=[PRESET + ',only=private',
                                  '--known-images=known.yaml'])
        self.assertEqual([line for line in self.midstream()
                          if 'newName' in line],
                         [f'  newName: {PROXY}quay.io/acme/api'])

    def test_known_lines(self):
        """As who asks registries writes it, a line an image."""
        self.write('known.json',
                   '{"ref": "nginx:1", "outcome": "public"}\n'
                   '{"ref": "quay.io/acme/api:1", "outcome": "denied"}\n')
        self.write('in/a.yaml', pod('nginx:1', 'quay.io/acme/api:1'))
        self.overlay('in', rules=[PRESET + ',only=private',
                                  '--known-images=known.json'])
        self.assertEqual(len([line for line in self.midstream()
                              if 'newName' in line]), 1)

    def secret_tree(self, *args, text=None, stdin=b'', **kwargs):
        """A run with credentials."""
        self.write('auth.yaml', text or 'endpoint: proxy.replicated.com\n'
                                        'username: LICENSE_ID\n'
                                        'password: abc\n')
        return self.overlay('--registry-auth=auth.yaml', *args, 'in',
                            stdin=stdin, **kwargs)

    def test_secret(self):
        """For its owner only, in the shape that KOTS has, and referred to."""
        self.write('in/a.yaml', pod('nginx'))
        self.secret_tree('--namespace=apps')
        path = self.path('tree/overlays/midstream/secret.yaml')
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        secret = self.read(path).decode()
        self.assertIn('\n  name: my-app-registry\n  namespace: apps\n', secret)
        self.assertIn('\n  .dockerconfigjson: ' + base64.b64encode(
            b'{"auths":{"proxy.replicated.com":{"auth":'
            b'"TElDRU5TRV9JRDphYmM="}}}').decode() + '\n', secret)
        lines = self.midstream()
        self.assertIn('- secret.yaml', lines)
        self.assertIn('      path: "/spec/imagePullSecrets"', lines)
        self.assertIn('      value: [{"name": "my-app-registry"}]', lines)

    def test_password(self):
        """From standard input; never an argument."""
        self.write('in/a.yaml', pod('nginx'))
        text = 'endpoint: proxy.replicated.com\nusername: LICENSE_ID\n'
        self.secret_tree('--password-stdin', text=text, stdin=b'abc\n')
        self.assertIn(b'eyJhdXRocyI6eyJwcm94eS5yZXBsaWNhdGVkLmNvbSI6eyJhdXRoIj'
                      b'oiVEVsRFJVNVRSVjlKUkRwaFltTT0ifX19',
                      self.read('tree/overlays/midstream/secret.yaml'))
        self.secret_tree(text=text, status=2)
        self.tool('overlay', PRESET, '--app=a', '-O', 'other',
                  '--password-stdin', 'in', status=2)

    def test_credentials_from_standard_input(self):
        self.write('in/a.yaml', pod('nginx'))
        text = (b'endpoint: proxy.replicated.com\nusername: LICENSE_ID\n'
                b'password: abc\n')
        self.overlay('--registry-auth=-', 'in', stdin=text)
        self.assertIn(b'eyJhdXRocyI6eyJwcm94eS5yZXBsaWNhdGVkLmNvbSI6eyJhdXRoIj'
                      b'oiVEVsRFJVNVRSVjlKUkRwaFltTT0ifX19',
                      self.read('tree/overlays/midstream/secret.yaml'))
        for other in '--password-stdin', '-':
            run = self.overlay('--registry-auth=-', other, 'in', stdin=text,
                               status=2)
            self.assertIn('standard input, which can be read once', run.err)

    def test_access_key(self):
        """A kubelet cannot log in with it, and it is not for a cluster."""
        self.write('in/a.yaml', pod('nginx'))
        run = self.secret_tree(
            text='endpoint: 123456789012.dkr.ecr.us-east-2.amazonaws.com\n'
                 'username: AKIAIOSFODNN7EXAMPLE\npassword: not-to-be-told\n',
            status=2)
        self.assertIn('access key', run.err)
        self.assertNotIn('not-to-be-told', run.err)
        self.assertFalse(os.path.exists(self.path('tree')))

    def test_existing_secrets(self):
        """They stay; the same one is not given twice."""
        self.write('in/a.yaml', pod('nginx') + '  imagePullSecrets:\n'
                                               '  - name: mine\n')
        self.overlay('--pull-secret=theirs', 'in')
        self.assertIn('      path: "/spec/imagePullSecrets/-"',
                      self.midstream())
        self.assertNotIn('- secret.yaml', self.midstream())
        self.overlay('--pull-secret=mine', 'in')
        self.assertEqual(self.midstream()[-1], 'patches:')

    def test_pods_only(self):
        """Pods whose images stay, and kinds without a pod, get none."""
        self.write('in/a.yaml', pod('quay.io/x') + '---\n' +
                   'apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\n'
                   'metadata: {name: p}\nspec: {image: "nginx:1"}\n')
        self.overlay('--pull-secret=s', 'in',
                     rules=['--prefix=docker.io=m.example.com'])
        lines = self.midstream()
        self.assertFalse([line for line in lines if 'PullSecrets' in line])
        self.assertIn('      path: "/spec/image"', lines)

    def test_service_accounts(self):
        """In the pods' stead, where that works."""
        accounts = ('apiVersion: v1\nkind: ServiceAccount\n'
                    'metadata: {name: robot}\n')
        self.write('in/a.yaml', accounts + '---\n' +
                   pod('nginx', name='a') + '  serviceAccountName: robot\n'
                   '---\n' + pod('nginx', name='b') + '---\n' +
                   pod('nginx', name='c') + '  imagePullSecrets: [{name: x}]\n')
        self.secret_tree('--service-account')
        lines = self.midstream()
        self.assertEqual([line for line in lines if '    name: ' in line],
                         ['    name: robot', '    name: c'])
        self.assertIn('- service-accounts.yaml', lines)
        self.assertIn(b'kind: ServiceAccount\nmetadata:\n  name: default\n',
                      self.read('tree/overlays/midstream/'
                                'service-accounts.yaml'))
        self.write('in/a.yaml', accounts.replace('v1', 'foo.io/v1').replace(
            'robot', 'other') + '---\n' + pod('nginx') +
                   '  serviceAccountName: other\n')
        run = self.secret_tree('--service-account', status=2)
        self.assertIn('"other"', run.of('error')[0].text)

    def test_default_namespace(self):
        """Which goes without saying, also for service accounts."""
        robot = ('apiVersion: v1\nkind: ServiceAccount\n'
                 'metadata: {name: robot, namespace: default}\n---\n')
        self.write('in/a.yaml', robot + pod('nginx', name='a') + '---\n' +
                   pod('nginx', name='b').replace(
                       'name: b', 'name: b\n  namespace: default', 1) +
                   '---\n' + pod('nginx', name='c') +
                   '  serviceAccountName: robot\n')
        self.secret_tree('--service-account')
        self.assertEqual(self.read('tree/overlays/midstream/'
                                   'service-accounts.yaml')
                         .count(b'kind: ServiceAccount'), 1)
        self.assertIn('    name: robot', self.midstream())

    def test_old_service_account(self):
        """The key that serviceAccountName has replaced still counts."""
        self.write('in/a.yaml', 'apiVersion: v1\nkind: ServiceAccount\n'
                                'metadata: {name: robot}\n---\n' +
                   pod('nginx') + '  serviceAccount: robot\n')
        self.secret_tree('--service-account')
        self.assertIn('    name: robot', self.midstream())
        self.assertNotIn('- service-accounts.yaml', self.midstream())

    def test_modes(self):
        """Nothing is made readable that was not."""
        self.write('in/a.yaml', pod('nginx'))
        os.chmod(self.path('in/a.yaml'), 0o600)
        self.overlay('in')
        os.chmod(self.path(MIDSTREAM), 0o640)
        self.overlay('in')
        for name, mode in (('tree/base/a.yaml', 0o600), (MIDSTREAM, 0o640),
                           (DOWNSTREAM, 0o644)):
            self.assertEqual(stat.S_IMODE(os.stat(self.path(name)).st_mode),
                             mode, name)

    def test_left_secret(self):
        """Credentials of an earlier run that the tree does not use."""
        self.write('in/a.yaml', pod('nginx'))
        self.secret_tree()
        self.assertEqual(self.overlay('in').of('warning')[0].path,
                         'tree/overlays/midstream/secret.yaml')

    def test_in_the_way(self):
        """What cannot be written, and that nothing else is."""
        self.write('in/a.yaml', pod('nginx'))
        self.write('tree/base/a.yaml/x', '')
        run = self.overlay('in', status=2)
        self.assertIn('base/a.yaml', run.of('error')[0].path)
        self.assertEqual(contents(self.path('tree')), {'base/a.yaml/x': b''})

    def test_midstream_unreadable(self):
        """A folder of that name, and a text with a NUL."""
        self.write('in/a.yaml', pod('nginx'))
        os.makedirs(self.path(MIDSTREAM))
        run = self.overlay('in', status=2)
        self.assertIn('cannot be read', run.of('error')[0].text)
        os.rmdir(self.path(MIDSTREAM))
        self.overlay('in')
        self.write(MIDSTREAM, self.read(MIDSTREAM) + b'\0')
        run = self.overlay('in', status=2)
        self.assertIn('NUL', run.of('error')[0].text)

    def test_refused(self):
        """What kustomize cannot have, and what the words are."""
        cases = {
            'generateName': (pod('nginx').replace('name: web',
                                                  'generateName: web-'),
                             'has no name'),
            'twice': (pod('nginx') + '---\n' + pod('httpd'), 'is there twice'),
            'no resource in a list': (
                'kind: List\napiVersion: v1\nitems:\n- ' +
                '  '.join(pod('nginx').splitlines(True)) +
                '- {kind: ConfigMap, metadata: {generateName: a-}}\n',
                'what is no resource'),
            'no resource first in a list': (
                'kind: List\napiVersion: v1\nitems:\n'
                '- {kind: ConfigMap, metadata: {generateName: a-}}\n- ' +
                '  '.join(pod('nginx').splitlines(True)),
                'what is no resource'),
            'default': (pod('nginx') + '---\n' + pod('httpd').replace(
                'name: web', 'name: web\n  namespace: default'),
                        'is there twice'),
            'kustomization': (KUSTOMIZATION + 'images:\n'
                              '- {name: web, newName: nginx}\n',
                              'is a kustomization'),
            'kustomization that has a name': (
                KUSTOMIZATION + 'metadata: {name: a}\n'
                'images: [{name: web, newName: nginx}]\n',
                'is a kustomization'),
            'values': ('image: {repository: nginx, tag: "1"}\n',
                       'is no resource'),
        }
        for name, (text, words) in cases.items():
            with self.subTest(name):
                self.write('in/a.yaml', text)
                run = self.overlay('--find=all', 'in', status=2)
                self.assertIn(words, run.of('error')[0].text)
                self.assertFalse(os.path.exists(self.path('tree')))

    def test_kustomization(self):
        """One at the root of the input would be in the way."""
        for name in ('kustomization.yaml', 'kustomization.yml',
                     'Kustomization'):
            with self.subTest(name=name):
                path = self.write(f'in/{name}', 'resources: []\n')
                run = self.overlay('in', status=2)
                os.remove(path)
                self.assertEqual(run.of('error')[0].path, name)
                self.assertIn('kustomize build', run.of('error')[0].text)

    def test_kustomization_below(self):
        """One in a folder is no resource, and an entry that gains a name is a
        change."""
        text = ('metadata: {name: a}\n'
                'resources: [https://github.com/a/b]\n')
        self.write('in/a.yaml', pod('nginx'))
        for head in ('kind: Kustomization\n', KUSTOMIZATION):
            self.write('in/sub/kustomization.yaml', head + text)
            run = self.overlay('in')
            self.assertEqual(run.of('warning')[-1].path,
                             'sub/kustomization.yaml')
            self.assertNotIn(b'sub/kustomization.yaml',
                             self.read('tree/base/kustomization.yaml'))
        self.write('in/sub/kustomization.yaml', KUSTOMIZATION + text +
                   'images: [{name: nginx, newTag: "2"}]\n')
        run = self.overlay('in', status=2)
        self.assertIn('is a kustomization', run.of('error')[0].text)

    def test_same_names(self):
        """Two files for one place in the base."""
        self.write('a/x.yaml', pod('nginx', name='a'))
        self.write('b/x.yaml', pod('nginx', name='b'))
        run = self.overlay('a/x.yaml', 'b/x.yaml', status=2)
        self.assertIn('two manifests', run.of('error')[0].text)

    def test_no_resources(self):
        """Copied, told, and not listed."""
        self.write('in/values.yaml', 'a: 1\n')
        self.write('in/a.yaml', pod('nginx'))
        run = self.overlay('in')
        self.assertEqual([message.path for message in run.of('warning')],
                         ['values.yaml'])
        self.assertIn('base/values.yaml', contents(self.path('tree')))
        self.assertNotIn(b'values.yaml',
                         self.read('tree/base/kustomization.yaml'))

    def test_told(self):
        """What stays although a rule is for it, and what is not looked at."""
        text = pod('nginx:1').replace('\n', '\n    ')
        self.write('in/a.yaml', 'apiVersion: v1\nkind: ConfigMap\n'
                   'metadata: {name: m}\ndata:\n  a: |\n    ' + text + '\n'
                   '  b: |\n    apiVersion: kustomize.toolkit.fluxcd.io/v1\n'
                   '    kind: Kustomization\n'
                   '    spec: {images: [{name: nginx}]}\n')
        run = self.overlay('--pull-secret=x', 'in')
        self.assertIn('2 images of classes that are off', run.err)
        self.assertNotIn('pull secret', run.err)
        run = self.overlay('--find=all', 'in')
        self.assertEqual([message.text for message in run.of('warning')],
                         ['nginx is left alone: its entry needs a newName, '
                          'which is not added to a document in a string'])
        self.assertNotIn('pull secret', run.err)
        run = self.overlay('--find=all', '--pull-secret=x', 'in')
        self.assertIn('1 image is of pods inside of texts', run.err)

    def test_inside_of_input(self):
        """The tree is no input of its own."""
        self.write('a.yaml', pod('nginx'))
        for _ in range(2):
            self.overlay('.')
        self.assertEqual(self.read('tree/base/kustomization.yaml')
                         .count(b'\n- '), 1)

    def test_usage(self):
        """What it cannot do without."""
        self.write('in/a.yaml', pod('nginx'))
        for args in ((PRESET, '--app=a', 'in'), (PRESET, '-O', 't', 'in'),
                     ('--app=a', '-O', 't', 'in'),
                     (PRESET, '--app=a', '-O', 't'),
                     (PRESET, '--app=a', '-O', 't', '--downstream=a/b', 'in'),
                     (PRESET, '--app=a', '-O', 't', '--unknown=maybe', 'in'),
                     (PRESET, '--app=a', '-O', 't', '--pull-secret=A', 'in'),
                     (PRESET, '--app=a', '-O', 't', '--namespace=a', 'in'),
                     (PRESET, '--app=a', '-O', 't', '--service-account',
                      'in')):
            with self.subTest(args):
                self.tool('overlay', *args, status=2)


if __name__ == '__main__':
    main()
