"""The forecast follows weekday and hour, leaves out closed days, and says how wrong it was."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from acd.erlang import Target, staff
from callcenter.reports.asked.staffing import _one_fewer_and_more
from callcenter.reports.forecast import History

pytestmark = pytest.mark.pure

TODAY = date(2026, 6, 1)  # a Monday
SHAPE = {18: 40.0, 20: 90.0, 22: 60.0}


def past(weeks: int, noise: float = 0.0, closed: frozenset[date] = frozenset()) -> History:
    """Weekends have a third of the calls; each slot is its shape, more or less."""
    draw = random.Random(5)
    counts = {}
    for back in range(1, weeks * 7 + 1):
        day = TODAY - timedelta(days=back)
        if day in closed:
            continue
        for slot, calls in SHAPE.items():
            share = 1 / 3 if day.weekday() >= 5 else 1.0
            counts[day, slot] = round(calls * share * (1 + noise * draw.uniform(-1, 1)))
    return History(counts)


def test_a_regular_past_is_forecast_exactly() -> None:
    history = past(10)
    assert history.forecast(TODAY, 20, TODAY) == pytest.approx(90)
    assert history.forecast(TODAY + timedelta(days=5), 20, TODAY) == pytest.approx(30)
    assert history.forecast(TODAY, 3, TODAY) == 0
    assert history.error(TODAY).ours == pytest.approx(0)


def test_a_closed_day_says_nothing() -> None:
    holiday = TODAY - timedelta(days=7)
    assert past(10, closed=frozenset({holiday})).forecast(TODAY, 20, TODAY) == pytest.approx(90)


def test_nothing_is_known_of_a_weekday_that_never_was() -> None:
    assert History({}).forecast(TODAY, 20, TODAY) is None
    assert History({}).error(TODAY).ours is None


def test_the_future_is_not_looked_at() -> None:
    history = past(10)
    later = TODAY - timedelta(days=14)
    assert history.forecast(later, 20, later) == pytest.approx(90)
    only_later = History({(TODAY - timedelta(days=7), 20): 5.0})
    assert only_later.forecast(TODAY, 20, TODAY - timedelta(days=7)) is None


def test_a_noisy_past_is_forecast_better_than_by_last_week_once_more() -> None:
    error = past(20, noise=0.4).error(TODAY)
    assert error.days == 28
    assert error.ours is not None
    assert error.naive is not None
    assert error.ours < error.naive


def test_one_agent_fewer_serves_worse_and_one_more_better() -> None:
    target = Target(service_level=0.8, within=20.0, occupancy_max=0.9)
    waiting = staff(90 / 1800, 240.0, target, 120.0)
    fewer, more = _one_fewer_and_more(90, 1800.0, 240.0, waiting, 120.0, 20.0)
    assert fewer is not None
    assert more is not None
    assert fewer < waiting.service_level < more
    assert waiting.service_level >= 0.8
    assert _one_fewer_and_more(0, 1800.0, 240.0, None, None, 20.0) == (None, None)
