"""Templates: read without their actions, and not rendered."""

from support import HUB, ToolTest, main

TEMPLATE = """\
{{- if .Values.enabled }}
apiVersion: v1
kind: Pod
metadata: {name: {{ .Release.Name }}}
spec:
  containers:
  - name: a
    image: "nginx:{{ .Values.tag }}"
  - name: b
    image: {{ .Values.image }}
{{- end }}
"""
NEW = TEMPLATE.replace('nginx:', 'r.example.com/hub/library/nginx:')


class TemplatesTest(ToolTest):
    def setUp(self):
        super().setUp()
        self.write('t/a.yaml', TEMPLATE)

    def test_rewrite(self):
        """The image moves, in every way to write it."""
        self.assertEqual(self.rewrite('t/a.yaml').out.decode(), NEW)
        self.rewrite('-O', 'out', 't')
        self.assertEqual(self.read('out/a.yaml').decode(), NEW)
        run = self.rewrite('--stream', '-', stdin=TEMPLATE.encode())
        self.assertEqual(run.out.decode(), NEW)
        self.rewrite('-i', 't')
        self.assertEqual(self.read('t/a.yaml').decode(), NEW)
        self.rewrite('--check', 't')

    def test_placeholder(self):
        """An image that is made of actions is told of."""
        message, = self.rewrite('--check', 't', status=1).of('warning')
        self.assertEqual((message.line, message.column), ('10', '12'))
        self.assertIn('placeholder: "{{ .Values.image }}"', message.text)

    def test_off(self):
        """As it stands it is no YAML."""
        for command in ('rewrite', *HUB), ('list',):
            error, = self.tool(*command, '--templates', 'off', 't/a.yaml',
                               status=2).of('error')
            self.assertIn('Helm template', error.text)
            self.assertNotIn('masked', error.text)
        run = self.rewrite('--templates', 'on', 't/a.yaml', status=2)
        self.assertIn('auto', run.err)

    def test_pull_secret(self):
        """A template gets none, and that is said."""
        run = self.rewrite('--pull-secret', 's', 't/a.yaml')
        self.assertEqual(run.out.decode(), NEW)
        self.assertIn('1 image is of pods inside of texts', run.err)
        self.assertIn('no pull secret', run.err)

    def test_overlay(self):
        """kustomize reads no templates."""
        run = self.tool('overlay', *HUB, '--app', 'a', '-O', 'out', 't',
                        status=2)
        error, = run.of('error')
        self.assertIn('kustomize reads no templates', error.text)

    def test_config_map(self):
        """A template in a ConfigMap is read where that is asked for."""
        text = ('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata:\n'
                '  pod: |\n' + ''.join(f'    {line}\n'
                                      for line in TEMPLATE.splitlines()))
        self.write('m.yaml', text)
        self.assertEqual(self.rewrite('m.yaml').out.decode(), text)
        run = self.rewrite('--find', 'configmap', 'm.yaml')
        self.assertEqual(run.out.decode(), text.replace(
            'nginx:', 'r.example.com/hub/library/nginx:'))


if __name__ == '__main__':
    main()
