"""From what happened in replications to figures with confidence intervals.

Definitions, since the field has several for each word:

* mean wait: over answered callers (ASA), and over all offered (the abandoned with the time they
  waited);
* service level: answered within t, divided by (1) answered; (2) answered and abandoned after t;
  (3) all offered; (4) offered less short abandons;
* occupancy: busy time by time on duty, both inside the window;
* Gini: of idle time between the agents of a group, who are all alike (0: all the same).

A ratio is that of the sums over all replications, so that every caller weighs the same. The mean of
the replications' own ratios would flatter: on busy days callers are many and wait long. (Ratio
estimator; for its interval see Law, Simulation Modeling and Analysis, section 9.5.) Percentiles and
the Gini coefficient are the mean over replications.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, inf, nan, sqrt
from typing import NamedTuple

from acd.happened import Caller, Run, Worker
from acd.scenario import Scenario
from acd.student import t_quantile

PERCENTILES = (50, 80, 90, 95, 99)


class Figure(NamedTuple):
    """A figure of one replication as a ratio: 7 callers of 9. `whole` is 1 for what is no ratio, 0
    for what does not exist (the mean wait of no caller)."""

    part: float
    whole: float = 1.0

    @property
    def value(self) -> float:
        return self.part / self.whole if self.whole else nan


Figures = dict[str, Figure]
MISSING = Figure(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Estimate:
    """`half_width` of the 95 % confidence interval; infinite for a single replication. Replications
    in which the figure does not exist (no caller answered) are left out; `replications` counts the
    rest."""

    mean: float
    half_width: float
    replications: int

    def to_json(self) -> dict[str, float | int | None]:
        return {
            "mean": None if self.mean != self.mean else self.mean,
            "half_width": None if self.half_width in (inf, nan) else self.half_width,
            "replications": self.replications,
        }


def estimate(figures: Sequence[Figure]) -> Estimate:
    """The ratio of the sums, and its 95 % half-width by how far each replication is from it
    (Student's t). For figures that are no ratios these are the mean and its interval."""
    good = [one for one in figures if one.whole > 0.0]
    count = len(good)
    if count == 0:
        return Estimate(nan, inf, 0)
    whole = sum(one.whole for one in good)
    mean = sum(one.part for one in good) / whole
    if count == 1:
        return Estimate(mean, inf, 1)
    squares = sum((one.part - mean * one.whole) ** 2 for one in good)
    error = sqrt(squares * count / (count - 1)) / whole
    return Estimate(mean, t_quantile(0.975, count - 1) * error, count)


def difference(base: Sequence[Figure], other: Sequence[Figure]) -> Estimate:
    """How much `other` is above `base`, replication by replication of the same seeds: what both
    share (a busy day) is not in its interval, so it is narrower than those of the two. Only pairs
    in which the figure exists on both sides count."""
    pairs = [(b, o) for b, o in zip(base, other, strict=True) if b.whole > 0.0 and o.whole > 0.0]
    count = len(pairs)
    if count == 0:
        return Estimate(nan, inf, 0)
    whole, whole_other = sum(b.whole for b, _ in pairs), sum(o.whole for _, o in pairs)
    mean = sum(b.part for b, _ in pairs) / whole
    mean_other = sum(o.part for _, o in pairs) / whole_other
    if count == 1:
        return Estimate(mean_other - mean, inf, 1)
    squares = sum(
        ((o.part - mean_other * o.whole) / whole_other - (b.part - mean * b.whole) / whole) ** 2
        for b, o in pairs
    )
    error = sqrt(squares * count / (count - 1))
    return Estimate(mean_other - mean, t_quantile(0.975, count - 1) * error, count)


def caller_figures(callers: Sequence[Caller], limits: Mapping[str, float], short: float) -> Figures:
    """The figures of one class (or all) in one replication. `limits`: of the service level, by
    queue."""
    answered = [c for c in callers if c.outcome == "answered"]
    abandoned = [c for c in callers if c.outcome == "abandoned"]
    offered = len(callers)
    in_time = sum(c.wait <= limits[c.kind.queue] for c in answered)
    late = sum(c.wait > limits[c.kind.queue] for c in abandoned)
    waits = sorted(c.wait for c in callers if c.outcome != "refused")
    figures = {
        "offered": Figure(offered),
        "answered": Figure(len(answered)),
        "abandoned": Figure(len(abandoned)),
        "other": Figure(offered - len(answered) - len(abandoned)),
        "probability_of_abandonment": Figure(len(abandoned), offered),
        "probability_of_waiting": Figure(sum(wait > 0.0 for wait in waits), len(waits)),
        "mean_wait_answered": Figure(sum(c.wait for c in answered), len(answered)),
        "mean_wait_all": Figure(sum(waits), len(waits)),
        "service_level_of_answered": Figure(in_time, len(answered)),
        "service_level_of_answered_and_late_abandons": Figure(in_time, len(answered) + late),
        "service_level_of_offered": Figure(in_time, offered),
        "service_level_without_short_abandons": Figure(
            in_time, offered - sum(c.wait <= short for c in abandoned)
        ),
        "longest_wait": Figure(waits[-1]) if waits else MISSING,
    }
    for percent in PERCENTILES:
        figures[f"wait_p{percent}"] = _percentile(waits, percent)
    return figures


def group_figures(workers: Sequence[Worker]) -> Figures:
    """The figures of one group of equal agents in one replication."""
    staffed = sum(worker.staffed_seconds for worker in workers)
    busy = sum(worker.busy_seconds for worker in workers)
    idle = [worker.staffed_seconds - worker.busy_seconds for worker in workers]
    return {"occupancy": Figure(busy, staffed), "idle_time_gini": Figure(gini(idle))}


def gini(values: Sequence[float]) -> float:
    """Gini coefficient: sum((2i - n - 1) x_i) / (n sum x), x ascending; 0 when all are equal."""
    ordered, total, count = sorted(values), sum(values), len(values)
    if total <= 0.0:
        return 0.0
    weighted = sum((2 * i - count - 1) * x for i, x in enumerate(ordered, start=1))
    return weighted / (count * total)


def _percentile(ordered: Sequence[float], percent: int) -> Figure:
    """The smallest value that at least `percent` % are not above (nearest rank)."""
    if not ordered:
        return MISSING
    return Figure(ordered[max(ceil(percent / 100 * len(ordered)) - 1, 0)])


def figures_of(scenario: Scenario, run: Run) -> dict[str, Figures]:
    """All figures of one replication: "all", "class/<name>" and "group/<name>"."""
    limits = {name: queue.service_level_seconds for name, queue in scenario.queues.items()}
    short = scenario.short_abandon_seconds
    out: dict[str, Figures] = {}
    by_class: dict[str, list[Caller]] = {kind.name: [] for kind in scenario.callers}
    for caller in run.callers:
        by_class[caller.kind.name].append(caller)
    for kind in scenario.callers:
        out[f"class/{kind.name}"] = caller_figures(by_class[kind.name], limits, short)
    out["all"] = caller_figures(run.callers, limits, short)
    for group in scenario.agents:
        mine = [worker for worker in run.workers if worker.group is group]
        out[f"group/{group.name}"] = group_figures(mine)
    return out


def summarise(replications: Sequence[dict[str, Figures]]) -> dict[str, dict[str, Estimate]]:
    """Figure by figure over all replications."""
    first = replications[0]
    return {
        part: {name: estimate([one[part][name] for one in replications]) for name in first[part]}
        for part in first
    }
