"""Scripts in the database, in the session that is given."""

from __future__ import annotations

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.crm.scripts.schemas import Run, Script, ScriptVersion, StoredScript
from callcenter.store import tables

Row = tables.ScriptRecord
Version = tables.ScriptVersionRecord


async def all_scripts(session: AsyncSession) -> list[StoredScript]:
    return [value_of(row) for row in await session.scalars(select(Row).order_by(Row.code))]


async def find(session: AsyncSession, code: str, *, lock: bool = False) -> Row | None:
    return await session.get(Row, code, with_for_update=lock)


async def body(session: AsyncSession, code: str, number: int) -> Script | None:
    row = await session.get(Version, (code, number))
    return Script.model_validate(row.body) if row else None


async def versions(session: AsyncSession, code: str) -> list[ScriptVersion]:
    """Newest first."""
    query = select(Version).where(Version.code == code).order_by(Version.number.desc())
    return [
        ScriptVersion(row.number, row.note, row.user_name, row.at)
        for row in await session.scalars(query)
    ]


async def last_number(session: AsyncSession, code: str) -> int:
    return await session.scalar(select(func.max(Version.number)).filter_by(code=code)) or 0


async def fitting(
    session: AsyncSession, queue: str | None, language: str
) -> tuple[str, int] | None:
    """(code, version) for a call: one that names the queue before one for all, then the caller's
    language."""
    named = Row.queues.contains([queue or ""])
    query = (
        select(Row.code, Row.published)
        .where(Row.active, Row.published.is_not(None), or_(named, Row.queues == []))
        .order_by(named.desc(), (Row.language == language).desc(), Row.code)
        .limit(1)
    )
    found = (await session.execute(query)).one_or_none()
    return (found[0], found[1]) if found and found[1] is not None else None


async def run(session: AsyncSession, call: str, *, lock: bool = False) -> tables.ScriptRun | None:
    return await session.get(tables.ScriptRun, call, with_for_update=lock)


def run_of(row: tables.ScriptRun) -> Run:
    return Run(row.script, row.number, [(step, said) for step, said in row.trail], row.revision)


def value_of(row: Row) -> StoredScript:
    return StoredScript(
        script=Script.model_validate(row.draft),
        active=row.active,
        published=row.published,
        draft_ahead=row.draft_ahead,
        revision=row.revision,
        updated=row.updated,
        updated_by=row.user_name,
    )
