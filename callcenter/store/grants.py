"""The role Asterisk logs in with: it may read the phones' rows and write contacts, nothing else."""

from __future__ import annotations

import re

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from callcenter.store.engine import checked_url
from callcenter.store.passwords import scram_verifier
from callcenter.store.tables.asterisk import READ_BY_ASTERISK, WRITTEN_BY_ASTERISK

ASTERISK_ROLE = "asterisk_ro"
CONNECTIONS_MAX = 20
ROLE_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


async def grant_asterisk(url: str, password: str, *, role: str = ASTERISK_ROLE) -> None:
    """Make `role` (or set its password) and give it exactly the rights Asterisk needs.

    `url`: a role that owns the tables and may make roles. The password is sent as a SCRAM verifier.
    May be called at each start. Raises SQLAlchemyError or OSError; ValueError for a bad name."""
    if not ROLE_NAME.fullmatch(role):
        raise ValueError(f"not a role's name: {role!r}")
    engine = create_async_engine(checked_url(url), poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            database = (await connection.execute(text("select current_database()"))).scalar_one()
            exists = await connection.execute(
                text("select 1 from pg_roles where rolname = :role"), {"role": role}
            )
            if exists.first() is None:
                await connection.exec_driver_sql(f"create role {role} login")
            quoted = '"' + str(database).replace('"', '""') + '"'
            for statement in (
                f"alter role {role} connection limit {CONNECTIONS_MAX} "
                f"password '{scram_verifier(password)}'",
                f"revoke all on all tables in schema public from {role}",
                f"grant connect on database {quoted} to {role}",
                f"grant usage on schema public to {role}",
                *(f"grant select on {table.name} to {role}" for table in READ_BY_ASTERISK),
                *(
                    f"grant select, insert, update, delete on {table.name} to {role}"
                    for table in WRITTEN_BY_ASTERISK
                ),
            ):
                await connection.exec_driver_sql(statement)
    finally:
        await engine.dispose()
