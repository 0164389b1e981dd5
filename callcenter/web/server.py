"""uvicorn as a part of the process: made here, run in the bootstrap's task group.

    server = web_server(app, settings)
    async with asyncio.TaskGroup() as group:
        group.create_task(server.serve())

Signals stay with the bootstrap; to stop, set `server.should_exit`. This file must not know the
application.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Generator

import uvicorn
from starlette.types import ASGIApp

from agent_console.frame_protocol import FrameProtocol
from callcenter.settings import Settings
from callcenter.web.listening import listening
from callcenter.web.patience import PatientProtocol
from callcenter.web.sip import MESSAGE_MAX_BYTES
from callcenter.web.tls import certificate_on_the_spot, own_names

STOP_SECONDS = 5
CONNECTIONS_MAX = 10_000


class WebServer(uvicorn.Server):
    """Leaves signals to the process that runs it, and raises ListenFailed instead of exiting."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Run until `should_exit`. Raises ListenFailed when the address is in use or not ours."""
        await super().serve(sockets or [listening(self.config.host, self.config.port)])

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens, once `started` (the port may have been chosen by the system)."""
        first: socket.socket = self.servers[0].sockets[0]
        host, port = first.getsockname()[:2]
        return str(host), int(port)


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
        http=PatientProtocol,
        ws=FrameProtocol,
        ws_max_size=MESSAGE_MAX_BYTES,
        ws_per_message_deflate=False,
        ws_ping_interval=20.0,
        ws_ping_timeout=20.0,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=list(settings.proxies),
        limit_concurrency=CONNECTIONS_MAX,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    return WebServer(config)
