"""uvicorn's HTTP protocol with an end to its patience: a request has to arrive whole in time.

Without it a client that connects and says nothing, or a body that comes byte by byte, would hold a
connection for ever. Sound files may take longer. This file must not know what is asked.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

REQUEST_SECONDS = 20.0
UPLOAD_SECONDS = 180.0
UPLOADS = "/api/prompts/"


class PatientProtocol(HttpToolsProtocol):
    """Closes a connection whose request, first or later, is not complete after REQUEST_SECONDS."""

    request_seconds = REQUEST_SECONDS
    upload_seconds = UPLOAD_SECONDS
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._begin()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._deadline is None:
            self._begin()

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        if self._deadline is not None and self.scope.get("path", "").startswith(UPLOADS):
            self._end()
            self._begin(self.upload_seconds)

    def on_message_complete(self) -> None:
        self._end()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        self._end()
        super().handle_websocket_upgrade()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end()
        super().connection_lost(exc)

    def _begin(self, seconds: float | None = None) -> None:
        self._deadline = self.loop.call_later(seconds or self.request_seconds, self.transport.abort)

    def _end(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
