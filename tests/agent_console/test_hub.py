"""The hub towards the centre: clicks, answers, who is there, alarms, and who is thrown out."""

from __future__ import annotations

import asyncio

import pytest

from agent_console import wire
from agent_console.browser import BUFFERED_MAX_BYTES
from agent_console.clicks import CardsAway
from agent_console.hub import FEED_KEPT_SECONDS, GRACE_SECONDS
from agent_console.view import Role
from callcenter.core.board import CallRow
from callcenter.core.commands import (
    ChooseCustomer,
    CustomerCard,
    FinishWrapUp,
    GoAvailable,
    LogIn,
    MoveCaller,
    Reprioritise,
)
from callcenter.core.effects import Alarm, Reply, Show
from callcenter.core.inputs import AgentDid, ConsoleChanged, SupervisorDid
from callcenter.core.teams import Reach
from tests.agent_console.fakes import House

pytestmark = pytest.mark.pure


def test_a_click_becomes_an_input_and_its_reply_finds_the_browser_again() -> None:
    house = House()
    first, one = house.enter("agent", "ada")
    _, two = house.enter("agent", "ada")
    one.messages(), two.messages()
    asyncio.run(house.hub.command(first, wire.GoAvailable(id="c-1")))
    did = house.submitted[-1]
    assert did == AgentDid("ada", f"{first.number}.c-1", GoAvailable())
    house.hub.perform(Reply("ada", did.command, "too late"))
    assert one.messages() == [{"type": "reply", "id": "c-1", "refusal": "too late"}]
    assert two.messages() == []


@pytest.mark.parametrize(("device", "endpoint"), [("browser", "bada"), ("desk", "dada")])
def test_logging_in_names_the_endpoint_of_the_chosen_phone(device: str, endpoint: str) -> None:
    house = House()
    browser, _ = house.enter("agent", "ada")
    message = wire.LogIn.model_validate({"id": "1", "device": device})
    asyncio.run(house.hub.command(browser, message))
    assert house.submitted[-1] == AgentDid("ada", f"{browser.number}.1", LogIn(endpoint))


def test_both_consoles_of_one_agent_get_everything_and_may_act() -> None:
    house = House()
    pairs = [house.enter("agent", "ada") for _ in range(2)]
    for _, writer in pairs:
        writer.messages()
    row = CallRow("1.1", "wrap-up", 1.0, 1.0, "", "", "", "en", agent="ada")
    house.hub.perform(Show("calls", "1.1", row))
    assert [[one["key"] for one in writer.messages()] for _, writer in pairs] == [["1.1"], ["1.1"]]
    for browser, _ in pairs:
        command = wire.FinishWrapUp(id="9", call="1.1", disposition="done", note="好")
        asyncio.run(house.hub.command(browser, command))
    acts = [did for did in house.submitted if isinstance(did, AgentDid)]
    assert [did.action for did in acts] == [FinishWrapUp("1.1", "done", "好")] * 2
    assert acts[0].command != acts[1].command


def test_a_call_whose_form_is_not_filed_is_not_closed() -> None:
    house = House(unfiled={("ada", "1.1", "late")})
    browser, writer = house.enter("agent", "ada")
    row = CallRow("1.1", "wrap-up", 1.0, 1.0, "", "", "", "en", agent="ada")
    house.hub.perform(Show("calls", "1.1", row))
    writer.messages()
    before = len(house.submitted)
    for id, disposition in (("1", "late"), ("2", "other")):
        command = wire.FinishWrapUp(id=id, call="1.1", disposition=disposition, note="")
        asyncio.run(house.hub.command(browser, command))
    assert [one.get("refusal") for one in writer.messages() if one["type"] == "reply"] == [
        "form-missing"
    ]
    assert [did.action for did in house.submitted[before:] if isinstance(did, AgentDid)] == [
        FinishWrapUp("1.1", "other", "")
    ]


def test_a_chosen_customer_is_looked_up_for_the_centre() -> None:
    house = House(cards={"c1": CustomerCard("c1", "Li Wei")})
    browser, writer = house.enter("agent", "ada")
    writer.messages()
    asyncio.run(house.hub.command(browser, wire.ChooseCustomer(id="1", call="x", customer="c1")))
    action = ChooseCustomer("x", CustomerCard("c1", "Li Wei"))
    assert house.submitted[-1] == AgentDid("ada", f"{browser.number}.1", action)
    before = len(house.submitted)
    asyncio.run(house.hub.command(browser, wire.ChooseCustomer(id="2", call="x", customer="no")))
    house.cards_error = CardsAway()
    asyncio.run(house.hub.command(browser, wire.ChooseCustomer(id="3", call="x", customer="c1")))
    assert len(house.submitted) == before
    assert [one["refusal"] for one in writer.messages()] == [
        "unknown-customer",
        "database-away",
    ]


@pytest.mark.parametrize("role", ["supervisor", "administrator"])
def test_a_supervisor_may_change_priorities_without_being_an_agent(role: Role) -> None:
    house = House()
    browser, writer = house.enter(role, None, user="u-1")
    writer.messages()
    asyncio.run(house.hub.command(browser, wire.Reprioritise(id="7", call="1.1", priority=3)))
    did = house.submitted[-1]
    assert did == SupervisorDid("u-1", f"{browser.number}.7", Reprioritise("1.1", 3))
    house.hub.perform(Reply("u-1", did.command, "not-waiting"))
    assert writer.messages() == [{"type": "reply", "id": "7", "refusal": "not-waiting"}]


def test_an_agent_may_not_change_priorities() -> None:
    house = House()
    browser, writer = house.enter("agent", "ada")
    writer.messages()
    before = len(house.submitted)
    asyncio.run(house.hub.command(browser, wire.Reprioritise(id="7", call="1.1", priority=3)))
    assert writer.messages() == [{"type": "reply", "id": "7", "refusal": "not-allowed"}]
    assert len(house.submitted) == before


def test_moving_a_caller_is_for_supervisors_too() -> None:
    house = House()
    ada, told = house.enter("agent", "ada")
    told.messages()
    before = len(house.submitted)
    asyncio.run(house.hub.command(ada, wire.MoveCaller(id="7", call="1.1", queue="sales")))
    assert told.messages() == [{"type": "reply", "id": "7", "refusal": "not-allowed"}]
    assert len(house.submitted) == before
    sofia, _ = house.enter("supervisor", None, user="u-1")
    asyncio.run(house.hub.command(sofia, wire.MoveCaller(id="8", call="1.1", queue="sales")))
    number = f"{sofia.number}.8"
    assert house.submitted[-1] == SupervisorDid("u-1", number, MoveCaller("1.1", "sales"))


def test_a_supervisor_moves_nobody_over_the_border_of_his_teams() -> None:
    blue = Reach(teams=frozenset({"blue"}), queues=frozenset({"sales"}))
    house = House(border=blue)
    for call, queue in (("1.1", "sales"), ("1.2", "support")):
        row = CallRow(call, "waiting", 1.0, 1.0, "", "", "", "en", queue=queue)
        house.hub.perform(Show("calls", call, row))
    sofia, told = house.enter("supervisor", None, user="u-1")
    told.messages()
    for command in (
        wire.MoveCaller(id="1", call="1.1", queue="support"),
        wire.MoveCaller(id="2", call="1.2", queue="sales"),
        wire.Reprioritise(id="3", call="1.2", priority=1),
    ):
        asyncio.run(house.hub.command(sofia, command))
    assert [one["refusal"] for one in told.messages()] == ["outside-team"] * 3
    assert house.submitted == []
    asyncio.run(house.hub.command(sofia, wire.Reprioritise(id="4", call="1.1", priority=1)))
    assert len(house.submitted) == 1


def test_a_user_who_is_no_agent_is_refused_every_command() -> None:
    house = House()
    browser, writer = house.enter("supervisor", None)
    writer.messages()
    asyncio.run(house.hub.command(browser, wire.GoAvailable(id="1")))
    assert writer.messages() == [{"type": "reply", "id": "1", "refusal": "unknown-agent"}]
    assert house.submitted == []


def test_the_centre_learns_of_the_first_console_and_of_the_last_after_the_grace_time() -> None:
    house = House()
    first, _ = house.enter("agent", "ada")
    second, _ = house.enter("agent", "ada")
    assert house.submitted == [ConsoleChanged("ada", True)]
    house.hub.leave(first)
    house.hub.leave(second)
    house.wheel.turn(GRACE_SECONDS - 0.1)
    assert house.submitted == [ConsoleChanged("ada", True)]
    house.wheel.turn(0.2)
    assert house.submitted == [ConsoleChanged("ada", True), ConsoleChanged("ada", False)]


def test_a_reload_within_the_grace_time_goes_unnoticed() -> None:
    house = House()
    browser, _ = house.enter("agent", "ada")
    house.hub.leave(browser)
    house.wheel.turn(GRACE_SECONDS / 2)
    again, _ = house.enter("agent", "ada")
    house.wheel.turn(GRACE_SECONDS)
    house.hub.leave(again)
    house.hub.leave(again)
    assert house.submitted == [ConsoleChanged("ada", True)]
    house.wheel.turn(GRACE_SECONDS + 1)
    assert house.submitted[1:] == [ConsoleChanged("ada", False)]


def test_the_sixth_console_of_a_user_is_not_let_in() -> None:
    house = House()
    for _ in range(wire.SOCKETS_PER_USER):
        house.enter("agent", "ada")
    extra, writer = house.browser("agent", "ada")
    assert house.hub.enter(extra, None) is wire.CloseCode.TOO_MANY_CONSOLES
    house.hub.leave(extra)
    assert writer.frames == []
    house.enter("agent", "ben")


def test_a_browser_that_does_not_read_is_dropped_before_it_costs_memory() -> None:
    house = House()
    _, writer = house.enter("supervisor", None)
    writer.stuck = BUFFERED_MAX_BYTES + 1
    house.hub.links(asterisk=True, database=True)
    assert writer.aborted


def test_a_browser_that_reads_nothing_for_10_s_is_dropped() -> None:
    house = House()
    browser, writer = house.enter("supervisor", None)
    writer.stuck = 100
    for _ in range(10):
        browser.heard(house.clock.now())
        house.wheel.turn(1.0)
    assert writer.aborted


def test_a_silent_browser_is_closed_and_a_pinging_one_is_not() -> None:
    house = House()
    silent, one = house.enter("agent", "ada")
    alive, two = house.enter("agent", "ben")
    for _ in range(18):
        alive.heard(house.clock.now())
        house.wheel.turn(1.0)
    assert one.closed is not None
    assert one.closed[0] == wire.CloseCode.SILENT
    assert two.closed is None
    assert silent.number != alive.number


def test_log_out_closes_the_consoles_of_that_session_alone() -> None:
    house = House()
    _, one = house.enter("agent", "ada", session="s1")
    _, two = house.enter("agent", "ada", session="s2")
    _, other = house.enter("agent", "ben", session="s3")
    house.hub.session_ended("s1")
    assert (one.closed, two.closed) == ((4401, "the session ended"), None)
    house.hub.user_changed("ada", but="s1")
    assert two.closed == (4401, "the session ended")
    assert other.closed is None


def test_links_are_told_when_they_change_and_to_everybody_who_comes() -> None:
    house = House()
    _, writer = house.enter("agent", "ada")
    assert writer.messages()[-1] == {"type": "links", "asterisk": False, "database": False}
    house.hub.links(asterisk=True, database=True)
    house.hub.links(asterisk=True, database=True)
    assert writer.messages() == [{"type": "links", "asterisk": True, "database": True}]
    _, late = house.enter("agent", "ben")
    assert late.messages()[-1] == {"type": "links", "asterisk": True, "database": True}


def test_alarms_reach_administrators_also_those_who_come_later_and_nobody_else() -> None:
    house = House()
    _, boss = house.enter("supervisor", None)
    _, root = house.enter("administrator", None)
    boss.messages(), root.messages()
    house.hub.perform(Alarm("outbox_full", "the outbox is full"))
    alarm = {"type": "alarm", "code": "outbox_full", "text": "the outbox is full", "at": 1000.0}
    assert root.messages() == [alarm]
    assert boss.messages() == []
    _, late = house.enter("administrator", None, user="late")
    assert alarm in late.messages()


def test_a_feed_nobody_looks_at_is_forgotten_and_its_numbers_never_come_back() -> None:
    house = House()
    browser, writer = house.enter("agent", "ada")
    epoch = writer.messages()[0]["epoch"]
    house.hub.leave(browser)
    house.wheel.turn(FEED_KEPT_SECONDS + 5)
    again, writer = house.browser("agent", "ada")
    house.hub.enter(again, (epoch, 0))
    first = writer.messages()[0]
    assert first["type"] == "snapshot"
    assert first["epoch"] > epoch


def test_stopping_closes_all_and_leaves_no_timer() -> None:
    house = House()
    _, writer = house.enter("agent", "ada")
    gone, _ = house.enter("agent", "ben")
    house.hub.leave(gone)
    house.hub.perform(Show("calls", "1.1", None))
    house.hub.close_all()
    assert writer.closed == (1012, "the service stops")
    assert [one for one in house.wheel.planned if not one.cancelled] == []
