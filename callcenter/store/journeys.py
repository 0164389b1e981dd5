"""How callers went through a flow, from the hourly counts that the ledger keeps.

A few hundred rows, however many calls there were; so times are as exact as an hour.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, String, cast, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.store.engine import make_sessions
from callcenter.store.tables import JourneyCount

SERVED = "served"
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class NodeCounts:
    """`entered` counts visits, `callers` journeys; `dropped`: callers who hung up here."""

    entered: int = 0
    callers: int = 0
    dropped: int = 0
    left_by: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DayCounts:
    """`day` (YYYY-MM-DD) at the place that was asked for; `served`: without an agent."""

    day: str
    calls: int
    served: int

    @property
    def containment(self) -> float | None:
        return self.served / self.calls if self.calls else None


@dataclass(frozen=True, slots=True)
class JourneyCounts:
    """As `ivr.analytics.PathFigures`, over a stretch of time."""

    calls: int
    ends: Mapping[str, int]
    nodes: Mapping[str, NodeCounts]
    days: tuple[DayCounts, ...]

    @property
    def containment(self) -> float | None:
        return self.ends.get(SERVED, 0) / self.calls if self.calls else None


class Journeys:
    """Reads; the ledger writes."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._sessions = make_sessions(engine)

    async def counts(
        self, flow: str, since: datetime, until: datetime, *, version: int | None, zone: str
    ) -> JourneyCounts:
        """Callers who entered the flow from the hour of `since` to that before `until`; `version`
        None: of every version. Days are those of `zone` (an IANA name)."""
        wanted = [
            JourneyCount.flow == flow,
            JourneyCount.hour > since - HOUR,
            JourneyCount.hour < until,
        ]
        if version is not None:
            wanted.append(JourneyCount.version == version)
        async with self._sessions() as session:
            steps = await session.execute(_sums(wanted))
            rows = [(node, what, name, int(t), int(c)) for node, what, name, t, c in steps]
            days = await session.execute(_days(wanted, zone))
            by_day = [(day, name, int(calls)) for day, name, calls in days]
        ends: Counter[str] = Counter()
        for _, what, name, _, callers in rows:
            if what == "ended":
                ends[name] += callers
        return JourneyCounts(sum(ends.values()), dict(ends), _nodes(rows), _by_day(by_day))


def _sums(wanted: list[ColumnElement[bool]]) -> Select[str, str, str, int, int]:
    times, callers = func.sum(JourneyCount.times), func.sum(JourneyCount.callers)
    keys = (JourneyCount.node, JourneyCount.what, JourneyCount.name)
    return select(*keys, times, callers).where(*wanted).group_by(*keys)


def _days(wanted: list[ColumnElement[bool]], zone: str) -> Select[str, str, int]:
    local = func.timezone(zone, JourneyCount.hour)
    day = cast(func.date(local), String).label("day")
    return (
        select(day, JourneyCount.name, func.sum(JourneyCount.callers))
        .where(*wanted, JourneyCount.what == "ended")
        .group_by(day, JourneyCount.name)
        .order_by(day)
    )


def _nodes(rows: list[tuple[str, str, str, int, int]]) -> dict[str, NodeCounts]:
    found: dict[str, dict[str, object]] = {}
    left: dict[str, dict[str, int]] = {}
    for node, what, name, times, callers in rows:
        values = found.setdefault(node, {})
        if what == "entered":
            values |= {"entered": times, "callers": callers}
        elif what == "left":
            left.setdefault(node, {})[name] = times
        elif name == "abandoned":
            values["dropped"] = callers
    return {
        node: NodeCounts(**values, left_by=left.get(node, {}))  # type: ignore[arg-type]
        for node, values in found.items()
    }


def _by_day(rows: list[tuple[str, str, int]]) -> tuple[DayCounts, ...]:
    calls: Counter[str] = Counter()
    served: Counter[str] = Counter()
    for day, name, count in rows:
        calls[day] += count
        served[day] += count if name == SERVED else 0
    return tuple(DayCounts(day, calls[day], served[day]) for day in sorted(calls))
