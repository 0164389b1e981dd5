"""The two hot paths of the store, straight on asyncpg: look-ups and the ledger's writing.

Single statements on a small pool: one round trip each, no transaction around them and no mapper,
which together cost five times the query itself. Everything else uses SQLAlchemy (`engine`).
"""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg

from callcenter.store.engine import (
    COMMAND_SECONDS,
    CONNECT_SECONDS,
    SERVER_SETTINGS,
    checked_url,
)

CONNECTIONS_MAX = 8

TROUBLE = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)
"""What a query raises when the database is away or unwell."""


class Quick:
    """A pool that connects when first asked, and again after the database was away."""

    def __init__(self, url: str, *, connections_max: int = CONNECTIONS_MAX) -> None:
        self._pool = asyncpg.create_pool(
            checked_url(url).replace("+asyncpg", "", 1),
            min_size=0,
            max_size=connections_max,
            timeout=CONNECT_SECONDS,
            command_timeout=COMMAND_SECONDS,
            server_settings=SERVER_SETTINGS,
            reset=_nothing,  # single statements leave nothing behind in a connection
        )
        # Waiting is done here and not in the pool: who waits is woken when a connection fails, too.
        self._places = asyncio.Semaphore(connections_max)
        self._opening = asyncio.Lock()
        self._open = False

    async def fetch(self, query: str, *values: object) -> list[asyncpg.Record]:
        """The rows of one statement, which must be harmless to run twice: on a connection that
        turns out to be dead it is tried once more. Raises one of TROUBLE."""
        async with self._places:
            await self._opened()
            try:
                return await self._fetch(query, values)
            except (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, ConnectionError):
                return await self._fetch(query, values)

    async def _fetch(self, query: str, values: tuple[object, ...]) -> list[asyncpg.Record]:
        rows: list[asyncpg.Record] = await self._pool.fetch(query, *values)
        return rows

    async def _opened(self) -> None:
        async with self._opening:
            if not self._open:
                await self._pool  # no connection is made yet
                self._open = True

    async def close(self) -> None:
        """End all connections; queries under way are broken off."""
        if self._open:
            self._pool.terminate()


async def _nothing(connection: Any) -> None:
    """No reset between two uses of a connection."""
