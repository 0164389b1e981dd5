"""An agent's browser dies in a talk: the caller must not stay in silence."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path

from callcenter.store.phones import PhoneSettings
from tests.asterisk.lab import until
from tests.browser.person import Person, chromium
from tests.faults.acts.common import BOOKS, LOST, Size, counted
from tests.faults.ground import DID, Ground
from tests.faults.measured import at_most
from tests.figure_table import Figure
from tests.service.house import PASSWORD
from tests.service.phones import caller

NUMBER = "13600000001"


async def f12(ground: Ground, size: Size) -> list[Figure]:
    """kill -9 of the whole browser while its agent talks."""
    began = time.time()
    ground.rest()
    async with caller(ground.centre.ports["sip"], DID, NUMBER, "Stays") as phone:
        ground.history.add("up", number=NUMBER)
        before = set(_browsers())
        async with chromium() as browser:
            ada = await Person.arrive(browser, ground.centre.url)
            await ada.sign_in("ada", PASSWORD)
            await ada.start_shift()
            await ada.go_ready()
            call = await ada.offered()
            await ada.answer()
            await ada.stage("talking")
            await until(lambda: phone.packets > 100, 15)
            ground.deed("kill -9 browser")
            at = time.time()
            for pid in set(_browsers()) - before:
                os.kill(pid, signal.SIGKILL)
            unavailable, requeued = await _watched(ground, call, at)
        assert ground.centre.asterisk is not None
        row = ground.supervisor.rows["call"].get(call, {})
        at_head = row.get("stage") in ("waiting", "offered")
        await asyncio.to_thread(ground.centre.asterisk.ask, "channel request hangup all")
        ground.history.add("over", number=NUMBER, by="caller")
    wrong = await ground.verdict(began)
    limit = PhoneSettings().browser_rtp_timeout_seconds + 2
    return [
        at_most(
            "F12",
            "browser killed in a talk: its agent is not available after",
            unavailable,
            5,
            " s",
        ),
        at_most("F12", "the caller is in line again after", requeued, limit, " s"),
        Figure("F12", "and waits there", "yes", "yes" if at_head else "no", at_head),
        *counted("F12", wrong, LOST, BOOKS),
    ]


def _browsers() -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if b"chrom" in (folder / "comm").read_bytes() and _is_ours(folder):
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def _is_ours(folder: Path) -> bool:
    """A descendant of this process."""
    pid = folder.name
    while pid not in ("0", "1"):
        if pid == str(os.getpid()):
            return True
        pid = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]
    return False


async def _watched(ground: Ground, call: str, at: float) -> tuple[float, float]:
    """Seconds until the agent's console is known to be gone, and until the caller waits again."""
    unavailable = requeued = float("inf")
    while time.time() - at < 40 and requeued == float("inf"):
        seat = ground.supervisor.rows["agent"].get("ada", {})
        if not seat.get("console") and unavailable == float("inf"):
            unavailable = time.time() - at
        if ground.supervisor.rows["call"].get(call, {}).get("stage") in ("waiting", "offered"):
            requeued = time.time() - at
        await asyncio.sleep(0.05)
    return unavailable, requeued
