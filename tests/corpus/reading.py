"""What looks like a container image in real manifests, to a reader with grep.

    reading.py FOLDER

It reads line by line and knows nothing of YAML but indentation and comments,
nor anything of the library, for it says what the library ought to have found.
So it finds too much: a person has sorted its findings into places.tsv and
not_places.tsv. Each is printed with file:line, the class that it seems to be
of ('-' for none), and the reference.
"""

import collections
import os
import re
import sys

Candidate = collections.namedtuple('Candidate', 'path line guess reference')

NAME = r'[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*'
TAG = r':\w[\w.-]*'
DIGEST = r'@sha256:[0-9a-f]+'
HOST = r'(?:localhost|(?:[a-z0-9][a-z0-9-]*\.)+[a-z][a-z0-9-]*)(?::\d+)?'
REGISTRY = (r'(?:(?:[a-z0-9-]+\.)*(?:docker\.io|quay\.io|gcr\.io|ghcr\.io|'
            r'registry\.k8s\.io|mcr\.microsoft\.com|azurecr\.io|pkg\.dev|'
            r'ecr\.aws|amazonaws\.com|cgr\.dev|nvcr\.io|icr\.io|'
            r'docker\.elastic\.co)|registry\.[a-z0-9.-]+)')

# Any text after a registry that everybody knows, placeholders included; after
# an unknown host, only what has a tag or a digest. URLs of the web are none.
KNOWN = re.compile(rf'(?<![\w.-])(?:https?://)?{REGISTRY}(?::\d+)?/'
                   r'''[^\s"'\\,;()]+''')
HOSTED = re.compile(rf'(?<![\w.:/@-]){HOST}(?:/{NAME})+'
                    rf'(?:{TAG}(?:{DIGEST})?|{DIGEST})')
# Without a host, a path and a tag make a reference, if nothing follows.
PATHED = re.compile(rf'(?<![\w.:/@-]){NAME}(?:/{NAME})+{TAG}(?:{DIGEST})?'
                    r'''(?=["'\\,\]}]|\s*$)''')

# `key: value`, in JSON and in JSON that stands in a JSON string too.
QUOTE = r'''\\?["']'''
VALUE = rf'''(?P<value>{QUOTE}.*?{QUOTE}|\{{\{{.*\}}\}}|[^\s"'].*?)'''
END = r'''(?=\s*(?:$|[}\]]|,(?:[\s"']|$))|\s+\w+:\s)'''
PAIR = re.compile(rf'''(?:^|(?<=[\s{{,\[(]))(?:{QUOTE})?'''
                  rf'''(?P<key>[\w.:/-]+)(?:{QUOTE}\s*:\s*|\s*:\s+)'''
                  rf'''{VALUE}{END}''')
OPEN = re.compile(rf'^(?P<indent>[\s-]*)(?:{QUOTE})?(?P<key>[\w.:/-]+)'
                  rf'(?:{QUOTE})?\s*:\s*[|>]?[+-]?\d?\s*$')
IS_IMAGE = re.compile(r'image|(^|_)img$', re.I)
NEVER = re.compile(r'imagePull(Policy|Secrets?)$', re.I)
IS_LONE = re.compile(rf'{NAME}{TAG}')
MAY_MATTER = re.compile(r'image|img|repository|newName', re.I)
ENV = re.compile(r'(?:\w+_)?(?:IMAGE|IMG)S?(?:_\w+)?')

# `--flag=IMAGE`, and `--flag` with the image as the next item.
FLAG = r'--?[\w.-]*(?:image|img)[\w.-]*'
JOINED = re.compile(rf'''{FLAG}=(?P<value>[^\s"',\\]+)''', re.I)
NEXT = re.compile(rf'^\s*-\s+["\']?{FLAG}["\']?,?$', re.I)
NEXT_INLINE = re.compile(rf'{QUOTE}{FLAG}{QUOTE},\s*{QUOTE}'
                         r'''(?P<value>[^"'\\]+)''', re.I)

POD_KINDS = {'Pod', 'PodTemplate', 'Deployment', 'StatefulSet', 'DaemonSet',
             'ReplicaSet', 'Job', 'CronJob', 'ReplicationController',
             'Rollout', 'List'}
NO_KIND = {None, 'CustomResourceDefinition'}


def walk(folder):
    """The files that a walk of the tool takes, relative to the folder."""
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders
                            if not name.startswith('.'))
        for name in sorted(files):
            if name.endswith(('.yaml', '.yml', '.json')):
                yield os.path.relpath(os.path.join(parent, name), folder)


def strip_comment(line):
    """The line up to a # that neither a word nor a quoted text holds."""
    quote = None
    for index, char in enumerate(line):
        before = line[index - 1] if index else ' '
        if quote:
            quote = None if char == quote and before != '\\' else quote
        elif char in '"\'' and before in ' \t[{,:=(-':
            quote = char
        elif char == '#' and before in ' \t':
            return line[:index].rstrip()
    return line.rstrip()


def clean(value):
    """A value without quotes, anchor, tag and what follows in flow style."""
    value = re.sub(r'^([&!]\S+\s+)+', '', value.strip())
    value = re.sub(rf'^{QUOTE}(.*?){QUOTE}.*$', r'\1', value)
    return value.strip().removeprefix('oci://').removeprefix('docker://')


def is_scalar(value):
    """Whether a value can be an image at all: no collection, and no block."""
    return value and not re.match(r'[\[|>]|\{(?!\{)|(null|~)$', value)


def indent_of(line):
    """The column where a key stands, after the dashes of lists."""
    return len(line) - len(line.lstrip(' -'))


class Reader:
    """The lines of one file."""

    def __init__(self, folder, path):
        self.path = path
        with open(os.path.join(folder, path), encoding='utf-8',
                  errors='replace', newline='\n') as file:
            self.lines = [strip_comment(line.rstrip('\r'))
                          for line in file.read().split('\n')]
        self.kinds = self.read_kinds()
        self.found = []

    def read_kinds(self):
        """The kind of the document of each line, by the key at its left."""
        kinds, start, kind = [], 0, None
        for index, line in enumerate(self.lines + ['---']):
            if re.match(r'---(\s|$)', line):
                kinds += [kind] * (index - start)
                start, kind = index, None
            match = re.match(r'''(?:["']?|\s{1,8}"|\{.*?")kind["']?\s*:\s*'''
                             r'''["']?([A-Za-z]+)''', line)
            kind = kind or (match and match[1])
        return kinds + [None]

    def guess(self, index, rule):
        """The class that a finding seems to be of."""
        line, kind = self.lines[index], self.kinds[index]
        name = os.path.basename(self.path)
        if re.match(r'values.*\.ya?ml$', name):
            return 'helm-values'
        if 'compose' in name:
            return 'compose'
        if name.startswith('kustomization') or kind == 'Kustomization':
            return 'kustomization'
        if kind in NO_KIND:
            return '-'
        if line.lstrip().startswith('{"apiVersion"') and index:
            return 'annotations'
        if kind == 'ConfigMap':
            return 'configmap'
        if rule in ('args', 'env'):
            return rule
        if re.match(r'''\s*-\s*["']?-''', line):
            return 'args'
        return 'pod' if kind in POD_KINDS else 'crd'

    def add(self, index, rule, reference):
        """Takes a finding, if it says more than the others of the line."""
        if any(reference in other.reference for other in self.found
               if other.line == index + 1):
            return
        self.found.append(Candidate(self.path, index + 1,
                                    self.guess(index, rule), reference))

    def following(self, index):
        """The lines after one that are not empty, with their numbers."""
        return ((number, line) for number, line
                in enumerate(self.lines[index + 1:], index + 1) if line)

    def read_open(self, index):
        """A key of images whose value is on the lines that follow."""
        key = OPEN.match(self.lines[index])
        if not key or not IS_IMAGE.search(key['key']) \
                or NEVER.search(key['key']):
            return
        indent = indent_of(self.lines[index])
        for number, line in self.following(index):
            item = re.match(r'(\s*)-\s+(.*)', line)
            deep = len(line) - len(line.lstrip())
            value = item[2] if item else line.strip()
            if deep < indent or (deep == indent and not item):
                return
            if re.search(r':(\s|$)', value) or not is_scalar(clean(value)):
                return
            self.add(number, 'key', clean(value))
            if not item:
                return

    def begins_item(self, index, indent):
        """Whether a line begins an item of a list that holds maps."""
        line = self.lines[index]
        return line.lstrip().startswith('-') and indent_of(line) == indent

    def read_map(self, index):
        """The keys and values of the map that a line stands in."""
        indent = indent_of(self.lines[index])

        def is_within(number):
            line = self.lines[number]
            return not line or indent_of(line) >= indent

        first, last = index, index + 1
        while first and is_within(first - 1) \
                and not self.begins_item(first, indent):
            first -= 1
        while last < len(self.lines) and is_within(last) \
                and not self.begins_item(last, indent):
            last += 1
        return {match['key']: clean(match['value'])
                for line in self.lines[first:last]
                if line and indent_of(line) == indent
                for match in PAIR.finditer(line)
                if is_scalar(clean(match['value']))}

    def join(self, index, repository):
        """The reference of a repository and the keys beside it."""
        if '://' in repository:
            return repository
        parts = self.read_map(index)
        tag = parts.get('tag') or parts.get('version')
        return ((parts['registry'] + '/' if 'registry' in parts else '')
                + repository + (f':{tag}' if tag else '')
                + (f'@{parts["digest"]}' if 'digest' in parts else ''))

    def read_env(self, index, name):
        """The value of a variable with such a name."""
        if not ENV.fullmatch(name):
            return
        rest = re.search(r'\bvalue["\']?\s*:\s*(.*?)\s*\}', self.lines[index])
        if rest:
            self.add(index, 'env', clean(rest[1]))
            return
        for number, line in list(self.following(index))[:2]:
            match = re.match(r'''\s*["']?value["']?\s*:\s*(.+)''', line)
            if match:
                self.add(number, 'env', clean(match[1].rstrip(',')))
                return

    def read_pairs(self, index):
        """The keys and values of a line."""
        for match in PAIR.finditer(self.lines[index]):
            key, value = match['key'], clean(match['value'])
            if not is_scalar(value):
                continue
            if key == 'repository':
                self.add(index, 'key', self.join(index, value))
            elif key == 'name' and ENV.fullmatch(value):
                self.read_env(index, value)
            elif key == 'newName' or IS_IMAGE.search(key) \
                    and not NEVER.search(key):
                self.add(index, 'key', value)
            elif self.kinds[index] == 'ConfigMap' and IS_LONE.fullmatch(value):
                self.add(index, 'key', value)

    def read_args(self, index):
        """Arguments whose name tells of an image."""
        line = self.lines[index]
        for match in (*JOINED.finditer(line), *NEXT_INLINE.finditer(line)):
            self.add(index, 'args', match['value'])
        if NEXT.match(line):
            for number, other in self.following(index):
                self.add(number, 'args', clean(other.strip(' -,')))
                break

    def read_shapes(self, index):
        """Whatever has the shape of a reference."""
        for rule in (KNOWN, HOSTED, PATHED):
            for match in rule.finditer(self.lines[index]):
                self.add(index, 'shape', match[0].rstrip('.:`*'))

    def read(self):
        """All findings, in the order of the lines."""
        for index, line in enumerate(self.lines):
            if MAY_MATTER.search(line) or self.kinds[index] == 'ConfigMap':
                self.read_pairs(index)
                self.read_open(index)
                self.read_args(index)
            if '/' in line:
                self.read_shapes(index)
        return sorted(self.found, key=lambda one: one.line)


def read_folder(folder):
    """The findings in all files of a folder."""
    return [found for path in walk(folder)
            for found in Reader(folder, path).read()]


def main():
    """Prints them."""
    if len(sys.argv) != 2:
        sys.exit('usage: reading.py FOLDER')
    for found in read_folder(sys.argv[1]):
        print(f'{found.path}:{found.line}', found.guess, found.reference,
              sep='\t')


if __name__ == '__main__':
    main()
