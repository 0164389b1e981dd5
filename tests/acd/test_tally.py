"""Figures from callers whose fates are known."""

from __future__ import annotations

from dataclasses import replace
from math import inf, isnan

import pytest

from acd.happened import Caller
from acd.scenario import CallerClass, Distribution, Timed
from acd.tally import MISSING, Figure, caller_figures, difference, estimate, gini

pytestmark = pytest.mark.pure

KIND = CallerClass("c", "q", Timed((1.0,)), {"": Timed((Distribution("deterministic", 1.0),))})


def caller(outcome: str, wait: float) -> Caller:
    return Caller(KIND, "x", 0.0, 0.5, outcome, wait)


def test_service_level_has_four_denominators() -> None:
    callers = [
        *(caller("answered", wait) for wait in (0.0, 0.0, 10.0, 20.0, 30.0, 90.0)),
        *(caller("abandoned", wait) for wait in (2.0, 15.0, 25.0)),
        caller("overflow-voicemail", 60.0),
    ]
    figures = {
        name: one.value for name, one in caller_figures(callers, {"q": 20.0}, short=5.0).items()
    }
    assert figures["offered"] == 10
    assert figures["answered"] == 6
    assert figures["abandoned"] == 3
    assert figures["other"] == 1
    assert figures["service_level_of_answered"] == pytest.approx(4 / 6)
    assert figures["service_level_of_answered_and_late_abandons"] == pytest.approx(4 / 7)
    assert figures["service_level_of_offered"] == pytest.approx(4 / 10)
    assert figures["service_level_without_short_abandons"] == pytest.approx(4 / 9)
    assert figures["mean_wait_answered"] == pytest.approx(150 / 6)
    assert figures["mean_wait_all"] == pytest.approx(252 / 10)
    assert figures["probability_of_waiting"] == pytest.approx(8 / 10)
    assert figures["wait_p50"] == 15.0
    assert figures["wait_p99"] == 90.0


def test_nobody_called() -> None:
    figures = caller_figures([], {"q": 20.0}, 5.0)
    assert figures["offered"].value == 0
    assert isnan(figures["service_level_of_offered"].value)
    assert isnan(figures["wait_p50"].value)


def test_gini() -> None:
    assert gini([5.0, 5.0, 5.0]) == 0.0
    assert gini([0.0, 0.0, 9.0]) == pytest.approx(2 / 3)
    assert gini([]) == 0.0


def test_an_interval_by_students_t() -> None:
    figure = estimate([Figure(1.0), Figure(2.0), Figure(3.0)])
    assert figure.mean == 2.0
    assert figure.half_width == pytest.approx(4.3027 / 3**0.5, rel=1e-4)
    assert estimate([Figure(4.0)]).half_width == inf
    assert estimate([MISSING, Figure(4.0), Figure(4.0)]).replications == 2
    assert estimate([Figure(4.0)]).to_json() == {"mean": 4.0, "half_width": None, "replications": 1}
    assert estimate([MISSING]).to_json() == {"mean": None, "half_width": None, "replications": 0}


def test_every_caller_weighs_the_same_however_busy_the_day_was() -> None:
    """A quiet day on which nobody waited does not outweigh a busy one."""
    figure = estimate([Figure(0.0, 10.0), Figure(90.0, 90.0)])
    assert figure.mean == pytest.approx(0.9)
    assert figure.half_width == pytest.approx(12.706 * (2 * 2 * 9.0**2) ** 0.5 / 100.0, rel=1e-4)


def test_in_time_is_what_the_callers_own_queue_calls_so() -> None:
    other = replace(KIND, name="d", queue="slow")
    callers = [Caller(kind, "x", 0.0, 0.5, "answered", 30.0) for kind in (KIND, other)]
    figures = caller_figures(callers, {"q": 20.0, "slow": 60.0}, 5.0)
    assert figures["service_level_of_offered"] == (1, 2)


def test_what_both_sides_share_is_not_in_the_interval_of_their_difference() -> None:
    """Busy and quiet days: every one is worse by one in ten, but how bad a day is varies much."""
    base = [Figure(part, 100.0) for part in (90.0, 50.0, 70.0, 20.0)]
    other = [Figure(one.part - 10.0, 100.0) for one in base]
    apart = difference(base, other)
    assert apart.mean == pytest.approx(-0.1)
    assert apart.half_width == pytest.approx(0.0, abs=1e-12)
    assert estimate(base).half_width > 0.4
    # By hand: differences of one whole each are a mean with Student's t (3.182 with three degrees).
    apart = difference([Figure(0.0)] * 4, [Figure(one) for one in (1.0, 2.0, 3.0, 6.0)])
    assert apart.mean == pytest.approx(3.0)
    assert apart.half_width == pytest.approx(3.1824 * (14 / 3) ** 0.5 / 2, rel=1e-4)


def test_a_difference_of_what_exists_on_one_side_alone_does_not_exist() -> None:
    some, none = Figure(1.0, 2.0), MISSING
    assert difference([some, none, some], [none, some, some]).replications == 1
    assert difference([some, none, some], [none, some, some]).half_width == inf
    assert isnan(difference([some], [none]).mean)
