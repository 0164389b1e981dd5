"""The timeline and the notes of a customer: each method is one transaction.

Raises OSError or SQLAlchemyError when the database is away.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.crm.timeline import repository
from callcenter.crm.timeline.schemas import KINDS, Entry, EntryKind
from callcenter.store import tables
from callcenter.store.accounts import as_uuid, printable
from callcenter.store.engine import make_sessions

PAGE_MAX = 200
NOTE_MAX = 8000


class Timeline:
    def __init__(self, engine: AsyncEngine) -> None:
        self._sessions = make_sessions(engine)

    async def entries(
        self,
        customer: str,
        *,
        kinds: Sequence[EntryKind] = (),
        limit: int = 50,
        cursor: str | None = None,
    ) -> tuple[Sequence[Entry], str | None]:
        """Newest first; no `kinds`: all. The second value leads to the next page."""
        key = as_uuid(customer)
        if key is None:
            return [], None
        async with self._sessions() as session:
            return await repository.page(
                session,
                key,
                kinds or KINDS,
                limit=max(1, min(limit, PAGE_MAX)),
                cursor=cursor,
            )

    async def add_note(self, customer: str, text: str, *, by: str, name: str) -> Entry | None:
        """None: there is no such customer, or nothing in the text."""
        key, plain = as_uuid(customer), printable(text, NOTE_MAX).strip()
        if key is None or not plain:
            return None
        row = tables.CustomerNote(
            customer_id=key, user_id=as_uuid(by), user_name=printable(name, 120), text=plain
        )
        try:
            async with self._sessions.begin() as session:
                session.add(row)
                await session.flush()
                await session.refresh(row)
        except IntegrityError:
            return None
        return Entry("note", str(row.id), row.at, {"text": row.text, "by": row.user_name})

    async def remove_note(self, note: str, *, by: str) -> bool:
        """Only who wrote it; False: there is none of his."""
        key = as_uuid(note)
        if key is None:
            return False
        async with self._sessions.begin() as session:
            row = await session.get(tables.CustomerNote, key)
            if row is None or row.user_id != as_uuid(by):
                return False
            await session.delete(row)
            return True
