"""Business hours of the centre: settings to a calendar, and what it says of the days to come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ivr.calendar import Calendar, State, is_open, spans_of
from ivr.flow import Node
from ivr.localtime import clock, day_after, local_time, moment
from ivr.nodes.hours import CALENDAR_FIELDS
from ivr.nodes.hours import calendar_of as _calendar_of
from ivr.nodes.kind import Wrong

SETTINGS = ("timezone", "week", "holidays", "overrides", "country")
Flaws = tuple[tuple[str, str], ...]


class CalendarWrong(ValueError):
    """The settings are no calendar. `flaws`: setting and reason pairs, for people."""

    def __init__(self, *flaws: tuple[str, str]) -> None:
        super().__init__("; ".join(f"{where}: {reason}" for where, reason in flaws))
        self.flaws: Flaws = flaws


def calendar_of(settings: Mapping[str, object]) -> Calendar:
    """The calendar in stored or sent settings; it must name its time zone. Raises CalendarWrong."""
    fields = {field.name: field for field in CALENDAR_FIELDS if field.name in SETTINGS}
    flaws = [(str(name), "is not known here") for name in settings if name not in fields]
    read: dict[str, object] = {}
    for name, field in fields.items():
        if name not in settings or settings[name] in ("", None):
            continue
        try:
            read[name] = field.type.read(settings[name])
        except Wrong as wrong:
            flaws.append((name, f"{wrong.reason}; {wrong.cure}"))
    if not read.get("timezone") and "timezone" not in dict(flaws):
        flaws.append(("timezone", "the calendar has no time zone; name one such as Asia/Shanghai"))
    if flaws:
        raise CalendarWrong(*flaws)
    return _calendar_of(Node("", "", read))


@dataclass(frozen=True, slots=True)
class DayHours:
    """One day: `state` of the day as a whole (open: at some time), `spans` minutes from midnight,
    `why`: week, override, holiday, emergency."""

    day: str
    weekday: int
    state: State
    spans: tuple[tuple[int, int], ...]
    reason: str
    why: str


def day_hours(calendar: Calendar, day: str) -> DayHours:
    """What callers meet on a day (YYYY-MM-DD)."""
    noon = local_time(moment(day, 720, calendar.timezone), calendar.timezone)
    verdict = is_open(calendar, moment(day, 720, calendar.timezone), calendar.timezone)
    if verdict.state == "emergency":
        return DayHours(day, noon.weekday, "emergency", (), verdict.reason, "emergency")
    if verdict.state == "holiday":
        return DayHours(day, noon.weekday, "holiday", (), verdict.reason, "holiday")
    why = "override" if day in calendar.overrides else "week"
    spans = _merged(_spans_on(calendar, day, noon.weekday))
    return DayHours(day, noon.weekday, "open" if spans else "closed", spans, "", why)


def days_from(calendar: Calendar, now: float, count: int) -> list[DayHours]:
    """Today at the calendar's place and the days after."""
    today = local_time(now, calendar.timezone).date
    return [day_hours(calendar, day_after(today, step)) for step in range(count)]


def next_change(calendar: Calendar, now: float, days: int = 30) -> float | None:
    """When it will open, or close, next (UNIX seconds); None: not within so many days."""
    if calendar.emergency:
        return None
    open_now = is_open(calendar, now, calendar.timezone).state == "open"
    for day in days_from(calendar, now, days):
        for begin, end in day.spans:
            for minute in (begin, end):
                if minute >= 24 * 60:
                    at = moment(day_after(day.day, 1), 0, calendar.timezone)
                else:
                    at = moment(day.day, minute, calendar.timezone)
                if at > now and _open_at(calendar, at) != open_now:
                    return at
    return None


def _open_at(calendar: Calendar, at: float) -> bool:
    return is_open(calendar, at, calendar.timezone).state == "open"


def _spans_on(calendar: Calendar, day: str, weekday: int) -> tuple[tuple[int, int], ...]:
    from ivr.calendar import days_of

    override = calendar.overrides.get(day)
    if override is not None:
        return spans_of(override)
    today = ""
    for key, spans in calendar.week.items():
        if weekday in days_of(key):
            today = spans
    return spans_of(today)


def _merged(spans: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    out: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if out and begin <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((begin, end))
    return tuple(out)


def spoken_at(minute: int) -> str:
    return clock(minute)
