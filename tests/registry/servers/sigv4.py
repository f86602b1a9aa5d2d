"""AWS Signature Version 4, as AWS documents it: what a request must be signed
with. It shares nothing with the code that is tested with it."""

import hashlib
import hmac
import re
import urllib.parse

SAFE = '-_.~'
AUTHORIZATION = re.compile(
    r'AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<date>\d{8})/'
    r'(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request, '
    r'SignedHeaders=(?P<headers>[a-z0-9;-]+), '
    r'Signature=(?P<signature>[0-9a-f]{64})')


class BadRequest(Exception):
    """What is signed is not what was sent."""


def signing_key(secret, date, region, service):
    """The key that is good for a day, a region and a service."""
    key = ('AWS4' + secret).encode()
    for word in (date, region, service, 'aws4_request'):
        key = hmac.digest(key, word.encode(), 'sha256')
    return key


def canonical_query(query):
    """The parameters of a query, sorted, each with its "="."""
    pairs = urllib.parse.parse_qsl(query, keep_blank_values=True)
    return '&'.join(sorted(
        f'{urllib.parse.quote(name, SAFE)}={urllib.parse.quote(value, SAFE)}'
        for name, value in pairs))


def canonical_headers(headers, names):
    """The lines of the headers that are signed. A header that was not sent
    cannot be, and the names are sorted."""
    if names != sorted(names):
        raise BadRequest(f'names of signed headers are not sorted: {names}')
    lines = ''
    for name in names:
        values = [' '.join(value.split()) for key, value in headers
                  if key.lower() == name]
        if not values:
            raise BadRequest(f'{name} is signed and was not sent')
        lines += f'{name}:{",".join(values)}\n'
    return lines


def sign(method, target, headers, names, body, secret, scope):
    """The signature of a request: `headers` are pairs as they were sent,
    `names` those that are signed, `scope` is (time, region, service)."""
    path, _, query = target.partition('?')
    time, region, service = scope
    request = '\n'.join([
        method, path or '/', canonical_query(query),
        canonical_headers(headers, names), ';'.join(names),
        hashlib.sha256(body).hexdigest()])
    text = '\n'.join([
        'AWS4-HMAC-SHA256', time,
        f'{time[:8]}/{region}/{service}/aws4_request',
        hashlib.sha256(request.encode()).hexdigest()])
    key = signing_key(secret, time[:8], region, service)
    return hmac.new(key, text.encode(), 'sha256').hexdigest()
