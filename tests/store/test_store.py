"""Look-ups through the store's port: every form of number, several matches, a database away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from callcenter.core.effects import AskData, LookUpCaller
from callcenter.core.inputs import CallerKnown, DataLookedUp, Input
from callcenter.runtime.ports import StorePort
from callcenter.store.demo import seed_demo
from callcenter.store.demo_data import demo_customers
from callcenter.store.store import LOOK_UP_SECONDS_MAX, Store

pytestmark = [pytest.mark.db, pytest.mark.anyio]

NOW = 1_790_000_000.0


@pytest.fixture
async def seeded(database_url: str) -> str:
    await seed_demo(database_url, password_hash=None, now=NOW)
    return database_url


@asynccontextmanager
async def answers(url: str, folder: Path) -> AsyncIterator[tuple[StorePort, asyncio.Queue[Input]]]:
    inbox: asyncio.Queue[Input] = asyncio.Queue()
    store = Store(url, folder, inbox.put_nowait, "CN")
    task = asyncio.create_task(store.run())
    try:
        yield store, inbox
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await store.close()


async def ask(url: str, folder: Path, number: str) -> CallerKnown:
    async with answers(url, folder) as (store, inbox):
        store.perform(LookUpCaller("c1", number))
        answer = await asyncio.wait_for(inbox.get(), 5)
    assert isinstance(answer, CallerKnown)
    return answer


@pytest.mark.parametrize(
    "number",
    [
        "+8613000000000",
        "13000000000",
        "008613000000000",
        "130-0000-0000",
        "８６１３０００００００００",
    ],
)
async def test_a_known_caller_in_any_form(seeded: str, tmp_path: Path, number: str) -> None:
    expected = demo_customers()[0]
    known = await ask(seeded, tmp_path, number)
    assert (known.call, known.number) == ("c1", "+8613000000000")
    (card,) = known.cards
    assert (card.id, card.name, card.vip) == (str(expected.id), expected.name, True)
    assert card.language == "zh"
    numbers = [item["number"] for item in card.record["numbers"]]  # type: ignore[attr-defined]
    assert numbers == [number for number, _ in expected.numbers]


async def test_the_record_has_the_history(seeded: str, tmp_path: Path) -> None:
    with_history = None
    for customer in demo_customers():
        known = await ask(seeded, tmp_path, customer.numbers[-1][0])
        history = known.cards[0].record["interactions"]
        assert isinstance(history, list)
        if len(history) > 2:
            with_history = known.cards[0]
            break
    assert with_history is not None
    history = with_history.record["interactions"]
    assert isinstance(history, list)
    started = [item["started_at"] for item in history]
    assert started == sorted(started, reverse=True)
    answered = [item for item in history if item["outcome"] == "answered"]
    assert with_history.last_agent == answered[0]["agent"]
    assert answered[0]["agent_name"]
    assert answered[0]["queue_name"]


async def test_a_number_of_several_people_gives_all(seeded: str, tmp_path: Path) -> None:
    known = await ask(seeded, tmp_path, demo_customers()[10].numbers[0][0])
    assert {card.id for card in known.cards} == {str(demo_customers()[n].id) for n in (10, 11)}


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("", ""),
        ("anonymous", ""),
        ("匿名", ""),
        ("+86 139 9999 9999", "+8613999999999"),
        ("1001", "1001"),
        ("x\x00' or 1=1 --", "x' or 1=1 --"),
        ("\ud800\ud801", ""),
    ],
)
async def test_a_new_or_garbled_caller_has_no_card(
    seeded: str, tmp_path: Path, number: str, shown: str
) -> None:
    assert await ask(seeded, tmp_path, number) == CallerKnown("c1", shown)


async def test_with_the_database_away_calls_are_answered_in_time(tmp_path: Path) -> None:
    url = "postgresql://nobody:x@127.0.0.1:1/nothing"
    async with answers(url, tmp_path) as (store, inbox):
        begin = time.monotonic()
        for number in range(50):
            store.perform(LookUpCaller(f"c{number}", "13800138000"))
        assert time.monotonic() - begin < 0.1
        found = [await asyncio.wait_for(inbox.get(), 5) for _ in range(50)]
        assert time.monotonic() - begin < LOOK_UP_SECONDS_MAX + 0.5
    assert {answer.number for answer in found if isinstance(answer, CallerKnown)} == {
        "+8613800138000"
    }


async def test_a_database_that_says_nothing_costs_one_second(tmp_path: Path) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        url = f"postgresql://nobody:x@127.0.0.1:{port}/nothing"
        async with answers(url, tmp_path) as (store, inbox):
            begin = time.monotonic()
            for number in range(300):
                store.perform(LookUpCaller(f"c{number}", "13800138000"))
            for _ in range(300):
                assert isinstance(await asyncio.wait_for(inbox.get(), 10), CallerKnown)
            assert time.monotonic() - begin < 3 * LOOK_UP_SECONDS_MAX


async def test_more_questions_than_there_is_room_for(seeded: str, tmp_path: Path) -> None:
    async with answers(seeded, tmp_path) as (store, inbox):
        for number in range(3000):
            store.perform(LookUpCaller(f"c{number}", "13000000000"))
        found = [await asyncio.wait_for(inbox.get(), 20) for _ in range(3000)]
    assert len({answer.call for answer in found if isinstance(answer, CallerKnown)}) == 3000


async def test_a_flow_can_ask_about_the_customer(seeded: str, tmp_path: Path) -> None:
    async with answers(seeded, tmp_path) as (store, inbox):
        store.perform(AskData("c1", "t1", "customer", {"number": "13000000000"}))
        known = await asyncio.wait_for(inbox.get(), 5)
        store.perform(AskData("c1", "t2", "customer", {"number": "13999999999"}))
        unknown = await asyncio.wait_for(inbox.get(), 5)
        store.perform(AskData("c1", "t3", "weather", {}))
        other = await asyncio.wait_for(inbox.get(), 5)
    assert isinstance(known, DataLookedUp)
    assert known.values["vip"] is True
    assert known.values["found"] is True
    assert unknown == DataLookedUp("c1", "t2", {"found": False})
    assert isinstance(other, DataLookedUp)
    assert "no data source 'weather'" in other.error


async def test_a_wrong_country_or_url_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="unknown country"):
        Store("postgresql://a:b@127.0.0.1/x", tmp_path, lambda _: None, "Narnia")
    with pytest.raises(ValueError, match="only postgresql://"):
        Store("mysql://a:b@127.0.0.1/x", tmp_path, lambda _: None, "CN")
