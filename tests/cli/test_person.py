"""`callcenter person`: found, given out and erased by hand, and nothing by mistake."""

from __future__ import annotations

import asyncio
import fcntl
import json
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from callcenter.cli import person as command
from callcenter.store.demo import seed_demo
from callcenter.store.demo_data import demo_customers
from callcenter.store.embedded import EmbeddedPostgres
from tests.database import fresh_database

pytestmark = [pytest.mark.db, pytest.mark.timeout(120)]

Typed = Callable[..., tuple[int, str]]
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def typed(
    postgres: EmbeddedPostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Typed]:
    with fresh_database(postgres, "of_persons") as url:
        asyncio.run(seed_demo(url, password_hash="-", now=time.time()))
        monkeypatch.setenv("CALLCENTER_DATABASE_URL", url)
        monkeypatch.setenv("CALLCENTER_DATA_DIRECTORY", str(tmp_path / "data"))

        def run(*words: object) -> tuple[int, str]:
            app = typer.Typer()
            command.register(app)
            result = CliRunner().invoke(app, ["person", *map(str, words)])
            assert result.exception is None or isinstance(result.exception, SystemExit)
            return result.exit_code, result.output

        yield run


def test_a_person_is_found_given_out_and_erased(typed: Typed, tmp_path: Path) -> None:
    customer = demo_customers()[0]
    status, said = typed("find", customer.name)
    assert status == 0
    id = next(line for line in said.splitlines() if customer.name in line).split()[0]
    assert id == str(customer.id)

    file = tmp_path / "person.zip"
    status, said = typed("export", id, file)
    assert status == 0, said
    assert file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(file) as made:
        known = json.loads(made.read("data.json"))
    assert known["customers"][0]["name"] == customer.name
    assert typed("export", id, file)[0] == 2  # what is there is not written over

    status, said = typed("erase", id)
    assert status == 0
    assert "Nothing was touched" in said
    assert "1  customers" in said
    assert typed("find", customer.name)[0] == 0

    assert "needs --why" in typed("erase", id, "--yes")[1]
    wrong = typed("erase", id, "--yes", "--why", "asked by letter", "--name", "Somebody Else")
    assert wrong[0] == 2
    assert customer.name in wrong[1]

    done = typed("erase", id, "--yes", "--why", "asked by letter", "--name", customer.name)
    assert done[0] == 0, done[1]
    assert done[1].startswith("erased: ")
    assert typed("find", customer.name)[0] == 2
    assert typed("erase", id)[0] == 2  # there is nobody any more


def test_beside_a_running_service_it_is_not_done_unasked(typed: Typed, tmp_path: Path) -> None:
    customer = demo_customers()[0]
    erase = ("erase", customer.id, "--yes", "--why", "x", "--name", customer.name)
    lock = tmp_path / "data" / "outbox" / "lock"
    lock.parent.mkdir(parents=True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        status, said = typed(*erase)
        assert status == 2
        assert "the service runs here" in said
        assert typed("find", customer.name)[0] == 0
        status, said = typed(*erase, "--beside")
        assert status == 0, said
        assert "Restart the service" in said


@pytest.mark.parametrize("id", [NOBODY, "no id"])
def test_who_is_not_there_is_said_so(typed: Typed, id: str, tmp_path: Path) -> None:
    for words in (("erase", id), ("export", id, tmp_path / "x.zip")):
        status, said = typed(*words)
        assert status == 2
        assert "there is no customer" in said
    assert not (tmp_path / "x.zip").exists()
