"""Scenarios in the documented format whose answers are known, each with something unusual in it."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

import pytest

from acd import erlang
from acd.happened import Run
from acd.scenario import Scenario
from acd.scenario_reading import read_scenario
from acd.simulate import replicate
from acd.tally import Estimate, figures_of, summarise
from tests.acd.proving import Proof, check
from tests.acd.references import accumulating_waits

pytestmark = [pytest.mark.pure, pytest.mark.timeout(600)]

HOUR = 3600.0


def scenario(**changes: Any) -> Scenario:
    text: dict[str, Any] = {
        "horizon_seconds": 100 * HOUR,
        "warmup_seconds": 5 * HOUR,
        "queues": {"q": {}},
        "callers": [caller()],
        "agents": [{"group": "g", "count": 1, "queues": ["q"]}],
    }
    read, mistakes = read_scenario(text | changes)
    assert read is not None, mistakes
    return read


def caller(**changes: Any) -> dict[str, Any]:
    plain = {
        "name": "c",
        "queue": "q",
        "arrivals_per_hour": 30,
        "handling": {"exponential_mean_seconds": 60},
    }
    return plain | changes


def run(one: Scenario, number: int = 0) -> Run:
    return replicate(one, lambda name: Random(f"11/{number}/{name}"))


def simulated(one: Scenario, replications: int = 20) -> dict[str, dict[str, Estimate]]:
    return summarise([figures_of(one, run(one, n)) for n in range(replications)])


# Mean and mean square of the handling time.
HANDLING: Mapping[str, tuple[dict[str, Any], float, float]] = {
    "deterministic": ({"deterministic_seconds": 60}, 60.0, 3600.0),
    "lognormal": ({"lognormal": {"mean_seconds": 60, "cv": 1.2}}, 60.0, 3600 * (1 + 1.44)),
    "uniform": ({"uniform": {"low_seconds": 0, "high_seconds": 120}}, 60.0, 4800.0),
    "empirical": ({"empirical_seconds": [10, 20, 30, 180]}, 60.0, 33_800 / 4),
}


@pytest.mark.parametrize("kind", list(HANDLING))
def test_one_agent_and_any_handling_time(kind: str) -> None:
    """Pollaczek and Khinchine: the mean wait of M/G/1 is rate * E[S^2] / 2 (1 - load)."""
    handling, mean, square = HANDLING[kind]
    rate = 30 / HOUR
    figures = simulated(scenario(callers=[caller(handling=handling)]))
    wait = rate * square / (2 * (1 - rate * mean))
    proofs = [
        Proof("wait", figures["all"]["mean_wait_all"], wait),
        Proof("P(wait)", figures["all"]["probability_of_waiting"], rate * mean),
        Proof("busy", figures["group/g"]["occupancy"], rate * mean),
    ]
    check(proofs, 0.15)


@pytest.mark.parametrize(
    "nobody_waits",
    [{"patience": {"deterministic_seconds": 0}}, {"patience_zero_probability": 1.0}],
)
def test_who_has_no_patience_makes_it_a_loss_system(nobody_waits: dict[str, Any]) -> None:
    """Erlang B, which holds for any handling time."""
    kind = caller(
        arrivals_per_hour=200,
        handling={"lognormal": {"mean_seconds": 180, "cv": 0.8}},
        **nobody_waits,
    )
    pool = [{"group": "g", "count": 10, "queues": ["q"]}]
    one = scenario(horizon_seconds=35 * HOUR, callers=[kind], agents=pool)
    figures = simulated(one, 10)
    lost = erlang.erlang_b(10, 200 / HOUR * 180)
    carried = 200 / HOUR * 180 * (1 - lost) / 10
    check(
        [
            Proof("lost", figures["all"]["probability_of_abandonment"], lost),
            Proof("busy", figures["group/g"]["occupancy"], carried),
        ],
        0.05,
    )
    assert figures["all"]["mean_wait_all"].mean == 0.0


def test_arrivals_follow_the_hours_and_the_busyness_of_the_day() -> None:
    rates = [
        {"until_seconds": HOUR, "per_hour": 600},
        {"until_seconds": 2 * HOUR, "per_hour": 0},
        {"per_hour": 60},
    ]
    one = scenario(
        horizon_seconds=4 * HOUR,
        warmup_seconds=0,
        busyness={"gamma_shape": 25},
        callers=[caller(arrivals_per_hour=rates, patience={"deterministic_seconds": 0})],
    )
    runs = [run(one, n) for n in range(150)]
    counts = [len(done.callers) for done in runs]
    mean = sum(counts) / len(counts)
    spread = sum((count - mean) ** 2 for count in counts) / len(counts)
    expected = 600 + 2 * 60
    assert mean == pytest.approx(expected, rel=0.05)
    # a mixed Poisson count: its mean, and the square of it by the shape of the gamma factor
    assert spread == pytest.approx(expected + expected**2 / 25, rel=0.35)
    between = [c for done in runs for c in done.callers if HOUR <= c.arrived_at < 2 * HOUR]
    assert not between


def test_groups_handle_at_their_own_pace_and_the_day_ends_without_drain() -> None:
    one = scenario(
        horizon_seconds=1000.0,
        warmup_seconds=0,
        drain=False,
        callers=[
            caller(
                arrivals_per_hour=36_000,
                handling={
                    "fast": {"deterministic_seconds": 100},
                    "slow": [
                        {"until_seconds": 500, "deterministic_seconds": 250},
                        {"deterministic_seconds": 10_000},
                    ],
                },
            )
        ],
        agents=[
            {"group": "fast", "count": 1, "queues": ["q"]},
            {"group": "slow", "count": 1, "queues": ["q"]},
        ],
    )
    done = run(one)
    answered = {"fast": 0, "slow": 0}
    for caller_ in done.callers:
        if caller_.outcome == "answered":
            answered[str(caller_.agent).split("-")[0]] += 1
    assert answered == {"fast": 10, "slow": 3}  # at 0, 250 and 500
    still = [c for c in done.callers if c.outcome == "unfinished"]
    assert len(still) == len(done.callers) - 13
    assert all(c.wait == pytest.approx(1000.0 - c.arrived_at) for c in still)
    figures = figures_of(one, done)
    assert figures["all"]["other"].value == len(still)
    assert figures["group/slow"]["occupancy"].value == pytest.approx(1.0, abs=0.01)


def test_who_is_on_duty_counts_to_the_horizon_though_nothing_happens() -> None:
    rates = [{"until_seconds": 100, "per_hour": 3600}, {"per_hour": 0}]
    one = scenario(
        horizon_seconds=1000.0,
        warmup_seconds=0,
        callers=[caller(arrivals_per_hour=rates, handling={"deterministic_seconds": 1})],
    )
    done = run(one)
    busy = sum(worker.busy_seconds for worker in done.workers)
    assert busy == pytest.approx(len(done.callers))
    assert figures_of(one, done)["group/g"]["occupancy"].value == pytest.approx(busy / 1000.0)


def test_one_pool_with_two_queues_and_priorities() -> None:
    """Two queues of one pool, the second before the first: strict priority (Cobham)."""
    order = {"order": "priority"}
    kinds = [
        caller(name="low", queue="a", arrivals_per_hour=30, priority=0),
        caller(name="high", queue="b", arrivals_per_hour=60, priority=1),
    ]
    for kind in kinds:
        kind["handling"] = {"exponential_mean_seconds": 100}
    one = scenario(
        horizon_seconds=45 * HOUR,
        queues={"a": order, "b": order},
        callers=kinds,
        agents=[{"group": "g", "count": 4, "queues": ["a", "b"]}],
    )
    figures = simulated(one)
    high, low = erlang.priority_waits(4, [60 / HOUR, 30 / HOUR], 100)
    check(
        [
            Proof("high", figures["class/high"]["mean_wait_all"], high),
            Proof("low", figures["class/low"]["mean_wait_all"], low),
        ],
        0.35,
    )


def test_priorities_that_age_at_their_own_pace() -> None:
    """Kleinrock's accumulating priorities, by his formula for one agent and equal handling."""
    queue = {"priority_seconds": 0, "ageing": {"1": 3.0}}
    kinds = [
        caller(name="slow", arrivals_per_hour=24),
        caller(name="fast", arrivals_per_hour=21, priority=1),
    ]
    one = scenario(horizon_seconds=45 * HOUR, queues={"q": queue}, callers=kinds)
    figures = simulated(one)
    slow, fast = accumulating_waits(1, [24 / HOUR, 21 / HOUR], 60, [1.0, 3.0])
    check(
        [
            Proof("slow", figures["class/slow"]["mean_wait_all"], slow),
            Proof("fast", figures["class/fast"]["mean_wait_all"], fast),
        ],
        0.15,
    )


def test_when_agents_become_fewer_the_idle_go_first() -> None:
    """No call begins while as many are in progress as there should be agents: the usual model of a
    pool whose size changes, in which nobody drops a call."""
    counts = [
        {"until_seconds": HOUR, "count": 12},
        {"until_seconds": 2 * HOUR, "count": 5},
        {"count": 9},
    ]
    one = scenario(
        horizon_seconds=3 * HOUR,
        warmup_seconds=0,
        callers=[caller(arrivals_per_hour=120, handling={"deterministic_seconds": 200})],
        agents=[{"group": "g", "count": counts, "queues": ["q"]}],
    )
    done = run(one)
    began = sorted(c.arrived_at + c.wait for c in done.callers if c.outcome == "answered")
    for n, at in enumerate(began):
        talking = sum(at - 200 + 1e-6 < other for other in began[:n])
        assert talking < one.agents[0].count.at(at)
    staffed = sum(worker.staffed_seconds for worker in done.workers)
    late = sum(HOUR - 200 < at <= HOUR for at in began) - 5  # these finished their calls
    assert 0 < late
    assert 26 * HOUR < staffed < 26 * HOUR + 200 * late
