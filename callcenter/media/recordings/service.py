"""Recordings found, listened to and remarked on; each listening is audited with its reason.

Agents see the recordings they are heard in, supervisors and administrators all. This file must not
know HTTP.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from callcenter.core.config import RecordingPolicy
from callcenter.core.teams import EVERYTHING, Reach
from callcenter.media.recordings.keeping import DiskAndBucket
from callcenter.media.recordings.places import holds, windows
from callcenter.media.recordings.retention import Retention
from callcenter.media.recordings.sealing import CHUNK_BYTES, place_of, unseal, unwrap
from callcenter.media.recordings.turns import Turn, parts_of, turns_of
from callcenter.store.accounts import as_uuid, printable
from callcenter.store.audit import note as audit
from callcenter.store.changes import Changes, Values
from callcenter.store.config_values import NotThere, VersionPassed
from callcenter.store.engine import make_sessions
from callcenter.store.recording_values import policy_of, settings_of
from callcenter.store.tables import (
    Customer,
    QueueRecord,
    Recording,
    RecordingComment,
    RecordingPolicyRecord,
    User,
)

log = logging.getLogger(__name__)

LISTENED_SECONDS = 60.0
LISTENERS_MAX = 10_000
COMMENTS_MAX = 500
READ_CHUNKS = 16  # at once: 1 MB, some four minutes of sound


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for. `agent`: heard in it; `agent_share`: (least, most) of what was spoken, 0 to
    1; `silence_longest`: at least so many seconds in one silence."""

    agent: str | None = None
    reach: Reach = EVERYTHING
    queue: str | None = None
    call: str | None = None
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None
    seconds_min: float | None = None
    agent_share: tuple[float | None, float | None] = (None, None)
    silence_longest: float | None = None
    interruptions_min: int | None = None
    held: bool | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    id: str
    at_seconds: float
    text: str
    author: str
    mine: bool
    created: datetime


class Recordings:
    def __init__(
        self, engine: AsyncEngine, keeping: DiskAndBucket, master: bytes, retention: Retention
    ) -> None:
        self._sessions = make_sessions(engine)
        self._changes = Changes(engine)
        self._keeping, self._master = keeping, master
        self.retention = retention
        self._listened: dict[tuple[str, str, str], float] = {}

    # -- finding ----------------------------------------------------------------------------------
    async def find(
        self, wanted: Wanted, *, limit: int, cursor: str | None = None
    ) -> tuple[Sequence[tuple[Recording, str]], str | None]:
        """Newest first, each with its customer's name; `cursor` is opaque."""
        query = _with_customer().where(*_conditions(wanted))
        place = _place(cursor)
        if place is not None:
            query = query.where(tuple_(Recording.began_at, Recording.id) < tuple_(*place))
        query = query.order_by(Recording.began_at.desc(), Recording.id.desc()).limit(limit + 1)
        async with self._sessions() as session:
            rows = [(row, name) for row, name in (await session.execute(query)).all()]
        last = rows[limit - 1][0] if len(rows) > limit else None
        return rows[:limit], f"{last.began_at.isoformat()}|{last.id}" if last else None

    async def recording(self, id: str, reach: Reach) -> tuple[Recording, str]:
        """Raises NotThere, also for one outside the reach."""
        async with self._sessions() as session:
            return await _one(session, id, reach)

    async def around(self, row: Recording, reach: Reach) -> tuple[list[Turn], Sequence[Recording]]:
        """The turns of its call in it, and all parts of that call inside the reach."""
        async with self._sessions() as session:
            return await turns_of(session, row), await parts_of(session, row, _within(reach))

    async def comments(self, id: str, user: str) -> list[Comment]:
        query = (
            select(RecordingComment, func.coalesce(User.name, ""))
            .outerjoin(User, User.id == RecordingComment.author)
            .where(RecordingComment.recording_id == id)
            .order_by(RecordingComment.at_seconds, RecordingComment.created)
            .limit(COMMENTS_MAX)
        )
        async with self._sessions() as session:
            rows = (await session.execute(query)).all()
        return [
            Comment(str(c.id), c.at_seconds, c.text, name, str(c.author) == user, c.created)
            for c, name in rows
        ]

    async def comment(
        self, id: str, at_seconds: float, text: str, *, by: str, reach: Reach
    ) -> None:
        """Raises NotThere."""
        async with self._sessions.begin() as session:
            await _one(session, id, reach)
            session.add(
                RecordingComment(
                    recording_id=id,
                    at_seconds=at_seconds,
                    text=printable(text, 2000),
                    author=as_uuid(by),
                )
            )
            await audit(session, by, "recording.comment", id, {"at": at_seconds})

    async def uncomment(self, id: str, comment: str, *, by: str, any_author: bool) -> None:
        """Raises NotThere, also for another's remark unless `any_author`."""
        query = delete(RecordingComment).where(
            RecordingComment.id == as_uuid(comment), RecordingComment.recording_id == id
        )
        if not any_author:
            query = query.where(RecordingComment.author == as_uuid(by))
        async with self._sessions.begin() as session:
            gone = await session.scalar(query.returning(RecordingComment.id))
            if gone is None:
                raise NotThere("comment", comment[:40])
            await audit(session, by, "recording.uncomment", id, {})

    # -- listening --------------------------------------------------------------------------------
    async def listen(
        self, id: str, reach: Reach, *, by: str, action: str, reason: str
    ) -> Recording:
        """Audited, once a minute for one who seeks in it. Raises NotThere, also when there is no
        sound (any more)."""
        async with self._sessions.begin() as session:
            row, _ = await _one(session, id, reach)
            if row.state != "stored" or row.key is None:
                raise NotThere("sound of recording", id[:80])
            if self._first_time((by, id, action)):
                await audit(session, by, action, id, {"call": row.call, "reason": reason})
        return row

    def _first_time(self, key: tuple[str, str, str]) -> bool:
        now = time.monotonic()
        if len(self._listened) > LISTENERS_MAX:
            self._listened.clear()
        before = self._listened.get(key)
        if before is not None and now - before < LISTENED_SECONDS:
            return False
        self._listened[key] = now
        return True

    def plain_size(self, row: Recording) -> int:
        """Bytes of the sound, without what sealing adds."""
        sealed = (row.size or 0) - place_of(0)[0]
        count = -(-sealed // place_of(0)[1])
        return sealed - count * (place_of(0)[1] - CHUNK_BYTES)

    async def sound(self, row: Recording, begin: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `begin` to before `end`. Raises SealBroken, KeepingFailed."""
        assert row.key is not None
        key = unwrap(self._master, row.id, row.key)
        size = self.plain_size(row)
        last = max(0, -(-size // CHUNK_BYTES) - 1)
        final = max(begin, end - 1) // CHUNK_BYTES
        for first in range(begin // CHUNK_BYTES, final + 1, READ_CHUNKS):
            offset, length = place_of(first)
            some = min(READ_CHUNKS, final + 1 - first)
            sealed = await self._keeping.read(row.id, row.place, offset, length * some)
            for number in range(first, first + some):
                chunk = sealed[(number - first) * length : (number + 1 - first) * length]
                part = unseal(row.id, key, number, chunk, last=number == last)
                low = max(0, begin - number * CHUNK_BYTES)
                yield part[low : end - number * CHUNK_BYTES]

    async def intact(self, row: Recording) -> bool:
        """Whether all of it is what was stored."""
        digest = hashlib.sha256()
        async for part in self.sound(row, 0, self.plain_size(row)):
            digest.update(part)
        return digest.hexdigest() == row.sha256

    # -- the queues' rules ------------------------------------------------------------------------
    async def policies(self) -> dict[str, tuple[RecordingPolicy, int]]:
        """By queue, with the version."""
        async with self._sessions() as session:
            rows = await session.scalars(select(RecordingPolicyRecord))
            return {row.queue_id: (policy_of(row.settings), row.version) for row in rows}

    async def put_policy(self, queue: str, values: Values, *, by: str) -> None:
        """What is not named keeps its value, or the usual one. Raises ConfigRefused, NotThere,
        VersionPassed."""
        async with self._changes.change("recording.policy", queue, by, values) as session:
            if await session.get(QueueRecord, queue) is None:
                raise NotThere("queue", queue)
            row = await session.get(RecordingPolicyRecord, queue)
            wanted = dict(values)
            version = wanted.pop("version", None)
            if version is not None and row is not None and version != row.version:
                raise VersionPassed(row.version)
            policy = policy_of((row.settings if row else {}) | wanted)
            if row is None:
                row = RecordingPolicyRecord(queue_id=queue, version=0)
                session.add(row)
            row.settings = settings_of(policy)
            row.version += 1
            row.updated = func.now()


def marks(row: Recording) -> dict[str, Any]:
    """Moments for the player, in seconds of the file."""
    return {
        "holds": holds(row.spoken),
        "pauses": [[begin, end] for begin, end, _ in windows(row.spoken, row.pauses)],
    }


def _with_customer() -> Select[Recording, str]:
    name = func.coalesce(Customer.name, "")
    return select(Recording, name).outerjoin(Customer, Customer.id == Recording.customer_id)


async def _one(session: AsyncSession, id: str, reach: Reach) -> tuple[Recording, str]:
    query = _with_customer().where(Recording.id == id, _within(reach))
    found = (await session.execute(query)).first()
    if found is None:
        raise NotThere("recording", id[:80])
    return found[0], found[1]


def _within(reach: Reach) -> ColumnElement[bool]:
    """Of these queues, or one of these agents is heard in it."""
    if reach.everything:
        return true()
    heard = Recording.agents.overlap(sorted(reach.agents))
    return or_(heard, Recording.queue.in_(reach.queues))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Recording.wanted.is_(True), _within(wanted.reach)]
    if wanted.agent is not None:
        found.append(Recording.agents.contains([wanted.agent]))
    if wanted.queue is not None:
        found.append(Recording.queue == wanted.queue)
    if wanted.call is not None:
        found.append(Recording.call == wanted.call)
    if wanted.since is not None:
        found.append(Recording.began_at >= wanted.since)
    if wanted.until is not None:
        found.append(Recording.began_at < wanted.until)
    if wanted.seconds_min is not None:
        found.append(Recording.seconds >= wanted.seconds_min)
    if wanted.held is not None:
        found.append(Recording.held == wanted.held)
    if wanted.text:
        part = wanted.text.strip()[:80]
        for letter in ("\\", "%", "_"):
            part = part.replace(letter, f"\\{letter}")
        found.append(or_(Recording.number.ilike(f"%{part}%"), Customer.name.ilike(f"%{part}%")))
    share = Recording.figures["agent_share"].as_float()
    least, most = wanted.agent_share
    if least is not None:
        found.append(share >= least)
    if most is not None:
        found.append(share <= most)
    if wanted.silence_longest is not None:
        found.append(Recording.figures["silence_longest"].as_float() >= wanted.silence_longest)
    if wanted.interruptions_min is not None:
        count = Recording.figures["agent_interrupts"].as_integer()
        found.append(count >= wanted.interruptions_min)
    return found


def _place(cursor: str | None) -> tuple[datetime, str] | None:
    moment, bar, id = (cursor or "").partition("|")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at, id) if bar and at.tzinfo is not None and "\0" not in id else None
