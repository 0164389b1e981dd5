"""How many agents are required, found by simulation instead of a formula.

An interval of traffic becomes a scenario of its own: one queue, equal agents, callers as the
formulas suppose them (Poisson, stationary within the interval), and what formulas leave out: a
telephone that rings before it is picked up, and handling times that vary more or less than
exponentially. It is lived through long enough for so many callers, whatever the interval's length;
the beginning, when the line is still empty, does not count. Pure: who asks brings the dice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from acd.erlang import Target, staff
from acd.model import Queue
from acd.scenario import AgentGroup, CallerClass, Distribution, Scenario, Timed, lognormal
from acd.staffing import Interval, search, with_count
from acd.tally import Estimate

GROUP: Final = "agents"
QUEUE: Final = "queue"
CALLERS: Final = 600  # of one replication
REPLICATIONS: Final = 20
SEED: Final = 1
HANDLINGS: Final = 10  # a replication takes at least so many handling times
WARMUP: Final = 5  # so many do not count before it
COUNT_MAX: Final = 2_000

Summary = Mapping[str, Mapping[str, Estimate]]
"""The figures of all replications: "all" and "group/<name>", as of `acd.tally.summarise`."""


@dataclass(frozen=True, slots=True)
class Assumed:
    """`patience`: mean seconds until a caller gives up, None: nobody does. `ringing`: seconds until
    a phone is picked up. `spread`: deviation of handling times by their mean; with 1 they are
    exponential, as the formulas have them, else lognormal."""

    patience: float | None = None
    ringing: float = 0.0
    spread: float = 1.0


@dataclass(frozen=True, slots=True)
class Required:
    """The fewest agents, and what was seen with so many."""

    agents: int
    figures: Mapping[str, Estimate]
    occupancy: Estimate


def scenario_of(interval: Interval, within: float, assumed: Assumed, agents: int) -> Scenario:
    """The interval as a centre to be simulated. It must have calls."""
    handling, patience = interval.handling, assumed.patience
    lasting = max(CALLERS / interval.rate, HANDLINGS * handling)
    warmup = WARMUP * handling
    served = (
        Distribution("exponential", handling)
        if assumed.spread == 1.0
        else lognormal(handling, handling * assumed.spread)
    )
    waits = Distribution("none") if patience is None else Distribution("exponential", patience)
    rings = Distribution("deterministic", assumed.ringing) if assumed.ringing > 0.0 else None
    return Scenario(
        queues={QUEUE: Queue(QUEUE, QUEUE, service_level_seconds=within)},
        callers=(
            CallerClass(
                "callers",
                QUEUE,
                Timed((interval.rate,)),
                {"": Timed((served,))},
                Timed((waits,)),
            ),
        ),
        agents=(AgentGroup(GROUP, Timed((agents,)), (QUEUE,), answer=rings),),
        horizon_seconds=warmup + lasting,
        warmup_seconds=warmup,
    )


def required(
    scenario: Scenario,
    group: str,
    target: Target,
    lived: Callable[[Scenario], Summary],
    start: int,
    most: int = COUNT_MAX,
) -> Required | None:
    """The fewest agents in `group` with which the simulated centre meets the target, the other
    groups as they are; None if not even `most` do. `lived` must use the same callers each time."""
    tried: dict[int, Required] = {}

    def met(count: int) -> bool:
        summary = lived(with_count(scenario, group, count))
        occupancy = summary[f"group/{group}"]["occupancy"]
        tried[count] = Required(count, summary["all"], occupancy)
        return meets(tried[count], target)

    found = search(met, start, most)
    return None if found is None else tried[found]


def of_interval(
    interval: Interval,
    target: Target,
    assumed: Assumed,
    lived: Callable[[Scenario], Summary],
) -> Required | None:
    """For one interval on its own. Without calls it is the formula's: nobody could be watched."""
    start = staff(interval.rate, interval.handling, target, assumed.patience).agents
    if interval.calls <= 0.0:
        return Required(start, {}, Estimate(0.0, 0.0, 0))
    scenario = scenario_of(interval, target.within, assumed, start)
    return required(scenario, GROUP, target, lived, start, max(4 * start, 50))


def meets(one: Required, target: Target) -> bool:
    """By the mean of what was seen; how far that may be off, its interval of confidence says."""
    figures = one.figures
    wanted = (
        (target.service_level, figures["service_level_of_offered"].mean, 1),
        (target.mean_wait, figures["mean_wait_all"].mean, -1),
        (target.abandonment, figures["probability_of_abandonment"].mean, -1),
        (target.occupancy_max, one.occupancy.mean, -1),
    )
    return all(limit is None or sign * (value - limit) >= 0 for limit, value, sign in wanted)
