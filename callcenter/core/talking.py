"""From the agent's answer to the end of the call: talk, hold, and what follows (`writing`).

Who hung up decides what happens to the other side: the caller gone means wrap-up; the agent gone on
purpose ends the call; the agent's leg lost (dead browser, no media) brings the caller back to the
head of the line with the original join time.
"""

from __future__ import annotations

from callcenter.core import (
    callbacks,
    calling_back,
    consulting,
    facts,
    giving,
    handing_out,
    interaction,
    journeys,
    leaving,
    outgoing,
    parking,
    parties,
    picking,
    queueing,
    seats,
    writing,
)
from callcenter.core.call import Call, Event
from callcenter.core.effects import Divert, Withdraw
from callcenter.core.inputs import (
    AgentAnswered,
    AgentRingEnded,
    AgentRinging,
    CallEnded,
    CallReturned,
    HangUpSide,
    HoldChanged,
)
from callcenter.core.state import State

NORMAL_CLEARING = 16  # Q.850: the agent hung up on purpose
USER_BUSY = 17


def ringing(state: State, fact: AgentRinging, now: float) -> None:
    call = state.calls.get(fact.call)
    if call is not None and call.stage == "offered" and call.attempt == fact.attempt:
        state.record(call, "ringing", now, {"agent": fact.agent})


def answered(state: State, fact: AgentAnswered, now: float) -> None:
    call = state.calls.get(fact.call)
    if call is None or call.attempt != fact.attempt:
        return  # about an older offer; Asterisk's later word (CallReturned) settles it
    if call.stage == "dialling" and call.by_hand:
        outgoing.connected(state, call, now)
    elif call.stage == "offered" and may_take(state, call, fact.agent, now):
        begin_talk(state, call, now, fact.agent)
    elif call.stage == "offered":
        state.record(call, "answered-late", now, {"agent": fact.agent})
        state.ask(Withdraw(call.id, fact.attempt))
        queueing.offer_ended(state, call, "cancelled", now)
    elif call.stage == "waiting":  # withdrawn while the hand was on the receiver
        state.record(call, "answered-late", now, {"agent": fact.agent})
        state.ask(Withdraw(call.id, fact.attempt))


def may_take(state: State, call: Call, agent: str, now: float) -> bool:
    """Can this agent be the one who answered? One whose phone was told to stop may have been
    faster; not if another call has reached him since."""
    if agent not in call.stopped:
        return True
    return seats.seat_of(state, agent, now).call is None


def begin_talk(state: State, call: Call, now: float, answered_by: str = "") -> None:
    """An agent has answered, at `now`: the one named, if he was among those who were rung. The
    others' phones have stopped; for them it is as if they had never rung."""
    agent = answered_by if answered_by in call.ringing + call.stopped else call.agent
    assert agent is not None
    if agent not in call.ringing:  # he had rejected it, and picked up all the same
        seats.offered(state, agent, call, now)
    others, call.agent, call.ringing, call.picker = call.ringing, agent, (), ""
    assert call.queue is not None
    call.enter(Event.ANSWERED, now)
    again = call.served_by == agent
    call.served_by = agent
    call.part_began = now
    first = call.answered_at is None
    call.answered_at = call.answered_at or now
    call.offered_until = None
    call.failed_connects = 0
    state.timers.clear("offer", call.id)
    state.router.accept(call.id, now, agent)
    seats.answered(state, agent, now, again=again)
    for other in others:
        if other != agent:
            state.record(call, "offer-ended", now, {"agent": other, "outcome": "elsewhere"})
            seats.offer_withdrawn(state, other, call, now, lost="elsewhere")
    state.touch_agent(agent)
    waited = now - (call.joined_at or now)
    if first:
        day = state.queue_day(call.queue)
        day.answered += 1
        queue = state.config.queues.get(call.queue)
        if queue is not None and waited <= queue.service_level_seconds:
            day.answered_in_target += 1
    state.touch_call(call.id)
    state.touch_queue(call.queue)
    data = {"agent": agent, "waited": round(waited, 3), "within": state.target_of(call.queue)}
    state.record(call, "answered", now, data)
    state.tag(call, facts.of_talk(call))
    if call.callback:
        calling_back.connected(state, call, now)


def hold_changed(state: State, fact: HoldChanged, now: float) -> None:
    call = state.calls.get(fact.call)
    if call is None or call.stage not in ("talking", "held"):
        return
    if fact.held == (call.stage == "held"):
        return
    call.enter(Event.HELD if fact.held else Event.UNHELD, now)
    call.resuming = False
    seats.hold_changed(state, call.agent or "", fact.held, now)
    state.touch_call(call.id)
    state.record(call, "held" if fact.held else "unheld", now)
    back, call.back_at_once, consult = call.back_at_once, False, call.consult
    if fact.held and consult is not None and consult.give and consult.stage == "talking":
        handing_out.hand_out(state, call, now)
    elif fact.held and consult is None and back:
        consulting.bring_back(state, call)


def ring_ended(state: State, fact: AgentRingEnded, now: float) -> None:
    """One of several phones stopped. What the last one did is told by the caller's return."""
    call = state.calls.get(fact.call)
    if call is None or call.stage != "offered" or call.attempt != fact.attempt:
        return
    if fact.agent in call.ringing and len(call.ringing) > 1:
        queueing.one_stopped(state, call, fact.agent, fact.outcome, now)


# -- the agent's side ended ---------------------------------------------------------------------
def returned(state: State, fact: CallReturned, now: float) -> None:
    """The caller is back with us after ringing or talking (or a redirect the dialplan refused)."""
    call = state.calls.get(fact.call)
    if call is None:
        _nobodys(state, fact)
    elif call.leaving is not None:
        leaving.insist(state, call, now)
    elif call.stage == "dialling" and call.by_hand:
        outgoing.into_line(state, call, now)
    elif call.stage == "outside":
        handing_out.came_back(state, call, now)
    elif call.giving_on is not None and call.stage in ("talking", "held"):
        giving.carry_on(state, call, now)
    elif fact.attempt not in (0, call.attempt):
        return  # the echo of an offer that we have ended ourselves
    elif call.stage == "offered":
        if fact.answered and fact.attempt:  # up and gone between two events: they did talk
            begin_talk(state, call, now)
            agent_gone(state, call, fact.cause, now)
        elif fact.attempt == 0:
            queueing.connect_refused(state, call, now)
        elif call.picker and fact.outcome == "cancelled":
            picking.withdrawn(state, call, now)
        else:
            queueing.offer_ended(state, call, fact.outcome, now)
    elif call.stage in ("talking", "held"):
        agent_gone(state, call, fact.cause, now)


def _nobodys(state: State, fact: CallReturned) -> None:
    """A caller waits for our word whom we do not know: not to be left alone."""
    if state.linked and fact.call not in state.gone:
        state.alarm("unknown-call", f"{fact.call} came back, but is not known: goes to fallback")
        state.ask(Divert(fact.call, "fallback"))


def agent_gone(state: State, call: Call, cause: int, now: float) -> None:
    """Who hangs up while another is asked about the caller does not mean to end the call. (His end
    ends that talk, too, and is told after it.)"""
    if (call.consult is not None or call.resuming) and call.ended_by is None:
        requeue(state, call, now, cause)
        return
    if call.ended_by is not None or cause in (NORMAL_CLEARING, USER_BUSY):
        giving.end_talk(state, call, now, there=True)
        return
    requeue(state, call, now, cause)


def requeue(state: State, call: Call, now: float, cause: int) -> None:
    """The agent's leg died under the talk: the caller goes to the head of the same line. A
    colleague whom he had called stands in none, and is let go."""
    agent = call.agent or ""
    if call.peer:
        leaving.hang_up(state, call, "system", now)
        return
    state.record(call, "leg-lost", now, {"agent": agent, "cause": cause})
    state.alarm("leg-lost", f"the phone of {agent} died during call {call.id} (cause {cause})")
    parties.drop(state, call, now)
    call.resuming = False
    call.enter(Event.LEG_LOST, now)
    seats.leg_lost(state, call, now)  # first: what comes after his part is no longer his
    interaction.write_lost(state, call, now)
    call.agent = None
    state.touch_call(call.id)
    state.touch_queue(call.queue)
    refused = queueing.join_again(state, call, agent, now)
    if refused is not None:
        state.alarm("requeue-refused", f"call {call.id} goes to fallback: {refused}")
        leaving.divert(state, call, "fallback", "", now, reason=refused)
        return
    queueing.match_again_or_wait(state, call, now)


# -- the caller is gone -------------------------------------------------------------------------
def ended(state: State, fact: CallEnded, now: float) -> None:
    call = state.calls.get(fact.call)
    if call is None or call.stage in ("wrap-up", "closed"):
        return
    end(state, call, fact.by, fact.cause, now)


def end(state: State, call: Call, by: HangUpSide, cause: int, now: float) -> None:
    was = call.stage
    parties.free(state, call, now)
    writer = parking.writer(state, call)
    parking.over(state, call, now, written=writer is None)
    call.giving_on = None
    if was == "dialling" and call.by_hand:
        outgoing.not_reached(state, call, call.gone_because or "hung-up", cause, now)
        queueing.match(state, now)
        return
    if was == "dialling" or (call.callback and was in ("menu", "waiting", "offered")):
        calling_back.ended(state, call, calling_back.why_gone(call), by, cause, now)
        queueing.match(state, now)
        return
    call.ended_by = call.ended_by or by
    call.ended_at = now
    if was in ("waiting", "offered"):
        if was == "offered":
            seats.all_withdrawn(state, call, now)
        state.router.leave(call.id, now)
        state.count_left(call, "abandoned")
        state.touch_queue(call.queue)
    leaving.nothing_more(state, call, now)
    journeys.close(state, call, now)
    call.enter(Event.GONE if writer is None else Event.LEFT, now)
    if writer is not None:
        seats.writes_after_parking(state, writer, call, now)
    state.touch_call(call.id)
    state.record(call, "ended", now, {"by": call.ended_by, "cause": cause, "stage": was})
    outgoing.free_peer(state, call, now)
    if call.stage == "wrap-up":
        writing.begin(state, call, now)
        interaction.write(state, call)
        if call.peer or seats.seat_of(state, call.agent or "", now).call != call.id:
            writing.close(state, call, now)
    else:
        interaction.write(state, call)
        state.forget(call)
    if call.booked:
        callbacks.origin_over(state, call, now)
    queueing.match(state, now)
