"""The templates of real charts, where they lie.

Nearly all can be read, an edit changes an image and nothing else, and a second
run changes nothing. Where Helm can be had, what a rewritten chart renders is
compared with what the chart renders, rewritten.
"""

import os
import shutil
import subprocess

from corpus import DATA, FolderTest, find_peer, main, tool

CHARTS = DATA and os.path.join(DATA, 'charts')
HOSTS = ('docker.io', 'quay.io', 'ghcr.io', 'registry.k8s.io', 'gcr.io')
RULES = [word for host in HOSTS
         for word in ('--prefix', f'{host}=m.example.com/{host}')]


def templates():
    """The templates that have actions."""
    for folder, _, names in os.walk(CHARTS):
        if '/templates' not in folder:
            continue
        for name in names:
            path = os.path.join(folder, name)
            if name.endswith(('.yaml', '.yml')):
                with open(path, encoding='utf-8') as file:
                    if '{{' in file.read():
                        yield path


def render(helm, chart):
    """What Helm makes of a chart; None: it fails."""
    run = subprocess.run([helm, 'template', 'r', chart], check=False,
                         capture_output=True, timeout=60)
    return run.stdout if run.returncode == 0 else None


class ChartsTest(FolderTest):
    def copy(self, name):
        """Copies the charts, which may be read-only."""
        shutil.copytree(CHARTS, self.path(name))
        subprocess.run(['chmod', '-R', 'u+w', self.path(name)], check=True)

    def test_reading(self):
        """At least 99 of 100 can be read; the others are named with a line."""
        paths = sorted(templates())
        run = tool(self.folder, 'list', '--strict', *paths)
        errors = [line for line in run.err.splitlines() if ': error: ' in line]
        self.assertGreater(len(paths), 400)
        for line in errors:
            self.assertRegex(line, r'^\S+:\d+:\d+: error: .*Helm template')
        print(f'{len(paths) - len(errors)} of {len(paths)} templates are read')
        self.assertLessEqual(len(errors), len(paths) / 100)

    def test_edits(self):
        """What changes is the name of an image."""
        self.copy('edited')
        command = ('rewrite', '-i', '--find', 'all', '--skip-unparsable',
                   *RULES, 'edited')
        run = tool(self.folder, *command)
        self.assertEqual(run.status, 0, run.err)
        changed = 0
        for path in templates():
            with open(path, encoding='utf-8') as file:
                before = file.read()
            new = self.path('edited', os.path.relpath(path, CHARTS))
            with open(new, encoding='utf-8') as file:
                after = file.read()
            changed += before != after
            self.assertEqual(after.replace('m.example.com/docker.io/library/',
                                           '')
                             .replace('m.example.com/docker.io/', '')
                             .replace('m.example.com/', ''),
                             before.replace('docker.io/', ''), path)
        print(f'{changed} templates are changed')
        again = tool(self.folder, *command[:1], '--check', *command[2:])
        self.assertEqual(again.status, 0, again.err)

    def test_rendered(self):
        """A rewritten chart renders to what the chart renders to, rewritten.
        """
        helm = find_peer('helm')
        if not helm:
            self.skipTest('there is no helm')
        self.copy('charts')
        tool(self.folder, 'rewrite', '-i', '--find', 'all',
             '--skip-unparsable', *RULES, 'charts')
        compared, failed = 0, 0
        for name in sorted(os.listdir(CHARTS)):
            chart = os.path.join(CHARTS, name)
            if not os.path.isfile(os.path.join(chart, 'Chart.yaml')):
                continue
            rendered = render(helm, chart)
            if rendered is None:  # it wants values, or charts that are not here
                failed += 1
                continue
            with open(self.path('rendered.yaml'), 'wb') as file:
                file.write(rendered)
            run = tool(self.folder, 'rewrite', '--find', 'all', *RULES,
                       'rendered.yaml')
            self.assertEqual(render(helm, self.path('charts', name)), run.out,
                             name)
            compared += 1
        print(f'{compared} charts render the same; {failed} do not render')
        self.assertGreater(compared, 30)


if __name__ == '__main__':
    main()
