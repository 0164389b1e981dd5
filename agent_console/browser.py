"""One connected console as the hub sees it: who sits there, and how the connection behaves.

A browser that does not read, or is silent longer than a few heartbeats, is dropped here, so that
memory stays bounded and a dead tab is noticed. This file must not know what is sent.
"""

from __future__ import annotations

import itertools
import logging
from dataclasses import dataclass

from agent_console.frames import FrameWriter
from agent_console.view import Role
from agent_console.wire import COMMANDS_PER_SECOND, CloseCode

# Three heartbeats of the browser (one each 5 s) and a little.
SILENT_SECONDS = 16.0
# A browser that took nothing for so long, or is so far behind, is dropped; it then comes back.
STUCK_SECONDS = 8.0
BUFFERED_MAX_BYTES = 2 * 1024 * 1024

log = logging.getLogger(__name__)
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who connected. `session` is the session's public id (never its secret). `wall`: it is a
    screen on the wall, of this team ("": of the whole house)."""

    session: str
    user: str
    name: str
    role: Role
    agent: str | None
    wall: str | None = None


class Allowance:
    """A token bucket: `rate` things a second, and as many at once (times in seconds)."""

    def __init__(self, rate: float, now: float) -> None:
        self._rate = rate
        self._left = rate
        self._at = now

    def take(self, now: float) -> bool:
        """True when one more is allowed now."""
        self._left = min(self._rate, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True


class Browser:
    """A console's connection. `number` is unique in this process."""

    def __init__(self, visitor: Visitor, writer: FrameWriter, now: float) -> None:
        self.number = next(_numbers)
        self.visitor = visitor
        self.allowance = Allowance(COMMANDS_PER_SECOND, now)
        self.broken = 0
        self._writer = writer
        self._heard_at = now
        self._stuck_since: float | None = None

    def heard(self, now: float) -> None:
        """Something came from the browser."""
        self._heard_at = now

    def send(self, frame: bytes) -> None:
        """Write a frame, or drop a browser that is too far behind. Never blocks, never raises."""
        self._writer.write(frame)
        if self._writer.buffered() > BUFFERED_MAX_BYTES:
            self._drop("too much is waiting to be read")

    def close(self, code: CloseCode, reason: str) -> None:
        self._writer.close(code, reason)

    def check(self, now: float) -> None:
        """Called each second: drop a browser that does not read, close one that is silent."""
        if self._writer.buffered() == 0:
            self._stuck_since = None
        elif self._stuck_since is None:
            self._stuck_since = now
        elif now - self._stuck_since > STUCK_SECONDS:
            self._drop("nothing was read")
            return
        if now - self._heard_at > SILENT_SECONDS:
            self.close(CloseCode.SILENT, "no heartbeat")

    def _drop(self, why: str) -> None:
        log.warning("console of user %s dropped: %s", self.visitor.user, why)
        self._writer.abort()
