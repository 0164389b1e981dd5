"""A place for each test, on the module's own database."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.web.place import Place


@pytest.fixture
async def place(engine: AsyncEngine) -> AsyncIterator[Place]:
    made = Place(engine)
    await made.reload()
    yield made
    made.close()
