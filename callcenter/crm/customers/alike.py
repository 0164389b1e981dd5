"""Who may be the same customer: by number, by e-mail, by name. In the session that is given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.crm.customers.repository import value_of
from callcenter.crm.customers.schemas import Alike, Customer
from callcenter.store.searching import fold, like_pattern, query_grams
from callcenter.store.tables import Customer as Row
from callcenter.store.tables import CustomerEmail, CustomerNumber

ALIKE_MAX = 20
SHARERS_MAX = 10


async def alike(
    session: AsyncSession,
    *,
    name: str,
    numbers: Sequence[str],
    emails: Sequence[str],
    besides: str,
) -> list[Alike]:
    """Those with the most in common first."""
    reasons: dict[str, list[str]] = {}
    rows: dict[str, Row] = {}
    holders = select(CustomerNumber.customer_id).where(CustomerNumber.e164.in_(numbers))
    writers = select(CustomerEmail.customer_id).where(CustomerEmail.address.in_(emails))
    questions: list[tuple[str, Select[Any]]] = []
    if numbers:
        questions.append(("number", select(Row).where(Row.id.in_(holders))))
    if emails:
        questions.append(("email", select(Row).where(Row.id.in_(writers))))
    folded = fold(name)
    if folded:
        # The index narrows it down to those who have the name somewhere.
        begins = select(Row).where(Row.search_text.like(like_pattern(folded)[1:]))
        pieces = query_grams(folded.split())
        if pieces:
            begins = begins.where(Row.grams.contains(pieces))
        questions.append(("name", begins))
    for reason, query in questions:
        found = await session.scalars(query.where(Row.merged_into.is_(None)).limit(ALIKE_MAX * 2))
        for row in found:
            if str(row.id) == besides or (reason == "name" and fold(row.name) != folded):
                continue
            rows[str(row.id)] = row
            reasons.setdefault(str(row.id), []).append(reason)
    order = sorted(rows, key=lambda id: (-len(reasons[id]), rows[id].name, id))
    return [Alike(value_of(rows[id]), tuple(reasons[id])) for id in order[:ALIKE_MAX]]


async def doubles(session: AsyncSession, limit: int) -> list[tuple[str, list[Customer]]]:
    """Groups of customers who share something, each group once, the largest first."""
    shown = Row.merged_into.is_(None)
    who = func.array_agg(Row.id.distinct())
    several = func.count(Row.id.distinct()) > 1
    by_number = (
        select(CustomerNumber.e164.label("shared"), who.label("who"))
        .join(Row, Row.id == CustomerNumber.customer_id)
        .where(shown)
        .group_by(CustomerNumber.e164)
        .having(several)
    )
    by_email = (
        select(CustomerEmail.address.label("shared"), who.label("who"))
        .join(Row, Row.id == CustomerEmail.customer_id)
        .where(shown)
        .group_by(CustomerEmail.address)
        .having(several)
    )
    plain_name = func.lower(Row.name)
    by_name = (
        select(plain_name.label("shared"), who.label("who"))
        .where(shown)
        .group_by(plain_name)
        .having(several)
    )
    groups: list[tuple[str, list[Any]]] = []
    seen: set[frozenset[Any]] = set()
    for query in (by_number, by_email, by_name):
        for shared, ids in await session.execute(query.limit(limit * 2)):
            if frozenset(ids) not in seen:
                seen.add(frozenset(ids))
                groups.append((shared, list(ids)[:SHARERS_MAX]))
    groups = groups[:limit]
    wanted = {id for _, ids in groups for id in ids}
    rows = {row.id: row for row in await session.scalars(select(Row).where(Row.id.in_(wanted)))}
    return [(shared, [value_of(rows[id]) for id in ids if id in rows]) for shared, ids in groups]
