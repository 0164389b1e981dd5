"""Simulated figures against exact ones: the distance in standard errors, and how sharp they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from acd.model import Queue
from acd.router import Router
from acd.scenario import AgentGroup, CallerClass, Distribution, Scenario, Timed
from acd.simulate import replicate
from acd.student import t_quantile
from acd.tally import Estimate, Figures, figures_of, summarise
from tests.acd.twins import Twin, controlled

Z_MAX = 3.5
HOUR = 3600.0


def exponential(mean: float) -> Timed[Distribution]:
    return Timed((Distribution("exponential", mean),))


def callers(
    name: str,
    per_hour: float,
    handling: float | Mapping[str, float],
    queue: str = "q",
    patience: float | None = None,
    priority: int = 0,
    skills: Mapping[str, int] | None = None,
) -> CallerClass:
    means = handling if isinstance(handling, Mapping) else {"": handling}
    return CallerClass(
        name,
        queue,
        Timed((per_hour / HOUR,)),
        {group: exponential(mean) for group, mean in means.items()},
        Timed((Distribution("none"),)) if patience is None else exponential(patience),
        skills=skills or {},
        priority=priority,
    )


def agents(
    name: str, count: int, queues: str = "q", skills: Mapping[str, int] | None = None
) -> AgentGroup:
    return AgentGroup(name, Timed((count,)), tuple(queues.split()), skills or {})


def centre(
    kinds: tuple[CallerClass, ...],
    staff: tuple[AgentGroup, ...],
    hours: float,
    **queue: object,
) -> Scenario:
    names = {kind.queue for kind in kinds}
    return Scenario(
        {n: Queue(n, n, waiting_max=10**7, **queue) for n in sorted(names)},  # type: ignore[arg-type]
        kinds,
        staff,
        hours * HOUR,
        warmup_seconds=hours * HOUR * 0.05,
    )


def simulated(
    scenario: Scenario,
    replications: int,
    make_router: Callable[[], Router] = Router,
    twins: Sequence[Twin] = (),
) -> dict[str, dict[str, Estimate]]:
    """All figures; with `twins`, freed of what these explain."""
    seeds = [f"7/{number}" for number in range(replications)]

    def run(seed: str) -> dict[str, Figures]:
        done = replicate(scenario, lambda name: Random(f"{seed}/{name}"), make_router)
        return figures_of(scenario, done)

    runs = [run(seed) for seed in seeds]
    if not twins:
        return summarise(runs)
    controls = [[off for twin in twins for off in twin.off(scenario, seed)] for seed in seeds]

    def estimate(part: str, name: str) -> Estimate:
        mean, error, freedom = controlled([one[part][name].value for one in runs], controls)
        return Estimate(mean, t_quantile(0.975, freedom) * error, freedom + 1)

    return {part: {name: estimate(part, name) for name in runs[0][part]} for part in runs[0]}


@dataclass(frozen=True)
class Proof:
    """How far the figure is from the exact value, and how sharp."""

    name: str
    figure: Estimate
    exact: float

    @property
    def z(self) -> float:
        t = t_quantile(0.975, self.figure.replications - 1)
        return (self.figure.mean - self.exact) / (self.figure.half_width / t)

    @property
    def sharpness(self) -> float:
        """Half-width of the 95 % interval by the exact value."""
        return self.figure.half_width / self.exact

    def __str__(self) -> str:
        return (
            f"{self.name}: {self.figure.mean:.5g} ± {self.figure.half_width:.2g}, exact "
            f"{self.exact:.5g}, z {self.z:+.2f}, ± {100 * self.sharpness:.1f} %"
        )


def check(proofs: list[Proof], sharpness: float) -> None:
    """Each figure within 3.5 standard errors, and sharp enough for that to mean something."""
    assert all(abs(proof.z) <= Z_MAX for proof in proofs), "\n".join(map(str, proofs))
    assert all(proof.sharpness <= sharpness for proof in proofs), "\n".join(map(str, proofs))
