"""Callbacks found again: what the database remembers of them, and calls that Asterisk still has.

A centre that has lost its journal takes its open callbacks from the database, and an attempt under
way from its channel, in whichever order the two come.
"""

from __future__ import annotations

from dataclasses import replace

from acd.callback import NOT_YET
from acd.callback import State as Turn
from callcenter.core.call import Call
from callcenter.core.callback import Request
from callcenter.core.callbacks import (
    agree,
    await_hours,
    enter,
    line_up,
    over,
    postpone,
    stand_by,
    turn_of,
    write,
)
from callcenter.core.effects import RecordCallback
from callcenter.core.inputs import CallbacksFound
from callcenter.core.state import GONE_MAX, State, remember


def found(state: State, fact: CallbacksFound, now: float) -> None:
    """What the database has as not over and we do not know, in the order of their places. One that
    was being dialled is dialled again only after its rest: nobody knows how it ended."""
    for row in sorted(fact.rows, key=lambda row: (row.joined_at, row.asked_at)):
        known = state.callbacks.get(row.id)
        if known is not None:
            _caught_up(state, known, row, now)
        if row.id in state.callbacks_gone:
            continue  # over for us; the database has not been told yet
        if row.outcome and known is None:
            _found_over(state, row.id)
        if row.outcome or known is not None or (row.queue, row.number) in state.callers_back:
            continue
        request = _restored(state, row, now)
        call = next((call for call in state.calls.values() if call.callback == row.id), None)
        if call is not None and call.stage in ("talking", "held", "wrap-up", "diverted"):
            call.callback = ""
            over(state, request, "diverted" if call.stage == "diverted" else "served", now)
            continue
        if _placed(state, request, row, now) is not None:
            over(state, request, "queue-gone", now)
        elif call is not None:  # taken up from its channel before
            found_on_the_line(state, call, now)


def _placed(state: State, request: Request, row: RecordCallback, now: float) -> str | None:
    """Back into the line, or scheduled as before. Returns why not."""
    if row.state not in NOT_YET:
        return enter(state, request, now, request.turn.rested_at, promised=True)
    if request.joined_at <= now:  # its time came while nobody was there
        return enter(state, request, now, promised=True)
    if request.queue not in state.config.queues:
        return "unknown-queue"
    if row.state == Turn.AFTER_HOURS:
        await_hours(state, request, now)
    else:
        agree(state, request, request.joined_at, now)
    return None


def _found_over(state: State, id: str) -> None:
    """It had its end before we were started. Whom it had reached may be in a menu by now, where its
    agent gave him on to, and waits in no place of it."""
    remember(state.callbacks_gone, id, GONE_MAX)
    for call in state.calls.values():
        if call.callback == id and call.stage != "dialling":
            call.callback = ""


def _caught_up(state: State, request: Request, row: RecordCallback, now: float) -> None:
    """The database may be ahead of a journal whose last second was lost with the machine."""
    if row.revision <= request.written or request.call:
        return
    request.written, request.attempts = row.revision, row.attempts
    begun = request.scheduled and row.state not in NOT_YET and not row.outcome
    if begun and not line_up(state, request, now, min(row.joined_at, now)):
        return
    if row.outcome:
        over(state, request, row.outcome, now)
    elif row.tries > request.turn.tries:
        request.turn = replace(request.turn, tries=row.tries)
        postpone(state, request, now + request.turn.retry_seconds, now)
    elif row.state == Turn.SCHEDULED and row.next_at is not None:
        agree(state, request, row.next_at, now)
    elif row.state == Turn.AFTER_HOURS:
        await_hours(state, request, now)
    else:
        stand_by(state, request, now)  # it goes on from where we know it to be


def _restored(state: State, row: RecordCallback, now: float) -> Request:
    turn = replace(
        turn_of(state, row.id, row.queue, row.number, row.time_zone, now), tries=row.tries
    )
    rested_at = row.next_at
    if row.state in (Turn.DIALLING, Turn.REACHED):
        rested_at = now + turn.retry_seconds
    return Request(
        turn=replace(turn, mode=row.mode, rested_at=rested_at),
        contact=row.contact,
        name=row.name,
        did=row.did,
        language=row.language,
        started_at=row.started_at,
        asked_at=row.asked_at,
        asked_by=row.asked_by,
        joined_at=row.joined_at,
        time_zone=row.time_zone,
        flow=row.flow,
        path=row.path,
        skills=row.skills,
        asked_priority=row.asked_priority,
        priority=row.priority,
        value_seconds=row.value_seconds,
        customer=row.customer,
        attempts=row.attempts,
        written=row.revision,
    )


def found_on_the_line(state: State, call: Call, now: float) -> None:
    """The customer of a callback that we know is being dialled, or on the line already: the call
    has the place."""
    request = state.callbacks.get(call.callback)
    if request is None:
        return
    if request.call:
        call.callback = ""  # two attempts at once: the other one is the callback's
        return
    _in_its_books(call, request)
    if request.scheduled and not line_up(state, request, now, now):
        call.callback = ""
        return
    in_line = state.router.position(call.id) is not None
    reached = Turn.DIALLING if call.stage == "dialling" else Turn.REACHED
    request.turn = replace(request.turn, state=reached, since=now, rested_at=None)
    state.timers.clear("callback", request.id)
    request.call = call.id
    if in_line:
        state.router.leave(call.id, now)
        state.queue_day(request.queue).offered -= 1
    state.router.rename(request.id, call.id, now)
    if in_line or request.turn.mode == "agent-first":
        state.router.wake(call.id, now)
    call.joined_at = request.joined_at
    write(state, request)


def found_served(state: State, call: Call, now: float) -> None:
    """The customer of a callback talks with an agent, or is in the dialplan's care; the call is
    counted as one that came by itself."""
    request = state.callbacks.get(call.callback)
    if request is None:
        return
    call.callback = ""
    _in_its_books(call, request)
    if not request.scheduled:
        state.router.leave(request.id, now)
        state.queue_day(request.queue).offered -= 1
    over(state, request, "served", now)


def _in_its_books(call: Call, request: Request) -> None:
    """Lines that an attempt has written which was believed to be lost are not written over."""
    if call.books == request.contact:
        call.sequence = max(call.sequence, request.sequence)
        call.revision = max(call.revision, request.revision)
