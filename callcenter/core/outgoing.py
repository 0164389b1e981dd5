"""Calls that agents make: the own phone first, then the other side, then the two together.

The agent's leg is up before anybody outside is rung, so that whoever answers hears a person at
once. The call stands for the customer from the first moment: his record is open while it rings.
Until the two talk it is in *dialling* (`Call.dial_phase`); from then on it is a call like any
other, and a customer whose agent is lost goes to the head of the line of the queue in whose name he
was called. What the agent was before (paused, available) he is again afterwards, as after every
call.
"""

from __future__ import annotations

from acd.presence import Event as Presence
from acd.presence import State as PresenceState
from callcenter.core import (
    facts,
    interaction,
    leaving,
    queueing,
    refusals,
    seats,
    taping,
    toll,
    trunks,
    writing,
)
from callcenter.core.call import Call, Event
from callcenter.core.calling_back import call_id
from callcenter.core.commands import CallColleague, DialNumber
from callcenter.core.effects import ConnectLeg, LookUpCaller, Originate, Summon
from callcenter.core.inputs import CallSeen, LegGone, LegReady, NumberAnswered
from callcenter.core.state import CALLS_MAX, Seat, State
from ivr.asks import Enqueue
from ivr.flow import Flow, Node

SUMMON_SECONDS = 20.0
COLLEAGUE_RING_SECONDS = 30.0
LOST_SECONDS = 20.0  # after the ringing should have ended; no word came of it
UNREACHED_WRITING_SECONDS = 60.0
# Outcomes of which there is nothing to write: the agent's own doing, or his phone's.
NOTHING_TO_WRITE = frozenset({"cancelled", "own-phone", "refused"})


def under_way(state: State) -> int:
    """Outside numbers that somebody of ours talks to, or lets ring: by hand, asked, or given on
    to."""
    return sum(
        1
        for call in state.calls.values()
        if (call.direction == "out" and call.stage not in ("wrap-up", "closed"))
        or call.stage == "outside"
        or (call.consult is not None and call.consult.number)
    )


def guard(state: State, agent: str, role: str, country: str, now: float) -> str | None:
    """Why this agent may not dial a number of that country now."""
    rules = state.config.outbound
    refusal = toll.refusal(rules, state.config.dialling.enabled, role, country)
    if refusal is not None:
        return refusal
    return state.by_hand.refusal(rules, agent, under_way(state), now)


# -- what the agent asks for --------------------------------------------------------------------
def dial(state: State, seat: Seat, ask: DialNumber, now: float) -> str | None:
    refusal = guard(state, seat.agent, ask.role, ask.country, now)
    if refusal is not None:
        return refusal
    queue = _in_whose_name(state, seat.agent, ask.queue)
    if queue is None:
        return refusals.NO_QUEUE if not ask.queue else refusals.UNKNOWN_QUEUE
    shown = state.config.outbound.shown(ask.shown, ask.role, queue)
    if shown is None:
        return refusals.CALLER_ID
    refusal = _not_now(state, seat, now)
    if refusal is not None:
        return refusal
    state.by_hand.note(seat.agent, now)
    call = _new(state, seat, now)
    call.direction, call.number, call.name, call.queue = "out", ask.number, ask.name, queue
    call.shown = call.did = shown or state.config.dialling.shown
    if ask.card is not None:
        call.cards, call.known = (ask.card,), True
        call.language = ask.card.language or call.language
    data: dict[str, object] = {
        "number": ask.number,
        "by": seat.agent,
        "shown": call.shown,
        "queue": queue,
    }
    _summon(state, call, seat, data, now)
    if not call.known:
        state.ask(LookUpCaller(call.id, call.number, call.name))
    return None


def call_colleague(state: State, seat: Seat, ask: CallColleague, now: float) -> str | None:
    if ask.agent == seat.agent:
        return refusals.NOT_TO_YOURSELF
    if ask.agent not in state.config.agents:
        return refusals.UNKNOWN_AGENT
    if not _can_be_called(state, ask.agent):
        return refusals.AGENT_NOT_FREE
    refusal = _not_now(state, seat, now)
    if refusal is not None:
        return refusal
    call = _new(state, seat, now)
    call.direction, call.peer, call.known = "internal", ask.agent, True
    call.name = state.config.agents[ask.agent].name
    seats.offered(state, ask.agent, call, now)
    _summon(state, call, seat, {"colleague": ask.agent, "by": seat.agent}, now)
    return None


def _can_be_called(state: State, agent: str) -> bool:
    """A colleague may be paused, but must be at his place, and not busy."""
    seat = state.seats.get(agent)
    if seat is None or not seat.device:
        return False
    presence = seat.presence
    here = presence.state in (PresenceState.AVAILABLE, PresenceState.PAUSED)
    return here and presence.device_ready and presence.console


def _not_now(state: State, seat: Seat, now: float) -> str | None:
    """Why this agent can make no call now. An attempt that came to nothing may be written about
    later, or never: the next one closes it."""
    if not state.linked:
        return refusals.LINK_DOWN
    before = state.calls.get(seat.call or "")
    if before is not None and before.stage == "wrap-up" and before.dial_outcome:
        writing.close(state, before, now)
    presence = seat.presence
    if presence.state is PresenceState.OFFLINE:
        return refusals.NOT_LOGGED_IN
    if presence.busy or seat.call is not None:
        return refusals.BUSY_YOURSELF
    if not presence.device_ready or not seat.device:
        return refusals.NO_PHONE
    if seat.agent not in state.config.agents or len(state.calls) >= CALLS_MAX:
        return refusals.TOO_LATE
    return None


def _in_whose_name(state: State, agent: str, wanted: str) -> str | None:
    known = state.config.agents.get(agent)
    serves = [queue for queue in (known.queues if known else ()) if queue in state.config.queues]
    if wanted:
        return wanted if wanted in serves else None
    return serves[0] if serves else None


def _new(state: State, seat: Seat, now: float) -> Call:
    id = call_id(state)
    call = Call(id, id, "", "", "", "en", started_at=now, since=now, stage="dialling")
    call.dial_phase, call.auto_answer = "summoning", True
    call.agent = call.served_by = seat.agent
    call.part_began = now
    seat.lost_dial = ""
    state.calls[id] = call
    return call


def _summon(state: State, call: Call, seat: Seat, data: dict[str, object], now: float) -> None:
    seats.offered(state, seat.agent, call, now)
    call.tags = facts.of_hand(call)
    state.timers.set("dial", call.id, now + SUMMON_SECONDS + LOST_SECONDS)
    state.ask(Summon(call.id, seat.agent, seat.device, SUMMON_SECONDS, dict(call.tags)))
    state.touch_call(call.id)
    state.record(call, "call-made", now, data)


# -- what Asterisk tells ------------------------------------------------------------------------
def leg_ready(state: State, fact: LegReady, now: float) -> None:
    """The agent is there: now the other."""
    call = state.calls.get(fact.call)
    if call is None or call.stage != "dialling" or call.dial_phase != "summoning":
        return
    if call.leaving is not None:
        leaving.insist(state, call, now)
        return
    call.dial_phase = "dialling"
    rules = state.config.outbound
    device, ring_seconds = "", rules.ring_seconds
    if call.peer:
        seat = state.seats.get(call.peer)
        device, ring_seconds = seat.device if seat else "", COLLEAGUE_RING_SECONDS
        if not device:
            leaving.hang_up(state, call, "system", now)
            return
    state.timers.set("dial", call.id, now + ring_seconds + LOST_SECONDS)
    _originate(state, call, device, ring_seconds)
    state.touch_call(call.id)
    by_trunk = {} if call.peer else {"trunk": trunks.OUT}
    state.record(call, "dialled", now, {"by": call.agent, **by_trunk})


def _originate(state: State, call: Call, device: str, ring_seconds: float) -> None:
    state.ask(
        Originate(
            call.id,
            call.number,
            ring_seconds,
            shown=call.shown,
            did=call.did,
            facts=dict(call.tags),
            device=device,
            seconds_max=0.0 if call.peer else state.config.outbound.minutes_max * 60.0,
        )
    )


def leg_gone(state: State, fact: LegGone, now: float) -> None:
    """The agent's own phone did not answer, or he hung up while it rang on the other side."""
    call = state.calls.get(fact.call)
    if call is None or call.stage != "dialling" or not call.by_hand:
        return
    if call.dial_phase == "summoning":
        asked = call.ended_by == "agent"
        not_reached(state, call, "cancelled" if asked else "own-phone", fact.cause, now)
    elif call.dial_phase == "connecting":
        into_line(state, call, now)
    else:
        leaving.hang_up(state, call, "agent", now)


def ringing(state: State, call: Call, now: float) -> None:
    if call.dial_phase == "dialling":
        call.dial_phase = "ringing"
        state.touch_call(call.id)
        state.record(call, "ringing", now)


def answered(state: State, call: Call, fact: NumberAnswered, now: float) -> None:
    """The other is there and waits, for a moment, like a caller."""
    call.channel = fact.channel
    connect(state, call, now)


def connect(state: State, call: Call, now: float) -> None:
    seat = seats.seat_of(state, call.agent or "", now)
    call.dial_phase = "connecting"
    call.attempt += 1
    state.timers.set("dial", call.id, now + LOST_SECONDS)
    state.touch_call(call.id)
    if not call.peer:  # the agent says who calls, and that he records; nobody was told before
        taping.begin(state, call, now, told=False)
    state.ask(ConnectLeg(call.id, call.attempt, seat.agent, seat.device))
    state.tag(call, facts.of_offer(call))


def connected(state: State, call: Call, now: float) -> None:
    """They talk."""
    for timer in leaving.CALL_TIMERS:
        state.timers.clear(timer, call.id)
    call.enter(Event.ANSWERED, now)
    call.dial_phase, call.joined_at = "", now
    call.answered_at = call.answered_at or now
    call.part_began = call.part_began or now
    agent = call.agent or ""
    if call.peer:
        seats.apply(state, seats.seat_of(state, agent, now), Presence.ANSWERED, now)
        seats.apply(state, seats.seat_of(state, call.peer, now), Presence.ANSWERED, now)
    else:
        seats.answered(state, agent, now)
        state.timers.set("limit", call.id, now + state.config.outbound.minutes_max * 60.0)
    state.touch_call(call.id)
    state.record(call, "answered", now, {"agent": agent})
    state.tag(call, facts.of_queue(call) | facts.of_talk(call))


def limit_reached(state: State, call_id: str, now: float) -> None:
    """No call to an outside number lasts longer than the rules say."""
    call = state.calls.get(call_id)
    if call is None or call.stage not in ("talking", "held", "outside"):
        return
    state.record(call, "limit-reached", now)
    state.alarm("call-limit", f"call {call.id} has lasted as long as a call may, and is ended")
    leaving.hang_up(state, call, "system", now)


def leaving_a_message(prompt: str) -> Flow:
    """What a machine is told: the message, and that is all."""
    return Flow(
        "message",
        "Message",
        start="say",
        languages=("en", "zh"),
        nodes={
            "say": Node("say", "play", {"prompt": prompt}, {"next": "end"}),
            "end": Node("end", "hangup", {"reason": "message left"}),
        },
    )


# -- how an attempt ends ------------------------------------------------------------------------
def lost(state: State, call: Call, now: float) -> None:
    """No word came of it. Without a link the next snapshot will say."""
    if not state.linked:
        state.timers.set("dial", call.id, now + LOST_SECONDS)
        return
    state.alarm("dial-lost", f"no word of call {call.id}, {call.dial_phase} too long")
    leaving.hang_up(state, call, "system", now)


def into_line(state: State, call: Call, now: float) -> None:
    """The customer is there, the agent is not: he is not left alone. A colleague is."""
    state.timers.clear("dial", call.id)
    if call.peer:
        leaving.hang_up(state, call, "system", now)
        return
    agent = call.agent or ""
    call.enter(Event.REACHED, now)
    call.dial_phase = ""
    call.agent = None
    seats.offer_withdrawn(state, agent, call, now)
    state.record(call, "leg-lost", now, {"agent": agent})
    ask = Enqueue(call.queue or "", call.skills)
    refused = queueing.join(state, call, ask, now, preferred=agent, boost=queueing.RETURN_PRIORITY)
    if refused is not None:
        leaving.divert(state, call, "fallback", "", now, reason=refused)


def not_reached(state: State, call: Call, outcome: str, cause: int, now: float) -> None:
    """Nobody answered: the reason stays on the screen, with a short time to write about it."""
    if call.ended_by == "agent":
        outcome = "cancelled"
    leaving.nothing_more(state, call, now)
    call.dial_outcome = outcome
    call.ended_by, call.ended_at = call.ended_by or "system", now
    call.enter(Event.NOT_REACHED, now)
    call.dial_phase = ""
    free_peer(state, call, now)
    state.touch_call(call.id)
    state.record(call, "not-connected", now, {"outcome": outcome, "cause": cause})
    seat = seats.seat_of(state, call.agent or "", now)
    if call.peer or outcome in NOTHING_TO_WRITE or seat.call != call.id:
        if seat.call == call.id:
            seat.lost_dial = outcome
        _close(state, call, seat, now)
        return
    seats.apply(state, seat, Presence.WRAP_UP_STARTED, now)
    call.wrap_up_until = now + UNREACHED_WRITING_SECONDS
    state.timers.set("wrap-up", call.id, call.wrap_up_until)
    interaction.write(state, call)
    state.touch_agent(seat.agent)


def _close(state: State, call: Call, seat: Seat, now: float) -> None:
    """The attempt leaves nothing to write about: the agent is as he was."""
    call.enter(Event.FINISHED, now)
    interaction.write(state, call)
    state.touch_call(call.id)
    seats.offer_withdrawn(state, seat.agent, call, now)
    state.forget(call)


def free_peer(state: State, call: Call, now: float) -> None:
    """The colleague of an internal call is free of it, however it ended."""
    seat = state.seats.get(call.peer) if call.peer else None
    if seat is None or seat.call != call.id:
        return
    seat.call = None
    if seat.presence.state is PresenceState.OFFERED:
        seats.apply(state, seat, Presence.OFFER_WITHDRAWN, now)
    else:
        seats.apply_facts(state, seat, (Presence.CALL_ENDED, Presence.WRAP_UP_ENDED), now)
    state.touch_agent(seat.agent)


# -- after a restart ----------------------------------------------------------------------------
def reconcile(state: State, call: Call, seen: CallSeen, now: float) -> None:
    """How far it has come in Asterisk, while we were not looking."""
    if seen.stage == "summoning":
        if seen.leg == "up" and call.dial_phase == "summoning":
            leg_ready(state, LegReady(call.id, ""), now)
        elif seen.leg == "up":  # asked for, and lost on the way: asked twice it is dialled once
            call.dial_phase = "summoning"
            leg_ready(state, LegReady(call.id, ""), now)
        else:
            state.timers.set("dial", call.id, now + SUMMON_SECONDS)
    elif seen.stage == "dialling":
        if seen.leg:
            call.dial_phase = "ringing" if call.dial_phase == "ringing" else "dialling"
            state.timers.set("dial", call.id, now + state.config.outbound.ring_seconds)
        else:
            leaving.hang_up(state, call, "agent", now)
    elif seen.leg == "up":
        connect(state, call, now)
    else:
        into_line(state, call, now)


def adopt(state: State, call: Call, seen: CallSeen, now: float) -> bool:
    """A call that an agent made, of which our memory is gone. False: it is to be taken in as any
    caller's, with what stands on its channel."""
    found = seen.facts
    call.direction = "internal" if found.get("dir") == "internal" else "out"
    call.shown = found.get("did", "")
    call.queue = facts.unpack(found.get("queue", "")) or None
    call.agent = call.served_by = found.get("agent") or None
    if seen.stage in ("summoning", "dialling") or call.direction == "internal":
        call.stage = "dialling"
        call.dial_phase = "summoning" if seen.stage == "summoning" else "dialling"
        leaving.hang_up(state, call, "system", now)
        return True
    if seen.stage == "agi" and call.answered_at is None and "enq" not in found:
        call.stage = "dialling"
        into_line(state, call, now)
        return True
    return False
