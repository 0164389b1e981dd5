"""Other systems that are told what happens here: who, of what, and what became of it.

Rows of `webhook_events` are made by triggers, in the transaction that makes the thing itself (see
the migration), so that no event is lost and nobody on a call's way has to think of it. They live
until they have been handed to each subscriber as a delivery.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.store.tables.base import Base, Created, NewUuid
from callcenter.store.tables.routing import EMPTY_OBJECT, EMPTY_TEXTS


class Webhook(Base):
    """`secret`: sealed. `secret_before`: the one it replaced, signed with until then.
    `paused`: by us, after long failure; `active`: the administrator's own switch. `failures` in a
    row, since `failing_since`; nothing is sent before `held_until`."""

    __tablename__ = "webhooks"

    id: Mapped[NewUuid]
    name: Mapped[str] = mapped_column(String(80))
    url: Mapped[str] = mapped_column(String(1000))
    events: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    secret_before: Mapped[bytes | None] = mapped_column(LargeBinary)
    secret_before_until: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    failing_since: Mapped[datetime | None]
    held_until: Mapped[datetime | None]
    paused: Mapped[datetime | None]
    paused_reason: Mapped[str] = mapped_column(String(300), server_default="")
    created: Mapped[Created]
    created_by_name: Mapped[str] = mapped_column(String(120), server_default="")
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))


class WebhookEvent(Base):
    __tablename__ = "webhook_events"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    event: Mapped[uuid.UUID] = mapped_column(server_default=text("gen_random_uuid()"))
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]
    data: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY_OBJECT)


class WebhookDelivery(Base):
    """One event for one subscriber. `body`: exactly the bytes that are sent, as text. `state`:
    waiting, delivered, failed (given up)."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'delivered', 'failed')", name="state"),
        Index("ix_webhook_deliveries_log", "webhook_id", text("id DESC")),
        Index("ix_webhook_deliveries_due", "next_at", postgresql_where=text("state = 'waiting'")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    webhook_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"))
    event: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(100))
    body: Mapped[str]
    state: Mapped[str] = mapped_column(String(16), server_default="waiting")
    tries: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    replays: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    created: Mapped[Created]
    first_at: Mapped[Created]
    next_at: Mapped[Created]
    tried: Mapped[datetime | None]
    status: Mapped[int | None]
    error: Mapped[str] = mapped_column(String(300), server_default="")
    milliseconds: Mapped[int | None]
