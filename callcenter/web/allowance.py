"""How often somebody may ask: a bucket that fills with time. Pure: times are arguments (seconds).

Per process and in memory, bounded: whoever asked longest ago is forgotten first, and a forgotten
one begins with a full bucket.
"""

from __future__ import annotations

from collections import OrderedDict

KEYS_MAX = 20_000


class Allowance:
    """`take` one of `count` that come anew within `seconds`."""

    def __init__(self, keys_max: int = KEYS_MAX) -> None:
        self._keys_max = keys_max
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, who: str, count: int, seconds: float, now: float) -> float:
        """0: taken. Otherwise nothing is, and so many seconds have to pass first."""
        left, at = self._buckets.pop(who, (float(count), now))
        left = min(float(count), left + max(0.0, now - at) * count / seconds)
        wait = 0.0
        if left >= 1.0:
            left -= 1.0
        else:
            wait = (1.0 - left) * seconds / count
        self._buckets[who] = (left, now)
        while len(self._buckets) > self._keys_max:
            self._buckets.popitem(last=False)
        return wait
