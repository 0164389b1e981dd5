"""A flow gives callers on to a number: they talk and are done, or come back and are not lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from callcenter.core.config import Config
from callcenter.runtime.journal import Journal
from ivr.flow import Node
from tests.scenarios.stories import open_house
from tests.scenarios.test_messages import asking
from tests.world.world import World

pytestmark = pytest.mark.pure


def to(number: str) -> Config:
    return asking(
        Node("give", "transfer", {"number": number}, {"no_answer": "support", "busy": "sales"}),
        Node("support", "queue", {"queue": "support"}),
        Node("sales", "queue", {"queue": "sales"}),
    )


@pytest.mark.parametrize(
    ("number", "queue", "outcome"),
    [
        ("+8621000", "sales", "busy"),
        ("+8621009", "support", "no-answer"),
        ("+8621008", "support", "failed"),
    ],
)
def test_who_cannot_be_given_on_goes_the_flows_other_way(
    number: str, queue: str, outcome: str
) -> None:
    world = open_house(config=to(number))
    line = world.asterisk.dial_in("+861380000")
    world.run(40)
    assert world.call_row(line.id).queue == queue
    (ended,) = (e for e in world.store.lines(line.id) if e.kind == "transfer-ended")
    assert ended.data["outcome"] == outcome
    assert ("transfer-refused" in world.alarms()) == (outcome == "failed")


def test_when_they_have_spoken_the_call_is_over() -> None:
    world = open_house(config=to("+8621001"))
    line = world.asterisk.dial_in("+861380000")
    world.run(20)
    assert line.place == "transferred"
    world.run(30)
    assert line.id not in world.asterisk.lines
    (journey,) = world.store.journeys.values()
    assert (journey.ended, journey.contained) == ("transfer", False)


def test_the_caller_hangs_up_while_it_rings() -> None:
    world = open_house(config=to("+8621009"))
    line = world.asterisk.dial_in("+861380000")
    world.run(5)
    world.asterisk.caller_hangs_up(line)
    world.run(0.1)
    assert world.store.interactions[line.id].ended_by == "caller"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    journal = Journal(tmp_path)
    yield World(to("+8621009"), journal=journal).start()
    journal.close()


@pytest.mark.parametrize("cold", [False, True])
def test_a_service_that_dies_while_it_rings_finds_the_caller_again(
    world: World, cold: bool
) -> None:
    world.run(0.1)
    line = world.asterisk.dial_in("+861380000")
    world.run(1)
    world.die()
    world.run(5)
    assert line.place == "transferred"
    world.come_back(cold=cold)
    world.run(60)
    assert world.call_row(line.id).queue == "support"


def test_the_link_is_away_when_it_ends() -> None:
    world = open_house(config=to("+8621000"))
    line = world.asterisk.dial_in("+861380000")
    world.run(0.5)
    assert line.place == "transferred"
    world.link_down()
    world.run(5)
    world.link_up()
    world.run(1)
    assert world.call_row(line.id).queue == "sales"
