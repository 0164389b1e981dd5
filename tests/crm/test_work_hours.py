"""Working time, checked against counting minute by minute, over holidays and summer time."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from callcenter.crm.tickets.clocks import Clocks, aimed, entered, started
from callcenter.crm.tickets.types import DEFAULTS, Stage, Target, TicketType
from callcenter.crm.work_hours import WorkHours, due, worked
from ivr.calendar import Calendar, is_open

pytestmark = pytest.mark.pure

OFFICE = Calendar(
    timezone="Europe/Berlin",
    week={"mon-fri": "09:00-12:00, 13:00-18:00", "sat": "10:00-14:00"},
    holidays={"2026-10-03": "Day of unity"},
    overrides={"2026-10-26": "11:00-12:00", "2026-10-27": "closed"},
)
BERLIN = ZoneInfo("Europe/Berlin")


def at(day: str, time: str = "00:00") -> float:
    return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=BERLIN).timestamp()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 60 * 24 * 10), st.integers(0, 60 * 24 * 6))
def test_it_is_what_counting_minutes_says(begin: int, length: int) -> None:
    start = at("2026-10-19") + begin * 60  # the clocks change on the 25th
    minutes = [start + minute * 60 for minute in range(length)]
    counted = sum(60 for now in minutes if is_open(OFFICE, now, "UTC").state == "open")
    assert worked(OFFICE, start, start + length * 60) == counted


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 60 * 24 * 20), st.integers(1, 60 * 60))
def test_what_is_due_after_so_much_work_has_so_much_work_before_it(begin: int, work: int) -> None:
    start = at("2026-10-01") + begin * 60
    end = due(OFFICE, start, work * 60.0)
    assert end is not None
    assert worked(OFFICE, start, end) == pytest.approx(work * 60)


def test_friday_evening_is_due_on_monday_or_saturday() -> None:
    assert due(OFFICE, at("2026-10-16", "17:30"), 3600) == at("2026-10-17", "10:30")
    assert due(OFFICE, at("2026-10-02", "17:30"), 3600) == at("2026-10-05", "09:30")
    assert due(None, 100.0, 3600) == 3700.0
    assert due(Calendar(timezone="UTC", week={}), 0.0, 60) is None


def test_waiting_for_the_customer_moves_the_clocks_by_as_much_work() -> None:
    target = Target(first_answer_minutes=60, solution_minutes=600)
    clocks = started(at("2026-10-19", "09:00"), target, OFFICE)
    assert clocks.solution_due == at("2026-10-20", "11:00")
    waiting = entered(clocks, "waiting", None, at("2026-10-19", "15:00"), OFFICE)
    assert waiting.next_due is None
    assert waiting.late(at("2026-12-01")) == ()
    back = entered(waiting, "open", 60, at("2026-10-22", "09:00"), OFFICE)
    # Five hours of work were left at 15:00 on the first day.
    assert back.solution_due == at("2026-10-22", "15:00")
    assert back.first_due == at("2026-10-19", "10:00")  # had run out before
    assert back.stage_due == at("2026-10-22", "10:00")
    assert back.waited_seconds == (3 + 8 + 8) * 3600
    assert aimed(back, target, OFFICE).solution_due == back.solution_due
    solved = entered(back, "solved", None, at("2026-10-22", "10:00"), OFFICE)
    closed = entered(solved, "closed", None, at("2026-10-22", "11:00"), OFFICE)
    assert (closed.solved, closed.next_due) == (at("2026-10-22", "10:00"), None)
    again = entered(closed, "open", None, at("2026-10-22", "12:00"), OFFICE)
    assert (again.solved, again.closed) == (None, None)


def test_each_clock_runs_out_by_itself() -> None:
    clocks = Clocks(created=0, first_due=10, solution_due=30, stage_due=20)
    assert [clocks.late(now) for now in (5, 10, 25, 30)] == [
        (),
        ("first_answer",),
        ("first_answer", "stage"),
        ("first_answer", "solution", "stage"),
    ]


def test_the_kinds_that_come_with_the_product_hold_together() -> None:
    assert [kind.code for kind in DEFAULTS] == ["complaint", "question", "suggestion", "order"]
    for kind in DEFAULTS:
        assert TicketType.model_validate(kind.model_dump(mode="json")) == kind
        assert all(stage.name_zh for stage in kind.stages)


STAGES: list[dict[str, object]] = [
    {"code": "a", "name": "A", "next": ["b"]},
    {"code": "b", "name": "B", "kind": "closed"},
]


@pytest.mark.parametrize(
    ("stages", "reason"),
    [
        (STAGES[:1] * 2, "same code"),
        ([STAGES[0], {"code": "b", "name": "B"}], "never end"),
        ([{**STAGES[0], "next": ["c"]}, STAGES[1]], "does not exist"),
        ([{**STAGES[0], "next": []}, STAGES[1]], "no way leads"),
        ([{**STAGES[0], "needs": ["x"]}, STAGES[1]], "missing"),
        ([{**STAGES[0], "kind": "closed"}, STAGES[1]], "first stage"),
    ],
)
def test_a_table_that_does_not_hold_together_is_refused(
    stages: list[dict[str, object]], reason: str
) -> None:
    with pytest.raises(ValidationError, match=reason):
        TicketType.model_validate({"code": "x", "name": "X", "stages": stages})
    assert Stage.model_validate(STAGES[0]).kind == "open"


@pytest.mark.parametrize(
    "wrong",
    [{"timezone": "Mars/Base"}, {"week": {"moonday": "09:00-10:00"}}, {"week": {"mon": "9-5"}}],
)
def test_hours_that_cannot_be_read_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        WorkHours.model_validate({"name": "x", **wrong})
