"""Who belongs to which group, and what that opens to whom."""

from __future__ import annotations

from dataclasses import replace

import pytest

from acd.groups import Clause, Group, with_groups
from acd.model import Agent, Overflow, Ring
from acd.rules import GROUP_POSITION
from tests.acd.centre import Story, agent, queue

pytestmark = pytest.mark.pure

EXPERTS = Group("experts", "Experts", "all", (Clause("skill", "de", low=7),))
NORTH = Group("north", "North", "any", (Clause("team", "north"), Clause("queue", "sales")))
NOT_FRENCH = Group("notfr", "No French", clauses=(Clause("skill", "fr", low=0, high=0),))
BY_HAND = Group("byhand", "By hand")


def groups_of(*agents: Agent) -> dict[str, str]:
    groups = {one.id: one for one in (EXPERTS, NORTH, NOT_FRENCH, BY_HAND)}
    found = with_groups({one.id: one for one in agents}, groups, {})
    return {name: " ".join(sorted(one.groups)) for name, one in found.items()}


def test_membership_follows_from_skills_team_queues_and_by_hand() -> None:
    assert groups_of(
        agent("ada", de=7),
        agent("bob", de=6, fr=3),
        agent("cy", queues="sales", fr=1),
        replace(agent("dan", fr=2), team="north", groups=frozenset({"byhand"})),
    ) == {"ada": "experts notfr", "bob": "", "cy": "north", "dan": "byhand north"}


def test_a_queue_of_a_group_is_served_by_its_members_after_the_named_ones() -> None:
    queues = {"q": queue("q", groups=frozenset({"experts"}))}
    people = {"ada": agent("ada", queues="q"), "eve": agent("eve", queues="x", de=9)}
    found = with_groups(people, {"experts": EXPERTS}, queues)
    assert found["ada"] is people["ada"]
    assert found["eve"].queues == {"x": 0, "q": GROUP_POSITION}


def served(people: dict[str, Agent]) -> str:
    """Who is rung in the first ring, and who 30 s later in the experts' ring."""
    ring = Ring(30.0, groups=frozenset({"experts"}))
    queues = {"q": queue("q", rings=(ring,))}
    story = Story(queues=tuple(queues.values()))
    story.router.configure(queues, with_groups(people, {"experts": EXPERTS}, queues), 0.0)
    story.free(*people)
    story.join("c1", 0.0)
    at_first = story.offers(0.0)
    return f"{at_first}|{story.offers(30.0)}"


def test_a_ring_opens_to_a_group_by_condition_and_another_skill_changes_who_that_is() -> None:
    people = {"eve": agent("eve", queues="x", de=6)}
    assert served(people) == "|"
    people["eve"] = agent("eve", queues="x", de=7)
    assert served(people) == "|c1>eve"


def test_a_changed_skill_moves_an_agent_while_callers_wait() -> None:
    queues = {"q": queue("q", groups=frozenset({"experts"}))}
    groups = {"experts": EXPERTS}
    people = {"eve": agent("eve", queues="", de=5)}
    story = Story(queues=tuple(queues.values()))
    story.router.configure(queues, with_groups(people, groups, queues), 0.0)
    story.free("eve")
    story.join("c1", 0.0)
    assert story.offers(1.0) == ""
    people["eve"] = agent("eve", queues="", de=8)
    story.router.configure(queues, with_groups(people, groups, queues), 2.0)
    assert story.offers(2.0) == "c1>eve"


def sent_on(rule: Overflow) -> Story:
    eve = replace(agent("eve", queues="x"), groups=frozenset({"experts"}))
    fay = replace(agent("fay", queues="x"), groups=frozenset({"experts"}))
    story = Story(eve, fay, queues=(queue("q", overflow=(rule,)), queue("b"), queue("x")))
    story.join("c1", 0.0)
    return story


def gone(story: Story, now: float) -> list[str]:
    story.router.match(now)
    return [name for name, _ in story.router.overflowed(now)]


def test_callers_stay_while_somebody_of_a_group_is_idle() -> None:
    story = sent_on(Overflow("voicemail", after_seconds=10.0, unless_idle_in_group="experts"))
    story.free("eve")
    assert gone(story, 10.0) == []
    story.router.agent_busy("eve", 10.5, "talking")
    assert gone(story, 11.0) == ["c1"]


def test_callers_go_when_enough_of_a_group_are_idle_and_not_before() -> None:
    rule = Overflow("queue", "b", when_waiting_over=0, if_idle_in_group="experts", idle_min=2)
    story = sent_on(rule)
    story.free("eve")
    assert gone(story, 1.0) == []
    assert story.router.deadline() == 2.0  # it is looked at again each second
    story.free("fay", at=2.0)
    assert gone(story, 2.0) == ["c1"]


def test_callers_go_when_enough_of_another_queue_are_idle() -> None:
    story = sent_on(Overflow("flow", "sorry", after_seconds=5.0, if_idle_in="x", idle_min=2))
    story.free("eve", "fay")
    assert gone(story, 4.0) == []
    story.router.agent_busy("fay", 5.0, "talking")
    assert gone(story, 5.0) == []
    story.free("fay", at=6.0)
    assert gone(story, 6.0) == ["c1"]


def test_the_wait_of_any_queue_may_be_looked_at() -> None:
    story = sent_on(
        Overflow("flow", after_seconds=5.0, estimate_of="x", other_estimate_under_seconds=30.0)
    )
    story.router.agent_busy("eve", 0.0, "talking")
    assert gone(story, 5.0) == []  # nothing is known of it
    story.free("eve", at=6.0)
    assert gone(story, 6.0) == ["c1"]  # somebody who joined x would be served at once
