"""The queue's side of a call: joining the line, being told the position, offers and their ends.

The router decides who is offered to whom; here its decisions become effects. `offer_ended` is the
one place where an offer that was not answered ends, whatever ended it: the caller goes back to
the old place, the agent is dealt with by the rule of the outcome (`MISSED`).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

from acd.model import Entry, Offer
from callcenter.core import callbacks, calling_back, facts, leaving, seats, taping
from callcenter.core.call import Call, Event
from callcenter.core.callback import Request
from callcenter.core.effects import Connect, PlayPrompt, SetMusic, Withdraw
from callcenter.core.inputs import DialOutcome
from callcenter.core.state import State
from ivr.asks import Enqueue, PromptItem

OFFER_GRACE_SECONDS = 2.0  # Asterisk ends the ringing itself; this long after, we do
REDIAL_AFTER_REFUSAL_SECONDS = 3.0  # an agent whose device could not be rung is left alone so long
FAILED_CONNECTS_MAX = 5
RING_SECONDS = 20.0
IDENTITY_DIGITS_MIN = 5
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
def join(
    state: State,
    call: Call,
    ask: Enqueue,
    now: float,
    *,
    preferred: str | None = None,
    boost: int = 0,
    taken_by: str = "",
) -> str | None:
    """Put the caller in line. Returns the refusal's text when the queue takes nobody (then the
    caller is still in the menu stage, and the flow must say what next). `preferred`: the agent he
    is meant for, if not the customer's own; `boost`: so much more than the priority asked for.
    `taken_by`: the agent who takes him at once."""
    kept = callbacks.place_of(state, call, ask.queue)
    if kept is not None:
        take_place(state, call, kept, now)
    else:
        refused = _new_place(state, call, ask, now, preferred, boost)
        if refused is not None:
            return refused
        callbacks.not_needed(state, call, ask.queue, now)
    call.queue = ask.queue
    call.enter(Event.QUEUED, now)
    call.token = ""
    call.prompt = None
    state.timers.clear("prompt", call.id)
    state.touch_call(call.id)
    state.touch_queue(ask.queue)
    priority = call.priority_of(call.asked_priority)
    data = {"queue": ask.queue, "priority": priority, "within": state.target_of(ask.queue)}
    data |= {"skills": dict(ask.skills)} if ask.skills else {}
    state.record(call, "queued", now, data)
    if call.joined_at is not None and call.joined_at < now and call.answered_at is None:
        state.record(call, "place-kept", now, {"joined_at": round(call.joined_at, 3)})
    if taken_by:
        take(state, call, taken_by, now)
    match(state, now)
    if call.stage == "waiting":  # nobody free: music, and the first announcement at once
        wait_on(state, call, now, announce_after=0.0)
    state.tag(call, facts.of_queue(call) | ({"cbok": "1"} if call.callback else {}))
    return None


def _new_place(
    state: State, call: Call, ask: Enqueue, now: float, preferred: str | None, boost: int
) -> str | None:
    customer = call.customer
    priority = call.priority_of(ask.priority) + boost
    joined_at = call.joined_at if call.joined_at is not None else now
    if preferred is None and customer is not None:
        preferred = customer.owner_agent or customer.last_agent
    refusal = state.router.join(entry(call, ask, joined_at, priority, preferred), now)
    if refusal is not None:
        state.record(call, "not-queued", now, {"queue": ask.queue, "reason": refusal.text})
        return refusal.text
    call.joined_at = state.router.joined_at(call.id)
    call.skills = ask.skills
    call.asked_priority = ask.priority
    if call.answered_at is None:
        state.queue_day(ask.queue).offered += 1
    return None


def take_place(state: State, call: Call, kept: Request, now: float) -> None:
    """The place of a callback: of the call that carries it out, or of the customer who has called
    by himself meanwhile (then it is over)."""
    if kept.call != call.id:
        calling_back.call_off(state, kept, now)
        state.router.rename(kept.id, call.id, now)
        state.record(call, "callback-returned", now, {"callback": kept.id})
        kept.call = call.id
        callbacks.over(state, kept, "returned", now)
        if call.answered_at is not None:  # one contact, counted when it was answered
            state.queue_day(kept.queue).offered -= 1
    call.joined_at = kept.joined_at
    call.skills, call.asked_priority = kept.skills, kept.asked_priority
    if state.router.asleep(call.id):
        state.router.wake(call.id, now)


def number_known(state: State, call: Call, now: float) -> None:
    """Whose number it is was read only when he stood in line: a place that is kept for him, by a
    callback or since he was cut off, is his."""
    number = identity(call)
    if call.stage not in ("waiting", "offered") or call.callback or number is None:
        return
    kept = callbacks.place_of(state, call, call.queue or "")
    if kept is not None and call.stage == "waiting" and call.answered_at is None:
        state.router.leave(call.id, now)
        state.queue_day(call.queue or "").offered -= 1
        take_place(state, call, kept, now)
    callbacks.not_needed(state, call, call.queue or "", now)
    state.router.identify(call.id, number, now)
    call.joined_at = state.router.joined_at(call.id)
    state.tag(call, facts.of_queue(call))
    state.touch_queue(call.queue)


def identity(call: Call) -> str | None:
    """By what a caller is known again when he calls once more; withheld numbers are nobody's."""
    digits = call.number.removeprefix("+")
    known = digits.isascii() and digits.isdigit() and len(digits) >= IDENTITY_DIGITS_MIN
    return call.number if known else None


def entry(
    call: Call, ask: Enqueue, joined_at: float, priority: int, preferred: str | None
) -> Entry:
    customer = call.customer
    return Entry(
        id=call.id,
        queue=ask.queue,
        joined_at=joined_at,
        skills=dict(ask.skills),
        priority=priority,
        value_seconds=customer.value_seconds if customer else 0.0,
        preferred_agent=preferred,
        identity=identity(call),
    )


def join_again(state: State, call: Call, agent: str, now: float) -> str | None:
    """Back in line after a talk that broke off: at the head, with all that was asked for at first,
    and to the same agent if he can be had. Returns the refusal's text."""
    priority = call.priority_of(call.asked_priority) + RETURN_PRIORITY
    ask = Enqueue(call.queue or "", call.skills)
    joined_at = now if call.joined_at is None else call.joined_at
    refusal = state.router.join(entry(call, ask, joined_at, priority, agent), now)
    return refusal.text if refusal is not None else None


# -- waiting ------------------------------------------------------------------------------------
def wait_on(state: State, call: Call, now: float, announce_after: float | None = None) -> None:
    """Music, and the next announcement after the usual time unless told otherwise."""
    call.token = ""
    call.announcing = False
    state.timers.clear("prompt", call.id)
    if announce_after is None:
        announce_after = state.config.announce_position_seconds
    state.ask(SetMusic(call.id, True))
    state.timers.set("announce", call.id, now + announce_after)


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
        PlayPrompt(
            call.id,
            token,
            position_prompt(state, call, position, now),
            call.language,
            interruptible=False,
        )
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
    """Make every offer the router can make now. Without a link to Asterisk none can be. Agents
    whom an offer turns out not to need (`calling_back`) are there for the next in line: each round
    is of other entries, since those of the last are taken or put off."""
    if not state.linked:
        return
    while offers := state.router.match(now):
        for _, one in groupby(offers, key=attrgetter("entry")):
            _offer(state, list(one), now)


def _offer(state: State, offers: Sequence[Offer], now: float) -> None:
    """One caller, offered to one agent, or to several at the same time."""
    offer = offers[0]
    request = state.callbacks.get(offer.entry)
    if request is not None:
        state.blame = request.call
        calling_back.offered(state, request, offers, now)
        return
    call = state.calls[offer.entry]
    state.blame = call.id
    if call.stage == "dialling":
        calling_back.reserve(state, call, offers, now)
        return
    _announce_no_more(state, call)
    call.auto_answer = offer.auto_answer and len(offers) == 1
    decision = state.router.decision(offer)
    call.why = decision.to_text()
    agents = tuple(each.agent for each in offers)
    _ring(state, call, agents, offer.expires_at, {"why": decision.to_json()}, now)


def _announce_no_more(state: State, call: Call) -> None:
    if call.announcing:
        call.token = ""
        call.announcing = False
        state.timers.clear("prompt", call.id)
    state.timers.clear("announce", call.id)


def take(state: State, call: Call, agent: str, now: float) -> None:
    """The agent has taken this caller himself: his phone is rung, and answers at once if it can."""
    refusal = state.router.take(call.id, agent, now)
    assert refusal is None, f"call {call.id} is in line, but not for the router"
    seats.end_back_off(state, seats.seat_of(state, agent, now))
    _announce_no_more(state, call)
    call.auto_answer = True
    call.why = f"taken by {agent}"
    queue = state.config.queues.get(call.queue or "")
    until = now + (queue.ring_seconds if queue else RING_SECONDS)
    _ring(state, call, (agent,), until, {"taken": True}, now)


def take_back(state: State, call: Call, now: float, *, lost: str = "") -> None:
    """The phones have stopped by nobody's fault, and the caller waits; nobody is offered yet."""
    for agent in call.ringing:
        state.record(call, "offer-ended", now, {"agent": agent, "outcome": "elsewhere"})
        seats.offer_withdrawn(state, agent, call, now, lost=lost)
    call.enter(Event.LAPSED, now)
    call.agent, call.ringing, call.picker = None, (), ""
    call.offered_until = None
    state.timers.clear("offer", call.id)
    state.router.rejoin(call.id, now)
    state.touch_call(call.id)
    state.touch_queue(call.queue)


def connect_reserved(state: State, call: Call, now: float) -> None:
    """The customer has answered, and the agent who was kept for him is rung."""
    assert call.agent is not None, f"call {call.id} has nobody reserved"
    call.enter(Event.QUEUED, now)
    queue = state.config.queues.get(call.queue or "")
    until = now + (queue.ring_seconds if queue else RING_SECONDS)
    _ring(state, call, (call.agent,), until, {"reserved": True}, now)


def _ring(
    state: State,
    call: Call,
    agents: tuple[str, ...],
    until: float,
    why: dict[str, object],
    now: float,
) -> None:
    call.enter(Event.OFFERED, now)
    call.attempt += 1
    call.offers += 1
    call.agent = agents[0]
    call.ringing, call.stopped, call.picker = agents, (), ""
    call.offered_until = until
    for agent in agents:
        seats.offered(state, agent, call, now)
    state.timers.set("offer", call.id, until + OFFER_GRACE_SECONDS)
    state.touch_call(call.id)
    state.touch_queue(call.queue)
    ring_seconds = max(1.0, until - now)
    others = {agent: state.seats[agent].device for agent in agents}
    device = others.pop(call.agent)
    taping.begin(state, call, now)
    state.ask(
        Connect(call.id, call.attempt, call.agent, device, ring_seconds, call.auto_answer, others)
    )
    state.tag(call, facts.of_offer(call))
    data = {"agent": call.agent, "attempt": call.attempt, **why}
    state.record(call, "offered", now, data | ({"also": sorted(others)} if others else {}))


def adopt_offer(state: State, call: Call, agent: str, attempt: int, now: float) -> None:
    """An offer found in Asterisk that we do not remember: take it as ours."""
    call.enter(Event.OFFERED, now)
    call.agent, call.ringing, call.stopped = agent, (agent,), ()
    call.attempt = max(call.attempt, attempt)
    call.offers += 1
    call.token = ""
    call.announcing = False
    for timer in ("announce", "prompt"):
        state.timers.clear(timer, call.id)
    seats.offered(state, agent, call, now)


def offer_ended(
    state: State, call: Call, outcome: DialOutcome, now: float, *, redial_after: float = 0.0
) -> None:
    """Nobody whose phone rang took the call. The caller keeps the place; the next agent may follow.
    `redial_after`: an agent without fault is offered nothing for so long (what was refused at once
    would be refused again at once)."""
    agents = call.ringing
    assert agents, f"call {call.id} is offered to nobody"
    call.enter(Event.LAPSED, now)
    call.agent, call.ringing, call.picker = None, (), ""
    call.offered_until = None
    state.timers.clear("offer", call.id)
    state.touch_call(call.id)
    state.touch_queue(call.queue)
    if MISSED[outcome] == "none":
        state.router.rejoin(call.id, now)
    for agent in agents:
        _rang_in_vain(state, call, agent, outcome, now, redial_after)
    match_again_or_wait(state, call, now)


def one_stopped(state: State, call: Call, agent: str, outcome: DialOutcome, now: float) -> None:
    """One of several phones rings no longer, the others ring on."""
    call.ringing = tuple(name for name in call.ringing if name != agent)
    call.stopped += (agent,)
    call.agent = call.ringing[0]
    state.touch_call(call.id)
    if MISSED[outcome] == "none":
        state.router.rejoin(call.id, now, missed_by=agent)
    _rang_in_vain(state, call, agent, outcome, now, 0.0)
    match(state, now)


def _rang_in_vain(
    state: State, call: Call, agent: str, outcome: DialOutcome, now: float, redial_after: float
) -> None:
    """What it means for one agent that his phone rang and he did not take the call."""
    meaning = MISSED[outcome]
    state.record(call, "offer-ended", now, {"agent": agent, "outcome": outcome})
    queue = state.config.queues.get(call.queue or "")
    # The router first: it leaves the agent alone for a while, and a pause that follows ends that.
    if meaning != "none":
        state.router.rejoin(call.id, now, missed_by=agent)
    match meaning:
        case "missed" | "rejected":
            seats.offer_missed(state, agent, call, queue, now, rejected=meaning == "rejected")
        case "device":
            seats.device_failed(state, agent, call, now)
        case _:
            seats.offer_withdrawn(state, agent, call, now, back_off_seconds=redial_after)


def connect_refused(state: State, call: Call, now: float) -> None:
    """The offer did not even begin: neither the caller's nor the agent's doing. Not at once again,
    and a channel that takes no offer at all goes where the dialplan serves it."""
    call.failed_connects += 1
    if call.failed_connects > FAILED_CONNECTS_MAX:
        state.alarm("cannot-connect", f"call {call.id}: {FAILED_CONNECTS_MAX} offers were refused")
        leaving.divert(state, call, "fallback", "", now, reason="offers refused")
    else:
        offer_ended(state, call, "cancelled", now, redial_after=REDIAL_AFTER_REFUSAL_SECONDS)


def match_again_or_wait(state: State, call: Call, now: float) -> None:
    match(state, now)
    if call.stage == "waiting":
        wait_on(state, call, now)


def offer_overdue(state: State, call_id: str, now: float) -> None:
    """Asterisk should have ended the ringing by now. It did not: take the call back ourselves."""
    call = state.calls.get(call_id)
    if call is None or call.stage != "offered" or not state.linked:
        return  # without a link we cannot know; the snapshot will say what became of it
    state.ask(Withdraw(call.id, call.attempt))
    offer_ended(state, call, "no-answer", now)
