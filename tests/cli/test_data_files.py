"""Files that kustomizations put into ConfigMaps and Secrets as they are.

They are no resources to kustomize: what is expected here is what it builds,
with the images rewritten (tests/corpus/test_kustomize_data.py has it build
these trees).
"""

from support import ToolTest, main, pod, snapshot

OLD = pod('nginx:1')
NEW = OLD.replace('nginx', 'r.example.com/hub/library/nginx')
CONFIG = ('--find', 'default,configmap')

# name, the kustomization, options, what data.yaml becomes, and where it is
# warned of
ROWS = (
    ('a file', 'configMapGenerator:\n- name: a\n  files: [data.yaml]\n',
     (), OLD, ('3', '11')),
    ('with a key',
     'configMapGenerator:\n- name: a\n  files:\n  - key.yaml=data.yaml\n',
     (), OLD, ('4', '5')),
    ('of a Secret', 'secretGenerator:\n- name: a\n  files: [data.yaml]\n',
     (), OLD, ('3', '11')),
    ('lines', 'configMapGenerator:\n- name: a\n  envs: [data.yaml]\n',
     (), OLD, ('3', '10')),
    ('lines of one file', 'secretGenerator:\n- {name: a, env: data.yaml}\n',
     (), OLD, ('2', '18')),
    ('several', 'configMapGenerator:\n- name: a\n  files: [data.yaml]\n'
     '- name: b\n  files: [data.yaml, b=data.yaml]\n',
     (), OLD, ('3', '11')),
    ('asked for', 'configMapGenerator:\n- name: a\n  files: [data.yaml]\n',
     CONFIG, NEW, None),
    ('a Secret, which nobody can ask for',
     'secretGenerator:\n- name: a\n  files: [data.yaml]\n',
     CONFIG, OLD, ('3', '11')),
    ('of a component', 'kind: Component\n'
     'apiVersion: kustomize.config.k8s.io/v1alpha1\n'
     'configMapGenerator:\n- name: a\n  files: [data.yaml]\n',
     (), OLD, ('5', '11')),
    ('of what kustomize does not build', 'resources: [none.yaml]\n'
     'configMapGenerator:\n- name: a\n  files: [data.yaml]\n',
     (), OLD, ('4', '11')),
    ('a resource as well, asked for', 'resources: [data.yaml]\n'
     'configMapGenerator:\n- name: a\n  files: [data.yaml]\n',
     CONFIG, NEW, None),
    ('a resource alone', 'resources: [data.yaml]\n', (), NEW, None),
    ('another folder\'s', 'configMapGenerator:\n- name: a\n'
     '  files: [../data.yaml]\n', (), NEW, None),
)

# name, the kustomization, options, and the place beside that of the error
REFUSED = (
    ('a resource', 'resources: [data.yaml]\n'
     'configMapGenerator:\n- name: a\n  files: [data.yaml]\n',
     (), ('1:13', '4:11')),
    ('a resource and a Secret', 'resources: [data.yaml]\n'
     'secretGenerator:\n- name: a\n  files: [data.yaml]\n',
     CONFIG, ('1:13', '4:11')),
    ('a patch', 'patches: [{path: data.yaml}]\n'
     'configMapGenerator:\n- name: a\n  files: [data.yaml]\n',
     (), ('1:18', '4:11')),
    ('a ConfigMap and a Secret',
     'configMapGenerator:\n- name: a\n  files: [data.yaml]\n'
     'secretGenerator:\n- name: a\n  files: [data.yaml]\n',
     CONFIG, ('3:11', '6:11')),
)


class DataFilesTest(ToolTest):
    """A kustomization, and a file that it has as data."""

    def test_rows(self):
        """The file stays, or is rewritten as the data would be."""
        for name, text, options, becomes, place in ROWS:
            with self.subTest(name=name):
                self.write('kustomization.yaml', text)
                self.write('data.yaml', OLD)
                run = self.rewrite('-i', *options, '.')
                self.assertEqual(self.read('data.yaml').decode(), becomes)
                self.assertEqual(
                    [(message.path, message.line, message.column)
                     for message in run.of('warning')],
                    [('./kustomization.yaml', *place)] if place else [])

    def test_refused(self):
        """One file cannot become two texts."""
        for name, text, options, places in REFUSED:
            with self.subTest(name=name):
                self.write('kustomization.yaml', text)
                self.write('data.yaml', OLD)
                before = snapshot(self.folder)
                run = self.rewrite('-i', *options, '.', status=2)
                self.check_untouched(before)
                found = run.of('error')
                self.assertEqual([(message.path, message.line)
                                  for message in found],
                                 [('./data.yaml', '8')])
                for place in places:
                    self.assertIn(f'(./kustomization.yaml:{place})',
                                  found[0].text)

    def test_refused_over_trees(self):
        """The other use may be anywhere, and need not be built."""
        self.write('a/kustomization.yaml', 'resources: [../data.yaml]\n')
        self.write('b/kustomization.yaml', 'secretGenerator:\n- name: a\n'
                   '  files: [x=../data.yaml]\n')
        self.write('data.yaml', OLD)
        run = self.rewrite('--check', '.', status=2)
        for place in ('a/kustomization.yaml:1:13', 'b/kustomization.yaml:3:11'):
            self.assertIn(f'(./{place})', run.of('error')[0].text)
        self.write('data.yaml', pod('ghcr.io/a:1'))
        self.rewrite('--check', '.')

    def test_a_kustomization(self):
        """What is data may be a kustomization that something builds."""
        self.write('base/kustomization.yaml', 'resources: [pod.yaml]\n'
                   'images: [{name: nginx, newTag: "2"}]\n')
        self.write('base/pod.yaml', OLD)
        self.write('kustomization.yaml', 'configMapGenerator:\n- name: a\n'
                   '  files: [base/kustomization.yaml]\n')
        run = self.rewrite('--check', '.', status=2)
        self.assertEqual([(message.path, message.line)
                          for message in run.of('error')],
                         [('./base/kustomization.yaml', '2')])
        self.assertIn('(./kustomization.yaml:3:11)', run.of('error')[0].text)

    def test_what_does_not_change(self):
        """Where no rule is for it, nothing is said."""
        self.write('data.yaml', pod('ghcr.io/a:1'))
        self.write('kustomization.yaml', 'configMapGenerator:\n- name: a\n'
                   '  files: [data.yaml]\nresources: [data.yaml]\n')
        self.assertEqual(self.rewrite('--check', '.').of('warning'), [])

    def test_unmatched(self):
        """Nobody asked for what is in it."""
        self.write('data.yaml', pod('ghcr.io/a:1'))
        self.write('kustomization.yaml', 'configMapGenerator:\n- name: a\n'
                   '  files: [data.yaml]\n')
        self.rewrite('--check', '--fail-on-unmatched', '.')

    def test_no_yaml(self):
        """Data may be anything; it is no error, and copied as it is."""
        for options in ((), CONFIG):
            for text in (b'a: [\n', b'a: \xff\n', b'{{ .a }}: nginx:1\n'
                         b'image: "quay.io/a\n'):
                with self.subTest(text=text, options=options):
                    self.write('data.yaml', text)
                    self.write('kustomization.yaml', 'resources: [pod.yaml]\n'
                               'configMapGenerator:\n- name: a\n'
                               '  files: [data.yaml]\n')
                    self.write('pod.yaml', OLD)
                    run = self.rewrite('-O', self.path('out'), *options, '.')
                    self.assertEqual(run.of('warning', 'error'), [])
                    self.assertEqual(self.read('out', 'data.yaml'), text)
                    self.assertEqual(self.read('out', 'pod.yaml').decode(),
                                     NEW)
                    self.rewrite('--check', *options, '.', status=1)

    def test_no_yaml_and_a_resource(self):
        """A resource has to be YAML."""
        self.write('data.yaml', 'a: [\n')
        self.write('kustomization.yaml', 'resources: [data.yaml]\n'
                   'configMapGenerator:\n- name: a\n  files: [data.yaml]\n')
        run = self.rewrite('--check', '.', status=2)
        self.assertEqual([message.path for message in run.of('error')],
                         ['./data.yaml'])

    def test_as_in_a_config_map(self):
        """Data is searched as the value of a ConfigMap is."""
        for text in (
                'image: nginx:1\n',
                'a: {image: {repository: nginx, tag: "1"}}\n',
                'apiVersion: v9\nimage: nginx:1\n',
                '# c\n---\nimage: nginx:1\n---\n' + OLD,
                OLD.replace('nginx:1', 'nginx:1 # imgrewrite:ignore'),
                OLD + '    args: [--image=nginx:1]\n'
                '    env: [{name: IMG, value: docker.io/acme/x:1}]\n',
                '%YAML 1.1\n---\nimage: nginx:1\n',
                '{"image": "nginx:1"}\n{"image": "nginx:1"}\n',
                '- op: replace\n  path: /spec/containers/0/image\n'
                '  value: nginx:1\n',
                'kind: ConfigMap\napiVersion: v1\ndata:\n  a: |\n'
                '    image: nginx:1\n  image: docker.io/acme/x:1\n',
                'services: {a: {image: nginx:1}}\n',
                'images: [{name: nginx, newTag: "2"}]\n',
                'tests: []\nsuite: a\nimage: nginx:1\n',
                'a: &a nginx:1\nimage: *a\n'):
            with self.subTest(text=text):
                self.write('kustomization.yaml', 'configMapGenerator:\n'
                           '- {name: a, files: [data.yaml]}\n')
                self.write('data.yaml', text)
                self.write('map.yaml', 'kind: ConfigMap\napiVersion: v1\n'
                           'data:\n  data.yaml: |2\n' + ''.join(
                               f'    {line}\n' for line in text.splitlines()))
                self.rewrite('-i', *CONFIG, 'map.yaml')
                lines = self.read('map.yaml').decode().splitlines()[4:]
                self.rewrite('-i', *CONFIG, 'kustomization.yaml', 'data.yaml')
                self.assertEqual(self.read('data.yaml').decode(),
                                 ''.join(f'{line[4:]}\n' for line in lines))

    def test_lines_and_others(self):
        """What cannot be rewritten is refused where it is asked for."""
        self.write('a.env', '# c\n\nX=1\nIMAGE=docker.io/a/b:1\n')
        self.write('image.txt', 'docker.io/a/b:1\n')
        self.write('b.txt', 'image: nginx:1\n')
        for line, column, place in (
                ('envs: [a.env]', '10', '(./a.env:4:1)'),
                ('files: [image=image.txt]', '11', '(./image.txt:1:1)'),
                ('files: [b.txt]', '11', '(b.txt:1:1)')):
            with self.subTest(line=line):
                self.write('kustomization.yaml', 'configMapGenerator:\n'
                           f'- name: a\n  {line}\n')
                self.rewrite('--check', '.')
                run = self.rewrite('--check', *CONFIG, '.', status=2)
                (error,) = run.of('error')
                self.assertEqual((error.path, error.line, error.column),
                                 ('./kustomization.yaml', '3', column))
                self.assertIn(place, error.text)
        self.rewrite('-i', *CONFIG, 'kustomization.yaml', 'b.txt')
        self.assertIn(b'r.example.com', self.read('b.txt'))

    def test_copies(self):
        """A value that a replacement makes an image of, and that stays."""
        self.write('pod.yaml', pod('ghcr.io/a:1'))
        self.write('kustomization.yaml', 'resources: [pod.yaml]\n'
                   'configMapGenerator:\n- {name: a, literals: '
                   '[x=docker.io/a/b:1]}\nreplacements:\n'
                   '- source: {kind: ConfigMap, name: a, fieldPath: data.x}\n'
                   '  targets:\n  - select: {kind: Pod}\n    fieldPaths: '
                   '[spec.containers.0.image]\n')
        run = self.rewrite('--check', '.', status=2)
        self.assertEqual([(message.path, message.line, message.column)
                          for message in run.of('error')],
                         [('./kustomization.yaml', '3', '24')])
        self.assertIn('the replacement or variable (./kustomization.yaml:5:3)',
                      run.of('error')[0].text)
        self.rewrite('-i', *CONFIG, '.')
        self.assertIn(b'[x=r.example.com/hub/a/b:1]',
                      self.read('kustomization.yaml'))

    def test_copies_of_unknown_data(self):
        """What nobody knows is told of."""
        self.write('pod.yaml', pod('ghcr.io/a:1'))
        self.write('kustomization.yaml', 'resources: [pod.yaml]\n'
                   'replacements:\n- source: {kind: ConfigMap, name: a, '
                   'fieldPath: data.image}\n  targets:\n'
                   '  - select: {kind: Pod}\n    fieldPaths: '
                   '[spec.containers.0.image]\n')
        run = self.rewrite('--check', '.')
        self.assertEqual([(message.line, message.column)
                          for message in run.of('warning')], [('3', '3')])

    def test_pull_secret(self):
        """A pod that is data gets no secret."""
        for options in ((), CONFIG):
            self.write('data.yaml', OLD)
            self.write('kustomization.yaml', 'configMapGenerator:\n- name: a\n'
                       '  files: [data.yaml]\n')
            self.rewrite('-i', '--pull-secret', 'a', *options, '.')
            self.assertNotIn(b'imagePullSecrets', self.read('data.yaml'))


if __name__ == '__main__':
    main()
