"""Each way through a flow is written once; what the centre knows is answered at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from acd.model import Overflow
from callcenter.core.commands import CustomerCard
from ivr.flow import Node
from tests.scenarios.stories import caller_in, open_house, talking
from tests.scenarios.test_messages import asking
from tests.world.houses import SALES, SUPPORT, house, main_flow

pytestmark = pytest.mark.pure


def test_who_was_served_by_an_agent_is_not_contained() -> None:
    world = open_house("ada")
    line = talking(world)
    world.asterisk.caller_hangs_up(line)
    world.run(1)
    (journey,) = world.store.journeys.values()
    assert journey.visits == (("start", "next"), ("menu", "2"))
    assert (journey.last, journey.ended, journey.contained) == ("support", "queue", False)
    assert journey.ended_at > journey.started_at


def test_who_hangs_up_in_the_menu_dropped_off_there() -> None:
    world = open_house()
    line = world.asterisk.dial_in("+861380000")
    world.run(3)
    world.asterisk.caller_hangs_up(line)
    world.run(0.1)
    (journey,) = world.store.journeys.values()
    assert (journey.last, journey.ended) == ("menu", "abandoned")


def test_a_blocked_caller_did_not_drop_off() -> None:
    world = open_house()
    world.store.cards = {"+861380000": (CustomerCard("u1", "Pest", blocked=True),)}
    world.asterisk.dial_in("+861380000")
    world.run(3)
    (journey,) = world.store.journeys.values()
    assert journey.ended == "cut"


def test_two_flows_are_two_journeys() -> None:
    rule = Overflow("flow", "other", after_seconds=10.0)
    other = asking(Node("bye", "hangup", {})).flows["main"]
    config = house(replace(SUPPORT, overflow=(rule,)), SALES)
    flows = {**config.flows, "other": replace(other, id="other")}
    world = open_house(config=replace(config, flows=flows))
    caller_in(world)
    world.run(15)
    ways = [(way.flow, way.ended, way.contained) for way in world.store.journeys.values()]
    assert ways == [("main", "queue", False), ("other", "served", True)]


def test_a_flow_goes_by_the_figures_of_a_queue() -> None:
    """Somebody free: no wait. Nobody there: nobody. Asked and answered within one step."""
    config = asking(
        Node(
            "wait",
            "estimate",
            {"queue": "support", "over_seconds": 60},
            {"short": "support", "long": "sales", "nobody": "bye"},
        ),
        Node("support", "queue", {"queue": "support"}),
        Node("sales", "queue", {"queue": "sales"}),
        Node("bye", "hangup", {}),
    )
    world = open_house(config=config)
    world.asterisk.dial_in("+861380000")
    world.run(1)
    (journey,) = world.store.journeys.values()
    assert journey.visits == (("wait", "nobody"),)
    world.on_duty("ada")
    line = world.asterisk.dial_in("+861380001")
    world.run(0.1)
    assert world.call_row(line.id).queue == "support"
    session = world.centre.state.calls[line.id].session
    assert session is not None
    assert (session.variables["estimate_seconds"], session.variables["queue_waiting"]) == (0, 0)


def test_a_flow_that_only_asks_itself_round_and_round_keeps_its_caller() -> None:
    """Each answer comes at once; the session's bound ends it, not the interpreter's stack."""
    config = asking(
        Node("a", "estimate", {"queue": "support"}, {"short": "b", "long": "b"}),
        Node("b", "estimate", {"queue": "sales"}, {"short": "a", "long": "a"}),
    )
    world = open_house(config=config)
    line = world.asterisk.dial_in("+861380000")
    world.run(1)
    assert world.call_row(line.id).queue == "support"  # the fallback
    assert "flow-trouble" in world.alarms()


def test_a_score_is_kept_with_the_call() -> None:
    config = asking(
        Node("ask", "survey", {"prompt": "score"}, {"next": "bye", "timeout": "bye"}),
        Node("bye", "hangup", {}),
    )
    world = open_house(config=config)
    line = world.asterisk.dial_in("+861380000")
    world.run(1)
    world.asterisk.press(line, "4")
    world.run(1)
    (answer,) = world.store.surveys.values()
    assert (answer.call, answer.question, answer.score) == (line.id, "csat", 4)
    assert main_flow().id == answer.flow
