"""One callback: what is known of it, what a queue allows, and when its customer may be called.

The steps themselves are `acd.callback`; the place in line is the router's. Hours become moments in
time here, because the routing engine knows no time zones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from acd.callback import NOT_YET, Callback, Window
from callcenter.core.commands import CustomerCard
from callcenter.core.config import CallbackPolicy
from callcenter.core.effects import CallbackAttempt, CallbackOutcome, RecordCallback
from ivr.calendar import days_of, spans_of
from ivr.localtime import day_after, local_time, moment, weekday_of

WINDOW_DAYS: Final = 9


@dataclass(slots=True)
class Request:
    """A callback that was asked for. `turn` says where it stands; its `entry` is our id, which is
    also the router's as long as no call stands in its place.

    `contact`: the interaction in whose books everything is written, the call that asked for it.
    `origin`: that call while its caller is still on the line, "" afterwards. `call`: the one that
    dials or has reached the customer. `sequence`, `revision`: how far the contact's books are.
    `joined_at`: since when he waits; of a scheduled one, from when on he will."""

    turn: Callback
    contact: str
    name: str
    did: str
    language: str
    started_at: float
    asked_at: float
    asked_by: str
    joined_at: float
    time_zone: str = ""
    flow: str | None = None
    path: tuple[str, ...] = ()
    skills: Mapping[str, int] = field(default_factory=dict)
    asked_priority: int = 0
    priority: int = 0
    value_seconds: float = 0.0
    cards: tuple[CustomerCard, ...] = ()
    customer: str | None = None
    origin: str = ""
    call: str = ""
    attempts: tuple[CallbackAttempt, ...] = ()
    outcome: CallbackOutcome = ""
    sequence: int = 0
    revision: int = 0
    written: int = 0
    wait_seconds: float = 0.0

    @property
    def id(self) -> str:
        return self.turn.entry

    @property
    def queue(self) -> str:
        return self.turn.queue

    @property
    def number(self) -> str:
        return self.turn.identity

    @property
    def key(self) -> tuple[str, str]:
        """One customer has one callback in a queue."""
        return self.turn.queue, self.turn.identity

    @property
    def scheduled(self) -> bool:
        """Its time has not come: it is in no line, and in no figure of those who wait."""
        return self.turn.state in NOT_YET


@dataclass(slots=True)
class Schedule:
    """The scheduled callbacks of one queue, each with its time; `next_at` is the first of these."""

    times: dict[str, float] = field(default_factory=dict)
    next_at: float | None = None

    def put(self, id: str, at: float) -> None:
        self.drop(id)
        self.times[id] = at
        self.next_at = at if self.next_at is None else min(self.next_at, at)

    def drop(self, id: str) -> None:
        at = self.times.pop(id, None)
        if at is not None and at == self.next_at:
            self.next_at = min(self.times.values(), default=None)


def record(request: Request, revision: int) -> RecordCallback:
    """The request as it is kept in the database."""
    turn = request.turn
    return RecordCallback(
        id=request.id,
        revision=revision,
        contact=request.contact,
        queue=turn.queue,
        number=turn.identity,
        name=request.name,
        did=request.did,
        language=request.language,
        mode=turn.mode,
        state=turn.state.value,
        outcome=request.outcome,
        started_at=request.started_at,
        asked_at=request.asked_at,
        asked_by=request.asked_by,
        joined_at=request.joined_at,
        changed_at=turn.since,
        next_at=turn.rested_at,
        time_zone=request.time_zone,
        flow=request.flow,
        path=request.path,
        skills=dict(request.skills),
        asked_priority=request.asked_priority,
        priority=request.priority,
        value_seconds=request.value_seconds,
        customer=request.customer,
        call=request.call,
        tries=turn.tries,
        attempts=request.attempts,
    )


# -- hours --------------------------------------------------------------------------------------
def clock_of(policy: CallbackPolicy, at: float | None) -> tuple[str, str]:
    """The day (YYYY-MM-DD) and the time (HH:MM) of a moment on the queue's clock; None: "", ""."""
    if at is None:
        return "", ""
    there = local_time(at, policy.time_zone or "UTC")
    return there.date, f"{there.minute // 60:02}:{there.minute % 60:02}"


def windows_of(policy: CallbackPolicy, time_zone: str, now: float) -> tuple[Window, ...]:
    """When the customer may be called in the days to come: within the queue's hours on the queue's
    clock, and within the customer's on his own (the queue's where his is not known). Empty: at any
    time."""
    zone = policy.time_zone or "UTC"
    wanted = []
    if policy.hours:
        wanted.append(_moments(policy.hours, zone, now))
    if policy.customer_hours:
        wanted.append(_moments({"mon-sun": policy.customer_hours}, time_zone or zone, now))
    if not wanted:
        return ()
    windows = wanted[0]
    for more in wanted[1:]:
        windows = _both(windows, more)
    return tuple(windows) or ((0.0, 0.0),)  # never, which is not the same as always


def _moments(week: Mapping[str, str], zone: str, now: float) -> list[Window]:
    """The spans of a weekly grid from yesterday on, as moments; a later row of the grid wins."""
    out: list[Window] = []
    today = local_time(now, zone).date
    for offset in range(-1, WINDOW_DAYS):
        day = day_after(today, offset)
        spans = ""
        for key, text in week.items():
            if weekday_of(day) in days_of(key):
                spans = text
        for begin, end in spans_of(spans):
            until = moment(day_after(day, 1), 0, zone) if end == 1440 else moment(day, end, zone)
            out.append((moment(day, begin, zone), until))
    return out


def _both(ones: list[Window], others: list[Window]) -> list[Window]:
    out = []
    for begin, end in ones:
        for other_begin, other_end in others:
            if max(begin, other_begin) < min(end, other_end):
                out.append((max(begin, other_begin), min(end, other_end)))
    return out
