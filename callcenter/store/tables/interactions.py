"""What happened: interactions, their timelines, the agents' states, and notes being written.

The ledger writes these from its outbox, perhaps hours later, so nothing here has a foreign key: a
customer or agent deleted meanwhile must not stop the flow of facts.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.store.tables.base import AgentId, Base, CallId, Created
from callcenter.store.tables.routing import EMPTY_OBJECT

ZERO = text("0")


class Interaction(Base):
    """One call, as in `core.effects.RecordInteraction`; the highest revision is the truth."""

    __tablename__ = "interactions"
    __table_args__ = (
        Index("ix_interactions_customer", "customer_id", text("started_at DESC")),
        Index("ix_interactions_agent", "agent", text("started_at DESC")),
        Index("ix_interactions_queue", "queue", "started_at"),
    )

    call: Mapped[CallId] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)
    started_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime]
    number: Mapped[str]
    did: Mapped[str]
    customer_id: Mapped[uuid.UUID | None]
    queue: Mapped[str | None]
    agent: Mapped[str | None]
    flow: Mapped[str | None]
    outcome: Mapped[str] = mapped_column(String(16))
    ended_by: Mapped[str] = mapped_column(String(16))
    path: Mapped[list[str]]
    wait_seconds: Mapped[float]
    ring_seconds: Mapped[float]
    talk_seconds: Mapped[float]
    hold_seconds: Mapped[float]
    wrap_up_seconds: Mapped[float]
    offers: Mapped[int] = mapped_column(Integer)
    language: Mapped[str]
    disposition: Mapped[str]
    note: Mapped[str]
    direction: Mapped[str] = mapped_column(String(8), server_default=text("'in'"))
    dial_outcome: Mapped[str] = mapped_column(String(16), server_default=text("''"))
    shown: Mapped[str] = mapped_column(String(20), server_default=text("''"))
    peer: Mapped[str] = mapped_column(String(32), server_default=text("''"))
    written: Mapped[Created]
    park_seconds: Mapped[float] = mapped_column(server_default=ZERO)


class InteractionPart(Base):
    """One agent's part in a call, as in `core.effects.RecordPart`."""

    __tablename__ = "interaction_parts"
    __table_args__ = (Index("ix_interaction_parts_agent", "agent", "began_at"),)

    call: Mapped[CallId] = mapped_column(primary_key=True)
    part: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(BigInteger)
    agent: Mapped[AgentId]
    queue: Mapped[str | None]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    ended: Mapped[str] = mapped_column(String(16))
    ring_seconds: Mapped[float]
    talk_seconds: Mapped[float]
    hold_seconds: Mapped[float]
    consult_seconds: Mapped[float]
    wrap_up_seconds: Mapped[float]
    disposition: Mapped[str]
    note: Mapped[str]
    conference_seconds: Mapped[float] = mapped_column(server_default=ZERO)
    park_seconds: Mapped[float] = mapped_column(server_default=ZERO)


class LegQuality(Base):
    """How an agent's phone heard one leg of a call, as its browser measured every two seconds;
    means and worst values. MOS by the E-model's usual simplification."""

    __tablename__ = "leg_quality"

    call: Mapped[CallId] = mapped_column(primary_key=True)
    agent: Mapped[AgentId] = mapped_column(primary_key=True)
    leg: Mapped[str] = mapped_column(String(40), primary_key=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    measures: Mapped[int] = mapped_column(Integer)
    packets_received: Mapped[int] = mapped_column(BigInteger)
    packets_lost: Mapped[int] = mapped_column(BigInteger)
    jitter_ms: Mapped[float]
    jitter_max_ms: Mapped[float]
    round_trip_ms: Mapped[float]
    round_trip_max_ms: Mapped[float]
    mos: Mapped[float]
    mos_min: Mapped[float]


class InteractionEvent(Base):
    __tablename__ = "interaction_events"

    call: Mapped[CallId] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    kind: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY_OBJECT)


class PresenceEvent(Base):
    __tablename__ = "presence_events"
    __table_args__ = (Index("ix_presence_events_agent_at", "agent", "at"),)

    agent: Mapped[AgentId] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(String(32))
    call: Mapped[str]


class Draft(Base):
    """The note an agent is typing, saved as he types."""

    __tablename__ = "drafts"
    __table_args__ = (CheckConstraint("length(text) <= 8000", name="length"),)

    call: Mapped[CallId] = mapped_column(primary_key=True)
    agent: Mapped[AgentId] = mapped_column(primary_key=True)
    text: Mapped[str]
    form: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY_OBJECT)
    updated: Mapped[Created]


class CallForm(Base):
    """What an agent filled in about a call. `path`: the disposition with what stands above it, by
    the names they had then; `fields`: what was asked for, as it was defined then. Not `complete`:
    the time to write was over before everything required was there."""

    __tablename__ = "call_forms"
    __table_args__ = (Index("ix_call_forms_customer", "customer_id", "filed"),)

    call: Mapped[CallId] = mapped_column(primary_key=True)
    agent: Mapped[AgentId] = mapped_column(primary_key=True)
    queue: Mapped[str | None]
    customer_id: Mapped[uuid.UUID | None]
    disposition: Mapped[str] = mapped_column(String(32))
    path: Mapped[list[Any]]
    fields: Mapped[list[Any]]
    values: Mapped[dict[str, Any]]
    follow_up: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY_OBJECT)
    complete: Mapped[bool]
    filed: Mapped[datetime]
    revision: Mapped[int] = mapped_column(Integer, server_default=text("1"))
