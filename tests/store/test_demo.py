"""The demonstration's data: complete, believable, and the same after any number of starts."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.store.accounts import Accounts
from callcenter.store.config_reading import load_config
from callcenter.store.demo import seed_demo
from callcenter.store.demo_data import demo_customers
from callcenter.store.directory import Directory
from callcenter.store.numbers import read_number
from callcenter.store.quick import Quick
from callcenter.store.sources import Sources

pytestmark = [pytest.mark.db, pytest.mark.anyio]

NOW = 1_790_000_000.0
COUNTED = (
    "users agents queues queue_members customers customer_numbers interactions interaction_events"
    " pause_reasons dispositions flows routes balances articles article_versions scripts"
).split()


async def counts(engine: AsyncEngine) -> dict[str, int]:
    async with engine.connect() as connection:
        found = {}
        for table in COUNTED:
            query = text(f"select count(*) from {table}")
            found[table] = int((await connection.execute(query)).scalar_one())
    return found


async def test_seeding_twice_is_seeding_once(engine: AsyncEngine, database_url: str) -> None:
    await seed_demo(database_url, password_hash="hash", now=NOW)
    first, config = await counts(engine), await load_config(engine)
    await seed_demo(database_url, password_hash="other", now=NOW + 1e6)
    assert await counts(engine) == first
    assert await load_config(engine) == config
    assert first["customers"] == 200
    assert first["users"] == 8
    assert first["interactions"] > 100
    found = await Accounts(engine).credentials("ADA")
    assert found is not None
    assert (found[0].agent, found[1]) == ("ada", "hash")


async def test_the_centre_can_work_with_it(engine: AsyncEngine, database_url: str) -> None:
    await seed_demo(database_url, password_hash=None, now=NOW)
    config = await load_config(engine)
    assert sorted(config.queues) == ["billing", "sales", "support"]
    assert len(config.agents) == 6
    assert all(agent.queues and agent.skills for agent in config.agents.values())
    assert [(route.did, route.flow) for route in config.routes] == [("4500", "shop"), ("*", "demo")]
    assert config.flows["demo"].nodes
    assert config.flows["shop"].nodes
    assert {reason.name_zh for reason in config.pause_reasons} >= {"午餐"}
    assert [one.code for one in config.dispositions if one.default] == ["resolved"]


async def test_changes_by_hand_stay(engine: AsyncEngine, database_url: str) -> None:
    await seed_demo(database_url, password_hash=None, now=NOW)
    await Directory(engine).put_queue("sales", {"name": "Sales team"}, by="test")
    await seed_demo(database_url, password_hash=None, now=NOW)
    config = await load_config(engine)
    assert config.queues["sales"].name == "Sales team"
    assert config.queues["sales"].ring_seconds == 15


def test_all_numbers_can_be_read() -> None:
    customers = demo_customers()
    for customer in customers:
        for number, _ in customer.numbers:
            assert read_number(number, "CN").number == number
    assert customers[10].numbers[0][0] == customers[11].numbers[0][0]
    assert customers == demo_customers()


async def test_a_caller_hears_the_balance_of_a_demo_account(
    engine: AsyncEngine, database_url: str
) -> None:
    await seed_demo(database_url, password_hash=None, now=NOW)
    database = Quick(database_url)
    deadline = asyncio.get_running_loop().time() + 10
    asked = {"account": "100001", "pin": "1234"}
    found, error = await Sources(database).ask("balance", asked, "r", deadline)
    await database.close()
    assert (found["amount"], found["currency"], error) == (120.5, "CNY", "")
