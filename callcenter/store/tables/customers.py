"""Customers and their numbers.

`search_text` is what a search reads, `grams` its two- and three-character pieces in a GIN index
(`callcenter.crm.customers.searching`): built-in parts of PostgreSQL alone, so that any substring is
found quickly, Chinese included, on a server without extensions.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    text,
)
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.orm import Mapped, mapped_column, relationship

from callcenter.store.tables.base import ID_MAX, Base, Created, NewUuid
from callcenter.store.tables.routing import EMPTY_OBJECT, EMPTY_TEXTS


class Customer(Base):
    """A person or a company. `merged_into`: this record was merged into another and is shown no
    more; the other names it in `merged`, so that what happened with either is one history."""

    __tablename__ = "customers"
    __table_args__ = (
        CheckConstraint("kind in ('person', 'company')", name="kind"),
        Index("ix_customers_grams", "grams", postgresql_using="gin"),
        Index("ix_customers_updated", text("updated DESC"), text("id DESC")),
    )

    id: Mapped[NewUuid]
    kind: Mapped[str] = mapped_column(String(8), server_default="person")
    name: Mapped[str] = mapped_column(String(200))
    company_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("customers.id", ondelete="SET NULL"), index=True
    )
    company: Mapped[str] = mapped_column(String(200), server_default="")
    vip: Mapped[bool] = mapped_column(server_default=text("false"))
    blocked: Mapped[bool] = mapped_column(server_default=text("false"))
    language: Mapped[str] = mapped_column(String(16), server_default="")
    priority: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    value_seconds: Mapped[float] = mapped_column(server_default=text("0"))
    owner_agent: Mapped[str | None] = mapped_column(
        String(ID_MAX), ForeignKey("agents.id", ondelete="SET NULL"), index=True
    )
    notes: Mapped[str] = mapped_column(server_default="")
    tags: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)
    custom: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY_OBJECT)
    consent: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY_OBJECT)
    merged_into: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("customers.id", ondelete="SET NULL"), index=True
    )
    merged: Mapped[list[uuid.UUID]] = mapped_column(
        ARRAY(UUID), server_default=text("'{}'::uuid[]")
    )
    version: Mapped[int] = mapped_column(server_default=text("1"))
    search_text: Mapped[str] = mapped_column(server_default="")
    grams: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)
    created: Mapped[Created]
    updated: Mapped[Created]

    numbers: Mapped[list[CustomerNumber]] = relationship(
        order_by="CustomerNumber.position", cascade="all, delete-orphan", lazy="selectin"
    )
    emails: Mapped[list[CustomerEmail]] = relationship(
        order_by="CustomerEmail.position", cascade="all, delete-orphan", lazy="selectin"
    )


class CustomerNumber(Base):
    """`e164`: with `+`; or 2 to 6 digits for an internal extension. `typed`: as it was entered."""

    __tablename__ = "customer_numbers"

    customer_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True
    )
    e164: Mapped[str] = mapped_column(String(16), primary_key=True, index=True)
    label: Mapped[str] = mapped_column(String(40), server_default="")
    typed: Mapped[str] = mapped_column(String(80), server_default="")
    position: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))


class CustomerEmail(Base):
    """`address`: in one form (no case), for finding; `typed`: as it was entered."""

    __tablename__ = "customer_emails"

    customer_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True
    )
    address: Mapped[str] = mapped_column(String(254), primary_key=True, index=True)
    label: Mapped[str] = mapped_column(String(40), server_default="")
    typed: Mapped[str] = mapped_column(String(254), server_default="")
    position: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))


class CustomerNote(Base):
    """A remark about a customer that belongs to no call."""

    __tablename__ = "customer_notes"
    __table_args__ = (
        Index("ix_customer_notes_customer", "customer_id", text("at DESC"), text("id DESC")),
    )

    id: Mapped[NewUuid]
    customer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    at: Mapped[Created]
    user_id: Mapped[uuid.UUID | None]
    user_name: Mapped[str] = mapped_column(String(120), server_default="")
    text: Mapped[str]


class CustomerMerge(Base):
    """Two records made one; `detail` holds what undoing needs."""

    __tablename__ = "customer_merges"

    id: Mapped[NewUuid]
    kept_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), index=True
    )
    merged_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[Created]
    user_id: Mapped[uuid.UUID | None]
    user_name: Mapped[str] = mapped_column(String(120), server_default="")
    undone_at: Mapped[datetime | None]
    detail: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY_OBJECT)


class CustomerImport(Base):
    """A file of customers on its way in. `done` rows are finished and counted in the same
    transaction as their customers, so that a restart goes on where it was."""

    __tablename__ = "customer_imports"
    __table_args__ = (
        CheckConstraint(
            "state in ('mapping', 'waiting', 'running', 'finished', 'cancelled', 'failed')",
            name="state",
        ),
    )

    id: Mapped[NewUuid]
    created: Mapped[Created] = mapped_column(index=True)
    user_id: Mapped[uuid.UUID | None]
    user_name: Mapped[str] = mapped_column(String(120), server_default="")
    file_name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(12), server_default="mapping")
    options: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY_OBJECT)
    total: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    done: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    made: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    changed: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    skipped: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    failed: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    flaws: Mapped[list[Any]] = mapped_column(server_default=text("'[]'::jsonb"))
    message: Mapped[str] = mapped_column(server_default="")


class Definition(Base):
    """What administrators define for the customer side: own fields, ticket types, macros,
    follow-up plans, working hours. `body` is read by the part of `callcenter.crm` that owns
    `kind`."""

    __tablename__ = "definitions"

    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    body: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY_OBJECT)
    version: Mapped[int] = mapped_column(server_default=text("1"))
