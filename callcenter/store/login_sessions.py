"""The sessions of a user as people see them, and their end. Who may see whose is decided above.

A session is named by an id that opens nothing. Raises OSError or SQLAlchemyError when the database
is away. Times are UNIX seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.store.accounts import SignedIn, Way, as_uuid
from callcenter.store.audit import note
from callcenter.store.engine import make_sessions
from callcenter.store.tables import LoginSession
from callcenter.store.times import to_datetime, to_seconds


@dataclass(frozen=True, slots=True)
class Seat:
    """Where somebody is signed in. `agent`: what the browser calls itself."""

    id: str
    token_hash: bytes
    created: float
    last_seen: float
    expires: float
    address: str
    agent: str
    way: Way
    limited: bool


class LoginSessions:
    def __init__(self, engine: AsyncEngine) -> None:
        self._sessions = make_sessions(engine)

    async def of_user(self, user: str, *, now: float, idle_seconds: float) -> Sequence[Seat]:
        """Those that are valid now, the one that was used last first."""
        query = (
            select(LoginSession)
            .where(
                LoginSession.user_id == as_uuid(user),
                LoginSession.expires > to_datetime(now),
                LoginSession.last_seen >= to_datetime(now - idle_seconds),
            )
            .order_by(LoginSession.last_seen.desc(), LoginSession.id)
        )
        async with self._sessions() as session:
            return [_seat(row) for row in await session.scalars(query)]

    async def end(
        self, user: str, *, by: str, only: str | None = None, but: bytes | None = None
    ) -> Sequence[bytes]:
        """Ends all sessions of a user, or the one with the id `only`, never the one of hash `but`;
        the hashes of those that were ended."""
        which = LoginSession.user_id == as_uuid(user)
        if only is not None:
            which &= LoginSession.id == as_uuid(only)
        if but is not None:
            which &= LoginSession.token_hash != but
        async with self._sessions.begin() as session:
            ended = list(
                await session.scalars(
                    delete(LoginSession).where(which).returning(LoginSession.token_hash)
                )
            )
            if ended:
                await note(session, by, "session.end", user, {"sessions": len(ended)})
        return ended

    async def count(self, user: str) -> int:
        query = select(func.count()).where(LoginSession.user_id == as_uuid(user))
        async with self._sessions() as session:
            return await session.scalar(query) or 0

    async def unlimit(self, signed_in: SignedIn) -> None:
        """The session is good for everything from now on."""
        async with self._sessions.begin() as session:
            await session.execute(
                update(LoginSession)
                .where(LoginSession.token_hash == signed_in.token_hash)
                .values(limited=False)
            )


def _seat(row: LoginSession) -> Seat:
    way: Way = row.way  # type: ignore[assignment]
    return Seat(
        str(row.id),
        row.token_hash,
        to_seconds(row.created),
        to_seconds(row.last_seen),
        to_seconds(row.expires),
        row.ip,
        row.user_agent,
        way,
        row.limited,
    )
