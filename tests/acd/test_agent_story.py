"""Why did this agent get nothing?"""

from __future__ import annotations

import pytest

from acd.history import MOMENTS_MAX
from tests.acd.centre import Story, agent, queue

pytestmark = pytest.mark.pure


def told(story: Story, name: str, since: float, until: float) -> list[tuple[float, float, str]]:
    return [(s.since, s.until, s.state) for s in story.router.story(name, since, until)]


def test_a_morning_without_gaps() -> None:
    story = Story(agent("ada"))
    story.free("ada", at=10.0)
    story.join("c1", 20.0)
    assert story.offers(20.0) == "c1>ada"
    story.missed("c1", "ada", 40.0)
    story.router.agent_busy("ada", 60.0, "lunch")
    assert told(story, "ada", 0.0, 90.0) == [
        (0.0, 10.0, "offline"),
        (10.0, 20.0, "free"),
        (20.0, 40.0, "offered"),
        (40.0, 50.0, "back-off"),
        (50.0, 60.0, "free"),
        (60.0, 90.0, "lunch"),
    ]
    assert told(story, "ada", 45.0, 47.0) == [(45.0, 47.0, "back-off")]
    assert told(story, "nobody", 0.0, 90.0) == []


def test_reasons_for_being_free() -> None:
    story = Story(agent("ada"), agent("bob", queues="none"), queues=(queue(reserved_idle=2),))
    story.free("ada", "bob", "eve", at=0.0)
    words = {name: story.router.story(name, 1.0, 2.0)[0].text for name in ("ada", "bob", "eve")}
    assert words["ada"].endswith("(of Q only while more agents were idle than are kept back)")
    assert words["bob"] == "free, but a member of no queue"
    assert words["eve"] == "not in the configuration, so offered nothing"


def test_what_is_too_long_ago_is_not_guessed() -> None:
    story = Story(agent("ada"))
    for n in range(MOMENTS_MAX):
        story.router.agent_busy("ada", 10.0 * n, "talking" if n % 2 else "wrap-up")
    assert told(story, "ada", -5.0, 5.0) == [(-5.0, 0.0, "unknown"), (0.0, 5.0, "wrap-up")]
