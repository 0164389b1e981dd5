"""Asterisk itself dies: its calls are lost, and that is all that may be."""

from __future__ import annotations

import asyncio
import os
import signal
import time

from tests.faults.acts.common import Size, all_up, counted, readiness
from tests.faults.ground import AGENTS, Ground
from tests.faults.measured import at_most, exactly
from tests.figure_table import Figure


async def f7(ground: Ground, size: Size) -> list[Figure]:
    """kill -9 of Asterisk with a line of callers, then a new start."""
    began, count = time.time(), size.of(100)
    ground.rest()
    async with ground.crowd(count, per_second=20) as callers, readiness(ground) as ready:
        await all_up(ground, callers)
        await ground.until("all in line", lambda: len(ground.supervisor.rows["call"]) == count, 30)
        assert ground.centre.asterisk is not None
        ground.deed("kill -9 asterisk")
        at = time.time()
        os.kill(ground.centre.asterisk.pid, signal.SIGKILL)
        noticed = float("inf")
        while time.time() < at + 10 and noticed == float("inf"):
            noticed = ready.first(at, "asterisk")
            await asyncio.sleep(0.05)
    ground.centre.start_asterisk(ground.centre.asterisk.install)
    booted = time.time()
    ground.deed("asterisk runs")
    async with ground.phones(talk_ms=300):
        await ground.work(*AGENTS)
        back = time.time() - booted
        async with ground.crowd(6, per_second=2) as after:
            await ground.until("callers served again", lambda: len(after.over) == 6, 60)
    ground.rest()
    wrong = await ground.verdict(began)
    outcomes = [row["outcome"] for row in ground.history.of("row", began)]
    return [
        at_most("F7", "noticed", noticed, 5, " s"),
        exactly("F7", "rows closed as node_restart", outcomes.count("node_restart"), count),
        at_most("F7", "agents available after the boot", back, 15, " s"),
        exactly("F7", "of 6 new callers answered", outcomes.count("answered"), 6),
        *counted("F7", wrong),
    ]
