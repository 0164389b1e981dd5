"""Tickets: found, made, moved along their table, talked about, linked, merged; saved views."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Depends, Query
from pydantic import Field

from callcenter.crm.definitions.schemas import Code as CodeText
from callcenter.crm.tickets.macros import Macro
from callcenter.crm.tickets.moving import Hand
from callcenter.crm.tickets.schemas import (
    NotPossible,
    Ticket,
    TicketChanged,
    TicketDraft,
    Wanted,
)
from callcenter.store.counted import TICKETS, Counted
from callcenter.web.auth import Called, Caller
from callcenter.web.body import Body
from callcenter.web.errors import ApiError, Flaw, conflict, not_found
from callcenter.web.routers.common import (
    UUID_PATTERN,
    Served,
    UuidText,
    guarded_router,
    plain_text,
)
from callcenter.web.routers.counted import CountedRead, counted_among, counted_read
from callcenter.web.routers.customers import UuidField
from callcenter.web.services import WebServices

router = guarded_router("tickets")

Agent = Annotated[str, Field(pattern=r"^[a-z0-9]{1,32}$")]
Subject = Annotated[str, Field(min_length=1, max_length=200)]
Description = Annotated[str, Field(max_length=20_000)]
Priority = Annotated[int, Field(ge=0, le=3)]
Fields = Annotated[dict[str, Any], Field(max_length=50)]
CallText = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{0,80}$")]
Version = Annotated[int, Field(ge=1)]


class TicketRead(Body):
    id: str
    number: int
    type: str
    subject: str
    description: str
    customer: str | None
    customer_name: str
    stage: str
    stage_kind: Literal["open", "waiting", "solved", "closed"]
    stage_since: datetime
    priority: int
    owner_agent: str | None
    queue: str | None
    fields: dict[str, Any]
    reason: str
    satisfaction: int | None
    created: datetime
    updated: datetime
    by: str
    first_answered: datetime | None
    first_due: datetime | None
    solution_due: datetime | None
    stage_due: datetime | None
    due: datetime | None
    waiting_since: datetime | None
    solved: datetime | None
    closed: datetime | None
    escalated: list[str]
    merged_into: str | None
    version: int


class TicketPage(Body):
    """`counted`: where those behind a number were asked for."""

    items: list[TicketRead]
    next: str | None
    counted: CountedRead | None = None


class TicketEventRead(Body):
    id: int
    at: datetime
    by: str
    kind: str
    data: dict[str, Any]


class TicketLinkRead(Body):
    kind: Literal["call", "ticket"]
    target: str
    label: str


class TicketWhole(TicketRead):
    events: list[TicketEventRead]
    links: list[TicketLinkRead]


class TicketBody(Body):
    """`call`: the call it came from."""

    type: CodeText
    subject: Subject
    description: Description = ""
    customer: UuidField | None = None
    priority: Priority = 1
    owner_agent: Agent | None = None
    queue: Agent | None = None
    fields: Annotated[Fields, Field(default_factory=dict)]
    call: CallText = ""


class TicketPatch(Body):
    """Only what is sent changes. `version`: the one that was read."""

    version: Version
    subject: Subject | None = None
    description: Description | None = None
    customer: UuidField | None = None
    priority: Priority | None = None
    owner_agent: Agent | None = None
    queue: Agent | None = None
    fields: Fields | None = None


class StageBody(Body):
    stage: CodeText
    reason: Annotated[str, Field(max_length=2000)] = ""
    version: Version


class CommentBody(Body):
    """`public`: an answer to the customer; the first one stops the clock of the first answer."""

    text: Annotated[str, Field(min_length=1, max_length=8000)]
    public: bool = False


class MacroBody(Body):
    macro: CodeText
    version: Version


class RatingBody(Body):
    score: Annotated[int, Field(ge=1, le=5)]


class LinkBody(Body):
    """`target`: a call's id, or another ticket's."""

    kind: Literal["call", "ticket"]
    target: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,80}$")]


class TicketMergeBody(Body):
    into: UuidField
    version: Version


class ViewRead(Body):
    id: str
    name: str
    shared: bool
    mine: bool
    filter: dict[str, Any]


class ViewsPage(Body):
    items: list[ViewRead]


class ViewBody(Body):
    name: Annotated[str, Field(min_length=1, max_length=80)]
    shared: bool = False
    filter: Annotated[dict[str, Any], Field(max_length=20)]


def ticket_read(ticket: Ticket) -> TicketRead:
    return TicketRead.model_validate(asdict(ticket))


def _hand(caller: Caller, served: WebServices) -> Hand:
    return Hand(caller.account.id, caller.account.name, served.clock.now())


def not_possible(reason: NotPossible) -> ApiError:
    flaws = [Flaw(where=reason.where, message=str(reason))]
    return ApiError(422, "not_possible", str(reason), where=reason.where, flaws=flaws)


async def _taken(asked: Awaitable[Ticket | None]) -> TicketRead:
    """The ticket afterwards; what was refused as an answer."""
    try:
        done = await asked
    except TicketChanged as meanwhile:
        raise conflict(
            f"somebody else changed this ticket meanwhile (version {meanwhile.ticket.version})",
            where="version",
            todo="read it again and repeat your change",
        ) from None
    except NotPossible as reason:
        raise not_possible(reason) from None
    if done is None:
        raise not_found("ticket")
    return ticket_read(done)


@router.get("/api/tickets")
async def list_tickets(
    served: Served,
    counted: Annotated[Counted | None, Depends(counted_among(TICKETS))],
    q: Annotated[str, Query(max_length=100)] = "",
    type: Annotated[str | None, Query(pattern=r"^[a-z0-9_-]{1,32}$")] = None,
    stage: Annotated[str | None, Query(pattern=r"^[a-z0-9_-]{1,32}$")] = None,
    state: Literal["open", "closed", "late"] | None = None,
    owner: Annotated[str | None, Query(pattern=r"^[a-z0-9]{1,32}$")] = None,
    queue: Annotated[str | None, Query(pattern=r"^[a-z0-9]{1,32}$")] = None,
    priority: Annotated[int | None, Query(ge=0, le=3)] = None,
    customer: Annotated[str | None, Query(pattern=UUID_PATTERN)] = None,
    unowned: bool = False,
    order: Literal["updated", "due"] = "updated",
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> TicketPage:
    """Find tickets. `state`: open (also waiting and solved), closed, late. `figure`: those behind
    a number of the report on tickets, opened from `since` until before `until`."""
    text = plain_text(q) or ""
    wanted = Wanted(
        text, type, stage, state, owner, queue, priority, customer, unowned, order, counted
    )
    now = served.clock.now()
    found, following = await served.crm.tickets.tickets(wanted, now=now, limit=limit, cursor=cursor)
    items = [ticket_read(one) for one in found]
    if counted is None:
        return TicketPage(items=items, next=following)
    number = counted_read(counted, await served.crm.tickets.count(wanted, now=now))
    return TicketPage(items=items, next=following, counted=number)


@router.post("/api/tickets", status_code=201)
async def create_ticket(body: TicketBody, caller: Called, served: Served) -> TicketRead:
    draft = TicketDraft(**body.model_dump())
    return await _taken(served.crm.tickets.create(draft, _hand(caller, served)))


@router.get("/api/tickets/{ticket}")
async def get_ticket(ticket: UuidText, served: Served) -> TicketWhole:
    """A ticket with its history and its links."""
    found = await served.crm.tickets.ticket(ticket)
    if found is None:
        raise not_found("ticket")
    one, events, links = found
    return TicketWhole.model_validate(
        asdict(one)
        | {"events": [asdict(event) for event in events], "links": [asdict(e) for e in links]}
    )


@router.patch("/api/tickets/{ticket}")
async def change_ticket(
    ticket: UuidText, body: TicketPatch, caller: Called, served: Served
) -> TicketRead:
    """Change fields; the stage has an address of its own."""
    values = body.model_dump(exclude_unset=True, exclude={"version"})
    for name in ("subject", "description", "priority", "fields"):
        if values.get(name, "") is None:
            del values[name]
    return await _taken(
        served.crm.tickets.change(ticket, values, version=body.version, hand=_hand(caller, served))
    )


@router.post("/api/tickets/{ticket}/stage")
async def move_ticket(
    ticket: UuidText, body: StageBody, caller: Called, served: Served
) -> TicketRead:
    """Into another stage, as the table of its kind allows."""
    return await _taken(
        served.crm.tickets.move(
            ticket, body.stage, body.reason, version=body.version, hand=_hand(caller, served)
        )
    )


@router.post("/api/tickets/{ticket}/comments")
async def comment_ticket(
    ticket: UuidText, body: CommentBody, caller: Called, served: Served
) -> TicketRead:
    hand = _hand(caller, served)
    return await _taken(
        served.crm.tickets.comment(ticket, body.text, public=body.public, hand=hand)
    )


@router.post("/api/tickets/{ticket}/macro")
async def apply_macro(
    ticket: UuidText, body: MacroBody, caller: Called, served: Served
) -> TicketRead:
    """What the macro says, all or nothing."""
    found = await served.crm.definitions.all("macro")
    macro = next((one for one in found if one.code == body.macro), None)
    if macro is None:
        raise not_found("macro")
    actions = Macro.model_validate(macro.body).actions()
    return await _taken(
        served.crm.tickets.apply(ticket, actions, version=body.version, hand=_hand(caller, served))
    )


@router.post("/api/tickets/{ticket}/rating")
async def rate_ticket(
    ticket: UuidText, body: RatingBody, caller: Called, served: Served
) -> TicketRead:
    """What the customer thinks of the solution, 1 to 5."""
    return await _taken(served.crm.tickets.rate(ticket, body.score, _hand(caller, served)))


@router.post("/api/tickets/{ticket}/links")
async def link_ticket(
    ticket: UuidText, body: LinkBody, caller: Called, served: Served
) -> TicketRead:
    hand = _hand(caller, served)
    return await _taken(served.crm.tickets.link(ticket, body.kind, body.target, hand))


@router.post("/api/tickets/{ticket}/unlink")
async def unlink_ticket(
    ticket: UuidText, body: LinkBody, caller: Called, served: Served
) -> TicketRead:
    hand = _hand(caller, served)
    return await _taken(served.crm.tickets.unlink(ticket, body.kind, body.target, hand))


@router.post("/api/tickets/{ticket}/merge")
async def merge_ticket(
    ticket: UuidText, body: TicketMergeBody, caller: Called, served: Served
) -> TicketRead:
    """The ticket ends in another one, which is the answer."""
    hand = _hand(caller, served)
    return await _taken(
        served.crm.tickets.merge(ticket, body.into, version=body.version, hand=hand)
    )


@router.get("/api/ticket-views")
async def list_views(caller: Called, served: Served) -> ViewsPage:
    """The own views, and those others share."""
    found = await served.crm.views.views(caller.account.id)
    return ViewsPage(items=[ViewRead.model_validate(asdict(one)) for one in found])


@router.post("/api/ticket-views", status_code=201)
async def save_view(body: ViewBody, caller: Called, served: Served) -> ViewRead:
    try:
        made = await served.crm.views.save(
            caller.account.id, body.name, body.filter, shared=body.shared
        )
    except NotPossible as reason:
        raise not_possible(reason) from None
    return ViewRead.model_validate(asdict(made))


@router.delete("/api/ticket-views/{view}", status_code=204)
async def remove_view(view: UuidText, caller: Called, served: Served) -> None:
    if not await served.crm.views.remove(caller.account.id, view):
        raise not_found("view of yours")
