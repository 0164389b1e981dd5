"""What has had its time goes, what has not stays."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.store.accounts import Account, Accounts, SignedIn
from callcenter.store.directory import Directory
from callcenter.store.ledger_rows import WRITE, grouped, to_line
from callcenter.store.phones import Phones
from callcenter.store.quick import Quick
from callcenter.store.times import to_datetime
from callcenter.store.upkeep import measure, tidy
from tests.store.records import START, voicemail

pytestmark = [pytest.mark.db, pytest.mark.anyio]

NOW = 1_790_000_000.0
DAY = 86_400.0


async def count(engine: AsyncEngine, table: str) -> int:
    async with engine.connect() as connection:
        found = await connection.execute(text(f"select count(*) from {table}"))
        return int(found.scalar_one())


async def test_only_what_is_over_is_removed(engine: AsyncEngine) -> None:
    accounts = Accounts(engine)
    await Directory(engine).put_agent("ada", {"name": "Ada"}, by="test")
    await Phones(engine).issue_browser_phone("ada", now=NOW)
    user = await accounts.create(Account("", "ada", "Ada", "agent", agent="ada"), "hash")
    for name, expires in ((b"short", NOW + 60), (b"long", NOW + 20 * DAY)):
        signed_in = SignedIn(name.ljust(32), user, NOW, NOW, expires)
        await accounts.open_session(signed_in, address="", user_agent="")
    await accounts.add_first_run_token(b"t" * 32, NOW)
    async with engine.begin() as connection:
        statement = "insert into drafts (call, agent, text, updated) values ('c', 'ada', 'x', :at)"
        await connection.execute(text(statement), {"at": to_datetime(NOW)})
    tables = ("browser_phones", "login_sessions", "first_run_tokens", "drafts")

    await tidy(engine, NOW + 1)
    assert [await count(engine, table) for table in tables] == [1, 2, 1, 1]
    await tidy(engine, NOW + 2 * DAY)
    assert [await count(engine, table) for table in tables] == [0, 1, 0, 1]
    await tidy(engine, NOW + 31 * DAY)
    assert [await count(engine, table) for table in tables] == [0, 0, 0, 0]


async def test_messages_that_nobody_heard_of_are_measured(
    engine: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    """The short one goes with its file; one whose file is not to be seen stays as it is."""
    database = Quick(database_url)
    named = [voicemail(name, seconds=None) for name in ("long", "short", "unseen")]
    await database.fetch(WRITE, *grouped([to_line(each) for each in named]))
    await database.close()
    (tmp_path / "long.wav").write_bytes(bytes(44 + 5 * 16_000))
    (tmp_path / "short.wav").write_bytes(bytes(44 + 16_000))
    await measure(engine, tmp_path, START + 10)
    assert await count(engine, "voicemails where seconds is null") == 3  # may still go on
    await measure(engine, tmp_path, START + 1000)
    async with engine.connect() as connection:
        found = await connection.execute(text("select id, seconds from voicemails order by id"))
        assert [tuple(row) for row in found] == [("long", 5.0), ("unseen", None)]
    assert os.listdir(tmp_path) == ["long.wav"]
