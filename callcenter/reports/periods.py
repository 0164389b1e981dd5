"""Stretches of time cut into intervals by the clock of a place. Pure.

Intervals begin at full quarters, hours, midnights, Mondays or firsts of the month *there*: the day
on which the clocks are put forward has 23 hours, the one on which they are put back 25, and the
hour that comes twice is two intervals.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Interval = Literal["5min", "15min", "30min", "hour", "day", "week", "month", "all"]
MINUTES: dict[Interval, int] = {"5min": 5, "15min": 15, "30min": 30, "hour": 60}
INTERVALS: tuple[Interval, ...] = ("5min", "15min", "30min", "hour", "day", "week", "month", "all")
INTERVALS_MAX = 3000
DAYS_MAX = 3 * 366


class PeriodWrong(ValueError):
    """What was asked for cannot be; the text says what and what to do."""


@dataclass(frozen=True, slots=True)
class Period:
    """From the beginning of `first` to the end of `last`, both days of `zone`."""

    first: date
    last: date
    zone: str

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise PeriodWrong("the last day is before the first: exchange them")
        if (self.last - self.first).days >= DAYS_MAX:
            raise PeriodWrong("at most three years can be asked for at once: ask for fewer days")
        if not 1971 <= self.first.year <= 2200 or self.last.year > 2200:
            raise PeriodWrong("days must lie between the years 1971 and 2200")

    @property
    def since(self) -> datetime:
        return midnight(self.first, self.zone)

    @property
    def until(self) -> datetime:
        return midnight(self.last + timedelta(days=1), self.zone)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def before(self) -> Period:
        """As many days, right before."""
        length = timedelta(days=self.days)
        return Period(self.first - length, self.last - length, self.zone)

    def year_before(self) -> Period:
        """The same weekdays, 52 weeks earlier."""
        year = timedelta(weeks=52)
        return Period(self.first - year, self.last - year, self.zone)


def midnight(day: date, zone: str) -> datetime:
    """When the day begins there, in UTC. Where midnight is jumped over: the first moment of it."""
    local = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC)


def cut(period: Period, interval: Interval) -> list[datetime]:
    """The beginnings of the intervals, in order, in UTC. Raises PeriodWrong for too many."""
    if interval == "all":
        return [period.since]
    if interval in MINUTES:
        minutes = MINUTES[interval]
        if period.days * 25 * 60 // minutes > INTERVALS_MAX * 2:
            raise PeriodWrong(
                f"{period.days} days have too many intervals of {minutes} minutes: "
                "ask for fewer days or longer intervals"
            )
        return list(_of_minutes(period, minutes))
    return [midnight(day, period.zone) for day in _days(period, interval)]


def _of_minutes(period: Period, minutes: int) -> Iterator[datetime]:
    """Each midnight begins one, and so does every full step of the clock in between."""
    zone = ZoneInfo(period.zone)
    step = timedelta(minutes=5)
    at, until = period.since, period.until
    day: date | None = None
    while at < until:
        local = at.astimezone(zone)
        if local.date() != day or (local.hour * 60 + local.minute) % minutes == 0:
            yield at
        day = local.date()
        at += step


def _days(period: Period, interval: Interval) -> Iterator[date]:
    """Days on which intervals begin; the first may have begun earlier."""
    for number in range(period.days):
        day = period.first + timedelta(days=number)
        starts = (
            interval == "day"
            or (interval == "week" and day.weekday() == 0)
            or (interval == "month" and day.day == 1)
        )
        if starts or number == 0:
            yield day


def finest(days: int) -> Interval:
    """What reads well for so many days."""
    if days <= 2:
        return "hour"
    return "day" if days <= 92 else "week" if days <= 400 else "month"
