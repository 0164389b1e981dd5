"""Tickets with everything that happened to them, tasks, and the views people saved."""

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
    SmallInteger,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.store.tables.base import ID_MAX, Base, CallId, Created, NewUuid
from callcenter.store.tables.routing import EMPTY_OBJECT, EMPTY_TEXTS


class Ticket(Base):
    """`number`: what people call it by. `stage_kind`: the kind of its stage when it was entered.
    `owner_agent` and `queue` carry no foreign key: somebody who left keeps what he had."""

    __tablename__ = "tickets"
    __table_args__ = (
        CheckConstraint("stage_kind in ('open', 'waiting', 'solved', 'closed')", name="stage_kind"),
        CheckConstraint("priority between 0 and 3", name="priority"),
        CheckConstraint("satisfaction between 1 and 5", name="satisfaction"),
        Index("ix_tickets_customer", "customer_id", text("created DESC"), text("id DESC")),
        Index("ix_tickets_updated", text("updated DESC"), text("id DESC")),
        Index("ix_tickets_owner", "owner_agent", text("updated DESC")),
        Index("ix_tickets_grams", "grams", postgresql_using="gin"),
        Index("ix_tickets_open", "due", "id", postgresql_where=text("stage_kind = 'open'")),
    )

    id: Mapped[NewUuid]
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True, start=1001), unique=True)
    type: Mapped[str] = mapped_column(String(ID_MAX))
    subject: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(server_default="")
    customer_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("customers.id", ondelete="SET NULL")
    )
    stage: Mapped[str] = mapped_column(String(ID_MAX))
    stage_kind: Mapped[str] = mapped_column(String(8))
    stage_since: Mapped[datetime]
    priority: Mapped[int] = mapped_column(SmallInteger, server_default=text("1"))
    owner_agent: Mapped[str | None] = mapped_column(String(ID_MAX))
    queue: Mapped[str | None] = mapped_column(String(ID_MAX))
    fields: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY_OBJECT)
    reason: Mapped[str] = mapped_column(server_default="")
    satisfaction: Mapped[int | None] = mapped_column(SmallInteger)
    created: Mapped[datetime]
    updated: Mapped[Created]
    user_id: Mapped[uuid.UUID | None]
    user_name: Mapped[str] = mapped_column(String(120), server_default="")
    first_answered: Mapped[datetime | None]
    first_due: Mapped[datetime | None]
    solution_due: Mapped[datetime | None]
    stage_due: Mapped[datetime | None]
    due: Mapped[datetime | None]
    waiting_since: Mapped[datetime | None]
    waited_seconds: Mapped[float] = mapped_column(server_default=text("0"))
    solved: Mapped[datetime | None]
    closed: Mapped[datetime | None]
    escalated: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)
    merged_into: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("tickets.id", ondelete="SET NULL"), index=True
    )
    version: Mapped[int] = mapped_column(server_default=text("1"))
    search_text: Mapped[str] = mapped_column(server_default="")
    grams: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)


class TicketEvent(Base):
    """One line of a ticket's history; lines are only added."""

    __tablename__ = "ticket_events"
    __table_args__ = (Index("ix_ticket_events_ticket", "ticket_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    ticket_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    user_id: Mapped[uuid.UUID | None]
    user_name: Mapped[str] = mapped_column(String(120), server_default="")
    kind: Mapped[str] = mapped_column(String(16))
    data: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY_OBJECT)


class TicketLink(Base):
    """`target`: a call's id, or another ticket's."""

    __tablename__ = "ticket_links"
    __table_args__ = (
        CheckConstraint("kind in ('call', 'ticket')", name="kind"),
        Index("ix_ticket_links_target", "kind", "target"),
    )

    ticket_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    target: Mapped[CallId] = mapped_column(primary_key=True)
    at: Mapped[Created]


class SavedView(Base):
    """A person's way to look at a list. `shared`: everybody sees it."""

    __tablename__ = "saved_views"

    id: Mapped[NewUuid]
    user_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(80))
    shared: Mapped[bool] = mapped_column(server_default=text("false"))
    filter: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY_OBJECT)


class Task(Base):
    """Something to be done by a day: by hand, or by a call. `step` of `plan`: what made it."""

    __tablename__ = "tasks"
    __table_args__ = (
        CheckConstraint("kind in ('task', 'call')", name="kind"),
        CheckConstraint("state in ('open', 'done', 'cancelled')", name="state"),
        Index("ix_tasks_customer", "customer_id", text("created DESC"), text("id DESC")),
        Index("ix_tasks_ticket", "ticket_id"),
        Index("ix_tasks_due", "owner_agent", "due", postgresql_where=text("state = 'open'")),
        Index("ix_tasks_state", "state", "due", "id"),
    )

    id: Mapped[NewUuid]
    kind: Mapped[str] = mapped_column(String(8), server_default="task")
    title: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(server_default="")
    customer_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE")
    )
    ticket_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("tickets.id", ondelete="CASCADE")
    )
    number: Mapped[str] = mapped_column(String(80), server_default="")
    owner_agent: Mapped[str | None] = mapped_column(String(ID_MAX))
    due: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12), server_default="open")
    result: Mapped[str] = mapped_column(String(32), server_default="")
    result_note: Mapped[str] = mapped_column(server_default="")
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    plan: Mapped[str] = mapped_column(String(ID_MAX), server_default="")
    step: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    created: Mapped[datetime]
    done: Mapped[datetime | None]
    user_id: Mapped[uuid.UUID | None]
    user_name: Mapped[str] = mapped_column(String(120), server_default="")
    version: Mapped[int] = mapped_column(server_default=text("1"))
