"""Opening hours: the edges of the grid, holidays, overrides, the emergency switch."""

from __future__ import annotations

import pytest

from ivr.calendar import Calendar, SpanWrong, Verdict, days_of, is_open, spans_of
from ivr.localtime import moment

pytestmark = pytest.mark.pure

ZONE = "Asia/Shanghai"
OFFICE = Calendar(
    week={"mon-fri": "09:00-12:00, 13:30-18:00", "fri": "09:00-16:00", "sun": "22:00-24:00"},
    holidays={"2026-10-01": "National Day", "2026-10-02": "National Day"},
    overrides={"2026-10-02": "10:00-11:00", "2026-11-25": "closed", "2026-11-26": ""},
)


def at(day: str, time: str) -> float:
    hours, minutes = time.split(":")
    return moment(day, int(hours) * 60 + int(minutes), ZONE)


@pytest.mark.parametrize(
    ("day", "time", "state"),
    [
        ("2026-11-24", "08:59", "closed"),
        ("2026-11-24", "09:00", "open"),
        ("2026-11-24", "11:59", "open"),
        ("2026-11-24", "12:00", "closed"),
        ("2026-11-24", "13:30", "open"),
        ("2026-11-27", "17:00", "closed"),
        ("2026-11-28", "10:00", "closed"),
        ("2026-11-29", "23:59", "open"),
        ("2026-11-30", "00:00", "closed"),
        ("2026-11-25", "10:00", "closed"),
        ("2026-11-26", "10:00", "closed"),
        ("2026-10-01", "10:00", "holiday"),
        ("2026-10-02", "10:30", "open"),
        ("2026-10-02", "11:00", "closed"),
    ],
)
def test_the_office_is(day: str, time: str, state: str) -> None:
    assert is_open(OFFICE, at(day, time), ZONE).state == state


def test_a_holiday_has_a_name() -> None:
    assert is_open(OFFICE, at("2026-10-01", "10:00"), ZONE) == Verdict("holiday", "National Day")


def test_the_emergency_switch_comes_before_everything() -> None:
    calendar = Calendar(week={"mon-sun": "00:00-24:00"}, emergency=True)
    assert is_open(calendar, at("2026-11-24", "10:00"), ZONE).state == "emergency"


def test_a_calendars_own_place_counts() -> None:
    calendar = Calendar(timezone="America/New_York", week={"mon": "11:00-12:00"})
    assert is_open(calendar, at("2026-11-24", "00:05"), ZONE).state == "open"


def test_holidays_that_were_never_filled_in_are_doubtful() -> None:
    calendar = Calendar(week={"mon-sun": "00:00-24:00"}, country="CN", filled_years=("2025",))
    assert is_open(calendar, at("2026-11-24", "10:00"), ZONE) == Verdict("open", "", doubtful=True)
    assert not is_open(calendar, at("2025-11-24", "10:00"), ZONE).doubtful


def test_days_may_go_over_the_weekend() -> None:
    assert days_of("fri-mon") == {4, 5, 6, 0}
    assert days_of("wed") == {2}


@pytest.mark.parametrize(
    "text", ["9-17", "09:00-25:00", "10:00-10:00", "18:00-09:00", "24:00-24:00"]
)
def test_what_is_no_span_of_time(text: str) -> None:
    with pytest.raises(SpanWrong):
        spans_of(text)


def test_a_day_has_so_many_spans_and_no_more() -> None:
    spans = [f"{hour:02d}:00-{hour:02d}:30" for hour in range(11)]
    assert len(spans_of(", ".join(spans[:10]))) == 10
    with pytest.raises(SpanWrong, match="11 spans"):
        spans_of(", ".join(spans))
