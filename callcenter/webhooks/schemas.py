"""What webhooks are, for the web layer and the worker; and which events there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

EventKind = Literal[
    "call.arrived",
    "call.queued",
    "call.offered",
    "call.answered",
    "call.ended",
    "interaction.written",
    "voicemail.left",
    "callback.asked",
    "callback.done",
    "ticket.created",
    "ticket.changed",
    "task.done",
    "customer.created",
    "customer.changed",
    "alert.raised",
    "alert.ended",
]
KINDS: Final[tuple[EventKind, ...]] = get_args(EventKind)
TEST_KIND: Final = "webhook.test"

DeliveryState = Literal["waiting", "delivered", "failed"]


@dataclass(frozen=True, slots=True)
class Webhook:
    """`paused`: since when we send nothing any more, and why; None: not paused. `waiting`: how many
    deliveries are not done."""

    id: str
    name: str
    url: str
    events: tuple[str, ...]
    active: bool
    failures: int
    failing_since: datetime | None
    paused: datetime | None
    paused_reason: str
    waiting: int
    created: datetime
    created_by: str
    version: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """`event`: the id that the receiver sees, the same in each try."""

    id: int
    webhook: str
    event: str
    kind: str
    subject: str
    body: str
    state: str
    tries: int
    replays: int
    created: datetime
    next_at: datetime
    tried: datetime | None
    status: int | None
    error: str
    milliseconds: int | None


@dataclass(frozen=True, slots=True)
class Happened:
    """An event that nobody was told of yet."""

    event: str
    kind: str
    subject: str
    at: datetime
    data: Mapping[str, object]
