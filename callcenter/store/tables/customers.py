"""Customers and their numbers.

`search_text` is what a search reads, `grams` its two- and three-character pieces in a GIN index
(`callcenter.crm.customers.searching`): built-in parts of PostgreSQL alone, so that any substring is
found quickly, Chinese included, on a server without extensions.
"""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from callcenter.store.tables.base import ID_MAX, Base, Created, NewUuid
from callcenter.store.tables.routing import EMPTY_OBJECT, EMPTY_TEXTS


class Customer(Base):
    __tablename__ = "customers"
    __table_args__ = (
        Index("ix_customers_grams", "grams", postgresql_using="gin"),
        Index("ix_customers_updated", text("updated DESC"), text("id DESC")),
    )

    id: Mapped[NewUuid]
    name: Mapped[str] = mapped_column(String(200))
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
    version: Mapped[int] = mapped_column(server_default=text("1"))
    search_text: Mapped[str] = mapped_column(server_default="")
    grams: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)
    created: Mapped[Created]
    updated: Mapped[Created]

    numbers: Mapped[list[CustomerNumber]] = relationship(
        order_by="CustomerNumber.position", cascade="all, delete-orphan", lazy="selectin"
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
