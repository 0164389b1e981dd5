"""Figures are what their formulas say, intervals follow the clock, their page is current."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.reports.figures import FIGURES, sums_of
from callcenter.reports.page import page
from callcenter.reports.periods import Interval, Period, PeriodWrong, cut

pytestmark = pytest.mark.pure

ZONES = ("Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")
PAGE = Path(__file__).parents[2] / "docs" / "metrics.md"


def test_the_page_of_figures_is_current() -> None:
    told = "python -m callcenter.reports.page > docs/metrics.md"
    assert PAGE.read_text("utf-8") == page(), told


def test_the_four_service_levels_have_their_denominators() -> None:
    names = ("sl_offered", "sl_answered", "sl_late_abandons", "sl_without_short")
    sums = dict.fromkeys(sums_of(names), 0) | {
        "offered": 100,
        "answered": 80,
        "in_target": 60,
        "abandoned_late": 15,
        "abandoned_short": 4,
    }
    assert [FIGURES[name].value(sums) for name in names] == [0.6, 0.75, 60 / 95, 60 / 96]


def test_a_figure_without_anything_below_is_none() -> None:
    assert FIGURES["asa"].value(dict.fromkeys(sums_of(("asa",)), 0)) is None


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        (date(2026, 3, 29), "Europe/Berlin", 23),
        (date(2026, 10, 25), "Europe/Berlin", 25),
        (date(2026, 10, 25), "Asia/Shanghai", 24),
        (date(2026, 4, 5), "Australia/Lord_Howe", 24.5),
    ],
)
def test_days_with_a_change_of_the_clocks_are_as_long_as_they_are(
    day: date, zone: str, hours: float
) -> None:
    period = Period(day, day, zone)
    assert (period.until - period.since) == timedelta(hours=hours)
    quarters = cut(period, "15min")
    assert len(quarters) == hours * 4
    assert all(b - a == timedelta(minutes=15) for a, b in pairwise(quarters))


@given(
    first=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    days=st.integers(1, 9),
    zone=st.sampled_from(ZONES),
    interval=st.sampled_from(("5min", "15min", "30min", "hour", "day", "week", "month", "all")),
)
def test_intervals_cover_a_period_without_gaps(
    first: date, days: int, zone: str, interval: Interval
) -> None:
    period = Period(first, first + timedelta(days=days - 1), zone)
    edges = cut(period, interval)
    assert edges[0] == period.since
    assert edges == sorted(set(edges))
    assert edges[-1] < period.until
    if interval in ("day", "week", "month"):
        local = [edge.astimezone(ZoneInfo(zone)) for edge in edges]
        assert all((at.hour, at.minute) == (0, 0) for at in local)


def test_what_cannot_be_asked_is_refused_with_words() -> None:
    with pytest.raises(PeriodWrong, match="exchange"):
        Period(date(2026, 1, 2), date(2026, 1, 1), "UTC")
    with pytest.raises(PeriodWrong, match="fewer days"):
        cut(Period(date(2026, 1, 1), date(2026, 12, 31), "UTC"), "5min")
    year = Period(date(2026, 1, 1), date(2026, 1, 7), "UTC")
    assert year.before().last == date(2025, 12, 31)
    assert year.year_before().first.weekday() == year.first.weekday()
    assert year.since == datetime(2026, 1, 1, tzinfo=UTC)
