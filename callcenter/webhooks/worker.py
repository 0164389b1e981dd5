"""Hands events to their subscribers: from the outbox to deliveries, from deliveries to the network.

At least once: a delivery is leased before it is sent and written down after, so a crash in between
sends it again, with the same id. A subscriber that fails is asked ever more seldom, one delivery at
a time; after PAUSE_AFTER of nothing but failures it is paused with an alarm, and what happens
meanwhile waits. While the database is away nothing is lost and nothing is sent.
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import asyncpg
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.outside.delivery import Delivered, signed, wait_before_next
from callcenter.outside.requests import Requests
from callcenter.store import tables
from callcenter.store.engine import make_sessions
from callcenter.store.ledger import first_line
from callcenter.store.sealing import Seal, SealBroken
from callcenter.store.times import to_datetime
from callcenter.webhooks.bodies import body_of
from callcenter.webhooks.schemas import Happened
from callcenter.webhooks.service import Sent, delivery_row
from callcenter.webhooks.surroundings import surroundings

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
EVENTS_AT_ONCE = 200
SENT_AT_ONCE = 20
OF_ONE_AT_ONCE = 4
ANSWER_SECONDS = 10.0
LEASE = timedelta(seconds=60)
GIVE_UP_AFTER = timedelta(hours=24)
PAUSE_AFTER = timedelta(hours=24)
HELD_SECONDS_MAX = 900.0
HELD_FROM_FAILURES = 3
DELIVERED_KEPT = timedelta(days=14)
FAILED_KEPT = timedelta(days=60)
TIDY_SECONDS = 3600.0
GONE = 410
AWAY = (OSError, TimeoutError, SQLAlchemyError, asyncpg.PostgresError)

LEASED = text("""
    with ready as (
        select d.id, row_number() over (partition by d.webhook_id order by d.id) as place,
               w.failures
        from webhook_deliveries d join webhooks w on w.id = d.webhook_id
        where d.state = 'waiting' and d.next_at <= :now and w.active and w.paused is null
          and (w.held_until is null or w.held_until <= :now)
    ), mine as (
        select d.id from webhook_deliveries d join ready on ready.id = d.id
        where place <= case when failures = 0 then :of_one else 1 end
        order by d.id limit :at_once for update of d skip locked
    )
    update webhook_deliveries d set next_at = :until, tries = tries + 1, tried = :now
    from mine, webhooks w where d.id = mine.id and w.id = d.webhook_id
    returning d.id, d.webhook_id, d.event, d.body, d.tries, d.first_at, w.name, w.url, w.secret,
              case when w.secret_before_until > :now then w.secret_before end as secret_before
""")


@dataclass(frozen=True, slots=True)
class _Due:
    id: int
    webhook_id: uuid.UUID
    event: uuid.UUID
    body: str
    tries: int
    first_at: datetime
    name: str
    url: str
    secret: bytes
    secret_before: bytes | None


class WebhookWorker:
    """`now` gives UNIX seconds. `alarm(code, text)` is called when a webhook is paused."""

    def __init__(
        self,
        engine: AsyncEngine,
        seal: Seal,
        requests: Requests,
        alarm: Callable[[str, str], None],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._sessions = make_sessions(engine)
        self._seal, self._requests, self._alarm, self._now = seal, requests, alarm, now

    async def run(self) -> None:
        """Until cancelled."""
        tidied = 0.0
        while True:
            try:
                busy = await self.hand_out() + await self.send()
                if self._now() - tidied > TIDY_SECONDS:
                    await self.tidy()
                    tidied = self._now()
            except AWAY as problem:
                log.debug("no webhooks at the moment: %s", first_line(problem))
                busy = 0
            if not busy:
                await asyncio.sleep(LOOK_SECONDS)

    # -- from events to deliveries --------------------------------------------------------------
    async def hand_out(self) -> int:
        """One transaction: some events become deliveries and are events no more. How many."""
        event = tables.WebhookEvent
        some = select(event.id).order_by(event.id).limit(EVENTS_AT_ONCE)
        taken = delete(event).where(event.id.in_(some.with_for_update(skip_locked=True)))
        async with self._sessions.begin() as session:
            rows = (await session.scalars(taken.returning(event))).all()
            if not rows:
                return 0
            happened = [
                Happened(str(row.event), row.kind, row.subject, row.at, row.data)
                for row in sorted(rows, key=lambda row: row.id)
            ]
            now = to_datetime(self._now())
            known = await surroundings(session, happened)
            subscribers = (
                await session.scalars(select(tables.Webhook).filter_by(active=True))
            ).all()
            for one in happened:
                told = replace(one, data={**known.get(one.subject, {}), **one.data})
                body = body_of(told)
                session.add_all(
                    delivery_row(webhook.id, told, body, now)
                    for webhook in subscribers
                    if one.kind in webhook.events
                )
            return len(rows)

    # -- from deliveries to the network -----------------------------------------------------------
    async def send(self) -> int:
        """Everything that is due, some at once. How many were tried."""
        now = to_datetime(self._now())
        values = {
            "now": now,
            "until": now + LEASE,
            "of_one": OF_ONE_AT_ONCE,
            "at_once": SENT_AT_ONCE,
        }
        async with self._sessions.begin() as session:
            due = [_Due(**row) for row in (await session.execute(LEASED, values)).mappings()]
        await asyncio.gather(*(self._send(one) for one in due))
        return len(due)

    async def _send(self, due: _Due) -> None:
        try:
            keys = self._keys(due)
        except SealBroken:
            await self._pause(due.webhook_id, due.name, "its secret cannot be read: make a new one")
            return
        started = time.perf_counter()
        content = due.body.encode()
        headers = signed(str(due.event), self._now(), content, keys)
        result = await self._requests.post(due.url, content, headers, ANSWER_SECONDS)
        milliseconds = int((time.perf_counter() - started) * 1000)
        await self._write_down(due, result, milliseconds)

    def _keys(self, due: _Due) -> Sequence[str]:
        sealed = [due.secret] + ([due.secret_before] if due.secret_before else [])
        return [self._seal.open(one, str(due.webhook_id)) for one in sealed]

    async def _write_down(self, due: _Due, result: Delivered, milliseconds: int) -> None:
        now = to_datetime(self._now())
        values: dict[str, object] = {
            "status": result.status,
            "error": result.error[:300],
            "milliseconds": milliseconds,
        }
        if result.taken:
            values["state"] = "delivered"
        elif result.refused_here or now - due.first_at >= GIVE_UP_AFTER:
            values["state"] = "failed"
        else:
            wait = wait_before_next(due.tries, result.wait_seconds)
            values["next_at"] = now + timedelta(seconds=wait)
        async with self._sessions.begin() as session:
            await session.execute(update(Sent).where(Sent.id == due.id).values(**values))
            webhook = await session.get(tables.Webhook, due.webhook_id, with_for_update=True)
            if webhook is None:
                return
            reason = _count(webhook, result, now)
        if reason:
            await self._pause(due.webhook_id, due.name, reason)

    async def _pause(self, id: uuid.UUID, name: str, reason: str) -> None:
        row = tables.Webhook
        query = (
            update(row)
            .where(row.id == id, row.paused.is_(None))
            .values(paused=to_datetime(self._now()), paused_reason=reason[:300])
        )
        async with self._sessions.begin() as session:
            paused = (await session.scalars(query.returning(row.id))).first()
        if paused is not None:
            log.warning("webhook %s is paused: %s", id, reason)
            self._alarm("webhook-paused", f"webhook {name!r} is paused: {reason}")

    async def tidy(self) -> None:
        """The log does not grow for ever."""
        now = to_datetime(self._now())
        async with self._sessions.begin() as session:
            for state, kept in (("delivered", DELIVERED_KEPT), ("failed", FAILED_KEPT)):
                old = func.coalesce(Sent.tried, Sent.created) < now - kept
                await session.execute(delete(Sent).where(Sent.state == state, old))


def _count(webhook: tables.Webhook, result: Delivered, now: datetime) -> str:
    """Keep the count of failures in a row. Returns why it has to be paused, or nothing."""
    if result.taken:
        webhook.failures, webhook.failing_since, webhook.held_until = 0, None, None
        return ""
    webhook.failures += 1
    webhook.failing_since = webhook.failing_since or now
    over = webhook.failures - HELD_FROM_FAILURES
    if over >= 0:
        wait = min(HELD_SECONDS_MAX, wait_before_next(over + 1, result.wait_seconds))
        webhook.held_until = now + timedelta(seconds=wait)
    if result.status == GONE:
        return "the receiver says that it is gone (410)"
    if now - webhook.failing_since >= PAUSE_AFTER:
        hours = int(PAUSE_AFTER.total_seconds() // 3600)
        return f"nothing was taken for {hours} hours; the last trouble: {result.error}"
    return ""
