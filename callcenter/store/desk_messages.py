"""Messages to agents' desks: sent by supervisors, kept until they are read.

Also what was done to an agent over his head is told here, so that nobody finds his state changed
and wonders. Each is in the audit. Raises OSError or SQLAlchemyError when the database is away.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.core.teams import Reach
from callcenter.store.accounts import as_uuid, printable
from callcenter.store.audit import note
from callcenter.store.engine import make_sessions
from callcenter.store.tables import AgentRecord, DeskMessage

UNREAD_SHOWN_MAX = 50
SENT_SHOWN_MAX = 100
BODY_MAX = 1000


@dataclass(frozen=True, slots=True)
class Told:
    """`read` None: not yet."""

    id: str
    agent: str
    kind: Literal["note", "state"]
    body: str
    detail: Mapping[str, Any]
    by_name: str
    created: datetime
    read: datetime | None


@dataclass(frozen=True, slots=True)
class Sender:
    id: str
    name: str


class DeskMessages:
    def __init__(self, engine: AsyncEngine) -> None:
        self._sessions = make_sessions(engine)

    async def tell(
        self,
        agents: Collection[str],
        body: str,
        *,
        by: Sender,
        kind: Literal["note", "state"] = "note",
        detail: Mapping[str, object] | None = None,
        action: str = "agent.message",
    ) -> None:
        """One for each of these agents, and a line of the audit for each: `action` says what was
        done. An agent who is gone meanwhile is told nothing."""
        async with self._sessions.begin() as session:
            known = select(AgentRecord.id).where(AgentRecord.id.in_(agents))
            for agent in sorted(await session.scalars(known)):
                session.add(
                    DeskMessage(
                        agent_id=agent,
                        kind=kind,
                        body=printable(body, BODY_MAX),
                        detail=dict(detail or {}),
                        by_user=as_uuid(by.id),
                        by_name=printable(by.name, 120),
                    )
                )
                await note(session, by.id, action, agent, {"text": body} | dict(detail or {}))

    async def unread(self, agent: str) -> Sequence[Told]:
        """Oldest first."""
        query = select(DeskMessage).where(DeskMessage.agent_id == agent, DeskMessage.read.is_(None))
        async with self._sessions() as session:
            rows = await session.scalars(
                query.order_by(DeskMessage.created, DeskMessage.id).limit(UNREAD_SHOWN_MAX)
            )
            return [_value(row) for row in rows]

    async def read(self, agent: str, id: str) -> None:
        """By the agent himself; harmless for one that was read before."""
        mine = update(DeskMessage).where(
            DeskMessage.id == as_uuid(id), DeskMessage.agent_id == agent, DeskMessage.read.is_(None)
        )
        async with self._sessions.begin() as session:
            await session.execute(mine.values(read=func.now()))

    async def sent(self, reach: Reach) -> Sequence[Told]:
        """To agents inside the border, newest first."""
        query = select(DeskMessage)
        if not reach.everything:
            query = query.where(DeskMessage.agent_id.in_(reach.agents))
        async with self._sessions() as session:
            rows = await session.scalars(
                query.order_by(DeskMessage.created.desc(), DeskMessage.id).limit(SENT_SHOWN_MAX)
            )
            return [_value(row) for row in rows]


def _value(row: DeskMessage) -> Told:
    return Told(
        id=str(row.id),
        agent=row.agent_id,
        kind="state" if row.kind == "state" else "note",
        body=row.body,
        detail=row.detail,
        by_name=row.by_name,
        created=row.created,
        read=row.read,
    )
