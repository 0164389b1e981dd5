"""Trunks: lines taken in and out, what came of those out, and how many were in use at once.

Counts and times belong to when a line was taken. Lines in use are a step function of time: up where
one is taken, down where it is free, and cut at the beginning of each interval, so that what goes on
from one to the next is in both. Its highest step is the most at once, its area the erlangs. A line
that is still taken lasts until now; one whose end nobody told, a day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

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
IN_USE = ("most_at_once", "most_at", "erlangs")
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
CARDS = ("trunk_in", "trunk_out", "asr", "most_at_once", "erlangs")
# The level and how early it was, in one number: the largest is the most at once, when first. So
# many bits hold the microseconds of any period, the others more lines than anybody has. (All that
# happens at one moment is in the level of each row of that moment: so are the frames of windows.)
MOMENT_BITS = 47
LATEST = (1 << MOMENT_BITS) - 1
SINCE_THEN = "round(date_part('epoch', moment - :since) * 1000000)::bigint"
STILL_TAKEN = "outcome in ('open', 'dialling')"
TAKEN_AT_MOST = "interval '1 day'"
# Lines of the period, each in use from `at` until it is `free`.
TAKEN = f"""
    select *, case when {STILL_TAKEN} then
        greatest(at, least(now(), at + {TAKEN_AT_MOST})) else until end as free
    from reports.facts where kind = 'trunk' and at < :until
      and (until > :since
        or {STILL_TAKEN} and at > cast(:since as timestamptz) - {TAKEN_AT_MOST})"""
STEPS = """
    with taken as ({taken}{limits}), steps as (
        select trunk, greatest(at, :since) as moment, 1 as step from taken where free > :since
        union all
        select trunk, free, -1 from taken where free > :since and free < :until
        union all
        select trunk, edge, 0
        from (select distinct trunk from taken) t, unnest(cast(:edges as timestamptz[])) as edge
    ), levels as (
        select whole, trunk, moment, sum(step) over w as level,
            coalesce(lead(moment) over w, :until) as next,
            width_bucket(moment, cast(:edges as timestamptz[])) as number
        from (
            select false as whole, trunk, moment, step from steps
            union all select true, '', moment, step from steps
        ) s
        window w as (partition by whole, trunk order by moment)
    )
    select whole, trunk, number,
        max((level << {bits}) + {latest} - {since_then}) as top,
        sum(level * round(date_part('epoch', next - moment) * 1000000)::bigint)::bigint as used
    from levels group by whole, trunk, number
"""


@dataclass(frozen=True, slots=True)
class InUse:
    """Lines in use in a stretch of time: the most at once, when first, and microseconds of all."""

    most: int = 0
    at: datetime | None = None
    used: int = 0

    def values(self, length: timedelta) -> tuple[Value, ...]:
        """In the order of IN_USE. `length`: of the stretch, as far as it is over."""
        at = self.at.timestamp() if self.at is not None and self.most else None
        over = length // timedelta(microseconds=1)
        return (self.most, at, self.used / over if over > 0 else None)


FREE = InUse()
Key = tuple[str | None, int]  # the trunk, None for all together; the number of the interval
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
    """All counts by trunk and interval, and the lines in use; intervals are numbered from 1."""

    edges: Sequence[datetime]
    until: datetime
    now: datetime
    counts: dict[tuple[str, int], Sums]
    in_use: dict[Key, InUse]

    def names(self) -> list[str]:
        return sorted({trunk for trunk, _ in self.counts} | {t for t, _ in self.in_use if t})

    def _all_the_time(self, trunk: str | None) -> tuple[Value, ...]:
        """Of one trunk, or of all."""
        found = [sums for (name, _), sums in self.counts.items() if trunk in (None, name)]
        stretches = [one for (name, _), one in self.in_use.items() if name == trunk]
        used = together(stretches).values(min(self.now, self.until) - self.edges[0])
        return in_order(total(found, sums_of(COUNTED)), used)

    def _used(self, trunk: str | None, number: int) -> tuple[Value, ...]:
        """In one interval."""
        ends = self.edges[number] if number < len(self.edges) else self.until
        length = min(self.now, ends) - self.edges[number - 1]
        return self.in_use.get((trunk, number), FREE).values(length)

    def cards(self) -> dict[str, Value]:
        whole = dict(zip(FIGURES, self._all_the_time(None), strict=True))
        return {name: whole[name] for name in CARDS}

    def by_trunk(self) -> Table:
        rows: list[Row] = [((name,), self._all_the_time(name)) for name in self.names()]
        return Table("trunks", ("trunk",), FIGURES, rows, self._all_the_time(None))

    def by_interval(self) -> Table:
        """Every interval has a row, also when nobody called."""
        counted = self._by_number()
        rows: list[Row] = [
            ((edge.isoformat(),), in_order(counted[number], self._used(None, number)))
            for number, edge in enumerate(self.edges, 1)
        ]
        return Table("intervals", ("interval",), FIGURES, rows, self._all_the_time(None))

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
        rows: list[Row] = []
        for number, edge in enumerate(self.edges, 1):
            for name in names:
                used = self.in_use.get((name, number), FREE)
                sums = self.counts.get((name, number))
                if sums is not None or used.most:
                    values = in_order(sums or none, self._used(name, number))
                    rows.append(((edge.isoformat(), name), values))
        return [Table("trunk-intervals", ("interval", "trunk"), FIGURES, rows)]


async def _ask(reading: Reading, wanted: Wanted) -> _Asked:
    edges = wanted.edges()
    sums = sums_of(COUNTED)
    where, values = wanted.between()
    counted = await reading.rows(
        "select trunk, width_bucket(at, cast(:edges as timestamptz[])) as number,"
        f" {adding(sums, kind='trunk')} from reports.facts where kind = 'trunk' and {where}"
        " group by 1, 2",
        edges=edges,
        **values,
    )
    limits, values = wanted.limits()
    used = await reading.rows(
        STEPS.format(
            taken=TAKEN,
            limits=limits,
            bits=MOMENT_BITS,
            latest=LATEST,
            since_then=SINCE_THEN,
        ),
        edges=edges,
        since=wanted.period.since,
        until=wanted.period.until,
        **values,
    )
    ((now,),) = await reading.rows("select now()")
    return _Asked(
        edges,
        wanted.period.until,
        now,
        {(row.trunk, row.number): as_sums(row, sums) for row in counted},
        {
            (None if row.whole else row.trunk, row.number): in_use(
                wanted.period.since, row.top, row.used
            )
            for row in used
        },
    )


def in_use(since: datetime, top: int, used: int) -> InUse:
    """`top` as the query has it: the level and how early."""
    early = timedelta(microseconds=LATEST - (top & LATEST))
    return InUse(top >> MOMENT_BITS, since + early, used)


def in_order(sums: Sums, used: tuple[Value, ...]) -> tuple[Value, ...]:
    """A row: as FIGURES has them."""
    values = dict(zip((*COUNTED, *IN_USE), values_of(COUNTED, sums) + used, strict=True))
    return tuple(values[name] for name in FIGURES)


def together(stretches: Iterable[InUse]) -> InUse:
    """Several stretches of time as one."""
    most, at, used = 0, None, 0
    for one in stretches:
        used += one.used
        if one.most > most or (at is not None and one.at and one.most == most and one.at < at):
            most, at = one.most, one.at
    return InUse(most, at, used)


async def _causes(reading: Reading, wanted: Wanted) -> Table:
    """Calls out that failed, by trunk and cause."""
    where, values = wanted.between()
    found = await reading.rows(
        "select trunk, outcome, count(*) as times from reports.facts"
        f" where kind = 'trunk' and ({SUMS['trunk_failed'].sql}) = 1 and {where}"
        " group by 1, 2 order by 3 desc, 1, 2",
        **values,
    )
    rows: list[Row] = [((row.trunk, row.outcome), (row.times,)) for row in found]
    whole = sum(row.times for row in found)
    return Table("causes", ("trunk", "cause"), ("trunk_failed",), rows, (whole,))
