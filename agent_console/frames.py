"""The console's side of one TCP connection: whole frames straight into the transport.

uvicorn's way (one task, one queue and one encoding a socket and message) costs several times the
write itself, which counts when a thousand consoles see the same row. Text from server to browser is
neither masked nor compressed (RFC 6455 5.1), so a frame made once serves every socket. The bounded
outbox of a browser is the transport's write buffer: nothing else queues. This file must not know
what the frames mean.
"""

from __future__ import annotations

from typing import Protocol

EXTENSION = "callcenter.frames"


class FrameWriter(Protocol):
    """What the hub needs of a socket that was accepted."""

    def write(self, frame: bytes) -> None:
        """Send a whole frame; nothing happens when the socket is closing."""

    def buffered(self) -> int:
        """Bytes written but not yet taken by the kernel."""

    def close(self, code: int, reason: str) -> None:
        """Begin the closing handshake; the endpoint then sees a disconnect."""

    def abort(self) -> None:
        """Drop the connection at once, with what is buffered."""


def text_frame(payload: bytes) -> bytes:
    """`payload` (UTF-8) as one unmasked text frame (RFC 6455 5.2: FIN, opcode 1, length)."""
    length = len(payload)
    if length < 126:
        return bytes((0x81, length)) + payload
    if length < 65_536:
        return b"\x81\x7e" + length.to_bytes(2, "big") + payload
    return b"\x81\x7f" + length.to_bytes(8, "big") + payload
