"""Calls that agents take themselves: parked, ringing at a colleague, or chosen in the line.

A talk that the agent has is parked first, so only one is ever active at his phone; he comes back to
it in the same way. Whoever is taken stands in line for that moment, at its head: should the agent
not answer his own phone after all, the caller is offered on like everybody else, and never lost.
"""

from __future__ import annotations

from acd.presence import State as PresenceState
from callcenter.core import leaving, parking, queueing, refusals, seats
from callcenter.core.call import Call, Event, GivingOn
from callcenter.core.effects import Recall, Withdraw
from callcenter.core.state import Seat, State
from ivr.asks import Enqueue

TALKING = ("talking", "held")


# -- parking ------------------------------------------------------------------------------------
def park(state: State, call: Call, seat: Seat, now: float, then: str = "") -> str | None:
    """`then`: the call that he takes when this one is parked. Returns the refusal."""
    if call.consult is not None or call.giving_on is not None:
        return refusals.CONSULTING
    if parking.free_place(state) is None:
        return refusals.PLACES_FULL
    call.giving_on = GivingOn("park", then, seat.agent)
    state.record(call, "park-asked", now, {"by": seat.agent})
    state.ask(Recall(call.id))
    state.touch_call(call.id)
    return None


def parked(state: State, call: Call, plan: GivingOn, now: float) -> None:
    """The caller is in our hands: on a place of his own, and the agent takes the next."""
    place = parking.free_place(state)
    parking.begin(state, call, plan.by, place or 0, now)
    if place is None:  # the last one was taken meanwhile
        overdue(state, call.id, now)
    wanted = state.calls.get(plan.target)
    seat = seats.seat_of(state, plan.by, now)
    if wanted is not None and _may_take(state, seat, wanted) is None and not seat.presence.busy:
        _begin(state, seat.agent, wanted, now)


def overdue(state: State, call_id: str, now: float) -> None:
    """Nobody has taken him in time: to the head of the line, for the agent who parked him first."""
    call = state.calls.get(call_id)
    if call is None or call.stage != "parked":
        return
    was = parking.over(state, call, now)
    state.record(call, "park-overdue", now, {"place": was.place if was else 0})
    _into_line(state, call, now, preferred=was.by if was else None)


def _into_line(
    state: State, call: Call, now: float, *, preferred: str | None = None, taken_by: str = ""
) -> None:
    call.enter(Event.GIVEN_ON, now)
    queue = queue_for(state, call, taken_by or preferred or "")
    ask = Enqueue(queue or "", call.skills if queue == call.queue else {}, call.asked_priority)
    refused = queueing.join(
        state,
        call,
        ask,
        now,
        preferred=preferred,
        boost=queueing.RETURN_PRIORITY,
        taken_by=taken_by,
    )
    if refused is not None:
        leaving.divert(state, call, "fallback", "", now, reason=refused)


def queue_for(state: State, call: Call, agent: str) -> str | None:
    """The line in which a parked caller stands for the moment of being taken."""
    known = state.config.agents.get(agent)
    for queue in (call.queue, *(known.queues if known else ())):
        rules = state.config.queues.get(queue or "")
        if rules and rules.enabled and state.router.waiting(rules.id) < rules.waiting_max:
            return rules.id
    return None


# -- taking -------------------------------------------------------------------------------------
def pick_up(state: State, seat: Seat, call_id: str, now: float) -> str | None:
    """The agent takes the call himself. Returns the refusal."""
    call = state.calls.get(call_id)
    if call is None or call.trial:
        return refusals.UNKNOWN_CALL
    refusal = _may_take(state, seat, call)
    if refusal is not None:
        return refusal
    if not state.linked:
        return refusals.LINK_DOWN
    own = state.calls.get(seat.call or "")
    if own is not None and own.agent == seat.agent and own.stage in TALKING and not own.peer:
        return refusals.TOO_LATE if own.ended_by else park(state, own, seat, now, then=call.id)
    if seat.presence.busy:
        return refusals.FINISH_FIRST
    _begin(state, seat.agent, call, now)
    return None


def _may_take(state: State, seat: Seat, call: Call) -> str | None:
    presence, agent = seat.presence, state.config.agents.get(seat.agent)
    if presence.state is PresenceState.OFFLINE or agent is None:
        return refusals.NOT_LOGGED_IN
    if not (presence.device_ready and presence.console):
        return refusals.NO_PHONE
    queue = state.config.queues.get(call.queue or "")
    serves = queue is None or queue.id in agent.queues
    match call.stage:
        case "parked":
            own = call.parking is not None and call.parking.by == seat.agent
            if not serves and not own:
                return refusals.NOT_YOUR_QUEUE
            return None if queue_for(state, call, seat.agent) else refusals.QUEUE_TAKES_NOBODY
        case "offered" if not call.picker and seat.agent not in call.ringing:
            return None if serves else refusals.NOT_YOUR_QUEUE
        case "waiting" if call.leaving is None:
            if not serves:
                return refusals.NOT_YOUR_QUEUE
            return None if queue is not None and queue.agents_choose else refusals.NOT_TO_CHOOSE
        case _:
            return refusals.TOO_LATE


def give(state: State, call: Call, agent: str, now: float) -> str | None:
    """To an agent who takes him as a supervisor, of whatever queue. Returns the refusal."""
    seat = state.seats.get(agent)
    if seat is None or agent not in state.config.agents:
        return refusals.UNKNOWN_AGENT
    if call.stage != "waiting" or call.leaving is not None or call.callback:
        return refusals.TOO_LATE if call.stage == "offered" else refusals.NOT_WAITING
    if not state.linked:
        return refusals.LINK_DOWN
    if seat.presence.busy or _may_not(seat):
        return refusals.AGENT_NOT_FREE
    queueing.take(state, call, agent, now)
    return None


def _begin(state: State, agent: str, call: Call, now: float) -> None:
    """His phone is rung at once, save where another's has to stop first."""
    state.record(call, "picked-up", now, {"agent": agent, "stage": call.stage})
    match call.stage:
        case "parked":
            parking.over(state, call, now)
            _into_line(state, call, now, taken_by=agent)
        case "waiting":
            queueing.take(state, call, agent, now)
        case _:
            call.picker = agent
            state.ask(Withdraw(call.id, call.attempt))


def withdrawn(state: State, call: Call, now: float) -> None:
    """The others' phones have stopped: the call is his who picked it up, if he is still free."""
    agent = call.picker
    queueing.take_back(state, call, now, lost="elsewhere")
    seat = seats.seat_of(state, agent, now)
    if seat.presence.busy or _may_not(seat):
        queueing.match_again_or_wait(state, call, now)
    else:
        queueing.take(state, call, agent, now)


def _may_not(seat: Seat) -> bool:
    presence = seat.presence
    here = presence.device_ready and presence.console
    return presence.state is PresenceState.OFFLINE or not here
