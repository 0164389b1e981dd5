"""Groups of agents by condition: made, changed, taken away.

Who belongs to a group follows from its condition when the configuration is read; here only the
condition is kept. A group that a queue still names cannot be taken away.
"""

from __future__ import annotations

import re
from typing import Final

from sqlalchemy import delete, func, select, update

from callcenter.store.changes import Changes, Values
from callcenter.store.config_values import (
    ConfigRefused,
    NotThere,
    VersionPassed,
    group_condition,
    group_of,
)
from callcenter.store.tables import AgentRecord, GroupRecord, QueueRecord

ID: Final = re.compile(r"[a-z0-9]{1,32}")


class Groups(Changes):
    async def put_group(self, id: str, values: Values, *, by: str) -> None:
        """Make or change a group; what is not named keeps its value. `version` among the values:
        what was read, 0 for a new one. Raises ConfigRefused, VersionPassed."""
        if not ID.fullmatch(id):
            raise ConfigRefused(("id", f"{id[:40]!r} must match {ID.pattern}"))
        async with self.change("group.put", id, by, values) as session:
            row = await session.get(GroupRecord, id)
            wanted = dict(values)
            known = wanted.pop("version", None)
            if known is not None and known != (row.version if row else 0):
                raise VersionPassed(row.version if row else 0)
            before = {"name": row.name} | row.condition if row else {}
            group = group_of(id, before | wanted)
            if row is None:
                row = GroupRecord(id=id, version=0)
                session.add(row)
            row.name, row.condition = group.name.strip(), group_condition(group)
            row.version += 1
            row.updated = func.now()

    async def remove_group(self, id: str, *, by: str) -> None:
        """Raises NotThere; ConfigRefused when a queue names it, each by its id."""
        async with self.change("group.remove", id, by, {}) as session:
            if await session.get(GroupRecord, id) is None:
                raise NotThere("group", id)
            rows = await session.scalars(select(QueueRecord).order_by(QueueRecord.id))
            using = [row.id for row in rows if _names(row, id)]
            if using:
                raise ConfigRefused(("group", f"it is used by the queues {', '.join(using)}"))
            without = func.array_remove(AgentRecord.groups, id)
            await session.execute(update(AgentRecord).values(groups=without))
            await session.execute(delete(GroupRecord).where(GroupRecord.id == id))


def _names(row: QueueRecord, group: str) -> bool:
    settings = row.settings
    if group in settings.get("groups", ()):
        return True
    if any(group in ring.get("groups", ()) for ring in settings.get("rings", ())):
        return True
    names = ("unless_idle_in_group", "if_idle_in_group")
    return any(rule.get(name) == group for rule in settings.get("overflow", ()) for name in names)
