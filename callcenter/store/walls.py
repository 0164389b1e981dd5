"""Wallboards and the tokens that show them without a login. Only hashes of tokens come here.

Raises OSError or SQLAlchemyError when the database is away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, update

from callcenter.store.accounts import as_uuid, printable
from callcenter.store.audit import note
from callcenter.store.changes import Changes, Values
from callcenter.store.config_values import ConfigRefused, NotThere, VersionPassed
from callcenter.store.tables import Wall, WallToken

WALLS_MAX = 200
TOKENS_MAX = 50


@dataclass(frozen=True, slots=True)
class KeptToken:
    id: str
    name: str
    created: datetime
    used: datetime | None
    revoked: datetime | None


@dataclass(frozen=True, slots=True)
class KeptWall:
    """`team` "": the whole house."""

    id: str
    name: str
    team: str
    language: str
    layout: Mapping[str, Any]
    version: int
    tokens: Sequence[KeptToken] = ()


class Walls(Changes):
    async def walls(self) -> Sequence[KeptWall]:
        async with self.sessions() as session:
            tokens: dict[str, list[KeptToken]] = {}
            query = select(WallToken).order_by(WallToken.created.desc(), WallToken.id)
            for one in await session.scalars(query):
                tokens.setdefault(str(one.wall_id), []).append(_token(one))
            standing = select(Wall).where(Wall.removed.is_(None))
            rows = await session.scalars(standing.order_by(Wall.name, Wall.id))
            return [_wall(row, tokens.get(str(row.id), [])) for row in rows]

    async def wall(self, id: str) -> KeptWall | None:
        return next((wall for wall in await self.walls() if wall.id == id), None)

    async def put_wall(self, id: str | None, values: Values, *, by: str) -> str:
        """Make (None) or change a wall; its id. Raises ConfigRefused, NotThere, VersionPassed."""
        wanted = dict(values)
        version = wanted.pop("version", None)
        async with self.sessions.begin() as session:
            row = await session.get(Wall, as_uuid(id)) if id else Wall(version=0)
            if row is None or row.removed is not None:
                raise NotThere("wallboard", str(id)[:40])
            standing = select(func.count(Wall.id)).where(Wall.removed.is_(None))
            if id is None and (await session.scalar(standing) or 0) >= WALLS_MAX:
                raise ConfigRefused(("name", f"there are {WALLS_MAX} wallboards already"))
            if id is not None and version is not None and version != row.version:
                raise VersionPassed(row.version)
            for name, value in wanted.items():
                setattr(row, name, value)
            row.version += 1
            row.updated = func.now()
            session.add(row)
            await session.flush()
            await note(session, by, "wall.put", str(row.id), {"name": row.name, "team": row.team})
            return str(row.id)

    async def remove_wall(self, id: str, *, by: str) -> None:
        """Its screens go dark; for a while it can come back, and they with it. Raises NotThere."""
        await self._turn(id, Wall.removed.is_(None), func.now(), "wall.remove", by)

    async def restore_wall(self, id: str, *, by: str) -> None:
        """As it was, with its screens. Raises NotThere: it is not removed, or was forgotten."""
        await self._turn(id, Wall.removed.is_not(None), None, "wall.restore", by)

    async def _turn(
        self, id: str, which: ColumnElement[bool], removed: object, action: str, by: str
    ) -> None:
        turned = update(Wall).where(Wall.id == as_uuid(id), which).values(removed=removed)
        async with self.sessions.begin() as session:
            if await session.scalar(turned.returning(Wall.id)) is None:
                raise NotThere("wallboard", id[:40])
            await note(session, by, action, id, {})

    async def removed_wall(self, id: str) -> KeptWall | None:
        """One that can come back, with its screens."""
        mine = select(Wall).where(Wall.id == as_uuid(id), Wall.removed.is_not(None))
        async with self.sessions() as session:
            row = await session.scalar(mine)
            tokens = await session.scalars(
                select(WallToken).where(WallToken.wall_id == as_uuid(id))
            )
            return None if row is None else _wall(row, [_token(one) for one in tokens])

    async def add_token(self, wall: str, hash: bytes, name: str, *, by: str) -> str:
        """Its id. Raises ConfigRefused, NotThere."""
        async with self.sessions.begin() as session:
            row = await session.get(Wall, as_uuid(wall))
            if row is None or row.removed is not None:
                raise NotThere("wallboard", wall[:40])
            mine = select(func.count(WallToken.id)).where(WallToken.wall_id == row.id)
            if (await session.scalar(mine.where(WallToken.revoked.is_(None))) or 0) >= TOKENS_MAX:
                raise ConfigRefused(("name", f"at most {TOKENS_MAX} screens show one wallboard"))
            made = WallToken(wall_id=row.id, hash=hash, name=printable(name, 80))
            session.add(made)
            await session.flush()
            await note(session, by, "wall.screen", str(row.id), {"screen": name})
            return str(made.id)

    async def revoke_token(self, wall: str, id: str, *, by: str) -> None:
        """Raises NotThere."""
        mine = update(WallToken).where(
            WallToken.id == as_uuid(id),
            WallToken.wall_id == as_uuid(wall),
            WallToken.revoked.is_(None),
        )
        async with self.sessions.begin() as session:
            done = await session.scalar(mine.values(revoked=func.now()).returning(WallToken.id))
            if done is None:
                raise NotThere("screen", id[:40])
            await note(session, by, "wall.screen-revoked", wall, {"screen_id": id})

    async def shown_by(self, hash: bytes, now: datetime) -> tuple[KeptWall, str] | None:
        """The wall that a token shows, and the token's id; None: revoked, or never there."""
        async with self.sessions.begin() as session:
            token = await session.scalar(
                select(WallToken)
                .join(Wall, Wall.id == WallToken.wall_id)
                .where(WallToken.hash == hash, WallToken.revoked.is_(None), Wall.removed.is_(None))
            )
            if token is None:
                return None
            token.used = now
            row = await session.get(Wall, token.wall_id)
            return (_wall(row, []), str(token.id)) if row is not None else None


def _wall(row: Wall, tokens: Sequence[KeptToken]) -> KeptWall:
    return KeptWall(str(row.id), row.name, row.team, row.language, row.layout, row.version, tokens)


def _token(row: WallToken) -> KeptToken:
    return KeptToken(str(row.id), row.name, row.created, row.used, row.revoked)
