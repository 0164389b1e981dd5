"""What agents fill in about a call, what it asks for, and what follows from it."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field, field_validator

from callcenter.core import dispositions, refusals
from callcenter.core.commands import AskCallback
from callcenter.crm.call_forms.schemas import (
    LAST_SECONDS,
    CallFormDefinition,
    Filing,
    FollowUp,
    FollowUpKind,
    FormWrong,
    QueueCode,
    Step,
)
from callcenter.dialling import NotDialable
from callcenter.web.auth import Called, Caller
from callcenter.web.body import Body
from callcenter.web.errors import ApiError, Flaw, not_found
from callcenter.web.moments import Moment
from callcenter.web.routers.common import CallId, Code, Served, guarded_router
from callcenter.web.routers.defined import (
    DefinedBody,
    DefinedPage,
    DefinedRead,
    all_defined,
    put_defined,
)
from callcenter.web.routers.interactions import FORM_MAX, FiledRead, filed_read
from callcenter.web.routers.tickets import Agent
from callcenter.web.services import WebServices

router = guarded_router("interactions")

RECENT_MAX = 3
CALLBACKS = uuid.UUID("6a3a7c0e-5b5b-4a43-9d7d-5f2f6f1f8e10")


class FollowUpBody(Body):
    """See `kind`: a *callback* keeps a place in `queue` and is dialled by the centre; a *task*, or
    *call* to make, is `owner_agent`'s (null: anybody's)."""

    kind: FollowUpKind
    due: Moment
    title: Annotated[str, Field(max_length=200)] = ""
    note: Annotated[str, Field(max_length=4000)] = ""
    owner_agent: Agent | None = None
    queue: QueueCode | None = None


class FormBody(Body):
    """`values`: own fields by code. `time_over`: the time to write ends now, what is required may
    be missing."""

    disposition: Annotated[str, Field(pattern=r"^[a-z0-9_-]{0,32}$")] = ""
    values: Annotated[dict[str, Any], Field(max_length=100, default_factory=dict)]
    follow_up: FollowUpBody | None = None
    time_over: bool = False

    @field_validator("values")
    @classmethod
    def _small(cls, values: dict[str, Any]) -> dict[str, Any]:
        if len(json.dumps(values)) > FORM_MAX:
            raise ValueError(f"must have at most {FORM_MAX} characters as JSON")
        return values


class Recent(Body):
    items: list[str]


@router.get("/api/call-forms")
async def list_call_forms(served: Served) -> DefinedPage[CallFormDefinition]:
    """Own fields asked for at the end of calls, by queue and disposition."""
    return await all_defined(served, "call_form", CallFormDefinition)


@router.put("/api/call-forms/{code}")
async def put_call_form(
    code: Code, body: DefinedBody[CallFormDefinition], caller: Called, served: Served
) -> DefinedRead[CallFormDefinition]:
    """Make or change a form. Forms that were filed keep the fields of their time."""
    return await put_defined(served, caller, "call_form", code, body, CallFormDefinition)


@router.delete("/api/call-forms/{code}", status_code=204)
async def remove_call_form(code: Code, caller: Called, served: Served) -> None:
    await served.crm.definitions.remove("call_form", code, by=caller.account.id)


@router.get("/api/dispositions/recent")
async def recent_dispositions(
    caller: Called,
    served: Served,
    queue: Annotated[str | None, Query(pattern=r"^[a-z0-9]{1,32}$")] = None,
) -> Recent:
    """The last dispositions of the own calls that can be chosen in this queue, newest first."""
    config = served.config()
    lately = await served.crm.call_forms.recent(caller.agent)
    fitting = [code for code in lately if dispositions.valid(config, queue, code)]
    return Recent(items=fitting[:RECENT_MAX])


@router.put("/api/calls/{call}/form")
async def file_form(call: CallId, body: FormBody, caller: Called, served: Served) -> FiledRead:
    """File what was filled in about an own call, before it is closed; filed again, it replaces what
    was there, and what follows is not made twice."""
    place = await where_is(call, caller, served)
    filing = _filing(call, body, place, caller, served)
    now = served.clock.now()
    try:
        await served.crm.call_forms.check(filing, now)
        made = await _callback(filing, place, caller, served)
        filed = await served.crm.call_forms.file(
            filing, now=now, by=caller.account.id, name=caller.account.name, made=made
        )
    except FormWrong as wrong:
        flaws = [Flaw(where=where, message=message) for where, message in wrong.flaws]
        raise ApiError(422, "invalid", str(wrong), where=flaws[0].where, flaws=flaws) from None
    return filed_read(filed)


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of the call: on the board while it is there, else from the books."""

    queue: str | None
    customer: str | None
    number: str
    name: str
    language: str
    time_over: bool


async def where_is(call: str, caller: Caller, served: WebServices) -> Place:
    now = served.clock.now()
    for row in served.hub.tables.calls.values():
        if (row.part_of or row.call) == call and row.agent == caller.agent:
            card = row.cards[0] if len(row.cards) == 1 else None
            until = row.wrap_up_until
            return Place(
                queue=row.queue,
                customer=card.id if card else None,
                number=row.number,
                name=card.name if card else row.name,
                language=row.language,
                time_over=until is not None and until - now <= LAST_SECONDS,
            )
    mine = [part for part in await served.interactions.parts(call) if part.agent == caller.agent]
    found = await served.interactions.interaction(call) if mine else None
    if found is None:
        raise not_found("call of yours")
    whole, _ = found
    return Place(
        queue=mine[-1].queue,
        customer=whole.customer_id,
        number=whole.number,
        name=whole.customer_name,
        language=whole.language,
        time_over=True,
    )


def _filing(call: str, body: FormBody, place: Place, caller: Caller, served: WebServices) -> Filing:
    config = served.config()
    if body.disposition and not dispositions.valid(config, place.queue, body.disposition):
        text = refusals.TEXTS[refusals.UNKNOWN_DISPOSITION]
        raise ApiError(422, refusals.UNKNOWN_DISPOSITION, text, where="disposition")
    path = dispositions.path_of(config.dispositions, body.disposition)
    return Filing(
        call=call,
        agent=caller.agent,
        queue=place.queue,
        customer=place.customer,
        number=place.number,
        path=[Step(item.code, item.name, item.name_zh) for item in path],
        values=body.values,
        follow_up=_follow_up(body.follow_up),
        may_lack=body.time_over and place.time_over,
    )


def _follow_up(wanted: FollowUpBody | None) -> FollowUp | None:
    if wanted is None:
        return None
    return FollowUp(
        kind=wanted.kind,
        due=wanted.due.timestamp(),
        title=wanted.title,
        note=wanted.note,
        owner_agent=wanted.owner_agent,
        queue=wanted.queue,
    )


async def _callback(
    filing: Filing, place: Place, caller: Caller, served: WebServices
) -> str | None:
    """Ask the centre for the callback that was wished for; its id. Filed again, it is not asked
    for again."""
    wanted = filing.follow_up
    if wanted is None or wanted.kind != "callback":
        return None
    before = await served.crm.call_forms.filed(filing.call, filing.agent)
    if before is not None and before.follow_up:
        return str(before.follow_up["id"])
    agent = served.config().agents.get(caller.agent)
    if wanted.queue is None or agent is None or wanted.queue not in agent.queues:
        raise FormWrong([("follow_up.queue", "choose one of your queues")])
    checked = served.callbacks.check(place.number)
    if isinstance(checked, NotDialable):
        raise FormWrong([("follow_up.kind", checked.text)])
    id = f"cb-{uuid.uuid5(CALLBACKS, f'{filing.call} {filing.agent}')}"
    action = AskCallback(
        id=id,
        queue=wanted.queue,
        number=checked.number,
        name=place.name,
        language=place.language or "en",
        customer=place.customer,
        time_zone=checked.time_zone,
        not_before=wanted.due,
    )
    refusal = await served.callbacks.command(caller.account.id, action)
    if refusal is not None:
        raise ApiError(409, refusal, refusals.TEXTS.get(refusal, refusal), where="follow_up")
    return id
