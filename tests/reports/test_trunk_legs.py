"""Which lines of trunks a call takes, and what comes of them, by stories of the whole core."""

from __future__ import annotations

from datetime import timedelta

import pytest

from callcenter.core.commands import CallColleague, HangUpCall
from callcenter.core.trunks import of_channel
from callcenter.reports.books import Fact
from callcenter.reports.trunk_legs import legs_of
from tests.reports.ledgers import books_of
from tests.scenarios import test_outgoing as outgoing
from tests.scenarios import test_outside as outside
from tests.scenarios import test_transfers as transfers
from tests.scenarios.stories import open_house
from tests.world.world import World

pytestmark = pytest.mark.pure


def legs(world: World) -> list[Fact]:
    found = [leg for books in books_of(world, {}) for leg in legs_of(books)]
    return sorted(found, key=lambda leg: leg.at)


def told(world: World) -> list[tuple[str, str, str]]:
    return [(leg.trunk, "out" if leg.outward else "in", leg.outcome) for leg in legs(world)]


@pytest.mark.parametrize(
    ("channel", "trunk"),
    [
        ("PJSIP/callers-00000a1b", "callers"),
        ("PJSIP/carrier-2-00000001", "carrier-2"),
        ("Local/1@x-00000001;1", ""),
        ("PJSIP/a b-1", ""),
        ("", ""),
    ],
)
def test_the_endpoint_of_a_channel_names_the_trunk(channel: str, trunk: str) -> None:
    assert of_channel(channel) == trunk


def test_a_caller_given_on_to_outside_holds_two_lines_until_the_end() -> None:
    world, line = outside.handed("after a word")
    assert told(world) == [("callers", "in", "open"), ("trunk", "out", "open")]
    world.run(60)
    world.asterisk.outside_hangs_up(line)
    world.run(0.2)
    assert told(world) == [("callers", "in", "answered"), ("trunk", "out", "answered")]
    caller, number = legs(world)
    assert timedelta() <= caller.until - number.until < timedelta(milliseconds=10)
    assert (caller.ring_ms, number.ring_ms > 3900) == (0, True)
    assert number.talk_ms + number.ring_ms == pytest.approx(
        (number.until - number.at).total_seconds() * 1000, abs=1
    )
    assert (number.queue, number.agent) == ("support", "ada")


@pytest.mark.parametrize("outcome", ["busy", "no-answer", "rejected", "invalid", "unreachable"])
def test_who_is_asked_in_vain_had_a_line_while_it_rang(outcome: str) -> None:
    world, line = outside.asks()
    world.run(3)
    world.asterisk.outside_fails(line, outcome)  # type: ignore[arg-type]
    world.run(0.1)
    _, number = legs(world)
    assert (number.trunk, number.outward, number.outcome) == ("trunk", True, outcome)
    assert (number.until - number.at).total_seconds() == pytest.approx(3, abs=0.5)
    assert number.talk_ms == 0


def test_a_call_by_hand_takes_a_line_when_the_number_is_dialled() -> None:
    world = outgoing.centre()
    line = outgoing.dialled(world)
    assert told(world) == [("trunk", "out", "dialling")]
    assert world.asterisk.customer_answers(line)
    world.run(30)
    assert told(world) == [("trunk", "out", "open")]
    assert world.click("ada", HangUpCall(line.id)) is None
    world.run(0.2)
    assert told(world) == [("trunk", "out", "answered")]


def test_a_colleague_is_called_on_no_trunk() -> None:
    world = outgoing.centre("ada", "bob")
    assert world.click("ada", CallColleague("bob")) is None
    world.run(40)
    assert told(world) == []


@pytest.mark.parametrize(
    ("number", "after", "outcomes"),
    [
        ("+8621001", 20.0, ["answered"]),  # they were speaking
        ("+8621009", 2.0, ["cancelled"]),  # it rang
        ("+8621008", 1.0, []),  # refused: it was never dialled
        ("+8621000", 5.0, ["busy"]),
    ],
)
def test_a_flow_gives_him_on_and_the_caller_hangs_up(
    number: str, after: float, outcomes: list[str]
) -> None:
    world = open_house(config=transfers.to(number))
    line = world.asterisk.dial_in("+861380000")
    world.run(after)
    world.asterisk.caller_hangs_up(line)
    world.run(0.2)
    found = legs(world)
    (caller,) = (leg for leg in found if not leg.outward)
    given = [leg for leg in found if leg.outward]
    assert (caller.trunk, caller.outcome) == ("callers", "unanswered")
    assert [leg.outcome for leg in given] == outcomes
    assert all(leg.until <= caller.until for leg in given)
