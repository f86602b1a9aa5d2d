"""Runs over kustomizations: entries follow what they name, or all is refused.

What kustomize makes of such trees is tests/corpus/test_kustomize_trees.py's
matter. The expected texts here are worked out by hand from how kustomize reads
`images:`.
"""

from support import DIGEST, HUB, ToolTest, main, pod, snapshot

RULES = (*HUB, '--prefix', 'quay.io=r.example.com/quay')

# name, images of the base, entries of the base, entries of the overlay, and
# the same as they become
ROWS = (
    ('a tag', ['quay.io/a:1'], '- {name: quay.io/a, newTag: "2"}', '',
     ['r.example.com/quay/a:1'],
     '- {name: r.example.com/quay/a, newTag: "2"}', ''),
    ('a digest in the overlay', ['nginx'], '',
     f'- name: nginx\n  digest: {DIGEST}',
     ['r.example.com/hub/library/nginx'], '',
     f'- name: r.example.com/hub/library/nginx\n  digest: {DIGEST}'),
    ('a word', ['controller:latest'],
     '- {name: controller, newName: quay.io/a, newTag: v1}', '',
     ['controller:latest'],
     '- {name: controller, newName: r.example.com/quay/a, newTag: v1}', ''),
    ('a word that is an image of the base', ['nginx'], '',
     '- {name: nginx, newName: quay.io/n}',
     ['r.example.com/hub/library/nginx'], '',
     '- {name: r.example.com/hub/library/nginx, '
     'newName: r.example.com/quay/n}'),
    ('a chain', ['quay.io/a:1'], '- {name: quay.io/a, newName: quay.io/b}',
     '- {name: quay.io/b, newTag: "2"}', ['r.example.com/quay/a:1'],
     '- {name: r.example.com/quay/a, newName: r.example.com/quay/b}',
     '- {name: r.example.com/quay/b, newTag: "2"}'),
    ('a pattern that still matches', ['quay.io/a:1'],
     '- {name: .*/a, newTag: "2"}', '', ['r.example.com/quay/a:1'],
     '- {name: .*/a, newTag: "2"}', ''),
    ('a pattern with a place', ['quay.io/a/x', 'quay.io/a/y'],
     '- {name: quay.io/a/.*, newTag: "2"}', '',
     ['r.example.com/quay/a/x', 'r.example.com/quay/a/y'],
     '- {name: "r.example.com/quay/a/.*", newTag: "2"}', ''),
    ('dots that are escaped', ['quay.io/a'],
     "- {name: 'quay\\.io/a', newTag: '2'}", '', ['r.example.com/quay/a'],
     "- {name: 'r.example.com/quay/a', newTag: '2'}", ''),
    ('an entry that leads out', ['quay.io/a'],
     '- {name: quay.io/a, newName: ghcr.io/a}', '', ['r.example.com/quay/a'],
     '- {name: r.example.com/quay/a, newName: ghcr.io/a}', ''),
    ('a name with a tag', ['quay.io/a:1', 'quay.io/a:2'],
     '- {name: "quay.io/a:1", newTag: "3"}', '',
     ['r.example.com/quay/a:1', 'r.example.com/quay/a:2'],
     '- {name: "r.example.com/quay/a:1", newTag: "3"}', ''),
    ('an entry for nothing', ['quay.io/a'],
     '- {name: quay.io/b, newTag: "2"}', '', ['r.example.com/quay/a'],
     '- {name: quay.io/b, newTag: "2"}', ''),
)


ASKED = ('--find', 'default,kustomization')

# name, options, values and entries of a HelmRelease, and what they become
FLUX = (
    ('nothing is asked for', (), '{}',
     '      - {name: quay.io/a, newTag: "2"}', '{}',
     '      - {name: quay.io/a, newTag: "2"}'),
    ('a chart', ASKED, '{}', '      - {name: quay.io/a, newTag: "2"}', '{}',
     '      - {name: quay.io/a, newName: r.example.com/quay/a, newTag: "2"}'),
    ('values', (), '{image: "quay.io/a:1"}',
     '      - name: quay.io/a\n        newTag: "2" # two\n'
     '      - name: ghcr.io/b\n        newTag: "3"',
     '{image: "r.example.com/quay/a:1"}',
     '      - name: quay.io/a\n        newTag: "2" # two\n'
     '      - name: "r.example.com/quay/a"\n        newTag: "2"\n'
     '      - name: ghcr.io/b\n        newTag: "3"'),
    ('values and a chart', ASKED,
     '{image: {repository: quay.io/a, tag: "1"}}',
     '      - {name: quay.io/a, newTag: "2"}',
     '{image: {repository: r.example.com/quay/a, tag: "1"}}',
     '      - {name: quay.io/a, newName: r.example.com/quay/a, newTag: "2"}\n'
     '      - {name: "r.example.com/quay/a", newTag: "2"}'),
    ('values that stay', ASKED, '{image: "ghcr.io/a:1"}',
     '      - {name: ghcr.io/a, newTag: "2"}', '{image: "ghcr.io/a:1"}',
     '      - {name: ghcr.io/a, newTag: "2"}'),
    ('a new name', ASKED, '{image: "quay.io/a:1"}',
     '      - {name: quay.io/a, newName: ghcr.io/b}',
     '{image: "r.example.com/quay/a:1"}',
     '      - {name: quay.io/a, newName: ghcr.io/b}\n'
     '      - {name: r.example.com/quay/a, newName: ghcr.io/b}'),
    ('two of a name', ASKED, '{}', '      - {name: quay.io/a, newTag: "2"}\n'
     '      - {name: quay.io/a, newTag: "3"}', '{}',
     '      - {name: quay.io/a, newName: r.example.com/quay/a, newTag: "2"}\n'
     '      - {name: r.example.com/quay/a, newTag: "3"}'),
    ('a pattern with a new name', ASKED, '{}',
     '      - {name: "quay.io/.*", newName: quay.io/b}', '{}',
     '      - {name: "quay.io/.*", newName: r.example.com/quay/b}'),
)


IMAGE = 'spec.containers.[name=c0].image'
SOURCE = f'kind: Pod, name: web, fieldPath: "{IMAGE}"'

# name, what copies, the number of errors and that of warnings
COPIES = (
    ('an image to an image', SOURCE, f'"{IMAGE}"', '', 0, 0),
    ('an image to an annotation', SOURCE, 'metadata.annotations.a', '', 1, 0),
    ('an image to a variable', SOURCE,
     '"spec.containers.[name=c0].env.[name=X].value"', '', 0, 0),
    ('an image to a part of a variable', SOURCE,
     '"spec.containers.[name=c0].env.[name=X].value"',
     ', options: {delimiter: "/", index: 1}', 1, 0),
    ('an image to a part of one', SOURCE, f'"{IMAGE}"',
     ', options: {delimiter: "/", index: 1}', 1, 0),
    ('a tag to an annotation',
     SOURCE + ', options: {delimiter: ":", index: 1}',
     'metadata.annotations.a', '', 0, 0),
    ('a host to an annotation', SOURCE + ', options: {delimiter: "/"}',
     'metadata.annotations.a', '', 1, 0),
    ('data to an image', 'kind: ConfigMap, name: x, fieldPath: data.image',
     f'"{IMAGE}"', '', 1, 0),
    ('a name to an image', 'kind: Pod, name: web', f'"{IMAGE}"', '', 1, 0),
    ('a name to a label', 'kind: Pod, name: web', 'metadata.labels.a', '',
     0, 0),
    ('a name to a variable', 'kind: Pod, name: web, fieldPath: metadata.name',
     '"spec.containers.[name=c0].env.[name=X].value"', '', 0, 0),
    ('data to a variable', 'kind: ConfigMap, name: x, fieldPath: data.a',
     '"spec.containers.[name=c0].env.[name=X].value"', '', 0, 1),
    ('an image that is not there', SOURCE.replace('Pod', 'Job'),
     'metadata.annotations.a', '', 0, 0),
)


class KustomizationsTest(ToolTest):
    """A base and an overlay, and what becomes of them."""

    def write_tree(self, name, images, base, overlay):
        """Writes the tree; returns its files."""
        texts = {
            f'{name}/base/pod.yaml': pod(*images),
            f'{name}/base/kustomization.yaml':
                'resources: [pod.yaml]\n' + (base and f'images:\n{base}\n'),
            f'{name}/over/kustomization.yaml':
                'resources: [../base]\n'
                + (overlay and f'images:\n{overlay}\n'),
        }
        for path, text in texts.items():
            self.write(path, text)
        return texts

    def test_rows(self):
        """Entries become what they must, asked for or not."""
        for row in ROWS:
            for options in ((), ('--find', 'all')):
                name, *parts = row
                with self.subTest(name=name, options=options):
                    self.write_tree('tree', *parts[:3])
                    self.tool('rewrite', '-i', *RULES, *options, 'tree')
                    found = snapshot(self.path('tree'))
                    for path, text in self.write_tree('tree',
                                                      *parts[3:]).items():
                        self.assertEqual(
                            found[path.removeprefix('tree/')].data.decode(),
                            text)

    def test_names(self):
        """A kustomization is what kustomize takes for one."""
        for name, follows in (('kustomization.yaml', True),
                              ('kustomization.yml', True),
                              ('Kustomization', True),
                              ('kustomization.YAML', False),
                              ('Kustomization.yaml', False),
                              ('Kustomization.yml', False),
                              ('kustomization', False)):
            for options in ((), ('--find', 'all')):
                with self.subTest(name=name, options=options):
                    folder = f'{name}-{len(options)}'
                    text = ('resources: [pod.yaml]\n'
                            'images: [{name: nginx, newTag: "2"}]\n')
                    self.write(f'{folder}/pod.yaml', pod('nginx'))
                    self.write(f'{folder}/{name}', text)
                    self.tool('rewrite', '-i', *RULES, *options, folder)
                    found = self.read(folder, name).decode()
                    if follows:
                        self.assertEqual(found, text.replace(
                            'name: nginx',
                            'name: r.example.com/hub/library/nginx'))
                    else:
                        self.assertEqual(found, text)

    def test_refused(self):
        """An entry that tells apart what the rules make one."""
        self.write_tree('tree', ['nginx:1', 'docker.io/nginx:1'],
                        '- {name: nginx, newTag: "2"}', '')
        before = snapshot(self.folder)
        run = self.tool('rewrite', '-i', *RULES, 'tree', status=2)
        self.assertEqual([(message.path, message.line)
                          for message in run.of('error')],
                         [('tree/base/pod.yaml', '10')])
        self.assertIn('the entry (tree/base/kustomization.yaml:3:3)',
                      run.of('error')[0].text)
        self.check_untouched(before)

    def test_refused_alone(self):
        """What goes on leaves the whole tree as it is, and no other."""
        self.write_tree('one', ['nginx:1', 'docker.io/nginx:1'],
                        '- {name: nginx, newTag: "2"}', '')
        self.write_tree('two', ['nginx'], '', '')
        self.write('one/over/own.yaml', pod('redis', name='own'))
        self.write('one/over/kustomization.yaml',
                   'resources: [../base, own.yaml]\n')
        before = snapshot(self.path('one'))
        run = self.tool('rewrite', '-i', '--keep-going', *RULES, '.', status=2)
        self.check_untouched(before, self.path('one'))
        self.assertIn(b'r.example.com', self.read('two/base/pod.yaml'))
        self.assertEqual({message.path for message in run.of('error')},
                         {'./one/base/kustomization.yaml',
                          './one/base/pod.yaml', './one/over/own.yaml'})

    def test_patched(self):
        """An image in parts is judged as patches build it."""
        image = '{registry: quay.io, repository: a/b, tag: "1"}'
        rows = (
            # operations, and the error's place in the file of the resource
            ('replace, path: /spec/values/image/tag, value: "2"', None),
            ('replace, path: /spec/values/image/registry, value: gcr.io',
             '4:56'),
            ('replace, path: /spec/values/none/tag, value: "2"', '1:1'),
            ('test, path: /spec/values/image/registry, value: quay.io',
             '1:1'),
        )
        for operation, place in rows:
            with self.subTest(operation=operation):
                self.write('r/r.yaml',
                           'apiVersion: helm.toolkit.fluxcd.io/v2\n'
                           'kind: HelmRelease\nmetadata: {name: r}\n'
                           f'spec: {{values: {{image: {image}}}}}\n')
                self.write('r/kustomization.yaml',
                           'resources: [r.yaml]\npatches:\n'
                           '- target: {kind: HelmRelease}\n'
                           f'  patch: "[{{op: {operation}}}]"\n'.replace(
                               '"2"', "'2'"))
                run = self.tool('rewrite', '--check', *RULES, 'r',
                                status=2 if place else 1)
                if place:
                    self.assertEqual([(message.line, message.column)
                                      for message in run.of('error')],
                                     [tuple(place.split(':'))])
                    self.assertIn('(r/kustomization.yaml:4:10)',
                                  run.of('error')[0].text)

    def test_elsewhere(self):
        """Where the base is elsewhere, an entry goes on applying to what it
        applies to, and is given the new name."""
        for name, images, entry, becomes in (
                ('a tag', [], '- {name: quay.io/b, newTag: "2"}',
                 '- {name: quay.io/b, newName: r.example.com/quay/b, '
                 'newTag: "2"}'),
                ('in lines', [], '- name: nginx\n  newTag: "2"',
                 '- name: nginx\n  newName: r.example.com/hub/library/nginx\n'
                 '  newTag: "2"'),
                ('a new name', [], '- {name: x, newName: quay.io/b}',
                 '- {name: x, newName: r.example.com/quay/b}'),
                ('nothing to rewrite', [], '- {name: ghcr.io/b, newTag: "2"}',
                 '- {name: ghcr.io/b, newTag: "2"}'),
                ('a chain', [], '- {name: nginx}\n'
                 '- {name: nginx, newTag: "2"}',
                 '- {name: nginx, newName: r.example.com/hub/library/nginx}\n'
                 '- {name: r.example.com/hub/library/nginx, newTag: "2"}'),
                ('images of both', ['quay.io/a:1'],
                 '- {name: quay.io/a, newTag: "2"}',
                 '- {name: quay.io/a, newName: r.example.com/quay/a, '
                 'newTag: "2"}\n'
                 '- {name: "r.example.com/quay/a", newTag: "2"}')):
            for resource in ('https://example.com/x.yaml', '../base'):
                with self.subTest(name=name, resource=resource):
                    self.write('base/kustomization.yaml', '')
                    self.write('over/own.yaml', pod(*images))
                    text = f'resources: [{resource}, own.yaml]\nimages:\n'
                    self.write('over/kustomization.yaml', f'{text}{entry}\n')
                    run = self.tool('rewrite', '-i', *RULES, 'over')
                    self.assertEqual([(message.line, message.column)
                                      for message in run.of('warning')],
                                     [('1', '13')])
                    self.assertEqual(
                        self.read('over/kustomization.yaml').decode(),
                        f'{text}{becomes}\n')
                    self.tool('rewrite', '--check', *RULES, 'over')

    def test_patterns_elsewhere(self):
        """An entry for many names cannot say what each becomes."""
        for name, warned in (('quay.io/.*', True), ('.*/a', True),
                             ('quay.io/a|nginx', True), ('(nginx)', True),
                             ('quay\\.io/a', False), ('ghcr.io/.*', False)):
            with self.subTest(name=name):
                self.write('kustomization.yaml',
                           'resources: [https://example.com/x.yaml]\nimages:\n'
                           f"- {{newTag: '2', name: '{name}'}}\n")
                run = self.tool('rewrite', '-i', *RULES, '.')
                found = [message for message in run.of('warning')
                         if 'several names' in message.text]
                self.assertEqual([(message.line, message.column)
                                  for message in found],
                                 [('3', '3')] if warned else [])

    def test_flux(self):
        """Entries over charts and sources, which stay."""
        for row in FLUX:
            name, options, values, entries, new_values, becomes = row
            with self.subTest(name=name):
                text = (
                    'apiVersion: helm.toolkit.fluxcd.io/v2\n'
                    'kind: HelmRelease\nmetadata: {{name: a}}\nspec:\n'
                    '  values: {}\n  postRenderers:\n  - kustomize:\n'
                    '      images:\n{}\n')
                self.write('a.yaml', text.format(values, entries))
                run = self.tool('rewrite', '-i', *RULES, *options, 'a.yaml')
                self.assertEqual(self.read('a.yaml').decode(),
                                 text.format(new_values, becomes))
                self.assertEqual(run.of('warning'), [])
                self.tool('rewrite', '--check', *RULES, *options, 'a.yaml')

    def test_flux_patterns(self):
        """They are told of where entries are asked for."""
        self.write('a.yaml', 'apiVersion: kustomize.toolkit.fluxcd.io/v1\n'
                   'kind: Kustomization\nspec:\n  images:\n'
                   '  - {name: "quay.io/.*", newTag: "2"}\n')
        for options, places in (((), []),
                                (('--find', 'kustomization'), [('5', '5')])):
            run = self.tool('rewrite', '--check', *RULES, *options, 'a.yaml')
            self.assertEqual([(message.line, message.column)
                              for message in run.of('warning')], places)

    def test_flux_refused(self):
        """What an entry cannot follow is refused with both places."""
        self.write('a.yaml', 'apiVersion: helm.toolkit.fluxcd.io/v2\n'
                   'kind: HelmRelease\nspec:\n'
                   '  values: {image: quay.io/a/x:1}\n'
                   '  postRenderers:\n  - kustomize:\n      images:\n'
                   '      - {name: "quay.*/a/x", newTag: "2"}\n')
        run = self.tool('rewrite', '--check', *RULES, 'a.yaml', status=2)
        self.assertEqual([message.line for message in run.of('error')], ['4'])
        self.assertIn('(a.yaml:8:9)', run.of('error')[0].text)

    def test_tag_without_a_key(self):
        """A rule sets a tag, and the entry has no place for it."""
        self.write('kustomization.yaml',
                   'resources: [https://example.com/x.yaml]\n'
                   'images: [{name: x, newName: quay.io/b}]\n')
        run = self.tool('rewrite', '--check', '--image', 'quay.io/b=c.io/b:2',
                        '.', status=2)
        self.assertEqual([(message.line, message.column)
                          for message in run.of('error')][:1], [('2', '10')])

    def test_copies(self):
        """Replacements that copy an image, or into one, are refused."""
        for name, source, to, options, errors, warnings in COPIES:
            with self.subTest(name=name):
                self.write('pod.yaml', pod('quay.io/acme/a:1', name='web'))
                self.write('kustomization.yaml',
                           'resources: [pod.yaml]\nreplacements:\n'
                           f'- source: {{{source}}}\n'
                           '  targets:\n  - select: {kind: Pod}\n'
                           f'    fieldPaths: [{to}]\n'
                           + (options and f'    {options[2:]}\n'))
                run = self.tool('rewrite', '--check', *RULES, '.',
                                status=2 if errors else 1)
                found = run.of('error')
                self.assertEqual(len(found), errors)
                self.assertEqual(len(run.of('warning')), warnings)
                if errors:
                    self.assertIn('kustomization.yaml:3:3)', found[0].text)
                    self.assertTrue(found[0].path.endswith('pod.yaml'))

    def test_copies_of_what_stays(self):
        """Where no image changes, there is nothing to refuse."""
        self.write('pod.yaml', pod('ghcr.io/acme/a:1', name='web'))
        self.write('kustomization.yaml',
                   'resources: [pod.yaml]\nreplacements:\n'
                   f'- source: {{{SOURCE}}}\n'
                   '  targets:\n  - select: {kind: Pod}\n'
                   '    fieldPaths: [metadata.annotations.a]\n')
        run = self.tool('rewrite', '--check', *RULES, '.')
        self.assertEqual(run.of('warning'), [])

    def test_variables(self):
        """A variable that has an image is refused, any other is not."""
        for path, use, status in (('spec.containers[0].image', '$(X)', 2),
                                  ('spec.containers[0].image', '$(Y)', 1),
                                  ('metadata.name', '$(X)', 1)):
            with self.subTest(path=path, use=use):
                self.write('pod.yaml', pod('quay.io/acme/a:1', name='web')
                           + f'    args: ["{use}"]\n')
                self.write('kustomization.yaml',
                           'resources: [pod.yaml]\nvars:\n- name: X\n'
                           '  objref: {kind: Pod, name: web, apiVersion: v1}\n'
                           f'  fieldref: {{fieldpath: "{path}"}}\n')
                run = self.tool('rewrite', '--check', *RULES, '.',
                                status=status)
                self.assertEqual(run.of('warning'), [])
                self.assertEqual('(./kustomization.yaml:3:3)' in run.text
                                 or 'kustomization.yaml:3:3)' in run.err,
                                 status == 2)

    def test_flux_path(self):
        """The folder that a Flux Kustomization builds may be one of the run:
        then its entries go on applying to what moves there."""
        flux = ('apiVersion: kustomize.toolkit.fluxcd.io/v1\n'
                'kind: Kustomization\nmetadata: {name: x}\n'
                'spec:\n  path: %s\n  images:\n'
                '  - name: quay.io/a\n    newTag: "2"\n')
        second = '  - name: "r.example.com/quay/a"\n    newTag: "2"\n'
        for path, local in (('./apps/one', True), ('apps/one/', True),
                            ('/apps/two', True), ('./apps', True),
                            ('./apps/three', False), ('./pps/one', False),
                            ('./', False), ('one/pod', False)):
            with self.subTest(path=path):
                self.write('apps/one/pod.yaml', pod('quay.io/a:1'))
                self.write('apps/one/kustomization.yaml',
                           'resources: [pod.yaml]\n')
                self.write('apps/two/below/pod.yaml', pod('quay.io/a:1'))
                self.write('flux/x.yaml', flux % path)
                self.tool('rewrite', '-i', *RULES, '.')
                self.assertEqual(self.read('flux/x.yaml').decode(),
                                 flux % path + (second if local else ''))
                self.tool('rewrite', '--check', *RULES, '.')

    def test_argo_path(self):
        """Entries of Argo CD for a folder whose images move are told of."""
        argo = ('apiVersion: argoproj.io/v1alpha1\nkind: Application\n'
                'metadata: {name: x}\nspec:\n  source:\n    path: %s\n'
                '    kustomize:\n      images:\n      - quay.io/a:2\n'
                '      - quay.io/a=ghcr.io/a\n      - quay.io/b:2\n'
                '      - x=quay.io/a\n')
        for path, kustomized, places in (
                ('apps/one', True, ['9', '10']), ('./apps/one/', False,
                                                  ['9', '10']),
                ('apps', False, ['9', '10']), ('one', True, ['9', '10']),
                ('apps/two', False, []), ('.', True, [])):
            with self.subTest(path=path, kustomized=kustomized):
                self.write('apps/one/pod.yaml', pod('quay.io/a:1'))
                self.write('apps/one/kustomization.yaml',
                           'resources: [pod.yaml]\n' if kustomized else '')
                self.write('argo.yaml', argo % path)
                run = self.tool('rewrite', '--check', *RULES, '.', status=1)
                found = [message for message in run.of('warning')
                         if message.path == './argo.yaml']
                self.assertEqual([message.line for message in found], places)
                for message in found:
                    self.assertIn('./apps/one/pod.yaml:8:12', message.text)

    def test_unread(self):
        """A kustomization that cannot be read is an error like any other."""
        self.write('pod.yaml', pod('nginx'))
        self.write('kustomization.yaml',
                   'resources: [pod.yaml]\n' + '# a comment\n' * 100)
        before = snapshot(self.folder)
        for options in ((), ('--keep-going',)):
            with self.subTest(options=options):
                run = self.tool('rewrite', '-i', '--max-size=1000', *options,
                                *RULES, 'kustomization.yaml', status=2)
                self.assertEqual([message.path
                                  for message in run.of('error')],
                                 ['kustomization.yaml'])
                self.check_untouched(before)

    def test_writers(self):
        """What is not followed is told of."""
        self.write('kustomization.yaml',
                   'resources: [pod.yaml]\n'
                   'replacements:\n- {path: replacement.yaml}\n')
        self.write('pod.yaml', pod('nginx'))
        self.write('replacement.yaml', '[]\n')
        run = self.tool('rewrite', '--check', *RULES, 'kustomization.yaml',
                        'pod.yaml', status=1)
        self.assertEqual([(message.line, message.column)
                          for message in run.of('warning')], [('3', '10')])
        run = self.tool('rewrite', '--check', *RULES, '.', status=1)
        self.assertEqual(run.of('warning'), [])


if __name__ == '__main__':
    main()
