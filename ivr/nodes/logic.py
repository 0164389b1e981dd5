"""Nodes that decide without the caller: business hours, set, condition."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ivr.flow import Node
from ivr.localtime import is_zone, local_time
from ivr.nodes.kind import NEXT, Field, Kind, Port, Run, Step, Type, Wrong, fields
from ivr.nodes.types import VARIABLE_NAME, scalar, table, text

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = re.compile(r"^(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?$")
SPAN = re.compile(r"^([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$")


# -- business hours -----------------------------------------------------------------------------
def _read_zone(value: object) -> str:
    if not isinstance(value, str) or (value and not is_zone(value)):
        raise Wrong(f"{value!r} is not a time zone", "write an IANA name such as Asia/Shanghai")
    return value


def spans_of(value: str) -> list[tuple[int, int]]:
    """'09:00-12:00, 13:00-18:00' as minutes from midnight; '' or 'closed' is none."""
    out = []
    for part in value.replace(" ", "").split(","):
        if part in ("", "closed"):
            continue
        found = SPAN.fullmatch(part)
        if not found:
            raise Wrong(f"{part!r} is not a span of time", "write 09:00-18:00, or closed")
        hours = [int(group) for group in found.groups()]
        begin, end = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
        if not begin < end <= 24 * 60:
            raise Wrong(f"{part!r} does not end after it begins", "split at midnight: 22:00-24:00")
        out.append((begin, end))
    return out


def _read_spans(value: object) -> str:
    if not isinstance(value, str):
        raise Wrong(f"{value!r} is not a span of time", "write '09:00-18:00' or closed")
    spans_of(value)
    return value


def days_of(key: str) -> list[int]:
    first, _, last = key.partition("-")
    begin, end = DAYS.index(first), DAYS.index(last or first)
    count = (end - begin) % 7 + 1
    return [(begin + step) % 7 for step in range(count)]


ZONE = Field("timezone", Type(_read_zone, {"type": "string"}), "where (default: the flow's)", "")
WEEK: Field[Mapping[str, object]] = Field(
    "week",
    table(DAY, "a day or span of days (mon, mon-fri)", Type(_read_spans, {"type": "string"}), 21),
    "day -> spans of time that are open",
    {},
    required=True,
)


def _hours(node: Node, run: Run) -> Step:
    there = local_time(run.now, ZONE.of(node) or run.flow.timezone)
    for key, spans in WEEK.of(node).items():
        if there.weekday in days_of(key):
            for begin, end in spans_of(str(spans)):
                if begin <= there.minute < end:
                    return "open"
    return "closed"


HOURS = Kind(
    "hours",
    "Open or closed, by a weekly grid.",
    _hours,
    fields=fields(ZONE, WEEK),
    ports=(Port("open", "within the hours"), Port("closed", "outside the hours")),
)

# -- set and condition --------------------------------------------------------------------------
VARIABLE = Field("variable", VARIABLE_NAME, "which variable", "", required=True)
VALUE: Field[object] = Field("value", scalar(), "its new value", None, required=True)


def _set(node: Node, run: Run) -> Step:
    run.variables[VARIABLE.of(node)] = VALUE.of(node)
    return "next"


SET = Kind("set", "Gives a variable a value.", _set, fields=fields(VARIABLE, VALUE), ports=(NEXT,))

SUBJECT = Field("variable", text(), "which variable", "", required=True)
WANTED: Field[object] = Field("is", scalar(), "the value it is compared with", None, required=True)


def _condition(node: Node, run: Run) -> Step:
    return "yes" if run.variables.get(SUBJECT.of(node)) == WANTED.of(node) else "no"


CONDITION = Kind(
    "condition",
    "Goes one way or the other.",
    _condition,
    fields=fields(SUBJECT, WANTED),
    ports=(Port("yes", "it is"), Port("no", "it is not")),
)

LOGIC = (HOURS, SET, CONDITION)
