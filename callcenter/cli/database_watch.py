"""Starts our own PostgreSQL again when it has ended (a full disk, a kill): nobody else would.

Calls go on without it and nothing is lost, so there is no hurry; a server that ends again and again
is started less and less often. This file must not know what is in the database.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from callcenter.cli.children import Restarts
from callcenter.secret_files import SecretUnusable
from callcenter.store.embedded import EmbeddedPostgres, EmbeddedPostgresError

LOOK_SECONDS = 1.0


class DatabaseWatch:
    """Call `look` as often as you like, with the time in seconds of any scale."""

    def __init__(self, database: EmbeddedPostgres, say: Callable[[str], None]) -> None:
        self._database, self._say = database, say
        self._restarts = Restarts()
        self._next_look = 0.0

    def look(self, now: float) -> None:
        if now < self._next_look:
            return
        self._next_look = now + LOOK_SECONDS
        if self._database.runs():
            return
        if self._restarts.due_at is None:
            delay = self._restarts.has_ended(now)
            self._say(f"  The database ended; calls go on. Starting it again in {delay:g} s")
        if self._restarts.due(now):
            self._start(now)

    def _start(self, now: float) -> None:
        try:
            asyncio.run(self._database.start())
        except (EmbeddedPostgresError, SecretUnusable, OSError) as error:
            self._say(f"  {error}")
            self._restarts.has_ended(now)
        else:
            self._restarts.started(now)
            self._say("  The database runs again")
