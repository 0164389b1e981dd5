"""Teams out of the database, as the core has them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.teams import Team
from callcenter.store.tables import TeamLeader, TeamQueue, TeamRecord


async def read_teams(session: AsyncSession) -> tuple[dict[str, Team], dict[str, int]]:
    """The teams and their versions."""
    queues: dict[str, set[str]] = {}
    for row in await session.scalars(select(TeamQueue)):
        queues.setdefault(row.team_id, set()).add(row.queue_id)
    leaders: dict[str, set[str]] = {}
    for one in await session.scalars(select(TeamLeader)):
        leaders.setdefault(one.team_id, set()).add(str(one.user_id))
    teams: dict[str, Team] = {}
    versions: dict[str, int] = {}
    for team in await session.scalars(select(TeamRecord).order_by(TeamRecord.id)):
        teams[team.id] = Team(
            team.id,
            team.name,
            frozenset(queues.get(team.id, ())),
            frozenset(leaders.get(team.id, ())),
            team.everything,
        )
        versions[team.id] = team.version
    return teams, versions
