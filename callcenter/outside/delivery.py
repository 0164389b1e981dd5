"""Messages that we hand to another system over HTTP: how they are signed, and when to try again.

Shared by everything that calls out by itself. A message has an id that stays the same however often
it is sent, so that a receiver can leave out what came twice; it is signed as Standard Webhooks 1.0
says (headers webhook-id, webhook-timestamp and webhook-signature, HMAC-SHA256 over
"id.timestamp.body"), for which receivers have ready libraries. Pure: no I/O, no clock. Sending is
`requests.Requests.post`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

SECRET_PREFIX = "whsec_"
SECRET_BYTES = 32
FIRST_WAIT_SECONDS = 15.0
WAIT_SECONDS_MAX = 3600.0
ASKED_WAIT_SECONDS_MAX = 6 * 3600.0
NOT_FOR_GOOD = frozenset({408, 425, 429})
"""Of the 4xx those that say: later."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of one try. `status`: of the answer, None when there was none; `error`: why it
    was not taken; `wait_seconds`: how long the far end asks to be left alone."""

    status: int | None = None
    error: str = ""
    wait_seconds: float | None = None
    refused_here: bool = False

    @property
    def taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def final(self) -> bool:
        """The same again would come to the same end: a redirect, a 4xx, an address that we do not
        call."""
        if self.refused_here:
            return True
        status = self.status
        return status is not None and 300 <= status < 500 and status not in NOT_FOR_GOOD


def new_secret() -> str:
    """A signing secret in the form receivers' libraries take."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signed(id: str, at: float, body: bytes, keys: Sequence[str]) -> dict[str, str]:
    """The headers of a message sent at `at` (UNIX seconds). Two `keys`, while one is being replaced
    by the other, make two signatures of which the receiver needs one. Raises ValueError for a
    secret that is none."""
    moment = str(int(at))
    content = f"{id}.{moment}.".encode() + body
    signatures = [hmac.new(_key(key), content, hashlib.sha256).digest() for key in keys]
    return {
        "webhook-id": id,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(f"v1,{base64.b64encode(s).decode()}" for s in signatures),
    }


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if not secret.startswith(SECRET_PREFIX) or len(key) < 16:
        raise ValueError("it is no signing secret")
    return key


def wait_before_next(
    tries: int, asked: float | None = None, first: float = FIRST_WAIT_SECONDS
) -> float:
    """Seconds until the next try after so many; doubles up to an hour. `asked`: what the far end
    wants (Retry-After)."""
    wait = min(WAIT_SECONDS_MAX, first * 2.0 ** min(max(tries - 1, 0), 20))
    return max(wait, min(asked or 0.0, ASKED_WAIT_SECONDS_MAX))
