"""Given on, asked about, all together: what each sees, whose time it is, that nobody is lost."""

from __future__ import annotations

import pytest

from callcenter.core.commands import (
    ConsultAgent,
    EndConsultation,
    FinishWrapUp,
    HandOverCall,
    HangUpCall,
    HoldCall,
    JoinParties,
    Pause,
    RejectOffer,
    ReturnToCall,
    SwapParties,
    TransferCall,
)
from callcenter.core.effects import Hold, RecordPart
from callcenter.core.inputs import ConsultEnded, HoldChanged
from tests.scenarios.stories import open_house, talking
from tests.world.asterisk import Line
from tests.world.world import World

pytestmark = pytest.mark.pure


def asked(*others: str) -> tuple[World, Line]:
    """Ada talks to a caller and Bob has been asked and answered."""
    world = open_house("ada")
    line = talking(world)
    world.on_duty("bob", *others)
    world.run(10)
    assert world.click("ada", ConsultAgent(line.id, "bob")) is None
    world.run(2)
    assert world.asterisk.answer("bobweb")
    world.run(0.1)
    return world, line


def part(world: World, line: Line, number: int) -> RecordPart:
    return world.store.parts[line.id, number]


# -- asking another -----------------------------------------------------------------------------
def test_the_one_who_is_asked_sees_the_caller_and_who_asks() -> None:
    world = open_house("ada")
    line = talking(world)
    world.on_duty("bob")
    world.click("ada", ConsultAgent(line.id, "bob"))
    world.run(0.1)
    row = world.call_row(line.id)
    assert row.consult is not None
    assert (row.consult.agent, row.consult.by, row.consult.stage) == ("bob", "ada", "ringing")
    assert (world.agent_row("bob").state, world.agent_row("ada").state) == ("offered", "hold")
    assert world.agent_row("bob").call == line.id


def test_handed_over_each_is_charged_his_own_time() -> None:
    world, line = asked()
    world.run(20)
    assert world.click("ada", HandOverCall(line.id)) is None
    world.run(0.1)
    row = world.call_row(line.id)
    assert (row.agent, row.stage, row.consult) == ("bob", "talking", None)
    assert world.asterisk.lines[line.id].device == "bobweb"
    writing = world.agent_row("ada").call
    assert writing == f"{line.id}:1"
    assert world.call_row(writing).stage == "wrap-up"
    assert world.call_row(writing).part_of == line.id
    world.run(5)
    assert world.click("ada", FinishWrapUp(writing, "solved", "told Bob")) is None
    world.run(40)
    world.asterisk.caller_hangs_up(line)
    world.run(1)
    world.click("bob", FinishWrapUp(line.id, "solved", "done"))
    ada, bob = part(world, line, 1), part(world, line, 2)
    assert (ada.agent, ada.ended, ada.disposition, ada.note) == (
        "ada",
        "given-on",
        "solved",
        "told Bob",
    )
    assert ada.talk_seconds == pytest.approx(10.1, abs=0.3)
    assert ada.hold_seconds == pytest.approx(22.1, abs=0.3)
    assert ada.consult_seconds == pytest.approx(ada.hold_seconds, abs=0.1)
    assert ada.wrap_up_seconds == pytest.approx(5, abs=0.2)
    assert (bob.agent, bob.ended) == ("bob", "ended")
    assert bob.talk_seconds == pytest.approx(45, abs=0.3)
    assert bob.hold_seconds == pytest.approx(0, abs=0.1)
    whole = world.store.interactions[line.id]
    assert (whole.agent, whole.outcome, whole.note) == ("bob", "answered", "done")
    assert whole.talk_seconds == pytest.approx(ada.talk_seconds + bob.talk_seconds, abs=0.01)
    assert world.agent_row("ada").handled == 1
    assert world.agent_row("bob").handled == 1


def test_back_to_the_caller() -> None:
    world, line = asked()
    assert world.click("ada", EndConsultation(line.id)) is None
    world.run(0.1)
    row = world.call_row(line.id)
    assert (row.stage, row.agent, row.consult) == ("talking", "ada", None)
    assert world.agent_row("bob").state == "available"
    assert world.agent_row("bob").handled == 0


def test_the_one_who_is_asked_hangs_up() -> None:
    world, line = asked()
    assert world.click("bob", HangUpCall(line.id)) is None
    world.run(0.1)
    assert world.call_row(line.id).stage == "talking"
    assert world.call_row(line.id).consult_ended == "answered"


@pytest.mark.parametrize("how", ["reject", "click", "silence", "no phone"])
def test_he_does_not_answer(how: str) -> None:
    world = open_house("ada")
    line = talking(world)
    world.on_duty("bob")
    world.click("ada", ConsultAgent(line.id, "bob"))
    if how == "no phone":
        world.asterisk.devices["bobweb"] = "unreachable"
    world.run(1)
    if how == "reject":
        world.asterisk.reject("bobweb")
    elif how == "click":
        world.click("bob", RejectOffer(line.id))
    world.run(30)
    row = world.call_row(line.id)
    outcomes = {"reject": "busy", "click": "cancelled", "silence": "no-answer"}
    assert row.consult_ended == outcomes.get(how, "unavailable")
    assert (row.stage, row.agent) == ("talking", "ada")
    assert world.agent_row("bob").state == "available"
    assert world.agent_row("bob").missed == 0


@pytest.mark.parametrize("own", [False, True], ids=["nothing else", "he presses hold"])
def test_refused_before_the_caller_is_on_hold(own: bool) -> None:
    """Who asked is back with the caller as soon as there is a way, unless he wants him on hold."""
    world = open_house("ada")
    line = talking(world)
    world.on_duty("bob")
    assert world.click("ada", ConsultAgent(line.id, "bob")) is None
    assert Hold(line.id, False) not in world.step(ConsultEnded(line.id, 1, "busy", 17))
    if own:
        assert world.click("ada", HoldCall(line.id, True)) is None
    effects = world.step(HoldChanged(line.id, True))
    assert (Hold(line.id, False) in effects) is not own
    later = world.step(HoldChanged(line.id, False))
    assert Hold(line.id, False) not in [*later, *world.step(HoldChanged(line.id, True))]


def test_to_and_fro() -> None:
    world, line = asked()
    assert world.click("ada", SwapParties(line.id)) is None
    world.run(0.1)
    row = world.call_row(line.id)
    assert row.stage == "talking"
    assert row.consult is not None
    assert row.consult.stage == "aside"
    assert world.click("ada", HandOverCall(line.id)) == "consulting"
    assert world.click("ada", SwapParties(line.id)) is None
    world.run(0.1)
    assert world.call_row(line.id).stage == "held"
    assert world.click("ada", HandOverCall(line.id)) is None


def test_all_three_then_the_first_leaves() -> None:
    world, line = asked()
    assert world.click("ada", JoinParties(line.id)) is None
    world.run(5)
    row = world.call_row(line.id)
    assert row.stage == "talking"
    assert row.consult is not None
    assert row.consult.stage == "joined"
    assert world.agent_row("bob").state == "talking"
    assert world.click("ada", HangUpCall(line.id)) is None
    world.run(0.1)
    assert (world.call_row(line.id).agent, world.call_row(line.id).stage) == ("bob", "talking")
    assert world.agent_row("ada").state == "wrap-up"


def test_all_three_and_the_first_one_s_phone_dies() -> None:
    world, line = asked()
    world.click("ada", JoinParties(line.id))
    world.run(1)
    world.asterisk.leg_dies("adaweb")
    world.run(0.1)
    assert (world.call_row(line.id).agent, world.call_row(line.id).stage) == ("bob", "talking")


def test_all_three_and_the_caller_goes() -> None:
    world, line = asked()
    world.click("ada", JoinParties(line.id))
    world.run(1)
    world.asterisk.caller_hangs_up(line)
    world.run(0.1)
    assert world.agent_row("ada").state == "wrap-up"
    assert world.agent_row("bob").state == "available"


def test_the_asking_agent_s_phone_dies_and_the_caller_goes_to_the_head_of_the_line() -> None:
    world, line = asked()
    world.asterisk.leg_dies("adaweb")
    world.run(0.1)
    row = world.call_row(line.id)
    assert (row.stage, row.agent) == ("offered", "bob")
    assert part(world, line, 1).ended == "lost"


def test_hanging_up_while_asking_is_no_end_of_the_call() -> None:
    world, line = asked()
    assert world.click("ada", HangUpCall(line.id)) == "consulting"
    world.asterisk.agent_hangs_up("adaweb")
    world.run(0.1)
    assert world.call_row(line.id).stage == "offered"


def test_what_is_refused_while_asking() -> None:
    world, line = asked("cy")
    assert world.click("ada", ConsultAgent(line.id, "cy")) == "consulting"
    assert world.click("ada", HoldCall(line.id, False)) == "consulting"
    assert world.click("ada", TransferCall(line.id, "agent", "cy")) == "consulting"
    assert world.click("cy", EndConsultation(line.id)) == "not-your-call"


def test_who_cannot_be_asked() -> None:
    world = open_house("ada")
    line = talking(world)
    assert world.click("ada", ConsultAgent(line.id, "ada")) == "not-to-yourself"
    assert world.click("ada", ConsultAgent(line.id, "bob")) == "agent-not-free"
    assert world.click("ada", ConsultAgent(line.id, "nobody")) == "unknown-agent"
    world.on_duty("bob")
    world.click("bob", Pause("lunch"))
    assert world.click("ada", ConsultAgent(line.id, "bob")) == "agent-not-free"
    assert world.click("ada", HandOverCall(line.id)) == "not-consulting"


# -- back again ---------------------------------------------------------------------------------
def test_the_agent_s_page_is_loaded_anew_in_the_middle_of_a_talk() -> None:
    world = open_house("ada")
    line = talking(world)
    world.on_duty("bob")
    world.run(10)
    assert world.click("ada", ReturnToCall(line.id)) is None
    world.run(0.1)
    row = world.call_row(line.id)
    assert (row.stage, row.agent) == ("offered", "ada")
    world.asterisk.answer("adaweb")
    world.run(0.1)
    assert world.call_row(line.id).stage == "talking"
    assert world.agent_row("ada").handled == 1
    assert world.agent_row("bob").state == "available"


# -- giving on ----------------------------------------------------------------------------------
def test_given_to_another_agent() -> None:
    world = open_house("ada")
    line = talking(world)
    world.on_duty("bob", "cy")
    world.run(10)
    assert world.click("ada", TransferCall(line.id, "agent", "bob")) is None
    world.run(0.1)
    row = world.call_row(line.id)
    assert (row.stage, row.agent) == ("offered", "bob")
    assert world.agent_row("ada").state == "wrap-up"
    world.asterisk.answer("bobweb")
    world.run(5)
    world.asterisk.caller_hangs_up(line)
    world.run(1)
    assert part(world, line, 1).agent == "ada"
    assert part(world, line, 2).agent == "bob"


def test_given_to_a_queue_that_another_serves() -> None:
    world = open_house("ada")
    line = talking(world)
    world.on_duty("cy")
    assert world.click("ada", TransferCall(line.id, "queue", "sales")) is None
    world.run(0.1)
    row = world.call_row(line.id)
    assert (row.queue, row.stage, row.agent) == ("sales", "offered", "cy")


def test_given_to_a_flow() -> None:
    world = open_house("ada")
    line = talking(world)
    assert world.click("ada", TransferCall(line.id, "flow", "main")) is None
    world.run(0.1)
    assert world.call_row(line.id).stage == "menu"
    world.run(2.5)
    world.asterisk.press(line, "1")
    world.run(0.1)
    assert world.call_row(line.id).queue == "sales"


def test_from_hold_it_is_the_same() -> None:
    world = open_house("ada")
    line = talking(world)
    world.on_duty("cy")
    world.click("ada", HoldCall(line.id, True))
    world.run(1)
    assert world.click("ada", TransferCall(line.id, "queue", "sales")) is None
    world.run(0.1)
    assert world.call_row(line.id).agent == "cy"


def test_what_cannot_be_given_on() -> None:
    world = open_house("ada")
    line = talking(world)
    assert world.click("ada", TransferCall(line.id, "queue", "nowhere")) == "unknown-queue"
    assert world.click("ada", TransferCall(line.id, "flow", "nowhere")) == "unknown-flow"
    assert world.click("ada", TransferCall(line.id, "agent", "bob")) == "agent-not-free"
    assert world.click("bob", TransferCall(line.id, "queue", "sales")) == "not-your-call"
    world.link_down()
    assert world.click("ada", TransferCall(line.id, "queue", "sales")) == "link-down"
