"""Customers: search, read, make, change, and what happened with them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field, StringConstraints

from callcenter.crm.customers.schemas import (
    Changed,
    Customer,
    CustomerDraft,
    CustomerKind,
    Rejected,
    Wanted,
)
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.errors import ApiError, Flaw, conflict, not_found
from callcenter.web.routers.common import (
    UUID_PATTERN,
    Served,
    UuidText,
    guarded_router,
    plain_text,
)
from callcenter.web.routers.interactions import InteractionPage, page_of

router = guarded_router("customers")

PAGE_MAX = 100
UuidField = Annotated[str, StringConstraints(pattern=UUID_PATTERN)]
Text200 = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class NumberBody(Body):
    """`typed` as a person writes it, read in the centre's country."""

    typed: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    label: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""


class EmailBody(Body):
    typed: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=254)]
    label: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""


class CustomerBody(Body):
    """What can be written of a customer. `consent`: channel (call, sms, email, marketing) ->
    granted, refused, or '' for never asked; null leaves it as it is."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    numbers: Annotated[list[NumberBody], Field(max_length=20, default_factory=list)]
    emails: Annotated[list[EmailBody], Field(max_length=20, default_factory=list)]
    kind: CustomerKind = "person"
    company_id: UuidField | None = None
    consent: Annotated[dict[str, str], Field(max_length=10)] | None = None
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


class EmailRead(Body):
    address: str
    label: str
    typed: str


class CustomerRead(Body):
    """`consent`: channel -> {state, at, by}. `merged_into`: the customer who stands for this one
    since they were merged."""

    id: str
    name: str
    numbers: list[NumberRead]
    emails: list[EmailRead]
    kind: CustomerKind
    company_id: str | None
    consent: dict[str, dict[str, Any]]
    merged_into: str | None
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


def customer_read(customer: Customer) -> CustomerRead:
    return CustomerRead.model_validate(asdict(customer))


def draft_of(body: CustomerBody) -> CustomerDraft:
    return CustomerDraft(
        name=body.name,
        numbers=tuple((number.typed, number.label) for number in body.numbers),
        emails=tuple((email.typed, email.label) for email in body.emails),
        kind=body.kind,
        company_id=body.company_id,
        consent=body.consent,
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


def rejected_error(rejected: Rejected) -> ApiError:
    flaws = [Flaw(where=where, message=message) for where, message in rejected.flaws]
    message = "; ".join(flaw.message for flaw in flaws)
    return ApiError(422, "invalid", message, where=flaws[0].where, flaws=flaws)


def changed_meanwhile(meanwhile: Changed) -> ApiError:
    return conflict(
        f"somebody else changed this customer meanwhile (version {meanwhile.current})",
        where="version",
        todo="read it again and repeat your change",
    )


@router.get("/api/customers")
async def search_customers(
    served: Served,
    q: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 25,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    kind: CustomerKind | None = None,
    owner: Annotated[str | None, Query(pattern=r"^[a-z0-9]{1,32}$")] = None,
    tag: Annotated[str | None, Query(max_length=40)] = None,
    vip: bool | None = None,
    blocked: bool | None = None,
    company: Annotated[str | None, Query(pattern=UUID_PATTERN)] = None,
) -> CustomerPage:
    """Find customers by a part of the name, company, number, e-mail, tag or own field; empty: the
    latest changed. `company`: those who belong to this one."""
    wanted = Wanted("", kind, owner, plain_text(tag), vip, blocked, company)
    found, following = await served.crm.customers.search(
        q, limit=limit, cursor=cursor, wanted=wanted
    )
    return CustomerPage(items=[customer_read(customer) for customer in found], next=following)


@router.post("/api/customers", status_code=201)
async def create_customer(body: CustomerBody, caller: Called, served: Served) -> CustomerRead:
    """Make a customer."""
    made = await served.crm.customers.create(draft_of(body), by=caller.account.id)
    if isinstance(made, Rejected):
        raise rejected_error(made)
    return customer_read(made)


@router.get("/api/customers/{customer}")
async def get_customer(customer: UuidText, served: Served) -> CustomerRead:
    found = await served.crm.customers.customer(customer)
    if found is None:
        raise not_found("customer")
    return customer_read(found)


@router.put("/api/customers/{customer}")
async def update_customer(
    customer: UuidText, body: CustomerChange, caller: Called, served: Served
) -> CustomerRead:
    """Change a customer."""
    try:
        changed = await served.crm.customers.update(
            customer, draft_of(body), version=body.version, by=caller.account.id
        )
    except Changed as meanwhile:
        raise changed_meanwhile(meanwhile) from None
    if changed is None:
        raise not_found("customer")
    if isinstance(changed, Rejected):
        raise rejected_error(changed)
    return customer_read(changed)


@router.get("/api/customers/{customer}/timeline")
async def customer_timeline(
    customer: UuidText,
    served: Served,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 25,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> InteractionPage:
    """The customer's interactions, newest first."""
    if await served.crm.customers.customer(customer) is None:
        raise not_found("customer")
    found, following = await served.interactions.interactions(
        customer=customer, limit=limit, cursor=cursor
    )
    return page_of(found, following)
