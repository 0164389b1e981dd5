"""The reports as one value: kept up beside the calls, asked by the web layer, sent by e-mail."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.core.config import Config
from callcenter.core.teams import reach_of
from callcenter.reports.asking import Scope, scope_within
from callcenter.reports.feeding import Feeder
from callcenter.reports.keeping import Kept
from callcenter.reports.needed.runs import Needs
from callcenter.reports.service import Reports
from callcenter.reports.what_if.runs import WhatIfs
from callcenter.runtime.ports import Clock
from callcenter.store.ledger import first_line
from callcenter.web.routers.reports import names_of

log = logging.getLogger(__name__)

LOOK_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Reporting:
    feeder: Feeder
    reports: Reports
    kept: Kept
    what_ifs: WhatIfs
    needs: Needs
    config: Callable[[], Config]
    clock: Clock

    async def close(self) -> None:
        await self.what_ifs.close()
        await self.needs.close()
        await self.reports.close()

    async def run(self) -> None:
        """Until cancelled. While the database is away it waits."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.feeder.run())
            tasks.create_task(self._send())

    def _scope_of(self, role: str, user: str) -> Scope:
        return scope_within(reach_of(self.config(), role, user))

    async def _send(self) -> None:
        while True:
            now = datetime.fromtimestamp(self.clock.now(), UTC)
            try:
                await self.kept.send_due(now, names_of(self.config()), self._scope_of)
            except (OSError, TimeoutError, SQLAlchemyError, asyncpg.PostgresError) as problem:
                log.warning("no reports are sent at the moment: %s", first_line(problem))
            await asyncio.sleep(LOOK_SECONDS)


def make_reporting(
    engine: AsyncEngine, url: str, config: Callable[[], Config], clock: Clock
) -> Reporting:
    reports = Reports(engine, url)
    kept = Kept(engine, reports)
    place = asyncio.Semaphore(1)  # one simulation at a time
    return Reporting(
        Feeder(engine), reports, kept, WhatIfs(url, place), Needs(place), config, clock
    )
