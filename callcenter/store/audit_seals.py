"""The audit cannot be changed unseen: now and then its new lines are sealed into a chain of hashes.

A seal is SHA-256 over the seal before it and every line since; it is told to the log, too, which
operators send to another machine: who rewrites lines and all seals in the database does not have
that. Sealing waits for writers that are under way, so that no line can appear below a seal; while
it cannot, it lets them pass and tries again a minute later. Nothing here decides what is audited.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from sqlalchemy import Row, func, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from callcenter.store.tables import AuditEntry, AuditSeal

BEGINNING = "0" * 64
LOCK_MS_MAX = 200
LINES_AT_ONCE = 2_000
LOCK_NOT_AVAILABLE = "55P03"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`lines` and `seals` that hold; `unsealed` lines after them. `wrong`: empty, or what is not as
    it was, by the numbers of the lines."""

    lines: int
    seals: int
    unsealed: int
    wrong: str = ""
    last: str = BEGINNING


async def seal(engine: AsyncEngine) -> bool:
    """Seals what is not sealed; whether there was anything. Raises OSError, SQLAlchemyError."""
    async with engine.begin() as connection:
        await connection.execute(text(f"set local lock_timeout = '{LOCK_MS_MAX}ms'"))
        try:
            # Conflicts with every writer: after it, all lines with lower numbers are there.
            await connection.execute(text("lock table audit in share row exclusive mode"))
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", "") == LOCK_NOT_AVAILABLE:
                return False
            raise
        before = (
            await connection.execute(select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1))
        ).first()
        last_id, chain = (before.last_id, before.hash) if before else (0, BEGINNING)
        top = await connection.scalar(select(func.max(AuditEntry.id))) or 0
        if top <= last_id:
            return False
        lines, chain = await _chained(connection, last_id, top, chain)
        made = insert(AuditSeal).values(last_id=top, lines=lines, hash=chain)
        await connection.execute(made)
    log.info("the audit is sealed up to line %d: %s", top, chain)
    return True


async def verify(engine: AsyncEngine) -> Verdict:
    """Works every seal out again. Raises OSError, SQLAlchemyError."""
    lines, last_id, chain, wrong = 0, 0, BEGINNING, ""
    async with engine.connect() as connection:
        await connection.execute(text("set transaction isolation level repeatable read"))
        seals = (await connection.execute(select(AuditSeal).order_by(AuditSeal.id))).all()
        for number, one in enumerate(seals):
            found, chain = await _chained(connection, last_id, one.last_id, chain)
            if chain != one.hash or found != one.lines:
                told = f"{found} lines where {one.lines} were sealed" if found != one.lines else ""
                wrong = f"lines {last_id + 1} to {one.last_id} are not as they were" + (
                    f" ({told})" if told else ""
                )
                return Verdict(lines, number, 0, wrong, chain)
            lines, last_id = lines + found, one.last_id
        after = select(func.count()).select_from(AuditEntry).where(AuditEntry.id > last_id)
        unsealed = await connection.scalar(after) or 0
    return Verdict(lines, len(seals), unsealed, wrong, chain)


async def _chained(
    connection: AsyncConnection, above: int, up_to: int, before: str
) -> tuple[int, str]:
    """How many lines there are with numbers in (above, up_to], and the seal over them."""
    summed, count = hashlib.sha256(before.encode()), 0
    async for row in _lines(connection, above, up_to):
        summed.update(_written(row))
        count += 1
    return count, summed.hexdigest()


async def _lines(connection: AsyncConnection, above: int, up_to: int) -> AsyncIterator[Row[Any]]:
    while True:
        wanted = AuditEntry.id > above, AuditEntry.id <= up_to
        query = select(AuditEntry).where(*wanted).order_by(AuditEntry.id).limit(LINES_AT_ONCE)
        rows = (await connection.execute(query)).all()
        for row in rows:
            yield row
        if len(rows) < LINES_AT_ONCE:
            return
        above = rows[-1].id


def _written(row: Row[Any]) -> bytes:
    """The line in the one form that is hashed: JSON, keys in order, the time in UTC."""
    at = row.at.astimezone(UTC).isoformat(timespec="microseconds")
    user = str(row.user_id) if row.user_id else ""
    said = [row.id, at, user, row.action, row.subject, row.detail, row.ip]
    return json.dumps(said, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()
