"""Passwords: hashed with argon2id in a small pool of threads, checked in equal time for everybody.

Parameters are those of the OWASP password storage sheet (m = 19 MiB, t = 2, p = 1); hashes made
with weaker ones are renewed at the next login. Rules for new ones follow ASVS 5.0 section 6.2:
length counts, composition does not. This file must not know accounts.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import ParamSpec, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

P = ParamSpec("P")
T = TypeVar("T")

LENGTH_MIN = 12
LENGTH_MAX = 128
THREADS = 2
WAITING_MAX = 32

COMMON = frozenset(
    """
    123456789012 1234567890123 12345678901234 123456789abc 1q2w3e4r5t6y 1qaz2wsx3edc
    1qaz2wsx3edc4rfv
    abcdefghijkl abcdefghijklm abc123456789 a1b2c3d4e5f6 adminadminadmin administrator
    administrator1 changemechangeme changeme12345 changeme1234 correcthorsebatterystaple
    iloveyou1234 iloveyouforever letmeinletmein letmein12345 letmein123456 password1234
    password12345 password123456 password1234567 passwordpassword p@ssw0rd1234 p@ssword1234
    passw0rd1234 qwerty123456 qwerty1234567 qwertyuiop12 qwertyuiop123 qwertyuiopasdf
    qwertyuiop[] qazwsxedcrfv zxcvbnmasdfg zxcvbnm12345 welcome12345 welcome123456 superman1234
    football1234 baseball1234 princess1234 sunshine1234 dragon123456 monkey123456 woaini520131
    woaini1314520 5201314520131 callcenter12 callcenter123 callcenter1234 contactcenter
    contactcentre callcentre123 asteriskasterisk asterisk1234
    """.split()
)


HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@cache
def _nobodys() -> str:
    """The hash of a password that nobody knows; one for the whole process, since it costs as much
    as a login."""
    return HASHER.hash(secrets.token_urlsafe(16))


class TooBusy(Exception):
    """More logins wait than the pool takes."""


class Passwords:
    """Hashes and checks. `close()` at the end."""

    def __init__(self) -> None:
        self._hasher = HASHER
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="argon2")
        self._waiting = 0
        # Checked when the account is unknown, so that the answer takes as long as for a known one.
        self._nobody = _nobodys()

    async def hash(self, password: str) -> str:
        """Raises TooBusy."""
        return await self._in_pool(self._hasher.hash, password)

    async def matches(self, password: str, hashed: str | None) -> bool:
        """Whether `password` is the one of `hashed` (None: of nobody). Raises TooBusy."""
        right = await self._in_pool(self._verify, hashed or self._nobody, password)
        return right and hashed is not None

    def outdated(self, hashed: str) -> bool:
        """True when the hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(hashed)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _verify(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _in_pool(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self._waiting >= WAITING_MAX:
            raise TooBusy
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._pool, partial(call, *args, **kwargs))
        finally:
            self._waiting -= 1


def weakness(password: str, login: str = "") -> str | None:
    """Why this password is refused, in words for its owner; None: it is good enough."""
    if len(password) < LENGTH_MIN:
        return f"use at least {LENGTH_MIN} characters; a few words in a row are fine"
    if len(password) > LENGTH_MAX:
        return f"use at most {LENGTH_MAX} characters"
    plain = password.casefold()
    if len(set(plain)) < 5:
        return "it repeats too few different characters"
    if plain in COMMON:
        return "it is one of the passwords everybody tries first"
    if len(login) >= 4 and login.casefold() in plain and len(plain) < len(login) + 8:
        return "it is your login name with little more"
    return None


def new_password() -> str:
    """A random first password (about 100 bits), easy to read aloud: five groups of four."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(5))
