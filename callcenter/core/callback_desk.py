"""What agents and supervisors do with callbacks: ask for one, cancel, postpone, dial now. A later
time that is named here was agreed with the customer.

Who may do it was checked where the click came in; `by` is his user's id, for the books.
"""

from __future__ import annotations

from acd.callback import State as Turn
from acd.callback import next_allowed
from acd.refusals import Refusal
from callcenter.core import callbacks, calling_back, refusals
from callcenter.core.callback import Request
from callcenter.core.commands import AskCallback, CancelCallback, DialCallbackNow, PostponeCallback
from callcenter.core.state import State

CallbackAction = AskCallback | CancelCallback | PostponeCallback | DialCallbackNow


def did(state: State, by: str, action: CallbackAction, now: float) -> str | None:
    if isinstance(action, AskCallback):
        return _ask(state, by, action, now)
    request = state.callbacks.get(action.id)
    if request is None:
        return refusals.UNKNOWN_CALLBACK
    if request.turn.state is Turn.REACHED:
        return refusals.TOO_LATE
    match action:
        case CancelCallback():
            calling_back.call_off(state, request, now)
            callbacks.over(state, request, "cancelled", now)
            return None
        case PostponeCallback():
            return _postpone(state, request, action.not_before, now)
        case DialCallbackNow():
            return _dial_now(state, request, now)


def _ask(state: State, by: str, action: AskCallback, now: float) -> str | None:
    if action.queue not in state.config.queues:
        return refusals.UNKNOWN_QUEUE
    if (action.queue, action.number) in state.callers_back:
        return refusals.CALLBACK_KNOWN
    refused = callbacks.refusal(state, action.queue)
    if refused is not None:
        return refusals.CALLBACKS_OFF if refused == callbacks.OFF else refusals.CALLBACKS_FULL
    request = Request(
        turn=callbacks.turn_of(
            state, action.id, action.queue, action.number, action.time_zone, now
        ),
        contact=action.id,
        name=action.name,
        did="",
        language=action.language,
        started_at=now,
        asked_at=now,
        asked_by=by,
        joined_at=now,
        time_zone=action.time_zone,
        customer=action.customer,
    )
    if action.not_before is not None and action.not_before > now:
        callbacks.agree(state, request, action.not_before, now)
        return None
    entered = callbacks.take_in(state, request, now)
    return None if entered is None else refusals.CALLBACKS_FULL


def _postpone(state: State, request: Request, not_before: float, now: float) -> str | None:
    calling_back.call_off(state, request, now)
    calling_back.taken_back(request, now)
    put_off = callbacks.agree if not_before > now else callbacks.postpone
    refused = put_off(state, request, not_before, now)
    return refusals.TOO_LATE if isinstance(refused, Refusal) else None


def _dial_now(state: State, request: Request, now: float) -> str | None:
    if not state.linked:
        return refusals.LINK_DOWN
    if request.turn.state is Turn.DIALLING or request.origin:
        return refusals.TOO_LATE
    callbacks.fresh_hours(state, request, now)
    if next_allowed(request.turn.windows, now) != now:
        return refusals.OUTSIDE_HOURS
    if not calling_back.rested_now(state, request, now):
        return refusals.UNKNOWN_CALLBACK
    if calling_back.dial(state, request, now) is None:
        return refusals.NOT_DIALLED
    return None
