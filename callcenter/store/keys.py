"""API keys as the database has them: by hash, never the key itself. What a scope allows is decided
above. Each method is one transaction; raises OSError or SQLAlchemyError when the database is away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.store import tables
from callcenter.store.accounts import as_uuid, printable
from callcenter.store.audit import note
from callcenter.store.config_values import ConfigRefused
from callcenter.store.engine import make_sessions
from callcenter.store.times import to_datetime, to_seconds

KEYS_MAX = 200  # not revoked
LISTED_MAX = 500


@dataclass(frozen=True, slots=True)
class ApiKey:
    """`prefix`: the first letters, to know it by. Times are UNIX seconds; None: never."""

    id: str
    name: str
    prefix: str
    scopes: frozenset[str]
    per_minute: int
    created: float
    created_by: str
    created_by_name: str
    expires: float | None = None
    last_used: float | None = None
    last_address: str = ""
    revoked: float | None = None


class Keys:
    def __init__(self, engine: AsyncEngine) -> None:
        self._sessions = make_sessions(engine)

    async def all(self) -> Sequence[ApiKey]:
        """Newest first, the revoked ones too."""
        query = select(tables.ApiKey).order_by(tables.ApiKey.created.desc()).limit(LISTED_MAX)
        async with self._sessions() as session:
            return [_value(row) for row in await session.scalars(query)]

    async def make(self, key: ApiKey, hash: bytes) -> ApiKey:
        """`key.id` is ignored. Raises ConfigRefused when there are too many."""
        row = tables.ApiKey(
            name=printable(key.name, 80),
            prefix=key.prefix,
            hash=hash,
            scopes=sorted(key.scopes),
            per_minute=key.per_minute,
            created=to_datetime(key.created),
            created_by=as_uuid(key.created_by),
            created_by_name=printable(key.created_by_name, 120),
            expires=None if key.expires is None else to_datetime(key.expires),
        )
        async with self._sessions.begin() as session:
            alive = select(func.count()).where(tables.ApiKey.revoked.is_(None))
            if (await session.scalar(alive) or 0) >= KEYS_MAX:
                raise ConfigRefused(("name", f"there are {KEYS_MAX} keys already: revoke some"))
            session.add(row)
            await session.flush()
            detail = {"name": row.name, "prefix": row.prefix, "scopes": row.scopes}
            await note(session, key.created_by, "key.make", str(row.id), detail)
            return _value(row)

    async def revoke(self, id: str, *, by: str, now: float) -> ApiKey | None:
        """Once and for all; None: there is no such key."""
        async with self._sessions.begin() as session:
            known = as_uuid(id)
            row = await session.get(tables.ApiKey, known, with_for_update=True) if known else None
            if row is None:
                return None
            if row.revoked is None:
                row.revoked = to_datetime(now)
                await note(session, by, "key.revoke", id, {"name": row.name, "prefix": row.prefix})
            return _value(row)

    async def find(self, hash: bytes) -> ApiKey | None:
        async with self._sessions() as session:
            row = await session.scalar(select(tables.ApiKey).where(tables.ApiKey.hash == hash))
            return _value(row) if row else None

    async def used(self, id: str, now: float, address: str) -> None:
        values = {"last_used": to_datetime(now), "last_address": printable(address, 64)}
        query = update(tables.ApiKey).where(tables.ApiKey.id == as_uuid(id)).values(**values)
        async with self._sessions.begin() as session:
            await session.execute(query)


def _value(row: tables.ApiKey) -> ApiKey:
    return ApiKey(
        id=str(row.id),
        name=row.name,
        prefix=row.prefix,
        scopes=frozenset(row.scopes),
        per_minute=row.per_minute,
        created=to_seconds(row.created),
        created_by=str(row.created_by or ""),
        created_by_name=row.created_by_name,
        expires=None if row.expires is None else to_seconds(row.expires),
        last_used=None if row.last_used is None else to_seconds(row.last_used),
        last_address=row.last_address,
        revoked=None if row.revoked is None else to_seconds(row.revoked),
    )
