"""Callbacks, written by the ledger, and each queue's rules for them.

`callbacks` has no foreign keys (see `interactions`). The last row of an id is the truth; a centre
that has lost its memory takes its open callbacks from here.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.store.tables.base import CALL_ID_MAX, ID_MAX, Base, CallId, Created
from callcenter.store.tables.routing import EMPTY_OBJECT

CALLBACK_ID_MAX = CALL_ID_MAX + 8


class CallbackRecord(Base):
    """As `core.effects.RecordCallback`. `joined_at` is in UNIX seconds, exactly as the routing
    engine orders by it. `outcome` "": not over. `attempts`: [{call, at, outcome}]."""

    __tablename__ = "callbacks"
    __table_args__ = (
        CheckConstraint("mode in ('customer-first', 'agent-first')", name="mode"),
        Index("ix_callbacks_open", "queue", "joined_at", postgresql_where=text("outcome = ''")),
        Index("ix_callbacks_asked", text("asked_at DESC"), "id"),
        Index("ix_callbacks_number", "number"),
    )

    id: Mapped[str] = mapped_column(String(CALLBACK_ID_MAX), primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)
    contact: Mapped[str] = mapped_column(String(CALLBACK_ID_MAX), index=True)
    queue: Mapped[str]
    number: Mapped[str]
    name: Mapped[str]
    did: Mapped[str]
    language: Mapped[str] = mapped_column(String(16))
    mode: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    outcome: Mapped[str] = mapped_column(String(16))
    started_at: Mapped[datetime]
    asked_at: Mapped[datetime]
    asked_by: Mapped[str]
    joined_at: Mapped[float]
    changed_at: Mapped[datetime]
    next_at: Mapped[datetime | None]
    time_zone: Mapped[str] = mapped_column(String(64))
    flow: Mapped[str | None]
    path: Mapped[list[str]]
    skills: Mapped[dict[str, Any]]
    asked_priority: Mapped[int] = mapped_column(Integer)
    priority: Mapped[int] = mapped_column(Integer)
    value_seconds: Mapped[float]
    customer_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    call: Mapped[CallId]
    tries: Mapped[int] = mapped_column(Integer)
    attempts: Mapped[list[Any]] = mapped_column(server_default=text("'[]'::jsonb"))
    written: Mapped[Created]


class CallbackPolicyRecord(Base):
    """How a queue calls back; `settings` are the fields of `core.config.CallbackPolicy`."""

    __tablename__ = "callback_policies"

    queue_id: Mapped[str] = mapped_column(
        String(ID_MAX), ForeignKey("queues.id", ondelete="CASCADE"), primary_key=True
    )
    settings: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY_OBJECT)
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    updated: Mapped[Created]
