"""What must end by itself: phone secrets past their time, old sessions, forgotten drafts."""

from __future__ import annotations

import asyncio
import logging
import time

import asyncpg
from sqlalchemy import delete
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.store.ledger import first_line
from callcenter.store.phones import Phones
from callcenter.store.tables import Draft, FirstRunToken, LoginSession
from callcenter.store.times import to_datetime

log = logging.getLogger(__name__)

EACH_SECONDS = 60.0
DRAFT_DAYS = 30
DAY = 86_400.0


async def tidy(engine: AsyncEngine, now: float) -> None:
    """Once, at `now` (UNIX seconds). Raises OSError or SQLAlchemyError."""
    await Phones(engine).end_expired(now)
    moment = to_datetime(now)
    async with engine.begin() as connection:
        await connection.execute(delete(LoginSession).where(LoginSession.expires < moment))
        await connection.execute(delete(FirstRunToken).where(FirstRunToken.expires < moment))
        old = to_datetime(now - DRAFT_DAYS * DAY)
        await connection.execute(delete(Draft).where(Draft.updated < old))


async def keep_tidy(engine: AsyncEngine) -> None:
    """Every minute until cancelled. While the database is away it waits for the next minute."""
    while True:
        try:
            await tidy(engine, time.time())
        except (OSError, TimeoutError, SQLAlchemyError, asyncpg.PostgresError) as problem:
            log.debug("nothing tidied: %s", first_line(problem))
        await asyncio.sleep(EACH_SECONDS)
