"""What the player jumps to beside holds and pauses: turns of the call (consultations, transfers,
who joined) at their place in the file, and the other parts of the same call.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.media.recordings.places import Stretches, place
from callcenter.store.tables import InteractionEvent, Recording

KINDS = (
    "consult",
    "parted",
    "give-on",
    "handed-over",
    "handed-out",
    "taken-over",
    "parked",
)
TURNS_MAX = 100
PARTS_MAX = 50


@dataclass(frozen=True, slots=True)
class Turn:
    """`at`: seconds of the file. `agent`: with whom, "" where it is nobody of the house."""

    at: float
    kind: str
    agent: str


async def turns_of(session: AsyncSession, row: Recording) -> list[Turn]:
    """In their order."""
    event = InteractionEvent
    query = (
        select(event.at, event.kind, event.data)
        .where(
            event.call == row.call,
            event.kind.in_(KINDS),
            event.at >= row.began_at,
            event.at <= row.ended_at,
        )
        .order_by(event.sequence)
        .limit(TURNS_MAX)
    )
    spoken: Stretches = row.spoken
    return [
        Turn(place(spoken, one.at.timestamp()), one.kind, _agent(one.data))
        for one in await session.execute(query)
    ]


def _agent(data: object) -> str:
    agent = data.get("agent") if isinstance(data, dict) else None
    return agent if isinstance(agent, str) else ""


async def parts_of(
    session: AsyncSession, row: Recording, seen: ColumnElement[bool]
) -> Sequence[Recording]:
    """All recordings of its call that are `seen`, itself among them, in their order."""
    query = select(Recording).where(Recording.call == row.call, seen)
    found = await session.scalars(query.order_by(Recording.part, Recording.id).limit(PARTS_MAX))
    return found.all()
