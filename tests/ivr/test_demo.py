"""The demo flow, walked through as callers would."""

from __future__ import annotations

from pathlib import Path

import pytest

import ivr
from ivr.asks import Ask, Enqueue, LeaveMessage, Overflowed, Play, Played
from ivr.checking import Known, check
from ivr.flow import Flow
from ivr.reading import read_flow
from ivr.session import Session

pytestmark = pytest.mark.pure

DEMO = Path(ivr.__file__).parent / "examples" / "demo.yaml"
KNOWN = Known(
    queues=frozenset({"sales", "support", "billing"}),
    skills=frozenset(),
    boxes=frozenset({"main"}),
)


@pytest.fixture(scope="module")
def demo() -> Flow:
    flow, problems = read_flow(DEMO.read_text(encoding="utf-8"))
    assert problems == []
    assert flow is not None
    return flow


def prompts(ask: Ask) -> list[str]:
    assert isinstance(ask, Play), ask
    return [item.value for item in ask.items]


def test_the_demo_has_no_mistake(demo: Flow) -> None:
    assert check(demo, KNOWN) == []


def test_a_caller_chooses_chinese_and_support(demo: Flow) -> None:
    session = Session(demo, {})
    assert prompts(session.start(0.0)) == ["welcome"]
    assert prompts(session.answer(Played(), 1.0)) == ["choose-language"]
    assert prompts(session.answer(Played("2"), 2.0)) == ["main-menu"]
    assert session.language == "zh"
    assert prompts(session.answer(Played("2"), 3.0)) == ["connecting"]
    assert session.answer(Played(), 4.0) == Enqueue("support")
    assert session.path == ("Language: zh", "Main menu: 2 Support")
    assert session.troubles == []


def test_a_silent_caller_reaches_support(demo: Flow) -> None:
    session = Session(demo, {})
    ask = session.start(0.0)
    for _ in range(20):
        if not isinstance(ask, Play):
            break
        ask = session.answer(Played("", "timeout" if ask.collect else "done"), 0.0)
    assert ask == Enqueue("support")


def test_an_overflow_leads_to_voicemail(demo: Flow) -> None:
    session = Session.resume(demo, "1:zh:support", {})
    assert session.start(0.0) == Enqueue("support")
    assert session.position() == "1:zh:support"
    assert prompts(session.answer(Overflowed("too long"), 60.0)) == ["closed"]
    assert session.answer(Played(), 61.0) == LeaveMessage("main")
