"""Callbacks as the database has them, and the rules of each queue for calling back.

Raises OSError or SQLAlchemyError when the database is away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.core.config import CallbackPolicy
from callcenter.core.effects import CallbackAttempt, RecordCallback
from callcenter.core.inputs import CallbacksFound
from callcenter.store.accounts import as_uuid
from callcenter.store.callback_values import policy_of, policy_settings
from callcenter.store.changes import Changes, Values
from callcenter.store.config_values import NotThere, VersionPassed
from callcenter.store.counted import Counted
from callcenter.store.engine import make_sessions
from callcenter.store.searching import like_pattern
from callcenter.store.tables import CallbackPolicyRecord, CallbackRecord, QueueRecord
from callcenter.store.times import to_datetime

LATELY_SECONDS = 3600.0
FOUND_MAX = 20_000
PAGE_MAX = 200


async def open_callbacks(engine: AsyncEngine, now: float) -> CallbacksFound:
    """For a centre that starts: what is not over, and what ended within the last hour."""
    lately = CallbackRecord.changed_at >= to_datetime(now - LATELY_SECONDS)
    query = select(CallbackRecord).where(or_(CallbackRecord.outcome == "", lately))
    query = query.order_by(CallbackRecord.joined_at).limit(FOUND_MAX)
    async with make_sessions(engine)() as session:
        return CallbacksFound(tuple(value_of(row) for row in await session.scalars(query)))


def value_of(row: CallbackRecord) -> RecordCallback:
    return RecordCallback(
        id=row.id,
        revision=row.revision,
        contact=row.contact,
        queue=row.queue,
        number=row.number,
        name=row.name,
        did=row.did,
        language=row.language,
        mode="agent-first" if row.mode == "agent-first" else "customer-first",
        state=row.state,
        outcome=row.outcome,  # type: ignore[arg-type]
        started_at=row.started_at.timestamp(),
        asked_at=row.asked_at.timestamp(),
        asked_by=row.asked_by,
        joined_at=row.joined_at,
        changed_at=row.changed_at.timestamp(),
        next_at=row.next_at.timestamp() if row.next_at else None,
        time_zone=row.time_zone,
        flow=row.flow,
        path=tuple(row.path),
        skills={str(name): int(level) for name, level in row.skills.items()},
        asked_priority=row.asked_priority,
        priority=row.priority,
        value_seconds=row.value_seconds,
        customer=str(row.customer_id) if row.customer_id else None,
        call=row.call,
        tries=row.tries,
        attempts=tuple(
            CallbackAttempt(str(one["call"]), float(one["at"]), str(one["outcome"]))
            for one in row.attempts
        ),
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which callbacks; None: any. `open`: not over, or over. `text`: part of number or name.
    `counted`: those behind a number of the reports."""

    queue: str | None = None
    open: bool | None = None
    customer: str | None = None
    contact: str | None = None
    text: str = ""
    queues: tuple[str, ...] | None = None
    counted: Counted | None = None


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.queue is not None:
        found.append(CallbackRecord.queue == wanted.queue)
    if wanted.queues is not None:
        found.append(CallbackRecord.queue.in_(wanted.queues))
    if wanted.open is not None:
        is_open = CallbackRecord.outcome == ""
        found.append(is_open if wanted.open else ~is_open)
    if wanted.counted is not None:
        found.append(wanted.counted.of_callbacks())
    if wanted.customer is not None:
        found.append(CallbackRecord.customer_id == as_uuid(wanted.customer))
    if wanted.contact is not None:
        found.append(CallbackRecord.contact == wanted.contact)
    if wanted.text:
        like = like_pattern(wanted.text.strip()[:80])
        found.append(or_(CallbackRecord.number.ilike(like), CallbackRecord.name.ilike(like)))
    return found


class Callbacks(Changes):
    """The list for people, and the rules."""

    async def callback(self, id: str) -> RecordCallback | None:
        async with self.sessions() as session:
            row = await session.get(CallbackRecord, id)
            return value_of(row) if row else None

    async def callbacks(
        self, wanted: Wanted, *, limit: int, after: tuple[datetime, str] | None = None
    ) -> Sequence[RecordCallback]:
        """Newest first; `after`: (asked at, id) of the last one seen."""
        query = select(CallbackRecord).where(*_conditions(wanted))
        if after is not None:
            query = query.where(tuple_(CallbackRecord.asked_at, CallbackRecord.id) < after)
        query = query.order_by(CallbackRecord.asked_at.desc(), CallbackRecord.id.desc())
        async with self.sessions() as session:
            return [value_of(row) for row in await session.scalars(query.limit(limit))]

    async def count(self, wanted: Wanted) -> int:
        """How many there are, on all pages."""
        query = select(func.count()).select_from(CallbackRecord).where(*_conditions(wanted))
        async with self.sessions() as session:
            return await session.scalar(query) or 0

    async def policies(self) -> dict[str, tuple[CallbackPolicy, int]]:
        """By queue, with the version."""
        async with self.sessions() as session:
            rows = await session.scalars(select(CallbackPolicyRecord))
            return {row.queue_id: (policy_of(row.settings), row.version) for row in rows}

    async def put_policy(self, queue: str, values: Values, *, by: str) -> None:
        """What is not named keeps its value, or the usual one. Raises ConfigRefused, NotThere,
        VersionPassed."""
        async with self.change("callbacks.policy", queue, by, values) as session:
            if await session.get(QueueRecord, queue) is None:
                raise NotThere("queue", queue)
            row = await session.get(CallbackPolicyRecord, queue)
            wanted = dict(values)
            version = wanted.pop("version", None)
            if version is not None and row is not None and version != row.version:
                raise VersionPassed(row.version)
            policy = policy_of((row.settings if row else {}) | wanted)
            if row is None:
                row = CallbackPolicyRecord(queue_id=queue, version=0)
                session.add(row)
            row.settings = policy_settings(policy)
            row.version += 1
            row.updated = func.now()
