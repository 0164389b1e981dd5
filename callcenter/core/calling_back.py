"""Calling customers back: when it is their turn, dialling, and how a call to them ends.

*Customer first*: his entry sleeps until his turn is near; he is dialled, and takes part in the line
when he has answered. *Agent first*: his entry takes part; the agent who gets it is reserved, sees
the customer's record, and his telephone rings when the customer has answered.

While a customer is dialled or on the line, the call stands in the line in the callback's place,
under its own id. What he hears when he answers is not known here (`dialled`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from acd.callback import Callback, Event, next_allowed, step
from acd.callback import State as Turn
from acd.model import Offer
from acd.refusals import Refusal
from callcenter.core import callbacks, callbacks_asked, facts, leaving, seats, trunks
from callcenter.core.call import Call
from callcenter.core.call import Event as CallEvent
from callcenter.core.callback import Request
from callcenter.core.effects import CallbackAttempt, LookUpCaller, Originate
from callcenter.core.inputs import DataLookedUp, HangUpSide
from callcenter.core.state import State
from ivr.asks import Found
from ivr.flow import Flow, Node

LOOK_SECONDS: Final = 1.0
LOST_SECONDS: Final = 20.0  # after the ringing should have ended; no word came of it
AT_ONCE_WAIT_SECONDS: Final = 5.0
DAY_SECONDS: Final = 86_400.0
NUMBERS_KEPT: Final = 20_000
CANCELLED: Final = "customer-cancelled"
# Nodes of the greeting (`greeting`) at which a call may end.
WHY_BY_NODE: Final = {"no-key": "unconfirmed", "cancel": CANCELLED, "cancelled": CANCELLED}


# -- whose turn ---------------------------------------------------------------------------------
def work(state: State, now: float) -> None:
    """Dial the customers whose turn is near. Looked at once a second, when anybody waits."""
    if not state.callbacks or not state.linked or now < state.callbacks_look_at:
        return
    state.callbacks_look_at = now + LOOK_SECONDS
    ready: dict[str, list[Request]] = {}
    resting: set[str] = set()
    for request in state.callbacks.values():
        if request.turn.state is Turn.WAITING and not request.origin:
            if request.turn.mode == "customer-first":
                ready.setdefault(request.queue, []).append(request)
        elif not request.call and not request.scheduled:
            resting.add(request.id)
    for queue in ready:
        ahead = callbacks.policy_of(state, queue).ahead_seconds
        for entry in state.router.due(now, ahead, queue, resting):
            request_due = state.callbacks.get(entry)
            if request_due is not None and request_due.turn.state is Turn.WAITING:
                dial(state, request_due, now)


def rested(state: State, id: str, now: float) -> None:
    """A callback may be tried (again)."""
    request = state.callbacks.get(id)
    if request is None:
        return
    if request.scheduled:
        callbacks.due(state, request.queue, now)
        return
    turn = step(request.turn, Event.RESTED, now)
    if not isinstance(turn, Refusal):
        request.turn = turn
        callbacks.stand_by(state, request, now)


def rested_now(state: State, request: Request, now: float) -> bool:
    """Whatever he was to wait for, he need not. False: there is no line for him any more."""
    if request.scheduled:
        return callbacks.line_up(state, request, now, min(request.joined_at, now))
    state.timers.clear("callback", request.id)
    _step(request, Event.RESTED, now)
    return True


def taken_back(request: Request, now: float) -> None:
    """An attempt that was called off does not count."""
    if request.turn.state is Turn.DIALLING:
        request.turn = replace(
            request.turn, state=Turn.WAITING, since=now, tries=request.turn.tries - 1
        )


def answer(state: State, call: Call, fact: DataLookedUp, now: float) -> Found | None:
    """What a flow asked about callbacks, None if it asked for something else."""
    ask = call.asking
    if ask is None or ask.source != callbacks_asked.CANCEL:
        return callbacks_asked.answer(state, call, fact, now)
    call.asking = None
    number, queue = str(fact.values.get("number", "")), str(ask.arguments.get("queue") or "")
    if fact.error or not number:
        return Found({}, fact.error or "no number")
    cancelled = 0
    for request in list(state.callbacks.values()):
        if request.number == number and queue in ("", request.queue):
            if request.turn.state is not Turn.REACHED:
                call_off(state, request, now)
                data = {"callback": request.id, "by": "customer"}
                state.record(call, "callback-cancelled", now, data)
                callbacks.over(state, request, "cancelled", now)
                cancelled += 1
    return Found({"found": cancelled > 0, "cancelled": cancelled})


# -- dialling -----------------------------------------------------------------------------------
def call_id(state: State) -> str:
    """An id for a call that we dial, never used before: the epoch grows with every start."""
    state.dialled += 1
    return f"out-{state.epoch}.{state.dialled}"


def dial(state: State, request: Request, now: float) -> Call | None:
    """Dial the customer, or put it off until it is allowed: then None."""
    callbacks.fresh_hours(state, request, now)
    later = _not_now(state, request, now)
    if later is not None:
        callbacks.postpone(state, request, later, now)
        return None
    turn = step(request.turn, Event.DIALLED, now)
    assert not isinstance(turn, Refusal), turn.text
    request.turn = turn
    call = _call_for(state, request, now)
    request.call = call.id
    request.attempts = (*request.attempts, CallbackAttempt(call.id, now))
    state.calls[call.id] = call
    state.router.rename(request.id, call.id, now)
    policy = callbacks.policy_of(state, request.queue)
    state.timers.set("dial", call.id, now + policy.ring_seconds + LOST_SECONDS)
    call.tags = facts.of_callback(call)
    state.ask(
        Originate(
            call.id,
            request.number,
            policy.ring_seconds,
            shown=state.config.dialling.shown,
            did=call.did,
            facts=dict(call.tags),
            detect_machine=policy.detect_machine,
        )
    )
    state.touch_call(call.id)
    state.touch_queue(call.queue)
    data = {"callback": request.id, "try": turn.tries, "trunk": trunks.OUT}
    state.record(call, "dialled", now, data)
    state.ask(LookUpCaller(call.id, call.number, call.name))
    _note_dialled(state, request.number, now)
    callbacks.write(state, request)
    return call


def _call_for(state: State, request: Request, now: float) -> Call:
    id = call_id(state)
    call = Call(
        id=id,
        channel=id,
        number=request.number,
        name=request.name,
        did=request.did,
        language=request.language,
        started_at=request.started_at,
        stage="dialling",
        since=now,
        flow=request.flow,
        path=request.path,
        path_before=request.path,
        cards=request.cards,
        skills=request.skills,
        asked_priority=request.asked_priority,
        queue=request.queue,
        joined_at=request.joined_at,
        sequence=request.sequence,
        revision=request.revision,
        callback=request.id,
        called_back=request.id,
        contact=request.contact,
    )
    call.seconds.wait = request.wait_seconds
    return call


def _not_now(state: State, request: Request, now: float) -> float | None:
    """Until when this customer must not be dialled; None: he may be."""
    if request.origin:
        return now + AT_ONCE_WAIT_SECONDS
    open_at = next_allowed(request.turn.windows, now)
    if open_at is None or open_at > now:
        return open_at or now
    policy = callbacks.policy_of(state, request.queue)
    under_way = sum(
        1
        for other in state.callbacks.values()
        if other.queue == request.queue and other.turn.state is Turn.DIALLING
    )
    ringing = (call for call in state.calls.values() if call.stage == "dialling")
    still = any(call.number == request.number for call in ringing)  # an attempt that was called off
    if still or under_way >= policy.at_once_max or not state.linked:
        return now + AT_ONCE_WAIT_SECONDS
    times = state.dialled_numbers.get(request.number, ())
    lately = [at for at in times if at > now - DAY_SECONDS]
    if len(lately) >= state.config.dialling.number_per_day_max:
        return lately[0] + DAY_SECONDS
    return None


def _note_dialled(state: State, number: str, now: float) -> None:
    times = state.dialled_numbers.pop(number, ())
    state.dialled_numbers[number] = (*(at for at in times if at > now - DAY_SECONDS), now)
    while len(state.dialled_numbers) > NUMBERS_KEPT:
        del state.dialled_numbers[next(iter(state.dialled_numbers))]


def offered(state: State, request: Request, offers: Sequence[Offer], now: float) -> None:
    """Agent first: an agent is there for the callback. He is free again if it is not to be."""
    call = dial(state, request, now)
    if call is not None:
        reserve(state, call, offers, now)
        return
    for offer in offers:
        seats.sync(state, state.seats[offer.agent], now)


def reserve(state: State, call: Call, offers: Sequence[Offer], now: float) -> None:
    """The agent is kept for the customer who is being dialled, and sees who it is. Of several whose
    phones would ring, one is enough."""
    offer = offers[0]
    for other in offers[1:]:
        state.router.spare(call.id, other.agent)
        seats.sync(state, state.seats[other.agent], now)
    call.agent = offer.agent
    call.auto_answer = offer.auto_answer
    seats.offered(state, offer.agent, call, now)
    state.touch_call(call.id)
    state.touch_queue(call.queue)
    state.record(call, "reserved", now, {"agent": offer.agent})


def let_agent_go(
    state: State, call: Call, now: float, *, rejected: bool = False, when: str = ""
) -> None:
    """The agent who was reserved does not want it, or the customer was not reached."""
    if call.agent is None or when not in ("", call.stage):
        return
    others = [agent for agent in call.ringing if agent != call.agent]
    agent, call.agent, call.ringing = call.agent, None, ()
    for other in others:
        seats.offer_withdrawn(state, other, call, now)
    if rejected:
        state.record(call, "offer-ended", now, {"agent": agent, "outcome": "refused"})
        state.router.rejoin(call.id, now, missed_by=agent)
        state.router.rejoin(call.id, now)
        queue = state.config.queues.get(call.queue or "")
        seats.offer_missed(state, agent, call, queue, now, rejected=True)
    else:
        seats.offer_withdrawn(state, agent, call, now)
    state.touch_call(call.id)
    state.touch_queue(call.queue)


def greeting(queue: str) -> Flow:
    """What a customer hears who is called back: a word of who calls, and a key to press."""
    return Flow(
        "callback",
        "Callback",
        start="greet",
        languages=("en", "zh"),
        nodes={
            "greet": Node(
                "greet",
                "menu",
                {
                    "prompt": "callback-hello",
                    "label": "Callback",
                    "retries": 1,
                    "timeout_seconds": 5.0,
                    "choices": {"1": "connect", "9": "cancel"},
                },
                {"1": "line", "9": "cancel", "timeout": "no-key", "invalid": "no-key"},
            ),
            "line": Node("line", "queue", {"queue": queue}),
            "cancel": Node(
                "cancel", "play", {"prompt": "callback-cancelled"}, {"next": "cancelled"}
            ),
            "cancelled": Node("cancelled", "hangup", {"reason": "cancelled"}),
            "no-key": Node("no-key", "hangup", {"reason": "unconfirmed"}),
        },
    )


# -- how it ends --------------------------------------------------------------------------------
def reached(state: State, call: Call, now: float) -> None:
    """He has answered."""
    state.timers.clear("dial", call.id)
    call.enter(CallEvent.REACHED, now)
    state.touch_call(call.id)
    state.record(call, "reached", now)
    request = state.callbacks.get(call.callback)
    if request is not None:
        _step(request, Event.ANSWERED, now)
        callbacks.write(state, request)


def connected(state: State, call: Call, now: float) -> None:
    """He talks with an agent: the callback is done."""
    request = state.callbacks.get(call.callback)
    call.callback = ""
    if request is not None:
        _attempt_ended(request, "reached")
        callbacks.over(state, request, "served", now)


def ended(state: State, call: Call, outcome: str, by: HangUpSide, cause: int, now: float) -> None:
    """The call to the customer is over before an agent had him: he keeps his place, and is tried
    again if there were not enough tries. `outcome` as in `CallbackAttempt`."""
    was = call.stage
    request = state.callbacks.get(call.callback)
    let_agent_go(state, call, now)
    leaving.nothing_more(state, call, now)
    call.ended_by, call.ended_at = call.ended_by or by, now
    data = {"outcome": outcome, "cause": cause, "by": call.ended_by, "stage": was}
    state.record(call, "not-connected", now, data)
    call.enter(CallEvent.GONE, now)
    state.touch_call(call.id)
    if request is not None and request.call == call.id:
        _give_place_back(state, request, call, outcome, was == "dialling", now)
    state.forget(call)


def why_gone(call: Call) -> str:
    """What the end of a call to a customer means, by how far he had come."""
    if call.gone_because:
        return call.gone_because
    if call.stage == "dialling":
        return "lost"
    node = call.session.node if call.session is not None else ""
    return WHY_BY_NODE.get(node, "hung-up") if call.stage == "menu" else "hung-up"


def _give_place_back(
    state: State, request: Request, call: Call, outcome: str, not_answered: bool, now: float
) -> None:
    """The callback stands for the customer again, where the call stood."""
    request.call = ""
    if state.router.position(call.id) is None:  # he was taken out of the line on purpose
        callbacks.over(state, request, "cancelled", now)
        return
    state.router.rename(call.id, request.id, now)
    state.router.sleep(request.id, now)
    request.sequence, request.revision = call.sequence, call.revision
    request.wait_seconds = call.seconds.wait
    _attempt_ended(request, outcome)
    if outcome == CANCELLED:
        callbacks.over(state, request, "cancelled", now)
        return
    callbacks.fresh_hours(state, request, now)
    _step(request, Event.NOT_REACHED if not_answered else Event.HUNG_UP, now)
    callbacks.rest(state, request, now)


def call_off(state: State, request: Request, now: float) -> None:
    """Do not dial any longer (he called by himself, or it was cancelled): the callback stands for
    the customer again, what is left of the attempt ends by itself."""
    call = state.calls.get(request.call)
    if call is None or call.stage != "dialling":
        return
    let_agent_go(state, call, now)
    state.timers.clear("dial", call.id)
    state.router.rename(call.id, request.id, now)
    state.router.sleep(request.id, now)
    data = {"outcome": "cancelled", "cause": 0, "by": "system", "stage": call.stage}
    state.record(call, "not-connected", now, data)
    request.call, call.callback = "", ""
    request.sequence, request.revision = call.sequence, call.revision
    call.contact = ""  # whatever else is written of it belongs to nobody's books
    _attempt_ended(request, "cancelled")
    leaving.hang_up(state, call, "system", now)


def dial_lost(state: State, call_id: str, now: float) -> None:
    """No word came of an attempt. Without a link the next snapshot will say."""
    call = state.calls.get(call_id)
    if call is None or call.stage != "dialling":
        return
    if not state.linked:
        state.timers.set("dial", call_id, now + LOST_SECONDS)
        return
    state.alarm("dial-lost", f"no word of call {call_id}, dialled {now - call.since:.0f} s ago")
    break_off(state, call, now)


def break_off(state: State, call: Call, now: float) -> None:
    """This attempt has failed, whatever becomes of its channel."""
    request = state.callbacks.get(call.callback)
    if request is None:
        leaving.hang_up(state, call, "system", now)
        return
    call_off(state, request, now)
    _step(request, Event.NOT_REACHED, now)
    callbacks.rest(state, request, now)


def _step(request: Request, event: Event, now: float) -> None:
    """A fact that does not fit where the callback stands changes nothing."""
    turn: Callback | Refusal = step(request.turn, event, now)
    if not isinstance(turn, Refusal):
        request.turn = turn


def _attempt_ended(request: Request, outcome: str) -> None:
    if request.attempts:
        last = replace(request.attempts[-1], outcome=outcome)
        request.attempts = (*request.attempts[:-1], last)
