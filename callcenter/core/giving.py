"""A call given on: to a queue, an agent or a flow; and the part of the agent who had it. The same
for a caller who stays when the agent has hung up, because his flow or his queue has a question.

Asterisk is first asked to take the caller back (`Recall`); what happens next is kept on the call
(`giving_on`), so that nothing is decided before the caller is really there. Whatever is refused
then, the caller goes back to the head of the line he came from, or to the fallback: never lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from callcenter.core import (
    arrival,
    facts,
    interaction,
    leaving,
    outgoing,
    parties,
    picking,
    queueing,
    refusals,
    seats,
    writing,
)
from callcenter.core.call import Call, Event, GivingOn
from callcenter.core.effects import Recall, SetMusic
from callcenter.core.state import Seat, State
from ivr.asks import Enqueue, Served
from ivr.flow import Flow


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


def drop_message(state: State, call: Call, seat: Seat, message: str, now: float) -> str | None:
    """Who, or what, is there hears a recorded message to its end; the agent is free of it."""
    if call.consult is not None or call.giving_on is not None:
        return refusals.CONSULTING
    if state.config.outbound.message(message) is None:
        return refusals.UNKNOWN_MESSAGE
    call.giving_on = GivingOn("message", message, seat.agent)
    state.record(call, "message-left", now, {"message": message, "by": seat.agent})
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
    again, which is at once. A colleague is not kept waiting for that. Returns the refusal."""
    if call.giving_on is not None:
        return refusals.TOO_LATE
    if call.peer:
        leaving.hang_up(state, call, "system", now)
        return None
    state.record(call, "leg-asked-again", now, {"agent": call.agent})
    take_back(state, call, now)
    return None


def failed(state: State, call: Call, now: float) -> None:
    """Asterisk would not take the caller back: he is still where he was."""
    plan, call.giving_on = call.giving_on, None
    state.touch_call(call.id)
    if plan is not None and plan.to == "after":
        leaving.hang_up(state, call, "agent", now)


# -- the agent hangs up -------------------------------------------------------------------------
def end_talk(state: State, call: Call, now: float, *, there: bool) -> None:
    """The agent has ended the talk, and the caller is free to go: unless something is to follow.
    `there`: the caller is in our hands already, the agent's leg is gone."""
    if not _something_follows(state, call):
        leaving.hang_up(state, call, "agent", now)
        return
    call.giving_on = GivingOn("after", "", call.agent or "")
    state.touch_call(call.id)
    if there:
        carry_on(state, call, now)
    else:
        state.ask(Recall(call.id))


def _something_follows(state: State, call: Call) -> bool:
    """Once a talk: who was asked already, or is on the way out, is not asked again. Who was called
    by us is let go."""
    if call.by_hand or call.leaving is not None or call.ended_by is not None:
        return False
    if call.session is not None and call.session.after_talk:
        return True
    return _flow_after(state, call) is not None


def _flow_after(state: State, call: Call) -> Flow | None:
    queue = state.config.queues.get(call.queue or "")
    return state.config.flows.get(queue.after_talk_flow) if queue else None


def _go_on_after(state: State, call: Call, now: float) -> None:
    state.record(call, "after-talk", now, {"agent": call.served_by})
    state.ask(SetMusic(call.id, False))
    # A look at the channel must not take who was served for somebody who waits.
    state.tag(call, {"enq": "", "after": "1"})
    if call.session is not None and call.session.after_talk:
        arrival.feed(state, call, Served(), now)
        return
    flow = _flow_after(state, call)
    if flow is None:  # the queue's rule was changed at this moment
        leaving.hang_up(state, call, "agent", now)
        return
    arrival.enter_flow(state, call, flow, now)


def found_after(call: Call, seen: Mapping[str, str]) -> None:
    """Of a caller whom we do not remember the channel says that he was served."""
    call.answered_at = facts.number(seen, "ans")
    call.queue = facts.unpack(seen.get("queue", "")) or None
    call.served_by = seen.get("agent") or None


# -- the caller is back -------------------------------------------------------------------------
def carry_on(state: State, call: Call, now: float) -> None:
    """The caller is in our hands again: where he was to go."""
    plan = call.giving_on
    assert plan is not None
    call.giving_on = None
    parties.drop(state, call, now)
    if plan.to == "park":
        picking.parked(state, call, plan, now)
        return
    if plan.by in state.config.agents and call.agent == plan.by and plan.to != "again":
        begin_writing(state, call, now, last=plan.to == "after")
    else:
        seats.call_over(state, call, now, wrap_up=False)
        interaction.write_lost(state, call, now)
    call.enter(Event.GIVEN_ON, now)
    call.agent = None
    state.touch_call(call.id)
    state.touch_queue(call.queue)
    if plan.to == "after":
        _go_on_after(state, call, now)
        return
    if plan.to == "message":
        arrival.enter_flow(state, call, outgoing.leaving_a_message(plan.target), now)
        call.flow_closed = True  # not a flow of the house: no journey to write down
        return
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


def begin_writing(state: State, call: Call, now: float, *, last: bool = False) -> None:
    """The agent's part ends, the call goes on: his wrap-up becomes a call of its own, without a
    channel, that ends when his books are closed. `last`: he has ended the talk for good, so what he
    writes is also what the call as a whole was about."""
    agent = call.agent or ""
    # The running stage is this agent's part until now, and the next one's from now on.
    call.charge(now)
    call.since = now
    written = replace(
        call,
        id=interaction.writing_id(call, call.part),
        part_of=call.books,
        last_part=last,
        contact="",
        callback="",
        booked="",
        session=None,
        tags={},
        seconds=replace(call.seconds),
        consult=None,
        giving_on=None,
        tape=None,
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
