"""Finding calls: by a number in any form, a name, words in either script, and by what they were."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.core.effects import RecordPart
from callcenter.core.teams import Reach
from callcenter.crm.customers.schemas import Customer, CustomerDraft
from callcenter.crm.customers.service import Customers
from callcenter.crm.interactions import finding
from callcenter.crm.interactions.finding import Sought, TooShort, TooSlow, pieces
from callcenter.crm.interactions.finding_feed import FindingFeed
from callcenter.crm.interactions.service import Interactions
from callcenter.store import tables
from callcenter.store.portions import PORTION
from tests.crm.test_interactions import write
from tests.store.records import START, interaction, voicemail

pytestmark = [pytest.mark.db, pytest.mark.anyio]

DAY = 86_400.0


def part(call: str, agent: str, note: str) -> RecordPart:
    return RecordPart(
        call=call,
        part=1,
        revision=1,
        agent=agent,
        queue="support",
        began_at=START,
        ended_at=START + 9,
        ended="ended",
        ring_seconds=1.0,
        talk_seconds=2.0,
        hold_seconds=0.0,
        consult_seconds=0.0,
        wrap_up_seconds=0.0,
        disposition="",
        note=note,
    )


@pytest.fixture
async def books(engine: AsyncEngine) -> Interactions:
    """Calls of three months; read into what they are found by."""
    async with engine.begin() as connection:
        kept = "interactions, interaction_parts, voicemails, text_messages, search.calls"
        await connection.execute(text(f"truncate {kept}, customers cascade"))
    made = await Customers(engine, "CN").create(CustomerDraft("王小明", company="Acme"), by="")
    assert isinstance(made, Customer)
    await write(
        engine,
        interaction("plain", note="Wants a refund for order 20231234."),
        interaction("named", started_at=START + 1, number="+861088888888", customer=made.id),
        interaction(
            "chinese", started_at=START - 40 * DAY, note="客户申请退款，已转财务", agent="ben"
        ),
        interaction("given", started_at=START + 2, number="+442079460000", queue="sales"),
        part("given", "cleo", "Ｒefund promised"),
        interaction(
            "left", started_at=START - 70 * DAY, outcome="abandoned", agent=None, queue="vip"
        ),
        voicemail("left.wav", call="left"),
    )
    async with engine.begin() as connection:
        box = tables.Voicemail
        words = {"transcript": "please ring me about the invoice"}
        await connection.execute(update(box).where(box.call == "left").values(**words))
        message = {"key": "k1", "call": "plain", "recipient": "+86", "words": "您的快递单号"}
        await connection.execute(insert(tables.TextMessage).values(**message))
    await FindingFeed(engine).feed_all()
    return Interactions(engine)


async def calls(books: Interactions, words: str = "", **wanted: object) -> list[str]:
    found, _, _ = await books.find(Sought(words, **wanted), "CN")  # type: ignore[arg-type]
    return [one.call for one in found]


@pytest.mark.parametrize("walked", [finding.WALKED, 1])
async def test_calls_are_found(
    books: Interactions, monkeypatch: pytest.MonkeyPatch, walked: int
) -> None:
    """With both ways of looking: backward from the newest, and month by month by the index."""
    monkeypatch.setattr(finding, "WALKED", walked)
    assert await calls(books, "(010) 8888-8888") == ["named"]
    assert await calls(books, "+44 20 7946 0000") == ["given"]
    assert await calls(books, "138 0013") == ["plain", "chinese", "left"]
    assert await calls(books, "20231234") == ["plain"]
    assert await calls(books, "王小明") == ["named"]
    assert await calls(books, "王") == ["named"]
    assert await calls(books, "acme") == ["named"]
    assert await calls(books, "REFUND") == ["given", "plain"]
    assert await calls(books, "refund order") == ["plain"]
    assert await calls(books, "退款") == ["chinese"]
    assert await calls(books, "快递单") == ["plain"]
    assert await calls(books, "invoice") == ["left"]
    assert await calls(books, "退还") == []
    assert await calls(books, agent="cleo") == ["given"]
    assert await calls(books, "refund", agent="cleo") == ["given"]
    assert await calls(books, queue="vip") == await calls(books, outcome="abandoned") == ["left"]
    assert await calls(books, direction="out") == []
    since = datetime.fromtimestamp(START - 50 * DAY, UTC)
    assert await calls(books, since=since, until=since + timedelta(days=20)) == ["chinese"]
    assert await calls(books, "13800138000", since=since) == ["plain", "chinese"]


async def test_the_border_of_a_team_holds_and_too_little_is_said(books: Interactions) -> None:
    team = Reach(teams=frozenset({"t"}), agents=frozenset({"cleo"}), queues=frozenset({"vip"}))
    assert await calls(books, reach=team) == ["given", "left"]
    assert await calls(books, "refund", reach=team) == ["given"]
    assert await calls(books, "+8613800138000", reach=team) == ["left"]
    assert await calls(books, reach=Reach()) == []
    for nothing in ("ok", "k", "%", "--", "+"):
        with pytest.raises(TooShort):
            await calls(books, nothing)
    assert await calls(books, "ok", queue="support") == []


async def test_one_or_two_digits_find_the_newest_that_have_them_and_go_on_from_there(
    books: Interactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await calls(books, "8") == ["named", "plain", "chinese", "left"]
    monkeypatch.setattr(finding, "WALKED", 1)
    assert await calls(books, "44") == ["given"]
    assert await calls(books, "(1) 3") == ["plain", "chinese", "left"]
    first, cursor, _ = await books.find(Sought("13"), "CN", limit=1)
    second, _, _ = await books.find(Sought("13"), "CN", limit=1, cursor=cursor)
    assert [one.call for one in (*first, *second)] == ["plain", "chinese"]
    monkeypatch.setattr(finding, "WALKS_MAX", 2)
    with pytest.raises(TooSlow):
        await calls(books, "05")


async def test_pages_lose_no_call_and_repeat_none(engine: AsyncEngine) -> None:
    await write(
        engine,
        *(
            interaction(f"page-{n:02d}", started_at=START + 20 * DAY * (n // 2), note="Kettle")
            for n in range(20)
        ),
    )
    await FindingFeed(engine).feed_all()
    books, seen, cursor = Interactions(engine), list[str](), None
    while True:
        found, cursor, _ = await books.find(Sought("kettle"), "CN", limit=3, cursor=cursor)
        seen += [one.call for one in found]
        if cursor is None:
            break
    assert seen == [f"page-{n:02d}" for n in reversed(range(20))]


async def test_what_is_written_later_is_found_and_what_is_gone_is_not(
    engine: AsyncEngine, books: Interactions
) -> None:
    feed = FindingFeed(engine)
    await write(engine, interaction("plain", 2, note="Has the kettle back"))
    assert await calls(books, "kettle back") == []
    await feed.feed_all()
    assert await calls(books, "kettle back") == ["plain"]
    assert "plain" not in await calls(books, "refund")
    async with engine.begin() as connection:
        await connection.execute(text("delete from text_messages where call = 'plain'"))
    await feed.feed_all()
    assert await calls(books, "快递单") == []


async def test_what_has_just_ended_does_not_wait_for_a_backlog(engine: AsyncEngine) -> None:
    """As after an upgrade of a house that has years of calls."""
    feed, books = FindingFeed(engine), Interactions(engine)
    await feed.feed_all()
    await write(engine, *(interaction(f"old-{n:04}", note="backlog") for n in range(PORTION * 2)))
    await write(engine, interaction("fresh-1", started_at=START + 5, note="pineapple"))
    assert await feed.feed()
    assert await calls(books, "pineapple") == ["fresh-1"]
    some, _, _ = await books.find(Sought("backlog"), "CN", limit=200)
    assert 0 < len(some) < PORTION
    turns = 1
    while await feed.feed():
        turns += 1
    assert turns == 2  # and nothing is read twice
    some, _, _ = await books.find(Sought("backlog"), "CN", limit=200)
    assert len(some) == 200
    async with engine.connect() as connection:
        left = await connection.execute(text("select count(*) from search.news"))
        assert left.scalar_one() == 0


async def test_the_pieces_of_a_word_are_among_those_of_its_row(engine: AsyncEngine) -> None:
    whole = "vip客户wang 申请退款a中b é123 x"
    async with engine.connect() as connection:
        sql = text("select search.keys(:words, '{}', '', '', '')")
        stored = set((await connection.execute(sql, {"words": whole})).scalar_one())
    for word in whole.split():
        for start in range(len(word)):
            for end in range(start + 1, len(word) + 1):
                assert set(pieces([word[start:end]])) <= stored, word[start:end]
    assert pieces(["客户申请", "a中b", "abcd"]) == [
        *("abc", "a中b", "bcd", "中", "客户", "户申", "申请"),
    ]
