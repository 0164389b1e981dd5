"""Lines of trunks equal what is counted the slow way, across the borders of intervals, too."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.reports.asked.trunks import trunks
from callcenter.reports.asking import Report, Value, Wanted, reading
from callcenter.reports.books import Fact
from callcenter.reports.feeding import put_in
from callcenter.reports.periods import Period
from tests.reports.recomputed import Taken, in_use

pytestmark = [pytest.mark.db, pytest.mark.anyio]

FIRST = datetime(2026, 3, 29, tzinfo=UTC)  # 23 hours long in Berlin
PERIOD = Period(date(2026, 3, 29), date(2026, 3, 30), "Europe/Berlin")
TRUNKS = ("callers", "trunk", "carrier-2")


@pytest.fixture
async def empty(engine: AsyncEngine) -> AsyncIterator[AsyncEngine]:
    yield engine
    async with engine.begin() as connection:
        await connection.execute(text("delete from reports.facts"))


def quarters(minimum: int, maximum: int) -> st.SearchStrategy[timedelta]:
    """Often on the borders of intervals, and at one moment with others."""
    whole = st.integers(minimum, maximum).map(lambda number: timedelta(minutes=15 * number))
    odd = st.integers(minimum * 900_000_000, maximum * 900_000_000)
    return whole | odd.map(lambda number: timedelta(microseconds=number))


# From a day before the period to its end and beyond; some last for hours, some no time at all.
LINES = st.lists(
    st.builds(
        lambda trunk, outward, at, lasts: Taken(
            trunk, outward, FIRST + at, FIRST + at + lasts, FIRST + at, "answered"
        ),
        st.sampled_from(TRUNKS),
        st.booleans(),
        quarters(-96, 200),
        quarters(0, 130),
    ),
    max_size=40,
)


@given(LINES, st.sampled_from(("15min", "hour", "day", "all")))
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
async def test_lines_in_use_are_those_of_a_recount(
    empty: AsyncEngine, lines: list[Taken], interval: str
) -> None:
    await kept(empty, lines)
    wanted = Wanted(PERIOD, interval)  # type: ignore[arg-type]
    report = await asked(empty, wanted)
    edges = [*wanted.edges(), PERIOD.until]
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
    await kept(empty, lines)
    report = await asked(empty, Wanted(today, "all"))
    ((_, row),) = named(report, "trunks").items()
    began = today.since
    forgotten = [at + timedelta(days=1) for at in hours[:2]]
    left = sum((max(until - began, timedelta()) for until in forgotten), timedelta())
    assert row["erlangs"] is not None
    spent = row["erlangs"] * (datetime.now(UTC) - began)
    assert timedelta() <= spent - left + timedelta(seconds=1) < timedelta(seconds=60)
    assert (row["trunk_out"], row["trunk_out_answered"], row["trunk_failed"]) == (1, 1, 0)
    assert row["trunk_out_time"] == 0  # of what is over


async def kept(engine: AsyncEngine, lines: Sequence[Taken]) -> None:
    facts = [
        Fact(
            at=one.at,
            call=uuid.uuid4().hex,
            leg=1,
            kind="trunk",
            until=one.until or one.at,
            outcome=one.outcome,
            trunk=one.trunk,
            outward=one.outward,
        )
        for one in lines
    ]
    async with engine.begin() as connection:
        await connection.execute(text("delete from reports.facts"))
        await put_in(connection, facts, "UTC")


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
