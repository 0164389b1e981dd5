"""Callers whose queue's overflow rule has come true: the router took them out of the line, here
they are sent where the rule says."""

from __future__ import annotations

from acd.model import Overflow
from callcenter.core import arrival
from callcenter.core.call import Call, Event
from callcenter.core.effects import HangUp
from callcenter.core.leaving import divert
from callcenter.core.state import State
from ivr.asks import Enqueue, Overflowed
from ivr.session import Session


def apply(state: State, now: float) -> None:
    for entry, rule in state.router.overflowed(now):
        call = state.calls.get(entry)
        if call is not None and call.stage == "waiting":
            _send_on(state, call, rule, now)


def _send_on(state: State, call: Call, rule: Overflow, now: float) -> None:
    state.record(call, "overflow", now, {"action": rule.action, "target": rule.target})
    state.touch_queue(call.queue)
    for timer in ("announce", "prompt"):
        state.timers.clear(timer, call.id)
    call.token = ""
    call.announcing = False
    match rule.action:
        case "voicemail":
            divert(
                state, call, "voicemail", rule.target or call.queue or "", now, reason="overflow"
            )
        case "queue":
            call.enter(Event.SENT_TO_MENU, now)
            arrival.follow(state, call, Enqueue(rule.target), now)
        case "flow" if rule.target in state.config.flows:
            call.enter(Event.SENT_TO_MENU, now)
            call.flow = rule.target
            call.session = Session(state.config.flows[rule.target], arrival.variables(call))
            arrival.follow(state, call, call.session.start(now), now)
        case "flow" | "callback" if call.session is not None:
            call.enter(Event.SENT_TO_MENU, now)
            arrival.feed(state, call, Overflowed(rule.action), now)
        case "hangup":
            call.enter(Event.SENT_TO_MENU, now)
            call.ended_by = "system"
            state.ask(HangUp(call.id))
        case _:
            divert(state, call, "fallback", "", now, reason="overflow")
