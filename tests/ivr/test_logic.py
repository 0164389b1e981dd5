"""Set, condition, switch, split, hours: what they do, and what they do when it cannot be done."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from ivr.asks import Disconnect
from ivr.localtime import moment
from ivr.session import Session
from tests.ivr.walking import TUESDAY, checking_problems, flow_of, session_of

pytestmark = pytest.mark.pure


def test_assignments_are_made_in_turn() -> None:
    session = session_of(
        "first: {kind: set, assign: {a: 1, b: a + 1, c: \"'x'\", d: true, e: 2.5}, next: done}\n"
    )
    session.start(TUESDAY)
    got = {name: session.variables[name] for name in "abcde"}
    assert got == {"a": 1, "b": 2, "c": "x", "d": True, "e": 2.5}


def test_what_cannot_be_worked_out_is_null_and_noted() -> None:
    session = session_of("first: {kind: set, assign: {a: 1 / 0}, next: done}\n")
    assert session.start(TUESDAY) == Disconnect("done")
    assert session.variables["a"] is None
    assert [str(trouble) for trouble in session.troubles] == [
        "node first: '1 / 0': division by zero in CEL expression"
    ]


CONDITION = 'first: {{kind: condition, when: "{}", ports: {{yes: done, no: other{}}}}}\n'


@pytest.mark.parametrize(
    ("when", "error_port", "end", "codes"),
    [
        ("customer_vip", "", "done", []),
        ("!customer_vip", "", "other", []),
        ("time >= '10:00' && date == '2026-11-24' && weekday == 2", "", "done", []),
        ("language == 'en'", "", "done", []),
        ("gone == 1", "", "other", ["undefined"]),
        ("gone == 1", ", error: third", "third", ["undefined"]),
        ("1 + 1", "", "other", ["expression"]),
        ("1 + 1", ", error: third", "third", ["expression"]),
    ],
)
def test_a_condition(when: str, error_port: str, end: str, codes: list[str]) -> None:
    session = session_of(CONDITION.format(when, error_port), customer_vip=True, time="25:00")
    assert session.start(TUESDAY) == Disconnect(end)
    assert [trouble.code for trouble in session.troubles] == codes


SWITCH = """
first: {kind: switch, cases: {gold: "did == '1'", silver: "did < '3'"},
        ports: {gold: done, silver: other, else: third}}
"""


@pytest.mark.parametrize(("did", "end"), [("1", "done"), ("2", "other"), ("3", "third")])
def test_a_switch_takes_the_first_that_is_true(did: str, end: str) -> None:
    assert session_of(SWITCH, did=did).start(TUESDAY) == Disconnect(end)


def test_a_case_may_not_be_called_else() -> None:
    problems = checking_problems(SWITCH.replace('silver: "', 'else: "').replace("silver", "x"))
    assert any("'else' cannot be a case" in problem for problem in problems)


SPLIT = """
first: {kind: split, shares: {c: 0, a: 20, b: 80}, ports: {a: done, b: other, c: third}}
"""


def test_a_split_keeps_its_shares_and_is_repeatable() -> None:
    flow = flow_of(SPLIT)
    ends = Counter(
        str(Session(flow, {"caller_number": f"+86{n}"}).start(TUESDAY)) for n in range(5000)
    )
    shares = {end[-7:-2]: count / 5000 for end, count in ends.items()}
    assert shares.keys() == {"'done", "other"}
    assert abs(shares["'done"] - 0.2) < 0.02
    again = {str(Session(flow, {"caller_number": "+86"}).start(TUESDAY)) for _ in range(20)}
    assert len(again) == 1


def test_shares_must_add_up() -> None:
    problems = checking_problems(SPLIT.replace("b: 80", "b: 70"))
    assert problems == ["node first: the shares add up to 90 percent; make them add up to 100."]


HOURS = """
first: {kind: hours, calendar: office, ports: {open: done, closed: other}}
"""
OFFICE = """\
calendars:
  office: {week: {mon-fri: "09:00-18:00"}, holidays: {2026-10-01: National Day}, country: CN}
"""


def test_hours_by_a_calendar_of_the_flow() -> None:
    session = session_of(HOURS, OFFICE)
    assert session.start(TUESDAY) == Disconnect("done")
    session = session_of(HOURS, OFFICE)
    assert session.start(moment("2026-10-01", 600, "Asia/Shanghai")) == Disconnect("other")
    assert session.variables["closed_reason"] == "National Day"


def test_holidays_nobody_filled_in_are_noted() -> None:
    session = session_of(HOURS, OFFICE)
    session.start(TUESDAY)
    assert [str(trouble) for trouble in session.troubles] == [
        "node first: the holidays of CN are not filled in"
    ]


def test_a_calendar_of_the_centre_comes_before_the_flows_own() -> None:
    flow = flow_of(HOURS.replace("closed: other", "closed: other, emergency: third"), OFFICE)
    shut = replace(flow.calendars["office"], emergency=True)
    assert Session(flow, {}, {"office": shut}).start(TUESDAY) == Disconnect("third")
    assert Session(flow, {}, {"elsewhere": shut}).start(TUESDAY) == Disconnect("done")


def test_an_unknown_calendar_counts_as_open() -> None:
    session = session_of(HOURS)
    assert session.start(TUESDAY) == Disconnect("done")
    assert [trouble.code for trouble in session.troubles] == ["calendar"]


@pytest.mark.parametrize(
    ("settings", "mistake"),
    [
        ("calendar: office, week: {mon: closed}", "both a calendar and its own week"),
        ("timezone: UTC", "neither a calendar nor a week"),
    ],
)
def test_hours_need_one_calendar(settings: str, mistake: str) -> None:
    node = f"first: {{kind: hours, {settings}, ports: {{open: done, closed: other}}}}\n"
    assert any(mistake in problem for problem in checking_problems(node))
