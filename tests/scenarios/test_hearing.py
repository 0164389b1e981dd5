"""Supervisors at live calls: who hears whom, who is told, and that nobody stays behind."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from callcenter.core.commands import (
    ConsultAgent,
    FinishWrapUp,
    HangUpCall,
    HoldCall,
    JoinParties,
    PauseTalkRecording,
    TransferCall,
)
from callcenter.core.config import Config, RecordingPolicy
from callcenter.core.monitoring import ChangeHearing, Hear, Mode, StopHearing, TakeOverCall
from callcenter.core.teams import Team
from callcenter.runtime.journal import Journal
from tests.scenarios.stories import caller_in, open_house, talking
from tests.world.asterisk import Line
from tests.world.houses import house
from tests.world.supervisors import Ear
from tests.world.world import World

pytestmark = pytest.mark.pure

TOKEN = "0123456789abcdef"


def ask(
    world: World, call: str, mode: Mode = "listen", token: str = TOKEN, by: str = "sofia"
) -> str | None:
    hear = Hear(call, token, "Sofia", "", "administrator", mode, world.now + 30)
    return world.supervise(hear, by)


def at_the_call(world: World, line: Line, mode: Mode = "listen") -> Ear:
    """Sofia's browser has dialled, and she hears."""
    assert ask(world, line.id, mode) is None
    world.run(0.5)
    ear = world.asterisk.supervisors.dials(TOKEN)
    world.run(0.5)
    assert ear.at == (line.id, line.agent, mode)
    return ear


def test_listen_whisper_barge_and_out() -> None:
    world = open_house("ada")
    line = talking(world)
    ear = at_the_call(world, line)
    [row] = world.call_row(line.id).hearers
    assert (row.by, row.name, row.mode, row.there, row.hears) == (
        "sofia", "Sofia", "listen", True, True,
    )  # fmt: skip
    for mode in ("whisper", "barge", "listen"):
        assert world.supervise(ChangeHearing(mode)) is None
        world.run(0.1)
        assert ear.at == (line.id, "ada", mode)
        assert world.call_row(line.id).hearers[0].mode == mode
    assert world.supervise(StopHearing()) is None
    world.run(0.1)
    assert (world.asterisk.supervisors.ears, world.call_row(line.id).hearers) == ({}, ())
    assert world.call_row(line.id).stage == "talking"
    told = [kind for kind in world.store.timeline(line.id) if kind.startswith("hearing")]
    assert told == ["hearing-began", *["hearing-changed"] * 3, "hearing-ended"]
    assert world.supervise(StopHearing()) == "not-hearing"


def test_the_agent_is_told_as_the_queue_says_and_always_of_who_speaks() -> None:
    world = open_house("ada", config=_recorded(listeners_shown=False))
    line = talking(world)
    at_the_call(world, line)
    assert [row.told for row in world.call_row(line.id).hearers] == [False]
    world.supervise(ChangeHearing("whisper"))
    assert [row.told for row in world.call_row(line.id).hearers] == [True]


def test_he_does_not_hear_what_comes_to_another_team() -> None:
    agents = {
        id: replace(agent, team="red" if id == "ada" else "blue")
        for id, agent in house().agents.items()
    }
    teams = {"red": Team("red", "Red", leaders=frozenset({"sofia"})), "blue": Team("blue", "Blue")}
    world = open_house("ada", "bob", config=replace(house(), agents=agents, teams=teams))
    line, other = talking(world), talking(world, "bob")
    begin = Hear(line.id, TOKEN, "Sofia", "", "supervisor", "listen", world.now + 30)
    assert world.supervise(replace(begin, call=other.id)) == "may-not"
    assert world.supervise(begin) is None
    ear = world.asterisk.supervisors.dials(TOKEN)
    world.run(0.5)
    assert ear.at == (line.id, "ada", "listen")
    world.asterisk.caller_hangs_up(other)
    world.run(0.1)
    assert world.click("bob", FinishWrapUp(other.id, "solved")) is None
    assert world.click("ada", TransferCall(line.id, "agent", "bob")) is None
    world.run(1)
    world.asterisk.answer("bobweb")
    world.run(2)
    assert world.call_row(line.id).agent == "bob"
    assert not world.call_row(line.id).hearers[0].hears


def test_he_goes_out_with_the_caller() -> None:
    world = open_house("ada")
    line = talking(world)
    at_the_call(world, line)
    world.asterisk.caller_hangs_up(line)
    world.run(1)
    assert (world.asterisk.supervisors.ears, world.centre.state.hearers) == ({}, {})


def test_he_goes_with_the_call_to_the_next_agent() -> None:
    world = open_house("ada", "bob")
    line = talking(world)
    ear = at_the_call(world, line, "whisper")
    assert world.click("ada", TransferCall(line.id, "agent", "bob")) is None
    world.run(1)
    assert ear.at is None
    [row] = world.call_row(line.id).hearers
    assert (row.there, row.hears) == (True, False)
    world.asterisk.answer("bobweb")
    world.run(2)
    assert ear.at == (line.id, "bob", "whisper")


def test_barging_in_follows_who_is_in_which_bridge() -> None:
    world = open_house("ada", "bob")
    line = talking(world)
    ear = at_the_call(world, line, "barge")
    ear.at = None  # to see that he is tuned again
    world.click("ada", HoldCall(line.id, True))
    world.run(0.2)
    assert ear.at == (line.id, "ada", "barge")
    ear.at = None
    world.click("ada", HoldCall(line.id, False))
    world.run(0.2)
    assert ear.at == (line.id, "ada", "barge")
    world.click("ada", ConsultAgent(line.id, "bob"))
    world.run(0.2)
    world.asterisk.answer("bobweb")
    world.run(0.2)
    assert not ear.together
    world.click("ada", JoinParties(line.id))
    world.run(0.2)
    assert ear.together


def test_card_data_is_for_the_agents_ears_alone() -> None:
    world = open_house("ada", config=_recorded())
    line = talking(world)
    ear = at_the_call(world, line, "barge")
    world.supervise(PauseTalkRecording(line.id, True, card=True))
    world.run(0.2)
    assert ear.at is None
    [row] = world.call_row(line.id).hearers
    assert (row.hears, row.private) == (False, True)
    world.supervise(PauseTalkRecording(line.id, False))
    world.run(1.5)
    assert ear.at == (line.id, "ada", "barge")


def test_the_call_is_taken_over_and_the_agent_writes() -> None:
    world = open_house("ada")
    line = talking(world)
    ear = at_the_call(world, line)
    assert world.supervise(TakeOverCall()) is None
    world.run(0.1)
    assert (line.place, ear.taken) == ("transferred", line.id)
    row = world.call_row(line.id)
    assert (row.stage, row.agent, row.hearers[0].taken) == ("outside", None, True)
    assert world.agent_row("ada").state == "wrap-up"
    assert world.supervise(ChangeHearing("barge")) == "too-late"
    assert world.supervise(StopHearing()) is None
    world.run(3)
    assert line.id not in world.asterisk.lines
    assert world.store.interactions[line.id].outcome == "answered"
    assert "taken-over" in world.store.timeline(line.id)
    assert world.centre.state.hearers == {}


def test_a_supervisor_whose_browser_dies_does_not_take_the_caller_with_him() -> None:
    world = open_house("ada", "bob")
    line = talking(world)
    ear = at_the_call(world, line)
    assert world.supervise(TakeOverCall()) is None
    world.run(0.1)
    world.asterisk.supervisors.hangs_up(ear, 44)
    world.run(3)
    assert (line.place, line.agent) == ("ringing", "bob")


def test_the_caller_hangs_up_on_who_took_him_over() -> None:
    world = open_house("ada")
    line = talking(world)
    at_the_call(world, line)
    assert world.supervise(TakeOverCall()) is None
    world.run(0.1)
    world.asterisk.caller_hangs_up(line)
    world.run(1)
    assert (world.asterisk.supervisors.ears, world.centre.state.hearers) == ({}, {})


def test_what_cannot_be_is_refused() -> None:
    world = open_house("ada")
    line = talking(world)
    waits = caller_in(world)
    assert ask(world, waits.id) == "not-with-agent"
    assert ask(world, "nonsense") == "unknown-call"
    own = Hear(line.id, TOKEN, "Ada", "ada", "administrator", "listen", world.now + 30)
    assert world.supervise(own, by="u-ada") == "your-own-call"
    assert world.supervise(ChangeHearing("barge")) == "not-hearing"
    for number in range(4):
        assert ask(world, line.id, token=f"{number}" * 16, by=f"s{number}") is None
    assert ask(world, line.id) == "hearers-full"
    assert world.supervise(TakeOverCall(), by="s1") == "not-answered-yet"


def test_who_does_not_dial_is_forgotten_and_who_dials_late_is_let_go() -> None:
    world = open_house("ada")
    line = talking(world)
    assert ask(world, line.id) is None
    world.run(31)
    assert world.call_row(line.id).hearers == ()
    world.asterisk.supervisors.dials(TOKEN)
    world.run(0.5)
    assert world.asterisk.supervisors.ears == {}


def test_a_second_phone_with_the_same_token_hears_nothing() -> None:
    world = open_house("ada")
    line = talking(world)
    ear = at_the_call(world, line)
    world.asterisk.supervisors.dials(TOKEN)
    world.run(0.5)
    assert list(world.asterisk.supervisors.ears.values()) == [ear]


def test_who_begins_at_another_call_leaves_the_first() -> None:
    world = open_house("ada", "bob")
    first, second = talking(world), talking(world, "bob")
    at_the_call(world, first)
    assert ask(world, second.id, token="f" * 16) is None
    world.run(0.5)
    assert world.asterisk.supervisors.ears == {}
    assert world.call_row(first.id).hearers == ()


def test_a_restart_that_remembers_goes_on(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    world = open_house("ada", journal=journal)
    line = talking(world)
    ear = at_the_call(world, line, "whisper")
    world.run(1)
    world.die()
    world.run(2)
    world.come_back()
    world.run(1)
    assert ear.at == (line.id, "ada", "whisper")
    [row] = world.call_row(line.id).hearers
    assert (row.mode, row.hears) == ("whisper", True)
    world.asterisk.caller_hangs_up(line)
    world.run(1)
    assert world.asterisk.supervisors.ears == {}
    journal.close()


def test_a_call_that_ended_while_nobody_looked_keeps_no_supervisor(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    world = open_house("ada", journal=journal)
    line = talking(world)
    at_the_call(world, line)
    world.die()
    world.asterisk.caller_hangs_up(line)
    world.run(2)
    world.come_back()
    world.run(1)
    assert (world.asterisk.supervisors.ears, world.centre.state.hearers) == ({}, {})
    journal.close()


def test_a_restart_that_remembers_nothing_lets_him_go_but_not_with_a_caller() -> None:
    world = open_house("ada", "bob")
    first, second = talking(world), talking(world, "bob")
    at_the_call(world, first)
    other = Hear(second.id, "f" * 16, "Tom", "", "administrator", "listen", world.now + 30)
    assert world.supervise(other, by="tom") is None
    taker = world.asterisk.supervisors.dials("f" * 16)
    world.run(0.5)
    assert world.supervise(TakeOverCall(), by="tom") is None
    world.run(0.5)
    world.die()
    world.come_back(cold=True)
    world.run(1)
    assert list(world.asterisk.supervisors.ears.values()) == [taker]
    assert (taker.taken, second.place) == (second.id, "transferred")


def test_the_agent_hangs_up_on_both() -> None:
    world = open_house("ada")
    line = talking(world)
    at_the_call(world, line)
    assert world.click("ada", HangUpCall(line.id)) is None
    world.run(1)
    assert (world.asterisk.supervisors.ears, world.centre.state.hearers) == ({}, {})


def _recorded(*, listeners_shown: bool = True) -> Config:
    policy = RecordingPolicy("always", notice=False, listeners_shown=listeners_shown)
    return replace(house(), recording={"support": policy, "sales": policy})
