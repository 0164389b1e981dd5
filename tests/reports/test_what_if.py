"""What-if: changes to the people of a day, the day as a scenario, figures by interval. Pure."""

from __future__ import annotations

import random
from datetime import date

import pytest

from acd.erlang import with_abandonment
from acd.happened import Dice
from acd.model import Agent, Queue
from acd.simulate import replicate
from acd.tally import estimate
from acd.tally_intervals import interval_figures
from callcenter.reports.what_if.people import Change, Person, changed, inside, merged, outside
from callcenter.reports.what_if.scenario import (
    NEEDS_MAX,
    Callers,
    Day,
    few,
    planned_in,
    scenario_of,
)
from callcenter.reports.what_if.usual import days_before, usual_of

pytestmark = pytest.mark.pure

HOUR = 3600.0
DAY = (8 * HOUR, 16 * HOUR)


def person(id: str, *queues: str, there: tuple[float, float] = DAY, **skills: int) -> Person:
    return Person(Agent(id, id, skills=skills, queues=dict.fromkeys(queues, 0)), (there,))


ADA = person("ada", "care", "sales", zh=3)
BO = person("bo", "care")
CID = person("cid", "care", there=(10 * HOUR, 18 * HOUR))
PEOPLE = [ADA, BO, CID]


def there(people: list[Person]) -> dict[str, tuple[tuple[float, float], ...]]:
    found: dict[str, list[tuple[float, float]]] = {}
    for one in people:
        found.setdefault(one.agent.id, []).extend(one.there)
    return {id: tuple(sorted(spans)) for id, spans in found.items()}


def test_spans_are_cut_and_joined() -> None:
    assert merged([(3, 4), (1, 2), (2, 3), (6, 6)]) == ((1, 4),)
    assert inside(((1, 4), (6, 9)), 3, 7) == ((3, 4), (6, 7))
    assert outside(((1, 4), (6, 9)), 3, 7) == ((1, 3), (7, 9))


def test_two_fewer_at_eleven_are_those_with_the_fewest_queues() -> None:
    change = Change("agents", 11 * HOUR, 11.5 * HOUR, count=-2, queue="care")
    assert there(changed(PEOPLE, [change])) == {
        "ada": (DAY,),
        "bo": ((8 * HOUR, 11 * HOUR), (11.5 * HOUR, 16 * HOUR)),
        "cid": ((10 * HOUR, 11 * HOUR), (11.5 * HOUR, 18 * HOUR)),
    }
    nine = Change("agents", 9 * HOUR, 10 * HOUR, count=-9, queue="sales")
    assert there(changed(PEOPLE, [nine]))["ada"] == ((8 * HOUR, 9 * HOUR), (10 * HOUR, 16 * HOUR))


def test_more_are_like_the_most_usual_there() -> None:
    more = changed(PEOPLE, [Change("agents", HOUR, 2 * HOUR, count=2, queue="care")])[3:]
    assert [one.there for one in more] == [((HOUR, 2 * HOUR),)] * 2
    assert {tuple(one.agent.queues) for one in more} == {("care",)}
    assert len({one.agent.id for one in more}) == 2
    new = changed([], [Change("agents", 0, 1, count=1, queue="new")])
    assert [dict(one.agent.queues) for one in new] == [{"new": 0}]


def test_a_skill_for_some_hours_makes_two_of_one() -> None:
    change = Change("skill", 11 * HOUR, 12 * HOUR, agent="bo", skill="zh", level=5)
    made = changed(PEOPLE, [change])
    parts = [(dict(one.agent.skills), one.there) for one in made if one.agent.id == "bo"]
    assert parts == [
        ({}, ((8 * HOUR, 11 * HOUR), (12 * HOUR, 16 * HOUR))),
        ({"zh": 5}, ((11 * HOUR, 12 * HOUR),)),
    ]
    without = changed(PEOPLE, [Change("skill", *DAY, agent="ada", skill="zh", level=0)])
    assert [dict(one.agent.skills) for one in without if one.agent.id == "ada"] == [{}]


def test_queues_and_presence_of_one_agent() -> None:
    joins = changed(PEOPLE, [Change("queue", *DAY, agent="bo", queue="sales", on=True)])
    assert [set(one.agent.queues) for one in joins if one.agent.id == "bo"] == [{"care", "sales"}]
    leaves = changed(PEOPLE, [Change("queue", *DAY, agent="ada", queue="care", on=False)])
    assert [set(one.agent.queues) for one in leaves if one.agent.id == "ada"] == [{"sales"}]
    gone = changed(PEOPLE, [Change("agent", *DAY, agent="bo", on=False)])
    assert "bo" not in there(gone)
    longer = changed(PEOPLE, [Change("agent", 15 * HOUR, 17 * HOUR, agent="bo", on=True)])
    assert there(longer)["bo"] == ((8 * HOUR, 17 * HOUR),)


# -- the day ------------------------------------------------------------------------------------
EDGES = tuple(number * HOUR for number in range(24))
CALLS = tuple(60.0 if 8 <= number < 16 else 0.0 for number in range(24))
QUEUES = {"care": Queue("care", "Care"), "sales": Queue("sales", "Sales")}


def day(**more: object) -> Day:
    callers = Callers(CALLS, (180.0,) * 24, 1.0, 240.0, **more)  # type: ignore[arg-type]
    return Day(EDGES, 24 * HOUR, {"care": callers})


def lived(made: Day, people: list[Person], count: int = 12) -> list[dict[str, dict[str, object]]]:
    scenario = scenario_of(made, QUEUES, people)
    found = []
    for number in range(count):

        def stream(purpose: str, number: int = number) -> Dice:
            return random.Random(f"{number}/{purpose}")

        run = replicate(scenario, stream)
        found.append(interval_figures(scenario, run, frozenset({"care"})))
    return found  # type: ignore[return-value]


def mean(runs: list[dict[str, dict[str, object]]], part: str, figure: str) -> float:
    return estimate([one[part][figure] for one in runs]).mean  # type: ignore[misc]


def test_a_day_of_equal_hours_is_what_erlang_a_says() -> None:
    """Three Erlang and five agents; the first hour fills up, the last empties, the rest agree."""
    people = [person(f"a{number}", "care") for number in range(5)]
    runs = lived(day(), people, 30)
    expected = with_abandonment(5, 60 / HOUR, 180.0, 240.0, 20.0)
    hours = [str(number) for number in range(9, 16)]
    level = sum(mean(runs, hour, "service_level") for hour in hours) / len(hours)
    busy = sum(mean(runs, hour, "occupancy") for hour in hours) / len(hours)
    assert level == pytest.approx(expected.service_level, abs=0.04)
    assert busy == pytest.approx(expected.occupancy, abs=0.04)
    assert mean(runs, "all", "offered") == pytest.approx(480, rel=0.05)
    assert mean(runs, "3", "offered") == 0.0


def test_pieces_of_the_day_add_up_to_it() -> None:
    runs = lived(day(), PEOPLE, 2)
    for one in runs:
        for figure in ("offered", "abandoned"):
            parts = sum(one[str(n)][figure].part for n in range(24))  # type: ignore[attr-defined]
            assert parts == one["all"][figure].part  # type: ignore[attr-defined]
        staffed = sum(one[str(n)]["occupancy"].whole for n in range(24))  # type: ignore[attr-defined]
        # Three people eight hours each, and who is with a caller stays until he has done.
        assert 24 * HOUR <= staffed < 25 * HOUR
    assert planned_in(day(), PEOPLE, frozenset({"care"}))[8:18] == [2, 2, *[3] * 6, 1, 1]
    assert planned_in(day(), PEOPLE, frozenset({"sales"}))[8:10] == [1, 1]


def test_fewer_people_make_a_worse_hour_with_the_same_callers() -> None:
    change = Change("agents", 11 * HOUR, 12 * HOUR, count=-2, queue="care")
    people = [person(f"a{number}", "care") for number in range(5)]
    base, other = lived(day(), people), lived(day(), changed(people, [change]))
    assert mean(base, "11", "offered") == mean(other, "11", "offered")
    assert mean(other, "11", "service_level") < mean(base, "11", "service_level") - 0.1
    assert mean(other, "11", "occupancy") > mean(base, "11", "occupancy") + 0.1
    assert mean(other, "9", "service_level") == mean(base, "9", "service_level")


def test_callers_who_need_a_skill_are_served_by_one_more_who_has_it() -> None:
    needs: tuple[tuple[float, dict[str, int]], ...] = ((0.5, {}), (0.5, {"zh": 3}))
    people = [person(f"a{number}", "care") for number in range(4)]
    people.append(person("ada", "care", zh=5))
    change = Change("skill", 0, 24 * HOUR, agent="a0", skill="zh", level=5)
    base = lived(day(needs=needs), people)
    other = lived(day(needs=needs), changed(people, [change]))
    assert mean(other, "all", "service_level") > mean(base, "all", "service_level") + 0.1


def test_callers_of_rare_kinds_count_to_the_nearest_and_none_is_lost() -> None:
    usual = [(0.11, {f"s{number}": 5}) for number in range(NEEDS_MAX)]
    rare = [(0.06, {"s3": 4}), (0.04, {"s5": 5, "zh": 1}), (0.02, {"new": 1})]
    made = few((*rare, *usual))
    assert [dict(skills) for _, skills in made] == [skills for _, skills in usual]
    assert sum(share for share, _ in made) == pytest.approx(1.0)
    shares = [share for share, _ in made]
    assert shares == pytest.approx([0.13, 0.11, 0.11, 0.17, 0.11, 0.15, 0.11, 0.11])
    rates = [kind.rate.at(9 * HOUR) for kind in scenario_of(day(needs=made), QUEUES, []).callers]
    assert sum(rates) == pytest.approx(60 / HOUR)
    assert few(((1.0, {}),)) == ((1.0, {}),)


# -- without a plan -----------------------------------------------------------------------------
SUNDAY = date(2026, 3, 29)  # the clocks go forward in Berlin


def test_the_last_four_same_weekdays_that_are_over_are_looked_at() -> None:
    today = date(2026, 3, 24)
    before = [date(2026, 3, 22), date(2026, 3, 15), date(2026, 3, 8), date(2026, 3, 1)]
    assert days_before(SUNDAY, today) == before
    assert days_before(date(2026, 3, 22), today)[0] == date(2026, 3, 15)  # the day itself is asked
    assert days_before(today, today)[0] == date(2026, 3, 17)


def test_usual_hours_are_those_of_half_the_days_on_which_anybody_worked() -> None:
    days = days_before(SUNDAY, SUNDAY)[:3]  # on the fourth nobody worked
    seen = [("ada", day, slot) for day in days for slot in (2, 3, 18, 19, 20)]
    seen += [("bob", day, 18) for day in days[:2]]  # two of three
    seen += [("cy", days[0], 18)]  # one of three: he helped out
    hour = 3600.0
    assert usual_of(seen, SUNDAY, "Europe/Berlin") == {
        # From one to two, when it is three at once; and from nine, eight hours after midnight.
        "ada": ((hour, 2 * hour), (8 * hour, 9.5 * hour)),
        "bob": ((8 * hour, 8.5 * hour),),
    }
    assert usual_of([], SUNDAY, "Europe/Berlin") == {}
