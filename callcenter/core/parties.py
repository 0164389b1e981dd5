"""The consulted agent's seat: taken when a consultation begins, free again however it ends.

Below everything that can end a call, so that nobody stays at a call that is over. What consulting
means for the caller is in `consulting`.
"""

from __future__ import annotations

from acd.presence import Event
from callcenter.core import seats
from callcenter.core.call import Call, Consultation
from callcenter.core.effects import EndConsult
from callcenter.core.in_call import Mute
from callcenter.core.state import State

TIMER = "consult"


def who(consult: Consultation) -> dict[str, object]:
    """For the timeline: whom it was with."""
    return {"number": consult.number} if consult.number else {"agent": consult.agent}


def take(state: State, call: Call, consult: Consultation, now: float) -> None:
    call.consult = consult
    call.consult_ended = ""
    call.consulted_number, call.consulted_name = consult.number, consult.name
    call.consulted_give = consult.give
    if not consult.number:
        seats.offered(state, consult.agent, call, now)
    state.touch_call(call.id)


def answered(state: State, consult: Consultation, now: float) -> None:
    """A consultation is no call handled: it is not counted as one."""
    if not consult.number:
        seats.apply(state, seats.seat_of(state, consult.agent, now), Event.ANSWERED, now)


def free(state: State, call: Call, now: float) -> Consultation | None:
    """The consulted agent is out; nothing is asked of Asterisk. Returns what it was."""
    consult = forget(state, call, now)
    if consult is None or consult.number:
        return consult
    seat = seats.seat_of(state, consult.agent, now)
    if seat.call == call.id:
        seat.call = None
        if consult.stage == "ringing":
            seats.apply(state, seat, Event.OFFER_WITHDRAWN, now)
        else:
            seats.apply_facts(state, seat, (Event.CALL_ENDED, Event.WRAP_UP_ENDED), now)
        state.touch_agent(seat.agent)
    return consult


def forget(state: State, call: Call, now: float) -> Consultation | None:
    """The consultation is over for the call; its time is charged. The seat is the caller's care."""
    consult, call.consult = call.consult, None
    if consult is None:
        return None
    if call.stage == "held":
        call.seconds.consult += max(0.0, now - max(call.since, consult.since))
    elif call.stage == "talking":
        call.seconds.conference += consult.joined_seconds(call.since, now)
    for who in consult.muted:
        state.ask(Mute(call.id, who, False))
    state.timers.clear(TIMER, call.id)
    state.touch_call(call.id)
    state.tag(call, {"cons": "", "cleg": "", "caside": "", "muted": ""})
    return consult


def drop(state: State, call: Call, now: float) -> None:
    """Whatever the call comes to: the consulted agent is let go, in Asterisk, too."""
    consult = free(state, call, now)
    if consult is not None:
        state.ask(EndConsult(call.id, consult.serial))
        state.record(call, "consult-ended", now, {**who(consult), "outcome": "dropped"})
