"""The shift plan in the database: written by day, each change kept so that it can be taken back.

A day is changed with the version that was seen; who is late is told, and nothing is overwritten
unseen. A change is one transaction with its line of the audit, the moments it means (`shift_spans`,
which the reports read) and what stood there before. Taking a change back is a change itself. Raises
OSError or SQLAlchemyError when the database is away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import delete, func, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from callcenter.shifts.values import Shift, Stretch, from_json, stretches, to_json
from callcenter.store.accounts import as_uuid, printable
from callcenter.store.audit import note
from callcenter.store.config_values import ConfigRefused, NotThere, VersionPassed
from callcenter.store.engine import make_sessions
from callcenter.store.tables import AgentRecord, ShiftChange, ShiftDay, ShiftSpan

Kind = Literal["typed", "copied", "imported", "undone"]

DAYS_MAX = 20_000  # in one change
CHANGES_SHOWN = 50
LOCK = 0x0CA11541  # changes wait for each other: two of neighbouring days must not overlap


@dataclass(frozen=True, slots=True)
class Planned:
    """An agent's day. `version` of one to be written: that which was seen, 0 for none, None: it is
    overwritten whatever stands there."""

    agent: str
    day: date
    shifts: tuple[Shift, ...]
    version: int | None = None
    time_zone: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """`days`: how many it touched."""

    id: str
    kind: Kind
    at: datetime
    by_name: str
    first: date
    last: date
    agents: tuple[str, ...]
    days: int
    undone: datetime | None


class ShiftBook:
    def __init__(self, engine: AsyncEngine) -> None:
        self._sessions = make_sessions(engine)

    async def days(
        self, first: date, last: date, agents: frozenset[str] | None = None
    ) -> list[Planned]:
        """Of these agents (None: all), by agent and day; also days off that were written."""
        query = select(ShiftDay).where(ShiftDay.day.between(first, last))
        if agents is not None:
            query = query.where(ShiftDay.agent_id.in_(sorted(agents)))
        async with self._sessions() as session:
            rows = await session.scalars(query.order_by(ShiftDay.agent_id, ShiftDay.day))
            return [_planned(row) for row in rows]

    async def write(
        self, days: Sequence[Planned], kind: Kind, *, zone: str, by: str, name: str
    ) -> Change:
        """Raises ConfigRefused, VersionPassed."""
        if not 0 < len(days) <= DAYS_MAX:
            raise ConfigRefused(("days", f"1 to {DAYS_MAX} days at once"))
        if len({(one.agent, one.day) for one in days}) < len(days):
            raise ConfigRefused(("days", "an agent's day stands there twice"))
        async with self._sessions.begin() as session:
            zoned = [replace(one, time_zone=zone) for one in days]
            return await _write(session, zoned, kind, by=by, name=name)

    async def copy(
        self, source: date, target: date, agents: Sequence[str], *, zone: str, by: str, name: str
    ) -> Change:
        """The seven days from `source` on, written over those from `target` on, for the agents who
        are planned there. Raises ConfigRefused."""
        async with self._sessions.begin() as session:
            rows = await session.scalars(
                select(ShiftDay).where(
                    ShiftDay.day.between(source, source + timedelta(days=6)),
                    ShiftDay.agent_id.in_(list(agents)),
                )
            )
            found: dict[str, dict[date, tuple[Shift, ...]]] = {}
            for row in rows:
                found.setdefault(row.agent_id, {})[row.day] = from_json(row.shifts)
            planned = [agent for agent, days in sorted(found.items()) if any(days.values())]
            if not planned:
                raise ConfigRefused(("source", "nobody is planned in that week"))
            wanted = [
                Planned(
                    agent,
                    target + timedelta(days=number),
                    found[agent].get(source + timedelta(days=number), ()),
                    time_zone=zone,
                )
                for agent in planned
                for number in range(7)
            ]
            return await _write(session, wanted, "copied", by=by, name=name)

    async def changes(self, agents: frozenset[str] | None = None) -> list[Change]:
        """Newest first; those that touch nobody but these agents."""
        query = select(ShiftChange).order_by(ShiftChange.at.desc(), ShiftChange.id)
        if agents is not None:
            query = query.where(ShiftChange.agents.contained_by(sorted(agents)))
        async with self._sessions() as session:
            rows = await session.scalars(query.limit(CHANGES_SHOWN))
            return [_change(row) for row in rows]

    async def change(self, id: str) -> Change | None:
        async with self._sessions() as session:
            row = await session.get(ShiftChange, as_uuid(id))
            return None if row is None else _change(row)

    async def undo(self, id: str, *, by: str, name: str) -> Change:
        """As it stood before. Raises NotThere; VersionPassed when one of the days was changed
        since."""
        async with self._sessions.begin() as session:
            row = await session.get(ShiftChange, as_uuid(id), with_for_update=True)
            if row is None or row.undone is not None:
                raise NotThere("change of the plan that can be taken back", id[:40])
            wanted = [
                Planned(
                    one["agent"],
                    date.fromisoformat(one["day"]),
                    from_json(one["before"]),
                    one["version"],
                    one["time_zone"],
                )
                for one in row.rows
            ]
            done = await _write(session, wanted, "undone", by=by, name=name)
            row.undone = func.now()
            return done


async def _write(
    session: AsyncSession, days: Sequence[Planned], kind: Kind, *, by: str, name: str
) -> Change:
    await session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOCK})
    agents = sorted({one.agent for one in days})
    known = set(await session.scalars(select(AgentRecord.id).where(AgentRecord.id.in_(agents))))
    if missing := [agent for agent in agents if agent not in known]:
        raise ConfigRefused(("agent", f"there is no agent {missing[0][:40]}"))
    first, last = min(one.day for one in days), max(one.day for one in days)
    kept = await _kept(session, agents, first, last)
    for one in days:
        before = kept.get((one.agent, one.day))
        current = before.version if before else 0
        if one.version is not None and one.version != current:
            raise VersionPassed(current)
    _refuse_overlaps(days, kept)
    rows = []
    for one in days:
        before = kept.get((one.agent, one.day))
        version = (before.version if before else 0) + 1
        rows.append(
            {
                "agent": one.agent,
                "day": one.day.isoformat(),
                "before": to_json(from_json(before.shifts)) if before else [],
                "time_zone": before.time_zone if before else one.time_zone,
                "version": version,
            }
        )
    await _put(session, days)
    made = ShiftChange(
        kind=kind,
        by_user=as_uuid(by),
        by_name=printable(name, 120),
        first=first,
        last=last,
        agents=agents,
        rows=rows,
    )
    session.add(made)
    detail = {"days": len(days), "first": str(first), "last": str(last), "agents": agents[:50]}
    await session.flush()
    await note(session, by, f"shifts.{kind}", str(made.id), detail)
    await session.refresh(made)
    return _change(made)


async def _kept(
    session: AsyncSession, agents: Sequence[str], first: date, last: date
) -> dict[tuple[str, date], ShiftDay]:
    """With the days beside: a night shift reaches into the next one."""
    one = timedelta(days=1)
    query = select(ShiftDay).where(
        ShiftDay.agent_id.in_(list(agents)), ShiftDay.day.between(first - one, last + one)
    )
    return {(row.agent_id, row.day): row for row in await session.scalars(query)}


def _refuse_overlaps(days: Sequence[Planned], kept: Mapping[tuple[str, date], ShiftDay]) -> None:
    """Of shifts of neighbouring days, by the moments they mean. Raises ConfigRefused."""
    made: dict[tuple[str, date], list[Stretch]] = {
        key: stretches(row.day, from_json(row.shifts), row.time_zone) for key, row in kept.items()
    }
    for one in days:
        made[one.agent, one.day] = stretches(one.day, one.shifts, one.time_zone)
    for one in days:
        for day in (one.day - timedelta(days=1), one.day):
            early = made.get((one.agent, day), [])
            late = made.get((one.agent, day + timedelta(days=1)), [])
            if early and late and early[-1].ends > late[0].begins:
                raise ConfigRefused(
                    (
                        "days",
                        f"{one.agent}: the shift of {day} goes on when that of"
                        f" {day + timedelta(days=1)} begins; shorten one of them",
                    )
                )


async def _put(session: AsyncSession, days: Sequence[Planned]) -> None:
    values = [
        {
            "agent_id": one.agent,
            "day": one.day,
            "time_zone": one.time_zone,
            "shifts": to_json(one.shifts),
        }
        for one in days
    ]
    spans = [
        {
            "agent_id": one.agent,
            "day": one.day,
            "begins": stretch.begins,
            "ends": stretch.ends,
            "shift": stretch.number,
            "plan": stretch.plan,
        }
        for one in days
        for stretch in stretches(one.day, one.shifts, one.time_zone)
    ]
    for at in range(0, len(days), 500):
        part = days[at : at + 500]
        keys = [(one.agent, one.day) for one in part]
        await session.execute(
            delete(ShiftSpan).where(tuple_(ShiftSpan.agent_id, ShiftSpan.day).in_(keys))
        )
        put = insert(ShiftDay).values(values[at : at + 500])
        await session.execute(
            put.on_conflict_do_update(
                index_elements=["agent_id", "day"],
                set_={
                    "time_zone": put.excluded.time_zone,
                    "shifts": put.excluded.shifts,
                    "version": ShiftDay.version + 1,
                    "updated": func.now(),
                },
            )
        )
    for at in range(0, len(spans), 2000):
        await session.execute(insert(ShiftSpan), spans[at : at + 2000])


def _planned(row: ShiftDay) -> Planned:
    return Planned(row.agent_id, row.day, from_json(row.shifts), row.version, row.time_zone)


def _change(row: ShiftChange) -> Change:
    kind: Any = row.kind
    return Change(
        str(row.id),
        kind,
        row.at,
        row.by_name,
        row.first,
        row.last,
        tuple(row.agents),
        len(row.rows),
        row.undone,
    )
