"""The phone rings and is not taken: by nobody's, somebody's or the device's fault."""

from __future__ import annotations

import pytest

from callcenter.core.commands import GoAvailable, LogOut, RejectOffer
from callcenter.core.inputs import ActionFailed, AgentAnswered, CallReturned
from tests.scenarios.stories import caller_in, open_house
from tests.world.houses import BOB, house

pytestmark = pytest.mark.pure


def test_who_does_not_answer_is_paused_and_the_caller_keeps_the_place() -> None:
    world = open_house("ada", "bob")
    first = caller_in(world)
    assert world.call_row(first.id).agent == "ada"
    joined = world.call_row(first.id).joined_at
    world.run(10.2)
    assert (world.agent_row("ada").state, world.agent_row("ada").reason) == ("paused", "rona")
    row = world.call_row(first.id)
    assert (row.stage, row.agent, row.joined_at, row.attempt) == ("offered", "bob", joined, 2)
    assert world.agent_row("ada").missed == 1


def test_after_rona_a_click_on_available_brings_calls_again_at_once() -> None:
    world = open_house("ada")
    line = caller_in(world)
    world.run(10.2)
    assert world.call_row(line.id).stage == "waiting"
    assert world.click("ada", GoAvailable()) is None
    world.run(0.1)
    assert world.call_row(line.id).agent == "ada"


def test_a_rejected_call_goes_to_the_next_and_the_agent_stays_available() -> None:
    world = open_house("ada", "bob")
    line = caller_in(world)
    assert world.click("ada", RejectOffer(line.id)) is None
    world.run(0.1)
    assert world.agent_row("ada").state == "available"
    assert world.call_row(line.id).agent == "bob"
    assert line.place == "ringing"
    assert line.agent == "bob"


def test_a_rejection_on_the_phone_counts_as_one() -> None:
    world = open_house("ada", "bob")
    line = caller_in(world)
    world.asterisk.reject("adaweb")
    world.run(0.1)
    assert world.agent_row("ada").state == "available"
    assert world.call_row(line.id).agent == "bob"


def test_the_only_agent_is_asked_again_but_not_at_once() -> None:
    world = open_house("bob", config=house(agents=(BOB,)))
    line = caller_in(world)
    assert world.click("bob", RejectOffer(line.id)) is None
    world.run(9.0)
    assert world.call_row(line.id).stage == "waiting"
    world.run(1.5)
    assert world.call_row(line.id).agent == "bob"


def test_a_late_click_is_refused_with_the_reason() -> None:
    world = open_house("ada", "bob")
    line = caller_in(world)
    world.run(10.2)
    assert world.click("ada", RejectOffer(line.id)) == "not-your-call"
    assert world.click("bob", RejectOffer("c99")) == "unknown-call"
    world.asterisk.answer("bobweb")
    world.run(0.1)
    assert world.click("bob", RejectOffer(line.id)) == "too-late"
    assert world.call_row(line.id).stage == "talking"


def test_a_phone_that_is_not_there_makes_the_agent_unreachable_not_guilty() -> None:
    world = open_house("ada", "bob")
    world.asterisk.devices["adaweb"] = "unreachable"  # and nobody has told us
    line = caller_in(world)
    world.run(0.1)
    assert world.agent_row("ada").state == "unreachable"
    assert world.agent_row("ada").missed == 0
    assert world.call_row(line.id).agent == "bob"


def test_an_answer_that_comes_after_the_offer_was_withdrawn_does_not_lose_the_caller() -> None:
    world = open_house("ada")
    line = caller_in(world)
    assert world.click("ada", RejectOffer(line.id)) is None
    world.asterisk.answer("adaweb")  # the hand was faster than the redirect
    world.run(1.0)
    assert line.place == "agi"
    assert world.call_row(line.id).stage == "waiting"
    assert line.id in world.asterisk.lines


def test_logging_out_while_the_phone_rings_is_a_wish_for_later() -> None:
    world = open_house("ada", "bob")
    line = caller_in(world)
    assert world.click("ada", LogOut()) is None
    assert (world.agent_row("ada").state, world.agent_row("ada").next_state) == (
        "offered",
        "offline",
    )
    world.asterisk.reject("adaweb")
    world.run(0.1)
    assert world.agent_row("ada").state == "offline"
    assert world.call_row(line.id).agent == "bob"


def test_an_offer_that_asterisk_refuses_is_not_repeated_in_a_circle() -> None:
    world = open_house("ada")
    line = caller_in(world)
    call = world.call(line.id)
    world.step(ActionFailed(line.id, "Connect", call.attempt, "refused", "no such thing"))
    assert world.call_row(line.id).stage == "waiting"
    assert world.agent_row("ada").state == "available"
    world.run(2.9)
    assert world.call_row(line.id).stage == "waiting"
    world.run(0.3)
    assert world.call_row(line.id).stage == "offered"


def test_a_caller_who_can_be_connected_to_nobody_ends_in_the_fallback() -> None:
    world = open_house("ada", "bob", "cy")
    line = caller_in(world)
    for _ in range(20):
        call = world.centre.state.calls.get(line.id)
        if call is not None and call.stage == "offered":
            world.step(CallReturned(line.id, 0, "refused"))
        world.run(3.1)
    assert line.place == "diverted" or line.id not in world.asterisk.lines
    world.run(60)
    assert world.store.interactions[line.id].outcome == "diverted"
    assert "cannot-connect" in world.alarms()


def test_an_old_answer_is_not_taken_for_one_to_the_present_offer() -> None:
    world = open_house("ada", "bob")
    line = caller_in(world)
    world.click("ada", RejectOffer(line.id))
    world.step(AgentAnswered(line.id, 1, "ada"))
    assert (world.call_row(line.id).stage, world.call_row(line.id).agent) == ("offered", "bob")


def test_the_end_of_an_old_offer_does_not_end_the_present_one() -> None:
    world = open_house("ada", "bob")
    line = caller_in(world)
    world.click("ada", RejectOffer(line.id))
    world.run(0.1)
    world.step(CallReturned(line.id, 1, "no-answer"))
    assert (world.call_row(line.id).stage, world.call_row(line.id).agent) == ("offered", "bob")
    assert world.agent_row("bob").state == "offered"
