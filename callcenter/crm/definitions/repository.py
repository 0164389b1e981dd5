"""Definitions in the database, in the session that is given."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.crm.definitions.schemas import Definition, Kind
from callcenter.store import tables

Row = tables.Definition


async def read(session: AsyncSession, kind: Kind) -> list[Definition]:
    """All of a kind, in the administrator's order."""
    query = select(Row).where(Row.kind == kind).order_by(Row.position, Row.code)
    return [value_of(row) for row in await session.scalars(query)]


async def one(session: AsyncSession, kind: Kind, code: str, *, lock: bool = False) -> Row | None:
    return await session.get(Row, (kind, code), with_for_update=lock, populate_existing=True)


def value_of(row: Row) -> Definition:
    return Definition(row.code, row.position, row.body, row.version)
