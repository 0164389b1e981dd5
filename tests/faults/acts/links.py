"""The links to Asterisk are cut, swallowed, flap, or bring more than anybody expects."""

from __future__ import annotations

import asyncio
import time

from tests.faults.acts.common import (
    BOOKS,
    DOUBLE,
    LONG_FROM,
    LOST,
    STUCK,
    TWICE,
    Size,
    all_over,
    counted,
    readiness,
)
from tests.faults.ground import READY_SECONDS, Ground
from tests.faults.measured import at_most, exactly
from tests.figure_table import Figure

STORM_PER_SECOND, STORM_SECONDS = 20_000, 10.0
STORM = b"Event: DialState\r\nPrivilege: call,all\r\nDestChannel: PJSIP/nobody-%d\r\n\r\n"
SLICES_A_SECOND = 20


async def f3(ground: Ground, size: Size) -> list[Figure]:
    """30 s without the links: refused with a reset, then swallowed."""
    began, seconds = time.time(), 30.0 if size.share >= LONG_FROM else 8.0
    figures = []
    async with ground.staffed(talk_ms=800), readiness(ground) as ready:
        count = round(2 * (2 * seconds + 40))
        async with ground.crowd(count, per_second=2) as callers:
            await asyncio.sleep(5)
            for name, limit, how in (
                ("reset", 1.0, {"refuse": True}),
                ("black hole", 5.0, {"swallow": True}),
            ):
                ready.changes.clear()
                at = time.time()
                async with ground.fault(ground.manager, name, **how):
                    await asyncio.sleep(seconds)
                found = ready.first(at, "asterisk")
                figures.append(
                    at_most("F3", f"{name} of {seconds:g} s: noticed", found, limit, " s")
                )
                await ground.centre.ready(READY_SECONDS)
            await all_over(ground, callers)
    wrong = await ground.verdict(began)
    return [*figures, *counted("F3", wrong, LOST, TWICE, BOOKS, DOUBLE)]


async def f4(ground: Ground, size: Size) -> list[Figure]:
    """The links flap 100 times in 60 s while calls are routed."""
    began, flaps = time.time(), size.of(100, 10)
    seconds = 0.6 * flaps
    before = await ground.figures()
    async with ground.staffed(talk_ms=400):
        async with ground.crowd(round(5 * seconds), per_second=5) as callers:
            for _ in range(flaps):
                await asyncio.sleep(0.6)
                ground.deed("cut manager")
                ground.manager.cut()
            await all_over(ground, callers)
    wrong = await ground.verdict(began)
    await asyncio.sleep(6)  # longer than any answer is waited for
    after = await ground.figures()
    assert before is not None
    assert after is not None
    memory = [each["process_resident_memory_bytes"] / 1e6 for each in (before, after)]
    return [
        exactly(
            "F4", "actions that still wait for an answer", after["callcenter_manager_pending"], 0
        ),
        at_most(
            "F4", f"memory grown by {flaps} flaps under 5 calls/s", memory[1] - memory[0], 5, " MB"
        ),
        *counted("F4", wrong, TWICE, DOUBLE, LOST, BOOKS, STUCK),
    ]


async def f16(ground: Ground, size: Size) -> list[Figure]:
    """An Asterisk that tells far more than it should, with calls among it."""
    began, seconds = time.time(), STORM_SECONDS if size.share >= LONG_FROM else 3.0
    before = await ground.figures()
    lag, sent = 0.0, 0
    async with (
        ground.staffed(talk_ms=400),
        ground.crowd(round(2 * seconds), per_second=2) as callers,
    ):
        await asyncio.sleep(1)
        ground.deed("event storm", per_second=STORM_PER_SECOND, seconds=seconds)
        burst = b"".join(STORM % n for n in range(STORM_PER_SECOND // SLICES_A_SECOND))
        start = time.monotonic()
        for tick in range(round(seconds * SLICES_A_SECOND)):
            await asyncio.sleep(max(0.0, start + tick / SLICES_A_SECOND - time.monotonic()))
            while not ground.manager.inject(ground.actions.listening, burst):  # noqa: ASYNC110
                await asyncio.sleep(0.001)
            sent += STORM_PER_SECOND // SLICES_A_SECOND
            if tick % SLICES_A_SECOND == 0 and (figures := await ground.figures()) is not None:
                lag = max(lag, figures["callcenter_loop_lag_seconds"])
        took = time.monotonic() - start
        drained = await ground.until(
            "the storm read", lambda: ground.manager.unsent(ground.actions.listening) == 0, 30
        )
        await all_over(ground, callers)
    wrong = await ground.verdict(began)
    after = await ground.figures()
    assert before is not None
    assert after is not None
    lost = [figures.of("callcenter_manager_total", what="losses") for figures in (before, after)]
    return [
        Figure("F16", "events a second sent", f"{STORM_PER_SECOND:,}", f"{sent / took:,.0f}", True),
        exactly("F16", "links lost", lost[1] - lost[0], 0),
        at_most("F16", "loop lag", lag * 1000, 200, " ms"),
        at_most("F16", "behind at the end of the storm", drained, 1, " s"),
        *counted("F16", wrong, LOST, BOOKS),
    ]
