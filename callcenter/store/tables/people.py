"""Who may use the product: accounts, their sessions, second factors, the first-run token.

Only hashes are stored: of passwords (argon2id, made by the web layer), of tokens and recovery codes
(SHA-256). Secrets that have to be read again are sealed (`store.sealing`).
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
    Integer,
    LargeBinary,
    String,
    Text,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.store.tables.base import ID_MAX, Base, Created, NewUuid
from callcenter.store.tables.routing import EMPTY_OBJECT


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
    # SHA-256 of issuer and subject: who this is at the provider of single sign-on.
    sso_key: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    created: Mapped[Created]
    updated: Mapped[Created]


class LoginSession(Base):
    """`id` names it on screens. `way`: how its user signed in. `limited`: good for nothing but
    setting up the second factor that his role asks for."""

    __tablename__ = "login_sessions"
    __table_args__ = (CheckConstraint("way in ('password', 'sso')", name="way"),)

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(server_default=func.gen_random_uuid(), unique=True)
    user_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    created: Mapped[datetime]
    last_seen: Mapped[datetime]
    expires: Mapped[datetime] = mapped_column(index=True)
    ip: Mapped[str] = mapped_column(String(64), server_default="")
    user_agent: Mapped[str] = mapped_column(String(300), server_default="")
    way: Mapped[str] = mapped_column(String(8), server_default=text("'password'"))
    limited: Mapped[bool] = mapped_column(server_default=text("false"))


class SecondFactor(Base):
    """One-time codes of a user's device (RFC 6238). `confirmed` None: set up, but no code was shown
    yet. `last_step`: the newest time step whose code was used; none at or before it counts."""

    __tablename__ = "second_factors"

    user_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    sealed: Mapped[bytes]
    last_step: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    created: Mapped[Created]
    confirmed: Mapped[datetime | None]


class RecoveryCode(Base):
    """A code for the day the device is lost; works once."""

    __tablename__ = "recovery_codes"

    user_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    used: Mapped[datetime | None]


class SignInRules(Base):
    """One row. `factor_roles`: who needs a second factor. `sso`: the fields of
    `store.sign_in.SingleSignOn`; `sso_sealed`: the client's secret there."""

    __tablename__ = "sign_in_rules"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    factor_roles: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    sso: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY_OBJECT)
    sso_sealed: Mapped[bytes | None]
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    updated: Mapped[Created]


class FirstRunToken(Base):
    """Lets the first administrator set a password; expires, works once."""

    __tablename__ = "first_run_tokens"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    created: Mapped[datetime]
    expires: Mapped[datetime]
    used: Mapped[datetime | None]
