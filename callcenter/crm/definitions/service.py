"""Definitions for the web layer: each method is one transaction, counted and audited.

What a body means is known to the part that owns the kind; here it is only kept. Raises OSError or
SQLAlchemyError when the database is away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.crm.definitions import repository
from callcenter.crm.definitions.schemas import DEFINITIONS_MAX, Definition, Kind
from callcenter.store import tables
from callcenter.store.audit import note
from callcenter.store.config_values import ConfigRefused, NotThere, VersionPassed
from callcenter.store.engine import make_sessions
from callcenter.store.ledger_rows import plain


class Definitions:
    def __init__(self, engine: AsyncEngine) -> None:
        self._sessions = make_sessions(engine)

    async def all(self, kind: Kind) -> Sequence[Definition]:
        async with self._sessions() as session:
            return await repository.read(session, kind)

    async def put(
        self,
        kind: Kind,
        code: str,
        body: Mapping[str, object],
        *,
        position: int,
        version: int,
        by: str,
    ) -> Definition:
        """`version` 0: a new one. Raises VersionPassed when it was changed since it was read (a new
        one: when the code is taken), ConfigRefused when there are too many."""
        async with self._sessions.begin() as session:
            row = await repository.one(session, kind, code, lock=True)
            present = row.version if row else 0
            if present != version:
                raise VersionPassed(present)
            if row is None:
                count = await session.scalar(
                    select(func.count()).select_from(tables.Definition).filter_by(kind=kind)
                )
                if (count or 0) >= DEFINITIONS_MAX:
                    raise ConfigRefused(("code", f"there are {DEFINITIONS_MAX} already"))
                row = tables.Definition(kind=kind, code=code, version=0)
                session.add(row)
            row.body, row.position, row.version = plain(body), position, version + 1
            await note(session, by, f"{kind}.put", code, {"body": row.body})
            return repository.value_of(row)

    async def remove(self, kind: Kind, code: str, *, by: str) -> None:
        """Raises NotThere. What was written with the definition stays as it is."""
        async with self._sessions.begin() as session:
            row = await repository.one(session, kind, code, lock=True)
            if row is None:
                raise NotThere(kind.replace("_", " "), code)
            await note(session, by, f"{kind}.remove", code, {"body": row.body})
            await session.delete(row)
