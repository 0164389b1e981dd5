"""Digits: lengths, dates, amounts, check digits, own rules, confirmation."""

from __future__ import annotations

import pytest

from ivr.asks import Collect, Disconnect, Play
from ivr.nodes.collect import luhn_right, read_amount, read_date
from tests.ivr.walking import TUESDAY, checking_problems, keys, said, session_of

pytestmark = pytest.mark.pure


def collect(extra: str) -> str:
    return f"""
    first: {{kind: collect, prompt: ask, invalid_prompt: wrong, timeout_prompt: silent,
            variable: got, retries: 1, {extra},
            ports: {{next: done, timeout: third, invalid: other}}}}
    """


@pytest.mark.parametrize(
    ("settings", "pressed", "value"),
    [
        ("digits_min: 4, digits_max: 6", "0042", "0042"),
        ("what: account, luhn: true", "79927398713", "79927398713"),
        ("what: phone", "01012345678", "01012345678"),
        ("what: date", "20280229", "2028-02-29"),
        ("what: date, date_format: DDMMYYYY", "24112026", "2026-11-24"),
        ("what: date, date_format: MMDD", "1124", "2026-11-24"),
        ("what: date, date_format: MMDD", "1123", "2027-11-23"),
        ("what: date, date_format: DDMM", "2902", "2028-02-29"),
        ("what: amount", "12*5", 12.5),
        ("what: amount, least: 10, most: 20", "10", 10.0),
        ("valid_when: value > '3'", "5", "5"),
        ("valid_when: size(value) == 3 && !customer_vip", "123", "123"),
    ],
)
def test_right_keys_are_kept(settings: str, pressed: str, value: object) -> None:
    session = session_of(collect(settings))
    session.start(TUESDAY)
    assert keys(session, pressed) == Disconnect("done")
    assert session.variables["got"] == value


@pytest.mark.parametrize(
    ("settings", "pressed"),
    [
        ("digits_min: 4", "123"),
        ("digits_max: 4", "12345"),
        ("digits_max: 4", "12*4"),
        ("what: account, luhn: true", "79927398710"),
        ("what: date", "20270229"),
        ("what: date", "2027"),
        ("what: amount", "1*234"),
        ("what: amount", "*5"),
        ("what: amount, least: 10", "9*99"),
        ("valid_when: value > '3'", "2"),
        ("valid_when: nowhere > 3", "2"),
        ("valid_when: value", "2"),
        ("digits_min: 1", "一"),
    ],
)
def test_wrong_keys_are_asked_again_and_then_leave_by_invalid(settings: str, pressed: str) -> None:
    session = session_of(collect(settings))
    session.start(TUESDAY)
    assert said(keys(session, pressed)) == ["wrong", "ask"]
    assert keys(session, pressed) == Disconnect("other")
    assert "got" not in session.variables


def test_silence_leaves_by_timeout() -> None:
    session = session_of(collect("digits_min: 1"))
    session.start(TUESDAY)
    assert said(keys(session, "")) == ["silent", "ask"]
    assert keys(session, "") == Disconnect("third")


def test_how_many_keys_are_waited_for() -> None:
    ask = session_of(collect("what: date")).start(TUESDAY)
    assert isinstance(ask, Play)
    assert ask.collect == Collect(8, 8, 5.0, 2.0, "#")
    ask = session_of(collect("digits_min: 4, digits_max: 6, terminator: '*'")).start(TUESDAY)
    assert isinstance(ask, Play)
    assert ask.collect == Collect(6, 4, 5.0, 2.0, "*")
    ask = session_of(collect("what: pin, secret: true")).start(TUESDAY)
    assert isinstance(ask, Play)
    assert ask.collect == Collect(16, 1, 5.0, 2.0, "#", secret=True)


CONFIRM = collect("digits_min: 4, confirm_prompt: [more, {digits: value}], confirm_key: '5'")


def test_a_confirmed_value_is_kept() -> None:
    session = session_of(CONFIRM)
    session.start(TUESDAY)
    assert said(keys(session, "4711")) == ["more", "4711"]
    assert "got" not in session.variables
    assert keys(session, "5") == Disconnect("done")
    assert session.variables["got"] == "4711"


def test_a_value_that_is_not_confirmed_is_asked_anew() -> None:
    session = session_of(CONFIRM)
    session.start(TUESDAY)
    assert said(keys(session, "4711", "1")) == ["wrong", "ask"]
    assert said(keys(session, "4712")) == ["more", "4712"]
    assert keys(session, "5") == Disconnect("done")
    assert session.variables["got"] == "4712"


def test_silence_at_the_confirmation_counts_as_a_try() -> None:
    session = session_of(CONFIRM)
    session.start(TUESDAY)
    assert said(keys(session, "4711", "")) == ["silent", "ask"]
    assert keys(session, "4711", "") == Disconnect("third")


@pytest.mark.parametrize(
    ("settings", "mistake"),
    [
        ("digits_min: 5, digits_max: 4", "digits_min is more than digits_max"),
        ("what: amount, least: 5, most: 4", "least is more than most"),
        ("what: amount, terminator: '*'", "* is the decimal point and also ends the digits"),
        ("what: pin", "a PIN that is not secret would be shown and logged"),
    ],
)
def test_settings_that_do_not_go_together(settings: str, mistake: str) -> None:
    assert any(mistake in problem for problem in checking_problems(collect(settings)))


def test_check_digits_by_the_examples_of_the_standard() -> None:
    assert luhn_right("4539578763621486")
    assert not luhn_right("4539578763621468")


def test_dates_without_a_year_mean_the_next_such_day() -> None:
    assert read_date("0101", "MMDD", "2026-01-01") == "2026-01-01"
    assert read_date("0229", "MMDD", "2096-03-01") == "2104-02-29", "2100 is no leap year"
    assert read_date("1332", "MMDD", "2026-01-01") is None


def test_amounts() -> None:
    assert read_amount("0*05") == 0.05
    assert read_amount("1**5") is None
    assert read_amount("") is None
