"""Time that counts: how much of a span lies in opening hours, and when so much of it will be over.

Pure. The calendar is the same value that call flows use (`ivr.calendar`), with its holidays filled
in by whoever hands it over; None counts every second.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from callcenter.crm.definitions.schemas import Defined, Name, OtherName
from ivr.calendar import DATE_KEY, DAY_KEY, Calendar, SpanWrong, days_of, spans_of
from ivr.localtime import is_zone

DAYS_MAX = 800  # a clock that would take longer than this is not kept


class WorkHours(Defined):
    """`week`: mon, or mon-fri -> '09:00-12:00, 13:00-18:00'; `overrides`: a date -> spans, or
    'closed'; `holidays`: a date -> its name, closed all day."""

    name: Name
    name_zh: OtherName = ""
    timezone: str = "Asia/Shanghai"
    week: Annotated[Mapping[str, str], Field(max_length=30)] = {}
    overrides: Annotated[Mapping[str, str], Field(max_length=1000)] = {}
    holidays: Annotated[Mapping[str, str], Field(max_length=1000)] = {}

    @field_validator("timezone")
    @classmethod
    def _known(cls, zone: str) -> str:
        if not is_zone(zone):
            raise ValueError(f"{zone[:40]!r} is no time zone such as Asia/Shanghai")
        return zone

    @field_validator("week", "overrides")
    @classmethod
    def _readable(cls, spans: Mapping[str, str]) -> Mapping[str, str]:
        for key, text in spans.items():
            if not DAY_KEY.match(key) and not DATE_KEY.match(key):
                raise ValueError(f"{key[:40]!r} is no day such as mon or mon-fri")
            try:
                spans_of(text)
            except SpanWrong as wrong:
                raise ValueError(f"{key}: {wrong.reason}; {wrong.cure}") from None
        return spans

    def calendar(self) -> Calendar:
        return Calendar(
            timezone=self.timezone,
            week=self.week,
            overrides=self.overrides,
            holidays=self.holidays,
        )


def due(hours: Calendar | None, start: float, seconds: float) -> float | None:
    """When `seconds` of open time after `start` are over (UNIX seconds); None: not within
    `DAYS_MAX` days, as when the calendar is never open."""
    if hours is None:
        return start + seconds
    left = seconds
    for opens, closes in _open_spans(hours, start, start + DAYS_MAX * 86_400):
        if left <= closes - opens:
            return opens + left
        left -= closes - opens
    return None


def worked(hours: Calendar | None, start: float, end: float) -> float:
    """Seconds of open time from `start` to `end`; 0 when `end` is before."""
    if end <= start:
        return 0.0
    if hours is None:
        return end - start
    return sum(closes - opens for opens, closes in _open_spans(hours, start, end))


def _open_spans(hours: Calendar, start: float, end: float) -> Iterator[tuple[float, float]]:
    """Spans of open time between two moments, in order. A day begins by the clock of the place, so
    one with a change of the clocks is as long as it is there."""
    zone = ZoneInfo(hours.timezone)
    day = datetime.fromtimestamp(start, zone).date()
    for _ in range(DAYS_MAX + 1):
        for begin_minute, end_minute in spans_of(_spans_on(hours, day)):
            opens = _moment(day, begin_minute, zone)
            closes = _moment(day, end_minute, zone)
            if opens >= end:
                return
            first, last = max(opens, start), min(closes, end)
            if first < last:
                yield first, last
        day += timedelta(days=1)


def _spans_on(hours: Calendar, day: date) -> str:
    if (override := hours.overrides.get(day.isoformat())) is not None:
        return override
    if day.isoformat() in hours.holidays:
        return ""
    today = ""
    for key, spans in hours.week.items():
        if day.weekday() in days_of(key):
            today = spans
    return today


def _moment(day: date, minute: int, zone: ZoneInfo) -> float:
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    return (midnight + timedelta(minutes=minute)).timestamp()
