"""Lines between offices and the daemon that can be cut, stalled, slowed and worse. TLS passes
through: what a fault does to the bytes, TLS and the programs have to bear."""

import asyncio
import threading

# Of what went up a line last, so much may come again on another connection.
REMEMBERED = 4096
SLOW_BYTES_PER_SECOND = 1024
SLOW_PIECE = 128


class Line:
    """Where clients of one office connect to. All its functions may be called from any thread."""

    def __init__(self, proxy):
        self.proxy = proxy
        self.address = None
        self.connections = set()
        self.flowing = asyncio.Event()
        self.flowing.set()
        self.is_slow = False
        self.is_down = False
        self.halves_next = False
        self.last_sent = b""
        # What comes again on the next connection, and behind how many bytes of its own.
        self.stale = None

    def _soon(self, function, *arguments):
        self.proxy.loop.call_soon_threadsafe(function, *arguments)

    def cut(self):
        self._soon(self._cut)

    def _cut(self):
        for transport in list(self.connections):
            transport.abort()

    def stall(self):
        self._soon(self.flowing.clear)

    def slow(self):
        self.is_slow = True

    def go_down(self):
        """Whoever connects is turned away."""
        self.is_down = True
        self.cut()

    def half_deliver(self):
        """Half of what comes next arrives, and then nothing more of that connection."""
        self.halves_next = True

    def repeat_after(self, own_bytes):
        """Cuts; on the next connection, bytes of an earlier one come between its own."""
        self._soon(self._repeat_after, own_bytes)

    def _repeat_after(self, own_bytes):
        self.stale = (own_bytes, self.last_sent)
        self._cut()

    def heal(self):
        """Of all that lasts."""
        self.is_slow = self.is_down = False
        self._soon(self.flowing.set)

    # ---- in the proxy's thread ----

    async def serve(self, client_reader, client_writer):
        if self.is_down or not self.proxy.target:
            client_writer.transport.abort()
            return
        try:
            server_reader, server_writer = await asyncio.open_connection(*self.proxy.target)
        except OSError:
            client_writer.transport.abort()
            return
        ends = {client_writer.transport, server_writer.transport}
        self.connections |= ends
        try:
            await asyncio.gather(self._up(client_reader, server_writer),
                                 self._pass(server_reader, client_writer))
        except (OSError, EOFError):
            pass
        finally:
            self.connections -= ends
            for transport in ends:
                transport.abort()

    async def _up(self, reader, writer):
        stale, self.stale = self.stale, None
        if stale:
            own_bytes, again = stale
            writer.write(await reader.readexactly(own_bytes) if own_bytes else b"")
            writer.write(again)
        await self._pass(reader, writer, remembers=True)

    async def _pass(self, reader, writer, remembers=False):
        while data := await reader.read(1 << 16):
            await self.flowing.wait()
            if self.halves_next:
                self.halves_next = False
                writer.write(data[:len(data) // 2])
                await writer.drain()
                raise ConnectionAbortedError
            if remembers:
                self.last_sent = (self.last_sent + data)[-REMEMBERED:]
            await self._deliver(data, writer)
        raise ConnectionAbortedError

    async def _deliver(self, data, writer):
        while self.is_slow and data:
            writer.write(data[:SLOW_PIECE])
            data = data[SLOW_PIECE:]
            await asyncio.sleep(SLOW_PIECE / SLOW_BYTES_PER_SECOND)
        writer.write(data)
        await writer.drain()


class Proxy:
    """Some lines to one daemon, wherever it listens at the time."""

    def __init__(self, line_count):
        # The daemon's host and port; none while it is away.
        self.target = None
        self.loop = asyncio.new_event_loop()
        self.lines = [Line(self) for _ in range(line_count)]
        self.servers = []
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        for line in self.lines:
            asyncio.run_coroutine_threadsafe(self._listen(line), self.loop).result()

    async def _listen(self, line):
        server = await asyncio.start_server(line.serve, "127.0.0.1", 0)
        self.servers.append(server)
        line.address = "127.0.0.1:%d" % server.sockets[0].getsockname()[1]

    def lead_to(self, address):
        host, port = address.rsplit(":", 1)
        self.target = (host, int(port))

    def close(self):
        asyncio.run_coroutine_threadsafe(self._end(), self.loop).result()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()

    async def _end(self):
        for server in self.servers:
            server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
