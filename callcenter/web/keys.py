"""The door for other programs: `Authorization: Bearer <key>`, beside the cookie of people.

A request that has this header is a key's request and nothing else; its cookies do not count. A key
is 256 random bits behind a few letters that are no secret; the database knows its SHA-256. It is
never read from an address, so it stands in no log. This file must not know which routes exist.
"""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import HTTPConnection

from callcenter.runtime.ports import Clock
from callcenter.store.accounts import Account, SignedIn
from callcenter.store.keys import ApiKey
from callcenter.web.allowance import Allowance
from callcenter.web.errors import ApiError
from callcenter.web.key_policy import ANY, scope_needed
from callcenter.web.services import Keys

TOKEN = re.compile(r"^(cck_[a-z0-9]{8})_[A-Za-z0-9_-]{43}$")
TOUCH_SECONDS = 60.0
# Wrong keys of one address; a program that has lost its key would otherwise hammer the database.
WRONG_PER_MINUTE = 30

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class NewKey:
    """`token` is shown once; `hash` is what is kept of it."""

    token: str
    prefix: str
    hash: bytes


def new_key() -> NewKey:
    letters = "abcdefghijkmnpqrstuvwxyz23456789"
    prefix = "cck_" + "".join(secrets.choice(letters) for _ in range(8))
    token = f"{prefix}_{secrets.token_urlsafe(32)}"
    return NewKey(token, prefix, _hashed(token))


def _hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def bearer_of(connection: HTTPConnection) -> str | None:
    """What stands behind `Bearer`, whatever it is; None: this is no request of a program."""
    kind, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


class KeyDoor:
    """Lets keys in. `touched`: when a key's last use was written down."""

    def __init__(self, keys: Keys, clock: Clock, address: Callable[[HTTPConnection], str]) -> None:
        self._keys, self._clock, self._address = keys, clock, address
        self._allowance = Allowance()
        self._wrong = Allowance()

    async def admit(
        self, connection: HTTPConnection, token: str, method: str, path: str
    ) -> SignedIn:
        """The key as somebody who is signed in for this one request. Raises ApiError: 401, 403
        without the scope that the route `path` (its template) needs, 429 too often."""
        now, address = self._clock.now(), self._address(connection)
        key = await self._keys.find(_hashed(token)) if TOKEN.fullmatch(token) else None
        if key is None or not _valid(key, now):
            self._refuse_wrong(key, address, now)
            raise ApiError(
                401,
                "key_not_valid",
                "this API key is not known, has expired or was revoked",
                where="Authorization",
                todo="ask an administrator for a new key",
            )
        wait = self._allowance.take(key.id, key.per_minute, 60.0, now)
        if wait > 0:
            raise _too_often(wait, f"this key may ask {key.per_minute} times a minute")
        needed = scope_needed(method, path)
        if needed is None:
            raise ApiError(403, "not_for_keys", "this is not open to API keys")
        if needed != ANY and needed not in key.scopes:
            log.warning("key %s may not %s %s", key.prefix, method, path)
            raise ApiError(
                403,
                "scope_missing",
                f"this API key has not the scope {needed}",
                todo="make a key that has it",
            )
        if key.last_used is None or now - key.last_used > TOUCH_SECONDS:
            await self._keys.used(key.id, now, address)
        log.info("key %s: %s %s", key.prefix, method, path)
        return _as_signed_in(key, now)

    def _refuse_wrong(self, key: ApiKey | None, address: str, now: float) -> None:
        log.warning("a key that is not valid (%s) from %s", key.prefix if key else "?", address)
        wait = self._wrong.take(address, WRONG_PER_MINUTE, 60.0, now)
        if wait > 0:
            raise _too_often(wait, "too many requests with keys that are not valid")


def _valid(key: ApiKey, now: float) -> bool:
    return key.revoked is None and (key.expires is None or now < key.expires)


def _too_often(wait: float, message: str) -> ApiError:
    headers = {"Retry-After": str(int(wait) + 1)}
    return ApiError(429, "too_many_requests", message, todo="ask less often", headers=headers)


def _as_signed_in(key: ApiKey, now: float) -> SignedIn:
    """Changes are written down under the key's id and name. The session's hash finds no session."""
    account = Account(key.id, key.prefix, key.name, "supervisor")
    return SignedIn(b"", account, now, now, now)
