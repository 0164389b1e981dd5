"""A draft's words are kept apart from those that callers hear."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcenter.asterisk.prompts import PromptLibrary
from callcenter.bootstrap.trials import apart, with_days_off
from ivr.calendar import Calendar
from ivr.flow import Flow, Node

pytestmark = pytest.mark.pure

NODES = {
    "hello": Node("hello", "play", {"prompt": ["welcome", {"number": "1"}]}, {"next": "ask"}),
    "ask": Node("ask", "menu", {"prompt": {"prompt": "welcome"}, "choices": {"1": "welcome"}}),
}
DRAFT = Flow("main", "Main", start="hello", nodes=NODES, prompts={"welcome": {"en": "New words."}})


def library(folder: Path, words: str | None) -> PromptLibrary:
    made = PromptLibrary(folder, folder)
    if words is not None:
        made.learn({"welcome": {"en": words}})
    return made


def test_words_that_differ_from_those_in_use_go_by_another_name(tmp_path: Path) -> None:
    used = library(tmp_path, "Old words.")
    heard = apart(DRAFT, used)
    (name,) = heard.prompts
    assert name.startswith("welcome-")
    assert heard.nodes["hello"].settings["prompt"] == [name, {"number": "1"}]
    assert heard.nodes["ask"].settings == {"prompt": {"prompt": name}, "choices": {"1": "welcome"}}
    assert apart(DRAFT, used) == heard
    used.learn(heard.prompts)
    assert used.words("welcome", "en") == "Old words."


@pytest.mark.parametrize("known", [None, "New words."])
def test_new_and_unchanged_words_keep_their_name(tmp_path: Path, known: str | None) -> None:
    assert apart(DRAFT, library(tmp_path, known)) == DRAFT


def test_public_holidays_are_filled_in() -> None:
    flow = Flow("main", "Main", calendars={"office": Calendar(country="CN")})
    days = with_days_off(flow, 1_790_000_000.0).calendars["office"].holidays
    assert {"2026-10-01", "2027-10-01"} <= set(days)
