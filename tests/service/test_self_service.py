"""The demo's self-service line on a real call: a caller keys in account and PIN, hears something,
orders and books by keypad; order and booking are in the database, and the PIN is nowhere."""

from __future__ import annotations

import asyncio
import re
import time
from datetime import UTC, date, datetime, timedelta

import pytest

from callcenter.store.demo import SELF_SERVICE_DID
from tests.asterisk.lab import until
from tests.asterisk.media import Media
from tests.service.house import House, house
from tests.service.phones import caller

pytestmark = [pytest.mark.asterisk, pytest.mark.anyio, pytest.mark.timeout(150)]

NUMBER = "+8613911119001"
ACCOUNT = "860742"
PIN = "0739"  # no clock, port or process number looks like it
PATIENCE_SECONDS = 30.0

OPEN_ACCOUNT = f"""
    insert into balances (account, pin_salt, pin_digest, amount, currency, failed)
    values ('{ACCOUNT}', 'salt', flow_sources.pin_digest('salt', '{PIN}'), 120.50, 'CNY', 2)
    returning account
"""
QUEUED = """
    select 1 from interaction_events where kind = 'queued' and data->>'queue' = 'support'
        and at > now() - interval '5 minutes'
"""
ENDED = "select 1 from interactions where did = '4500' and ended_at is not null"
TABLES = "select tablename from pg_tables where schemaname = 'public'"


async def keys(media: Media, pressed: str) -> None:
    """Waits until half a second of something audible came since the last keys, then presses."""
    await until(lambda: len(media.heard) > 4000 and media.energy() > 0.0002, PATIENCE_SECONDS)
    media.press(pressed)
    await until(lambda: media.remote is not None and media.idle, PATIENCE_SECONDS)
    media.listen_anew()


async def until_rows(centre: House, query: str, count: int) -> list[dict[str, object]]:
    """The rows, once there are so many."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        rows = await centre.rows(query)
        if len(rows) >= count:
            return [dict(row) for row in rows]
        assert time.monotonic() < deadline, f"{len(rows)} rows, not {count}: {query}"
        await asyncio.sleep(0.1)


def monday() -> date:
    """One that is not tomorrow: the line's place may be a day ahead of the database."""
    today = datetime.now(UTC).date()
    return today + timedelta(days=14 - today.weekday())


async def test_a_caller_hears_a_balance_and_orders_and_books_by_keypad() -> None:
    async with house() as centre:
        await centre.rows(OPEN_ACCOUNT)
        day = monday()
        async with caller(centre.ports["sip"], SELF_SERVICE_DID, NUMBER, "Somebody") as media:
            for pressed in ("1", "1", f"{ACCOUNT}#", PIN):  # English, balance
                await keys(media, pressed)
            for pressed in ("2", "102", "3#", "1"):  # order, black tea, three, yes
                await keys(media, pressed)
            (order,) = await until_rows(centre, "select * from orders", 1)
            for pressed in ("4", day.strftime("%m%d"), "1"):  # an appointment on that day, yes
                await keys(media, pressed)
            (booking,) = await until_rows(centre, "select * from bookings", 1)
            await keys(media, "0")  # a person, please
            await until_rows(centre, QUEUED, 1)
            assert centre.asterisk is not None
            await asyncio.to_thread(centre.asterisk.ask, "channel request hangup all")
            await until_rows(centre, ENDED, 1)
        assert (order["product"], order["quantity"]) == ("102 black tea", 3)
        assert (str(order["price"]), str(order["total"])) == ("52.50", "157.50")
        assert (order["phone"], order["state"]) == (NUMBER, "open")
        assert (booking["day"], booking["phone"]) == (day, NUMBER)
        (found,) = await centre.rows(f"select failed from balances where account = '{ACCOUNT}'")
        assert found["failed"] == 0  # it was 2: only the right PIN forgives
        await searched(centre)


async def searched(centre: House) -> None:
    """The PIN stands by itself in no file and no row; the account, no secret, shows that what is
    searched would hold it."""
    texts = {
        str(path): path.read_text(errors="replace")
        for path in centre.folders.data.rglob("*")
        if path.is_file() and centre.folders.database not in path.parents
    }
    for row in await centre.rows(TABLES):
        rows = await centre.rows(f'select t::text as line from "{row["tablename"]}" t')
        texts[row["tablename"]] = "\n".join(one["line"] for one in rows)
    alone = re.compile(rf"(?<![\w.-]){PIN}(?![\w-])")
    assert [where for where, text in texts.items() if alone.search(text)] == []
    account = re.compile(alone.pattern.replace(PIN, ACCOUNT))
    holding = {where for where, text in texts.items() if account.search(text)}
    assert "balances" in holding
    assert any("journal" in where for where in holding), holding
