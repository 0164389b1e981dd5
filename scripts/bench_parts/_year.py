"""A year of a large house, seeded: what `reports` and `search` measure in.

200 queues, 1,000 agents, 50,000 customers, days with a peak in the morning, notes of a few English
or Chinese words, some frequent and some rare (`_year_rows`). It is made in phases, by PostgreSQL
itself and without the indexes, which come after the rows; the same number of calls is the same year
everywhere. The server then starts anew as the product starts it, and that one is measured.

* CALLCENTER_BENCH_INTERACTIONS: how many calls; 1,000,000 unless set. The goals are for 10,000,000.
* CALLCENTER_BENCH_FOLDER: where the database is kept to be measured again, by both parts (at
  10,000,000 some 20 GB, made in well under an hour); phases that are made are not made again.
  Nothing: it is made in a temporary folder, and gone afterwards.

`python -m scripts.bench_parts._year [PHASE...]` makes it and measures nothing: do this before
`scripts/bench`, which ends a part after twenty minutes.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid5

import asyncpg
from sqlalchemy import text

from callcenter.reports.feeding import add_up
from callcenter.reports.lines_in_use import keep, note
from callcenter.store.embedded import EmbeddedPostgres
from callcenter.store.engine import make_engine
from callcenter.store.migrations import migrate
from callcenter.store.searching import customer_search
from scripts.bench_parts._year_rows import (
    AGENTS,
    BEFORE,
    CALLS,
    CHINESE,
    CUSTOMERS,
    FACTS,
    FIRST,
    FOUND_BY,
    FREQUENT,
    FUNCTIONS,
    NAMES,
    PARTS,
    QUEUES,
    RARE,
    months,
    names,
    number_of,
    rare,
)

COUNT = int(os.environ.get("CALLCENTER_BENCH_INTERACTIONS", "1000000"))
FOLDER = os.environ.get("CALLCENTER_BENCH_FOLDER", "")
DATABASE = "bench_year"
LONG = 4 * 3_600_000
QUARTERS = 96  # of trunks that are worked out at once

# While it is made: what is not whole is thrown away, so nothing is written twice or waited for.
MAKING = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "1h",
    "shared_buffers": "1GB",
    "maintenance_work_mem": "1GB",
    "work_mem": "256MB",
    "autovacuum": "off",
}


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


# -- the phases -----------------------------------------------------------------------------------
async def _people(connection: Any) -> None:
    made = []
    for customer, name in enumerate(names()):
        words, grams = customer_search(name, "", [number_of(customer)], (), {}, "")
        made.append((uuid5(NAMES, str(customer)), name, words, grams))
    columns = ["id", "name", "search_text", "grams"]
    await connection.copy_records_to_table("customers", records=made, columns=columns)
    await connection.execute("create table bench.callers (caller bigint primary key, id uuid)")
    callers = [(customer, one[0]) for customer, one in enumerate(made)]
    await connection.copy_records_to_table("callers", records=callers, schema_name="bench")
    await connection.execute("create table bench.rare (place bigint primary key, word text)")
    words_ = [(place, rare(place)) for place in range(RARE)]
    await connection.copy_records_to_table("rare", records=words_, schema_name="bench")
    await connection.execute("analyze bench.callers, bench.rare")


async def _calls(connection: Any) -> None:
    async with _rows_first(connection, "interactions"):
        for month in range(12):
            low, high = COUNT * month // 12 + 1, COUNT * (month + 1) // 12
            given = (low, high, AGENTS, QUEUES, FIRST, CUSTOMERS, FREQUENT, CHINESE, BEFORE, COUNT)
            await connection.execute(CALLS, *given, RARE, timeout=None)
            say(f"   {high:,} interactions")


async def _parts(connection: Any) -> None:
    async with _rows_first(connection, "interaction_parts"):
        await _by_month(connection, PARTS)


async def _facts(connection: Any) -> None:
    async with _rows_first(connection, "reports.facts"):
        await _by_month(connection, FACTS, "reports")


async def _days(connection: Any) -> None:
    """The product's own statements add them up (`_sums_of_days`), in connections of their own."""
    await connection.execute("analyze reports.facts", timeout=None)


async def _found(connection: Any) -> None:
    async with _rows_first(connection, "search.calls"):
        await _by_month(connection, FOUND_BY, "search")


PHASES = {
    "people": _people,
    "calls": _calls,
    "parts": _parts,
    "facts": _facts,
    "days": _days,
    "search": _found,
}


async def _by_month(connection: Any, statement: str, schema: str = "") -> None:
    for since, until in months():
        if schema:
            await connection.execute(f"select {schema}.make_month($1)", since + timedelta(days=1))
        await connection.execute(statement, since, until, timeout=None)
        say(f"   until {until:%Y-%m-%d}")


@asynccontextmanager
async def _rows_first(connection: Any, table: str) -> AsyncIterator[None]:
    """The table is empty; its indexes are away meanwhile and built afterwards."""
    found = await connection.fetch(
        "select i.indexrelid::regclass::text as index, pg_get_indexdef(i.indexrelid) as made,"
        " quote_ident(c.conname) as name, pg_get_constraintdef(c.oid) as checked from pg_index i"
        " left join pg_constraint c on c.conindid = i.indexrelid and c.conrelid = i.indrelid"
        " where i.indrelid = cast($1::text as regclass)",
        table,
    )
    await connection.execute(f"truncate {table}")
    for one in found:
        of_constraint = f"alter table {table} drop constraint {one['name']}"
        await connection.execute(of_constraint if one["name"] else f"drop index {one['index']}")
    yield
    for one in found:
        began = time.monotonic()
        await connection.execute(
            f"alter table {table} add constraint {one['name']} {one['checked']}"
            if one["name"]
            else one["made"].replace(" ON ONLY ", " ON "),
            timeout=None,
        )
        say(f"   {one['index']}: {time.monotonic() - began:.0f} s")


# -- making and opening ---------------------------------------------------------------------------
async def _make(url: str, phases: tuple[str, ...]) -> None:
    """Each phase is one transaction, so that what is cut off half-way has not happened."""
    connection = await asyncpg.connect(url.replace("+asyncpg", "", 1))
    try:
        for function in FUNCTIONS:
            await connection.execute(function)
        other = await connection.fetchval("select max(calls) from bench.made")
        if other not in (None, COUNT):
            sys.exit(f"{FOLDER} holds a year of {other:,} interactions: name another folder")
        made = {row["phase"] for row in await connection.fetch("select phase from bench.made")}
        for phase in phases:
            if phase not in made:
                say(f"making {phase} of {COUNT:,} interactions")
                await _phase(connection, url, phase)
    finally:
        await connection.close()


async def _phase(connection: Any, url: str, phase: str) -> None:
    began = time.monotonic()
    async with connection.transaction():
        for table in ("customers", "interactions", "interaction_parts"):
            await connection.execute(f"alter table {table} disable trigger user")
        await PHASES[phase](connection)
        for table in ("customers", "interactions", "interaction_parts"):
            await connection.execute(f"alter table {table} enable trigger user")
    if phase == "days":
        await _sums_of_days(url)
    await connection.execute("vacuum (analyze)", timeout=None)
    spent = time.monotonic() - began
    await connection.execute("insert into bench.made values ($1, $2, $3)", phase, spent, COUNT)
    say(f"made {phase} in {spent:.0f} s")


async def _sums_of_days(url: str) -> None:
    engine = make_engine(url, command_seconds=None)
    try:
        async with engine.begin() as connection:
            await connection.execute(text(f"set local statement_timeout = {LONG}"))
            await add_up(connection, "UTC")
            await note(connection, [(since, until) for since, until in months()])
        while True:
            async with engine.begin() as connection:
                await connection.execute(text(f"set local statement_timeout = {LONG}"))
                if not await keep(connection, timedelta(), QUARTERS):
                    break
    finally:
        await engine.dispose()


async def _lacks(url: str, phases: tuple[str, ...]) -> bool:
    connection = await asyncpg.connect(url.replace("+asyncpg", "", 1))
    try:
        if await connection.fetchval("select to_regclass('bench.made')") is None:
            return True
        made = await connection.fetch("select phase, calls from bench.made")
        return not {(phase, COUNT) for phase in phases} <= {(row[0], row[1]) for row in made}
    finally:
        await connection.close()


async def _database(server: EmbeddedPostgres) -> str:
    """The URL of the year's database, as the newest version has its tables."""
    connection = await asyncpg.connect(server.admin_url.replace("+asyncpg", "", 1))
    try:
        if not await connection.fetchval("select 1 from pg_database where datname = $1", DATABASE):
            await connection.execute(f"create database {DATABASE} owner callcenter")
    finally:
        await connection.close()
    url = server.url.rsplit("/", 1)[0] + f"/{DATABASE}"
    await migrate(url)
    return url


async def _made_in(folder: Path, phases: tuple[str, ...]) -> None:
    async with EmbeddedPostgres(folder, settings=MAKING) as server:
        url = await _database(server)
        if await _lacks(url, phases):
            await _make(url, phases)


async def _seconds(url: str) -> dict[str, float]:
    connection = await asyncpg.connect(url.replace("+asyncpg", "", 1))
    try:
        rows = await connection.fetch("select phase, seconds from bench.made")
        return {f"{row['phase']}_s": round(row["seconds"], 1) for row in rows}
    finally:
        await connection.close()


@contextmanager
def year(*phases: str) -> Iterator[tuple[str, dict[str, float]]]:
    """The URL of a database in which these phases are made, and the seconds that each took; the
    server is one with the settings of the product."""
    folder = Path(FOLDER or tempfile.mkdtemp(prefix="callcenter-year-"))
    folder.mkdir(parents=True, exist_ok=True)
    os.chmod(folder, 0o755)  # the server's system user must be able to enter
    server = EmbeddedPostgres(folder)
    try:
        asyncio.run(_made_in(folder, phases))
        asyncio.run(server.start())
        url = asyncio.run(_database(server))
        yield url, asyncio.run(_seconds(url))
    finally:
        asyncio.run(server.stop())
        if not FOLDER:
            shutil.rmtree(folder)


if __name__ == "__main__":
    with year(*(sys.argv[1:] or PHASES)) as (_, spent):
        say(f"made: {spent}")
