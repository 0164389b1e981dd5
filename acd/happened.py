"""What a simulated replication is made of and leaves behind: callers, workers, counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from acd.scenario import AgentGroup, CallerClass


class Dice(Protocol):
    """A stream of random numbers (`random.Random` is one)."""

    def random(self) -> float: ...
    def gammavariate(self, alpha: float, beta: float) -> float: ...


Streams = Callable[[str], Dice]


@dataclass(slots=True, eq=False)
class Caller:
    """One caller and what became of him."""

    kind: CallerClass
    id: str
    arrived_at: float
    handling: float  # uniform numbers that will become times
    outcome: str = "waiting"
    wait: float = 0.0
    agent: str | None = None


@dataclass(slots=True, eq=False)
class Worker:
    """One agent: when he works and for how long he has been busy. `spells`: (since, until, busy),
    where the scenario wants them by interval."""

    group: AgentGroup
    id: str
    on_duty: bool = False
    ringing: bool = False
    busy: bool = False
    since: float = 0.0
    busy_seconds: float = 0.0
    staffed_seconds: float = 0.0
    spells: list[tuple[float, float, bool]] = field(default_factory=list)


@dataclass(slots=True)
class Run:
    """What a replication leaves behind. `callers` are those that count (arrived in the window)."""

    callers: list[Caller] = field(default_factory=list)
    workers: list[Worker] = field(default_factory=list)
    decisions: int = 0
    events: int = 0
    trace: str = ""
    ended_at: float = 0.0
