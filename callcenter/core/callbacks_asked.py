"""A flow asks for a callback: the number is looked up, then it is in the book, or told why not.

Who asks twice is called once. What becomes of a callback is the matter of `callbacks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from acd.callback import merged
from callcenter.core.call import Call
from callcenter.core.callback import Request, clock_of
from callcenter.core.callbacks import (
    OFF,
    as_soon_as_possible,
    policy_of,
    refusal,
    take_in,
    turn_of,
    write,
)
from callcenter.core.inputs import DataLookedUp
from callcenter.core.state import State
from ivr.asks import Found, LookUp

ASKED: Final = "callback"
CANCEL: Final = "cancel-callback"
SOURCES: Final = frozenset({ASKED, CANCEL})
CHECK: Final = "dialable"
"""The look-up that says whether a number may be dialled: its E.164 form and time zone."""


def first_question(ask: LookUp) -> LookUp:
    """What has to be looked up before the flow can have its answer."""
    if ask.source not in SOURCES:
        return ask
    return LookUp(CHECK, {"number": str(ask.arguments.get("number", ""))})


def answer(state: State, call: Call, fact: DataLookedUp, now: float) -> Found | None:
    """The number is looked up: the answer for the flow, None if it asked for something else."""
    ask, call.asking = call.asking, None
    if ask is None or ask.source != ASKED:
        return None
    number = str(fact.values.get("number", ""))
    if fact.error or not number:
        return Found({}, fact.error or "the number cannot be dialled")
    return _book(state, call, ask, number, str(fact.values.get("time_zone", "")), now)


def _book(state: State, call: Call, ask: LookUp, number: str, time_zone: str, now: float) -> Found:
    queue = str(ask.arguments.get("queue", ""))
    known = state.callers_back.get((queue, number))
    if known is not None:
        return _again(state, call, state.callbacks[known], now)
    refused = refusal(state, queue)
    if refused is not None:
        state.record(call, "callback-refused", now, {"queue": queue, "reason": refused})
        return Found({}, refused)
    request = _of_call(state, call, ask, number, time_zone, now)
    refused = take_in(state, request, now)
    if refused is not None:
        state.record(call, "callback-refused", now, {"queue": queue, "reason": refused})
        return Found({}, refused)
    call.booked = request.id
    asked = {"callback": request.id, "queue": queue, "number": number, "mode": request.turn.mode}
    state.record(call, "callback-asked", now, asked | {"within": state.target_of(queue)})
    return Found(told(state, request, now))


def _again(state: State, call: Call, request: Request, now: float) -> Found:
    """Who asks twice is called once: the older place, the wishes of today. Who had agreed to a
    later time wants it at his turn now."""
    policy = policy_of(state, request.queue)
    since = now if call.joined_at is None else call.joined_at
    if request.scheduled and not as_soon_as_possible(state, request, now, since):
        return Found({}, OFF)
    request.turn = merged(request.turn, replace(request.turn, tries_max=policy.tries_max))
    call.booked = request.id
    if not request.call and not request.origin:  # not to be dialled while he is on the line
        request.origin = call.id
        state.router.sleep(request.id, now)
    state.record(call, "callback-again", now, {"callback": request.id, "queue": request.queue})
    write(state, request)
    return Found({**told(state, request, now), "already": True})


def told(state: State, request: Request, now: float) -> dict[str, object]:
    """What a flow may say about the callback."""
    estimate = state.router.estimate(request.id, now)
    minutes = None if estimate is None else max(1, round(sum(estimate) / 120))
    date, time = clock_of(policy_of(state, request.queue), request.turn.rested_at)
    return {
        "already": False,
        "number": request.number,
        "position": state.router.position(request.id),
        "minutes": minutes,
        "date": date,
        "time": time,
    }


def _of_call(
    state: State, call: Call, ask: LookUp, number: str, time_zone: str, now: float
) -> Request:
    arguments = ask.arguments
    queue = str(arguments.get("queue", ""))
    skills = arguments.get("skills")
    customer = call.customer
    asked = arguments.get("priority")
    return Request(
        turn=turn_of(state, _new_id(state, call), queue, number, time_zone, now),
        contact=call.books,
        name=call.name,
        did=call.did,
        language=str(arguments.get("language") or call.language),
        started_at=call.started_at,
        asked_at=now,
        asked_by="caller",
        joined_at=now if call.joined_at is None else call.joined_at,
        time_zone=time_zone,
        flow=call.flow,
        path=call.path,
        skills=dict(skills) if isinstance(skills, Mapping) else {},
        asked_priority=asked if isinstance(asked, int) else 0,
        priority=call.priority_of(asked if isinstance(asked, int) else 0),
        value_seconds=customer.value_seconds if customer else 0.0,
        cards=call.cards,
        customer=customer.id if customer else None,
        origin=call.id,
    )


def _new_id(state: State, call: Call) -> str:
    """One call may ask in more than one queue."""
    id, count = f"cb-{call.id}", 1
    while id in state.callbacks:
        count += 1
        id = f"cb-{call.id}-{count}"
    return id
