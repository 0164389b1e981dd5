"""What a day's callers are made of, queue by queue: the forecast, or the calls as they came; and
who is planned.

Calls from `reports.forecast` (`logged`: those of the day itself), handling and patience of the last
weeks, needs of skills from the last days. A report must not write, and neither does this.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from math import sqrt
from typing import Any
from zoneinfo import ZoneInfo

from callcenter.reports.asked.staffing import (
    AHT_SECONDS,
    HISTORY_WEEKS,
    HOUR_LEAST,
    LOCAL,
    patience_of,
    slot_of,
)
from callcenter.reports.asking import Reading
from callcenter.reports.forecast import History
from callcenter.reports.metrics import SUMS
from callcenter.reports.periods import MINUTES, Interval, Period, cut, midnight
from callcenter.reports.what_if.people import Spans, merged
from callcenter.reports.what_if.scenario import Callers, Day

NEEDS_DAYS = 28
NEEDS_CALLS = 5000

Slot = tuple[date, int]


async def day_of(
    reading: Reading, day: date, zone: str, interval: Interval, *, logged: bool
) -> Day:
    """The callers of all queues on that day."""
    period = Period(day, day, zone)
    edges = cut(period, interval)
    place = ZoneInfo(zone)
    (clock,) = await reading.rows("select now() as at")
    known_until = min(clock.at.astimezone(place).date(), day)
    since = midnight(known_until - timedelta(weeks=HISTORY_WEEKS), zone)
    past = {"since": since, "until": midnight(known_until, zone), "zone": zone}
    minutes = MINUTES[interval]
    counts = await _counts(reading, past, minutes)
    came = await _came(reading, period, edges) if logged else {}
    handling, ringing = await _handling(reading, past)
    patience = await _patience(reading, past)
    needs = await _needs(reading, known_until, zone)
    callers: dict[str, Callers] = {}
    for queue in sorted(came if logged else counts):
        history = History(counts.get(queue, {}))
        calls, means = [], []
        for number, edge in enumerate(edges):
            local = edge.astimezone(place)
            slot = (local.hour * 60 + local.minute) // minutes
            expected = history.forecast(day, slot, known_until) or 0.0
            calls.append(float(came[queue].get(number, 0)) if logged else expected)
            means.append(handling[queue].of_hour(local.hour))
        callers[queue] = Callers(
            tuple(calls),
            tuple(means),
            handling[queue].spread,
            patience.get(queue),
            needs.get(queue, ((1.0, {}),)),
        )
    begins = period.since
    return Day(
        tuple((edge - begins).total_seconds() for edge in edges),
        (period.until - begins).total_seconds(),
        callers,
        ringing,
    )


async def _counts(reading: Reading, past: Mapping[str, Any], minutes: int) -> dict[str, Any]:
    rows = await reading.rows(
        f"select queue, ({LOCAL})::date as day, {slot_of(minutes)} as slot,"
        f" sum({SUMS['offered'].sql}) as offered"
        " from reports.facts where kind = 'line' and not again"
        " and at >= :since and at < :until group by 1, 2, 3",
        **past,
    )
    counts: dict[str, dict[Slot, float]] = defaultdict(dict)
    for row in rows:
        counts[row.queue][row.day, int(row.slot)] = float(row.offered)
    return dict(counts)


async def _came(
    reading: Reading, period: Period, edges: list[datetime]
) -> dict[str, dict[int, int]]:
    rows = await reading.rows(
        "select queue, width_bucket(at, cast(:edges as timestamptz[])) - 1 as place,"
        f" sum({SUMS['offered'].sql}) as offered from reports.facts"
        " where kind = 'line' and at >= :since and at < :until group by 1, 2",
        edges=edges,
        since=period.since,
        until=period.until,
    )
    came: dict[str, dict[int, int]] = defaultdict(dict)
    for row in rows:
        came[row.queue][row.place] = int(row.offered)
    return dict(came)


class _Handling:
    """Of one queue; what it lacks is the house's."""

    def __init__(self, mean: float, spread: float) -> None:
        self.mean, self.spread = mean, spread
        self.by_hour: dict[int, float] = {}

    def of_hour(self, hour: int) -> float:
        return self.by_hour.get(hour, self.mean)


async def _handling(
    reading: Reading, past: Mapping[str, Any]
) -> tuple[defaultdict[str, _Handling], float]:
    """By queue, and the mean seconds a phone rang that was picked up."""
    rows = await reading.rows(
        f"select queue, extract(hour from {LOCAL})::int as hour, count(*) as parts,"
        " sum(talk_ms::bigint + hold_ms + wrap_ms)::float8 / 1000 as spent,"
        " sum(((talk_ms::bigint + hold_ms + wrap_ms)::float8 / 1000) ^ 2) as squares,"
        " sum(ring_ms::bigint)::float8 / 1000 as rung"
        " from reports.facts where kind = 'part' and outcome <> 'talking'"
        " and at >= :since and at < :until group by 1, 2",
        **past,
    )
    parts = sum(row.parts for row in rows)
    house = max(sum(row.spent for row in rows) / parts, 1.0) if parts else AHT_SECONDS
    found: defaultdict[str, _Handling] = defaultdict(lambda: _Handling(house, 1.0))
    by_queue: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_queue[row.queue].append(row)
    for queue, some in by_queue.items():
        count, spent = sum(r.parts for r in some), sum(r.spent for r in some)
        mean = max(spent / count, 1.0)
        variance = max(sum(r.squares for r in some) / count - mean**2, 0.0)
        found[queue] = _Handling(mean, sqrt(variance) / mean)
        found[queue].by_hour = {
            r.hour: max(r.spent / r.parts, 1.0) for r in some if r.parts >= HOUR_LEAST
        }
    return found, sum(row.rung for row in rows) / parts if parts else 0.0


async def _patience(reading: Reading, past: Mapping[str, Any]) -> dict[str, float]:
    """Time waited by all ÷ those who gave up, by queue; as in the report of staffing."""
    rows = await reading.rows(
        "select queue, sum(wait_ms) filter (where not callback)::float8 / 1000 as waited,"
        f" sum({SUMS['abandoned'].sql}) as gave_up"
        " from reports.facts where kind = 'line' and not again"
        " and at >= :since and at < :until group by 1",
        since=past["since"],
        until=past["until"],
    )
    found = {row.queue: patience_of(row.waited or 0.0, row.gave_up) for row in rows}
    return {queue: seconds for queue, seconds in found.items() if seconds is not None}


async def _needs(
    reading: Reading, until: date, zone: str
) -> dict[str, tuple[tuple[float, Mapping[str, int]], ...]]:
    """Which skills the latest callers of a queue needed, most usual first."""
    rows = await reading.rows(
        "with lately as (select distinct call from (select call from reports.facts"
        " where kind = 'line' and at >= :since and at < :until"
        f" order by at desc limit {NEEDS_CALLS}) f)"
        " select data ->> 'queue' as queue, coalesce(data -> 'skills', '{}'::jsonb) as skills,"
        " count(*) as calls from lately join interaction_events using (call)"
        " where kind = 'queued' group by 1, 2 order by calls desc, 2",
        since=midnight(until - timedelta(days=NEEDS_DAYS), zone),
        until=midnight(until + timedelta(days=1), zone),
    )
    by_queue: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_queue[row.queue or ""].append(row)
    found: dict[str, tuple[tuple[float, Mapping[str, int]], ...]] = {}
    for queue, some in by_queue.items():
        calls = sum(row.calls for row in some)
        found[queue] = tuple(
            (row.calls / calls, {str(k): int(v) for k, v in row.skills.items()}) for row in some
        )
    return found


async def planned_on(reading: Reading, day: date, zone: str) -> dict[str, Spans]:
    """When agents are planned to work, breaks not included; seconds from the day's midnight."""
    period = Period(day, day, zone)
    rows = await reading.rows(
        "select agent_id, greatest(begins, :since) as begins, least(ends, :until) as ends"
        " from shift_spans where plan = 'work' and begins < :until and ends > :since",
        since=period.since,
        until=period.until,
    )
    spans: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in rows:
        spans[row.agent_id].append(
            (
                (row.begins - period.since).total_seconds(),
                (row.ends - period.since).total_seconds(),
            )
        )
    return {agent: merged(some) for agent, some in spans.items()}
