"""`callcenter flow export | import | publish | rollback` on a real database."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from sqlalchemy.ext.asyncio import AsyncEngine
from typer.testing import CliRunner

from callcenter.cli import flow as command
from callcenter.store.directory import Directory

pytestmark = [pytest.mark.db, pytest.mark.anyio]

FLOW = """\
id: typed
name: Typed 打字
languages: [en]
start: end
nodes: {end: {kind: hangup, reason: first}}
tests:
  - name: ends
    expect: {hangup: first}
"""


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, database_url: str, tmp_path: Path) -> object:
    monkeypatch.setenv("CALLCENTER_DATABASE_URL", database_url)
    monkeypatch.setenv("CALLCENTER_DATA_DIRECTORY", str(tmp_path))

    def typed(*words: object) -> tuple[int, str]:
        app = typer.Typer()
        command.register(app)
        result = CliRunner().invoke(app, ["flow", *map(str, words)])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result.exit_code, result.output

    return typed


def test_a_file_becomes_what_callers_hear_and_comes_back(run: object, tmp_path: Path) -> None:
    assert callable(run)
    file, out = tmp_path / "typed.yaml", tmp_path / "out.yaml"
    file.write_text(FLOW, "utf-8")
    assert run("import", file) == (0, "typed: draft 1\n")
    assert run("import", file)[0] == 2
    status, said = run("publish", "typed", "--note", "by hand")
    assert (status, said) == (
        0, "typed: version 1 is published; 1 test cases passed, 100 % of the ways gone\n"
    )  # fmt: skip
    file.write_text(FLOW.replace("first", "second"), "utf-8")
    assert run("import", file, "--replace") == (0, "typed: draft 2\n")
    assert run("publish", "typed")[0] == 0
    assert run("export", "typed", "--output", out)[0] == 0
    assert "second" in out.read_text("utf-8")
    assert run("rollback", "typed", 1) == (0, "typed: version 1 is in use again\n")
    assert "reason: first" in run("export", "typed")[1]
    assert "reason: second" in run("export", "typed", "--draft")[1]
    assert "typed: version 1, draft 2" in run("list")[1]
    assert run("rollback", "typed", 9)[0] == 2
    assert run("export", "none")[0] == 2


def test_nothing_with_a_mistake_or_a_failed_test_is_published(run: object, tmp_path: Path) -> None:
    assert callable(run)
    file = tmp_path / "wrong.yaml"
    file.write_text(FLOW.replace("id: typed", "id: wrong") + "fallback: nowhere\n", "utf-8")
    assert run("import", file)[0] == 0
    status, said = run("publish", "wrong")
    assert status == 1
    assert "there is no queue 'nowhere'" in said
    file.write_text(
        FLOW.replace("id: typed", "id: wrong").replace("{hangup: first}", "{hangup: x}"), "utf-8"
    )
    assert run("import", file, "--replace")[0] == 0
    status, said = run("publish", "wrong")
    assert (status, "test case ends" in said, "nothing was published" in said) == (1, True, True)
    file.write_text("a: [", "utf-8")
    assert run("import", file)[0] == 1


async def test_what_was_typed_is_in_the_books(engine: AsyncEngine) -> None:
    """Runs after the others, on the database of this module."""
    versions = await Directory(engine).versions("typed")
    assert [(one.version, one.published, one.by) for one in versions] == [
        (2, False, "command line"),
        (1, True, "command line"),
    ]
