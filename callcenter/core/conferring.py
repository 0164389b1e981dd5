"""A conference of caller, agent and colleague, person by person: who is heard, who is on hold.

To put one of them on hold means to part: the agent goes on with the other one alone, as in a
consultation. Letting one go, and leaving the others together, is in `consulting`.
"""

from __future__ import annotations

from callcenter.core import refusals, seats
from callcenter.core.call import Call, Event
from callcenter.core.in_call import Mute, MutePerson, Part, Parted, PartParties, PlayDigits
from callcenter.core.state import State

KEYS = frozenset("0123456789*#")


def part(state: State, call: Call, action: PartParties, now: float) -> str | None:
    if call.consult is None or call.consult.stage != "joined":
        return refusals.NO_CONFERENCE
    state.ask(Part(call.id, action.talk_to == "caller"))
    state.record(call, "part-asked", now, {"talk_to": action.talk_to})
    return None


def mute(state: State, call: Call, action: MutePerson, now: float) -> str | None:
    consult = call.consult
    if consult is None or consult.stage != "joined":
        return refusals.NO_CONFERENCE
    if (action.who in consult.muted) == action.on:
        return None
    others = tuple(who for who in consult.muted if who != action.who)
    consult.muted = (*others, action.who) if action.on else others
    state.ask(Mute(call.id, action.who, action.on))
    state.tag(call, {"muted": "+".join(consult.muted)})
    state.record(call, "muted" if action.on else "unmuted", now, {"who": action.who})
    state.touch_call(call.id)
    return None


def parted(state: State, fact: Parted, now: float) -> None:
    """Three have become two and one who hears music."""
    call = state.calls.get(fact.call)
    if call is None or call.consult is None or call.consult.stage != "joined":
        return
    consult = call.consult
    if not fact.to_caller and call.stage == "talking":
        call.enter(Event.HELD, now)
        seats.hold_changed(state, call.agent or "", True, now)
    else:
        call.charge(now)
        call.since = now
    consult.stage = "talking"
    for who in consult.muted:
        state.ask(Mute(call.id, who, False))
    consult.muted = ()
    state.tag(call, {"caside": "1" if fact.to_caller else "", "muted": ""})
    state.touch_call(call.id)
    talk_to = "caller" if fact.to_caller else "colleague"
    state.record(call, "parted", now, {"agent": consult.agent, "talk_to": talk_to})


def digits(state: State, call: Call, keys: str, now: float) -> str | None:
    """Keys towards the far end; what they were is not written down, it may be a secret."""
    if not keys or not KEYS.issuperset(keys):
        return refusals.NOT_KEYS
    if call.stage != "talking":
        return refusals.TOO_LATE
    state.ask(PlayDigits(call.id, keys))
    state.record(call, "keys-sent", now, {"count": len(keys)})
    return None
