"""A caller arrives and is led through the flow: the core's side of the menu.

Drives `ivr.session`: what the session asks is turned into effects, what comes back into answers. A
prompt that never reports back is given up (`recordings`), so that no caller hangs in a menu. The
customer is looked up at the same time; nothing here waits for the answer.
"""

from __future__ import annotations

from typing import assert_never

from callcenter.core import (
    answers,
    callbacks,
    callbacks_asked,
    calling_back,
    facts,
    journeys,
    queueing,
    recordings,
    taping,
    transferring,
    trials,
    trunks,
    voicemail,
)
from callcenter.core.call import Call
from callcenter.core.effects import AskData, Divert, HangUp, LookUpCaller
from callcenter.core.inputs import (
    CallArrived,
    CallerKnown,
    DataLookedUp,
    DialledOut,
    PromptEnded,
    RecordingEnded,
)
from callcenter.core.leaving import divert, hang_up, to_menu
from callcenter.core.state import CALLS_MAX, State
from ivr.asks import (
    Answer,
    Ask,
    Disconnect,
    Enqueue,
    Found,
    LeaveMessage,
    LookUp,
    Outcome,
    Overflowed,
    Play,
    Played,
    Record,
    Recorded,
    Transfer,
)
from ivr.flow import Flow
from ivr.routes import Arrival, choose, lists_with
from ivr.session import Session

CALL_REJECTED = 21  # Q.850
DATA_LOST_SECONDS = 15.0
QUEUE_REFUSALS_MAX = 3  # a flow that leads from one closed queue to the next ends in the fallback


def arrived(state: State, fact: CallArrived, now: float) -> None:
    if fact.call in state.calls or fact.call in state.gone:
        return  # a doubled event: the call is in the house already, or has left it
    if len(state.calls) >= CALLS_MAX:
        state.alarm("calls-max", f"{CALLS_MAX} calls in the house: {fact.call} goes to fallback")
        state.ask(Divert(fact.call, "fallback"))
        return
    trial = trials.take(state, fact.did, now)
    if trial is None and trials.is_trial(fact.did):
        state.ask(HangUp(fact.call, CALL_REJECTED))  # used already, or too late
        return
    call = Call(
        id=fact.call,
        channel=fact.channel,
        number=trial.number if trial else fact.number,
        name=fact.name,
        did=fact.did,
        language=fact.language,
        started_at=now,
        since=now,
        trial=trial is not None,
    )
    state.calls[call.id] = call
    state.touch_call(call.id)
    trunk = trunks.of_channel(fact.channel)
    data = {"number": fact.number, "did": fact.did, "trunk": trunk}
    state.record(call, "arrived", now, data)
    state.ask(look_up(call))
    if trial is not None:
        enter_flow(state, call, trial.flow, now)
    else:
        begin_flow(state, call, now, fact)


def look_up(call: Call) -> LookUpCaller:
    return LookUpCaller(call.id, call.number, call.name)


def flow_for(
    state: State, call: Call, now: float, fact: CallArrived | None = None
) -> tuple[str, str] | None:
    """The route of the call and its flow. Of a caller who was found in Asterisk after a restart
    (no `fact`) the number is known as it came, the region is not."""
    config = state.config
    caller = (fact.e164 if fact else "") or call.number
    region, lists = fact.region if fact else "", lists_with(config.lists, caller)
    arrival = Arrival(call.id, call.did, caller, now, region, lists)
    route = choose(config.routes, arrival, config.calendars)
    return (route.id, route.flow) if route and route.flow in config.flows else None


def begin_flow(state: State, call: Call, now: float, fact: CallArrived | None = None) -> None:
    found = flow_for(state, call, now, fact)
    call.flow = found[1] if found else None
    if call.id in state.quarantined:
        divert(state, call, "fallback", "", now, reason="quarantine")
        return
    if call.flow is None:
        state.alarm("no-flow", f"no flow for the number {call.did!r}: caller goes to fallback")
        divert(state, call, "fallback", "", now, reason="no flow for this number")
        return
    route = found[0] if found else ""
    enter_flow(state, call, state.config.flows[call.flow], now, route)


def enter_flow(state: State, call: Call, flow: Flow, now: float, route: str = "") -> None:
    """Begin this flow from its start; choices made in an earlier one stay in the path."""
    journeys.close(state, call, now)
    if call.tags.get("enq"):
        state.tag(call, {"enq": ""})  # a service that finds him shall not put him back in line
    call.troubles = 0
    call.flow_since, call.flow_end, call.flow_closed = now, None, False
    by = {"route": route} if route else {}
    state.record(call, "flow", now, {"flow": flow.id, "version": flow.version, **by})
    call.flow = flow.id
    call.path_before = call.path
    call.session = Session(flow, variables(call), state.config.calendars)
    follow(state, call, call.session.start(now), now)


def go_on_in_flow(state: State, call: Call, flow: Flow, position: str, now: float) -> Ask:
    """Take up a flow where a caller whom we did not know stood in it; what it asks there."""
    call.flow = flow.id
    call.flow_since = call.started_at
    call.path_before = call.path
    call.session = Session.resume(flow, position, variables(call), state.config.calendars)
    return call.session.start(now)


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
    """Carry out what the flow asks for, until it asks for something that takes time. Bounded by the
    session, which ends in the fallback after too many questions."""
    answer = _carry_out(state, call, ask, now)
    while answer is not None:
        answer = _carry_out(state, call, _next(state, call, answer, now), now)


def _carry_out(state: State, call: Call, ask: Ask, now: float) -> Answer | None:
    """The answer, if there is one at once."""
    _note_progress(state, call, now)
    if call.trial and trials.ends_at(ask):
        hang_up(state, call, "system", now)
        return None
    pretended = trials.pretended(ask) if call.trial else None
    if pretended is not None:
        return pretended
    call.flow_end = ask if isinstance(ask, Outcome) else None
    match ask:
        case Play():
            recordings.play(state, call, ask, now)
        case Record():
            recordings.record(state, call, ask, now)
        case LookUp():
            return _look_up(state, call, ask, now)
        case Enqueue():
            told = taping.notice(state, call, ask)
            if told is None:
                return _enqueue(state, call, ask, now)
            call.flow_end = None  # he is still being spoken to
            recordings.play(state, call, told, now)
        case LeaveMessage():
            voicemail.begin(state, call, ask.box, now, reason="flow")
        case Disconnect():
            state.record(call, "flow-ended", now, {"reason": ask.reason})
            hang_up(state, call, "system", now)
        case Transfer():
            transferring.begin(state, call, ask, now)
        case _:
            assert_never(ask)
    return None


def _look_up(state: State, call: Call, ask: LookUp, now: float) -> Answer | None:
    found = answers.at_once(state, call, ask, now)
    if found is not None:
        return found
    limit = ask.arguments.get("timeout_seconds")
    longest = limit if isinstance(limit, int | float) else 0.0
    token = call.next_token()
    state.timers.set("prompt", call.id, now + longest + DATA_LOST_SECONDS)
    call.asking, first = ask, callbacks_asked.first_question(ask)
    state.ask(AskData(call.id, token, first.source, first.arguments))
    return None


def _enqueue(state: State, call: Call, ask: Enqueue, now: float) -> Answer | None:
    """Into the queue; one that takes nobody is reported to the flow, which may know another way."""
    refused = queueing.join(state, call, ask, now)
    if refused is None:
        return None
    call.refusals += 1
    if call.refusals > QUEUE_REFUSALS_MAX or call.session is None:
        divert(state, call, "fallback", "", now, reason=refused)
        return None
    return Overflowed(refused)


def feed(state: State, call: Call, answer: Answer, now: float) -> None:
    """Give the flow its answer, and do what it asks next."""
    follow(state, call, _next(state, call, answer, now), now)


def _next(state: State, call: Call, answer: Answer, now: float) -> Ask:
    assert call.session is not None, f"call {call.id} has no flow to answer"
    call.token = ""
    call.prompt = None
    state.timers.clear("prompt", call.id)
    return call.session.answer(answer, now)


def prompt_ended(state: State, fact: PromptEnded, now: float) -> None:
    call = state.calls.get(fact.call)
    if call is None or call.token != fact.token:
        return  # the answer to a prompt that something else has cut short
    if fact.outcome == "missing":
        state.alarm("prompt-missing", f"a prompt of call {call.id} has no sound file")
    keys = fact.sealed.length if fact.sealed is not None else len(fact.digits)
    if keys and call.stage == "menu":
        state.record(call, "digits", now, {"count": keys})
    _prompt_over(state, call, Played(fact.digits, fact.outcome, fact.sealed), now)


def _prompt_over(state: State, call: Call, answer: Answer, now: float) -> None:
    """To whoever had it played."""
    if call.message is not None:
        voicemail.prompt_over(state, call, now)
    elif call.farewell:
        hang_up(state, call, "system", now)
    elif call.noticing is not None and call.stage == "menu":
        _noticed(state, call, answer, now)
    elif call.stage == "menu":
        feed(state, call, answer, now)
    elif call.announcing:
        queueing.announced(state, call, now)


def _noticed(state: State, call: Call, answer: Answer, now: float) -> None:
    """The caller has heard that he is recorded; now he goes where the flow sent him."""
    call.token = ""
    call.prompt = None
    state.timers.clear("prompt", call.id)
    ask = taping.noticed(state, call, answer.digits if isinstance(answer, Played) else "", now)
    follow(state, call, ask, now)


def recording_ended(state: State, fact: RecordingEnded, now: float) -> None:
    call = state.calls.get(fact.call)
    if call is None or call.token != fact.token or call.recording is None:
        return
    recordings.close(state, call, now, fact.seconds)
    if fact.ended == "hangup":  # the end of the call follows; should it not, we do not wait for it
        state.timers.set("prompt", call.id, now + recordings.RECORDING_LOST_SECONDS)
        return
    state.timers.clear("prompt", call.id)
    call.token = ""
    if fact.ended == "failed":
        state.alarm("cannot-record", f"call {call.id}: the caller could not be recorded")
    if call.message is not None:
        voicemail.recorded(state, call, fact, now)
    else:
        feed(state, call, Recorded(fact.seconds, fact.ended == "failed"), now)


def dialled_out(state: State, fact: DialledOut, now: float) -> None:
    call = state.calls.get(fact.call)
    if call is None or call.dial_out is None or call.token != fact.token:
        return
    answer = transferring.over(state, call, fact.outcome, now)
    if call.session is not None:
        feed(state, call, answer, now)
    elif fact.outcome == "answered":  # found with a flow that is no more
        hang_up(state, call, "system", now)
    else:
        begin_flow(state, call, now)


def dial_out_failed(state: State, call: Call, now: float) -> None:
    """Asterisk, or the rules for numbers, refused it: the flow may know another way."""
    if call.dial_out is not None:
        state.alarm("transfer-refused", f"flow {call.flow}: {call.dial_out.number} is not dialled")
        feed(state, call, transferring.over(state, call, "failed", now), now)


def prompt_lost(state: State, call_id: str, now: float) -> None:
    """Neither an answer nor a hang-up came in time; go on as if the caller had said nothing."""
    call = state.calls.get(call_id)
    if call is None or not call.token:
        return
    if not state.linked:  # what the caller did meanwhile we cannot know; the snapshot will ask anew
        state.timers.set("prompt", call.id, now + recordings.PROMPT_LOST_SECONDS)
        return
    state.alarm("prompt-lost", f"no answer to prompt {call.token} of call {call.id}")
    if call.recording is not None:
        recording_ended(state, RecordingEnded(call.id, call.token, 0.0, "failed"), now)
    elif call.prompt is None and call.message is None and call.stage == "menu":
        feed(state, call, Found({}, "timeout"), now)
    else:
        _prompt_over(state, call, Played(outcome="timeout"), now)


def prompt_failed(state: State, call: Call, now: float) -> None:
    """Asterisk refused to play or to record: on without it, rather than silence until it counts as
    lost."""
    if call.recording is not None:
        recording_ended(state, RecordingEnded(call.id, call.token, 0.0, "failed"), now)
    elif call.prompt is not None or call.announcing:
        _prompt_over(state, call, Played(outcome="failed"), now)


def data_found(state: State, fact: DataLookedUp, now: float) -> None:
    call = state.calls.get(fact.call)
    if call is None or call.token != fact.token or call.stage != "menu":
        return
    found = calling_back.answer(state, call, fact, now) or Found(fact.values, fact.error)
    feed(state, call, found, now)


def caller_known(state: State, fact: CallerKnown, now: float) -> None:
    """The customer record came. It may come at any stage, or after the call."""
    call = state.calls.get(fact.call)
    if call is None or call.known:
        return
    call.known = True
    call.number = fact.number or call.number
    call.cards = callbacks.cards_of(state, call, fact.cards)
    state.touch_call(call.id)
    queueing.number_known(state, call, now)
    customer = call.customer
    if customer is None:
        return
    state.record(call, "customer", now, {"customer": customer.id})
    state.tag(call, {"cust": facts.pack(customer.id)})
    if call.session is not None:
        call.session.learn(variables(call))
    if customer.blocked and call.stage in ("menu", "waiting", "offered"):
        state.record(call, "blocked", now)
        to_menu(state, call, now)
        hang_up(state, call, "system", now, CALL_REJECTED)
    elif (call.callback or call.stage in ("waiting", "offered")) and call.answered_at is None:
        state.router.learn(
            call.id,
            now,
            priority=call.priority_of(call.asked_priority),
            value_seconds=customer.value_seconds,
            preferred_agent=customer.owner_agent or customer.last_agent,
        )


def _note_progress(state: State, call: Call, now: float) -> None:
    session = call.session
    if session is None:
        return
    call.language = session.language or call.language
    for trouble in session.troubles[call.troubles :]:
        state.alarm("flow-trouble", f"flow {call.flow}, call {call.id}: {trouble}")
    call.troubles = len(session.troubles)
    path = call.path_before + session.path
    if path != call.path:
        for step in path[len(call.path) :]:
            state.record(call, "menu", now, {"choice": step})
        call.path = path
        state.touch_call(call.id)
