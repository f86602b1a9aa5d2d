"""--rules: rules from files and from standard input, and what they bring."""

from support import DIGEST, HUB, ToolTest, main, pod, snapshot

FIRST = 'apiVersion: imgrewrite/v1\nkind: RewriteRules\n'
QUAY = FIRST + ('registries:\n'
                '- prefix: quay.io\n'
                '  location: r.example.com/q\n')


class RulesFilesTest(ToolTest):
    """Where rules come from."""

    def resolve(self, *args, **options):
        """The references that resolve prints, in order."""
        return self.tool('resolve', *args, **options).text.splitlines()

    def test_file(self):
        """The rules of a file, whatever its name."""
        for name in ('rules.yaml', 'rules.txt', 'kustomization'):
            self.write(name, QUAY)
            self.assertEqual(self.resolve('--rules', name, 'quay.io/a', 'b'),
                             ['r.example.com/q/a', 'b'], name)

    def test_standard_input(self):
        """`-` is standard input; places say so."""
        self.assertEqual(
            self.resolve('--rules', '-', 'quay.io/a', stdin=QUAY.encode()),
            ['r.example.com/q/a'])
        run = self.tool('resolve', '--rules', '-', 'a', status=2,
                        stdin=(FIRST + 'image: []\n').encode())
        error, = run.of('error')
        self.assertEqual(error[:3], ('-', '3', '1'))

    def test_standard_input_once(self):
        """Rules and a manifest cannot both come from there."""
        for command in (['rewrite', '--rules', '-', '-'],
                        ['resolve', '-', '--rules=-'],
                        ['resolve', '--rules', '-', '--rules', '-', 'a']):
            run = self.tool(*command, status=2, stdin=QUAY.encode())
            self.assertEqual(run.out, b'')
            self.assertIn('standard input', run.last)

    def test_several(self):
        """Files add up, also with other options: images in their order."""
        self.write('one.yaml', 'images: [{name: a, newName: b}]\n')
        self.write('two.yaml', 'images: [{name: b, newName: quay.io/c}]\n')
        self.write('three.yaml', QUAY)
        files = ['--rules=one.yaml', '--rules=two.yaml', '--rules=three.yaml']
        self.assertEqual(self.resolve(*files, 'a:1'), ['r.example.com/q/c:1'])
        self.assertEqual(self.resolve('--rules=one.yaml', '--image=b=d', 'a'),
                         ['d'])
        self.assertEqual(
            self.resolve('--image=b=d', '--rules=one.yaml', '-q', 'a'), ['b'])

    def test_write(self):
        """`write` of files and options: what was given last counts."""
        values = 'image:\n  registry: {}\n  repository: {}\n  tag: v1\n'
        self.write('v.yaml', values.format('docker.io', 'bitnami/redis'))
        self.write('registry.yaml', FIRST + 'write: registry\n')
        self.write('both.yaml', FIRST + 'write: both\n')
        rule = '--preset=replicated:app=a'
        whole = values.format('proxy.replicated.com/proxy/a/docker.io',
                              'bitnami/redis')
        apart = values.format('proxy.replicated.com',
                              'proxy/a/docker.io/bitnami/redis')
        for options, expected in (
                ([], apart), (['--write=registry'], whole),
                (['--write=both'], apart), (['--rules=registry.yaml'], whole),
                (['--rules=registry.yaml', '--rules=both.yaml'], apart),
                (['--rules=registry.yaml', '--write=both'], apart),
                (['--write=registry', '--rules=both.yaml'], apart),
                (['--rules=both.yaml', '--write=registry'], whole)):
            run = self.tool('rewrite', rule, *options, '--find=helm-values',
                            'v.yaml')
            self.assertEqual(run.text, expected, options)
        self.tool('rewrite', rule, '--write=registry', '--find=helm-values',
                  '-i', 'v.yaml')
        self.tool('rewrite', rule, '--write=registry', '--find=helm-values',
                  '--check', 'v.yaml')
        run = self.tool('rewrite', rule, '--write=repository', 'v.yaml',
                        status=2)
        self.assertIn('both or registry', run.last)

    def test_same_prefix_in_two_files(self):
        """The second one is refused, with its own place."""
        self.write('one.yaml', QUAY)
        self.write('two.yaml', QUAY)
        run = self.tool('resolve', '--rules=one.yaml', '--rules=two.yaml', 'a',
                        status=2)
        error, = run.of('error')
        self.assertEqual(error[:3], ('two.yaml', '4', '3'))

    def test_missing(self):
        """A file that is not there, or no file."""
        for name, words in (('nope.yaml', 'No such file'),
                            ('.', 'directory')):
            run = self.tool('resolve', '--rules', name, 'a', status=2)
            error, = run.of('error')
            self.assertEqual(error.path, name)
            self.assertIn(words, error.text)

    def test_nothing_is_done_after_a_mistake(self):
        """One wrong file of rules, and no manifest is touched."""
        self.write('rules.yaml', QUAY + 'exclude: quay.io\n')
        self.write('pod.yaml', pod('quay.io/a'))
        before = snapshot(self.folder)
        run = self.tool('rewrite', '--rules', 'rules.yaml', '-i', 'pod.yaml',
                        status=2)
        error, = run.of('error')
        self.assertEqual(error[:3], ('rules.yaml', '6', '10'))
        self.assertEqual(len(run.lines), 1)
        self.check_untouched(before)

    def test_no_rule_in_it(self):
        """That a file holds no rule is said so, for there was a --rules."""
        self.write('rules.yaml', FIRST + 'find: [all]\nexclude: [quay.io]\n')
        run = self.tool('resolve', '--rules', 'rules.yaml', 'a', status=2)
        self.assertIn('none in the files of --rules', run.last)
        run = self.tool('rewrite', '--rules', 'rules.yaml', '.', status=2)
        self.assertIn('none in the files of --rules', run.last)
        run = self.tool('resolve', 'a', status=2)
        self.assertIn('--prefix, --image, --preset or --rules', run.last)

    def test_prefixes_in_a_chain(self):
        """What the whole set shows has the place of the rule."""
        self.write('rules.yaml', QUAY +
                   '- prefix: docker.io\n  location: quay.io/hub\n')
        run = self.tool('resolve', '--rules=rules.yaml', 'a', status=2)
        error, = run.of('error')
        self.assertEqual(error[:3], ('rules.yaml', '6', '3'))
        self.assertIn('"prefix quay.io"', error.text)

    def test_configurations(self):
        """A kustomization's own files lie beside it, not beside us."""
        self.write('k/kustomization.yaml',
                   'images: [{name: a, newTag: "2"}]\n'
                   'configurations: [fields.yaml]\n')
        self.write('k/fields.yaml', 'images: [{path: spec/widget/image}]\n')
        self.write('widget.yaml', 'kind: Widget\n'
                                  'spec:\n  widget: {image: "a:1"}\n')
        run = self.tool('rewrite', '--rules', 'k/kustomization.yaml',
                        'widget.yaml')
        self.assertIn(b'image: "a:2"', run.out)
        self.write('k/fields.yaml', 'images: [{path: spec//image}]\n')
        run = self.tool('resolve', '--rules', 'k/kustomization.yaml', 'a',
                        status=2)
        error, = run.of('error')
        self.assertEqual(error[:3], ('k/fields.yaml', '1', '17'))


class QuietTest(ToolTest):
    """Warnings of reading rules."""

    def setUp(self):
        super().setUp()
        self.write('rules.yaml', 'components: [a]\n'
                                 'images: [{name: a, newTag: "2"}]\n')
        self.write('pod.yaml', pod('a:1'))

    def test_warned(self):
        """A warning says where, and does not change the status."""
        run = self.tool('rewrite', '--rules', 'rules.yaml', 'pod.yaml')
        warning, = run.of('warning')
        self.assertEqual(warning[:2], ('rules.yaml', '1'))
        self.assertIn('components', warning.text)
        self.assertIn(b'image: a:2', run.out)

    def test_quiet(self):
        """-q silences it wherever it stands."""
        for args in (['-q', '--rules', 'rules.yaml', 'pod.yaml'],
                     ['--rules', 'rules.yaml', '-q', 'pod.yaml'],
                     ['--rules', 'rules.yaml', 'pod.yaml', '--quiet']):
            self.assertEqual(self.tool('rewrite', *args).err, '', args)
        for args in (['-q', '--rules', 'rules.yaml', 'a'],
                     ['--rules', 'rules.yaml', 'a', '-q']):
            self.assertEqual(self.tool('resolve', *args).err, '', args)


class FailOnTest(ToolTest):
    """--fail-on-... with rules from files."""

    RULES = QUAY + ('- prefix: ghcr.io\n'
                    '  location: r.example.com/g\n'
                    'images:\n'
                    '- name: nginx\n'
                    '  newTag: "2"\n'
                    'preset: {name: ecr-public}\n'
                    'exclude: [r.example.com]\n')
    UNUSED = ['imgrewrite: unused rule: image nginx (rules.yaml:9)',
              'imgrewrite: unused rule: prefix ghcr.io (rules.yaml:6)',
              'imgrewrite: unused rule: exclude r.example.com (rules.yaml:12)',
              'imgrewrite: unused rule: preset ecr-public (rules.yaml:11)']

    def setUp(self):
        super().setUp()
        self.write('rules.yaml', self.RULES)
        self.write('pod.yaml', pod('quay.io/a:1', 'acme/api'))

    def unused(self, run):
        """The lines about unused rules, in any order."""
        return sorted(line for line in run.lines if 'unused rule' in line)

    def test_unused(self):
        """Status 1, and each is named with its place."""
        run = self.tool('rewrite', '--rules=rules.yaml', '--check',
                        '--fail-on-unused-rule', 'pod.yaml', status=1)
        self.assertEqual(self.unused(run), sorted(self.UNUSED))
        run = self.tool('rewrite', '--rules=rules.yaml',
                        '--fail-on-unused-rule', 'pod.yaml', status=1)
        self.assertEqual(self.unused(run), sorted(self.UNUSED))

    def test_unused_of_both(self):
        """A rule of an option has no place."""
        run = self.tool('rewrite', '--rules=rules.yaml', '--image=redis:7',
                        '--fail-on-unused-rule', 'pod.yaml', status=1)
        self.assertEqual(self.unused(run), sorted(
            [*self.UNUSED, 'imgrewrite: unused rule: image redis']))

    def test_no_failure(self):
        """Without the option they are named as well."""
        for options in ([], ['-v']):
            run = self.tool('rewrite', '--rules=rules.yaml', *options,
                            'pod.yaml')
            self.assertEqual(self.unused(run), sorted(self.UNUSED))
        run = self.tool('rewrite', '--rules=rules.yaml', '-q', 'pod.yaml')
        self.assertEqual(run.err, '')

    def test_all_used(self):
        """Nothing to say."""
        self.write('rules.yaml', QUAY)
        run = self.tool('rewrite', '--rules=rules.yaml', '-v',
                        '--fail-on-unused-rule', 'pod.yaml')
        self.assertEqual(self.unused(run), [])

    def test_unmatched(self):
        """Status 1, and the image is named; what is excluded is no matter."""
        self.write('pod.yaml', pod('quay.io/a:1', 'r.example.com/x',
                                   'gcr.io/b'))
        run = self.tool('rewrite', '--rules=rules.yaml', '-i',
                        '--fail-on-unmatched', 'pod.yaml', status=1)
        unmatched, = run.of('unmatched')
        self.assertEqual(unmatched, ('pod.yaml', '12', '12', 'unmatched',
                                     'gcr.io/b'))

    def test_explained(self):
        """resolve -v names the line of the rule."""
        run = self.tool('resolve', '-v', '--rules=rules.yaml', 'quay.io/a')
        self.assertIn('(rules.yaml:4)', run.text)


class PrivateTest(ToolTest):
    """only=private, and what is known of images."""

    RULES = FIRST + ('preset: {name: replicated, app: my-app, only: private}\n'
                     'knownImages:\n'
                     '- {image: quay.io/acme/api, isPrivate: true}\n'
                     '- {image: nginx, isPrivate: false}\n')
    PROXY = 'proxy.replicated.com/proxy/my-app/'

    def setUp(self):
        super().setUp()
        self.write('rules.yaml', self.RULES)

    def rewrite_pod(self, *images, options=()):
        """Runs rewrite over a Pod with these images."""
        self.write('pod.yaml', pod(*images))
        return self.tool('rewrite', '--rules=rules.yaml', *options, '-i',
                         'pod.yaml')

    def test_unknown(self):
        """How many are not known is said in one line."""
        run = self.rewrite_pod('quay.io/acme/api:1', 'nginx', 'redis',
                               'ghcr.io/a/b:1')
        self.assertEqual(self.read('pod.yaml').decode(), pod(
            self.PROXY + 'quay.io/acme/api:1', 'nginx', 'redis',
            'ghcr.io/a/b:1'))
        line, = [line for line in run.lines if 'not known' in line]
        self.assertEqual(line, 'imgrewrite: 2 images are not known to be '
                               'private or public, and so left alone; add '
                               'knownImages, or leave out only=private')
        run = self.rewrite_pod('redis')
        self.assertIn('imgrewrite: 1 image is not known to be ', run.err)
        self.assertEqual(self.rewrite_pod('redis', options=['-q']).err, '')

    def test_known(self):
        """Where all are known there is nothing to say, nor a second time."""
        run = self.rewrite_pod('quay.io/acme/api:1', 'nginx')
        self.assertNotIn('not known', run.err)
        before = self.read('pod.yaml')
        run = self.tool('rewrite', '--rules=rules.yaml', '-i', 'pod.yaml')
        self.assertNotIn('not known', run.err)
        self.assertEqual(self.read('pod.yaml'), before)

    def test_known_from_kots(self):
        """KOTS's installation says it as well."""
        self.write('installation.yaml',
                   'apiVersion: kots.io/v1beta1\nkind: Installation\n'
                   'spec:\n  knownImages:\n'
                   '  - image: redis:7\n'
                   '  - image: quay.io/acme/web:1\n    isPrivate: true\n')
        self.write('pod.yaml', pod('redis:7', 'quay.io/acme/web:1'))
        run = self.tool('rewrite', '--rules=installation.yaml',
                        '--preset=replicated:app=my-app,only=private',
                        'pod.yaml')
        self.assertNotIn('not known', run.err)
        self.assertEqual(run.text,
                         pod('redis:7', self.PROXY + 'quay.io/acme/web:1'))

    def test_verbose(self):
        """-v says it of each image."""
        run = self.rewrite_pod('redis', options=['-v'])
        self.assertIn('pod.yaml:8:12: redis left alone, it is not known '
                      'whether it is private', run.lines)


class PlacesTest(ToolTest):
    """find and fieldSpecs of rules files."""

    MAP = 'kind: ConfigMap\ndata:\n  image: "docker.io/acme/api:1"\n'
    WIDGET = ('apiVersion: example.com/v1\nkind: Widget\n'
              'spec:\n  sidecars:\n  - image: acme/api:1\n')
    NEW = b'r.example.com/hub/acme/api:1'

    def setUp(self):
        super().setUp()
        self.write('map.yaml', self.MAP)
        self.write('widget.yaml', self.WIDGET)

    def test_find(self):
        """The classes of the file instead of the usual ones."""
        self.assertNotIn(self.NEW, self.rewrite('map.yaml').out)
        self.write('rules.yaml', FIRST + 'find: [configmap]\n')
        run = self.rewrite('--rules=rules.yaml', 'map.yaml')
        self.assertIn(self.NEW, run.out)
        self.write('pod.yaml', pod('acme/api:1'))
        run = self.rewrite('--rules=rules.yaml', 'pod.yaml')
        self.assertNotIn(self.NEW, run.out)

    def test_find_adds_up(self):
        """Those of several files, and of --find."""
        self.write('rules.yaml', FIRST + 'find: [configmap]\n')
        self.write('more.yaml', FIRST + 'find: [pod]\n')
        self.write('pod.yaml', pod('acme/api:1'))
        for more in ('--rules=more.yaml', '--find=pod', '--find=default'):
            for name in ('map.yaml', 'pod.yaml'):
                run = self.rewrite('--rules=rules.yaml', more, name)
                self.assertIn(self.NEW, run.out, (more, name))

    def test_fields(self):
        """Fields of kinds that are not known, and of those only."""
        self.assertNotIn(self.NEW, self.rewrite('widget.yaml').out)
        for group, found in (('example.com', True), ('example.org', False)):
            self.write('rules.yaml', FIRST + (
                'fieldSpecs:\n'
                f'- group: {group}\n  kind: Widget\n'
                '  path: spec/sidecars[]/image\n'))
            run = self.rewrite('--rules=rules.yaml', 'widget.yaml')
            self.assertEqual(self.NEW in run.out, found, group)

    def test_fields_and_option(self):
        """With --field for another one."""
        self.write('rules.yaml', FIRST +
                   'fieldSpecs: [{path: spec/sidecars/image}]\n')
        self.write('gadget.yaml', 'apiVersion: example.com/v1\nkind: Gadget\n'
                                  'spec: {a: "acme/api:1"}\n')
        for name in ('widget.yaml', 'gadget.yaml'):
            run = self.rewrite('--rules=rules.yaml',
                               '--field=example.com/Gadget:spec/a', name)
            self.assertIn(self.NEW, run.out, name)

    def test_unused_fields(self):
        """Those that no file has are told of; -q leaves it out."""
        self.write('widget.yaml', self.WIDGET.replace(
            'spec:', 'metadata: {name: web}\nspec:'))
        self.write('rules.yaml', FIRST + (
            'fieldSpecs:\n- path: spec/sidecars/image\n'
            '- {path: spec/sidecar, version: v1}\n'))
        fields = ['--field=example.com/Gadget:spec/sidecars/image',
                  '--field=:a\\/b', '--field=/Widget:spec/sidecars/image',
                  '--field=*/*:spec/x']
        told = ['example.com/Gadget:spec/sidecars/image', ':a\\/b',
                '*/*:spec/x']
        line = FIRST.count('\n') + 3
        of_rules = f'/*:spec/sidecar of version v1 (rules.yaml:{line}:3)'
        for command, more in (
                (['list'], []),
                (['rewrite', '--diff', *HUB, '--rules=rules.yaml'],
                 [of_rules]),
                (['overlay', *HUB, '--rules=rules.yaml', '--app=a',
                  '--out-dir=out'], [of_rules])):
            run = self.tool(*command, *fields, 'widget.yaml')
            self.assertEqual(
                [line for line in run.lines if 'unused field' in line],
                [f'imgrewrite: unused field: {field}'
                 for field in told + more], command)
        run = self.tool('list', '-q', *fields, 'widget.yaml')
        self.assertNotIn('unused', run.err)
        self.write('bad.yaml', 'a: [1')
        run = self.tool('list', *fields, 'widget.yaml', 'bad.yaml', status=2)
        self.assertNotIn('unused', run.err)

    def test_many_unused_fields(self):
        """More than ten are a line with their number; -v names them."""
        fields = [f'--field=:x{number}' for number in range(11)]
        run = self.tool('list', *fields, 'widget.yaml')
        self.assertEqual([line for line in run.lines if 'unused' in line],
                         ['imgrewrite: 11 unused fields, which no file has; '
                          'the first is :x0; -v lists them'])
        run = self.tool('list', '-v', *fields, 'widget.yaml')
        self.assertEqual(run.err.count('unused field: :x'), 11)


class FormatsTest(ToolTest):
    """One file of each format, by way of the command."""

    def test_mirrors(self):
        """By digest or by tag."""
        self.write('idms.yaml', (
            'apiVersion: config.openshift.io/v1\n'
            'kind: ImageDigestMirrorSet\nspec:\n  imageDigestMirrors:\n'
            '  - {source: quay.io, mirrors: [r.example.com/q]}\n'))
        run = self.tool('resolve', '--rules=idms.yaml', 'quay.io/a:1',
                        f'quay.io/a@{DIGEST}')
        self.assertEqual(run.text.splitlines(),
                         ['quay.io/a:1', f'r.example.com/q/a@{DIGEST}'])

    def test_relocation(self):
        """Exactly, and before a prefix."""
        self.write('map.json', '{"nginx:1": "r.example.com/hub/n:1"}\n')
        run = self.tool('resolve', *HUB, '--rules=map.json', 'nginx:1',
                        'nginx:2')
        self.assertEqual(run.text.splitlines(),
                         ['r.example.com/hub/n:1',
                          'r.example.com/hub/library/nginx:2'])


if __name__ == '__main__':
    main()
