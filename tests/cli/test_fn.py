"""fn: a function of kustomize and kpt."""

import json
import os
import shutil
import subprocess
import unittest

from support import TOOL, ToolTest, main, pod

KUSTOMIZE = shutil.which('kustomize', path=os.pathsep.join([
    os.path.join(os.environ.get('IMGREWRITE_PEERS', '/nowhere'), 'bin'),
    os.environ.get('PATH', os.defpath)]))

HEAD = 'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n'
ITEM = """\
- apiVersion: v1
  kind: Pod # of the web
  metadata:
    annotations: {config.kubernetes.io/index: '3', config.kubernetes.io/path: "a: b.yaml"}
    name: &name web
    namespace: shop
  spec:
    containers:
      - name: *name
        image: "nginx" # the newest

      - {image: 'redis:7', name: r}
    replicas: 0x2
"""
CONFIG = """\
functionConfig:
  apiVersion: imgrewrite/v1
  kind: RewriteRules
  metadata:
    name: mirror
    annotations:
      config.kubernetes.io/function: |
        exec: {path: imgrewrite}
  registries:
    - {prefix: docker.io, location: m.io/hub}
"""
LIST = f'{HEAD}items:\n{ITEM}{CONFIG}'
NGINX, REDIS = 'm.io/hub/library/nginx', 'm.io/hub/library/redis:7'


def change(text):
    """The list as the rules have it, without results."""
    return text.replace('"nginx"', f'"{NGINX}"').replace(
        "'redis:7'", f"'{REDIS}'")


def as_json(items, **others):
    """A list in JSON."""
    return json.dumps({'apiVersion': 'config.kubernetes.io/v1',
                       'kind': 'ResourceList', 'items': items, **others})


def named(name, *images, **metadata):
    """A Pod as JSON has it."""
    return {'apiVersion': 'v1', 'kind': 'Pod',
            'metadata': {'name': name, **metadata},
            'spec': {'containers': [{'image': image} for image in images]}}


RULES = {'apiVersion': 'imgrewrite/v1', 'kind': 'RewriteRules',
         'registries': [{'prefix': 'docker.io', 'location': 'm.io/hub'}]}


class FunctionTest(ToolTest):
    """A list in, a list out."""

    def run_fn(self, text, *args, status=0):
        """A run over a list. What is printed is never nothing, unless it says
        that it failed or is a validator."""
        data = text if isinstance(text, bytes) else text.encode()
        run = self.tool('fn', *args, stdin=data, status=status)
        if status == 2 or '--validate' in args:
            self.assertEqual(run.out, b'')
        else:
            self.assertNotEqual(run.out, b'')
        return run

    def results(self, items, *args, **others):
        """The results for a list, which is written in JSON."""
        run = self.run_fn(as_json(items, functionConfig=RULES, **others), *args)
        return json.loads(run.text).get('results', [])

    def test_bytes(self):
        """Only the images change, whatever is around them, and results are
        added where they can be seen to be a key of the list."""
        rows = {
            'as it is': LIST,
            'CRLF': LIST.replace('\n', '\r\n'),
            'a mark': '\ufeff' + LIST,
            'comments': f'# a\n--- # b\n{LIST}# c\n',
            'ended': f'---\n{LIST}...\n',
            'an empty document': f'{LIST}---\n',
            'no end of line': LIST.rstrip('\n'),
            'rules first': f'{HEAD}{CONFIG}items:\n{ITEM}',
            'in a quoted kind': LIST.replace('ResourceList', '"ResourceList"'),
            'quoted keys': LIST.replace('items:', '"items":'),
            'indented': f'{HEAD}items:\n' + ''.join(
                f'    {line}\n' for line in ITEM.splitlines()) + CONFIG,
            'another key': f'{LIST}x: [y]\n',
        }
        for name, text in rows.items():
            with self.subTest(name):
                out = self.run_fn(text).out.decode()
                line_end = '\r\n' if '\r' in text else '\n'
                start = out.index('results:')
                lines = out[start:].splitlines(True)
                size = 1
                while lines[size:] and lines[size][:2] in ('- ', '  '):
                    size += 1
                results = ''.join(lines[:size])
                rest = out[:start] + ''.join(lines[size:])
                self.assertEqual(rest.rstrip(), change(text).rstrip())
                self.assertEqual(results.count('severity: info'), 2)
                self.assertEqual(results.count('\n'),
                                 results.count(line_end))

    def test_nothing_to_do(self):
        """A list without anything to tell comes out as it came."""
        for name, items in {'empty': ' []', 'null': '', 'tilde': ' ~',
                            'no images': '\n- kind: Service',
                            'odd items': '\n- a\n- null\n- [b]'}.items():
            text = f'{HEAD}items:{items}\n{CONFIG}'
            with self.subTest(name):
                self.assertEqual(self.run_fn(text).text, text)

    def test_again(self):
        """A second function in a pipe adds nothing, and neither does it take
        results away."""
        once = self.run_fn(LIST).out
        self.assertEqual(self.run_fn(once).out, once)

    def test_results_kept(self):
        """Results of functions before stay before the new ones."""
        old = {'message': 'old', 'severity': 'error'}
        for name, results, find in (
                ('a list', [old], lambda got: got),
                ('empty', [], lambda got: [old, *got]),
                ('null', None, lambda got: [old, *got]),
                ('items, as in kpt', {'items': [old]},
                 lambda got: got['items'])):
            with self.subTest(name):
                text = as_json([named('a', 'nginx')], functionConfig=RULES,
                               results=results)
                got = find(json.loads(self.run_fn(text).text)['results'])
                self.assertEqual([got[0], got[1]['message']],
                                 [old, f'nginx -> {NGINX}'])

    def test_results_in_the_way(self):
        """What is no list of results keeps them from being written, not the
        images from being changed, and standard error says so."""
        rows = {
            'a text': 'results: a\n',
            'an anchor': 'results: &a []\n',
            'an alias': 'x: &a []\nresults: *a\n',
            'a tag': 'results: !a []\n',
            'no items': 'results: {a: b}\n',
        }
        for name, results in rows.items():
            with self.subTest(name):
                run = self.run_fn(f'{LIST}{results}')
                self.assertEqual(run.text, change(f'{LIST}{results}'))
                self.assertIn('no results are written',
                              run.of('warning')[0].text)

    def test_result(self):
        """All that a result says."""
        annotations = {'internal.config.kubernetes.io/path': 'a/b.yaml',
                       'internal.config.kubernetes.io/index': '2',
                       'config.kubernetes.io/path': 'old.yaml'}
        self.assertEqual(
            self.results([named('web', 'nginx', namespace='shop',
                                annotations=annotations)]),
            [{'message': f'nginx -> {NGINX}', 'severity': 'info',
              'resourceRef': {'apiVersion': 'v1', 'kind': 'Pod', 'name': 'web',
                              'namespace': 'shop'},
              'field': {'path': 'spec.containers[0].image',
                        'currentValue': 'nginx', 'proposedValue': NGINX},
              'file': {'path': 'a/b.yaml', 'index': 2},
              'tags': {'rule': 'prefix docker.io'}}])

    def test_file(self):
        """The file is as the annotations say, if they make sense."""
        old, new = 'config.kubernetes.io/', 'internal.config.kubernetes.io/'
        rows = (
            ('none', {}, None),
            ('old', {old + 'path': 'a', old + 'index': '1'},
             {'path': 'a', 'index': 1}),
            ('a number', {new + 'path': 'a', new + 'index': 0},
             {'path': 'a', 'index': 0}),
            ('no index', {new + 'path': 'a'}, {'path': 'a'}),
            ('an odd index', {new + 'path': 'a', new + 'index': '-1'},
             {'path': 'a'}),
            ('a long index', {new + 'path': 'a', new + 'index': '9' * 30},
             {'path': 'a'}),
            ('an index alone', {new + 'index': '1'}, None),
            ('no texts', {new + 'path': {'a': 'b'}, new + 'index': []}, None),
            ('no annotations', None, None),
            ('a list', ['a'], None),
            ('odd', {new + 'path': 'a"\n- b: [\u2028\x7f#\'{\ufeff'},
             {'path': 'a"\n- b: [\u2028\x7f#\'{\ufeff'}),
        )
        for name, annotations, wanted in rows:
            with self.subTest(name):
                result, = self.results([named('a', 'nginx',
                                              annotations=annotations)])
                self.assertEqual(result.get('file'), wanted)

    def test_warnings(self):
        """What is not changed and deserves a look."""
        rows = {
            'quay.io/a/b:1': 'quay.io/a/b:1 matches no rule',
            '${IMAGE}': '${IMAGE} is left alone: this is a placeholder',
            'a b': 'a b is left alone: this is not an image reference',
            'm.io/hub/library/nginx': None,
        }
        for image, message in rows.items():
            with self.subTest(image):
                self.assertEqual(
                    [(result['message'], result['severity'],
                      result['field']['currentValue'])
                     for result in self.results([named('a', image)])],
                    [(message, 'warning', image)] if message else [])

    def test_warning_of_an_item(self):
        """A warning that is of no image has a resource all the same."""
        text = LIST.replace('      - {image:', '        image: busybox\n'
                            '      - {image:')
        out = self.run_fn(text).text
        self.assertIn('severity: warning\n  resourceRef:\n    apiVersion: v1\n'
                      '    kind: Pod\n    name: web\n', out)

    def test_fields(self):
        """The path of the field in its resource."""
        inner = 'kind: Pod\nspec: {containers: [{image: nginx}]}\n'
        rows = (
            ('a list among the items', ('spec.containers[1].image', 'Pod'),
             {'apiVersion': 'v1', 'kind': 'List',
              'items': [{'kind': 'Service'}, named('a', '', 'nginx')]}),
            ('a document in a string',
             ('data.[x/y.yaml].spec.containers[0].image', 'ConfigMap'),
             {'apiVersion': 'v1', 'kind': 'ConfigMap',
              'metadata': {'name': 'a'}, 'data': {'x/y.yaml': inner}}),
            ('a key that is a number', ('data.7.spec.containers[0].image',
                                        'ConfigMap'),
             {'apiVersion': 'v1', 'kind': 'ConfigMap',
              'metadata': {'name': 'a'}, 'data': {'7': inner}}),
        )
        for name, wanted, item in rows:
            with self.subTest(name):
                result = self.results([item], '--find', 'all')[-1]
                self.assertEqual((result['field']['path'],
                                  result['resourceRef']['kind']), wanted)

    def test_no_kind(self):
        """An item without a kind has no resourceRef, and so no field."""
        result, = self.results([{'a': {'image': 'nginx'}}], '--field',
                               ':a/image')
        self.assertEqual(set(result), {'message', 'severity', 'tags'})

    def test_injection(self):
        """Names are texts, whatever they look like, in YAML as well."""
        odd = 'a\\"\\n- b: {c: [d\', &e *f !g #h %i @j `k | > \\t\\u0085\\u2028'
        text = LIST.replace('&name web', f'&name "{odd}"')
        out = self.run_fn(text).text
        self.assertEqual(out.count('\n- '), 3)
        self.write('a.yaml', out)
        again = self.tool('rewrite', '--prefix', 'quay.io=a.io', 'a.yaml')
        self.assertEqual(again.text, out)

    def test_config_is_left_alone(self):
        """The configuration is not rewritten, even where an item has its text
        from there."""
        text = (f'{HEAD}functionConfig:\n  apiVersion: imgrewrite/v1\n'
                '  kind: RewriteRules\n  metadata: {name: &a nginx}\n'
                '  images: [{name: *a, newName: m.io/n}]\n'
                f'items:\n{ITEM.replace(chr(34) + "nginx" + chr(34), "*a")}')
        out = self.run_fn(text).text
        self.assertTrue(out.startswith(text.replace('image: *a',
                                                    'image: m.io/n')))

    def test_aliases_across_items(self):
        """An item that is another one again, or has its image from there."""
        text = (f'{HEAD}items:\n- &a\n  kind: Pod\n  spec:\n    containers:\n'
                '    - image: &i nginx\n- *a\n- kind: Pod\n'
                f'  spec: {{containers: [{{image: *i }}]}}\n{CONFIG}')
        out = self.run_fn(text).text
        self.assertTrue(out.startswith(text.replace('nginx', NGINX, 1)))

    def test_command_line(self):
        """Rules of the command line are added, and come first."""
        run = self.run_fn(LIST, '--image', 'nginx=quay.io/n', '--exclude',
                          'redis')
        self.assertIn('image: "quay.io/n"', run.text)
        self.assertIn("image: 'redis:7'", run.text)
        alone = self.run_fn(f'{HEAD}items:\n{ITEM}', '--prefix',
                            'docker.io=m.io/hub')
        self.assertTrue(alone.text.startswith(change(f'{HEAD}items:\n{ITEM}')))

    def test_same_as_rewrite(self):
        """The items become what rewrite makes of them."""
        text = (f'{HEAD}items:\n{ITEM}- apiVersion: kustomize.config.k8s.io/v1\n'
                '  kind: Kustomization\n  images:\n'
                '  - {name: nginx, newName: docker.io/acme/web}\n'
                '  - {name: controller, newName: redis}\n')
        args = '--prefix', 'docker.io=m.io/hub', '--find', 'all'
        rewritten = self.tool('rewrite', *args, '-', stdin=text.encode()).out
        self.assertIn(b'newName: m.io/hub/acme/web', rewritten)
        self.assertTrue(self.run_fn(text, *args).out.startswith(rewritten))

    def test_refused(self):
        """What fails prints nothing, and says why."""
        rows = (
            ('empty', '', 'nothing in it'),
            ('a comment', '# a\n', 'nothing in it'),
            ('resources', pod('nginx'), 'imgrewrite rewrite -'),
            ('two lists', f'{LIST}---\n{LIST}', 'second document'),
            ('no items', f'{HEAD}{CONFIG}', 'no items'),
            ('no rules', f'{HEAD}items: []\n', 'there is no rule'),
            ('another kind', f'{HEAD}items: []\nfunctionConfig: '
             '{apiVersion: a.b/v1, kind: Widget}\n', 'ImageTagTransformer'),
            ('broken', f'{LIST}- [\n', ''),
            ('no UTF-8', LIST.encode() + b'# \xff\n', ''),
            ('an item that is broken', LIST.replace('*name', '*nobody'), ''),
            ('duplicates', f'{LIST}items: []\n', '"items" twice'),
            ('two of a prefix', LIST.replace(
                '    - {prefix', '    - {prefix: docker.io, location: a.io}\n'
                '    - {prefix'), 'docker.io'),
        )
        for name, text, word in rows:
            with self.subTest(name):
                run = self.run_fn(text, status=2)
                self.assertIn(word, run.of('error')[0].text)
                self.assertEqual(run.of('error')[0].path, '-')

    def test_usage(self):
        """It takes no files, and its input is not for rules as well."""
        for args in (('a.yaml',), ('-', '-'), ('--rules', '-'),
                     ('--keep-going',), ('-i',), ('--hidden',)):
            with self.subTest(args):
                self.run_fn(LIST, *args, status=2)
        self.run_fn(LIST, '-')
        self.run_fn(LIST, '--max-size', '10', status=2)

    def test_full(self):
        """What cannot be printed is an error."""
        with open('/dev/full', 'wb') as full:
            self.tool('fn', stdin=LIST.encode(), stdout=full, status=2)

    def test_validate(self):
        """A validator says which images would change, by the file that they
        are in, and prints nothing else."""
        run = self.run_fn(LIST, '--validate', status=1)
        first, second = run.of('error')
        self.assertEqual(
            (first.line, first.column, first.text),
            ('13', '16', 'a: b.yaml[3] Pod/web spec.containers[0].image: nginx '
             f'has to be {NGINX}, by prefix docker.io'))
        self.assertIn(REDIS, second.text)
        self.run_fn(change(LIST), '--validate')
        self.run_fn(LIST, '--validate', '-q', status=1)
        self.run_fn('', '--validate', status=2)

    def test_validate_obstacle(self):
        """An image that should change and cannot is not as it should be."""
        values = ('global: {imageRegistry: docker.io}\n'
                  'a: {image: {repository: x/a, tag: v1}}\n'
                  'b: {image: {repository: x/b, tag: v1}}\n')
        text = as_json([{'apiVersion': 'v1', 'kind': 'ConfigMap',
                         'metadata': {'name': 'a'},
                         'data': {'values.yaml': values}}],
                       functionConfig=RULES)
        args = '--find', 'all', '--exclude', 'docker.io/x/b'
        run = self.run_fn(text, *args)
        result, = json.loads(run.text)['results']
        self.assertEqual(result['severity'], 'warning')
        self.assertEqual(result['field']['proposedValue'], 'm.io/hub/x/a:v1')
        run = self.run_fn(text, *args, '--validate', status=1)
        self.assertIn('m.io/hub/x/a:v1', run.of('error')[0].text)

    def test_fail_on(self):
        """Options that find something have the status say so."""
        text = LIST.replace('redis:7', 'quay.io/a')
        run = self.run_fn(text, '--fail-on-unmatched', status=1)
        self.assertIn('quay.io/a', run.of('unmatched')[0].text)
        self.run_fn(LIST, '--fail-on-unmatched')
        self.run_fn(LIST, '--fail-on-unused-rule', '--prefix', 'quay.io=q.io',
                    status=1)

    def test_pull_secret(self):
        """Pods get their secret here as elsewhere."""
        run = self.run_fn(LIST, '--pull-secret', 'regcred')
        self.assertIn('imagePullSecrets:', run.text)

    def test_rules_file(self):
        """A file of rules may be what a functionConfig may be."""
        self.write('a.yaml', 'apiVersion: v1\nkind: ConfigMap\n'
                   'data: {prefix.docker.io: m.io/hub}\n')
        run = self.tool('resolve', '--rules', 'a.yaml', 'nginx')
        self.assertEqual(run.text, f'{NGINX}\n')

    def test_large(self):
        """A list of many items, with a result for each."""
        count = 3000
        items = [named(f'p{index}', f'a{index}:1') for index in range(count)]
        results = self.results(items, '-q')
        self.assertEqual(len(results), count)
        self.assertEqual(results[-1]['resourceRef']['name'], f'p{count - 1}')


DEPLOYMENT = """\
# of the web
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 0x2
  template:
    spec:
      containers:
      - {name: a, image: 'nginx:1.25'}
      - name: b
        image: quay.io/acme/api:2
"""
FLAGS = '--enable-alpha-plugins', '--enable-exec'


@unittest.skipUnless(KUSTOMIZE, 'kustomize is not in PATH or IMGREWRITE_PEERS')
class KustomizeTest(ToolTest):
    """What kustomize makes of it."""

    def setUp(self):
        super().setUp()
        self.write('deploy.yaml', DEPLOYMENT)
        self.write('pod.yaml', pod('redis', '"quay.io/x:1"', 'busybox:1'))

    def build(self, kind='', config='', args='fn', flags=FLAGS, status=0):
        """What is built, with a function of this kind or without one. Without
        arguments it is no function, but a plugin."""
        text = 'resources: [deploy.yaml, pod.yaml]\n'
        if kind:
            text += f'{kind}:\n- |-\n{config}  metadata:\n    name: a\n'
        if args and kind:
            text += ('    annotations:\n      config.kubernetes.io/function: '
                     f'"exec: {{path: {os.path.abspath(TOOL)}, '
                     f'args: [{args}]}}"\n')
        self.write('kustomization.yaml', text)
        done = subprocess.run([KUSTOMIZE, 'build', *flags, self.folder],
                              capture_output=True, timeout=120, check=False,
                              env={**os.environ,
                                   'XDG_CONFIG_HOME': self.path('config')})
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stdout, done.stderr.decode()

    CONFIGS = {
        'RewriteRules': '  apiVersion: imgrewrite/v1\n  kind: RewriteRules\n'
                        '  registries:\n'
                        '  - {prefix: docker.io, location: m.io/hub}\n',
        'ConfigMap': '  apiVersion: v1\n  kind: ConfigMap\n'
                     '  data: {prefix.docker.io: m.io/hub}\n',
    }

    def test_transformer(self):
        """Its build is the rewritten build."""
        built, _ = self.build()
        wanted = self.tool('rewrite', '--prefix', 'docker.io=m.io/hub', '-',
                           stdin=built).out
        self.assertNotEqual(wanted, built)
        for name, config in self.CONFIGS.items():
            with self.subTest(name):
                self.assertEqual(self.build('transformers', config)[0], wanted)

    def test_set_image(self):
        """So it is where one image is set."""
        built, _ = self.build()
        wanted = self.tool('rewrite', '--image', 'nginx=m.io/n:2', '-',
                           stdin=built).out
        config = ('  apiVersion: fn.kpt.dev/v1alpha1\n  kind: SetImage\n'
                  '  image: {name: nginx, newName: m.io/n, newTag: "2"}\n')
        self.assertEqual(self.build('transformers', config)[0], wanted)

    def test_plugin(self):
        """rewrite is a plugin, with the lines that the manual has."""
        built, _ = self.build()
        wanted = self.tool('rewrite', '--prefix', 'docker.io=m.io/hub', '-',
                           stdin=built).out
        self.write('config/kustomize/plugin/imgrewrite/v1/rewriterules/'
                   'RewriteRules', '#!/bin/sh\nexec '
                   f'{os.path.abspath(TOOL)} rewrite --rules "$1" -\n', 0o755)
        self.assertEqual(self.build('transformers',
                                    self.CONFIGS['RewriteRules'], args='',
                                    flags=FLAGS[:1])[0], wanted)

    def test_skipped(self):
        """Without --enable-exec nothing happens, as the manual says."""
        built, _ = self.build()
        self.assertEqual(
            self.build('transformers', self.CONFIGS['RewriteRules'],
                       flags=FLAGS[:1]), (built, ''))

    def test_error(self):
        """An error ends the build, and is on standard error."""
        out, err = self.build('transformers', self.CONFIGS['ConfigMap'].replace(
            'prefix', 'prefx'), status=1)
        self.assertEqual(out, b'')
        self.assertIn('did you mean prefix', err)

    def test_validator(self):
        """A validator ends the build where an image would change."""
        config = self.CONFIGS['RewriteRules']
        built, _ = self.build()
        out, err = self.build('validators', config, 'fn, --validate', status=1)
        self.assertEqual(out, b'')
        self.assertIn('nginx:1.25 has to be m.io/hub/library/nginx:1.25', err)
        config = config.replace('docker.io', 'gcr.io')
        self.assertEqual(
            self.build('validators', config, 'fn, --validate')[0], built)


if __name__ == '__main__':
    main()
