"""Agents: what they handled, how long they were in which state, what their calls ended with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

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

HANDLING = (
    "handled",
    "aht",
    "mean_talk",
    "mean_hold",
    "mean_wrap",
    "mean_ring",
    "holds",
    "given_on",
    "missed",
    "rejected",
    "withdrawn",
    "lost",
)
PRESENCE = (
    "signed_in",
    "available",
    "busy",
    "paused",
    "unreachable",
    "occupancy",
    "utilisation",
)
STATES_BY_INTERVAL = ("signed_in", "busy", "occupancy", "utilisation")
CARDS = ("handled", "aht", "missed", "occupancy", "utilisation")
LOOK_BACK = "7 days"  # a spell that began earlier and is no sign-out is not looked for

Sums = dict[str, dict[str, int]]


async def agents(reading: Reading, wanted: Wanted) -> Report:
    figures = HANDLING + PRESENCE
    by_agent = await by_agents(reading, wanted)
    rows: list[Row] = [((agent,), values_of(figures, sums)) for agent, sums in by_agent.items()]
    totals = total(list(by_agent.values()), sums_of(figures))
    earlier = wanted.earlier()
    before: dict[str, Value] | None = None
    if earlier is not None:
        then = total(list((await by_agents(reading, earlier)).values()), sums_of(figures))
        before = dict(zip(CARDS, values_of(CARDS, then), strict=True))
    return Report(
        "agents",
        wanted,
        dict(zip(CARDS, values_of(CARDS, totals), strict=True)),
        [
            Table("agents", ("agent",), figures, rows, values_of(figures, totals)),
            await _states(reading, wanted),
            await _by_intervals(reading, wanted),
        ],
        before,
    )


async def by_agents(reading: Reading, wanted: Wanted) -> Sums:
    """The sums of each agent: of the parts and offers that began, and the states that lay, in the
    period. Queues that are asked for limit the calls, not the states."""
    handling, presence = sums_of(HANDLING), sums_of(PRESENCE)
    found = await _handling(reading, wanted, handling)
    states = await _presence(reading, wanted, presence)
    none = dict.fromkeys((*handling, *presence), 0)
    return {
        agent: none | found.get(agent, {}) | states.get(agent, {})
        for agent in sorted({*found, *states})
    }


async def _handling(reading: Reading, wanted: Wanted, sums: tuple[str, ...]) -> Sums:
    if wanted.period.zone == reading.zone:
        limits, values = wanted.limits()
        rows = await reading.rows(
            f"select agent, {adding(sums, kept=True)} from reports.agent_days"
            f" where day between :first and :last{limits} group by agent",
            first=wanted.period.first,
            last=wanted.period.last,
            **values,
        )
    else:
        where, values = wanted.between()
        rows = await reading.rows(
            f"select agent, {adding(sums)} from reports.facts"
            f" where kind in ('part', 'offer') and {where} group by agent",
            **values,
        )
    counted = {row.agent: as_sums(row, sums) for row in rows}
    return {agent: one for agent, one in counted.items() if any(one.values())}


def _spells(wanted: Wanted) -> tuple[str, dict[str, object]]:
    """Spells cut to the period, as a table `spells` with `spent_ms`."""
    limits, values = wanted.of_agents_alone().limits()
    begins = "round(extract(epoch from greatest(since, :since)) * 1000)"
    ends = "round(extract(epoch from least(coalesce(until, now()), :until)) * 1000)"
    sql = (
        f"select agent, state, reason, since, until, ({ends} - {begins})::bigint as spent_ms"
        " from reports.spells where since < :until and state <> 'offline'"
        f" and since > cast(:since as timestamptz) - interval '{LOOK_BACK}'"
        f" and coalesce(until, now()) > :since{limits}"
    )
    period = {"since": wanted.period.since, "until": wanted.period.until}
    return sql, values | period


async def _presence(reading: Reading, wanted: Wanted, sums: tuple[str, ...]) -> Sums:
    spells, values = _spells(wanted)
    if wanted.period.zone == reading.zone:  # whole days are kept; the spell that goes on is not
        limits, _ = wanted.of_agents_alone().limits()
        spells = (
            "select agent, state, reason, spent_ms from reports.state_days"
            f" where day between :first and :last{limits} union all"
            f" select agent, state, reason, spent_ms from ({spells}) s where until is null"
        )
        values |= {"first": wanted.period.first, "last": wanted.period.last}
    columns = ", ".join(f"coalesce(sum({SUMS[one].sql}), 0)::bigint as {one}" for one in sums)
    rows = await reading.rows(f"select agent, {columns} from ({spells}) t group by agent", **values)
    counted = {row.agent: as_sums(row, sums) for row in rows}
    return {agent: one for agent, one in counted.items() if any(one.values())}


async def _states(reading: Reading, wanted: Wanted) -> Table:
    """Each agent's states with their reasons, and their share of the time signed in."""
    spells, values = _spells(wanted)
    rows = await reading.rows(
        "select agent, state, reason, spent,"
        " spent / nullif(sum(spent) over (partition by agent), 0) as share from"
        " (select agent, state, reason, sum(spent_ms)::float8 / 1000 as spent"
        f" from ({spells}) s group by 1, 2, 3) t where spent > 0 order by agent, state, reason",
        **values,
    )
    made: list[Row] = [((row.agent, row.state, row.reason), (row.spent, row.share)) for row in rows]
    return Table("states", ("agent", "state", "reason"), ("spent", "share_of_time"), made)


async def _by_intervals(reading: Reading, wanted: Wanted) -> Table:
    figures = ("handled", "aht", "missed")
    sums = sums_of(figures)
    edges = wanted.edges()
    limits, values = wanted.limits()
    if reading.by_day(wanted):
        rows = await reading.rows(
            "select width_bucket(day::timestamp at time zone cast(:zone as text),"
            f" cast(:edges as timestamptz[])) as number, {adding(sums, kept=True)}"
            f" from reports.agent_days where day between :first and :last{limits} group by 1",
            zone=wanted.period.zone,
            edges=edges,
            first=wanted.period.first,
            last=wanted.period.last,
            **values,
        )
    else:
        where, values = wanted.between()
        rows = await reading.rows(
            f"select width_bucket(at, cast(:edges as timestamptz[])) as number, {adding(sums)}"
            f" from reports.facts where kind in ('part', 'offer') and {where} group by 1",
            edges=edges,
            **values,
        )
    counted = {row.number: as_sums(row, sums) for row in rows}
    spent = await _states_by_intervals(reading, wanted, edges)
    none = dict.fromkeys((*sums, *sums_of(STATES_BY_INTERVAL)), 0)
    shown = figures + STATES_BY_INTERVAL
    made: list[Row] = [
        (
            (edge.isoformat(),),
            values_of(shown, none | counted.get(number, {}) | spent.get(number, {})),
        )
        for number, edge in enumerate(edges, 1)
    ]
    return Table("intervals", ("interval",), shown, made)


async def _states_by_intervals(
    reading: Reading, wanted: Wanted, edges: Sequence[datetime]
) -> dict[int, dict[str, int]]:
    """The sums of states by number of the interval: spells cut at the borders, each moment rounded,
    so that the pieces of a spell add up to it."""
    spells, values = _spells(wanted)
    sums = sums_of(STATES_BY_INTERVAL)
    columns = ", ".join(f"coalesce(sum({SUMS[one].sql}), 0)::bigint as {one}" for one in sums)
    edge = "(cast(:edges as timestamptz[]))"
    ends = f"round(extract(epoch from least(coalesce(until, now()), :until, {edge}[n + 1])) * 1000)"
    begins = f"round(extract(epoch from greatest(since, {edge}[n])) * 1000)"
    rows = await reading.rows(
        f"select n as number, {columns} from (select n, state, reason,"
        f" ({ends} - {begins})::bigint as spent_ms from ({spells}) s cross join lateral"
        " generate_series(greatest(width_bucket(since, cast(:edges as timestamptz[])), 1),"
        " width_bucket(least(coalesce(until, now()), :until), cast(:edges as timestamptz[]))) n) t"
        " group by 1",
        **(values | {"edges": list(edges)}),
    )
    return {row.number: as_sums(row, sums) for row in rows}


async def dispositions(reading: Reading, wanted: Wanted) -> Report:
    """What agents said of the calls they had."""
    figures = ("handled", "aht", "mean_talk", "mean_wrap")
    sums = sums_of(figures)
    where, values = wanted.between()
    found = await reading.rows(
        f"select disposition, queue, {adding(sums)} from reports.facts"
        f" where kind = 'part' and {where} group by 1, 2 order by handled desc, 1, 2",
        **values,
    )
    counted = [(row.disposition, row.queue, as_sums(row, sums)) for row in found]
    whole: dict[str, list[dict[str, int]]] = {}
    for code, _, one in counted:
        whole.setdefault(code, []).append(one)
    totals = total([one for _, _, one in counted], sums)
    by_code: list[Row] = [
        ((code,), values_of(figures, total(some, sums))) for code, some in whole.items()
    ]
    by_both: list[Row] = [((code, queue), values_of(figures, one)) for code, queue, one in counted]
    summed = values_of(figures, totals)
    return Report(
        "dispositions",
        wanted,
        dict(zip(("handled", "aht"), values_of(("handled", "aht"), totals), strict=True)),
        [
            Table("dispositions", ("disposition",), figures, by_code, summed),
            Table("by-queue", ("disposition", "queue"), figures, by_both),
        ],
    )
