"""Shifts as people write them, and the moments they mean. Pure.

A shift belongs to the day on which it begins and is written on the clock of a place: minutes from
that day's midnight, beyond 1440 on the next day. So a week that is copied over a change of the
clocks keeps its times. A time that the clocks jump over is the moment an hour later on the clock;
of one that comes twice the first is meant. This file must not know SQL.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

DAY_MINUTES = 1440
SHIFT_MINUTES_MAX = 1440
SHIFTS_MAX = 4  # of an agent on a day
BREAKS_MAX = 12  # in a shift
CLOCK_RE = re.compile(r"([01]?[0-9]|2[0-4])[:.]([0-5][0-9])")

Plan = Literal["work", "break"]


class ShiftWrong(ValueError):
    """What was written cannot be; the text says what and what to do."""


@dataclass(frozen=True, slots=True)
class Span:
    begins: int
    ends: int


@dataclass(frozen=True, slots=True)
class Shift:
    """From `begins` to `ends`, the breaks within it; minutes of the day on which it begins."""

    begins: int
    ends: int
    breaks: tuple[Span, ...] = ()

    def parts(self) -> Iterator[tuple[Plan, int, int]]:
        """What is planned, one after the other."""
        at = self.begins
        for one in self.breaks:
            if at < one.begins:
                yield "work", at, one.begins
            yield "break", one.begins, one.ends
            at = one.ends
        if at < self.ends:
            yield "work", at, self.ends


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the `number`-th shift of a day, between two moments."""

    number: int
    plan: Plan
    begins: datetime
    ends: datetime


def minute_of(text: str) -> int:
    """Of a time as 9:00, 09:00 or 24:00. Raises ShiftWrong."""
    found = CLOCK_RE.fullmatch(text.strip().replace("：", ":"))
    minute = int(found[1]) * 60 + int(found[2]) if found else DAY_MINUTES + 1
    if minute > DAY_MINUTES:
        raise ShiftWrong(f"{text.strip()[:20]!r} is no time of the day: write it as 09:00")
    return minute


def clock_text(minute: int) -> str:
    """Midnight at the end of the day is 24:00."""
    within = minute if minute <= DAY_MINUTES else minute - DAY_MINUTES
    return f"{within // 60:02d}:{within % 60:02d}"


def read_shift(begins: str, ends: str, breaks: Sequence[tuple[str, str]] = ()) -> Shift:
    """A shift whose end is not after its beginning ends on the next day, and breaks before the
    beginning lie there. Raises ShiftWrong."""
    first = minute_of(begins)
    if first == DAY_MINUTES:
        raise ShiftWrong("a shift that begins at 24:00 is one of the next day: write it there")
    if minute_of(ends) == first:
        raise ShiftWrong("a shift cannot end when it begins")
    last = _after(minute_of(ends), first)
    spans = []
    for one, other in breaks:
        at = minute_of(one)
        at = at if at >= first else at + DAY_MINUTES
        spans.append(Span(at, _after(minute_of(other), at)))
    return Shift(first, last, tuple(sorted(spans, key=lambda span: span.begins)))


def _after(minute: int, first: int) -> int:
    while minute <= first:
        minute += DAY_MINUTES
    return minute


def checked(shifts: Sequence[Shift]) -> tuple[Shift, ...]:
    """The shifts of a day in their order. Raises ShiftWrong."""
    if len(shifts) > SHIFTS_MAX:
        raise ShiftWrong(f"at most {SHIFTS_MAX} shifts a day")
    ordered = tuple(sorted(shifts, key=lambda shift: shift.begins))
    until = 0
    for shift in ordered:
        if shift.begins < until:
            raise ShiftWrong(f"two shifts overlap at {clock_text(shift.begins)}")
        until = shift.ends
        _check_one(shift)
    return ordered


def _check_one(shift: Shift) -> None:
    if not 0 <= shift.begins < DAY_MINUTES or not 0 < shift.ends - shift.begins:
        raise ShiftWrong("a shift begins on its day and ends after its beginning")
    if shift.ends - shift.begins > SHIFT_MINUTES_MAX:
        raise ShiftWrong("a shift lasts at most 24 hours")
    if len(shift.breaks) > BREAKS_MAX:
        raise ShiftWrong(f"at most {BREAKS_MAX} breaks in a shift")
    until = shift.begins
    for one in shift.breaks:
        told = f"the break {clock_text(one.begins)}-{clock_text(one.ends)}"
        if not shift.begins <= one.begins < one.ends <= shift.ends:
            raise ShiftWrong(f"{told} does not lie within the shift")
        if one.begins < until:
            raise ShiftWrong(f"{told} overlaps with another")
        until = one.ends


def moment_of(day: date, minute: int, zone: str) -> datetime:
    """When the clock there shows it, in UTC."""
    local = day + timedelta(days=minute // DAY_MINUTES)
    hour, rest = divmod(minute % DAY_MINUTES, 60)
    at = datetime(local.year, local.month, local.day, hour, rest, tzinfo=ZoneInfo(zone))
    return at.astimezone(UTC)


def stretches(day: date, shifts: Sequence[Shift], zone: str) -> list[Stretch]:
    """What is planned, as moments. What the clocks jump over is left out."""
    made = []
    for number, shift in enumerate(shifts):
        for plan, begins, ends in shift.parts():
            since, until = moment_of(day, begins, zone), moment_of(day, ends, zone)
            if since < until:
                made.append(Stretch(number, plan, since, until))
    return made


def to_json(shifts: Sequence[Shift]) -> list[dict[str, Any]]:
    return [
        {
            "begins": shift.begins,
            "ends": shift.ends,
            "breaks": [[one.begins, one.ends] for one in shift.breaks],
        }
        for shift in shifts
    ]


def from_json(kept: Sequence[Any]) -> tuple[Shift, ...]:
    return tuple(
        Shift(one["begins"], one["ends"], tuple(Span(*span) for span in one["breaks"]))
        for one in kept
    )
