"""Abuse tests are short in the gate and long in `scripts/test abuse`; what they need is here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.abuse.figures import Abuse
from tests.asterisk.lab import Lab
from tests.web.place import Place

LONG_SECONDS = 3 * 3600


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if Abuse.full:
        for item in items:
            item.add_marker(pytest.mark.timeout(LONG_SECONDS), append=False)


@pytest.fixture
def abuse() -> Abuse:
    return Abuse()


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    lab = Lab(tmp_path_factory.mktemp("lab"))
    lab.start()
    yield lab
    lab.stop()


@pytest.fixture
async def place(engine: AsyncEngine) -> AsyncIterator[Place]:
    made = Place(engine)
    await made.reload()
    yield made
    made.close()
