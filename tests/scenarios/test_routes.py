"""Which flow a call begins with, and what changes for callers who are in a menu already."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from callcenter.core.inputs import CallArrived, ConfigChanged
from ivr.calendar import Calendar
from ivr.flow import Flow, Node
from ivr.routes import Route
from tests.scenarios.stories import caller_in, open_house
from tests.world.houses import house, main_flow, queue_node
from tests.world.world import World

pytestmark = pytest.mark.pure

VIP = Flow("vip", "VIP", start="sales", nodes={"sales": queue_node("sales")})
BLOCK = Flow("block", "Block", start="no", nodes={"no": Node("no", "hangup", {"reason": "no"})})
HOUSE = replace(
    house(),
    flows={"main": main_flow(), "vip": VIP, "block": BLOCK},
    routes=(
        Route("blocked", "block", lists=frozenset({"blocked"})),
        Route("vip", "vip", did="4000", lists=frozenset({"vip"})),
        Route("france", "vip", regions=frozenset({"FR"})),
        Route("main", "main", did="40*"),
    ),
    lists={"vip": frozenset({"+8613800138000"}), "blocked": frozenset({"+447700*"})},
)


@pytest.mark.parametrize(
    ("number", "e164", "region", "flow"),
    [("13800138000", "+8613800138000", "CN", "vip"), ("+33123456789", "", "FR", "vip"),
     ("+8613900000000", "+8613900000000", "CN", "main"), ("", "", "", "main")],
)  # fmt: skip
def test_the_first_route_that_fits_has_the_call(
    number: str, e164: str, region: str, flow: str
) -> None:
    world = open_house(config=HOUSE)
    world.step(CallArrived("c1", "PJSIP/trunk-1", number, "", "4000", "en", e164, region))
    assert world.centre.state.calls["c1"].flow == flow


def test_a_blocked_caller_is_hung_up_on_and_the_books_name_the_route() -> None:
    world = open_house(config=HOUSE)
    world.step(CallArrived("c1", "PJSIP/trunk-1", "+447700900123", "", "4000", "en"))
    steps = steps_of(world, "c1")
    assert ("flow", {"flow": "block", "version": 1, "route": "blocked"}) in steps
    assert "flow-ended" in [kind for kind, _ in steps]


def test_a_call_that_no_route_fits_is_not_lost() -> None:
    world = open_house(config=HOUSE)
    line = caller_in(world, number="+8613900000000", did="5555")
    assert line.id not in world.centre.state.calls or (world.call_row(line.id).stage == "diverted")
    assert "no-flow" in world.alarms()


def steps_of(world: World, call: str) -> list[tuple[str, dict[str, Any]]]:
    events = [event for event in world.store.events.values() if event.call == call]
    events.sort(key=lambda event: event.sequence)
    return [(event.kind, dict(event.data)) for event in events]


def hours_flow() -> Flow:
    """A caller listens for a while, then it is asked whether the house is open."""
    return Flow(
        "main",
        "Main",
        nodes={
            "start": Node("start", "play", {"prompt": "welcome"}, {"next": "hours"}),
            "hours": Node(
                "hours",
                "hours",
                {"calendar": "office"},
                {"open": "support", "closed": "sorry", "emergency": "sorry"},
            ),
            "support": queue_node("support"),
            "sorry": Node("sorry", "hangup", {"reason": "closed"}),
        },
    )


def test_the_emergency_switch_holds_for_callers_who_are_already_listening() -> None:
    always = Calendar("UTC", week={"mon-sun": "00:00-24:00"})
    config = replace(house(flow=hours_flow()), calendars={"office": always})
    world = open_house(config=config)
    first = world.asterisk.dial_in("+861", "4000")
    world.run(0.5)
    closed = replace(always, emergency=True, message="water in the cellar")
    world.step(ConfigChanged(replace(config, version=2, calendars={"office": closed})))
    world.run(5)
    ended = [data for kind, data in steps_of(world, first.id) if kind == "flow-ended"]
    assert ended == [{"reason": "closed"}]


def test_callers_in_a_menu_stay_on_their_version_while_a_new_one_is_published() -> None:
    config = house()
    world = open_house(config=config)
    old = world.asterisk.dial_in("+861", "4000")
    world.run(2.5)
    other = replace(main_flow(), version=2, start="sales", nodes={"sales": queue_node("sales")})
    world.step(ConfigChanged(replace(config, version=2, flows={"main": other})))
    new = world.asterisk.dial_in("+862", "4000")
    world.run(0.5)
    assert world.call_row(new.id).queue == "sales"
    world.asterisk.press(old, "2")
    world.run(0.5)
    assert world.call_row(old.id).queue == "support"
    versions = [dict(steps_of(world, line.id))["flow"]["version"] for line in (old, new)]
    assert versions == [1, 2]
