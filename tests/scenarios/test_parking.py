"""Parked and taken: by whom, for how long, whose time it is; and calls that agents pick up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from callcenter.core.commands import FinishWrapUp, HoldCall, LogOut, Pause
from callcenter.core.in_call import ParkCall, PickUpCall
from callcenter.core.inputs import ConfigChanged
from callcenter.runtime.journal import Journal
from tests.scenarios.stories import caller_in, open_house, talking
from tests.world.asterisk import Line
from tests.world.houses import ADA, SALES, SUPPORT, house
from tests.world.world import World

pytestmark = pytest.mark.pure


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal(tmp_path / "journal")
    yield made
    made.close()


def parked(*others: str, journal: Journal | None = None) -> tuple[World, Line]:
    """Ada has talked to a caller for ten seconds and parks him; others are on duty."""
    world = open_house("ada", journal=journal)
    line = talking(world)
    world.on_duty(*others)
    world.run(10)
    assert world.click("ada", ParkCall(line.id)) is None
    world.run(0.1)
    return world, line


def test_a_parked_caller_hears_music_and_his_agent_is_free() -> None:
    world, line = parked()
    row = world.call_row(line.id)
    assert (row.stage, row.agent) == ("parked", None)
    assert row.parking is not None
    assert (row.parking.place, row.parking.by) == (1, "ada")
    assert line.music
    assert line.facts["park"].startswith("1:ada:")
    assert world.agent_row("ada").state == "available"
    assert world.agent_row("ada").call is None


def test_another_agent_takes_him_and_each_is_charged_his_own_time() -> None:
    world, line = parked("bob")
    world.run(30)
    assert world.click("bob", PickUpCall(line.id)) is None
    world.run(0.1)
    assert world.asterisk.connects[-1].auto_answer
    world.asterisk.answer("bobweb")
    world.run(20)
    row = world.call_row(line.id)
    assert (row.stage, row.agent, row.parking) == ("talking", "bob", None)
    world.asterisk.caller_hangs_up(line)
    world.run(0.1)
    world.click("bob", FinishWrapUp(line.id, "solved"))
    ada, bob = world.store.parts[line.id, 1], world.store.parts[line.id, 2]
    assert (ada.agent, ada.ended) == ("ada", "parked")
    assert ada.talk_seconds == pytest.approx(10.1, abs=0.3)
    assert ada.park_seconds == pytest.approx(30.1, abs=0.3)
    assert (bob.agent, bob.ended, bob.park_seconds) == ("bob", "ended", 0.0)
    assert bob.talk_seconds == pytest.approx(20, abs=0.3)
    whole = world.store.interactions[line.id]
    assert whole.park_seconds == ada.park_seconds
    assert whole.talk_seconds == pytest.approx(ada.talk_seconds + bob.talk_seconds)
    assert line.facts["park"] == ""


def test_nobody_takes_him_and_he_goes_to_his_agent_first() -> None:
    world, line = parked("bob")
    world.run(179)
    assert world.call_row(line.id).stage == "parked"
    world.run(2)
    row = world.call_row(line.id)
    assert (row.stage, row.agent, row.parking) == ("offered", "ada", None)
    world.asterisk.answer("adaweb")
    world.run(0.1)
    assert world.agent_row("ada").handled == 1, "one caller, counted once"


def test_the_agent_who_parks_while_it_is_full_hears_so() -> None:
    config = house(replace(SUPPORT, park_seconds=9000.0), SALES)
    world = open_house("ada", config=config)
    line = talking(world)
    assert world.click("ada", ParkCall(line.id)) is None
    world.run(0.1)
    assert world.click("ada", ParkCall(line.id)) == "not-your-call"
    for _ in range(98):
        other = talking(world)
        world.click("ada", ParkCall(other.id))
        world.run(0.1)
    other = talking(world)
    assert world.click("ada", ParkCall(other.id)) == "places-full"
    world.asterisk.caller_hangs_up(line)
    world.run(0.1)
    assert world.click("ada", ParkCall(other.id)) is None
    world.run(0.1)
    row = world.call_row(other.id)
    assert row.parking is not None
    assert row.parking.place == 1, "a place that became free is given again"


def test_who_parked_a_caller_that_hangs_up_writes_about_him_if_he_is_free() -> None:
    world, line = parked()
    world.run(25)
    world.asterisk.caller_hangs_up(line)
    world.run(0.1)
    row = world.call_row(line.id)
    assert (row.stage, row.agent) == ("wrap-up", "ada")
    assert world.agent_row("ada").state == "wrap-up"
    world.run(3)
    assert world.click("ada", FinishWrapUp(line.id, "solved", "he had no patience")) is None
    whole = world.store.interactions[line.id]
    assert (whole.outcome, whole.agent, whole.ended_by) == ("answered", "ada", "caller")
    assert (whole.disposition, whole.note) == ("solved", "he had no patience")
    part = world.store.parts[line.id, 1]
    assert (part.ended, part.disposition) == ("ended", "solved")
    assert part.park_seconds == pytest.approx(25, abs=0.3)
    assert part.wrap_up_seconds == pytest.approx(3, abs=0.3)
    assert world.agent_row("ada").state == "available"


def test_a_caller_who_hangs_up_while_parked_disturbs_nobody_in_a_break() -> None:
    world, line = parked()
    world.click("ada", Pause("lunch"))
    world.run(25)
    world.asterisk.caller_hangs_up(line)
    world.run(0.1)
    assert world.agent_row("ada").state == "paused"
    assert line.id not in world.screens.calls
    whole = world.store.interactions[line.id]
    assert (whole.outcome, whole.agent, whole.ended_by) == ("answered", "ada", "caller")
    assert world.store.parts[line.id, 1].park_seconds == pytest.approx(25, abs=0.3)


def test_a_second_call_parks_the_first_and_so_to_and_fro() -> None:
    world, first = parked()
    second = talking(world)
    assert world.click("ada", PickUpCall(first.id)) is None
    world.run(0.1)
    assert world.call_row(second.id).stage == "parked"
    assert world.call_row(first.id).agent == "ada"
    world.asterisk.answer("adaweb")
    world.run(5)
    world.click("ada", HoldCall(first.id, True))
    world.run(0.1)
    assert world.click("ada", PickUpCall(second.id)) is None
    world.run(0.1)
    assert world.call_row(first.id).stage == "parked"
    world.asterisk.answer("adaweb")
    world.run(0.1)
    assert world.call_row(second.id).stage == "talking"
    assert len([row for row in world.screens.calls.values() if row.stage == "talking"]) == 1


def test_who_does_not_answer_what_he_took_leaves_it_to_others() -> None:
    world, line = parked("bob")
    world.click("ada", Pause("lunch"))
    assert world.click("bob", PickUpCall(line.id)) is None
    world.run(12)
    assert world.agent_row("bob").reason == "rona"
    assert world.call_row(line.id).stage == "waiting"
    world.on_duty("ada")
    world.run(1)
    assert world.call_row(line.id).agent == "ada"


def test_who_may_not_take() -> None:
    world, line = parked("cy")
    assert world.click("cy", PickUpCall(line.id)) == "not-your-queue"
    assert world.click("cy", PickUpCall("nothing")) == "unknown-call"
    world.click("ada", LogOut())
    assert world.click("ada", PickUpCall(line.id)) == "not-logged-in"
    world.on_duty("ada")
    world.asterisk.set_device("adaweb", "unreachable")
    world.run(0.1)
    assert world.click("ada", PickUpCall(line.id)) == "no-device"


@pytest.mark.parametrize("cold", [False, True])
def test_kill_9_while_parked(journal: Journal, *, cold: bool) -> None:
    world, line = parked(journal=journal)
    world.run(20)
    world.die()
    world.run(3)
    world.come_back(cold=cold)
    world.run(0.1)
    row = world.call_row(line.id)
    assert row.stage == "parked"
    assert row.parking is not None
    assert (row.parking.place, row.parking.by) == (1, "ada")
    world.on_duty("ada")
    assert world.click("ada", PickUpCall(line.id)) is None
    world.run(0.1)
    world.asterisk.answer("adaweb")
    world.run(1)
    assert world.call_row(line.id).stage == "talking"
    assert world.store.parts[line.id, 1].park_seconds == pytest.approx(23, abs=1)


@pytest.mark.parametrize("cold", [False, True])
def test_kill_9_between_the_click_and_the_place(journal: Journal, *, cold: bool) -> None:
    world = open_house("ada", journal=journal)
    line = talking(world)
    world.click("ada", ParkCall(line.id))
    world.agenda.now += 0.003  # on its way to Asterisk
    world.asterisk.execute(next(e for e in world.effects if type(e).__name__ == "Recall"))  # type: ignore[arg-type]
    world.die()
    world.run(2)
    world.come_back(cold=cold)
    world.run(1)
    stage = world.call_row(line.id).stage
    assert stage == ("waiting" if cold else "parked"), "without a journal he waits in line"


# -- picked up ----------------------------------------------------------------------------------
def test_a_colleague_s_ringing_call() -> None:
    world = open_house("ada")
    line = caller_in(world)
    world.on_duty("bob")
    assert world.call_row(line.id).agent == "ada"
    assert world.click("bob", PickUpCall(line.id)) is None
    world.run(0.1)
    row = world.call_row(line.id)
    assert (row.stage, row.agent) == ("offered", "bob")
    assert world.agent_row("ada").state == "available"
    assert world.agent_row("ada").missed == 0
    assert world.agent_row("ada").lost_offer == "elsewhere"
    world.asterisk.answer("bobweb")
    world.run(0.1)
    assert world.call_row(line.id).stage == "talking"


def test_the_colleague_was_faster() -> None:
    world = open_house("ada")
    line = caller_in(world)
    world.on_duty("bob")
    world.asterisk.answer("adaweb")
    assert world.click("bob", PickUpCall(line.id)) is None
    world.run(1)
    talking_to = world.call_row(line.id).agent
    assert world.call_row(line.id).stage in ("talking", "offered")
    assert talking_to in ("ada", "bob")


def test_one_chosen_in_the_line_where_that_is_allowed() -> None:
    config = house(replace(SUPPORT, agents_choose=True), SALES)
    world = open_house("ada", config=config)
    busy = talking(world)
    first, second = caller_in(world), caller_in(world)
    assert world.click("ada", PickUpCall(second.id)) is None
    world.run(0.1)
    assert world.call_row(busy.id).stage == "parked"
    assert (world.call_row(second.id).stage, world.call_row(second.id).agent) == ("offered", "ada")
    assert world.call_row(first.id).stage == "waiting"


def test_where_it_is_not_he_takes_who_is_next() -> None:
    world = open_house("ada")
    talking(world)
    waits = caller_in(world)
    assert world.click("ada", PickUpCall(waits.id)) == "not-to-choose"


def test_the_writing_is_done_first() -> None:
    world, line = parked()
    other = talking(world)
    world.asterisk.caller_hangs_up(other)
    world.run(0.1)
    assert world.agent_row("ada").state == "wrap-up"
    assert world.click("ada", PickUpCall(line.id)) == "finish-first"


def test_a_queue_that_is_gone_gives_the_caller_to_one_of_his_agent_s() -> None:
    world, line = parked()
    agents = (replace(ADA, queues={"sales": 1}),)
    world.step(ConfigChanged(house(SALES, agents=agents)))
    assert world.click("ada", PickUpCall(line.id)) is None
    world.run(0.1)
    assert world.call_row(line.id).queue == "sales"
