"""What the reports read of one call, and the rows they make of it (`reports.facts`)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

MS_MAX = 2_000_000_000  # some 23 days; a longer wait counts as so much

Kind = Literal["call", "line", "part", "offer", "trunk"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of `reports.facts`; what a kind has no use for stays empty.

    `outcome` of a line: waiting, answered, abandoned, overflowed, moved, diverted, returned (the
    caller of a callback came by himself: his own call counts). Of a part: talking, ended, given-on,
    lost. Of an offer: no-answer, rejected, failed (the phone), withdrawn. Of a trunk's line: as in
    `reports.trunk_legs`, which fills `trunk`, `outward`, and with `ring_ms` and `talk_ms` how long
    it rang and was connected. Of a call: as in `core.effects.RecordInteraction`."""

    at: datetime
    call: str
    leg: int
    kind: Kind
    until: datetime
    outcome: str
    queue: str = ""
    agent: str = ""
    ended_by: str = ""
    flow: str = ""
    did: str = ""
    number: str = ""
    customer: uuid.UUID | None = None
    disposition: str = ""
    language: str = ""
    again: bool = False
    callback: bool = False
    target_ms: int = 0
    wait_ms: int = 0
    ring_ms: int = 0
    talk_ms: int = 0
    hold_ms: int = 0
    consult_ms: int = 0
    wrap_ms: int = 0
    holds: int = 0
    trunk: str = ""
    outward: bool = False


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a timeline, in the order of its sequence."""

    at: datetime
    kind: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Books:
    """All that the ledger has of one call. `whole` is the row of the interaction, None while it
    goes on; `targets`: the queues' service level seconds now, for events that do not say it."""

    call: str
    events: Sequence[Happening]
    whole: Mapping[str, Any] | None = None
    parts: Sequence[Mapping[str, Any]] = ()
    callbacks: Sequence[Mapping[str, Any]] = ()
    targets: Mapping[str, float] = field(default_factory=dict)


def milliseconds(spent: timedelta | float) -> int:
    """Never negative."""
    seconds = spent.total_seconds() if isinstance(spent, timedelta) else spent
    return min(max(round(seconds * 1000), 0), MS_MAX)
