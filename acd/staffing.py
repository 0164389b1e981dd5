"""How many agents, interval by interval, for traffic that was typed in or counted in a log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil

from acd.erlang import Target, Waiting, staff
from acd.scenario import AgentGroup, Scenario, Timed


@dataclass(frozen=True, slots=True)
class Interval:
    """`calls` in `seconds` from `start` on, each taking `handling` seconds on average."""

    start: float
    seconds: float
    calls: float
    handling: float

    @property
    def rate(self) -> float:
        return self.calls / self.seconds

    @property
    def load(self) -> float:
        """Erlang."""
        return self.rate * self.handling


@dataclass(frozen=True, slots=True)
class Staffing:
    """The fewest agents for an interval, and what callers would meet. `rostered` adds those who
    are paid but not on the phone (shrinkage)."""

    interval: Interval
    waiting: Waiting
    rostered: int


def staffing(
    intervals: Sequence[Interval],
    target: Target,
    patience: float | None = None,
    shrinkage: float = 0.0,
) -> list[Staffing]:
    """Each interval on its own (stationary within it). `patience`: mean seconds, None: nobody gives
    up. `shrinkage`: share of paid time away from the phone, 0 to below 1."""
    if not 0.0 <= shrinkage < 1.0:
        raise ValueError(f"the shrinkage must be at least 0 and less than 1, not {shrinkage}")
    out: list[Staffing] = []
    for interval in intervals:
        waiting = staff(interval.rate, interval.handling, target, patience)
        out.append(Staffing(interval, waiting, rostered(waiting.agents, shrinkage)))
    return out


def rostered(agents: int, shrinkage: float) -> int:
    """With those who are paid and not on the phone."""
    return ceil(agents / (1.0 - shrinkage) - 1e-9)


def intervals_of(calls: Iterable[tuple[float, float]], seconds: float = 1800.0) -> list[Interval]:
    """Logged calls, as (when it arrived, seconds of talking and wrap-up), counted by interval.

    Abandoned calls count as arrivals: give them 0 seconds, they do not enter the handling time.
    Intervals without an answered call get the handling time of all."""
    counted: dict[int, list[float]] = {}
    for arrived, handled in calls:
        counted.setdefault(int(arrived // seconds), []).append(handled)
    every = [one for some in counted.values() for one in some if one > 0.0]
    overall = sum(every) / len(every) if every else 1.0
    out: list[Interval] = []
    for number in sorted(counted):
        answered = [one for one in counted[number] if one > 0.0]
        handling = sum(answered) / len(answered) if answered else overall
        out.append(Interval(number * seconds, seconds, len(counted[number]), handling))
    return out


def with_count(scenario: Scenario, group: str, count: int) -> Scenario:
    """The scenario with another number of agents in one group."""

    def changed(one: AgentGroup) -> AgentGroup:
        return replace(one, count=Timed((count,))) if one.name == group else one

    return replace(scenario, agents=tuple(changed(one) for one in scenario.agents))


def search(met: Callable[[int], bool], start: int, most: int = 20_000) -> int | None:
    """The smallest count for which `met` holds, supposing that more never hurts; None if not even
    `most` does. From `start` on in steps that double, up or down: two tries when it is the answer
    already, about twice the logarithm of how far it is off at worst."""
    high = low = min(max(start, 0), most)
    step = 1
    if met(high):
        low = -1
        while high > 0:
            fewer = max(high - step, 0)
            if not met(fewer):
                low = fewer
                break
            high, step = fewer, step * 2
    else:
        while True:
            if low >= most:
                return None
            high = min(low + step, most)
            if met(high):
                break
            low, step = high, step * 2
    while high - low > 1:
        middle = (low + high) // 2
        if met(middle):
            high = middle
        else:
            low = middle
    return high
