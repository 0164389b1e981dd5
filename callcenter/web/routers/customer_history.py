"""Customer 360: everything that happened with a customer, and the notes people leave."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field

from callcenter.crm.timeline.schemas import Entry, EntryKind
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.errors import not_found
from callcenter.web.routers.common import Served, UuidText, guarded_router

router = guarded_router("customers")


class EntryRead(Body):
    """`kind`: call, ticket, task, note, voicemail; `data` by kind."""

    kind: EntryKind
    id: str
    at: datetime
    data: dict[str, Any]


class HistoryPage(Body):
    items: list[EntryRead]
    next: str | None


class NoteBody(Body):
    text: Annotated[str, Field(min_length=1, max_length=8000)]


def _read(entry: Entry) -> EntryRead:
    return EntryRead(kind=entry.kind, id=entry.id, at=entry.at, data=dict(entry.data))


@router.get("/api/customers/{customer}/history")
async def customer_history(
    customer: UuidText,
    served: Served,
    kind: Annotated[list[EntryKind] | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> HistoryPage:
    """Everything that happened, newest first; `kind` may be given several times."""
    found, following = await served.crm.timeline.entries(
        customer, kinds=kind or (), limit=limit, cursor=cursor
    )
    return HistoryPage(items=[_read(entry) for entry in found], next=following)


@router.post("/api/customers/{customer}/notes", status_code=201)
async def add_note(customer: UuidText, body: NoteBody, caller: Called, served: Served) -> EntryRead:
    """Leave a note about a customer."""
    made = await served.crm.timeline.add_note(
        customer, body.text, by=caller.account.id, name=caller.account.name
    )
    if made is None:
        raise not_found("customer")
    return _read(made)


@router.delete("/api/customer-notes/{note}", status_code=204)
async def remove_note(note: UuidText, caller: Called, served: Served) -> None:
    """Take the own note away."""
    if not await served.crm.timeline.remove_note(note, by=caller.account.id):
        raise not_found("note of yours")
