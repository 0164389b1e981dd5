"""Interactions in lists and one by one, and notes being written."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.crm.customers.schemas import Customer, CustomerDraft
from callcenter.crm.customers.service import Customers
from callcenter.crm.interactions.service import Interactions
from callcenter.store.ledger_rows import WRITE, Record, grouped, to_line
from callcenter.store.quick import Quick
from callcenter.store.times import to_datetime
from tests.store.records import START, event, interaction

pytestmark = [pytest.mark.db, pytest.mark.anyio]


async def write(engine: AsyncEngine, *records: Record) -> None:
    database = Quick(engine.url.render_as_string(hide_password=False))
    await database.fetch(WRITE, *grouped([to_line(record) for record in records]))
    await database.close()


@pytest.fixture
async def wang(engine: AsyncEngine) -> Customer:
    found = await Customers(engine, "CN").create(CustomerDraft("王小明"), by="")
    assert isinstance(found, Customer)
    return found


async def test_one_with_its_timeline(engine: AsyncEngine, wang: Customer) -> None:
    await write(
        engine,
        event("one", 2, agent="ada"),
        event("one", 1),
        event("other", 1),
        interaction("one", customer=wang.id, note="谢谢", path=("一",)),
    )
    found = await Interactions(engine).interaction("one")
    assert found is not None
    record, events = found
    assert (record.call, record.customer_id, record.customer_name) == ("one", wang.id, "王小明")
    assert (record.note, record.path, record.talk_seconds) == ("谢谢", ("一",), 50.0)
    assert record.started_at == datetime.fromtimestamp(START, UTC)
    assert [(one.sequence, one.kind, one.data) for one in events] == [
        (1, "offered", {}),
        (2, "offered", {"agent": "ada"}),
    ]
    assert await Interactions(engine).interaction("none") is None
    assert len(await Interactions(engine).timeline("other")) == 1


async def test_lists_are_newest_first_and_in_pages(engine: AsyncEngine, wang: Customer) -> None:
    await write(
        engine,
        *(
            interaction(
                f"list-{number:02d}",
                # Pairs begin at the same moment: a page must not lose one of them.
                started_at=START + number // 2,
                agent="lister" if number % 3 else "somebody",
                customer=wang.id if number % 5 == 0 else None,
                queue="lists",
            )
            for number in range(30)
        ),
    )
    interactions = Interactions(engine)
    seen: list[str] = []
    cursor: str | None = None
    while True:
        found, cursor = await interactions.interactions(queue="lists", limit=7, cursor=cursor)
        seen += [one.call for one in found]
        if cursor is None:
            break
    assert seen == [f"list-{number:02d}" for number in reversed(range(30))]
    of_agent, _ = await interactions.interactions(agent="lister", limit=50)
    assert len(of_agent) == 20
    of_customer, _ = await interactions.interactions(customer=wang.id)
    assert [one.call for one in of_customer] == [f"list-{n:02d}" for n in (25, 20, 15, 10, 5, 0)]
    since = to_datetime(START + 10)
    window, _ = await interactions.interactions(
        queue="lists", since=since, until=since + timedelta(seconds=2)
    )
    assert [one.call for one in window] == ["list-23", "list-22", "list-21", "list-20"]
    nobody, _ = await interactions.interactions(customer="no uuid")
    assert nobody == []


async def test_a_note_being_written_is_kept(engine: AsyncEngine) -> None:
    interactions = Interactions(engine)
    assert await interactions.draft("c1", "ada") == ("", {})
    await interactions.save_draft("c1", "ada", "第一", {"disposition": "late"})
    await interactions.save_draft("c1", "ada", "第一稿\0", {"values": {"order": "甲\0"}})
    await interactions.save_draft("c1", "ben", "x" * 9000, {})
    text, form = await interactions.draft("c1", "ada")
    assert (text, form["values"]) == ("第一稿", {"order": "甲"})
    assert len((await interactions.draft("c1", "ben"))[0]) == 8000


async def test_drafts_saved_at_once_do_not_collide(engine: AsyncEngine) -> None:
    interactions = Interactions(engine)
    await asyncio.gather(*(interactions.save_draft("c2", "ada", f"{n}", {}) for n in range(10)))
    assert (await interactions.draft("c2", "ada"))[0] in [str(n) for n in range(10)]
