"""Every figure of the reports, defined once: its formula, and what it means in both languages.

A *sum* adds up a whole number over facts of one kind (`reports.facts`); the tables of days hold
sums and nothing else, so that a figure of a year is the same as that of its calls. A *figure* is a
sum, or one sum of sums divided by another. The SQL of the reports, the interactions behind a
number, the tooltips of the console and docs/metrics.md are all made from here.

Formulas are those of the field: service level under its four usual denominators, each by name; ASA
over answered calls alone; AHT of talk, hold and wrap-up; occupancy of the time signed in and not
paused. This file must not know the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

SHORT_ABANDON_SECONDS = 5

Kind = Literal["line", "part", "offer", "call", "trunk", "state", "plan"]
Unit = Literal["count", "seconds", "share", "ratio", "moment"]


@dataclass(frozen=True, slots=True)
class Sum:
    """`sql`: what one fact adds, a whole number; of milliseconds where the name ends in _ms."""

    name: str
    kind: Kind
    sql: str


_FIRST = "not again and outcome <> 'returned'"
_ANSWERED = "outcome = 'answered' and not again"
_ABANDONED = "outcome = 'abandoned' and not again"
_SENT_ON = "('overflowed', 'moved', 'diverted')"
_SHORT = f"wait_ms <= {SHORT_ABANDON_SECONDS * 1000}"
_OVER = "outcome <> 'talking'"
_OUT_ANSWERED = "outward and outcome in ('answered', 'open')"


_WORK = "plan = 'work'"
_KEPT = (
    "plan = 'work' and doing in ('work', 'call')"
    " or plan = 'break' and place <> 'missed' and doing in ('paused', 'away', 'call')"
)


def _count(condition: str) -> str:
    return f"({condition})::int"


def _ms(column: str, condition: str) -> str:
    return f"case when {condition} then {column} else 0 end"


SUMS: Mapping[str, Sum] = {
    one.name: one
    for one in (
        Sum("offered", "line", _count(_FIRST)),
        Sum("answered", "line", _count(_ANSWERED)),
        Sum("in_target", "line", _count(f"{_ANSWERED} and wait_ms <= target_ms")),
        Sum("abandoned", "line", _count(_ABANDONED)),
        Sum("abandoned_late", "line", _count(f"{_ABANDONED} and wait_ms > target_ms")),
        Sum("abandoned_short", "line", _count(f"{_ABANDONED} and {_SHORT}")),
        Sum("diverted", "line", _count(f"outcome in {_SENT_ON} and not again")),
        Sum("waiting", "line", _count("outcome = 'waiting' and not again")),
        Sum("given_in", "line", _count("again")),
        Sum("by_callback", "line", _count(f"callback and {_ANSWERED}")),
        Sum("wait_answered_ms", "line", _ms("wait_ms", _ANSWERED)),
        Sum("wait_abandoned_ms", "line", _ms("wait_ms", _ABANDONED)),
        Sum("handled", "part", _count(_OVER)),
        Sum("talk_ms", "part", _ms("talk_ms", _OVER)),
        Sum("hold_ms", "part", _ms("hold_ms", _OVER)),
        Sum("consult_ms", "part", _ms("consult_ms", _OVER)),
        Sum("wrap_ms", "part", _ms("wrap_ms", _OVER)),
        Sum("ring_ms", "part", "ring_ms"),
        Sum("holds", "part", "holds"),
        Sum("given_on", "part", _count("outcome = 'given-on'")),
        Sum("lost", "part", _count("outcome = 'lost'")),
        Sum("missed", "offer", _count("outcome = 'no-answer'")),
        Sum("rejected", "offer", _count("outcome = 'rejected'")),
        Sum("withdrawn", "offer", _count("outcome in ('withdrawn', 'failed')")),
        Sum("calls", "call", "1"),
        Sum("calls_answered", "call", _count("outcome = 'answered'")),
        Sum("calls_abandoned", "call", _count("outcome = 'abandoned'")),
        Sum("calls_served", "call", _count("outcome = 'ivr'")),
        Sum("calls_diverted", "call", _count("outcome in ('diverted', 'callback')")),
        Sum("talked_ms", "call", "talk_ms"),
        Sum("trunk_in", "trunk", _count("not outward")),
        Sum("trunk_in_talked", "trunk", _count("not outward and outcome = 'answered'")),
        Sum("trunk_out", "trunk", _count("outward")),
        Sum("trunk_out_answered", "trunk", _count(_OUT_ANSWERED)),
        Sum(
            "trunk_failed",
            "trunk",
            _count("outward and outcome not in ('answered', 'open', 'dialling')"),
        ),
        Sum("trunk_in_ms", "trunk", _ms("talk_ms", "not outward")),
        Sum("trunk_out_ms", "trunk", _ms("talk_ms", "outward")),
        Sum("signed_in_ms", "state", _ms("spent_ms", "state <> 'offline'")),
        Sum("available_ms", "state", _ms("spent_ms", "state = 'available'")),
        Sum(
            "busy_ms",
            "state",
            _ms("spent_ms", "state in ('offered', 'talking', 'hold', 'wrap-up')"),
        ),
        Sum("talking_ms", "state", _ms("spent_ms", "state = 'talking'")),
        Sum("holding_ms", "state", _ms("spent_ms", "state = 'hold'")),
        Sum("writing_ms", "state", _ms("spent_ms", "state = 'wrap-up'")),
        Sum("paused_ms", "state", _ms("spent_ms", "state = 'paused'")),
        Sum("unreachable_ms", "state", _ms("spent_ms", "state = 'unreachable'")),
        Sum("planned_ms", "plan", _ms("spent_ms", _WORK)),
        Sum("planned_break_ms", "plan", _ms("spent_ms", "plan = 'break'")),
        Sum("kept_ms", "plan", _ms("spent_ms", _KEPT)),
        Sum("late_ms", "plan", _ms("spent_ms", f"{_WORK} and place = 'before'")),
        Sum("left_early_ms", "plan", _ms("spent_ms", f"{_WORK} and place = 'after'")),
        Sum("absent_ms", "plan", _ms("spent_ms", f"{_WORK} and place = 'never'")),
        Sum("unplanned_break_ms", "plan", _ms("spent_ms", f"{_WORK} and doing = 'paused'")),
        Sum(
            "away_ms",
            "plan",
            _ms("spent_ms", f"{_WORK} and doing = 'away' and place = 'within'"),
        ),
        Sum("break_worked_ms", "plan", _ms("spent_ms", "plan = 'break' and doing = 'work'")),
        Sum("break_missed_ms", "plan", _ms("spent_ms", "plan = 'break' and place = 'missed'")),
    )
}


@dataclass(frozen=True, slots=True)
class Figure:
    """`top` over `below`, each sums with their signs; without `below` the sum itself. `behind`:
    what is listed for it, a name of `behind.LISTED` (another or "": nothing is). `better`: which
    way is good, for colours. `full`: from this value on nothing is left of what is shared."""

    name: str
    unit: Unit
    top: Mapping[str, int]
    below: Mapping[str, int]
    behind: str
    title: tuple[str, str]
    text: tuple[str, str]
    better: Literal["up", "down", ""] = ""
    full: float | None = None

    @property
    def sums(self) -> tuple[str, ...]:
        """The sums it is made of."""
        return (*self.top, *(name for name in self.below if name not in self.top))

    def value(self, sums: Mapping[str, int]) -> float | None:
        """The figure from its sums; None: there is nothing to divide by."""
        top = sum(sign * sums[name] for name, sign in self.top.items())
        if self.unit == "seconds":
            top_value = top / 1000
        else:
            top_value = top
        if not self.below:
            return top_value
        below = sum(sign * sums[name] for name, sign in self.below.items())
        return top_value / below if below else None


def kept_by_day(kind: Kind) -> tuple[str, ...]:
    """The sums of a kind, in the order of the tables of days."""
    return tuple(name for name, one in SUMS.items() if one.kind == kind)
