"""Fakes at the console's edges: a clock, a wheel of timers, and a socket that only remembers."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from agent_console.browser import Browser, Visitor
from agent_console.hub import Hub, administrators_alone
from agent_console.view import Role
from callcenter.core.board import CallRow
from callcenter.core.commands import CustomerCard
from callcenter.core.inputs import Input
from callcenter.core.teams import EVERYTHING, Reach


class FakeClock:
    def __init__(self, now: float = 1_000.0) -> None:
        self.time = now

    def now(self) -> float:
        return self.time


@dataclass
class _Planned:
    at: float
    callback: Callable[[], None]
    cancelled: bool = False

    def cancel(self) -> None:
        self.cancelled = True


@dataclass
class Wheel:
    """Timers that go off when `turn` moves the clock."""

    clock: FakeClock
    planned: list[_Planned] = field(default_factory=list)

    def call_later(self, delay: float, callback: Callable[[], None], /) -> _Planned:
        one = _Planned(self.clock.time + delay, callback)
        self.planned.append(one)
        return one

    def turn(self, seconds: float) -> None:
        end = self.clock.time + seconds
        while True:
            due = [one for one in self.planned if one.at <= end and not one.cancelled]
            if not due:
                break
            first = min(due, key=lambda one: one.at)
            self.planned.remove(first)
            self.clock.time = max(self.clock.time, first.at)
            first.callback()
        self.clock.time = end


@dataclass
class FakeWriter:
    """Remembers frames; `stuck` bytes are what nobody reads."""

    frames: list[bytes] = field(default_factory=list)
    closed: tuple[int, str] | None = None
    aborted: bool = False
    stuck: int = 0

    def write(self, frame: bytes) -> None:
        self.frames.append(frame)

    def buffered(self) -> int:
        return self.stuck

    def close(self, code: int, reason: str) -> None:
        self.closed = (int(code), reason)

    def abort(self) -> None:
        self.aborted = True

    def messages(self) -> list[dict[str, Any]]:
        """What was sent since the last call, as read by a browser."""
        frames, self.frames = self.frames, []
        return [json.loads(payload_of(frame)) for frame in frames]


def payload_of(frame: bytes) -> bytes:
    """The payload of an unmasked text frame (RFC 6455 5.2)."""
    assert frame[0] == 0x81
    length = frame[1]
    start = {126: 4, 127: 10}.get(length, 2)
    if start > 2:
        length = int.from_bytes(frame[2:start], "big")
    assert len(frame) == start + length
    return frame[start:]


@dataclass
class House:
    """A hub with fakes around it."""

    clock: FakeClock = field(default_factory=FakeClock)
    submitted: list[Input] = field(default_factory=list)
    cards: dict[str, CustomerCard] = field(default_factory=dict)
    cards_error: Exception | None = None
    unfiled: set[tuple[str, str, str]] = field(default_factory=set)
    border: Reach = EVERYTHING
    """Of supervisors."""

    def __post_init__(self) -> None:
        self.wheel = Wheel(self.clock)
        self.hub = Hub(
            submit=self.submitted.append,
            cards=self._card,
            clock=self.clock,
            timers=self.wheel,
            epoch=7,
            filed=self._filed,
            reach=self._reach,
        )

    def _reach(self, role: str, user: str) -> Reach:
        return self.border if role == "supervisor" else administrators_alone(role, user)

    async def _card(self, id: str) -> CustomerCard | None:
        if self.cards_error is not None:
            raise self.cards_error
        return self.cards.get(id)

    async def _filed(self, agent: str, row: CallRow, disposition: str) -> bool:
        return (agent, row.call, disposition) not in self.unfiled

    def browser(
        self, role: Role = "agent", agent: str | None = "ada", *, user: str = "", session: str = ""
    ) -> tuple[Browser, FakeWriter]:
        """A browser that has not entered yet."""
        name = user or agent or role
        visitor = Visitor(session or f"s-{name}", name, name.title(), role, agent)
        writer = FakeWriter()
        return Browser(visitor, writer, self.clock.now()), writer

    def enter(
        self, role: Role = "agent", agent: str | None = "ada", *, user: str = "", session: str = ""
    ) -> tuple[Browser, FakeWriter]:
        """A browser with its snapshot read."""
        browser, writer = self.browser(role, agent, user=user, session=session)
        assert self.hub.enter(browser, None) is None
        return browser, writer
