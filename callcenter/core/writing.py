"""Wrap-up: the agent writes after the talk, for as long as the queue allows, then the books close.

The caller is gone by now, or with another agent (`giving`): nothing here needs Asterisk.
"""

from __future__ import annotations

from acd.model import Queue
from callcenter.core import dispositions, interaction, queueing, seats
from callcenter.core.call import Call, Event
from callcenter.core.state import State


def begin(state: State, call: Call, now: float) -> None:
    """However long it may take, it ends: an agent who has left cannot write any more."""
    queue = state.config.queues.get(call.queue or "")
    seats.call_over(state, call, now, wrap_up=True)
    if call.agent not in state.config.agents:
        call.wrap_up_until = now
    elif queue is None or queue.wrap_up_mode != "mandatory":
        call.wrap_up_until = now + (queue.wrap_up_seconds if queue else 0.0)
    else:
        seats.watch_console(state, seats.seat_of(state, call.agent or "", now), now)
    if call.wrap_up_until is not None:
        state.timers.set("wrap-up", call.id, call.wrap_up_until)


def extensions_left(call: Call, queue: Queue | None) -> int:
    if queue is None or queue.wrap_up_mode != "timed-extendable":
        return 0
    return max(0, queue.wrap_up_extensions_max - call.extensions)


def extend(state: State, call: Call, now: float) -> bool:
    """More time to write, where the queue allows it. False: no more extensions."""
    queue = state.config.queues.get(call.queue or "")
    if queue is None or extensions_left(call, queue) == 0 or call.wrap_up_until is None:
        return False
    call.extensions += 1
    call.wrap_up_until += queue.wrap_up_extension_seconds
    state.timers.set("wrap-up", call.id, call.wrap_up_until)
    state.touch_call(call.id)
    state.record(call, "wrap-up-extended", now, {"until": call.wrap_up_until})
    return True


def expired(state: State, call_id: str, now: float) -> None:
    call = state.calls.get(call_id)
    if call is not None and call.stage == "wrap-up":
        close(state, call, now)


def close(state: State, call: Call, now: float) -> None:
    """Time is over, or there is nobody left to write: the default disposition closes the call."""
    finish(state, call, dispositions.default_for(state.config, call.queue), "", now)


def finish(state: State, call: Call, disposition: str, note: str, now: float) -> None:
    """Close the books of this call and free the agent."""
    call.enter(Event.FINISHED, now)
    call.disposition = disposition
    call.note = note
    state.timers.clear("wrap-up", call.id)
    state.record(call, "closed", now, {"disposition": disposition})
    interaction.write(state, call)
    state.touch_call(call.id)
    seats.wrap_up_over(state, call, now)
    state.forget(call)
    queueing.match(state, now)
