"""Moves stored recordings from the disk into the bucket: one at a time, never without a copy.

The row says how far one is (`keeping.Place`), and says it before each step, so that whatever dies
in between, the next start goes on from there. The file on the disk goes when the bucket has
confirmed all of it. A bucket that cannot be used is asked again, later and later, for ever: it
costs room on the disk, no recording. One recording that cannot be moved does not hold up others.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.media.recordings.bucket import InBucket
from callcenter.media.recordings.keeping import ON_DISK, KeepingFailed, NotKept, OnDisk, Place
from callcenter.store.engine import make_sessions
from callcenter.store.tables import Recording

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
PROBE_SECONDS = 60.0  # while nothing is to be moved
RETRY_SECONDS = 5.0  # doubled each time
RETRY_SECONDS_MAX = 600.0
REST_SECONDS = 3_600.0  # of a recording that is neither here nor there
RESTING_MAX = 1_000

Alarm = Callable[[str, str], None]


class Lost(Exception):
    """The recording is neither on the disk nor in the bucket, or not whole."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the bucket stands. `trouble` empty: well; `waiting`: recordings still to be moved."""

    address: str
    trouble: str = ""
    waiting: int = 0


class Mover:
    """`run` until cancelled; `move` takes the recording that has waited longest."""

    def __init__(
        self,
        engine: AsyncEngine,
        disk: OnDisk,
        bucket: InBucket,
        alarm: Alarm,
        *,
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        self._sessions = make_sessions(engine)
        self._disk, self._bucket, self._alarm = disk, bucket, alarm
        self._retry_seconds = retry_seconds
        self._resting: dict[str, float] = {}
        self.standing = Standing(str(bucket.address))

    async def run(self) -> None:
        probe_at, wait = 0.0, self._retry_seconds
        while True:
            pause = LOOK_SECONDS
            try:
                if time.monotonic() >= probe_at:
                    await self._bucket.probe()
                    probe_at = time.monotonic() + PROBE_SECONDS
                if await self.move(time.time()):
                    pause = 0.0
                await self._stands("")
                wait = self._retry_seconds
            except KeepingFailed as error:
                await self._stands(str(error))
                probe_at, pause, wait = 0.0, wait, min(RETRY_SECONDS_MAX, wait * 2)
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                log.debug("recordings into the bucket: %s", type(error).__name__)
            await asyncio.sleep(pause)

    async def move(self, now: float) -> bool:
        """False: none is to be moved. Raises KeepingFailed when the bucket cannot be used; what has
        begun is gone on with by the next call."""
        self._resting = {id: until for id, until in self._resting.items() if until > now}
        query = select(Recording).where(
            Recording.state == "stored",
            Recording.place != "bucket",
            Recording.id.not_in(self._resting),
        )
        async with self._sessions() as session:
            row = await session.scalar(query.order_by(Recording.stored_at).limit(1))
        if row is None:
            return False
        try:
            await self._move(row)
        except Lost as problem:
            if len(self._resting) < RESTING_MAX:
                self._resting[row.id] = now + REST_SECONDS
            self._alarm("recording-lost", f"recording {row.id}: {problem}")
        return True

    async def _move(self, row: Recording) -> None:
        if row.place in ON_DISK:
            if not await self._says(row.id, "copying"):
                return
            await self._copy(row)
            if not await self._says(row.id, "copied"):
                await self._bucket.remove(row.id)  # erased while it was on its way
                return
        await self._disk.remove(row.id)
        await self._says(row.id, "bucket")

    async def _copy(self, row: Recording) -> None:
        """Raises Lost, KeepingFailed."""
        size = row.size or 0
        try:
            sealed = await self._disk.read(row.id, 0, size + 1)
        except NotKept:
            # Moved before, and the row is from a backup of a moment earlier.
            try:
                there = await self._bucket.size(row.id)
            except NotKept:
                raise Lost("it is neither on the disk nor in the bucket") from None
            if there != size:
                raise Lost(f"the bucket has {there} of {size} bytes, the disk none") from None
            return
        if len(sealed) != size:
            raise Lost(f"the disk has {len(sealed)} of {size} bytes")
        await self._bucket.put(row.id, [sealed])

    async def _says(self, id: str, place: Place) -> bool:
        """False: it has been erased."""
        async with self._sessions.begin() as session:
            row = await session.get(Recording, id, with_for_update=True)
            if row is None or row.state != "stored":
                return False
            row.place = place
        return True

    async def _stands(self, trouble: str) -> None:
        before, self.standing = (
            self.standing,
            Standing(self.standing.address, trouble, self.standing.waiting),
        )
        if trouble and not before.trouble:
            self._alarm(
                "recordings-bucket", f"{trouble}. Recordings stay on the disk until it answers."
            )
        elif before.trouble and not trouble:
            log.warning("the bucket for recordings answers again")
        query = select(func.count()).where(Recording.state == "stored", Recording.place != "bucket")
        async with self._sessions() as session:
            waiting = await session.scalar(query)
        self.standing = Standing(self.standing.address, trouble, waiting or 0)
