"""Lines of trunks equal what is counted the slow way, across the borders of intervals, too, and
whether all, some or none of their quarters are kept."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from callcenter.reports.asked.trunks import trunks
from callcenter.reports.asking import Report, Value, Wanted, reading
from callcenter.reports.books import Fact
from callcenter.reports.feeding import put_in
from callcenter.reports.lines_in_use import keep
from callcenter.reports.periods import Period
from tests.reports.recomputed import Taken, in_use

pytestmark = [pytest.mark.db, pytest.mark.anyio]

FIRST = datetime(2026, 3, 29, tzinfo=UTC)  # 23 hours long in Berlin
ZONES = ("Europe/Berlin", "UTC", "Asia/Kathmandu")  # UTC is that of the days that are kept
TABLES = ("facts", "trunk_days", "trunk_quarters", "trunk_news")
EVERY = 10_000  # quarters
TRUNKS = ("callers", "trunk", "carrier-2")


@pytest.fixture
async def empty(engine: AsyncEngine) -> AsyncIterator[AsyncEngine]:
    yield engine
    async with engine.begin() as connection:
        await forgotten(connection)


async def forgotten(connection: AsyncConnection) -> None:
    for table in TABLES:
        await connection.execute(text(f"delete from reports.{table}"))


def quarters(minimum: int, maximum: int) -> st.SearchStrategy[timedelta]:
    """Often on the borders of intervals, and at one moment with others."""
    whole = st.integers(minimum, maximum).map(lambda number: timedelta(minutes=15 * number))
    odd = st.integers(minimum * 900_000_000, maximum * 900_000_000)
    return whole | odd.map(lambda number: timedelta(microseconds=number))


def line(trunk: str, how: str, at: timedelta, lasts: timedelta) -> Taken:
    """`how` open: its end was never told."""
    until = FIRST + at + (timedelta(days=1) if how == "open" else lasts)
    return Taken(trunk, how != "answered", FIRST + at, until, FIRST + at, how)


# From a day before the period to its end and beyond; some last for hours, some no time at all.
HOW = ("answered", "busy", "failed", "busy", "answered", "open")
LINES = st.lists(
    st.builds(
        line, st.sampled_from(TRUNKS), st.sampled_from(HOW), quarters(-96, 200), quarters(0, 130)
    ),
    max_size=40,
)
# How many of the lines were there when quarters were kept first; how many days were kept then, and
# when all lines were there.
KEPT = st.tuples(st.integers(0, 60), st.sampled_from((1, 9)), st.sampled_from((0, 1, 9)))


@given(LINES, KEPT, st.sampled_from(ZONES), st.sampled_from(("15min", "hour", "day", "all")))
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
async def test_lines_in_use_are_those_of_a_recount(
    empty: AsyncEngine, lines: list[Taken], kept: tuple[int, int, int], zone: str, interval: str
) -> None:
    first, once, again = kept
    async with empty.begin() as connection:
        await forgotten(connection)
        await put_in(connection, facts_of(lines[:first]), "UTC")
        await keep_days(connection, once)
        await put_in(connection, facts_of(lines[first:]), "UTC")
        await keep_days(connection, again)
    period = Period(date(2026, 3, 29), date(2026, 3, 30), zone)
    wanted = Wanted(period, interval)  # type: ignore[arg-type]
    report = await asked(empty, wanted)
    edges = [*wanted.edges(), period.until]
    rows = named(report, "intervals")
    assert len(rows) == len(edges) - 1
    for (since, until), row in zip(pairwise(edges), rows.values(), strict=True):
        assert told(row) == counted(lines, since, until)
        within = [one for one in lines if since <= one.at < until]
        assert row["trunk_in"] == sum(1 for one in within if not one.outward)
        assert row["trunk_out"] == sum(1 for one in within if one.outward)
    for (trunk,), row in named(report, "trunks").items():
        own = [one for one in lines if one.trunk == trunk]
        assert told(row) == counted(own, edges[0], edges[-1])
    for (start, trunk), row in named(report, "trunk-intervals").items():
        place = edges.index(datetime.fromisoformat(start))
        own = [one for one in lines if one.trunk == trunk]
        assert told(row) == counted(own, edges[place], edges[place + 1])
    failed = Counter(
        (one.trunk, one.outcome)
        for one in lines
        if edges[0] <= one.at < edges[-1] and one.outcome in ("busy", "failed")
    )
    assert {key: row["trunk_failed"] for key, row in named(report, "causes").items()} == failed
    most, _, used = in_use(lines, edges[0], edges[-1])
    assert report.cards["most_at_once"] == most
    assert report.cards["erlangs"] == used / (edges[-1] - edges[0])


async def test_a_line_that_is_taken_still_lasts_until_now_and_a_forgotten_one_a_day(
    empty: AsyncEngine,
) -> None:
    now = datetime.now(UTC)
    today = Period(now.date(), now.date(), "UTC")
    hours = [now - timedelta(hours=age) for age in (40, 30, 0)]
    lines = [Taken("trunk", True, at, None, at, "open") for at in hours]
    async with empty.begin() as connection:
        await forgotten(connection)
        await put_in(connection, facts_of(lines), "UTC")
    report = await asked(empty, Wanted(today, "all"))
    ((_, row),) = named(report, "trunks").items()
    began = today.since
    ends = [at + timedelta(days=1) for at in hours[:2]]
    left = sum((max(until - began, timedelta()) for until in ends), timedelta())
    assert row["erlangs"] is not None
    spent = row["erlangs"] * (datetime.now(UTC) - began)
    assert timedelta() <= spent - left + timedelta(seconds=1) < timedelta(seconds=60)
    assert (row["trunk_out"], row["trunk_out_answered"], row["trunk_failed"]) == (1, 1, 0)
    assert row["trunk_out_time"] == 0  # of what is over


async def keep_days(connection: AsyncConnection, days: int) -> None:
    for _ in range(days):
        if not await keep(connection, timedelta(), EVERY):
            break


def facts_of(lines: Sequence[Taken]) -> list[Fact]:
    return [
        Fact(
            at=one.at,
            call=uuid.uuid4().hex,
            leg=1,
            kind="trunk",
            until=one.at if one.outcome == "open" else one.until or one.at,
            outcome=one.outcome,
            trunk=one.trunk,
            outward=one.outward,
        )
        for one in lines
    ]


async def asked(engine: AsyncEngine, wanted: Wanted) -> Report:
    async with reading(engine, 10_000) as source:
        return await trunks(source, wanted)


def named(report: Report, name: str) -> dict[tuple[str, ...], dict[str, Value]]:
    tables = [one for one in report.tables if one.name == name]
    return {
        keys: dict(zip(table.figures, values, strict=True))
        for table in tables
        for keys, values in table.rows
    }


def told(row: dict[str, Value]) -> tuple[Value, Value, Value]:
    return row["most_at_once"], row["most_at"], row["erlangs"]


def counted(lines: Sequence[Taken], since: datetime, until: datetime) -> tuple[Value, Value, Value]:
    most, when, used = in_use(lines, since, until)
    return most, when.timestamp() if when else None, used / (until - since)
