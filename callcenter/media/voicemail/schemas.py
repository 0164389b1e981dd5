"""Messages, mailboxes and letters as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

BoxKind = Literal["queue", "agent", "general"]
State = Literal["new", "heard", "done"]


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose messages: everybody's, or those of agents (their own, those given to them) and of
    queues."""

    everything: bool
    agents: frozenset[str] = frozenset()
    queues: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Message:
    """`seconds` None: not measured yet. `there` False: the recording is gone from the disk."""

    id: str
    call: str
    box_kind: BoxKind
    box: str
    number: str
    name: str
    customer_id: str | None
    customer_name: str
    language: str
    seconds: float | None
    created: datetime
    state: State
    assigned_to: str | None
    note: str
    transcript: str | None
    deleted: datetime | None
    version: int
    there: bool


@dataclass(frozen=True, slots=True)
class Mailbox:
    """`trouble`: why the last letter could not be sent; "" when it could."""

    box_kind: BoxKind
    box: str
    email: str = ""
    notify: bool = False
    attach: bool = False
    language: str = "en"
    keep_days: int = 0
    version: int = 0
    waiting: int = 0
    trouble: str = ""
