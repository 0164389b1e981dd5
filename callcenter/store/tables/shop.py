"""What callers ask and do by themselves: balances of accounts, orders, bookings. Kept small; a shop
with systems of its own is asked over HTTP or by other look-up sources (`store.sources`)."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.store.tables.base import Base, Created, NewUuid

Owner = Annotated[
    uuid.UUID | None,
    mapped_column(ForeignKey("customers.id", ondelete="SET NULL"), index=True),
]


class Balance(Base):
    """`pin_digest` is made by the database function `flow_sources.pin_digest`; after too many wrong
    ones in a row the account is shut until `locked_until`."""

    __tablename__ = "balances"

    account: Mapped[str] = mapped_column(String(32), primary_key=True)
    customer_id: Mapped[Owner]
    pin_salt: Mapped[bytes]
    pin_digest: Mapped[bytes]
    amount: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    currency: Mapped[str] = mapped_column(String(3))
    failed: Mapped[int] = mapped_column(server_default=text("0"))
    locked_until: Mapped[datetime | None]
    updated: Mapped[Created]


class Ware(Base):
    """What can be ordered by keypad, at `price` a piece."""

    __tablename__ = "wares"
    __table_args__ = (CheckConstraint("price >= 0", name="price"),)

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    name_zh: Mapped[str] = mapped_column(String(80), server_default="")
    price: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    currency: Mapped[str] = mapped_column(String(3))


class Order(Base):
    """`price` a piece, as it was when the order was placed. `request` names the call that
    placed it, so that asking twice places it once."""

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint("state in ('open', 'sent', 'done', 'cancelled')", name="state"),
        CheckConstraint("quantity between 1 and 999", name="quantity"),
        UniqueConstraint("request"),
    )

    number: Mapped[str] = mapped_column(String(32), primary_key=True)
    customer_id: Mapped[Owner]
    phone: Mapped[str] = mapped_column(String(32), server_default="", index=True)
    product: Mapped[str] = mapped_column(String(80))
    quantity: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), server_default="open")
    price: Mapped[Decimal] = mapped_column(Numeric(14, 2), server_default=text("0"))
    total: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    currency: Mapped[str] = mapped_column(String(3))
    days: Mapped[int] = mapped_column(server_default=text("0"))
    request: Mapped[str | None] = mapped_column(String(120))
    created: Mapped[Created]


class Booking(Base):
    """One hour of one day; nobody can have it twice."""

    __tablename__ = "bookings"
    __table_args__ = (UniqueConstraint("day", "slot"), UniqueConstraint("request"))

    id: Mapped[NewUuid]
    day: Mapped[date]
    slot: Mapped[time]
    phone: Mapped[str] = mapped_column(String(32), index=True)
    customer_id: Mapped[Owner]
    request: Mapped[str | None] = mapped_column(String(120))
    created: Mapped[Created]
