"""The signs of life that the dialplan waits for: the heartbeat and each waiting caller's lease.

Without the heartbeat new callers are served by Asterisk alone; without his lease a waiting caller
is. Renewals are spread over time so that an offer never stands in line behind all of them.
"""

from __future__ import annotations

import asyncio
import time

from callcenter.asterisk import actions
from callcenter.asterisk.actions import Headers
from callcenter.asterisk.book import Book
from callcenter.asterisk.errors import AmiDown
from callcenter.asterisk.link import Link

BEAT_SECONDS = 3.0
RENEWALS_A_LEASE = 3
"""Two may be lost or late before the caller goes to the fallback queue."""
ROUND_SECONDS = 0.1
RENEWALS_A_ROUND = 50
"""At least; with more than 2,500 callers waiting, so many that each is in time."""


class Vigil:
    """`lease_seconds` is how long a renewal holds, as the dialplan has it."""

    def __init__(
        self, book: Book, control: Link, lease_seconds: int, beat_seconds: float = BEAT_SECONDS
    ) -> None:
        self._book, self._control, self._lease = book, control, str(lease_seconds)
        self._renew_seconds = lease_seconds / RENEWALS_A_LEASE
        self._beat_seconds = beat_seconds

    def beat(self) -> None:
        """By Asterisk's own clock, which a ping tells us. Raises AmiDown."""
        loop = asyncio.get_running_loop()
        offset = self._control.clock_offset or time.time() - loop.time()
        now = int(loop.time() + offset)
        self._forget(actions.set_variable(None, "ACD_BEAT", str(now)))

    def renew(self, now: float) -> None:
        """Renews the leases that are due at `now` (loop time), some of them. Raises AmiDown."""
        waiting = [call for call in self._book.calls.values() if call.in_agi]
        due = [call for call in waiting if call.lease_due <= now]
        room = max(RENEWALS_A_ROUND, len(waiting) * 2 * int(ROUND_SECONDS * 10) // 50)
        for call in sorted(due, key=lambda call: call.lease_due)[:room]:
            self._forget(actions.set_variable(call.channel, "TIMEOUT(absolute)", self._lease))
            call.lease_due = now + self._renew_seconds

    async def keep(self, ready: asyncio.Event) -> None:
        """Until cancelled, while `ready` is set."""
        loop = asyncio.get_running_loop()
        next_beat = 0.0
        while True:
            await ready.wait()
            now = loop.time()
            try:
                if now >= next_beat:
                    self.beat()
                    next_beat = now + self._beat_seconds
                self.renew(now)
            except AmiDown:
                next_beat = 0.0
            await asyncio.sleep(ROUND_SECONDS)

    def _forget(self, headers: Headers) -> None:
        self._control.send(headers).add_done_callback(
            lambda answer: answer.cancelled() or answer.exception()
        )
