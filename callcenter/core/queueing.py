"""The queue's side of a call: joining the line, being told the position, offers and their ends.

The router decides who is offered to whom; here its decisions become effects. `offer_ended` is the
one place where an offer that was not answered ends, whatever ended it: the caller goes back to
the old place, the agent is dealt with by the rule of the outcome (`MISSED`).
"""

from __future__ import annotations

from acd.model import Entry, Offer
from acd.presence import Event as PresenceEvent
from callcenter.core import facts, seats
from callcenter.core.call import Call, Event
from callcenter.core.effects import Connect, PlayPrompt, SetMusic, Withdraw
from callcenter.core.inputs import DialOutcome
from callcenter.core.state import State
from ivr.asks import Enqueue, PromptItem

OFFER_GRACE_SECONDS = 2.0  # Asterisk ends the ringing itself; this long after, we do
REDIAL_AFTER_REFUSAL_SECONDS = 3.0  # an agent whose device could not be rung is left alone so long
RETURN_PRIORITY = 5  # a caller whose agent's phone died is put before those who never talked

# What an unanswered offer means for the agent: was it his doing (RONA policy), or his device's?
MISSED: dict[DialOutcome, str] = {
    "no-answer": "missed",
    "busy": "rejected",
    "refused": "rejected",
    "unavailable": "device",
    "cancelled": "none",
    "answered": "none",
}


# -- joining ------------------------------------------------------------------------------------
def join(state: State, call: Call, ask: Enqueue, now: float) -> str | None:
    """Put the caller in line. Returns the refusal's text when the queue takes nobody (then the
    caller is still in the menu stage, and the flow must say what next)."""
    customer = call.customer
    priority = ask.priority + (customer.priority if customer else 0)
    joined_at = call.joined_at if call.joined_at is not None else now
    entry = Entry(
        id=call.id,
        queue=ask.queue,
        joined_at=joined_at,
        skills=dict(ask.skills),
        priority=priority,
        value_seconds=customer.value_seconds if customer else 0.0,
        preferred_agent=(customer.owner_agent or customer.last_agent) if customer else None,
        identity=call.number or None,
    )
    refusal = state.router.join(entry, now)
    if refusal is not None:
        state.record(call, "not-queued", now, {"queue": ask.queue, "reason": refusal.text})
        return refusal.text
    call.queue = ask.queue
    call.joined_at = joined_at
    call.enter(Event.QUEUED, now)
    call.token = ""
    call.prompt = None
    state.timers.clear("prompt", call.id)
    state.queue_day(ask.queue).offered += 1
    state.touch_call(call.id)
    state.touch_queue(ask.queue)
    state.record(call, "queued", now, {"queue": ask.queue, "priority": priority})
    match(state, now)
    if call.stage == "waiting":  # nobody free: music, and the first announcement at once
        state.ask(SetMusic(call.id, True))
        state.timers.set("announce", call.id, now)
    state.tag(call, facts.of_queue(call, ask.skills, priority))
    return None


# -- waiting ------------------------------------------------------------------------------------
def announce(state: State, call_id: str, now: float) -> None:
    """Tell the waiting caller the place in line, and for how long it will take where we know."""
    call = state.calls.get(call_id)
    if call is None or call.stage != "waiting" or not state.linked:
        return
    position = state.router.position(call.id)
    if position is None:
        return
    call.position = position
    call.announcing = True
    token = call.next_token()
    state.touch_call(call.id)
    state.record(call, "announced", now, {"position": position})
    state.timers.set("prompt", call.id, now + 60.0)
    state.ask(
        PlayPrompt(call.id, token, position_prompt(state, call, position, now), call.language)
    )


def position_prompt(state: State, call: Call, position: int, now: float) -> tuple[PromptItem, ...]:
    items = [PromptItem("prompt", "queue-position"), PromptItem("number", str(position))]
    estimate = state.router.estimate(call.id, now)
    if estimate is not None and estimate[1] >= 60:
        low, high = (max(1, round(seconds / 60)) for seconds in estimate)
        items.append(PromptItem("prompt", "queue-estimate"))
        if low != high:
            items += [PromptItem("number", str(low)), PromptItem("prompt", "queue-estimate-to")]
        items += [PromptItem("number", str(high)), PromptItem("prompt", "queue-minutes")]
    items.append(PromptItem("prompt", "queue-thanks"))
    return tuple(items)


def announced(state: State, call: Call, now: float) -> None:
    """The announcement is over; the music has come back by itself."""
    call.token = ""
    call.announcing = False
    state.timers.clear("prompt", call.id)
    state.timers.set("announce", call.id, now + state.config.announce_position_seconds)


# -- offers -------------------------------------------------------------------------------------
def match(state: State, now: float) -> None:
    """Make every offer the router can make now. Without a link to Asterisk none can be."""
    if not state.linked:
        return
    for offer in state.router.match(now):
        _offer(state, offer, now)


def _offer(state: State, offer: Offer, now: float) -> None:
    call = state.calls[offer.entry]
    seat = state.seats[offer.agent]
    queue = state.config.queues[offer.queue]
    if call.announcing:
        call.token = ""
        call.announcing = False
        state.timers.clear("prompt", call.id)
    state.timers.clear("announce", call.id)
    call.enter(Event.OFFERED, now)
    call.attempt = offer.attempt
    call.agent = offer.agent
    call.offers += 1
    call.auto_answer = offer.auto_answer
    call.offered_until = offer.expires_at
    decision = state.router.decision(offer)
    call.why = decision.to_text()
    seats.offered(state, offer.agent, call, now)
    state.timers.set("offer", call.id, offer.expires_at + OFFER_GRACE_SECONDS)
    state.touch_call(call.id)
    state.touch_queue(offer.queue)
    state.ask(
        Connect(
            call.id, offer.attempt, offer.agent, seat.device, queue.ring_seconds, offer.auto_answer
        )
    )
    state.record(
        call,
        "offered",
        now,
        {"agent": offer.agent, "attempt": offer.attempt, "why": decision.to_json()},
    )


def adopt_offer(state: State, call: Call, agent: str, attempt: int, now: float) -> None:
    """An offer found in Asterisk that we did not make in this life: take it as ours."""
    seat = seats.seat_of(state, agent)
    state.router.leave(call.id, now)
    call.enter(Event.OFFERED, now)
    call.agent, call.attempt = agent, attempt
    seat.call = call.id
    seats.apply(state, seat, PresenceEvent.OFFER, now)
    state.timers.clear("announce", call.id)


def offer_ended(state: State, call: Call, outcome: DialOutcome, now: float) -> None:
    """The agent did not take the call. The caller keeps the place; the next agent may follow."""
    agent = call.agent
    assert agent is not None, f"call {call.id} is offered to nobody"
    meaning = MISSED[outcome]
    call.enter(Event.LAPSED, now)
    call.agent = None
    call.offered_until = None
    state.timers.clear("offer", call.id)
    state.touch_call(call.id)
    state.touch_queue(call.queue)
    state.record(call, "offer-ended", now, {"agent": agent, "outcome": outcome})
    queue = state.config.queues.get(call.queue or "")
    match meaning:
        case "missed" | "rejected":
            seats.offer_missed(state, agent, queue, now, rejected=meaning == "rejected")
        case "device":
            seats.device_failed(state, agent, now)
        case _:
            seats.offer_withdrawn(state, agent, now)
    state.router.rejoin(call.id, now, missed_by=agent if meaning != "none" else None)
    match_again_or_wait(state, call, now)


def match_again_or_wait(state: State, call: Call, now: float) -> None:
    match(state, now)
    if call.stage == "waiting":
        state.ask(SetMusic(call.id, True))
        state.timers.set("announce", call.id, now + state.config.announce_position_seconds)


def offer_overdue(state: State, call_id: str, now: float) -> None:
    """Asterisk should have ended the ringing by now. It did not: take the call back ourselves."""
    call = state.calls.get(call_id)
    if call is None or call.stage != "offered":
        return
    state.ask(Withdraw(call.id, call.attempt))
    offer_ended(state, call, "no-answer", now)
