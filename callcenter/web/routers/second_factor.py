"""The second factor: one-time codes of a device. Set up, confirmed, switched off; reset by others.

The password is asked for again before anything of it changes: whoever finds an open console must
not be able to lock its owner out. Who signs in by single sign-on has his second factor there.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Request
from pydantic import Field

from callcenter.store.accounts import Account
from callcenter.store.sealing import SealBroken
from callcenter.web import one_time
from callcenter.web.auth import Called, Caller
from callcenter.web.body import Body
from callcenter.web.errors import ApiError, conflict, not_found
from callcenter.web.proving import count_code, matching, prove_code, prove_password, unreadable
from callcenter.web.routers.common import Served, UuidText, guarded_router
from callcenter.web.services import WebServices

router = guarded_router("session")
log = logging.getLogger(__name__)

Password = Annotated[str, Field(max_length=1024)]
Code = Annotated[str, Field(max_length=64)]


class FactorRead(Body):
    """`possible`: it can be set up here; not by who signed in elsewhere. `required`: the role asks
    for it. `codes_left`: recovery codes that were not used."""

    on: bool
    since: datetime | None
    codes_left: int
    required: bool
    possible: bool


class PasswordAgain(Body):
    password: Password


class NewFactor(Body):
    """`secret` for typing, `picture` (a QR code as a data: address) for the camera. Not asked for
    at sign-in before it is confirmed."""

    secret: str
    picture: str


class CodeBody(Body):
    code: Code


class BothProofs(Body):
    password: Password
    code: Code


class RecoveryCodes(Body):
    """Shown this once; each works once, for the day the device is lost."""

    codes: list[str]


@router.get("/api/second-factor")
async def read_factor(caller: Called, served: Served) -> FactorRead:
    """How it stands with the own second factor."""
    return await _read(served, caller.account, caller.session.way == "password")


@router.post("/api/second-factor")
async def begin_factor(
    body: PasswordAgain, caller: Called, request: Request, served: Served
) -> NewFactor:
    """A new secret for the device; asking again makes another one."""
    _at_home(caller)
    await prove_password(request, served, caller.account, body.password, "password")
    secret = one_time.new_secret()
    if not await served.factors.begin(caller.account.id, secret):
        raise conflict("there is a second factor already", todo="switch it off first")
    shown = one_time.picture(one_time.address(secret, caller.account.login))
    return NewFactor(secret=secret, picture=shown)


@router.post("/api/second-factor/confirm")
async def confirm_factor(
    body: CodeBody, caller: Called, request: Request, served: Served
) -> RecoveryCodes:
    """The device shows the right code: from now on it is asked for. All other sessions end."""
    now, who = served.clock.now(), caller.account.id
    throttle = count_code(request, who, now)
    codes, hashes = _new_codes()
    typed = one_time.plain(body.code)
    try:
        right = await served.factors.confirm(who, matching(typed, now), hashes, now)
    except SealBroken:
        raise unreadable() from None
    if not right:
        todo = "compare the clock of your device with a right one, and take its newest code"
        raise ApiError(422, "wrong_code", "this code is wrong", where="code", todo=todo)
    throttle.succeeded(who, who)
    await served.login_sessions.unlimit(caller.session)
    await served.accounts.close_sessions(who, but=caller.session.token_hash)
    request.app.state.sockets.user_changed(who, but=caller.session.token_hash.hex())
    log.info("user %s has a second factor", who)
    return RecoveryCodes(codes=codes)


@router.post("/api/second-factor/codes")
async def renew_recovery_codes(
    body: BothProofs, caller: Called, request: Request, served: Served
) -> RecoveryCodes:
    """New recovery codes; those there were are worth nothing."""
    _at_home(caller)
    await prove_password(request, served, caller.account, body.password, "password")
    await prove_code(request, served, caller.account, body.code)
    codes, hashes = _new_codes()
    await served.factors.renew_codes(caller.account.id, hashes)
    return RecoveryCodes(codes=codes)


@router.post("/api/second-factor/off", status_code=204)
async def switch_factor_off(
    body: BothProofs, caller: Called, request: Request, served: Served
) -> None:
    """The password alone is enough again."""
    _at_home(caller)
    if caller.account.role in (await served.sign_in.rules()).factor_roles:
        raise conflict("your role needs a second factor", todo="ask an administrator to reset it")
    await prove_password(request, served, caller.account, body.password, "password")
    await prove_code(request, served, caller.account, body.code)
    await served.factors.remove(caller.account.id, by=caller.account.id)
    log.info("user %s has no second factor any more", caller.account.id)


@router.get("/api/users/{user}/second-factor")
async def read_factor_of(user: UuidText, served: Served) -> FactorRead:
    """How it stands with a user's second factor."""
    account = await served.accounts.account(user)
    if account is None:
        raise not_found("user")
    return await _read(served, account, not await served.sign_in.is_linked(user))


@router.delete("/api/users/{user}/second-factor", status_code=204)
async def reset_factor_of(user: UuidText, caller: Called, request: Request, served: Served) -> None:
    """The device is lost: take its factor away. All sessions of the user end; where the role needs
    one, the next sign-in asks for a new one to be set up."""
    if user == caller.account.id:
        raise conflict("this is your own", todo="switch it off on your own page, with its code")
    if not await served.factors.remove(user, by=caller.account.id):
        raise not_found("second factor")
    await served.accounts.close_sessions(user)
    request.app.state.sockets.user_changed(user)
    log.info("second factor of user %s reset by user %s", user, caller.account.id)


def _at_home(caller: Caller) -> None:
    if caller.session.way != "password":
        raise conflict("you signed in elsewhere", todo="set up your second factor there")


async def _read(served: WebServices, account: Account, possible: bool) -> FactorRead:
    state, rules = await served.factors.state(account.id), await served.sign_in.rules()
    return FactorRead(
        on=state is not None,
        since=datetime.fromtimestamp(state.since, UTC) if state else None,
        codes_left=state.codes_left if state else 0,
        required=account.role in rules.factor_roles,
        possible=possible,
    )


def _new_codes() -> tuple[list[str], list[bytes]]:
    """Recovery codes, and what is kept of them."""
    codes = one_time.new_recovery_codes()
    return codes, [found for code in codes if (found := one_time.recovery_hash(code)) is not None]
