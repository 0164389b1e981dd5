"""Customers who may be the same: who they are, made one, and two again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import Field, StringConstraints

from callcenter.crm.customers.schemas import Changed, CustomerDraft, Merge, NotMergeable
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.errors import conflict, not_found
from callcenter.web.routers.common import UUID_PATTERN, Served, UuidText, guarded_router
from callcenter.web.routers.customers import (
    CustomerRead,
    UuidField,
    changed_meanwhile,
    customer_read,
)

router = guarded_router("customers")

Typed = Annotated[str, StringConstraints(max_length=254)]


class AlikeAsked(Body):
    """What is known of a customer, also of one not saved yet. `besides`: not this one."""

    name: Annotated[str, Field(max_length=200)] = ""
    numbers: Annotated[list[Typed], Field(max_length=20, default_factory=list)]
    emails: Annotated[list[Typed], Field(max_length=20, default_factory=list)]
    besides: Annotated[str, StringConstraints(pattern=f"(^$)|({UUID_PATTERN})")] = ""


class AlikeRead(Body):
    """`reasons`: number, email, name."""

    customer: CustomerRead
    reasons: list[str]


class AlikePage(Body):
    items: list[AlikeRead]


class DoubleRead(Body):
    """`shared`: the number, e-mail or name these customers share."""

    shared: str
    customers: list[CustomerRead]


class DoublesPage(Body):
    items: list[DoubleRead]


class MergeBody(Body):
    """`merged` becomes a part of `kept`; versions as they were read."""

    kept: UuidField
    kept_version: Annotated[int, Field(ge=1)]
    merged: UuidField
    merged_version: Annotated[int, Field(ge=1)]


class MergeRead(Body):
    id: str
    kept: str
    merged: str
    merged_name: str
    at: datetime
    by: str
    undone_at: datetime | None


class Merged(Body):
    merge: MergeRead
    customer: CustomerRead


class MergesPage(Body):
    items: list[MergeRead]


class Unmerged(Body):
    kept: CustomerRead
    merged: CustomerRead


def _read(merge: Merge) -> MergeRead:
    return MergeRead(
        id=merge.id,
        kept=merge.kept,
        merged=merge.merged,
        merged_name=merge.merged_name,
        at=merge.at,
        by=merge.by,
        undone_at=merge.undone_at,
    )


@router.post("/api/customers/alike")
async def alike(body: AlikeAsked, served: Served) -> AlikePage:
    """Who may be the same: by number, e-mail or name."""
    draft = CustomerDraft(
        name=body.name,
        numbers=tuple((number, "") for number in body.numbers),
        emails=tuple((email, "") for email in body.emails),
    )
    found = await served.crm.customers.alike(draft, besides=body.besides)
    return AlikePage(
        items=[
            AlikeRead(customer=customer_read(one.customer), reasons=list(one.reasons))
            for one in found
        ]
    )


@router.get("/api/customers/doubles")
async def doubles(served: Served, limit: Annotated[int, Query(ge=1, le=100)] = 50) -> DoublesPage:
    """Groups of customers who share a number, an e-mail or a name."""
    groups = await served.crm.customers.doubles(limit)
    return DoublesPage(
        items=[
            DoubleRead(shared=shared, customers=[customer_read(one) for one in who])
            for shared, who in groups
        ]
    )


@router.post("/api/customers/merge")
async def merge(body: MergeBody, caller: Called, served: Served) -> Merged:
    """Make one customer of two; can be undone."""
    try:
        done = await served.crm.customers.merge(
            body.kept,
            body.merged,
            versions=(body.kept_version, body.merged_version),
            by=caller.account.id,
            name=caller.account.name,
        )
    except Changed as meanwhile:
        raise changed_meanwhile(meanwhile) from None
    except NotMergeable as reason:
        raise conflict(str(reason), where="merged") from None
    if done is None:
        raise not_found("customer")
    return Merged(merge=_read(done[0]), customer=customer_read(done[1]))


@router.get("/api/customers/{customer}/merges")
async def merges(customer: UuidText, served: Served) -> MergesPage:
    """What was merged into this customer, the latest first."""
    found = await served.crm.customers.merges(customer)
    return MergesPage(items=[_read(one) for one in found])


@router.post("/api/customers/merges/{merge}/undo")
async def undo_merge(merge: UuidText, caller: Called, served: Served) -> Unmerged:
    """Two customers again. What was changed since stays with the kept one."""
    try:
        done = await served.crm.customers.undo_merge(merge, by=caller.account.id)
    except NotMergeable as reason:
        raise conflict(str(reason)) from None
    if done is None:
        raise not_found("merge")
    return Unmerged(kept=customer_read(done[0]), merged=customer_read(done[1]))
