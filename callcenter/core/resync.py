"""What we believe against what is there: the snapshot after every connect to Asterisk.

Asterisk is right. A call we know and it does not is over; one it has and we do not know is taken in
from the facts on its channel; where the stages differ, ours is brought to the truth by the same
functions that the missed events would have called. After a restart with a journal this finds
nothing to mend; without one it rebuilds the centre.
"""

from __future__ import annotations

from callcenter.core import arrival, facts, leaving, queueing, seats, talking
from callcenter.core.call import Call
from callcenter.core.effects import SetMusic, Withdraw
from callcenter.core.inputs import CallSeen, HoldChanged, LinkChanged, Snapshot
from callcenter.core.state import State
from ivr.asks import Enqueue
from ivr.session import Session


def link_changed(state: State, fact: LinkChanged, now: float) -> None:
    state.linked = state.linked and fact.up
    if not fact.up:
        state.alarm("asterisk-down", f"the link to {fact.node} is down; callers keep waiting there")


def snapshot(state: State, fact: Snapshot, now: float) -> None:
    state.linked = True
    for device, device_state in fact.devices.items():
        state.devices[device] = device_state
    for seat in state.seats.values():
        if seat.device:
            seats.follow_device(state, seat, now)
    seen = {call.call: call for call in fact.calls}
    for call in list(state.calls.values()):
        if call.id not in seen and call.stage not in ("wrap-up", "closed"):
            _gone(state, call, fact, now)
    for call_seen in sorted(fact.calls, key=lambda item: (_joined(item) or now, item.call)):
        known = state.calls.get(call_seen.call)
        if known is None:
            _adopt(state, call_seen, now)
        else:
            _reconcile(state, known, call_seen, now)
    queueing.match(state, now)


def _joined(seen: CallSeen) -> float | None:
    return facts.number(seen.facts, "enq")


def _gone(state: State, call: Call, fact: Snapshot, now: float) -> None:
    """It ended while we were not looking."""
    call.restarted = fact.restarted and call.id not in fact.ended
    talking.end(
        state, call, "system" if call.restarted else "caller", fact.ended.get(call.id, 0), now
    )


# -- calls we know ------------------------------------------------------------------------------
def _reconcile(state: State, call: Call, seen: CallSeen, now: float) -> None:
    call.channel = seen.channel
    match (call.stage, seen.stage):
        case ("wrap-up" | "closed" | "diverted", _):
            return
        case (_, "diverted"):
            leaving.diverted(state, call, "fallback", "", now, reason="found there")
        case ("menu", _):
            arrival.replay_prompt(state, call, now)
        case ("waiting", "agi"):
            state.ask(SetMusic(call.id, True))
            call.announcing = False
            state.timers.set("announce", call.id, now + state.config.announce_position_seconds)
        case ("waiting", "ringing"):  # an offer we do not remember
            state.ask(Withdraw(call.id, int(facts.number(seen.facts, "att") or 0)))
        case ("offered", "agi"):
            queueing.offer_ended(state, call, "cancelled", now)
        case ("offered", "talking" | "held"):
            talking.begin_talk(state, call, now)
        case ("talking" | "held", "agi"):
            talking.agent_gone(state, call, int(facts.number(seen.facts, "cause") or 0), now)
        case ("talking", "held") | ("held", "talking"):
            talking.hold_changed(state, HoldChanged(call.id, seen.stage == "held"), now)
        case ("waiting", "talking" | "held"):
            _take_as_talking(state, call, seen, now)
        case _:
            pass  # both sides agree


# -- calls we do not know -----------------------------------------------------------------------
def _adopt(state: State, seen: CallSeen, now: float) -> None:
    found = seen.facts
    call = Call(
        id=seen.call,
        channel=seen.channel,
        number=seen.number,
        name=seen.name,
        did=seen.did,
        language=facts.unpack(found.get("lang", "")) or seen.language,
        started_at=facts.number(found, "start") or now,
        since=now,
        path=facts.unpack_path(found.get("path", "")),
    )
    state.calls[call.id] = call
    state.touch_call(call.id)
    state.record(call, "taken-up", now, {"stage": seen.stage})
    state.ask(arrival.look_up(call))
    flow = facts.unpack(found.get("flow", ""))
    if flow in state.config.flows:
        call.flow = flow
    if seen.stage == "diverted":
        leaving.diverted(state, call, "fallback", "", now, reason="found there")
    elif _joined(seen) is None:
        _adopt_in_menu(state, call, seen, now)
    else:
        _adopt_in_queue(state, call, seen, now)


def _adopt_in_menu(state: State, call: Call, seen: CallSeen, now: float) -> None:
    flow = state.config.flows.get(call.flow or "")
    if flow is None:
        arrival.begin_flow(state, call, now)
        return
    call.session = Session.resume(flow, seen.facts.get("ivr", ""), arrival.variables(call))
    arrival.follow(state, call, call.session.start(now), now)


def _adopt_in_queue(state: State, call: Call, seen: CallSeen, now: float) -> None:
    """At the old place: the join time travels on the channel."""
    found = seen.facts
    call.joined_at = _joined(seen)
    call.since = call.joined_at or now
    ask = Enqueue(
        facts.unpack(found.get("queue", "")),
        facts.unpack_skills(found.get("skills", "")),
        int(facts.number(found, "prio") or 0),
    )
    if seen.stage == "ringing":
        state.ask(Withdraw(call.id, int(facts.number(found, "att") or 0)))
    linked, state.linked = state.linked, False  # no offers before everybody is back in line
    refused = queueing.join(state, call, ask, now)
    state.linked = linked
    if refused is not None:
        leaving.divert(state, call, "fallback", "", now, reason=refused)
    elif seen.stage in ("talking", "held"):
        _take_as_talking(state, call, seen, now)


def _take_as_talking(state: State, call: Call, seen: CallSeen, now: float) -> None:
    """They are talking already. The agent is the one named on the channel."""
    agent = seen.facts.get("agent", "")
    if agent not in state.config.agents:
        state.alarm("unknown-talk", f"call {call.id} is with {agent!r}, who is not configured")
        leaving.diverted(state, call, "fallback", "", now, reason="with an unknown agent")
        return
    attempt = int(facts.number(seen.facts, "att") or 0)
    queueing.adopt_offer(state, call, agent, attempt, now)
    talking.begin_talk(state, call, now)
    call.answered_at = facts.number(seen.facts, "ans") or now
    if seen.stage == "held":
        talking.hold_changed(state, HoldChanged(call.id, True), now)
