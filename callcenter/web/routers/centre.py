"""The centre's set-up: agents, queues and who serves them, reasons and dispositions.

Every change is stored first and then handed to the running centre; nothing needs a restart.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from acd.model import Agent, Queue
from callcenter.store.config_values import queue_of, queue_settings
from callcenter.store.phones import UnknownAgent
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.errors import ApiError, not_found
from callcenter.web.routers.common import AgentId, QueueId, Served, guarded_router
from callcenter.web.routers.queue_settings import Name, QueueBody, QueueRead, Skills, check
from callcenter.web.services import WebServices
from ivr.localtime import is_zone

router = guarded_router("centre")

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,32}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,32}$")]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
LabelZh = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)]


class AgentBody(Body):
    name: Name
    team: Annotated[str, StringConstraints(strip_whitespace=True, max_length=64)] = ""
    skills: Annotated[Skills, Field(default_factory=dict)]


class AgentRead(AgentBody):
    id: str
    queues: list[str]


class Agents(Body):
    items: list[AgentRead]


class DeskPhone(Body):
    """`password` is shown this once: type it into the phone."""

    device: str
    password: str


class Queues(Body):
    items: list[QueueRead]


class Members(Body):
    """Agents in the order a linear queue rings them."""

    agents: Annotated[list[Id], Field(max_length=2000)]


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


def _agent(agent: Agent) -> AgentRead:
    return AgentRead(
        id=agent.id,
        name=agent.name,
        team=agent.team,
        skills=dict(agent.skills),
        queues=sorted(agent.queues),
    )


def _queue(queue: Queue, agents: list[Agent]) -> QueueRead:
    members = [agent for agent in agents if queue.id in agent.queues]
    members.sort(key=lambda agent: (agent.queues[queue.id], agent.id))
    settings = queue_settings(queue) | {"name": queue.name, "enabled": queue.enabled}
    values = {name: settings[name] for name in QueueBody.model_fields}
    return QueueRead(id=queue.id, members=[agent.id for agent in members], **values)


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
    return _queue(config.queues[queue], list(config.agents.values()))


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
async def list_agents(served: Served) -> Agents:
    agents = sorted(served.config().agents.values(), key=lambda agent: (agent.name, agent.id))
    return Agents(items=[_agent(agent) for agent in agents])


@router.put("/api/agents/{agent}")
async def put_agent(agent: AgentId, body: AgentBody, caller: Called, served: Served) -> AgentRead:
    """Make or change an agent. What is not named keeps its value."""
    values = body.model_dump(exclude_unset=True) | {"active": True}
    await served.directory.put_agent(agent, values, by=caller.account.id)
    await served.reload()
    return _agent(served.config().agents[agent])


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
async def list_queues(served: Served) -> Queues:
    config = served.config()
    agents = list(config.agents.values())
    queues = sorted(config.queues.values(), key=lambda queue: (queue.name, queue.id))
    return Queues(items=[_queue(queue, agents) for queue in queues])


@router.put("/api/queues/{queue}")
async def put_queue(queue: QueueId, body: QueueBody, caller: Called, served: Served) -> QueueRead:
    """Make or change a queue. What is not named keeps its value; the running centre follows at
    once, also for callers who wait already."""
    values = body.model_dump(exclude_unset=True)
    config = served.config()
    before = config.queues.get(queue)
    known = {} if before is None else queue_settings(before)
    check(queue_of(queue, known | {"name": body.name} | values), config)
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
    await served.directory.put_members(queue, body.agents, by=caller.account.id)
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
