"""Queues: their day by interval, the four service levels, waits of the answered and of those who
left, and the week by hour.
"""

from __future__ import annotations

from collections.abc import Sequence

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

FIGURES = (
    "offered",
    "answered",
    "in_target",
    "abandoned",
    "abandon_rate",
    "diverted",
    "waiting",
    "sl_offered",
    "asa",
    "wait_abandoned",
    "given_in",
    "by_callback",
)
LEVELS = (
    "offered",
    "answered",
    "in_target",
    "abandoned",
    "abandoned_late",
    "abandoned_short",
    "sl_offered",
    "sl_answered",
    "sl_late_abandons",
    "sl_without_short",
)
CARDS = ("offered", "answered", "abandon_rate", "sl_offered", "asa")
ABANDONS = (
    "offered",
    "abandoned",
    "abandon_rate",
    "abandoned_short",
    "abandoned_late",
    "wait_abandoned",
)
WAITS = ("wait_p50", "wait_p90", "wait_max")
PERCENTILE_DAYS_MAX = 93  # beyond, percentiles are left to the report of service levels
BUCKETS = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600)


async def queues(reading: Reading, wanted: Wanted) -> Report:
    by_queue = await by_queues(reading, wanted, FIGURES)
    waits: dict[str | None, tuple[Value, ...]] = {}
    figures: tuple[str, ...] = FIGURES
    if wanted.period.days <= PERCENTILE_DAYS_MAX:
        waits = await _waits(reading, wanted)
        figures += WAITS
    none = (None,) * (len(figures) - len(FIGURES))
    rows: list[Row] = [
        ((queue,), values_of(FIGURES, sums) + (waits.get(queue) or none))
        for queue, sums in by_queue.items()
    ]
    names = sums_of(FIGURES)
    totals = total(list(by_queue.values()), names)
    whole = values_of(FIGURES, totals) + (waits.get(None) or none)
    return Report(
        "queues",
        wanted,
        dict(zip(CARDS, values_of(CARDS, totals), strict=True)),
        [
            Table("queues", ("queue",), figures, rows, whole),
            await by_intervals(reading, wanted, FIGURES, totals),
        ],
        await _cards(reading, wanted.earlier()),
    )


async def service_level(reading: Reading, wanted: Wanted) -> Report:
    by_queue = await by_queues(reading, wanted, LEVELS)
    totals = total(list(by_queue.values()), sums_of(LEVELS))
    cards = ("sl_offered", "sl_answered", "sl_late_abandons", "sl_without_short")
    rows: list[Row] = [((queue,), values_of(LEVELS, sums)) for queue, sums in by_queue.items()]
    waits = await _waits(reading, wanted)
    waited: list[Row] = [((queue,), values) for queue, values in waits.items() if queue is not None]
    earlier = wanted.earlier()
    return Report(
        "service-level",
        wanted,
        dict(zip(cards, values_of(cards, totals), strict=True)),
        [
            Table("levels", ("queue",), LEVELS, rows, values_of(LEVELS, totals)),
            await _buckets(reading, wanted, "answered"),
            Table("waits", ("queue",), WAITS, waited, waits.get(None)),
            await by_intervals(reading, wanted, LEVELS, totals),
        ],
        None if earlier is None else await _cards(reading, earlier, cards),
    )


async def abandons(reading: Reading, wanted: Wanted) -> Report:
    figures = ABANDONS
    by_queue = await by_queues(reading, wanted, figures)
    totals = total(list(by_queue.values()), sums_of(figures))
    rows: list[Row] = [((queue,), values_of(figures, sums)) for queue, sums in by_queue.items()]
    cards = ("abandoned", "abandon_rate", "abandoned_short", "wait_abandoned")
    return Report(
        "abandons",
        wanted,
        dict(zip(cards, values_of(cards, totals), strict=True)),
        [
            await _buckets(reading, wanted, "abandoned"),
            Table("queues", ("queue",), figures, rows, values_of(figures, totals)),
            await by_intervals(reading, wanted, figures, totals),
        ],
        await _cards(reading, wanted.earlier(), cards),
    )


async def hours(reading: Reading, wanted: Wanted) -> Report:
    """Weekday (1 is Monday) by hour of the clock on the wall."""
    figures = ("offered", "answered", "abandoned", "abandon_rate", "sl_offered", "asa")
    sums = sums_of(figures)
    where, values = wanted.between()
    local = "at at time zone cast(:zone as text)"
    found = await reading.rows(
        f"select extract(isodow from {local})::int as weekday, extract(hour from {local})::int"
        f" as hour, {adding(sums, kind='line')} from reports.facts where kind = 'line' and {where}"
        " group by 1, 2 order by 1, 2",
        zone=wanted.period.zone,
        **values,
    )
    rows: list[Row] = [
        ((str(row.weekday), str(row.hour)), values_of(figures, as_sums(row, sums))) for row in found
    ]
    totals = total([as_sums(row, sums) for row in found], sums)
    cards = ("offered", "abandon_rate", "sl_offered", "asa")
    table = Table("hours", ("weekday", "hour"), figures, rows, values_of(figures, totals))
    return Report(
        "hours",
        wanted,
        dict(zip(cards, values_of(cards, totals), strict=True)),
        [table],
        await _cards(reading, wanted.earlier(), cards),
    )


# -- parts of these -------------------------------------------------------------------------------
async def by_queues(
    reading: Reading, wanted: Wanted, figures: Sequence[str]
) -> dict[str, dict[str, int]]:
    sums = sums_of(tuple(figures))
    if wanted.period.zone == reading.zone and not wanted.agents:
        limits, values = wanted.limits()
        found = await reading.rows(
            f"select queue, {adding(sums, kept=True)} from reports.queue_days"
            f" where day between :first and :last{limits} group by queue order by queue",
            first=wanted.period.first,
            last=wanted.period.last,
            **values,
        )
    else:
        where, values = wanted.between()
        found = await reading.rows(
            f"select queue, {adding(sums, kind='line')} from reports.facts"
            f" where kind = 'line' and {where} group by queue order by queue",
            **values,
        )
    counted = {row.queue: as_sums(row, sums) for row in found}
    return {queue: one for queue, one in counted.items() if any(one.values())}


async def by_intervals(
    reading: Reading, wanted: Wanted, figures: tuple[str, ...], totals: dict[str, int]
) -> Table:
    """Every interval has a row, also when nobody called."""
    sums = sums_of(figures)
    edges = wanted.edges()
    if reading.by_day(wanted) and not wanted.agents:  # days know queues alone
        limits, values = wanted.limits()
        found = await reading.rows(
            f"select width_bucket(day::timestamp at time zone cast(:zone as text),"
            f" cast(:edges as timestamptz[])) as number, {adding(sums, kept=True)}"
            f" from reports.queue_days where day between :first and :last{limits} group by 1",
            zone=wanted.period.zone,
            edges=edges,
            first=wanted.period.first,
            last=wanted.period.last,
            **values,
        )
    else:
        where, values = wanted.between()
        found = await reading.rows(
            "select width_bucket(at, cast(:edges as timestamptz[])) as number,"
            f" {adding(sums, kind='line')}"
            f" from reports.facts where kind = 'line' and {where} group by 1",
            edges=edges,
            **values,
        )
    counted = {row.number: as_sums(row, sums) for row in found}
    none = dict.fromkeys(sums, 0)
    rows: list[Row] = [
        ((edge.isoformat(),), values_of(figures, counted.get(number, none)))
        for number, edge in enumerate(edges, 1)
    ]
    return Table("intervals", ("interval",), figures, rows, values_of(figures, totals))


async def _cards(
    reading: Reading, wanted: Wanted | None, cards: tuple[str, ...] = CARDS
) -> dict[str, Value] | None:
    if wanted is None:
        return None
    by_queue = await by_queues(reading, wanted, cards)
    totals = total(list(by_queue.values()), sums_of(cards))
    return dict(zip(cards, values_of(cards, totals), strict=True))


async def _waits(reading: Reading, wanted: Wanted) -> dict[str | None, tuple[Value, ...]]:
    """Percentiles by queue, and (None) of all together."""
    where, values = wanted.between()
    found = await reading.rows(
        "select case when grouping(queue) = 1 then null else queue end as queue,"
        " percentile_disc(array[0.5, 0.9]) within group (order by wait_ms) as waits,"
        f" max(wait_ms) as longest from reports.facts where {where} and kind = 'line'"
        f" and ({SUMS['answered'].sql}) = 1 group by grouping sets ((queue), ())"
        " order by 1",
        **values,
    )
    return {
        row.queue: (row.waits[0] / 1000, row.waits[1] / 1000, row.longest / 1000)
        for row in found
        if row.waits is not None
    }


async def _buckets(reading: Reading, wanted: Wanted, what: str) -> Table:
    """How many were answered, or gave up, after a wait of so many seconds; the key is the upper
    end, included; the last has none."""
    where, values = wanted.between()
    found = await reading.rows(
        f"select width_bucket(wait_ms - 1, cast(:edges as integer[])) as number, count(*) as times"
        f" from reports.facts where {where} and kind = 'line' and ({SUMS[what].sql}) = 1"
        " group by 1",
        edges=[second * 1000 for second in BUCKETS],
        **values,
    )
    counted = {row.number: row.times for row in found}
    everybody = sum(counted.values())
    rows: list[Row] = []
    so_far = 0
    for number, upper in enumerate((*BUCKETS, None)):
        times = counted.get(number, 0)
        so_far += times
        share = so_far / everybody if everybody else None
        rows.append((("" if upper is None else str(upper),), (times, share)))
    return Table("waited", ("bucket",), (what, f"{what}_by_then"), rows, (everybody, None))
