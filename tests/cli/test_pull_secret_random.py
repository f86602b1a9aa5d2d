"""--pull-secret on texts that are written in odd ways, read again by PyYAML.

Pods are made at random and written with comments, breaks, quotes, anchors and
brackets wherever these may be. Where the tool adds the secret, PyYAML, which
shares no code with it, must read the old pods with just that entry more. Where
it refuses, nothing is checked: what it must take is in fixtures/pull-secrets.

RANDOM_TEXTS says how many texts; RANDOM_SEED where to start.
"""

import copy
import os
import random

from support import SKIPPED, ToolTest, main

try:
    import yaml
except ImportError:
    raise SystemExit(SKIPPED) from None

COUNT = int(os.environ.get('RANDOM_TEXTS', '300'))
SEED = int(os.environ.get('RANDOM_SEED', '1'))
NEW = 'r.example.com/hub/library/'
LISTS = ('imagePullSecrets', 'containers', 'tolerations', 'volumes')


class Writer:
    """Writes pods by the whims of a generator of random numbers."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.anchors = 0
        self.feed = self.random.choice(['\n', '\n', '\n', '\r\n'])

    def one_of(self, *choices):
        return self.random.choice(choices)

    def chance(self, percent):
        return self.random.randrange(100) < percent

    def remark(self):
        """What may follow at the end of a line."""
        if self.chance(80):
            return ''
        return self.one_of(' ', '  ', '\t', ' # a: [b', '  #', '\t# - c',
                           " # '", ' # "', ' #:')

    def between(self):
        """Lines that may come between others."""
        if self.chance(85):
            return ''
        return self.one_of('', '  ', '# - name: x', '      # }', '   #\t',
                           '# imagePullSecrets:') + self.feed

    def scalar(self, text):
        if text is None:
            return self.one_of('null', '~', 'Null')
        quote = self.one_of('', '', '', "'", '"')
        return quote + text + quote

    def anchor(self):
        if self.chance(93):
            return ''
        self.anchors += 1
        return f'&a{self.anchors} '

    def gap(self):
        """What may be between tokens in brackets."""
        return self.one_of('', '', '', ' ', ' ', '  ')

    def flow(self, value):
        """A value in brackets and braces."""
        if isinstance(value, dict):
            pairs = [self.scalar(key) + self.one_of(': ', ': ', ':  ')
                     + self.flow(item) for key, item in value.items()]
            return self.wrapped('{', pairs, '}')
        if isinstance(value, list):
            return self.wrapped('[', [self.flow(item) for item in value], ']')
        return self.scalar(value)

    def wrapped(self, opening, parts, closing):
        end = self.one_of('', '', ',') if parts else ''
        gap = self.one_of(', ', ', ', ' , ', ',')
        return (opening + self.gap() + gap.join(parts) + end + self.gap()
                + closing)

    def lines(self, value, indent):
        """A collection in block style, whose first line is indented already."""
        blanks = ' ' * indent
        parts = []
        if isinstance(value, list):
            for item in value:
                parts.append(self.item(item, indent))
        else:
            for key, item in value.items():
                parts.append(self.pair(key, item, indent))
        return blanks.join(self.between_after(part) for part in parts)

    def between_after(self, part):
        return part + self.between()

    def item(self, item, indent):
        if not item or isinstance(item, str) or self.chance(15):
            return ('-' + self.one_of(' ', '   ') + self.anchor()
                    + self.flow(item) + self.remark() + self.feed)
        if self.chance(10):
            return ('-' + self.remark() + self.feed + self.between()
                    + ' ' * (indent + 2) + self.lines(item, indent + 2))
        dash = self.one_of('- ', '- ', '-   ')
        return dash + self.lines(item, indent + len(dash))

    def pair(self, key, value, indent):
        start = self.scalar(key) + self.one_of('', '', '', ' ') + ':'
        if value is None and self.chance(60):
            return start + self.remark() + self.feed
        if not value or isinstance(value, str) or self.chance(15):
            return (start + self.one_of(' ', ' ', '   ') + self.anchor()
                    + self.flow(value) + self.remark() + self.feed)
        deeper = indent + (self.one_of(0, 2) if isinstance(value, list)
                           else self.one_of(1, 2, 4))
        return (start + (' ' + self.anchor()).rstrip() + self.remark()
                + self.feed + self.between() + ' ' * deeper
                + self.lines(value, deeper))

    def secrets(self):
        """What is there of the list; a word says that there is no key."""
        return self.one_of(
            'none', 'none', 'none', None, [], [], [{'name': 'old'}],
            [{'name': 'old'}, {'name': 'older'}],
            [{'name': 'regcred'}, {'name': 'old'}])

    def pod(self):
        containers = [{'name': 'web', 'image': self.one_of('nginx', 'redis')}]
        if self.chance(40):
            containers.append({'image': 'busybox', 'args': ['a', 'b']})
        spec = {'containers': containers}
        if self.chance(40):
            spec['tolerations'] = self.one_of([], [{'key': 'k'}])
        if self.chance(40):
            spec['hostname'] = 'h'
        if self.chance(20):
            spec['volumes'] = [{'name': 'v'}]
        secrets = self.secrets()
        if secrets != 'none':
            spec['imagePullSecrets'] = secrets
        keys = list(spec)
        self.random.shuffle(keys)
        return {'kind': 'Pod', 'spec': {key: spec[key] for key in keys}}

    def document(self):
        if self.chance(25):
            return {'kind': 'List', 'items': [self.pod(), self.pod()]}
        return self.pod()

    def text(self):
        """A text of one to three documents."""
        parts = []
        for _ in range(self.random.randint(1, 3)):
            document = self.document()
            parts.append(self.flow(document) + self.feed if self.chance(10)
                         else self.lines(document, 0))
        marker = ('---' + self.feed if self.chance(80)
                  else '...' + self.feed + '---' + self.feed)
        text = marker.join(parts)
        if self.chance(20):
            text = '---' + self.feed + text
        if self.chance(10):
            text = '\ufeff' + text
        if self.chance(15):
            text += '...' + self.feed
        return text.rstrip('\r\n') if self.chance(25) else text


def expected(value):
    """What becomes of a value that was read."""
    if isinstance(value, list):
        return [expected(item) for item in value]
    if not isinstance(value, dict):
        return value
    made = {key: expected(item) for key, item in value.items()}
    if isinstance(value.get('containers'), list):
        for container in made['containers']:
            container['image'] = NEW + container['image']
        secrets = made.get('imagePullSecrets') or []
        if {'name': 'regcred'} not in secrets:
            made['imagePullSecrets'] = secrets + [{'name': 'regcred'}]
    return made


class RandomTest(ToolTest):
    """One run over all the texts."""

    def test_texts(self):
        texts = {}
        for number in range(SEED, SEED + COUNT):
            text = Writer(number).text()
            texts[f'{number}.yaml'] = text
            os.makedirs(self.path('work'), exist_ok=True)
            with open(self.path('work', f'{number}.yaml'), 'wb') as file:
                file.write(text.encode())
        run = self.rewrite('-i', '--keep-going', '--pull-secret', 'regcred',
                           'work', status=2)  # some are refused
        self.assertNotIn('failed proof', run.err)
        refused = {os.path.basename(error.path): error.text
                   for error in run.of('error')}
        for name, text in texts.items():
            if name not in refused:
                self.check(name, text)
            elif 'cannot be added here' not in refused[name]:
                with self.subTest(name, text=text, error=refused[name]):
                    self.assertRaises(yaml.YAMLError, list,
                                      yaml.safe_load_all(text))
        self.assertLess(len(refused), len(texts) / 4, run.err)

    def check(self, name, text):
        """That the pods are the old ones with an entry more."""
        with open(self.path('work', name), 'rb') as file:
            after = file.read().decode()
        try:
            before = list(yaml.safe_load_all(text))
        except yaml.YAMLError:
            return  # PyYAML takes tabs in fewer places than libyaml
        with self.subTest(name, before=text, after=after):
            self.assertEqual(list(yaml.safe_load_all(after)),
                             expected(copy.deepcopy(before)))


if __name__ == '__main__':
    main()
