"""Fixtures that several folders of tests share. All are made only when a test asks for them."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Generator, Iterator

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.store.embedded import EmbeddedPostgres
from callcenter.store.engine import make_engine
from tests.database import fresh_database, running_server

# Most of what imports and tests make lives on; looking through it each 700 objects takes a
# twentieth of the time. (The service does as much: `runtime.collecting`.)
gc.set_threshold(50_000, 20, 50)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--nightly", action="store_true", help="as many and as long stories as a night allows"
    )


def pytest_configure(config: pytest.Config) -> None:
    """By day the same examples each time, so that a change is judged by itself; new ones by night.
    How long one takes says how busy the machine is, no more."""
    calm = [HealthCheck.too_slow]
    settings.register_profile("day", deadline=None, suppress_health_check=calm, derandomize=True)
    settings.register_profile("night", deadline=None, suppress_health_check=calm)
    settings.load_profile("night" if config.getoption("--nightly") else "day")


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Generator[None, object, object]:
    """What a worker tells the runner is sent as UTF-8, which a lone surrogate in what a test said
    or logged is not."""
    return _sendable((yield))


def _sendable(said: object) -> object:
    match said:
        case str():
            return said.encode("utf-8", "backslashreplace").decode()
        case dict():
            return {key: _sendable(value) for key, value in said.items()}
        case list() | tuple():
            return type(said)(_sendable(value) for value in said)
        case _:
            return said


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """One PostgreSQL for the whole run."""
    with running_server() as server:
        yield server


@pytest.fixture(scope="module")
def database_url(postgres: EmbeddedPostgres, request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated database that only this module uses."""
    name = "t_" + request.module.__name__.replace(".", "_").lower()[-50:]
    with fresh_database(postgres, name) as url:
        yield url


@pytest.fixture(scope="module")
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    made = make_engine(database_url)
    yield made
    await made.dispose()
