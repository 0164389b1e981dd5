"""The database as one file, and back: PostgreSQL's own pg_dump and pg_restore, and a count of rows.

The rows are counted in the transaction whose snapshot pg_dump uses, so that the counts are true of
the file though people work meanwhile; after a restore they are counted again. Passwords go in the
environment, never on a command line. This file must not know what the tables mean.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

import asyncpg

from callcenter.store.embedded_host import EmbeddedPostgresError, binaries

WORDS_KEPT = 2000

_TABLES = """
    select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    order by 1, 2
"""


class DumpFailed(Exception):
    """pg_dump or pg_restore did not do it; the text is what it said."""


class NotEmpty(Exception):
    """There are tables where a backup was to go; the text says so."""


async def dump(url: str, file: Path) -> Mapping[str, int]:
    """Writes the whole database to `file`; the rows of each table, by `schema.table`.
    Raises DumpFailed, OSError, asyncpg.PostgresError."""
    connection = await asyncpg.connect(_plain(url))
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            snapshot = await connection.fetchval("select pg_export_snapshot()")
            counted = await _counted(connection)
            await _run(
                url,
                *("pg_dump", "--format=custom", f"--snapshot={snapshot}"),
                *("--no-owner", "--no-privileges", f"--file={file}"),
            )
    finally:
        await connection.close()
    return counted


async def restore(url: str, file: Path) -> Mapping[str, int]:
    """Loads `file` into an empty database, whole or not at all; the rows of each table after it.
    Raises NotEmpty, DumpFailed, OSError, asyncpg.PostgresError."""
    connection = await asyncpg.connect(_plain(url))
    try:
        present = await connection.fetch(_TABLES)
        if present:
            raise NotEmpty(f"the database has {len(present)} tables already")
        await _run(
            url,
            *("pg_restore", "--single-transaction", "--exit-on-error"),
            *("--no-owner", "--no-privileges", f"--dbname={_names(url)['PGDATABASE']}", str(file)),
        )
        return await _counted(connection)
    finally:
        await connection.close()


async def _counted(connection: asyncpg.Connection) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for schema, table in await connection.fetch(_TABLES):
        quoted = ".".join('"' + name.replace('"', '""') + '"' for name in (schema, table))
        found[f"{schema}.{table}"] = await connection.fetchval(f"select count(*) from {quoted}")
    return found


async def _run(url: str, program: str, *arguments: str) -> None:
    process = await asyncio.create_subprocess_exec(
        _program(program),
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"} | _names(url),
    )
    try:
        said, _ = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode != 0:
        raise DumpFailed(f"{program}: {said.decode(errors='replace').strip()[-WORDS_KEPT:]}")


def _program(name: str) -> str:
    """That of our own PostgreSQL, which reads servers of its version and older ones; else the
    machine's."""
    try:
        return str(binaries() / name)
    except EmbeddedPostgresError:
        return name


def _plain(url: str) -> str:
    return url.replace("+asyncpg", "", 1)


def _names(url: str) -> dict[str, str]:
    """The URL as libpq's environment variables."""
    parts = urlsplit(_plain(url))
    return {
        "PGHOST": parts.hostname or "127.0.0.1",
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")),
    }
