"""The rows behind a number: those that made it, by the condition of its definition.

A row is what the number counts: a stay in a queue, a part, an offer, a call, a line of a trunk, a
way through a menu, a score. So there are exactly as many as the number says; a caller who came to a
queue twice in one call is there twice. Behind a share stand the rows on top of it, behind a mean
all that it is of, behind the most lines in use at once those that were in use at that moment.
Tickets and callbacks are no calls: their own lists show them. What only lasts (states, plans) has
nothing behind it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from callcenter.reports.asked.customers import KNOWN_NUMBER
from callcenter.reports.asking import Reading, Side, Wanted, figure_of
from callcenter.reports.lines_in_use import FREE, in_use, taken
from callcenter.reports.measures import RETURN_DAYS
from callcenter.reports.metrics import SUMS
from callcenter.store.counted import CALLBACKS, TICKETS

PAGE_MAX = 200
OF_TRUNK = "trunk = :trunk"
SPAN = f"interval '{RETURN_DAYS} days'"
Place = tuple[datetime, str, int]

_FACTS = "reports.facts one"
_WAYS = (
    "(select started_at as at, call, sequence as leg, '' as queue, '' as agent, flow, ended,"
    " array_to_string(nodes, ' › ') as way, contained from journeys) one"
)
_SCORES = (
    "(select at, call, sequence as leg, coalesce(queue, '') as queue,"
    " coalesce(agent, '') as agent, question, score from survey_answers) one"
)
_AT_THE_PEAK = f"""(
    select * from ({taken(":moment", "cast(:moment as timestamptz) + interval '1 microsecond'")}) t
    where free > :moment) one"""
_OF_NUMBER = "select 1 from reports.facts e where e.kind = 'call' and e.number = one.number"


class NothingBehind(ValueError):
    """There is no figure of that name, or it has no calls, or none that are told apart so."""


@dataclass(frozen=True, slots=True)
class Within:
    """What narrows a number to a row of its table or a cell of a map; None: it does not. `weekday`:
    1 is Monday; it and `hour` are on the clock of `zone`. Waits are seconds: longer than `over`,
    at most `upto`. Texts are keys of the report, "" is one of them (no disposition)."""

    disposition: str | None = None
    number: str | None = None
    weekday: int | None = None
    hour: int | None = None
    zone: str = "UTC"
    over: int | None = None
    upto: int | None = None
    flow: str | None = None
    ended: str | None = None
    way: str | None = None
    question: str | None = None
    trunk: str | None = None
    cause: str | None = None

    def conditions(self) -> Mapping[str, tuple[str, int | str | None]]:
        """By what is asked: the SQL, and its value."""
        local = "at at time zone cast(:zone as text)"
        same = {key: f"{key} = :{key}" for key in ("flow", "ended", "way", "question")}
        return {
            "disposition": ("disposition = :disposition", self.disposition),
            "number": ("number = :number", self.number),
            "weekday": (f"extract(isodow from {local}) = :weekday", self.weekday),
            "hour": (f"extract(hour from {local}) = :hour", self.hour),
            "over": ("wait_ms > :over * 1000", self.over),
            "upto": ("wait_ms <= :upto * 1000", self.upto),
            "flow": (same["flow"], self.flow),
            "ended": (same["ended"], self.ended),
            "way": (same["way"], self.way),
            "question": (same["question"], self.question),
            "trunk": (OF_TRUNK, self.trunk),
            "cause": ("outcome = :cause", self.cause),
        }


EVERYTHING_OF_IT = Within()
_IN_FACTS = frozenset(
    {"disposition", "number", "weekday", "hour", "over", "upto", "trunk", "cause"}
)


@dataclass(frozen=True, slots=True)
class Source:
    """`rows`: what is read, as `one`; `times`: how much a row adds to the number; `keys`: what of
    `Within` it knows. `border`: the condition that goes around limits on queue and agent; `span`:
    that of the time."""

    rows: str
    condition: str
    times: str
    side: Side
    keys: frozenset[str] = _IN_FACTS
    border: str = ""
    span: str = "at >= :since and at < :until"


def _side(kind: str) -> Side:
    """As the report has it that shows the figure, where nobody says which one that is."""
    return "queue" if kind == "line" else "agent" if kind in ("part", "offer") else "either"


def _call(condition: str) -> Source:
    return Source(_FACTS, f"kind = 'call' and {KNOWN_NUMBER} and {condition}", "1", "either")


_IN_WAYS = frozenset({"flow", "ended", "way"})
_OF_CALL = "exists (select 1 from reports.facts f where f.call = one.call{limits})"

SOURCES: Mapping[str, Source] = {
    name: Source(_FACTS, f"kind = '{one.kind}' and ({one.sql}) <> 0", one.sql, _side(one.kind))
    for name, one in SUMS.items()
    if one.kind in ("line", "part", "offer", "call", "trunk") and not name.endswith("_ms")
} | {
    "repeat_calls": _call(
        f"exists ({_OF_NUMBER} and (e.at, e.call) < (one.at, one.call) and e.at > one.at - {SPAN})"
    ),
    "first_contact": _call(
        f"outcome = 'answered' and not exists ({_OF_NUMBER}"
        f" and (e.at, e.call) > (one.at, one.call) and e.at <= one.at + {SPAN})"
    ),
    "journeys": Source(_WAYS, "true", "1", "either", _IN_WAYS, _OF_CALL),
    "contained": Source(_WAYS, "contained", "1", "either", _IN_WAYS, _OF_CALL),
    "most_at_once": Source(_AT_THE_PEAK, "true", "1", "either", frozenset({"trunk"}), span="true"),
    "answers": Source(_SCORES, "true", "1", "either", frozenset({"question"})),
    "satisfied": Source(_SCORES, "score >= 4", "1", "either", frozenset({"question"})),
}


LISTED = frozenset((*SOURCES, *TICKETS, *CALLBACKS))
"""What something can be listed behind, here or in the list of tickets or callbacks."""


@dataclass(frozen=True, slots=True)
class Row:
    """`times`: how often it is in the number (a part with two holds is two holds)."""

    at: datetime
    call: str
    leg: int
    queue: str
    agent: str
    times: int

    @property
    def place(self) -> Place:
        return self.at, self.call, self.leg


@dataclass(frozen=True, slots=True)
class Behind:
    """`title`: of what is listed, in English and Chinese. `number`: what the rows make, all of
    them together; `calls`: different ones."""

    title: tuple[str, str]
    number: int
    calls: int
    rows: list[Row]


def source_of(figure: str) -> tuple[str, Source]:
    """The rows behind the figure, and their name. Raises NothingBehind."""
    try:
        name = figure_of(figure).behind
        return name, SOURCES[name]
    except KeyError:
        raise NothingBehind(figure) from None


async def calls_behind(
    reading: Reading,
    wanted: Wanted,
    figure: str,
    since: datetime,
    until: datetime,
    *,
    limit: int,
    after: Place | None = None,
    within: Within = EVERYTHING_OF_IT,
    side: Literal["queue", "agent", "either", ""] = "",
) -> Behind:
    """Newest first. `side`: by whose border the report is narrowed that shows the number; "": as is
    usual for the figure. Raises NothingBehind."""
    name, source = source_of(figure)
    wanted = wanted.seen_by(side or source.side)
    where, values = _where(wanted, source, within)
    values |= {"since": since, "until": until}
    if name == "most_at_once":
        most = (await in_use(reading, wanted, [since], until)).get((within.trunk, 1), FREE)
        values["moment"] = most.at or since
    (whole,) = await reading.rows(
        f"select coalesce(sum({source.times}), 0)::bigint as number,"
        f" count(distinct call) as calls from {source.rows} where {where}",
        **values,
    )
    if after is not None:
        where += " and (at, call, leg) < (:at, :call, :leg)"
        values |= dict(zip(("at", "call", "leg"), after, strict=True))
    rows = await reading.rows(
        f"select at, call, leg, queue, agent, ({source.times}) as times from {source.rows}"
        f" where {where} order by at desc, call desc, leg desc limit :most",
        most=limit,
        **values,
    )
    found = [Row(r.at, r.call, int(r.leg), r.queue, r.agent, int(r.times)) for r in rows]
    return Behind(figure_of(name).title, int(whole.number), int(whole.calls), found)


def _where(wanted: Wanted, source: Source, within: Within) -> tuple[str, dict[str, Any]]:
    limits, values = wanted.limits()
    if source.border and limits:
        limits = f" and {source.border.format(limits=limits)}"
    where = f"{source.condition} and {source.span}{limits}"
    for key, (sql, value) in within.conditions().items():
        if value is None:
            continue
        if key not in source.keys:
            raise NothingBehind(key)
        where += f" and {sql}"
        values[key] = value
        if ":zone" in sql:
            values["zone"] = within.zone
    return where, values
