"""Alerts by a pure function: the time is an argument, nothing sleeps."""

from __future__ import annotations

import pytest

from callcenter.core.alerts import METRICS, Rule, Standing, figure, judge
from callcenter.core.board import AgentRow, QueueRow
from callcenter.core.teams import EVERYTHING, Reach

pytestmark = pytest.mark.pure

LONG = Rule("r1", "Too many wait", "waiting", "over", 3, 30)


def play(rule: Rule, values: list[float | None], step: float = 10) -> list[tuple[float, bool]]:
    standing: dict[str, Standing] = {}
    told = []
    for number in range(len(values)):
        now = 1_000 + number * step
        standing, turns = judge([rule], lambda _: values[number], standing, now)  # noqa: B023
        told += [(turn.at - 1_000, turn.raised) for turn in turns]
    return told


def test_it_is_raised_once_after_the_time_and_is_over_once() -> None:
    assert play(LONG, [4, 5, 4, 4, 9, 9, 3, 3]) == [(30, True), (60, False)]


def test_a_moment_within_the_limit_begins_the_time_anew() -> None:
    assert play(LONG, [4, 4, 3, 4, 4, 4, 4]) == [(60, True)]


def test_without_a_time_it_is_raised_at_once_and_a_figure_that_is_gone_ends_it() -> None:
    rule = Rule("r1", "Level", "service_level", "under", 80, 0)
    assert play(rule, [None, 79.9, None]) == [(10, True), (20, False)]


def test_what_stood_before_a_restart_is_not_told_again() -> None:
    standing, turns = judge([LONG], lambda _: 9.0, {"r1": Standing(0, raised=True)}, 5_000)
    assert (standing, turns) == ({"r1": Standing(0, raised=True)}, [])


def test_a_rule_that_is_gone_stands_no_more() -> None:
    assert judge([], lambda _: 9.0, {"r1": Standing(0, raised=True)}, 5) == ({}, [])


QUEUES = {
    "sales": QueueRow("sales", "Sales", waiting=2, oldest_joined_at=940, offered=10,
                      answered_in_target=7, abandoned=1, scheduled=2, callbacks_due=3),
    "support": QueueRow("support", "Support", waiting=1, oldest_joined_at=900, offered=10,
                        answered_in_target=10, scheduled=3, callbacks_due=1),
}  # fmt: skip
AGENTS = {
    "ada": AgentRow("ada", "Ada", "Blue", "paused", 100, limit_seconds=600),
    "ben": AgentRow("ben", "Ben", "Red", "hold", 900),
}


@pytest.mark.parametrize(
    ("metric", "house", "blue"),
    [
        ("waiting", 3, 2),
        ("longest_wait", 100, 60),
        ("service_level", 85, 70),
        ("abandoned", 1, 1),
        ("abandon_rate", 5, 10),
        ("available", 0, 0),
        ("talking", 1, 0),
        ("paused", 1, 1),
        ("unreachable", 0, 0),
        ("over_limit", 1, 1),
        ("callbacks_scheduled", 5, 2),
        ("callbacks_due", 4, 3),
    ],
)
def test_a_figure_is_of_what_lies_inside(metric: str, house: float, blue: float) -> None:
    side = Reach(agents=frozenset({"ada"}), queues=frozenset({"sales"}))
    assert figure(metric, EVERYTHING, QUEUES, AGENTS, 1_000) == house  # type: ignore[arg-type]
    assert figure(metric, side, QUEUES, AGENTS, 1_000) == blue  # type: ignore[arg-type]


def test_of_nothing_there_is_no_share() -> None:
    assert set(METRICS) >= {"service_level", "abandon_rate"}
    assert figure("service_level", Reach(), QUEUES, AGENTS, 1_000) is None
