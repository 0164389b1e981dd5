"""What must end by itself: phone secrets past their time, old sessions, forgotten drafts, removed
wallboards, messages whose length nobody heard. And the audit's new lines are sealed."""

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path

import asyncpg
from sqlalchemy import delete, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.runtime.recorded import kept_seconds
from callcenter.store.audit_seals import seal
from callcenter.store.ledger import first_line
from callcenter.store.phones import Phones
from callcenter.store.tables import Draft, FirstRunToken, LoginSession, Voicemail, Wall
from callcenter.store.times import to_datetime

log = logging.getLogger(__name__)

EACH_SECONDS = 60.0
DRAFT_DAYS = 30
WALL_DAYS = 7  # so long a wallboard that was removed can come back
DAY = 86_400.0
SETTLED_SECONDS = 240.0  # a recording found again may still go on for so long
MESSAGE_SECONDS_MIN = 2.0


async def tidy(engine: AsyncEngine, now: float) -> None:
    """Once, at `now` (UNIX seconds). Raises OSError or SQLAlchemyError."""
    await Phones(engine).end_expired(now)
    moment = to_datetime(now)
    async with engine.begin() as connection:
        await connection.execute(delete(LoginSession).where(LoginSession.expires < moment))
        await connection.execute(delete(FirstRunToken).where(FirstRunToken.expires < moment))
        old = to_datetime(now - DRAFT_DAYS * DAY)
        await connection.execute(delete(Draft).where(Draft.updated < old))
        gone = to_datetime(now - WALL_DAYS * DAY)
        await connection.execute(delete(Wall).where(Wall.removed < gone))


async def measure(engine: AsyncEngine, recordings: Path, now: float) -> None:
    """Messages that were recorded while nobody watched get their length by their file; those with
    too little in it go, and so does the file. Raises OSError or SQLAlchemyError."""
    settled = Voicemail.created < to_datetime(now - SETTLED_SECONDS)
    async with engine.begin() as connection:
        found = await connection.execute(
            select(Voicemail.id, Voicemail.file).where(Voicemail.seconds.is_(None), settled)
        )
        for id, name in found.all():
            seconds = kept_seconds(recordings / name, MESSAGE_SECONDS_MIN)
            if seconds:
                what = update(Voicemail).values(seconds=seconds)
                await connection.execute(what.where(Voicemail.id == id))
            elif seconds is not None:  # a file that is not to be seen may be there tomorrow
                await connection.execute(delete(Voicemail).where(Voicemail.id == id))


async def keep_tidy(engine: AsyncEngine, recordings: Path) -> None:
    """Every minute until cancelled. While the database is away it waits for the next minute."""
    while True:
        try:
            await tidy(engine, time.time())
            await measure(engine, recordings, time.time())
            await seal(engine)
        except (OSError, TimeoutError, SQLAlchemyError, asyncpg.PostgresError) as problem:
            log.debug("nothing tidied: %s", first_line(problem))
        await asyncio.sleep(EACH_SECONDS)
