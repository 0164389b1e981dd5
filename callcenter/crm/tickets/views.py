"""The ways people saved to look at the list of tickets: own ones, and those shared by others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.crm.customers.checking import one_line
from callcenter.crm.tickets.schemas import NotPossible
from callcenter.store import tables
from callcenter.store.accounts import as_uuid
from callcenter.store.engine import make_sessions
from callcenter.store.ledger_rows import plain

VIEWS_MAX = 50


@dataclass(frozen=True, slots=True)
class View:
    """`mine`: the asker made it and may remove it."""

    id: str
    name: str
    shared: bool
    mine: bool
    filter: Mapping[str, object]


class Views:
    def __init__(self, engine: AsyncEngine) -> None:
        self._sessions = make_sessions(engine)

    async def views(self, user: str) -> Sequence[View]:
        row, key = tables.SavedView, as_uuid(user)
        query = select(row).where(or_(row.user_id == key, row.shared)).order_by(row.name, row.id)
        async with self._sessions() as session:
            found = await session.scalars(query.limit(VIEWS_MAX * 4))
            return [_view(one, user) for one in found]

    async def save(
        self, user: str, name: str, filter: Mapping[str, object], *, shared: bool
    ) -> View:
        """Raises NotPossible."""
        row = tables.SavedView
        async with self._sessions.begin() as session:
            count = await session.scalar(
                select(func.count()).select_from(row).where(row.user_id == as_uuid(user))
            )
            if (count or 0) >= VIEWS_MAX:
                raise NotPossible("name", f"you have {VIEWS_MAX} views; remove one first")
            plain_name = one_line(name)[:80]
            if not plain_name:
                raise NotPossible("name", "give the view a name")
            made = row(user_id=as_uuid(user), name=plain_name, shared=shared, filter=plain(filter))
            session.add(made)
            await session.flush()
            return _view(made, user)

    async def remove(self, user: str, id: str) -> bool:
        """Only one's own; False: there is none."""
        key = as_uuid(id)
        async with self._sessions.begin() as session:
            row = await session.get(tables.SavedView, key) if key else None
            if row is None or str(row.user_id) != user:
                return False
            await session.delete(row)
            return True


def _view(row: tables.SavedView, user: str) -> View:
    return View(str(row.id), row.name, row.shared, str(row.user_id) == user, row.filter)
