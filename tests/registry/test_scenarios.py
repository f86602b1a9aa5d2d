"""What imgrewrite probe says of each scenario of the hostile registry.

Each is asked about in a run of its own: what a host said once counts for the
rest of a run. With --resolve, manifests are read and hashed, so that less is
believed. The expected outcomes are those of the decision table of the issue
that asks for them.
"""

import concurrent.futures
import json
import os
import subprocess
import unittest

PROBE = os.environ['IMGREWRITE_PROBE']
HOSTILE = os.environ['IRW_HOSTILE']
DIGEST = os.environ['IRW_HOSTILE_DIGEST']
KNOWN = 'public', 'denied', 'absent'
# Where a login may be asked for, or led elsewhere.
ASKING = ('basic', 'scope', 'multi', 'onehdr', 'at', 'negotiate', 's401bare',
          's403', 'ok', 'tok/401', 'tok/403', 'tok/redir', 'realm/file',
          'realm/meta', 'realm/user', 'realm/q', 'realm/other', 'redir/same',
          'redir/abs', 'redir/peer', 'redir/peerauth', 'redir/peerbasic')

# Scenario: outcome, and outcome with --resolve where that is another one.
OUTCOMES = {
    'ok': ('public',),
    'nodigest': ('public',),
    'liar': ('public', 'protocol-error'),
    'baddigest': ('public',),
    'headno': ('public',),
    'head404': ('public',),
    's403': ('denied',),
    's401bare': ('denied',),
    'negotiate': ('protocol-error',),
    'multi': ('public',),
    'onehdr': ('public',),
    'basic': ('denied',),
    'at': ('public',),
    'scope': ('denied',),
    'tok/crlf': ('protocol-error',),
    'tok/huge': ('protocol-error',),
    'tok/notjson': ('protocol-error',),
    'tok/empty': ('protocol-error',),
    'tok/redir': ('refused',),
    'tok/401': ('denied',),
    'tok/403': ('denied',),
    'tok/429': ('rate-limited',),
    'tok/500': ('server-error',),
    'tok/slow': ('timeout',),
    'realm/file': ('refused',),
    'realm/ftp': ('refused',),
    'realm/meta': ('refused',),
    'realm/meta6': ('refused',),
    'realm/user': ('refused',),
    'realm/rel': ('refused',),
    'realm/crlf': ('refused',),
    'realm/frag': ('refused',),
    'realm/q': ('public',),
    'realm/none': ('protocol-error',),
    'realm/other': ('public',),
    'realm/long': ('protocol-error',),
    'realm/gopher': ('refused',),
    'realm/dns': ('unreachable',),
    'redir/same': ('public',),
    'redir/abs': ('public',),
    'redir/peer': ('public',),
    'redir/file': ('refused',),
    'redir/loop': ('protocol-error',),
    'redir/peerauth': ('public',),
    'redir/peerbasic': ('denied',),
    'redir/meta': ('refused',),
    'redir/none': ('protocol-error',),
    'redir/noloc': ('protocol-error',),
    's429': ('public',),
    's429ever': ('rate-limited',),
    's500': ('server-error',),
    's503once': ('public',),
    's404html': ('protocol-error',),
    's200html': ('protocol-error',),
    'slowhdr': ('timeout',),
    'hang': ('timeout',),
    'close': ('unreachable',),
    'reset': ('unreachable',),
    'garbage': ('protocol-error',),
    'hugehdr': ('protocol-error',),
    'manyhdr': ('protocol-error',),
    'hugebody': ('protocol-error',),
    'gzip': ('protocol-error',),
    'cookie': ('public',),
    'nosuchbehaviour': ('absent',),
}


def probe(scenario, word, *options):
    """Asks about a scenario, in a repository of the word's. Only what never
    answers is not waited for, however busy the machine is."""
    waits = OUTCOMES[scenario][0] == 'timeout'
    reference = f'{HOSTILE}/{scenario}/{word}:1'
    run = subprocess.run(
        [PROBE, '--timeout', '2' if waits else '60', '-o', 'json', *options, '--', reference],
        env={'PATH': os.environ['PATH'], 'HOME': '/nonexistent'},
        capture_output=True, text=True, timeout=200, check=False)
    return run, [json.loads(line) for line in run.stdout.splitlines()]


def probe_all(word, *options, scenarios=tuple(OUTCOMES)):
    """Asks about scenarios, some at a time, for slow ones wait."""
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        return dict(zip(scenarios, pool.map(
            lambda scenario: probe(scenario, word, *options), scenarios)))


def requests():
    """Those that the servers have got so far."""
    with open(os.environ['IRW_REQUESTS'], encoding='utf-8') as file:
        return [json.loads(line) for line in file]


class ScenariosTest(unittest.TestCase):
    """Runs of the program."""

    def check(self, runs, index):
        """Each run has the outcome that it should have."""
        for scenario, (run, answers) in runs.items():
            expected = OUTCOMES[scenario]
            outcome = expected[min(index, len(expected) - 1)]
            with self.subTest(scenario=scenario):
                self.assertEqual([answer['outcome'] for answer in answers],
                                 [outcome], run.stderr)
                self.assertTrue(answers[0]['reason'])
                self.assertEqual(run.returncode,
                                 0 if outcome in KNOWN else 2, run.stderr)
                if outcome == 'public' and index > 0:
                    self.assertEqual(answers[0]['digest'], DIGEST)
                    self.assertIs(answers[0]['digestIsProved'], True)
                for text in (run.stdout, run.stderr):
                    self.assertTrue(text.isascii() and
                                    text.replace('\n', '').isprintable())

    def test_outcomes(self):
        """Asking for the headers of manifests."""
        self.check(probe_all('a'), 0)

    def test_resolve(self):
        """Reading manifests."""
        self.check(probe_all('b', '--resolve'), 1)

    def test_credentials(self):
        """A login goes to the registry that it is for, and to the token server
        that this one itself names, and not to any other."""
        path = os.path.join(os.path.dirname(os.environ['IRW_REQUESTS']),
                            'auth.json')
        with open(path, 'w', encoding='ascii') as file:
            json.dump({'auths': {HOSTILE: {'auth': 'YWxpY2U6czNjcjp0'}}}, file)
        os.chmod(path, 0o600)
        before = len(requests())
        probe_all('c', '--auth-file', path, scenarios=ASKING)
        sent = [request for request in requests()[before:]
                if (request['authorization'] or '').startswith('Basic')]
        self.assertTrue(sent)
        for request in sent:
            with self.subTest(request=request):
                self.assertEqual(request['host'], HOSTILE)

    def test_anonymous(self):
        """Without --auth, no request has a login, whatever files there are."""
        folder = os.path.dirname(os.environ['IRW_REQUESTS'])
        with open(os.path.join(folder, 'config.json'), 'w',
                  encoding='ascii') as file:
            json.dump({'auths': {HOSTILE: {'auth': 'YWxpY2U6czNjcjp0'}}}, file)
        before = len(requests())
        for scenario in ('basic', 'scope', 'ok', 'redir/peerbasic'):
            subprocess.run([PROBE, f'{HOSTILE}/{scenario}/d:1'], check=False,
                           env={**os.environ, 'DOCKER_CONFIG': folder,
                                'HOME': folder}, capture_output=True)
        got = requests()[before:]
        self.assertTrue(got)
        for request in got:
            self.assertFalse(
                (request['authorization'] or '').startswith('Basic'), request)


if __name__ == '__main__':
    unittest.main()
