"""How long the large reports take, and whether they equal a recount of the raw rows.

A year of interactions, seeded, is copied into a PostgreSQL of its own (`COPY`): 200 queues, 1,000
agents, days with a peak in the morning. Facts are made of the raw rows, the sums of days by the
product's own statement. Then, with the product's own queries, each several times:

* a year by queue; one day by 15 minutes; the 95th percentile of one agent's talks of the year;
* each of these once more from the raw rows alone (`interactions`), which must be equal to the unit.

CALLCENTER_BENCH_INTERACTIONS says how many: 1,000,000 unless set; the goals are for 10,000,000. Run
it with `python -m scripts.bench_parts.reports` from the root of the repository.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.reports.asked.queues import by_intervals, by_queues
from callcenter.reports.asking import Wanted, reading
from callcenter.reports.feeding import add_up
from callcenter.reports.figures import sums_of
from callcenter.reports.periods import Period
from callcenter.store.engine import make_engine
from callcenter.store.portions import make_months
from tests.database import fresh_database, running_server

COUNT = int(os.environ.get("CALLCENTER_BENCH_INTERACTIONS", "1000000"))
QUEUES, AGENTS, SEED, ROUNDS = 200, 1000, 7, 7
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31), "UTC")
ONE_DAY = Period(date(2026, 6, 16), date(2026, 6, 16), "UTC")
LONG = 3_600_000
FIGURES = ("offered", "answered", "abandoned", "sl_offered", "asa")
COLUMNS = (
    "call revision started_at ended_at number did queue agent flow outcome ended_by path"
    " wait_seconds ring_seconds talk_seconds hold_seconds wrap_up_seconds offers language"
    " disposition note"
).split()
FACTS = """
    insert into reports.facts (at, call, leg, kind, until, queue, agent, outcome, number,
        disposition, target_ms, wait_ms, talk_ms, hold_ms, wrap_ms)
    select started_at + shift, call, leg, kind, ended_at, queue,
        case when kind = 'line' and outcome <> 'answered' then '' else coalesce(agent, '') end,
        case kind when 'part' then 'ended' else outcome end, number, disposition, 20000,
        round(wait_seconds * 1000), round(talk_seconds * 1000), round(hold_seconds * 1000),
        round(wrap_up_seconds * 1000)
    from interactions, (values (0, 'call', interval '0 s'), (1, 'line', interval '0 s'),
        (2, 'part', interval '0 s')) as legs(leg, kind, shift)
    where kind <> 'part' or agent is not null
"""
P95 = (
    "select percentile_disc(0.95) within group (order by talk_ms) as p95, count(*) as parts"
    " from reports.facts where kind = 'part' and agent = :agent and at >= :since and at < :until"
)


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def rows(rng: random.Random) -> Iterator[tuple[Any, ...]]:
    """Calls of one year in the order of time, with more of them in the morning of a weekday."""
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    weights = [1] * 8 + [6, 9, 10, 8, 6, 7, 8, 7, 6, 4] + [2] * 6
    hours = [hour for hour, weight in enumerate(weights) for _ in range(weight)]
    number = 0
    for day in range(365):
        today = begin + timedelta(days=day)
        many = COUNT * (day + 1) // 365 - COUNT * day // 365
        seconds = sorted(rng.choice(hours) * 3600 + rng.random() * 3600 for _ in range(many))
        for second in seconds:
            number += 1
            at = today + timedelta(seconds=second)
            wait = min(rng.expovariate(1 / 18), 900)
            answered = rng.random() > 0.07
            talk = rng.lognormvariate(5.2, 0.6) if answered else 0.0
            queue = int(QUEUES * rng.random() ** 1.7)
            yield (
                f"b{number}",
                1,
                at,
                at + timedelta(seconds=wait + talk),
                f"+8613{rng.randrange(10**9):09}",
                "4000",
                f"q{queue}",
                f"a{(queue * 5 + rng.randrange(25)) % AGENTS}" if answered else None,
                "main",
                "answered" if answered else "abandoned",
                "caller",
                [],
                wait,
                3.0,
                talk,
                0.0,
                20.0 if answered else 0.0,
                1,
                "en",
                "resolved" if answered else "",
                "",
            )


async def fill(url: str, engine: AsyncEngine) -> dict[str, float]:
    spent: dict[str, float] = {}
    began = time.monotonic()
    connection = await asyncpg.connect(url.replace("+asyncpg", "", 1))
    try:
        await connection.copy_records_to_table(
            "interactions", records=rows(random.Random(SEED)), columns=COLUMNS, timeout=None
        )
        spent["copy_s"] = time.monotonic() - began
        say(f"copied {COUNT:,} interactions in {spent['copy_s']:.0f} s")
        async with engine.begin() as made:
            months = [datetime(2026, month, 2, tzinfo=UTC) for month in range(1, 13)]
            await make_months(made, "reports", months)
        began = time.monotonic()
        await connection.execute(FACTS, timeout=None)
        spent["facts_s"] = time.monotonic() - began
        await connection.execute("vacuum analyze", timeout=None)
    finally:
        await connection.close()
    began = time.monotonic()
    async with engine.begin() as made:
        await made.execute(text(f"set local statement_timeout = {LONG}"))
        await add_up(made, "UTC")
    spent["days_s"] = time.monotonic() - began
    async with engine.begin() as made:
        await made.execute(text("analyze reports.queue_days"))
    return {name: round(value, 1) for name, value in spent.items()}


async def timed(work: Callable[[], Awaitable[Any]]) -> tuple[float, Any]:
    """Milliseconds (the median of some rounds, after one that warms up) and what came of it."""
    found, spent = await work(), []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        found = await work()
        spent.append((time.perf_counter() - began) * 1000)
    return round(statistics.median(spent), 1), found


async def measure(engine: AsyncEngine) -> dict[str, Any]:
    since, until = YEAR.since, YEAR.until

    async def year() -> dict[str, dict[str, int]]:
        async with reading(engine, LONG) as source:
            return await by_queues(source, Wanted(YEAR, "all"), FIGURES)

    async def day() -> Any:
        async with reading(engine, LONG) as source:
            none = dict.fromkeys(sums_of(FIGURES), 0)
            return await by_intervals(source, Wanted(ONE_DAY, "15min"), FIGURES, none)

    async def agent() -> tuple[int, int]:
        async with reading(engine, LONG) as source:
            (row,) = await source.rows(P95, agent="a500", since=since, until=until)
            return int(row.p95), int(row.parts)

    async def raw(sql: str, **values: Any) -> list[Any]:
        async with reading(engine, LONG) as source:
            return await source.rows(sql, **values)

    year_ms, by_queue = await timed(year)
    day_ms, by_quarter = await timed(day)
    agent_ms, percentile = await timed(agent)
    say("recounting from the raw rows")
    counted = await raw(
        "select queue, count(*) as offered, count(*) filter (where outcome = 'answered') as"
        " answered, count(*) filter (where outcome = 'abandoned') as abandoned,"
        " count(*) filter (where outcome = 'answered' and round(wait_seconds * 1000) <= 20000)"
        " as in_target, coalesce(sum(round(wait_seconds * 1000)) filter"
        " (where outcome = 'answered'), 0)::bigint as wait_answered_ms from interactions"
        " group by queue"
    )
    names = ("offered", "answered", "abandoned", "in_target", "wait_answered_ms")
    again = {row.queue: {name: int(getattr(row, name)) for name in names} for row in counted}
    quarters = await raw(
        "select floor(extract(epoch from started_at - :since) / 900)::int as quarter,"
        " count(*) as offered from interactions where started_at >= :since"
        " and started_at < :until group by 1",
        since=ONE_DAY.since,
        until=ONE_DAY.until,
    )
    offered = {row.quarter: row.offered for row in quarters}
    told = {n: values[0] for n, (_, values) in enumerate(by_quarter.rows) if values[0]}
    (one,) = await raw(
        "select percentile_disc(0.95) within group (order by round(talk_seconds * 1000)) as p95,"
        " count(*) as parts from interactions where agent = 'a500'"
    )
    return {
        "year_by_queue": {"ms": year_ms, "equal": by_queue == again, "queues": len(by_queue)},
        "day_by_quarter": {"ms": day_ms, "equal": told == offered, "calls": sum(offered.values())},
        "agent_year": {
            "ms": agent_ms,
            "equal": percentile == (int(one.p95), int(one.parts)),
            "parts": percentile[1],
        },
    }


def main() -> None:
    with running_server() as server, fresh_database(server, "bench") as url:

        async def work() -> dict[str, Any]:
            engine = make_engine(url, command_seconds=None)
            try:
                spent = await fill(url, engine)
                return {"interactions": COUNT, **spent, **await measure(engine)}
            finally:
                await engine.dispose()

        figures = asyncio.run(work())
    unequal = sum(not one["equal"] for one in figures.values() if isinstance(one, dict))
    print(json.dumps(figures | {"unequal": unequal}))


if __name__ == "__main__":
    main()
