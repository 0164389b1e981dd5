"""A second centre for the same callers, so simple that its figures are known: control variates.

`Twin` is a pool of equal agents who serve in the order of arrival, lived through by the recursion
of Kiefer and Wolfowitz (1955): the next agent to be free takes the next caller, unless he has lost
his patience by then. It is given the very callers of a replication (their arrivals, times and
patience are drawn again from the same streams, before anything was decided), and its exact figures
are those of Erlang C or A. Where it happened to be busier than it is in the long run, so was the
centre that is tested, and what is left after taking that off is several times sharper (Lavenberg
and Welch, "A perspective on the use of control variables", Management Science 27, 1981). Its
callers do not depend on the router, so a wrong router cannot hide behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from heapq import heapreplace, merge
from math import inf, log1p
from random import Random

from acd import erlang
from acd.scenario import CallerClass, Scenario
from tests.acd.references import erlang_a_numbers

WITHIN = 20.0

# (arrived at, uniform number of the handling time, patience in seconds)
Arrival = tuple[float, float, float]


def arrivals(kinds: Sequence[CallerClass], horizon: float, seed: str) -> Iterator[Arrival]:
    """The callers of one replication in the order of their arrival."""
    return merge(*(_of_class(kind, horizon, seed) for kind in kinds))


def _of_class(kind: CallerClass, horizon: float, seed: str) -> Iterator[Arrival]:
    (rate,), (patience,) = kind.rate.values, kind.patience.values
    gaps = Random(f"{seed}/arrivals/{kind.name}")
    handling = Random(f"{seed}/handling/{kind.name}")
    patiences = Random(f"{seed}/patience/{kind.name}")
    now = -log1p(-gaps.random()) / rate
    while now <= horizon:
        yield now, handling.random(), patience.at(patiences.random())
        now += -log1p(-gaps.random()) / rate


def waits(callers: Iterator[Arrival], agents: int, handling: float) -> list[tuple[float, float]]:
    """(arrived at, waited) of each caller; who lost his patience waited for that long."""
    free_at = [0.0] * agents
    out: list[tuple[float, float]] = []
    for arrived, u, patience in callers:
        wait = max(free_at[0] - arrived, 0.0)
        if wait <= patience:
            heapreplace(free_at, arrived + wait - handling * log1p(-u))
        out.append((arrived, min(wait, patience)))
    return out


@dataclass(frozen=True)
class Twin:
    """So many agents with exponential handling times of this mean (seconds), for callers of these
    classes (none named: of all)."""

    agents: int
    handling: float
    classes: tuple[str, ...] = ()

    def _kinds(self, scenario: Scenario) -> list[CallerClass]:
        return [kind for kind in scenario.callers if not self.classes or kind.name in self.classes]

    def off(self, scenario: Scenario, seed: str) -> list[float]:
        """How far probability of waiting, mean wait and lateness were off their exact values in
        this replication; their expectation is 0."""
        counted = [
            wait
            for arrived, wait in waits(self._callers(scenario, seed), self.agents, self.handling)
            if arrived >= scenario.warmup_seconds
        ]
        count = len(counted)
        seen = (
            sum(wait > 0.0 for wait in counted) / count,
            sum(counted) / count,
            sum(wait > WITHIN for wait in counted) / count,
        )
        return [one - exact for one, exact in zip(seen, self._exact(scenario), strict=True)]

    def _callers(self, scenario: Scenario, seed: str) -> Iterator[Arrival]:
        return arrivals(self._kinds(scenario), scenario.horizon_seconds, seed)

    def _exact(self, scenario: Scenario) -> tuple[float, float, float]:
        rate = sum(kind.rate.values[0] for kind in self._kinds(scenario))
        patience = scenario.callers[0].patience.values[0].mean
        if patience == inf:
            known = erlang.without_abandonment(self.agents, rate, self.handling, WITHIN)
            return known.probability_of_waiting, known.mean_wait, 1.0 - known.service_level
        known = erlang.with_abandonment(self.agents, rate, self.handling, patience, WITHIN)
        late = _still_waiting(self.agents, rate, self.handling, patience)
        return known.probability_of_waiting, known.mean_wait, late


@cache
def _still_waiting(agents: int, rate: float, handling: float, patience: float) -> float:
    """P(wait > WITHIN), abandoned or not (Garnett, Mandelbaum and Reiman 2002)."""
    return erlang_a_numbers(agents, rate, handling, patience, WITHIN)["later"]


def controlled(
    values: Sequence[float], controls: Sequence[Sequence[float]]
) -> tuple[float, float, int]:
    """Mean of `values` freed of what the controls (of mean 0, one list a value) explain, its
    standard error, and the degrees of freedom left."""
    count, size = len(values), len(controls[0])
    middle = [sum(row[i] for row in controls) / count for i in range(size)]
    mean = sum(values) / count
    away = [[x - m for x, m in zip(row, middle, strict=True)] for row in controls]
    squares = [[sum(row[i] * row[j] for row in away) for j in range(size)] for i in range(size)]
    shared = [
        sum(row[i] * (y - mean) for row, y in zip(away, values, strict=True)) for i in range(size)
    ]
    slopes = _solved(squares, shared)
    left = sum(
        (y - mean - sum(b * x for b, x in zip(slopes, row, strict=True))) ** 2
        for row, y in zip(away, values, strict=True)
    )
    freedom = count - size - 1
    leverage = sum(m * x for m, x in zip(middle, _solved(squares, middle), strict=True))
    error = (left / freedom * (1.0 / count + leverage)) ** 0.5
    return mean - sum(b * m for b, m in zip(slopes, middle, strict=True)), error, freedom


def _solved(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """The x with matrix x = right, by elimination."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for i in range(size):
        best = max(range(i, size), key=lambda r: abs(rows[r][i]))
        rows[i], rows[best] = rows[best], rows[i]
        for r in range(size):
            if r != i:
                factor = rows[r][i] / rows[i][i]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[i], strict=True)]
    return [row[size] / row[i] for i, row in enumerate(rows)]
