"""Somebody outside is asked about a caller, or given him: who is where, and nobody is lost."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from callcenter.core import refusals
from callcenter.core.commands import (
    ConsultNumber,
    EndConsultation,
    FinishWrapUp,
    HandOverCall,
    HangUpCall,
    JoinParties,
    SwapParties,
)
from callcenter.core.inputs import ActionFailed, NumberOutcome
from callcenter.core.toll import OutboundRules
from callcenter.runtime.journal import Journal
from tests.scenarios.stories import open_house, talking
from tests.world.asterisk import Line
from tests.world.houses import house
from tests.world.world import World

pytestmark = pytest.mark.pure

NUMBER = "+8613911110003"
RULES = OutboundRules(enabled=True)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal(tmp_path)
    yield made
    made.close()


def asks(
    *, give: bool = False, rules: OutboundRules = RULES, journal: Journal | None = None
) -> tuple[World, Line]:
    """Ada talks to a caller and lets an outside number ring."""
    world = open_house("ada", config=house(outbound=rules), journal=journal)
    line = talking(world)
    world.run(10)
    ask = ConsultNumber(line.id, NUMBER, "CN", "agent", "Repair shop", give)
    assert world.click("ada", ask) is None
    world.run(0.1)
    return world, line


def test_the_row_says_who_is_asked() -> None:
    world, line = asks()
    row = world.call_row(line.id)
    assert row.consult is not None
    assert (row.consult.number, row.consult.name, row.consult.agent, row.consult.stage) == (
        NUMBER,
        "Repair shop",
        "",
        "ringing",
    )
    assert (row.stage, world.agent_row("ada").state) == ("held", "hold")


@pytest.mark.parametrize("give", [True, False])
@pytest.mark.parametrize("outcome", ["busy", "no-answer", "rejected", "invalid", "unreachable"])
def test_who_is_not_reached_the_caller_is_back_and_sees_why(
    outcome: NumberOutcome, give: bool
) -> None:
    world, line = asks(give=give)
    world.asterisk.outside_fails(line, outcome)
    world.run(0.1)
    row = world.call_row(line.id)
    assert (row.stage, row.agent, row.consult) == ("talking", "ada", None)
    assert (row.consult_ended, row.consulted_number, row.consulted_give) == (outcome, NUMBER, give)
    again = ConsultNumber(line.id, NUMBER, "CN", "agent", "Repair shop", give)
    assert world.click("ada", again) is None  # the retry


def test_a_voicemail_that_answers_is_no_answer_of_a_person() -> None:
    world, line = asks()
    assert world.click("ada", EndConsultation(line.id, machine=True)) is None  # too early to know
    world.run(0.1)
    assert world.call_row(line.id).consult_ended == "cancelled"
    assert world.click("ada", ConsultNumber(line.id, NUMBER, "CN", "agent", "Repair shop")) is None
    world.run(1)
    assert world.asterisk.outside_answers(line)
    world.run(5)
    assert world.click("ada", EndConsultation(line.id, machine=True)) is None
    world.run(0.1)
    row = world.call_row(line.id)
    assert (row.stage, row.agent, row.consult) == ("talking", "ada", None)
    assert (row.consult_ended, row.consulted_number) == ("voicemail", NUMBER)


def test_asked_swapped_joined_and_dropped() -> None:
    world, line = asks()
    assert world.asterisk.outside_answers(line)
    world.run(5)
    assert world.click("ada", SwapParties(line.id)) is None
    world.run(0.1)
    assert (line.place, world.call_row(line.id).stage) == ("talking", "talking")
    assert world.click("ada", SwapParties(line.id)) is None
    world.run(0.1)
    assert world.call_row(line.id).stage == "held"
    assert world.click("ada", JoinParties(line.id)) is None
    world.run(0.1)
    assert line.joined
    assert world.click("ada", EndConsultation(line.id)) is None
    world.run(0.1)
    assert (line.side, world.call_row(line.id).stage) == (None, "talking")


def handed(how: str, journal: Journal | None = None) -> tuple[World, Line]:
    """The caller is with the one outside, Ada writes."""
    world, line = asks(give=how == "at once", journal=journal)
    world.run(4)
    world.asterisk.outside_answers(line)
    world.run(0.1)
    if how != "at once":
        world.run(20)
        if how == "from a conference":
            world.click("ada", JoinParties(line.id))
            world.run(0.1)
        assert world.click("ada", HandOverCall(line.id)) is None
        world.run(0.1)
    return world, line


@pytest.mark.parametrize("how", ["at once", "after a word", "from a conference"])
def test_the_caller_is_given_on_and_the_agent_is_free_of_him(how: str) -> None:
    world, line = handed(how)
    row = world.call_row(line.id)
    assert (row.stage, row.agent, row.consult) == ("outside", None, None)
    assert line.place == "transferred"
    writing = world.agent_row("ada").call or ""
    assert world.call_row(writing).part_of == line.id
    assert world.click("ada", FinishWrapUp(writing, "solved", "to the shop")) is None
    world.run(60)
    assert world.agent_row("ada").state == "available"
    world.asterisk.outside_hangs_up(line)
    world.run(0.2)
    assert world.asterisk.lines == {}
    one = world.store.interactions[line.id]
    assert (one.outcome, one.agent, one.ended_by) == ("answered", "ada", "agent")
    part = world.store.parts[line.id, 1]
    assert (part.ended, part.note) == ("given-on", "to the shop")


def test_the_caller_hangs_up_on_the_one_outside() -> None:
    world, line = handed("at once")
    world.asterisk.caller_hangs_up(line)
    world.run(0.1)
    assert line.id not in world.screens.calls
    assert world.store.interactions[line.id].ended_by == "caller"


def test_the_two_do_not_come_together() -> None:
    world, line = asks()
    world.asterisk.outside_answers(line)
    world.run(1)
    line.side = None  # gone in this moment; nobody was told yet
    world.click("ada", HandOverCall(line.id))
    world.run(0.2)
    assert world.call_row(line.id).stage in ("waiting", "offered")


def test_refused_by_asterisk_the_caller_is_in_line_again() -> None:
    world, line = handed("after a word")
    line.place = "agi"
    world.step(ActionFailed(line.id, "HandOut", 0, "refused", "no"))
    world.run(0.2)
    assert world.call_row(line.id).stage in ("waiting", "offered")


def test_the_agent_hangs_up_while_it_rings_outside() -> None:
    world, line = asks(give=True)
    assert world.click("ada", HangUpCall(line.id)) == refusals.CONSULTING
    world.asterisk.agent_hangs_up("adaweb")
    world.run(0.2)
    assert world.call_row(line.id).stage in ("waiting", "offered")


def test_guards_hold_here_too() -> None:
    rules = dataclasses.replace(RULES, agent_hour_max=1)
    world, line = asks(rules=rules)
    world.asterisk.outside_fails(line, "busy")
    world.run(0.1)
    again = ConsultNumber(line.id, NUMBER, "CN", "agent")
    assert world.click("ada", again) == refusals.OUTBOUND_HOUR
    assert world.call_row(line.id).stage == "talking"


def test_no_talk_outside_lasts_longer_than_the_rules_say() -> None:
    world, line = handed("at once")
    world.run(RULES.minutes_max * 60 + 1)
    assert line.id not in world.asterisk.lines


@pytest.mark.parametrize("over", [False, True])
def test_the_service_dies_while_they_talk(journal: Journal, over: bool) -> None:
    world, line = handed("at once", journal=journal)
    world.die()
    world.run(1)
    if over:
        world.asterisk.outside_hangs_up(line)
    world.come_back()
    world.run(0.3)
    if over:
        assert world.asterisk.lines == {}
        return
    assert world.call_row(line.id).stage == "outside"
    world.asterisk.outside_hangs_up(line)
    world.run(0.3)
    assert world.asterisk.lines == {}


def test_the_service_dies_while_it_rings_outside(journal: Journal) -> None:
    world, line = asks(give=True, journal=journal)
    world.die()
    world.run(1)
    world.come_back()
    world.run(0.3)
    row = world.call_row(line.id)
    assert (row.stage, row.agent) == ("talking", "ada")
