"""Interactions for the web layer: each method is one transaction.

Interactions are written by the store's ledger and only read here; drafts of notes are kept here.
Raises OSError or SQLAlchemyError when the database is away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.core.teams import EVERYTHING, Reach
from callcenter.crm.cursors import read_cursor, write_cursor
from callcenter.crm.interactions import deciding, finding, repository
from callcenter.crm.interactions.finding import Sought
from callcenter.crm.interactions.schemas import (
    Considering,
    Interaction,
    LegQuality,
    Part,
    Spell,
    TimelineEvent,
)
from callcenter.crm.interactions.touched import Place
from callcenter.store.accounts import printable
from callcenter.store.engine import make_sessions
from callcenter.store.ledger_rows import plain

PAGE_MAX = 200
DRAFT_MAX = 8000


class Interactions:
    def __init__(self, engine: AsyncEngine) -> None:
        self._sessions = make_sessions(engine)

    async def interactions(
        self,
        *,
        agent: str | None = None,
        customer: str | None = None,
        queue: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        reach: Reach = EVERYTHING,
        limit: int = 20,
        cursor: str | None = None,
    ) -> tuple[Sequence[Interaction], str | None]:
        """Newest first; the second value leads to the next page."""
        wanted = repository.Wanted(agent, customer, queue, since, until, reach)
        limit = max(1, min(limit, PAGE_MAX))
        async with self._sessions() as session:
            return await repository.page(session, wanted, limit=limit, cursor=cursor)

    async def find(
        self, sought: Sought, country: str, *, limit: int = 50, cursor: str | None = None
    ) -> tuple[Sequence[Interaction], str | None, bool]:
        """Newest first, and what leads to the next page; whether so many customers have such a name
        that only some were looked at. Calls are found a second after they have ended. Raises
        TooShort and TooSlow (`finding`)."""
        limit = max(1, min(limit, PAGE_MAX))
        place = read_cursor(cursor, datetime, str)
        after = None if place is None else cast(Place, tuple(place))
        async with self._sessions() as session:
            places, cut = await finding.found(
                session, sought, country, limit=limit + 1, after=after
            )
            shown = places[:limit]
            calls = await repository.of_calls(session, [call for _, call in shown])
        return calls, write_cursor(*shown[-1]) if len(places) > limit else None, cut

    async def interaction(self, call: str) -> tuple[Interaction, Sequence[TimelineEvent]] | None:
        """One with its timeline."""
        async with self._sessions() as session:
            found = await repository.one(session, call)
            return (found, await repository.events(session, call)) if found else None

    async def of_calls(self, calls: Sequence[str]) -> Sequence[Interaction]:
        """Those of these calls that are over, in their order."""
        async with self._sessions() as session:
            return await repository.of_calls(session, calls)

    async def parts(self, call: str) -> Sequence[Part]:
        """Who had the call, one after the other; empty: no agent."""
        async with self._sessions() as session:
            return await repository.parts(session, call)

    async def quality(self, call: str) -> Sequence[LegQuality]:
        """How each leg of an agent sounded; empty: nobody has measured it."""
        async with self._sessions() as session:
            return await repository.quality(session, call)

    async def keep_quality(self, call: str, heard: LegQuality) -> None:
        """What a browser has measured of its leg so far."""
        async with self._sessions.begin() as session:
            await repository.keep_quality(session, call, heard)

    async def timeline(self, call: str) -> Sequence[TimelineEvent]:
        """The timeline alone, also of a call that goes on."""
        async with self._sessions() as session:
            return await repository.events(session, call)

    async def spells(self, agent: str, since: datetime, until: datetime) -> Sequence[Spell]:
        """What the agent did between two moments, as stored; oldest first."""
        async with self._sessions() as session:
            return await deciding.spells(session, agent, since, until)

    async def considered(
        self, agent: str, since: datetime, until: datetime, *, going_on: Sequence[str] = ()
    ) -> Sequence[Considering]:
        """The stored decisions between two moments in which the agent was looked at, oldest first.
        `going_on`: calls that are not over yet, and so have no interaction."""
        async with self._sessions() as session:
            return await deciding.considered(session, agent, since, until, going_on)

    async def draft(self, call: str, agent: str) -> tuple[str, Mapping[str, object]]:
        """The unfinished note and form of this agent on this call; empty when there is none."""
        async with self._sessions() as session:
            return await repository.draft(session, call, agent)

    async def save_draft(
        self, call: str, agent: str, text: str, form: Mapping[str, object]
    ) -> None:
        """Keep the note so far, at most 8000 characters, and the form."""
        kept = plain(form)
        assert isinstance(kept, dict)
        async with self._sessions.begin() as session:
            await repository.save_draft(session, call, agent, printable(text, DRAFT_MAX), kept)
