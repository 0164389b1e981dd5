"""What we believe against what is there: the snapshot after every connect to Asterisk.

Asterisk is right. A call we know and it does not is over; one it has and we do not know is taken in
from the facts on its channel; where the stages differ, ours is brought to the truth by the same
functions that the missed events would have called. After a restart with a journal this finds
nothing to mend; without one `adopting` rebuilds the centre.
"""

from __future__ import annotations

import re

from callcenter.core import (
    adopting,
    arrival,
    calling_back,
    conferring,
    consulting,
    facts,
    giving,
    handing_out,
    hearing,
    interaction,
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
)
from callcenter.core.adopting import WITH_AGENT
from callcenter.core.call import Call, Event
from callcenter.core.effects import Withdraw
from callcenter.core.in_call import Parted
from callcenter.core.inputs import CallMissed, CallSeen, HoldChanged, Joined, LinkChanged, Snapshot
from callcenter.core.state import State

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
    in_order = sorted(fact.calls, key=lambda item: _by_join_and_arrival(item, now))
    for call_seen in in_order:
        known = state.calls.get(call_seen.call)
        if known is not None:
            state.blame = known.id
            _reconcile(state, known, call_seen, now)
    for place, call_seen in enumerate(in_order):
        if call_seen.call not in state.calls:
            state.blame = call_seen.call
            # Who came while we were away joins now, each a moment after the one before.
            adopting.adopt(state, call_seen, now + place * ONE_AFTER_THE_OTHER_SECONDS)
    for each in fact.missed:
        state.blame = each.call
        missed(state, each, now)
    state.blame = ""
    hearing.reconcile(state, fact.hearers, now)
    state.linked = True


def _by_join_and_arrival(seen: CallSeen, now: float) -> tuple[float, tuple[int, ...]]:
    """In line before who joins now; of those, in the order of arrival, which Asterisk's ids
    (system-seconds.number) tell: by number, not by letter."""
    arrival_of = tuple(int(digits) for digits in re.findall(r"\d+", seen.call))
    return adopting.joined_at(seen) or now, arrival_of


def _take_devices(state: State, fact: Snapshot, now: float) -> None:
    """What is not listed is not there."""
    state.devices = dict(fact.devices)
    for seat in state.seats.values():
        if seat.device:
            seats.follow_device(state, seat, now)


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
    data = {"number": call.number, "did": call.did, "trunk": fact.trunk}
    state.record(call, "arrived", began_at, data)
    if fact.place:
        leaving.diverted(state, call, fact.place, "", began_at, reason="the service was not there")
    ended_at = min(now, max(began_at, fact.ended_at))
    talking.end(state, call, "caller", fact.cause, ended_at)


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
        adopting.found_dialling(state, call, seen, now)
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


def _reconcile_talk(state: State, call: Call, seen: CallSeen, now: float) -> None:
    """They are talking, whatever we think; with whom, the channel says."""
    if call.stage in (*WITH_AGENT, "offered") and not _with_another(state, call, seen):
        if call.stage == "offered":
            at = max(call.since, adopting.since_when(seen, now))
            talking.begin_talk(state, call, at, adopting.agent_of(state, seen))
        if call.stage != seen.stage:
            talking.hold_changed(state, HoldChanged(call.id, seen.stage == "held"), now)
        return
    parties.free(state, call, now)
    call.giving_on = None
    charged = call.since  # what lies before is in the books already
    if call.stage in WITH_AGENT:
        left_at = max(charged, adopting.since_when(seen, now))
        seats.call_over(state, call, now, wrap_up=False, until=left_at)
        if not call.peer:
            interaction.write_given_on(state, call, left_at)
        call.enter(Event.LEG_LOST, left_at)
        call.agent = None
    elif call.stage == "offered":
        _drop_offer(state, call, max(charged, adopting.since_when(seen, now)), now)
    if call.stage != "diverted":
        adopting.take_as_talking(state, call, seen, now, not_before=charged)


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
        adopting.let_go(state, call, seen)
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


def _with_another(state: State, call: Call, seen: CallSeen) -> bool:
    """Are they talking by another offer than the one we know of, or with somebody who has another
    call by what we know?"""
    attempt, agent = facts.attempt(seen.facts), adopting.agent_of(state, seen)
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
    if call.joined_at is None and adopting.joined_at(seen) is not None:
        adopting.back_in_line(state, call, seen, now)  # our memory is older than the truth
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
