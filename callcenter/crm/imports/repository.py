"""Imports in the database, in the session that is given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from callcenter.crm.imports.schemas import Column, Import, RowFlaw
from callcenter.store import tables
from callcenter.store.accounts import as_uuid

Row = tables.CustomerImport
SHOWN_MAX = 30


async def find(session: AsyncSession, id: str, *, lock: bool = False) -> Row | None:
    key = as_uuid(id)
    if key is None:
        return None
    return await session.get(Row, key, with_for_update=lock, populate_existing=True)


async def latest(session: AsyncSession) -> list[Row]:
    query = select(Row).options(defer(Row.content)).order_by(Row.created.desc()).limit(SHOWN_MAX)
    return list(await session.scalars(query))


async def next_to_do(session: AsyncSession) -> Row | None:
    """The oldest with work left that nobody else has in hand, locked."""
    query = (
        select(Row)
        .where(Row.state.in_(("waiting", "running")))
        .order_by(Row.created)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    found = await session.scalars(query)
    return found.first()


def value_of(row: Row) -> Import:
    options: dict[str, Any] = row.options
    columns: Sequence[Any] = options.get("columns", [])
    return Import(
        id=str(row.id),
        file_name=row.file_name,
        created=row.created,
        by=row.user_name,
        state=row.state,  # type: ignore[arg-type]  # the table's check holds it
        columns=tuple(Column(c["name"], c["target"], tuple(c["samples"])) for c in columns),
        duplicates=options.get("duplicates", "skip"),
        dry_run=bool(options.get("dry_run", True)),
        total=row.total,
        done=row.done,
        made=row.made,
        changed=row.changed,
        skipped=row.skipped,
        failed=row.failed,
        flaws=tuple(RowFlaw(f["row"], f["where"], f["message"]) for f in row.flaws),
        message=row.message,
    )
