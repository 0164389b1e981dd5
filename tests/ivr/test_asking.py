"""Menu and language: right keys, wrong keys, silence, repeat, back, operator."""

from __future__ import annotations

import pytest

from ivr.asks import Collect, Disconnect, Found, Play, Played
from tests.ivr.walking import TUESDAY, checking_problems, flow_of, keys, said, session_of

pytestmark = pytest.mark.pure

MENU = """
first:
  kind: menu
  label: Main
  prompt: ask
  invalid_prompt: wrong
  timeout_prompt: silent
  choices: {1: Sales, 2: ""}
  operator_key: "0"
  repeat_key: "9"
  timeout_seconds: 4
  retries: 1
  ports: {1: done, 2: other, operator: third, timeout: third}
"""


def test_a_menu_asks_for_one_key() -> None:
    ask = session_of(MENU).start(TUESDAY)
    assert isinstance(ask, Play)
    assert ask.collect == Collect(1, 1, 4, 2.0, "")
    assert said(ask) == ["ask"]


@pytest.mark.parametrize(
    ("pressed", "end", "path"),
    [
        (("1",), "done", ("Main: 1 Sales",)),
        (("2",), "other", ("Main: 2",)),
        (("0",), "third", ("Main: operator",)),
        (("9", "9", "9", "9", "1"), "done", ("Main: 1 Sales",)),
        (("7", "1"), "done", ("Main: 1 Sales",)),
        (("", "1"), "done", ("Main: 1 Sales",)),
        (("7", "7"), "third", ()),
        (("", ""), "third", ()),
        (("7", ""), "third", ()),
    ],
)
def test_what_keys_lead_to(pressed: tuple[str, ...], end: str, path: tuple[str, ...]) -> None:
    session = session_of(MENU)
    session.start(TUESDAY)
    assert keys(session, *pressed) == Disconnect(end)
    assert session.path == path


def test_what_is_said_before_asking_again() -> None:
    session = session_of(MENU)
    session.start(TUESDAY)
    assert said(keys(session, "7")) == ["wrong", "ask"]
    session = session_of(MENU)
    session.start(TUESDAY)
    assert said(keys(session, "")) == ["silent", "ask"]


def test_wrong_keys_have_a_way_of_their_own_where_it_is_connected() -> None:
    session = session_of(MENU.replace("timeout: third}", "timeout: third, invalid: other}"))
    session.start(TUESDAY)
    assert keys(session, "7", "7") == Disconnect("other")


def test_a_prompt_that_was_not_heard_counts_as_silence() -> None:
    session = session_of(MENU)
    session.start(TUESDAY)
    assert said(session.answer(Played("", "missing"), TUESDAY)) == ["silent", "ask"]


def test_an_answer_to_something_else_counts_as_silence() -> None:
    session = session_of(MENU)
    session.start(TUESDAY)
    assert said(session.answer(Found({}, "lost"), TUESDAY)) == ["silent", "ask"]


TWO_MENUS = """
first: {kind: menu, label: A, prompt: ask, choices: {1: x}, back_key: "*",
        ports: {1: second, timeout: done}}
second: {kind: menu, label: B, prompt: more, choices: {1: x, 2: y}, back_key: "*",
         ports: {1: first, 2: second, timeout: done}}
"""


def test_back_leads_to_the_menu_before() -> None:
    session = session_of(TWO_MENUS)
    session.start(TUESDAY)
    assert said(keys(session, "1")) == ["more"]
    assert said(keys(session, "*")) == ["ask"]
    assert said(keys(session, "*")) == ["ask"], "there is none before the first"


def test_back_passes_over_a_menu_chosen_from_itself() -> None:
    session = session_of(TWO_MENUS)
    session.start(TUESDAY)
    assert said(keys(session, "1", "2", "2", "2")) == ["more"]
    assert said(keys(session, "*")) == ["ask"]


def test_the_way_back_has_a_limit() -> None:
    session = session_of(TWO_MENUS)
    session.start(TUESDAY)
    keys(session, *["1"] * 30)
    assert said(keys(session, *["*"] * 19)) == ["more"]
    assert said(keys(session, "*", "*")) == ["ask"], "twenty steps are remembered"


def test_going_round_for_long_keeps_the_way_back_short_and_ends_in_the_end() -> None:
    session = session_of(TWO_MENUS)
    session.start(TUESDAY)
    ask = None
    for _ in range(600):
        ask = session.answer(Played("1"), TUESDAY)
    assert isinstance(ask, Disconnect)
    assert [trouble.code for trouble in session.troubles] == ["limit"]
    assert len(session.path) == 50


def test_two_meanings_of_one_key_are_a_mistake() -> None:
    said_ = checking_problems(MENU.replace('repeat_key: "9"', 'repeat_key: "1"'))
    assert said_ == ["node first: key 1 is a choice and also repeat_key; give each its own key."]


LANGUAGE = """
first: {kind: language, label: Language, prompt: ask, choices: {1: en, 2: zh}, retries: 1,
        next: second}
second: {kind: play, prompt: more, next: done}
"""


def test_a_language_is_chosen() -> None:
    session = session_of(LANGUAGE, language="en")
    session.start(TUESDAY)
    keys(session, "2")
    assert session.language == "zh"
    assert session.path == ("Language: zh",)


def test_silence_and_wrong_keys_keep_the_language_the_caller_has() -> None:
    session = session_of(LANGUAGE, language="zh")
    session.start(TUESDAY)
    assert said(keys(session, "9", "9")) == ["more"]
    assert session.language == "zh"


def test_a_language_the_flow_does_not_speak() -> None:
    assert session_of(LANGUAGE, language="fr").language == "en"
    problems = checking_problems(LANGUAGE.replace("2: zh", "2: fr"))
    assert problems == [
        "node first: 'fr' is none of the flow's languages; add it to 'languages' (en, zh)."
    ]


def test_a_prompt_that_may_not_be_cut_short() -> None:
    flow = flow_of("first: {kind: play, prompt: ask, interruptible: false, next: done}\n")
    assert flow.nodes["first"].settings["interruptible"] is False
    session = session_of("first: {kind: play, prompt: ask, interruptible: false, next: done}\n")
    ask = session.start(TUESDAY)
    assert isinstance(ask, Play)
    assert not ask.interruptible
