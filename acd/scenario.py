"""A contact centre to be simulated, as frozen values: who calls, who answers, by which rules.

Every random time is a function of one uniform number (inverse transform), drawn per caller and
purpose. So two scenarios run with the same seed see the same callers, and differences between them
are due to the centre alone (common random numbers).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import exp, inf, log, log1p, sqrt
from statistics import NormalDist
from typing import Generic, Literal, TypeVar

from acd.model import Agent, Queue

T = TypeVar("T")
Kind = Literal["none", "exponential", "lognormal", "deterministic", "uniform", "empirical"]

_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Distribution:
    """A time in seconds. `first` and `second` are: exponential mean, -; lognormal mu, sigma;
    deterministic value, -; uniform low, high. "none" is for ever (nobody loses patience)."""

    kind: Kind
    first: float = 0.0
    second: float = 0.0
    values: tuple[float, ...] = ()

    def at(self, u: float) -> float:
        """The quantile for `u` in [0, 1)."""
        if self.kind == "exponential":
            return -self.first * log1p(-u)
        if self.kind == "none":
            return inf
        if self.kind == "deterministic":
            return self.first
        if self.kind == "lognormal":
            return exp(self.first + self.second * _NORMAL.inv_cdf(max(u, 1e-300)))
        if self.kind == "uniform":
            return self.first + u * (self.second - self.first)
        return self.values[int(u * len(self.values))]

    @property
    def mean(self) -> float:
        if self.kind == "none":
            return inf
        if self.kind == "lognormal":
            return exp(self.first + self.second**2 / 2)
        if self.kind == "uniform":
            return (self.first + self.second) / 2
        if self.kind == "empirical":
            return sum(self.values) / len(self.values)
        return self.first


def lognormal(mean: float, deviation: float) -> Distribution:
    """The lognormal distribution with this mean and standard deviation."""
    variance = log1p((deviation / mean) ** 2)
    return Distribution("lognormal", log(mean) - variance / 2, sqrt(variance))


@dataclass(frozen=True, slots=True)
class Timed(Generic[T]):
    """A value that changes with time: `values[i]` holds until `ends[i]`, the last one for ever."""

    values: tuple[T, ...]
    ends: tuple[float, ...] = ()

    def at(self, now: float) -> T:
        return self.values[bisect_right(self.ends, now)] if self.ends else self.values[0]


@dataclass(frozen=True, slots=True)
class CallerClass:
    """Callers of one kind: a Poisson stream with a rate in callers per second. `handling` by agent
    group, with the key "" for any other group."""

    name: str
    queue: str
    rate: Timed[float]
    handling: Mapping[str, Timed[Distribution]]
    patience: Timed[Distribution] = Timed((Distribution("none"),))
    balking: float = 0.0
    skills: Mapping[str, int] = field(default_factory=dict)
    priority: int = 0
    value_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class AgentGroup:
    """`count` equal agents. `answer`: from the first ring to picking up; `misses`: the share of
    offers that ring out. `agent`: whom the router sees, where the group is one real person."""

    name: str
    count: Timed[int]
    queues: tuple[str, ...]
    skills: Mapping[str, int] = field(default_factory=dict)
    groups: frozenset[str] = frozenset()
    weight: int = 1
    answer: Distribution | None = None
    misses: float = 0.0
    agent: Agent | None = None


def agent_of(group: AgentGroup, id: str) -> Agent:
    """One of the group, as the router knows him."""
    if group.agent is not None:
        return replace(group.agent, id=id)
    return Agent(
        id,
        id,
        skills=group.skills,
        queues=dict.fromkeys(group.queues, 0),
        groups=group.groups,
        weight=group.weight,
    )


@dataclass(frozen=True, slots=True)
class Scenario:
    """Everything for a simulation. `busyness`: shape of the gamma factor of mean 1 on all arrivals
    of a replication (None: 1). Statistics are of callers who arrive between warm-up and horizon.
    `edges`: beginnings of intervals, for which agents' time is noted piece by piece
    (`acd.tally_intervals`)."""

    queues: Mapping[str, Queue]
    callers: tuple[CallerClass, ...]
    agents: tuple[AgentGroup, ...]
    horizon_seconds: float
    warmup_seconds: float = 0.0
    replications: int = 20
    busyness: float | None = None
    drain: bool = True
    short_abandon_seconds: float = 5.0
    edges: tuple[float, ...] = ()
