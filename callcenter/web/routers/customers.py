"""Customers: search, read, make, change, and what happened with them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field, StringConstraints

from callcenter.crm.customers.schemas import Changed, Customer, CustomerDraft, Rejected
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.errors import ApiError, Flaw, conflict, not_found
from callcenter.web.routers.common import Served, UuidText, guarded_router
from callcenter.web.routers.interactions import InteractionPage, page_of

router = guarded_router("customers")

PAGE_MAX = 100
Text200 = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class NumberBody(Body):
    """`typed` as a person writes it, read in the centre's country."""

    typed: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    label: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""


class CustomerBody(Body):
    """What can be written of a customer."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    numbers: Annotated[list[NumberBody], Field(max_length=20, default_factory=list)]
    company: Text200 = ""
    vip: bool = False
    blocked: bool = False
    language: Annotated[str, StringConstraints(pattern=r"^([a-z]{2,3}(_[A-Z]{2})?)?$")] = ""
    priority: Annotated[int, Field(ge=-100, le=100)] = 0
    value_seconds: Annotated[float, Field(ge=0, le=86400)] = 0.0
    owner_agent: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,32}$")] | None = None
    notes: Annotated[str, Field(max_length=8000)] = ""
    tags: Annotated[
        list[Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]],
        Field(max_length=30, default_factory=list),
    ]
    custom: Annotated[dict[str, Any], Field(max_length=50, default_factory=dict)]


class CustomerChange(CustomerBody):
    """`version` is the one that was read; a change by somebody else meanwhile is refused."""

    version: Annotated[int, Field(ge=1)]


class NumberRead(Body):
    e164: str
    label: str
    typed: str


class CustomerRead(Body):
    id: str
    name: str
    numbers: list[NumberRead]
    company: str
    vip: bool
    blocked: bool
    language: str
    priority: int
    value_seconds: float
    owner_agent: str | None
    notes: str
    tags: list[str]
    custom: dict[str, Any]
    version: int
    created: datetime | None
    updated: datetime | None


class CustomerPage(Body):
    """`next` leads to the following page (None: this is the last)."""

    items: list[CustomerRead]
    next: str | None


def _read(customer: Customer) -> CustomerRead:
    return CustomerRead.model_validate(asdict(customer))


def _draft(body: CustomerBody) -> CustomerDraft:
    return CustomerDraft(
        name=body.name,
        numbers=tuple((number.typed, number.label) for number in body.numbers),
        company=body.company,
        vip=body.vip,
        blocked=body.blocked,
        language=body.language,
        priority=body.priority,
        value_seconds=body.value_seconds,
        owner_agent=body.owner_agent,
        notes=body.notes,
        tags=tuple(body.tags),
        custom=body.custom,
    )


def _rejected(rejected: Rejected) -> ApiError:
    flaws = [Flaw(where=where, message=message) for where, message in rejected.flaws]
    message = "; ".join(flaw.message for flaw in flaws)
    return ApiError(422, "invalid", message, where=flaws[0].where, flaws=flaws)


@router.get("/api/customers")
async def search_customers(
    served: Served,
    q: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 25,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> CustomerPage:
    """Find customers by a part of the name, company, number or tag; empty: the latest changed."""
    found, following = await served.customers.search(q, limit=limit, cursor=cursor)
    return CustomerPage(items=[_read(customer) for customer in found], next=following)


@router.post("/api/customers", status_code=201)
async def create_customer(body: CustomerBody, caller: Called, served: Served) -> CustomerRead:
    """Make a customer."""
    made = await served.customers.create(_draft(body), by=caller.account.id)
    if isinstance(made, Rejected):
        raise _rejected(made)
    return _read(made)


@router.get("/api/customers/{customer}")
async def get_customer(customer: UuidText, served: Served) -> CustomerRead:
    found = await served.customers.customer(customer)
    if found is None:
        raise not_found("customer")
    return _read(found)


@router.put("/api/customers/{customer}")
async def update_customer(
    customer: UuidText, body: CustomerChange, caller: Called, served: Served
) -> CustomerRead:
    """Change a customer."""
    try:
        changed = await served.customers.update(
            customer, _draft(body), version=body.version, by=caller.account.id
        )
    except Changed as meanwhile:
        raise conflict(
            f"somebody else changed this customer meanwhile (version {meanwhile.current})",
            where="version",
            todo="read it again and repeat your change",
        ) from None
    if changed is None:
        raise not_found("customer")
    if isinstance(changed, Rejected):
        raise _rejected(changed)
    return _read(changed)


@router.get("/api/customers/{customer}/timeline")
async def customer_timeline(
    customer: UuidText,
    served: Served,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 25,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> InteractionPage:
    """The customer's interactions, newest first."""
    if await served.customers.customer(customer) is None:
        raise not_found("customer")
    found, following = await served.interactions.interactions(
        customer=customer, limit=limit, cursor=cursor
    )
    return page_of(found, following)
