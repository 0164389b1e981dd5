"""Recordings of talks: what the ledger wrote, what became of the file, and the rules about them.

The first columns of `recordings` come from the ledger (`core.effects.RecordTalk`; no foreign keys,
see `interactions`), the others from who encodes, stores and removes the files.
"""

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
    Integer,
    LargeBinary,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.store.tables.base import CALL_ID_MAX, ID_MAX, Base, CallId, Created, NewUuid
from callcenter.store.tables.routing import EMPTY_OBJECT, EMPTY_TEXTS

RECORDING_ID_MAX = CALL_ID_MAX + 24
EMPTY_LIST = text("'[]'::jsonb")


class Recording(Base):
    """`state`: *waiting* to be encoded, *stored*, *failed* (see `problem`), *erased*. `key` is that
    of the file, wrapped; `sha256` is of the sound before it was encrypted. `peaks`: pairs of bytes,
    left and right, `PEAKS_PER_SECOND` a second. `figures`: how much each side spoke. `held`: under
    legal hold; `expires`: when the daily job removes it, None: not decided yet. `place`: see
    `media.recordings.keeping.Place`."""

    __tablename__ = "recordings"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'stored', 'failed', 'erased')", name="state"),
        Index("ix_recordings_began", text("began_at DESC"), "id"),
        Index("ix_recordings_waiting", "ended_at", postgresql_where=text("state = 'waiting'")),
        Index(
            "ix_recordings_moving",
            "stored_at",
            postgresql_where=text("state = 'stored' and place <> 'bucket'"),
        ),
        Index("ix_recordings_expires", "expires", postgresql_where=text("state = 'stored'")),
    )

    id: Mapped[str] = mapped_column(String(RECORDING_ID_MAX), primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)
    call: Mapped[CallId] = mapped_column(index=True)
    part: Mapped[int] = mapped_column(Integer)
    agents: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)
    queue: Mapped[str | None]
    customer_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    number: Mapped[str]
    reason: Mapped[str] = mapped_column(String(16))
    wanted: Mapped[bool]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    spoken: Mapped[list[Any]] = mapped_column(server_default=EMPTY_LIST)
    pauses: Mapped[list[Any]] = mapped_column(server_default=EMPTY_LIST)
    trouble: Mapped[str] = mapped_column(String(32), server_default="")
    written: Mapped[Created]

    state: Mapped[str] = mapped_column(String(16), server_default="waiting")
    tries: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    problem: Mapped[str] = mapped_column(String(200), server_default="")
    place: Mapped[str] = mapped_column(String(16), server_default="")
    codec: Mapped[str] = mapped_column(String(16), server_default="")
    seconds: Mapped[float | None]
    size: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64), server_default="")
    key: Mapped[bytes | None] = mapped_column(LargeBinary)
    peaks: Mapped[bytes | None] = mapped_column(LargeBinary)
    figures: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY_OBJECT)
    silent: Mapped[bool | None]
    held: Mapped[bool] = mapped_column(server_default=text("false"))
    held_why: Mapped[str] = mapped_column(String(300), server_default="")
    expires: Mapped[datetime | None]
    stored_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    erased_why: Mapped[str] = mapped_column(String(300), server_default="")


class RecordingComment(Base):
    """What somebody remarked at a moment of a recording, `at_seconds` from its beginning."""

    __tablename__ = "recording_comments"
    __table_args__ = (CheckConstraint("length(text) <= 2000", name="length"),)

    id: Mapped[NewUuid]
    recording_id: Mapped[str] = mapped_column(
        String(RECORDING_ID_MAX), ForeignKey("recordings.id", ondelete="CASCADE"), index=True
    )
    at_seconds: Mapped[float]
    text: Mapped[str]
    author: Mapped[uuid.UUID | None]
    created: Mapped[Created]


class RecordingPolicyRecord(Base):
    """How a queue's talks are recorded; `settings` are the fields of
    `core.config.RecordingPolicy`."""

    __tablename__ = "recording_policies"

    queue_id: Mapped[str] = mapped_column(
        String(ID_MAX), ForeignKey("queues.id", ondelete="CASCADE"), primary_key=True
    )
    settings: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY_OBJECT)
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    updated: Mapped[Created]


class RetentionRule(Base):
    """How long recordings are kept: the first rule that fits, by `position`. Empty fields fit
    everything. `days` 0: for ever."""

    __tablename__ = "retention_rules"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
    queue: Mapped[str] = mapped_column(String(ID_MAX), server_default="")
    reason: Mapped[str] = mapped_column(String(16), server_default="")
    disposition: Mapped[str] = mapped_column(String(ID_MAX), server_default="")
    days: Mapped[int] = mapped_column(Integer)


class RetentionRun(Base):
    """One run of the daily job: its report."""

    __tablename__ = "retention_runs"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[Created]
    removed: Mapped[int] = mapped_column(Integer)
    freed: Mapped[int] = mapped_column(BigInteger)
    held: Mapped[int] = mapped_column(Integer)
    failed: Mapped[int] = mapped_column(Integer)
    detail: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY_OBJECT)
