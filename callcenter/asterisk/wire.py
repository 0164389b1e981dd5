"""panoramisk's wire to the manager interface, with its reading and its memory replaced.

What stays is its life on the event loop. `link` decides when to connect, what to
send and when to give up; this file only knows bytes, frames and which answer belongs to which
action. Nobody else imports panoramisk.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import secrets
import socket
from dataclasses import dataclass
from typing import Protocol

from panoramisk.ami_protocol import AMIProtocol

from callcenter.asterisk.actions import Headers
from callcenter.asterisk.parse import EndlessFrame, Frame, FrameReader

log = logging.getLogger(__name__)

_RUN = secrets.token_hex(4)  # answers to an earlier process's actions are not ours
_NUMBERS = itertools.count(1)
WRITE_BUFFER_BYTES_MAX = 1 << 20
USER_TIMEOUT_MILLISECONDS = 10_000


@dataclass(slots=True)
class LinkCounters:
    """Since the start of the process."""

    connects: int = 0
    losses: int = 0
    logins_refused: int = 0
    frames: int = 0
    bad_frames: int = 0
    failed_events: int = 0
    sent: int = 0
    not_sent: int = 0
    unknown: int = 0
    rejected: int = 0


class Owner(Protocol):
    """Whom the wire reports to. None of these may wait or raise."""

    counters: LinkCounters

    def deliver(self, frame: Frame) -> None:
        """An event."""
        ...

    def answer(self, request: Request) -> None:
        """Its answer is complete."""
        ...

    def give_up(self, request: Request, reason: str) -> None:
        """No answer will come."""
        ...


class Request:
    """An action that waits for its answer: one response, or a response and a list of events."""

    __slots__ = ("deadline", "frames", "future", "headers", "id")

    def __init__(self, headers: Headers, deadline: float) -> None:
        self.id = f"{_RUN}-{next(_NUMBERS)}"
        self.headers = headers
        self.deadline = deadline
        self.frames: list[Frame] = []
        self.future: asyncio.Future[list[Frame]] = asyncio.get_running_loop().create_future()

    @property
    def action(self) -> str:
        return str(self.headers["Action"])

    def to_bytes(self) -> bytes:
        """As Asterisk reads it: the action first, an empty line at the end."""
        lines = [f"Action: {self.action}", f"ActionID: {self.id}"]
        for name, value in self.headers.items():
            if name != "Action":
                values = value if isinstance(value, list | tuple) else (value,)
                lines.extend(f"{name}: {each}" for each in values)
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def add(self, frame: Frame) -> bool:
        """True when the answer is complete."""
        self.frames.append(frame)
        if "Response" in frame:
            return frame.get("EventList") != "start" or frame["Response"] == "Error"
        return frame.get("EventList") in ("Complete", "cancelled")


class Wire(AMIProtocol):  # type: ignore[misc]
    """panoramisk's protocol with its reading and its memory replaced."""

    def __init__(self, owner: Owner) -> None:
        self.owner = owner
        self.reader = FrameReader()
        self.paused = False
        self._unsent: list[bytes] = []
        self.lost = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.encoding = "utf-8"
        self.last_heard = asyncio.get_running_loop().time()
        self.transport.set_write_buffer_limits(high=WRITE_BUFFER_BYTES_MAX)
        connection: socket.socket | None = transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            if hasattr(socket, "TCP_USER_TIMEOUT"):
                connection.setsockopt(
                    socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, USER_TIMEOUT_MILLISECONDS
                )

    def send(self, request: Request) -> asyncio.Future[list[Frame]]:
        """Everything sent in one turn of the event loop goes out in one write at its end."""
        self.responses[request.id] = request
        if not self._unsent:
            asyncio.get_running_loop().call_soon(self.flush)
        self._unsent.append(request.to_bytes())
        return request.future

    def flush(self) -> None:
        """Write what was sent so far."""
        unsent, self._unsent = self._unsent, []
        if unsent and not self.closed:
            self.transport.write(b"".join(unsent))

    def pause_writing(self) -> None:
        self.paused = True

    def resume_writing(self) -> None:
        self.paused = False

    def data_received(self, data: bytes) -> None:
        self.last_heard = asyncio.get_running_loop().time()
        bad = self.reader.bad
        try:
            frames = self.reader.feed(data)
        except EndlessFrame as error:
            log.error("AMI: %s; closing", error)
            self.transport.abort()
            return
        self.owner.counters.bad_frames += self.reader.bad - bad
        self.owner.counters.frames += len(frames)
        responses, deliver = self.responses, self.owner.deliver
        for frame in frames:
            request = responses.get(frame.get("ActionID")) if responses else None
            if request is None:
                deliver(frame)
            elif request.add(frame):
                del responses[request.id]
                self.owner.answer(request)

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True
        requests = list(self.responses.values())
        self.responses.clear()
        for request in requests:
            self.owner.give_up(request, "the link was lost")
        if not self.lost.done():
            self.lost.set_result(None)
