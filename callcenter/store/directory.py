"""Changes of agents, queues, routes and reasons, by id.

A `put` changes what it names and leaves the rest; `version` among the values asks that nobody
changed the thing since it was read. After a change whoever runs the centre loads the new
configuration (`config_reading.load_config`). Raises ConfigRefused, NotThere, VersionPassed; OSError
or SQLAlchemyError when the database is away.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import delete, func, select, update

from callcenter.core.config import Disposition
from callcenter.core.dispositions import flaw_of
from callcenter.store.calendars import Calendars
from callcenter.store.changes import CODE, Values
from callcenter.store.config_values import (
    QUEUE_COLUMNS,
    ConfigRefused,
    NotThere,
    VersionPassed,
    agent_of,
    queue_of,
    queue_settings,
    text_of,
)
from callcenter.store.flows import Flows
from callcenter.store.groups import Groups
from callcenter.store.routes import Routes
from callcenter.store.tables import (
    AgentRecord,
    ConfigState,
    DispositionRecord,
    PauseReasonRecord,
    QueueMember,
    QueueRecord,
)
from callcenter.store.teams import Teams

ID = re.compile(r"[a-z0-9]{1,32}")
AGENT_COLUMNS = ("name", "team", "skills", "groups", "weight", "capacity")


class Directory(Flows, Routes, Calendars, Groups, Teams):
    """Everything an administrator can change."""

    async def put_agent(self, id: str, values: Values, *, by: str) -> None:
        """Make or change an agent. `active` False takes him out of the centre."""
        _check(ID, "id", id)
        async with self.change("agent.put", id, by, values) as session:
            row = await session.get(AgentRecord, id)
            wanted, active = dict(values), values.get("active")
            wanted.pop("active", None)
            _check_version(wanted.pop("version", None), row.version if row else None)
            before = {name: getattr(row, name) for name in AGENT_COLUMNS} if row else {}
            agent = agent_of(id, before | wanted)
            if row is None:
                row = AgentRecord(id=id, version=0)
                session.add(row)
            row.name, row.team, row.weight = agent.name.strip(), agent.team, agent.weight
            row.skills, row.capacity = dict(agent.skills), dict(agent.capacity)
            row.groups = sorted(agent.groups)
            row.active = (
                row.active
                if active is None and row.active is not None
                else bool(True if active is None else active)
            )
            row.version += 1
            row.updated = func.now()

    async def put_queue(self, id: str, values: Values, *, by: str) -> None:
        """Make or change a queue; what is not named keeps its value, or the engine's default."""
        _check(ID, "id", id)
        async with self.change("queue.put", id, by, values) as session:
            row = await session.get(QueueRecord, id)
            wanted = dict(values)
            _check_version(wanted.pop("version", None), row.version if row else None)
            before = row.settings | {c: getattr(row, c) for c in QUEUE_COLUMNS} if row else {}
            queue = queue_of(id, before | wanted)
            if row is None:
                row = QueueRecord(id=id, version=0)
                session.add(row)
            row.name, row.media, row.enabled = queue.name.strip(), queue.media, queue.enabled
            row.settings = queue_settings(queue)
            row.version += 1
            row.updated = func.now()

    async def put_members(
        self, queue: str, agents: Sequence[str], *, by: str, version: int | None = None
    ) -> None:
        """Exactly these agents serve the queue, in this order. `version`: of the queue, as read."""
        if len(set(agents)) != len(agents):
            raise ConfigRefused(("agents", "an agent is named twice"))
        async with self.change("queue.members", queue, by, {"agents": list(agents)}) as session:
            row = await session.get(QueueRecord, queue)
            if row is None:
                raise NotThere("queue", queue)
            _check_version(version, row.version)
            row.version += 1
            await session.execute(delete(QueueMember).where(QueueMember.queue_id == queue))
            session.add_all(
                QueueMember(queue_id=queue, agent_id=agent, position=place)
                for place, agent in enumerate(agents, 1)
            )

    async def put_pause_reasons(self, reasons: Sequence[Values], *, by: str) -> None:
        """Replace the list; its order is the one agents see."""
        rows = []
        for place, values in enumerate(reasons, 1):
            limit = values.get("limit_seconds")
            if limit is not None and not (isinstance(limit, int | float) and 0 < limit <= 86_400):
                raise ConfigRefused(("limit_seconds", "must be between 0 and 86400"))
            names = _coded(values) | {"position": place}
            rows.append(PauseReasonRecord(**names, limit_seconds=limit))
        await self._replace(PauseReasonRecord, rows, "pause_reasons.put", by, reasons)

    async def put_dispositions(self, dispositions: Sequence[Values], *, by: str) -> None:
        """The tree, in the order agents see. What is not in it any more is retired, not removed:
        interactions name it."""
        tree = [_disposition(values) for values in dispositions]
        codes = {item.code: place for place, item in enumerate(tree, 1)}
        if len(codes) != len(tree):
            raise ConfigRefused(("code", "a code is there twice"))
        flaw = flaw_of(tree)
        if flaw is not None:
            raise ConfigRefused(flaw)
        values = {"items": list(dispositions)}
        async with self.change("dispositions.put", "", by, values) as session:
            rows = {row.code: row for row in await session.scalars(select(DispositionRecord))}
            for row in rows.values():
                if row.code not in codes:
                    row.active, row.is_default = False, False
            for item in tree:
                found = rows.get(item.code)
                row = found or DispositionRecord(code=item.code, version=0)
                row.name, row.name_zh, row.keywords = item.name, item.name_zh, item.keywords
                row.queues, row.is_default = sorted(item.queues), item.default and item.active
                row.parent, row.active, row.position = item.parent, item.active, codes[item.code]
                row.version += 1
                if found is None:
                    session.add(row)

    async def put_time_zone(self, zone: str, *, by: str) -> None:
        """When the centre's day begins; an IANA name that was checked."""
        async with self.change("centre.put", "", by, {"time_zone": zone}) as session:
            await session.execute(update(ConfigState).values(time_zone=zone))

    async def _replace(
        self,
        table: type[PauseReasonRecord],
        rows: Sequence[PauseReasonRecord],
        action: str,
        by: str,
        values: Sequence[Values],
    ) -> None:
        codes = [row.code for row in rows]
        if len(set(codes)) != len(codes):
            raise ConfigRefused(("code", "a code is there twice"))
        async with self.change(action, "", by, {"items": list(values)}) as session:
            await session.execute(delete(table))
            session.add_all(rows)


def _coded(values: Values) -> dict[str, object]:
    code = text_of(values, "code", 32)
    _check(CODE, "code", code)
    name_zh = text_of(values, "name_zh", 80, needed=False)
    return {"code": code, "name": text_of(values, "name", 80), "name_zh": name_zh}


def _disposition(values: Values) -> Disposition:
    queues = values.get("queues") or ()
    assert isinstance(queues, list | tuple | set | frozenset)
    names = _coded(values)
    return Disposition(
        code=str(names["code"]),
        name=str(names["name"]),
        name_zh=str(names["name_zh"]),
        queues=frozenset(queues),
        default=bool(values.get("default")),
        parent=text_of(values, "parent", 32, needed=False),
        active=values.get("active") is not False,
        keywords=text_of(values, "keywords", 200, needed=False),
    )


def _check(pattern: re.Pattern[str], where: str, text: str) -> None:
    if not pattern.fullmatch(text):
        raise ConfigRefused((where, f"{text[:40]!r} must match {pattern.pattern}"))


def _check_version(wanted: object, present: int | None) -> None:
    if wanted is not None and present is not None and wanted != present:
        raise VersionPassed(present)
