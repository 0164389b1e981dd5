"""A real uvicorn on a free loopback port, within the running loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp

from agent_console.frame_protocol import FrameProtocol

START_SECONDS = 5.0


class QuietServer(uvicorn.Server):
    def install_signal_handlers(self) -> None:
        """The test's process keeps its own."""


async def until(condition: Callable[[], bool], seconds: float = START_SECONDS) -> None:
    """Wait for something in a real server or system; TimeoutError after `seconds`."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - it does not tell
            await asyncio.sleep(0.005)


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    """`127.0.0.1:port` of the running server."""
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=0,
        ws=FrameProtocol,
        ws_max_size=64 * 1024,
        ws_per_message_deflate=False,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    server = QuietServer(config)
    running = asyncio.ensure_future(server._serve())
    await until(lambda: server.started)
    address = server.servers[0].sockets[0].getsockname()
    try:
        yield f"{address[0]}:{address[1]}"
    finally:
        server.should_exit = True
        await running
