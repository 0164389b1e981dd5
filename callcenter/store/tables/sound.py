"""Prompts: what callers hear, by id and language, in versions whose sound never changes."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.store.tables.base import Base, Created
from callcenter.store.tables.routing import EMPTY_TEXTS

PROMPT_ID_MAX = 64


class Prompt(Base):
    """`deleted`: taken away, can be brought back until the upkeep removes it."""

    __tablename__ = "prompts"
    __table_args__ = (CheckConstraint("id ~ '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$'", name="id"),)

    id: Mapped[str] = mapped_column(String(PROMPT_ID_MAX), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), server_default="")
    deleted: Mapped[datetime | None]
    created: Mapped[Created]


class PromptVersion(Base):
    """`file`: the name we gave it, without folder, rate and ending. `text`: the words that are
    said in it, spoken by the speech maker should the file be lost. Loudness in LUFS, peak in dBTP.
    At most one version of a prompt's language is active: the one callers hear."""

    __tablename__ = "prompt_versions"
    __table_args__ = (
        CheckConstraint("language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{1,8})?$'", name="language"),
        CheckConstraint("kind in ('upload', 'recorded', 'speech')", name="kind"),
        CheckConstraint("file ~ '^[0-9a-f]{32}$'", name="file"),
        Index(
            "uq_prompt_versions_active",
            "prompt_id",
            "language",
            unique=True,
            postgresql_where=text("active"),
        ),
    )

    prompt_id: Mapped[str] = mapped_column(
        ForeignKey("prompts.id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[str] = mapped_column(String(12), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    active: Mapped[bool] = mapped_column(server_default=text("false"))
    kind: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(server_default="")
    note: Mapped[str] = mapped_column(String(300), server_default="")
    source_name: Mapped[str] = mapped_column(String(255), server_default="")
    codec: Mapped[str] = mapped_column(String(32), server_default="")
    file: Mapped[str] = mapped_column(String(32), unique=True)
    sha256: Mapped[str] = mapped_column(String(64))
    seconds: Mapped[float]
    loudness_before: Mapped[float]
    loudness: Mapped[float]
    true_peak: Mapped[float]
    warnings: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)
    created_by: Mapped[uuid.UUID | None]
    created: Mapped[Created]
