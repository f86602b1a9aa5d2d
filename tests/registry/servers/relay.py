"""A wire that is long: what goes in on one side comes out later on the other.
"""

import asyncio
import threading


class Relay:
    """Forwards connections to `target`, HOST:PORT; each byte takes `delay`
    seconds, in either direction, so that a round trip takes two of them."""

    def __init__(self, target, delay):
        host, _, port = target.rpartition(':')
        self.target = host, int(port)
        self.delay = delay
        self.host = None
        self._server = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever,
                                        daemon=True)

    def start(self):
        """Begins to listen."""
        self._thread.start()
        self._server = server = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self._connect, '127.0.0.1', 0, backlog=256),
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

    async def _connect(self, reader, writer):
        """Joins a connection to one of its own."""
        try:
            far_reader, far_writer = await asyncio.open_connection(*self.target)
        except OSError:
            writer.close()
            return
        await asyncio.gather(self._forward(reader, far_writer),
                             self._forward(far_reader, writer))

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
