"""Text messages: kept first, then handed to the webhook, and tried again while it is away.

A message is a row before it is sent, so that neither a restart nor a dead gateway loses it; its id
is the same at each try, so that a gateway can leave out what came twice. The flow waits for the
first try only. Numbers and words of messages are in no log. This file must not know HTTP beyond
`Requests.post`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, cast

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.media.texts.gateway import Gateway, Gateways
from callcenter.outside.delivery import Delivered, signed, wait_before_next
from callcenter.outside.requests import Requests
from callcenter.secret_files import SecretUnusable
from callcenter.store import tables
from callcenter.store.accounts import printable
from callcenter.store.audit import note as audit
from callcenter.store.config_values import NotThere
from callcenter.store.engine import make_sessions

log = logging.getLogger(__name__)

State = Literal["waiting", "sent", "refused", "given-up"]

WORDS_MAX = 2000
EACH_SECONDS = 5.0
AT_ONCE_MAX = 20
CLAIM_SECONDS = 60.0
"""So long nobody else takes a message whose try is under way."""
KEPT_DAYS = 90
TRIED_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Text:
    """A message and what became of it. `status`: of the last answer."""

    id: int
    call: str
    to: str
    words: str
    language: str
    state: State
    tries: int
    status: int | None
    trouble: str
    created: datetime
    ended: datetime | None
    due: datetime


class NotSent(Exception):
    """There is no way to send it; the text says why and what to do."""


class Texts:
    """`first_wait`: seconds until the second try."""

    def __init__(
        self, engine: AsyncEngine, gateways: Gateways, requests: Requests, first_wait: float = 15.0
    ) -> None:
        self._sessions = make_sessions(engine)
        self.gateways, self._requests, self._first_wait = gateways, requests, first_wait

    async def send(self, to: str, words: str, language: str, call: str = "") -> Text:
        """Keep it, try it once, and say what became of it. Raises NotSent, SQLAlchemyError,
        OSError."""
        gateway = await self.gateways.read()
        if not gateway.ready:
            raise NotSent("no gateway for text messages is set up and switched on")
        words = printable(words, WORDS_MAX).strip()
        if not words:
            raise NotSent("the message has no words")
        async with self._sessions.begin() as session:
            row = tables.TextMessage(
                key=f"txt_{secrets.token_hex(16)}",
                call=call[:80],
                recipient=to[:32],
                words=words,
                language=language[:12],
                due=datetime.now(UTC) + timedelta(seconds=CLAIM_SECONDS),
            )
            session.add(row)
            await session.flush()
            id = row.id
        return await self._try(id, gateway)

    async def _try(self, id: int, gateway: Gateway) -> Text:
        """One try, and its outcome written down."""
        async with self._sessions() as session:
            row = await session.get_one(tables.TextMessage, id)
        result = await self._post(row, gateway)
        async with self._sessions.begin() as session:
            row = await session.get_one(tables.TextMessage, id, with_for_update=True)
            if row.state == "waiting":
                _after(row, result, gateway, self._first_wait)
            return _text(row)

    async def _post(self, row: tables.TextMessage, gateway: Gateway) -> Delivered:
        now = datetime.now(UTC)
        told = {
            "type": "text.send",
            "id": row.key,
            "to": row.recipient,
            "text": row.words,
            "language": row.language,
            "call": row.call,
            "created": row.created.isoformat(),
        }
        body = json.dumps(told, ensure_ascii=False).encode()
        try:
            keys = await self.gateways.keys(now)
            headers = signed(row.key, now.timestamp(), body, keys)
        except (SecretUnusable, ValueError) as error:
            log.error("text messages cannot be signed: %s", error)
            return Delivered(error="the signing secret cannot be used")
        if not keys:
            return Delivered(error="there is no signing secret")
        return await self._requests.post(gateway.url, body, headers, gateway.timeout_seconds)

    # -- in the background ------------------------------------------------------------------------
    async def run(self, each: float = EACH_SECONDS) -> None:
        """Until cancelled: send what is due, forget what is old."""
        forgot = 0.0
        clock = asyncio.get_running_loop().time
        while True:
            try:
                await self.send_due()
                if clock() - forgot > 3600 or not forgot:
                    await self._forget()
                    forgot = clock()
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                log.debug("no text messages at the moment: %s", type(error).__name__)
            await asyncio.sleep(each)

    async def send_due(self) -> int:
        """Messages that wait and are due. Returns how many went out. A gateway that is away is not
        asked for each of them."""
        gateway = await self.gateways.read()
        if not gateway.ready:
            return 0
        sent = 0
        for _ in range(AT_ONCE_MAX):
            id = await self._claim()
            if id is None:
                break
            tried = await self._try(id, gateway)
            sent += tried.state == "sent"
            if tried.state == "waiting" and tried.status is None:
                break
        return sent

    async def _claim(self) -> int | None:
        message = tables.TextMessage
        due = (
            select(message.id)
            .where(message.state == "waiting", message.due <= func.now())
            .order_by(message.due)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        later = datetime.now(UTC) + timedelta(seconds=CLAIM_SECONDS)
        claim = (
            update(message)
            .where(message.id == due.scalar_subquery())
            .values(due=later)
            .returning(message.id)
        )
        async with self._sessions.begin() as session:
            return await session.scalar(claim)

    async def _forget(self) -> None:
        message = tables.TextMessage
        old = datetime.now(UTC) - timedelta(days=KEPT_DAYS)
        async with self._sessions.begin() as session:
            await session.execute(
                delete(message).where(message.state != "waiting", message.created < old)
            )

    # -- for people -------------------------------------------------------------------------------
    async def recent(
        self, state: State | None, before: int | None, limit: int
    ) -> tuple[Sequence[Text], int]:
        """The newest first, and how many wait."""
        message = tables.TextMessage
        query = select(message).order_by(message.id.desc()).limit(limit)
        if state is not None:
            query = query.where(message.state == state)
        if before is not None:
            query = query.where(message.id < before)
        waiting = select(func.count()).where(message.state == "waiting")
        async with self._sessions() as session:
            rows = (await session.scalars(query)).all()
            return [_text(row) for row in rows], await session.scalar(waiting) or 0

    async def again(self, id: int, *, by: str) -> Text:
        """Try a message once more, now. Raises NotThere, NotSent."""
        gateway = await self.gateways.read()
        if not gateway.ready:
            raise NotSent("no gateway for text messages is set up and switched on")
        async with self._sessions.begin() as session:
            row = await session.get(tables.TextMessage, id, with_for_update=True)
            if row is None:
                raise NotThere("text message", str(id))
            if row.state == "sent":
                return _text(row)
            row.state, row.ended = "waiting", None
            row.due = datetime.now(UTC) + timedelta(seconds=CLAIM_SECONDS)
            await audit(session, by, "text.again", str(id), {})
        return await self._try(id, gateway)


def _after(row: tables.TextMessage, result: Delivered, gateway: Gateway, first_wait: float) -> None:
    now = datetime.now(UTC)
    row.tries = min(row.tries + 1, TRIED_MAX)
    row.status, row.trouble = result.status, printable(result.error, 300)
    if result.taken:
        row.state, row.ended = "sent", now
    elif result.final:
        row.state, row.ended = "refused", now
        log.error("a text message is refused: %s", row.trouble)
    elif now - row.created > timedelta(hours=gateway.keep_hours):
        row.state, row.ended = "given-up", now
        log.error("a text message is given up after %d tries: %s", row.tries, row.trouble)
    else:
        wait = wait_before_next(row.tries, result.wait_seconds, first_wait)
        row.due = now + timedelta(seconds=wait)
        log.warning("a text message has to wait %g s: %s", wait, row.trouble)


def _text(row: tables.TextMessage) -> Text:
    return Text(
        id=row.id,
        call=row.call,
        to=row.recipient,
        words=row.words,
        language=row.language,
        state=cast(State, row.state),
        tries=row.tries,
        status=row.status,
        trouble=row.trouble,
        created=row.created,
        ended=row.ended,
        due=row.due,
    )
