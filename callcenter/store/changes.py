"""How the configuration is changed: one transaction at a time, each counted and audited."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from callcenter.core.config import Config
from callcenter.store.audit import note
from callcenter.store.config_reading import load_config
from callcenter.store.config_values import ConfigRefused
from callcenter.store.engine import make_sessions
from callcenter.store.tables import ConfigState

CODE = re.compile(r"[a-z0-9_-]{1,32}")

Values = Mapping[str, object]


class Changes:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self.sessions = make_sessions(engine)

    async def config(self) -> Config:
        """The configuration as it is now."""
        return await load_config(self._engine)

    @asynccontextmanager
    async def change(
        self, action: str, subject: str, by: str, values: Values
    ) -> AsyncIterator[AsyncSession]:
        """One counted, audited change; changes wait for each other on the row of the count."""
        try:
            async with self.sessions.begin() as session:
                state = await session.get(ConfigState, 1, with_for_update=True)
                assert state is not None, "the migration makes this row"
                state.version += 1
                state.changed = func.now()
                yield session
                await note(session, by, action, subject, values)
        except IntegrityError as problem:
            raise ConfigRefused((action, _reason(problem))) from None


def _reason(problem: IntegrityError) -> str:
    text = str(problem.orig)
    if "fk_queue_members_agent_id" in text:
        return "one of the agents does not exist"
    return "it contradicts what is stored"
