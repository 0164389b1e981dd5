"""The shift plan: what was written, the moments it means, and each change of it."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.store.tables.base import AgentId, Base, Created, NewUuid


class ShiftDay(Base):
    """An agent's shifts of a day, as written (`callcenter.shifts.values`), on the clock of
    `time_zone`. A day off that was written has a row without shifts: its version goes on."""

    __tablename__ = "shift_days"
    __table_args__ = (Index("ix_shift_days_day", "day"),)

    agent_id: Mapped[AgentId] = mapped_column(
        ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    time_zone: Mapped[str] = mapped_column(String(64))
    shifts: Mapped[list[Any]]
    version: Mapped[int] = mapped_column(server_default=text("1"))
    updated: Mapped[Created]


class ShiftSpan(Base):
    """A stretch of planned work, or of a break, of the `shift`-th shift of a day; made anew with
    each change of the day."""

    __tablename__ = "shift_spans"
    __table_args__ = (
        CheckConstraint("plan in ('work', 'break')", name="plan"),
        ForeignKeyConstraint(
            ["agent_id", "day"],
            ["shift_days.agent_id", "shift_days.day"],
            name="fk_shift_spans_day",
            ondelete="CASCADE",
        ),
        Index("ix_shift_spans_begins", "begins"),
        Index("ix_shift_spans_day", "day"),
    )

    agent_id: Mapped[AgentId] = mapped_column(primary_key=True)
    begins: Mapped[datetime] = mapped_column(primary_key=True)
    ends: Mapped[datetime]
    day: Mapped[date]
    shift: Mapped[int]
    plan: Mapped[str] = mapped_column(String(8))


class ShiftChange(Base):
    """One change of the plan: `rows` with what stood there before, and the versions it left."""

    __tablename__ = "shift_changes"
    __table_args__ = (
        CheckConstraint("kind in ('typed', 'copied', 'imported', 'undone')", name="kind"),
        Index("ix_shift_changes_at", text("at DESC")),
    )

    id: Mapped[NewUuid]
    kind: Mapped[str] = mapped_column(String(8))
    at: Mapped[Created]
    by_user: Mapped[uuid.UUID | None]
    by_name: Mapped[str] = mapped_column(String(120), server_default="")
    first: Mapped[date]
    last: Mapped[date]
    agents: Mapped[list[str]]
    rows: Mapped[list[Any]]
    undone: Mapped[datetime | None]
