"""What is asked of a report, what it answers, and how it reads: one transaction on one moment.

Every query goes through `Reading` and takes its conditions from `Wanted`: the period, the queues
and agents asked for, and those that the person may see at all. A report must not write.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from callcenter.core.teams import Reach
from callcenter.reports.figures import FIGURES
from callcenter.reports.measures import MEASURES
from callcenter.reports.metrics import SUMS, Figure
from callcenter.reports.periods import MINUTES, Interval, Period, cut

Compare = Literal["", "before", "year"]
Side = Literal["queue", "agent", "either"]
Value = float | int | None
Row = tuple[tuple[str, ...], tuple[Value, ...]]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a person may see: what is of one of these queues or of one of these agents. None twice:
    everything; a report that knows no queues, or no agents, asks by the other alone."""

    queues: frozenset[str] | None = None
    agents: frozenset[str] | None = None


EVERYTHING = Scope()


def scope_within(reach: Reach) -> Scope:
    return EVERYTHING if reach.everything else Scope(reach.queues, reach.agents)


@dataclass(frozen=True, slots=True)
class Wanted:
    """`queues` and `agents` empty: all of the scope's."""

    period: Period
    interval: Interval = "day"
    queues: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    compare: Compare = ""
    scope: Scope = EVERYTHING

    def of(self, period: Period) -> Wanted:
        """The same of another time."""
        return replace(self, period=period, compare="")

    def seen_by(self, side: Side) -> Wanted:
        """A report about lines goes by the queues that are seen, one about agents by those: so
        that its parts add up, whoever took a call."""
        scope = self.scope
        if side == "queue":
            return replace(self, scope=Scope(scope.queues, None))
        if side == "agent":
            return replace(self, scope=Scope(None, scope.agents))
        return self

    def of_agents_alone(self) -> Wanted:
        """Without the queues: for what belongs to none."""
        return replace(self, queues=(), scope=Scope(None, self.scope.agents))

    def of_queues_alone(self) -> Wanted:
        return replace(self, agents=(), scope=Scope(self.scope.queues, None))

    def earlier(self) -> Wanted | None:
        """What it is compared with."""
        if not self.compare:
            return None
        period = self.period
        return self.of(period.before() if self.compare == "before" else period.year_before())

    def limits(self) -> tuple[str, dict[str, Any]]:
        """A condition on `queue` and `agent` of facts, beginning with "and", and its values."""
        sql, values = "", {}
        asked = {"queue": self.queues, "agent": self.agents}
        for column, names in asked.items():
            if names:
                sql += f" and {column} = any(cast(:{column}s as text[]))"
                values[f"{column}s"] = sorted(names)
        allowed = {"queue": self.scope.queues, "agent": self.scope.agents}
        either = []
        for column, seen in allowed.items():
            if seen is not None:
                either.append(f"{column} = any(cast(:seen_{column}s as text[]))")
                values[f"seen_{column}s"] = sorted(seen)
        return sql + (f" and ({' or '.join(either)})" if either else ""), values

    def between(self, column: str = "at") -> tuple[str, dict[str, Any]]:
        """The period and the limits, as a condition."""
        sql, values = self.limits()
        values |= {"since": self.period.since, "until": self.period.until}
        return f"{column} >= :since and {column} < :until{sql}", values

    def edges(self) -> list[datetime]:
        return cut(self.period, self.interval)


@dataclass(frozen=True, slots=True)
class Table:
    """`keys` say what the first columns are (queue, agent, interval, ...); the keys of an interval
    are its beginning in ISO 8601. `totals` None where adding up has no meaning."""

    name: str
    keys: tuple[str, ...]
    figures: tuple[str, ...]
    rows: Sequence[Row]
    totals: tuple[Value, ...] | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """`cards`: what stands on top, with what it was in the period that is compared with."""

    name: str
    wanted: Wanted
    cards: dict[str, Value]
    tables: list[Table]
    before: dict[str, Value] | None = None
    fed_until: datetime | None = None
    notes: list[str] = field(default_factory=list)


def figure_of(name: str) -> Figure:
    return FIGURES.get(name) or MEASURES[name]


def _nothing(queries: int) -> None:
    """Nobody wants to know."""


class Reading:
    """Queries of one report, all on the same state of the database."""

    def __init__(
        self,
        connection: AsyncConnection,
        zone: str,
        fed_until: datetime | None,
        went_on: Callable[[int], None] = _nothing,
    ) -> None:
        self._connection = connection
        self.zone = zone
        self.fed_until = fed_until
        self._went_on = went_on
        self._queries = 0

    async def rows(self, sql: str, **values: Any) -> list[Any]:
        found = list(await self._connection.execute(text(sql), values))
        self._queries += 1
        self._went_on(self._queries)
        return found

    def by_day(self, wanted: Wanted) -> bool:
        """Whether the tables of days can answer: days of the same clock, nothing finer."""
        return wanted.period.zone == self.zone and wanted.interval not in MINUTES


@asynccontextmanager
async def reading(
    engine: AsyncEngine, milliseconds: int, went_on: Callable[[int], None] = _nothing
) -> AsyncIterator[Reading]:
    """`milliseconds`: how long one query may take. `went_on` is told how many are done."""
    async with engine.connect() as connection:
        await connection.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        await connection.execute(text(f"set local statement_timeout = {int(milliseconds)}"))
        await connection.execute(text("set local max_parallel_workers_per_gather = 2"))
        state = (await connection.execute(text("select zone, fed_until from reports.state"))).one()
        yield Reading(connection, state.zone, state.fed_until, went_on)


def adding(sums: Sequence[str], *, kept: bool = False, kind: str = "") -> str:
    """The columns of a SELECT that add up these sums: from facts, or (`kept`) from days. `kind`:
    the SELECT sees facts of this one alone, so it is not asked of each once more."""
    made = []
    for name in sums:
        one = SUMS[name]
        if kept:
            what = name
        elif one.kind == kind:
            what = one.sql
        else:
            what = f"case when kind = '{one.kind}' then {one.sql} else 0 end"
        made.append(f"coalesce(sum({what}), 0)::bigint as {name}")
    return ", ".join(made)


def values_of(figures: Sequence[str], sums: Mapping[str, int]) -> tuple[Value, ...]:
    return tuple(FIGURES[name].value(sums) for name in figures)


def total(rows: Sequence[Mapping[str, int]], sums: Sequence[str]) -> dict[str, int]:
    return {name: sum(row[name] for row in rows) for name in sums}


def as_sums(row: Any, sums: Sequence[str]) -> dict[str, int]:
    return {name: int(getattr(row, name)) for name in sums}
