"""A small web server with a log of what it was asked: the base of the others.

The log is what lets a test say that something was *not* sent: each request is
one line of JSON, written before the answer, with the Authorization header as it
came, or null.
"""

import base64
import http.server
import json
import os
import ssl
import threading


class Log:
    """Requests, in memory and, where a path is given, as lines of a file."""

    def __init__(self, path=None):
        self.entries = []
        self.counts = {}
        self.lock = threading.Lock()
        self.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND,
                            0o600) if path else None

    def add(self, name, exchange):
        """Notes a request to the server `name`; says the how-manieth it is of
        its method and path, from 1 on."""
        key = (name, exchange.command, exchange.path)
        with self.lock:
            self.counts[key] = number = self.counts.get(key, 0) + 1
            entry = {
                'server': name,
                'method': exchange.command,
                'path': exchange.path,
                'host': exchange.headers.get('Host'),
                'authorization': exchange.headers.get('Authorization'),
                'number': number,
            }
            self.entries.append(entry)
            if self.file is not None:
                os.write(self.file, json.dumps(entry).encode() + b'\n')
        return number

    def of(self, start):
        """The requests whose path begins so."""
        with self.lock:
            return [entry for entry in self.entries
                    if entry['path'].startswith(start)]


class Exchange(http.server.BaseHTTPRequestHandler):
    """One request and its answer. `number` says how often it came so far."""

    protocol_version = 'HTTP/1.1'
    disable_nagle_algorithm = True  # an answer is two packets

    def handle_any(self):
        """Reads the body, logs the request and lets the server answer."""
        size = int(self.headers.get('Content-Length', 0))
        self.body = self.rfile.read(size)
        self.number = self.server.owner.log.add(self.server.owner.name, self)
        self.server.owner.answer(self)

    do_GET = do_HEAD = do_POST = do_PUT = handle_any

    def log_message(self, *_):
        """The log has it."""

    @property
    def authorization(self):
        """The Authorization header, or None."""
        return self.headers.get('Authorization')

    def basic_login(self):
        """The user and password of a Basic Authorization; None where there is
        none that can be read."""
        scheme, _, value = (self.authorization or '').partition(' ')
        if scheme.lower() != 'basic':
            return None
        try:
            text = base64.b64decode(value, validate=True).decode()
        except ValueError:
            return None
        user, colon, password = text.partition(':')
        return (user, password) if colon else None

    def reply(self, status, body=b'', headers=()):
        """Answers with `headers`, pairs that may have a name several times;
        the length is added. An answer to HEAD has no body."""
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(body)

    def reply_json(self, status, value, headers=()):
        """Answers with a value as JSON."""
        self.reply(status, json.dumps(value).encode(),
                   [('Content-Type', 'application/json'), *headers])

    def reply_error(self, status, code, message='no', headers=()):
        """Answers with an error as registries write them."""
        self.reply_json(status, {'errors': [
            {'code': code, 'message': message}]}, headers)


class _Threads(http.server.ThreadingHTTPServer):
    """Many connections at once, of which none keeps the process alive."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, owner, context):
        self.owner = owner
        self.context = context
        super().__init__(('127.0.0.1', 0), Exchange)

    def finish_request(self, request, client_address):
        # Here, in the thread of the connection: a client that never says a
        # word would hold up the others if the listening socket did this.
        if self.context:
            try:
                request = self.context.wrap_socket(request, server_side=True)
            except OSError:
                return
        super().finish_request(request, client_address)
        if self.context:
            self.shutdown_request(request)

    def handle_error(self, request, client_address):
        """A client that goes away is no news."""


class WebServer:
    """A server in threads of this process; subclasses have `answer`.

    `certificate` is a pair of files, a certificate and its key, for https.
    """

    name = 'web'

    def __init__(self, log=None, certificate=None):
        self.log = log or Log()
        self.stopping = threading.Event()
        context = None
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
        self._server = _Threads(self, context)
        self.port = self._server.server_port
        self.host = f'127.0.0.1:{self.port}'
        self.url = f'{"https" if certificate else "http"}://{self.host}'
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True)

    def answer(self, exchange):
        """Answers a request."""
        raise NotImplementedError

    def start(self):
        """Begins to listen. What connected before is not lost."""
        self._thread.start()
        return self

    def stop(self):
        """Closes the port; those who wait on purpose wait no more."""
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()
