"""How long the large reports take, and whether they equal a recount of the raw rows.

In a year of a large house (`_year`, which tells how many calls and where they are kept), with the
product's own queries, each several times:

* a year by queue; one day by 15 minutes; the 95th percentile of one agent's talks of the year; the
  report of trunks of a year by day (all calls are on one trunk) and of a month by hour;
* each of these once more from the raw rows alone (`interactions`), which must be equal to the unit.

Run it with `python -m scripts.bench_parts.reports` from the root of the repository.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.reports.asked.queues import by_intervals, by_queues
from callcenter.reports.asked.trunks import trunks
from callcenter.reports.asking import Report, Wanted, reading
from callcenter.reports.figures import sums_of
from callcenter.reports.lines_in_use import InUse, in_use
from callcenter.reports.periods import Period
from callcenter.store.engine import make_engine
from scripts.bench_parts._year import COUNT, LONG, say, year

ROUNDS = 7
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31), "UTC")
ONE_DAY = Period(date(2026, 6, 16), date(2026, 6, 16), "UTC")
MONTH = Period(date(2026, 6, 1), date(2026, 6, 30), "UTC")
FIGURES = ("offered", "answered", "abandoned", "sl_offered", "asa")
P95 = (
    "select percentile_disc(0.95) within group (order by talk_ms) as p95, count(*) as parts"
    " from reports.facts where kind = 'part' and agent = :agent and at >= :since and at < :until"
)


# Lines are in use from the beginning of a call to its end; all that happens at once is one step.
PEAK = """
    select count(*) as calls, sum(extract(epoch from least(ended_at, :until) - started_at)
        * 1000000)::bigint as used, (select max(level) from (
            select sum(sum(step)) over (order by at) as level from (
                select started_at as at, 1 as step from interactions
                union all select ended_at, -1 from interactions) s
            where at < :until group by at) l) as most
    from interactions
"""


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

    async def whole_year() -> dict[str, dict[str, int]]:
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

    async def lines(wanted: Wanted) -> Report:
        async with reading(engine, LONG) as source:
            return await trunks(source, wanted)

    async def in_use_of_year() -> InUse:
        async with reading(engine, LONG) as source:
            return (await in_use(source, Wanted(YEAR, "all"), [since], until))[None, 1]

    async def raw(sql: str, **values: Any) -> list[Any]:
        async with reading(engine, LONG) as source:
            return await source.rows(sql, **values)

    year_ms, by_queue = await timed(whole_year)
    day_ms, by_quarter = await timed(day)
    agent_ms, percentile = await timed(agent)
    trunks_ms, of_year = await timed(lambda: lines(Wanted(YEAR, "day")))
    month_ms, _ = await timed(lambda: lines(Wanted(MONTH, "hour")))
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
    (whole,) = await raw(PEAK, until=until)
    used = await in_use_of_year()
    return {
        "year_by_queue": {"ms": year_ms, "equal": by_queue == again, "queues": len(by_queue)},
        "day_by_quarter": {"ms": day_ms, "equal": told == offered, "calls": sum(offered.values())},
        "agent_year": {
            "ms": agent_ms,
            "equal": percentile == (int(one.p95), int(one.parts)),
            "parts": percentile[1],
        },
        "trunks": {
            "year_by_day_ms": trunks_ms,
            "month_by_hour_ms": month_ms,
            "equal": (of_year.cards["trunk_in"], used.most, used.used)
            == (whole.calls, whole.most, whole.used),
            "most_at_once": used.most,
        },
    }


def main() -> None:
    with year("people", "calls", "facts", "days") as (url, spent):

        async def work() -> dict[str, Any]:
            engine = make_engine(url, command_seconds=None)
            try:
                return {"interactions": COUNT, **spent, **await measure(engine)}
            finally:
                await engine.dispose()

        figures = asyncio.run(work())
    unequal = sum(not one["equal"] for one in figures.values() if isinstance(one, dict))
    print(json.dumps(figures | {"unequal": unequal}))


if __name__ == "__main__":
    main()
