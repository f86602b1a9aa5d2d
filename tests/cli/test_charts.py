"""Folders of Helm charts: what counts there unless somebody says what does."""

from support import HUB, ToolTest, main

CHART = """\
apiVersion: v2
name: web
version: 1.0.0
annotations:
  artifacthub.io/images: |
    - name: web
      image: docker.io/acme/web:1
"""
VALUES = 'image:\n  repository: docker.io/acme/web\n  tag: "1"\n'
TEMPLATE = """\
apiVersion: v1
kind: Pod
metadata: {name: "{{ .Release.Name }}"}
spec: {containers: [{name: a, image: nginx}, {name: b, image: {{ .b }}}]}
"""


class ChartsTest(ToolTest):
    def setUp(self):
        super().setUp()
        for folder in ('web', 'web/charts/part', 'deploy/inner'):
            self.write(f'{folder}/Chart.yaml', CHART)
            self.write(f'{folder}/values.yaml', VALUES)
            self.write(f'{folder}/values.production.yaml', VALUES)
            self.write(f'{folder}/templates/pod.yaml', TEMPLATE)
        self.write('deploy/values.yaml', VALUES)

    def images(self, *options):
        """What is listed, as (file, class)."""
        rows = self.tool('list', '-q', '-o', 'tsv', *options).out.decode()
        return sorted((row.split('\t')[1], row.split('\t')[-1])
                      for row in rows.splitlines())

    @staticmethod
    def chart(folder):
        """What a chart has."""
        return [(f'{folder}/Chart.yaml', 'annotations'),
                (f'{folder}/templates/pod.yaml', 'pod'),
                (f'{folder}/values.production.yaml', 'helm-values'),
                (f'{folder}/values.yaml', 'helm-values')]

    def test_named(self):
        """A chart that is named, and the one in it."""
        self.assertEqual(self.images('web'), sorted(
            self.chart('web') + self.chart('web/charts/part')))

    def test_met(self):
        """A chart that is met in a walk; values beside it are not its own."""
        self.assertEqual(self.images('deploy'), self.chart('deploy/inner'))

    def test_files(self):
        """A file alone is in no chart."""
        self.assertEqual(self.images('web/values.yaml'), [])

    def test_classes(self):
        """Who says which classes count has these."""
        self.assertEqual(self.images('--find', 'default', 'web'), sorted(
            row for folder in ('web', 'web/charts/part')
            for row in self.chart(folder) if row[1] == 'pod'))
        self.write('rules.yaml', 'apiVersion: imgrewrite/v1\n'
                   'kind: RewriteRules\nfind: [crd]\n')
        run = self.tool('rewrite', '--check', *HUB, '--rules', 'rules.yaml',
                        'web', status=0)
        self.assertIn('0 images in 0 of', run.last)

    def test_rewrite(self):
        """All of a chart moves."""
        self.rewrite('-i', 'web')
        self.assertEqual(self.read('web/values.yaml').decode(),
                         VALUES.replace('docker.io', 'r.example.com/hub'))
        self.assertEqual(self.read('web/Chart.yaml').decode(),
                         CHART.replace('docker.io', 'r.example.com/hub'))
        self.assertEqual(self.read('web/templates/pod.yaml').decode(),
                         TEMPLATE.replace('nginx',
                                          'r.example.com/hub/library/nginx'))


if __name__ == '__main__':
    main()
