"""Talks recorded by the queue's rule: which, when silent, and that a doubt stops them."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcenter.core.commands import (
    ConsultAgent,
    HandOverCall,
    HangUpCall,
    HoldCall,
    JoinParties,
    PauseTalkRecording,
    RefuseRecording,
)
from callcenter.core.config import Config, RecordingPolicy
from callcenter.core.effects import RecordTalk
from callcenter.core.taping import chosen
from callcenter.runtime.journal import Journal
from tests.scenarios.stories import open_house, talking
from tests.world.asterisk import Line
from tests.world.houses import house
from tests.world.world import World

pytestmark = pytest.mark.pure

ALWAYS = RecordingPolicy("always", notice=False, pause_seconds_max=60)
ON_DEMAND = RecordingPolicy("on-demand", notice=False)


def recorded(rule: RecordingPolicy = ALWAYS, journal: Journal | None = None) -> tuple[World, Line]:
    """Ada talks to a caller of a queue with this rule."""
    world = open_house("ada", config=config(rule), journal=journal)
    return world, talking(world)


def config(rule: RecordingPolicy) -> Config:
    return house(recording={"support": rule})


def shown(world: World, line: Line) -> str:
    row = world.call_row(line.id).recording
    return row.state if row is not None else ""


def over(world: World, line: Line) -> RecordTalk:
    """The caller hangs up; the last recording of the call."""
    world.asterisk.caller_hangs_up(line)
    world.run(1)
    return [talk for talk in world.store.talks.values() if talk.call == line.id][-1]


def minutes(talk: RecordTalk) -> float:
    return sum(until - since for since, until in talk.spoken)


# -- which talks --------------------------------------------------------------------------------
def test_a_talk_is_recorded_from_the_answer_to_the_end() -> None:
    world, line = recorded()
    assert shown(world, line) == "on"
    world.run(30)
    talk = over(world, line)
    assert (talk.id, talk.part, talk.agents, talk.queue) == (
        f"{line.id}.1",
        1,
        ("ada",),
        "support",
    )
    assert (talk.reason, talk.wanted, talk.trouble, talk.pauses) == ("always", True, "", ())
    assert minutes(talk) == pytest.approx(30.1, abs=0.2)


def test_without_a_rule_nothing_is_recorded() -> None:
    world = open_house("ada")
    line = talking(world)
    world.run(5)
    assert world.call_row(line.id).recording is None
    world.asterisk.caller_hangs_up(line)
    world.run(1)
    assert world.store.talks == {}


def test_the_percentage_is_drawn_by_the_calls_id_alone() -> None:
    drawn = [chosen(f"node-17900{n}.{n}", 20.0) for n in range(4000)]
    assert sum(drawn) == pytest.approx(800, abs=80)
    assert drawn == [chosen(f"node-17900{n}.{n}", 20.0) for n in range(4000)]
    assert all(chosen(f"c{n}", 100.0) for n in range(100))
    assert not any(chosen(f"c{n}", 0.0) for n in range(100))


def test_who_is_not_answered_leaves_no_recording() -> None:
    world = open_house("ada", config=config(ALWAYS))
    line = world.asterisk.dial_in("+861380000")
    world.run(2.5)
    world.asterisk.press(line, "2")
    world.run(3)
    world.asterisk.caller_hangs_up(line)
    world.run(1)
    assert world.store.talks == {}


# -- the notice ---------------------------------------------------------------------------------
@pytest.mark.parametrize(("key", "kept"), [("", 1), ("9", 0), ("5", 1)])
def test_the_caller_is_told_and_may_refuse(key: str, kept: int) -> None:
    world = open_house("ada", config=config(RecordingPolicy("always", refusable=True)))
    line = world.asterisk.dial_in("+861380000")
    world.run(2.5)
    world.asterisk.press(line, "2")
    world.run(0.1)
    prompt = line.prompt
    assert prompt is not None
    assert prompt.items[0].value == "recording-notice-refusable"
    if key:
        world.asterisk.press(line, key)
    world.run(6)
    assert world.asterisk.answer("adaweb")
    world.run(10)
    world.asterisk.caller_hangs_up(line)
    world.run(1)
    assert len(world.store.talks) == kept
    told = [one for one in world.store.lines(line.id) if one.kind == "recording-notice"]
    assert [one.data["refused"] for one in told] == [key == "9"]


def test_he_is_told_once() -> None:
    world = open_house("ada", config=config(RecordingPolicy("always")))
    line = world.asterisk.dial_in("+861380000")
    world.run(2.5)
    world.asterisk.press(line, "2")
    world.run(3)
    assert world.asterisk.answer("adaweb")
    world.run(5)
    world.asterisk.leg_dies("adaweb")
    world.run(1)
    assert "recording-notice" not in [i.value for i in (line.prompt.items if line.prompt else ())]
    assert world.store.timeline(line.id).count("recording-notice") == 1


# -- silence ------------------------------------------------------------------------------------
def test_a_pause_is_shown_when_asterisk_has_confirmed_it() -> None:
    world, line = recorded()
    world.run(10)
    assert world.click("ada", PauseTalkRecording(line.id, True, card=True)) is None
    assert shown(world, line) == "pausing"
    world.run(0.1)
    assert shown(world, line) == "paused"
    world.run(20)
    assert world.click("ada", PauseTalkRecording(line.id, False)) is None
    world.run(5)
    assert shown(world, line) == "on"
    [pause] = over(world, line).pauses
    assert pause.why == "card"
    assert pause.since is not None
    assert pause.since - pause.asked_at < 0.1
    assert pause.until - pause.since == pytest.approx(20, abs=0.2)


def test_a_pause_ends_by_itself() -> None:
    world, line = recorded()
    world.click("ada", PauseTalkRecording(line.id, True))
    world.run(59)
    assert shown(world, line) == "paused"
    world.run(2)
    assert shown(world, line) == "on"
    world.click("ada", PauseTalkRecording(line.id, True, seconds=5))
    world.run(6)
    assert shown(world, line) == "on"


def test_who_asks_for_a_pause_again_sees_that_it_lasts_longer() -> None:
    world, line = recorded()
    world.click("ada", PauseTalkRecording(line.id, True))
    world.run(50)
    world.click("ada", PauseTalkRecording(line.id, True))
    row = world.call_row(line.id).recording
    assert row is not None
    assert row.until == world.now + 60
    world.run(59)
    assert shown(world, line) == "paused"


def test_a_pause_that_is_not_confirmed_stops_the_recording() -> None:
    world, line = recorded()
    world.run(10)
    world.asterisk.mutes = False
    world.click("ada", PauseTalkRecording(line.id, True, card=True))
    world.run(0.9)
    assert shown(world, line) == "pausing"
    world.run(0.3)
    assert (shown(world, line), line.taped) == ("failed", False)
    assert "recording-stopped" in world.alarms()
    assert world.call_row(line.id).stage == "talking"
    assert world.click("ada", PauseTalkRecording(line.id, False)) == "not-recorded"
    talk = over(world, line)
    assert talk.trouble == "pause-unconfirmed"
    assert talk.pauses[0].since is None


def test_a_pause_that_asterisk_refuses_stops_the_recording() -> None:
    world, line = recorded()
    line.taped = False  # the mute will be refused
    world.click("ada", PauseTalkRecording(line.id, True))
    world.run(0.1)
    assert shown(world, line) == "failed"
    assert "recording-stopped" in world.alarms()


def test_a_supervisor_or_a_payment_page_pauses_too() -> None:
    world, line = recorded()
    assert world.supervise(PauseTalkRecording(line.id, True, card=True, seconds=30)) is None
    world.run(0.1)
    assert shown(world, line) == "paused"
    assert world.supervise(PauseTalkRecording("nobody", True)) == "unknown-call"


def test_the_rule_says_what_the_agent_may_do() -> None:
    world, line = recorded(RecordingPolicy("always", notice=False, agent_may_pause=False))
    assert world.click("ada", PauseTalkRecording(line.id, True)) == "may-not"
    assert world.click("ada", RefuseRecording(line.id)) == "may-not"
    assert world.click("ada", PauseTalkRecording(line.id, True, card=True)) is None


def test_the_caller_refuses_in_the_middle() -> None:
    world, line = recorded(RecordingPolicy("always", notice=False, agent_may_stop=True))
    world.run(10)
    assert world.click("ada", RefuseRecording(line.id)) is None
    world.run(5)
    assert (shown(world, line), line.taped) == ("stopped", False)
    world.asterisk.leg_dies("adaweb")
    world.run(3)
    assert "tape" in line.facts
    assert not line.taped
    assert world.click("ada", PauseTalkRecording(line.id, False)) is not None


# -- on demand ----------------------------------------------------------------------------------
def test_on_demand_nothing_is_heard_before_it_is_asked_for() -> None:
    world, line = recorded(ON_DEMAND)
    assert (shown(world, line), line.muted) == ("armed", True)
    world.run(10)
    assert world.click("ada", PauseTalkRecording(line.id, True)) == "not-recorded"
    assert world.click("ada", PauseTalkRecording(line.id, False)) is None
    world.run(5)
    assert (shown(world, line), line.muted) == ("on", False)
    talk = over(world, line)
    assert talk.wanted
    assert [pause.why for pause in talk.pauses] == ["armed"]


def test_on_demand_never_asked_for_is_not_wanted() -> None:
    world, line = recorded(ON_DEMAND)
    world.run(10)
    assert not over(world, line).wanted


# -- with others --------------------------------------------------------------------------------
def test_hold_is_not_in_it() -> None:
    world, line = recorded()
    world.run(10)
    world.click("ada", HoldCall(line.id, True))
    world.run(20)
    world.click("ada", HoldCall(line.id, False))
    world.run(10)
    talk = over(world, line)
    assert len(talk.spoken) == 2
    assert minutes(talk) == pytest.approx(20, abs=0.5)


def with_bob(world: World, line: Line) -> None:
    world.on_duty("bob")
    world.click("ada", ConsultAgent(line.id, "bob"))
    world.run(2)
    assert world.asterisk.answer("bobweb")
    world.run(5)


def test_handed_over_each_agents_talk_is_a_recording_of_its_own() -> None:
    world, line = recorded()
    with_bob(world, line)
    world.click("ada", HandOverCall(line.id))
    world.run(10)
    assert shown(world, line) == "on"
    over(world, line)
    first, second = world.store.talks.values()
    assert [(t.id, t.part, t.agents) for t in (first, second)] == [
        (f"{line.id}.1", 1, ("ada",)),
        (f"{line.id}.2", 2, ("bob",)),
    ]


def test_handed_over_while_silent_it_stays_silent() -> None:
    world, line = recorded()
    world.click("ada", PauseTalkRecording(line.id, True, card=True))
    with_bob(world, line)
    world.click("ada", HandOverCall(line.id))
    world.run(1)
    assert (shown(world, line), line.muted) == ("paused", True)


def test_a_conference_that_an_agent_leaves_goes_on_in_one_recording() -> None:
    world, line = recorded()
    with_bob(world, line)
    world.click("ada", JoinParties(line.id))
    world.run(5)
    world.click("ada", HangUpCall(line.id))
    world.run(5)
    talk = over(world, line)
    assert talk.agents == ("ada", "bob")
    assert len(world.store.talks) == 1


# -- restarts -----------------------------------------------------------------------------------
@pytest.mark.parametrize("cold", [False, True])
def test_killed_in_a_pause_it_stays_silent(tmp_path: Path, cold: bool) -> None:
    journal = Journal(tmp_path)
    world, line = recorded(journal=journal)
    world.run(10)
    world.click("ada", PauseTalkRecording(line.id, True, card=True))
    world.run(2)
    world.die()
    world.run(3)
    world.come_back(cold=cold)
    world.run(1)
    assert line.muted
    assert shown(world, line) == "paused"
    if cold:
        world.on_duty("ada")
    assert world.click("ada", PauseTalkRecording(line.id, False)) is None
    world.run(1)
    assert (shown(world, line), line.muted) == ("on", False)
    assert over(world, line).pauses
    journal.close()


def test_without_the_link_nobody_is_told_that_it_is_silent() -> None:
    world, line = recorded()
    world.link_down()
    assert world.click("ada", PauseTalkRecording(line.id, True, card=True)) == "link-down"
    world.link_up()
    world.run(1)
    assert shown(world, line) == "on"


def test_a_pause_asked_for_while_the_link_dies_is_asked_again() -> None:
    world, line = recorded()
    world.click("ada", PauseTalkRecording(line.id, True, card=True))
    world.link_down()
    world.run(0.5)
    world.link_up()
    world.run(0.5)
    assert line.muted
    assert shown(world, line) == "paused"
