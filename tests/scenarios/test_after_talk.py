"""The agent hangs up and the caller stays: asked for a score, in the books once, free to go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from callcenter.core.commands import FinishWrapUp, HangUpCall, HoldCall, TransferCall
from callcenter.core.config import Config
from callcenter.core.effects import RecordSurvey
from callcenter.runtime.journal import Journal
from ivr.flow import Flow, Node
from tests.scenarios.stories import open_house
from tests.scenarios.test_messages import asking
from tests.world.asterisk import Line
from tests.world.houses import house
from tests.world.world import World

pytestmark = pytest.mark.pure

QUESTION = {"prompt": "rate-us", "question": "csat", "label": "Score", "retries": 0}
ASKED = (
    Node("ask", "survey", QUESTION, {"next": "bye", "timeout": "bye"}),
    Node("bye", "hangup", {}),
)


def by_flow() -> Config:
    return asking(
        Node("line", "queue", {"queue": "support"}, {"served": "ask"}), *ASKED, start="line"
    )


def by_queue() -> Config:
    plain = house()
    survey = Flow("csat", "Csat", 1, "ask", {node.id: node for node in ASKED}, languages=("en",))
    queues = dict(plain.queues)
    queues["support"] = replace(queues["support"], after_talk_flow="csat")
    line = asking(Node("line", "queue", {"queue": "support"}))
    return replace(plain, queues=queues, flows={**line.flows, "csat": survey})


def served(world: World) -> Line:
    """A caller who has talked with Ada for ten seconds."""
    line = world.asterisk.dial_in("+861380000")
    world.run(2)
    assert world.asterisk.answer("adaweb")
    world.run(10)
    assert world.call_row(line.id).stage == "talking"
    return line


def scores(world: World) -> list[RecordSurvey]:
    return list(world.store.surveys.values())


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    kept = Journal(tmp_path)
    yield kept
    kept.close()


@pytest.mark.parametrize("config", [by_flow(), by_queue()], ids=["flow", "queue"])
@pytest.mark.parametrize("how", ["phone", "console", "held"])
def test_the_caller_is_asked_and_the_agent_writes_meanwhile(config: Config, how: str) -> None:
    world = open_house("ada", config=config)
    line = served(world)
    if how == "phone":
        world.asterisk.agent_hangs_up("adaweb")
    elif how == "console":
        assert world.click("ada", HangUpCall(line.id)) is None
    else:
        world.click("ada", HoldCall(line.id, True))
        world.run(1)
        assert world.click("ada", HangUpCall(line.id)) is None
    world.run(2)
    assert world.call_row(line.id).stage == "menu"
    writing = world.agent_row("ada").call
    assert writing == f"{line.id}:1"
    assert world.agent_row("ada").state == "wrap-up"
    world.asterisk.press(line, "5")
    world.run(3)
    assert line.id not in world.asterisk.lines
    (score,) = scores(world)
    assert (score.score, score.agent, score.queue) == (5, "ada", "support")
    assert world.click("ada", FinishWrapUp(writing, "solved", "all well")) is None
    world.run(0.1)
    whole = world.store.interactions[line.id]
    assert (whole.outcome, whole.agent, whole.disposition, whole.note) == (
        "answered",
        "ada",
        "solved",
        "all well",
    )
    assert whole.wrap_up_seconds == pytest.approx(5, abs=0.3)
    part = world.store.parts[line.id, 1]
    assert (part.ended, part.disposition) == ("ended", "solved")
    ways = {one.flow: (one.ended, one.contained) for one in world.store.journeys.values()}
    assert ways["main"] == ("queue", False)
    assert world.agent_row("ada").handled == 1


def test_who_writes_before_the_caller_has_answered_is_in_the_same_book() -> None:
    world = open_house("ada", config=by_flow())
    line = served(world)
    world.asterisk.agent_hangs_up("adaweb")
    world.run(1)
    world.click("ada", FinishWrapUp(f"{line.id}:1", "solved", "quick"))
    world.run(1)
    world.asterisk.caller_hangs_up(line)
    world.run(0.1)
    whole = world.store.interactions[line.id]
    assert (whole.disposition, whole.note, whole.ended_by) == ("solved", "quick", "caller")
    assert whole.wrap_up_seconds == pytest.approx(1, abs=0.2)
    assert not scores(world)


def test_a_caller_who_hangs_up_himself_is_not_kept() -> None:
    world = open_house("ada", config=by_flow())
    line = served(world)
    world.asterisk.caller_hangs_up(line)
    world.run(0.1)
    assert world.agent_row("ada").call == line.id
    assert world.store.interactions[line.id].outcome == "answered"


def test_a_lost_phone_brings_back_to_the_line_and_not_to_the_questions() -> None:
    world = open_house("ada", config=by_flow())
    line = served(world)
    world.asterisk.leg_dies("adaweb")
    world.run(0.5)
    assert world.call_row(line.id).stage in ("waiting", "offered")


def test_given_on_he_is_asked_after_the_last_talk_only() -> None:
    world = open_house("ada", config=by_flow())
    line = served(world)
    world.on_duty("bob")
    world.click("ada", TransferCall(line.id, "agent", "bob"))
    world.run(2)
    world.asterisk.answer("bobweb")
    world.run(5)
    world.asterisk.agent_hangs_up("bobweb")
    world.run(2)
    world.asterisk.press(line, "4")
    world.run(3)
    (score,) = scores(world)
    assert (score.agent, score.score) == ("bob", 4)
    assert [world.store.parts[line.id, n].ended for n in (1, 2)] == ["given-on", "ended"]


@pytest.mark.parametrize("cold", [False, True])
def test_a_service_that_dies_during_the_question_asks_again(journal: Journal, cold: bool) -> None:
    world = open_house("ada", config=by_flow(), journal=journal)
    line = served(world)
    world.asterisk.agent_hangs_up("adaweb")
    world.run(1)
    world.die()
    world.run(1)
    world.come_back(cold=cold)
    world.run(3)
    assert world.call_row(line.id).stage == "menu"
    world.asterisk.press(line, "3")
    world.run(3)
    assert line.id not in world.asterisk.lines
    (score,) = scores(world)
    assert (score.score, score.agent, score.queue) == (3, "ada", "support")
    assert world.store.interactions[line.id].outcome == "answered"
