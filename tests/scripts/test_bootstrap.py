"""The bootstrap does what is missing and nothing else. It is run as a newcomer's Python runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.pure

SCRIPTS = Path(__file__).parents[2] / "scripts"


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`code` with the bootstrap imported, isolated from what is installed beside us."""
    text = f"import sys; sys.path.insert(0, {str(SCRIPTS)!r}); import bootstrap\n{code}"
    return subprocess.run(
        [sys.executable, "-S", "-c", text, *arguments], capture_output=True, text=True, timeout=15
    )


def test_it_needs_nothing_but_python() -> None:
    done = run("print(sorted(n for n in sys.modules if n.startswith('callcenter')))")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_a_step_that_fails_shows_the_end_of_its_log(tmp_path: Path) -> None:
    done = run(
        "import pathlib; bootstrap.LOG = pathlib.Path(sys.argv[1]) / 'log'\n"
        "try:\n"
        "    bootstrap.step('Doing it', ['sh', '-c', 'echo because of this; exit 3'])\n"
        "except bootstrap.Stop as stop:\n"
        "    print(stop)",
        str(tmp_path),
    )
    assert "Doing it ... failed" in done.stdout
    assert "because of this" in done.stdout


def test_a_program_that_is_not_there_is_a_failed_step(tmp_path: Path) -> None:
    done = run(
        "import pathlib; bootstrap.LOG = pathlib.Path(sys.argv[1]) / 'log'\n"
        "print(bootstrap.step('Doing it', ['/no/such/program'], may_fail=True))",
        str(tmp_path),
    )
    assert "failed" in done.stdout
    assert "False" in done.stdout


@pytest.mark.parametrize(
    ("there", "fits"),
    [
        ({"a": {"integrity": "1"}, "b": {"integrity": "2"}}, True),
        ({"a": {"integrity": "1"}}, False),
        ({"a": {"integrity": "1"}, "b": {"integrity": "old"}}, False),
        (None, False),
    ],
)
def test_console_packages_are_installed_when_they_differ_from_the_lock(
    tmp_path: Path, there: dict[str, object] | None, fits: bool
) -> None:
    lock = {"": {}, "a": {"integrity": "1"}, "b": {"integrity": "2"}, "c": {"optional": True}}
    (tmp_path / "package-lock.json").write_text(json.dumps({"packages": lock}))
    if there is not None:
        (tmp_path / "node_modules").mkdir()
        text = json.dumps({"packages": there})
        (tmp_path / "node_modules/.package-lock.json").write_text(text)
    done = run(
        "import pathlib; bootstrap.CONSOLE = pathlib.Path(sys.argv[1])\n"
        "print(bootstrap.console_packages_fit())",
        str(tmp_path),
    )
    assert done.stdout.strip() == str(fits), done.stderr


def test_what_a_console_build_stands_on_is_its_sources_alone(tmp_path: Path) -> None:
    for name in ("src/a.ts", "node_modules/x/y.js", "dist/index.html", "tests/t.ts", "index.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    done = run(
        "import pathlib; bootstrap.CONSOLE = pathlib.Path(sys.argv[1])\n"
        "print(sorted(p.name for p in bootstrap.console_sources()))",
        str(tmp_path),
    )
    assert done.stdout.strip() == "['a.ts', 'index.html']", done.stderr


def test_help_of_the_scripts_starts_nothing() -> None:
    for script in ("run", "test"):
        done = subprocess.run(
            [str(SCRIPTS / script), "--help"], capture_output=True, text=True, timeout=15
        )
        assert done.returncode == 0
        assert "usage:" in done.stdout.lower()
