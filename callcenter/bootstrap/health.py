"""How the parts of the running service stand, for /readyz, the health page and the consoles."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agent_console.hub import Hub
from callcenter.asterisk.switch import Switch
from callcenter.bootstrap.configuration import Configuration
from callcenter.core.effects import Alarm
from callcenter.runtime.loop import Loop
from callcenter.store.store import Store
from callcenter.web.checks import Check

log = logging.getLogger(__name__)

LINKS_SECONDS = 0.5
DISK_LOOK_SECONDS = 5.0
DISK_FREE_MIN = 500_000_000
INBOX_TROUBLE = 5_000


@dataclass(slots=True)
class Health:
    loop: Loop
    switch: Switch
    store: Store
    configuration: Configuration
    data_directory: Path
    recordings: Path | None = None
    others: list[Callable[[], Iterable[Check]]] = field(default_factory=list)
    """What the web side adds when it is there."""

    def checks(self) -> Sequence[Check]:
        return (
            self._asterisk(),
            self._database(),
            self._configuration(),
            self.disk(),
            self._loop(),
            *(check for other in self.others for check in other()),
        )

    def _asterisk(self) -> Check:
        return Check(
            "asterisk",
            self.switch.up,
            "connected" if self.switch.up else self.switch.trouble,
            "" if self.switch.up else "Look whether Asterisk runs; `callcenter doctor` tells more.",
        )

    def _database(self) -> Check:
        ledger = self.store.health()
        text = f"{ledger.depth} lines wait in the outbox"
        if ledger.trouble:
            text = f"{ledger.trouble}; {text}"
        return Check(
            "database",
            ledger.database and not ledger.trouble,
            text,
            "" if ledger.database else "Start PostgreSQL. Calls go on; nothing is lost.",
            {"lines": ledger.depth},
        )

    def _configuration(self) -> Check:
        ok = self.configuration.loaded or bool(self.configuration.current.flows)
        return Check(
            "configuration",
            ok,
            f"version {self.configuration.current.version}" if ok else "not read yet",
            "" if ok else "It is read as soon as the database answers.",
            {"version": self.configuration.current.version},
        )

    def disk(self) -> Check:
        free, folder = self._least_room()
        trouble = self.loop.journal.trouble
        ok = free >= DISK_FREE_MIN and not trouble
        text = f"{free // 1_000_000} MB free in {folder}"
        return Check(
            "disk",
            ok,
            f"{trouble}; {text}" if trouble else text,
            "" if ok else "Make room: the journal, the outbox and recordings need it.",
            {"megabytes": free // 1_000_000, "folder": str(folder)},
        )

    def _least_room(self) -> tuple[int, Path]:
        """Recordings are often on a disk of their own."""
        found = []
        for folder in (self.data_directory, self.recordings):
            with contextlib.suppress(OSError):
                if folder is not None:
                    found.append((shutil.disk_usage(folder).free, folder))
        return min(found, default=(0, self.data_directory))

    def _loop(self) -> Check:
        ok = self.loop.waiting < INBOX_TROUBLE
        text = (
            f"{self.loop.steps} steps, slowest {self.loop.slowest_step_seconds * 1000:.1f} ms,"
            f" {self.loop.waiting} waiting; our share of an offer's delay:"
            f" p50 {self.loop.share(0.5) * 1000:.3f} ms, p99 {self.loop.share(0.99) * 1000:.3f} ms"
            f" of {len(self.loop.shares)}"
        )
        values: dict[str, float | str] = {
            "steps": self.loop.steps,
            "slowest": round(self.loop.slowest_step_seconds * 1000, 1),
            "waiting": self.loop.waiting,
        }
        todo = "" if ok else "The machine is too slow for this load."
        return Check("loop", ok, text, todo, values)


async def watch_disk(health: Health, loop: Loop) -> None:
    """An alarm on every screen while there is little room, before there is none."""
    low = False
    while True:
        check = health.disk()
        if not check.ok and not low:
            log.warning("alarm disk: %s", check.text)
            loop.act([Alarm("disk", f"{check.text}. {check.todo}")])
        low = not check.ok
        await asyncio.sleep(DISK_LOOK_SECONDS)


async def show_links(health: Health, hub: Hub) -> None:
    """Keep the consoles' banners true."""
    while True:
        hub.links(asterisk=health.switch.up, database=health.store.health().database)
        await asyncio.sleep(LINKS_SECONDS)
