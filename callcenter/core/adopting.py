"""Calls that Asterisk has and we do not know, taken in from the facts on their channels.

After a restart without its journal, this rebuilds the centre: each caller goes on in his flow,
waits at his old place, or talks with whom he talked.
"""

from __future__ import annotations

from callcenter.core import (
    arrival,
    callbacks_found,
    calling_back,
    dialled,
    facts,
    giving,
    leaving,
    outgoing,
    parking,
    queueing,
    seats,
    talking,
    taping,
    transferring,
    trials,
    trunks,
    voicemail,
    writing,
)
from callcenter.core.call import Call, Event
from callcenter.core.effects import EndConsult, HangUp, Withdraw
from callcenter.core.in_call import PERSONS, Mute
from callcenter.core.inputs import CallSeen, HoldChanged
from callcenter.core.state import State
from ivr.asks import Enqueue

WITH_AGENT = ("talking", "held")


def adopt(state: State, seen: CallSeen, now: float) -> None:
    if trials.is_trial(seen.did):
        state.ask(HangUp(seen.call, 16))  # the flow it goes through is gone with our memory
        return
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
        attempt=facts.attempt(found),
        tags=dict(found),
    )
    state.gone.pop(call.id, None)
    state.calls[call.id] = call
    if "cb" in found:
        _of_callback(state, call, seen, now)
    elif "dir" in found and outgoing.adopt(state, call, seen, now):
        state.touch_call(call.id)
        return
    state.touch_call(call.id)
    data = {"stage": seen.stage, "trunk": trunks.of_channel(seen.channel)}
    state.record(call, "taken-up", now, data)
    state.ask(arrival.look_up(call))
    if seen.stage == "diverted":
        leaving.diverted(state, call, "fallback", "", now, reason="found there")
    elif call.id in state.quarantined:
        leaving.divert(state, call, "fallback", "", now, reason="quarantine")
    elif call.leaving is not None:
        return
    elif call.stage == "dialling":
        found_dialling(state, call, seen, now)
    elif seen.stage in WITH_AGENT:
        take_as_talking(state, call, seen, now)
        taping.reconcile(state, call, now)
    elif seen.stage == "transferred":
        _adopt_transferred(state, call, seen, now)
    elif found.get("box"):
        recording = facts.unpack(found.get("rec", ""))
        voicemail.take_up(state, call, facts.unpack(found["box"]), recording, now)
    elif parking.read(found.get("park", "")) is not None:
        _adopt_parked(state, call, seen, now)
    elif joined_at(seen) is None:
        _adopt_in_menu(state, call, seen, now)
    else:
        back_in_line(state, call, seen, now)


def _of_callback(state: State, call: Call, seen: CallSeen, now: float) -> None:
    """A number that we dialled for a callback. If we know the callback, the call takes its place;
    else the database may still tell (`callbacks_found.found`)."""
    ask = _remember_line(state, call, seen, now)
    call.callback = call.called_back = facts.unpack(seen.facts["cb"])
    call.contact = facts.unpack(seen.facts.get("contact", ""))
    call.queue, call.skills, call.asked_priority = ask.queue, ask.skills, ask.priority
    if seen.stage in (*WITH_AGENT, "diverted"):
        callbacks_found.found_served(state, call, now)
        call.joined_at = None if seen.stage == "diverted" else call.joined_at
        return
    if seen.stage == "dialling" or call.callback in state.callbacks:
        call.stage = "dialling"
        if call.callback in state.callbacks_gone:  # he has called by himself meanwhile
            call.callback = call.contact = ""
            leaving.hang_up(state, call, "system", now)
            return
        callbacks_found.found_on_the_line(state, call, now)
    elif call.callback in state.callbacks_gone:  # served, and given on
        call.callback = ""


def _adopt_in_menu(state: State, call: Call, seen: CallSeen, now: float) -> None:
    if seen.stage == "ringing":
        state.ask(Withdraw(call.id, facts.attempt(seen.facts)))
    if seen.facts.get("after"):
        giving.found_after(call, seen.facts)
    flow = state.config.flows.get(facts.unpack(seen.facts.get("flow", "")))
    if flow is None:
        arrival.begin_flow(state, call, now)
        return
    ask = arrival.go_on_in_flow(state, call, flow, seen.facts.get("ivr", ""), now)
    arrival.follow(state, call, ask, now)


def _adopt_parked(state: State, call: Call, seen: CallSeen, now: float) -> None:
    """On his place again, for as long as was left; whose phone rang for him stops."""
    ask = _remember_line(state, call, seen, now)
    call.queue, call.skills, call.asked_priority = ask.queue, ask.skills, ask.priority
    where = parking.read(seen.facts["park"])
    assert where is not None
    if seen.stage == "ringing":
        state.ask(Withdraw(call.id, facts.attempt(seen.facts)))
    call.stage, call.part_began = "parked", where.since
    call.since = min(now, where.since)
    parking.stand(state, call, where, now)


def _adopt_transferred(state: State, call: Call, seen: CallSeen, now: float) -> None:
    """He talks, or it rings for him; the flow waits for what becomes of it."""
    flow = state.config.flows.get(facts.unpack(seen.facts.get("flow", "")))
    if flow is not None:
        arrival.go_on_in_flow(state, call, flow, seen.facts.get("ivr", ""), now)
    transferring.take_up(call, seen.facts.get("xfer", ""))


def back_in_line(state: State, call: Call, seen: CallSeen, now: float) -> None:
    """At the old place: the join time travels on the channel."""
    ask = _remember_line(state, call, seen, now)
    if seen.stage == "ringing":
        state.ask(Withdraw(call.id, facts.attempt(seen.facts)))
    refused = queueing.join(state, call, ask, now)
    if refused is not None:
        leaving.divert(state, call, "fallback", "", now, reason=refused)
        return
    call.seconds.wait += max(0.0, now - _waits_since(call, now))


def _waits_since(call: Call, now: float) -> float:
    """Since when this call waits: a place that was kept for the caller is older than his call."""
    return max(call.started_at, call.joined_at or now)


def _remember_line(state: State, call: Call, seen: CallSeen, now: float) -> Enqueue:
    """What the channel says of how this caller came to wait."""
    found = seen.facts
    call.joined_at = joined_at(seen)
    call.answered_at = facts.number(found, "ans")
    by_hand = facts.number(found, "prio_set")
    call.set_priority = None if by_hand is None else int(by_hand)
    call.served_by = found.get("agent") or None
    flow = state.config.flows.get(facts.unpack(found.get("flow", "")))
    if flow is not None and call.session is None:
        ask = arrival.go_on_in_flow(state, call, flow, found.get("ivr", ""), now)
        if not isinstance(ask, Enqueue):
            call.session = None  # it does not stand at a queue; an overflow could not go on there
    return Enqueue(
        facts.unpack(found.get("queue", "")),
        facts.unpack_skills(found.get("skills", "")),
        int(facts.number(found, "prio") or 0),
    )


def take_as_talking(
    state: State, call: Call, seen: CallSeen, now: float, *, not_before: float = 0.0
) -> None:
    """They are talking already; they go on whatever has become of the queue."""
    agent = agent_of(state, seen)
    if agent not in state.config.agents and agent not in state.seats:
        state.alarm("unknown-talk", f"call {call.id} is with {agent!r}, who is not configured")
        leaving.diverted(state, call, "fallback", "", now, reason="with an unknown agent")
        return
    if call.stage == "parked":  # taken since
        parking.over(state, call, now)
        call.enter(Event.GIVEN_ON, now)
        call.enter(Event.QUEUED, now)
    if call.stage == "menu":
        _pass_through_line(state, call, seen, now, not_before)
    _close_earlier(state, agent, now)
    at = max(not_before, since_when(seen, now))
    queueing.adopt_offer(state, call, agent, facts.attempt(seen.facts), at)
    talking.begin_talk(state, call, at)
    if seen.stage == "held":
        talking.hold_changed(state, HoldChanged(call.id, True), now)
    if seen.consulted:
        let_go(state, call, seen)


def since_when(seen: CallSeen, now: float) -> float:
    """When the talk began, as noted; now, when the note is missing or of an earlier talk."""
    began = facts.talk_began(seen.facts)
    return now if began is None else min(now, began)


def _close_earlier(state: State, agent: str, now: float) -> None:
    """Who talks with the next caller has done with the writing about the last one."""
    earlier = state.calls.get(seats.seat_of(state, agent, now).call or "")
    if earlier is not None and earlier.stage == "wrap-up":
        writing.close(state, earlier, now)


def _pass_through_line(
    state: State, call: Call, seen: CallSeen, now: float, not_before: float
) -> None:
    """The stages that this caller went through before we looked, what was before `not_before` being
    in the books."""
    ask = _remember_line(state, call, seen, now)
    known = ask.queue if ask.queue else call.queue
    call.queue = known or next(iter(state.config.queues), "")
    call.skills, call.asked_priority = ask.skills, ask.priority
    answered_at, call.answered_at = call.answered_at, None
    if call.joined_at is None:
        call.joined_at = now
    call.enter(Event.QUEUED, now)
    since = max(not_before, _waits_since(call, now))
    call.seconds.wait += max(0.0, min(now, answered_at or now) - since)
    request = state.callbacks.get(call.callback)
    if request is None or request.call != call.id:  # a callback was counted when it came in line
        state.queue_day(call.queue).offered += 1
    state.timers.clear("prompt", call.id)


def agent_of(state: State, seen: CallSeen) -> str:
    """Who talks with this caller: as noted with the offer, else whose device was rung."""
    found = seen.facts
    noted = facts.offered_to(found)
    if len(noted) == 1:
        return noted[0]
    talks = facts.talks_with(found)
    if talks in noted:
        return talks
    device = found.get("dev", "")
    if device:
        sitting = [seat.agent for seat in state.seats.values() if seat.device == device]
        if sitting:
            return sitting[0]
        if device[1:] in noted:  # a device is named after its agent, with a letter before
            return device[1:]
        if device in state.config.agents:
            return device
    return next(iter(noted), found.get("agent", ""))


def joined_at(seen: CallSeen) -> float | None:
    return facts.number(seen.facts, "enq")


def found_dialling(state: State, call: Call, seen: CallSeen, now: float) -> None:
    """We dial him: he has not answered yet, or he did and we were not told."""
    if seen.stage == "dialling":
        state.timers.set("dial", call.id, now + calling_back.LOST_SECONDS)
    else:
        dialled.taken_up(state, call, now, confirmed="cbok" in seen.facts)


def let_go(state: State, call: Call, seen: CallSeen) -> None:
    """Somebody is being asked of whom we know nothing: he would stand in the way of the caller."""
    serial, _, _ = seen.facts.get("cons", "").partition(":")
    if serial.isdigit():
        state.ask(EndConsult(call.id, int(serial)))
    if seen.facts.get("muted"):
        for who in PERSONS:
            state.ask(Mute(call.id, who, False))
