"""After the call: time to write, and what ends it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callcenter.core.commands import ExtendWrapUp, FinishWrapUp, LogOut, Pause
from callcenter.core.inputs import ConfigChanged, ConsoleChanged
from tests.scenarios.stories import open_house, talking
from tests.world.asterisk import Line
from tests.world.houses import BOB, CY, SALES, SUPPORT, house
from tests.world.world import World

pytestmark = pytest.mark.pure


def writing(world: World, choice: str = "2") -> Line:
    line = talking(world, choice=choice)
    world.asterisk.caller_hangs_up(line)
    world.run(0.1)
    assert world.agent_row("ada").state == "wrap-up"
    return line


def test_it_ends_by_itself_with_the_default_disposition() -> None:
    world = open_house("ada")
    line = writing(world)
    world.run(20)
    assert world.agent_row("ada").state == "available"
    assert world.store.interactions[line.id].disposition == "none"


def test_it_can_be_extended_three_times() -> None:
    world = open_house("ada")
    line = writing(world)
    for left in (2, 1, 0):
        assert world.click("ada", ExtendWrapUp(line.id)) is None
        assert world.call_row(line.id).extensions_left == left
    assert world.click("ada", ExtendWrapUp(line.id)) == "no-extension"
    world.run(109)
    assert world.agent_row("ada").state == "wrap-up"
    world.run(2)
    assert world.agent_row("ada").state == "available"


def test_finish_and_pause() -> None:
    world = open_house("ada")
    line = writing(world)
    assert world.click("ada", FinishWrapUp(line.id, "solved", "", "pause")) is None
    assert (world.agent_row("ada").state, world.agent_row("ada").reason) == ("paused", "lunch")


def test_a_wish_to_pause_made_while_talking_comes_true_after_the_wrap_up() -> None:
    world = open_house("ada")
    line = talking(world)
    assert world.click("ada", Pause("wc")) is None
    assert world.agent_row("ada").next_state == "paused"
    world.asterisk.caller_hangs_up(line)
    world.run(0.1)
    world.click("ada", FinishWrapUp(line.id, "solved", "", "pause"))
    assert (world.agent_row("ada").state, world.agent_row("ada").reason) == ("paused", "wc")


def test_a_wish_to_log_out_is_stronger_than_the_pause_of_the_form() -> None:
    world = open_house("ada")
    line = talking(world)
    assert world.click("ada", LogOut()) is None
    world.asterisk.caller_hangs_up(line)
    world.run(0.1)
    world.click("ada", FinishWrapUp(line.id, "solved", "", "pause"))
    assert world.agent_row("ada").state == "offline"


def test_what_cannot_be_finished_is_refused_with_the_reason() -> None:
    world = open_house("ada")
    line = talking(world)
    assert world.click("ada", FinishWrapUp(line.id, "solved")) == "still-talking"
    world.asterisk.caller_hangs_up(line)
    world.run(0.1)
    assert world.click("ada", FinishWrapUp(line.id, "sold")) == "unknown-disposition"
    assert world.click("ada", FinishWrapUp(line.id, "")) == "disposition-missing"
    assert world.click("bob", FinishWrapUp(line.id, "solved")) == "not-your-call"
    assert world.click("nobody", FinishWrapUp(line.id, "solved")) == "unknown-agent"
    assert world.agent_row("ada").state == "wrap-up"


def test_an_optional_wrap_up_needs_no_disposition() -> None:
    world = open_house("ada")
    line = writing(world, choice="1")
    assert world.click("ada", FinishWrapUp(line.id, "")) is None
    assert world.agent_row("ada").state == "available"


def test_a_mandatory_one_waits_for_the_agent() -> None:
    world = open_house("ada", config=house(replace(SUPPORT, wrap_up_mode="mandatory"), SALES))
    line = writing(world)
    world.run(3600)
    assert world.agent_row("ada").state == "wrap-up"
    assert world.click("ada", FinishWrapUp(line.id, "solved")) is None
    assert world.store.interactions[line.id].wrap_up_seconds == pytest.approx(3600, abs=1)


def test_a_mandatory_one_ends_with_the_shift_of_an_agent_who_has_gone() -> None:
    world = open_house("ada", config=house(replace(SUPPORT, wrap_up_mode="mandatory"), SALES))
    line = talking(world)
    world.step(ConsoleChanged("ada", False))
    world.run(1000)
    world.asterisk.caller_hangs_up(line)
    world.run(901)
    assert world.agent_row("ada").state == "offline"
    assert world.store.interactions[line.id].disposition == "none"
    assert world.centre.state.calls == {}


def test_an_agent_taken_out_while_talking_ends_that_call_and_is_gone() -> None:
    world = open_house("ada")
    line = talking(world)
    world.step(ConfigChanged(house(agents=(BOB, CY))))
    assert world.agent_row("ada").state == "talking"
    assert line.place == "talking"
    world.asterisk.caller_hangs_up(line)
    world.run(0.1)
    assert "ada" not in world.screens.agents
    assert "ada" not in world.centre.state.seats
    assert world.store.interactions[line.id].agent == "ada"
    assert world.store.interactions[line.id].disposition == "none"
