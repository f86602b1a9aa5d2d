"""The ECR emulator signs as AWS does, and takes nothing else.

The first table is AWS's own: the worked examples of its manual and of its
signature test suite. A check that they hold is what lets the emulator judge
other signatures.
"""

import base64
import http.client
import json
import time
import unittest

from servers import ecr, sigv4

DAY = '20150830T123600Z'
HOST_DATE = [('Host', 'example.amazonaws.com'), ('X-Amz-Date', DAY)]

# Name, method, target, headers, signed headers, service, signature.
VECTORS = [
    ('get-vanilla', 'GET', '/', HOST_DATE, 'host;x-amz-date', 'service',
     '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'),
    ('post-vanilla', 'POST', '/', HOST_DATE, 'host;x-amz-date', 'service',
     '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'),
    ('ListUsers of the manual', 'GET',
     '/?Action=ListUsers&Version=2010-05-08', [
         ('Host', 'iam.amazonaws.com'), ('X-Amz-Date', DAY),
         ('Content-Type', 'application/x-www-form-urlencoded; charset=utf-8')],
     'content-type;host;x-amz-date', 'iam',
     '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7'),
]


class SignatureTest(unittest.TestCase):
    """Signature version 4."""

    def test_vectors(self):
        """AWS's own."""
        for name, method, target, headers, names, service, want in VECTORS:
            with self.subTest(name):
                self.assertEqual(sigv4.sign(
                    method, target, headers, names.split(';'), b'', ecr.SECRET,
                    (DAY, 'us-east-1', service)), want)

    def test_key(self):
        """The derived key of the manual."""
        self.assertEqual(
            sigv4.signing_key(ecr.SECRET, '20150830', 'us-east-1',
                              'iam').hex(),
            'c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9')


class EcrTest(unittest.TestCase):
    """Requests, good and bad."""

    def setUp(self):
        self.server = ecr.Ecr().start()
        self.addCleanup(self.server.stop)

    def ask(self, target=ecr.PRIVATE, body=b'{}', service='ecr', key=ecr.KEY,
            region=ecr.REGION, secret=ecr.SECRET, kind=ecr.TYPE, token=None,
            stamp=None, signed=None, after=None):
        """Sends a request that is signed, and then changed by `after`."""
        stamp = stamp or time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())
        headers = {'Host': self.server.host, 'X-Amz-Date': stamp,
                   'X-Amz-Target': target, 'Content-Type': kind}
        if token:
            headers['X-Amz-Security-Token'] = token
        names = signed or sorted(name.lower() for name in headers)
        signature = sigv4.sign('POST', '/', list(headers.items()), names, body,
                               secret, (stamp, region, service))
        headers['Authorization'] = (
            f'AWS4-HMAC-SHA256 Credential={key}/{stamp[:8]}/{region}/'
            f'{service}/aws4_request, SignedHeaders={";".join(names)}, '
            f'Signature={signature}')
        headers.update(after or {})
        connection = http.client.HTTPConnection(self.server.host, timeout=10)
        connection.request('POST', '/', body, headers)
        answer = connection.getresponse()
        value = json.loads(answer.read())
        connection.close()
        return answer.status, value

    def refused(self, **options):
        """The name of the error."""
        status, value = self.ask(**options)
        self.assertEqual(status, 400)
        return value['__type']

    def test_private(self):
        """A password for the account's registry, good for 12 hours."""
        status, value = self.ask()
        data, = value['authorizationData']
        self.assertEqual(status, 200)
        self.assertEqual(base64.b64decode(data['authorizationToken']),
                         b'AWS:ecr-password-us-east-2')
        self.assertEqual(data['proxyEndpoint'],
                         'https://499999999999.dkr.ecr.us-east-2.amazonaws.com')
        self.assertGreater(data['expiresAt'], time.time() + 11 * 3600)

    def test_public(self):
        """The public one has an object, and no endpoint."""
        status, value = self.ask(ecr.PUBLIC, service='ecr-public',
                                 region='us-east-1')
        self.assertEqual(status, 200)
        self.assertEqual({*value['authorizationData']},
                         {'authorizationToken', 'expiresAt'})

    def test_accounts(self):
        """Twelve digits are an account, and thirteen are none."""
        body = b'{"registryIds": ["%s"]}'
        status, value = self.ask(body=body % b'123456789012')
        self.assertEqual(status, 200)
        self.assertIn('https://123456789012.',
                      value['authorizationData'][0]['proxyEndpoint'])
        self.assertEqual(self.refused(body=body % b'4999999999999'),
                         'InvalidParameterException')

    def test_sessions(self):
        """A temporary key goes with its token, signed."""
        session = {'key': ecr.SESSION_KEY, 'token': ecr.SESSION_TOKEN}
        self.assertEqual(self.ask(**session)[0], 200)
        self.assertEqual(self.refused(key=ecr.SESSION_KEY),
                         'UnrecognizedClientException')
        self.assertEqual(self.refused(
            **session, signed=['host', 'x-amz-date', 'x-amz-target']),
            'InvalidSignatureException')

    def test_refusals(self):
        """What is wrong with a request, by the error that AWS gives it."""
        for options, error in (
                ({'secret': 'wrong'}, 'InvalidSignatureException'),
                ({'key': 'AKIDOTHER'}, 'UnrecognizedClientException'),
                ({'after': {'X-Amz-Target': 'other'}},
                 'InvalidSignatureException'),
                ({'after': {'Authorization': 'Basic YTpi'}},
                 'MissingAuthenticationTokenException'),
                ({'signed': ['host', 'x-amz-date']},
                 'InvalidSignatureException'),
                ({'stamp': DAY}, 'InvalidSignatureException'),
                ({'target': 'Other.GetAuthorizationToken'},
                 'UnknownOperationException'),
                ({'service': 'ecr-public'}, 'UnknownOperationException'),
                ({'kind': 'application/json'}, 'UnknownOperationException'),
                ({'body': b'['}, 'SerializationException')):
            with self.subTest(**options):
                self.assertEqual(self.refused(**options), error)

    def test_a_header_that_was_not_sent(self):
        """What is signed must be there, and in order."""
        names = ['x-amz-target', 'x-amz-date', 'host']
        self.assertRaises(sigv4.BadRequest, sigv4.canonical_headers,
                          HOST_DATE, names)
        self.assertRaises(sigv4.BadRequest, sigv4.canonical_headers,
                          HOST_DATE, ['x-amz-target'])

    def test_log(self):
        """What was sent is noted."""
        self.ask()
        entry, = self.server.log.of('/')
        self.assertTrue(entry['authorization'].startswith('AWS4-HMAC-SHA256'))


if __name__ == '__main__':
    unittest.main()
