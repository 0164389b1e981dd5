"""When agents usually work, for a day that nobody has planned: out of the states they were in.

Of the last four same weekdays those count on which anybody worked. An agent is there in a half hour
of the day if he was at work (available or with a call) for most of it on at least half of them. Who
is on leave on the day itself is not known, and who came only lately counts too little: it is said
beside the figures that they are made of usual hours. Seconds from the day's midnight.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from callcenter.reports.asking import Reading
from callcenter.reports.periods import Period, midnight
from callcenter.reports.what_if.people import Spans, merged

WEEKS = 4
SLOT_MINUTES = 30
SLOTS = 24 * 60 // SLOT_MINUTES
MOST = Decimal("0.5")  # of a half hour
AT_WORK = ("available", "offered", "talking", "hold", "wrap-up")
LOOK_BACK = timedelta(days=7)  # who was in one state for longer is not seen

Seen = tuple[str, date, int]  # an agent at work, on a day, in a half hour


def days_before(day: date, today: date) -> list[date]:
    """The last same weekdays that are over."""
    last = min(day, today) - timedelta(days=1)
    last -= timedelta(days=(last.weekday() - day.weekday()) % 7)
    return [last - timedelta(weeks=week) for week in range(WEEKS)]


def usual_of(seen: Iterable[Seen], day: date, zone: str) -> dict[str, Spans]:
    """Who is there when on that day; nobody, if nobody was at work before."""
    on: dict[tuple[str, int], set[date]] = defaultdict(set)
    worked = set()
    for agent, then, slot in seen:
        on[agent, slot].add(then)
        worked.add(then)
    spans: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for (agent, slot), days in on.items():
        if 2 * len(days) >= len(worked):
            spans[agent].append((_seconds(day, slot, zone), _seconds(day, slot + 1, zone)))
    return {agent: merged(some) for agent, some in spans.items()}


def _seconds(day: date, slot: int, zone: str) -> float:
    """From midnight until a half hour begins on the clock of that day."""
    on, minutes = divmod(slot * SLOT_MINUTES, 24 * 60)
    clock = time(minutes // 60, minutes % 60)
    at = datetime.combine(day + timedelta(days=on), clock, ZoneInfo(zone)).astimezone(UTC)
    return (at - Period(day, day, zone).since.astimezone(UTC)).total_seconds()


async def usual_on(reading: Reading, day: date, zone: str) -> dict[str, Spans]:
    (clock,) = await reading.rows("select now() as at")
    days = days_before(day, clock.at.astimezone(ZoneInfo(zone)).date())
    rows = await reading.rows(
        "with slots as (select d as day, n,"
        " (d + n * cast(:length as interval)) at time zone cast(:zone as text) as since,"
        " (d + (n + 1) * cast(:length as interval)) at time zone cast(:zone as text) as until"
        " from unnest(cast(:days as date[])) d, generate_series(0, cast(:last as int)) n)"
        " select p.agent, s.day, s.n from slots s join reports.spells p"
        " on p.since < s.until and coalesce(p.until, now()) > s.since"
        " where p.since >= :first and p.since < :beyond and p.state = any(cast(:states as text[]))"
        " group by p.agent, s.day, s.n, s.since, s.until"
        " having sum(extract(epoch from least(coalesce(p.until, now()), s.until)"
        " - greatest(p.since, s.since)))"
        " >= cast(:most as numeric) * extract(epoch from s.until - s.since)",
        length=timedelta(minutes=SLOT_MINUTES),
        last=SLOTS - 1,
        zone=zone,
        days=days,
        first=midnight(days[-1], zone) - LOOK_BACK,
        beyond=midnight(days[0] + timedelta(days=1), zone),
        states=list(AT_WORK),
        most=MOST,
    )
    return usual_of(((row.agent, row.day, row.n) for row in rows), day, zone)
