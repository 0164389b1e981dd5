"""Groups of agents: conditions on skills, team and queues, and who fulfils them now.

Queues, their rings and their overflow rules name groups. Membership is never stored: it is worked
out with each change of an agent, a group or a queue.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from acd.groups import CLAUSES_MAX, ClauseKind, Match
from acd.model import SKILL_MAX
from callcenter.core.config import Config
from callcenter.core.teams import Reach, within
from callcenter.store.config_values import group_condition
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.errors import ApiError, conflict, not_found
from callcenter.web.routers.common import GroupId, Served, guarded_router
from callcenter.web.routers.queue_settings import SKILL, Level, Name, Version

router = guarded_router("centre")


class GroupClause(Body):
    """*skill*: the level in it is from `low` to `high` (0: he does not have it); *team*: he is in
    it; *queue*: he is named in it. `low` and `high` count with skills only."""

    kind: ClauseKind
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
    low: Level = 1
    high: Level = SKILL_MAX


class AgentGroupBody(Body):
    """`match`: all clauses must hold, or any of them. `version`: what was read, 0 for a new group;
    without it the change goes above whatever there is."""

    name: Name
    match: Match = "all"
    clauses: Annotated[list[GroupClause], Field(max_length=CLAUSES_MAX, default_factory=list)]
    version: Version | None = None


class AgentGroupRead(AgentGroupBody):
    """`members`: who is in it now; `by_hand`: those of them who were put there."""

    id: str
    version: int
    members: list[str]
    by_hand: list[str]
    queues: list[str]


class AgentGroups(Body):
    items: list[AgentGroupRead]


def _group(id: str, config: Config) -> AgentGroupRead:
    group = config.groups[id]
    return AgentGroupRead(
        id=id,
        name=group.name,
        version=config.group_versions.get(id, 0),
        members=sorted(a.id for a in config.agents.values() if id in a.groups),
        by_hand=sorted(a.id for a in config.agents_as_set.values() if id in a.groups),
        queues=sorted(_used_by(id, config)),
        **group_condition(group),
    )


def _narrowed(group: AgentGroupRead, reach: Reach) -> AgentGroupRead:
    def mine(agents: list[str]) -> list[str]:
        return [agent for agent in agents if within(reach, agents=(agent,))]

    queues = [queue for queue in group.queues if within(reach, queues=(queue,))]
    changed = {"members": mine(group.members), "by_hand": mine(group.by_hand), "queues": queues}
    return group.model_copy(update=changed)


def _used_by(id: str, config: Config) -> list[str]:
    """The queues that name it, anywhere."""
    return [
        queue.id
        for queue in config.queues.values()
        if id in queue.groups
        or any(id in ring.groups for ring in queue.rings)
        or any(id in (one.unless_idle_in_group, one.if_idle_in_group) for one in queue.overflow)
    ]


@router.get("/api/groups")
async def list_groups(caller: Called, served: Served) -> AgentGroups:
    """Supervisors get all of them, with the members of their teams."""
    config = served.config()
    ordered = sorted(config.groups.values(), key=lambda group: (group.name, group.id))
    return AgentGroups(
        items=[_narrowed(_group(group.id, config), caller.reach) for group in ordered]
    )


@router.put("/api/groups/{group}")
async def put_group(
    group: GroupId, body: AgentGroupBody, caller: Called, served: Served
) -> AgentGroupRead:
    """Make or change a group. Who belongs to it follows at once, also for callers who wait."""
    config = served.config()
    for place, clause in enumerate(body.clauses):
        _check(clause, f"clauses.{place}", config)
    values = body.model_dump(exclude_unset=True)
    if values.get("version") is None:
        values.pop("version", None)
    await served.directory.put_group(group, values, by=caller.account.id)
    await served.reload()
    return _group(group, served.config())


def _check(clause: GroupClause, where: str, config: Config) -> None:
    if clause.kind == "skill" and not SKILL.fullmatch(clause.name):
        message = f"{clause.name!r} is not a skill: use a-z, 0-9, - and _, at most 32"
        raise ApiError(422, "invalid", message, where=f"{where}.name")
    if clause.kind == "queue" and clause.name not in config.queues:
        message = f"there is no queue {clause.name!r}"
        raise ApiError(422, "invalid", message, where=f"{where}.name")
    if clause.low > clause.high:
        message = "the lower level is above the higher one"
        raise ApiError(422, "invalid", message, where=f"{where}.low", todo="swap them")


@router.delete("/api/groups/{group}", status_code=204)
async def remove_group(group: GroupId, caller: Called, served: Served) -> None:
    """Take a group away; refused as long as a queue names it."""
    config = served.config()
    if group not in config.groups:
        raise not_found("group")
    used = _used_by(group, config)
    if used:
        names = ", ".join(config.queues[queue].name for queue in used)
        raise conflict(
            f"the group is used by {names}", where="group", todo="take it out of there first"
        )
    await served.directory.remove_group(group, by=caller.account.id)
    await served.reload()
