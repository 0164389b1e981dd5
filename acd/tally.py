"""From what happened in replications to figures with confidence intervals.

Definitions, since the field has several for each word:

* mean wait: over answered callers (ASA), and over all offered (the abandoned with the time they
  waited);
* service level: answered within t, divided by (1) answered; (2) answered and abandoned after t;
  (3) all offered; (4) offered less short abandons;
* occupancy: busy time by time on duty, both inside the window;
* Gini: of idle time between the agents of a group, who are all alike (0: all the same).

Each figure is the mean over replications with the half-width of its 95 % confidence interval
(Student's t). Ratios are formed per replication.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, inf, nan, sqrt

from acd.happened import Caller, Run, Worker
from acd.scenario import Scenario
from acd.student import t_quantile

PERCENTILES = (50, 80, 90, 95, 99)
Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Estimate:
    """`half_width` is infinite for a single replication. Replications in which the figure does not
    exist (no caller answered) are left out; `replications` counts the rest."""

    mean: float
    half_width: float
    replications: int

    def to_json(self) -> dict[str, float | int | None]:
        return {
            "mean": None if self.mean != self.mean else self.mean,
            "half_width": None if self.half_width in (inf, nan) else self.half_width,
            "replications": self.replications,
        }


def estimate(values: Sequence[float]) -> Estimate:
    """Mean and 95 % half-width of independent values; not-a-number is left out."""
    good = [value for value in values if value == value]
    count = len(good)
    if count == 0:
        return Estimate(nan, inf, 0)
    mean = sum(good) / count
    if count == 1:
        return Estimate(mean, inf, 1)
    variance = sum((value - mean) ** 2 for value in good) / (count - 1)
    return Estimate(mean, t_quantile(0.975, count - 1) * sqrt(variance / count), count)


def caller_figures(callers: Sequence[Caller], limit: float, short: float) -> Figures:
    """The figures of one class (or all) in one replication. `limit`: of the service level."""
    answered = [c.wait for c in callers if c.outcome == "answered"]
    abandoned = [c.wait for c in callers if c.outcome == "abandoned"]
    offered = len(callers)
    in_time = sum(wait <= limit for wait in answered)
    waits = sorted(c.wait for c in callers if c.outcome != "refused")
    figures = {
        "offered": float(offered),
        "answered": float(len(answered)),
        "abandoned": float(len(abandoned)),
        "other": float(offered - len(answered) - len(abandoned)),
        "probability_of_abandonment": _ratio(len(abandoned), offered),
        "probability_of_waiting": _ratio(sum(wait > 0.0 for wait in waits), len(waits)),
        "mean_wait_answered": _ratio(sum(answered), len(answered)),
        "mean_wait_all": _ratio(sum(waits), len(waits)),
        "service_level_of_answered": _ratio(in_time, len(answered)),
        "service_level_of_answered_and_late_abandons": _ratio(
            in_time, len(answered) + sum(wait > limit for wait in abandoned)
        ),
        "service_level_of_offered": _ratio(in_time, offered),
        "service_level_without_short_abandons": _ratio(
            in_time, offered - sum(wait <= short for wait in abandoned)
        ),
        "longest_wait": waits[-1] if waits else nan,
    }
    for percent in PERCENTILES:
        figures[f"wait_p{percent}"] = _percentile(waits, percent)
    return figures


def group_figures(workers: Sequence[Worker]) -> Figures:
    """The figures of one group of equal agents in one replication."""
    staffed = sum(worker.staffed_seconds for worker in workers)
    busy = sum(worker.busy_seconds for worker in workers)
    idle = [worker.staffed_seconds - worker.busy_seconds for worker in workers]
    return {"occupancy": _ratio(busy, staffed), "idle_time_gini": gini(idle)}


def gini(values: Sequence[float]) -> float:
    """Gini coefficient: sum((2i - n - 1) x_i) / (n sum x), x ascending; 0 when all are equal."""
    ordered, total, count = sorted(values), sum(values), len(values)
    if total <= 0.0:
        return 0.0
    weighted = sum((2 * i - count - 1) * x for i, x in enumerate(ordered, start=1))
    return weighted / (count * total)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else nan


def _percentile(ordered: Sequence[float], percent: int) -> float:
    """The smallest value that at least `percent` % are not above (nearest rank)."""
    return ordered[max(ceil(percent / 100 * len(ordered)) - 1, 0)] if ordered else nan


def figures_of(scenario: Scenario, run: Run) -> dict[str, Figures]:
    """All figures of one replication: "all", "class/<name>" and "group/<name>"."""
    limits = {kind.queue: scenario.queues[kind.queue] for kind in scenario.callers}
    short = scenario.short_abandon_seconds
    out: dict[str, Figures] = {}
    by_class: dict[str, list[Caller]] = {kind.name: [] for kind in scenario.callers}
    for caller in run.callers:
        by_class[caller.kind.name].append(caller)
    for kind in scenario.callers:
        limit = limits[kind.queue].service_level_seconds
        out[f"class/{kind.name}"] = caller_figures(by_class[kind.name], limit, short)
    out["all"] = caller_figures(run.callers, _common_limit(scenario), short)
    for group in scenario.agents:
        mine = [worker for worker in run.workers if worker.group is group]
        out[f"group/{group.name}"] = group_figures(mine)
    return out


def _common_limit(scenario: Scenario) -> float:
    """For all classes together: the strictest of the limits."""
    return min(scenario.queues[kind.queue].service_level_seconds for kind in scenario.callers)


def summarise(replications: Sequence[dict[str, Figures]]) -> dict[str, dict[str, Estimate]]:
    """Figure by figure over all replications."""
    first = replications[0]
    return {
        part: {name: estimate([one[part][name] for one in replications]) for name in first[part]}
        for part in first
    }
