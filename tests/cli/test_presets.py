"""--preset, and the command that tells of presets.

What images become is that of the table of presets in the manual.
"""

import re

from support import ToolTest, main, pod

HUB_IMAGE, QUAY_IMAGE, K8S_IMAGE = (
    'nginx:1.25', 'quay.io/prometheus/prometheus:v2.50',
    'registry.k8s.io/pause:3.9')

# preset, and what becomes of the three; None: it is left alone
TABLE = (
    ('replicated:app=my-app',
     'proxy.replicated.com/proxy/my-app/nginx:1.25',
     'proxy.replicated.com/proxy/my-app/quay.io/prometheus/prometheus:v2.50',
     'proxy.replicated.com/proxy/my-app/registry.k8s.io/pause:3.9'),
    ('kots:host=h.example.com,namespace=ns', 'h.example.com/ns/nginx:1.25',
     'h.example.com/ns/prometheus:v2.50', 'h.example.com/ns/pause:3.9'),
    ('ecr:account=123456789012,region=us-east-2',
     '123456789012.dkr.ecr.us-east-2.amazonaws.com/docker-hub/library/'
     'nginx:1.25',
     '123456789012.dkr.ecr.us-east-2.amazonaws.com/quay/prometheus/'
     'prometheus:v2.50',
     '123456789012.dkr.ecr.us-east-2.amazonaws.com/kubernetes/pause:3.9'),
    ('harbor:host=h.example.com,project=hub',
     'h.example.com/hub/library/nginx:1.25', None, None),
    ('harbor:host=h.example.com,project=q,upstream=quay.io', None,
     'h.example.com/q/prometheus/prometheus:v2.50', None),
    ('artifactory:host=h.example.com,key=k',
     'h.example.com/k/library/nginx:1.25', None, None),
    ('artifactory:host=h.example.com,key=k,style=subdomain',
     'k.h.example.com/library/nginx:1.25', None, None),
    ('artifactory:host=h,key=k,style=joined',
     'h-k.jfrog.io/library/nginx:1.25', None, None),
    ('nexus:host=h.example.com:8082',
     'h.example.com:8082/library/nginx:1.25', None, None),
    ('gar:location=europe-west1,project=p,repository=r',
     'europe-west1-docker.pkg.dev/p/r/library/nginx:1.25', None, None),
    ('gitlab:host=h.example.com,group=g',
     'h.example.com/g/dependency_proxy/containers/nginx:1.25', None, None),
    ('acr:registry=r', 'r.azurecr.io/library/nginx:1.25', None, None),
    ('quay:host=h.example.com,organization=o',
     'h.example.com/o/library/nginx:1.25', None, None),
    ('quay:host=h.example.com,organization=o,upstream=quay.io/prometheus',
     None, 'h.example.com/o/prometheus:v2.50', None),
    ('zarf:host=127.0.0.1:31999',
     '127.0.0.1:31999/library/nginx:1.25-zarf-3793515731',
     '127.0.0.1:31999/prometheus/prometheus:v2.50-zarf-1047855950',
     '127.0.0.1:31999/pause:3.9-zarf-3787916693'),
    ('rancher:host=h.example.com', 'h.example.com/rancher/nginx:1.25', None,
     None),
    ('byo:host=h.example.com', 'h.example.com/nginx:1.25',
     'h.example.com/prometheus/prometheus:v2.50', 'h.example.com/pause:3.9'),
    ('full-host:base=h.example.com/m',
     'h.example.com/m/docker.io/library/nginx:1.25',
     'h.example.com/m/quay.io/prometheus/prometheus:v2.50',
     'h.example.com/m/registry.k8s.io/pause:3.9'),
    ('gcr-mirror', 'mirror.gcr.io/library/nginx:1.25', None, None),
    ('ecr-public', 'public.ecr.aws/docker/library/nginx:1.25', None, None),
)

WRONG = (
    ('nope', 'no preset "nope"', 'harbor'),
    ('', 'no preset ""', 'harbor'),
    ('harbor', 'preset harbor', '"host" is missing'),
    ('harbor:host=h.example.com', 'preset harbor', '"project" is missing'),
    ('harbor:host=,project=p', 'preset harbor', '"host" is empty'),
    ('harbor:nope=1', '"nope"', 'host, project, upstream, only'),
    ('harbor:host', 'NAME:KEY=VALUE', ''),
    ('harbor:host=https://h.example.com,project=p', 'no scheme', 'host'),
    ('harbor:host=a.example.com,host=b.example.com', 'twice', 'host'),
    ('artifactory:host=h,key=k,style=x', 'style=x', 'subdomain'),
    ('rancher:host=h.example.com,only=public', 'only=public', 'private'),
)


class PresetOptionTest(ToolTest):
    """--preset NAME:KEY=VALUE,..."""

    def test_table(self):
        """Every preset of the manual, and a second time in vain."""
        images = (HUB_IMAGE, QUAY_IMAGE, K8S_IMAGE)
        for preset, *results in TABLE:
            want = [result or image
                    for image, result in zip(images, results)]
            for given in (images, want):
                run = self.tool('resolve', '--preset', preset, *given)
                self.assertEqual(run.text.splitlines(), want, preset)

    def test_all_are_in_the_table(self):
        """So is every preset that there is."""
        names = re.findall(r'^([a-z][a-z-]+) ',
                           self.tool('presets').text, re.MULTILINE)
        self.assertEqual({preset.split(':')[0] for preset, *_ in TABLE},
                         set(names))

    def test_from_a_file(self):
        """The same keys in a rules file give the same."""
        images = (HUB_IMAGE, QUAY_IMAGE, K8S_IMAGE)
        for preset, *_ in TABLE:
            name, _, keys = preset.partition(':')
            pairs = [pair.split('=', 1) for pair in keys.split(',') if pair]
            text = ''.join(f'  {key}: "{value}"\n' for key, value in pairs)
            self.write('rules.yaml', 'apiVersion: imgrewrite/v1\n'
                       f'kind: RewriteRules\npreset:\n  name: {name}\n{text}')
            self.assertEqual(
                self.tool('resolve', '--rules=rules.yaml', *images).text,
                self.tool('resolve', '--preset', preset, *images).text)

    def test_wrong(self):
        """What is wrong is named, and what there is."""
        for preset, *words in WRONG:
            run = self.tool('resolve', '--preset', preset, 'nginx', status=2)
            self.assertEqual(run.out, b'')
            self.assertEqual(len(run.lines), 1)
            for word in words:
                self.assertIn(word, run.last, preset)

    def test_several(self):
        """Side by side, the first that is for an image."""
        presets = ['--preset=harbor:host=h.example.com,project=hub',
                   '--preset=harbor:host=h.example.com,project=q,'
                   'upstream=quay.io']
        self.write('pod.yaml', pod(HUB_IMAGE, QUAY_IMAGE, K8S_IMAGE))
        run = self.tool('rewrite', *presets, 'pod.yaml')
        self.assertEqual(run.text, pod(
            'h.example.com/hub/library/nginx:1.25',
            'h.example.com/q/prometheus/prometheus:v2.50', K8S_IMAGE))

    def test_in_the_shade(self):
        """One that never speaks is refused."""
        run = self.tool('resolve', '--preset=full-host:base=h.example.com',
                        '--preset=gcr-mirror', 'nginx', status=2)
        self.assertIn('"preset gcr-mirror" does nothing', run.last)

    def test_prefix_first(self):
        """A prefix goes before a preset."""
        run = self.tool('resolve', '--preset=gcr-mirror',
                        '--prefix=docker.io/acme=r.example.com', 'acme/a', 'b')
        self.assertEqual(run.text.splitlines(),
                         ['r.example.com/a', 'mirror.gcr.io/library/b'])


class PresetsTest(ToolTest):
    """imgrewrite presets."""

    def test_list(self):
        """A line with the purpose and a line with the keys, in order."""
        run = self.tool('presets')
        names = re.findall(r'^([a-z][a-z-]+) +\S', run.text, re.MULTILINE)
        self.assertEqual(names, sorted(names))
        self.assertEqual(len(names), 16)
        self.assertEqual(run.text.count('keys:'), len(names))
        self.assertRegex(run.text, r'harbor .*\n +keys: host project '
                                   r'\[upstream\] \[only\]\n')
        self.assertEqual(run.err, '')

    def test_one(self):
        """Its keys, and what its example makes of images."""
        run = self.tool('presets', 'harbor')
        for line in (r'^harbor: Harbor', r'^  host +\S.*\(has to be given\)$',
                     r'^  upstream .*\(docker\.io\)$',
                     r'^With --preset harbor:host=',
                     r'^  nginx:1\.25\n      \S+/library/nginx:1\.25$',
                     r'^  quay\.io/\S+\n      is left alone$'):
            self.assertRegex(run.text, re.compile(line, re.MULTILINE))

    def test_examples_are_true(self):
        """The page's example, given to resolve, gives the page's results."""
        for preset, *_ in TABLE:
            page = self.tool('presets', preset.split(':')[0]).text
            example = re.search(r'With --preset (\S+)\n', page).group(1)
            pairs = re.findall(r'^  (\S+)\n      (\S+)(?: left alone)?$',
                               page, re.MULTILINE)
            self.assertEqual(len(pairs), 5)
            run = self.tool('resolve', '--preset', example,
                            *[image for image, _ in pairs])
            self.assertEqual(run.text.splitlines(),
                             [image if result == 'is' else result
                              for image, result in pairs], example)

    def test_unknown(self):
        """One that there is not."""
        run = self.tool('presets', 'nope', status=2)
        self.assertEqual(run.out, b'')
        self.assertIn('no preset nope', run.last)
        self.assertIn('imgrewrite presets', run.last)

    def test_too_many(self):
        """One name at most."""
        run = self.tool('presets', 'harbor', 'quay', status=2)
        self.assertEqual((run.out, len(run.lines)), (b'', 1))


if __name__ == '__main__':
    main()
