"""Flows on real calls. The demo's self-service line: a caller keys in account and PIN, hears
something, orders and books by keypad; order and booking are in the database, the PIN is nowhere.
And a tour through nearly every kind of node, in two languages, with a shop on the network that
answers once and then is dead."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import time
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from callcenter.store.demo import SELF_SERVICE_DID
from callcenter.store.directory import Directory
from callcenter.store.engine import make_engine
from tests.asterisk.lab import until
from tests.asterisk.media import Media
from tests.service.house import House, house
from tests.service.phones import caller

pytestmark = [pytest.mark.asterisk, pytest.mark.anyio, pytest.mark.timeout(300)]

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


def audible(media: Media) -> bool:
    """Half a second of something came since the last keys."""
    return len(media.heard) > 4000 and media.energy() > 0.0002


async def keys(media: Media, pressed: str) -> None:
    """Waits until something is audible since the last keys, then presses."""
    await until(lambda: audible(media), PATIENCE_SECONDS)
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


FLOWS = Path(__file__).parent / "flows"
TOUR_DID = "4010"
# A repeat, a wrong key, back, an entry that is refused; values are told; the same in Chinese.
IN_ENGLISH = ("1", "9", "7", "1", "*", "1", "1", "0042", "4711", "1")
IN_CHINESE = ("2", "1", "1", "4712", "1")
TO_A_PERSON = ("3", "5", "1", "0")
TOUR = """
    choose:next open:open share:all begun:next menu:1 menu:1 more:1 code:next count:next which:first
    ask:ok dear:yes tell:next found:found named:next unknown:none part.start:next part.which:yes
    choose:next open:open share:all begun:next menu:1 more:1 code:next count:next which:second
    dead:error tell:next found:found named:next unknown:none part.start:next part.which:no
    back:declined ring:no_answer rate:next menu:1 more:operator speak:next note:failed wait:nobody
""".split()
TOURED = "select nodes, ports, ended, language from journeys where flow = 'tour'"
TOUR_QUEUED = """
    select 1 from interaction_events began join interaction_events last using (call)
    where began.kind = 'arrived' and began.data->>'did' = '4010' and last.kind = 'queued'
"""


@pytest.fixture(scope="module")
async def shop() -> AsyncIterator[str]:
    """A web server that knows one order's price; everything else it leaves without an answer."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            if head.startswith(b"GET /orders/4711 "):
                body = json.dumps({"order": {"price": 52.5, "day": "2026-12-24"}}).encode()
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            else:
                await reader.read()  # until the other side has had enough
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()


@pytest.fixture(scope="module")
async def centre(shop: str) -> AsyncIterator[House]:
    async with house(start=False, own_hosts=(shop,)) as made:
        engine = make_engine(made.database.url)
        directory = Directory(engine)
        for flow, parts in (("tour-part", {}), ("tour", {"tour-part": 1})):
            text = (FLOWS / f"{flow}.yaml").read_text(encoding="utf-8")
            text = text.replace("SHOP", f"http://{shop}")
            await directory.publish_flow(flow, text, by="tests", parts=parts)
        await directory.put_route(TOUR_DID, "tour", by="tests")
        await engine.dispose()
        made.start_service()
        await made.ready()
        yield made


async def all_hang_up(centre: House) -> None:
    assert centre.asterisk is not None
    await asyncio.to_thread(centre.asterisk.ask, "channel request hangup all")


async def test_a_caller_hears_a_balance_and_orders_and_books_by_keypad(centre: House) -> None:
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
        await all_hang_up(centre)
        await until_rows(centre, ENDED, 1)
    assert (order["product"], order["quantity"]) == ("102 black tea", 3)
    assert (str(order["price"]), str(order["total"])) == ("52.50", "157.50")
    assert (order["phone"], order["state"]) == (NUMBER, "open")
    assert (booking["day"], booking["phone"]) == (day, NUMBER)
    (found,) = await centre.rows(f"select failed from balances where account = '{ACCOUNT}'")
    assert found["failed"] == 0  # it was 2: only the right PIN forgives
    await searched(centre)


async def told(centre: House, media: Media) -> None:
    """Waits until something without a question has been said to its end. That it was said at all is
    heard: on a busy machine it may be over before Asterisk is asked."""
    await until(lambda: audible(media), PATIENCE_SECONDS)
    deadline = time.monotonic() + PATIENCE_SECONDS
    assert centre.asterisk is not None
    while "Playback" in await asyncio.to_thread(centre.asterisk.ask, "core show channels concise"):
        assert time.monotonic() < deadline, "it never ended"
        await asyncio.sleep(0.1)


async def test_a_tour_through_nearly_every_kind_of_node(centre: House) -> None:
    async with caller(centre.ports["sip"], TOUR_DID, NUMBER, "Somebody", tone=440.0) as media:
        for several in (IN_ENGLISH, IN_CHINESE):
            for pressed in several:
                await keys(media, pressed)
            await told(centre, media)
        for pressed in TO_A_PERSON:
            await keys(media, pressed)
        await until_rows(centre, TOUR_QUEUED, 1)
        await all_hang_up(centre)
        (way,) = await until_rows(centre, TOURED, 1)
    taken = [f"{node}:{port}" for node, port in zip(way["nodes"], way["ports"], strict=True)]  # type: ignore[call-overload]
    assert taken == TOUR
    assert (way["ended"], way["language"]) == ("queue", "zh")
    (score,) = await until_rows(centre, "select * from survey_answers where question = 'tour'", 1)
    assert score["score"] == 5
    assert "has no sound file" not in centre.log()


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
