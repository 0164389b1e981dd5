"""What a supervisor's clicks do to the line; who is a supervisor was checked before they came here.

Refusals are answers like those to agents. A priority given by hand stands until the call ends: what
becomes known of the customer later does not change it.
"""

from __future__ import annotations

from callcenter.core import callback_desk, facts, forcing, hearing, picking, refusals, taping
from callcenter.core.commands import (
    ClearAgent,
    ClearCall,
    ForceState,
    GiveCaller,
    MoveCaller,
    PauseTalkRecording,
    RefuseRecording,
    Reprioritise,
)
from callcenter.core.inputs import SupervisorDid
from callcenter.core.monitoring import ChangeHearing, Hear, StopHearing, TakeOverCall
from callcenter.core.state import State

PRIORITY_MAX = 100  # either way, as in a customer's record


def did(state: State, command: SupervisorDid, now: float) -> None:
    action = command.action
    if isinstance(action, Reprioritise):
        refusal = _reprioritise(state, command.by, action, now)
    elif isinstance(action, MoveCaller):
        refusal = _move(state, command.by, action, now)
    elif isinstance(action, ForceState):
        refusal = forcing.force(state, action, now)
    elif isinstance(action, GiveCaller):
        refusal = _give(state, command.by, action, now)
    elif isinstance(action, ClearCall):
        refusal = forcing.clear_call(state, command.by, action.call, now)
    elif isinstance(action, ClearAgent):
        refusal = forcing.clear_agent(state, action.agent, now)
    elif isinstance(action, PauseTalkRecording | RefuseRecording):
        refusal = _recording(state, command.by, action, now)
    elif isinstance(action, Hear | ChangeHearing | TakeOverCall | StopHearing):
        refusal = hearing.did(state, command, action, now)
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


def _move(state: State, by: str, action: MoveCaller, now: float) -> str | None:
    """To another line, at the place that the time already waited gives there. The books of the day
    have the caller as sent on by the one queue and offered to the other. While a phone rings for
    him he stays: an agent is about to answer."""
    call = state.calls.get(action.call)
    if call is None:
        return refusals.UNKNOWN_CALL
    if call.stage != "waiting":
        return refusals.TOO_LATE if call.stage == "offered" else refusals.NOT_WAITING
    if call.callback:
        return refusals.STAYS_IN_QUEUE
    if action.queue not in state.config.queues:
        return refusals.UNKNOWN_QUEUE
    if action.queue == call.queue:
        return refusals.THERE_ALREADY
    if state.router.move(call.id, action.queue, now) is not None:
        return refusals.QUEUE_TAKES_NOBODY
    state.count_left(call, "diverted")
    data = {"from": call.queue, "queue": action.queue, "by": by}
    state.record(call, "moved", now, data | {"within": state.target_of(action.queue)})
    state.touch_queue(call.queue)
    call.queue = action.queue
    call.position = None
    if call.answered_at is None:
        state.queue_day(action.queue).offered += 1
    state.tag(call, facts.of_queue(call))
    state.touch_call(call.id)
    state.touch_queue(action.queue)
    return None


def _give(state: State, by: str, action: GiveCaller, now: float) -> str | None:
    """To one agent at once, before those who wait longer."""
    call = state.calls.get(action.call)
    if call is None:
        return refusals.UNKNOWN_CALL
    refusal = picking.give(state, call, action.agent, now)
    if refusal is None:
        state.record(call, "given", now, {"agent": action.agent, "by": by})
    return refusal


def _recording(
    state: State, by: str, action: PauseTalkRecording | RefuseRecording, now: float
) -> str | None:
    """Also for a payment page, which keeps card data out of the recording."""
    call = state.calls.get(action.call)
    if call is None:
        return refusals.UNKNOWN_CALL
    if isinstance(action, RefuseRecording):
        return taping.refuse(state, call, by, now)
    if not action.paused:
        return taping.resume(state, call, by, now)
    return taping.pause(state, call, "card" if action.card else "hand", by, now, action.seconds)
