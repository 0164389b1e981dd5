"""The product's own running: who leads, whose phone secret ends when, who changed what."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.store.tables.base import AgentId, Base, Created
from callcenter.store.tables.routing import EMPTY_OBJECT


class Leader(Base):
    """One row. `epoch` grows with every start and fences whatever an older leader still sends."""

    __tablename__ = "leader"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    holder: Mapped[str] = mapped_column(String(200), server_default="")
    epoch: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    expires_at: Mapped[datetime] = mapped_column(server_default=text("'epoch'::timestamptz"))


class BrowserPhone(Base):
    """How long the secret of an agent's browser phone is good for (`callcenter.store.phones`)."""

    __tablename__ = "browser_phones"

    agent_id: Mapped[AgentId] = mapped_column(
        ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True
    )
    expires: Mapped[datetime] = mapped_column(index=True)


class AuditEntry(Base):
    """One change by a person. Rows are never altered or deleted: a trigger refuses it."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[Created] = mapped_column(index=True)
    user_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(128), server_default="")
    detail: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY_OBJECT)
    ip: Mapped[str] = mapped_column(String(64), server_default="")


class AuditSeal(Base):
    """A link of the chain over the audit's lines up to `last_id` (`callcenter.store.audit_seals`):
    how many `lines` it covers, and the hash. Never altered or deleted either."""

    __tablename__ = "audit_seals"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[Created]
    last_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    lines: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
