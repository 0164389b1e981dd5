"""Webhooks: which other systems are told of what, and what became of it. For administrators."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Path, Query
from pydantic import Field, StringConstraints

from callcenter.store.config_values import NotThere
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.routers.common import Served, UuidText, guarded_router
from callcenter.webhooks.schemas import KINDS, Delivery, DeliveryState, EventKind, Webhook

router = guarded_router("webhooks")

PAGE_MAX = 200
WebhookName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Url = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
DeliveryId = Annotated[int, Path(ge=1, le=2**62)]


class WebhookRead(Body):
    """`paused`: since when nothing is sent, because `paused_reason`. `failures`: tries in a
    row that were not taken. `waiting`: deliveries that are not done."""

    id: str
    name: str
    url: str
    events: list[str]
    active: bool
    failures: int
    failing_since: datetime | None
    paused: datetime | None
    paused_reason: str
    waiting: int
    created: datetime
    created_by: str
    version: int


class WebhookList(Body):
    """`kinds`: the events there are."""

    items: list[WebhookRead]
    kinds: list[EventKind]


class WebhookBody(Body):
    name: WebhookName
    url: Url
    events: Annotated[list[EventKind], Field(min_length=1, max_length=len(KINDS))]


class WebhookChange(WebhookBody):
    active: bool = True
    version: Annotated[int, Field(ge=1, le=2**31 - 1)]


class MadeWebhook(Body):
    """`secret` is shown this once: the receiver checks our signature with it."""

    webhook: WebhookRead
    secret: str


class NewSecret(Body):
    secret: str


class DeliveryRead(Body):
    """`event`: what the receiver sees as `webhook-id`. `state`: waiting (until `next_at`),
    delivered, failed (given up)."""

    id: int
    event: str
    kind: str
    subject: str
    body: str
    state: str
    tries: int
    replays: int
    created: datetime
    next_at: datetime
    tried: datetime | None
    status: int | None
    error: str
    milliseconds: int | None


class DeliveryPage(Body):
    """`next`: give it as `before` for the next page."""

    items: list[DeliveryRead]
    next: int | None


class Sent(Body):
    """`delivery`: look it up in the log."""

    delivery: int


class Replayed(Body):
    count: int


def _read(one: Webhook) -> WebhookRead:
    return WebhookRead(
        id=one.id,
        name=one.name,
        url=one.url,
        events=list(one.events),
        active=one.active,
        failures=one.failures,
        failing_since=one.failing_since,
        paused=one.paused,
        paused_reason=one.paused_reason,
        waiting=one.waiting,
        created=one.created,
        created_by=one.created_by,
        version=one.version,
    )


def _delivery(one: Delivery) -> DeliveryRead:
    return DeliveryRead(
        id=one.id,
        event=one.event,
        kind=one.kind,
        subject=one.subject,
        body=one.body,
        state=one.state,
        tries=one.tries,
        replays=one.replays,
        created=one.created,
        next_at=one.next_at,
        tried=one.tried,
        status=one.status,
        error=one.error,
        milliseconds=one.milliseconds,
    )


@router.get("/api/webhooks")
async def list_webhooks(served: Served) -> WebhookList:
    """All webhooks, oldest first, and the events there are."""
    return WebhookList(items=[_read(one) for one in await served.webhooks.all()], kinds=list(KINDS))


@router.post("/api/webhooks", status_code=201)
async def make_webhook(body: WebhookBody, caller: Called, served: Served) -> MadeWebhook:
    """Tell this address of these events from now on."""
    account = caller.account
    made, secret = await served.webhooks.make(
        body.name, body.url, body.events, by=account.id, by_name=account.name
    )
    return MadeWebhook(webhook=_read(made), secret=secret)


@router.put("/api/webhooks/{webhook}")
async def change_webhook(
    webhook: UuidText, body: WebhookChange, caller: Called, served: Served
) -> WebhookRead:
    """Change it. Switched off, it is told of nothing that happens meanwhile."""
    changed = await served.webhooks.change(
        webhook,
        body.name,
        body.url,
        body.events,
        body.active,
        version=body.version,
        by=caller.account.id,
    )
    return _read(changed)


@router.delete("/api/webhooks/{webhook}", status_code=204)
async def remove_webhook(webhook: UuidText, caller: Called, served: Served) -> None:
    """It goes with its log."""
    await served.webhooks.remove(webhook, by=caller.account.id)


@router.post("/api/webhooks/{webhook}/secret")
async def renew_secret(webhook: UuidText, caller: Called, served: Served) -> NewSecret:
    """A new secret; for a day messages are signed with the old one, too."""
    now = served.clock.now()
    secret = await served.webhooks.renew_secret(webhook, by=caller.account.id, now=now)
    return NewSecret(secret=secret)


@router.post("/api/webhooks/{webhook}/test")
async def test_webhook(webhook: UuidText, served: Served) -> Sent:
    """Send an event that means nothing."""
    return Sent(delivery=await served.webhooks.test(webhook, now=served.clock.now()))


@router.post("/api/webhooks/{webhook}/resume")
async def resume_webhook(webhook: UuidText, caller: Called, served: Served) -> WebhookRead:
    """Send again what waits, at once."""
    return _read(await served.webhooks.resume(webhook, by=caller.account.id))


@router.get("/api/webhooks/{webhook}/deliveries")
async def list_deliveries(
    webhook: UuidText,
    served: Served,
    state: DeliveryState | None = None,
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 50,
) -> DeliveryPage:
    """The log, newest first."""
    if all(one.id != webhook for one in await served.webhooks.all()):
        raise NotThere("webhook", webhook)
    found = list(
        await served.webhooks.deliveries(webhook, state=state, before=before, limit=limit + 1)
    )
    more = found[limit - 1].id if len(found) > limit else None
    return DeliveryPage(items=[_delivery(one) for one in found[:limit]], next=more)


@router.post("/api/webhooks/{webhook}/replay")
async def replay_failed(webhook: UuidText, caller: Called, served: Served) -> Replayed:
    """Send everything again that was given up."""
    count = await served.webhooks.replay_failed(webhook, by=caller.account.id)
    return Replayed(count=count)


@router.post("/api/webhook-deliveries/{delivery}/replay")
async def replay_delivery(delivery: DeliveryId, caller: Called, served: Served) -> DeliveryRead:
    """Send this one again, with the same id and the same body."""
    return _delivery(await served.webhooks.replay(delivery, by=caller.account.id))
