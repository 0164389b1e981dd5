"""Every record reaches the database exactly once, whatever dies in between."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.core.effects import LookUpCaller, RecordEvent
from callcenter.core.inputs import CallerKnown, Input
from callcenter.store.callbacks import open_callbacks
from callcenter.store.demo import seed_demo
from callcenter.store.embedded import EmbeddedPostgres
from callcenter.store.engine import make_engine
from callcenter.store.migrations import migrate
from callcenter.store.store import Store
from tests.database import running_server
from tests.store.records import START, callback, event, interaction, presence

pytestmark = [pytest.mark.db, pytest.mark.anyio]

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def clean(engine: AsyncEngine) -> AsyncEngine:
    async with engine.begin() as connection:
        tables = "interactions, interaction_events, presence_events"
        await connection.execute(text(f"truncate {tables}"))
    return engine


@asynccontextmanager
async def running(
    url: str, folder: Path, alarms: list[tuple[str, str]] | None = None
) -> AsyncIterator[Store]:
    told = alarms if alarms is not None else []
    store = Store(url, folder, lambda _: None, "CN", alarm=lambda *alarm: told.append(alarm))
    task = asyncio.create_task(store.run())
    try:
        yield store
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await store.close()


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not await condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        await asyncio.sleep(0.02)


async def flushed(store: Store) -> None:
    async def empty() -> bool:
        return store.health().depth == 0

    await until(empty)


async def all_of(engine: AsyncEngine, query: str) -> list[tuple[object, ...]]:
    async with engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(text(query))]


async def test_records_become_rows(clean: AsyncEngine, database_url: str, tmp_path: Path) -> None:
    async with running(database_url, tmp_path) as store:
        store.perform(event("c1", 7, who="王小明", n=1.5, none=None, list=(1, {"a": True})))
        store.perform(presence("ada", 8))
        store.perform(interaction("c1", note="谢谢", path=("一", "二")))
        await flushed(store)
    assert await all_of(clean, "select call, sequence, kind, data from interaction_events") == [
        ("c1", 7, "offered", {"who": "王小明", "n": 1.5, "none": None, "list": [1, {"a": True}]})
    ]
    query = "select extract(epoch from at)::float8, state from presence_events"
    assert await all_of(clean, query) == [(1_790_000_008.0, "available")]
    query = "select note, path, wait_seconds, customer_id from interactions"
    assert await all_of(clean, query) == [("谢谢", ["一", "二"], 5.25, None)]


async def test_the_highest_revision_wins_in_any_order(
    clean: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    async with running(database_url, tmp_path) as store:
        for revision in (2, 3, 1, 3, 2):
            store.perform(interaction("c1", revision, note=f"revision {revision}"))
        await flushed(store)
        store.perform(interaction("c1", 2, note="late"))
        await flushed(store)
    query = "select revision, note from interactions"
    assert await all_of(clean, query) == [(3, "revision 3")]


async def test_writing_the_same_twice_changes_nothing(
    clean: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    async with running(database_url, tmp_path) as store:
        for _ in range(3):
            store.perform(event("c1", 1, first=True))
            store.perform(presence("ada", 1))
        await flushed(store)
    assert await all_of(clean, "select count(*) from interaction_events") == [(1,)]
    assert await all_of(clean, "select count(*) from presence_events") == [(1,)]


@pytest.mark.parametrize(
    "bad",
    ["NUL \0 in text", "a lone \ud800 surrogate", "\\u0000", "'; drop table interactions; --"],
)
async def test_strange_text_is_kept_as_far_as_the_database_can(
    clean: AsyncEngine, database_url: str, tmp_path: Path, bad: str
) -> None:
    async with running(database_url, tmp_path) as store:
        store.perform(event("c1", 1, text=bad, number=float("nan"), endless=float("inf")))
        store.perform(interaction("c1", note=bad, customer="no uuid at all"))
        await flushed(store)
        assert store.health().rejected == 0
    kept = bad.replace("\0", "").replace("\ud800", "?")
    assert await all_of(clean, "select note, customer_id from interactions") == [(kept, None)]
    (row,) = await all_of(clean, "select data from interaction_events")
    assert row == ({"text": kept, "number": None, "endless": None},)


async def test_a_record_the_database_refuses_does_not_block_the_others(
    clean: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    alarms: list[tuple[str, str]] = []
    async with running(database_url, tmp_path, alarms) as store:
        store.perform(event("c1", 1))
        store.perform(event("x" * 200, 2))
        store.perform(RecordEvent("c1", 3, 1e18, "kind"))
        store.perform(event("c1", 4))
        await flushed(store)
        assert store.health().rejected == 2
    query = "select sequence from interaction_events order by sequence"
    assert await all_of(clean, query) == [(1,), (4,)]
    rejected = (tmp_path / "rejected.jsonl").read_text().splitlines()
    assert [json.loads(line)["sequence"] for line in sorted(rejected)] == [3, 2]
    assert [code for code, _ in alarms] == ["record-rejected"]


def write_until_killed(arguments: list[str], said: Path, lives: float) -> list[int]:
    """Start the writer, kill it `lives` seconds after its first record; which it had accepted."""
    command = [sys.executable, "-m", "tests.store.writer", *arguments]
    with said.open("w") as output, subprocess.Popen(command, stdout=output, cwd=ROOT) as child:
        deadline = time.monotonic() + 20
        while not said.stat().st_size:
            assert child.poll() is None, "the writer ended by itself"
            assert time.monotonic() < deadline, "the writer does not start"
            time.sleep(0.005)
        time.sleep(lives)  # not a wait for something: how long it lives is what varies
        child.kill()
    # A line cut off by the kill is no number to rely on, so what follows the last break goes.
    return [int(line) for line in said.read_text().rpartition("\n")[0].split()]


async def test_killed_at_any_moment_nothing_is_lost_or_doubled(
    clean: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    accepted = 0
    for lives in (0.15, 0.4, 0.02, 0.25):
        arguments = [database_url, str(tmp_path), str(accepted + 1)]
        said = await asyncio.to_thread(write_until_killed, arguments, tmp_path / "said", lives)
        accepted = max([accepted + 1, *said])
    async with running(database_url, tmp_path) as store:
        await flushed(store)
        assert store.health().rejected == 0
    assert accepted > 100
    ((events, lowest, highest),) = await all_of(
        clean, "select count(*), min(sequence), max(sequence) from interaction_events"
    )
    assert isinstance(events, int)
    assert isinstance(highest, int)
    assert (lowest, events) == (1, highest)
    assert accepted <= highest
    ((states,),) = await all_of(clean, "select count(*) from presence_events")
    assert isinstance(states, int)
    assert accepted <= states <= highest
    rows = await all_of(clean, "select call, revision from interactions")
    newest = {number % 50: number for number in range(1, accepted + 1)}
    found = {int(str(call).removeprefix("call-")): revision for call, revision in rows}
    assert all(int(str(found[key])) >= revision for key, revision in newest.items())


@pytest.fixture
def own_server() -> Iterator[EmbeddedPostgres]:
    """A server that a test may stop."""
    with running_server() as server:
        yield server


@pytest.mark.parametrize("how", ["fast", "immediate"])
async def test_the_database_may_go_and_come_back(
    own_server: EmbeddedPostgres, tmp_path: Path, how: str
) -> None:
    await migrate(own_server.url)
    alarms: list[tuple[str, str]] = []
    async with running(own_server.url, tmp_path, alarms) as store:
        for number in range(1, 200):
            store.perform(event("c1", number))
        await flushed(store)
        await own_server.stop(how)
        slowest = 0.0
        for number in range(200, 2000):
            before = time.perf_counter()
            store.perform(event("c1", number))
            slowest = max(slowest, time.perf_counter() - before)
            if number % 100 == 0:
                await asyncio.sleep(0.05)

        async def noticed() -> bool:
            return not store.health().database

        await until(noticed)
        assert store.health().depth >= 1800
        await own_server.start()
        await flushed(store)
        assert store.health().database
        assert slowest < 1, "the caller of perform waited for the database"
    engine = make_engine(own_server.url)
    try:
        query = "select count(*), count(distinct sequence), max(sequence) from interaction_events"
        assert await all_of(engine, query) == [(1999, 1999, 1999)]
    finally:
        await engine.dispose()
    assert [code for code, _ in alarms] == ["database-away"]


async def test_a_read_only_database_is_waited_for(
    clean: AsyncEngine, database_url: str, tmp_path: Path, postgres: EmbeddedPostgres
) -> None:
    admin = make_engine(postgres.admin_url)
    name = database_url.rsplit("/", 1)[1]

    async def read_only(on: str) -> None:
        async with admin.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            setting = f"alter database {name} set default_transaction_read_only = {on}"
            await connection.execute(text(setting))

    alarms: list[tuple[str, str]] = []
    await read_only("on")
    try:
        async with running(database_url, tmp_path, alarms) as store:
            store.perform(event("c1", 1))

            async def alarmed() -> bool:
                return bool(alarms)

            await until(alarmed)
            assert "read-only" in alarms[0][1]
            assert store.health().depth == 1
    finally:
        await read_only("off")
        await admin.dispose()
    async with running(database_url, tmp_path) as store:
        await flushed(store)
    assert await all_of(clean, "select count(*) from interaction_events") == [(1,)]


async def test_look_ups_work_at_once_after_the_database_came_back(
    own_server: EmbeddedPostgres, tmp_path: Path
) -> None:
    await migrate(own_server.url)
    await seed_demo(own_server.url, password_hash=None, now=START)
    inbox: asyncio.Queue[Input] = asyncio.Queue()
    store = Store(own_server.url, tmp_path, inbox.put_nowait, "CN")
    task = asyncio.create_task(store.run())

    async def cards() -> int:
        store.perform(LookUpCaller("c1", "13000000000"))
        answer = await asyncio.wait_for(inbox.get(), 5)
        assert isinstance(answer, CallerKnown)
        return len(answer.cards)

    try:
        assert [await cards() for _ in range(3)] == [1, 1, 1]
        await own_server.stop("immediate")
        assert await cards() == 0
        await own_server.start()
        assert [await cards() for _ in range(3)] == [1, 1, 1]
        await own_server.stop()
        await own_server.start()
        assert await cards() == 1
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await store.close()


async def test_a_callback_is_kept_as_it_was_said_last_and_found_again_by_a_new_start(
    clean: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    mine = f"q{uuid.uuid4().hex[:8]}"
    first = callback(f"cb-{uuid.uuid4()}", queue=mine)
    later = replace(first, revision=3, tries=2, state="dialling", call="out-1.2", next_at=None)
    served = callback(f"cb-{uuid.uuid4()}", queue=mine, outcome="served", state="done")
    async with running(database_url, tmp_path) as store:
        for record in (later, first, served):
            store.perform(record)
        await flushed(store)
        found = await open_callbacks(store.engine, START + 100_000)
        kept = [row for row in found.rows if row.queue == mine]
        assert kept == [later]  # to the last digit of the place in the line
        lately = await open_callbacks(store.engine, START + 60)
        assert served in lately.rows
