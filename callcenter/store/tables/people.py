"""Who may use the product: accounts, their sessions, the first-run token.

Only hashes are stored: of passwords (argon2id, made by the web layer) and of tokens (SHA-256).
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, func, text
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.store.tables.base import ID_MAX, Base, Created, NewUuid


class User(Base):
    __tablename__ = "users"
    __table_args__ = (
        Index("uq_users_login", func.lower(text("login")), unique=True),
        CheckConstraint("role in ('agent', 'supervisor', 'administrator')", name="role"),
        CheckConstraint("locale in ('en', 'zh')", name="locale"),
    )

    id: Mapped[NewUuid]
    login: Mapped[str] = mapped_column(String(64))
    password_hash: Mapped[str | None]
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(16))
    locale: Mapped[str] = mapped_column(String(8), server_default="en")
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    agent_id: Mapped[str | None] = mapped_column(
        String(ID_MAX), ForeignKey("agents.id", ondelete="SET NULL"), unique=True
    )
    created: Mapped[Created]
    updated: Mapped[Created]


class LoginSession(Base):
    __tablename__ = "login_sessions"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    created: Mapped[datetime]
    last_seen: Mapped[datetime]
    expires: Mapped[datetime] = mapped_column(index=True)
    ip: Mapped[str] = mapped_column(String(64), server_default="")
    user_agent: Mapped[str] = mapped_column(String(300), server_default="")


class FirstRunToken(Base):
    """Lets the first administrator set a password; expires, works once."""

    __tablename__ = "first_run_tokens"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    created: Mapped[datetime]
    expires: Mapped[datetime]
    used: Mapped[datetime | None]
