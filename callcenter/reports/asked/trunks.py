"""Trunks: lines taken in and out, what came of those out, and how many were in use at once.

Counts and times belong to when a line was taken; what lines in use are: `lines_in_use`. The most at
once is their highest step, the erlangs are their area.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from callcenter.reports.asking import (
    Reading,
    Report,
    Row,
    Table,
    Value,
    Wanted,
    adding,
    as_sums,
    total,
    values_of,
)
from callcenter.reports.figures import sums_of
from callcenter.reports.lines_in_use import FREE, InUse, Key, in_use, together
from callcenter.reports.metrics import SUMS

COUNTED = (
    "trunk_in",
    "trunk_in_talked",
    "trunk_out",
    "trunk_out_answered",
    "trunk_failed",
    "asr",
    "trunk_in_time",
    "trunk_out_time",
)
IN_USE = ("most_at_once", "lines", "lines_share", "most_at", "erlangs")
OF_LINES = ("lines", "lines_share")  # shown where somebody noted how many there are
# What is looked for first stands first: a table with all of them is wider than a screen.
FIGURES = (
    "trunk_in",
    "trunk_out",
    "trunk_failed",
    "asr",
    *IN_USE,
    "trunk_in_talked",
    "trunk_out_answered",
    "trunk_in_time",
    "trunk_out_time",
)
CARDS = ("trunk_in", "trunk_out", "asr", "most_at_once", "lines_share", "erlangs")
LINES = "select body from public.definitions where kind = 'trunk_lines' and code = 'all'"
Sums = dict[str, int]


async def trunks(reading: Reading, wanted: Wanted) -> Report:
    earlier = wanted.earlier()
    asked = await _ask(reading, wanted)
    return Report(
        "trunks",
        wanted,
        asked.cards(),
        [
            asked.by_trunk(),
            asked.by_interval(),
            await _causes(reading, wanted),
            *asked.by_both(),
        ],
        None if earlier is None else (await _ask(reading, earlier)).cards(),
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """All counts by trunk and interval, and the lines in use; intervals are numbered from 1.
    `lines`: how many there are of a trunk, or (None) of all, as far as it is known."""

    edges: Sequence[datetime]
    until: datetime
    now: datetime
    counts: dict[tuple[str, int], Sums]
    in_use: dict[Key, InUse]
    lines: Mapping[str | None, int]

    @property
    def figures(self) -> tuple[str, ...]:
        return tuple(name for name in FIGURES if self.lines or name not in OF_LINES)

    def names(self) -> list[str]:
        return sorted({trunk for trunk, _ in self.counts} | {t for t, _ in self.in_use if t})

    def _all_the_time(self, trunk: str | None) -> tuple[Value, ...]:
        """Of one trunk, or of all."""
        found = [sums for (name, _), sums in self.counts.items() if trunk in (None, name)]
        stretches = [one for (name, _), one in self.in_use.items() if name == trunk]
        length = min(self.now, self.until) - self.edges[0]
        return self._row(trunk, total(found, sums_of(COUNTED)), together(stretches), length)

    def _one(self, trunk: str | None, number: int, sums: Sums) -> tuple[Value, ...]:
        """In one interval."""
        ends = self.edges[number] if number < len(self.edges) else self.until
        length = min(self.now, ends) - self.edges[number - 1]
        return self._row(trunk, sums, self.in_use.get((trunk, number), FREE), length)

    def _row(
        self, trunk: str | None, sums: Sums, used: InUse, length: timedelta
    ) -> tuple[Value, ...]:
        """`length`: of the stretch of time, as far as it is over."""
        over = length // timedelta(microseconds=1)
        lines = self._lines(trunk)
        values = dict(zip(COUNTED, values_of(COUNTED, sums), strict=True)) | {
            "most_at_once": used.most,
            "lines": lines,
            "lines_share": None if lines is None else used.most / lines,
            "most_at": used.at.timestamp() if used.at is not None and used.most else None,
            "erlangs": used.used / over if over > 0 else None,
        }
        return tuple(values[name] for name in self.figures)

    def _lines(self, trunk: str | None) -> int | None:
        """All together, where nobody said how many these are, have those of the only one."""
        names = self.names()
        if trunk is None and None not in self.lines and len(names) == 1:
            (trunk,) = names
        return self.lines.get(trunk)

    def cards(self) -> dict[str, Value]:
        whole = dict(zip(self.figures, self._all_the_time(None), strict=True))
        shown = CARDS if self._lines(None) is not None else [c for c in CARDS if c not in OF_LINES]
        return {name: whole[name] for name in shown}

    def by_trunk(self) -> Table:
        rows: list[Row] = [((name,), self._all_the_time(name)) for name in self.names()]
        return Table("trunks", ("trunk",), self.figures, rows, self._all_the_time(None))

    def by_interval(self) -> Table:
        """Every interval has a row, also when nobody called."""
        counted = self._by_number()
        rows: list[Row] = [
            ((edge.isoformat(),), self._one(None, number, counted[number]))
            for number, edge in enumerate(self.edges, 1)
        ]
        return Table("intervals", ("interval",), self.figures, rows, self._all_the_time(None))

    def _by_number(self) -> dict[int, Sums]:
        found: dict[int, Sums] = defaultdict(lambda: dict.fromkeys(sums_of(COUNTED), 0))
        for (_, number), sums in self.counts.items():
            for name, value in sums.items():
                found[number][name] += value
        return found

    def by_both(self) -> list[Table]:
        """Where there are several trunks; an interval in which one was not used has no row."""
        names = self.names()
        if len(names) < 2:
            return []
        none = dict.fromkeys(sums_of(COUNTED), 0)
        rows: list[Row] = [
            ((edge.isoformat(), name), self._one(name, number, self.counts.get(key) or none))
            for number, edge in enumerate(self.edges, 1)
            for name in names
            if (key := (name, number)) in self.counts or self.in_use.get(key, FREE).most
        ]
        return [Table("trunk-intervals", ("interval", "trunk"), self.figures, rows)]


async def _ask(reading: Reading, wanted: Wanted) -> _Asked:
    edges, until = wanted.edges(), wanted.period.until
    sums = sums_of(COUNTED)
    where, values = _from_days(reading, wanted)
    if where:
        counted = await reading.rows(
            "select trunk, width_bucket(day::timestamp at time zone cast(:zone as text),"
            f" cast(:edges as timestamptz[])) as number, {adding(sums, kept=True)}"
            f" from {where} group by 1, 2",
            zone=wanted.period.zone,
            edges=edges,
            **values,
        )
    else:
        where, values = wanted.between()
        counted = await reading.rows(
            "select trunk, width_bucket(at, cast(:edges as timestamptz[])) as number,"
            f" {adding(sums, kind='trunk')} from reports.facts where kind = 'trunk' and {where}"
            " group by 1, 2",
            edges=edges,
            **values,
        )
    used = await in_use(reading, wanted, edges, until)
    ((now,),) = await reading.rows("select now()")
    counts = {(row.trunk, row.number): as_sums(row, sums) for row in counted}
    there = {key: one for key, one in counts.items() if any(one.values())}
    return _Asked(edges, until, now, there, used, await _lines(reading))


async def names(reading: Reading) -> list[str]:
    """Trunks that calls came or went by."""
    found = await reading.rows("select distinct trunk from reports.trunk_days where trunk <> ''")
    return sorted(row.trunk for row in found)


async def _lines(reading: Reading) -> dict[str | None, int]:
    """How many there are, as `web.routers.trunk_lines` keeps it."""
    found: dict[str | None, int] = {}
    for (body,) in await reading.rows(LINES):
        found = {one["trunk"]: one["lines"] for one in body["trunks"]}
        if body["together"] is not None:
            found[None] = body["together"]
    return found


def _from_days(reading: Reading, wanted: Wanted) -> tuple[str, dict[str, Any]]:
    """The rows of days that can answer, "" where the facts must: days know no queue or agent."""
    limits, _ = wanted.limits()
    if limits or not reading.by_day(wanted):
        return "", {}
    days = {"first": wanted.period.first, "last": wanted.period.last}
    return "reports.trunk_days where day between :first and :last", days


async def _causes(reading: Reading, wanted: Wanted) -> Table:
    """Calls out that failed, by trunk and cause."""
    failed = ("trunk_failed",)
    where, values = _from_days(reading, wanted)
    if where:
        made = f"{adding(failed, kept=True)} from {where} and trunk_failed > 0"
    else:
        where, values = wanted.between()
        made = (
            f"{adding(failed, kind='trunk')} from reports.facts where kind = 'trunk'"
            f" and ({SUMS['trunk_failed'].sql}) = 1 and {where}"
        )
    found = await reading.rows(
        f"select trunk, outcome, {made} group by 1, 2 order by 3 desc, 1, 2", **values
    )
    rows: list[Row] = [((row.trunk, row.outcome), (row.trunk_failed,)) for row in found]
    return Table("causes", ("trunk", "cause"), failed, rows, (sum(row[1][0] or 0 for row in rows),))
