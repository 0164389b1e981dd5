"""A TCP proxy that does to a connection what networks do: cut it, swallow, slice, delay, refuse."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

WHOLE_FRAME = b"\r\n\r\n"


class Proxy:
    """`to_server` holds all that clients have sent, unless `heard` (connection, data) takes it.
    `swallow`: nothing passes any more, in either direction, yet the connection stays open. `deaf`:
    only answers are swallowed. `refuse`: new connections are cut at once. `slice_bytes`: so many
    at a time, each on its way alone. `delay_seconds`: each way. `change` (whether it goes to the
    server, data) gives what goes on instead."""

    def __init__(
        self,
        heard: Callable[[int, bytes], None] | None = None,
        change: Callable[[bool, bytes], bytes] | None = None,
    ) -> None:
        self.port = 0
        self.to_server = b""
        self.swallow = False
        self.deaf = False
        self.refuse = False
        self.slice_bytes = 0
        self.delay_seconds = 0.0
        self.connections = 0
        self._heard = heard or self._keep
        self._change = change or (lambda outward, data: data)
        self._writers: list[asyncio.StreamWriter] = []
        self._serving: set[asyncio.Task[None]] = set()
        self._clients: dict[int, asyncio.StreamWriter] = {}
        self._whole: dict[int, bool] = {}

    def _keep(self, connection: int, data: bytes) -> None:
        self.to_server += data

    def cut(self) -> None:
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    def mend(self) -> None:
        """As if nothing had been; what was cut stays cut."""
        self.swallow = self.deaf = self.refuse = False
        self.slice_bytes, self.delay_seconds = 0, 0.0

    def inject(self, connection: int, data: bytes) -> bool:
        """Sends the client of this connection what the server never said, between two frames
        (which end with an empty line). False: a frame is under way, try again."""
        writer = self._clients.get(connection)
        if writer is None or not self._whole.get(connection, False):
            return False
        writer.write(data)
        return True

    def unsent(self, connection: int) -> int:
        """Bytes that the client has not taken yet."""
        writer = self._clients.get(connection)
        return 0 if writer is None else writer.transport.get_write_buffer_size()

    async def _serve(
        self, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.connections += 1
        number = self.connections
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        away = None
        try:
            if self.refuse:
                writer.transport.abort()
                return
            there, away = await asyncio.open_connection("127.0.0.1", port)
            self._writers += [writer, away]
            self._clients[number] = writer
            pumps = [
                asyncio.ensure_future(self._pump(number, reader, away, True)),
                asyncio.ensure_future(self._pump(number, there, writer, False)),
            ]
            try:
                # One side gone, the other is cut as well: who resets does not say goodbye.
                await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for pump in pumps:
                    pump.cancel()
                await asyncio.gather(*pumps, return_exceptions=True)
        except OSError:
            pass  # nobody listens there at the moment
        finally:
            self._clients.pop(number, None)
            for each in (writer, away):
                if each is not None:
                    each.close()
                    if each in self._writers:
                        self._writers.remove(each)
            self._serving.discard(task)

    async def _pump(
        self,
        number: int,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        outward: bool,
    ) -> None:
        while data := await reader.read(65536):
            if self.swallow or (self.deaf and not outward):
                continue
            if outward:
                self._heard(number, data)
            if self.delay_seconds:
                await asyncio.sleep(self.delay_seconds)
            data = self._change(outward, data)
            size = self.slice_bytes or len(data)
            for start in range(0, len(data), size):
                writer.write(data[start : start + size])
                await writer.drain()
                if self.slice_bytes:
                    await asyncio.sleep(0)
            if not outward:
                self._whole[number] = data.endswith(WHOLE_FRAME)

    async def close(self) -> None:
        self.mend()
        self.cut()
        while self._serving:  # also one that was just about to connect
            await asyncio.wait(self._serving, timeout=0.2)
            self.cut()


@asynccontextmanager
async def proxy(
    port: int,
    heard: Callable[[int, bytes], None] | None = None,
    change: Callable[[bool, bytes], bytes] | None = None,
) -> AsyncIterator[Proxy]:
    made = Proxy(heard, change)
    server = await asyncio.start_server(
        lambda reader, writer: made._serve(port, reader, writer), "127.0.0.1", 0
    )
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        await made.close()
