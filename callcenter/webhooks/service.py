"""Webhooks for the web layer: each method is one transaction, audited. Times are UNIX seconds.

A secret is given out once, when it is made; in the database it lies sealed. Raises OSError or
SQLAlchemyError when the database is away.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from callcenter.outside.addresses import Allowed, NotAllowed
from callcenter.outside.delivery import new_secret
from callcenter.store import tables
from callcenter.store.accounts import as_uuid, printable
from callcenter.store.audit import note
from callcenter.store.config_values import ConfigRefused, NotThere, VersionPassed
from callcenter.store.engine import make_sessions
from callcenter.store.sealing import Seal
from callcenter.store.times import to_datetime
from callcenter.webhooks.bodies import body_of
from callcenter.webhooks.schemas import TEST_KIND, Delivery, Happened, Webhook

Row = tables.Webhook
Sent = tables.WebhookDelivery

WEBHOOKS_MAX = 50
OLD_SECRET_SECONDS = 24 * 3600.0
REPLAY_MAX = 10_000


class Webhooks:
    def __init__(self, engine: AsyncEngine, seal: Seal, allowed: Allowed) -> None:
        self._sessions = make_sessions(engine)
        self._seal, self._allowed = seal, allowed

    # -- reading ------------------------------------------------------------------------------
    async def all(self) -> Sequence[Webhook]:
        """Oldest first."""
        async with self._sessions() as session:
            counted = select(Sent.webhook_id, func.count()).where(Sent.state == "waiting")
            found = await session.execute(counted.group_by(Sent.webhook_id))
            waiting = {id: count for id, count in found.all()}
            rows = await session.scalars(select(Row).order_by(Row.created, Row.id))
            return [_value(row, waiting.get(row.id, 0)) for row in rows]

    async def deliveries(
        self, id: str, *, state: str | None, before: int | None, limit: int
    ) -> Sequence[Delivery]:
        """Newest first; `before`: the id of the last one seen."""
        query = select(Sent).where(Sent.webhook_id == as_uuid(id))
        if state is not None:
            query = query.where(Sent.state == state)
        if before is not None:
            query = query.where(Sent.id < before)
        async with self._sessions() as session:
            rows = await session.scalars(query.order_by(Sent.id.desc()).limit(limit))
            return [delivery_of(row) for row in rows]

    # -- changing -----------------------------------------------------------------------------
    async def make(
        self, name: str, url: str, events: Sequence[str], *, by: str, by_name: str
    ) -> tuple[Webhook, str]:
        """The webhook and its secret. Raises ConfigRefused."""
        self._check(url)
        async with self._sessions.begin() as session:
            if (await session.scalar(select(func.count()).select_from(Row)) or 0) >= WEBHOOKS_MAX:
                raise ConfigRefused(("name", f"there are {WEBHOOKS_MAX} webhooks already"))
            id, secret = uuid.uuid4(), new_secret()
            row = Row(
                id=id,
                name=printable(name, 80),
                url=url,
                events=sorted(set(events)),
                secret=self._seal.close(secret, str(id)),
                created_by_name=printable(by_name, 120),
            )
            session.add(row)
            await session.flush()
            await session.refresh(row)
            await note(session, by, "webhook.make", str(id), _told(row))
            return _value(row, 0), secret

    async def change(
        self,
        id: str,
        name: str,
        url: str,
        events: Sequence[str],
        active: bool,
        *,
        version: int,
        by: str,
    ) -> Webhook:
        """Raises NotThere, VersionPassed, ConfigRefused."""
        self._check(url)
        async with self._sessions.begin() as session:
            row = await _locked(session, id)
            if row.version != version:
                raise VersionPassed(row.version)
            if url != row.url:
                _forgive(row)
            row.name, row.url, row.active = printable(name, 80), url, active
            row.events, row.version = sorted(set(events)), version + 1
            await note(session, by, "webhook.change", id, _told(row))
            return _value(row, await _waiting(session, row.id))

    async def remove(self, id: str, *, by: str) -> None:
        """With its log. Raises NotThere."""
        async with self._sessions.begin() as session:
            row = await _locked(session, id)
            await note(session, by, "webhook.remove", id, _told(row))
            await session.delete(row)

    async def renew_secret(self, id: str, *, by: str, now: float) -> str:
        """For a day messages are signed with the old one, too. Raises NotThere."""
        async with self._sessions.begin() as session:
            row = await _locked(session, id)
            secret = new_secret()
            row.secret_before = row.secret
            row.secret_before_until = to_datetime(now + OLD_SECRET_SECONDS)
            row.secret = self._seal.close(secret, id)
            _forgive(row)
            await note(session, by, "webhook.renew", id, {"name": row.name})
            return secret

    async def resume(self, id: str, *, by: str) -> Webhook:
        """Send again, beginning with what waits. Raises NotThere."""
        async with self._sessions.begin() as session:
            row = await _locked(session, id)
            _forgive(row)
            due = update(Sent).where(Sent.webhook_id == row.id, Sent.state == "waiting")
            await session.execute(due.values(next_at=func.now(), first_at=func.now(), tries=0))
            await note(session, by, "webhook.resume", id, {"name": row.name})
            return _value(row, await _waiting(session, row.id))

    async def test(self, id: str, *, now: float) -> int:
        """Send an event that means nothing; the delivery's id. Raises NotThere."""
        async with self._sessions.begin() as session:
            row = await _locked(session, id)
            data = {"text": "This is a test."}
            happened = Happened(str(uuid.uuid4()), TEST_KIND, id, to_datetime(now), data)
            sent = delivery_row(row.id, happened, body_of(happened), happened.at)
            session.add(sent)
            await session.flush()
            return sent.id

    async def replay(self, delivery: int, *, by: str) -> Delivery:
        """Once more from the beginning, with the same id and body. Raises NotThere."""
        async with self._sessions.begin() as session:
            row = await session.get(Sent, delivery, with_for_update=True)
            if row is None:
                raise NotThere("delivery", str(delivery))
            row.state, row.tries, row.replays = "waiting", 0, row.replays + 1
            row.next_at = row.first_at = func.now()
            await note(session, by, "webhook.replay", str(row.webhook_id), {"delivery": delivery})
            await session.flush()
            await session.refresh(row)
            return delivery_of(row)

    async def replay_failed(self, id: str, *, by: str) -> int:
        """All that were given up. Returns how many. Raises NotThere."""
        async with self._sessions.begin() as session:
            row = await _locked(session, id)
            some = (
                select(Sent.id)
                .where(Sent.webhook_id == row.id, Sent.state == "failed")
                .order_by(Sent.id)
                .limit(REPLAY_MAX)
            )
            again = (
                update(Sent)
                .where(Sent.id.in_(some))
                .values(
                    state="waiting",
                    tries=0,
                    replays=Sent.replays + 1,
                    next_at=func.now(),
                    first_at=func.now(),
                )
                .returning(Sent.id)
            )
            count = len((await session.scalars(again)).all())
            await note(session, by, "webhook.replay", id, {"failed": count})
            return count

    def _check(self, url: str) -> None:
        try:
            target = self._allowed.target(url)
        except NotAllowed as error:
            raise ConfigRefused(("url", str(error))) from None
        if target.scheme != "https" and not self._allowed.networks:
            raise ConfigRefused(("url", "it must begin with https://"))


def delivery_row(webhook: uuid.UUID, happened: Happened, body: str, now: datetime) -> Sent:
    return Sent(
        created=now,
        first_at=now,
        next_at=now,
        webhook_id=webhook,
        event=uuid.UUID(happened.event),
        kind=happened.kind,
        subject=happened.subject,
        body=body,
    )


def delivery_of(row: Sent) -> Delivery:
    return Delivery(
        id=row.id,
        webhook=str(row.webhook_id),
        event=str(row.event),
        kind=row.kind,
        subject=row.subject,
        body=row.body,
        state=row.state,
        tries=row.tries,
        replays=row.replays,
        created=row.created,
        next_at=row.next_at,
        tried=row.tried,
        status=row.status,
        error=row.error,
        milliseconds=row.milliseconds,
    )


async def _locked(session: AsyncSession, id: str) -> Row:
    known = as_uuid(id)
    row = await session.get(Row, known, with_for_update=True) if known else None
    if row is None:
        raise NotThere("webhook", id)
    return row


async def _waiting(session: AsyncSession, id: uuid.UUID) -> int:
    query = select(func.count()).where(Sent.webhook_id == id, Sent.state == "waiting")
    return await session.scalar(query) or 0


def _forgive(row: Row) -> None:
    row.failures, row.failing_since, row.held_until = 0, None, None
    row.paused, row.paused_reason = None, ""


def _told(row: Row) -> dict[str, object]:
    return {"name": row.name, "url": row.url, "events": row.events, "active": row.active}


def _value(row: Row, waiting: int) -> Webhook:
    return Webhook(
        id=str(row.id),
        name=row.name,
        url=row.url,
        events=tuple(row.events),
        active=row.active,
        failures=row.failures,
        failing_since=row.failing_since,
        paused=row.paused,
        paused_reason=row.paused_reason,
        waiting=waiting,
        created=row.created,
        created_by=row.created_by_name,
        version=row.version,
    )
