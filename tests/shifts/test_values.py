"""Shifts as written and what they mean: over midnight, over changes of the clocks, in files."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.shifts.files import as_csv, read_breaks, read_csv
from callcenter.shifts.values import (
    Shift,
    ShiftWrong,
    Span,
    checked,
    from_json,
    read_shift,
    stretches,
    to_json,
)

pytestmark = pytest.mark.pure

DAY = date(2026, 12, 1)
AGENTS = {"ada": "Ada Chen", "bo": "Bo", "bo2": "Bo"}


def hours(shift: Shift, day: date, zone: str) -> float:
    found = stretches(day, [shift], zone)
    return sum((one.ends - one.begins).total_seconds() for one in found) / 3600


def test_a_shift_with_breaks_is_work_and_breaks_one_after_the_other() -> None:
    shift = read_shift("9:00", "17:00", [("15:00", "15:15"), ("12:00", "12:30")])
    found = stretches(DAY, [shift], "Asia/Shanghai")
    assert [(one.plan, one.begins, one.ends) for one in found] == [
        ("work", datetime(2026, 12, 1, 1, tzinfo=UTC), datetime(2026, 12, 1, 4, tzinfo=UTC)),
        ("break", datetime(2026, 12, 1, 4, tzinfo=UTC), datetime(2026, 12, 1, 4, 30, tzinfo=UTC)),
        ("work", datetime(2026, 12, 1, 4, 30, tzinfo=UTC), datetime(2026, 12, 1, 7, tzinfo=UTC)),
        ("break", datetime(2026, 12, 1, 7, tzinfo=UTC), datetime(2026, 12, 1, 7, 15, tzinfo=UTC)),
        ("work", datetime(2026, 12, 1, 7, 15, tzinfo=UTC), datetime(2026, 12, 1, 9, tzinfo=UTC)),
    ]


def test_a_night_shift_ends_on_the_next_day_and_so_may_its_breaks() -> None:
    shift = read_shift("22:00", "06:00", [("02:00", "02:30")])
    assert shift == Shift(1320, 1800, (Span(1560, 1590),))
    assert hours(shift, DAY, "UTC") == 8.0
    assert read_shift("16:00", "24:00").ends == 1440


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2026, 3, 28), 7.0), (date(2026, 10, 24), 9.0), (date(2026, 10, 25), 8.0)],
)
def test_the_night_in_which_the_clocks_are_changed_is_shorter_or_longer(
    day: date, expected: float
) -> None:
    assert hours(read_shift("22:00", "06:00"), day, "Europe/Berlin") == expected


def test_what_the_clocks_jump_over_is_not_planned() -> None:
    jumped = read_shift("02:00", "03:00")
    assert stretches(date(2026, 3, 29), [jumped], "Europe/Berlin") == []
    twice = stretches(date(2026, 10, 25), [read_shift("02:30", "03:30")], "Europe/Berlin")
    assert (twice[0].ends - twice[0].begins) == timedelta(hours=2)  # from the first half past two


@pytest.mark.parametrize(
    ("begins", "ends", "breaks", "said"),
    [
        ("25:00", "17:00", [], "no time of the day"),
        ("nine", "17:00", [], "write it as 09:00"),
        ("09:00", "09:00", [], "cannot end when it begins"),
        ("24:00", "08:00", [], "next day"),
        ("09:00", "17:00", [("08:00", "08:30")], "does not lie within"),
        ("09:00", "17:00", [("12:00", "13:00"), ("12:30", "13:30")], "overlaps"),
    ],
)
def test_what_cannot_be_is_refused_with_words(
    begins: str, ends: str, breaks: list[tuple[str, str]], said: str
) -> None:
    with pytest.raises(ShiftWrong, match=said):
        checked([read_shift(begins, ends, breaks)])


def test_shifts_of_a_day_do_not_overlap() -> None:
    early, late = read_shift("08:00", "12:00"), read_shift("12:00", "16:00")
    assert checked([late, early]) == (early, late)
    with pytest.raises(ShiftWrong, match="overlap at 11:00"):
        checked([early, read_shift("11:00", "15:00")])


@given(
    begins=st.integers(0, 1439),
    length=st.integers(30, 1439),
    cuts=st.lists(st.integers(1, 29), max_size=2, unique=True),
)
def test_what_is_kept_comes_back(begins: int, length: int, cuts: list[int]) -> None:
    cuts.sort()
    breaks = (Span(begins + cuts[0], begins + cuts[1]),) if len(cuts) == 2 else ()
    shift = Shift(begins, begins + length, breaks)
    assert checked([shift]) == (shift,)
    assert from_json(to_json([shift])) == (shift,)
    assert sum(ends - since for _, since, ends in shift.parts()) == length
    file = as_csv([("ada", DAY, [shift])]).decode()
    assert read_csv(file, AGENTS) == ({("ada", DAY): (shift,)}, [])


def test_files_of_spreadsheets_are_read() -> None:
    text = (
        "Agent;Date;Start;End;Breaks\n"
        "Ada Chen;2026/12/1;8:00;12:00;10:00-10:15\n"
        "ada;2026-12-01;13:00;17:00;\n"
        "\n"
        "bo2;2026.12.02;;;\n"
    )
    found, flaws = read_csv(text, AGENTS)
    assert flaws == []
    assert [len(shifts) for shifts in found.values()] == [2, 0]
    chinese = "坐席,日期,开始,结束,休息\nada,2026-12-01,09：00,17:00,12:00–12:30、15:00-15:15\n"
    ((shift,),) = read_csv(chinese, AGENTS)[0].values()
    assert len(shift.breaks) == 2


def test_every_mistake_in_a_file_has_its_line() -> None:
    text = (
        "agent,day,begins,ends,breaks\n"
        "eve,2026-12-01,09:00,17:00,\n"
        "bo,2026-13-01,09:00,17:00,\n"
        "ada,2026-12-01,09:00,17:00,noon\n"
        "Bo,2026-12-01,09:00,17:00,\n"
        "ada,2026-12-02,09:00,17:00,\n"
        "ada,2026-12-02,16:00,20:00,\n"
    )
    _, flaws = read_csv(text, AGENTS)
    assert [flaw.line for flaw in flaws] == [2, 3, 4, 5, 7]
    assert "whom you may plan" in flaws[0].message
    assert "no day" in flaws[1].message
    assert "12:00-12:30" in flaws[2].message
    assert "write the id" in flaws[3].message
    assert "overlap" in flaws[4].message
    assert "begins" in read_csv("agent,day\n", AGENTS)[1][0].message
    assert read_csv("", AGENTS)[1][0].line == 1
    with pytest.raises(ShiftWrong):
        read_breaks("12:00")
