"""What a supervisor's clicks do to the line; who is a supervisor was checked before they came here.

Refusals are answers like those to agents. A priority given by hand stands until the call ends: what
becomes known of the customer later does not change it.
"""

from __future__ import annotations

from callcenter.core import callback_desk, facts, refusals
from callcenter.core.inputs import Reprioritise, SupervisorDid
from callcenter.core.state import State

PRIORITY_MAX = 100  # either way, as in a customer's record


def did(state: State, command: SupervisorDid, now: float) -> None:
    action = command.action
    if isinstance(action, Reprioritise):
        refusal = _reprioritise(state, command.by, action, now)
    else:
        refusal = callback_desk.did(state, command.by, action, now)
    state.reply(command.by, command.command, refusal)


def _reprioritise(state: State, by: str, action: Reprioritise, now: float) -> str | None:
    """The caller moves in the line at once; a phone that rings for him goes on ringing."""
    call = state.calls.get(action.call)
    if call is None:
        return refusals.UNKNOWN_CALL
    if call.stage not in ("waiting", "offered"):
        return refusals.NOT_WAITING
    if abs(action.priority) > PRIORITY_MAX:
        return refusals.PRIORITY_OUT_OF_RANGE
    refused = state.router.reprioritise(call.id, action.priority, now)
    assert refused is None, f"{call.id} is in line, but not for the router"
    call.set_priority = action.priority
    state.record(call, "priority", now, {"priority": action.priority, "by": by})
    state.tag(call, facts.of_queue(call))
    state.touch_call(call.id)
    state.touch_queue(call.queue)
    return None
