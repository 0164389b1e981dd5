"""Calls that an agent had a part in, or that lie within a team's border, newest first.

The record of a call names one agent; the others stand in its parts, which know when they began and
not when their call did. One question for both would have to read every part of the agent, or every
call of the house. So calls are looked for in stretches of time that go back from the place where
the page begins, each some times as long as the one before, until the page is full: those whose
record has the agent (or the queue, of a team), and those of parts that began in the stretch, or so
soon after it that their call may have begun in it. A stretch gives all its calls, so the order is
that of the calls' beginnings, and no page repeats or loses one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.teams import Reach

FIRST_STRETCH = timedelta(hours=1)
LONGER = 4  # times, each stretch than the one before
CALL_LONGEST = timedelta(days=7)  # no part begins later after its call
CLOCK_SET_BACK = timedelta(hours=1)  # nor earlier before it
TICK = timedelta(microseconds=1)
LATEST = datetime(9999, 1, 1, tzinfo=UTC)

Place = tuple[datetime, str]

OF_RECORD = """select call from interactions where {} = any(cast(:{} as text[]))
    and started_at >= :low and started_at < :high"""
OF_PARTS = """select call from interaction_parts where agent = any(cast(:agents as text[]))
    and began_at >= :began and began_at < :begun"""
WITHIN = """and (i.queue = any(cast(:seen_queues as text[]))
    or i.agent = any(cast(:seen_agents as text[]))
    or exists (select 1 from interaction_parts p where p.call = i.call
        and p.agent = any(cast(:seen_agents as text[]))))"""
EDGES = "select min(at) as oldest, max(at) as newest from ({}) edges"
EDGE = "(select {0} as at from {1} {2} order by {0} {3} limit 1)"


@dataclass(frozen=True, slots=True)
class Touched:
    """Of this agent, of this queue (None: any), within this reach; `since` is inclusive, `until`
    exclusive. There is an agent, or the reach is not everything."""

    agent: str | None
    queue: str | None
    since: datetime | None
    until: datetime | None
    reach: Reach


async def touched(
    session: AsyncSession, wanted: Touched, *, before: Place | None, limit: int
) -> list[Place]:
    """Up to `limit` calls before this place."""
    ends = min(wanted.until or LATEST, LATEST if before is None else before[0] + TICK)
    sql, values = _statement(wanted)
    edges = await _edges(session, wanted)
    if edges is None:
        return []
    low, high = max(wanted.since or edges[0], edges[0]), min(ends, edges[1] + TICK)
    values |= dict(zip(("at", "call"), before or (LATEST, ""), strict=True))
    found: list[Place] = []
    for since, until in _stretches(low, high):
        stretch = {
            "low": since,
            "high": until,
            "began": since - CLOCK_SET_BACK,
            "begun": until + CALL_LONGEST,
            "limit": limit - len(found),
        }
        rows = (await session.execute(text(sql), values | stretch)).all()
        found += [(row.started_at, row.call) for row in rows]
        if len(found) >= limit:
            break
    return found


def _statement(wanted: Touched) -> tuple[str, dict[str, Any]]:
    """Whose calls are looked for: those of the agent, else those of all that the reach has."""
    reach, conditions = wanted.reach, ""
    values: dict[str, Any] = {}
    if wanted.agent is not None:
        ways = [OF_RECORD.format("agent", "agents"), OF_PARTS]
        values["agents"] = [wanted.agent]
        if not reach.everything and wanted.agent not in reach.agents:
            conditions += WITHIN
            values |= {"seen_queues": sorted(reach.queues), "seen_agents": sorted(reach.agents)}
    else:
        ways = [OF_RECORD.format("agent", "agents"), OF_PARTS, OF_RECORD.format("queue", "queues")]
        values |= {"agents": sorted(reach.agents), "queues": sorted(reach.queues)}
    if wanted.queue is not None:
        conditions += " and i.queue = :queue"
        values["queue"] = wanted.queue
    # Without "offset 0" the planner might rather read all calls of the queue.
    return (
        f"""
        with near as materialized ({" union ".join(ways)})
        select i.started_at, i.call from near cross join lateral (
            select * from interactions one where one.call = near.call offset 0) i
        where i.started_at >= :low and i.started_at < :high
            and (i.started_at, i.call) < (:at, :call) {conditions}
        order by i.started_at desc, i.call desc limit :limit
        """,
        values,
    )


async def _edges(session: AsyncSession, wanted: Touched) -> tuple[datetime, datetime] | None:
    """When the first and the last of these calls may have begun; None: there are none."""
    of_agent = "" if wanted.agent is None else "where agent = :agent"
    tables = [("started_at", "interactions")]
    tables += [("began_at", "interaction_parts")] if wanted.agent is not None else []
    ways = [EDGE.format(*one, of_agent, way) for one in tables for way in ("asc", "desc")]
    sql = EDGES.format(" union all ".join(ways))
    (row,) = await session.execute(text(sql), {"agent": wanted.agent} if of_agent else {})
    return None if row.oldest is None else (row.oldest - CALL_LONGEST, row.newest)


def _stretches(low: datetime, high: datetime) -> Iterator[tuple[datetime, datetime]]:
    """From `high` back to `low`, as [since, until)."""
    length = FIRST_STRETCH
    while high > low:
        since = max(low, high - length)
        yield since, high
        high, length = since, length * LONGER
