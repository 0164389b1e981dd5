"""How a caller leaves: hung up, or handed to the dialplan; shared by menu, queue and talk.

What we ask for here must happen, or the caller stays behind in silence: it is asked again until an
event or a snapshot shows it done (`insist`), and after that somebody is told.
"""

from __future__ import annotations

from typing import Literal

from callcenter.core import callbacks, parking, parties, recordings, seats, taping
from callcenter.core.call import Call, Event
from callcenter.core.effects import Divert, HangUp
from callcenter.core.inputs import HangUpSide
from callcenter.core.state import State

INSIST_SECONDS = 5.0
INSIST_MAX = 5
CALL_TIMERS = ("announce", "offer", "prompt", "dial", "limit")


def hang_up(state: State, call: Call, by: HangUpSide, now: float, cause: int = 16) -> None:
    """End the caller's channel. The call ends when Asterisk says so (`CallEnded`)."""
    call.ended_by = call.ended_by or by
    call.token = ""
    call.prompt = None
    state.timers.clear("prompt", call.id)
    state.touch_call(call.id)
    _go(state, call, HangUp(call.id, cause), now)


def divert(
    state: State,
    call: Call,
    place: Literal["fallback", "voicemail"],
    box: str,
    now: float,
    *,
    reason: str,
) -> None:
    """Hand the caller to the dialplan for good; it keeps him served without us."""
    diverted(state, call, place, box, now, reason=reason)
    _go(state, call, Divert(call.id, place, box), now)


def diverted(
    state: State,
    call: Call,
    place: Literal["fallback", "voicemail"],
    box: str,
    now: float,
    *,
    reason: str,
) -> None:
    """The caller is in the dialplan's care: by our wish, or because its lease ran out."""
    leave_line(state, call, now)
    parties.drop(state, call, now)
    parking.over(state, call, now)
    call.giving_on = None
    if call.callback:
        callbacks.diverted(state, call, now)
    with_agent = call.stage in ("talking", "held")
    call.enter(Event.DIVERTED, now)
    if with_agent:
        seats.call_over(state, call, now, wrap_up=False)
    call.was_diverted = True
    state.touch_call(call.id)
    state.record(call, "diverted", now, {"place": place, "box": box, "reason": reason})


def leave_line(state: State, call: Call, now: float) -> None:
    """Take the caller out of the queue's line and free an agent whose phone rings for him."""
    if call.stage == "offered":
        seats.all_withdrawn(state, call, now)
    if call.stage in ("waiting", "offered"):
        state.router.leave(call.id, now)
        state.touch_queue(call.queue)
        state.count_left(call, "diverted")
        if call.callback:
            callbacks.diverted(state, call, now)
    for timer in CALL_TIMERS:
        state.timers.clear(timer, call.id)
    recordings.close(state, call, now, None)
    call.token = ""
    call.prompt = None
    call.message = None
    call.dial_out = None
    call.noticing = None
    call.farewell = False
    call.announcing = False
    call.offered_until = None


def nothing_more(state: State, call: Call, now: float) -> None:
    """The call has ended, however: nothing is waited for or insisted on, nothing more is written
    into its recordings."""
    for timer in (*CALL_TIMERS, "leave"):
        state.timers.clear(timer, call.id)
    call.token = ""
    call.leaving = None
    recordings.close(state, call, now, None)
    taping.close(state, call, now)


def to_menu(state: State, call: Call, now: float) -> None:
    """Out of the line, and back to where the flow, or nobody, speaks to the caller."""
    leave_line(state, call, now)
    if call.stage == "offered":
        call.enter(Event.LAPSED, now)
    if call.stage == "waiting":
        call.enter(Event.SENT_TO_MENU, now)
    state.touch_call(call.id)


# -- until it has happened ----------------------------------------------------------------------
def _go(state: State, call: Call, effect: HangUp | Divert, now: float) -> None:
    call.leaving = effect
    call.leave_tries = 0
    insist(state, call, now)


def insist(state: State, call: Call, now: float) -> None:
    """Ask for it, again if need be. While Asterisk is away the next snapshot comes back to it."""
    if call.leaving is None:
        return
    call.leave_tries += 1
    if call.leave_tries > INSIST_MAX:
        what = type(call.leaving).__name__
        state.alarm("cannot-leave", f"call {call.id}: {what} was asked {INSIST_MAX} times in vain")
        return
    state.ask(call.leaving)
    state.timers.set("leave", call.id, now + INSIST_SECONDS)


def insist_when_due(state: State, call_id: str, now: float) -> None:
    call = state.calls.get(call_id)
    if call is not None and state.linked:
        insist(state, call, now)


def found_there(state: State, call: Call) -> None:
    """The dialplan has the caller: nothing more to ask for."""
    if isinstance(call.leaving, Divert):
        call.leaving = None
        state.timers.clear("leave", call.id)
