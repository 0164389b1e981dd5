"""uvicorn as a part of the process: made here, run in the bootstrap's task group.

    server = web_server(app, settings)
    async with asyncio.TaskGroup() as group:
        group.create_task(serve(server))

Signals stay with the bootstrap; to stop, set `server.should_exit`. This file must not know the
application.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Generator

import uvicorn
from starlette.types import ASGIApp

from agent_console.frames import FrameProtocol
from callcenter.settings import Settings
from callcenter.web.sip import MESSAGE_MAX_BYTES
from callcenter.web.tls import certificate_on_the_spot, own_names

STOP_SECONDS = 5
CONNECTIONS_MAX = 10_000


class WebServer(uvicorn.Server):
    """Leaves signals to the process that runs it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


def web_server(app: ASGIApp, settings: Settings) -> WebServer:
    """A server for `app` on the address of the settings, not yet started.

    Raises OSError when a certificate has to be made and cannot be written."""
    certificate = key = None
    if settings.tls_certificate is not None:
        certificate, key = settings.tls_certificate, settings.tls_key
    elif settings.tls:
        names = own_names(settings.listen_address)
        certificate, key = certificate_on_the_spot(settings.secrets_directory, names)
    config = uvicorn.Config(
        app,
        host=settings.listen_address,
        port=settings.listen_port,
        ssl_certfile=certificate,
        ssl_keyfile=key,
        http="httptools",
        ws=FrameProtocol,
        ws_max_size=MESSAGE_MAX_BYTES,
        ws_per_message_deflate=False,
        ws_ping_interval=20.0,
        ws_ping_timeout=20.0,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=CONNECTIONS_MAX,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=STOP_SECONDS,
        h11_max_incomplete_event_size=64 * 1024,
    )
    return WebServer(config)


def bound_address(server: WebServer) -> tuple[str, int]:
    """Where a started server really listens (the port may have been chosen by the system)."""
    first: socket.socket = server.servers[0].sockets[0]
    address = first.getsockname()
    return str(address[0]), int(address[1])
