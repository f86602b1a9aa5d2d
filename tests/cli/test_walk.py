"""Which files a run finds, by which names, and in which order."""

import json
import os
import shutil

from support import HUB, ToolTest, contents, main, pod, snapshot

NEW = b'r.example.com/hub/library/nginx'


class WalkTest(ToolTest):
    """Folders are walked in byte order of names."""

    def found(self, *paths, **options):
        """The paths that a run over `paths` looks at, in order."""
        run = self.rewrite('--check', '--report', '-', *paths,
                           status=options.pop('status', 1), **options)
        return [file['path'] for file in json.loads(run.out)['files']]

    def test_endings(self):
        """YAML and JSON by their three endings, and nothing else."""
        for name in ('a.yaml', 'b.yml', 'c.json', 'd.txt', 'e.YAML', 'f',
                     'g.yaml.bak', 'h.yaml~', 'i.jsonnet', 'yaml', 'j.tpl'):
            self.write(f'dir/{name}', pod('nginx'))
        self.assertEqual(self.found('dir'),
                         ['dir/a.yaml', 'dir/b.yml', 'dir/c.json'])

    def test_kustomizations(self):
        """Those that have no ending, but no others that kustomize passes
        over."""
        for name in ('a/Kustomization', 'b/kustomization', 'c/KUSTOMIZATION',
                     'd/Kustomization.md', 'e/xKustomization',
                     '.f/Kustomization', 'g/Kustomization/h.yaml',
                     'i/kustomization.yml', 'j/Kustomization.yaml'):
            self.write(f'dir/{name}', pod('nginx'))
        self.assertEqual(self.found('dir'),
                         ['dir/a/Kustomization', 'dir/g/Kustomization/h.yaml',
                          'dir/i/kustomization.yml',
                          'dir/j/Kustomization.yaml'])

    def test_any_name_when_named(self):
        """A file that is given is taken whatever it is called."""
        for name in ('d.txt', 'e.YAML', 'f', '.g'):
            self.write(name, pod('nginx'))
        self.assertEqual(self.found('f', 'd.txt', '.g', 'e.YAML'),
                         ['f', 'd.txt', '.g', 'e.YAML'])

    def test_order(self):
        """Bytes of names, folder by folder; arguments as they are given."""
        names = ['B.yaml', '_.yaml', 'a-b.yaml', 'a.yaml', 'a/z.yaml',
                 'a0.yaml', 'é.yaml', '10.yaml', '9.yaml', 'b/c/d.yaml',
                 'b/c.yaml']
        for name in names:
            self.write(f'dir/{name}', pod('nginx'))
        want = ['dir/10.yaml', 'dir/9.yaml', 'dir/B.yaml', 'dir/_.yaml',
                'dir/a/z.yaml', 'dir/a-b.yaml', 'dir/a.yaml', 'dir/a0.yaml',
                'dir/b/c/d.yaml', 'dir/b/c.yaml', 'dir/é.yaml']
        self.assertEqual(self.found('dir'), want)
        self.assertEqual(self.found('dir', env={'LC_ALL': 'C.UTF-8'}), want)
        self.assertEqual(self.found('dir/b', 'dir/a'),
                         ['dir/b/c/d.yaml', 'dir/b/c.yaml', 'dir/a/z.yaml'])

    def test_hidden(self):
        """.git and other hidden folders are left out, unless named."""
        for name in ('.git/a.yaml', '.github/b.yaml', 'c/.cache/d.yaml',
                     'c/e.yaml', '.f.yaml'):
            self.write(f'dir/{name}', pod('nginx'))
        self.assertEqual(self.found('dir'), ['dir/.f.yaml', 'dir/c/e.yaml'])
        self.assertEqual(self.found('dir/.github'), ['dir/.github/b.yaml'])

    def test_hidden_is_told(self):
        """Hidden manifests are counted; --hidden walks them, but not .git."""
        for name in ('.git/a.yaml', '.github/b.yaml', 'c/.d/e/f.yml',
                     'c/.d/g.json', 'c/e.yaml', '.empty/x.txt'):
            self.write(f'dir/{name}', pod('nginx'))
        self.write('dir/.ci/steps.yaml', 'steps: [{image: x}]\n')
        told = ('imgrewrite: 2 hidden folders with 3 manifests are not looked '
                'at; add --hidden')
        for args in (['list'], ['rewrite', *HUB, '--diff'],
                     ['overlay', *HUB, '--app=a', '-O', 'out']):
            run = self.tool(*args, 'dir')
            self.assertEqual(run.lines.count(told), 1, run.err)
        self.assertNotIn('hidden', self.tool('list', '-q', 'dir').err)
        run = self.tool('list', '--hidden', 'dir')
        self.assertNotIn('hidden', run.err)
        self.assertEqual(self.found('--hidden', 'dir'),
                         ['dir/.ci/steps.yaml', 'dir/.github/b.yaml',
                          'dir/c/.d/e/f.yml', 'dir/c/.d/g.json',
                          'dir/c/e.yaml'])
        run = self.tool('list', 'dir/.github', 'dir/c')
        self.assertIn('imgrewrite: 1 hidden folder with 2 manifests is not '
                      'looked at; add --hidden', run.lines)

    def test_hidden_output(self):
        """The output of this run is no manifest that is missed."""
        self.write('dir/a.yaml', pod('nginx'))
        for _ in range(2):
            run = self.rewrite('-O', 'dir/.out', 'dir')
            self.assertNotIn('hidden', run.err)

    def test_no_manifests(self):
        """A folder without manifests is told of, each in a line."""
        self.write('dir/readme.txt', 'x')
        self.write('one/a.yaml', pod('nginx'))
        os.mkdir(self.path('empty'))
        for args in (['list'], ['rewrite', *HUB, '--diff']):
            run = self.tool(*args, 'dir', 'one', 'empty')
            self.assertEqual([warning.path for warning in run.of('warning')],
                             ['dir', 'empty'])
            self.assertIn('no manifest', run.of('warning')[0].text)
        self.assertEqual(self.tool('list', '-q', 'dir').err, '')

    def test_locks_of_editors(self):
        """Emacs locks a file with a link that leads nowhere."""
        self.write('dir/a.yaml', pod('nginx'))
        os.symlink('ann@host.1234:5678', self.path('dir/.#a.yaml'))
        self.assertEqual(self.found('dir'), ['dir/a.yaml'])
        self.rewrite('-i', 'dir')
        os.symlink('nowhere', self.path('dir/#a.yaml'))
        self.rewrite('--check', 'dir', status=2)

    def test_folder_with_a_manifest_name(self):
        """A folder is a folder."""
        self.write('dir/sub.yaml/a.yaml', pod('nginx'))
        self.assertEqual(self.found('dir'), ['dir/sub.yaml/a.yaml'])

    def test_ways_to_name_a_folder(self):
        """Slashes at the end, `.`, `..` and absolute paths."""
        self.write('dir/a.yaml', pod('nginx'))
        self.assertEqual(self.found('dir/'), ['dir/a.yaml'])
        self.assertEqual(self.found('.', cwd=self.path('dir')), ['./a.yaml'])
        self.assertEqual(self.found(self.path('dir')),
                         [self.path('dir/a.yaml')])
        os.mkdir(self.path('other'))
        self.assertEqual(self.found('../dir', cwd=self.path('other')),
                         ['../dir/a.yaml'])

    def test_twice(self):
        """A file that is reached twice counts once, where it came first."""
        self.write('dir/a.yaml', pod('nginx'))
        self.write('dir/b.yaml', pod('nginx'))
        for paths, want in (
                (['dir/a.yaml', 'dir/a.yaml'], ['dir/a.yaml']),
                (['dir', 'dir'], ['dir/a.yaml', 'dir/b.yaml']),
                (['dir/b.yaml', 'dir'], ['dir/b.yaml', 'dir/a.yaml']),
                (['dir', './dir/../dir'], ['dir/a.yaml', 'dir/b.yaml'])):
            self.assertEqual(self.found(*paths), want)
        run = self.rewrite('-i', 'dir/a.yaml', 'dir/./a.yaml')
        self.assertIn('1 image in 1 of 1 file ', run.last)

    def test_nothing_found(self):
        """A folder without manifests is no error."""
        self.write('dir/readme.txt', 'x')
        os.mkdir(self.path('empty'))
        run = self.rewrite('-i', 'dir', 'empty')
        self.assertEqual(run.last, 'imgrewrite: 0 images in 0 of 0 files '
                                   'rewritten, 0 left alone')

    def test_missing_among_others(self):
        """A path that is not there fails the run, though others are."""
        self.write('dir/a.yaml', pod('nginx'))
        before = snapshot(self.folder)
        run = self.rewrite('-i', 'dir', 'nowhere', status=2)
        self.assertEqual(run.of('error')[0].path, 'nowhere')
        self.check_untouched(before)

    def test_deep(self):
        """Fifty folders below one another."""
        path = '/'.join(['dir'] + ['d'] * 50 + ['a.yaml'])
        self.write(path, pod('nginx'))
        self.assertEqual(self.found('dir'), [path])

    def test_report_is_no_input(self):
        """A report written into the folder is not read from there."""
        self.write('dir/a.yaml', pod('nginx'))
        run = self.rewrite('-O', 'out', '--report', 'dir/report.json', 'dir')
        self.assertIn(' of 1 file ', run.last)
        self.assertEqual(list(contents(self.path('out'))), ['a.yaml'])


class NameTest(ToolTest):
    """File names are bytes."""

    NAMES = ('a b.yaml', ' a.yaml', 'a\nb.yaml', 'a\tb.yaml', 'a"b.yaml',
             "a'b.yaml", 'a\\b.yaml', 'a%s.yaml', '*.yaml', '-a.yaml',
             'a:1:2.yaml', '\udcff\udcfe.yaml', 'ü/ö.yaml', '\x7f\x01.yaml',
             'a' * 250 + '.yaml', '$(x).yaml', '.yaml', '..yaml')

    def setUp(self):
        super().setUp()
        for name in self.NAMES:
            self.write(f'dir/{name}', pod('nginx'))

    def check_all(self, folder):
        """That the files are there, each with its new text."""
        found = contents(self.path(folder))
        self.assertEqual(sorted(found), sorted(self.NAMES))
        for name, data in found.items():
            self.assertEqual(data.count(NEW), 1, name)

    def test_in_place(self):
        """Every file by its own name."""
        run = self.rewrite('-i', 'dir')
        self.assertIn(f'{len(self.NAMES)} images', run.last)
        self.check_all('dir')

    def test_out_dir(self):
        """The same below another folder."""
        self.rewrite('-O', 'out', 'dir')
        self.check_all('out')

    def test_one_by_one(self):
        """As arguments too."""
        for name in self.NAMES:
            self.assertIn(NEW, self.rewrite(f'dir/{name}').out)

    def test_report(self):
        """The report is JSON in UTF-8 whatever the names are."""
        run = self.rewrite('--check', '--report', '-', 'dir', status=1)
        paths = {file['path'] for file in json.loads(run.out)['files']}
        for name in self.NAMES:
            if name.isprintable() or name.isascii():
                self.assertIn(f'dir/{name}', paths)
        self.assertEqual(len(paths), len(self.NAMES))

    def test_list_keeps_its_columns(self):
        """No name adds a line or a column to a table for programs."""
        run = self.tool('list', '-o', 'tsv', 'dir')
        rows = run.out.split(b'\n')[:-1]
        self.assertEqual(len(rows), len(self.NAMES))
        self.assertEqual({row.count(b'\t') for row in rows}, {7})

    def test_messages_keep_their_lines(self):
        """A line feed in a name does not break a message in two."""
        self.write('bad/a\nb.yaml', 'a: [\n')
        run = self.rewrite('--check', 'bad', status=2)
        self.assertEqual(len(run.lines), 2, run.lines)


class JobsTest(ToolTest):
    """However many threads: the same result, in the same order."""

    def setUp(self):
        super().setUp()
        for i in range(60):
            images = ['nginx', f'acme/x:{i}', 'quay.io/y'][i % 3:]
            self.write(f'dir/{i % 7}/f{i}.yaml',
                       'a: [\n' if i % 20 == 19 else pod(*images))
        for i in range(200):
            self.write(f'flat/{i:03}.yaml', pod('nginx', f'acme/x:{i}'))

    def outcome(self, jobs, *args, status=0):
        """All that a run says."""
        run = self.rewrite(f'-j{jobs}', '-v', *args, status=status)
        return run.out, run.err

    def test_same_output(self):
        """Diff, report, messages."""
        for args, status in ((['--diff', '--skip-unparsable'], 0),
                             (['--diff', '--keep-going'], 2),
                             (['--check', '--report', '-'], 2)):
            one = self.outcome(1, *args, 'dir', 'flat', status=status)
            self.assertEqual(
                self.outcome(8, *args, 'dir', 'flat', status=status), one,
                args)

    def test_same_files(self):
        """In place, and into a folder."""
        shutil.copytree(self.path('flat'), self.path('copy'))
        self.outcome(1, '-i', 'copy')
        self.outcome(8, '-O', 'out', 'flat')
        self.assertEqual(len(contents(self.path('copy'))), 200)
        self.assertEqual(contents(self.path('copy')),
                         contents(self.path('out')))
        self.outcome(8, '-i', 'flat')
        self.assertEqual(contents(self.path('copy')),
                         contents(self.path('flat')))

    def test_list(self):
        """list has jobs as well."""
        one = self.tool('list', '-j1', 'flat')
        many = self.tool('list', '--jobs=8', 'flat')
        self.assertEqual((one.out, one.err), (many.out, many.err))
        self.assertEqual(one.text.count('\n'), 400)

    def test_more_jobs_than_files(self):
        """There is nothing to do for the others."""
        run = self.tool('rewrite', *HUB, '-j', '256', 'flat/000.yaml')
        self.assertIn(NEW, run.out)


if __name__ == '__main__':
    main()
