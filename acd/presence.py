"""The presence of an agent: one table, state and event to next state.

Commands (log in, pause, ...) may be refused; facts (offered, answered, call ended, ...) never are:
what the table does not list for a fact leaves the state as it is. While an agent is busy, a wish to
pause or to log out is remembered and takes effect when the call and its wrap-up are over. An agent
can be offered something only in AVAILABLE, and he is only AVAILABLE while his device and his
console are there: available cannot lie.

This file must not know of calls or queues; who drives it says when an offer was made or ended.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from acd.refusals import Refusal


class State(StrEnum):
    OFFLINE = "offline"
    AVAILABLE = "available"
    OFFERED = "offered"
    TALKING = "talking"
    HOLD = "hold"
    WRAP_UP = "wrap-up"
    PAUSED = "paused"
    UNREACHABLE = "unreachable"


class Event(StrEnum):
    # commands: may be refused
    LOG_IN = "log_in"
    LOG_OUT = "log_out"
    GO_AVAILABLE = "go_available"
    PAUSE = "pause"
    # facts: never refused
    OFFER = "offer"
    OFFER_LAPSED = "offer_lapsed"
    OFFER_WITHDRAWN = "offer_withdrawn"
    ANSWERED = "answered"
    HOLD = "hold"
    UNHOLD = "unhold"
    CALL_ENDED = "call_ended"
    WRAP_UP_STARTED = "wrap_up_started"
    WRAP_UP_ENDED = "wrap_up_ended"
    DEVICE_LOST = "device_lost"
    DEVICE_BACK = "device_back"
    CONSOLE_LOST = "console_lost"
    CONSOLE_BACK = "console_back"
    FORCED_PAUSE = "forced_pause"
    FORCED_LOG_OUT = "forced_log_out"


COMMANDS: Final = frozenset({Event.LOG_IN, Event.LOG_OUT, Event.GO_AVAILABLE, Event.PAUSE})
BUSY: Final = frozenset({State.OFFERED, State.TALKING, State.HOLD, State.WRAP_UP})
IN_CALL: Final = frozenset({State.TALKING, State.HOLD})

S, E = State, Event
# What is absent is refused for commands and ignored for facts. RESUME stands for "whatever the
# agent wished for": the next state if one is set, else available.
RESUME: Final = None
TABLE: Final[dict[State, dict[Event, State | None]]] = {
    S.OFFLINE: {
        E.LOG_IN: S.PAUSED,
        # A fact about an agent we thought away, e.g. found talking after a restart.
        E.OFFER: S.OFFERED,
        E.ANSWERED: S.TALKING,
        E.HOLD: S.HOLD,
        E.WRAP_UP_STARTED: S.WRAP_UP,
    },
    S.AVAILABLE: {
        E.LOG_OUT: S.OFFLINE,
        E.FORCED_LOG_OUT: S.OFFLINE,
        E.PAUSE: S.PAUSED,
        E.FORCED_PAUSE: S.PAUSED,
        E.OFFER: S.OFFERED,
        E.ANSWERED: S.TALKING,
        E.HOLD: S.HOLD,
        E.WRAP_UP_STARTED: S.WRAP_UP,
        E.DEVICE_LOST: S.UNREACHABLE,
        E.CONSOLE_LOST: S.UNREACHABLE,
    },
    S.OFFERED: {
        E.ANSWERED: S.TALKING,
        E.HOLD: S.HOLD,
        E.OFFER_LAPSED: RESUME,
        E.OFFER_WITHDRAWN: RESUME,
        E.CALL_ENDED: RESUME,
        E.WRAP_UP_STARTED: S.WRAP_UP,
    },
    S.TALKING: {
        E.HOLD: S.HOLD,
        E.CALL_ENDED: S.WRAP_UP,
        E.WRAP_UP_STARTED: S.WRAP_UP,
    },
    S.HOLD: {
        E.UNHOLD: S.TALKING,
        E.CALL_ENDED: S.WRAP_UP,
        E.WRAP_UP_STARTED: S.WRAP_UP,
    },
    S.WRAP_UP: {
        E.WRAP_UP_ENDED: RESUME,
        E.OFFER: S.OFFERED,
        E.ANSWERED: S.TALKING,
        E.HOLD: S.HOLD,
    },
    S.PAUSED: {
        E.GO_AVAILABLE: S.AVAILABLE,
        E.PAUSE: S.PAUSED,
        E.FORCED_PAUSE: S.PAUSED,
        E.LOG_OUT: S.OFFLINE,
        E.FORCED_LOG_OUT: S.OFFLINE,
        E.OFFER: S.OFFERED,
        E.ANSWERED: S.TALKING,
        E.HOLD: S.HOLD,
        E.WRAP_UP_STARTED: S.WRAP_UP,
    },
    S.UNREACHABLE: {
        E.LOG_OUT: S.OFFLINE,
        E.FORCED_LOG_OUT: S.OFFLINE,
        E.PAUSE: S.PAUSED,
        E.FORCED_PAUSE: S.PAUSED,
        E.DEVICE_BACK: S.AVAILABLE,
        E.CONSOLE_BACK: S.AVAILABLE,
        E.OFFER: S.OFFERED,
        E.ANSWERED: S.TALKING,
        E.HOLD: S.HOLD,
        E.WRAP_UP_STARTED: S.WRAP_UP,
    },
}
# Wishes while busy, and what they will lead to.
LATER: Final[dict[Event, State]] = {
    E.PAUSE: S.PAUSED,
    E.FORCED_PAUSE: S.PAUSED,
    E.LOG_OUT: S.OFFLINE,
    E.FORCED_LOG_OUT: S.OFFLINE,
    E.GO_AVAILABLE: S.AVAILABLE,
}


@dataclass(frozen=True, slots=True)
class Presence:
    """Where an agent is. `since`: when he entered the state; `reason`: of a pause; `next_state`
    and `next_reason`: what comes when he is no longer busy (None: available). `idle_since`: from
    when on he waits for work (kept when an offer is withdrawn through no fault of his)."""

    state: State = State.OFFLINE
    since: float = 0.0
    reason: str = ""
    next_state: State | None = None
    next_reason: str = ""
    device_ready: bool = False
    console: bool = False
    idle_since: float | None = None

    @property
    def offerable(self) -> bool:
        """May the engine offer him something now?"""
        return self.state is State.AVAILABLE

    @property
    def busy(self) -> bool:
        return self.state in BUSY


def step(presence: Presence, event: Event, now: float, reason: str = "") -> Presence | Refusal:
    """The presence after `event` at `now`; the same object if nothing changed.

    `reason` goes with PAUSE and FORCED_PAUSE. After RONA, send OFFER_LAPSED and then FORCED_PAUSE.
    Refusals (commands alone): already-logged-in, not-logged-in, unreachable. An agent who goes
    available before his phone or console is there is UNREACHABLE until it is."""
    known = _links(presence, event)
    if presence.state in BUSY and event in LATER:
        wish = LATER[event]
        return replace(
            known,
            next_state=None if wish is State.AVAILABLE else wish,
            next_reason=reason if wish is State.PAUSED else "",
        )
    if event in COMMANDS:
        refusal = _refused(known, event)
        if refusal is not None:
            return refusal
    row = TABLE[presence.state]
    if event not in row:
        return known
    target = row[event]
    if target is RESUME:
        return _resume(known, event, now)
    return _enter(known, target, event, now, reason)


def _links(presence: Presence, event: Event) -> Presence:
    """Device and console come and go in every state."""
    if event is Event.DEVICE_LOST and presence.device_ready:
        return replace(presence, device_ready=False)
    if event is Event.DEVICE_BACK and not presence.device_ready:
        return replace(presence, device_ready=True)
    if event is Event.CONSOLE_LOST and presence.console:
        return replace(presence, console=False)
    if event is Event.CONSOLE_BACK and not presence.console:
        return replace(presence, console=True)
    return presence


def _refused(presence: Presence, event: Event) -> Refusal | None:
    offline = presence.state is State.OFFLINE
    if event is Event.LOG_IN:
        if not offline:
            return Refusal("already-logged-in", "You are logged in already.")
        return None
    if offline:
        return Refusal("not-logged-in", "You are not logged in. Log in first.")
    if event is Event.GO_AVAILABLE and presence.state is State.UNREACHABLE:
        missing = "phone" if not presence.device_ready else "console"
        return Refusal("unreachable", f"Your {missing} is not connected; reconnect it first.")
    return None


def _resume(presence: Presence, event: Event, now: float) -> Presence:
    """Free again: what the agent wished for, else available (or unreachable)."""
    target = presence.next_state or State.AVAILABLE
    return _enter(presence, target, event, now, presence.next_reason)


def _enter(presence: Presence, target: State, event: Event, now: float, reason: str) -> Presence:
    if target is State.AVAILABLE and not (presence.device_ready and presence.console):
        target = State.UNREACHABLE
    if target is presence.state and (target is not State.PAUSED or reason == presence.reason):
        return presence
    if target in BUSY:
        # The wish survives from call to wrap-up; the reason of a state left behind does not, but
        # an agent who was paused or away when a call reached him goes back there.
        wish, why = presence.next_state, presence.next_reason
        if presence.state in (State.PAUSED, State.OFFLINE):
            wish, why = presence.state, presence.reason
        return replace(
            presence,
            state=target,
            since=now,
            reason="",
            next_state=wish,
            next_reason=why,
            idle_since=presence.idle_since if target is State.OFFERED else None,
        )
    kept = presence.idle_since if event is Event.OFFER_WITHDRAWN else None
    return replace(
        presence,
        state=target,
        since=now,
        reason=reason if target is State.PAUSED else "",
        next_state=None,
        next_reason="",
        idle_since=(now if kept is None else kept) if target is State.AVAILABLE else None,
    )
