"""Why an agent got what he got: stored states and stored decisions, in the session that is given.

Decisions are kept with the calls they were made for, so those of a time are found by the calls of
that time; calls that go on are named by who knows them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.crm.interactions.schemas import Considering, Spell
from callcenter.store import tables

SPELLS_MAX = 2000
DECISIONS_MAX = 2000
CALL_SECONDS_MAX = 12 * 3600.0  # a call that began earlier is not looked at any more

Event = tables.InteractionEvent
Presence = tables.PresenceEvent


async def spells(
    session: AsyncSession, agent: str, since: datetime, until: datetime
) -> list[Spell]:
    """The latest state before `since` reaches into the time asked for."""
    mine = select(Presence).where(Presence.agent == agent)
    order = (Presence.at.desc(), Presence.sequence.desc())
    before = await session.scalars(mine.where(Presence.at < since).order_by(*order).limit(1))
    within = mine.where(Presence.at >= since, Presence.at < until)
    latest = await session.scalars(within.order_by(*order).limit(SPELLS_MAX))
    rows = [*before, *reversed(list(latest))]
    ends = [row.at for row in rows[1:]] + [until] * bool(rows)
    return [
        Spell(max(row.at, since), end, row.state, row.reason, row.call)
        for row, end in zip(rows, ends, strict=True)
        if max(row.at, since) < end
    ]


async def considered(
    session: AsyncSession, agent: str, since: datetime, until: datetime, going_on: Sequence[str]
) -> list[Considering]:
    record = tables.Interaction
    ended = select(record.call).where(
        record.started_at >= since - timedelta(seconds=CALL_SECONDS_MAX),
        record.started_at < until,
    )
    query = (
        select(Event)
        .where(or_(Event.call.in_(ended), Event.call.in_(going_on)))
        .where(Event.kind == "offered", Event.at >= since, Event.at < until)
        .where(Event.data.contains({"why": {"considered": [{"agent": agent}]}}))
        .order_by(Event.at.desc(), Event.call)
        .limit(DECISIONS_MAX)
    )
    rows = list(await session.scalars(query))
    return [_considering(row, agent) for row in reversed(rows)]


def _considering(row: tables.InteractionEvent, agent: str) -> Considering:
    why = row.data["why"]
    mine = next(one for one in why["considered"] if one["agent"] == agent)
    return Considering(row.at, row.call, why["queue"], why["chosen"], mine["code"], mine["text"])
