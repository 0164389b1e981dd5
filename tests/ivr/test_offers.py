"""Callback, survey, recording: each a few steps within one node."""

from __future__ import annotations

import pytest

from ivr.asks import Disconnect, Found, LookUp, Play, Played, Record, Recorded, Transferred
from tests.ivr.walking import TUESDAY, checking_problems, keys, said, session_of

pytestmark = pytest.mark.pure

CALLBACK = """
first: {kind: callback, label: Callback, queue: q, priority: 2, language_skill: 3, prompt: ask,
        other_prompt: more, booked_prompt: wrong, retries: 1,
        ports: {booked: done, declined: other, timeout: third}}
"""
NUMBER = "+8613800138000"


def booking(number: str) -> LookUp:
    return LookUp(
        "callback",
        {
            "queue": "q",
            "number": number,
            "priority": 2,
            "skills": {"en": 3},
            "language": "en",
        },
    )


def test_called_back_at_the_callers_number() -> None:
    session = session_of(CALLBACK, caller_number=NUMBER)
    session.start(TUESDAY)
    assert keys(session, "1") == booking(NUMBER)
    assert said(session.answer(Found({"id": 7}), TUESDAY)) == ["wrong"]
    assert session.answer(Played(), TUESDAY) == Disconnect("done")
    assert session.path == ("Callback: booked",)


def test_called_back_at_another_number() -> None:
    session = session_of(CALLBACK, caller_number=NUMBER)
    session.start(TUESDAY)
    ask = keys(session, "2")
    assert said(ask) == ["more"]
    assert isinstance(ask, Play)
    assert ask.collect is not None
    assert (ask.collect.digits_min, ask.collect.digits_max) == (3, 20)
    assert keys(session, "01012345678") == booking("01012345678")


def test_another_number_that_is_none_is_asked_again_from_the_beginning() -> None:
    session = session_of(CALLBACK, caller_number=NUMBER)
    session.start(TUESDAY)
    assert said(keys(session, "2", "**")) == ["ask"]
    assert keys(session, "2", "") == Disconnect("third")


def test_declined() -> None:
    session = session_of(CALLBACK, caller_number=NUMBER)
    session.start(TUESDAY)
    assert keys(session, "3") == Disconnect("other")
    assert session.path == ("Callback: declined",)


def test_a_withheld_number_cannot_be_accepted() -> None:
    session = session_of(CALLBACK, caller_number="anonymous")
    session.start(TUESDAY)
    assert said(keys(session, "1")) == ["ask"]
    without = CALLBACK.replace("other_prompt: more, ", "")
    assert session_of(without, caller_number="").start(TUESDAY) == Disconnect("other")


def test_a_booking_that_fails_is_as_if_declined_unless_it_has_a_way_of_its_own() -> None:
    session = session_of(CALLBACK, caller_number=NUMBER)
    session.start(TUESDAY)
    keys(session, "1")
    assert session.answer(Found({}, "full"), TUESDAY) == Disconnect("other")
    own = CALLBACK.replace("declined: other", "declined: other, failed: third")
    session = session_of(own, caller_number=NUMBER)
    session.start(TUESDAY)
    keys(session, "1")
    assert session.answer(Found({}, "full"), TUESDAY) == Disconnect("third")


def test_the_answers_of_a_callback_need_keys_of_their_own() -> None:
    problems = checking_problems(CALLBACK.replace("priority: 2", "accept_key: '3'"))
    assert problems == ["node first: two answers have the same key; give each its own key."]


SURVEY = """
first: {kind: survey, label: Rating, question: csat, prompt: ask, lowest: 1, highest: 5, retries: 1,
        ports: {next: done, timeout: third, invalid: other}}
"""


def test_a_score_is_handed_in_and_the_call_goes_on_whatever_comes_of_it() -> None:
    session = session_of(SURVEY)
    session.start(TUESDAY)
    assert keys(session, "5") == LookUp("survey", {"question": "csat", "score": 5})
    assert session.answer(Found({}, "database away"), TUESDAY) == Disconnect("done")
    assert session.path == ("Rating: 5",)


@pytest.mark.parametrize(
    ("pressed", "end"), [(("6", "0"), "other"), (("*", "#"), "other"), (("", ""), "third")]
)
def test_no_score(pressed: tuple[str, ...], end: str) -> None:
    session = session_of(SURVEY)
    session.start(TUESDAY)
    assert keys(session, *pressed) == Disconnect(end)


def test_scores_need_a_range() -> None:
    problems = checking_problems(SURVEY.replace("lowest: 1", "lowest: 5"))
    assert problems == ["node first: lowest is not below highest; make lowest smaller."]


RECORD = """
first: {kind: record, name: complaint, prompt: ask, seconds_max: 60, silence_seconds: 3,
        ports: {next: done, empty: other}}
"""


def test_a_recording() -> None:
    session = session_of(RECORD)
    assert said(session.start(TUESDAY)) == ["ask"]
    assert session.answer(Played(), TUESDAY) == Record("complaint", 60, 3, True)
    assert session.answer(Recorded(12.5), TUESDAY) == Disconnect("done")


@pytest.mark.parametrize("answer", [Recorded(0.0), Recorded(5.0, failed=True), Found({}, "lost")])
def test_an_empty_recording(answer: Recorded | Found) -> None:
    session = session_of(RECORD.replace("prompt: ask, ", ""))
    assert isinstance(session.start(TUESDAY), Record)
    assert session.answer(answer, TUESDAY) == Disconnect("other")


TRANSFER = """
first: {kind: transfer, number_from: did, ring_seconds: 20,
        ports: {no_answer: other, busy: third}}
"""


@pytest.mark.parametrize(
    ("outcome", "end"),
    [("answered", "transferred"), ("busy", "third"), ("no-answer", "other"), ("failed", "other")],
)
def test_a_transfer(outcome: str, end: str) -> None:
    session = session_of(TRANSFER, did="1001")
    session.start(TUESDAY)
    answer = Transferred(outcome)  # type: ignore[arg-type]
    assert session.answer(answer, TUESDAY) == Disconnect(end)


@pytest.mark.parametrize("number", ["", "abc", "1001@evil", "1" * 33, "SIP/x"])
def test_only_numbers_are_dialled(number: str) -> None:
    assert session_of(TRANSFER, did=number).start(TUESDAY) == Disconnect("other")


def test_a_transfer_needs_one_number() -> None:
    problems = checking_problems(
        TRANSFER.replace("number_from: did", "number: '1', number_from: did")
    )
    assert any("either 'number' or 'number_from'" in problem for problem in problems)
