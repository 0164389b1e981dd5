"""Customers as values: what is read, what a person typed, and why it could not be kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args


@dataclass(frozen=True, slots=True)
class CustomerNumber:
    """`e164` with `+`, or an internal extension; `typed` as it was entered."""

    e164: str
    label: str = ""
    typed: str = ""


@dataclass(frozen=True, slots=True)
class CustomerEmail:
    """`address` without case, for finding; `typed` as it was entered."""

    address: str
    label: str = ""
    typed: str = ""


CustomerKind = Literal["person", "company"]
Channel = Literal["call", "sms", "email", "marketing"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)


@dataclass(frozen=True, slots=True)
class Customer:
    """`version` grows with each change; a change must name the one that was read. `consent`:
    channel -> {state: granted or refused, at, by}; a channel that is absent was never asked about.
    `company_id`: the company this person belongs to, where it is a customer itself. `merged_into`:
    the customer who stands for this one since they were merged."""

    id: str
    name: str
    numbers: tuple[CustomerNumber, ...] = ()
    emails: tuple[CustomerEmail, ...] = ()
    kind: CustomerKind = "person"
    company_id: str | None = None
    consent: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    merged_into: str | None = None
    company: str = ""
    vip: bool = False
    blocked: bool = False
    language: str = ""
    priority: int = 0
    value_seconds: float = 0.0
    owner_agent: str | None = None
    notes: str = ""
    tags: tuple[str, ...] = ()
    custom: Mapping[str, object] = field(default_factory=dict)
    version: int = 1
    created: datetime | None = None
    updated: datetime | None = None


@dataclass(frozen=True, slots=True)
class CustomerDraft:
    """What a person typed. `numbers` and `emails` are (typed, label) pairs; numbers are read in
    the centre's country. `consent`: channel -> granted or refused, None: as it was."""

    name: str
    numbers: tuple[tuple[str, str], ...] = ()
    emails: tuple[tuple[str, str], ...] = ()
    kind: CustomerKind = "person"
    company_id: str | None = None
    consent: Mapping[str, str] | None = None
    company: str = ""
    vip: bool = False
    blocked: bool = False
    language: str = ""
    priority: int = 0
    value_seconds: float = 0.0
    owner_agent: str | None = None
    notes: str = ""
    tags: tuple[str, ...] = ()
    custom: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rejected:
    """The draft cannot be kept: field and reason pairs, for the form."""

    flaws: tuple[tuple[str, str], ...]


class Changed(Exception):
    """Somebody else changed the customer since he was read; `current` is the version now and
    `customer` the record as it is."""

    def __init__(self, current: int, customer: Customer | None = None) -> None:
        super().__init__(f"it was changed meanwhile and is at version {current}")
        self.current = current
        self.customer = customer


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which customers a list shows; None: any."""

    text: str = ""
    kind: CustomerKind | None = None
    owner: str | None = None
    tag: str | None = None
    vip: bool | None = None
    blocked: bool | None = None
    company: str | None = None


@dataclass(frozen=True, slots=True)
class Alike:
    """A customer who may be the same as another. `reasons`: number, email, name."""

    customer: Customer
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Merge:
    """Two records made one: `merged` lives on in `kept`."""

    id: str
    kept: str
    merged: str
    merged_name: str
    at: datetime
    by: str
    undone_at: datetime | None


class NotMergeable(Exception):
    """The merge, or its undoing, is not possible; the text says why."""
