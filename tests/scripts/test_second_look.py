"""A failure on the busy machine is tried again alone: by the right name, and never too kindly."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from scripts.second_look import TESTS_MAX, failed_tests, passes_alone

pytestmark = pytest.mark.pure

MODULE = """
import pytest

def test_good(): pass

@pytest.mark.parametrize("word", ["a b", "x/y"])
def test_words(word): assert word == "a b"

class TestOf:
    def test_bad(self): assert False

@pytest.fixture
def broken(): raise OSError("no")

def test_that_cannot_begin(broken): pass
"""


def run(folder: Path, *names: str) -> int:
    return subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *("--rootdir", str(folder), "-o", "junit_family=xunit1"),
            *("--continue-on-collection-errors", f"--junitxml={folder / 'report.xml'}"),
            *(names or (".",)),
        ],
        cwd=folder,
        capture_output=True,
        check=False,
    ).returncode


def test_failed_tests_are_found_by_names_that_pytest_takes(tmp_path: Path) -> None:
    (tmp_path / "within").mkdir()
    (tmp_path / "within" / "test_it.py").write_text(MODULE)
    assert run(tmp_path) == 1
    names = failed_tests(tmp_path / "report.xml")
    assert names == [
        "within/test_it.py::test_words[x/y]",
        "within/test_it.py::TestOf::test_bad",
        "within/test_it.py::test_that_cannot_begin",
    ]
    assert run(tmp_path, *names) == 1
    assert failed_tests(tmp_path / "report.xml") == names


def test_a_module_that_cannot_be_read_has_no_second_look(tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text("def test_bad(): assert False")
    (tmp_path / "test_two.py").write_text("import nothing_of_this_name")
    assert run(tmp_path) == 1
    assert failed_tests(tmp_path / "report.xml") == []


@pytest.mark.parametrize(
    ("results", "tests", "verdict", "runs"),
    [
        ([True, True, True], 1, True, 3),
        ([True, True, False], 1, False, 3),
        ([False], 2, False, 1),
        ([], 0, False, 0),
        ([], TESTS_MAX + 1, False, 0),
    ],
)
def test_it_has_to_pass_three_times(
    results: list[bool], tests: int, verdict: bool, runs: int
) -> None:
    asked: list[list[str]] = []

    def once(names: Sequence[str]) -> bool:
        asked.append(list(names))
        return results[len(asked) - 1]

    assert passes_alone([f"test_{n}" for n in range(tests)], once) is verdict
    assert len(asked) == runs
