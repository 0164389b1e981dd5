"""Tables that are kept in step with the books by reading news, one portion after the other.

Triggers note what is new in the transaction that wrote it. A portion of these notes is read, what
follows from them is written, and the notes go, in one transaction: what is not read yet waits,
however often the service dies. One process works at a time (an advisory lock).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Literal

import asyncpg
from sqlalchemy import TextClause, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from callcenter.store.ledger import first_line

log = logging.getLogger(__name__)

IDLE_SECONDS = 0.5
RETRY_SECONDS = 3.0

Take = Callable[[AsyncConnection], Awaitable[bool]]
BACKLOG, FRESH = 150, 50
PORTION = BACKLOG + FRESH  # so few at once that the calls that go on beside this do not notice
TRY_LOCK = text("select pg_try_advisory_xact_lock(:key)")


class PortionFeed:
    """`run` until cancelled; `feed` takes one portion. `lock`: the key of the advisory lock; `take`
    reads one portion of news and tells whether there may be more; `behind`: what to say when the
    database is away."""

    def __init__(self, engine: AsyncEngine, lock: int, take: Take, behind: str) -> None:
        self._engine = engine
        self._lock, self._take, self._behind = lock, take, behind

    async def run(self) -> None:
        """While the database is away it waits."""
        while True:
            try:
                more = await self.feed()
            except (OSError, TimeoutError, SQLAlchemyError, asyncpg.PostgresError) as problem:
                log.warning("%s: %s", self._behind, first_line(problem))
                await asyncio.sleep(RETRY_SECONDS)
            else:
                await asyncio.sleep(0.0 if more else IDLE_SECONDS)

    async def feed_all(self) -> None:
        """Until nothing is left to be read."""
        while await self.feed():
            pass

    async def feed(self) -> bool:
        """Read one portion; whether there may be more. False, too, when another process works."""
        async with self._engine.begin() as connection:
            if not (await connection.execute(TRY_LOCK, {"key": self._lock})).scalar_one():
                return False
            return await self._take(connection)


def portion_of(table: str) -> TextClause:
    """A statement for the notes of a portion (id, call): what waits longest, and what is newest, so
    that what happens now does not wait for a backlog of years. PORTION rows: there may be more."""
    return text(
        f"(select id, call from {table} order by id limit {BACKLOG})"
        f" union (select id, call from {table} order by id desc limit {FRESH}) order by id"
    )


async def make_months(
    connection: AsyncConnection, schema: Literal["reports", "search"], moments: Iterable[datetime]
) -> None:
    """The partitions that these moments fall into."""
    make = text(f"select {schema}.make_month(:at)")
    for moment in {at.replace(day=2, hour=0, minute=0, second=0, microsecond=0) for at in moments}:
        await connection.execute(make, {"at": moment})
