"""A call given on: to a queue, an agent or a flow; and the part of the agent who had it.

Asterisk is first asked to take the caller back (`Recall`); what happens next is kept on the call
(`giving_on`), so that nothing is decided before the caller is really there. Whatever is refused
then, the caller goes back to the head of the line he came from, or to the fallback: never lost.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from callcenter.core import (
    arrival,
    interaction,
    leaving,
    parties,
    queueing,
    refusals,
    seats,
    writing,
)
from callcenter.core.call import Call, Event, GivingOn
from callcenter.core.effects import Recall
from callcenter.core.state import Seat, State
from ivr.asks import Enqueue


def agent_refusal(state: State, by: str, agent: str) -> str | None:
    """Why this agent cannot be given, or asked about, a call now; None: he can."""
    if agent == by:
        return refusals.NOT_TO_YOURSELF
    if agent not in state.config.agents:
        return refusals.UNKNOWN_AGENT
    seat = state.seats.get(agent)
    if seat is None or not seat.presence.offerable or not seat.device:
        return refusals.AGENT_NOT_FREE
    return None


def ask(
    state: State,
    call: Call,
    seat: Seat,
    to: Literal["queue", "agent", "flow"],
    target: str,
    now: float,
) -> str | None:
    """An agent gives the caller on. Returns the refusal."""
    refusal = None
    if call.consult is not None or call.giving_on is not None:
        refusal = refusals.CONSULTING
    elif to == "agent":
        refusal = agent_refusal(state, seat.agent, target)
        if refusal is None and _queue_for(state, call, target) is None:
            refusal = refusals.AGENT_NOT_FREE
    elif to == "queue" and target not in state.config.queues:
        refusal = refusals.UNKNOWN_QUEUE
    elif to == "flow" and target not in state.config.flows:
        refusal = refusals.UNKNOWN_FLOW
    if refusal is not None:
        return refusal
    call.giving_on = GivingOn(to, target, seat.agent)
    state.record(call, "give-on", now, {"to": to, "target": target, "by": seat.agent})
    state.ask(Recall(call.id))
    state.touch_call(call.id)
    return None


def _queue_for(state: State, call: Call, agent: str) -> str | None:
    """The line in which this agent is offered the caller."""
    serves = state.config.agents[agent].queues
    if call.queue in serves:
        return call.queue
    return next((queue for queue in serves if queue in state.config.queues), None)


def take_back(state: State, call: Call, now: float) -> None:
    """Nobody has the caller any more, but Asterisk still keeps him with somebody."""
    call.giving_on = GivingOn("again", "", call.agent or "")
    state.touch_call(call.id)
    state.ask(Recall(call.id))


def return_to(state: State, call: Call, now: float) -> str | None:
    """The agent's own end of the talk is gone, he is not: the caller hears music until he is rung
    again, which is at once. Returns the refusal."""
    if call.giving_on is not None:
        return refusals.TOO_LATE
    state.record(call, "leg-asked-again", now, {"agent": call.agent})
    take_back(state, call, now)
    return None


def failed(state: State, call: Call, now: float) -> None:
    """Asterisk would not take the caller back: he is still where he was."""
    call.giving_on = None
    state.touch_call(call.id)


# -- the caller is back -------------------------------------------------------------------------
def carry_on(state: State, call: Call, now: float) -> None:
    """The caller is in our hands again: where he was to go."""
    plan = call.giving_on
    assert plan is not None
    call.giving_on = None
    parties.drop(state, call, now)
    if plan.by in state.config.agents and call.agent == plan.by and plan.to != "again":
        begin_writing(state, call, now)
    else:
        interaction.write_lost(state, call, now)
        seats.call_over(state, call, now, wrap_up=False)
    call.enter(Event.GIVEN_ON, now)
    call.agent = None
    state.touch_call(call.id)
    state.touch_queue(call.queue)
    if plan.to == "flow" and plan.target in state.config.flows:
        arrival.enter_flow(state, call, state.config.flows[plan.target], now)
        return
    for ask, preferred, boost in _lines(state, call, plan):
        if queueing.join(state, call, ask, now, preferred=preferred, boost=boost) is None:
            return
    leaving.divert(state, call, "fallback", "", now, reason="no line takes the caller")


def _lines(state: State, call: Call, plan: GivingOn) -> list[tuple[Enqueue, str | None, int]]:
    """The lines to try, one after the other: each with the agent the caller is meant for, and by
    how much he goes before those who wait for the first time."""
    back = Enqueue(call.queue or "", call.skills, call.asked_priority)
    head = queueing.RETURN_PRIORITY
    match plan.to:
        case "queue":
            skills = call.skills if plan.target == call.queue else {}
            line = Enqueue(plan.target, skills, call.asked_priority)
            return [(line, None, 0), (back, None, head)]
        case "agent":
            known = plan.target in state.config.agents
            queue = _queue_for(state, call, plan.target) if known else None
            line = Enqueue(queue or "", {}, call.asked_priority)
            return [(line, plan.target, head), (back, None, head)]
        case _:
            return [(back, plan.by or None, head)]


def begin_writing(state: State, call: Call, now: float) -> None:
    """The agent's part ends, the call goes on: his wrap-up becomes a call of its own, without a
    channel, that ends when his books are closed."""
    agent = call.agent or ""
    # The running stage is this agent's part until now, and the next one's from now on.
    call.charge(now)
    call.since = now
    written = replace(
        call,
        id=f"{call.id}:{call.part}",
        part_of=call.books,
        contact="",
        callback="",
        booked="",
        session=None,
        tags={},
        seconds=replace(call.seconds),
        consult=None,
        giving_on=None,
        sequence=0,
        ended_by="agent",
        ended_at=now,
    )
    written.enter(Event.GONE, now)
    state.calls[written.id] = written
    seat = seats.seat_of(state, agent, now)
    if seat.call == call.id:
        seat.call = written.id
    interaction.next_part(call)
    state.record(written, "writing", now, {"agent": agent, "of": call.id})
    state.touch_call(written.id)
    writing.begin(state, written, now)
    interaction.write(state, written)
