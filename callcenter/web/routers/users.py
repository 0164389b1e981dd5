"""Users: list, make, change, and a new first password. For administrators."""

from __future__ import annotations

import logging
from typing import Annotated

from fastapi import Request
from pydantic import StringConstraints

from callcenter.store.accounts import Account, Taken
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.errors import ApiError, conflict, not_found
from callcenter.web.passwords import Passwords, TooBusy, new_password
from callcenter.web.policy import Role
from callcenter.web.proving import busy
from callcenter.web.routers.common import Served, UuidText, guarded_router
from callcenter.web.routers.session import Locale, Login, Name
from callcenter.web.services import WebServices

router = guarded_router("users")
log = logging.getLogger(__name__)

AgentOfUser = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,32}$")] | None


class UserBody(Body):
    """`agent`: the id of the agent this user works as; it must exist."""

    login: Login
    name: Name
    role: Role
    locale: Locale = "en"
    agent: AgentOfUser = None
    active: bool = True


class UserRead(Body):
    id: str
    login: str
    name: str
    role: Role
    locale: str
    agent: str | None
    active: bool


class NewUser(Body):
    """`password` is shown this once; the user should change it after the first sign-in."""

    user: UserRead
    password: str


class Users(Body):
    items: list[UserRead]


def _read(account: Account) -> UserRead:
    return UserRead(
        id=account.id,
        login=account.login,
        name=account.name,
        role=account.role,
        locale=account.locale,
        agent=account.agent,
        active=account.active,
    )


def _account(id: str, body: UserBody) -> Account:
    return Account(id, body.login, body.name, body.role, body.locale, body.agent, body.active)


def _check_agent(agent: str | None, served: WebServices) -> None:
    if agent is not None and agent not in served.config().agents:
        raise ApiError(
            422,
            "invalid",
            f"there is no agent {agent!r}",
            where="agent",
            todo="make the agent first",
        )


async def _hash(request: Request, password: str) -> str:
    passwords: Passwords = request.app.state.passwords
    try:
        return await passwords.hash(password)
    except TooBusy:
        raise busy() from None


@router.get("/api/users")
async def list_users(served: Served) -> Users:
    return Users(items=[_read(account) for account in await served.accounts.accounts()])


@router.post("/api/users", status_code=201)
async def create_user(body: UserBody, caller: Called, request: Request, served: Served) -> NewUser:
    """Make a user with a random first password."""
    _check_agent(body.agent, served)
    password = new_password()
    try:
        made = await served.accounts.create(_account("", body), await _hash(request, password))
    except Taken as taken:
        raise ApiError(409, "taken", str(taken), where=taken.where) from None
    log.info("user %s made by user %s", made.id, caller.account.id)
    return NewUser(user=_read(made), password=password)


@router.put("/api/users/{user}")
async def update_user(
    user: UuidText, body: UserBody, caller: Called, request: Request, served: Served
) -> UserRead:
    """Change a user. A change of rights ends the user's sessions."""
    before = await served.accounts.account(user)
    if before is None:
        raise not_found("user")
    if user == caller.account.id and (body.role != "administrator" or not body.active):
        raise conflict(
            "you cannot take away your own rights", todo="let another administrator do it"
        )
    if body.agent != before.agent:
        _check_agent(body.agent, served)
    try:
        changed = await served.accounts.update(_account(user, body))
    except Taken as taken:
        raise ApiError(409, "taken", str(taken), where=taken.where) from None
    if changed is None:
        raise not_found("user")
    rights_before = (before.role, before.agent, before.active)
    if (changed.role, changed.agent, changed.active) != rights_before:
        own = caller.session.token_hash if user == caller.account.id else None
        await served.accounts.close_sessions(user, but=own)
        request.app.state.sockets.user_changed(user)
    log.info("user %s changed by user %s", user, caller.account.id)
    return _read(changed)


@router.post("/api/users/{user}/password")
async def reset_password(
    user: UuidText, caller: Called, request: Request, served: Served
) -> NewUser:
    """A new random password; the old one and all sessions of the user end."""
    account = await served.accounts.account(user)
    if account is None:
        raise not_found("user")
    password = new_password()
    await served.accounts.set_password(user, await _hash(request, password))
    own = caller.session.token_hash if user == caller.account.id else None
    await served.accounts.close_sessions(user, but=own)
    request.app.state.sockets.user_changed(user, but=own.hex() if own else None)
    log.info("password of user %s renewed by user %s", user, caller.account.id)
    return NewUser(user=_read(account), password=password)
