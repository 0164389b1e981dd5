"""Tasks and follow-up calls: what is due, and what came of it."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query
from pydantic import Field

from callcenter.crm.tasks.schemas import Result, Task, TaskChanged, TaskDraft, TaskKind, TaskWrong
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.errors import ApiError, Flaw, conflict, not_found
from callcenter.web.moments import Moment
from callcenter.web.routers.common import UUID_PATTERN, Served, UuidText, guarded_router
from callcenter.web.routers.customers import UuidField
from callcenter.web.routers.tickets import Agent, Version

router = guarded_router("tasks")


class TaskRead(Body):
    id: str
    kind: TaskKind
    title: str
    note: str
    customer: str | None
    customer_name: str
    ticket: str | None
    ticket_number: int | None
    number: str
    owner_agent: str | None
    due: datetime
    state: Literal["open", "done", "cancelled"]
    result: str
    result_note: str
    attempts: int
    plan: str
    created: datetime
    done: datetime | None
    by: str
    version: int


class TaskPage(Body):
    items: list[TaskRead]
    next: str | None


class TaskBody(Body):
    """`kind` call: a follow-up call, to `number` or to the customer's first."""

    title: Annotated[str, Field(min_length=1, max_length=200)]
    due: Moment
    kind: TaskKind = "task"
    note: Annotated[str, Field(max_length=4000)] = ""
    customer: UuidField | None = None
    ticket: UuidField | None = None
    number: Annotated[str, Field(max_length=80)] = ""
    owner_agent: Agent | None = None


class PutOffBody(Body):
    due: Moment
    owner_agent: Agent | None = None
    version: Version


class ResultBody(Body):
    """`again_at`: it stays open, for another try then."""

    result: Result
    note: Annotated[str, Field(max_length=4000)] = ""
    again_at: Moment | None = None
    version: Version


class VersionBody(Body):
    version: Version


def _read(task: Task) -> TaskRead:
    return TaskRead.model_validate(asdict(task))


async def _taken(asked: Awaitable[Task | None]) -> TaskRead:
    try:
        done = await asked
    except TaskChanged as meanwhile:
        raise conflict(str(meanwhile), where="version", todo="read it again") from None
    except TaskWrong as wrong:
        flaws = [Flaw(where=wrong.where, message=str(wrong))]
        raise ApiError(422, "invalid", str(wrong), where=wrong.where, flaws=flaws) from None
    if done is None:
        raise not_found("task")
    return _read(done)


@router.get("/api/tasks")
async def list_tasks(
    served: Served,
    owner: Annotated[str | None, Query(pattern=r"^[a-z0-9]{1,32}$")] = None,
    unowned: bool = False,
    state: Literal["open", "done", "cancelled"] = "open",
    customer: Annotated[str | None, Query(pattern=UUID_PATTERN)] = None,
    ticket: Annotated[str | None, Query(pattern=UUID_PATTERN)] = None,
    until: Moment | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> TaskPage:
    """What is due first comes first. `owner` with `unowned`: his and nobody's."""
    found, following = await served.crm.tasks.tasks(
        owner=owner,
        unowned=unowned,
        state=state,
        customer=customer,
        ticket=ticket,
        until=until.timestamp() if until else None,
        limit=limit,
        cursor=cursor,
    )
    return TaskPage(items=[_read(task) for task in found], next=following)


@router.post("/api/tasks", status_code=201)
async def create_task(body: TaskBody, caller: Called, served: Served) -> TaskRead:
    draft = TaskDraft(
        title=body.title,
        due=body.due.timestamp(),
        kind=body.kind,
        note=body.note,
        customer=body.customer,
        ticket=body.ticket,
        number=body.number,
        owner_agent=body.owner_agent,
    )
    return await _taken(
        served.crm.tasks.create(
            draft, now=served.clock.now(), by=caller.account.id, name=caller.account.name
        )
    )


@router.put("/api/tasks/{task}/due")
async def put_off_task(task: UuidText, body: PutOffBody, served: Served) -> TaskRead:
    """Another time, perhaps another person."""
    return await _taken(
        served.crm.tasks.put_off(
            task,
            due=body.due.timestamp(),
            owner=body.owner_agent,
            version=body.version,
            now=served.clock.now(),
        )
    )


@router.post("/api/tasks/{task}/result")
async def finish_task(task: UuidText, body: ResultBody, served: Served) -> TaskRead:
    """What came of it."""
    return await _taken(
        served.crm.tasks.finish(
            task,
            body.result,
            body.note,
            again_at=body.again_at.timestamp() if body.again_at else None,
            version=body.version,
            now=served.clock.now(),
        )
    )


@router.post("/api/tasks/{task}/cancel")
async def cancel_task(task: UuidText, body: VersionBody, served: Served) -> TaskRead:
    now = served.clock.now()
    return await _taken(served.crm.tasks.cancel(task, version=body.version, now=now))


@router.post("/api/tasks/{task}/reopen")
async def reopen_task(task: UuidText, body: VersionBody, served: Served) -> TaskRead:
    """Take a finishing, or a cancelling, back."""
    return await _taken(served.crm.tasks.reopen(task, version=body.version))
