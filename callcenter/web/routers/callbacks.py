"""Callbacks: who waits for one, how far it is, and what people do about it.

The list comes from the database, deeds go to the running centre and are answered by it. Agents see
and touch the callbacks of the queues they serve.
"""

from __future__ import annotations

import uuid
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import Depends, Path, Query
from pydantic import Field

from callcenter.core import refusals
from callcenter.core.commands import (
    AskCallback,
    CancelCallback,
    DialCallbackNow,
    PostponeCallback,
    SupervisorAction,
)
from callcenter.core.config import CallbackPolicy
from callcenter.core.effects import RecordCallback
from callcenter.core.teams import within
from callcenter.crm.cursors import read_cursor, write_cursor
from callcenter.dialling import NotDialable
from callcenter.store.callbacks import Wanted
from callcenter.store.counted import CALLBACKS, Counted
from callcenter.web.auth import Called, Caller
from callcenter.web.body import Body
from callcenter.web.errors import ApiError, not_found
from callcenter.web.moments import Moment
from callcenter.web.routers.common import UUID_PATTERN, QueueId, Served, guarded_router, plain_text
from callcenter.web.routers.counted import CountedRead, counted_among, counted_read

router = guarded_router("callbacks")

PAGE_MAX = 200
CallbackId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.:-]{1,88}$")]
QueueName = Annotated[str, Field(pattern=r"^[a-z0-9]{1,32}$")]
Uuid = Annotated[str, Field(pattern=UUID_PATTERN)]
Mode = Literal["customer-first", "agent-first"]


class AttemptRead(Body):
    """`outcome`: busy, no-answer, rejected, invalid, unreachable, refused, cancelled, lost,
    machine, unconfirmed, hung-up, customer-cancelled, reached; "" while it goes on."""

    call: str
    at: datetime
    outcome: str


class CallbackRead(Body):
    """`state`: waiting, resting (until `next_at`), scheduled (agreed for `next_at`, from when on it
    will wait), after-hours (the same, `next_at` being when the hours begin), dialling, reached,
    done, given-up, cancelled.
    `outcome`: "" while it is open, else served, returned, gave-up, cancelled, diverted, queue-gone.
    `contact`: the interaction with the whole story."""

    id: str
    contact: str
    queue: str
    number: str
    name: str
    customer_id: str | None
    language: str
    mode: str
    state: str
    outcome: str
    asked_at: datetime
    asked_by: str
    joined_at: datetime
    changed_at: datetime
    next_at: datetime | None
    time_zone: str
    tries: int
    call: str
    attempts: list[AttemptRead]


class CallbackPage(Body):
    """`counted`: where those behind a number were asked for."""

    items: list[CallbackRead]
    next: str | None
    counted: CountedRead | None = None


class NewCallback(Body):
    """`number` as people write it. `not_before`: agreed for this time, and scheduled until then."""

    queue: QueueName
    number: Annotated[str, Field(min_length=1, max_length=40)]
    name: Annotated[str, Field(max_length=120)] = ""
    language: Annotated[str, Field(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")] = "en"
    customer_id: Uuid | None = None
    not_before: Moment | None = None


class Made(Body):
    id: str


class NewTime(Body):
    not_before: Moment


class PolicyRead(Body):
    """A queue's rules for calling back, see docs/routing.md. `version` 0: nothing was set yet, and
    the queue calls nobody back."""

    queue: str
    version: int
    enabled: bool
    mode: Mode
    tries_max: int
    retry_seconds: float
    ring_seconds: float
    ahead_seconds: float
    confirm: bool
    detect_machine: bool
    at_once_max: int
    waiting_max: int
    hours: dict[str, str]
    time_zone: str
    customer_hours: str


class Policies(Body):
    """`dialling`: whether this installation can dial outside numbers at all."""

    items: list[PolicyRead]
    dialling: bool


class PolicyChange(Body):
    """What is left out stays as it is."""

    version: int | None = None
    enabled: bool | None = None
    mode: Mode | None = None
    tries_max: int | None = None
    retry_seconds: float | None = None
    ring_seconds: float | None = None
    ahead_seconds: float | None = None
    confirm: bool | None = None
    detect_machine: bool | None = None
    at_once_max: int | None = None
    waiting_max: int | None = None
    hours: Annotated[dict[str, str] | None, Field(max_length=20)] = None
    time_zone: Annotated[str | None, Field(max_length=64)] = None
    customer_hours: Annotated[str | None, Field(max_length=200)] = None


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _read(one: RecordCallback) -> CallbackRead:
    return CallbackRead(
        id=one.id,
        contact=one.contact,
        queue=one.queue,
        number=one.number,
        name=one.name,
        customer_id=one.customer,
        language=one.language,
        mode=one.mode,
        state=one.state,
        outcome=one.outcome,
        asked_at=_moment(one.asked_at),
        asked_by=one.asked_by,
        joined_at=_moment(one.joined_at),
        changed_at=_moment(one.changed_at),
        next_at=None if one.next_at is None else _moment(one.next_at),
        time_zone=one.time_zone,
        tries=one.tries,
        call=one.call,
        attempts=[
            AttemptRead(call=each.call, at=_moment(each.at), outcome=each.outcome)
            for each in one.attempts
        ],
    )


def _queues(caller: Caller, served: Served) -> tuple[str, ...] | None:
    """The queues whose callbacks the caller may see; None: all."""
    if caller.scope == "all":
        return None if caller.reach.everything else tuple(sorted(caller.reach.queues))
    agent = served.config().agents.get(caller.account.agent or "")
    return tuple(agent.queues) if agent else ()


@router.get("/api/callbacks")
async def list_callbacks(
    caller: Called,
    served: Served,
    counted: Annotated[Counted | None, Depends(counted_among(CALLBACKS))],
    queue: Annotated[str | None, Query(pattern=r"^[a-z0-9]{1,32}$")] = None,
    state: Literal["open", "over"] | None = None,
    customer: Annotated[str | None, Query(pattern=UUID_PATTERN)] = None,
    contact: Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_.:-]{1,88}$")] = None,
    text: Annotated[str | None, Query(max_length=80)] = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> CallbackPage:
    """Callbacks, newest first. Agents get those of their queues. `figure`: those behind a number
    of the report on callbacks, asked for from `since` until before `until`."""
    wanted = Wanted(
        queue=queue,
        open=None if state is None else state == "open",
        customer=customer,
        contact=contact,
        text=plain_text(text) or "",
        queues=_queues(caller, served),
        counted=counted,
    )
    place: Any = read_cursor(cursor, datetime, str)
    after = None if place is None else (place[0], place[1])
    found = list(await served.callbacks.book.callbacks(wanted, limit=limit + 1, after=after))
    shown = [_read(one) for one in found[:limit]]
    following = None
    if len(found) > limit:
        following = write_cursor(shown[-1].asked_at, shown[-1].id)
    if counted is None:
        return CallbackPage(items=shown, next=following)
    number = counted_read(counted, await served.callbacks.book.count(wanted))
    return CallbackPage(items=shown, next=following, counted=number)


@router.post("/api/callbacks", status_code=201)
async def ask_callback(body: NewCallback, caller: Called, served: Served) -> Made:
    """Have a customer called back, with the place he would get now."""
    mine = _queues(caller, served)
    if mine is not None and body.queue not in mine:
        raise not_found("queue")
    checked = served.callbacks.check(body.number)
    if isinstance(checked, NotDialable):
        raise ApiError(422, f"not-dialable-{checked.code}", checked.text, where="number")
    id = f"cb-{uuid.uuid4()}"
    action = AskCallback(
        id=id,
        queue=body.queue,
        number=checked.number,
        name=body.name.strip(),
        language=body.language,
        customer=body.customer_id,
        time_zone=checked.time_zone,
        not_before=None if body.not_before is None else body.not_before.timestamp(),
    )
    await _do(served, caller, action)
    return Made(id=id)


@router.get("/api/callbacks/{callback}")
async def get_callback(callback: CallbackId, caller: Called, served: Served) -> CallbackRead:
    """One callback."""
    return _read(await _one(callback, caller, served))


@router.post("/api/callbacks/{callback}/cancel", status_code=204)
async def cancel_callback(callback: CallbackId, caller: Called, served: Served) -> None:
    """He is not called any more; a telephone that rings stops."""
    await _one(callback, caller, served)
    await _do(served, caller, CancelCallback(callback))


@router.post("/api/callbacks/{callback}/dial", status_code=204)
async def dial_callback(callback: CallbackId, caller: Called, served: Served) -> None:
    """Dial him now, before those who wait longer; the hours are kept."""
    await _one(callback, caller, served)
    await _do(served, caller, DialCallbackNow(callback))


@router.put("/api/callbacks/{callback}/time", status_code=204)
async def postpone_callback(
    callback: CallbackId, body: NewTime, caller: Called, served: Served
) -> None:
    """Not before this moment; his place in the line stays."""
    await _one(callback, caller, served)
    await _do(served, caller, PostponeCallback(callback, body.not_before.timestamp()))


async def _one(id: str, caller: Caller, served: Served) -> RecordCallback:
    found = await served.callbacks.book.callback(id)
    mine = _queues(caller, served)
    if found is None or (mine is not None and found.queue not in mine):
        raise not_found("callback")
    return found


async def _do(served: Served, caller: Caller, action: SupervisorAction) -> None:
    refusal = await served.callbacks.command(caller.account.id, action)
    if refusal is not None:
        raise ApiError(409, refusal, refusals.TEXTS.get(refusal, refusal))


# -- rules --------------------------------------------------------------------------------------
@router.get("/api/callback-policies")
async def list_policies(caller: Called, served: Served) -> Policies:
    """How each queue calls back."""
    known = await served.callbacks.book.policies()
    config = served.config()
    off = CallbackPolicy(enabled=False)
    mine = [queue for queue in config.queues if within(caller.reach, queues=(queue,))]
    items = [_policy(queue, *known.get(queue, (off, 0))) for queue in mine]
    return Policies(items=items, dialling=config.dialling.enabled)


@router.put("/api/callback-policies/{queue}")
async def put_policy(
    queue: QueueId, body: PolicyChange, caller: Called, served: Served
) -> PolicyRead:
    """Change how a queue calls back. It counts from the next callback on."""
    values = body.model_dump(exclude_none=True)
    await served.callbacks.book.put_policy(queue, values, by=caller.account.id)
    await served.reload()
    return _policy(queue, *(await served.callbacks.book.policies())[queue])


def _policy(queue: str, policy: CallbackPolicy, version: int) -> PolicyRead:
    return PolicyRead.model_validate(asdict(policy) | {"queue": queue, "version": version})
