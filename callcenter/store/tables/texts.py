"""The webhook by which text messages go out, and the messages until they are forgotten."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, Integer, SmallInteger, String
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.store.tables.base import Base, Created


class TextGateway(Base):
    """One row. `secret` names a file of the secrets' folder; `old_secret` signs as well until
    `old_until`. `keep_hours`: so long a message is tried again."""

    __tablename__ = "text_gateway"
    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        CheckConstraint("timeout_seconds between 1 and 10", name="timeout"),
        CheckConstraint("keep_hours between 1 and 72", name="keep_hours"),
    )

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    url: Mapped[str] = mapped_column(String(500), server_default="")
    enabled: Mapped[bool] = mapped_column(server_default=sql("false"))
    timeout_seconds: Mapped[float] = mapped_column(server_default=sql("5"))
    keep_hours: Mapped[int] = mapped_column(Integer, server_default=sql("24"))
    secret: Mapped[str] = mapped_column(String(64), server_default="")
    old_secret: Mapped[str] = mapped_column(String(64), server_default="")
    old_until: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default=sql("1"))
    updated: Mapped[Created]


class TextMessage(Base):
    """`key` is the message's id towards the far end, the same at each try. `due`: not before."""

    __tablename__ = "text_messages"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'sent', 'refused', 'given-up')", name="state"),
        Index("ix_text_messages_due", "due", postgresql_where=sql("state = 'waiting'")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    call: Mapped[str] = mapped_column(String(80), server_default="", index=True)
    recipient: Mapped[str] = mapped_column(String(32))
    words: Mapped[str]
    language: Mapped[str] = mapped_column(String(12), server_default="")
    state: Mapped[str] = mapped_column(String(16), server_default="waiting")
    tries: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    due: Mapped[Created]
    status: Mapped[int | None]
    trouble: Mapped[str] = mapped_column(String(300), server_default="")
    created: Mapped[Created] = mapped_column(index=True)
    ended: Mapped[datetime | None]
