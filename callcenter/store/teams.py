"""Teams: made, changed, taken away. Each change is counted and audited like all of the
configuration; the running service follows at once, so a border never lags behind the page."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from sqlalchemy import Update, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.teams import LEADERS_MAX
from callcenter.store.accounts import as_uuid
from callcenter.store.changes import Changes, Values
from callcenter.store.config_values import ConfigRefused, NotThere, VersionPassed, text_of
from callcenter.store.tables import AgentRecord, TeamLeader, TeamQueue, TeamRecord, User

ID: Final = re.compile(r"[^/\x00-\x1f\x7f]{1,64}")
NEW_ID: Final = re.compile(r"[a-z0-9]{1,32}")
TEAMS_MAX: Final = 500


class Teams(Changes):
    async def put_team(self, id: str, values: Values, *, by: str) -> None:
        """Make or change a team; what is not named keeps its value. `agents`: exactly these belong
        to it; who was in another team leaves that one. `version`: what was read, 0 for a new one.
        Raises ConfigRefused, VersionPassed."""
        async with self.change("team.put", id, by, values) as session:
            row = await session.get(TeamRecord, id)
            version = values.get("version")
            if version is not None and version != (row.version if row else 0):
                raise VersionPassed(row.version if row else 0)
            if row is None:
                if not NEW_ID.fullmatch(id):
                    raise ConfigRefused(("id", f"{id[:40]!r} must match {NEW_ID.pattern}"))
                if (await session.scalar(select(func.count(TeamRecord.id))) or 0) >= TEAMS_MAX:
                    raise ConfigRefused(("id", f"there are {TEAMS_MAX} teams already"))
                row = TeamRecord(id=id, version=0, name=text_of(values, "name", 120))
                session.add(row)
            if "name" in values:
                row.name = text_of(values, "name", 120).strip()
            if "everything" in values:
                row.everything = bool(values["everything"])
            row.version += 1
            row.updated = func.now()
            await session.flush()
            await _fill(session, id, values)

    async def remove_team(self, id: str, *, by: str) -> None:
        """Its agents and queues are in no team then. Raises NotThere."""
        async with self.change("team.remove", id, by, {}) as session:
            if await session.get(TeamRecord, id) is None:
                raise NotThere("team", id[:80])
            await session.execute(_left(id))
            await session.execute(delete(TeamRecord).where(TeamRecord.id == id))


async def _fill(session: AsyncSession, id: str, values: Values) -> None:
    if "queues" in values:
        await session.execute(delete(TeamQueue).where(TeamQueue.team_id == id))
        session.add_all(TeamQueue(team_id=id, queue_id=q) for q in _names(values, "queues"))
    if "leaders" in values:
        leaders = {as_uuid(user) for user in _names(values, "leaders")}
        if len(leaders) > LEADERS_MAX:
            raise ConfigRefused(("leaders", f"a team has at most {LEADERS_MAX} leaders"))
        query = select(func.count(User.id)).where(User.id.in_(leaders), User.role == "supervisor")
        if await session.scalar(query) != len(leaders):
            raise ConfigRefused(("leaders", "only supervisors lead a team"))
        await session.execute(delete(TeamLeader).where(TeamLeader.team_id == id))
        session.add_all(TeamLeader(team_id=id, user_id=user) for user in leaders)
    if "agents" in values:
        agents = _names(values, "agents")
        await session.execute(_left(id).where(AgentRecord.id.not_in(agents)))
        joined = update(AgentRecord).where(AgentRecord.id.in_(agents), AgentRecord.team != id)
        await session.execute(joined.values(team=id, version=AgentRecord.version + 1))


def _left(team: str) -> Update:
    leaving = update(AgentRecord).where(AgentRecord.team == team)
    return leaving.values(team="", version=AgentRecord.version + 1)


def _names(values: Values, name: str) -> list[str]:
    found = values[name]
    assert isinstance(found, Collection)
    return sorted({str(one) for one in found})
