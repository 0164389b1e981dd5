"""The rows Asterisk reads: one secret a login, never in plain, and no rights beyond the need."""

from __future__ import annotations

import hashlib

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.store.directory import Directory
from callcenter.store.embedded import EmbeddedPostgres
from callcenter.store.grants import grant_asterisk
from callcenter.store.phones import (
    PhoneCredentials,
    Phones,
    PhoneSettings,
    UnknownAgent,
    endpoint_of,
)

pytestmark = [pytest.mark.db, pytest.mark.anyio]

NOW = 1_790_000_000.0
HOUR = 3600.0


@pytest.fixture
async def phones(engine: AsyncEngine) -> Phones:
    await Directory(engine).put_agent("ada", {"name": "Ada"}, by="test")
    await Directory(engine).put_agent("gone", {"name": "Gone", "active": False}, by="test")
    return Phones(engine)


async def row(engine: AsyncEngine, table: str, id: str) -> dict[str, object]:
    async with engine.connect() as connection:
        found = await connection.execute(text(f"select * from {table} where id = :id"), {"id": id})
        first = found.mappings().first()
    return {k: v for k, v in first.items() if v is not None} if first else {}


def digest(credentials: PhoneCredentials) -> str:
    plain = f"{credentials.user}:{credentials.realm}:{credentials.password}"
    return hashlib.md5(plain.encode(), usedforsecurity=False).hexdigest()


async def test_a_browser_phone_gets_a_new_secret_each_time(
    phones: Phones, engine: AsyncEngine
) -> None:
    first = await phones.issue_browser_phone("ada", now=NOW)
    assert (first.endpoint, first.user) == ("bada", "bada")
    assert await row(engine, "ps_auths", "bada") == {
        "id": "bada",
        "auth_type": "md5",
        "username": "bada",
        "realm": "callcenter",
        "md5_cred": digest(first),
    }
    endpoint = await row(engine, "ps_endpoints", "bada")
    assert {k: endpoint[k] for k in ("webrtc", "context", "auth", "aors", "allow", "disallow")} == {
        "webrtc": "yes",
        "context": "agents",
        "auth": "bada",
        "aors": "bada",
        "allow": "ulaw,alaw,opus",
        "disallow": "all",
    }
    aor = await row(engine, "ps_aors", "bada")
    assert (aor["max_contacts"], aor["remove_existing"], aor["default_expiration"]) == (
        1,
        "yes",
        300,
    )
    second = await phones.issue_browser_phone("ada", now=NOW)
    assert second.password != first.password
    assert (await row(engine, "ps_auths", "bada"))["md5_cred"] == digest(second)
    assert await row(engine, "ps_endpoints", "bada") == endpoint
    assert second.password not in repr(second)


async def test_at_log_out_the_secret_and_the_contacts_end(
    phones: Phones, engine: AsyncEngine
) -> None:
    issued = await phones.issue_browser_phone("ada", now=NOW)
    async with engine.begin() as connection:
        statement = "insert into ps_contacts (id, endpoint, uri) values ('c', 'bada', 'sip:x')"
        await connection.execute(text(statement))
    await phones.revoke_browser_phone("ada")
    assert (await row(engine, "ps_auths", "bada"))["md5_cred"] != digest(issued)
    assert await row(engine, "ps_contacts", "c") == {}
    assert await row(engine, "ps_endpoints", "bada") != {}
    await phones.revoke_browser_phone("ada")


async def test_a_secret_ends_by_itself(phones: Phones, engine: AsyncEngine) -> None:
    access = await phones.browser_access("ada", now=NOW)
    good = digest(PhoneCredentials(access.device, access.device, access.password, "callcenter"))
    assert access.expires == NOW + 12 * HOUR
    assert await phones.end_expired(access.expires - 1) == 0
    assert (await row(engine, "ps_auths", "bada"))["md5_cred"] == good
    assert await phones.end_expired(access.expires) == 1
    assert (await row(engine, "ps_auths", "bada"))["md5_cred"] != good
    assert await phones.end_expired(access.expires) == 0


async def test_a_desk_phone_keeps_its_secret_beside_the_browser(
    phones: Phones, engine: AsyncEngine
) -> None:
    desk = await phones.issue_desk_phone("ada")
    await phones.issue_browser_phone("ada", now=NOW)
    await phones.revoke_browser_phone("ada")
    assert (await row(engine, "ps_auths", "dada"))["md5_cred"] == digest(desk)
    endpoint = await row(engine, "ps_endpoints", "dada")
    assert "webrtc" not in endpoint
    assert endpoint["media_encryption"] == "no"
    assert (await row(engine, "agents", "ada"))["desk_phone"] is True
    assert await phones.desk_phone("ada", name="Ada") != desk.password
    fixed = await phones.issue_desk_phone("ada", password="known-in-a-test")
    assert (await row(engine, "ps_auths", "dada"))["md5_cred"] == digest(fixed)
    await phones.remove_desk_phone("ada")
    assert (await row(engine, "ps_auths", "dada"))["md5_cred"] != digest(fixed)
    assert (await row(engine, "agents", "ada"))["desk_phone"] is False


async def test_only_active_agents_get_a_phone(phones: Phones) -> None:
    for agent in ("nobody", "gone"):
        with pytest.raises(UnknownAgent, match=agent):
            await phones.issue_browser_phone(agent, now=NOW)


@pytest.mark.parametrize("bad", ["", "Ada", "a&b", "a/b", "a" * 33, "a;b", "阿达", "a b", "a\n"])
def test_an_id_that_could_mean_more_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="not an agent's id"):
        endpoint_of("b", bad)


async def test_settings_of_the_installation(engine: AsyncEngine, phones: Phones) -> None:
    settings = PhoneSettings(
        media_address="10.99.0.1", acl="office", desk_rtp_timeout_seconds=5, realm="example"
    )
    issued = await Phones(engine, settings).issue_desk_phone("ada")
    endpoint = await row(engine, "ps_endpoints", "dada")
    assert (endpoint["media_address"], endpoint["acl"], endpoint["rtp_timeout"]) == (
        "10.99.0.1",
        "office",
        5,
    )
    assert issued.realm == "example"
    with pytest.raises(ValueError, match="not a name of an ACL"):
        PhoneSettings(acl="x; y")


async def test_asterisk_may_read_phones_and_write_contacts_and_nothing_else(
    database_url: str, postgres: EmbeddedPostgres, phones: Phones
) -> None:
    await phones.issue_browser_phone("ada", now=NOW)
    await grant_asterisk(database_url, "first")
    await grant_asterisk(database_url, "second")
    plain = f"postgresql://asterisk_ro:%s@127.0.0.1:{postgres.port}/" + database_url.split("/")[-1]
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(plain % "first")
    connection = await asyncpg.connect(plain % "second")
    try:
        assert (
            await connection.fetchval("select count(*) from ps_endpoints where mailboxes <> ''")
            == 0
        )
        assert await connection.fetchval("select md5_cred from ps_auths where id = 'bada'")
        await connection.execute("insert into ps_contacts (id, expiration_time) values ('x', '99')")
        await connection.execute("update ps_contacts set uri = 'sip:x' where id = 'x'")
        await connection.execute("delete from ps_contacts where id = 'x'")
        for forbidden in (
            "select * from users",
            "select * from customers",
            "select * from login_sessions",
            "update ps_auths set md5_cred = ''",
            "insert into ps_endpoints (id) values ('evil')",
            "delete from ps_aors",
            "create table evil (id int)",
            "drop table ps_contacts",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(forbidden)
    finally:
        await connection.close()
    with pytest.raises(ValueError, match="not a role's name"):
        await grant_asterisk(database_url, "x", role="x; drop role y")


async def test_no_password_reaches_the_servers_log(
    database_url: str, postgres: EmbeddedPostgres, phones: Phones
) -> None:
    await grant_asterisk(database_url, "very-secret-indeed")
    issued = await phones.issue_desk_phone("ada")
    log = postgres.log_file.read_text()
    assert "very-secret-indeed" not in log
    assert issued.password not in log


async def test_a_supervisors_ear_may_dial_nothing_but_calls_to_hear(engine: AsyncEngine) -> None:
    phones = Phones(engine)
    access = await phones.hearing_access("user-1", now=NOW)
    trial = await phones.trial_access("user-1", now=NOW)
    assert (access.device[0], access.device[1:]) == ("h", trial.device[1:])
    endpoint = await row(engine, "ps_endpoints", access.device)
    assert (endpoint["context"], endpoint["webrtc"]) == ("hearing", "yes")


async def test_a_trial_phone_may_dial_nothing_but_trials(engine: AsyncEngine) -> None:
    phones = Phones(engine)
    first = await phones.trial_access("user-1", now=NOW)
    second = await phones.trial_access("user-1", now=NOW)
    assert first.device == second.device
    assert first.password != second.password
    endpoint = await row(engine, "ps_endpoints", first.device)
    assert (endpoint["context"], endpoint["webrtc"]) == ("trial", "yes")
    assert (await phones.trial_access("user-2", now=NOW)).device != first.device
