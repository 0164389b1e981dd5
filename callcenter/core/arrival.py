"""A caller arrives and is led through the flow: the core's side of the menu.

Drives `ivr.session`: what the session asks is turned into effects, what comes back into answers. A
prompt that never reports back is given up after `PROMPT_LOST_SECONDS`, so that no caller hangs in
a menu. The customer is looked up at the same time; nothing here waits for the answer.
"""

from __future__ import annotations

from callcenter.core import facts, queueing
from callcenter.core.call import Call
from callcenter.core.effects import AskData, Divert, HangUp, LookUpCaller, PlayPrompt
from callcenter.core.inputs import CallArrived, CallerKnown, DataLookedUp, PromptEnded
from callcenter.core.leaving import divert
from callcenter.core.state import CALLS_MAX, State
from ivr.asks import (
    Answer,
    Ask,
    Disconnect,
    Enqueue,
    Found,
    LeaveMessage,
    LookUp,
    Overflowed,
    Play,
    Played,
)
from ivr.session import Session

PROMPT_LOST_SECONDS = 90.0  # longer than any prompt with its digits may take
DATA_LOST_SECONDS = 15.0
QUEUE_REFUSALS_MAX = 3  # a flow that leads from one closed queue to the next ends in the fallback


def arrived(state: State, fact: CallArrived, now: float) -> None:
    if fact.call in state.calls:
        return  # a doubled event: the call is already in the house
    if len(state.calls) >= CALLS_MAX:
        state.alarm("calls-max", f"{CALLS_MAX} calls in the house: {fact.call} goes to fallback")
        state.ask(Divert(fact.call, "fallback"))
        return
    call = Call(
        id=fact.call,
        channel=fact.channel,
        number=fact.number,
        name=fact.name,
        did=fact.did,
        language=fact.language,
        started_at=now,
        since=now,
    )
    state.calls[call.id] = call
    state.touch_call(call.id)
    state.record(call, "arrived", now, {"number": fact.number, "did": fact.did})
    state.ask(look_up(call))
    begin_flow(state, call, now)


def look_up(call: Call) -> LookUpCaller:
    return LookUpCaller(call.id, call.number, call.name)


def flow_for(state: State, did: str) -> str | None:
    """The flow of the dialled number; "*" takes every number without a route of its own."""
    routes = state.config.routes
    flow = routes.get(did) or routes.get("*")
    return flow if flow in state.config.flows else None


def begin_flow(state: State, call: Call, now: float) -> None:
    call.flow = flow_for(state, call.did)
    if call.flow is None:
        state.alarm("no-flow", f"no flow for the number {call.did!r}: caller goes to fallback")
        divert(state, call, "fallback", "", now, reason="no flow for this number")
        return
    flow = state.config.flows[call.flow]
    state.record(call, "flow", now, {"flow": flow.id, "version": flow.version})
    call.session = Session(flow, variables(call))
    follow(state, call, call.session.start(now), now)


def variables(call: Call) -> dict[str, object]:
    """What a flow may look at."""
    customer = call.customer
    return {
        "caller_number": call.number,
        "caller_name": call.name,
        "did": call.did,
        "language": call.language,
        "customer_known": customer is not None,
        "customer_name": customer.name if customer else "",
        "customer_vip": customer.vip if customer else False,
    }


def follow(state: State, call: Call, ask: Ask, now: float) -> None:
    """Carry out what the flow asks for next."""
    _note_progress(state, call, now)
    match ask:
        case Play():
            play(state, call, ask, now)
        case LookUp():
            token = call.next_token()
            state.timers.set("prompt", call.id, now + DATA_LOST_SECONDS)
            state.ask(AskData(call.id, token, ask.source, ask.arguments))
        case Enqueue():
            _enqueue(state, call, ask, now)
        case LeaveMessage():
            divert(state, call, "voicemail", ask.box, now, reason="flow")
        case Disconnect():
            call.ended_by = "system"
            state.record(call, "flow-ended", now, {"reason": ask.reason})
            state.ask(HangUp(call.id))


def _enqueue(state: State, call: Call, ask: Enqueue, now: float) -> None:
    """Into the queue; one that takes nobody is reported to the flow, which may know another way."""
    refused = queueing.join(state, call, ask, now)
    if refused is None:
        return
    call.refusals += 1
    if call.refusals > QUEUE_REFUSALS_MAX:
        divert(state, call, "fallback", "", now, reason=refused)
    else:
        feed(state, call, Overflowed(refused), now)


def play(state: State, call: Call, ask: Play, now: float) -> None:
    call.prompt = ask
    token = call.next_token()
    state.timers.set("prompt", call.id, now + PROMPT_LOST_SECONDS)
    state.ask(PlayPrompt(call.id, token, ask.items, call.language, ask.collect))
    state.tag(call, facts.of_menu(call))


def replay_prompt(state: State, call: Call, now: float) -> None:
    """The answer to the last prompt can no longer come (the link was away): ask again."""
    if call.prompt is not None:
        play(state, call, call.prompt, now)
    elif call.session is not None:
        feed(state, call, Played(outcome="failed"), now)


def feed(state: State, call: Call, answer: Answer, now: float) -> None:
    """Give the flow its answer, and do what it asks next."""
    assert call.session is not None, f"call {call.id} has no flow to answer"
    call.token = ""
    call.prompt = None
    state.timers.clear("prompt", call.id)
    follow(state, call, call.session.answer(answer, now), now)


def prompt_ended(state: State, fact: PromptEnded, now: float) -> None:
    call = state.calls.get(fact.call)
    if call is None or call.token != fact.token:
        return  # the answer to a prompt that something else has cut short
    if fact.outcome == "missing":
        state.alarm("prompt-missing", f"a prompt of call {call.id} has no sound file")
    if call.stage == "menu":
        if fact.digits:
            state.record(call, "digits", now, {"count": len(fact.digits)})
        feed(state, call, Played(fact.digits, fact.outcome), now)
    elif call.announcing:
        queueing.announced(state, call, now)


def prompt_lost(state: State, call_id: str, now: float) -> None:
    """Neither an answer nor a hang-up came in time; go on as if the caller had said nothing."""
    call = state.calls.get(call_id)
    if call is None or not call.token:
        return
    state.alarm("prompt-lost", f"no answer to prompt {call.token} of call {call.id}")
    if call.stage == "menu":
        answer: Answer = Found({}, "timeout") if call.prompt is None else Played(outcome="timeout")
        feed(state, call, answer, now)
    elif call.announcing:
        queueing.announced(state, call, now)


def data_found(state: State, fact: DataLookedUp, now: float) -> None:
    call = state.calls.get(fact.call)
    if call is None or call.token != fact.token or call.stage != "menu":
        return
    feed(state, call, Found(fact.values, fact.error), now)


def caller_known(state: State, fact: CallerKnown, now: float) -> None:
    """The customer record came. It may come at any stage, or after the call."""
    call = state.calls.get(fact.call)
    if call is None or call.known:
        return
    call.known = True
    call.number = fact.number or call.number
    call.cards = fact.cards
    state.touch_call(call.id)
    customer = call.customer
    if customer is None:
        return
    state.record(call, "customer", now, {"customer": customer.id})
    state.tag(call, {"cust": facts.pack(customer.id)})
    if call.session is not None and call.stage == "menu":
        call.session.learn(variables(call))
    if customer.blocked and call.stage in ("menu", "waiting"):
        state.record(call, "blocked", now)
        call.ended_by = "system"
        state.ask(HangUp(call.id, 21))
    elif call.stage == "waiting" and customer.priority:
        state.router.reprioritise(call.id, customer.priority, now)


def _note_progress(state: State, call: Call, now: float) -> None:
    session = call.session
    assert session is not None
    call.language = session.language or call.language
    if session.path != call.path:
        for step in session.path[len(call.path) :]:
            state.record(call, "menu", now, {"choice": step})
        call.path = session.path
        state.touch_call(call.id)
