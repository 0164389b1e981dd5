"""A caller handed over to somebody outside: they talk, nobody of ours is with them.

The agent asked that number first (`consulting`), so the caller is only let go when a person is
there. Asterisk keeps the two together; when the far end hangs up the call is over. Should the two
not come together at all, the caller goes to the head of the line he came from, if he can to the
same agent.
"""

from __future__ import annotations

from callcenter.core import arrival, facts, giving, leaving, parties, queueing
from callcenter.core.call import Call, Event
from callcenter.core.effects import HandOut
from callcenter.core.inputs import CallSeen, DialledOut
from callcenter.core.state import State
from ivr.asks import Enqueue


def hand_out(state: State, call: Call, now: float) -> None:
    """The one who was asked, outside, has the caller from now on; the agent writes."""
    consult = call.consult
    assert consult is not None, f"call {call.id}: nobody was asked"
    giving.begin_writing(state, call, now)
    parties.forget(state, call, now)
    call.enter(Event.GIVEN_OUT, now)
    call.agent = None
    token = call.next_token()
    limit = state.config.outbound.minutes_max * 60.0
    state.timers.set("limit", call.id, now + limit)
    state.ask(HandOut(call.id, token, limit))
    state.tag(call, {"xfer": token, "outto": facts.pack(consult.number)})
    state.touch_call(call.id)
    data = {"number": consult.number, "by": consult.by}
    state.record(call, "handed-out", now, data)


def dialled_out(state: State, fact: DialledOut, now: float) -> None:
    """Who was given on to an outside number is back: by an agent, or by a flow."""
    call = state.calls.get(fact.call)
    if call is None or call.stage != "outside":
        arrival.dialled_out(state, fact, now)
    elif call.token != fact.token:
        return
    elif fact.outcome == "answered" and not call.taker_lost:
        over(state, call, now)
    else:
        came_back(state, call, now)


def over(state: State, call: Call, now: float) -> None:
    """They have talked, and the far end has hung up."""
    state.record(call, "outside-ended", now)
    leaving.hang_up(state, call, "agent", now)


def came_back(state: State, call: Call, now: float) -> None:
    """They did not come together."""
    state.timers.clear("limit", call.id)
    call.token, call.taker_lost = "", False
    call.enter(Event.SENT_TO_MENU, now)
    state.record(call, "outside-failed", now)
    ask = Enqueue(call.queue or "", call.skills, call.asked_priority)
    refused = queueing.join(
        state, call, ask, now, preferred=call.served_by, boost=queueing.RETURN_PRIORITY
    )
    if refused is not None:
        leaving.divert(state, call, "fallback", "", now, reason=refused)


def reconcile(state: State, call: Call, seen: CallSeen, now: float) -> None:
    """After a restart: are they together still?"""
    if seen.stage == "agi" and call.leaving is None:
        over(state, call, now)
