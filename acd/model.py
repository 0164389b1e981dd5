"""The words of the routing engine: what a queue, an agent and a waiting entry are.

Everything here is a frozen value; the engine (`acd.router`) owns the state that changes. This file
must not know what a call is made of (channels, customers, menus): an entry may be a call, a
callback or, later, a chat. Times are seconds on one scale given by whoever calls us (UNIX time in
production, a virtual clock in the simulator).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Strategy = Literal[
    "longest-idle", "most-skilled", "least-occupied", "linear", "round-robin", "random"
]
Order = Literal["fcfs", "deadline"]
Media = Literal["voice", "chat", "work"]
OverflowAction = Literal["queue", "flow", "voicemail", "callback", "hangup"]
WrapUpMode = Literal["optional", "mandatory", "timed", "timed-extendable"]

SKILL_MAX = 10
RINGS_MAX = 6


@dataclass(frozen=True, slots=True)
class Ring:
    """From `after_seconds` of waiting on, these minima replace the entry's own for the skills named
    (0 removes the requirement), and agents of `groups` may serve as well."""

    after_seconds: float
    minima: Mapping[str, int] = field(default_factory=dict)
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Overflow:
    """When any stated limit is passed (None: not looked at) and all conditions on the rest of the
    centre hold, do `action` with `target`.

    Conditions: no agent is idle in the queue `unless_idle_in` or the group `unless_idle_in_group`;
    at least `idle_min` are in the queue `if_idle_in` and the group `if_idle_in_group`; the wait
    expected in the queue `estimate_of` ("": the target) is under `other_estimate_under_seconds`."""

    action: OverflowAction
    target: str = ""
    after_seconds: float | None = None
    when_waiting_over: int | None = None
    when_estimate_over_seconds: float | None = None
    unless_idle_in: str | None = None
    other_estimate_under_seconds: float | None = None
    unless_idle_in_group: str | None = None
    if_idle_in: str | None = None
    if_idle_in_group: str | None = None
    idle_min: int = 1
    estimate_of: str = ""


@dataclass(frozen=True, slots=True)
class Queue:
    """One line of waiting entries and the rules by which agents take from it. `ageing`: for how
    many seconds of waiting a second counts, by priority (not named: 1); more than 0.
    `after_talk_flow`: where a caller goes on when the agent has hung up, "" for nowhere.
    `park_seconds`: how long a parked caller waits to be taken; `agents_choose`: agents may take who
    waits, whatever the order says."""

    id: str
    name: str
    strategy: Strategy = "longest-idle"
    order: Order = "fcfs"
    media: Media = "voice"
    enabled: bool = True
    service_level_seconds: float = 20.0
    service_level_percent: float = 80.0
    waiting_max: int = 500
    wait_max_seconds: float | None = None
    overflow: tuple[Overflow, ...] = ()
    rings: tuple[Ring, ...] = ()
    groups: frozenset[str] = frozenset()
    ring_seconds: float = 20.0
    rona_pause_after: int = 1
    rona_back_off_seconds: float = 10.0
    auto_answer: bool = False
    broadcast: int = 1
    priority_seconds: float = 60.0
    value_offset_max_seconds: float = 120.0
    ageing: Mapping[int, float] = field(default_factory=dict)
    preferred_wait_seconds: float = 0.0
    wrap_up_mode: WrapUpMode = "timed-extendable"
    wrap_up_seconds: float = 30.0
    wrap_up_extension_seconds: float = 30.0
    wrap_up_extensions_max: int = 3
    resume_place_seconds: float = 0.0
    reserved_idle: int = 0
    after_talk_flow: str = ""
    park_seconds: float = 180.0
    agents_choose: bool = False


@dataclass(frozen=True, slots=True)
class Agent:
    """Who may be offered what. `queues` maps a queue's id to the agent's position in it (linear
    order; lower is earlier)."""

    id: str
    name: str
    skills: Mapping[str, int] = field(default_factory=dict)
    queues: Mapping[str, int] = field(default_factory=dict)
    groups: frozenset[str] = frozenset()
    team: str = ""
    weight: int = 1
    capacity: Mapping[str, int] = field(default_factory=lambda: {"voice": 1})


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody or something that waits for an agent. `joined_at` is kept through every return.
    `stays`: no overflow rule applies to it (a callback: nobody is on the line to be sent on)."""

    id: str
    queue: str
    joined_at: float
    skills: Mapping[str, int] = field(default_factory=dict)
    priority: int = 0
    value_seconds: float = 0.0
    preferred_agent: str | None = None
    identity: str | None = None
    stays: bool = False


class Offer(NamedTuple):
    """The engine's decision: ring `agent` for entry `entry`, until `expires_at`. `attempt` counts
    the offers of this entry from 1. (A tuple, since these are made many times a second.)"""

    entry: str
    agent: str
    queue: str
    attempt: int
    expires_at: float
    auto_answer: bool = False
