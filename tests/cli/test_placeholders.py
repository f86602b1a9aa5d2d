"""Images of which the end is filled in later: the name moves, the end stays.

What each becomes is worked out here, by putting strings together, from names,
ends and rules that are written down apart.
"""

import json
import os
import re
import subprocess
import sys
import unittest

from support import DIGEST, ROOT, ToolTest, main, pod

sys.path.append(os.path.join(ROOT, 'tests', 'corpus'))

from corpus import find_peer  # noqa: E402

KUSTOMIZE = find_peer('kustomize')

# As written, and its full name.
NAMES = {
    'nginx': 'docker.io/library/nginx',
    'acme/site': 'docker.io/acme/site',
    'quay.io/acme/web': 'quay.io/acme/web',
    'localhost:5000/a': 'localhost:5000/a',
    'Quay.IO/x__y/z-1.2': 'quay.io/x__y/z-1.2',
}
ENDS = [
    ':${TAG}', ':$(TAG)', ':$TAG', '@$(DIGEST)', ':{{ .tag }}', ':{{.tag}}',
    ':repl{{ ConfigOption "tag" }}', ':{{repl ConfigOption "tag" }}', ':%V%',
    ':@@T@@', ':@T@', ':${TAG:=1}', ':${T:-a/b@c:d}', ':<TAG>', ':#{T}#',
    ':1.2-${SUFFIX}', ':v{{ .x }}', ':${A}.${B}-c', ':1@${D}', '@sha256:${D}',
    f':${{T}}@{DIGEST}', ":{{ default '1' .t }}", ':{{ "a\\\\b" }}',
    ':{{ `}}` }}', ':{{ "ä" }}', ':[[ .tag ]]', ':((tag))',
    ':(( grab meta.tag ))', ':{% if a %}1{% else %}2{% endif %}', ':%%T%%',
    ':{TAG}', ':%{T}', ':%(T)s', ':$[variables.t]', ':1-@T@', '@__D__',
    ':__T__', ':1-#{T}#',
]


def below(location):
    """What a preset or prefix for all registries makes of a full name."""
    return lambda name: f'{location}/{name.split("/", 1)[1]}'


def mirror(registry, location):
    """What a prefix rule makes of a full name, or None."""
    def move(name):
        start, rest = name.split('/', 1)
        return f'{location}/{rest}' if start == registry else None
    return move


RULES = [
    (['--prefix', 'docker.io=m.io/hub'], mirror('docker.io', 'm.io/hub')),
    (['--prefix', '*=m.io'], below('m.io')),
    (['--preset', 'harbor:host=h.io,project=p'], mirror('docker.io', 'h.io/p')),
]
NO_RULE = 'no rule speaks of it'


def written(name, end, style):
    """A scalar of YAML with the image."""
    text = name + end
    if style == 'double':
        text = text.replace('\\', '\\\\').replace('"', '\\"')
        return f'"{text}"'
    text = text.replace("'", "''")
    return f"'{text}'"


def manifest(images):
    """Pods with these scalars, one a pod."""
    return ''.join(
        f'apiVersion: v1\nkind: Pod\nmetadata: {{name: p{i}}}\n'
        f'spec: {{containers: [{{name: a, image: {image}}}]}} # {i}\n---\n'
        for i, image in enumerate(images))


class PlaceholdersTest(ToolTest):
    """Names times ends times rules."""

    def test_rewrite(self):
        """Only the name changes, whatever spells the rest."""
        pairs = [(name, end) for name in NAMES for end in ENDS]
        for style in 'double', 'single':
            before = manifest(written(*pair, style) for pair in pairs)
            for options, move in RULES:
                after = manifest(
                    written(move(NAMES[name]) or name, end, style)
                    for name, end in pairs)
                self.write('a.yaml', before)
                run = self.tool('rewrite', *options, 'a.yaml')
                self.assertEqual(run.text, after)
                self.write('b.yaml', after)
                again = self.tool('rewrite', '--check', *options, 'b.yaml')
                self.assertIn('0 images in 0 of 1 file would be', again.err)

    def test_resolve(self):
        """A line for a line, and why."""
        pairs = [(name, end) for name in NAMES for end in ENDS]
        text = '\n'.join(name + end for name, end in pairs)
        for options, move in RULES:
            run = self.tool('resolve', '-v', *options, '-',
                            stdin=text.encode())
            rows = [line.split('\t') for line in run.text.splitlines()]
            self.assertEqual([row[0] for row in rows],
                             [(move(NAMES[name]) or name) + end
                              for name, end in pairs])
            for (name, _), row in zip(pairs, rows):
                self.assertIn(f'its full name is {NAMES[name]}', row[2])
                self.assertEqual(NO_RULE in row[2], not move(NAMES[name]))

    def test_quotes(self):
        """A host in brackets begins a list, unless quotes are around it."""
        for plain, quoted in (('r.io/a:${T}', '"[::1]:5000/a:${T}"'),
                              ('r.io/a:{{ "x\\y" }}',
                               '"[::1]:5000/a:{{ \\"x\\\\y\\" }}"'),
                              ("'r.io/a:{{ ''x'' }}'",
                               "'[::1]:5000/a:{{ ''x'' }}'")):
            text = pod(plain)
            self.write('a.yaml', text)
            run = self.tool('rewrite', '--prefix', 'r.io=[::1]:5000', 'a.yaml')
            self.assertEqual(run.text, text.replace(plain, quoted))

    def test_undecided(self):
        """A rule for a tag is told at the place, and nothing moves."""
        text = manifest(['"nginx:${TAG}"', '"nginx:2"', '"nginx:v${X}"'])
        self.write('a.yaml', text)
        options = ['--image', 'nginx:1=m.io/n:2', '--prefix', 'docker.io=m.io']
        run = self.tool('rewrite', *options, 'a.yaml')
        self.assertEqual(run.text, text.replace('"nginx:2', '"m.io/library/'
                                                'nginx:2')
                         .replace('"nginx:v', '"m.io/library/nginx:v'))
        warning, = run.of('warning')
        self.assertEqual((warning.line, warning.column), ('4', '38'))
        self.assertIn('nginx:${TAG} is left alone: image nginx:1 depends on',
                      warning.text)
        self.tool('rewrite', '--check', '--fail-on-unmatched', *options,
                  'a.yaml', status=1)
        self.tool('rewrite', '--report=r.json', *options, 'a.yaml')
        images = json.loads(self.read('r.json'))['files'][0]['images']
        self.assertIn('filled in later', images[0]['reason'])
        self.assertIsNone(images[0]['new'])
        self.assertEqual(images[2]['new'], 'm.io/library/nginx:v${X}')
        run = self.tool('resolve', *options, '-', stdin=b'nginx:${T}\nx\n',
                        status=2)
        self.assertEqual(run.text, 'nginx:${T}\nm.io/library/x\n')
        error, = run.of('error')
        self.assertIn('image nginx:1 depends on the tag', error.text)

    def test_unmatched(self):
        """--fail-on-unmatched sees them as it sees other images."""
        self.write('a.yaml', manifest(['"quay.io/a:${T}"', '"m.io/a:${T}"']))
        run = self.tool('rewrite', '--check', '--fail-on-unmatched',
                        '--prefix', 'docker.io=m.io', 'a.yaml', status=1)
        self.assertEqual([line.text for line in run.of('unmatched')],
                         ['quay.io/a:${T}'])

    def test_collisions(self):
        """Names that become one, of which a tag is not known."""
        tag, late = '"r.io/web:1"', '"q.io/web:${T}"'
        for images, places in (
                ([tag, late], '2'), ([late, tag], '2'),
                (['"r.io/web:1"', '"q.io/web:2"', '"q.io/web:${T}"'], '3'),
                (['"q.io/web:2"', '"r.io/web:1"', '"q.io/web:${T}"'], '3'),
                ([late, '"r.io/web:{{ .t }}"'], '2'),
                ([late, '"r.io/web:${T}"'], '2')):
            self.write('a.yaml', manifest(images))
            run = self.tool('rewrite', '--check', '--prefix', '*=m.io',
                            'a.yaml', status=2)
            error, = run.of('error')
            self.assertEqual(error.line, str(5 * int(places) - 1))
            self.assertRegex(error.text, r'would become m.io/web:.*, and so '
                             r'does .* which is another image')
            self.tool('rewrite', '--check', '--prefix', '*=m.io',
                      '--allow-collisions', 'a.yaml', status=1)
        for images in ([late, '"q.io/web:1"', '"q.io/web:{{ .t }}"'],
                       [tag, '"q.io/web@$(D)"'], [tag, '"q.io/web:2"'],
                       [tag, '"q.io/x:${T}"']):
            self.write('a.yaml', manifest(images))
            self.tool('rewrite', '--check', '--prefix', '*=m.io', 'a.yaml',
                      status=1)

    def test_told(self):
        """Where the name is filled in later, too, that is told at the place."""
        self.write('values.yaml', """\
a: {image: {registry: "${R}", repository: a/b, tag: "1"}}
b: {image: {repository: "{{ .r }}", tag: "1"}}
c: {image: "${R}/c:1"}
d: {image: "{{ .image }}"}
imageRepository: "${R}/e"
imageTag: "1"
f: {logo: "${R}/f.png", hint: "{{ .a }}:{{ .b }}"}
""")
        self.write('pod.yaml', """\
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
  - name: a
    args:
    - --image=${R}/a:1
    - --acme-http01-solver-image=$(IMAGE)
    - --image-dir=${HOME}/images
    env:
    - {name: RELATED_IMAGE_X, value: "${R}/b:1"}
    - {name: IMAGE, value: "{{ .r }}:{{ .t }}"}
    - {name: ANY, value: "r.io/${O}/c:1"}
    - {name: IMAGE_SERVER, value: "${H}:${P}"}
    - {name: IMAGE_TAG, value: "${T}"}
    - {name: PATH, value: "/usr/bin:$PATH"}
""")
        run = self.tool('rewrite', '--check', '--find=all', '--prefix',
                        '*=m.io', 'values.yaml', 'pod.yaml')
        self.assertEqual(
            [(told.path, told.line) for told in run.of('warning')],
            [('values.yaml', line) for line in '12345'] +
            [('pod.yaml', line) for line in ('8', '9', '12', '13', '14')])
        for told in run.of('warning'):
            self.assertIn('left alone: this is a placeholder', told.text)
            self.assertIn('; change the value that is filled in', told.text)
        self.assertIn('10 left alone, 10 of them without a reference', run.err)

    def test_registries(self):
        """A registry is told once; where images are below it, each is."""
        for text, lines in (
                ('imageRegistry: "((r))"\n', '1'),
                ('global:\n  imageRegistry: "quay.io/${O}"\n', '2'),
                ('global:\n  hub: "[[ .r ]]"\n', '2'),
                ('imageRegistry: "${R}"\na: {image: {registry: q.io, '
                 'repository: a, tag: "1"}}\n', '1'),
                ('imageRegistry: "${R}"\na: {image: {repository: a, tag: '
                 '"1"}}\nb: {image: {repository: b, tag: "1"}}\n', '23')):
            self.write('a.yaml', text)
            run = self.tool('rewrite', '--check', '--find=all', '--prefix',
                            'quay.io=m.io', 'a.yaml')
            told = [told for told in run.of('warning') if told.line]
            self.assertEqual([one.line for one in told], list(lines))
            for one in told:
                self.assertIn('this is a placeholder', one.text)

    def test_told_otherwise(self):
        """What nothing fills in gets no such advice."""
        self.write('a.yaml', manifest(["'scratch'", "'r.io/*'", "'r.io/A'"]))
        run = self.tool('rewrite', '--check', '--prefix', '*=m.io', 'a.yaml')
        self.assertEqual(len(run.of('warning')), 3)
        self.assertNotIn('filled in', run.err)

    @unittest.skipUnless(KUSTOMIZE, 'kustomize is not there')
    def test_overlay(self):
        """kustomize makes of the overlay what rewrite makes of the files.

        Its `images:` does not match all such references: `{{.t}}` is a tag to
        it, and `${T}` is not."""
        images = [f'{name}{end}' for name in ('r.io/a', 'r.io/b', 'q.io/c')
                  for end in (':1', ':${T}', ':{{.t}}', ':{{ .t }}', '@$(D)',
                              f':{{{{.t}}}}@{DIGEST}', ':${T:=1}')]
        text = manifest(written(image, '', 'single') for image in images)
        for options in (['--prefix', 'r.io=m.io/r'], ['--prefix', '*=m.io'],
                        ['--image', 'r.io/a=m.io/a'],
                        ['--image', 'r.io/a=m.io/a:2'],
                        ['--image', 'r.io/a:1=m.io/a:2',
                         '--prefix', 'r.io=m.io/r']):
            self.write('in/a.yaml', text)
            rewritten = self.tool('rewrite', *options, 'in/a.yaml').text
            self.tool('overlay', '--app=a', *options, '-O', 'made', 'in')
            built = subprocess.run(
                [KUSTOMIZE, 'build', self.path('made', 'overlays',
                                               'midstream')],
                capture_output=True, text=True, timeout=60, check=True).stdout
            # kustomize quotes what it has to
            found = re.findall(r"^ *- image: (?:'(.*)'|(.*))$", built, re.M)
            self.assertEqual(
                sorted(one or other for one, other in found),
                sorted(re.findall(r"image: '(.*)'", rewritten)), options)
            subprocess.run(['rm', '-r', self.path('made')], check=True)

    def test_list(self):
        """list has them, with the reason in JSON, and says how many."""
        self.write('a.yaml', manifest(['"nginx:${T}"', '"nginx:1"',
                                       '"${R}/nginx:1"']))
        run = self.tool('list', '--unique', 'a.yaml')
        self.assertEqual(run.text, 'nginx:${T}\nnginx:1\n')
        self.assertIn('2 images in 1 of 1 file, 1 of them filled in later, 1 '
                      'place without a reference', run.err)
        run = self.tool('list', '-o', 'json', 'a.yaml')
        self.assertEqual([(item['old'], item.get('reason'))
                          for item in json.loads(run.out)],
                         [('nginx:${T}', 'an image whose tag is filled in '
                           'later'), ('nginx:1', None),
                          ('${R}/nginx:1', 'a placeholder')])


if __name__ == '__main__':
    main()
