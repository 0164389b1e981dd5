"""Outside numbers that the centre dials: what comes of an attempt, whoever asked for it.

Here an answer becomes a conversation: a customer who is called back hears who calls, or gets the
agent who waits for him. A person who answers a call that nobody knows of any more is not left in
silence.
"""

from __future__ import annotations

from callcenter.core import (
    arrival,
    callbacks,
    calling_back,
    leaving,
    outgoing,
    queueing,
    talking,
)
from callcenter.core.call import Call
from callcenter.core.effects import HangUp
from callcenter.core.inputs import NumberAnswered, NumberFailed, NumberRinging
from callcenter.core.state import State
from ivr.asks import Enqueue
from ivr.session import Session


def ringing(state: State, fact: NumberRinging, now: float) -> None:
    call = state.calls.get(fact.call)
    if call is None or call.stage != "dialling":
        return
    if call.by_hand:
        outgoing.ringing(state, call, now)
    else:
        state.record(call, "ringing", now)


def answered(state: State, fact: NumberAnswered, now: float) -> None:
    """Nobody's: an attempt that was given up, or of before a start without memory."""
    call = state.calls.get(fact.call)
    if call is None:
        state.ask(HangUp(fact.call))
    elif call.leaving is not None:
        leaving.insist(state, call, now)
    elif call.stage == "dialling" and call.by_hand:
        outgoing.answered(state, call, fact, now)
    elif call.stage == "dialling":
        call.channel = fact.channel
        calling_back.reached(state, call, now)
        _greet(state, call, now, machine=fact.machine)


def _greet(state: State, call: Call, now: float, *, machine: bool) -> None:
    policy = callbacks.policy_of(state, call.queue or "")
    if machine:
        call.gone_because = "machine"
        state.router.sleep(call.id, now)
        calling_back.let_agent_go(state, call, now)
        leaving.hang_up(state, call, "system", now)
    elif call.agent is not None and _still_his(state, call, call.agent, now):
        queueing.connect_reserved(state, call, now)
    elif call.agent is not None:
        calling_back.let_agent_go(state, call, now)
        state.router.rejoin(call.id, now)
        _into_line(state, call, now)
    elif policy.confirm and policy.mode == "customer-first":
        flow = calling_back.greeting(call.queue or "")
        call.session = Session(flow, arrival.variables(call))
        call.flow_closed = True  # not a flow of the house: no journey to write down
        arrival.follow(state, call, call.session.start(now), now)
    else:
        _into_line(state, call, now)


def _still_his(state: State, call: Call, agent: str, now: float) -> bool:
    """Who was reserved may have lost his phone or his browser meanwhile, or the queue."""
    presence = state.seats[agent].presence
    there = presence.device_ready and presence.console
    return there and state.router.may_serve(agent, call.id, now)


def _into_line(state: State, call: Call, now: float) -> None:
    """At the place that was kept for him; only a callback that is over has none."""
    refused = queueing.join(state, call, Enqueue(call.queue or "", call.skills), now)
    if refused is not None:
        leaving.divert(state, call, "fallback", "", now, reason=refused)


def lost(state: State, call_id: str, now: float) -> None:
    """No word came of an attempt."""
    call = state.calls.get(call_id)
    if call is not None and call.stage == "dialling" and call.by_hand:
        outgoing.lost(state, call, now)
    else:
        calling_back.dial_lost(state, call_id, now)


def failed(state: State, fact: NumberFailed, now: float) -> None:
    call = state.calls.get(fact.call)
    if call is None:
        return
    if call.stage == "dialling" and call.by_hand:
        outcome = call.gone_because or fact.outcome
        outgoing.not_reached(state, call, outcome, fact.cause, now)
        queueing.match(state, now)
    elif call.stage == "dialling":
        calling_back.ended(state, call, fact.outcome, "system", fact.cause, now)
        queueing.match(state, now)
    elif call.stage not in ("wrap-up", "closed"):  # it was up for a moment only
        talking.end(state, call, "caller", fact.cause, now)


def taken_up(state: State, call: Call, now: float, *, confirmed: bool) -> None:
    """Found in Asterisk as answered; we had not seen it."""
    calling_back.reached(state, call, now)
    if confirmed and call.agent is None:
        _into_line(state, call, now)
    else:
        _greet(state, call, now, machine=False)
