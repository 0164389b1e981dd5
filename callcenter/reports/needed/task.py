"""What the process that finds the required agents is handed, and how one interval is answered.

Its dice are those of `callcenter simulate` and `callcenter staff` (`child.dice_of`).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Any

from acd.erlang import Target
from acd.required import REPLICATIONS, SEED, Assumed, Required, Summary, of_interval
from acd.scenario import Scenario
from acd.simulate import replicate
from acd.staffing import Interval
from acd.tally import Estimate, figures_of, summarise
from callcenter.reports.child import dice_of


@dataclass(frozen=True, slots=True)
class Task:
    """`seconds`: after which no other interval begins."""

    intervals: tuple[Interval, ...]
    target: Target
    assumed: Assumed
    seconds: float
    replications: int = REPLICATIONS
    seed: int = SEED


def lived(scenario: Scenario, seed: int, replications: int) -> Summary:
    return summarise(
        [
            figures_of(scenario, replicate(scenario, dice_of(seed, number)))
            for number in range(replications)
        ]
    )


def answer(task: Task, interval: Interval) -> Required | None:
    return of_interval(
        interval,
        task.target,
        task.assumed,
        lambda scenario: lived(scenario, task.seed, task.replications),
    )


FIGURES = {
    "service_level": "service_level_of_offered",
    "mean_wait": "mean_wait_all",
    "abandonment": "probability_of_abandonment",
}


def to_json(found: Required | None) -> dict[str, Any] | None:
    """One line of the process; None: no number of agents meets the target."""
    if found is None:
        return None
    figures = {
        name: _pair(found.figures[figure]) if found.figures else [None, None]
        for name, figure in FIGURES.items()
    }
    occupancy = _pair(found.occupancy) if found.figures else [None, None]
    return {"agents": found.agents, **figures, "occupancy": occupancy}


def _pair(one: Estimate) -> list[float | None]:
    """Mean and half of the 95 % interval; JSON knows no infinity."""
    return [number if isfinite(number) else None for number in (one.mean, one.half_width)]
