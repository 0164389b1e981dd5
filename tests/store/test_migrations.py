"""The database's versions: up from nothing, in agreement with the tables, one at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime
from typing import Any

import asyncpg
import pytest
from alembic import command
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.store.embedded import EmbeddedPostgres
from callcenter.store.engine import make_engine
from callcenter.store.migrations import MigrationError, alembic_config, differences, migrate
from tests.database import bare_database

pytestmark = [pytest.mark.db, pytest.mark.anyio]


async def test_tables_in_the_program_and_in_the_database_agree(database_url: str) -> None:
    assert await differences(database_url) == []


async def test_two_starts_at_once_migrate_once(database_url: str) -> None:
    first, second = await asyncio.gather(migrate(database_url), migrate(database_url))
    assert first == second


async def test_a_database_of_a_newer_program_is_refused(engine: AsyncEngine) -> None:
    url = engine.url.render_as_string(hide_password=False)
    async with engine.begin() as connection:
        before = (
            await connection.execute(text("select version_num from alembic_version"))
        ).scalar()
        await connection.execute(text("update alembic_version set version_num = '9999'"))
    try:
        with pytest.raises(MigrationError, match=r"9999.*newer"):
            await migrate(url)
    finally:
        async with engine.begin() as connection:
            statement = text("update alembic_version set version_num = :before")
            await connection.execute(statement, {"before": before})


async def test_the_audit_cannot_be_altered(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("insert into audit (action) values ('test')"))
    for statement in ("update audit set action = 'x'", "delete from audit", "truncate audit"):
        with pytest.raises(DBAPIError, match="append-only"):
            async with engine.begin() as connection:
                await connection.execute(text(statement))


async def test_a_wrong_password_is_refused(database_url: str) -> None:
    wrong = database_url.replace("postgresql+asyncpg", "postgresql").replace(":", ":x", 2)
    wrong = wrong.replace(":x//", "://")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(wrong)


@pytest.fixture
def empty(postgres: EmbeddedPostgres) -> Iterator[str]:
    """A database without tables."""
    with bare_database(postgres, "to_be_upgraded") as url:
        yield url


@pytest.fixture
async def old(empty: str) -> AsyncIterator[AsyncEngine]:
    engine = make_engine(empty)
    yield engine
    await engine.dispose()


async def brought_to(engine: AsyncEngine, version: str, rows: tuple[str, ...]) -> None:
    def upgrade(connection: Connection) -> None:
        command.upgrade(alembic_config(connection), version)

    async with engine.begin() as connection:
        await connection.run_sync(upgrade)
        for statement in rows:
            await connection.execute(text(statement))


async def all_of(engine: AsyncEngine, query: str) -> list[tuple[Any, ...]]:
    async with engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(text(query))]


async def test_the_report_of_trunks_finds_what_was_there_before_it(old: AsyncEngine) -> None:
    await brought_to(old, "0033_call_search", BEFORE_TRUNKS)
    await brought_to(old, "0034_trunks", LINES)
    await brought_to(old, "head", ())
    kept = "select name, report from reports.{} order by name"
    renamed = [("lines", "trunks"), ("mine", "queues")]
    assert await all_of(old, kept.format("views")) == renamed
    assert await all_of(old, kept.format("schedules")) == renamed
    days = (
        "select day, trunk, outcome, trunk_in, trunk_failed, trunk_out_ms from reports.trunk_days"
    )
    assert await all_of(old, f"{days} order by trunk") == [
        (date(2026, 3, 2), "callers", "answered", 1, 0, 0),
        (date(2026, 2, 28), "other", "open", 1, 0, 0),
        (date(2026, 3, 2), "trunk", "busy", 0, 1, 500),
    ]
    noted = "select quarter from reports.trunk_news order by 1"
    assert await all_of(old, noted) == [
        (datetime(2026, 3, 1, 23, 0, tzinfo=UTC),),
        (datetime(2026, 3, 1, 23, 15, tzinfo=UTC),),
    ]


BEFORE_TRUNKS = (
    "insert into users (login, name, role) values ('ada', 'Ada', 'supervisor')",
    *(
        "insert into reports.views (user_id, name, report, filter)"
        f" select id, '{name}', '{report}', '{{}}' from users"
        for name, report in (("lines", "concurrency"), ("mine", "queues"))
    ),
    *(
        "insert into reports.schedules (user_id, name, report, filter, every, at_minute, time_zone,"
        " recipients, form, language, active)"
        f" select id, '{name}', '{report}', '{{}}', 'day', 1, 'UTC', '{{}}', 'csv', 'en', true"
        " from users"
        for name, report in (("lines", "concurrency"), ("mine", "queues"))
    ),
)
# The day begins an hour before that of UTC. One ends as a quarter begins, one is not over.
LINES = (
    "update reports.state set zone = 'Europe/Berlin'",
    "select reports.make_month('2026-03-02'), reports.make_month('2026-02-02')",
    *(
        "insert into reports.facts (at, call, leg, kind, until, outcome, outward, trunk, talk_ms)"
        f" values ('{at}+00', '{trunk}', 1, 'trunk', '{until}+00', '{how}', {out}, '{trunk}', 500)"
        for at, until, how, out, trunk in (
            ("2026-03-01 23:10", "2026-03-01 23:30", "answered", "false", "callers"),
            ("2026-03-01 23:00", "2026-03-01 23:00:01", "busy", "true", "trunk"),
            ("2026-02-28 12:00", "2026-02-28 12:00", "open", "false", "other"),
        )
    ),
)
