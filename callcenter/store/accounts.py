"""Users, their sessions and the first-run token. Only hashes come here: of passwords (made by the
web layer, argon2id) and of tokens (SHA-256). Who may do what is decided above.

Each method is one transaction. Times are UNIX seconds and arguments. Raises OSError or
SQLAlchemyError when the database is away.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, Select, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from callcenter.store.engine import make_sessions
from callcenter.store.tables import FirstRunToken, LoginSession, User
from callcenter.store.times import to_datetime, to_seconds

Role = Literal["agent", "supervisor", "administrator"]
Way = Literal["password", "sso"]
"""How somebody signed in."""

LOGIN_MAX = 64
SESSIONS_OF_A_USER_MAX = 20
FIRST_RUN_SECONDS = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Account:
    """A user. `agent`: the agent he or she works as, if any."""

    id: str
    login: str
    name: str
    role: Role
    locale: str = "en"
    agent: str | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that was found by the hash of its token. Times are UNIX seconds. `limited`: it is
    good for setting up the second factor alone."""

    token_hash: bytes
    account: Account
    created: float
    last_seen: float
    expires: float
    way: Way = "password"
    limited: bool = False


class Taken(Exception):
    """The login, or the agent, belongs to somebody else. `where` is the field."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(message)
        self.where = where


class Accounts:
    def __init__(self, engine: AsyncEngine) -> None:
        self._sessions = make_sessions(engine)

    # -- users --------------------------------------------------------------------------------
    async def credentials(self, login: str) -> tuple[Account, str | None] | None:
        """The account with its password hash; logins do not differ by case."""
        async with self._sessions() as session:
            user = await session.scalar(select(User).where(same_login(login)))
        return (account_of(user), user.password_hash) if user else None

    async def account(self, id: str) -> Account | None:
        key = as_uuid(id)
        async with self._sessions() as session:
            user = await session.get(User, key) if key else None
        return account_of(user) if user else None

    async def accounts(self) -> Sequence[Account]:
        async with self._sessions() as session:
            users = await session.scalars(select(User).order_by(func.lower(User.login)))
            return [account_of(user) for user in users]

    async def create(self, account: Account, password_hash: str | None) -> Account:
        """`account.id` is ignored. Raises Taken."""
        async with self._sessions() as session:
            made = await add_user(session, account, password_hash)
            await session.commit()
        return made

    async def update(self, account: Account) -> Account | None:
        """Everything but the password; None: there is no such id. Raises Taken."""
        key = as_uuid(account.id)
        async with self._sessions() as session:
            user = await session.get(User, key, with_for_update=True) if key else None
            if user is None:
                return None
            user.login, user.name, user.role = account.login, account.name, account.role
            user.locale, user.agent_id, user.active = (
                account.locale,
                account.agent,
                account.active,
            )
            user.updated = func.now()
            await _flush(session)
            await session.commit()
        return account

    async def set_password(self, id: str, password_hash: str) -> None:
        """Raises KeyError when there is no such user."""
        async with self._sessions.begin() as session:
            changed = await session.execute(
                update(User)
                .where(User.id == as_uuid(id))
                .values(password_hash=password_hash, updated=func.now())
                .returning(User.id)
            )
            if changed.first() is None:
                raise KeyError(id)

    async def has_administrator(self) -> bool:
        """Whether somebody can administer: an active administrator with a password."""
        query = select(User.id).where(
            User.role == "administrator", User.active, User.password_hash.is_not(None)
        )
        async with self._sessions() as session:
            return await session.scalar(query.limit(1)) is not None

    # -- sessions -----------------------------------------------------------------------------
    async def open_session(self, session: SignedIn, *, address: str, user_agent: str) -> None:
        """Keep `session`; the oldest of a user with very many end, and so do expired ones."""
        user = as_uuid(session.account.id)
        async with self._sessions.begin() as database:
            await database.execute(
                delete(LoginSession).where(LoginSession.expires < to_datetime(session.created))
            )
            kept = (
                select(LoginSession.token_hash)
                .where(LoginSession.user_id == user)
                .order_by(LoginSession.last_seen.desc())
                .limit(SESSIONS_OF_A_USER_MAX - 1)
            )
            await database.execute(
                delete(LoginSession).where(
                    LoginSession.user_id == user, LoginSession.token_hash.not_in(kept)
                )
            )
            database.add(
                LoginSession(
                    token_hash=session.token_hash,
                    user_id=user,
                    created=to_datetime(session.created),
                    last_seen=to_datetime(session.last_seen),
                    expires=to_datetime(session.expires),
                    ip=printable(address, 64),
                    user_agent=printable(user_agent, 300),
                    way=session.way,
                    limited=session.limited,
                )
            )

    async def session(self, token_hash: bytes) -> SignedIn | None:
        """The session with its user as he is now, expired or not: the caller judges."""
        query = (
            select(LoginSession, User)
            .join(User, User.id == LoginSession.user_id)
            .where(LoginSession.token_hash == token_hash)
        )
        async with self._sessions() as session:
            found = (await session.execute(query)).one_or_none()
        if found is None:
            return None
        row, user = found
        way: Way = row.way  # type: ignore[assignment]
        return SignedIn(
            row.token_hash,
            account_of(user),
            to_seconds(row.created),
            to_seconds(row.last_seen),
            to_seconds(row.expires),
            way,
            row.limited,
        )

    async def touch_session(self, token_hash: bytes, now: float) -> None:
        moment = to_datetime(now)
        async with self._sessions.begin() as session:
            await session.execute(
                update(LoginSession)
                .where(LoginSession.token_hash == token_hash, LoginSession.last_seen < moment)
                .values(last_seen=moment)
            )

    async def close_session(self, token_hash: bytes) -> None:
        await self._end_sessions(LoginSession.token_hash == token_hash)

    async def close_sessions(self, user: str, *, but: bytes | None = None) -> None:
        """End all sessions of a user, except the one of hash `but`."""
        which = LoginSession.user_id == as_uuid(user)
        await self._end_sessions(which if but is None else which & (LoginSession.token_hash != but))

    async def _end_sessions(self, which: ColumnElement[bool]) -> None:
        async with self._sessions.begin() as session:
            await session.execute(delete(LoginSession).where(which))

    # -- the first run ------------------------------------------------------------------------
    async def add_first_run_token(
        self, token_hash: bytes, now: float, *, seconds: float = FIRST_RUN_SECONDS
    ) -> None:
        """The one token that is valid from now on; earlier unused ones end."""
        async with self._sessions.begin() as session:
            await session.execute(delete(FirstRunToken).where(FirstRunToken.used.is_(None)))
            session.add(
                FirstRunToken(
                    token_hash=token_hash,
                    created=to_datetime(now),
                    expires=to_datetime(now + seconds),
                )
            )

    async def first_run_valid(self, token_hash: bytes, now: float) -> bool:
        async with self._sessions() as session:
            return await session.scalar(_valid_token(token_hash, now)) is not None

    async def first_administrator(
        self, token_hash: bytes, account: Account, password_hash: str, now: float
    ) -> Account | None:
        """Use up the token and make the account, in one transaction; None: the token is not valid
        (used, expired, unknown). Raises Taken."""
        async with self._sessions() as session:
            token = await session.scalar(_valid_token(token_hash, now).with_for_update())
            if token is None:
                return None
            token.used = to_datetime(now)
            made = await add_user(session, account, password_hash)
            await session.commit()
        return made


def _valid_token(token_hash: bytes, now: float) -> Select[FirstRunToken]:
    return select(FirstRunToken).where(
        FirstRunToken.token_hash == token_hash,
        FirstRunToken.used.is_(None),
        FirstRunToken.expires > to_datetime(now),
    )


def same_login(login: str) -> ColumnElement[bool]:
    return func.lower(User.login) == printable(login, LOGIN_MAX).lower()


async def add_user(session: AsyncSession, account: Account, password_hash: str | None) -> Account:
    """Within the transaction of `session`. Raises Taken."""
    user = User(
        login=account.login,
        password_hash=password_hash,
        name=account.name,
        role=account.role,
        locale=account.locale,
        agent_id=account.agent,
        active=account.active,
    )
    session.add(user)
    await _flush(session)
    await session.refresh(user)
    return account_of(user)


async def _flush(session: AsyncSession) -> None:
    try:
        await session.flush()
    except IntegrityError as problem:
        text = str(problem.orig)
        if "uq_users_login" in text:
            raise Taken("login", "somebody else has this login") from None
        if "uq_users_agent_id" in text:
            raise Taken("agent", "somebody else works as this agent") from None
        if "fk_users_agent_id" in text:
            raise Taken("agent", "there is no such agent") from None
        raise


def account_of(user: User) -> Account:
    role: Role = user.role  # type: ignore[assignment]
    return Account(
        str(user.id), user.login, user.name, role, user.locale, user.agent_id, user.active
    )


def as_uuid(text: str) -> uuid.UUID | None:
    """The id in `text`; None where it is none, so that nothing is found by it."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def printable(text: str, length: int) -> str:
    """`text` as PostgreSQL takes it: no NUL, no lone surrogates, at most `length` characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")[:length]
