"""Proofs that somebody is who he says: the password, then the code of his device.

Wrong ones are counted before they are known, so that many tries at once are no way round, and each
further one has to wait (`throttle`). Codes are counted by user, wherever they come from: who gets
so far knows the password, and six digits stand against few guesses only. Nobody is locked out.
"""

from __future__ import annotations

import logging

from fastapi import Request

from callcenter.store.accounts import Account
from callcenter.store.sealing import SealBroken
from callcenter.store.second_factors import Matching
from callcenter.web import auth, one_time
from callcenter.web.errors import ApiError, not_allowed
from callcenter.web.passwords import Passwords, TooBusy
from callcenter.web.services import WebServices
from callcenter.web.throttle import LoginThrottle

log = logging.getLogger(__name__)


def passwords_of(request: Request) -> Passwords:
    passwords: Passwords = request.app.state.passwords
    return passwords


def busy() -> ApiError:
    return ApiError(
        503, "busy", "too many people sign in just now", todo="try again in a few seconds"
    )


def too_many(wait: float, what: str) -> ApiError:
    seconds = int(wait) + 1
    return ApiError(
        429,
        "too_many_tries",
        f"too many wrong {what}",
        todo=f"wait {seconds} seconds and try again",
        headers={"Retry-After": str(seconds)},
    )


async def prove_password(
    request: Request, served: WebServices, account: Account, password: str, where: str
) -> None:
    """Of somebody who is signed in already. Raises ApiError."""
    address, now = auth.address_of(request), served.clock.now()
    throttle: LoginThrottle = request.app.state.throttle
    count_try(throttle, account.login, address, now, "passwords")
    found = await served.accounts.credentials(account.login)
    if found is None:
        raise not_allowed()
    try:
        right = await passwords_of(request).matches(password, found[1])
    except TooBusy:
        raise busy() from None
    if not right:
        raise ApiError(422, "wrong_password", "the password is wrong", where=where)
    throttle.succeeded(account.login, address)


async def prove_code(
    request: Request, served: WebServices, account: Account, code: str, *, status: int = 422
) -> None:
    """The code of the device, or a recovery code; either is used up. Raises ApiError."""
    now, who = served.clock.now(), account.id
    throttle = count_code(request, who, now)
    typed = one_time.plain(code)
    recovery = one_time.recovery_hash(typed)
    try:
        if recovery is not None:
            right = await served.factors.recover(who, recovery, now)
        else:
            right = await served.factors.accept(who, matching(typed, now))
    except SealBroken:
        raise unreadable() from None
    if not right:
        log.warning("wrong code for user %s from %s", who, auth.address_of(request))
        todo = "take the newest code of your device; each works once"
        raise ApiError(
            status, "wrong_code", "this code is wrong or was used", where="code", todo=todo
        )
    throttle.succeeded(who, who)


def unreadable() -> ApiError:
    return ApiError(
        409,
        "factor_unreadable",
        "the key that your device's secret is sealed with is not the one of this installation",
        todo="ask an administrator to reset your second factor",
    )


def count_try(throttle: LoginThrottle, login: str, address: str, now: float, what: str) -> None:
    """One more try, taken for wrong until `succeeded`: many at once are no way round. Raises
    ApiError."""
    wait = throttle.wait_seconds(login, address, now)
    if wait > 0:
        raise too_many(wait, what)
    throttle.failed(login, address, now)


def count_code(request: Request, who: str, now: float) -> LoginThrottle:
    """One more code of this user; as `count_try`."""
    throttle: LoginThrottle = request.app.state.code_throttle
    count_try(throttle, who, who, now, "codes")
    return throttle


def matching(code: str, now: float) -> Matching:
    """How the store compares what was typed (`plain`) with the device's secret."""
    return lambda secret, last_step: one_time.matching_step(secret, code, now, last_step)
