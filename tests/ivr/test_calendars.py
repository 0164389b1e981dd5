"""Holidays by country and from an ICS file."""

from __future__ import annotations

import pytest

from callcenter.calendars import (
    HolidaysUnknown,
    IcsWrong,
    country_holidays,
    read_ics,
    with_holidays,
)
from ivr.calendar import Calendar, is_open
from ivr.localtime import moment

pytestmark = pytest.mark.pure


def test_public_holidays_of_a_country() -> None:
    days = country_holidays("CN", [2026])
    assert days["2026-10-01"] == "National Day"
    assert country_holidays("CN", [2026], "zh_CN")["2026-10-01"] == "国庆节"
    assert "2026-01-06" in country_holidays("DE-BY", [2026])
    assert "2026-01-06" not in country_holidays("DE-BE", [2026])


@pytest.mark.parametrize("country", ["XX", "CN-ZZ"])
def test_a_country_nobody_knows(country: str) -> None:
    with pytest.raises(HolidaysUnknown, match=country):
        country_holidays(country, [2026])


def test_a_calendar_is_filled_in_and_keeps_its_own_names() -> None:
    calendar = Calendar(
        week={"mon-sun": "00:00-24:00"}, country="CN", holidays={"2026-10-01": "Feast"}
    )
    filled = with_holidays(with_holidays(calendar, [2027]), [2026, 2026])
    assert filled.filled_years == ("2026", "2027")
    assert filled.holidays["2026-10-01"] == "Feast"
    verdict = is_open(filled, moment("2026-10-02", 600, "Asia/Shanghai"), "Asia/Shanghai")
    assert (verdict.state, verdict.doubtful) == ("holiday", False)
    assert with_holidays(Calendar(), [2026]) == Calendar()


ICS = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//test//EN
BEGIN:VEVENT
UID:1
DTSTART;VALUE=DATE:20261224
DTEND;VALUE=DATE:20261227
SUMMARY:圣诞节
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART;VALUE=DATE:20261231
SUMMARY:Stocktaking
END:VEVENT
BEGIN:VEVENT
UID:3
DTSTART:20261130T100000Z
DTEND:20261130T110000Z
SUMMARY:Meeting
END:VEVENT
BEGIN:VEVENT
UID:4
DTSTART;VALUE=DATE:20270101
RRULE:FREQ=YEARLY
SUMMARY:New Year
END:VEVENT
BEGIN:VEVENT
UID:5
DTSTART;VALUE=DATE:20270110
DTEND;VALUE=DATE:20270109
SUMMARY:Backwards
END:VEVENT
END:VCALENDAR
"""


def test_the_whole_days_of_an_ics_file_are_closed() -> None:
    imported = read_ics(ICS)
    assert imported.days == {
        "2026-12-24": "圣诞节",
        "2026-12-25": "圣诞节",
        "2026-12-26": "圣诞节",
        "2026-12-31": "Stocktaking",
    }
    assert imported.skipped == (
        "'Meeting' was left out: it has a time of day, only whole days can be closed.",
        "'New Year' was left out: it repeats; write its days one by one.",
        "'Backwards' was left out: its end does not follow its beginning within a year.",
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no ICS file"),
        ("hello", "no ICS file"),
        ("BEGIN:VCALENDAR\n" * 3, "no ICS file"),
        ("x" * 1_000_001, "more than 1000000 characters"),
    ],
)
def test_what_is_no_ics_file(text: str, reason: str) -> None:
    with pytest.raises(IcsWrong, match=reason):
        read_ics(text)


def test_a_day_that_is_none_is_left_out() -> None:
    imported = read_ics(ICS.replace("20261231", "yesterday"))
    assert "2026-12-31" not in imported.days
    assert "'Stocktaking' was left out: its day cannot be read." in imported.skipped


def test_an_ics_file_of_too_many_days() -> None:
    event = "BEGIN:VEVENT\nDTSTART;VALUE=DATE:{0}0101\nDTEND;VALUE=DATE:{0}1231\nEND:VEVENT\n"
    years = [event.format(year) for year in (2026, 2027, 2028)]
    two = "".join(["BEGIN:VCALENDAR\n", *years[:2], "END:VCALENDAR\n"])
    assert len(read_ics(two).days) == 728
    three = "".join(["BEGIN:VCALENDAR\n", *years, "END:VCALENDAR\n"])
    with pytest.raises(IcsWrong, match="more than 1000 days"):
        read_ics(three)
