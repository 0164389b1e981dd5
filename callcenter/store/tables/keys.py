"""API keys of other programs: the SHA-256 of a key, and its first letters to know it by."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Integer, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.store.tables.base import Base, Created, NewUuid
from callcenter.store.tables.routing import EMPTY_TEXTS


class ApiKey(Base):
    """`scopes` as in `web.key_policy`. Rows stay when a key is revoked: what it did names it."""

    __tablename__ = "api_keys"
    __table_args__ = (CheckConstraint("per_minute between 1 and 6000", name="per_minute"),)

    id: Mapped[NewUuid]
    name: Mapped[str] = mapped_column(String(80))
    prefix: Mapped[str] = mapped_column(String(16))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    scopes: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)
    per_minute: Mapped[int] = mapped_column(Integer, server_default=text("300"))
    created: Mapped[Created]
    created_by: Mapped[uuid.UUID | None]
    created_by_name: Mapped[str] = mapped_column(String(120), server_default="")
    expires: Mapped[datetime | None]
    last_used: Mapped[datetime | None]
    last_address: Mapped[str] = mapped_column(String(64), server_default="")
    revoked: Mapped[datetime | None]
