"""An agent asks another about a caller: consult, to and fro, together, and the handing over.

The caller waits on hold meanwhile. However the consultation ends, the caller is brought back to the
agent who asked, unless he handed the call over; why it ended is shown (`Call.consult_ended`). Time
is charged to who spent it (`interaction.RecordPart`).
"""

from __future__ import annotations

from callcenter.core import (
    facts,
    giving,
    handing_out,
    outgoing,
    parties,
    refusals,
    seats,
    talking,
    taping,
    trunks,
)
from callcenter.core.call import Call, Consultation, Event
from callcenter.core.commands import ConsultNumber
from callcenter.core.effects import Consult, EndConsult, HandOver, Hold, Join, Swap
from callcenter.core.inputs import AgentLeft, ConsultAnswered, ConsultEnded, ConsultRinging, Joined
from callcenter.core.state import Seat, State

RING_SECONDS = 25.0
GRACE_SECONDS = 3.0  # Asterisk ends the ringing itself; so long after, we do


# -- what the agent asks for --------------------------------------------------------------------
def begin(state: State, call: Call, seat: Seat, agent: str, now: float) -> str | None:
    if call.consult is not None or call.giving_on is not None:
        return refusals.CONSULTING
    refusal = giving.agent_refusal(state, seat.agent, agent)
    if refusal is not None:
        return refusal
    device = state.seats[agent].device
    call.consults += 1
    consult = Consultation(call.consults, agent, device, seat.agent, now)
    parties.take(state, call, consult, now)
    state.timers.set(parties.TIMER, call.id, now + RING_SECONDS + GRACE_SECONDS)
    state.ask(Consult(call.id, consult.serial, agent, device, RING_SECONDS))
    state.tag(call, {"cons": f"{consult.serial}:{agent}:{device}"})
    state.record(call, "consult", now, {"agent": agent, "by": seat.agent})
    return None


def begin_outside(
    state: State, call: Call, seat: Seat, ask: ConsultNumber, now: float
) -> str | None:
    """The same with somebody outside; the rules for calls by hand hold."""
    if call.consult is not None or call.giving_on is not None:
        return refusals.CONSULTING
    refusal = outgoing.guard(state, seat.agent, ask.role, ask.country, now)
    if refusal is not None:
        return refusal
    rules = state.config.outbound
    shown = rules.shown("", ask.role, call.queue or "") or state.config.dialling.shown
    state.by_hand.note(seat.agent, now)
    call.consults += 1
    consult = Consultation(call.consults, "", "", seat.agent, now)
    consult.number, consult.name, consult.give = ask.number, ask.name, ask.give
    parties.take(state, call, consult, now)
    state.timers.set(parties.TIMER, call.id, now + rules.ring_seconds + GRACE_SECONDS)
    limit = rules.minutes_max * 60.0
    state.ask(
        Consult(call.id, consult.serial, "", "", rules.ring_seconds, ask.number, shown, limit)
    )
    state.tag(call, {"cons": f"{consult.serial}::{ask.number}"})
    data = {"number": ask.number, "by": seat.agent, "give": ask.give, "trunk": trunks.OUT}
    state.record(call, "consult", now, data)
    return None


def end(state: State, call: Call, now: float, *, machine: bool = False) -> str | None:
    """By either of the two. The caller's agent goes back to the caller when it is done."""
    if call.consult is None:
        return refusals.NOT_CONSULTING
    if machine and call.consult.number and call.consult.stage != "ringing":
        call.consult.machine = True
    state.ask(EndConsult(call.id, call.consult.serial))
    return None


def _apart(call: Call) -> str | None:
    """Why the colleague cannot be changed to or joined now; None: he can."""
    if call.consult is None or call.consult.stage == "joined":
        return refusals.NOT_CONSULTING
    return refusals.NOT_ANSWERED_YET if call.consult.stage == "ringing" else None


def swap(state: State, call: Call, now: float) -> str | None:
    refusal = _apart(call)
    if refusal is not None:
        return refusal
    to_caller = call.stage == "held"
    state.ask(Swap(call.id, to_caller))
    state.tag(call, {"caside": "1" if to_caller else ""})
    return None


def join(state: State, call: Call, now: float) -> str | None:
    refusal = _apart(call)
    if refusal is not None:
        return refusal
    state.ask(Join(call.id))
    return None


def hand_over(state: State, call: Call, now: float) -> str | None:
    """The consulted agent has the caller from now on; the other one writes."""
    consult = call.consult
    if consult is None:
        return refusals.NOT_CONSULTING
    if consult.stage == "ringing":
        return refusals.NOT_ANSWERED_YET
    if call.stage == "talking" and consult.stage == "talking":
        return refusals.CONSULTING  # he is put aside: first change back to him, or join
    if consult.number:
        handing_out.hand_out(state, call, now)
        return None
    giver = call.agent or ""
    together = consult.stage == "joined"
    giving.begin_writing(state, call, now)
    parties.forget(state, call, now)
    call.attempt += 1
    call.agent = call.served_by = consult.agent
    call.part_began = now
    if together:
        taping.joined_by(state, call)
    else:
        taping.begin(state, call, now)
    taker = seats.seat_of(state, consult.agent, now)
    taker.handled += 1
    taker.missed_in_row = 0
    seats.hold_changed(state, consult.agent, call.stage == "held", now)
    state.ask(HandOver(call.id, call.attempt, consult.agent, consult.device))
    state.tag(call, facts.of_talk(call))
    state.record(call, "handed-over", now, {"agent": consult.agent, "by": giver})
    state.touch_call(call.id)
    state.touch_agent(consult.agent)
    return None


# -- what Asterisk tells ------------------------------------------------------------------------
def _current(state: State, call_id: str, serial: int) -> tuple[Call, Consultation] | None:
    call = state.calls.get(call_id)
    if call is None or call.consult is None or call.consult.serial != serial:
        return None
    return call, call.consult


def ringing(state: State, fact: ConsultRinging, now: float) -> None:
    found = _current(state, fact.call, fact.serial)
    if found is not None:
        state.record(found[0], "consult-ringing", now, parties.who(found[1]))


def answered(state: State, fact: ConsultAnswered, now: float) -> None:
    found = _current(state, fact.call, fact.serial)
    if found is None:
        state.ask(EndConsult(fact.call, fact.serial))  # over for us: nobody waits for him
        return
    call, consult = found
    if consult.stage != "ringing":
        return
    consult.stage, consult.leg = "talking", fact.leg
    state.timers.clear(parties.TIMER, call.id)
    parties.answered(state, consult, now)
    state.touch_call(call.id)
    state.record(call, "consult-answered", now, parties.who(consult))
    state.tag(call, {"cleg": facts.channel(fact.leg)})
    if consult.give and call.stage == "held":
        handing_out.hand_out(state, call, now)


def ended(state: State, fact: ConsultEnded, now: float) -> None:
    found = _current(state, fact.call, fact.serial)
    if found is not None:
        over(state, found[0], fact.outcome, now)


def over(state: State, call: Call, outcome: str, now: float) -> None:
    """The consulted one is gone: back to the caller, who is never left on hold by this."""
    consult = parties.free(state, call, now)
    assert consult is not None, f"call {call.id}: nobody was consulted"
    if consult.machine:
        outcome = "voicemail"
    call.consult_ended = outcome
    state.record(call, "consult-ended", now, {**parties.who(consult), "outcome": outcome})
    if call.giving_on is not None or call.ended_by is not None:
        return
    if call.stage == "held":
        bring_back(state, call)
    elif call.stage == "talking" and consult.stage == "ringing":
        call.back_at_once = True  # refused before the caller had come to the music


def bring_back(state: State, call: Call) -> None:
    call.resuming = True
    state.ask(Hold(call.id, False))


def overdue(state: State, call_id: str, now: float) -> None:
    """Asterisk should have ended the ringing by now: it is asked to, until it has."""
    call = state.calls.get(call_id)
    if call is None or call.consult is None:
        return
    state.timers.set(parties.TIMER, call.id, now + GRACE_SECONDS)
    if state.linked:
        state.ask(EndConsult(call.id, call.consult.serial))


def joined(state: State, fact: Joined, now: float) -> None:
    call = state.calls.get(fact.call)
    if call is None or call.consult is None or call.consult.stage != "talking":
        return
    consult = call.consult
    if call.stage == "held":
        call.enter(Event.UNHELD, now)
        seats.hold_changed(state, call.agent or "", False, now)
    consult.stage, consult.joined_at = "joined", now
    state.touch_call(call.id)
    state.record(call, "joined", now, {**parties.who(consult), "by": consult.by})


def agent_left(state: State, fact: AgentLeft, now: float) -> None:
    """The agent is out of the conference; the caller goes on with the consulted one, if any."""
    call = state.calls.get(fact.call)
    if call is not None and call.stage == "outside":
        handing_out.over(state, call, now)
        return
    if call is None or call.attempt != fact.attempt or call.stage not in ("talking", "held"):
        return
    if call.consult is not None and call.consult.stage == "joined":
        hand_over(state, call, now)
    elif call.ended_by is not None or fact.cause == talking.NORMAL_CLEARING:
        giving.end_talk(state, call, now, there=False)
    else:
        giving.take_back(state, call, now)
