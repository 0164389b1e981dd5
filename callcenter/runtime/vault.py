"""What callers key in as a secret (a PIN, a card), kept in memory only, for as long as their call.

Where the digits come in they are put here, and everybody else is given a handle: the core, the
journal, checkpoints, timelines, logs and screens never see them. Only who hands them on for good
(a look-up, an HTTP request) opens the handle, at the last moment. A restart forgets them: such a
look-up then fails, and the flow has a way for that. See docs/decisions/0008-secrets-in-a-vault.md.
"""

from __future__ import annotations

import re
import secrets
from collections import OrderedDict
from collections.abc import Mapping

from ivr.asks import Sealed
from ivr.nodes.collect import luhn_right

CALLS_MAX = 30_000
SECRETS_MAX = 50
HANDLE = re.compile(r"sealed-[0-9a-f]{24}")


class SecretGone(Exception):
    """The handle is of another call, or from before a restart."""


class Vault:
    """One for a process. Bounded: the oldest call is forgotten when there are too many."""

    def __init__(self) -> None:
        self._calls: OrderedDict[str, dict[str, str]] = OrderedDict()

    def seal(self, call: str, digits: str) -> Sealed:
        """Keep `digits` and say only what a flow must know of them."""
        known = self._calls.setdefault(call, {})
        while len(known) >= SECRETS_MAX:
            del known[next(iter(known))]
        handle = f"sealed-{secrets.token_hex(12)}"
        known[handle] = digits
        while len(self._calls) > CALLS_MAX:
            self._calls.popitem(last=False)
        plain = digits.isascii() and digits.isdecimal()
        return Sealed(handle, len(digits), plain, plain and luhn_right(digits))

    def open(self, call: str, value: object) -> object:
        """`value` with every handle of this call replaced by what it stands for, at any depth.
        Raises SecretGone."""
        if isinstance(value, str):
            return HANDLE.sub(lambda found: self._of(call, found.group()), value)
        if isinstance(value, Mapping):
            return {key: self.open(call, item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.open(call, item) for item in value]
        return value

    def _of(self, call: str, handle: str) -> str:
        try:
            return self._calls[call][handle]
        except KeyError:
            raise SecretGone(handle) from None

    def forget(self, call: str) -> None:
        self._calls.pop(call, None)
