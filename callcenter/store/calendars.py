"""Business hours of the centre. The emergency switch stands beside the settings: whoever turns it
shall not be kept by somebody's edit, and an edit does not turn it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, delete, func, select, update

from callcenter.store.changes import CODE, Changes
from callcenter.store.config_values import ConfigRefused, VersionPassed
from callcenter.store.tables import CalendarRecord, User

CALENDARS_MAX = 200


@dataclass(frozen=True, slots=True)
class StoredCalendar:
    """`settings` as `callcenter.flows.hours.calendar_of` reads them."""

    id: str
    name: str
    settings: Mapping[str, Any]
    emergency: bool
    message: str
    emergency_by: str
    emergency_at: datetime | None
    version: int


class Calendars(Changes):
    """The part of the directory that is about business hours."""

    async def calendars(self) -> list[StoredCalendar]:
        query = (
            select(CalendarRecord, User.name)
            .outerjoin(User, cast(User.id, String) == CalendarRecord.emergency_by)
            .order_by(CalendarRecord.name, CalendarRecord.id)
        )
        async with self.sessions() as session:
            return [
                StoredCalendar(
                    row.id,
                    row.name,
                    row.settings,
                    row.emergency,
                    row.message,
                    (name or row.emergency_by) if row.emergency else "",
                    row.emergency_at if row.emergency else None,
                    row.version,
                )
                for row, name in await session.execute(query)
            ]

    async def put_calendar(
        self, id: str, name: str, settings: Mapping[str, Any], *, version: int | None, by: str
    ) -> None:
        """Make a calendar (`version` None) or change the one that was read at `version`. The
        settings were read before. Raises VersionPassed, ConfigRefused."""
        if not CODE.fullmatch(id):
            raise ConfigRefused(("id", f"{id[:40]!r} must match {CODE.pattern}"))
        async with self.change("calendar.put", id, by, {"name": name, **settings}) as session:
            row = await session.get(CalendarRecord, id)
            if (row.version if row else None) != version:
                raise VersionPassed(row.version if row else 0)
            if row is None:
                count = await session.scalar(select(func.count(CalendarRecord.id)))
                if (count or 0) >= CALENDARS_MAX:
                    reason = f"there are {count} calendars, the most there can be"
                    raise ConfigRefused(("id", reason))
                row = CalendarRecord(id=id, version=0)
                session.add(row)
            row.name, row.settings = name, dict(settings)
            row.version += 1
            row.updated = func.now()

    async def remove_calendar(self, id: str, *, by: str) -> bool:
        """Whether something uses it is asked above. False: there was none."""
        async with self.change("calendar.remove", id, by, {}) as session:
            gone = delete(CalendarRecord).where(CalendarRecord.id == id)
            found = await session.execute(gone.returning(CalendarRecord.id))
            return found.first() is not None

    async def set_emergency(self, id: str | None, on: bool, message: str, *, by: str) -> int:
        """Turn the switch of one calendar, or of all (`id` None); how many there were."""
        values = {
            "emergency": on,
            "message": message[:300] if on else "",
            "emergency_by": by[:64] if on else "",
            "emergency_at": func.now() if on else None,
        }
        detail = {"on": on, "message": message}
        async with self.change("calendar.emergency", id or "all", by, detail) as session:
            turn = update(CalendarRecord).values(**values)
            if id is not None:
                turn = turn.where(CalendarRecord.id == id)
            return len((await session.execute(turn.returning(CalendarRecord.id))).all())
