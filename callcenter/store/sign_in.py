"""How people may sign in: who needs a second factor, and the provider of single sign-on.

One row, changed as a whole by its version. The client's secret is sealed and comes back to nobody
but who talks to the provider. Raises OSError or SQLAlchemyError when the database is away.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.store.accounts import (
    Account,
    Role,
    Taken,
    account_of,
    add_user,
    as_uuid,
    same_login,
)
from callcenter.store.audit import note
from callcenter.store.config_values import VersionPassed
from callcenter.store.engine import make_sessions
from callcenter.store.sealing import Seal
from callcenter.store.tables import SignInRules, User

SECRET = "client secret of single sign-on"


@dataclass(frozen=True, slots=True)
class RoleRule:
    """Whoever has `value` in the claim of roles gets `role`."""

    value: str
    role: Role


@dataclass(frozen=True, slots=True)
class SingleSignOn:
    """A provider that speaks OpenID Connect. `name`: on the button. `login_claim`: what becomes the
    login of a new user. `role_claim`: a claim, or a path to one (`realm_access.roles`);
    `role_rules`: the strongest role of those that fit counts; `role_else`: the role of whom none
    fits, None: he is not let in. `create`: people who are not known yet are made users. `link`: a
    user of the same login is taken for the same person, at his first time. `only`: nobody but
    administrators signs in with a password."""

    on: bool = False
    name: str = ""
    issuer: str = ""
    client_id: str = ""
    scopes: str = "openid profile email"
    login_claim: str = "preferred_username"
    role_claim: str = ""
    role_rules: tuple[RoleRule, ...] = ()
    role_else: Role | None = None
    create: bool = False
    link: bool = False
    only: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """`version` 0: nothing was set yet. `has_secret`: the client has one."""

    factor_roles: frozenset[Role] = frozenset()
    sso: SingleSignOn = SingleSignOn()
    has_secret: bool = False
    version: int = 0


_SSO = TypeAdapter(SingleSignOn)
_ROLES = TypeAdapter(frozenset[Role])


class SignIn:
    def __init__(self, engine: AsyncEngine, seal: Seal) -> None:
        self._sessions = make_sessions(engine)
        self._seal = seal

    async def rules(self) -> Rules:
        async with self._sessions() as session:
            row = await session.get(SignInRules, 1)
            return _rules(row) if row else Rules()

    async def client_secret(self) -> str:
        """Empty: the client has none. Raises SealBroken."""
        async with self._sessions() as session:
            row = await session.get(SignInRules, 1)
            sealed = row.sso_sealed if row else None
            return self._seal.open(sealed, SECRET) if sealed else ""

    async def put(self, rules: Rules, secret: str | None, *, by: str) -> Rules:
        """`secret` None: it stays; empty: it goes. Raises VersionPassed when `rules.version` is not
        the one that is stored."""
        async with self._sessions.begin() as session:
            row = await session.get(SignInRules, 1, with_for_update=True)
            if rules.version != (row.version if row else 0):
                raise VersionPassed(row.version if row else 0)
            if row is None:
                row = SignInRules(id=1, version=0)
                session.add(row)
            row.factor_roles = sorted(rules.factor_roles)
            row.sso = asdict(rules.sso)
            if secret is not None:
                row.sso_sealed = self._seal.close(secret, SECRET) if secret else None
            row.version += 1
            said = {"factor_roles": sorted(rules.factor_roles), "sso": rules.sso.on}
            await note(session, by, "sign-in.rules", "sign-in", said | {"issuer": rules.sso.issuer})
            await session.flush()
            return _rules(row)

    # -- who somebody is ------------------------------------------------------------------------
    async def linked(self, issuer: str, subject: str) -> Account | None:
        """The user that this person at the provider is."""
        query = select(User).where(User.sso_key == sso_key(issuer, subject))
        async with self._sessions() as session:
            user = await session.scalar(query)
            return account_of(user) if user else None

    async def link(self, user: str, issuer: str, subject: str) -> bool:
        """From now on this person is that user. False: the user is somebody else there already."""
        async with self._sessions.begin() as session:
            row = await session.get(User, as_uuid(user), with_for_update=True)
            if row is None or row.sso_key is not None:
                return False
            row.sso_key = sso_key(issuer, subject)
            await note(session, user, "sso.link", user, {"issuer": issuer})
        return True

    async def unlink(self, user: str, *, by: str) -> bool:
        """False: there was nothing to take away."""
        async with self._sessions.begin() as session:
            row = await session.get(User, as_uuid(user), with_for_update=True)
            if row is None or row.sso_key is None:
                return False
            row.sso_key = None
            await note(session, by, "sso.unlink", user, {})
        return True

    async def is_last_way_in(self, user: str) -> bool:
        """Whether no other active administrator has a password."""
        query = select(User.id).where(
            User.id != as_uuid(user),
            User.role == "administrator",
            User.active,
            User.password_hash.is_not(None),
        )
        async with self._sessions() as session:
            return await session.scalar(query.limit(1)) is None

    async def is_linked(self, user: str) -> bool:
        query = select(User.id).where(User.id == as_uuid(user), User.sso_key.is_not(None))
        async with self._sessions() as session:
            return await session.scalar(query) is not None

    async def create(self, account: Account, issuer: str, subject: str) -> Account:
        """A user without a password. Raises Taken."""
        async with self._sessions.begin() as session:
            if await session.scalar(select(User.id).where(same_login(account.login))) is not None:
                raise Taken("login", "somebody else has this login")
            made = await add_user(session, account, None)
            user = await session.get_one(User, as_uuid(made.id))
            user.sso_key = sso_key(issuer, subject)
            await note(session, made.id, "sso.create", made.id, {"role": made.role})
        return made


def sso_key(issuer: str, subject: str) -> bytes:
    """One name for a person at a provider, whatever either contains."""
    return hashlib.sha256(f"{len(issuer)}:{issuer}{subject}".encode()).digest()


def _rules(row: SignInRules) -> Rules:
    known = {name: value for name, value in row.sso.items() if name in _FIELDS}
    sso = _SSO.validate_python(known)
    return Rules(
        _ROLES.validate_python(row.factor_roles),
        replace(sso, on=sso.on and bool(sso.issuer)),
        row.sso_sealed is not None,
        row.version,
    )


_FIELDS = frozenset(asdict(SingleSignOn()))


def strongest(roles: Sequence[Role]) -> Role | None:
    """The role with the most rights of these."""
    order: tuple[Role, ...] = ("administrator", "supervisor", "agent")
    return next((role for role in order if role in roles), None)
