"""Real PostgreSQL for tests: one embedded server a run, one migrated database a module."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from callcenter.store.embedded import EmbeddedPostgres
from callcenter.store.migrations import migrate


@contextmanager
def running_server() -> Iterator[EmbeddedPostgres]:
    """A server in a folder of its own, gone afterwards. Nothing is synced: tests may be faster."""
    folder = Path(tempfile.mkdtemp(prefix="callcenter-postgres-"))
    os.chmod(folder, 0o755)  # the server's system user must be able to enter
    server = EmbeddedPostgres(folder, settings={"fsync": "off", "max_connections": "200"})
    try:
        asyncio.run(server.start())
        yield server
    finally:
        asyncio.run(server.stop())
        shutil.rmtree(folder)


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", "", 1))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@contextmanager
def fresh_database(server: EmbeddedPostgres, name: str) -> Iterator[str]:
    """The URL of a new database, migrated; gone afterwards."""
    url = server.url.rsplit("/", 1)[0] + f"/{name}"
    asyncio.run(_execute(server.admin_url, f"create database {name} owner callcenter"))
    try:
        asyncio.run(_migrated(url))
        yield url
    finally:
        asyncio.run(_execute(server.admin_url, f"drop database {name} with (force)"))


async def _migrated(url: str) -> None:
    await migrate(url)
