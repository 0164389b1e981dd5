"""Decision records: the reasons, told as of the moment of the decision."""

from __future__ import annotations

import json

import pytest

from acd.model import Agent, Ring
from acd.records import LISTED_MAX
from tests.acd.centre import Story, agent

pytestmark = pytest.mark.pure


def reasons(story: Story, entry: str, now: float) -> dict[str, str]:
    return {one.agent: one.text for one in story.router.why(entry, now).considered}


def test_every_agent_gets_his_reason() -> None:
    second = Agent("gus", "Gus", groups=frozenset({"second"}))
    story = Story(
        agent("ada", en=5),
        agent("bob", en=2),
        agent("eve", en=5),
        agent("fay", en=5),
        agent("hal", en=5),
        second,
        rings=(Ring(30.0, {}, frozenset({"second"})),),
    )
    story.free("ada", at=1.0)
    story.free("hal", at=2.0)
    story.router.agent_busy("eve", 5.0, "lunch")
    story.router.agent_busy("fay", 8.0, "talking")
    story.join("c1", 10.0, skills={"en": 5})
    (offer,) = story.router.match(10.0)
    decision = story.router.decision(offer)
    assert decision.chosen == "ada"
    assert [(one.agent, one.code, one.text) for one in decision.considered] == [
        ("ada", "chosen", "chosen"),
        ("hal", "not-first", "free, but not idle for as long"),
        ("eve", "not-free", "lunch for 5 s"),
        ("fay", "not-free", "talking for 2 s"),
        ("gus", "ring-later", "ring 1 opens in 30 s"),
        ("bob", "lacks-skill", "lacks skill en:5 (has 2)"),
    ]
    assert decision.counts == {
        "chosen": 1,
        "not-first": 1,
        "not-free": 2,
        "ring-later": 1,
        "lacks-skill": 1,
    }
    assert decision.position == 1


def test_a_record_asked_for_later_tells_of_the_moment_of_the_decision() -> None:
    story = Story(agent("ada"), agent("bob"))
    story.free("ada", at=1.0)
    story.router.agent_busy("bob", 2.0, "wrap-up")
    story.join("c1", 10.0)
    (offer,) = story.router.match(10.0)
    before = story.router.decision(offer).considered
    story.answered("c1", "ada", 11.0)
    story.free("bob", at=12.0)
    story.router.configure(story.queues, {"ada": agent("ada")}, 13.0)
    assert story.router.decision(offer).considered == before


def test_missed_back_off_kept_and_reserved_are_told_apart() -> None:
    story = Story(agent("ada"), agent("bob"), preferred_wait_seconds=60.0)
    story.free("ada")
    story.router.agent_busy("bob", 0.0, "talking")
    story.join("c1", 1.0)
    assert story.offers(1.0) == "c1>ada"
    story.missed("c1", "ada", 21.0)
    assert reasons(story, "c1", 25.0) == {
        "ada": "missed a call, can be offered the next in 6 s",
        "bob": "talking for 25 s",
    }
    story.join("c2", 25.0, preferred_agent="bob")
    story.router.leave("c1", 25.0)
    assert story.offers(31.0) == ""
    assert reasons(story, "c2", 31.0)["ada"] == "free, but the caller is kept for bob"
    assert story.router.why("c2", 31.0).note == "kept for the preferred agent bob"
    shy = Story(agent("ada"), reserved_idle=1)
    shy.free("ada")
    shy.join("c1", 1.0)
    assert shy.offers(1.0) == ""
    assert reasons(shy, "c1", 1.0) == {"ada": "free, but 1 idle agents are kept back"}


def test_many_agents_are_counted_and_the_nearest_named() -> None:
    story = Story(*(agent(f"a{n:03d}") for n in range(200)))
    story.free("a199")
    story.join("c1", 1.0)
    (offer,) = story.router.match(1.0)
    decision = story.router.decision(offer)
    assert len(decision.considered) == LISTED_MAX
    assert decision.considered[0].agent == "a199"
    assert decision.counts == {"chosen": 1, "not-free": 199}
    text = decision.to_text()
    assert text.startswith("c1 in queue q: offered to a199 after 0.0 s of waiting")
    assert "and 188 more; in all: chosen 1, not-free 199" in text
    assert json.loads(json.dumps(decision.to_json()))["counts"] == {"chosen": 1, "not-free": 199}


def test_the_preferred_agent_is_named_as_such() -> None:
    story = Story(agent("ada"), agent("bob"))
    story.free("bob", "ada")
    story.join("c1", 1.0, preferred_agent="ada")
    (offer,) = story.router.match(1.0)
    assert story.router.decision(offer).note == "ada is the preferred agent"


def test_a_state_said_again_began_when_it_was_said_first() -> None:
    story = Story(agent("ada"), agent("bob"))
    story.router.agent_busy("ada", 1.0, "talking")
    story.router.agent_busy("ada", 50.0, "talking")
    story.join("c1", 61.0)
    assert reasons(story, "c1", 61.0)["ada"] == "talking for 60 s"


def test_an_entry_kept_for_somebody_who_now_takes_it_is_not_said_to_wait_for_him() -> None:
    story = Story(agent("ada"), agent("bob"), preferred_wait_seconds=60.0)
    story.free("bob", at=0.0)
    story.router.agent_busy("ada", 0.0, "talking")
    assert story.offers(0.0) == ""
    story.join("c1", 1.0, preferred_agent="ada")
    assert story.offers(1.0) == ""
    story.free("ada", at=9.0)
    (offer,) = story.router.match(9.0)
    decision = story.router.decision(offer)
    assert decision.note == "ada is the preferred agent"
    assert {one.agent: one.code for one in decision.considered} == {
        "ada": "chosen",
        "bob": "kept-for-preferred",
    }
