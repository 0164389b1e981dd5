"""What the customer side does by itself beside requests: imports, clocks that run out, and what
calls are found by."""

from __future__ import annotations

import asyncio
import logging
import time

import asyncpg
from sqlalchemy.exc import SQLAlchemyError

from callcenter.crm.services import Crm
from callcenter.store.ledger import first_line

log = logging.getLogger(__name__)

LOOK_SECONDS = 30.0


async def keep_crm(crm: Crm) -> None:
    """Until cancelled. While the database is away it waits."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(crm.import_worker.run())
        tasks.create_task(_watch_clocks(crm))
        tasks.create_task(crm.finding_feed.run())


async def _watch_clocks(crm: Crm) -> None:
    while True:
        try:
            await crm.tickets.escalate_late(time.time())
        except (OSError, TimeoutError, SQLAlchemyError, asyncpg.PostgresError) as problem:
            log.warning("the clocks of tickets are not looked at: %s", first_line(problem))
        await asyncio.sleep(LOOK_SECONDS)
