"""What an agent's page needs at the start of a shift: the phone's access and the choices."""

from __future__ import annotations

from acd.model import WrapUpMode
from callcenter.store.phones import UnknownAgent
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.errors import ApiError, conflict
from callcenter.web.routers.common import Served, guarded_router

router = guarded_router("work")


class PhoneRead(Body):
    """How the browser's phone registers. The websocket is /sip on this server, sub-protocol `sip`;
    the address is sip:<device>@<domain>. The password works until `expires` (UNIX seconds)."""

    device: str
    domain: str
    password: str
    expires: float
    websocket_path: str = "/sip"
    register_seconds: int = 300


class PauseChoice(Body):
    code: str
    name: str
    name_zh: str
    limit_seconds: float | None


class DispositionChoice(Body):
    """`queues` empty: valid in every queue. `parent` '': at the root of the tree; only leaves are
    chosen. Not `active`: retired, here for its name."""

    code: str
    name: str
    name_zh: str
    queues: list[str]
    default: bool
    parent: str
    active: bool
    keywords: str


class QueueChoice(Body):
    id: str
    name: str
    mine: bool
    auto_answer: bool
    wrap_up_mode: WrapUpMode
    wrap_up_seconds: float
    wrap_up_extension_seconds: float


class Choices(Body):
    pause_reasons: list[PauseChoice]
    dispositions: list[DispositionChoice]
    queues: list[QueueChoice]
    agent_names: dict[str, str]
    queue_names: dict[str, str]
    version: int


class Colleague(Body):
    """`free`: can be asked about, or given, a call now. `state` as on the agents' board."""

    agent: str
    name: str
    team: str
    state: str
    since: float
    free: bool


class QueueTarget(Body):
    queue: str
    name: str
    waiting: int
    available: int


class FlowTarget(Body):
    flow: str
    name: str


class Colleagues(Body):
    """To whom a caller can be given: agents who are at work, queues, call flows."""

    agents: list[Colleague]
    queues: list[QueueTarget]
    flows: list[FlowTarget]


def agent_gone(agent: str) -> ApiError:
    return conflict(
        f"there is no active agent {agent!r}", where="agent", todo="ask an administrator"
    )


@router.post("/api/phone")
async def phone(caller: Called, served: Served) -> PhoneRead:
    """A short-lived SIP password for the own browser phone; the one before stops working."""
    try:
        access = await served.phones.browser_access(caller.agent, now=served.clock.now())
    except UnknownAgent:
        raise agent_gone(caller.agent) from None
    return PhoneRead(
        device=access.device,
        domain="callcenter.invalid",
        password=access.password,
        expires=access.expires,
    )


@router.get("/api/colleagues")
async def colleagues(caller: Called, served: Served) -> Colleagues:
    """Who and what a caller can be transferred to, as it is now; the own agent is left out."""
    config, tables = served.config(), served.hub.tables
    rows = [
        row
        for row in tables.agents.values()
        if row.agent != caller.account.agent and row.state != "offline"
    ]
    queues = [row for row in tables.queues.values() if config.queues[row.queue].enabled]
    return Colleagues(
        agents=[
            Colleague(
                agent=row.agent,
                name=row.name,
                team=row.team,
                state=row.state,
                since=row.since,
                free=row.state == "available",
            )
            for row in sorted(rows, key=lambda row: (row.state != "available", row.name))
        ],
        queues=[
            QueueTarget(
                queue=row.queue, name=row.name, waiting=row.waiting, available=row.available
            )
            for row in sorted(queues, key=lambda row: row.name)
        ],
        flows=[
            FlowTarget(flow=flow.id, name=flow.name)
            for flow in sorted(config.flows.values(), key=lambda flow: flow.name)
        ],
    )


@router.get("/api/choices")
async def choices(caller: Called, served: Served) -> Choices:
    """Pause reasons, dispositions, and the queues (those of the own agent marked); with the names
    of everybody and every queue, for past interactions."""
    config = served.config()
    agent = config.agents.get(caller.account.agent or "")
    mine = frozenset(agent.queues) if agent else frozenset()
    watches = caller.account.role != "agent"
    return Choices(
        pause_reasons=[
            PauseChoice(
                code=one.code, name=one.name, name_zh=one.name_zh, limit_seconds=one.limit_seconds
            )
            for one in config.pause_reasons
        ],
        dispositions=[
            DispositionChoice(
                code=one.code,
                name=one.name,
                name_zh=one.name_zh,
                queues=sorted(one.queues),
                default=one.default,
                parent=one.parent,
                active=one.active,
                keywords=one.keywords,
            )
            for one in config.dispositions
        ],
        queues=[
            QueueChoice(
                id=queue.id,
                name=queue.name,
                mine=queue.id in mine,
                auto_answer=queue.auto_answer,
                wrap_up_mode=queue.wrap_up_mode,
                wrap_up_seconds=queue.wrap_up_seconds,
                wrap_up_extension_seconds=queue.wrap_up_extension_seconds,
            )
            for queue in config.queues.values()
            if watches or queue.id in mine
        ],
        agent_names={agent.id: agent.name for agent in config.agents.values()},
        queue_names={queue.id: queue.name for queue in config.queues.values()},
        version=config.version,
    )
