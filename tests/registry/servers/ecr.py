"""What of Amazon's ECR hands out passwords: GetAuthorizationToken, private and
public, for requests that are signed as AWS wants it."""

import base64
import calendar
import hmac
import json
import re
import time

from . import sigv4
from .web import WebServer

ACCOUNT, REGION = '499999999999', 'us-east-2'
KEY = 'AKIDEXAMPLE'
SESSION_KEY = 'ASIDEXAMPLE'  # good only with the session token
SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
SESSION_TOKEN = 'SESSIONTOKENEXAMPLE'

TYPE = 'application/x-amz-json-1.1'
PRIVATE = 'AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken'
PUBLIC = 'SpencerFrontendService.GetAuthorizationToken'

LIFETIME = 12 * 3600  # of a password, in seconds
SKEW = 300            # between two clocks, in seconds


class Refusal(Exception):
    """A request that is refused: the name of the error, and a message."""


def password(region):
    """The password that the server hands out for a region."""
    return f'ecr-password-{region}'


def token(region):
    """The same with its user, as an answer has it."""
    return base64.b64encode(f'AWS:{password(region)}'.encode()).decode()


class Ecr(WebServer):
    """The server. `checks_time` says whether a signature gets too old."""

    name = 'ecr'

    def __init__(self, checks_time=True, **options):
        super().__init__(**options)
        self.checks_time = checks_time

    def answer(self, exchange):
        try:
            scope = self._check(exchange)
            result = self._run(exchange, *scope)
        except Refusal as refusal:
            kind, message = refusal.args
            exchange.reply(400, json.dumps(
                {'__type': kind, 'message': message}).encode(),
                [('Content-Type', TYPE)])
        else:
            exchange.reply(200, json.dumps(result).encode(),
                           [('Content-Type', TYPE)])

    def _check(self, exchange):
        """Checks who asks; returns the region and the service."""
        found = sigv4.AUTHORIZATION.fullmatch(exchange.authorization or '')
        if not found or exchange.command != 'POST':
            raise Refusal('MissingAuthenticationTokenException',
                          'Missing Authentication Token')
        names = found['headers'].split(';')
        stamp = exchange.headers.get('X-Amz-Date', '')
        check_key(found['key'], exchange.headers)
        check_names(names, found['key'] == SESSION_KEY)
        try:
            wanted = sigv4.sign(
                exchange.command, exchange.path, exchange.headers.items(),
                names, exchange.body, SECRET,
                (stamp, found['region'], found['service']))
        except sigv4.BadRequest as problem:
            raise invalid(str(problem)) from problem
        if not hmac.compare_digest(wanted, found['signature']):
            raise invalid('The request signature we calculated does not match '
                          'the signature you provided.')
        if stamp[:8] != found['date']:
            raise invalid('Credential should be scoped to a valid date.')
        if self.checks_time:
            check_time(stamp)
        return found['region'], found['service']

    def _run(self, exchange, region, service):
        """Does what is asked for."""
        target = exchange.headers.get('X-Amz-Target')
        if exchange.headers.get('Content-Type') != TYPE:
            raise Refusal('UnknownOperationException', '')
        data = {
            'authorizationToken': token(region),
            'expiresAt': round(time.time() + LIFETIME, 3),
        }
        if (target, service, region) == (PUBLIC, 'ecr-public', 'us-east-1'):
            # the password of the private one, so that one registry takes both
            return {'authorizationData': {
                **data, 'authorizationToken': token(REGION)}}
        if (target, service) != (PRIVATE, 'ecr'):
            raise Refusal('UnknownOperationException', '')
        return {'authorizationData': [
            {**data, 'proxyEndpoint':
             f'https://{account}.dkr.ecr.{region}.amazonaws.com'}
            for account in read_accounts(exchange.body)]}


def invalid(message):
    """The refusal of a signature."""
    return Refusal('InvalidSignatureException', message)


def check_key(key, headers):
    """The key is known, and has its session token."""
    token = headers.get('X-Amz-Security-Token')
    if (key, token) not in ((KEY, None), (SESSION_KEY, SESSION_TOKEN)):
        raise Refusal('UnrecognizedClientException', 'The security token '
                      'included in the request is invalid.')


def check_names(names, has_session):
    """All is signed that has to be."""
    must = {'host', 'x-amz-date', 'x-amz-target'}
    if has_session:
        must.add('x-amz-security-token')
    if not must <= set(names):
        raise invalid(f'not signed: {sorted(must - set(names))}')


def check_time(stamp):
    """The request is of now."""
    try:
        then = calendar.timegm(time.strptime(stamp, '%Y%m%dT%H%M%SZ'))
    except ValueError as problem:
        raise invalid('Date must be in ISO-8601 basic format') from problem
    if abs(then - time.time()) > SKEW:
        raise invalid(f'Signature expired: {stamp}')


def read_accounts(body):
    """The accounts that a request names; ours where it names none."""
    try:
        accounts = json.loads(body or b'{}').get('registryIds') or [ACCOUNT]
    except (ValueError, AttributeError) as problem:
        raise Refusal('SerializationException', '') from problem
    if not all(re.fullmatch('[0-9]{12}', str(one)) for one in accounts):
        raise Refusal(
            'InvalidParameterException',
            "Invalid parameter at 'registryIds' failed to satisfy constraint: "
            "'Member must satisfy regular expression pattern: [0-9]{12}'")
    return accounts
