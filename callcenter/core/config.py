"""The whole configuration of the centre as one value, made by the store, used by the core.

The core never reads settings or the database; a change arrives as `ConfigChanged` with a new value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from acd.model import Agent, Queue
from ivr.calendar import Calendar
from ivr.flow import Flow
from ivr.routes import Route


@dataclass(frozen=True, slots=True)
class PauseReason:
    code: str
    name: str
    name_zh: str = ""
    limit_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Disposition:
    """How a call can end for the books. `queues` empty: valid in every queue."""

    code: str
    name: str
    name_zh: str = ""
    queues: frozenset[str] = frozenset()
    default: bool = False


@dataclass(frozen=True, slots=True)
class Config:
    """`routes` are looked through in their order; the first that fits a call names its flow.
    `calendars` are the centre's, which come before those of a flow. `lists`: numbers of callers by
    the list's id (vip, blocked), E.164 or the beginning of one with a *."""

    version: int = 0
    queues: Mapping[str, Queue] = field(default_factory=dict)
    agents: Mapping[str, Agent] = field(default_factory=dict)
    flows: Mapping[str, Flow] = field(default_factory=dict)
    routes: tuple[Route, ...] = ()
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    lists: Mapping[str, frozenset[str]] = field(default_factory=dict)
    pause_reasons: tuple[PauseReason, ...] = ()
    dispositions: tuple[Disposition, ...] = ()
    announce_position_seconds: float = 45.0
    utc_offset_seconds: float = 0.0
