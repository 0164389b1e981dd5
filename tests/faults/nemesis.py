"""What goes wrong and when, from a seed: the same seed is the same plan.

The deeds are those after which nobody may have been lost: the service dies or stands still, lines
are cut, swallowed, sliced, slowed or refused, the database crashes. Asterisk's own death loses its
calls by nature and has a test of its own.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random

from tests.faults.ground import Ground

GAP_SECONDS = (0.5, 3.0)
"""Between the end of one deed and the next."""

Deed = Callable[[Ground, float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Step:
    pause: float
    name: str
    size: float
    """0 to 1: how long or how bad."""


async def _kill(ground: Ground, size: float) -> None:
    await ground.kill_and_start(size * 3)


async def _freeze(ground: Ground, size: float) -> None:
    await ground.freeze(0.5 + size * 2.5)


async def _manager_cut(ground: Ground, size: float) -> None:
    ground.deed("cut manager")
    ground.manager.cut()


async def _manager_swallowed(ground: Ground, size: float) -> None:
    async with ground.fault(ground.manager, "swallow manager", swallow=True):
        await asyncio.sleep(1 + size * 6)


async def _manager_sliced(ground: Ground, size: float) -> None:
    async with ground.fault(ground.manager, "slice manager", slice_bytes=1 + int(size * 40)):
        await asyncio.sleep(3)


async def _manager_slow(ground: Ground, size: float) -> None:
    async with ground.fault(ground.manager, "slow manager", delay_seconds=size * 0.3):
        await asyncio.sleep(3)


async def _database_cut(ground: Ground, size: float) -> None:
    ground.deed("cut database")
    ground.database.cut()


async def _database_refused(ground: Ground, size: float) -> None:
    async with ground.fault(ground.database, "refuse database", refuse=True):
        await asyncio.sleep(1 + size * 5)


async def _database_swallowed(ground: Ground, size: float) -> None:
    async with ground.fault(ground.database, "swallow database", swallow=True):
        await asyncio.sleep(1 + size * 5)


async def _database_crashes(ground: Ground, size: float) -> None:
    ground.deed("crash database")
    await ground.centre.database.stop("immediate")
    await asyncio.sleep(size * 3)
    await ground.centre.database.start()
    ground.deed("database runs")


async def _consoles_cut(ground: Ground, size: float) -> None:
    ground.deed("cut consoles")
    ground.consoles.cut()


async def _consoles_swallowed(ground: Ground, size: float) -> None:
    async with ground.fault(ground.consoles, "swallow consoles", swallow=True):
        await asyncio.sleep(1 + size * 4)


DEEDS: dict[str, tuple[int, Deed]] = {
    "kill": (3, _kill),
    "freeze": (2, _freeze),
    "manager cut": (3, _manager_cut),
    "manager swallowed": (2, _manager_swallowed),
    "manager sliced": (2, _manager_sliced),
    "manager slow": (2, _manager_slow),
    "database cut": (1, _database_cut),
    "database refused": (2, _database_refused),
    "database swallowed": (1, _database_swallowed),
    "database crashes": (1, _database_crashes),
    "consoles cut": (1, _consoles_cut),
    "consoles swallowed": (1, _consoles_swallowed),
}


def plan(seed: int, count: int) -> list[Step]:
    """So many deeds, drawn by weight."""
    random = Random(seed)
    names = list(DEEDS)
    weights = [DEEDS[name][0] for name in names]
    return [
        Step(random.uniform(*GAP_SECONDS), random.choices(names, weights)[0], random.random())
        for _ in range(count)
    ]


async def rage(ground: Ground, steps: list[Step], seconds_max: float) -> int:
    """The deeds one after the other, none begun after `seconds_max`; how many were done."""
    began, done = time.monotonic(), 0
    for step in steps:
        await asyncio.sleep(step.pause)
        if time.monotonic() - began > seconds_max:
            break
        await DEEDS[step.name][1](ground, step.size)
        done += 1
    return done
