"""What becomes of the raw files that Asterisk leaves: one at a time, with low priority, none lost.

A file is encoded, sealed and stored, then the database is told, then the raw file goes: whatever
dies in between, the work is done once more. What cannot be done is tried again, later and later;
after TRIES_MAX it is *failed*, an alarm is raised, and the raw file stays. Where there is no room
to keep anything, nothing is encoded and nothing fails: all of it waits until there is. Files that
no row names (the machine died before the ledger had it) get a row. A pause that is not silent in
the raw file is cut out all the same, and told. A file that Asterisk had no room to write to its end
is kept as far as it goes, and marked.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import os
import re
import secrets
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import delete, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.media.recordings.keeping import DiskAndBucket, KeepingFailed
from callcenter.media.recordings.places import windows
from callcenter.media.recordings.retention import Retention
from callcenter.media.recordings.sealing import KEY_BYTES, seal, wrap
from callcenter.sound.converting import remove
from callcenter.sound.talk_encoding import CODEC, EncodingFailed, encode
from callcenter.store.engine import make_sessions
from callcenter.store.tables import Recording
from callcenter.store.times import to_datetime

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
SETTLED_SECONDS = 3.0  # after the end of a talk; Asterisk has closed its file by then
TRIES_MAX = 6
RETRY_SECONDS = 30.0  # doubled each time
LEFT_BEHIND_SECONDS = 3_600.0
NO_ROOM_SECONDS = 60.0
SHORT_SECONDS = 3.0  # so much less than was spoken is no matter of clocks
ROOM_BYTES_MIN = 1 << 30
RAW_BYTES_PER_SECOND = 32_000
RAW = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]{0,100})\.([0-9]{1,9})\.raw")

Alarm = Callable[[str, str], None]
TROUBLE = (SQLAlchemyError, OSError, TimeoutError)


class Worker:
    """`talks`: the folder that Asterisk records into."""

    def __init__(
        self,
        engine: AsyncEngine,
        talks: Path,
        keeping: DiskAndBucket,
        master: bytes,
        retention: Retention,
        alarm: Alarm,
    ) -> None:
        self._sessions = make_sessions(engine)
        self._talks, self._keeping, self._master = talks, keeping, master
        self._retention, self._alarm = retention, alarm
        self._told: set[str] = set()
        self._again_at: dict[str, float] = {}
        self._no_room_until = 0.0

    async def run(self) -> None:
        """Until cancelled."""
        next_sweep = 0.0
        while True:
            try:
                worked = await self.work(time.time())
                if time.monotonic() >= next_sweep:
                    await self.sweep(time.time())
                    await self._retention.run_daily(time.time())
                    next_sweep = time.monotonic() + LEFT_BEHIND_SECONDS / 6
                self._watch_room()
            except TROUBLE as error:
                log.debug("recordings: %s", type(error).__name__)
                worked = False
            await asyncio.sleep(0.05 if worked else LOOK_SECONDS)

    # -- one recording ----------------------------------------------------------------------------
    async def work(self, now: float) -> bool:
        """The recording that has waited longest, if one is due. False: there is none, or there is
        no room for it."""
        if now < self._no_room_until:
            return False
        due = to_datetime(now - SETTLED_SECONDS)
        resting = [id for id, until in self._again_at.items() if until > now]
        query = select(Recording).where(
            Recording.state == "waiting", Recording.ended_at < due, Recording.id.not_in(resting)
        )
        async with self._sessions() as session:
            row = await session.scalar(query.order_by(Recording.ended_at).limit(1))
        if row is None:
            return False
        try:
            await self._keep(row)
        except KeepingFailed as error:
            self._no_room_until = now + NO_ROOM_SECONDS
            self._tell_once("kept", "recordings-kept", f"recordings cannot be kept: {error}")
            return False
        except (EncodingFailed, OSError) as error:
            self._again_at[row.id] = now + RETRY_SECONDS * 2**row.tries
            await self._failed(row, str(error)[:200])
        else:
            self._again_at.pop(row.id, None)
            self._told.discard("kept")
        return True

    async def _keep(self, row: Recording) -> None:
        raw = self._talks / f"{row.id}.raw"
        if not row.wanted:
            remove(raw)
            async with self._sessions.begin() as session:
                await session.execute(delete(Recording).where(Recording.id == row.id))
            return
        made = await encode(raw, windows(row.spoken, row.pauses))
        key = secrets.token_bytes(KEY_BYTES)
        size, place = await self._keeping.put(row.id, seal(row.id, key, made.sound))
        if made.silent is False:
            self._alarm(
                "recording-not-silent",
                f"recording {row.id} was not silent in a pause; that part was cut out",
            )
        spoken = sum(until - since for since, until in row.spoken)
        short = spoken - made.seconds > SHORT_SECONDS
        if short:
            text = f"recording {row.id} has {made.seconds:.0f} of {spoken:.0f} seconds"
            log.warning("%s", text)
            self._tell_once("short", "recording-short", f"{text}; there may be more such")
        async with self._sessions.begin() as session:
            kept = await session.get(Recording, row.id, with_for_update=True)
            if kept is None or kept.state != "waiting":
                return
            if short and not kept.trouble:
                kept.trouble = "short"
            kept.state, kept.place, kept.codec = "stored", place, CODEC
            kept.seconds, kept.size, kept.silent = made.seconds, size, made.silent
            kept.sha256, kept.peaks, kept.figures = (
                _digest(made.sound),
                made.peaks,
                dict(made.figures),
            )
            kept.key, kept.problem = wrap(self._master, row.id, key), ""
            kept.stored_at = func.now()
        remove(raw)

    async def _failed(self, row: Recording, problem: str) -> None:
        log.warning("recording %s: %s", row.id, problem)
        async with self._sessions.begin() as session:
            kept = await session.get(Recording, row.id, with_for_update=True)
            if kept is None or kept.state != "waiting":
                return
            kept.tries += 1
            kept.problem = problem
            if kept.tries >= TRIES_MAX:
                kept.state = "failed"
                self._alarm("recording-failed", f"recording {row.id} is not kept: {problem}")

    # -- what was left behind ---------------------------------------------------------------------
    async def sweep(self, now: float) -> None:
        """Raw files whose row says that they are done go; those without a row get one."""
        for file in sorted(self._talks.glob("*.raw")):
            with contextlib.suppress(FileNotFoundError):
                await self._sweep_one(file, file.stat(), now)

    async def _sweep_one(self, file: Path, seen: os.stat_result, now: float) -> None:
        named = RAW.fullmatch(file.name)
        if named is None or now - seen.st_mtime < LEFT_BEHIND_SECONDS:
            return
        id = file.name.removesuffix(".raw")
        async with self._sessions.begin() as session:
            row = await session.get(Recording, id)
            if row is not None and row.state in ("stored", "erased"):
                remove(file)
            elif row is None and seen.st_size == 0:
                remove(file)
            elif row is None:
                began = seen.st_mtime - seen.st_size / RAW_BYTES_PER_SECOND
                session.add(
                    Recording(
                        id=id,
                        revision=0,
                        call=named[1],
                        part=1,
                        number="",
                        reason="always",
                        wanted=True,
                        began_at=to_datetime(began),
                        ended_at=to_datetime(seen.st_mtime),
                        spoken=[[began, seen.st_mtime]],
                        pauses=[],
                        trouble="found",
                    )
                )

    def _watch_room(self) -> None:
        """A full disk stops recordings, never calls; somebody has to know before."""
        state = os.statvfs(self._talks)
        free = state.f_bavail * state.f_frsize
        if free >= 2 * ROOM_BYTES_MIN:
            self._told.discard("room")
        elif free < ROOM_BYTES_MIN:
            self._tell_once(
                "room",
                "recordings-disk",
                f"{free >> 20} MB are free for recordings in {self._talks}: make room, or talks"
                " will not be recorded",
            )

    def _tell_once(self, what: str, code: str, text: str) -> None:
        """Until `what` is taken out of what was told."""
        if what not in self._told:
            self._told.add(what)
            self._alarm(code, text)


def _digest(sound: bytes) -> str:
    return hashlib.sha256(sound).hexdigest()
