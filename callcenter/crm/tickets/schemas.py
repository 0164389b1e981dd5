"""Tickets as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from callcenter.store.counted import Counted

EventKind = Literal[
    "created", "changed", "stage", "comment", "linked", "unlinked", "merged", "escalated", "rated"
]


@dataclass(frozen=True, slots=True)
class TicketDraft:
    """`call`: the call it came from."""

    type: str
    subject: str
    description: str = ""
    customer: str | None = None
    priority: int = 1
    owner_agent: str | None = None
    queue: str | None = None
    fields: Mapping[str, object] = field(default_factory=dict)
    call: str = ""


@dataclass(frozen=True, slots=True)
class Ticket:
    """Times are UTC. `due`: what is due first; None while nothing runs. `late`: clocks that ran
    out."""

    id: str
    number: int
    type: str
    subject: str
    description: str
    customer: str | None
    customer_name: str
    stage: str
    stage_kind: str
    stage_since: datetime
    priority: int
    owner_agent: str | None
    queue: str | None
    fields: Mapping[str, object]
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
    escalated: tuple[str, ...]
    merged_into: str | None
    version: int


@dataclass(frozen=True, slots=True)
class TicketEvent:
    """`data` by kind: created {}; changed {field: [before, after]}; stage {from, to, reason};
    comment {text, public}; linked and unlinked {kind, target}; merged {ticket, number}; escalated
    {clock}; rated {score}."""

    id: int
    at: datetime
    by: str
    kind: str
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class TicketLink:
    """`label`: what people call the target by."""

    kind: str
    target: str
    label: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tickets; None: any. `state`: open (also waiting and solved), closed, late. `counted`:
    those behind a number of the reports."""

    text: str = ""
    type: str | None = None
    stage: str | None = None
    state: Literal["open", "closed", "late"] | None = None
    owner: str | None = None
    queue: str | None = None
    priority: int | None = None
    customer: str | None = None
    unowned: bool = False
    order: Literal["updated", "due"] = "updated"
    counted: Counted | None = None


class TicketChanged(Exception):
    """Somebody else changed the ticket since it was read; `ticket` is as it is now."""

    def __init__(self, ticket: Ticket) -> None:
        super().__init__(f"it was changed meanwhile and is at version {ticket.version}")
        self.ticket = ticket


class NotPossible(Exception):
    """The table of the type does not allow it: (where, sentence)."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(reason)
        self.where = where
