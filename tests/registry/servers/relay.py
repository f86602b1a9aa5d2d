"""Wires: one that is long, and one that leads to many places by their names.
"""

import asyncio
import ssl
import threading


class Relay:
    """Forwards connections to `target`, HOST:PORT; each byte takes `delay`
    seconds, in either direction, so that a round trip takes two of them."""

    def __init__(self, target, delay):
        self.target = target
        self.delay = delay
        self.context = None
        self.host = None
        self._server = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever,
                                        daemon=True)

    def start(self):
        """Begins to listen."""
        self._thread.start()
        self._server = server = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self._connect, '127.0.0.1', 0, backlog=256,
                                 ssl=self.context),
            self._loop).result()
        self.host = '127.0.0.1:%d' % server.sockets[0].getsockname()[1]
        return self

    def stop(self):
        """Forwards no more."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self):
        """Ends what is going on."""
        self._server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _target_of(self, _):
        """Where a connection is to go."""
        return self.target

    async def _connect(self, reader, writer):
        """Joins a connection to one of its own."""
        try:
            host, _, port = self._target_of(writer).rpartition(':')
            far_reader, far_writer = await asyncio.open_connection(host, port)
            await asyncio.gather(self._forward(reader, far_writer),
                                 self._forward(far_reader, writer))
        except (OSError, KeyError, asyncio.CancelledError):
            # cancelled when it is the end: asyncio would print where
            writer.close()

    async def _forward(self, reader, writer):
        """Takes bytes, each with the time when they are due; an empty piece is
        the end."""
        pieces = asyncio.Queue()
        deliver = self._loop.create_task(self._deliver(pieces, writer))
        piece = b'-'
        while piece:
            try:
                piece = await reader.read(1 << 16)
            except OSError:
                piece = b''
            pieces.put_nowait((self._loop.time() + self.delay, piece))
        await deliver

    async def _deliver(self, pieces, writer):
        """Writes the bytes when they are due."""
        while True:
            due, piece = await pieces.get()
            await asyncio.sleep(max(0, due - self._loop.time()))
            if not piece:
                writer.close()
                return
            writer.write(piece)


class Front(Relay):
    """Ends TLS, and forwards to the server of the name that a client asks for:
    `targets` has HOST:PORT by name. So registries have their real names, for
    clients that connect here for them."""

    def __init__(self, targets, certificate):
        super().__init__(None, 0)
        self.targets = targets
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(*certificate)
        self.context.sni_callback = self._note_name

    @staticmethod
    def _note_name(connection, name, _):
        """Keeps the name with the connection."""
        connection.name_asked_for = name

    def _target_of(self, writer):
        return self.targets[writer.get_extra_info('ssl_object').name_asked_for]
