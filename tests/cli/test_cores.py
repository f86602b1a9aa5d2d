"""One large file on several cores: whatever the number of threads, output,
messages and status are those of one thread, byte for byte.

A text is divided among threads only where each gets enough of it, so that the
inputs here are large.
"""

import json

from support import ToolTest, contents, main, pod

SIZE = 560_000  # bytes: enough for three threads
JOBS = (2, 8)


def pods(size=SIZE, make=None):
    """Documents until there are `size` bytes; `make` makes that of a number
    and of how much of the size is done."""
    made, done = [], 0
    while done < size:
        number = len(made)
        text = make(number, done / size) if make else small(number)
        made.append(f'---\n{text}')
        done += len(made[-1])
    return ''.join(made)


def small(number):
    return pod(f'nginx:1.{number % 30}', f'quay.io/a/b:{number}',
               name=f'p{number}')


def with_warnings(number, _):
    """Every fourth has two images for one container: more than are listed."""
    image = '    image: redis:7\n' if number % 4 == 0 else ''
    return small(number) + image


def some_warnings(number, _):
    image = '    image: redis:7\n' if number % 97 == 5 else ''
    return small(number) + image


def broken_at(*places):
    """Documents of which those that come first after these shares of the text
    are no YAML."""
    left = list(places)

    def make(number, done):
        if left and done >= left[0]:
            left.pop(0)
            return small(number) + '    args: [\n'
        return small(number)
    return pods(make=make)


def possible(number, _):
    return (small(number) + '---\napiVersion: example.org/v1\nkind: Thing\n'
            f'spec: {{sidecarImage: "ghcr.io/a/b:{number}"}}\n')


def embedded(number, _):
    inner = small(number).replace('\n', '\n    ').rstrip()
    return (f'apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c{number}}}\n'
            f'data:\n  pod.yaml: |\n    {inner}\n---\n' + small(number))


def aliases(number, _):
    return (f'apiVersion: v1\nkind: Pod\nmetadata: {{name: a{number}}}\n'
            f'spec:\n  containers:\n  - {{name: a, image: &i nginx:{number}}}\n'
            '  - {name: b, image: *i}\n')


def shared_at(place):
    """One document has an image that something else uses as well."""
    def make(number, done):
        if done >= place:
            return aliases(number, 0).replace('name: b', 'name: *i')
        return small(number)
    return make


def unread(number, _):
    """Many that are passed over, as nothing can be found there."""
    others = '---\napiVersion: v1\nkind: Service\nmetadata: {name: s}\n' * 5
    return small(number) + (others if number % 3 == 0 else '')


def huge(number, _):
    images = [f'nginx:1.{i}' for i in range(2000)]
    return pod(*images, name=f'h{number}')


def directives():
    """Each has a directive, and ends with `...`: one piece, all of them."""
    return ''.join(f'%YAML 1.1\n---\n{small(i)}...\n' for i in range(4500))


def json_list():
    item = {'apiVersion': 'v1', 'kind': 'Pod', 'metadata': {'name': 'p'},
            'spec': {'containers': [{'name': 'c', 'image': 'nginx'}]}}
    return json.dumps({'apiVersion': 'v1', 'kind': 'List',
                       'items': [item] * 4500}, indent=1)


def json_stream():
    return ''.join(json.dumps(
        {'apiVersion': 'v1', 'kind': 'Pod', 'metadata': {'name': f'p{i}'},
         'spec': {'containers': [{'name': 'c', 'image': f'nginx:{i}'}]}},
        indent=1) + '\n' for i in range(4000))


def mixed_stream(before=''):
    """Values of JSON one after the other, and documents of YAML."""
    return before + json_stream() + pods(SIZE // 2)


# name: (text, status of rewrite, options of rewrite)
REWRITES = {
    'small documents': (pods(), 0),
    'huge documents': (pods(make=huge), 0),
    'all proofs': (pods(), 0, '--proof', 'full'),
    'no proof': (pods(), 0, '--proof', 'none'),
    'a byte order mark': ('\ufeff' + pods(), 0),
    'line breaks of Windows': (pods().replace('\n', '\r\n'), 0),
    'directives': (directives(), 0),
    'text after markers': (pods().replace('---\n', '--- # é\n'), 0),
    'lists of JSON': (json_list(), 0),
    'a stream of JSON': (json_stream(), 0),
    'JSON and YAML': (mixed_stream(), 0),
    'JSON amid YAML': (mixed_stream(pods(SIZE // 2) + '---\n'), 2),
    'more warnings than are listed': (pods(make=with_warnings), 0),
    'some warnings': (pods(make=some_warnings), 0),
    'embedded documents': (pods(make=embedded), 0, '--find', 'configmap'),
    'embedded documents, not asked for': (pods(make=embedded), 0),
    'possible images': (pods(make=possible), 0),
    'a field': (pods(make=possible), 0, '--field',
                'example.org/Thing:spec/sidecarImage'),
    'aliases': (pods(make=aliases), 0),
    'a shared text': (pods(make=shared_at(.6)), 2),
    'pull secrets': (pods(), 0, '--pull-secret', 'hub'),
    'strict': (pods(make=unread), 0, '--strict'),
    'passed over': (pods(make=unread), 0),
    'broken in the second of three': (broken_at(.5), 2),
    'broken in several places': (broken_at(.4, .6, .9), 2),
    'broken at the end': (broken_at(.999), 2),
    'broken, skipped': (broken_at(.5), 0, '--skip-unparsable'),
    'too large': (pods(), 2, '--max-size', '500K'),
    'a byte that is no text': (pods().replace('p2000', 'p\0'), 2),
    'nested too deep': (pods(make=lambda number, done: small(number) + (
        f'  a: {"[" * 300}{"]" * 300}\n' if number == 2500 else '')), 2),
    'an image that no rule may make': (
        pods(make=lambda number, done: small(number).replace(
            'quay.io/a/b:2000', 'nginx:1.1')), 0),
}


class CoresTest(ToolTest):
    def check_same(self, command, status, *options, jobs=JOBS):
        """That a command says the same with any number of threads."""
        one = self.tool(*command, '-j1', *options, 'f.yaml', status=status)
        for jobs in jobs:
            run = self.tool(*command, f'-j{jobs}', *options, 'f.yaml',
                            status=status)
            self.assertTrue(run.out == one.out, f'-j{jobs}: another output')
            self.assertEqual(run.err, one.err, f'-j{jobs}')
        return one

    def test_rewrites_are_the_same(self):
        for name, (text, status, *options) in REWRITES.items():
            with self.subTest(name):
                self.write('f.yaml', text)
                self.check_same(('rewrite', '--prefix', 'docker.io=r.io/h'),
                                status, *options, jobs=JOBS[-1:])

    def test_lists_are_the_same(self):
        for name in ('small documents', 'some warnings', 'possible images',
                     'embedded documents', 'aliases', 'JSON and YAML',
                     'broken in several places', 'passed over'):
            with self.subTest(name):
                text, status = REWRITES[name][:2]
                self.write('f.yaml', text)
                self.check_same(('list', '--possible'), status,
                                jobs=JOBS[-1:])
                self.check_same(('list', '-o', 'json'), status)

    def test_modes_are_the_same(self):
        self.write('f.yaml', pods(make=some_warnings))
        command = ('rewrite', '--prefix', 'docker.io=r.io/h')
        self.check_same(command, 1, '--check')
        self.check_same(command, 0, '--diff')
        self.check_same(command, 1, '--check', '--report', '-')

    def test_files_are_the_same(self):
        text = pods(make=some_warnings)
        for options in (('-i',), ('-O', 'out')):
            results = []
            for jobs in (1, *JOBS):
                self.write('f.yaml', text)
                run = self.rewrite(f'-j{jobs}', *options, 'f.yaml')
                results.append((contents(self.folder), run.out, run.err))
            for result in results[1:]:
                self.assertTrue(result == results[0])

    def test_fewer_files_than_threads(self):
        """Each of the two is divided, and a small one is not."""
        self.write('d/a.yaml', pods(make=some_warnings))
        self.write('d/b.yaml', broken_at(.7))
        self.write('d/c.yaml', small(1))
        one = self.rewrite('-j1', '--check', 'd', status=2)
        for jobs in (2, 6, 8):
            run = self.rewrite(f'-j{jobs}', '--check', 'd', status=2)
            self.assertEqual((run.out, run.err), (one.out, one.err))


if __name__ == '__main__':
    main()
