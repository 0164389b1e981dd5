"""The last hour of each queue, minute by minute, for the small pictures of the live page.

From the same facts as the reports, so that the minutes add up to what these say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from callcenter.reports.asking import Reading, Scope, Wanted
from callcenter.reports.metrics import SUMS
from callcenter.reports.periods import Period

MINUTES = 60


async def offered_by_minute(
    reading: Reading, scope: Scope, until: datetime
) -> Mapping[str, Sequence[int]]:
    """By queue: how many were offered in each of the minutes before `until`, the oldest first.
    Queues that nobody came to are not in it."""
    today = until.astimezone(UTC).date()
    wanted = Wanted(Period(today, today, "UTC"), scope=scope).seen_by("queue")
    limits, values = wanted.limits()
    rows = await reading.rows(
        "select queue, floor(extract(epoch from at - cast(:since as timestamptz)) / 60)::int as"
        f" minute, sum({SUMS['offered'].sql})::int as offered from reports.facts"
        f" where kind = 'line' and at >= :since and at < :until{limits} group by 1, 2",
        since=until - timedelta(minutes=MINUTES),
        until=until,
        **values,
    )
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(row.queue, [0] * MINUTES)[row.minute] = row.offered
    return found
