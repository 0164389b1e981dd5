"""A supervisor changes the order of the line while callers wait in it."""

from __future__ import annotations

import pytest

from callcenter.core.inputs import CustomerCard, Reprioritise, SupervisorDid
from tests.scenarios.stories import caller_in, open_house, talking
from tests.world.world import World

pytestmark = pytest.mark.pure


def priority(world: World, call: str, points: int) -> str | None:
    world.step(SupervisorDid("sofia", "k", Reprioritise(call, points)))
    return world.screens.replies.pop("k")


def test_who_is_given_priority_is_served_before_who_came_earlier() -> None:
    world = open_house()
    first, second = caller_in(world), caller_in(world)
    assert priority(world, second.id, 5) is None
    assert world.call_row(second.id).priority == 5
    world.on_duty("ada")
    world.run(0.1)
    assert (second.agent, first.agent) == ("ada", "")
    assert "priority" in world.store.timeline(second.id)


def test_it_stands_whatever_becomes_known_of_the_customer_later() -> None:
    world = open_house()
    world.store.cards = {"+86139": (CustomerCard("u1", "Li", priority=50),)}
    world.store.answer_seconds = lambda: 60.0
    first, second = caller_in(world), caller_in(world, number="+86139")
    assert priority(world, second.id, -1) is None
    world.run(61)
    world.on_duty("ada")
    world.run(0.1)
    assert (first.agent, second.agent) == ("ada", "")


def test_it_outlives_a_restart_that_remembers_nothing() -> None:
    world = open_house()
    first, second = caller_in(world), caller_in(world)
    assert priority(world, second.id, 5) is None
    world.run(1)
    world.die()
    world.come_back(cold=True)
    world.run(1)
    assert world.call(second.id).set_priority == 5
    world.on_duty("ada")
    world.run(0.1)
    assert (second.agent, first.agent) == ("ada", "")


def test_a_phone_that_rings_goes_on_ringing() -> None:
    world = open_house("ada")
    line = caller_in(world)
    assert priority(world, line.id, 5) is None
    assert (line.place, line.agent) == ("ringing", "ada")


def test_calls_that_are_in_no_line_are_refused() -> None:
    world = open_house("ada")
    line = talking(world)
    assert priority(world, line.id, 5) == "not-waiting"
    assert priority(world, "nonsense", 5) == "unknown-call"
    waiting = caller_in(world)
    assert priority(world, waiting.id, 101) == "priority-out-of-range"
