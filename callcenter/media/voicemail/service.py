"""Messages that callers left: lists by what a person may see, changes, deletion with a way back.

The recording itself lies in the folder of callers' recordings, under a name the service made. Every
change and every listening is audited. This file must not know HTTP, nor how recordings are made.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, delete, false, func, or_, select, true, tuple_
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from callcenter.media.voicemail.schemas import BoxKind, Mailbox, Message, Scope, State
from callcenter.store import tables
from callcenter.store.accounts import printable
from callcenter.store.audit import note as audit
from callcenter.store.config_values import ConfigRefused, NotThere, VersionPassed
from callcenter.store.engine import make_sessions
from callcenter.store.times import to_datetime

log = logging.getLogger(__name__)

NOTE_MAX = 4_000
DELETED_DAYS = 7
LISTENED_SECONDS = 60.0
LISTENERS_MAX = 10_000
PURGE_MAX = 200
PURGE_EACH_SECONDS = 600.0
DAY = 86_400.0
EMAIL = re.compile(
    r"[^@\s<>,;:\"\\()\[\]\x00-\x20]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?"
)
FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}\.wav")

Row = tables.Voicemail


class Voicemails:
    """`folder`: of callers' recordings."""

    def __init__(self, engine: AsyncEngine, folder: Path) -> None:
        self._sessions = make_sessions(engine)
        self._folder = folder
        self._listened: dict[tuple[str, str, str], float] = {}

    # -- reading --------------------------------------------------------------------------------
    async def messages(
        self,
        scope: Scope,
        *,
        state: State | None = None,
        open_only: bool = False,
        deleted: bool = False,
        box: tuple[BoxKind, str] | None = None,
        limit: int,
        cursor: str | None = None,
    ) -> tuple[Sequence[Message], str | None]:
        """Newest first; `cursor` is opaque."""
        query = _with_customer().where(_seen(scope))
        query = query.where(Row.deleted.is_not(None) if deleted else Row.deleted.is_(None))
        if state is not None:
            query = query.where(Row.state == state)
        if open_only:
            query = query.where(Row.state != "done")
        if box is not None:
            query = query.where(Row.box_kind == box[0], Row.box == box[1])
        place = _place(cursor)
        if place is not None:
            query = query.where(tuple_(Row.created, Row.id) < tuple_(*place))
        query = query.order_by(Row.created.desc(), Row.id.desc()).limit(limit + 1)
        async with self._sessions() as session:
            rows = (await session.execute(query)).all()
        found = [self._message(row, name) for row, name in rows[:limit]]
        last = found[-1] if len(rows) > limit else None
        return found, f"{last.created.isoformat()}|{last.id}" if last else None

    async def count_new(self, scope: Scope) -> int:
        query = select(func.count()).select_from(Row)
        query = query.where(_seen(scope), Row.state == "new", Row.deleted.is_(None))
        async with self._sessions() as session:
            return await session.scalar(query) or 0

    async def message(self, id: str, scope: Scope) -> Message:
        """Raises NotThere, also for one that `scope` does not see."""
        async with self._sessions() as session:
            return self._message(*(await _one(session, id, scope)))

    async def listen(self, id: str, scope: Scope, *, by: str, action: str) -> tuple[Message, Path]:
        """The recording. Audited as `action`, once a minute for a person who seeks in it; a new
        message counts as heard. Raises NotThere, also when the file is gone."""
        async with self._sessions.begin() as session:
            row, name = await _one(session, id, scope)
            path = self._file(row)
            if path is None:
                raise NotThere("recording of message", id)
            if self._first_time((by, id, action)):
                await audit(session, by, action, id, {"call": row.call, "box": row.box})
            if row.state == "new":
                row.state, row.version = "heard", row.version + 1
            return self._message(row, name), path

    def _first_time(self, key: tuple[str, str, str]) -> bool:
        now = time.monotonic()
        if len(self._listened) > LISTENERS_MAX:
            self._listened.clear()
        before = self._listened.get(key)
        if before is not None and now - before < LISTENED_SECONDS:
            return False
        self._listened[key] = now
        return True

    # -- changes --------------------------------------------------------------------------------
    async def change(
        self, id: str, scope: Scope, values: Mapping[str, Any], *, version: int, by: str
    ) -> Message:
        """`values`: any of state, assigned_to, note. Raises NotThere, VersionPassed."""
        async with self._sessions.begin() as session:
            row, name = await _one(session, id, scope, lock=True)
            if row.version != version:
                raise VersionPassed(row.version)
            if "state" in values:
                row.state = values["state"]
            if "assigned_to" in values:
                row.assigned_to = values["assigned_to"]
            if "note" in values:
                row.note = printable(values["note"], NOTE_MAX)
            row.version += 1
            kept = {key: value for key, value in values.items() if key != "note"}
            await audit(session, by, "voicemail.change", id, kept)
            await session.flush()
            return self._message(row, name)

    async def set_deleted(self, id: str, scope: Scope, deleted: bool, *, by: str) -> None:
        """Gone from the lists, or back in them. Raises NotThere."""
        async with self._sessions.begin() as session:
            row, _ = await _one(session, id, scope, lock=True)
            row.deleted = func.now() if deleted else None
            row.version += 1
            action = "voicemail.delete" if deleted else "voicemail.restore"
            await audit(session, by, action, id, {"call": row.call})

    async def purge(self, now: float) -> int:
        """What was deleted a week ago, or is older than its mailbox keeps, goes for good: file
        first, then row. Returns how many."""
        gone = to_datetime(now - DELETED_DAYS * DAY)
        box = tables.Mailbox
        kept = select(box.keep_days).where(
            box.box_kind == Row.box_kind, box.box == Row.box, box.keep_days > 0
        )
        age = func.make_interval(0, 0, 0, kept.scalar_subquery())
        old = Row.created < to_datetime(now) - age
        query = select(Row).where(or_(Row.deleted < gone, old)).limit(PURGE_MAX)
        async with self._sessions.begin() as session:
            rows = list(await session.scalars(query.with_for_update(skip_locked=True)))
            for row in rows:
                path = self._file(row)
                if path is not None:
                    path.unlink(missing_ok=True)
                await audit(session, "upkeep", "voicemail.purge", row.id, {"call": row.call})
                await session.execute(delete(Row).where(Row.id == row.id))
        return len(rows)

    async def keep(self) -> None:
        """Until cancelled: what is old goes, a little at a time."""
        while True:
            try:
                more = await self.purge(time.time()) == PURGE_MAX
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                log.debug("nothing purged: %s", type(error).__name__)
                more = False
            await asyncio.sleep(1.0 if more else PURGE_EACH_SECONDS)

    # -- mailboxes ------------------------------------------------------------------------------
    async def mailboxes(self) -> Sequence[Mailbox]:
        """Those that somebody has set up, with how their letters fare."""
        letter = tables.Letter
        async with self._sessions() as session:
            rows = await session.scalars(select(tables.Mailbox))
            found = []
            for row in rows:
                mine = letter.recipient == row.email
                waiting = await session.scalar(
                    select(func.count()).select_from(letter).where(mine, letter.state == "waiting")
                )
                newest = select(letter.trouble).where(mine).order_by(letter.id.desc()).limit(1)
                trouble = await session.scalar(newest)
                found.append(_mailbox(row, waiting or 0, trouble or ""))
        return found

    async def put_mailbox(self, wanted: Mailbox, *, by: str) -> None:
        """`wanted.version`: that which was read, 0 for a new one. Raises ConfigRefused,
        VersionPassed."""
        if wanted.email and not EMAIL.fullmatch(wanted.email):
            raise ConfigRefused(("email", "it is not an e-mail address"))
        if wanted.notify and not wanted.email:
            raise ConfigRefused(("email", "to whom shall the notices go?"))
        async with self._sessions.begin() as session:
            key = (wanted.box_kind, wanted.box)
            row = await session.get(tables.Mailbox, key, with_for_update=True)
            current = row.version if row else 0
            if wanted.version != current:
                raise VersionPassed(current)
            if row is None:
                row = tables.Mailbox(box_kind=wanted.box_kind, box=wanted.box)
                session.add(row)
            row.email, row.notify, row.attach = wanted.email, wanted.notify, wanted.attach
            row.language, row.keep_days = wanted.language, wanted.keep_days
            row.version, row.updated = current + 1, func.now()
            detail = {"notify": wanted.notify, "keep_days": wanted.keep_days}
            await audit(session, by, "mailbox.put", f"{wanted.box_kind} {wanted.box}", detail)

    # -- parts ----------------------------------------------------------------------------------
    def _file(self, row: tables.Voicemail) -> Path | None:
        if not FILE.fullmatch(row.file):
            log.error("message %s: a recording of an odd name is not touched", row.id)
            return None
        path = self._folder / row.file
        return path if path.is_file() else None

    def _message(self, row: tables.Voicemail, customer: str) -> Message:
        return Message(
            id=row.id,
            call=row.call,
            box_kind=cast(BoxKind, row.box_kind),
            box=row.box,
            number=row.number,
            name=row.name,
            customer_id=str(row.customer_id) if row.customer_id else None,
            customer_name=customer,
            language=row.language,
            seconds=row.seconds,
            created=row.created,
            state=cast(State, row.state),
            assigned_to=row.assigned_to,
            note=row.note,
            transcript=row.transcript,
            deleted=row.deleted,
            version=row.version,
            there=self._file(row) is not None,
        )


def _with_customer() -> Any:
    name = func.coalesce(tables.Customer.name, "")
    return select(Row, name).outerjoin(tables.Customer, tables.Customer.id == Row.customer_id)


async def _one(
    session: AsyncSession, id: str, scope: Scope, *, lock: bool = False
) -> tuple[tables.Voicemail, str]:
    query = _with_customer().where(Row.id == id, _seen(scope))
    found = (await session.execute(query.with_for_update(of=Row) if lock else query)).first()
    if found is None:
        raise NotThere("message", id[:80])
    return found[0], found[1]


def _seen(scope: Scope) -> ColumnElement[bool]:
    if scope.everything:
        return true()
    if not (scope.agents or scope.queues):
        return false()
    return or_(
        and_(Row.box_kind == "agent", Row.box.in_(scope.agents)),
        and_(Row.box_kind == "queue", Row.box.in_(scope.queues)),
        Row.assigned_to.in_(scope.agents),
    )


def _place(cursor: str | None) -> tuple[datetime, str] | None:
    moment, bar, id = (cursor or "").partition("|")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at, id) if bar and at.tzinfo is not None and "\0" not in id else None


def _mailbox(row: tables.Mailbox, waiting: int, trouble: str) -> Mailbox:
    return Mailbox(
        cast(BoxKind, row.box_kind),
        row.box,
        row.email,
        row.notify,
        row.attach,
        row.language,
        row.keep_days,
        row.version,
        waiting,
        trouble,
    )
