"""Customers in the database. Each function works in the session it is given and commits nothing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.crm.cursors import read_cursor, write_cursor
from callcenter.crm.customers.schemas import Customer, CustomerDraft, CustomerNumber
from callcenter.store import tables
from callcenter.store.accounts import as_uuid
from callcenter.store.ledger_rows import plain
from callcenter.store.searching import customer_search, like_pattern, query_grams, query_words

Row = tables.Customer


async def find(session: AsyncSession, id: str, *, lock: bool = False) -> Row | None:
    key = as_uuid(id)
    if key is None:
        return None
    return await session.get(Row, key, with_for_update=lock, populate_existing=True)


async def with_numbers(session: AsyncSession, numbers: Sequence[str]) -> list[Row]:
    """Customers who have one of these numbers."""
    holders = select(tables.CustomerNumber.customer_id).where(
        tables.CustomerNumber.e164.in_(numbers)
    )
    found = await session.scalars(select(Row).where(Row.id.in_(holders)).order_by(Row.id))
    return list(found)


async def search(
    session: AsyncSession, text: str, *, limit: int, cursor: str | None
) -> tuple[list[Row], str | None]:
    """Rows that have all words of `text` somewhere: those whose name begins with the first word
    first, then the latest changed. An empty text finds all. What has only marks finds none."""
    words = query_words(text)
    if text.strip() and not words:
        return [], None
    query = select(Row)
    rank = case((Row.search_text.like(like_pattern(words[0])[1:]), 0), else_=1) if words else None
    if words:
        pieces = query_grams(words)
        if pieces:
            query = query.where(Row.grams.contains(pieces))
        query = query.where(*(Row.search_text.like(like_pattern(word)) for word in words))
    place = read_cursor(cursor, int, datetime, str)
    if place is not None:
        at_rank, updated, last = place
        after = tuple_(Row.updated, Row.id) < tuple_(
            updated, as_uuid(str(last)) or uuid.UUID(int=0)
        )
        query = query.where(
            after if rank is None else or_(rank > at_rank, (rank == at_rank) & after)
        )
    if rank is not None:
        query = query.order_by(rank)
    query = query.order_by(Row.updated.desc(), Row.id.desc()).limit(limit + 1)
    rows = list(await session.scalars(query))
    if len(rows) <= limit:
        return rows, None
    last_row = rows[limit - 1]
    first = words[0] if words else ""
    shown = 0 if rank is None or last_row.search_text.startswith(first) else 1
    return rows[:limit], write_cursor(shown, last_row.updated, str(last_row.id))


def fill(row: Row, draft: CustomerDraft, numbers: Sequence[CustomerNumber]) -> None:
    """Everything of `draft` into `row`; `numbers` are read and unique already."""
    row.name, row.company = draft.name, draft.company
    row.vip, row.blocked, row.language = draft.vip, draft.blocked, draft.language
    row.priority, row.value_seconds = draft.priority, draft.value_seconds
    row.owner_agent, row.notes = draft.owner_agent, draft.notes
    row.tags, row.custom = list(draft.tags), plain(draft.custom)
    kept = {number.e164: number for number in row.numbers}
    row.numbers = [
        _number(kept.get(number.e164), number, place) for place, number in enumerate(numbers)
    ]
    e164s = [number.e164 for number in numbers]
    row.search_text, row.grams = customer_search(
        draft.name, draft.company, e164s, draft.tags, draft.custom, draft.notes
    )
    row.updated = func.clock_timestamp()


def _number(
    row: tables.CustomerNumber | None, number: CustomerNumber, place: int
) -> tables.CustomerNumber:
    row = row or tables.CustomerNumber(e164=number.e164)
    row.label, row.typed, row.position = number.label, number.typed, place
    return row


def value_of(row: Row) -> Customer:
    """The row as a value."""
    return Customer(
        id=str(row.id),
        name=row.name,
        numbers=tuple(CustomerNumber(n.e164, n.label, n.typed) for n in row.numbers),
        company=row.company,
        vip=row.vip,
        blocked=row.blocked,
        language=row.language,
        priority=row.priority,
        value_seconds=row.value_seconds,
        owner_agent=row.owner_agent,
        notes=row.notes,
        tags=tuple(row.tags),
        custom=row.custom,
        version=row.version,
        created=row.created,
        updated=row.updated,
    )
