"""How many lines of trunks are in use at once, and when: from the facts, or kept by quarter hours.

Lines in use are a step function of time: up where one is taken, down where it is free. `STEPS`
works it out for stretches of time, cut at edges: the most at once (counted at an edge, too, so that
what goes on there is in both sides), the first moment of it, and the time in use of all lines. A
line that is still taken lasts until now; one whose end nobody told, a day.

A year of steps takes long to put in order, so quarters of an hour are kept (`trunk_quarters`): of
several the most is the largest, its moment the earliest, the time their sum, exactly; and every
clock of the world (since 1972) begins its hours and days at one. Who changes facts notes the
quarters of lines that are over (`note`), and what was kept of them goes in the same transaction;
later they are worked out again by the same statement (`keep`), once in a while rather than with
each call. A report asks the facts for what is noted, what open lines reach into, and what queues,
agents or borders within a quarter narrow: so it is the same whether anything is kept or not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from callcenter.reports.asking import Reading, Wanted

QUARTER = timedelta(minutes=15)
AT_ONCE = 16  # quarters that are worked out again in one transaction
SETTLED = timedelta(minutes=1)  # so long more changes of a quarter are waited for

# The level and how early it was, in one number: the largest is the most at once, when first. So
# many bits hold the microseconds of any period, the others more lines than anybody has. (All that
# happens at one moment is in the level of each row of that moment: so are the frames of windows.)
MOMENT_BITS = 47
LATEST = (1 << MOMENT_BITS) - 1
STILL_TAKEN = "outcome in ('open', 'dialling')"
TAKEN_AT_MOST = "interval '1 day'"
LONG = "interval '1 hour'"
_FREE = f"""case when {STILL_TAKEN} then
        greatest(at, least(now(), at + {TAKEN_AT_MOST})) else until end"""


def taken(since: str, until: str, limits: str = "", *, still: bool = True) -> str:
    """SQL: the lines that may be in use between two moments, each until it is `free`. Three kinds,
    as there is an index for each: begun lately, lasting long, and (`still`) still taken."""
    which = limits if still else f"{limits} and not {STILL_TAKEN}"
    lines = f"select *, {_FREE} as free from reports.facts where kind = 'trunk'{which}"
    begun = f"cast({since} as timestamptz)"
    found = f"""{lines} and at >= {begun} - {LONG} and at < {until}
        union all {lines} and until - at > {LONG} and at < {begun} - {LONG} and until > {since}"""
    if still:
        found += f""" union all {lines} and {STILL_TAKEN}
            and at < {begun} - {LONG} and at > {begun} - {TAKEN_AT_MOST}"""
    return found


def _since_then(moment: str) -> str:
    """Microseconds since the beginning of everything that is asked."""
    return f"round(date_part('epoch', {moment} - :since) * 1000000)::bigint"


def _steps(limits: str = "", *, still: bool = True) -> str:
    """By trunk, of all (`whole`), and number of the edge before: `top` (see MOMENT_BITS), `used`
    in microseconds. Asks for since, sinces and untils of stretches, and edges."""
    return f"""
    with stretches as (
        select * from unnest(cast(:sinces as timestamptz[]), cast(:untils as timestamptz[]))
            s(begins, ends)
    ), taken as (
        select begins, ends, trunk, greatest(at, begins) as moment, free
        from stretches cross join lateral ({taken("begins", "ends", limits, still=still)}) t
        where free > begins
    ), steps as (
        select begins, ends, trunk, moment, 1 as step from taken
        union all
        select begins, ends, trunk, free, -1 from taken where free < ends
        union all
        select begins, ends, trunk, edge, 0
        from (select distinct begins, ends, trunk from taken) t
            join unnest(cast(:edges as timestamptz[])) edge on edge >= begins and edge < ends
    ), levels as (
        select whole, trunk, moment, sum(step) over w as level,
            coalesce(lead(moment) over w, ends) as next,
            width_bucket(moment, cast(:edges as timestamptz[])) as number
        from (
            select false as whole, begins, ends, trunk, moment, step from steps
            union all select true, begins, ends, '', moment, step from steps
        ) s
        window w as (partition by whole, begins, trunk order by moment)
    )
    select whole, trunk, number,
        max((level << {MOMENT_BITS}) + {LATEST} - {_since_then("moment")}) as top,
        sum(level * round(date_part('epoch', next - moment) * 1000000)::bigint)::bigint as used
    from levels group by whole, trunk, number
    """


_BIN = "date_bin('15 minutes', {}, timestamptz 'epoch')"
_INSIDE = "interval '1 microsecond', interval '15 minutes'"
KEPT = f"""
    select whole, trunk, width_bucket(quarter, cast(:edges as timestamptz[])) as number,
        max((most::bigint << {MOMENT_BITS}) + {LATEST} - {_since_then("most_at")}) as top,
        sum(used)::bigint as used
    from reports.trunk_quarters
    where quarter >= :since and quarter < :until and not exists (
        select from unnest(cast(:apart as timestamptz[])) one where one = quarter)
    group by 1, 2, 3
"""
# Noted ones, and those that lines reach into which are still taken.
APART = f"""
    select quarter from reports.trunk_news where quarter >= :since and quarter < :until
    union
    select generate_series(greatest({_BIN.format("at")}, :since),
        least(free, :until) - {_INSIDE})
    from (
        select at, {_FREE} as free from reports.facts where kind = 'trunk' and {STILL_TAKEN}
            and at < :until and at > cast(:since as timestamptz) - {TAKEN_AT_MOST}
    ) t where free > :since
    order by 1
"""
NOTE = text(f"""
    with touched as (
        select distinct generate_series({_BIN.format("begins")}, ends - {_INSIDE}) as quarter
        from unnest(cast(:sinces as timestamptz[]), cast(:untils as timestamptz[]))
            s(begins, ends) where ends > begins
    ), noted as (
        insert into reports.trunk_news (quarter) select quarter from touched on conflict do nothing
    )
    delete from reports.trunk_quarters where quarter in (select quarter from touched)
""")
DUE = text(
    "select quarter from reports.trunk_news where noted <= now() - cast(:settled as interval)"
    " order by quarter limit :most"
)
KEEP = text(f"""
    insert into reports.trunk_quarters (quarter, whole, trunk, most, most_at, used)
    select (cast(:edges as timestamptz[]))[number], whole, trunk, top >> {MOMENT_BITS},
        :since + ({LATEST} - (top & {LATEST})) * interval '1 microsecond', used
    from ({_steps(still=False)}) s where used > 0
""")
KEPT_ARE = text("delete from reports.trunk_news where quarter = any(cast(:edges as timestamptz[]))")

Stretch = tuple[datetime, datetime]
Key = tuple[str | None, int]  # the trunk, None for all together; the number of the interval


@dataclass(frozen=True, slots=True)
class InUse:
    """Lines in use in a stretch of time: the most at once, when first, and microseconds of all."""

    most: int = 0
    at: datetime | None = None
    used: int = 0


FREE = InUse()


async def in_use(
    reading: Reading, wanted: Wanted, edges: Sequence[datetime], until: datetime
) -> dict[Key, InUse]:
    """Of each trunk, and of all, from each edge to the next (numbered from 1), the last to `until`.
    What was not in use at all may lack."""
    since = edges[0]
    asked = {"edges": edges, "since": since}
    limits, values = wanted.limits()
    stretches, rows = [(since, until)], []
    if not limits and all(map(_begins_a_quarter, (*edges, until))):
        apart = [one for (one,) in await reading.rows(APART, since=since, until=until)]
        stretches = runs(apart)
        rows += await reading.rows(KEPT, until=until, apart=apart, **asked)
    if stretches:
        values |= _of(stretches)
        rows += await reading.rows(_steps(limits), **asked, **values)
    found: dict[Key, list[InUse]] = defaultdict(list)
    for row in rows:
        early = timedelta(microseconds=LATEST - (row.top & LATEST))
        one = InUse(row.top >> MOMENT_BITS, since + early, row.used)
        found[None if row.whole else row.trunk, row.number].append(one)
    return {key: together(several) for key, several in found.items()}


def together(stretches: Iterable[InUse]) -> InUse:
    """Several stretches of time as one."""
    most, at, used = 0, None, 0
    for one in stretches:
        used += one.used
        if one.most > most or (at is not None and one.at and one.most == most and one.at < at):
            most, at = one.most, one.at
    return InUse(most, at, used)


def runs(quarters: Sequence[datetime]) -> list[Stretch]:
    """Quarters, in order, as stretches: those that touch are one."""
    found: list[Stretch] = []
    for quarter in quarters:
        begins = quarter
        if found and found[-1][1] == quarter:
            begins, _ = found.pop()
        found.append((begins, quarter + QUARTER))
    return found


def _begins_a_quarter(moment: datetime) -> bool:
    utc = moment.astimezone(UTC)
    return (utc.minute % 15, utc.second, utc.microsecond) == (0, 0, 0)


def _of(stretches: Iterable[Stretch]) -> dict[str, list[datetime]]:
    begins, ends = zip(*stretches, strict=True)
    return {"sinces": list(begins), "untils": list(ends)}


# -- keeping them ---------------------------------------------------------------------------------
async def note(connection: AsyncConnection, lines: Sequence[Stretch]) -> None:
    """These lines, which are over, are new in the facts, or gone from them."""
    if lines:
        await connection.execute(NOTE, _of(lines))


async def keep(
    connection: AsyncConnection, settled: timedelta = SETTLED, most: int = AT_ONCE
) -> int:
    """Work out some of the quarters that were noted so long ago; how many are due. `most`: there
    may be more."""
    asked = {"settled": settled, "most": most}
    due = list((await connection.execute(DUE, asked)).scalars())
    if due:
        near = [one for one in due if one - due[0] < timedelta(days=1)]
        values = {"edges": near, "since": near[0], **_of(runs(near))}
        await connection.execute(KEEP, values)
        await connection.execute(KEPT_ARE, {"edges": near})
    return len(due)
