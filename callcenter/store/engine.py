"""One place that makes database engines and sessions, with limits and time-outs on everything."""

from __future__ import annotations

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

POOL_SIZE = 8
POOL_OVERFLOW = 8
POOL_WAIT_SECONDS = 5.0
CONNECT_SECONDS = 3.0
COMMAND_SECONDS = 15.0
STATEMENT_MILLISECONDS = 10_000
LOCK_MILLISECONDS = 5_000

SERVER_SETTINGS = {
    "application_name": "callcenter",
    "timezone": "UTC",
    "statement_timeout": str(STATEMENT_MILLISECONDS),
    "lock_timeout": str(LOCK_MILLISECONDS),
    "idle_in_transaction_session_timeout": "60000",
}

Sessions = async_sessionmaker[AsyncSession]


def readable_url(url: str) -> str:
    """`url` without its password, for messages."""
    return make_url(url).render_as_string(hide_password=True)


def checked_url(url: str) -> str:
    """`url` in the form the engine takes. Raises ValueError (without the password in it)."""
    try:
        parsed = make_url(url.strip())
    except ArgumentError:
        raise ValueError(
            "the database URL is not of the form postgresql://user:password@host:port/name"
        ) from None
    if parsed.drivername not in ("postgresql", "postgres", "postgresql+asyncpg"):
        raise ValueError(
            f"the database URL begins with {parsed.drivername}://; only postgresql:// is possible"
        )
    if not parsed.database:
        raise ValueError("the database URL names no database: postgresql://…/NAME is missing")
    return parsed.set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)


def make_engine(
    url: str, *, pool_size: int = POOL_SIZE, command_seconds: float | None = COMMAND_SECONDS
) -> AsyncEngine:
    """An engine that survives a restart of the server: each connection is tried before use.
    `command_seconds` None: a command may take as long as the server lets it."""
    return create_async_engine(
        checked_url(url),
        pool_size=pool_size,
        max_overflow=POOL_OVERFLOW,
        pool_timeout=POOL_WAIT_SECONDS,
        pool_pre_ping=True,
        pool_recycle=3600,
        connect_args={
            "timeout": CONNECT_SECONDS,
            "command_timeout": command_seconds,
            "server_settings": SERVER_SETTINGS,
        },
    )


def make_sessions(engine: AsyncEngine) -> Sessions:
    """One session is one transaction; whoever opened it (the edge) commits it."""
    return async_sessionmaker(engine, expire_on_commit=False)
