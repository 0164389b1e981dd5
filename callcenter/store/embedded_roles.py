"""The two roles and the one database inside the embedded PostgreSQL.

`callcenter_admin` is the superuser and used at start only; `callcenter` owns the database, works in
it every day and may make the least-rights role for Asterisk. Neither password is ever sent in a
statement: the server gets a SCRAM verifier.
"""

from __future__ import annotations

import asyncio

import asyncpg

from callcenter.store.passwords import scram_verifier

ADMIN = "callcenter_admin"
APPLICATION = "callcenter"
CONNECT_TRIES = 20
CONNECT_PAUSE_SECONDS = 0.1


def url_of(role: str, password: str, port: int, database: str = "") -> str:
    """SQLAlchemy URL. Our passwords need no quoting (`passwords.new_secret`)."""
    name = database or (APPLICATION if role == APPLICATION else "postgres")
    return f"postgresql+asyncpg://{role}:{password}@127.0.0.1:{port}/{name}"


async def _connect(url: str) -> asyncpg.Connection:
    """Connect; a server taken over may just be recovering from a crash, so try for 2 s."""
    plain = url.replace("+asyncpg", "", 1)
    for attempt in range(CONNECT_TRIES):
        try:
            return await asyncpg.connect(plain, timeout=5)
        except (asyncpg.CannotConnectNowError, ConnectionError):
            if attempt == CONNECT_TRIES - 1:
                raise
            await asyncio.sleep(CONNECT_PAUSE_SECONDS)
    raise AssertionError("unreachable")


async def ensure(admin_url: str, application_password: str) -> None:
    """Make the application's role and database if they are not there, and set its password.
    Raises OSError or asyncpg.PostgresError."""
    connection = await _connect(admin_url)
    try:
        present = await connection.fetchval("select 1 from pg_roles where rolname=$1", APPLICATION)
        if not present:
            await connection.execute(f"create role {APPLICATION} login createrole")
        # Set each time: the file with the password may have been deleted and made anew.
        verifier = scram_verifier(application_password)
        await connection.execute(f"alter role {APPLICATION} password '{verifier}'")
        database = await connection.fetchval(
            "select 1 from pg_database where datname=$1", APPLICATION
        )
        if not database:
            await connection.execute(f"create database {APPLICATION} owner {APPLICATION}")
            await connection.execute(f"revoke all on database {APPLICATION} from public")
    finally:
        await connection.close()
