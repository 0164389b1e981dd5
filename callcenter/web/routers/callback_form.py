"""The public form "call me back", for people who are not signed in; its rules for administrators.

What is open to the world is as little as possible: which of the chosen queues are open, and one
request that makes a callback by the same rules as an agent's. The answers are clear for people and
tell machines nothing about who is a customer here.
"""

from __future__ import annotations

import logging
import uuid
from datetime import UTC, datetime
from typing import Annotated, Final, Literal

from fastapi import Request
from pydantic import Field, StringConstraints

from acd.callback import next_allowed
from callcenter.core import refusals
from callcenter.core.callback import windows_of
from callcenter.core.commands import AskCallback
from callcenter.core.config import CallbackPolicy, Config
from callcenter.dialling import NotDialable
from callcenter.web.auth import Called, address_of
from callcenter.web.body import Body
from callcenter.web.errors import ApiError
from callcenter.web.form_door import FormDoor
from callcenter.web.routers.common import Served, guarded_router
from callcenter.web.routers.defined import put_the_only, the_only
from callcenter.web.services import WebServices

router = guarded_router("callback form")
log = logging.getLogger(__name__)

KIND: Final = "web_form"
CODE = "callback"
BY = "web-form"
KEPT_SECONDS = 5.0
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)]
QueueName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,32}$")]


class FormQueue(Body):
    """A queue that may be chosen, under a name that callers understand ("": the queue's own)."""

    queue: QueueName
    name: Name = ""
    name_zh: Name = ""


class FormRules(Body):
    """`when_closed`: outside a queue's hours for calling back, refuse, or accept for later.
    `per_hour`: how many callbacks the form may make in all."""

    enabled: bool = False
    queues: Annotated[list[FormQueue], Field(max_length=30, default_factory=list)]
    consent: Words = ""
    consent_zh: Words = ""
    when_closed: Literal["refuse", "accept"] = "accept"
    per_hour: Annotated[int, Field(ge=1, le=10_000)] = 60


class FormRulesRead(FormRules):
    """`dialling`: whether this installation can dial outside numbers at all."""

    version: int
    dialling: bool


class FormRulesBody(FormRules):
    version: Annotated[int, Field(ge=0, le=2**31 - 1)]


class OpenQueue(Body):
    """`open_at`: when it is called back at the earliest, should it be closed now."""

    queue: str
    name: str
    name_zh: str
    open: bool
    open_at: datetime | None


class FormRead(Body):
    """`enabled` false: there is no form now. `token` goes back with what was filled in."""

    enabled: bool
    token: str
    queues: list[OpenQueue]
    consent: str
    consent_zh: str
    accepts_closed: bool


class FilledIn(Body):
    """`website` is seen by no person. `consent`: the box was ticked."""

    token: Annotated[str, Field(max_length=200)]
    queue: QueueName
    number: Annotated[str, Field(min_length=1, max_length=40)]
    name: Name = ""
    language: Literal["en", "zh"] = "en"
    consent: bool = False
    website: Annotated[str, Field(max_length=200)] = ""


class Answered(Body):
    """`state`: asked, later (not before `at`), or known (this number is waited for already)."""

    state: Literal["asked", "later", "known"]
    at: datetime | None = None


# -- rules --------------------------------------------------------------------------------------
@router.get("/api/callback-form")
async def read_rules(served: Served) -> FormRulesRead:
    """How the public form is set up."""
    rules, version = await the_only(served, KIND, CODE, FormRules)
    return FormRulesRead(
        **rules.model_dump(), version=version, dialling=served.config().dialling.enabled
    )


@router.put("/api/callback-form")
async def put_rules(
    body: FormRulesBody, caller: Called, request: Request, served: Served
) -> FormRulesRead:
    """Change the form; open pages see it when they are opened again."""
    known = served.config().queues
    for place, one in enumerate(body.queues):
        if one.queue not in known:
            where = f"queues.{place}.queue"
            raise ApiError(422, "invalid", f"there is no queue {one.queue!r}", where=where)
    if body.enabled and not body.queues:
        raise ApiError(422, "invalid", "choose at least one queue", where="queues")
    await put_the_only(served, caller, KIND, CODE, body, body.version)
    request.app.state.form_rules = None
    return await read_rules(served)


async def _rules(request: Request, served: WebServices) -> FormRules:
    """For the world: the database is asked once in a few seconds, however many ask us."""
    state, now = request.app.state, served.clock.now()
    kept = getattr(state, "form_rules", None)
    if kept is None or not 0 <= now - kept[0] < KEPT_SECONDS:
        rules, _ = await the_only(served, KIND, CODE, FormRules)
        kept = state.form_rules = (now, rules)
    found: FormRules = kept[1]
    return found


# -- for everybody ------------------------------------------------------------------------------
def _door(request: Request) -> FormDoor:
    door: FormDoor = request.app.state.form_door
    return door


@router.get("/api/public/callback-form")
async def open_form(request: Request, served: Served) -> FormRead:
    """What the form shows."""
    rules, config, now = await _rules(request, served), served.config(), served.clock.now()
    enabled = rules.enabled and config.dialling.enabled
    queues = [_open(one, config, now) for one in rules.queues] if enabled else []
    return FormRead(
        enabled=enabled,
        token=_door(request).token(now) if enabled else "",
        queues=[one for one in queues if one is not None],
        consent=rules.consent,
        consent_zh=rules.consent_zh,
        accepts_closed=rules.when_closed == "accept",
    )


def _open(one: FormQueue, config: Config, now: float) -> OpenQueue | None:
    queue, policy = config.queues.get(one.queue), config.callbacks.get(one.queue)
    if queue is None or policy is None or not policy.enabled:
        return None
    at = next_allowed(windows_of(_house_hours(policy), "", now), now)
    return OpenQueue(
        queue=one.queue,
        name=one.name or queue.name,
        name_zh=one.name_zh or one.name or queue.name,
        open=at == now,
        open_at=None if at is None or at == now else datetime.fromtimestamp(at, UTC),
    )


def _house_hours(policy: CallbackPolicy) -> CallbackPolicy:
    """Of the customer's own hours nothing is known before the number is."""
    return CallbackPolicy(hours=policy.hours, time_zone=policy.time_zone)


@router.post("/api/public/callbacks", status_code=201)
async def ask_for_callback(body: FilledIn, request: Request, served: Served) -> Answered:
    """Have oneself called back."""
    now, door, address = served.clock.now(), _door(request), address_of(request)
    rules, config = await _rules(request, served), served.config()
    chosen = next((one for one in rules.queues if one.queue == body.queue), None)
    found = _open(chosen, config, now) if chosen else None
    if not rules.enabled or not config.dialling.enabled or found is None:
        raise ApiError(409, "form_off", "callbacks are not offered at the moment")
    wrong = door.check(body.token, now)
    if wrong is not None:
        raise ApiError(409, wrong, "open the form again", where="token")
    _not_too_often(door.wait_seconds(address, now))
    if body.website:
        log.warning("the callback form was filled in by a machine at %s", address)
        return Answered(state="asked")
    if not body.consent and (rules.consent or rules.consent_zh):
        raise ApiError(422, "consent_missing", "please agree first", where="consent")
    if not found.open and rules.when_closed == "refuse":
        raise ApiError(409, "form_closed", "this is closed at the moment", where="queue")
    checked = served.callbacks.check(body.number)
    if isinstance(checked, NotDialable):
        raise ApiError(422, f"not-dialable-{checked.code}", checked.text, where="number")
    _not_too_often(door.wait_for_number(checked.number, now))
    _not_too_often(door.wait_for_all(rules.per_hour, now))
    action = AskCallback(
        id=f"cb-{uuid.uuid4()}",
        queue=body.queue,
        number=checked.number,
        name=body.name,
        language=body.language,
        time_zone=checked.time_zone,
    )
    refusal = await served.callbacks.command(BY, action)
    if refusal == refusals.CALLBACK_KNOWN:
        return Answered(state="known")
    if refusal is not None:
        raise ApiError(409, refusal, refusals.TEXTS.get(refusal, refusal))
    log.info("callback %s by the form, from %s", action.id, address)
    return Answered(state="asked" if found.open else "later", at=found.open_at)


def _not_too_often(wait: float) -> None:
    if wait > 0:
        raise ApiError(
            429,
            "too_many_requests",
            "too many callbacks were asked for",
            todo="try again later, or call us",
            headers={"Retry-After": str(int(wait) + 1)},
        )
