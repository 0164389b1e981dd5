"""Signing in and out, the first administrator, the own language and password."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Annotated, Literal

from fastapi import Request, Response
from pydantic import Field, StringConstraints

from callcenter.store.accounts import Account, SignedIn, Taken, Way
from callcenter.web import auth
from callcenter.web.auth import Called, Sessions
from callcenter.web.body import Body
from callcenter.web.errors import ApiError
from callcenter.web.passwords import TooBusy, weakness
from callcenter.web.policy import Role
from callcenter.web.proving import busy, count_try, passwords_of, prove_code, prove_password
from callcenter.web.routers.common import Served, guarded_router
from callcenter.web.services import WebServices
from callcenter.web.throttle import LoginThrottle

router = guarded_router("session")
log = logging.getLogger(__name__)

Locale = Literal["en", "zh"]
Login = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9._@-]{1,64}$")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]


class SignIn(Body):
    login: Annotated[str, Field(max_length=64)]
    password: Annotated[str, Field(max_length=1024)]
    code: Annotated[str | None, Field(max_length=64)] = None


class Me(Body):
    """Who is signed in. `expires`: when the session ends at the latest (UNIX seconds). `way`: how.
    `limited`: nothing is open but setting up the second factor that the role needs."""

    id: str
    login: str
    name: str
    role: Role
    agent: str | None
    locale: str
    expires: float
    way: Way
    limited: bool


class FirstRunState(Body):
    """`open`: no administrator exists yet, and the one-time link makes the first."""

    open: bool


class FirstRun(Body):
    token: Annotated[str, Field(max_length=128)]
    login: Login
    name: Name
    password: Annotated[str, Field(max_length=1024)]
    locale: Locale = "en"


class LocaleChoice(Body):
    locale: Locale


class PasswordChange(Body):
    old: Annotated[str, Field(max_length=1024)]
    new: Annotated[str, Field(max_length=1024)]


def _me(session: SignedIn) -> Me:
    account = session.account
    return Me(
        id=account.id,
        login=account.login,
        name=account.name,
        role=account.role,
        agent=account.agent,
        locale=account.locale,
        expires=session.expires,
        way=session.way,
        limited=session.limited,
    )


def _sessions(request: Request) -> Sessions:
    sessions: Sessions = request.app.state.sessions
    return sessions


def refuse_weak(password: str, login: str, where: str) -> None:
    why = weakness(password, login)
    if why is not None:
        raise ApiError(422, "weak_password", f"this password is not safe: {why}", where=where)


@router.post("/api/login")
async def login(body: SignIn, request: Request, response: Response, served: Served) -> Me:
    """Sign in; the session comes as a cookie. Who has a second factor is asked for its code by the
    refusal `code_needed`, and sends all of it once more."""
    throttle: LoginThrottle = request.app.state.throttle
    address, now = auth.address_of(request), served.clock.now()
    count_try(throttle, body.login, address, now, "passwords")
    found = await served.accounts.credentials(body.login)
    account, hashed = found if found is not None else (None, None)
    try:
        right = await passwords_of(request).matches(body.password, hashed)
    except TooBusy:
        raise busy() from None
    if account is None or not right or not account.active:
        # An unknown login is not told: people type their password there by mistake.
        known = f"user {account.id}" if account else "an unknown login"
        log.warning("sign-in refused for %s from %s", known, address)
        raise ApiError(401, "wrong_login", "the login or the password is wrong")
    throttle.succeeded(body.login, address)
    limited = await _second_step(body, account, request, served)
    if hashed is not None and passwords_of(request).outdated(hashed):
        fresh = await passwords_of(request).hash(body.password)
        await served.accounts.set_password(account.id, fresh)
    session = await _sessions(request).open(account, request, response, limited=limited)
    log.info("user %s signed in from %s", account.id, address)
    return _me(session)


async def _second_step(
    body: SignIn, account: Account, request: Request, served: WebServices
) -> bool:
    """What comes after the right password. True: the user has yet to set up a second factor."""
    rules = await served.sign_in.rules()
    if rules.sso.on and rules.sso.only and account.role != "administrator":
        raise ApiError(
            403, "use_sso", "sign in with the button above; passwords are for administrators"
        )
    if await served.factors.state(account.id) is None:
        return account.role in rules.factor_roles
    if body.code is None:
        raise ApiError(401, "code_needed", "the code of your device is needed", where="code")
    await prove_code(request, served, account, body.code, status=401)
    return False


@router.post("/api/logout", status_code=204)
async def logout(caller: Called, request: Request, response: Response, served: Served) -> None:
    """End the session; its consoles are closed and its phone's password ends."""
    await _sessions(request).close(caller.session)
    if caller.account.agent is not None:
        await served.phones.revoke_browser_phone(caller.account.agent)
    auth.set_cookie(request, response, None)
    request.app.state.sockets.session_ended(caller.session.token_hash.hex())
    log.info("user %s signed out", caller.account.id)


@router.get("/api/session")
async def session(caller: Called) -> Me:
    """Who am I?"""
    return _me(caller.session)


@router.get("/api/first-run")
async def first_run_state(served: Served) -> FirstRunState:
    """Whether the first administrator is still to be made."""
    return FirstRunState(open=not await served.accounts.has_administrator())


@router.post("/api/first-run", status_code=201)
async def first_run(body: FirstRun, request: Request, response: Response, served: Served) -> Me:
    """Make the first administrator with the one-time token, and sign in."""
    token, now = auth.hashed(body.token), served.clock.now()
    gone = ApiError(
        403,
        "token_not_valid",
        "this link was used before or is too old",
        where="token",
        todo="start the service again: it prints a new link while there is no administrator",
    )
    if not await served.accounts.first_run_valid(token, now):
        raise gone
    refuse_weak(body.password, body.login, "password")
    try:
        hashed = await passwords_of(request).hash(body.password)
    except TooBusy:
        raise busy() from None
    wanted = Account("", body.login, body.name, "administrator", body.locale)
    try:
        account = await served.accounts.first_administrator(token, wanted, hashed, now)
    except Taken as taken:
        raise ApiError(409, "taken", str(taken), where=taken.where) from None
    if account is None:
        raise gone
    log.info("first administrator %s made", account.id)
    return _me(await _sessions(request).open(account, request, response))


@router.put("/api/session/locale")
async def set_locale(body: LocaleChoice, caller: Called, served: Served) -> LocaleChoice:
    """Remember the own language."""
    account = caller.account
    await served.accounts.update(replace(account, locale=body.locale))
    return body


@router.put("/api/session/password", status_code=204)
async def set_password(
    body: PasswordChange, caller: Called, request: Request, served: Served
) -> None:
    """Change the own password. All other sessions of the user end."""
    account = caller.account
    await prove_password(request, served, account, body.old, "old")
    refuse_weak(body.new, account.login, "new")
    try:
        fresh = await passwords_of(request).hash(body.new)
    except TooBusy:
        raise busy() from None
    await served.accounts.set_password(account.id, fresh)
    await served.accounts.close_sessions(account.id, but=caller.session.token_hash)
    request.app.state.sockets.user_changed(account.id, but=caller.session.token_hash.hex())
    log.info("user %s changed the password", account.id)
