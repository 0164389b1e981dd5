"""Holidays for the calendars of call flows: public ones by country, and those of an ICS file.

Flows only compare dates (`ivr.calendar`); where the dates come from is known here. Filling in takes
a fraction of a second the first time: do it when a flow is published or loaded, not in a call. The
libraries are loaded at their first use (docs/decisions/0025).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from ivr.calendar import Calendar

if TYPE_CHECKING:
    import icalendar

ICS_MAX = 1_000_000  # characters
ICS_DAYS_MAX = 1000
NAME_MAX = 80


class HolidaysUnknown(Exception):
    """There are no holidays known for this country or part of one; the text says which."""


def country_holidays(country: str, years: Iterable[int], language: str = "") -> dict[str, str]:
    """Date (YYYY-MM-DD) -> name of the public holidays. `country` is ISO 3166: CN, or DE-BY for a
    part of one. `language` such as zh_CN is used where the data has it. Raises HolidaysUnknown."""
    import holidays

    land, _, part = country.partition("-")
    try:
        known = holidays.country_holidays(
            land, subdiv=part or None, years=list(years), language=language or None
        )
    except NotImplementedError as error:
        raise HolidaysUnknown(f"{country}: {error}") from None
    return {day.isoformat(): name[:NAME_MAX] for day, name in sorted(known.items())}


def with_holidays(calendar: Calendar, years: Iterable[int], language: str = "") -> Calendar:
    """The calendar with its country's holidays filled in for these years; days it names itself
    keep their names. Without a country it stays as it is. Raises HolidaysUnknown."""
    if not calendar.country:
        return calendar
    wanted = sorted(set(years))
    found = country_holidays(calendar.country, wanted, language)
    filled = {*calendar.filled_years, *(str(year) for year in wanted)}
    return replace(
        calendar,
        holidays={**found, **calendar.holidays},
        filled_years=tuple(sorted(filled)),
    )


def all_with_holidays(
    calendars: Mapping[str, Calendar], years: Iterable[int], language: str = ""
) -> dict[str, Calendar]:
    """`with_holidays` for several, by name. Raises HolidaysUnknown."""
    wanted = list(years)
    return {name: with_holidays(item, wanted, language) for name, item in calendars.items()}


# -- ICS ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Imported:
    """`days`: date -> name. `skipped`: what was left out and why, in whole sentences."""

    days: Mapping[str, str]
    skipped: tuple[str, ...]


class IcsWrong(Exception):
    """The file is no usable ICS file; the text says why."""


def read_ics(text: str) -> Imported:
    """The whole-day events of an ICS file (RFC 5545) as closed days. Events with times of day and
    repeating ones are left out and named. Raises IcsWrong."""
    import icalendar
    from icalendar.error import BrokenCalendarProperty

    if len(text) > ICS_MAX:
        raise IcsWrong(f"the file has more than {ICS_MAX} characters")
    try:
        events = icalendar.Calendar.from_ical(text).walk("VEVENT")
    except (ValueError, IndexError, KeyError) as error:
        raise IcsWrong(f"this is no ICS file: {str(error)[:200]}") from None
    days: dict[str, str] = {}
    skipped: list[str] = []
    for event in events:
        name = str(event.get("SUMMARY", "closed"))[:NAME_MAX]
        try:
            span = _span(event)
        except BrokenCalendarProperty:
            span = "its day cannot be read"
        if isinstance(span, str):
            skipped.append(f"{name!r} was left out: {span}.")
            continue
        first, count = span
        if len(days) + count > ICS_DAYS_MAX:
            raise IcsWrong(f"the file has more than {ICS_DAYS_MAX} days")
        for step in range(count):
            days[(first + timedelta(days=step)).isoformat()] = name
    return Imported(dict(sorted(days.items())), tuple(skipped))


def _span(event: icalendar.cal.Component) -> tuple[date, int] | str:
    """First day and number of days of a whole-day event, or why it is none. DTEND is the day after
    the last (RFC 5545, 3.6.1)."""
    begin = event.get("DTSTART")
    if begin is None or isinstance(begin.dt, datetime) or not isinstance(begin.dt, date):
        return "it has a time of day, only whole days can be closed"
    if event.get("RRULE") is not None:
        return "it repeats; write its days one by one"
    end = event.get("DTEND")
    last = end.dt if end is not None and type(end.dt) is date else begin.dt + timedelta(days=1)
    count = (last - begin.dt).days
    if not 1 <= count <= 366:
        return "its end does not follow its beginning within a year"
    return begin.dt, count
