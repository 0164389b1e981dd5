"""One-time codes of users' devices, and their recovery codes. How a code is worked out is the web
layer's (`callcenter.web.one_time`); that none counts twice is decided here, under the row's lock.

The device's secret is sealed, recovery codes are kept by hash. Each method is one transaction;
raises OSError or SQLAlchemyError when the database is away. Times are UNIX seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from callcenter.store.accounts import as_uuid
from callcenter.store.audit import note
from callcenter.store.engine import make_sessions
from callcenter.store.sealing import Seal
from callcenter.store.tables import RecoveryCode, SecondFactor
from callcenter.store.times import to_datetime, to_seconds

Matching = Callable[[str, int], int | None]
"""Given the secret and the newest step that was used: the step of the code that somebody gave, or
None where it is wrong or was used before."""


@dataclass(frozen=True, slots=True)
class FactorState:
    """`since`: when it was confirmed. `codes_left`: recovery codes that were not used."""

    since: float
    codes_left: int


class SecondFactors:
    def __init__(self, engine: AsyncEngine, seal: Seal) -> None:
        self._sessions = make_sessions(engine)
        self._seal = seal

    async def state(self, user: str) -> FactorState | None:
        """None: this user has none, or has not confirmed it."""
        key = as_uuid(user)
        left = select(func.count()).where(RecoveryCode.user_id == key, RecoveryCode.used.is_(None))
        async with self._sessions() as session:
            row = await session.get(SecondFactor, key) if key else None
            if row is None or row.confirmed is None:
                return None
            return FactorState(to_seconds(row.confirmed), await session.scalar(left) or 0)

    async def begin(self, user: str, secret: str) -> bool:
        """Keeps a new secret until it is confirmed; one that was not is thrown away. False: there
        is a confirmed one, which has to go first."""
        async with self._sessions.begin() as session:
            row = await session.get(SecondFactor, as_uuid(user), with_for_update=True)
            if row is not None and row.confirmed is not None:
                return False
            if row is None:
                row = SecondFactor(user_id=as_uuid(user))
                session.add(row)
            row.sealed = self._seal.close(secret, _about(user))
            row.last_step = 0
        return True

    async def confirm(
        self, user: str, matching: Matching, hashes: Sequence[bytes], now: float
    ) -> bool:
        """From now on it is asked for, with these recovery codes. False: nothing to confirm, or a
        wrong code. Raises SealBroken."""
        async with self._sessions.begin() as session:
            row = await session.get(SecondFactor, as_uuid(user), with_for_update=True)
            if row is None or row.confirmed is not None or not self._take(row, matching):
                return False
            row.confirmed = to_datetime(now)
            await _replace_codes(session, user, hashes)
            await note(session, user, "second-factor.on", user, {})
        return True

    async def accept(self, user: str, matching: Matching) -> bool:
        """Whether the code is right; it is used up then. Raises SealBroken."""
        async with self._sessions.begin() as session:
            row = await session.get(SecondFactor, as_uuid(user), with_for_update=True)
            return row is not None and row.confirmed is not None and self._take(row, matching)

    async def recover(self, user: str, hash: bytes, now: float) -> bool:
        """Whether this is one of the recovery codes; it is used up then."""
        used = (
            update(RecoveryCode)
            .where(
                RecoveryCode.user_id == as_uuid(user),
                RecoveryCode.hash == hash,
                RecoveryCode.used.is_(None),
            )
            .values(used=to_datetime(now))
            .returning(RecoveryCode.hash)
        )
        async with self._sessions.begin() as session:
            if (await session.execute(used)).first() is None:
                return False
            await note(session, user, "second-factor.recovery", user, {})
        return True

    async def renew_codes(self, user: str, hashes: Sequence[bytes]) -> None:
        """The recovery codes there were before are worth nothing."""
        async with self._sessions.begin() as session:
            await _replace_codes(session, user, hashes)
            await note(session, user, "second-factor.codes", user, {})

    async def remove(self, user: str, *, by: str) -> bool:
        """Secret and recovery codes are gone. False: there were none."""
        key = as_uuid(user)
        async with self._sessions.begin() as session:
            await session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == key))
            gone = delete(SecondFactor).where(SecondFactor.user_id == key)
            if (await session.execute(gone.returning(SecondFactor.user_id))).first() is None:
                return False
            action = "second-factor.off" if by == user else "second-factor.reset"
            await note(session, by, action, user, {})
        return True

    def _take(self, row: SecondFactor, matching: Matching) -> bool:
        secret = self._seal.open(row.sealed, _about(str(row.user_id)))
        step = matching(secret, row.last_step)
        if step is None or step <= row.last_step:
            return False
        row.last_step = step
        return True


async def _replace_codes(session: AsyncSession, user: str, hashes: Sequence[bytes]) -> None:
    await session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == as_uuid(user)))
    session.add_all(RecoveryCode(user_id=as_uuid(user), hash=hash) for hash in hashes)


def _about(user: str) -> str:
    return f"second factor of {user}"
