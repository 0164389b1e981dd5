"""When the clocks of a place change, as plain numbers: the core counts with them, without zones.

From the time zone database (IANA) as Python has it. This file must not read a clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

STEP = timedelta(days=1)
PRECISE = timedelta(seconds=1)


def utc_offsets(zone: str, years: Sequence[int]) -> tuple[tuple[float, float], ...]:
    """(from when on, UNIX seconds; how far the clocks of `zone` are ahead of UTC, seconds), in the
    order of time, from the beginning of the first of `years` until the end of the last. The first
    pair holds for all time before it, too, the last for all time after. A change that is taken back
    within a day is not seen; there is none in the database."""
    place = ZoneInfo(zone)
    at = datetime(min(years), 1, 1, tzinfo=UTC)
    end = datetime(max(years) + 1, 1, 1, tzinfo=UTC)
    offset = _offset(place, at)
    found = [(at.timestamp(), offset)]
    while at < end:
        later = at + STEP
        if _offset(place, later) != offset:
            offset = _offset(place, later)
            found.append((_change(place, at, later).timestamp(), offset))
        at = later
    return tuple(found)


def _offset(place: ZoneInfo, at: datetime) -> float:
    ahead = at.astimezone(place).utcoffset()
    assert ahead is not None, f"{place} has no offset"
    return ahead.total_seconds()


def _change(place: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first second that has the offset of `after`."""
    new = _offset(place, after)
    while after - before > PRECISE:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if _offset(place, middle) == new:
            after = middle
        else:
            before = middle
    return after
