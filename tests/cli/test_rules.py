"""Rules as the command takes them; tests/api has the grammar in full."""

from support import DIGEST, HUB, ToolTest, main, pod, snapshot


class RulesTest(ToolTest):
    """What becomes of images, by option."""

    def images(self, *args, of, status=0):
        """What the images `of` become, in order."""
        self.write('pod.yaml', pod(*of))
        run = self.tool('rewrite', *args, 'pod.yaml', status=status)
        return [line.split(b'image: ')[1].decode()
                for line in run.out.splitlines() if b'image: ' in line]

    def test_prefix(self):
        """Tag and digest are kept, official images get library/."""
        self.assertEqual(
            self.images(*HUB, of=[
                'nginx', 'acme/api:1', f'docker.io/acme/api:1@{DIGEST}',
                'index.docker.io/library/nginx', 'quay.io/acme/api',
                'localhost:5000/nginx', 'DOCKER.IO/acme/api']),
            ['r.example.com/hub/library/nginx', 'r.example.com/hub/acme/api:1',
             f'r.example.com/hub/acme/api:1@{DIGEST}',
             'r.example.com/hub/library/nginx', 'quay.io/acme/api',
             'localhost:5000/nginx', 'r.example.com/hub/acme/api'])

    def test_longest_prefix_wins(self):
        """Whatever the order of the options; a prefix ends at a boundary."""
        of = ['quay.io/a/b:1', 'quay.io/ab:1', 'quay.io/a:1']
        want = ['r.example.com/a/b:1', 'r.example.com/q/ab:1',
                'r.example.com/a:1']
        rules = ['--prefix=quay.io=r.example.com/q',
                 '--prefix=quay.io/a=r.example.com/a']
        self.assertEqual(self.images(*rules, of=of), want)
        self.assertEqual(self.images(*reversed(rules), of=of), want)

    def test_wildcard_host(self):
        """Any host under it, not the domain itself."""
        self.assertEqual(
            self.images('--prefix=*.gcr.io=r.example.com/gcr', of=[
                'eu.gcr.io/p/x:1', 'gcr.io/p/x:1', 'a.b.gcr.io/x']),
            ['r.example.com/gcr/p/x:1', 'gcr.io/p/x:1', 'r.example.com/gcr/x'])

    def test_every_registry(self):
        """What nothing else takes, and nothing that lies under a location."""
        of = ['nginx:1', f'ghcr.io/a/b:1@{DIGEST}', 'quay.io/a/b',
              'registry:5000/x', 'r.example.com/q/a/b', 'm.example.com/x']
        want = ['m.example.com/library/nginx:1',
                f'm.example.com/a/b:1@{DIGEST}', 'r.example.com/q/a/b',
                'm.example.com/x', 'r.example.com/q/a/b', 'm.example.com/x']
        rules = ['--prefix=*=m.example.com',
                 '--prefix=quay.io=r.example.com/q']
        self.assertEqual(self.images(*rules, of=of), want)
        self.assertEqual(self.images(*rules, of=want), want)

    def test_image(self):
        """Overrides, in the grammar of `kustomize edit set image`."""
        for rule, old, new in (
                ('nginx=r.example.com/web', 'nginx:1', 'r.example.com/web:1'),
                ('nginx=r.example.com/web:2', f'nginx:1@{DIGEST}',
                 'r.example.com/web:2'),
                ('nginx:2', 'nginx:1', 'nginx:2'),
                (f'nginx@{DIGEST}', 'nginx:1', f'nginx@{DIGEST}'),
                (f'nginx=web:2@{DIGEST}', 'nginx:1', f'web:2@{DIGEST}'),
                ('nginx=*:2', 'nginx:1', 'nginx:2'),
                (f'nginx=*:*@{DIGEST}', 'nginx:1', f'nginx:1@{DIGEST}'),
                ('docker.io/library/nginx:2', 'nginx:1', 'nginx:2'),
                ('nginx=web', 'quay.io/nginx:1', 'quay.io/nginx:1')):
            self.assertEqual(self.images('--image', rule, of=[old]), [new],
                             rule)

    def test_images_before_prefixes(self):
        """A prefix sees what the overrides made."""
        self.assertEqual(
            self.images(*HUB, '--image=nginx=quay.io/web', '--image=redis:7',
                        of=['nginx:1', 'redis:6']),
            ['quay.io/web:1', 'r.example.com/hub/library/redis:7'])

    def test_images_in_order(self):
        """Each sees the result of the one before it."""
        self.assertEqual(self.images('--image=a=b', '--image=b=c', of=['a']),
                         ['c'])
        self.assertEqual(self.images('--image=b=c', '--image=a=b', of=['a']),
                         ['b'])

    def test_exclude(self):
        """An image that is excluded is left alone by every rule."""
        of = ['nginx:1', 'acme/api:1', 'acme/tool/x', 'acmex/y']
        hub = 'r.example.com/hub'
        rest = [f'{hub}/library/nginx:1', 'acme/api:1', 'acme/tool/x',
                f'{hub}/acmex/y']
        for pattern in ('acme', 'docker.io/acme', 'docker.io/acme/',
                        'docker.io/acme/**'):
            self.assertEqual(
                self.images(*HUB, '--exclude', pattern, of=of), rest, pattern)
        self.assertEqual(
            self.images('--image=nginx:2', '--exclude=nginx', of=['nginx:1']),
            ['nginx:1'])

    def test_not_references(self):
        """What is filled in later is left alone."""
        of = ['"{{ .Values.image }}"', '$(IMAGE)', '${IMAGE}', '"*"', '""',
              '', '5', 'null', 'true', 'scratch', 'Not An Image']
        self.write('pod.yaml', pod(*of))
        run = self.rewrite('pod.yaml')
        self.assertEqual(run.out, self.read('pod.yaml'))
        self.assertIn(f'{len(of)} left alone', run.last)

    def test_results_are_checked(self):
        """A result that is no reference is never written."""
        self.write('long.yaml', pod('a' * 200 + ':1'))
        long = 'r.example.com/' + '/'.join(['b' * 90] * 2)
        before = snapshot(self.folder)
        run = self.tool('rewrite', '--prefix', f'docker.io={long}', '-i',
                        'long.yaml', status=2)
        error, = run.of('error')
        self.assertEqual(error[:3], ('long.yaml', '8', '12'))
        self.assertIn('prefix docker.io', error.text)
        self.check_untouched(before)

    def test_running_twice(self):
        """Prefix rules change nothing on a second run."""
        self.write('pod.yaml', pod('nginx:1', 'quay.io/acme/api',
                                   'r.example.com/hub/x'))
        rules = [*HUB, '--prefix=quay.io=r.example.com/q']
        self.tool('rewrite', *rules, '-i', 'pod.yaml')
        before = snapshot(self.folder)
        self.tool('rewrite', *rules, '--check', 'pod.yaml')
        self.tool('rewrite', *rules, '-i', 'pod.yaml')
        self.check_untouched(before)

    def test_location_below_its_own_prefix(self):
        """What already lies under the location stays."""
        self.assertEqual(
            self.images('--prefix=docker.io=docker.io/acme/hub', of=[
                'nginx:1', 'acme/hub/library/nginx:1']),
            ['docker.io/acme/hub/library/nginx:1', 'acme/hub/library/nginx:1'])


class RestTest(ToolTest):
    """Sets that do not come to rest."""

    def test_refused(self):
        """Prefixes whose results another would rewrite on a second run."""
        self.write('pod.yaml', pod('nginx'))
        before = snapshot(self.folder)
        for rules in (
                ['docker.io=quay.io/hub', 'quay.io=r.example.com/q'],
                ['quay.io=r.example.com/q', 'docker.io=quay.io/hub'],
                ['docker.io=quay.io', 'quay.io=docker.io']):
            options = [f'--prefix={rule}' for rule in rules]
            run = self.tool('rewrite', *options, '-i', 'pod.yaml', status=2)
            self.assertEqual(len(run.lines), 1)
            self.assertIn('"prefix docker.io"', run.last)
            self.assertIn('"prefix quay.io"', run.last)
            self.check_untouched(before)
            self.tool('resolve', *options, 'nginx', status=2)

    def test_chain_warned_about(self):
        """Overrides may chain as kustomize allows, with a warning."""
        self.write('pod.yaml', pod('a:1'))
        rules = ['--image=b=c', '--image=a=b']
        run = self.tool('rewrite', *rules, 'pod.yaml')
        warning, = run.of('warning')
        self.assertIn('"image a"', warning.text)
        self.assertIn('"image b"', warning.text)
        self.assertIn(b'image: b:1\n', run.out)
        run = self.tool('resolve', *rules, 'a')
        self.assertEqual(len(run.of('warning')), 1)
        self.assertEqual(run.out, b'b\n')
        self.assertEqual(
            self.tool('rewrite', '-q', *rules, 'pod.yaml').err, '')

    def test_chain_at_rest(self):
        """A chain that is through at once needs no warning."""
        self.write('pod.yaml', pod('a:1'))
        run = self.tool('rewrite', '--image=a=b', '--image=b=c', 'pod.yaml')
        self.assertEqual(run.of('warning'), [])


class CollisionTest(ToolTest):
    """Two images that become one name."""

    RULES = ('--prefix=docker.io=r.example.com/all',
             '--prefix=quay.io=r.example.com/all')

    def setUp(self):
        super().setUp()
        self.write('a.yaml', pod('acme/api:1'))
        self.write('b.yaml', pod('redis', 'quay.io/acme/api:1'))

    def test_refused(self):
        """Both images are named, with their places; nothing is written."""
        before = snapshot(self.folder)
        run = self.tool('rewrite', *self.RULES, '-i', 'a.yaml', 'b.yaml',
                        status=2)
        error, = run.of('error')
        self.assertEqual(error[:3], ('b.yaml', '10', '12'))
        for word in ('quay.io/acme/api:1', 'acme/api:1', 'a.yaml:8:12',
                     'r.example.com/all/acme/api:1'):
            self.assertIn(word, error.text)
        self.check_untouched(before)

    def test_within_one_file(self):
        """The same inside of a file, and on standard output."""
        self.write('both.yaml', pod('acme/api:1', 'quay.io/acme/api:1'))
        run = self.tool('rewrite', *self.RULES, 'both.yaml', status=2)
        self.assertEqual(run.out, b'')
        error, = run.of('error')
        self.assertEqual(error[:3], ('both.yaml', '10', '12'))
        self.assertIn('both.yaml:8:12', error.text)

    def test_no_diff(self):
        """A file that fails has no diff, also when the others go on."""
        for options in ([], ['--keep-going']):
            run = self.tool('rewrite', *self.RULES, '--diff', *options,
                            'a.yaml', 'b.yaml', status=2)
            self.assertNotIn(b'b.yaml', run.out, options)

    def test_allowed(self):
        """--allow-collisions says that they are the same image."""
        self.tool('rewrite', *self.RULES, '--allow-collisions', '-i', 'a.yaml',
                  'b.yaml')
        for name in ('a.yaml', 'b.yaml'):
            self.assertIn(b'r.example.com/all/acme/api:1', self.read(name))

    def test_flat_layouts(self):
        """All that leave out what tells two images apart."""
        for rule, place in (
                ('--prefix=*=m.example.com', 'm.example.com/acme/api:1'),
                ('--preset=byo:host=m.example.com', 'm.example.com/acme/api:1'),
                ('--preset=kots:host=m.example.com', 'm.example.com/api:1')):
            run = self.tool('rewrite', rule, '--check', 'a.yaml', 'b.yaml',
                            status=2)
            error, = run.of('error')
            self.assertEqual(error[:3], ('b.yaml', '10', '12'))
            self.assertIn(place, error.text)

    def test_one_image_through_a_proxy(self):
        """What a preset takes out of a proxy is the image itself."""
        self.write('a.yaml', pod('quay.io/acme/api:1'))
        self.write('b.yaml', pod(
            'proxy.replicated.com/proxy/app/quay.io/acme/api:1',
            'proxy.replicated.com/proxy/app/nginx:1', 'nginx:1'))
        self.tool('rewrite', '--preset=byo:host=m.example.com', '-i', 'a.yaml',
                  'b.yaml')
        self.write('b.yaml', pod('proxy.replicated.com/proxy/app/acme/api:1'))
        self.write('a.yaml', pod('quay.io/acme/api:1'))
        self.tool('rewrite', '--preset=byo:host=m.example.com', '--check',
                  'a.yaml', 'b.yaml', status=2)

    def test_one_image_by_two_names(self):
        """Two ways to write one image do not collide."""
        self.write('a.yaml', pod('nginx:1'))
        self.write('b.yaml', pod('docker.io/library/nginx:1', 'nginx:1'))
        self.tool('rewrite', *self.RULES, '-i', 'a.yaml', 'b.yaml')

    def test_other_tags(self):
        """With other tags they are not one."""
        self.write('b.yaml', pod('quay.io/acme/api:2'))
        self.tool('rewrite', *self.RULES, '-i', 'a.yaml', 'b.yaml')


if __name__ == '__main__':
    main()
