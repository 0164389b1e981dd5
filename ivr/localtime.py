"""Wall-clock time at a place, from a UNIX time that is given.

The only file below the line that knows `datetime`: it converts, it never reads a clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@dataclass(frozen=True, slots=True)
class LocalTime:
    """`weekday` 0 is Monday; `minute` counts from midnight; `date` is YYYY-MM-DD."""

    date: str
    weekday: int
    minute: int


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def is_zone(name: str) -> bool:
    try:
        _zone(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def local_time(now: float, zone: str) -> LocalTime:
    """`now` in UNIX seconds as seen on the clocks of `zone` (an IANA name)."""
    there = datetime.fromtimestamp(now, _zone(zone))
    return LocalTime(there.date().isoformat(), there.weekday(), there.hour * 60 + there.minute)
