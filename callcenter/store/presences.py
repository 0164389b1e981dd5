"""The last state of each agent in the books."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.core.ghosts import PresenceKept

LAST = text(
    "select a.agent, e.state, e.at from unnest(cast(:agents as text[])) as a(agent)"
    " cross join lateral (select state, at from presence_events where agent = a.agent"
    " order by sequence desc limit 1) as e"
)


async def last_presences(engine: AsyncEngine, agents: Collection[str]) -> dict[str, PresenceKept]:
    """By agent; who was never there has no line. Raises OSError or SQLAlchemyError."""
    async with engine.connect() as connection:
        rows = await connection.execute(LAST, {"agents": sorted(agents)})
        return {row.agent: PresenceKept(row.state, row.at.timestamp()) for row in rows}
