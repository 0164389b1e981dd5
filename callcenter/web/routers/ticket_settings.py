"""What administrators define of tickets: kinds with their stages, macros, plans, working hours."""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

from pydantic import Field

from callcenter.crm.definitions.schemas import Code as CodeText
from callcenter.crm.definitions.schemas import Defined, Definition, Kind
from callcenter.crm.tasks.plans import FollowUpPlan
from callcenter.crm.tickets.macros import Macro
from callcenter.crm.tickets.types import TicketType
from callcenter.crm.work_hours import WorkHours
from callcenter.web.auth import Called, Caller
from callcenter.web.body import Body
from callcenter.web.routers.common import Code, Served, guarded_router
from callcenter.web.services import WebServices

router = guarded_router("tickets")

T = TypeVar("T", bound=Defined)


class DefinedRead(Body, Generic[T]):
    """`version` 0: comes with the product, nobody changed it yet."""

    code: CodeText
    value: T
    position: int
    version: int


class DefinedPage(Body, Generic[T]):
    items: list[DefinedRead[T]]


class DefinedBody(Body, Generic[T]):
    """`version`: the one that was read; 0 for a new one."""

    value: T
    position: Annotated[int, Field(ge=0, le=1000)] = 0
    version: Annotated[int, Field(ge=0)] = 0


def _stored(body: DefinedBody[T], code: str) -> dict[str, object]:
    stored: dict[str, object] = body.value.model_dump(mode="json")
    return stored | {"code": code} if "code" in type(body.value).model_fields else stored


def _read(one: Definition, kind: type[T]) -> DefinedRead[T]:
    return DefinedRead[kind](  # type: ignore[valid-type]
        code=one.code,
        value=kind.model_validate(one.body),
        position=one.position,
        version=one.version,
    )


async def _put(
    served: WebServices, caller: Caller, what: Kind, code: str, body: DefinedBody[T], kind: type[T]
) -> DefinedRead[T]:
    """Keep what was sent as the definition `code` of this kind of definitions."""
    done = await served.crm.definitions.put(
        what,
        code,
        _stored(body, code),
        position=body.position,
        version=body.version,
        by=caller.account.id,
    )
    return _read(done, kind)


async def _all(served: WebServices, what: Kind, kind: type[T]) -> DefinedPage[T]:
    found = await served.crm.definitions.all(what)
    return DefinedPage[kind](items=[_read(one, kind) for one in found])  # type: ignore[valid-type]


@router.get("/api/ticket-types")
async def list_ticket_types(served: Served) -> DefinedPage[TicketType]:
    """The kinds of tickets, with their stages, fields and service levels."""
    return DefinedPage[TicketType](
        items=[
            DefinedRead[TicketType](code=kind.code, value=kind, position=at, version=version)
            for kind, at, version in await served.crm.tickets.types()
        ]
    )


@router.put("/api/ticket-types/{code}")
async def put_ticket_type(
    code: Code, body: DefinedBody[TicketType], caller: Called, served: Served
) -> DefinedRead[TicketType]:
    """Make or change a kind of tickets. Tickets in a stage that is gone may go to any stage."""
    return await _put(served, caller, "ticket_type", code, body, TicketType)


@router.get("/api/macros")
async def list_macros(served: Served) -> DefinedPage[Macro]:
    return await _all(served, "macro", Macro)


@router.put("/api/macros/{code}")
async def put_macro(
    code: Code, body: DefinedBody[Macro], caller: Called, served: Served
) -> DefinedRead[Macro]:
    return await _put(served, caller, "macro", code, body, Macro)


@router.delete("/api/macros/{code}", status_code=204)
async def remove_macro(code: Code, caller: Called, served: Served) -> None:
    await served.crm.definitions.remove("macro", code, by=caller.account.id)


@router.get("/api/follow-up-plans")
async def list_plans(served: Served) -> DefinedPage[FollowUpPlan]:
    """What is to be done how many days after a ticket was made, solved or closed."""
    return await _all(served, "follow_up_plan", FollowUpPlan)


@router.put("/api/follow-up-plans/{code}")
async def put_plan(
    code: Code, body: DefinedBody[FollowUpPlan], caller: Called, served: Served
) -> DefinedRead[FollowUpPlan]:
    return await _put(served, caller, "follow_up_plan", code, body, FollowUpPlan)


@router.delete("/api/follow-up-plans/{code}", status_code=204)
async def remove_plan(code: Code, caller: Called, served: Served) -> None:
    await served.crm.definitions.remove("follow_up_plan", code, by=caller.account.id)


@router.get("/api/work-hours")
async def list_work_hours(served: Served) -> DefinedPage[WorkHours]:
    """The hours in which the clocks of tickets count."""
    return await _all(served, "work_hours", WorkHours)


@router.put("/api/work-hours/{code}")
async def put_work_hours(
    code: Code, body: DefinedBody[WorkHours], caller: Called, served: Served
) -> DefinedRead[WorkHours]:
    return await _put(served, caller, "work_hours", code, body, WorkHours)


@router.delete("/api/work-hours/{code}", status_code=204)
async def remove_work_hours(code: Code, caller: Called, served: Served) -> None:
    """Tickets that used them count every hour from now on."""
    await served.crm.definitions.remove("work_hours", code, by=caller.account.id)
