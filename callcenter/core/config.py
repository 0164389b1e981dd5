"""The whole configuration of the centre as one value, made by the store, used by the core.

The core never reads settings or the database; a change arrives as `ConfigChanged` with a new value.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf
from typing import Literal

from acd.groups import Group
from acd.model import Agent, Queue
from callcenter.core.teams import Team
from callcenter.core.toll import OutboundRules
from ivr.calendar import Calendar
from ivr.flow import Flow
from ivr.routes import Route

DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class PauseReason:
    code: str
    name: str
    name_zh: str = ""
    limit_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Disposition:
    """How a call can end for the books, see `core.dispositions`. `queues` empty: valid in every
    queue. `parent` '': at the root of the tree. Not `active`: retired. `keywords`: other words by
    which people look for it."""

    code: str
    name: str
    name_zh: str = ""
    queues: frozenset[str] = frozenset()
    default: bool = False
    parent: str = ""
    active: bool = True
    keywords: str = ""


@dataclass(frozen=True, slots=True)
class CallbackPolicy:
    """How a queue calls its customers back.

    `mode`: *customer-first* dials when his turn is expected within `ahead_seconds`, *agent-first*
    when an agent is there for him. `confirm`: who answers has to press a key before he counts as
    reached, so that no agent talks to an answering machine (customer first only);
    `detect_machine`: Asterisk listens for one, which takes seconds. `at_once_max`: numbers dialled
    at the same time, `waiting_max`: callbacks open at the same time. `hours`: days -> spans of time
    as in a flow's calendar, on the clock of `time_zone` (IANA, "" is UTC), empty: at any time;
    `customer_hours`: spans of time on the customer's clock."""

    enabled: bool = True
    mode: Literal["customer-first", "agent-first"] = "customer-first"
    tries_max: int = 3
    retry_seconds: float = 300.0
    ring_seconds: float = 30.0
    ahead_seconds: float = 20.0
    confirm: bool = True
    detect_machine: bool = False
    at_once_max: int = 5
    waiting_max: int = 200
    hours: Mapping[str, str] = field(default_factory=dict)
    time_zone: str = ""
    customer_hours: str = ""


@dataclass(frozen=True, slots=True)
class RecordingPolicy:
    """How a queue's talks are recorded. `mode`: *percent* of the calls, *on-demand* of the agent;
    `by_hand`: who is not among the percentage may be recorded on demand. `notice`: the caller is
    told before he waits; `refusable`: he may say no by a key. `agent_may_pause`, `agent_may_stop`:
    the agent may pause it, and end it for good. `pause_seconds_max`: a pause ends by itself, 0: it
    does not. `listeners_shown`: the agent sees that a supervisor listens (that one speaks he always
    sees)."""

    mode: Literal["never", "always", "percent", "on-demand"] = "never"
    percent: float = 100.0
    by_hand: bool = False
    notice: bool = True
    refusable: bool = False
    agent_may_pause: bool = True
    agent_may_stop: bool = False
    pause_seconds_max: float = 300.0
    listeners_shown: bool = True


@dataclass(frozen=True, slots=True)
class DialLimits:
    """What the installation allows of dialling outside numbers: whether at all, the number that is
    shown ("" the trunk's own), and how often one number in 24 hours."""

    enabled: bool = False
    shown: str = ""
    number_per_day_max: int = 6


@dataclass(frozen=True, slots=True)
class Config:
    """`routes` are looked through in their order; the first that fits a call names its flow.
    `calendars` are the centre's, which come before those of a flow. `lists`: numbers of callers by
    the list's id (vip, blocked), E.164 or the beginning of one with a *.
    `agents` are as they work, with all their groups and the queues that those serve;
    `agents_as_set` as somebody set them, and `groups` the conditions (`acd.groups`).
    `queue_versions` and `group_versions`: how often each was changed.
    `callbacks`: by queue; one without a line here calls nobody back. `recording`: by queue; one
    without a line here records nothing. `time_zone`: the centre's
    (IANA); `utc_offsets`: what follows from it, (from when on in UNIX seconds, seconds ahead of
    UTC) in the order of time, see `day`. `outbound`: what may be dialled by hand. `teams`: by the
    id that an agent names."""

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
    time_zone: str = "UTC"
    utc_offsets: tuple[tuple[float, float], ...] = ()
    callbacks: Mapping[str, CallbackPolicy] = field(default_factory=dict)
    dialling: DialLimits = field(default_factory=DialLimits)
    recording: Mapping[str, RecordingPolicy] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    agents_as_set: Mapping[str, Agent] = field(default_factory=dict)
    queue_versions: Mapping[str, int] = field(default_factory=dict)
    group_versions: Mapping[str, int] = field(default_factory=dict)
    outbound: OutboundRules = field(default_factory=OutboundRules)
    teams: Mapping[str, Team] = field(default_factory=dict)
    team_versions: Mapping[str, int] = field(default_factory=dict)

    def day(self, now: float) -> int:
        """The number of the day at `now` (UNIX seconds) on the centre's clocks, from 1970 on."""
        place = bisect_right(self.utc_offsets, (now, inf)) - 1
        ahead = self.utc_offsets[max(0, place)][1] if self.utc_offsets else 0.0
        return int((now + ahead) // DAY_SECONDS)

    def day_begins(self, day: int) -> float:
        """The first moment of that day (UNIX seconds). Where the clocks are put on at midnight the
        day begins with the change."""
        segments = self.utc_offsets or ((-inf, 0.0),)
        begins = day * DAY_SECONDS
        for (since, ahead), (until, _) in pairwise((*segments, (inf, 0.0))):
            first = since == segments[0][0]  # also for all that was before
            if begins - ahead < until:
                return begins - ahead if first else max(begins - ahead, since)
        raise AssertionError("the last offset holds for ever")
