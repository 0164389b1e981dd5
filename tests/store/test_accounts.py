"""Accounts and sessions as the web layer needs them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.store.accounts import Account, Accounts, SignedIn, Taken
from callcenter.store.directory import Directory
from callcenter.store.leader import take_epoch

pytestmark = [pytest.mark.db, pytest.mark.anyio]

NOW = 1_790_000_000.0
SOFIA = Account("", "Sofia", "苏菲亚 Rossi", "supervisor", "zh")


@pytest.fixture
async def accounts(engine: AsyncEngine) -> Accounts:
    async with engine.begin() as connection:
        await connection.execute(text("truncate users, first_run_tokens cascade"))
    await Directory(engine).put_agent("ada", {"name": "Ada"}, by="test")
    return Accounts(engine)


def session(account: Account, name: bytes, now: float = NOW) -> SignedIn:
    return SignedIn(name.ljust(32, b"."), account, now, now, now + 3600)


async def open_one(accounts: Accounts, signed_in: SignedIn) -> None:
    await accounts.open_session(signed_in, address="127.0.0.1", user_agent="test \0 \ud800")


async def test_logins_do_not_differ_by_case(accounts: Accounts) -> None:
    made = await accounts.create(SOFIA, "hash")
    assert await accounts.credentials("sOFIA") == (made, "hash")
    assert await accounts.credentials("nobody") is None
    assert await accounts.credentials("sofia\0") == (made, "hash")
    assert await accounts.account(made.id) == made
    assert await accounts.account("no uuid") is None
    assert await accounts.accounts() == [made]


async def test_a_login_and_an_agent_belong_to_one(accounts: Accounts) -> None:
    ada = await accounts.create(Account("", "ada", "Ada", "agent", agent="ada"), "hash")
    with pytest.raises(Taken) as login:
        await accounts.create(Account("", "ADA", "Other", "agent"), "hash")
    assert login.value.where == "login"
    with pytest.raises(Taken) as agent:
        await accounts.create(Account("", "eve", "Eve", "agent", agent="ada"), "hash")
    assert agent.value.where == "agent"
    with pytest.raises(Taken) as missing:
        await accounts.update(replace(ada, agent="nobody"))
    assert missing.value.where == "agent"
    assert await accounts.account(ada.id) == ada


async def test_a_change_is_kept(accounts: Accounts) -> None:
    made = await accounts.create(SOFIA, "hash")
    changed = replace(made, name="Sofia", active=False, role="administrator", locale="en")
    assert await accounts.update(changed) == changed
    assert await accounts.account(made.id) == changed
    await accounts.set_password(made.id, "new hash")
    assert await accounts.credentials("sofia") == (changed, "new hash")
    with pytest.raises(KeyError):
        await accounts.set_password("00000000-0000-0000-0000-000000000000", "x")
    assert await accounts.update(replace(changed, id="none")) is None


async def test_sessions_are_found_touched_and_ended(accounts: Accounts) -> None:
    made = await accounts.create(SOFIA, "hash")
    first, second = session(made, b"1"), session(made, b"2", NOW + 1)
    await open_one(accounts, first)
    await open_one(accounts, second)
    assert await accounts.session(first.token_hash) == first
    assert await accounts.session(b"x" * 32) is None
    await accounts.touch_session(first.token_hash, NOW + 60)
    await accounts.touch_session(first.token_hash, NOW + 30)
    assert await accounts.session(first.token_hash) == replace(first, last_seen=NOW + 60)
    await accounts.close_sessions(made.id, but=second.token_hash)
    assert await accounts.session(first.token_hash) is None
    await accounts.close_session(second.token_hash)
    assert await accounts.session(second.token_hash) is None


async def test_a_session_shows_the_user_as_he_is_now(accounts: Accounts) -> None:
    made = await accounts.create(SOFIA, "hash")
    await open_one(accounts, session(made, b"1"))
    await accounts.update(replace(made, active=False))
    found = await accounts.session(session(made, b"1").token_hash)
    assert found is not None
    assert not found.account.active


async def test_sessions_do_not_pile_up(accounts: Accounts, engine: AsyncEngine) -> None:
    made = await accounts.create(SOFIA, "hash")
    await open_one(accounts, session(made, b"expired", NOW - 10_000))
    for number in range(30):
        await open_one(accounts, session(made, b"%d" % number, NOW + number))
    async with engine.connect() as connection:
        count = (await connection.execute(text("select count(*) from login_sessions"))).scalar_one()
    assert count == 20
    assert await accounts.session(session(made, b"29").token_hash) is not None
    assert await accounts.session(session(made, b"expired").token_hash) is None


async def test_the_first_run_token_makes_one_administrator(accounts: Accounts) -> None:
    boss = Account("", "boss", "Boss", "administrator")
    assert not await accounts.has_administrator()
    await accounts.add_first_run_token(b"o" * 32, NOW)
    await accounts.add_first_run_token(b"t" * 32, NOW)
    assert not await accounts.first_run_valid(b"o" * 32, NOW + 1)
    assert await accounts.first_run_valid(b"t" * 32, NOW + 1)
    assert not await accounts.first_run_valid(b"t" * 32, NOW + 24 * 3600)
    made = await accounts.first_administrator(b"t" * 32, boss, "hash", NOW + 1)
    assert made is not None
    assert made.role == "administrator"
    assert await accounts.has_administrator()
    assert await accounts.first_administrator(b"t" * 32, boss, "hash", NOW + 2) is None
    assert not await accounts.first_run_valid(b"t" * 32, NOW + 2)


async def test_a_taken_login_does_not_use_up_the_token(accounts: Accounts) -> None:
    await accounts.create(SOFIA, "hash")
    await accounts.add_first_run_token(b"t" * 32, NOW)
    with pytest.raises(Taken):
        await accounts.first_administrator(b"t" * 32, SOFIA, "hash", NOW)
    assert await accounts.first_run_valid(b"t" * 32, NOW)


async def test_the_epoch_grows_with_every_start(engine: AsyncEngine) -> None:
    first = await take_epoch(engine, "node-1")
    assert await take_epoch(engine, "node-1") == first + 1
    assert await take_epoch(engine, "node-2", above=first + 100) == first + 101
    assert await take_epoch(engine, "x" * 500) == first + 102
