"""What supervisors do to agents on the floor: state, skills and queues, messages; each audited, and
told to the agent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from callcenter.core import refusals
from callcenter.core.commands import ForceState
from callcenter.core.teams import within
from callcenter.store.desk_messages import BODY_MAX, Sender, Told
from callcenter.web.auth import Called, Caller
from callcenter.web.body import Body
from callcenter.web.borders import outside
from callcenter.web.errors import ApiError, not_found
from callcenter.web.routers.common import AgentId, Served, UuidText, guarded_router
from callcenter.web.routers.queue_settings import SKILL, Level
from callcenter.web.services import WebServices

router = guarded_router("floor")

Id = Annotated[str, Field(pattern=r"^[a-z0-9]{1,32}$")]
Why = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=300)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=BODY_MAX)]
TEAM_AGENTS_MAX = 2000


class ForcedState(Body):
    """`reason`: the pause's code; `why` is told to the agent and kept in the audit."""

    state: Literal["available", "paused", "offline"]
    reason: Annotated[str, Field(max_length=32)] = ""
    why: Why


class AgentWork(Body):
    """`skills` and `queues` as they shall be; of the queues only those inside the own border are
    touched."""

    skills: Annotated[dict[str, Level], Field(max_length=100)]
    queues: Annotated[list[Id], Field(max_length=500)]
    why: Why


class DeskMessageBody(Body):
    """To these agents, or to a whole team."""

    agents: Annotated[list[Id], Field(max_length=500, default_factory=list)]
    team: Annotated[str, Field(max_length=64)] = ""
    text: Text


class DeskMessageRead(Body):
    """`detail` of kind *state*: what was changed. `read` null: not yet."""

    id: str
    agent: str
    kind: Literal["note", "state"]
    body: str
    detail: Mapping[str, Any]
    by_name: str
    created: datetime
    read: datetime | None


class DeskMessagesRead(Body):
    items: list[DeskMessageRead]


def _read(told: Told) -> DeskMessageRead:
    return DeskMessageRead(
        id=told.id,
        agent=told.agent,
        kind=told.kind,
        body=told.body,
        detail=dict(told.detail),
        by_name=told.by_name,
        created=told.created,
        read=told.read,
    )


def _sender(caller: Caller) -> Sender:
    return Sender(caller.account.id, caller.account.name)


async def _tell(
    served: WebServices, caller: Caller, agent: str, why: str, action: str, **detail: object
) -> None:
    await served.desk_messages.tell(
        [agent], why, by=_sender(caller), kind="state", detail=detail, action=action
    )
    served.hub.news("messages", agents=[agent])


@router.post("/api/agents/{agent}/state", status_code=204)
async def force_state(agent: AgentId, body: ForcedState, caller: Called, served: Served) -> None:
    """Pause an agent, bring him back, or end his shift. While he is busy it is what comes next."""
    action = ForceState(agent, body.state, body.reason if body.state == "paused" else "")
    refusal = await served.callbacks.command(caller.account.id, action)
    if refusal is not None:
        raise ApiError(409, refusal, refusals.TEXTS.get(refusal, refusal))
    detail = {"state": body.state, "reason": action.reason}
    await _tell(served, caller, agent, body.why, "agent.state", **detail)


@router.put("/api/agents/{agent}/work", status_code=204)
async def put_agent_work(agent: AgentId, body: AgentWork, caller: Called, served: Served) -> None:
    """Change skills and queues on the spot; the next decision of the engine goes by them."""
    config = served.config()
    known = config.agents_as_set.get(agent)
    if known is None:
        raise not_found("agent")
    for skill in body.skills:
        if not SKILL.fullmatch(skill):
            message = f"{skill[:40]!r} is not a skill: use a-z, 0-9, - and _, at most 32"
            raise ApiError(422, "invalid", message, where="skills")
    for place, queue in enumerate(body.queues):
        if queue not in config.queues:
            raise ApiError(422, "invalid", f"there is no queue {queue!r}", where=f"queues.{place}")
    wanted, before = set(body.queues), set(known.queues)
    changed = wanted ^ before
    if not all(within(caller.reach, queues=(queue,)) for queue in changed):
        raise outside()
    by = caller.account.id
    if dict(known.skills) != body.skills:
        await served.directory.put_agent(agent, {"skills": body.skills}, by=by)
    for queue in sorted(changed):
        members = sorted(
            (one for one in config.agents_as_set.values() if queue in one.queues),
            key=lambda one: (one.queues[queue], one.id),
        )
        ids = [one.id for one in members if one.id != agent]
        await served.directory.put_members(queue, ids + ([agent] * (queue in wanted)), by=by)
    await served.reload()
    detail = {
        "skills": body.skills,
        "queues": [config.queues[queue].name for queue in sorted(wanted)],
    }
    await _tell(served, caller, agent, body.why, "agent.work", **detail)


# -- messages -------------------------------------------------------------------------------------
@router.post("/api/desk-messages", status_code=201)
async def send_desk_message(
    body: DeskMessageBody, caller: Called, served: Served
) -> DeskMessagesRead:
    """To agents or a team: it stands on their desks until they have read it."""
    agents = set(body.agents)
    config = served.config()
    if body.team:
        if not within(caller.reach, teams=(body.team,)):
            raise outside()
        agents |= {one.id for one in config.agents.values() if one.team == body.team}
    if not all(within(caller.reach, agents=(agent,)) for agent in agents):
        raise outside()
    if not agents or not agents <= config.agents.keys():
        raise ApiError(
            422, "invalid", "there is nobody to tell", where="agents", todo="choose an agent"
        )
    await served.desk_messages.tell(sorted(agents), body.text, by=_sender(caller))
    served.hub.news("messages", agents=agents)
    sent = await served.desk_messages.sent(caller.reach)
    return DeskMessagesRead(items=[_read(one) for one in sent])


@router.get("/api/desk-messages")
async def list_desk_messages(caller: Called, served: Served) -> DeskMessagesRead:
    """What was told to agents of the own teams, newest first, and whether they have read it."""
    sent = await served.desk_messages.sent(caller.reach)
    return DeskMessagesRead(items=[_read(one) for one in sent])


@router.get("/api/desk")
async def read_desk(caller: Called, served: Served) -> DeskMessagesRead:
    """The own messages that are not read yet, oldest first."""
    unread = await served.desk_messages.unread(caller.agent)
    return DeskMessagesRead(items=[_read(one) for one in unread])


@router.post("/api/desk/{message}/read", status_code=204)
async def mark_desk_message(message: UuidText, caller: Called, served: Served) -> None:
    """It is read; the desk shows it no more, on all of the own screens."""
    await served.desk_messages.read(caller.agent, message)
    served.hub.news("messages", agents=[caller.agent])
