"""The production router in the simulator reproduces exact queueing theory.

Each figure is freed of what a twin explains: a pool served in the order of arrival, with an agent
more or less, for the same callers, whose exact figures are known (`tests.acd.twins`). By day the
half-widths are within 5 % (10 % for single classes of the skill graphs and abandonment); with
`--nightly` there are 32 times as many callers, and they must be within 1 % (3 % for abandonment).
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from acd import erlang
from acd.scenario import Distribution, Scenario, Timed
from acd.simulate import replicate
from tests.acd.proving import (
    HOUR,
    Proof,
    agents,
    callers,
    centre,
    check,
    exponential,
    simulated,
)
from tests.acd.references import Graph
from tests.acd.twins import Twin, arrivals, waits

pytestmark = [pytest.mark.pure, pytest.mark.timeout(7200)]


def scale(nightly: bool) -> tuple[int, float]:
    """(replications, factor on their length)."""
    return (40, 16.0) if nightly else (20, 1.0)


def test_erlang_c_with_14_agents(nightly: bool) -> None:
    count, longer = scale(nightly)
    scenario = centre((callers("c", 200, 180),), (agents("g", 14),), 20 * longer)
    figures = simulated(scenario, count, twins=(Twin(15, 180), Twin(13, 180)))["all"]
    exact = erlang.without_abandonment(14, 200 / HOUR, 180, 20)
    check(
        [
            Proof("P(wait)", figures["probability_of_waiting"], exact.probability_of_waiting),
            Proof("ASA", figures["mean_wait_all"], exact.mean_wait),
            Proof("20 s", figures["service_level_of_offered"], exact.service_level),
        ],
        0.01 if nightly else 0.05,
    )


@pytest.mark.parametrize(
    ("count", "per_hour", "handling", "patience"),
    [(50, 2880, 60, 120), (12, 450, 100, 60)],
)
def test_erlang_a(
    nightly: bool, count: int, per_hour: float, handling: float, patience: float
) -> None:
    replications, longer = scale(nightly)
    hours = 3000 / per_hour * longer
    scenario = centre(
        (callers("c", per_hour, handling, patience=patience),), (agents("g", count),), hours
    )
    summary = simulated(scenario, replications, twins=(Twin(count + 1, handling),))
    figures = summary["all"]
    exact = erlang.with_abandonment(count, per_hour / HOUR, handling, patience, 20)
    proofs = [
        Proof("P(wait)", figures["probability_of_waiting"], exact.probability_of_waiting),
        Proof("wait, all", figures["mean_wait_all"], exact.mean_wait),
        Proof("wait, answered", figures["mean_wait_answered"], exact.mean_wait_answered),
        Proof("20 s", figures["service_level_of_offered"], exact.service_level),
        Proof("busy", summary["group/g"]["occupancy"], exact.occupancy),
        Proof(
            "P(abandon)", figures["probability_of_abandonment"], exact.probability_of_abandonment
        ),
    ]
    check(proofs[:-1], 0.01 if nightly else 0.05)
    check(proofs[-1:], 0.03 if nightly else 0.1)


def test_strict_priority(nightly: bool) -> None:
    count, longer = scale(nightly)
    kinds = (callers("gold", 40, 200, priority=1), callers("rest", 40, 200))
    scenario = centre(kinds, (agents("g", 5),), 40 * longer, priority_seconds=1e6)
    summary = simulated(scenario, count, twins=(Twin(5, 200), Twin(6, 200)))
    exact = erlang.priority_waits(5, [40 / HOUR, 40 / HOUR], 200)
    check(
        [
            Proof(name, summary[f"class/{name}"]["mean_wait_all"], wait)
            for name, wait in zip(("gold", "rest"), exact, strict=True)
        ],
        0.01 if nightly else 0.05,
    )


# The N, the W and a chain: types by the servers that take them, servers with unequal speeds.
GRAPHS = {
    "N": Graph((40.0, 35.0), ((60.0, frozenset({0})), (50.0, frozenset({0, 1})))),
    "W": Graph(
        (30.0, 30.0, 25.0),
        ((55.0, frozenset({0, 1})), (60.0, frozenset({1, 2}))),
    ),
    "chain": Graph(
        (30.0, 30.0, 30.0),
        (
            (45.0, frozenset({0, 1})),
            (40.0, frozenset({1, 2})),
            (50.0, frozenset({2, 0})),
        ),
    ),
    # Lightly loaded: here the order among idle servers shows most.
    "idle": Graph(
        (20.0, 40.0),
        ((40.0, frozenset({0})), (40.0, frozenset({0, 1})), (40.0, frozenset({1}))),
    ),
}


def graph_centre(graph: Graph, hours: float) -> Scenario:
    """A graph as a centre: one queue, a skill for each type, one agent for each server. Rates are
    per hour."""
    handling = {f"s{n}": HOUR / rate for n, (rate, _) in enumerate(graph.servers)}
    kinds = tuple(
        callers(f"t{n}", rate, handling, skills={f"t{n}": 1}) for n, rate in enumerate(graph.rates)
    )
    staff = tuple(
        agents(f"s{n}", 1, skills={f"t{c}": 5 for c in types})
        for n, (_, types) in enumerate(graph.servers)
    )
    return centre(kinds, staff, hours)


# Beside each graph, pools whose figures are known: all servers as one pool at their mean speed, and
# each type alone with servers that take it.
TWINS = {
    "N": (Twin(2, HOUR / 55), Twin(1, HOUR / 60, ("t0",)), Twin(1, HOUR / 50, ("t1",))),
    "W": (Twin(2, HOUR / 57.5), Twin(1, HOUR / 55, ("t0",)), Twin(1, HOUR / 60, ("t2",))),
    "chain": (
        Twin(3, HOUR / 45),
        Twin(1, HOUR / 45, ("t0",)),
        Twin(1, HOUR / 40, ("t1",)),
        Twin(1, HOUR / 50, ("t2",)),
    ),
    "idle": (Twin(3, HOUR / 40), Twin(2, HOUR / 40, ("t0",)), Twin(2, HOUR / 40, ("t1",))),
}


def graph_proofs(graph: Graph, summary: dict[str, dict[str, object]]) -> list[Proof]:
    waits, idle = graph.solve()
    proofs = [
        Proof(f"t{n}", summary[f"class/t{n}"]["mean_wait_all"], HOUR * wait)  # type: ignore[arg-type]
        for n, wait in enumerate(waits)
    ]
    return proofs + [
        Proof(f"s{n}", summary[f"group/s{n}"]["occupancy"], 1 - free)  # type: ignore[arg-type]
        for n, free in enumerate(idle)
    ]


@pytest.mark.parametrize("name", list(GRAPHS))
def test_skill_graphs_have_their_product_form(nightly: bool, name: str) -> None:
    count, longer = scale(nightly)
    # the graphs have few servers and long memories: three times as many callers
    scenario = graph_centre(GRAPHS[name], (90 if nightly else 30) * longer)
    summary = simulated(scenario, count, twins=TWINS[name])
    check(graph_proofs(GRAPHS[name], summary), 0.01 if nightly else 0.1)  # type: ignore[arg-type]


@pytest.mark.parametrize("patience", [None, 60.0])
def test_each_caller_waits_as_long_as_the_recursion_says(patience: float | None) -> None:
    """Kiefer and Wolfowitz: first come, first served needs no statistics at all."""
    scenario = centre((callers("c", 300, 180, patience=patience),), (agents("g", 16),), 20)
    run = replicate(scenario, lambda name: Random(f"7/0/{name}"))
    expected = [
        (arrived, wait)
        for arrived, wait in waits(
            arrivals(scenario.callers, scenario.horizon_seconds, "7/0"), 16, 180
        )
        if arrived >= scenario.warmup_seconds
    ]
    assert [c.arrived_at for c in run.callers] == pytest.approx([at for at, _ in expected])
    assert [c.wait for c in run.callers] == pytest.approx([w for _, w in expected], abs=1e-6)


def test_equal_agents_idle_equally_under_longest_idle() -> None:
    scenario = centre((callers("c", 250, 180),), (agents("g", 25),), 60)
    gini = simulated(scenario, 2)["group/g"]["idle_time_gini"]
    assert gini.mean <= 0.02


# -- the machine itself -------------------------------------------------------------------------
def small(**changes: object) -> Scenario:
    scenario = centre((callers("c", 120, 90, patience=60),), (agents("g", 3),), 2)
    return replace(scenario, **changes)  # type: ignore[arg-type]


def trace(scenario: Scenario, seed: int) -> str:
    return replicate(scenario, lambda name: Random(f"{seed}/{name}")).trace


def test_the_same_seed_gives_the_same_course_and_another_seed_another() -> None:
    assert trace(small(), 1) == trace(small(), 1)
    assert trace(small(), 1) != trace(small(), 2)


def test_everybody_is_accounted_for_and_draining_serves_all() -> None:
    run = replicate(small(warmup_seconds=0.0), lambda name: Random(name))
    outcomes = {caller.outcome for caller in run.callers}
    assert outcomes == {"answered", "abandoned"}
    cut = replicate(
        small(warmup_seconds=0.0, drain=False, horizon_seconds=600.0), lambda name: Random(name)
    )
    assert cut.ended_at <= 600.0


def test_with_common_random_numbers_only_the_centre_differs() -> None:
    few = replicate(small(), lambda name: Random(name))
    many = replicate(small(agents=(agents("g", 30),)), lambda name: Random(name))
    assert [c.arrived_at for c in few.callers] == [c.arrived_at for c in many.callers]
    assert [c.handling for c in few.callers] == [c.handling for c in many.callers]


def test_balking_callers_leave_at_once_only_when_they_would_wait() -> None:
    kind = replace(callers("c", 600, 90), balking=1.0)
    run = replicate(small(callers=(kind,)), lambda name: Random(name))
    assert {c.wait for c in run.callers} == {0.0}
    assert {c.outcome for c in run.callers} == {"answered", "abandoned"}


def test_staffing_and_arrivals_change_with_the_hour() -> None:
    kind = replace(callers("c", 0, 60), rate=Timed((0.0, 120 / HOUR), (HOUR,)))
    shift = replace(agents("g", 1), count=Timed((0, 4, 0), (1.5 * HOUR, 1.75 * HOUR)))
    scenario = small(callers=(kind,), agents=(shift,), horizon_seconds=2 * HOUR, drain=False)
    run = replicate(scenario, lambda name: Random(name))
    answered = [c.arrived_at + c.wait for c in run.callers if c.outcome == "answered"]
    assert min(c.arrived_at for c in run.callers) >= HOUR
    assert min(answered) == pytest.approx(1.5 * HOUR)
    assert max(answered) < 1.75 * HOUR
    staffed = sum(worker.staffed_seconds for worker in run.workers)
    # four agents for a quarter of an hour, and the last calls finished after it
    assert 4 * 0.25 * HOUR <= staffed < 4 * 0.25 * HOUR + 4 * 600


def test_missed_offers_go_on_to_others_and_cost_ring_time() -> None:
    group = replace(agents("g", 4), misses=0.3, answer=Distribution("deterministic", 4.0))
    scenario = small(callers=(callers("c", 60, 60),), agents=(group,))
    run = replicate(scenario, lambda name: Random(name))
    assert {c.outcome for c in run.callers} == {"answered"}
    waits = sorted(c.wait for c in run.callers)
    assert waits[0] == pytest.approx(4.0)
    assert any(wait == pytest.approx(24.0) for wait in waits)  # 20 s of ringing elsewhere first


def test_handling_may_depend_on_the_group_and_the_time() -> None:
    fixed = {
        "fast": Timed((Distribution("deterministic", 10.0),)),
        "slow": Timed(
            (Distribution("deterministic", 100.0), Distribution("deterministic", 50.0)), (HOUR,)
        ),
    }
    kind = replace(callers("c", 200, 1), handling=fixed)
    scenario = small(callers=(kind,), agents=(agents("fast", 2), agents("slow", 2)))
    run = replicate(scenario, lambda name: Random(name))
    busy = {worker.group.name: worker.busy_seconds for worker in run.workers}
    assert busy["fast"] < busy["slow"]
    assert exponential(3.0).at(0.0).mean == 3.0
