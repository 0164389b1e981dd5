"""The database's versions, each a file in `versions/`; `migrate` brings a database to the newest.

A version never changes after a release. Alembic is run inside this process, on our own connection,
under an advisory lock, so that two starts at once cannot both migrate.
"""

from __future__ import annotations

import logging
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from callcenter.store.tables import Base

log = logging.getLogger(__name__)

LOCK = 0x0CA11CE7  # any number, the same in every process


class MigrationError(Exception):
    """The database cannot be brought to this program's version; the text says why."""


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's settings without a file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


async def migrate(url: str) -> str:
    """Bring the database at `url` to the newest version and return that version.

    Raises MigrationError if it was made by a newer program; OSError or SQLAlchemyError if it is
    away. Everything happens in one transaction: it is done as a whole or not at all."""
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOCK})
            return await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection) -> str:
    config = alembic_config(connection)
    script = ScriptDirectory.from_config(config)
    present = MigrationContext.configure(connection).get_current_revision()
    known = {revision.revision for revision in script.walk_revisions()}
    if present is not None and present not in known:
        raise MigrationError(
            f"the database has version {present}, which this program does not know: it was "
            "written by a newer one. Start that one, or restore the backup made before"
        )
    newest = script.get_current_head()
    assert newest is not None
    if present != newest:
        log.info("database: from version %s to %s", present or "none", newest)
        command.upgrade(config, "head")
    return newest


async def differences(url: str) -> list[object]:
    """Where the tables in the program and in a migrated database disagree. Empty: all well."""
    engine = create_async_engine(url, poolclass=NullPool)

    def compare(connection: Connection) -> list[object]:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        return list(compare_metadata(context, Base.metadata))

    try:
        async with engine.connect() as connection:
            return await connection.run_sync(compare)
    finally:
        await engine.dispose()
