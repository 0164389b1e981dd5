"""Calls that agents make: each outcome, each guard, and that nobody is left alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from callcenter.core import refusals
from callcenter.core.commands import (
    CallColleague,
    ConsultAgent,
    DialNumber,
    DropMessage,
    FinishWrapUp,
    HangUpCall,
    HoldCall,
    Pause,
    RejectOffer,
    ReturnToCall,
    TransferCall,
)
from callcenter.core.config import RecordingPolicy
from callcenter.core.in_call import ParkCall
from callcenter.core.inputs import CallEnded, NumberAnswered, NumberOutcome, RecordingChanged
from callcenter.core.toll import CallerId, Message, OutboundRules
from callcenter.runtime.journal import Journal
from tests.scenarios.stories import open_house, talking
from tests.world.asterisk import Line
from tests.world.houses import house
from tests.world.world import World

pytestmark = pytest.mark.pure

NUMBER = "+8613911110003"
RULES = OutboundRules(
    enabled=True,
    caller_ids=(
        CallerId("+862088880001", "Support", queues=frozenset({"support"})),
        CallerId("+862088880002", "Board", roles=frozenset({"supervisor"})),
    ),
    messages=(Message("we-called", "We called"),),
)
DIAL = DialNumber(NUMBER, "CN", "agent", queue="support")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal(tmp_path)
    yield made
    made.close()


def centre(*agents: str, rules: OutboundRules = RULES, journal: Journal | None = None) -> World:
    return open_house(*agents or ("ada",), config=house(outbound=rules), journal=journal)


def dialled(world: World, agent: str = "ada", ask: DialNumber = DIAL) -> Line:
    """The agent is on the line, the number rings."""
    assert world.click(agent, ask) is None
    world.run(0.1)
    line = world.asterisk.lines[world.asterisk.dialled[-1].call]
    assert line.place == "dialling"
    return line


def spoken(world: World) -> Line:
    line = dialled(world)
    world.run(3)
    assert world.asterisk.customer_answers(line)
    world.run(0.1)
    assert world.call_row(line.id).stage == "talking"
    return line


def interaction(world: World, line: Line) -> tuple[str, str, str, str | None]:
    one = world.store.interactions[line.id]
    return one.direction, one.outcome, one.dial_outcome, one.agent


# -- all goes well ------------------------------------------------------------------------------
def test_first_the_own_phone_then_the_number_then_the_two_together() -> None:
    world = centre()
    world.asterisk.summons = lambda line: None  # a desk phone: he takes his time
    assert world.click("ada", DIAL) is None
    world.run(2)
    (row,) = world.screens.calls.values()
    assert (row.stage, row.dial_phase, row.number, row.queue, row.agent) == (
        "dialling",
        "summoning",
        NUMBER,
        "support",
        "ada",
    )
    assert world.asterisk.dialled == []
    world.asterisk.maker_answers(world.asterisk.lines[row.call])
    world.run(0.1)
    (effect,) = world.asterisk.dialled
    assert (effect.number, effect.shown) == (NUMBER, "+862088880001")
    assert world.call_row(row.call).dial_phase == "ringing"
    line = world.asterisk.lines[row.call]
    world.run(5)
    world.asterisk.customer_answers(line)
    world.run(0.1)
    assert (line.place, line.agent) == ("talking", "ada")
    assert world.agent_row("ada").state == "talking"
    world.run(60)
    world.asterisk.caller_hangs_up(line)
    world.run(0.1)
    assert world.call_row(line.id).stage == "wrap-up"
    assert world.click("ada", FinishWrapUp(line.id, "solved", "sold a bed")) is None
    world.run(0.1)
    assert world.agent_row("ada").state == "available"
    one = world.store.interactions[line.id]
    assert (one.direction, one.outcome, one.queue, one.shown) == (
        "out",
        "answered",
        "support",
        "+862088880001",
    )
    assert one.talk_seconds == pytest.approx(60, abs=0.2)
    assert one.ring_seconds == pytest.approx(7.1, abs=0.3)
    assert (one.wait_seconds, one.disposition, one.note) == (0, "solved", "sold a bed")
    part = world.store.parts[line.id, 1]
    assert (part.agent, part.ended, part.disposition) == ("ada", "ended", "solved")
    assert world.screens.queues["support"].offered == 0


def test_paused_before_paused_after() -> None:
    world = centre()
    world.click("ada", Pause("lunch"))
    line = spoken(world)
    world.click("ada", HangUpCall(line.id))
    world.run(0.1)
    world.click("ada", FinishWrapUp(line.id, "solved"))
    world.run(0.1)
    assert (world.agent_row("ada").state, world.agent_row("ada").reason) == ("paused", "lunch")


def test_who_answers_an_outbound_call_may_be_held_and_given_on() -> None:
    world = centre("ada", "bob")
    line = spoken(world)
    world.asterisk.leg_dies("adaweb")
    world.asterisk.set_device("adaweb", "unreachable")
    world.run(0.2)
    assert world.call_row(line.id).stage == "offered"
    assert world.agent_row("bob").call == line.id


# -- how it can end -----------------------------------------------------------------------------
@pytest.mark.parametrize("outcome", ["busy", "no-answer", "rejected", "invalid", "unreachable"])
def test_nobody_is_reached_and_the_reason_stays_on_the_screen(outcome: NumberOutcome) -> None:
    world = centre()
    line = dialled(world)
    world.run(4)
    world.asterisk.not_reached(line, outcome)
    world.run(0.1)
    row = world.call_row(line.id)
    assert (row.stage, row.dial_outcome) == ("wrap-up", outcome)
    assert world.agent_row("ada").state == "wrap-up"
    assert world.click("ada", FinishWrapUp(line.id, "", "try again on Monday")) is None
    world.run(0.1)
    assert world.agent_row("ada").state == "available"
    assert interaction(world, line) == ("out", "not-reached", outcome, "ada")
    assert world.agent_row("ada").handled == 0


def test_dialling_again_closes_the_attempt_that_came_to_nothing() -> None:
    world = centre()
    line = dialled(world)
    world.asterisk.not_reached(line, "busy")
    world.run(0.1)
    again = dialled(world)
    assert again.id != line.id
    assert line.id not in world.screens.calls


def test_nothing_written_in_time_the_agent_is_free_again() -> None:
    world = centre()
    line = dialled(world)
    world.asterisk.not_reached(line, "busy")
    world.run(61)
    assert line.id not in world.screens.calls
    assert world.agent_row("ada").state == "available"


def test_the_agent_thinks_better_of_it_while_it_rings() -> None:
    world = centre()
    line = dialled(world)
    assert world.click("ada", HangUpCall(line.id)) is None
    world.run(0.1)
    assert world.asterisk.lines == {}
    assert world.screens.calls == {}
    assert world.agent_row("ada").state == "available"
    assert interaction(world, line) == ("out", "not-reached", "cancelled", "ada")


def test_he_thinks_better_of_it_before_his_own_phone_is_up() -> None:
    world = centre()
    world.asterisk.summons = lambda line: None
    world.click("ada", DIAL)
    world.run(1)
    (call,) = world.screens.calls
    assert world.click("ada", HangUpCall(call)) is None
    world.run(0.1)
    assert (world.asterisk.lines, world.screens.calls) == ({}, {})
    assert world.asterisk.dialled == []


def test_he_hangs_up_with_his_phone_while_it_rings() -> None:
    world = centre()
    line = dialled(world)
    world.asterisk.maker_hangs_up(line)
    world.run(0.1)
    assert world.asterisk.lines == {}
    assert world.agent_row("ada").state == "available"


def test_his_own_phone_does_not_answer() -> None:
    world = centre()
    world.asterisk.summons = lambda line: None
    world.click("ada", DIAL)
    world.run(30)
    assert world.screens.calls == {}
    assert world.agent_row("ada").lost_dial == "own-phone"
    assert world.agent_row("ada").state == "available"


def test_his_phone_dies_in_the_moment_of_the_answer() -> None:
    world = centre("ada", "bob")
    line = dialled(world)
    line.maker_up = False  # nobody was told yet
    world.asterisk.customer_answers(line)
    world.run(0.2)
    assert world.call_row(line.id).stage in ("waiting", "offered")
    assert world.call_row(line.id).queue == "support"
    assert line.place == "ringing"


def test_no_word_ever_comes_of_it() -> None:
    world = centre()
    line = dialled(world)
    line.turn += 1  # the end of the ringing is not told
    world.run(200)
    assert world.screens.calls == {}
    assert world.asterisk.lines == {}
    assert "dial-lost" in world.alarms()


def test_no_call_lasts_longer_than_the_rules_say() -> None:
    world = centre(rules=dataclasses.replace(RULES, minutes_max=5))
    line = spoken(world)
    world.run(301)
    assert line.id not in world.asterisk.lines
    assert "call-limit" in world.alarms()


# -- guards -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rules", "ask", "refusal"),
    [
        ({"enabled": False}, {}, refusals.OUTBOUND_OFF),
        ({"roles": frozenset({"supervisor"})}, {}, refusals.OUTBOUND_NOT_YOU),
        ({"countries": frozenset({"DE"})}, {}, refusals.OUTBOUND_COUNTRY),
        ({"at_once_max": 0}, {}, refusals.OUTBOUND_AT_ONCE),
        ({"hour_max": 0}, {}, refusals.OUTBOUND_HOUR_ALL),
        ({"agent_hour_max": 0}, {}, refusals.OUTBOUND_HOUR),
        ({}, {"shown": "+862088880002"}, refusals.CALLER_ID),
        ({}, {"shown": "+15550001111"}, refusals.CALLER_ID),
        ({}, {"queue": "nowhere"}, refusals.UNKNOWN_QUEUE),
    ],
)
def test_guards(rules: dict[str, object], ask: dict[str, object], refusal: str) -> None:
    world = centre(rules=dataclasses.replace(RULES, **rules))  # type: ignore[arg-type]
    assert world.click("ada", dataclasses.replace(DIAL, **ask)) == refusal  # type: ignore[arg-type]
    assert world.asterisk.lines == {}
    assert world.agent_row("ada").state == "available"


def test_the_hours_cap_is_for_an_hour() -> None:
    world = centre(rules=dataclasses.replace(RULES, agent_hour_max=1))
    line = dialled(world)
    world.asterisk.not_reached(line, "busy")
    world.run(100)
    assert world.click("ada", DIAL) == refusals.OUTBOUND_HOUR
    world.run(3600)
    assert world.click("ada", DIAL) is None


def test_a_supervisor_may_show_what_agents_may_not() -> None:
    world = centre()
    ask = dataclasses.replace(DIAL, role="supervisor", shown="+862088880002", queue="sales")
    assert world.click("ada", ask) is None
    world.run(0.1)
    assert world.asterisk.dialled[-1].shown == "+862088880002"


def test_who_is_busy_or_away_cannot_dial() -> None:
    world = centre("ada")
    assert world.click("bob", DIAL) == refusals.NOT_LOGGED_IN
    talking(world)
    assert world.click("ada", DIAL) == refusals.BUSY_YOURSELF


# -- colleagues ---------------------------------------------------------------------------------
def internal(world: World) -> Line:
    assert world.click("ada", CallColleague("bob")) is None
    world.run(0.1)
    return world.asterisk.lines[world.asterisk.dialled[-1].call]


def test_a_colleague_is_called_and_it_is_no_customers_call() -> None:
    world = centre("ada", "bob")
    world.click("bob", Pause("wc"))
    line = internal(world)
    assert world.asterisk.dialled[-1].device == "bobweb"
    row = world.call_row(line.id)
    assert (row.direction, row.peer, row.agent, row.dial_phase) == (
        "internal",
        "bob",
        "ada",
        "ringing",
    )
    assert (world.agent_row("bob").state, world.agent_row("bob").call) == ("offered", line.id)
    world.asterisk.customer_answers(line)
    world.run(20)
    assert (world.agent_row("ada").state, world.agent_row("bob").state) == ("talking", "talking")
    world.asterisk.caller_hangs_up(line)
    world.run(0.1)
    assert (world.agent_row("ada").state, world.agent_row("bob").state) == ("available", "paused")
    assert (world.agent_row("ada").handled, world.agent_row("bob").handled) == (0, 0)
    one = world.store.interactions[line.id]
    assert (one.direction, one.agent, one.peer) == ("internal", "ada", "bob")
    assert one.talk_seconds == pytest.approx(20, abs=0.2)
    assert world.agent_row("ada").talk_seconds == 0


@pytest.mark.parametrize(
    ("ends", "outcome"),
    [
        (lambda world, line: world.click("bob", RejectOffer(line.id)), "rejected"),
        (lambda world, line: world.run(40), "no-answer"),
        (lambda world, line: world.click("ada", HangUpCall(line.id)), "cancelled"),
    ],
)
def test_a_colleague_who_does_not_answer(
    ends: Callable[[World, Line], object], outcome: str
) -> None:
    world = centre("ada", "bob")
    line = internal(world)
    ends(world, line)
    world.run(0.2)
    assert world.asterisk.lines == {}
    assert world.screens.calls == {}
    assert (world.agent_row("ada").state, world.agent_row("bob").state) == (
        "available",
        "available",
    )
    assert world.agent_row("ada").lost_dial == outcome


def test_a_colleague_who_is_busy_is_not_called() -> None:
    world = centre("ada", "bob")
    world.click("bob", DIAL)
    world.run(0.1)
    assert world.click("ada", CallColleague("bob")) == refusals.AGENT_NOT_FREE
    assert world.click("ada", CallColleague("ada")) == refusals.NOT_TO_YOURSELF
    assert world.click("ada", CallColleague("cy")) == refusals.AGENT_NOT_FREE


def test_a_colleague_is_no_caller_to_be_given_on_parked_or_put_aside() -> None:
    world = centre("ada", "bob", "cy")
    line = internal(world)
    world.asterisk.customer_answers(line)
    world.run(5)
    for agent in ("ada", "bob"):
        for ask in (
            TransferCall(line.id, "queue", "support"),
            ConsultAgent(line.id, "cy"),
            ParkCall(line.id),
        ):
            assert world.click(agent, ask) == refusals.BETWEEN_COLLEAGUES
    assert world.click("bob", HoldCall(line.id, True)) == refusals.BETWEEN_COLLEAGUES
    assert world.click("ada", HoldCall(line.id, True)) is None
    world.run(0.1)
    assert world.call_row(line.id).stage == "held"
    assert world.click("bob", HangUpCall(line.id)) is None
    world.run(0.2)
    assert world.screens.calls == {}


@pytest.mark.parametrize("how", ["a page loaded anew", "a phone that dies"])
def test_whoever_calls_a_colleague_and_is_gone_leaves_him_free(how: str) -> None:
    """He is in nobody's line, and never sent to the fallback."""
    world = centre("ada", "bob")
    line = internal(world)
    world.asterisk.customer_answers(line)
    world.run(5)
    if how == "a phone that dies":
        world.asterisk.leg_dies("adaweb")
    else:
        assert world.click("ada", ReturnToCall(line.id)) is None
    world.run(0.5)
    assert world.asterisk.lines == {}
    assert world.screens.calls == {}
    assert world.agent_row("bob").state == "available"
    one = world.store.interactions[line.id]
    assert (one.direction, one.outcome) == ("internal", "answered")


# -- a message on the machine -------------------------------------------------------------------
def test_a_message_is_left_while_the_agent_goes_on() -> None:
    world = centre()
    line = spoken(world)
    assert world.click("ada", DropMessage(line.id, "nothing")) == refusals.UNKNOWN_MESSAGE
    assert world.click("ada", DropMessage(line.id, "we-called")) is None
    world.run(0.2)
    assert line.prompt is not None
    assert line.prompt.items[0].value == "we-called"
    assert world.agent_row("ada").state == "wrap-up"
    writing = world.agent_row("ada").call
    assert world.click("ada", FinishWrapUp(str(writing), "solved", "left a message")) is None
    world.run(5)
    assert world.asterisk.lines == {}
    assert interaction(world, line) == ("out", "answered", "", "ada")
    assert world.store.parts[line.id, 1].note == "left a message"


# -- the service dies ---------------------------------------------------------------------------
@pytest.mark.parametrize("cold", [False, True])
@pytest.mark.parametrize("when", ["summoning", "ringing", "answered", "talking"])
def test_the_service_dies_and_comes_back(journal: Journal, when: str, cold: bool) -> None:
    world = centre("ada", "bob", journal=journal)
    if when == "summoning":
        world.asterisk.summons = lambda line: None
        world.click("ada", DIAL)
        world.run(1)
        (line,) = world.asterisk.lines.values()
    elif when == "talking":
        line = spoken(world)
        world.run(10)
    else:
        line = dialled(world)
    world.die()
    world.run(1)
    if when == "answered":
        world.asterisk.customer_answers(line)
    world.come_back(cold=cold)
    if cold:
        world.on_duty("ada", "bob")
    world.run(0.3)
    if cold and when in ("summoning", "ringing"):
        assert world.asterisk.lines == {}
        assert world.screens.calls == {}
        return
    if when == "summoning":
        world.asterisk.maker_answers(line)
        world.run(0.1)
        line = world.asterisk.lines[line.id]
    if when in ("summoning", "ringing"):
        assert world.asterisk.customer_answers(line)
        world.run(0.2)
    row = world.call_row(line.id)
    if cold and when == "answered":
        assert row.stage in ("waiting", "offered")
        return
    assert (row.stage, row.agent, row.direction) == ("talking", "ada", "out")
    world.asterisk.caller_hangs_up(line)
    world.run(0.2)
    assert interaction(world, line) == ("out", "answered", "", "ada")


def test_the_call_ends_while_the_service_is_away(journal: Journal) -> None:
    world = centre("ada", journal=journal)
    line = dialled(world)
    world.die()
    world.run(1)
    world.asterisk.not_reached(line, "busy")
    world.come_back()
    world.run(0.2)
    row = world.call_row(line.id)
    assert (row.stage, row.dial_outcome) == ("wrap-up", "lost")


# -- recorded -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rule", "state"),
    [
        (RecordingPolicy("always", notice=False), "on"),
        (RecordingPolicy("always", by_hand=True), "armed"),  # the customer was told nothing yet
        (RecordingPolicy("always"), ""),
        (RecordingPolicy("on-demand"), "armed"),
        (RecordingPolicy(), ""),
    ],
)
def test_a_talk_is_recorded_by_the_rule_of_its_queue(rule: RecordingPolicy, state: str) -> None:
    config = house(outbound=RULES, recording={"support": rule})
    world = open_house("ada", config=config)
    line = spoken(world)
    row = world.call_row(line.id).recording
    assert (row.state if row is not None else "") == state
    world.run(20)
    world.click("ada", HangUpCall(line.id))
    world.run(1)
    talks = [talk for talk in world.store.talks.values() if talk.wanted]
    assert [(talk.call, talk.agents, talk.trouble) for talk in talks] == (
        [(line.id, ("ada",), "")] if state == "on" else []
    )


def test_given_up_while_it_is_connected_the_recording_is_closed_with_it() -> None:
    rule = RecordingPolicy("always", by_hand=True)  # silent until somebody asks for it
    world = open_house("ada", config=house(outbound=RULES, recording={"support": rule}))
    line = dialled(world)
    world.latency = lambda: 1.0  # Asterisk's own word of all this comes too late
    world.step(NumberAnswered(line.id, line.channel))
    world.step(RecordingChanged(line.id, "started"))
    assert ("tape", line.id) in world.centre.state.timers._at
    assert world.click("ada", HangUpCall(line.id)) is None
    world.step(CallEnded(line.id, 16, "system"))
    assert line.id not in world.centre.state.calls
    assert [key for key in world.centre.state.timers._at if key[1] == line.id] == []


def test_talks_between_colleagues_are_not_recorded() -> None:
    config = house(outbound=RULES, recording={"support": RecordingPolicy("always", notice=False)})
    world = open_house("ada", "bob", config=config)
    assert world.click("ada", CallColleague("bob")) is None
    world.run(0.1)
    assert all(row.recording is None for row in world.screens.calls.values())
