"""What a supervisor does to an agent over his head, and how ghosts are cleared.

A forced state is a fact of presence where it takes something from the agent (pause, end of the
shift), a command like his own where it gives something (back to work). While he is busy it becomes
what comes next, so nobody is torn out of a talk. A ghost is what we believe and Asterisk does not
know; it is looked for in `core.ghosts` and ended here, by the same ways as if the event had come.
"""

from __future__ import annotations

from acd.presence import Event
from acd.presence import State as PresenceState
from callcenter.core import refusals, seats, talking, writing
from callcenter.core.commands import ForceState
from callcenter.core.inputs import CallEnded
from callcenter.core.state import State

CAUSE_NORMAL = 16  # Q.850


def force(state: State, action: ForceState, now: float) -> str | None:
    """Returns the refusal."""
    seat = state.seats.get(action.agent)
    if seat is None or action.agent not in state.config.agents:
        return refusals.UNKNOWN_AGENT
    if seat.presence.state is PresenceState.OFFLINE:
        return refusals.NOT_LOGGED_IN
    match action.state:
        case "paused":
            if action.reason not in {item.code for item in state.config.pause_reasons}:
                return refusals.UNKNOWN_REASON
            refused = seats.apply(state, seat, Event.FORCED_PAUSE, now, action.reason)
        case "offline":
            refused = seats.apply(state, seat, Event.FORCED_LOG_OUT, now)
        case "available":
            seat.missed_in_row = 0
            seats.end_back_off(state, seat)
            refused = seats.apply(state, seat, Event.GO_AVAILABLE, now)
            seats.sync(state, seat, now)
    return refused.code if refused else None


def clear_call(state: State, by: str, call_id: str, now: float) -> str | None:
    """As if Asterisk had told that the caller hung up; writing about it is closed at once."""
    call = state.calls.get(call_id)
    if call is None:
        return refusals.UNKNOWN_CALL
    state.record(call, "ghost-cleared", now, {"by": by})
    if call.stage != "wrap-up":
        talking.ended(state, CallEnded(call_id, CAUSE_NORMAL), now)
    left = state.calls.get(call_id)
    if left is not None and left.stage == "wrap-up":
        writing.close(state, left, now)
    return None


def clear_agent(state: State, agent: str, now: float) -> str | None:
    """Who really has a call keeps it; his state goes into the books once more, which may have
    another one."""
    seat = state.seats.get(agent)
    if seat is None:
        return refusals.UNKNOWN_AGENT
    if seat.presence.busy and seat.call not in state.calls:
        seat.call = None
        seats.apply_facts(state, seat, (Event.CALL_ENDED, Event.WRAP_UP_ENDED), now)
    else:
        state.record_presence(seat, now)
    state.touch_agent(agent)
    return None
