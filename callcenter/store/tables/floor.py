"""The floor: messages to agents' desks, alerts with their rules, wallboards with their tokens."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.store.tables.base import AgentId, Base, Created, NewUuid
from callcenter.store.tables.routing import EMPTY_OBJECT, EMPTY_TEXTS


class DeskMessage(Base):
    """What a supervisor told an agent, kept until he has read it. `kind`: *note*, or *state* (his
    state, skills or queues were changed for him)."""

    __tablename__ = "desk_messages"
    __table_args__ = (
        CheckConstraint("kind in ('note', 'state')", name="kind"),
        Index("ix_desk_messages_unread", "agent_id", postgresql_where=text("read is null")),
        Index("ix_desk_messages_sent", text("created DESC")),
    )

    id: Mapped[NewUuid]
    agent_id: Mapped[AgentId] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(8), server_default="note")
    body: Mapped[str] = mapped_column(String(1000))
    detail: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY_OBJECT)
    by_user: Mapped[uuid.UUID | None]
    by_name: Mapped[str] = mapped_column(String(120))
    created: Mapped[Created]
    read: Mapped[datetime | None]


class AlertRule(Base):
    """`mail`: who gets a letter; `sound`: the console rings. `scope`, `subject`: of what the figure
    is. `over` a limit, or `under` it, for so many seconds."""

    __tablename__ = "alert_rules"
    __table_args__ = (
        CheckConstraint("operator in ('over', 'under')", name="operator"),
        CheckConstraint("scope in ('house', 'team', 'queue')", name="scope"),
    )

    id: Mapped[NewUuid]
    name: Mapped[str] = mapped_column(String(80))
    metric: Mapped[str] = mapped_column(String(24))
    operator: Mapped[str] = mapped_column(String(8))
    value: Mapped[float]
    seconds: Mapped[float] = mapped_column(server_default=text("0"))
    scope: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str] = mapped_column(String(64), server_default="")
    sound: Mapped[bool] = mapped_column(server_default=text("true"))
    mail: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)
    language: Mapped[str] = mapped_column(String(8), server_default="en")
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    created: Mapped[Created]
    updated: Mapped[Created]


class AlertEvent(Base):
    """One alert, from its beginning to its end; the rule's words are kept as they were. `webhooks`
    are told by a trigger. `given_to`: who shall look after it; `taken`: since when he or she does,
    null while it has not been said."""

    __tablename__ = "alert_events"
    __table_args__ = (
        Index(
            "uq_alert_events_open", "rule_id", unique=True, postgresql_where=text("ended is null")
        ),
        Index("ix_alert_events_raised", text("raised DESC")),
    )

    id: Mapped[NewUuid]
    rule_id: Mapped[uuid.UUID]
    name: Mapped[str] = mapped_column(String(80))
    metric: Mapped[str] = mapped_column(String(24))
    operator: Mapped[str] = mapped_column(String(8))
    value: Mapped[float]
    scope: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str] = mapped_column(String(64), server_default="")
    sound: Mapped[bool] = mapped_column(server_default=text("true"))
    found: Mapped[float | None]
    raised: Mapped[datetime]
    ended: Mapped[datetime | None]
    acknowledged: Mapped[datetime | None]
    acknowledged_by: Mapped[uuid.UUID | None]
    acknowledged_name: Mapped[str] = mapped_column(String(120), server_default="")
    given_to: Mapped[uuid.UUID | None]
    given_name: Mapped[str] = mapped_column(String(120), server_default="")
    given_by_name: Mapped[str] = mapped_column(String(120), server_default="")
    given: Mapped[datetime | None]
    taken: Mapped[datetime | None]


class Wall(Base):
    """A wallboard: `layout` as the console draws it. `team` "": the whole house. `removed`: it
    shows nothing, and can come back with its screens until it is forgotten."""

    __tablename__ = "walls"

    id: Mapped[NewUuid]
    name: Mapped[str] = mapped_column(String(80))
    team: Mapped[str] = mapped_column(String(64), server_default="")
    language: Mapped[str] = mapped_column(String(8), server_default="en")
    layout: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY_OBJECT)
    version: Mapped[int] = mapped_column(server_default=text("1"))
    created: Mapped[Created]
    updated: Mapped[Created]
    removed: Mapped[datetime | None]


class WallToken(Base):
    """Lets one screen show a wall without a login. Only the hash is kept."""

    __tablename__ = "wall_tokens"

    id: Mapped[NewUuid]
    wall_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("walls.id", ondelete="CASCADE"), index=True
    )
    hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    created: Mapped[Created]
    used: Mapped[datetime | None]
    revoked: Mapped[datetime | None]
