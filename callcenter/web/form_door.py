"""Keeps machines and pranksters from the public form, without riddles for people.

A page gets a token when it is opened: signed, good for one sending, not before FILL_SECONDS_MIN and
not after FILL_SECONDS_MAX. Each address, each number and all together may ask only so often. Pure
but for the random key: times are arguments. Per process and in memory; a restart makes open pages
ask for a new token, which they do by themselves.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections import OrderedDict
from typing import Literal

from callcenter.web.allowance import Allowance

FILL_SECONDS_MIN = 3.0
FILL_SECONDS_MAX = 3600.0
USED_MAX = 50_000
HOUR = 3600.0
OF_ADDRESS_PER_HOUR = 10
OF_NUMBER_PER_DAY = 3

Wrong = Literal["form_expired", "form_too_fast"]


class FormDoor:
    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._used: OrderedDict[str, float] = OrderedDict()
        self._allowance = Allowance()

    def token(self, now: float) -> str:
        content = f"{now:.3f}.{secrets.token_urlsafe(12)}"
        return f"{content}.{self._signed(content)}"

    def check(self, token: str, now: float) -> Wrong | None:
        """None: it is good, and used up from now on."""
        content, _, signature = token.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signed(content).encode()):
            return "form_expired"
        age = now - float(content.rpartition(".")[0])
        if age > FILL_SECONDS_MAX or token in self._used:
            return "form_expired"
        if age < FILL_SECONDS_MIN:
            return "form_too_fast"
        self._used[token] = now
        while len(self._used) > USED_MAX:
            self._used.popitem(last=False)
        return None

    def wait_seconds(self, address: str, now: float) -> float:
        """Before this address may send again; 0: now. Counts."""
        return self._allowance.take(f"address {address}", OF_ADDRESS_PER_HOUR, HOUR, now)

    def wait_for_number(self, number: str, now: float) -> float:
        """Before this number may be asked for again; 0: now. Counts."""
        return self._allowance.take(f"number {number}", OF_NUMBER_PER_DAY, 24 * HOUR, now)

    def wait_for_all(self, per_hour: int, now: float) -> float:
        return self._allowance.take("all", per_hour, HOUR, now)

    def _signed(self, content: str) -> str:
        made = hmac.new(self._key, content.encode("utf-8", "replace"), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(made).decode().rstrip("=")
