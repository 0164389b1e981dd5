"""E-mails that tell of tickets: who gets one, of what, in which language; and who gets none."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.crm.customers.schemas import Customer, CustomerDraft
from callcenter.crm.services import Crm, make_crm
from callcenter.crm.tickets.letters import Post
from callcenter.crm.tickets.schemas import TicketDraft
from callcenter.crm.tickets.types import COMPLAINT, TicketType
from tests.crm.test_tickets import BY, HOUR, START, hand, moved

pytestmark = [pytest.mark.db, pytest.mark.anyio]


@pytest.fixture
async def crm(engine: AsyncEngine) -> Crm:
    async with engine.begin() as connection:
        emptied = "truncate customers, tickets, tasks, definitions, letters cascade"
        await connection.execute(text(emptied))
    return make_crm(engine, "CN", Post("https://desk.example"))


async def letters(engine: AsyncEngine) -> list[tuple[str, str, str]]:
    async with engine.begin() as connection:
        rows = await connection.execute(
            text(
                "select recipient, subject, body from letters where key like 'ticket %' order by id"
            )
        )
        found = [(row.recipient, row.subject, row.body) for row in rows]
        await connection.execute(text("delete from letters"))
        return found


async def kept(crm: Crm, **changed: object) -> None:
    """Complaints are of this kind from now on."""
    kind = COMPLAINT.model_copy(update=changed)
    body = kind.model_dump(mode="json")
    await crm.definitions.put("ticket_type", kind.code, body, position=0, version=0, by=BY)


async def test_letters_tell_the_office_and_the_customer(crm: Crm, engine: AsyncEngine) -> None:
    office = {"mail": ("office@example.com", "chief@example.com")}
    await kept(crm, **office, mail_on=("created", "late"), mail_customer=True)
    draft = CustomerDraft("王小明", emails=(("Wang@Example.cn", ""),), language="zh")
    wang = await crm.customers.create(draft, by=BY)
    assert isinstance(wang, Customer)
    asked = TicketDraft("complaint", "水壶漏水", customer=wang.id)
    ticket = await crm.tickets.create(asked, hand())
    told = await letters(engine)
    assert [one[0] for one in told] == [*office["mail"], "wang@example.cn"]
    assert told[0][1] == f"New ticket #{ticket.number}: 水壶漏水"
    assert f"https://desk.example/tickets?id={ticket.id}" in told[0][2]
    assert "Customer: 王小明" in told[0][2]
    assert told[2][1] == f"您的工单 #{ticket.number}：水壶漏水"
    assert "desk.example" not in told[2][2]
    await crm.tickets.comment(ticket.id, "问过仓库", public=False, hand=hand(1))
    assert await letters(engine) == []
    await crm.tickets.comment(ticket.id, "我们会\n更换水壶。", public=True, hand=hand(1))
    assert [(one[0], one[2]) for one in await letters(engine)] == [
        ("wang@example.cn", "我们会\n更换水壶。\n")
    ]
    await crm.tickets.escalate_late(START + 3 * HOUR)
    await crm.tickets.escalate_late(START + 3 * HOUR)
    assert [one[1][:11] for one in await letters(engine)] == ["Late ticket"] * 2


async def test_what_is_solved_is_told_once_and_in_the_language_asked_for(
    crm: Crm, engine: AsyncEngine
) -> None:
    office = ("office@example.com",)
    await kept(crm, mail=office, mail_on=("solved",), mail_language="zh", mail_customer=True)
    draft = CustomerDraft("J Doe", emails=(("j@example.com", ""),))
    doe = await crm.customers.create(draft, by=BY)
    assert isinstance(doe, Customer)
    fields = {"cause": "product"}
    asked = TicketDraft("complaint", "Leaks", customer=doe.id, fields=fields)
    ticket = await crm.tickets.create(asked, hand())
    assert [one[0] for one in await letters(engine)] == ["j@example.com"]
    for stage in ("classify", "investigate", "answer"):
        ticket = await moved(crm, ticket, stage, 1)
    assert await letters(engine) == []
    ticket = await moved(crm, ticket, "confirm", 2, "a new kettle")
    inside, outside = await letters(engine)
    assert inside[:2] == ("office@example.com", f"工单已解决 #{ticket.number}：Leaks")
    assert "阶段：客户确认" in inside[2]
    assert outside[0] == "j@example.com"
    assert f"Your request {ticket.number} has been dealt with." in outside[2]
    await moved(crm, ticket, "closed", 3, "all is well")
    assert await letters(engine) == []


async def test_who_refused_e_mails_or_has_no_address_gets_none(
    crm: Crm, engine: AsyncEngine
) -> None:
    await kept(crm, mail_customer=True)
    never = CustomerDraft("J Doe", emails=(("j@example.com", ""),), consent={"email": "refused"})
    for draft in (never, CustomerDraft("Nobody", (("13800138001", ""),))):
        made = await crm.customers.create(draft, by=BY)
        assert isinstance(made, Customer)
        await crm.tickets.create(TicketDraft("complaint", "Leaks", customer=made.id), hand())
    await crm.tickets.create(TicketDraft("complaint", "From nobody"), hand())
    assert await letters(engine) == []


async def test_without_a_mail_server_nothing_waits_to_be_sent(
    crm: Crm, engine: AsyncEngine
) -> None:
    await kept(crm, mail=("office@example.com",))
    await make_crm(engine, "CN").tickets.create(TicketDraft("complaint", "Leaks"), hand())
    assert await letters(engine) == []


@pytest.mark.parametrize("wrong", ["office", "a@b.cc\nBcc: x@y.zz", "a b@example.com"])
def test_an_address_that_is_none_makes_no_kind_of_tickets(wrong: str) -> None:
    with pytest.raises(ValueError, match="mail"):
        TicketType.model_validate({**COMPLAINT.model_dump(), "mail": [wrong]})
