"""What we believe against what is there: the snapshot after every connect to Asterisk.

Asterisk is right. A call we know and it does not is over; one it has and we do not know is taken in
from the facts on its channel; where the stages differ, ours is brought to the truth by the same
functions that the missed events would have called. After a restart with a journal this finds
nothing to mend; without one it rebuilds the centre.
"""

from __future__ import annotations

import re

from callcenter.core import (
    arrival,
    callbacks,
    calling_back,
    conferring,
    consulting,
    dialled,
    facts,
    giving,
    handing_out,
    hearing,
    leaving,
    outgoing,
    parking,
    parties,
    queueing,
    recordings,
    seats,
    talking,
    taping,
    transferring,
    trials,
    voicemail,
    writing,
)
from callcenter.core.call import Call, Event
from callcenter.core.effects import EndConsult, HangUp, Withdraw
from callcenter.core.in_call import PERSONS, Mute, Parted
from callcenter.core.inputs import CallMissed, CallSeen, HoldChanged, Joined, LinkChanged, Snapshot
from callcenter.core.state import State
from ivr.asks import Enqueue

WITH_AGENT = ("talking", "held")
IN_LINE = ("waiting", "offered")
ONE_AFTER_THE_OTHER_SECONDS = 2e-6  # the database keeps microseconds


def link_changed(state: State, fact: LinkChanged, now: float) -> None:
    state.linked = state.linked and fact.up
    if not fact.up:
        state.alarm("asterisk-down", f"the link to {fact.node} is down; callers keep waiting there")


def snapshot(state: State, fact: Snapshot, now: float) -> None:
    """No offers are made before everybody is where he belongs."""
    state.linked = False
    _take_devices(state, fact, now)
    seen = {call.call: call for call in fact.calls}
    for call in list(state.calls.values()):
        if call.id not in seen and call.stage not in ("wrap-up", "closed"):
            state.blame = call.id
            _gone(state, call, fact, now)
    in_order = sorted(fact.calls, key=lambda item: (_joined(item) or now, _arrival(item.call)))
    for call_seen in in_order:
        known = state.calls.get(call_seen.call)
        if known is not None:
            state.blame = known.id
            _reconcile(state, known, call_seen, now)
    for place, call_seen in enumerate(in_order):
        if call_seen.call not in state.calls:
            state.blame = call_seen.call
            # Who came while we were away joins now, each a moment after the one before.
            _adopt(state, call_seen, now + place * ONE_AFTER_THE_OTHER_SECONDS)
    for each in fact.missed:
        state.blame = each.call
        missed(state, each, now)
    state.blame = ""
    hearing.reconcile(state, fact.hearers, now)
    state.linked = True


def _arrival(call: str) -> tuple[int, ...]:
    """The order of arrival in Asterisk's ids (system-seconds.number): by number, not by letter."""
    return tuple(int(digits) for digits in re.findall(r"\d+", call))


def _take_devices(state: State, fact: Snapshot, now: float) -> None:
    """What is not listed is not there."""
    state.devices = dict(fact.devices)
    for seat in state.seats.values():
        if seat.device:
            seats.follow_device(state, seat, now)


def _joined(seen: CallSeen) -> float | None:
    return facts.number(seen.facts, "enq")


def _gone(state: State, call: Call, fact: Snapshot, now: float) -> None:
    """It ended while we were not looking, perhaps after the dialplan had served it alone."""
    place = fact.served.get(call.id)
    if place is not None and call.stage not in ("dialling", "diverted"):
        leaving.diverted(state, call, place, "", now, reason="the service was not there")
    call.restarted = fact.restarted and call.id not in fact.ended
    if call.stage == "dialling":
        call.gone_because = call.gone_because or "lost"
    talking.end(
        state, call, "system" if call.restarted else "caller", fact.ended.get(call.id, 0), now
    )


def missed(state: State, fact: CallMissed, now: float) -> None:
    """He came and went without us: that he was there is history all the same."""
    known = fact.call in state.calls or fact.call in state.gone
    if known or trials.is_trial(fact.did):
        return
    began_at = min(fact.began_at, now)
    call = Call(
        id=fact.call,
        channel="",
        number=fact.number,
        name="",
        did=fact.did,
        language="en",
        started_at=began_at,
        since=began_at,
    )
    state.calls[call.id] = call
    state.record(call, "arrived", began_at, {"number": call.number, "did": call.did})
    if fact.place:
        leaving.diverted(state, call, fact.place, "", began_at, reason="the service was not there")
    ended_at = min(now, max(began_at, fact.ended_at))
    talking.end(state, call, "caller", fact.cause, ended_at)


# -- calls we know ------------------------------------------------------------------------------
def _reconcile(state: State, call: Call, seen: CallSeen, now: float) -> None:
    if call.stage in ("wrap-up", "closed"):
        return
    state.touch_call(call.id)
    call.channel = seen.channel
    call.tags = dict(seen.facts)
    if not call.known:  # the answer may have been lost with the process that asked
        state.ask(arrival.look_up(call))
    if seen.stage == "diverted":
        leaving.found_there(state, call)
        if call.stage != "diverted":
            calling_back.let_agent_go(state, call, now, when="dialling")
            leaving.diverted(state, call, "fallback", "", now, reason="found there")
    if call.leaving is not None:
        call.leave_tries = 0
        leaving.insist(state, call, now)
    elif call.stage == "dialling" and call.by_hand and seen.stage not in WITH_AGENT:
        outgoing.reconcile(state, call, seen, now)
    elif call.stage == "dialling" and call.by_hand:
        outgoing.connected(state, call, now)
    elif call.stage == "dialling":
        _reconcile_dialling(state, call, seen, now)
    elif call.stage == "outside":
        handing_out.reconcile(state, call, seen, now)
    elif seen.stage in WITH_AGENT:
        _reconcile_talk(state, call, seen, now)
        _reconcile_consult(state, call, seen, now)
        taping.reconcile(state, call, now)
    elif seen.stage == "transferred":
        _reconcile_transferred(state, call, seen, now)
    elif call.stage == "menu":
        _reconcile_menu(state, call, seen, now)
    elif call.stage == "parked" or _parked_meanwhile(call, seen):
        _reconcile_parked(state, call, seen, now)
    elif call.stage != "diverted":
        _reconcile_line(state, call, seen, now)
    _tag_again(state, call)


def _reconcile_dialling(state: State, call: Call, seen: CallSeen, now: float) -> None:
    """We dial him: he has not answered yet, or he did and we were not told."""
    if seen.stage == "dialling":
        state.timers.set("dial", call.id, now + calling_back.LOST_SECONDS)
    else:
        dialled.taken_up(state, call, now, confirmed="cbok" in seen.facts)


def _reconcile_talk(state: State, call: Call, seen: CallSeen, now: float) -> None:
    """They are talking, whatever we think; with whom, the channel says."""
    if call.stage in (*WITH_AGENT, "offered") and not _with_another(state, call, seen):
        if call.stage == "offered":
            at = max(call.since, _since_when(seen, now))
            talking.begin_talk(state, call, at, _agent_of(state, seen))
        if call.stage != seen.stage:
            talking.hold_changed(state, HoldChanged(call.id, seen.stage == "held"), now)
        return
    parties.free(state, call, now)
    call.giving_on = None
    charged = call.since  # what lies before is in the books already
    if call.stage in WITH_AGENT:
        call.enter(Event.LEG_LOST, max(charged, _since_when(seen, now)))
        seats.call_over(state, call, now, wrap_up=False)
        call.agent = None
    elif call.stage == "offered":
        _drop_offer(state, call, max(charged, _since_when(seen, now)), now)
    if call.stage != "diverted":
        _take_as_talking(state, call, seen, now, not_before=charged)


def _parked_meanwhile(call: Call, seen: CallSeen) -> bool:
    """We remember a talk, and the channel says that the caller was parked since."""
    return (
        call.stage in WITH_AGENT
        and seen.stage == "agi"
        and call.giving_on is not None
        and call.giving_on.to == "park"
    )


def _reconcile_parked(state: State, call: Call, seen: CallSeen, now: float) -> None:
    """He stands where he stood, or was asked to. Who was being taken when our memory ends is not:
    his agent clicks again."""
    if seen.stage == "ringing":
        state.ask(Withdraw(call.id, facts.attempt(seen.facts)))
    call.attempt = max(call.attempt, facts.attempt(seen.facts))
    if call.parking is None:
        giving.carry_on(state, call, now)
    else:
        parking.stand(state, call, call.parking, now)


def _reconcile_consult(state: State, call: Call, seen: CallSeen, now: float) -> None:
    """Is the one who was asked still there? What was asked of Asterisk while the link was lost, and
    never told, is undone: the caller goes back to his agent."""
    if call.consult is not None and seen.consulted and call.consult.stage != "ringing":
        _reconcile_conference(state, call, seen, now)
    if call.consult is not None and not seen.consulted:
        consulting.over(state, call, "unavailable", now)
    elif call.consult is None and seen.consulted:
        _let_go(state, call, seen)
    if call.giving_on is not None and call.giving_on.to == "again":
        giving.take_back(state, call, now)
    else:
        call.giving_on = None


def _reconcile_conference(state: State, call: Call, seen: CallSeen, now: float) -> None:
    """Two or three together: that may have changed while nobody told us."""
    consult = call.consult
    assert consult is not None
    if seen.joined and consult.stage == "talking":
        consulting.joined(state, Joined(call.id), now)
    elif not seen.joined and consult.stage == "joined":
        conferring.parted(state, Parted(call.id, call.stage == "talking"), now)


def _let_go(state: State, call: Call, seen: CallSeen) -> None:
    """Somebody is being asked of whom we know nothing: he would stand in the way of the caller."""
    serial, _, _ = seen.facts.get("cons", "").partition(":")
    if serial.isdigit():
        state.ask(EndConsult(call.id, int(serial)))
    if seen.facts.get("muted"):
        for who in PERSONS:
            state.ask(Mute(call.id, who, False))


def _with_another(state: State, call: Call, seen: CallSeen) -> bool:
    """Are they talking by another offer than the one we know of, or with somebody who has another
    call by what we know?"""
    attempt, agent = facts.attempt(seen.facts), _agent_of(state, seen)
    if attempt in (0, call.attempt):
        return agent in call.stopped and seats.seat_of(state, agent, call.since).call is not None
    return agent != call.agent


def _drop_offer(state: State, call: Call, ended_at: float, now: float) -> None:
    """The offer we remember is not what is there."""
    seats.all_withdrawn(state, call, now)
    call.enter(Event.LAPSED, ended_at)
    call.offered_until = None
    state.timers.clear("offer", call.id)
    state.router.rejoin(call.id, now)


def _reconcile_transferred(state: State, call: Call, seen: CallSeen, now: float) -> None:
    """The flow gave him on, whatever we remember."""
    if call.stage in IN_LINE:
        leaving.to_menu(state, call, now)
    if call.stage == "menu" and call.dial_out is None:
        state.timers.clear("prompt", call.id)
        transferring.take_up(call, seen.facts.get("xfer", ""))


def _reconcile_menu(state: State, call: Call, seen: CallSeen, now: float) -> None:
    if seen.stage == "ringing":
        state.ask(Withdraw(call.id, facts.attempt(seen.facts)))
    if call.joined_at is None and _joined(seen) is not None:
        _back_in_line(state, call, seen, now)  # our memory is older than the truth
    elif call.dial_out is not None:
        outcome = transferring.found_back(call, seen)
        arrival.feed(state, call, transferring.over(state, call, outcome, now), now)
    else:
        recordings.again(state, call, now)


def _reconcile_line(state: State, call: Call, seen: CallSeen, now: float) -> None:
    """We think: in line, ringing or talking. There: in line or ringing."""
    attempt = facts.attempt(seen.facts)
    ours = seen.stage == "ringing" and call.stage == "offered" and attempt in (0, call.attempt)
    if ours:
        state.timers.set("offer", call.id, now + queueing.OFFER_GRACE_SECONDS + _ring(call, now))
        _stopped_meanwhile(state, call, seen, now)
        taping.reconcile(state, call, now)
        return
    if seen.stage == "ringing":
        state.ask(Withdraw(call.id, attempt))
    call.attempt = max(call.attempt, attempt)
    if call.stage in WITH_AGENT:
        talking.agent_gone(state, call, int(facts.number(seen.facts, "cause") or 0), now)
    elif call.stage == "offered":
        queueing.offer_ended(state, call, "cancelled", now)
    else:
        queueing.wait_on(state, call, now)


def _stopped_meanwhile(state: State, call: Call, seen: CallSeen, now: float) -> None:
    """Of several phones some may ring no longer; whose doing that was, nobody can say now."""
    for agent in call.ringing if seen.rung else ():
        if state.seats[agent].device not in seen.rung and len(call.ringing) > 1:
            queueing.one_stopped(state, call, agent, "cancelled", now)


def _ring(call: Call, now: float) -> float:
    return max(0.0, (call.offered_until or now) - now)


def _tag_again(state: State, call: Call) -> None:
    """What should stand on the channel and does not is written once more."""
    if call.stage in IN_LINE:
        state.tag(call, facts.of_queue(call))
    if call.stage == "offered":
        state.tag(call, facts.of_offer(call))
    elif call.stage in WITH_AGENT:
        state.tag(call, facts.of_queue(call) | facts.of_talk(call))


# -- calls we do not know -----------------------------------------------------------------------
def _adopt(state: State, seen: CallSeen, now: float) -> None:
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
    state.record(call, "taken-up", now, {"stage": seen.stage})
    state.ask(arrival.look_up(call))
    if seen.stage == "diverted":
        leaving.diverted(state, call, "fallback", "", now, reason="found there")
    elif call.id in state.quarantined:
        leaving.divert(state, call, "fallback", "", now, reason="quarantine")
    elif call.leaving is not None:
        return
    elif call.stage == "dialling":
        _reconcile_dialling(state, call, seen, now)
    elif seen.stage in WITH_AGENT:
        _take_as_talking(state, call, seen, now)
        taping.reconcile(state, call, now)
    elif seen.stage == "transferred":
        _adopt_transferred(state, call, seen, now)
    elif found.get("box"):
        recording = facts.unpack(found.get("rec", ""))
        voicemail.take_up(state, call, facts.unpack(found["box"]), recording, now)
    elif parking.read(found.get("park", "")) is not None:
        _adopt_parked(state, call, seen, now)
    elif _joined(seen) is None:
        _adopt_in_menu(state, call, seen, now)
    else:
        _back_in_line(state, call, seen, now)


def _of_callback(state: State, call: Call, seen: CallSeen, now: float) -> None:
    """A number that we dialled for a callback. If we know the callback, the call takes its place;
    else the database may still tell (`callbacks.found`)."""
    ask = _remember_line(state, call, seen, now)
    call.callback = call.called_back = facts.unpack(seen.facts["cb"])
    call.contact = facts.unpack(seen.facts.get("contact", ""))
    call.sequence = callbacks.later_lines(state)
    call.revision = callbacks.later_revision(state)
    call.queue, call.skills, call.asked_priority = ask.queue, ask.skills, ask.priority
    if seen.stage in (*WITH_AGENT, "diverted"):
        callbacks.found_served(state, call, now)
        call.joined_at = None if seen.stage == "diverted" else call.joined_at
        return
    if seen.stage == "dialling" or call.callback in state.callbacks:
        call.stage = "dialling"
        if call.callback in state.callbacks_gone:  # he has called by himself meanwhile
            call.callback = call.contact = ""
            leaving.hang_up(state, call, "system", now)
            return
        callbacks.found_on_the_line(state, call, now)
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


def _back_in_line(state: State, call: Call, seen: CallSeen, now: float) -> None:
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
    call.joined_at = _joined(seen)
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


def _take_as_talking(
    state: State, call: Call, seen: CallSeen, now: float, *, not_before: float = 0.0
) -> None:
    """They are talking already; they go on whatever has become of the queue."""
    agent = _agent_of(state, seen)
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
    at = max(not_before, _since_when(seen, now))
    queueing.adopt_offer(state, call, agent, facts.attempt(seen.facts), at)
    talking.begin_talk(state, call, at)
    if seen.stage == "held":
        talking.hold_changed(state, HoldChanged(call.id, True), now)
    if seen.consulted:
        _let_go(state, call, seen)


def _since_when(seen: CallSeen, now: float) -> float:
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
    state.queue_day(call.queue).offered += 1
    state.timers.clear("prompt", call.id)


def _agent_of(state: State, seen: CallSeen) -> str:
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
