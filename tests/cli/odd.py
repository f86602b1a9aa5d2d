"""Texts whose edits are easy to get wrong, however they are shown."""

import random

from support import pod


def filler(count):
    """Lines that are all different, so that a hunk has one place only."""
    return ''.join(f'# line {i}\n' for i in range(count))


def many_edits(edits, gap, seed=0):
    """Pods with comments of some length between them."""
    choice = random.Random(seed)
    parts = []
    for i in range(edits):
        parts.append(f'--- # {i}\n' + pod('nginx', name=f'p{i}')
                     + filler(choice.randrange(gap + 1)))
    return ''.join(parts)


# By a name for each. In a diff, where the context of a hunk is not unique, a
# wrong line number leads to the wrong place.
ODD_TEXTS = {
    'first line': '{kind: Pod, spec: {containers: [{image: nginx}]}}\n# x\n',
    'only line': '{kind: Pod, spec: {containers: [{image: nginx}]}}',
    'last line': pod('quay.io/x', 'nginx'),
    'no feed, edit last': pod('quay.io/x', 'nginx').rstrip('\n'),
    'no feed, edit near': pod('nginx') + '# a\n# b',
    'no feed, edit far': pod('nginx') + filler(20) + '# end',
    'line ends': pod('nginx').replace('\n', '\r\n'),
    'line ends, no feed': pod('nginx').replace('\n', '\r\n').rstrip(),
    'mixed line ends': pod('nginx', 'redis').replace('c1\n', 'c1\r\n'),
    'blank lines': '\n\n\n' + pod('nginx') + '\n\n\n\n',
    'blanks at ends': pod('nginx   ', 'redis\t# x  ').replace('Pod', 'Pod  '),
    'two on a line': '{kind: Pod, spec: {containers: [{image: nginx}, '
                     '{image: redis}], initContainers: [{image: httpd}]}}\n',
    'neighbours': pod(*['nginx'] * 40),
    'gaps of 0 to 12 lines': many_edits(60, 12),
    'gaps of 5 to 8 lines': ''.join(
        f'---\n{pod("nginx")}{filler(i % 4)}' for i in range(40)),
    'many edits': many_edits(300, 3, seed=1),
    'block': pod('>-\n      nginx', '|-\n      redis', 'httpd'),
    'folded over lines': pod('"ngi\\\n      nx"', "'redis\n\n      '",
                             'httpd'),
    'continued': pod('"nginx\\\n      "', 'httpd'),
    'escapes': pod('"\\x6eginx"', '"redis"'),
    'anchors': pod('&a nginx', '*a', '&b "redis"'),
    'minus lines': '# --- a/x\n# +++ b/x\n' + pod('nginx') + '# @@ -1 +1 @@\n',
    'like a diff': '---\n--- # a\n' + pod('nginx') + '---\n--- # b\n',
    'utf-8': pod('nginx', name='"ü…"') + '# ü\n',
    'bom': '\ufeff' + pod('nginx'),
    'long line': pod('nginx') + '# ' + 'x' * 100000 + '\n',
}
