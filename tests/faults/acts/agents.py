"""Agents who do not answer, refuse, or drop; callers who hang up at the wrong moment."""

from __future__ import annotations

import time
from contextlib import AbstractAsyncContextManager

from tests.faults.acts.common import (
    BOOKS,
    DOUBLE,
    GHOSTS,
    LOST,
    STUCK,
    TWICE,
    Size,
    all_over,
    all_up,
    counted,
)
from tests.faults.ground import Ground
from tests.faults.history import Entry
from tests.faults.measured import at_most, exactly
from tests.figure_table import Figure

RACERS_A_SECOND = 10
RACE_MS = 250
"""From the answer; the offer is made somewhere within, depending on the load."""
DEAF, DROPS = "does not answer", "drops after 0.2 s"


async def f13(ground: Ground, size: Size) -> list[Figure]:
    """Of two phones the first does not do what it should; the second takes the call."""
    figures = []
    for name, phones in (
        (DEAF, ground.phones("ada", ring_ms=600_000)),
        ("refuses", ground.phones("ada", refuse="486 Busy Here")),
        (DROPS, ground.phones("ada", talk_ms=200)),
    ):
        figures += await _bad_phone(ground, name, phones)
    return figures


async def _bad_phone(
    ground: Ground, name: str, phones: AbstractAsyncContextManager[None]
) -> list[Figure]:
    began = time.time()
    ground.rest()
    bad, good = "ada", "ben"
    async with (
        phones,
        ground.phones(good, talk_ms=400),
        ground.crowd(1, per_second=1) as callers,
    ):
        await all_up(ground, callers)
        ground.at_work = {bad}
        await ground.until("the bad phone rings", lambda: _rings(ground, began, bad), 30)
        ground.at_work = {good}
        await all_over(ground, callers, 60)
    paused = ground.state(bad)
    wrong = await ground.verdict(began)
    found = [*counted("F13", wrong, LOST, BOOKS, STUCK)]
    if name == DROPS:
        return found  # the agent hung up: the call is over, and in the books as answered
    ended = max((e.at for e in ground.history.of("seen", began) if _ends(e, bad)), default=0)
    rang = _rings(ground, began, good)
    seconds = min(rang) - ended if rang and ended else float("inf")
    found = [at_most("F13", f"phone {name}: the next rings after", seconds, 1, " s"), *found]
    if name == DEAF:
        found.append(
            Figure("F13", f"phone {name}: its agent", "paused", paused, paused == "paused")
        )
    return found


def _ends(entry: Entry, agent: str) -> bool:
    channel = str(entry["channel"])
    return entry["event"] == "gone" and channel.startswith(f"PJSIP/d{agent}-")


def _rings(ground: Ground, began: float, agent: str) -> list[float]:
    return [
        entry.at
        for entry in ground.history.of("seen", began)
        if entry["event"] == "rings" and entry["device"] == f"d{agent}"
    ]


async def f14(ground: Ground, size: Size) -> list[Figure]:
    """Callers hang up within 250 ms of the answer, while the offer is made."""
    began, count = time.time(), size.of(1000, 60)
    async with (
        ground.staffed(ring_ms=600_000),
        ground.crowd(count, per_second=RACERS_A_SECOND, stay_ms=RACE_MS, racing=True) as callers,
    ):
        await all_over(ground, callers, count / RACERS_A_SECOND + 60)
        wrong = await ground.verdict(began)
    offered = len({e["call"] for e in ground.history.of("seen", began) if e["event"] == "rings"})
    return [
        exactly("F14", "calls raced", len(callers.over), count),
        Figure("F14", "of them with a phone ringing", "some", f"{offered}", offered > 0),
        *counted("F14", wrong, GHOSTS, STUCK, BOOKS, DOUBLE, TWICE),
    ]
