"""Slows down guessing of passwords, without ever locking anybody out.

Counts failures per account and address and per address alone; after a few, each further try has to
wait, twice as long each time, up to a minute. Nobody is locked out: another address may always try,
and the owner waits a minute at most. Pure: times are arguments (seconds). Per process and in
memory, bounded.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

FREE_TRIES = 5
FREE_TRIES_OF_ADDRESS = 20
WAIT_MAX_SECONDS = 60.0
FORGOTTEN_SECONDS = 900.0
KEYS_MAX = 20_000


@dataclass(slots=True)
class _Failures:
    count: int
    last: float
    not_before: float


class LoginThrottle:
    """Ask `wait_seconds` before a try, tell `failed` or `succeeded` after it."""

    def __init__(self) -> None:
        self._failures: OrderedDict[tuple[str, str], _Failures] = OrderedDict()

    def wait_seconds(self, login: str, address: str, now: float) -> float:
        """How long this try has to wait; 0: go ahead."""
        keys = ((login.casefold(), address), ("", address))
        found = (self._failures.get(key) for key in keys)
        return max((one.not_before - now for one in found if one), default=0.0)

    def failed(self, login: str, address: str, now: float) -> None:
        self._count((login.casefold(), address), FREE_TRIES, now)
        self._count(("", address), FREE_TRIES_OF_ADDRESS, now)

    def succeeded(self, login: str, address: str) -> None:
        """The try that was counted as failed in advance was none."""
        self._failures.pop((login.casefold(), address), None)
        of_address = self._failures.get(("", address))
        if of_address is not None:
            of_address.count -= 1
            of_address.not_before = of_address.last

    def _count(self, key: tuple[str, str], free: int, now: float) -> None:
        entry = self._failures.pop(key, None)
        if entry is None or now - entry.last > FORGOTTEN_SECONDS:
            entry = _Failures(0, now, now)
        entry.count += 1
        entry.last = now
        over = entry.count - free
        entry.not_before = now + (min(WAIT_MAX_SECONDS, 2.0 ** min(over, 10)) if over >= 0 else 0.0)
        self._failures[key] = entry
        while len(self._failures) > KEYS_MAX:
            self._failures.popitem(last=False)
