"""A supervisor changes the order of the line while callers wait in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callcenter.core.commands import CustomerCard, MoveCaller, Reprioritise
from callcenter.core.inputs import SupervisorDid
from tests.scenarios.stories import caller_in, open_house, talking
from tests.world.houses import SALES, SUPPORT, house
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


def move(world: World, call: str, queue: str) -> str | None:
    world.step(SupervisorDid("sofia", "m", MoveCaller(call, queue)))
    return world.screens.replies.pop("m")


def test_who_is_moved_to_another_queue_stands_there_by_the_time_waited() -> None:
    world = open_house()
    moved = caller_in(world)
    later = caller_in(world, choice="1")
    joined = world.call_row(moved.id).joined_at
    assert move(world, moved.id, "sales") is None
    row = world.call_row(moved.id)
    assert (row.queue, row.queue_name, row.joined_at) == ("sales", "Sales", joined)
    support, sales = world.screens.queues["support"], world.screens.queues["sales"]
    assert (support.offered, support.diverted, support.waiting) == (1, 1, 0)
    assert (sales.offered, sales.waiting) == (2, 2)
    world.on_duty("cy")
    world.run(0.1)
    assert (moved.agent, later.agent) == ("cy", "")
    assert "moved" in world.store.timeline(moved.id)


def test_who_is_moved_to_an_idle_agent_rings_there_at_once() -> None:
    world = open_house("cy")
    line = caller_in(world)
    assert move(world, line.id, "sales") is None
    assert world.call_row(line.id).agent == "cy"


def test_the_move_outlives_a_restart_that_remembers_nothing() -> None:
    world = open_house()
    line = caller_in(world)
    assert move(world, line.id, "sales") is None
    world.run(1)
    world.die()
    world.come_back(cold=True)
    world.run(1)
    assert world.call_row(line.id).queue == "sales"


def test_moves_that_cannot_be_made_are_refused_and_change_nothing() -> None:
    world = open_house(config=house(SUPPORT, replace(SALES, waiting_max=1)))
    waits = caller_in(world)
    assert move(world, "nonsense", "sales") == "unknown-call"
    assert move(world, waits.id, "nowhere") == "unknown-queue"
    assert move(world, waits.id, "support") == "there-already"
    caller_in(world, choice="1")
    assert move(world, waits.id, "sales") == "queue-takes-nobody"
    assert world.call_row(waits.id).queue == "support"
    world.on_duty("ada")
    world.run(0.1)
    assert (waits.agent, move(world, waits.id, "sales")) == ("ada", "too-late")
    world.asterisk.answer("adaweb")
    world.run(0.1)
    assert move(world, waits.id, "sales") == "not-waiting"
