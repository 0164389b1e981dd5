"""What a receiver wants to know beside the event itself: whose call, which ticket. Looked up when
the event is handed on, never where it happens."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.store import tables
from callcenter.store.accounts import as_uuid
from callcenter.webhooks.schemas import Happened

# What of a call's own lines is told with each of its events.
_OF_A_CALL = {
    "arrived": {"number": "number", "did": "did"},
    "customer": {"customer": "customer_id"},
    "queued": {"queue": "queue"},
    "answered": {"agent": "agent"},
}


async def surroundings(
    session: AsyncSession, happened: Sequence[Happened]
) -> Mapping[str, Mapping[str, object]]:
    """By subject."""
    calls = {one.subject for one in happened if one.kind.startswith("call.")}
    tickets = {as_uuid(one.subject) for one in happened if one.kind.startswith("ticket.")}
    found: dict[str, dict[str, object]] = {}
    if calls:
        await _calls(session, calls, found)
    if tickets:
        await _tickets(session, {id for id in tickets if id}, found)
    return found


async def _calls(
    session: AsyncSession, calls: set[str], found: dict[str, dict[str, object]]
) -> None:
    event = tables.InteractionEvent
    query = (
        select(event.call, event.kind, event.data)
        .where(event.call.in_(calls), event.kind.in_(_OF_A_CALL))
        .order_by(event.sequence)
    )
    for call, kind, data in (await session.execute(query)).all():
        known = found.setdefault(call, {})
        for name, told in _OF_A_CALL[kind].items():
            if data.get(name) is not None:
                known[told] = data[name]


async def _tickets(
    session: AsyncSession, ids: set[uuid.UUID], found: dict[str, dict[str, object]]
) -> None:
    for row in await session.scalars(select(tables.Ticket).where(tables.Ticket.id.in_(ids))):
        found[str(row.id)] = {
            "number": row.number,
            "type": row.type,
            "subject": row.subject,
            "stage": row.stage,
            "priority": row.priority,
            "customer_id": str(row.customer_id) if row.customer_id else None,
            "owner_agent": row.owner_agent,
        }
