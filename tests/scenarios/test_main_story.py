"""The main story: from dial tone to the closed interaction."""

from __future__ import annotations

import pytest

from callcenter.core.board import CallRow
from callcenter.core.commands import CustomerCard, FinishWrapUp
from callcenter.core.effects import Connect, Show
from tests.world.houses import house
from tests.world.world import World

pytestmark = pytest.mark.pure

LI = CustomerCard("u1", "李明", record={"name": "李明", "city": "北京"})


def test_a_known_caller_is_led_to_support_and_served_by_ada() -> None:
    world = World(house()).start()
    world.on_duty("ada")
    world.store.cards["+8613800138000"] = (LI,)

    line = world.asterisk.dial_in("+8613800138000", name="李明")
    world.run(3)
    assert world.call_row(line.id).stage == "menu"
    assert world.call_row(line.id).cards == (LI,)

    world.asterisk.press(line, "2")
    world.run(0.1)
    row = world.call_row(line.id)
    assert (row.stage, row.agent, row.queue, row.path) == (
        "offered",
        "ada",
        "support",
        ("Main: 2 Support",),
    )
    assert world.agent_row("ada").state == "offered"
    assert line.place == "ringing"

    world.run(2)
    assert world.asterisk.answer("adaweb")
    world.run(0.1)
    assert world.call_row(line.id).stage == "talking"
    assert world.agent_row("ada").state == "talking"

    world.run(60)
    world.asterisk.caller_hangs_up(line)
    world.run(0.1)
    assert world.agent_row("ada").state == "wrap-up"

    world.run(5)
    assert world.click("ada", FinishWrapUp(line.id, "solved", "reset the router")) is None
    assert world.agent_row("ada").state == "available"
    assert line.id not in world.screens.calls
    assert line.id not in world.centre.state.calls

    record = world.store.interactions[line.id]
    assert (record.outcome, record.agent, record.queue, record.customer, record.ended_by) == (
        "answered",
        "ada",
        "support",
        "u1",
        "caller",
    )
    assert (record.disposition, record.note, record.offers, record.path) == (
        "solved",
        "reset the router",
        1,
        ("Main: 2 Support",),
    )
    assert record.talk_seconds == pytest.approx(60, abs=0.2)
    assert record.ring_seconds == pytest.approx(2, abs=0.2)
    assert record.wrap_up_seconds == pytest.approx(5, abs=0.2)
    assert world.store.timeline(line.id) == [
        "arrived",
        "flow",
        "customer",
        "digits",
        "menu",
        "queued",
        "offered",
        "ringing",
        "answered",
        "ended",
        "closed",
    ]


def test_the_record_is_on_its_way_to_the_screen_before_the_phone_is_rung() -> None:
    world = World(house()).start()
    world.on_duty("ada")
    order: list[str] = []

    def watch(world: World, fact: object, effects: object) -> None:
        for effect in world.effects:
            if isinstance(effect, Connect):
                order.append("ring")
            elif isinstance(effect, Show) and isinstance(effect.row, CallRow) and effect.row.agent:
                order.append("screen")

    world.watches.append(watch)
    line = world.asterisk.dial_in("100")
    world.run(3)
    world.asterisk.press(line, "2")
    world.run(0.1)
    assert order == ["screen", "ring"]
