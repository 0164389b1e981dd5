"""The database's versions: up from nothing, in agreement with the tables, one at a time."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.store.migrations import MigrationError, differences, migrate

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
