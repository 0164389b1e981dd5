"""Logged traffic for staffing: when calls of a queue came, and how long an agent had each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.store.engine import make_sessions
from callcenter.store.tables import Interaction
from callcenter.store.times import to_seconds

CALLS_MAX: Final = 200_000


class Traffic:
    def __init__(self, engine: AsyncEngine) -> None:
        self._sessions = make_sessions(engine)

    async def calls(
        self, queue: str, since: datetime, until: datetime
    ) -> Sequence[tuple[float, float]]:
        """(arrived at, UNIX seconds; seconds of talk, hold and writing, 0: nobody answered), the
        first `CALLS_MAX`. OSError or SQLAlchemyError when the database is away."""
        handled = Interaction.talk_seconds + Interaction.hold_seconds + Interaction.wrap_up_seconds
        query = (
            select(Interaction.started_at, handled)
            .where(
                Interaction.queue == queue,
                Interaction.started_at >= since,
                Interaction.started_at < until,
            )
            .order_by(Interaction.started_at)
            .limit(CALLS_MAX)
        )
        async with self._sessions() as session:
            rows = (await session.execute(query)).all()
        return [(to_seconds(at), float(seconds or 0.0)) for at, seconds in rows]
