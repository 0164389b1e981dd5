"""Tasks for the web layer: each method is one transaction. Times are arguments, in UNIX seconds.

Dialling itself is not done here: a task names the customer and the number, whoever dials writes the
result back with `finish`. Raises OSError or SQLAlchemyError when the database is away.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from callcenter.crm.customers.checking import one_line
from callcenter.crm.tasks import repository
from callcenter.crm.tasks.schemas import RESULTS, Result, Task, TaskChanged, TaskDraft, TaskWrong
from callcenter.store import tables
from callcenter.store.accounts import as_uuid, printable
from callcenter.store.engine import make_sessions
from callcenter.store.times import to_datetime

PAGE_MAX = 200
TITLE_MAX = 200
NOTE_MAX = 4000
YEARS_AHEAD_SECONDS = 20 * 366 * 86_400.0


class Tasks:
    def __init__(self, engine: AsyncEngine) -> None:
        self._sessions = make_sessions(engine)

    async def tasks(
        self,
        *,
        owner: str | None = None,
        unowned: bool = False,
        state: str = "open",
        customer: str | None = None,
        ticket: str | None = None,
        until: float | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> tuple[Sequence[Task], str | None]:
        """What is due first comes first. `owner` with `unowned`: his and nobody's."""
        async with self._sessions() as session:
            return await repository.page(
                session,
                owner=owner,
                unowned=unowned,
                state=state,
                customer=customer,
                ticket=ticket,
                until=until,
                limit=max(1, min(limit, PAGE_MAX)),
                cursor=cursor,
            )

    async def create(self, draft: TaskDraft, *, now: float, by: str, name: str) -> Task:
        """Raises TaskWrong."""
        _check_due(draft.due, now)
        if not one_line(draft.title):
            raise TaskWrong("title", "the title must not be empty")
        row = tables.Task(
            kind=draft.kind,
            title=one_line(draft.title)[:TITLE_MAX],
            note=printable(draft.note, NOTE_MAX).strip(),
            customer_id=as_uuid(draft.customer) if draft.customer else None,
            ticket_id=as_uuid(draft.ticket) if draft.ticket else None,
            number=one_line(draft.number)[:80],
            owner_agent=draft.owner_agent,
            due=to_datetime(draft.due),
            created=to_datetime(now),
            user_id=as_uuid(by),
            user_name=printable(name, 120),
        )
        try:
            async with self._sessions.begin() as session:
                session.add(row)
                await session.flush()
                return await repository.one(session, row.id)
        except IntegrityError:
            raise TaskWrong("customer", "there is no such customer or ticket") from None

    async def put_off(
        self, id: str, *, due: float, owner: str | None, version: int, now: float
    ) -> Task | None:
        """Another time, perhaps another person. None: there is none. Raises TaskChanged,
        TaskWrong."""
        _check_due(due, now)
        async with self._sessions.begin() as session:
            row = await self._open(session, id, version)
            if row is None:
                return None
            row.due, row.owner_agent = to_datetime(due), owner
            row.version += 1
            await session.flush()
            return await repository.one(session, row.id)

    async def finish(
        self,
        id: str,
        result: Result,
        note: str,
        *,
        again_at: float | None,
        version: int,
        now: float,
    ) -> Task | None:
        """What came of it. `again_at`: it stays open, for another try then."""
        assert result in RESULTS
        if again_at is not None:
            _check_due(again_at, now)
        async with self._sessions.begin() as session:
            row = await self._open(session, id, version)
            if row is None:
                return None
            row.result, row.result_note = result, printable(note, NOTE_MAX).strip()
            row.attempts += 1
            row.version += 1
            if again_at is None:
                row.state, row.done = "done", to_datetime(now)
            else:
                row.due = to_datetime(again_at)
            await session.flush()
            return await repository.one(session, row.id)

    async def cancel(self, id: str, *, version: int, now: float) -> Task | None:
        async with self._sessions.begin() as session:
            row = await self._open(session, id, version)
            if row is None:
                return None
            row.state, row.done = "cancelled", to_datetime(now)
            row.version += 1
            await session.flush()
            return await repository.one(session, row.id)

    async def reopen(self, id: str, *, version: int) -> Task | None:
        """Takes a finishing back."""
        async with self._sessions.begin() as session:
            row = await repository.find(session, id)
            if row is None:
                return None
            if row.version != version:
                raise TaskChanged("somebody else changed this task meanwhile")
            row.state, row.done = "open", None
            row.version += 1
            await session.flush()
            return await repository.one(session, row.id)

    async def _open(self, session: AsyncSession, id: str, version: int) -> tables.Task | None:
        row = await repository.find(session, id)
        if row is not None and (row.version != version or row.state != "open"):
            raise TaskChanged("somebody else changed this task meanwhile")
        return row


def _check_due(due: float, now: float) -> None:
    if not now - 86_400 * 366 <= due <= now + YEARS_AHEAD_SECONDS:
        raise TaskWrong("due", "the time must lie within a year back and 20 years ahead")
