"""A number that is typed at a console: read and checked before the centre hears of it."""

from __future__ import annotations

import pytest

from agent_console import wire
from agent_console.hub import Hub
from agent_console.view import owners
from callcenter.core.board import CallRow
from callcenter.core.commands import CallColleague, ConsultNumber, CustomerCard, DialNumber
from callcenter.core.inputs import AgentDid
from callcenter.dialling import DialRules
from tests.agent_console.fakes import FakeWriter, House

pytestmark = [pytest.mark.pure, pytest.mark.anyio]

ZHANG = CustomerCard("c1", "张伟")


@pytest.fixture
def centre() -> House:
    made = House(cards={"c1": ZHANG})
    made.hub = Hub(
        submit=made.submitted.append,
        cards=made._card,
        clock=made.clock,
        timers=made.wheel,
        epoch=7,
        check_number=DialRules("CN").check,
    )
    return made


def refusal(writer: FakeWriter) -> object:
    (reply,) = [one for one in writer.messages() if one["type"] == "reply"]
    return reply["refusal"]


@pytest.mark.parametrize("text", ["139 1111 0003", "(+86) 139-1111-0003", "tel:+8613911110003"])
async def test_a_number_in_any_form_is_dialled_in_the_users_role(centre: House, text: str) -> None:
    browser, _ = centre.enter("supervisor", "ada")
    dial = wire.Dial(id="k1", number=text, queue="support", shown="+862088880001", customer="c1")
    await centre.hub.command(browser, dial)
    did = centre.submitted[-1]
    assert isinstance(did, AgentDid)
    assert did.action == DialNumber(
        "+8613911110003", "CN", "supervisor", "support", "+862088880001", "", ZHANG
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("110", "incomplete"),
        ("+49 30 901820", "country"),
        ("张伟", "unreadable"),
        ("500&PJSIP/trunk/1", "unreadable"),
    ],
)
async def test_what_is_not_dialled_never_reaches_the_centre(
    centre: House, text: str, code: str
) -> None:
    browser, writer = centre.enter()
    before = len(centre.submitted)
    await centre.hub.command(browser, wire.Dial(id="k1", number=text))
    consult = wire.ConsultNumber(id="k2", call="1.1", number=text)
    await centre.hub.command(browser, consult)
    assert len(centre.submitted) == before
    replies = [one["refusal"] for one in writer.messages() if one["type"] == "reply"]
    assert replies == [f"not-dialable-{code}"] * 2


async def test_somebody_outside_is_asked_by_a_number(centre: House) -> None:
    browser, _ = centre.enter()
    asks = wire.ConsultNumber(id="k1", call="1.1", number="13911110003", name=" Shop ", give=True)
    await centre.hub.command(browser, asks)
    did = centre.submitted[-1]
    assert isinstance(did, AgentDid)
    assert did.action == ConsultNumber("1.1", "+8613911110003", "CN", "agent", "Shop", True)


async def test_a_colleague_is_called_and_sees_the_call(centre: House) -> None:
    browser, _ = centre.enter()
    await centre.hub.command(browser, wire.CallColleague(id="k1", agent="bob"))
    did = centre.submitted[-1]
    assert isinstance(did, AgentDid)
    assert did.action == CallColleague("bob")
    row = CallRow("out-1.1", "dialling", 1.0, 1.0, "", "", "", "en", agent="ada", peer="bob")
    assert owners(row) == {"ada", "bob"}


async def test_a_customer_who_is_gone_is_not_called(centre: House) -> None:
    browser, writer = centre.enter()
    dial = wire.Dial(id="k1", number="13911110003", customer="c9")
    await centre.hub.command(browser, dial)
    assert refusal(writer) == "unknown-customer"
