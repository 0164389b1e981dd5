"""Real PostgreSQL for tests: one embedded server a run, one migrated database a module.

Every server and every database is a copy of one in which the migrations were run.
"""

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
from tests.ready_made import MIGRATED, database_of, lay_cluster


@contextmanager
def running_server() -> Iterator[EmbeddedPostgres]:
    """A server in a folder of its own, gone afterwards. Nothing is synced: tests may be faster."""
    folder = Path(tempfile.mkdtemp(prefix="callcenter-postgres-"))
    os.chmod(folder, 0o755)  # the server's system user must be able to enter
    lay_cluster(folder / "server")
    server = EmbeddedPostgres(
        folder / "server", settings={"fsync": "off", "max_connections": "200"}
    )
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
def bare_database(server: EmbeddedPostgres, name: str) -> Iterator[str]:
    """The URL of a new database without any table; gone afterwards."""
    asyncio.run(_execute(server.admin_url, f"create database {name} owner callcenter"))
    try:
        yield database_of(server, name)
    finally:
        asyncio.run(_execute(server.admin_url, f"drop database {name} with (force)"))


@contextmanager
def fresh_database(server: EmbeddedPostgres, name: str) -> Iterator[str]:
    """The URL of a new database, migrated; gone afterwards."""
    new = f"create database {name} owner callcenter template {MIGRATED}"
    asyncio.run(_execute(server.admin_url, new))
    try:
        yield database_of(server, name)
    finally:
        asyncio.run(_execute(server.admin_url, f"drop database {name} with (force)"))
