"""How a caller leaves the line, the dialplan's care included: shared by menu, queue and talk."""

from __future__ import annotations

from typing import Literal

from callcenter.core import seats
from callcenter.core.call import Call, Event
from callcenter.core.effects import Divert
from callcenter.core.state import State


def leave_line(state: State, call: Call, now: float) -> None:
    """Take the caller out of the queue's line and free an agent whose phone rings for him."""
    if call.stage == "offered" and call.agent is not None:
        seats.offer_withdrawn(state, call.agent, now)
        call.agent = None
    if call.stage in ("waiting", "offered"):
        state.router.leave(call.id, now)
        state.touch_queue(call.queue)
    for timer in ("announce", "offer", "prompt"):
        state.timers.clear(timer, call.id)
    call.token = ""
    call.announcing = False
    call.offered_until = None


def divert(
    state: State,
    call: Call,
    place: Literal["fallback", "voicemail"],
    box: str,
    now: float,
    *,
    reason: str,
) -> None:
    """Hand the caller to the dialplan for good; it keeps him served without us."""
    diverted(state, call, place, box, now, reason=reason)
    state.ask(Divert(call.id, place, box))


def diverted(
    state: State,
    call: Call,
    place: Literal["fallback", "voicemail"],
    box: str,
    now: float,
    *,
    reason: str,
) -> None:
    """The caller is in the dialplan's care: by our wish, or because its lease ran out."""
    leave_line(state, call, now)
    if call.stage in ("talking", "held") and call.agent is not None:
        seats.call_over(state, call, now, wrap_up=False)
    call.enter(Event.DIVERTED, now)
    call.was_diverted = True
    state.touch_call(call.id)
    state.record(call, "diverted", now, {"place": place, "box": box, "reason": reason})
    if call.queue:
        state.queue_day(call.queue).diverted += 1
        state.touch_queue(call.queue)
