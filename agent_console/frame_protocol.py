"""The server's websocket protocol that lends itself to the endpoint as a `FrameWriter`."""

from __future__ import annotations

import socket

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from agent_console.frames import EXTENSION

# How long a browser may take to answer our close frame.
CLOSE_SECONDS = 2.0
# Bounds what the kernel holds for a browser that does not read.
SEND_BUFFER_BYTES = 256 * 1024


class FrameProtocol(WebSocketsSansIOProtocol):
    """uvicorn's websocket protocol which lends itself to the endpoint as a `FrameWriter`."""

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.response.status_code != 101:
            return  # not a websocket handshake: answered already
        raw = self.transport.get_extra_info("socket")
        if raw is not None and raw.family in {socket.AF_INET, socket.AF_INET6}:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        extensions = self.scope.get("extensions")
        assert extensions is not None
        extensions[EXTENSION] = {"writer": self}

    def write(self, frame: bytes) -> None:
        if self.handshake_complete and not self.close_sent and not self.transport.is_closing():
            self.transport.write(frame)

    def buffered(self) -> int:
        return self.transport.get_write_buffer_size()

    def close(self, code: int, reason: str) -> None:
        if self.close_sent or self.disconnected or self.transport.is_closing():
            return
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self.conn.send_close(code, reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        self.close_timer = self.loop.call_later(CLOSE_SECONDS, self.transport.abort)

    def abort(self) -> None:
        self.transport.abort()
