"""Opening hours: a weekly grid, holidays, dated overrides and an emergency switch.

A calendar is a plain value. Country holidays need a library's data, so whoever gives us the
calendar fills in their dates beforehand (`holidays`); this file must not know where they come from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from ivr.localtime import local_time

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_KEY = re.compile(r"^(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?$")
DATE_KEY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
SPAN = re.compile(r"^([01]?\d|2[0-4]):([0-5]\d)-([01]?\d|2[0-4]):([0-5]\d)$")
COUNTRY = re.compile(r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")
SPANS_MAX = 10

State = Literal["open", "closed", "holiday", "emergency"]


@dataclass(frozen=True, slots=True)
class Calendar:
    """`week`: day or span of days -> spans of time ('09:00-12:00, 13:00-18:00'); a later row wins.
    `holidays`: date -> name, closed all day. `overrides`: date -> spans of time or 'closed', before
    everything else. `country` (CN, or DE-BY with a subdivision) says whose holidays are to be
    filled in, `filled_years` for which years that was done. `emergency`: closed at once, by hand;
    `message` says why, in words that a flow may speak (`closed_reason`)."""

    timezone: str = ""
    week: Mapping[str, str] = field(default_factory=dict)
    holidays: Mapping[str, str] = field(default_factory=dict)
    overrides: Mapping[str, str] = field(default_factory=dict)
    country: str = ""
    filled_years: tuple[str, ...] = ()
    emergency: bool = False
    message: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reason` is the holiday's name, or the emergency's message. `doubtful`: the year's country
    holidays were never filled in, so that the answer may be wrong on one."""

    state: State
    reason: str = ""
    doubtful: bool = False


class SpanWrong(Exception):
    """A span of time cannot be read: (reason, cure)."""

    def __init__(self, reason: str, cure: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.cure = cure


@lru_cache(maxsize=4096)
def spans_of(text: str) -> tuple[tuple[int, int], ...]:
    """'09:00-12:00, 13:00-18:00' as minutes from midnight; '' and 'closed' are none. Raises
    SpanWrong."""
    parts = [part for part in text.replace(" ", "").split(",") if part not in ("", "closed")]
    if len(parts) > SPANS_MAX:
        raise SpanWrong(f"{len(parts)} spans of time in one day", f"use at most {SPANS_MAX}")
    out = []
    for part in parts:
        found = SPAN.fullmatch(part)
        if not found:
            raise SpanWrong(f"{part[:40]!r} is not a span of time", "write 09:00-18:00, or closed")
        hours = [int(group) for group in found.groups()]
        begin, end = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
        if not begin < end <= 24 * 60:
            cure = "split it at midnight: 22:00-24:00, and 00:00-06:00 on the next day"
            raise SpanWrong(f"{part!r} does not end after it begins", cure)
        out.append((begin, end))
    return tuple(out)


@lru_cache(maxsize=64)
def days_of(key: str) -> frozenset[int]:
    """'fri-mon' as weekdays, 0 is Monday."""
    first, _, last = key.partition("-")
    begin, end = DAYS.index(first), DAYS.index(last or first)
    return frozenset((begin + step) % 7 for step in range((end - begin) % 7 + 1))


def is_open(calendar: Calendar, now: float, zone: str) -> Verdict:
    """What the calendar says at `now` (UNIX seconds). `zone` is used where it names none."""
    if calendar.emergency:
        return Verdict("emergency", calendar.message)
    there = local_time(now, calendar.timezone or zone)
    override = calendar.overrides.get(there.date)
    if override is not None:
        return Verdict("open" if _within(override, there.minute) else "closed")
    if there.date in calendar.holidays:
        return Verdict("holiday", calendar.holidays[there.date])
    doubtful = bool(calendar.country) and there.date[:4] not in calendar.filled_years
    today = ""
    for key, spans in calendar.week.items():
        if there.weekday in days_of(key):
            today = spans
    return Verdict("open" if _within(today, there.minute) else "closed", "", doubtful)


def _within(spans: str, minute: int) -> bool:
    return any(begin <= minute < end for begin, end in spans_of(spans))
