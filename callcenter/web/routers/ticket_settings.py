"""What administrators define of tickets: kinds with their stages, macros, plans, working hours."""

from __future__ import annotations

from callcenter.crm.tasks.plans import FollowUpPlan
from callcenter.crm.tickets.macros import Macro
from callcenter.crm.tickets.types import TicketType
from callcenter.crm.work_hours import WorkHours
from callcenter.web.auth import Called
from callcenter.web.routers.common import Code, Served, guarded_router
from callcenter.web.routers.defined import (
    DefinedBody,
    DefinedPage,
    DefinedRead,
    all_defined,
    put_defined,
)

router = guarded_router("tickets")


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
    return await put_defined(served, caller, "ticket_type", code, body, TicketType)


@router.get("/api/macros")
async def list_macros(served: Served) -> DefinedPage[Macro]:
    return await all_defined(served, "macro", Macro)


@router.put("/api/macros/{code}")
async def put_macro(
    code: Code, body: DefinedBody[Macro], caller: Called, served: Served
) -> DefinedRead[Macro]:
    return await put_defined(served, caller, "macro", code, body, Macro)


@router.delete("/api/macros/{code}", status_code=204)
async def remove_macro(code: Code, caller: Called, served: Served) -> None:
    await served.crm.definitions.remove("macro", code, by=caller.account.id)


@router.get("/api/follow-up-plans")
async def list_plans(served: Served) -> DefinedPage[FollowUpPlan]:
    """What is to be done how many days after a ticket was made, solved or closed."""
    return await all_defined(served, "follow_up_plan", FollowUpPlan)


@router.put("/api/follow-up-plans/{code}")
async def put_plan(
    code: Code, body: DefinedBody[FollowUpPlan], caller: Called, served: Served
) -> DefinedRead[FollowUpPlan]:
    return await put_defined(served, caller, "follow_up_plan", code, body, FollowUpPlan)


@router.delete("/api/follow-up-plans/{code}", status_code=204)
async def remove_plan(code: Code, caller: Called, served: Served) -> None:
    await served.crm.definitions.remove("follow_up_plan", code, by=caller.account.id)


@router.get("/api/work-hours")
async def list_work_hours(served: Served) -> DefinedPage[WorkHours]:
    """The hours in which the clocks of tickets count."""
    return await all_defined(served, "work_hours", WorkHours)


@router.put("/api/work-hours/{code}")
async def put_work_hours(
    code: Code, body: DefinedBody[WorkHours], caller: Called, served: Served
) -> DefinedRead[WorkHours]:
    return await put_defined(served, caller, "work_hours", code, body, WorkHours)


@router.delete("/api/work-hours/{code}", status_code=204)
async def remove_work_hours(code: Code, caller: Called, served: Served) -> None:
    """Tickets that used them count every hour from now on."""
    await served.crm.definitions.remove("work_hours", code, by=caller.account.id)
