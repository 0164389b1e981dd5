"""Exact results which the simulated centre has to reproduce, worked out on other ways than `acd`.

* `erlang_a_numbers`: M/M/n+M by the formulas with integrals of Garnett, Mandelbaum and Reiman
  (2002), where `acd.erlang` uses the birth-and-death chain.
* `Graph`: first come first served, longest idle server first, agents with skills: the product form
  of Adan and Weiss, "A skill based parallel service system under FCFS-ALIS", Stochastic Systems 4
  (2014). A state is a permutation of the servers: M1..Mi busy in the order of the callers they
  serve, between them callers that only the servers before them may take, then the idle ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import permutations
from math import exp, expm1

from acd.erlang import erlang_c


def integral(f: Callable[[float], float], start: float, end: float, steps: int = 40_000) -> float:
    """Simpson's rule."""
    h = (end - start) / steps
    inner = sum((4 if k % 2 else 2) * f(start + h * k) for k in range(1, steps))
    return h / 3 * (f(start) + inner + f(end))


def erlang_a_numbers(
    agents: int, rate: float, handling: float, patience: float, within: float
) -> dict[str, float]:
    """P(wait > 0), P(abandon), mean wait of all, P(wait > within)."""
    mu, theta = 1 / handling, 1 / patience
    blocked = 1.0
    for k in range(1, agents):
        blocked = rate / mu * blocked / (k + rate / mu * blocked)
    epsilon = 1 / blocked

    def f(x: float) -> float:
        return exp(rate * -expm1(-theta * x) / theta - agents * mu * x)

    end = 20 * patience
    j = integral(f, 0, end)
    j_h = integral(lambda x: -expm1(-theta * x) / theta * f(x), 0, end)
    below = epsilon + rate * j
    tail = integral(f, within, end)
    return {
        "waits": rate * j / below,
        "abandons": (1 + (rate - agents * mu) * j) / below,
        "mean_wait": rate * j_h / below,
        "later": rate * exp(-theta * within) * tail / below,
    }


def accumulating_waits(
    agents: int, rates: Sequence[float], handling: float, slopes: Sequence[float]
) -> list[float]:
    """Mean waits under accumulating priorities, slopes ascending (Kleinrock 1964): W_p = [W0/(1-r)
    -
    sum over i<p of r_i W_i (1-b_i/b_p)] / [1 - sum over i>p of r_i (1-b_p/b_i)]."""
    loads = [rate * handling / agents for rate in rates]
    base = erlang_c(agents, sum(rates) * handling) * handling / agents / (1 - sum(loads))
    waits: list[float] = []
    for p, slope in enumerate(slopes):
        below = sum(loads[i] * waits[i] * (1 - slopes[i] / slope) for i in range(p))
        above = sum(loads[i] * (1 - slope / slopes[i]) for i in range(p + 1, len(slopes)))
        waits.append((base - below) / (1 - above))
    return waits


@dataclass(frozen=True)
class Graph:
    """`rates` of caller types; per server its service rate and the types it serves."""

    rates: tuple[float, ...]
    servers: tuple[tuple[float, frozenset[int]], ...]

    def solve(self) -> tuple[list[float], list[float]]:
        """(mean wait of each type, probability that each server is idle)."""
        total = 0.0
        queue = [0.0] * len(self.rates)
        idle = [0.0] * len(self.servers)
        for order in permutations(range(len(self.servers))):
            for busy in range(len(order) + 1):
                weight, lengths = self._state(order, busy)
                total += weight
                for kind, length in enumerate(lengths):
                    queue[kind] += weight * length
                for server in order[busy:]:
                    idle[server] += weight
        waits = [length / total / rate for length, rate in zip(queue, self.rates, strict=True)]
        return waits, [weight / total for weight in idle]

    def _state(self, order: tuple[int, ...], busy: int) -> tuple[float, list[float]]:
        """Weight of all states with these busy and idle servers, and mean callers per type."""
        weight = 1.0
        lengths = [0.0] * len(self.rates)
        for j in range(1, busy + 1):
            first = set(order[:j])
            mu = sum(self.servers[s][0] for s in first)
            only = [c for c in range(len(self.rates)) if self._may(c) <= first]
            flow = sum(self.rates[c] for c in only)
            weight /= mu - flow  # sum over n of flow^n / mu^(n+1)
            for c in only:
                lengths[c] += self.rates[c] / (mu - flow)
        for j in range(busy, len(order)):
            served = frozenset().union(*(self.servers[s][1] for s in order[j:]))
            weight /= sum(self.rates[c] for c in served)
        return weight, lengths

    def _may(self, kind: int) -> set[int]:
        return {s for s, (_, kinds) in enumerate(self.servers) if kind in kinds}
