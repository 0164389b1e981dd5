"""A conference person by person: mute, hold, drop; whose time it is; what a restart finds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from callcenter.core.commands import (
    ConsultAgent,
    EndConsultation,
    FinishWrapUp,
    HandOverCall,
    HangUpCall,
    JoinParties,
    SwapParties,
)
from callcenter.core.in_call import MutePerson, PartParties, SendDigits
from callcenter.runtime.journal import Journal
from tests.scenarios.stories import open_house, talking
from tests.world.asterisk import Line
from tests.world.world import World

pytestmark = pytest.mark.pure


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal(tmp_path / "journal")
    yield made
    made.close()


def together(journal: Journal | None = None) -> tuple[World, Line]:
    """Ada, Bob and the caller, for ten seconds."""
    world = open_house("ada", journal=journal)
    line = talking(world)
    world.on_duty("bob")
    world.click("ada", ConsultAgent(line.id, "bob"))
    world.run(2)
    world.asterisk.answer("bobweb")
    world.run(0.1)
    world.click("ada", JoinParties(line.id))
    world.run(10)
    return world, line


def consult_stage(world: World, line: Line) -> str:
    row = world.call_row(line.id)
    assert row.consult is not None
    return row.consult.stage


def test_one_is_not_heard_and_is_heard_again() -> None:
    world, line = together()
    assert world.click("ada", MutePerson(line.id, "caller", True)) is None
    world.run(0.1)
    assert line.silenced == {"caller"}
    row = world.call_row(line.id)
    assert row.consult is not None
    assert row.consult.muted == ("caller",)
    assert world.click("ada", MutePerson(line.id, "caller", False)) is None
    world.run(0.1)
    assert line.silenced == set()


@pytest.mark.parametrize("way", ["drop", "leave", "part", "caller"])
def test_nobody_stays_muted_when_the_three_are_no_longer_together(way: str) -> None:
    world, line = together()
    world.click("ada", MutePerson(line.id, "caller", True))
    world.click("ada", MutePerson(line.id, "colleague", True))
    world.run(0.1)
    match way:
        case "drop":
            world.click("ada", EndConsultation(line.id))
        case "leave":
            world.click("ada", HangUpCall(line.id))
        case "part":
            world.click("ada", PartParties(line.id, "caller"))
        case _:
            world.click("bob", HangUpCall(line.id))
    world.run(0.1)
    assert line.silenced == set()
    assert world.call_row(line.id).stage == "talking"


def test_the_colleague_on_hold_and_the_three_again() -> None:
    world, line = together()
    assert world.click("ada", PartParties(line.id, "caller")) is None
    world.run(5)
    assert consult_stage(world, line) == "aside"
    assert world.call_row(line.id).stage == "talking"
    assert world.click("ada", JoinParties(line.id)) is None
    world.run(0.1)
    assert consult_stage(world, line) == "joined"


def test_the_caller_on_hold_and_then_given_to_the_colleague() -> None:
    world, line = together()
    assert world.click("ada", PartParties(line.id, "colleague")) is None
    world.run(5)
    assert (consult_stage(world, line), world.call_row(line.id).stage) == ("talking", "held")
    assert world.agent_row("ada").state == "hold"
    assert world.click("ada", SwapParties(line.id)) is None
    world.run(0.1)
    assert consult_stage(world, line) == "aside"
    world.click("ada", SwapParties(line.id))
    world.run(0.1)
    assert world.click("ada", HandOverCall(line.id)) is None
    world.run(0.1)
    assert world.call_row(line.id).agent == "bob"


def test_the_time_together_is_in_the_part_of_who_called_it() -> None:
    world, line = together()
    world.click("ada", PartParties(line.id, "caller"))
    world.run(5)
    world.click("ada", JoinParties(line.id))
    world.run(7)
    world.click("ada", HangUpCall(line.id))
    world.run(20)
    world.asterisk.caller_hangs_up(line)
    world.run(0.1)
    world.click("bob", FinishWrapUp(line.id, "solved"))
    ada, bob = world.store.parts[line.id, 1], world.store.parts[line.id, 2]
    assert ada.conference_seconds == pytest.approx(17, abs=0.3)
    assert ada.talk_seconds == pytest.approx(22.1, abs=0.4)
    assert bob.conference_seconds == 0.0
    assert bob.talk_seconds == pytest.approx(20, abs=0.3)


def test_what_is_refused() -> None:
    world, line = together()
    world.click("ada", EndConsultation(line.id))
    world.run(0.1)
    assert world.click("ada", MutePerson(line.id, "caller", True)) == "no-conference"
    assert world.click("ada", PartParties(line.id, "caller")) == "no-conference"
    assert world.click("bob", MutePerson(line.id, "caller", True)) == "not-your-call"


def test_keys_are_sent_and_not_written_down() -> None:
    world = open_house("ada")
    line = talking(world)
    assert world.click("ada", SendDigits(line.id, "12#")) is None
    world.run(0.1)
    assert line.keys == "12#"
    assert world.click("ada", SendDigits(line.id, "1a")) == "not-keys"
    assert world.click("ada", SendDigits(line.id, "")) == "not-keys"
    (event,) = [e for e in world.store.events.values() if e.kind == "keys-sent"]
    assert event.data == {"count": 3}


@pytest.mark.parametrize("cold", [False, True])
def test_kill_9_in_a_conference(journal: Journal, *, cold: bool) -> None:
    """With the journal all is as before; without it the agent has the caller, and nobody is muted
    any more."""
    world, line = together(journal)
    world.click("ada", MutePerson(line.id, "caller", True))
    world.run(1)
    world.die()
    world.run(2)
    world.come_back(cold=cold)
    world.run(1)
    row = world.call_row(line.id)
    assert (row.stage, row.agent) == ("talking", "ada")
    if cold:
        assert line.silenced == set()
        assert row.consult is None
    else:
        assert consult_stage(world, line) == "joined"
        assert row.consult is not None
        assert row.consult.muted == ("caller",)


def test_parted_while_nobody_listened(journal: Journal) -> None:
    world, line = together(journal)
    world.die()
    world.run(1)
    assert line.side is not None
    line.side.place = "talking"
    line.joined, line.place = False, "held"
    world.come_back()
    world.run(1)
    assert (consult_stage(world, line), world.call_row(line.id).stage) == ("talking", "held")
