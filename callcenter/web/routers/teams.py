"""Teams: who belongs to each, which queues are theirs, who leads them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from pydantic import Field

from callcenter.core.config import Config
from callcenter.core.teams import LEADERS_MAX, within
from callcenter.store.config_values import VersionPassed
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.errors import ApiError, not_found
from callcenter.web.routers.common import UUID_PATTERN, Served, guarded_router
from callcenter.web.routers.queue_settings import Name, Version

router = guarded_router("centre")

TeamId = Annotated[str, Path(pattern=r"^[^/\x00-\x1f\x7f]{1,64}$")]
Id = Annotated[str, Field(pattern=r"^[a-z0-9]{1,32}$")]
User = Annotated[str, Field(pattern=UUID_PATTERN)]


class TeamBody(Body):
    """`agents`: exactly these belong to it, and leave the team they were in. `leaders`: users with
    the role of a supervisor. `everything`: who leads it sees and touches the whole house.
    `version`: what was read, 0 for a new team; without it the change goes above whatever there
    is."""

    name: Name
    agents: Annotated[list[Id], Field(max_length=2000, default_factory=list)]
    queues: Annotated[list[Id], Field(max_length=500, default_factory=list)]
    leaders: Annotated[list[User], Field(max_length=LEADERS_MAX, default_factory=list)]
    everything: bool = False
    version: Version | None = None


class TeamRead(Body):
    id: str
    name: str
    agents: list[str]
    queues: list[str]
    leaders: list[str]
    everything: bool
    version: int


class TeamsRead(Body):
    items: list[TeamRead]


def _team(id: str, config: Config) -> TeamRead:
    team = config.teams[id]
    return TeamRead(
        id=id,
        name=team.name,
        agents=sorted(agent.id for agent in config.agents_as_set.values() if agent.team == id),
        queues=sorted(team.queues),
        leaders=sorted(team.leaders),
        everything=team.everything,
        version=config.team_versions.get(id, 0),
    )


@router.get("/api/teams")
async def list_teams(caller: Called, served: Served) -> TeamsRead:
    """The teams; supervisors get those that they lead."""
    config = served.config()
    ordered = sorted(config.teams.values(), key=lambda team: (team.name, team.id))
    mine = [team for team in ordered if within(caller.reach, teams=(team.id,))]
    return TeamsRead(items=[_team(team.id, config) for team in mine])


@router.put("/api/teams/{team}")
async def put_team(team: TeamId, body: TeamBody, caller: Called, served: Served) -> TeamRead:
    """Make or change a team. Consoles that are open see the new border at once."""
    config = served.config()
    for where, ids, known in (
        ("agents", body.agents, config.agents_as_set),
        ("queues", body.queues, config.queues),
    ):
        for place, id in enumerate(ids):
            if id not in known:
                message = f"there is no {where[:-1]} {id!r}"
                raise ApiError(422, "invalid", message, where=f"{where}.{place}")
    if body.version == 0 and team in config.teams:
        raise VersionPassed(config.team_versions.get(team, 1))
    values = body.model_dump(exclude_unset=True)
    await served.directory.put_team(team, values, by=caller.account.id)
    await served.reload()
    return _team(team, served.config())


@router.delete("/api/teams/{team}", status_code=204)
async def remove_team(team: TeamId, caller: Called, served: Served) -> None:
    """Take a team away; its agents and queues stay, in no team."""
    if team not in served.config().teams:
        raise not_found("team")
    await served.directory.remove_team(team, by=caller.account.id)
    await served.reload()
