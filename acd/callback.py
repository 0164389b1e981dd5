"""A callback that keeps its place: one table, state and event to next state.

The caller hangs up, his entry stays in line with its key (`Router.sleep`). Two ways to connect:

* *agent first*: the entry is not put to sleep; when it is its turn an agent is offered it like a
  call, and the customer is dialled when he takes it;
* *customer first*: the entry sleeps until its turn is near (`Router.due`), then the customer is
  dialled, and when he answers the entry wakes and gets the next agent.

Who agreed to be called at a later time is *scheduled*: he has no place in line until it has come,
and waits from then on. So is who asked *after hours*, for when they begin next: nobody is there
whom he could wait for.

This file must not know how to dial, nor time zones: windows come as moments in time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Literal

from acd.refusals import Refusal

Mode = Literal["agent-first", "customer-first"]
Window = tuple[float, float]  # the customer may be called from, until (UNIX seconds)


class State(StrEnum):
    WAITING = "waiting"  # for its turn
    RESTING = "resting"  # until the next try is allowed
    SCHEDULED = "scheduled"  # for a time that has not come; he waits for nothing yet
    AFTER_HOURS = "after-hours"  # the same, until the hours begin in which he may be called
    DIALLING = "dialling"
    REACHED = "reached"  # the customer is on the line
    DONE = "done"
    GIVEN_UP = "given-up"
    CANCELLED = "cancelled"


class Event(StrEnum):
    DIALLED = "dialled"
    ANSWERED = "answered"
    NOT_REACHED = "not-reached"
    RESTED = "rested"
    CONNECTED = "connected"  # with an agent
    HUNG_UP = "hung-up"  # the customer, before an agent came
    CANCELLED = "cancelled"
    POSTPONED = "postponed"  # not before a later moment
    AGREED = "agreed"  # with him, on a later time
    CLOSED = "closed"  # asked for outside the hours
    DUE = "due"  # that time has come, or the hours have begun


ENDED: Final = frozenset({State.DONE, State.GIVEN_UP, State.CANCELLED})
NOT_YET: Final = frozenset({State.SCHEDULED, State.AFTER_HOURS})
"""In no line, and in no figure of those who wait."""
# NOT_REACHED and HUNG_UP lead to another try, or to GIVEN_UP when there were enough.
TABLE: Final[dict[State, dict[Event, State]]] = {
    State.WAITING: {
        Event.DIALLED: State.DIALLING,
        Event.POSTPONED: State.RESTING,
        Event.AGREED: State.SCHEDULED,
        Event.CLOSED: State.AFTER_HOURS,
        Event.CANCELLED: State.CANCELLED,
    },
    State.RESTING: {
        Event.RESTED: State.WAITING,
        Event.POSTPONED: State.RESTING,
        Event.AGREED: State.SCHEDULED,
        Event.CANCELLED: State.CANCELLED,
    },
    State.SCHEDULED: {
        Event.DUE: State.WAITING,
        Event.AGREED: State.SCHEDULED,
        Event.CLOSED: State.AFTER_HOURS,
        Event.CANCELLED: State.CANCELLED,
    },
    State.AFTER_HOURS: {
        Event.DUE: State.WAITING,
        Event.AGREED: State.SCHEDULED,
        Event.CLOSED: State.AFTER_HOURS,
        Event.CANCELLED: State.CANCELLED,
    },
    State.DIALLING: {
        Event.ANSWERED: State.REACHED,
        Event.NOT_REACHED: State.RESTING,
        Event.CANCELLED: State.CANCELLED,
    },
    State.REACHED: {
        Event.CONNECTED: State.DONE,
        Event.HUNG_UP: State.RESTING,
        Event.CANCELLED: State.CANCELLED,
    },
}


@dataclass(frozen=True, slots=True)
class Callback:
    """`entry` is the place in line, `identity` the verified number. `windows` empty: at any time.
    `rested_at`: when a resting callback may be tried again, or the time of one that is scheduled or
    waits for the hours."""

    entry: str
    queue: str
    identity: str
    mode: Mode = "customer-first"
    tries_max: int = 3
    retry_seconds: float = 300.0
    windows: tuple[Window, ...] = ()
    state: State = State.WAITING
    since: float = 0.0
    tries: int = 0
    rested_at: float | None = None

    @property
    def ended(self) -> bool:
        return self.state in ENDED


def step(callback: Callback, event: Event, now: float) -> Callback | Refusal:
    """The callback after `event`. Refusal `not-now`: the event does not fit the state (dialling
    outside the customer's hours included); facts that came too late can be ignored so."""
    target = TABLE.get(callback.state, {}).get(event)
    if target is None:
        return Refusal("not-now", f"a callback that is {callback.state} cannot be {event}")
    if target is State.DIALLING:
        if not allowed(callback.windows, now):
            return Refusal("not-now", "it is outside the hours the customer asked for")
        return replace(callback, state=target, since=now, tries=callback.tries + 1)
    if target is State.RESTING:  # by NOT_REACHED or HUNG_UP
        again = next_allowed(callback.windows, now + callback.retry_seconds)
        if callback.tries >= callback.tries_max or again is None:
            return replace(callback, state=State.GIVEN_UP, since=now, rested_at=None)
        return replace(callback, state=target, since=now, rested_at=again)
    return replace(callback, state=target, since=now, rested_at=None)


def postponed(callback: Callback, until: float, now: float) -> Callback | Refusal:
    """Not before `until`, or the first moment after it at which the customer may be called; no try
    is counted. Given up when there is no such moment. Refusal: not-now."""
    return _put_off(callback, Event.POSTPONED, until, now)


def agreed(callback: Callback, until: float, now: float) -> Callback | Refusal:
    """As `postponed`, by the customer's own wish: until that moment he does not wait."""
    return _put_off(callback, Event.AGREED, until, now)


def after_hours(callback: Callback, now: float) -> Callback | Refusal:
    """As `agreed`, for whom nobody can call now: until his hours begin he does not wait."""
    return _put_off(callback, Event.CLOSED, now, now)


def _put_off(callback: Callback, event: Event, until: float, now: float) -> Callback | Refusal:
    target = TABLE.get(callback.state, {}).get(event)
    if target is None:
        return Refusal("not-now", f"a callback that is {callback.state} cannot be {event}")
    again = next_allowed(callback.windows, max(until, now))
    if again is None:
        return replace(callback, state=State.GIVEN_UP, since=now, rested_at=None)
    return replace(callback, state=target, since=now, rested_at=again)


def allowed(windows: Sequence[Window], now: float) -> bool:
    return not windows or any(start <= now < end for start, end in windows)


def next_allowed(windows: Sequence[Window], now: float) -> float | None:
    """The first moment from `now` on inside a window; None if all are over."""
    if not windows:
        return now
    return min((max(start, now) for start, end in windows if end > now), default=None)


def merged(known: Callback, asked: Callback) -> Callback:
    """A second request by the same customer for the same queue: one callback, the older place, the
    newer wishes."""
    return replace(
        known,
        mode=asked.mode,
        windows=asked.windows,
        tries_max=max(known.tries_max, known.tries + asked.tries_max),
    )
