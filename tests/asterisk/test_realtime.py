"""Agents' phones from PostgreSQL: usable at once, and calls that go on while PostgreSQL is away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import create_async_engine

from callcenter.asterisk.config import AsteriskDatabase
from callcenter.core.effects import Connect, HangUp
from callcenter.core.inputs import AgentAnswered, CallArrived, CallEnded
from callcenter.store.embedded import EmbeddedPostgres
from callcenter.store.grants import ASTERISK_ROLE, grant_asterisk
from callcenter.store.passwords import sip_digest
from callcenter.store.phones import PhoneSettings, aor, desk_endpoint
from callcenter.store.tables import ps_aors, ps_auths, ps_endpoints
from tests.asterisk.lab import Lab, free_port, ready, running, until
from tests.database import fresh_database, running_server

pytestmark = [pytest.mark.asterisk, pytest.mark.anyio]

ROLE_PASSWORD = "password-of-the-lab-role"
# Without qualify Asterisk never learns that a phone made after its own start can be reached.
SETTINGS = PhoneSettings(media_address="127.0.0.1", qualify_seconds=30)


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedPostgres]:
    """One of our own, for it is stopped in between."""
    with running_server() as made:
        yield made


@pytest.fixture(scope="module")
def phones_url(server: EmbeddedPostgres) -> Iterator[str]:
    with fresh_database(server, "asterisk_realtime") as url:
        asyncio.run(grant_asterisk(url, ROLE_PASSWORD))
        yield url


@pytest.fixture
async def phones(phones_url: str, tmp_path: Path) -> AsyncIterator[Lab]:
    where = urlsplit(phones_url)
    database = AsteriskDatabase(
        "127.0.0.1", where.port or 0, where.path[1:], ASTERISK_ROLE, ROLE_PASSWORD
    )
    lab = Lab(tmp_path, database)
    await asyncio.to_thread(lab.start)
    yield lab
    await asyncio.to_thread(lab.stop)


async def make_phone(url: str, name: str) -> None:
    # The lab's phones register from another port than they listen at.
    endpoint = desk_endpoint(SETTINGS) | {"rewrite_contact": "no", "force_rport": "no"}
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        row = {"id": name, "aors": name, "auth": name} | endpoint
        await connection.execute(insert(ps_endpoints).values(row))
        await connection.execute(insert(ps_aors).values({"id": name} | aor(SETTINGS)))
        await connection.execute(
            insert(ps_auths).values(
                id=name,
                auth_type="md5",
                username=name,
                realm=SETTINGS.realm,
                md5_cred=sip_digest(name, SETTINGS.realm, f"secret-{name}"),
            )
        )
    await engine.dispose()


async def new_secret(url: str, name: str, secret: str) -> None:
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        digest = sip_digest(name, SETTINGS.realm, secret)
        await connection.execute(
            update(ps_auths).where(ps_auths.c.id == name).values(md5_cred=digest)
        )
    await engine.dispose()


async def test_phones_from_the_database(
    phones: Lab, phones_url: str, server: EmbeddedPostgres
) -> None:
    async with running(phones) as (switch, told):

        async def one_call(attempt: int) -> None:
            async with phones.caller():
                call = (await told.wait(CallArrived)).call
                switch.perform(Connect(call, attempt, "ada", "ada", 10))
                await told.wait(AgentAnswered)
                switch.perform(HangUp(call))
                await told.wait(CallEnded)
                await ready(switch, "ada")

        # Made while Asterisk runs: no reload.
        await make_phone(phones_url, "ada")
        async with phones.agent("ada"):
            await ready(switch, "ada")
            await one_call(1)

            # A new secret counts at once, the old one no more.
            await make_phone(phones_url, "bob")
            await new_secret(phones_url, "bob", "another-secret")
            with pytest.raises(AssertionError, match="not registered"):
                await phones.register("bob", free_port())
            await new_secret(phones_url, "bob", "secret-bob")
            await phones.register("bob", free_port())

            await server.stop("immediate")
            try:
                await one_call(2)
                await one_call(3)
                with pytest.raises(AssertionError, match="not registered"):
                    await phones.register("bob", free_port())
                assert switch.book.devices["ada"] == "ready", "what was registered stays so"
            finally:
                await server.start()
            await phones.register("bob", free_port())
            await one_call(4)


async def test_the_role_reads_phones_and_nothing_else(phones: Lab, phones_url: str) -> None:
    await until(lambda: "Connected" in phones.ask("realtime show pgsql status"))
    where = urlsplit(phones_url)
    connection = await asyncpg.connect(
        host="127.0.0.1",
        port=where.port,
        database=where.path[1:],
        user=ASTERISK_ROLE,
        password=ROLE_PASSWORD,
    )
    try:
        assert await connection.fetch("select id from ps_auths") is not None
        for forbidden in ("select * from customers", "update ps_auths set password = 'x'"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(forbidden)
    finally:
        await connection.close()
