"""Callers whose queue's overflow rule has come true: the router took them out of the line, here
they are sent where the rule says. The same for those whose queue was taken out of the
configuration: the flow is asked first, the fallback takes who is left."""

from __future__ import annotations

from acd.model import Overflow
from callcenter.core import arrival, callbacks, recordings, voicemail
from callcenter.core.call import Call
from callcenter.core.leaving import divert, hang_up, to_menu
from callcenter.core.state import State
from ivr.asks import Enqueue, Overflowed, Play, PromptItem

OVERFLOWS_MAX = 5  # queues that send a caller round in a circle lose him to the fallback
QUEUE_GONE = Overflow("flow")


def apply(state: State, now: float) -> None:
    """While Asterisk is away nobody can be sent anywhere. Each round is of other callers, or of
    the same ones at most `OVERFLOWS_MAX` times."""
    if not state.linked:
        return
    while overflowed := state.router.overflowed(now):
        for entry, rule in overflowed:
            call = state.calls.get(entry)
            if call is not None and call.stage == "waiting":
                state.blame = call.id
                _send_on(state, call, rule, now)
    if state.orphaned:
        _send_orphans_on(state, now)


def _send_orphans_on(state: State, now: float) -> None:
    """An agent's phone that rings for such a caller may still be answered."""
    in_line = [call for call in state.calls.values() if call.stage in ("waiting", "offered")]
    for call in in_line:
        if call.stage == "waiting" and call.queue in state.orphaned:
            state.blame = call.id
            _send_on(state, call, QUEUE_GONE, now)
    left = {call.queue for call in in_line if call.stage == "offered"}
    for queue in state.orphaned:
        callbacks.queue_gone(state, queue, now)
    for queue in [name for name in state.orphaned if name not in left]:
        del state.orphaned[queue]


def _send_on(state: State, call: Call, rule: Overflow, now: float) -> None:
    call.overflows += 1
    data = {"action": rule.action, "target": rule.target, "queue": call.queue}
    state.record(call, "overflow", now, data)
    if call.overflows > OVERFLOWS_MAX:
        divert(state, call, "fallback", "", now, reason="sent from queue to queue")
        return
    match rule.action:
        case "voicemail":
            box = rule.target or call.queue or ""
            to_menu(state, call, now)
            voicemail.begin(state, call, box, now, reason="overflow")
        case "queue":
            to_menu(state, call, now)
            arrival.follow(state, call, Enqueue(rule.target, {}, call.asked_priority), now)
        case "flow" if rule.target in state.config.flows:
            to_menu(state, call, now)
            arrival.enter_flow(state, call, state.config.flows[rule.target], now)
        case "flow" | "callback" if call.session is not None:
            to_menu(state, call, now)
            arrival.feed(state, call, Overflowed(rule.action), now)
        case "hangup" if rule.target:
            to_menu(state, call, now)
            call.farewell = True  # hung up when it was said (`arrival`)
            recordings.play(state, call, Play((PromptItem("prompt", rule.target),)), now)
        case "hangup":
            to_menu(state, call, now)
            hang_up(state, call, "system", now)
        case _:
            divert(state, call, "fallback", "", now, reason="overflow")
