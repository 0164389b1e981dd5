"""Wall-clock time at a place, from a UNIX time that is given.

The only file below the line that knows `datetime`: it converts and counts, it never reads a clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
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
    """Whether `name` is an IANA time zone."""
    try:
        _zone(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def local_time(now: float, zone: str) -> LocalTime:
    """`now` in UNIX seconds as seen on the clocks of `zone` (an IANA name)."""
    there = datetime.fromtimestamp(now, _zone(zone))
    return LocalTime(there.date().isoformat(), there.weekday(), there.hour * 60 + there.minute)


def moment(day: str, minute: int, zone: str) -> float:
    """The UNIX time of a minute of a day (YYYY-MM-DD) at `zone`. A minute that a change of the
    clocks skips or doubles is read as before the change (PEP 495, fold 0)."""
    there = date.fromisoformat(day)
    at = datetime(there.year, there.month, there.day, tzinfo=_zone(zone))
    return at.replace(hour=minute // 60, minute=minute % 60).timestamp()


def is_date(text: str) -> bool:
    """Whether `text` is a real day, written YYYY-MM-DD."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def weekday_of(day: str) -> int:
    """0 for Monday to 6 for Sunday."""
    return date.fromisoformat(day).weekday()


def day_after(day: str, days: int) -> str:
    """The date `days` later (or earlier)."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def clock(minute: int) -> str:
    """Minutes from midnight as HH:MM."""
    return f"{minute // 60:02d}:{minute % 60:02d}"
