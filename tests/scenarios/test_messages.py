"""Callers who leave a message, or are recorded by a flow: nothing of what they said is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from callcenter.core.config import Config
from callcenter.runtime.journal import Journal
from ivr.flow import Flow, Node
from tests.scenarios.stories import open_house
from tests.world.asterisk import MESSAGE_SECONDS, Line
from tests.world.houses import house
from tests.world.world import World

pytestmark = pytest.mark.pure


def asking(*nodes: Node, start: str = "") -> Config:
    flow = Flow(
        "main",
        "Main",
        version=4,
        start=start or nodes[0].id,
        nodes={node.id: node for node in nodes},
        languages=("en",),
        fallback="support",
    )
    return house(flow=flow)


def message_to(box: str) -> Config:
    return asking(Node("leave", "voicemail", {"box": box}))


def leaves_a_message(world: World) -> Line:
    """Up to the middle of what he has to say."""
    line = world.asterisk.dial_in("+861380000", name="李明")
    world.run(3)
    assert line.recording is not None
    return line


@pytest.mark.parametrize(
    ("box", "kind", "owner"),
    [("support", "queue", "support"), ("ada", "agent", "ada"), ("general", "general", "general")],
)
def test_a_message_is_greeted_recorded_thanked_and_kept(box: str, kind: str, owner: str) -> None:
    world = open_house(config=message_to(box))
    line = leaves_a_message(world)
    world.run(20)
    assert line.id not in world.asterisk.lines
    (message,) = world.store.voicemails.values()
    assert (message.box_kind, message.box) == (kind, owner)
    assert (message.number, message.name) == ("+861380000", "李明")
    assert message.seconds == pytest.approx(MESSAGE_SECONDS, abs=0.1)
    assert message.file == f"{message.id}.wav"
    assert world.store.interactions[line.id].outcome == "diverted"
    (journey,) = world.store.journeys.values()
    assert (journey.flow, journey.version, journey.ended) == ("main", 4, "voicemail")
    assert not journey.contained


def test_who_hangs_up_in_the_middle_is_kept_as_far_as_he_got() -> None:
    world = open_house(config=message_to("support"))
    line = leaves_a_message(world)
    world.run(2)
    world.asterisk.caller_hangs_up(line)
    world.run(1)
    (message,) = world.store.voicemails.values()
    assert message.seconds is not None
    assert 2 <= message.seconds < MESSAGE_SECONDS
    assert world.store.interactions[line.id].ended_by == "caller"


def test_who_says_nothing_leaves_no_message() -> None:
    world = open_house(config=message_to("support"))
    world.asterisk.says_seconds = 0.4
    line = world.asterisk.dial_in("+861380000")
    world.run(5)
    assert line.id not in world.asterisk.lines
    assert world.store.voicemails == {}
    (recorded,) = (event for event in world.store.lines(line.id) if event.kind == "recorded")
    assert recorded.data["seconds"] == 0


def test_the_link_is_lost_while_he_speaks_and_the_recording_goes_on() -> None:
    world = open_house(config=message_to("support"))
    line = leaves_a_message(world)
    world.link_down()
    world.run(2)
    world.link_up()
    world.run(30)
    (message,) = world.store.voicemails.values()
    first, second = world.asterisk.records
    assert first.id == second.id == message.id
    assert (first.beep, second.beep) == (True, False)
    assert line.id not in world.asterisk.lines


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """One that survives itself."""
    journal = Journal(tmp_path)
    yield World(message_to("support"), journal=journal).start()
    journal.close()


def test_he_hangs_up_while_the_service_is_away_and_the_message_is_still_known(world: World) -> None:
    world.run(0.1)
    line = leaves_a_message(world)
    world.die()
    world.asterisk.caller_hangs_up(line)
    world.run(3)
    world.come_back()
    world.run(1)
    (message,) = world.store.voicemails.values()
    assert (message.id, message.seconds) == (world.asterisk.records[0].id, None)
    assert line.id in world.store.interactions


def test_a_service_without_memory_takes_the_recording_up_again(world: World) -> None:
    world.run(0.1)
    leaves_a_message(world)
    world.die()
    world.run(2)
    world.come_back(cold=True)
    world.run(30)
    (message,) = world.store.voicemails.values()
    assert (message.box_kind, message.box) == ("queue", "support")
    assert [record.id for record in world.asterisk.records] == [message.id] * 2


def test_a_flow_records_and_goes_on_with_whether_there_was_anything() -> None:
    config = asking(
        Node("say", "record", {"name": "address"}, {"next": "bye", "empty": "again"}),
        Node("again", "play", {"prompt": "sorry"}, {"next": "say"}),
        Node("bye", "hangup", {"reason": "done"}),
    )
    world = open_house(config=config)
    world.asterisk.says_seconds = 0.2
    line = world.asterisk.dial_in("+861380000")
    world.run(1)
    world.asterisk.says_seconds = 5.0
    world.run(30)
    recorded = [event for event in world.store.lines(line.id) if event.kind == "recorded"]
    assert [event.data["seconds"] for event in recorded] == [0, pytest.approx(5.0, abs=0.1)]
    assert recorded[0].data["name"] == "address"
    assert world.store.voicemails == {}
    (journey,) = world.store.journeys.values()
    assert journey.visits == (("say", "empty"), ("again", "next"), ("say", "next"))
    assert (journey.last, journey.ended, journey.contained) == ("bye", "served", True)
