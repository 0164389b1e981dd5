"""Interactions as values, for lists and for one with its timeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Interaction:
    """As in `core.effects.RecordInteraction`, with the customer's name for lists."""

    call: str
    started_at: datetime
    ended_at: datetime
    number: str
    did: str
    customer_id: str | None
    customer_name: str
    queue: str | None
    agent: str | None
    flow: str | None
    outcome: str
    ended_by: str
    path: tuple[str, ...]
    wait_seconds: float
    ring_seconds: float
    talk_seconds: float
    hold_seconds: float
    wrap_up_seconds: float
    offers: int
    language: str
    disposition: str
    note: str
    direction: str
    dial_outcome: str
    shown: str
    peer: str
    park_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class LegQuality:
    """How an agent's phone heard one leg of a call: means and worst values of `measures` moments
    two seconds apart; `mos` from 1 to 4.5."""

    agent: str
    leg: str
    began_at: datetime
    ended_at: datetime
    measures: int
    packets_received: int
    packets_lost: int
    jitter_ms: float
    jitter_max_ms: float
    round_trip_ms: float
    round_trip_max_ms: float
    mos: float
    mos_min: float


@dataclass(frozen=True, slots=True)
class Part:
    """One agent's part in a call, as in `core.effects.RecordPart`."""

    part: int
    agent: str
    queue: str | None
    began_at: datetime
    ended_at: datetime
    ended: str
    ring_seconds: float
    talk_seconds: float
    hold_seconds: float
    consult_seconds: float
    wrap_up_seconds: float
    disposition: str
    note: str
    conference_seconds: float = 0.0
    park_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Spell:
    """An agent was in `state` from `since` until `until` (the end of what was asked for, when
    nothing else is known)."""

    since: datetime
    until: datetime
    state: str
    reason: str
    call: str


@dataclass(frozen=True, slots=True)
class Considering:
    """A decision of the routing engine in which an agent was looked at: who got the call instead,
    or that he was `chosen`, and in words why."""

    at: datetime
    call: str
    queue: str
    chosen: str | None
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One line of an interaction's timeline."""

    sequence: int
    at: datetime
    kind: str
    data: Mapping[str, object]
