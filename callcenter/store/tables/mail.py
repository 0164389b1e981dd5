"""Mailboxes for messages of callers, and the letters that tell of them until they are sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.store.tables.base import Base, Created


class Mailbox(Base):
    """How a queue's, an agent's or the general mailbox tells of new messages. `attach`: the sound
    goes with the letter. `keep_days` 0: messages are kept until somebody deletes them."""

    __tablename__ = "mailboxes"
    __table_args__ = (
        CheckConstraint("box_kind in ('queue', 'agent', 'general')", name="box_kind"),
        CheckConstraint("keep_days between 0 and 3650", name="keep_days"),
    )

    box_kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    box: Mapped[str] = mapped_column(String(80), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), server_default="")
    notify: Mapped[bool] = mapped_column(server_default=text("false"))
    attach: Mapped[bool] = mapped_column(server_default=text("false"))
    language: Mapped[str] = mapped_column(String(12), server_default="en")
    keep_days: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    updated: Mapped[Created]


class Letter(Base):
    """An e-mail on its way. `state`: waiting, sent, given-up. `due`: not before. `key` makes each
    letter unique, so that nobody is told twice. `attachment` names a recording; `content` is a file
    of its own, named `content_name`."""

    __tablename__ = "letters"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'sent', 'given-up')", name="state"),
        Index("ix_letters_due", "due", postgresql_where=text("state = 'waiting'")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str]
    attachment: Mapped[str] = mapped_column(String(255), server_default="")
    content: Mapped[bytes | None]
    content_name: Mapped[str] = mapped_column(String(120), server_default="")
    state: Mapped[str] = mapped_column(String(16), server_default="waiting")
    tries: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    due: Mapped[Created]
    trouble: Mapped[str] = mapped_column(String(300), server_default="")
    created: Mapped[Created]
    ended: Mapped[datetime | None]
