"""When entries are sent on."""

from __future__ import annotations

import pytest

from acd.model import Overflow
from tests.acd.centre import Story, agent, queue

pytestmark = pytest.mark.pure


def gone(story: Story, now: float) -> list[tuple[str, str]]:
    story.router.match(now)
    return [(name, rule.action) for name, rule in story.router.overflowed(now)]


def test_after_so_long_the_rule_applies_and_the_deadline_says_so() -> None:
    story = Story(overflow=(Overflow("voicemail", after_seconds=60.0),))
    story.join("c1", 0.0)
    story.join("c2", 10.0)
    assert gone(story, 59.0) == []
    assert story.router.deadline() == 60.0
    assert gone(story, 60.0) == [("c1", "voicemail")]
    assert story.router.waiting("q") == 1
    assert gone(story, 70.0) == [("c2", "voicemail")]
    assert story.router.deadline() is None


def test_the_maximum_wait_without_a_rule_ends_at_voicemail() -> None:
    story = Story(wait_max_seconds=30.0)
    story.join("c1", 0.0)
    assert gone(story, 30.0) == [("c1", "voicemail")]


def test_the_last_in_line_go_when_too_many_wait() -> None:
    story = Story(overflow=(Overflow("callback", when_waiting_over=2),))
    for n in range(4):
        story.join(f"c{n}", float(n))
    assert gone(story, 4.0) == [("c3", "callback"), ("c2", "callback")]
    assert story.router.waiting("q") == 2


def test_who_is_being_offered_stays_and_goes_when_that_came_to_nothing() -> None:
    story = Story(agent("ada"), overflow=(Overflow("hangup", after_seconds=60.0),))
    story.free("ada", at=59.0)
    story.join("c1", 0.0)
    assert story.offers(59.0) == "c1>ada"
    assert gone(story, 70.0) == []
    story.missed("c1", "ada", 79.0)
    assert gone(story, 79.0) == [("c1", "hangup")]


def test_a_rule_waits_for_its_condition_and_is_looked_at_again() -> None:
    rule = Overflow("queue", "b", after_seconds=10.0, unless_idle_in="c")
    story = Story(
        agent("eve", queues="c"), queues=(queue("a", overflow=(rule,)), queue("b"), queue("c"))
    )
    story.free("eve")
    story.join("c1", 0.0, into="a")
    assert gone(story, 10.0) == []
    assert story.router.deadline() == 11.0
    story.router.agent_busy("eve", 10.5, "talking")
    assert gone(story, 11.0) == [("c1", "queue")]


def test_the_other_queue_must_be_quicker() -> None:
    rule = Overflow("queue", "b", after_seconds=10.0, other_estimate_under_seconds=30.0)
    story = Story(agent("eve", queues="b"), queues=(queue("a", overflow=(rule,)), queue("b")))
    story.router.agent_busy("eve", 0.0, "talking")
    story.join("c1", 0.0, into="a")
    assert gone(story, 20.0) == []  # nothing is known of queue b
    story.free("eve", at=21.0)
    assert gone(story, 21.0) == [("c1", "queue")]


def test_an_estimate_over_the_limit_sends_on_those_behind_it() -> None:
    story = Story(agent("ada"), overflow=(Overflow("callback", when_estimate_over_seconds=250.0),))
    now = 0.0
    for n in range(5):  # five calls of 100 s each
        story.free("ada", at=now)
        story.join(f"h{n}", now)
        assert story.offers(now) == f"h{n}>ada"
        story.answered(f"h{n}", "ada", now)
        now += 100.0
    story.free("ada", at=now)
    story.router.agent_busy("ada", now, "talking")
    for n in range(4):
        story.join(f"c{n}", now)
    # means of 100, 200, 300 and 400 s
    assert gone(story, now) == [("c3", "callback"), ("c2", "callback")]
