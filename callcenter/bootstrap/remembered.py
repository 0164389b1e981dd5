"""What the database remembers for a centre that starts: its open callbacks.

After a start with the journal they are known already, and nothing comes of being told again. After
one without, they must be there before Asterisk is looked at, so that a customer who is being
dialled this moment is not dialled once more. What lies in the outbox counts, so that is written
first.
"""

from __future__ import annotations

import asyncio
import logging

from callcenter.bootstrap.configuration import AWAY, RETRY_SECONDS_MAX, Configuration
from callcenter.runtime.loop import Loop
from callcenter.store.callbacks import open_callbacks
from callcenter.store.store import Store

log = logging.getLogger(__name__)

OUTBOX_SECONDS_MAX = 5.0
WAIT_SECONDS_MAX = 10.0


class Remembered:
    """`cold`: the centre started without its journal."""

    def __init__(self, store: Store, configuration: Configuration, loop: Loop, cold: bool) -> None:
        self._store, self._configuration = store, configuration
        self._loop, self._cold = loop, cold
        self._taken = asyncio.Event()

    async def take(self) -> None:
        """Once, as soon as the database can be read."""
        await self._configuration.first.wait()
        wait = 0.5
        while not self._taken.is_set():
            await self._outbox_empty()
            try:
                found = await open_callbacks(self._store.engine, self._loop.clock.now())
            except AWAY as error:
                log.warning("the callbacks cannot be read yet: %s", type(error).__name__)
                await asyncio.sleep(wait)
                wait = min(RETRY_SECONDS_MAX, wait * 2)
                continue
            if found.rows:
                self._loop.put(found)
            self._taken.set()

    async def _outbox_empty(self) -> None:
        """Or as good as: history goes on being written."""
        for _ in range(int(OUTBOX_SECONDS_MAX / 0.05)):
            if self._store.health().depth == 0:
                return
            await asyncio.sleep(0.05)

    async def before_the_first_look(self) -> None:
        """Returns when they are taken, or when that takes too long: callers wait in Asterisk."""
        if not self._cold:
            return
        try:
            async with asyncio.timeout(WAIT_SECONDS_MAX):
                await self._taken.wait()
        except TimeoutError:
            log.warning("starting without the callbacks: the database does not answer")
