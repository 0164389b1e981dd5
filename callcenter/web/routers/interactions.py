"""Interactions and their timelines; the note an agent is writing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import Field, field_validator

from callcenter.core.teams import EVERYTHING, within
from callcenter.crm.call_forms.schemas import FiledForm
from callcenter.crm.fields.schemas import OwnField
from callcenter.crm.interactions.finding import Sought, TooShort, TooSlow
from callcenter.crm.interactions.schemas import Interaction, TimelineEvent
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.errors import ApiError, not_found
from callcenter.web.moments import Moment
from callcenter.web.policy import Scope
from callcenter.web.routers.common import CallId, Served, guarded_router
from callcenter.web.routers.in_call import QualityRead

router = guarded_router("interactions")

PAGE_MAX = 200
FORM_MAX = 32_000


class InteractionRead(Body):
    call: str
    started_at: datetime
    ended_at: datetime
    number: str
    did: str
    customer_id: str | None
    customer_name: str
    queue: str | None
    agent: str | None
    flow: str | None
    outcome: str
    ended_by: str
    path: list[str]
    wait_seconds: float
    ring_seconds: float
    talk_seconds: float
    hold_seconds: float
    wrap_up_seconds: float
    offers: int
    language: str
    disposition: str
    note: str
    park_seconds: float
    direction: str
    dial_outcome: str
    shown: str
    peer: str


class InteractionPage(Body):
    items: list[InteractionRead]
    next: str | None


class FoundPage(InteractionPage):
    """`narrow`: so many customers have such a name that only some of them were looked at."""

    narrow: bool


class EventRead(Body):
    """One line of a timeline."""

    sequence: int
    at: datetime
    kind: str
    data: dict[str, Any]


class PartRead(Body):
    """One agent's part; `hold_seconds` includes `consult_seconds`, `talk_seconds` the
    `conference_seconds`."""

    part: int
    agent: str
    queue: str | None
    began_at: datetime
    ended_at: datetime
    ended: str
    ring_seconds: float
    talk_seconds: float
    hold_seconds: float
    consult_seconds: float
    wrap_up_seconds: float
    disposition: str
    note: str
    conference_seconds: float
    park_seconds: float


class InteractionWithEvents(InteractionRead):
    events: list[EventRead]
    parts: list[PartRead]
    quality: list[QualityRead]
    forms: list[FiledRead]
    articles: list[ArticleLink]


class FiledRead(Body):
    """What an agent filled in: `path` and `fields` by the names they had when it was filed."""

    agent: str
    queue: str | None
    disposition: str
    path: list[dict[str, str]]
    fields: list[OwnField]
    values: dict[str, Any]
    complete: bool
    filed: datetime


class ArticleLink(Body):
    """An article that was used in the call."""

    id: str
    title: str


class Draft(Body):
    """`form`: whatever the console wants back after a reload."""

    text: Annotated[str, Field(max_length=8000)]
    form: Annotated[dict[str, Any], Field(max_length=20, default_factory=dict)]

    @field_validator("form")
    @classmethod
    def _small(cls, form: dict[str, Any]) -> dict[str, Any]:
        if len(json.dumps(form)) > FORM_MAX:
            raise ValueError(f"must have at most {FORM_MAX} characters as JSON")
        return form


def filed_read(form: FiledForm) -> FiledRead:
    values = asdict(form)
    del values["follow_up"]
    return FiledRead.model_validate(values)


def page_of(found: Sequence[Interaction], following: str | None) -> InteractionPage:
    items = [InteractionRead.model_validate(asdict(one)) for one in found]
    return InteractionPage(items=items, next=following)


@router.get("/api/interactions")
async def list_interactions(
    caller: Called,
    served: Served,
    agent: Annotated[str | None, Query(pattern=r"^[a-z0-9]{1,32}$")] = None,
    queue: Annotated[str | None, Query(pattern=r"^[a-z0-9]{1,32}$")] = None,
    since: Moment | None = None,
    until: Moment | None = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> InteractionPage:
    """Interactions, newest first. Agents get their own alone."""
    if caller.scope == "own":
        agent = caller.account.agent
        if agent is None:
            return InteractionPage(items=[], next=None)
    found, following = await served.interactions.interactions(
        agent=agent,
        queue=queue,
        since=since,
        until=until,
        reach=EVERYTHING if caller.scope == "own" else caller.reach,
        limit=limit,
        cursor=cursor,
    )
    return page_of(found, following)


@router.get("/api/calls-found")
async def find_calls(
    caller: Called,
    served: Served,
    text: Annotated[str, Query(max_length=100)] = "",
    agent: Annotated[str | None, Query(pattern=r"^[a-z0-9]{1,32}$")] = None,
    queue: Annotated[str | None, Query(pattern=r"^[a-z0-9]{1,32}$")] = None,
    outcome: Annotated[str | None, Query(pattern=r"^[a-z_-]{1,16}$")] = None,
    direction: Annotated[Literal["in", "out", "internal"] | None, Query()] = None,
    since: Moment | None = None,
    until: Moment | None = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> FoundPage:
    """Calls that are over, newest first, by a number in any form (or part of one), a customer's
    name, or words of notes, outcomes, forms and messages. Agents find their own alone, supervisors
    those of their teams. A call is found a second after it has ended."""
    mine = caller.account.agent
    if caller.scope == "own" and (mine is None or agent not in (None, mine)):
        return FoundPage(items=[], next=None, narrow=False)
    sought = Sought(
        text=text.replace("\0", ""),
        agent=mine if caller.scope == "own" else agent,
        queue=queue,
        outcome=outcome,
        direction=direction,
        since=since,
        until=until,
        reach=EVERYTHING if caller.scope == "own" else caller.reach,
    )
    try:
        calls, following, cut = await served.interactions.find(
            sought, served.country, limit=limit, cursor=cursor
        )
    except TooShort:
        raise ApiError(
            422,
            "too_short",
            "there is too little to look for",
            where="text",
            todo="give a digit, three letters, or one Chinese character",
        ) from None
    except TooSlow:
        raise ApiError(
            409, "too_long", "too many calls", todo="ask for less time, or add a filter"
        ) from None
    page = page_of(calls, following)
    return FoundPage(items=page.items, next=page.next, narrow=cut)


@router.get("/api/interactions/{call}")
async def get_interaction(call: CallId, caller: Called, served: Served) -> InteractionWithEvents:
    """One interaction with its timeline. Agents: the own ones, supervisors: those of their teams,
    and both those of a customer, which the customer's history shows them anyway."""
    found = await served.interactions.interaction(call)
    if found is None:
        raise not_found("interaction")
    interaction, events = found
    parts = await served.interactions.parts(call)
    mine = {part.agent for part in parts} | {interaction.agent}
    own = caller.account.agent is not None and caller.account.agent in mine
    if caller.scope == "own":
        shown = own
    else:
        shown = own or within(caller.reach, agents=mine, queues=(interaction.queue,))
    if not shown and interaction.customer_id is None:
        raise not_found("interaction")
    body = asdict(interaction) | {
        "events": [asdict(event) for event in events if _told(event, caller.scope)],
        "parts": [asdict(part) for part in parts],
        "articles": [
            {"id": article.id, "title": article.title}
            for article in await served.crm.articles.of_call(call)
        ],
        "forms": [filed_read(form) for form in await served.crm.call_forms.of_call(call)],
        "quality": [asdict(leg) for leg in await served.interactions.quality(call)],
    }
    return InteractionWithEvents.model_validate(body)


def _told(event: TimelineEvent, scope: Scope) -> bool:
    """That a supervisor listened, agents are told where their queue says so."""
    return scope == "all" or event.data.get("told", True) is not False


@router.get("/api/drafts/{call}")
async def get_draft(call: CallId, caller: Called, served: Served) -> Draft:
    """The own unfinished note and form on a call; empty when there is none."""
    text, form = await served.interactions.draft(call, caller.agent)
    return Draft(text=text, form=dict(form))


@router.put("/api/drafts/{call}", status_code=204)
async def put_draft(call: CallId, body: Draft, caller: Called, served: Served) -> None:
    """Keep the own unfinished note and form, so that a reload loses nothing."""
    await served.interactions.save_draft(call, caller.agent, body.text, body.form)
