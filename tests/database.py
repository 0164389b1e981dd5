"""Real PostgreSQL for tests: one embedded server a run, one migrated database a module.

The migrations are run once a server; every database is a copy of what they made.
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
from callcenter.store.migrations import migrate

MIGRATED = "migrated_for_copies"


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
def bare_database(server: EmbeddedPostgres, name: str) -> Iterator[str]:
    """The URL of a new database without any table; gone afterwards."""
    asyncio.run(_execute(server.admin_url, f"create database {name} owner callcenter"))
    try:
        yield _url(server, name)
    finally:
        asyncio.run(_execute(server.admin_url, f"drop database {name} with (force)"))


@contextmanager
def fresh_database(server: EmbeddedPostgres, name: str) -> Iterator[str]:
    """The URL of a new database, migrated; gone afterwards."""
    asyncio.run(_made(server, name))
    try:
        yield _url(server, name)
    finally:
        asyncio.run(_execute(server.admin_url, f"drop database {name} with (force)"))


def _url(server: EmbeddedPostgres, name: str) -> str:
    return server.url.rsplit("/", 1)[0] + f"/{name}"


async def _made(server: EmbeddedPostgres, name: str) -> None:
    new = f"create database {name} owner callcenter template {{}}"
    try:
        await _execute(server.admin_url, new.format(MIGRATED))
    except asyncpg.InvalidCatalogNameError:  # the first of this server
        await _execute(server.admin_url, f"create database {MIGRATED} owner callcenter")
        await migrate(_url(server, MIGRATED))
        await _execute(server.admin_url, new.format(MIGRATED))
