"""One running service for each module of browser tests, and one Chromium for all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from callcenter.web.app import default_dist
from tests.browser.person import HEADLESS_SHELL, WAIT_MS, chromium
from tests.browser.stage import Stage, stage

expect.set_options(timeout=WAIT_MS)


@pytest.fixture(scope="module", autouse=True)
def built_console(request: pytest.FixtureRequest) -> None:
    """What only reads files needs no console that is built."""
    if request.node.get_closest_marker("pure") is None and not _built():
        pytest.fail("the console is not built: cd agent_console/web && npm ci && npm run build")


def _built() -> bool:
    return (default_dist() / "index.html").is_file()


@pytest.fixture(scope="module")
async def scene(
    database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    folder: Path = tmp_path_factory.mktemp("stage")
    async with stage(database_url, folder) as made:
        yield made


@pytest.fixture(scope="session")
async def one_chromium() -> AsyncIterator[Browser]:
    async with chromium(program=HEADLESS_SHELL) as browser:
        yield browser


@pytest.fixture(scope="module")
async def chrome(one_chromium: Browser) -> AsyncIterator[Browser]:
    """The browser, in which no module leaves a page open. Profiles are each test's own."""
    yield one_chromium
    for context in one_chromium.contexts:
        await context.close()
