"""Staffing: calls expected in each interval, and the fewest agents who keep the service level.

Calls come from `reports.forecast`; handling times are those of the same hours of the day; patience
is what the past says of callers who waited (time waited by all ÷ those who gave up, the estimate
for exponential patience). Agents by Erlang A (`acd.erlang`), each interval on its own.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from acd.erlang import Target, Waiting, staff, with_abandonment, without_abandonment
from callcenter.reports.asking import Reading, Report, Row, Table, Value, Wanted
from callcenter.reports.forecast import WEEKS, History
from callcenter.reports.metrics import SUMS
from callcenter.reports.periods import MINUTES, Interval, PeriodWrong, cut, midnight

FIGURES = (
    "calls_expected",
    "aht_expected",
    "agents_needed",
    "agents_planned",
    "agents_over",
    "sl_expected",
    "sl_one_fewer",
    "sl_one_more",
    "wait_expected",
    "abandons_expected",
    "occupancy_expected",
)
HISTORY_WEEKS = 2 * WEEKS
DAYS_MAX = 31
SERVICE_LEVEL = 0.8
AHT_SECONDS = 240.0  # where nobody was served yet
OCCUPANCY_MAX = 0.9
CALLS_MIN = 0.05  # fewer in an interval need nobody
PATIENCE_SECONDS = (10.0, 3600.0)
HOUR_LEAST = 20  # parts of an hour, to have a mean of its own
LOCAL = "at at time zone cast(:zone as text)"


def slot_of(minutes: int) -> str:
    """SQL: which interval of its day a fact belongs to."""
    return f"((extract(hour from {LOCAL}) * 60 + extract(minute from {LOCAL}))::int / {minutes})"


def patience_of(waited: float, gave_up: float) -> float | None:
    """Mean seconds: time waited by all ÷ those who gave up; None: nobody did."""
    low, high = PATIENCE_SECONDS
    return min(max(waited / gave_up, low), high) if gave_up else None


async def staffing(reading: Reading, wanted: Wanted) -> Report:
    if wanted.period.days > DAYS_MAX:
        raise PeriodWrong(f"staffing is planned for at most {DAYS_MAX} days: ask for fewer")
    interval: Interval = wanted.interval if wanted.interval in MINUTES else "30min"
    minutes = MINUTES[interval]
    zone = ZoneInfo(wanted.period.zone)
    (clock,) = await reading.rows("select now() as at")
    today = clock.at.astimezone(zone).date()
    known_until = min(today, wanted.period.first)
    since = midnight(known_until - timedelta(weeks=HISTORY_WEEKS), wanted.period.zone)
    until = midnight(known_until, wanted.period.zone)
    counts, waited, gave_up, within = await _came(reading, wanted, since, until, minutes)
    handling, everybody = await _handling(reading, wanted, since, until)
    history = History(counts)
    patience = patience_of(waited, gave_up)
    target = Target(service_level=SERVICE_LEVEL, within=within, occupancy_max=OCCUPANCY_MAX)
    planned = await _planned(reading, wanted, interval)
    rows: list[Row] = []
    calls_in_all = 0.0
    most = 0
    for number, edge in enumerate(cut(wanted.period, interval), 1):
        local = edge.astimezone(zone)
        slot = (local.hour * 60 + local.minute) // minutes
        calls = history.forecast(local.date(), slot, known_until)
        aht = handling.get(local.hour, everybody)
        waiting = _agents(calls or 0.0, minutes * 60.0, aht, target, patience)
        calls_in_all += calls or 0.0
        most = max(most, waiting.agents if waiting else 0)
        around = _one_fewer_and_more(calls or 0.0, minutes * 60.0, aht, waiting, patience, within)
        there = planned.get(number, 0.0) if planned else None
        rows.append(((edge.isoformat(),), _values(calls, aht, waiting, around, there)))
    error = history.error(known_until)
    cards: dict[str, Value] = {
        "calls_expected": calls_in_all,
        "agents_most": most,
        "forecast_error": error.ours,
        "naive_error": error.naive,
    }
    table = Table("intervals", ("interval",), FIGURES, rows)
    return Report("staffing", wanted, cards, [table])


def _agents(
    calls: float, seconds: float, aht: float, target: Target, patience: float | None
) -> Waiting | None:
    if calls < CALLS_MIN:
        return None
    return staff(calls / seconds, aht, target, patience)


def _one_fewer_and_more(
    calls: float,
    seconds: float,
    aht: float,
    waiting: Waiting | None,
    patience: float | None,
    within: float,
) -> tuple[Value, Value]:
    """The service level if somebody falls ill, and if one more comes."""
    if waiting is None:
        return None, None

    def level(agents: int) -> float:
        rate = calls / seconds
        if patience is None:
            return without_abandonment(agents, rate, aht, within).service_level
        return with_abandonment(agents, rate, aht, patience, within).service_level

    return level(max(waiting.agents - 1, 0)), level(waiting.agents + 1)


def _values(
    calls: float | None,
    aht: float,
    waiting: Waiting | None,
    around: tuple[Value, Value],
    planned: float | None,
) -> tuple[Value, ...]:
    """`planned` None: nobody is planned in the whole period."""
    if waiting is None:
        return (calls, None, 0, planned, planned, *(None,) * (len(FIGURES) - 5))
    return (
        calls,
        aht,
        waiting.agents,
        planned,
        None if planned is None else planned - waiting.agents,
        waiting.service_level,
        *around,
        waiting.mean_wait,
        waiting.probability_of_abandonment,
        waiting.occupancy,
    )


async def _planned(reading: Reading, wanted: Wanted, interval: Interval) -> dict[int, float]:
    """How many are planned to work, on average, by number of the interval. The agents asked for are
    those who serve the queues."""
    edges = cut(wanted.period, interval)
    ends = [*edges[1:], wanted.period.until]
    lengths = [(end - edge).total_seconds() for edge, end in zip(edges, ends, strict=True)]
    agents = " and agent_id = any(cast(:agents as text[]))" if wanted.agents else ""
    edge = "(cast(:edges as timestamptz[]))"
    rows = await reading.rows(
        "select n, sum(extract(epoch from least(ends, :until, "
        f"{edge}[n + 1]) - greatest(begins, {edge}[n])))::float8 as seconds"
        " from shift_spans cross join lateral generate_series("
        " greatest(width_bucket(begins, cast(:edges as timestamptz[])), 1),"
        " width_bucket(least(ends, :until), cast(:edges as timestamptz[]))) n"
        f" where plan = 'work' and begins < :until and ends > :since{agents} group by 1",
        edges=edges,
        since=wanted.period.since,
        until=wanted.period.until,
        **({"agents": list(wanted.agents)} if wanted.agents else {}),
    )
    return {row.n: row.seconds / lengths[row.n - 1] for row in rows}


async def _came(
    reading: Reading, wanted: Wanted, since: datetime, until: datetime, minutes: int
) -> tuple[dict[tuple[date, int], float], float, int, float]:
    """Calls by day and interval; seconds waited by all, how many gave up, the mean target."""
    limits, values = wanted.of_queues_alone().limits()
    found = await reading.rows(
        f"select ({LOCAL})::date as day, {slot_of(minutes)} as slot,"
        f" sum({SUMS['offered'].sql}) as offered,"
        " sum(wait_ms) filter (where not callback) as waited,"
        f" sum({SUMS['abandoned'].sql}) as gave_up, sum(target_ms::bigint) as target,"
        " count(*) as rows from reports.facts where kind = 'line' and not again"
        f" and at >= :since and at < :until{limits} group by 1, 2",
        zone=wanted.period.zone,
        since=since,
        until=until,
        **values,
    )
    counts = {(row.day, int(row.slot)): float(row.offered) for row in found}
    rows = sum(row.rows for row in found)
    within = sum(row.target for row in found) / rows / 1000 if rows else 20.0
    waited = sum(row.waited or 0 for row in found) / 1000
    return counts, float(waited), sum(row.gave_up for row in found), float(within)


async def _handling(
    reading: Reading, wanted: Wanted, since: datetime, until: datetime
) -> tuple[dict[int, float], float]:
    """Mean handling seconds by hour of the day, and of all."""
    limits, values = wanted.of_queues_alone().limits()
    found: list[Any] = await reading.rows(
        f"select extract(hour from {LOCAL})::int as hour,"
        " sum(talk_ms::bigint + hold_ms + wrap_ms) as spent, count(*) as parts"
        " from reports.facts where kind = 'part' and outcome <> 'talking'"
        f" and at >= :since and at < :until{limits} group by 1",
        zone=wanted.period.zone,
        since=since,
        until=until,
        **values,
    )
    parts = sum(row.parts for row in found)
    everybody = sum(int(row.spent) for row in found) / parts / 1000 if parts else AHT_SECONDS
    by_hour = {
        row.hour: int(row.spent) / row.parts / 1000 for row in found if row.parts >= HOUR_LEAST
    }
    return by_hour, max(everybody, 1.0)
