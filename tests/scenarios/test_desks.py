"""Browsers, phones and shifts: two consoles, none, an agent who forgets to log out."""

from __future__ import annotations

import pytest

from callcenter.core.commands import GoAvailable, LogIn, LogOut, Pause
from callcenter.core.inputs import ConsoleChanged, DeviceChanged, Quarantined
from tests.scenarios.stories import caller_in, open_house, talking
from tests.world.houses import house, main_flow
from tests.world.world import World

pytestmark = pytest.mark.pure


def test_the_second_console_of_an_agent_changes_nothing() -> None:
    world = open_house("ada")
    world.step(ConsoleChanged("ada", True))
    assert world.agent_row("ada").state == "available"
    line = caller_in(world)
    assert len(world.asterisk.connects) == 1
    assert world.call_row(line.id).agent == "ada"


def test_without_phone_or_browser_nobody_becomes_available() -> None:
    world = World(house()).start()
    world.run(0.1)
    assert world.click("ada", GoAvailable()) == "not-logged-in"
    assert world.click("ada", LogIn("adaweb")) is None
    assert world.click("ada", GoAvailable()) is None
    assert world.agent_row("ada").state == "unreachable"
    world.asterisk.set_device("adaweb", "ready")
    world.run(0.1)
    assert world.agent_row("ada").state == "unreachable"
    world.step(ConsoleChanged("ada", True))
    assert world.agent_row("ada").state == "available"


def test_a_console_lost_while_talking_keeps_the_talk_and_stops_the_next_call() -> None:
    world = open_house("ada")
    line = talking(world)
    world.step(ConsoleChanged("ada", False))
    assert world.agent_row("ada").state == "talking"
    waiting = caller_in(world, number="200")
    world.asterisk.caller_hangs_up(line)
    world.run(30)
    assert world.agent_row("ada").state == "unreachable"
    assert world.call_row(waiting.id).stage == "waiting"
    world.step(ConsoleChanged("ada", True))
    assert world.call_row(waiting.id).agent == "ada"


def test_a_phone_that_comes_back_brings_the_next_caller_at_once() -> None:
    world = open_house("ada")
    world.step(DeviceChanged("adaweb", "unreachable"))
    assert world.agent_row("ada").state == "unreachable"
    line = caller_in(world)
    assert world.call_row(line.id).stage == "waiting"
    world.step(DeviceChanged("adaweb", "ready"))
    assert world.call_row(line.id).agent == "ada"


def test_a_shift_whose_browser_stays_away_ends_after_a_quarter_of_an_hour() -> None:
    world = open_house("ada")
    world.step(ConsoleChanged("ada", False))
    world.run(899)
    assert world.agent_row("ada").state == "unreachable"
    world.run(2)
    assert world.agent_row("ada").state == "offline"


def test_pausing_needs_a_reason_that_exists() -> None:
    world = open_house("ada")
    assert world.click("ada", Pause("because")) == "unknown-reason"
    assert world.click("ada", Pause("lunch")) is None
    assert world.agent_row("ada").limit_seconds == 1800.0
    assert world.click("ada", LogOut()) is None
    assert world.click("ada", Pause("lunch")) == "not-logged-in"


def test_longest_idle_is_served_first() -> None:
    world = open_house("bob")
    world.run(10)
    world.on_duty("ada")
    first = caller_in(world)
    assert world.call_row(first.id).agent == "bob"


def test_only_the_skilled_are_offered_the_call() -> None:
    world = open_house("bob", config=house(flow=main_flow(support_skill=4)))
    line = caller_in(world)
    assert world.call_row(line.id).stage == "waiting"
    world.on_duty("ada")
    assert world.call_row(line.id).agent == "ada"


@pytest.mark.parametrize("stage", ["menu", "waiting", "offered", "talking", "wrap-up"])
def test_a_call_in_quarantine_goes_to_the_fallback_and_frees_the_agent(stage: str) -> None:
    world = open_house("ada") if stage not in ("menu", "waiting") else open_house()
    if stage == "menu":
        line = world.asterisk.dial_in("100")
        world.run(0.1)
    elif stage in ("waiting", "offered"):
        line = caller_in(world)
    else:
        line = talking(world)
    if stage == "wrap-up":
        world.asterisk.caller_hangs_up(line)
        world.run(0.1)
    assert world.call_row(line.id).stage == stage
    world.step(Quarantined(line.id, "the test says so"))
    world.run(0.1)
    assert "quarantine" in world.alarms()
    assert world.agent_row("ada").state in ("available", "offline")
    assert line.place == "diverted" or line.id not in world.asterisk.lines
    world.run(60)
    assert world.centre.state.calls == {}
    assert line.id in world.store.interactions
