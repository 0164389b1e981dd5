"""Every reason the service may give for a refusal has a sentence in both languages."""

from __future__ import annotations

import json

import pytest

from acd import presence
from acd.refusals import Refusal
from agent_console import clicks
from callcenter import dialling
from callcenter.core import refusals
from callcenter.web.app import default_dist

pytestmark = pytest.mark.pure

LOCALES = default_dist().parent / "src" / "locales"
PRESENCE = ("already-logged-in", "not-logged-in", "no-device", "no-console", "unreachable")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_refusals_have_words(language: str) -> None:
    words: dict[str, str] = {}
    for part in (language, f"hearing.{language}"):  # what agents and supervisors are refused
        words |= json.loads((LOCALES / f"{part}.json").read_text("utf-8"))
    numbers = {f"{clicks.NOT_DIALABLE}{code}" for code in dialling.TEXTS}
    own = {clicks.DATABASE_AWAY, clicks.UNKNOWN_CUSTOMER, clicks.FORM_MISSING, clicks.OUTSIDE_TEAM}
    codes = {*refusals.TEXTS, *own, *numbers, *PRESENCE}
    assert sorted(code for code in codes if f"refused.{code}" not in words) == []


def test_presence_refuses_with_the_codes_that_have_words() -> None:
    given = set()
    for state in presence.State:
        for event in presence.COMMANDS:
            for ready in (True, False):
                before = presence.Presence(state, device_ready=ready, console=not ready)
                after = presence.step(before, event, 0.0)
                if isinstance(after, Refusal):
                    given.add(after.code)
    assert given <= set(PRESENCE)
    assert given
