"""A TCP proxy that can do to a connection what networks do: cut it, swallow, delay."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Proxy:
    """`to_server` holds all that clients have sent. `swallow`: nothing passes any more, in either
    direction, yet the connection stays open. `deaf`: only answers are swallowed."""

    def __init__(self) -> None:
        self.port = 0
        self.to_server = b""
        self.swallow = False
        self.deaf = False
        self.connections = 0
        self._writers: list[asyncio.StreamWriter] = []

    def cut(self) -> None:
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def _serve(
        self, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.connections += 1
        there, away = await asyncio.open_connection("127.0.0.1", port)
        self._writers += [writer, away]
        await asyncio.gather(
            self._pump(reader, away, True), self._pump(there, writer, False), return_exceptions=True
        )
        for each in (writer, away):
            each.close()

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, outward: bool
    ) -> None:
        while data := await reader.read(65536):
            if self.swallow or (self.deaf and not outward):
                continue
            if outward:
                self.to_server += data
            writer.write(data)
            await writer.drain()


@asynccontextmanager
async def proxy(port: int) -> AsyncIterator[Proxy]:
    made = Proxy()
    server = await asyncio.start_server(
        lambda reader, writer: made._serve(port, reader, writer), "127.0.0.1", 0
    )
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        made.cut()
        server.close()
        await asyncio.sleep(0)
