"""Customers as values: what is read, what a person typed, and why it could not be kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CustomerNumber:
    """`e164` with `+`, or an internal extension; `typed` as it was entered."""

    e164: str
    label: str = ""
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Customer:
    """`version` grows with each change; a change must name the one that was read."""

    id: str
    name: str
    numbers: tuple[CustomerNumber, ...] = ()
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
    """What a person typed. `numbers` are (typed, label) pairs, read in the centre's country."""

    name: str
    numbers: tuple[tuple[str, str], ...] = ()
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
