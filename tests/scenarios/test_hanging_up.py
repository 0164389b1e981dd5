"""The caller hangs up, at every place where one can; the agent does; a leg dies."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callcenter.core.commands import HangUpCall, HoldCall
from callcenter.core.config import Config
from callcenter.core.inputs import ConfigChanged
from tests.scenarios.stories import caller_in, open_house, talking
from tests.world.houses import SUPPORT, house, main_flow

pytestmark = pytest.mark.pure


def test_in_the_menu() -> None:
    world = open_house("ada")
    line = world.asterisk.dial_in("100")
    world.run(3)
    world.asterisk.caller_hangs_up(line)
    world.run(0.1)
    assert world.store.interactions[line.id].outcome == "ivr"
    assert world.centre.state.calls == {}


def test_in_the_queue() -> None:
    world = open_house()
    line = caller_in(world)
    world.run(30)
    world.asterisk.caller_hangs_up(line)
    world.run(0.1)
    record = world.store.interactions[line.id]
    assert (record.outcome, record.ended_by, record.agent) == ("abandoned", "caller", None)
    assert record.wait_seconds == pytest.approx(30, abs=0.5)
    row = world.screens.queues["support"]
    assert (row.offered, row.abandoned, row.answered, row.waiting) == (1, 1, 0, 0)


def test_while_the_phone_rings_the_agent_is_free_again_for_the_next() -> None:
    world = open_house("ada")
    first = caller_in(world)
    second = caller_in(world, number="200")
    world.asterisk.caller_hangs_up(first)
    world.run(0.1)
    assert world.call_row(second.id).agent == "ada"
    assert world.store.interactions[first.id].outcome == "abandoned"
    assert world.agent_row("ada").missed == 0


def test_while_talking() -> None:
    world = open_house("ada")
    line = talking(world)
    world.asterisk.caller_hangs_up(line)
    world.run(0.1)
    assert world.call_row(line.id).stage == "wrap-up"
    assert world.store.interactions[line.id].ended_by == "caller"


def test_on_hold() -> None:
    world = open_house("ada")
    line = talking(world)
    assert world.click("ada", HoldCall(line.id, True)) is None
    world.run(20)
    assert world.agent_row("ada").state == "hold"
    world.asterisk.caller_hangs_up(line)
    world.run(0.1)
    record = world.store.interactions[line.id]
    assert record.outcome == "answered"
    assert record.hold_seconds == pytest.approx(20, abs=0.2)
    assert world.agent_row("ada").state == "wrap-up"


def test_the_caller_is_taken_off_hold() -> None:
    world = open_house("ada")
    line = talking(world)
    world.click("ada", HoldCall(line.id, True))
    world.run(5)
    assert world.call_row(line.id).stage == "held"
    assert world.click("ada", HoldCall(line.id, False)) is None
    world.run(0.1)
    assert world.call_row(line.id).stage == "talking"
    assert world.agent_row("ada").state == "talking"


@pytest.mark.parametrize("by", ["phone", "console"])
def test_the_agent_hangs_up(by: str) -> None:
    world = open_house("ada")
    line = talking(world)
    if by == "phone":
        world.asterisk.agent_hangs_up("adaweb")
    else:
        assert world.click("ada", HangUpCall(line.id)) is None
    world.run(0.1)
    assert line.id not in world.asterisk.lines
    assert world.store.interactions[line.id].ended_by == "agent"
    assert world.call_row(line.id).stage == "wrap-up"


def test_the_agents_leg_dies_and_the_caller_is_at_the_head_of_the_line() -> None:
    config = house(flow=main_flow(support_skill=3))
    world = open_house("ada", config=config)
    line = talking(world)
    other = caller_in(world, number="200")
    world.asterisk.set_device("adaweb", "unreachable")
    world.run(7)
    world.asterisk.leg_dies("adaweb")
    world.run(0.1)
    assert world.agent_row("ada").state == "unreachable"
    assert world.agent_row("ada").talk_seconds >= 7
    assert world.call_row(line.id).stage == "waiting"
    assert line.id in world.asterisk.lines
    assert "leg-lost" in world.alarms()
    assert world.call(line.id).skills == {"tech": 3}
    world.on_duty("bob")
    world.run(0.1)
    assert world.call_row(line.id).agent == "bob"
    assert world.call_row(other.id).stage == "waiting"


def test_a_caller_whose_agent_died_is_not_hung_up_because_the_queue_has_closed() -> None:
    world = open_house("ada")
    line = talking(world)
    world.step(_closed(world.config))
    world.asterisk.leg_dies("adaweb")
    world.run(0.1)
    assert line.place == "diverted"
    world.run(60)
    assert world.store.interactions[line.id].outcome == "answered"


def _closed(config: Config) -> ConfigChanged:

    queues = {**config.queues, "support": replace(SUPPORT, enabled=False)}
    return ConfigChanged(replace(config, queues=queues))
