"""The centre's set-up: agents, queues and who serves them, reasons and dispositions.

Every change is stored first and then handed to the running centre; nothing needs a restart.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from acd.model import Agent, Queue
from callcenter.core.config import Config
from callcenter.core.teams import within
from callcenter.store.config_values import VersionPassed, queue_of, queue_settings
from callcenter.store.phones import UnknownAgent
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.errors import ApiError, not_found
from callcenter.web.routers.common import AgentId, QueueId, Served, guarded_router
from callcenter.web.routers.queue_settings import (
    Name,
    QueueBody,
    QueueChange,
    QueueRead,
    Skills,
    Version,
    check,
)
from callcenter.web.services import WebServices
from ivr.localtime import is_zone

router = guarded_router("centre")

MEDIA = ("voice", "chat", "work")
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,32}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,32}$")]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
LabelZh = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)]


class Capacity(Body):
    """Items of each medium at once. A call wants an agent alone, but may interrupt `work`."""

    voice: Annotated[int, Field(ge=0, le=1)] = 1
    chat: Annotated[int, Field(ge=0, le=20)] = 0
    work: Annotated[int, Field(ge=0, le=20)] = 0


class AgentBody(Body):
    """What is not named keeps its value. `groups`: those he is put into by hand. `weight`: his
    share where a queue draws at random (0: never drawn while others can be). `capacity`: how many
    he handles at once, by medium (`voice` 0 or 1)."""

    name: Name
    team: Annotated[str, StringConstraints(strip_whitespace=True, max_length=64)] = ""
    skills: Annotated[Skills, Field(default_factory=dict)]
    groups: Annotated[list[Id], Field(max_length=100, default_factory=list)]
    weight: Annotated[int, Field(ge=0, le=1000)] = 1
    capacity: Annotated[Capacity, Field(default_factory=lambda: Capacity())]


class AgentRead(AgentBody):
    """`queues`: those he is named in; `serves`: also through his groups. `member_of`: all his
    groups, by hand or by their condition."""

    id: str
    queues: list[str]
    serves: list[str]
    member_of: list[str]


class Agents(Body):
    items: list[AgentRead]


class DeskPhone(Body):
    """`password` is shown this once: type it into the phone."""

    device: str
    password: str


class Queues(Body):
    items: list[QueueRead]


class Members(Body):
    """Agents in the order a linear queue rings them. `version`: of the queue, as it was read."""

    agents: Annotated[list[Id], Field(max_length=2000)]
    version: Version | None = None


class PauseReasonBody(Body):
    code: Code
    name: Label
    name_zh: LabelZh = ""
    limit_seconds: Annotated[float, Field(gt=0, le=86400)] | None = None


class PauseReasons(Body):
    items: Annotated[list[PauseReasonBody], Field(max_length=100)]


class DispositionBody(Body):
    code: Code
    name: Label
    name_zh: LabelZh = ""
    queues: Annotated[list[Id], Field(max_length=500, default_factory=list)]
    default: bool = False
    parent: Annotated[str, Field(pattern=r"^[a-z0-9_-]{0,32}$")] = ""
    active: bool = True
    keywords: Annotated[str, Field(max_length=200)] = ""


class Dispositions(Body):
    items: Annotated[list[DispositionBody], Field(max_length=500)]


class CentreBody(Body):
    """`time_zone`: IANA, as Asia/Shanghai; the counters of the day begin anew at its midnight."""

    time_zone: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]


def _agent(agent: Agent, config: Config) -> AgentRead:
    """`agent` as somebody set it."""
    works = config.agents[agent.id]
    return AgentRead(
        id=agent.id,
        name=agent.name,
        team=agent.team,
        skills=dict(agent.skills),
        groups=sorted(agent.groups),
        weight=agent.weight,
        capacity=Capacity(**{medium: agent.capacity.get(medium, 0) for medium in MEDIA}),
        queues=sorted(agent.queues),
        serves=sorted(works.queues),
        member_of=sorted(works.groups),
    )


def _queue(queue: Queue, config: Config) -> QueueRead:
    members = [agent for agent in config.agents_as_set.values() if queue.id in agent.queues]
    members.sort(key=lambda agent: (agent.queues[queue.id], agent.id))
    named = [agent.id for agent in members]
    serving = {agent.id for agent in config.agents.values() if queue.id in agent.queues}
    settings = queue_settings(queue) | {"name": queue.name, "enabled": queue.enabled}
    values = {name: settings[name] for name in QueueBody.model_fields}
    return QueueRead(
        id=queue.id,
        members=named,
        by_group=sorted(serving - set(named)),
        version=config.queue_versions.get(queue.id, 0),
        **values,
    )


def _known(what: str, ids: list[str], known: object, where: str) -> None:
    assert hasattr(known, "__contains__")
    for one in ids:
        if one not in known:
            raise ApiError(422, "invalid", f"there is no {what} {one!r}", where=where)


def _unique(codes: list[str]) -> None:
    if len(set(codes)) != len(codes):
        twice = next(code for code in codes if codes.count(code) > 1)
        raise ApiError(422, "invalid", f"the code {twice!r} is there twice", where="items")


def _queue_now(queue: str, served: WebServices) -> QueueRead:
    config = served.config()
    return _queue(config.queues[queue], config)


@router.get("/api/centre")
async def read_centre(served: Served) -> CentreBody:
    """What holds for the centre as a whole."""
    return CentreBody(time_zone=served.config().time_zone)


@router.put("/api/centre")
async def put_centre(body: CentreBody, caller: Called, served: Served) -> CentreBody:
    """Change what holds for the centre as a whole. Today's counters go on until the next midnight
    of the zone."""
    if not is_zone(body.time_zone):
        raise ApiError(
            422, "invalid", f"there is no time zone {body.time_zone!r}", where="time_zone",
            todo="use a name of the IANA time zone database, as Asia/Shanghai or UTC",
        )  # fmt: skip
    await served.directory.put_time_zone(body.time_zone, by=caller.account.id)
    await served.reload()
    return CentreBody(time_zone=served.config().time_zone)


@router.get("/api/agents")
async def list_agents(caller: Called, served: Served) -> Agents:
    """Supervisors get those of their teams."""
    config = served.config()
    agents = sorted(config.agents_as_set.values(), key=lambda agent: (agent.name, agent.id))
    mine = [agent for agent in agents if within(caller.reach, agents=(agent.id,))]
    return Agents(items=[_agent(agent, config) for agent in mine])


@router.put("/api/agents/{agent}")
async def put_agent(agent: AgentId, body: AgentBody, caller: Called, served: Served) -> AgentRead:
    """Make or change an agent. What is not named keeps its value."""
    values = body.model_dump(exclude_unset=True) | {"active": True}
    if "capacity" in values:
        values["capacity"] = body.capacity.model_dump()
    _known("group", body.groups, served.config().groups, "groups")
    await served.directory.put_agent(agent, values, by=caller.account.id)
    await served.reload()
    config = served.config()
    return _agent(config.agents_as_set[agent], config)


@router.delete("/api/agents/{agent}", status_code=204)
async def remove_agent(agent: AgentId, caller: Called, served: Served) -> None:
    """Take an agent out of the centre; what he or she did stays in the books."""
    if agent not in served.config().agents:
        raise not_found("agent")
    await served.directory.put_agent(agent, {"active": False}, by=caller.account.id)
    await served.reload()


@router.post("/api/agents/{agent}/desk-phone")
async def put_desk_phone(agent: AgentId, served: Served) -> DeskPhone:
    """A SIP account for the agent's desk phone, or a new password for it."""
    known = served.config().agents.get(agent)
    if known is None:
        raise not_found("agent")
    try:
        password = await served.phones.desk_phone(agent, name=known.name)
    except UnknownAgent:
        raise not_found("agent") from None
    return DeskPhone(device=f"d{agent}", password=password)


@router.get("/api/queues")
async def list_queues(caller: Called, served: Served) -> Queues:
    """Supervisors get those of their teams."""
    config = served.config()
    queues = sorted(config.queues.values(), key=lambda queue: (queue.name, queue.id))
    mine = [queue for queue in queues if within(caller.reach, queues=(queue.id,))]
    return Queues(items=[_queue(queue, config) for queue in mine])


@router.put("/api/queues/{queue}")
async def put_queue(queue: QueueId, body: QueueChange, caller: Called, served: Served) -> QueueRead:
    """Make or change a queue. What is not named keeps its value; the running centre follows at
    once, also for callers who wait already."""
    settings = body.model_dump(exclude_unset=True)
    values = settings | ({"version": body.version} if body.version else {})
    settings.pop("version", None)
    config = served.config()
    before = config.queues.get(queue)
    if body.version == 0 and before is not None:
        raise VersionPassed(config.queue_versions.get(queue, 1))
    known = {} if before is None else queue_settings(before)
    prompts = set().union(*served.prompts.recorded().values())
    if before is not None:  # a sound that is gone since then must not keep a queue from closing
        prompts |= {rule.target for rule in before.overflow}
    check(queue_of(queue, known | {"name": body.name} | settings), config, prompts)
    await served.directory.put_queue(queue, values, by=caller.account.id)
    await served.reload()
    return _queue_now(queue, served)


@router.put("/api/queues/{queue}/members")
async def put_members(queue: QueueId, body: Members, caller: Called, served: Served) -> QueueRead:
    """Say which agents serve the queue, in which order."""
    config = served.config()
    if queue not in config.queues:
        raise not_found("queue")
    _known("agent", body.agents, config.agents, "agents")
    _unique(body.agents)
    await served.directory.put_members(
        queue, body.agents, by=caller.account.id, version=body.version
    )
    await served.reload()
    return _queue_now(queue, served)


@router.put("/api/pause-reasons")
async def put_pause_reasons(body: PauseReasons, caller: Called, served: Served) -> PauseReasons:
    """Replace the list of pause reasons."""
    _unique([one.code for one in body.items])
    rows = [one.model_dump() for one in body.items]
    await served.directory.put_pause_reasons(rows, by=caller.account.id)
    await served.reload()
    return body


@router.put("/api/dispositions")
async def put_dispositions(body: Dispositions, caller: Called, served: Served) -> Dispositions:
    """The tree of dispositions. What is left out is retired; one at most is the default of a queue
    (or, without queues, of all)."""
    _unique([one.code for one in body.items])
    queues = [queue for one in body.items for queue in one.queues]
    _known("queue", queues, served.config().queues, "queues")
    rows = [one.model_dump() for one in body.items]
    await served.directory.put_dispositions(rows, by=caller.account.id)
    await served.reload()
    return body
