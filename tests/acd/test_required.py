"""Agents required by simulation: the formula's number where the formula's suppositions hold, more
where a telephone rings that it knows nothing of; and the search that finds it."""

from __future__ import annotations

import random

import pytest

from acd.erlang import Target, staff, with_abandonment
from acd.happened import Dice
from acd.required import Assumed, Summary, meets, of_interval, scenario_of
from acd.scenario import Scenario
from acd.simulate import replicate
from acd.staffing import Interval, rostered, search
from acd.tally import figures_of, summarise

pytestmark = pytest.mark.pure

GOAL = Target(0.8, 20.0)
BUSY = Interval(0.0, 1800.0, 60.0, 180.0)


def lived(scenario: Scenario, replications: int = 10) -> Summary:
    done = []
    for number in range(replications):

        def stream(purpose: str, number: int = number) -> Dice:
            return random.Random(f"1/{number}/{purpose}")

        done.append(figures_of(scenario, replicate(scenario, stream)))
    return summarise(done)


@pytest.mark.parametrize("answer", [0, 1, 2, 7, 64, 99, 100])
@pytest.mark.parametrize("start", [0, 1, 6, 8, 100, 5000])
def test_the_fewest_are_found_from_wherever_one_begins(answer: int, start: int) -> None:
    tried: list[int] = []

    def met(count: int) -> bool:
        tried.append(count)
        return count >= answer

    assert search(met, start, most=100) == answer
    assert len(tried) == len(set(tried)), "something was tried twice"
    if start == answer:
        assert len(tried) <= 2


def test_what_no_number_reaches_is_told() -> None:
    assert search(lambda count: False, 3, most=100) is None
    impossible = Target(0.99, 1.0)
    rings = Assumed(ringing=5.0)
    assert of_interval(BUSY, impossible, rings, lambda scenario: lived(scenario, 2)) is None


def test_where_the_formula_holds_the_simulated_line_does_what_it_says() -> None:
    assumed = Assumed(patience=120.0)
    for agents in (7, 9):
        summary = lived(scenario_of(BUSY, 20.0, assumed, agents))
        expected = with_abandonment(agents, BUSY.rate, BUSY.handling, 120.0, 20.0)
        figures = {
            "service_level_of_offered": expected.service_level,
            "mean_wait_all": expected.mean_wait,
            "probability_of_abandonment": expected.probability_of_abandonment,
        }
        for name, value in figures.items():
            seen = summary["all"][name]
            assert abs(seen.mean - value) < 2.0 * seen.half_width, name


def test_a_ringing_telephone_and_other_handling_times_need_other_numbers() -> None:
    formula = staff(BUSY.rate, BUSY.handling, GOAL, 120.0).agents
    plain = of_interval(BUSY, GOAL, Assumed(120.0), lived)
    rings = of_interval(BUSY, GOAL, Assumed(120.0, ringing=12.0), lived)
    even, wild = (
        lived(scenario_of(BUSY, 20.0, Assumed(spread=spread), 8))["all"]["mean_wait_all"].mean
        for spread in (0.2, 2.5)
    )
    assert plain is not None
    assert rings is not None
    assert abs(plain.agents - formula) <= 1
    assert rings.agents > plain.agents
    assert wild > 1.5 * even
    for found in (plain, rings):
        assert meets(found, GOAL)


def test_how_busy_agents_may_be_counts_too() -> None:
    idle = of_interval(BUSY, Target(0.8, 20.0, occupancy_max=0.5), Assumed(120.0), lived)
    assert idle is not None
    assert idle.occupancy.mean <= 0.5
    assert idle.agents >= 11


def test_without_calls_there_is_the_formula_s_number() -> None:
    found = of_interval(Interval(0.0, 1800.0, 0.0, 180.0), GOAL, Assumed(), lived)
    assert found is not None
    assert (found.agents, found.figures) == (1, {})


def test_a_roster_has_those_who_are_off_the_phone() -> None:
    assert [rostered(agents, 0.3) for agents in (0, 7, 12)] == [0, 10, 18]
