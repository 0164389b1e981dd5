"""The clock of the live process: UNIX time that never runs backwards and never jumps.

Wall time is read once at the start; from then on the monotonic clock is added to it. A machine
whose clock is set while we run keeps its deadlines right; the difference is taken over slowly (at
most `SLEW` of the time that passes), so that long-running processes agree with the calendar.
"""

from __future__ import annotations

import time

SLEW = 0.01


class SystemClock:
    def __init__(self, not_before: float = 0.0) -> None:
        """`not_before`: the time at which an earlier process stopped, UNIX seconds. A machine whose
        clock was set back meanwhile must not put off every deadline by as much."""
        self._wall = max(time.time(), not_before)
        self._monotonic = time.monotonic()

    def now(self) -> float:
        """UNIX seconds."""
        monotonic = time.monotonic()
        passed = monotonic - self._monotonic
        self._monotonic = monotonic
        ahead = time.time() - (self._wall + passed)
        limit = passed * SLEW
        self._wall += passed + max(-limit, min(limit, ahead))
        return self._wall
