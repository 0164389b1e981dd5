"""Calls by hand: the one set of rules for them, and the directory of outside numbers."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import CheckConstraint, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.store.tables.base import Base, Created
from callcenter.store.tables.routing import EMPTY_OBJECT


class OutboundRulesRecord(Base):
    """One row; `settings` are the fields of `core.toll.OutboundRules`."""

    __tablename__ = "outbound_rules"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    settings: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY_OBJECT)
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    updated: Mapped[Created]


class ContactRecord(Base):
    """A number that agents may ask or give callers to. `number` is E.164."""

    __tablename__ = "contacts"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    number: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(400), server_default=text("''"))
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    updated: Mapped[Created]
