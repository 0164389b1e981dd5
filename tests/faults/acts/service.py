"""The service dies, stays away, or stands still."""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections.abc import Sequence
from datetime import datetime
from statistics import median

from callcenter.asterisk.config import LEASE_SECONDS
from tests.faults.acts.common import (
    BOOKS,
    DOUBLE,
    LOST,
    ORDER,
    TWICE,
    Size,
    all_over,
    all_up,
    counted,
    since,
)
from tests.faults.ground import AGENTS, DID, READY_SECONDS, Ground
from tests.faults.measured import at_most, exactly
from tests.figure_table import Figure
from tests.service.phones import caller

SLOW = "the service was away for longer than the lease: its starts took {:.0f} to {:.0f} s here"
EARS = "13711112222"
"""The number of who listens all the time."""


async def f1(ground: Ground, size: Size) -> list[Figure]:
    """kill -9 again and again with a long line, a start after 0 to 10 s each time."""
    began, count, kills = time.time(), size.of(200), size.of(20, 2)
    ground.rest()
    async with ground.phones(talk_ms=300), ground.crowd(count, per_second=20) as callers:
        await all_up(ground, callers)
        for kill in range(kills):
            await ground.kill_and_start(ground.random.uniform(0, 10), spare=kill % 2 == 0)
        await ground.work(*AGENTS)
        await all_over(ground, callers)
    wrong = await ground.verdict(began)
    diverted = len(set(since(ground, began, "diverted", place="fallback")))
    deeds = ground.history.of("fault", began)
    at_starts = [deed for deed in deeds if deed["name"] == "service started"]
    by_spare, from_epoch = _adopt_seconds(ground, [d.at for d in at_starts if d["spare"]])
    by_new, from_epoch_of_new = _adopt_seconds(ground, [d.at for d in at_starts if not d["spare"]])
    starts = [deed["after"] for deed in deeds if deed["name"] == "service ready"]
    return [
        *counted("F1", wrong, LOST, ORDER, BOOKS, DOUBLE, TWICE),
        at_most(
            "F1",
            f"of {count} callers in fallback after {kills} kills",
            diverted,
            0,
            reason=SLOW.format(min(starts), max(starts)) if diverted else "",
        ),
        at_most(
            "F1",
            "calls adopted by the spare service after it was told to begin, median",
            median(by_spare),
            1,
            " s",
            f"{min(by_spare):.2f} to {max(by_spare):.2f} s",
        ),
        at_most(
            "F1",
            "the same by a new process, where the spare is not loaded yet, median",
            median(by_new),
            1,
            " s",
            f"{min(by_new):.2f} to {max(by_new):.2f} s; a second of it is Python that reads the"
            " code that calls need (0025)",
        ),
        at_most(
            "F1",
            "of this from the new epoch on, worst",
            max(from_epoch + from_epoch_of_new),
            1,
            " s",
        ),
    ]


def _adopt_seconds(ground: Ground, starts: Sequence[float]) -> tuple[list[float], list[float]]:
    """For each start: until the service's log says "in step", from the start of the process, and
    from the line that tells of the epoch."""
    from_start: list[float] = []
    from_epoch: list[float] = []
    waiting, epoch = list(starts), 0.0
    for line in ground.centre.log().splitlines():
        try:
            said = json.loads(line)
            at = datetime.fromisoformat(said["time"]).timestamp()
        except (ValueError, KeyError):
            continue
        if said["message"].startswith("epoch "):
            epoch = at
        elif "in step" in said["message"] and waiting and at > waiting[0]:
            from_start.append(at - waiting.pop(0))
            from_epoch.append(at - epoch)
    return from_start or [math.inf], from_epoch or [math.inf]


async def f2(ground: Ground, size: Size) -> list[Figure]:
    """No service for 60 s; some wait already, others come meanwhile."""
    began, waiting, arriving = time.time(), size.of(200), size.of(50)
    away = 60.0
    ground.rest()
    async with (
        caller(ground.centre.ports["sip"], DID, EARS, "Ears") as ears,
        ground.crowd(waiting, per_second=20, stay_ms=110_000) as first,
    ):
        await all_up(ground, first)
        ground.deed("kill -9 service", away=away)
        ground.centre.kill_service()
        died = time.time()
        silence = asyncio.create_task(_longest_silence(ears, away - 5))
        per_second = arriving / (away - 10)
        async with ground.crowd(arriving, per_second=per_second, stay_ms=70_000) as second:
            await asyncio.sleep(max(0.0, died + away - time.time()))
            ground.centre.start_service()
            await ground.centre.ready(READY_SECONDS)
            await all_over(ground, first)
            await all_over(ground, second)
            quiet = await silence
        assert ground.centre.asterisk is not None
        ground.centre.asterisk.ask("channel request hangup all")
    wrong = await ground.verdict(began)
    late = _fallback_seconds(ground, began, died)
    everybody = waiting + arriving
    outcomes = [r["outcome"] for r in ground.history.of("row", began) if EARS not in r["number"]]
    return [
        exactly("F2", f"of {everybody} callers in fallback", len(late) - 1, everybody),
        at_most(
            "F2",
            "latest, after the death or after coming",
            max(late, default=0.0),
            LEASE_SECONDS + 1,
            " s",
        ),
        at_most("F2", "longest silence that a caller heard", quiet, 0.5, " s"),
        exactly("F2", "rows of them, as diverted", outcomes.count("diverted"), everybody),
        *counted("F2", wrong, LOST, BOOKS),
    ]


def _fallback_seconds(ground: Ground, began: float, died: float) -> list[float]:
    """How long each caller was without anybody."""
    came: dict[str, float] = {}
    found: dict[str, float] = {}
    for entry in ground.history.of("seen", began):
        call = entry.get("call", "")
        if entry["event"] == "line":
            came.setdefault(call, entry.at)
        elif entry["event"] == "diverted" and entry["place"] == "fallback":
            found.setdefault(call, entry.at - max(died, came.get(call, entry.at)))
    return list(found.values())


async def _longest_silence(ears: object, seconds: float) -> float:
    """The longest time without a packet of sound."""
    deadline, worst = time.monotonic() + seconds, 0.0
    while time.monotonic() < deadline:
        worst = max(worst, time.monotonic() - ears.last_heard)  # type: ignore[attr-defined]
        await asyncio.sleep(0.02)
    return worst


async def f17(ground: Ground, size: Size) -> list[Figure]:
    """The event loop stands still for 3 s, as if something had blocked it."""
    began, count = time.time(), size.of(50)
    async with ground.phones(talk_ms=300), ground.crowd(count, per_second=20) as callers:
        await all_up(ground, callers)
        before = await ground.figures()
        for _ in range(3):
            await ground.freeze(3.0)
            await asyncio.sleep(3.0)
        after = await ground.figures()
        diverted = len(since(ground, began, "diverted"))
        await ground.work(*AGENTS)
        await all_over(ground, callers)
    ground.rest()
    wrong = await ground.verdict(began)
    assert before is not None
    assert after is not None
    lost = [figures.of("callcenter_manager_total", what="losses") for figures in (before, after)]
    return [
        exactly("F17", "links lost in 3 blocks of 3 s", lost[1] - lost[0], 0),
        at_most("F17", f"of {count} callers in fallback", diverted, 0),
        *counted("F17", wrong, LOST, BOOKS, ORDER),
    ]
