"""Business hours: a node that asks a calendar, and how calendars are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from ivr.calendar import (
    COUNTRY,
    DATE_KEY,
    DAY_KEY,
    Calendar,
    SpanWrong,
    is_open,
    spans_of,
)
from ivr.flow import Flow, Node
from ivr.localtime import is_date, is_zone
from ivr.nodes.kind import Field, Kind, Mistake, Port, Step, Type, Wrong, fields
from ivr.nodes.run import Run
from ivr.nodes.types import matching, named, shown, table, text, yes_no


def _read_zone(value: object) -> str:
    if not isinstance(value, str) or (value and not is_zone(value)):
        raise Wrong(f"{shown(value)} is no time zone", "write an IANA name such as Asia/Shanghai")
    return value


def _read_spans(value: object) -> str:
    if not isinstance(value, str):
        raise Wrong(f"{shown(value)} is not a span of time", "write '09:00-18:00' or closed")
    try:
        spans_of(value)
    except SpanWrong as wrong:
        raise Wrong(wrong.reason, wrong.cure) from None
    return value


def _read_day(value: str) -> str:
    if not DATE_KEY.fullmatch(value) or not is_date(value):
        raise Wrong(f"{shown(value)} is no day", "write YYYY-MM-DD")
    return value


ZONE_TYPE: Type[str] = Type(_read_zone, {"type": "string"})
SPANS: Type[str] = Type(_read_spans, {"type": "string"})

ZONE = Field("timezone", ZONE_TYPE, "where (default: the flow's)", "")
WEEK: Field[Mapping[str, object]] = Field(
    "week",
    table(DAY_KEY, "a day or span of days (mon, mon-fri)", SPANS, 21),
    "day or span of days -> open from-to, several with commas; a later row wins",
    {},
)
HOLIDAYS: Field[Mapping[str, object]] = Field(
    "holidays",
    table(_read_day, "a day (YYYY-MM-DD)", text(80), 1000, form=DATE_KEY),
    "day -> its name; closed all day",
    {},
)
OVERRIDES: Field[Mapping[str, object]] = Field(
    "overrides",
    table(_read_day, "a day (YYYY-MM-DD)", SPANS, 1000, form=DATE_KEY),
    "day -> open from-to, or closed; before everything else",
    {},
)
COUNTRY_OF = Field(
    "country",
    matching(COUNTRY, "a country (CN, or DE-BY for a part of one)"),
    "its public holidays are filled in when the flow is put to use",
    "",
)
EMERGENCY = Field("emergency", yes_no(), "closed at once, by the port emergency", False)

NODE_FIELDS = fields(ZONE, WEEK, HOLIDAYS, OVERRIDES)
CALENDAR_FIELDS = (*NODE_FIELDS, *fields(COUNTRY_OF, EMERGENCY))
CALENDAR = Field("calendar", named("calendar"), "a calendar by name", "")
REASON_VARIABLE = "closed_reason"


def calendar_of(settings: Node) -> Calendar:
    """The calendar in these settings (of an hours node, or of an entry under 'calendars')."""
    return Calendar(
        timezone=ZONE.of(settings),
        week=cast("Mapping[str, str]", WEEK.of(settings)),
        holidays=cast("Mapping[str, str]", HOLIDAYS.of(settings)),
        overrides=cast("Mapping[str, str]", OVERRIDES.of(settings)),
        country=COUNTRY_OF.of(settings),
        emergency=EMERGENCY.of(settings),
    )


def _hours(node: Node, run: Run) -> Step:
    """An unknown calendar counts as open: a caller heard by a person is the smaller mistake."""
    name = CALENDAR.of(node)
    calendar = run.calendars.get(name) if name else calendar_of(node)
    if calendar is None:
        run.trouble("calendar", f"there is no calendar {name!r}; taken as open")
        return "open"
    verdict = is_open(calendar, run.now, run.flow.timezone)
    if verdict.doubtful:
        run.trouble("calendar", f"the holidays of {calendar.country} are not filled in")
    run.set(REASON_VARIABLE, verdict.reason)
    if verdict.state in ("open", "closed"):
        return verdict.state
    return verdict.state if verdict.state in node.ports else "closed"


def _mistakes(node: Node, flow: Flow) -> Iterable[Mistake]:
    own = [field.name for field in NODE_FIELDS if field.name in node.settings]
    if CALENDAR.of(node) and own:
        yield "", f"both a calendar and its own {own[0]}", "keep one of them"
    elif not CALENDAR.of(node) and not WEEK.of(node):
        yield "", "neither a calendar nor a week", "write 'calendar: ...' or 'week: ...'"


HOURS = Kind(
    "hours",
    "decide",
    "Open or closed, by a calendar. The name of a holiday is kept in `closed_reason`.",
    _hours,
    fields=(*fields(CALENDAR), *NODE_FIELDS),
    ports=(
        Port("open", "within the hours"),
        Port("closed", "outside the hours"),
        Port("holiday", "on a holiday (without it: closed)", optional=True),
        Port("emergency", "the emergency switch is on (without it: closed)", optional=True),
    ),
    mistakes=_mistakes,
    writes=lambda node: {"": (REASON_VARIABLE,)},
)

OPENING = (HOURS,)
