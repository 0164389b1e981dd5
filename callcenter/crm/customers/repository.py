"""Customers in the database. Each function works in the session it is given and commits nothing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, case, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.crm.cursors import read_cursor, write_cursor
from callcenter.crm.customers.schemas import (
    Customer,
    CustomerDraft,
    CustomerEmail,
    CustomerNumber,
    Wanted,
)
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
    query = select(Row).where(Row.id.in_(holders), Row.merged_into.is_(None)).order_by(Row.id)
    return list(await session.scalars(query))


def _filtered(wanted: Wanted) -> Select[Row]:
    query = select(Row).where(Row.merged_into.is_(None))
    if wanted.kind is not None:
        query = query.where(Row.kind == wanted.kind)
    if wanted.owner is not None:
        query = query.where(Row.owner_agent == wanted.owner)
    if wanted.tag is not None:
        query = query.where(Row.tags.contains([wanted.tag]))
    if wanted.vip is not None:
        query = query.where(Row.vip.is_(wanted.vip))
    if wanted.blocked is not None:
        query = query.where(Row.blocked.is_(wanted.blocked))
    if wanted.company is not None:
        query = query.where(Row.company_id == (as_uuid(wanted.company) or uuid.UUID(int=0)))
    return query


async def search(
    session: AsyncSession, wanted: Wanted, *, limit: int, cursor: str | None
) -> tuple[list[Row], str | None]:
    """Rows that have all words of the text somewhere: those whose name begins with the first word
    first, then the latest changed. An empty text finds all. What has only marks finds none."""
    words = query_words(wanted.text)
    if wanted.text.strip() and not words:
        return [], None
    query = _filtered(wanted)
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


def fill(
    row: Row,
    draft: CustomerDraft,
    numbers: Sequence[CustomerNumber],
    emails: Sequence[CustomerEmail],
) -> None:
    """Everything of `draft` but the consent into `row`; `numbers` and `emails` are read and unique
    already."""
    row.name, row.company, row.kind = draft.name, draft.company, draft.kind
    row.company_id = as_uuid(draft.company_id) if draft.company_id else None
    row.vip, row.blocked, row.language = draft.vip, draft.blocked, draft.language
    row.priority, row.value_seconds = draft.priority, draft.value_seconds
    row.owner_agent, row.notes = draft.owner_agent, draft.notes
    row.tags, row.custom = list(draft.tags), plain(draft.custom)
    kept = {number.e164: number for number in row.numbers}
    row.numbers = [
        _number(kept.get(number.e164), number, place) for place, number in enumerate(numbers)
    ]
    known = {email.address: email for email in row.emails}
    row.emails = [
        _email(known.get(email.address), email, place) for place, email in enumerate(emails)
    ]
    find_again(row)
    row.updated = func.clock_timestamp()


def find_again(row: Row) -> None:
    """What a search reads, from what the row holds now."""
    row.search_text, row.grams = customer_search(
        row.name,
        row.company,
        [number.e164 for number in row.numbers],
        row.tags,
        row.custom,
        row.notes,
        [email.address for email in row.emails],
    )


def _number(
    row: tables.CustomerNumber | None, number: CustomerNumber, place: int
) -> tables.CustomerNumber:
    row = row or tables.CustomerNumber(e164=number.e164)
    row.label, row.typed, row.position = number.label, number.typed, place
    return row


def _email(
    row: tables.CustomerEmail | None, email: CustomerEmail, place: int
) -> tables.CustomerEmail:
    row = row or tables.CustomerEmail(address=email.address)
    row.label, row.typed, row.position = email.label, email.typed, place
    return row


def value_of(row: Row) -> Customer:
    """The row as a value."""
    return Customer(
        id=str(row.id),
        name=row.name,
        numbers=tuple(CustomerNumber(n.e164, n.label, n.typed) for n in row.numbers),
        emails=tuple(CustomerEmail(e.address, e.label, e.typed) for e in row.emails),
        kind="company" if row.kind == "company" else "person",
        company_id=str(row.company_id) if row.company_id else None,
        consent=row.consent,
        merged_into=str(row.merged_into) if row.merged_into else None,
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
