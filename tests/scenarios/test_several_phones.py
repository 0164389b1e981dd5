"""A queue that rings several phones at once: the first answer wins, the others never rang."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from callcenter.core.commands import GoAvailable, LogOut, RejectOffer
from callcenter.core.config import Config
from callcenter.core.effects import RecordEvent
from callcenter.core.inputs import AgentAnswered, AgentRingEnded
from callcenter.runtime.journal import Journal
from tests.scenarios.stories import caller_in, open_house
from tests.world.asterisk import Line
from tests.world.houses import ADA, BOB, CY, SALES, SUPPORT, house
from tests.world.world import World

pytestmark = pytest.mark.pure

DEE = replace(CY, id="dee", name="Dee", queues={"support": 3})


def together(count: int = 2, *, auto_answer: bool = False) -> Config:
    support = replace(SUPPORT, broadcast=count, auto_answer=auto_answer)
    return house(support, SALES, agents=(ADA, BOB, CY, DEE))


def ringing(count: int = 2, *agents: str, auto_answer: bool = False) -> tuple[World, Line]:
    config = together(count, auto_answer=auto_answer)
    world = open_house(*(agents or ("ada", "bob")), config=config)
    return world, caller_in(world)


def states(world: World, *agents: str) -> list[str]:
    return [world.agent_row(agent).state for agent in agents]


def events(world: World, call: str, kind: str) -> list[RecordEvent]:
    return [one for one in world.store.events.values() if one.call == call and one.kind == kind]


def ended(world: World, call: str) -> dict[str, str]:
    """What became of the offer, for each agent."""
    return {
        str(event.data["agent"]): str(event.data["outcome"])
        for event in events(world, call, "offer-ended")
    }


def test_the_call_rings_at_all_of_them_and_the_record_names_all() -> None:
    world, line = ringing(3, "ada", "bob", "dee")
    assert set(line.rung) == {"adaweb", "bobweb", "deeweb"}
    assert states(world, "ada", "bob", "dee") == ["offered", "offered", "offered"]
    assert world.call_row(line.id).offered_to == ("ada", "bob", "dee")
    (offered,) = events(world, line.id, "offered")
    assert (offered.data["agent"], offered.data["also"]) == ("ada", ["bob", "dee"])
    assert "offered to ada, bob, dee" in world.call_row(line.id).why
    why = offered.data["why"]
    assert isinstance(why, dict)
    assert (why["chosen"], why["also"]) == ("ada", ["bob", "dee"])
    assert {one["agent"] for one in why["considered"] if one["code"] == "chosen"} == {
        "ada",
        "bob",
        "dee",
    }


def test_the_first_answer_wins_and_for_the_others_it_never_rang() -> None:
    world, line = ringing(3, "ada", "bob", "dee")
    before = {name: world.seat(name).presence.idle_since for name in ("ada", "dee")}
    world.run(4)
    assert world.asterisk.answer("bobweb")
    world.run(0.1)
    row = world.call_row(line.id)
    assert (row.stage, row.agent, row.offered_to) == ("talking", "bob", ())
    assert states(world, "ada", "dee") == ["available", "available"]
    for name in ("ada", "dee"):
        seat = world.seat(name)
        assert (seat.missed, seat.missed_in_row, seat.back_off_until) == (0, 0, 0.0)
        assert seat.presence.idle_since == before[name], "he stands where he stood"
        assert world.agent_row(name).lost_offer == "elsewhere"
        assert world.centre.state.router._floor.seats[name].occupancy(world.now) == 0.0
    assert ended(world, line.id) == {"ada": "elsewhere", "dee": "elsewhere"}
    assert line.rung == {}, "no phone rings any more"
    assert world.agent_row("bob").handled == 1


def test_who_lost_the_race_is_next_by_his_old_idle_time() -> None:
    world = open_house("ada", config=together())
    for name in ("bob", "dee"):
        world.run(1)
        world.on_duty(name)
    line = caller_in(world)
    assert set(line.rung) == {"adaweb", "bobweb"}
    world.asterisk.answer("adaweb")
    world.run(0.1)
    second = caller_in(world)
    assert world.call_row(second.id).offered_to == ("bob", "dee")


def test_two_answers_at_the_same_moment_and_asterisk_knows_one() -> None:
    world, line = ringing()
    world.asterisk.answer("bobweb")
    assert not world.asterisk.answer("adaweb"), "Asterisk gives the call to one"
    world.run(0.1)
    world.step(AgentAnswered(line.id, 1, "ada"))  # and a late word of the other changes nothing
    assert (world.call_row(line.id).agent, world.agent_row("ada").state) == ("bob", "available")


def test_one_rejects_and_the_others_ring_on() -> None:
    world, line = ringing(2, "ada", "bob", "dee")
    assert world.click("ada", RejectOffer(line.id)) is None
    world.run(0.1)
    assert list(line.rung) == ["bobweb"]
    row = world.call_row(line.id)
    assert (row.stage, row.agent, row.offered_to, row.attempt) == ("offered", "bob", ("bob",), 1)
    assert states(world, "ada", "bob", "dee") == ["available", "offered", "available"]
    assert world.seat("ada").missed == 1
    world.run(12)
    assert world.agent_row("bob").reason == "rona"
    assert world.agent_row("ada").reason == ""
    assert world.call_row(line.id).offered_to == ("dee",), "not to those who did not want it"


def test_one_rejects_on_the_phone_and_the_others_ring_on() -> None:
    world, line = ringing()
    world.asterisk.reject("bobweb")
    world.run(0.1)
    assert world.call_row(line.id).offered_to == ("ada",)
    assert world.agent_row("bob").state == "available"
    assert ended(world, line.id) == {"bob": "refused"}


def test_all_reject_and_the_caller_keeps_the_place() -> None:
    world, line = ringing()
    joined = world.call_row(line.id).joined_at
    world.asterisk.reject("bobweb")
    world.asterisk.reject("adaweb")
    world.run(0.1)
    row = world.call_row(line.id)
    assert (row.stage, row.joined_at, row.offered_to) == ("waiting", joined, ())
    assert ended(world, line.id) == {"bob": "refused", "ada": "refused"}
    world.run(11)
    assert world.call_row(line.id).attempt == 2, "when nobody else can take it they are asked again"


def test_all_miss_it_and_each_bears_it() -> None:
    world, line = ringing()
    world.run(10.2)
    assert [world.agent_row(name).reason for name in ("ada", "bob")] == ["rona", "rona"]
    assert [world.agent_row(name).missed for name in ("ada", "bob")] == [1, 1]
    assert world.call_row(line.id).stage == "waiting"
    world.click("bob", GoAvailable())
    world.run(0.1)
    assert world.call_row(line.id).offered_to == ("bob",)


def test_a_phone_that_dies_while_it_rings_is_nobodys_fault_and_the_others_ring_on() -> None:
    world, line = ringing()
    world.asterisk.phone_dies("adaweb")
    world.run(0.1)
    assert world.call_row(line.id).offered_to == ("bob",)
    assert (world.agent_row("ada").state, world.agent_row("ada").missed) == ("unreachable", 0)
    world.asterisk.answer("bobweb")
    world.run(0.1)
    assert world.call_row(line.id).agent == "bob"


def test_the_caller_hangs_up_and_nobody_has_missed_anything() -> None:
    world, line = ringing()
    world.asterisk.caller_hangs_up(line)
    world.run(0.1)
    assert states(world, "ada", "bob") == ["available", "available"]
    assert [world.agent_row(name).missed for name in ("ada", "bob")] == [0, 0]
    assert [world.agent_row(name).lost_offer for name in ("ada", "bob")] == ["", ""]
    assert world.store.interactions[line.id].outcome == "abandoned"


def test_logging_out_while_several_ring_is_a_wish_for_later() -> None:
    world, _ = ringing()
    assert world.click("ada", LogOut()) is None
    world.asterisk.answer("bobweb")
    world.run(0.1)
    assert states(world, "ada", "bob") == ["offline", "talking"]


def test_who_rejects_with_one_hand_and_picks_up_with_the_other_talks() -> None:
    world, line = ringing()
    world.asterisk.answer("adaweb")
    assert world.click("ada", RejectOffer(line.id)) is None  # before we heard of the answer
    world.run(0.1)
    row = world.call_row(line.id)
    assert (row.stage, row.agent) == ("talking", "ada")
    assert states(world, "ada", "bob") == ["talking", "available"]


def test_a_queue_with_fewer_free_agents_rings_those_there_are() -> None:
    world, line = ringing(5, "bob")
    assert world.call_row(line.id).offered_to == ("bob",)
    world.asterisk.answer("bobweb")
    world.run(0.1)
    assert world.call_row(line.id).stage == "talking"


def test_several_phones_are_never_made_to_answer_by_themselves() -> None:
    world, line = ringing(auto_answer=True)
    assert not world.call_row(line.id).auto_answer
    assert not world.asterisk.connects[-1].auto_answer


def test_the_word_of_an_earlier_offer_does_not_stop_a_phone_of_this_one() -> None:
    world, line = ringing()
    world.step(AgentRingEnded(line.id, 7, "ada", "refused"))
    world.step(AgentRingEnded("c99", 1, "ada", "refused"))
    assert world.call_row(line.id).offered_to == ("ada", "bob")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    kept = Journal(tmp_path)
    yield kept
    kept.close()


@pytest.mark.parametrize("answers", ["adaweb", "bobweb"])
def test_a_process_that_dies_while_they_ring_finds_the_one_who_answered(
    journal: Journal, answers: str
) -> None:
    world, line = with_journal(journal)
    world.die()
    assert world.asterisk.answer(answers)
    world.run(0.5)
    world.come_back()
    world.run(0.5)
    winner = answers.removesuffix("web")
    loser = {"ada": "bob", "bob": "ada"}[winner]
    assert (world.call_row(line.id).stage, world.call_row(line.id).agent) == ("talking", winner)
    assert states(world, winner, loser) == ["talking", "available"]
    assert world.agent_row(loser).missed == 0


def test_a_process_that_dies_while_they_ring_rings_on_and_sees_who_stopped(
    journal: Journal,
) -> None:
    world, line = with_journal(journal)
    world.die()
    world.asterisk.reject("adaweb")
    world.run(0.5)
    world.come_back()
    world.run(0.5)
    assert list(line.rung) == ["bobweb"]
    assert world.call_row(line.id).offered_to == ("bob",)
    assert (world.agent_row("ada").state, world.agent_row("ada").missed) == ("available", 0)
    world.asterisk.answer("bobweb")
    world.run(0.1)
    assert world.call_row(line.id).agent == "bob"


@pytest.mark.parametrize("answers", ["wada", "wbob"])
def test_without_any_journal_the_channel_tells_who_talks(journal: Journal, answers: str) -> None:
    world, line = with_journal(journal, ada="wada", bob="wbob")
    world.die()
    assert line.facts["offer"] == "1:ada+bob"
    world.asterisk.answer(answers)
    world.come_back(cold=True)
    world.run(0.5)
    assert (world.call_row(line.id).stage, world.call_row(line.id).agent) == (
        "talking",
        answers[1:],
    )


def with_journal(
    journal: Journal, *, ada: str = "adaweb", bob: str = "bobweb"
) -> tuple[World, Line]:
    world = World(together(), journal=journal).start()
    world.run(0.1)
    world.on_duty("ada", device=ada)
    world.on_duty("bob", device=bob)
    line = caller_in(world)
    assert set(line.rung) == {ada, bob}
    return world, line
