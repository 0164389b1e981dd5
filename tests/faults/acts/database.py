"""PostgreSQL is away, crashes, or takes no more."""

from __future__ import annotations

import asyncio
import time

import asyncpg

from tests.faults.acts.common import (
    BOOKS,
    DOUBLE,
    LONG_FROM,
    LOST,
    TWICE,
    Size,
    all_over,
    counted,
    offer_seconds,
)
from tests.faults.ground import Ground
from tests.faults.measured import at_most, quantile
from tests.figure_table import Figure

OUTBOX_LINES_A_CALL = 30


async def f5(ground: Ground, size: Size) -> list[Figure]:
    """Away for 60 s under 5 calls/s, then five crashes."""
    began, seconds = time.time(), 60.0 if size.share >= LONG_FROM else 12.0
    crashes = size.of(5, 2)
    count = round(5 * (2 * seconds + 4 * crashes))
    async with ground.staffed(talk_ms=400), ground.crowd(count, per_second=5) as callers:
        calm_from = time.time()
        await asyncio.sleep(seconds / 2)
        ground.deed("stop database", seconds=seconds)
        calm_to = time.time()
        await ground.centre.database.stop("fast")
        await asyncio.sleep(seconds)
        storm_to = time.time()
        await ground.centre.database.start()
        ground.deed("database runs")
        flushed = await _flushed(ground)
        for _ in range(crashes):
            ground.deed("crash database")
            await ground.centre.database.stop("immediate")
            await asyncio.sleep(ground.random.uniform(0.5, 2))
            await ground.centre.database.start()
            await asyncio.sleep(1)
        await all_over(ground, callers)
    wrong = await ground.verdict(began)
    calm = quantile(offer_seconds(ground, calm_from, calm_to), 0.95)
    storm = quantile(offer_seconds(ground, calm_to, storm_to), 0.95)
    return [
        at_most(
            "F5", "p95 of an offer, later than with the database", (storm - calm) * 1000, 50, " ms"
        ),
        at_most("F5", "outbox empty after the return", flushed, 10, " s"),
        *counted("F5", wrong, BOOKS, LOST, DOUBLE, TWICE),
    ]


async def _flushed(ground: Ground) -> float:
    """Seconds until nothing waits for the database."""
    began = time.monotonic()
    while time.monotonic() - began < 60:
        figures = await ground.figures()
        if figures is not None and figures["callcenter_outbox_depth"] < 20:
            return time.monotonic() - began  # calls go on: some lines are always on their way
        await asyncio.sleep(0.1)
    return float("inf")


async def f6(ground: Ground, size: Size) -> list[Figure]:
    """The database may be read and takes nothing."""
    began, seconds = time.time(), 60.0 if size.share >= LONG_FROM else 12.0
    depth = 0.0
    count = round(3 * seconds)
    async with ground.staffed(talk_ms=400), ground.crowd(count, per_second=3) as callers:
        await asyncio.sleep(2)
        ground.deed("database read-only", seconds=seconds)
        at = time.time()
        await _read_only(ground, True)
        alarm = await _alarm_seconds(ground, at, 20)
        while time.time() < at + seconds:
            figures = await ground.figures()
            depth = max(depth, figures["callcenter_outbox_depth"] if figures else 0)
            await asyncio.sleep(0.5)
        storm_to = time.time()
        await _read_only(ground, False)
        flushed = await _flushed(ground)
        await all_over(ground, callers)
    wrong = await ground.verdict(began)
    storm = quantile(offer_seconds(ground, at, storm_to), 0.95)
    calls = 3 * seconds
    return [
        at_most("F6", f"read-only for {seconds:g} s: alarm", alarm, 10, " s"),
        at_most("F6", "p95 of an offer meanwhile", storm * 1000, 500, " ms"),
        at_most("F6", "lines in the outbox, a call", depth / calls, OUTBOX_LINES_A_CALL),
        at_most("F6", "outbox empty after the return", flushed, 10, " s"),
        *counted("F6", wrong, BOOKS, LOST, DOUBLE),
    ]


async def _read_only(ground: Ground, on: bool) -> None:
    url = ground.centre.database.admin_url.replace("+asyncpg", "", 1)
    connection = await asyncpg.connect(url)
    try:
        value = "on" if on else "off"
        await connection.execute(f"alter system set default_transaction_read_only = {value}")
        await connection.execute("select pg_reload_conf()")
    finally:
        await connection.close()


async def _alarm_seconds(ground: Ground, at: float, most: float) -> float:
    """Until the service's log tells of it."""
    read = len(ground.centre.log())
    while time.time() - at < most:
        if "alarm database-away" in ground.centre.log()[max(0, read - 2000) :]:
            return time.time() - at
        await asyncio.sleep(0.05)
    return float("inf")
