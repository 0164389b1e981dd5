"""Acts that are done are not run again, and the page says of which sources each was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.results import BROKEN_OFF, Result, figures_of, keep, kept, mark_of, said, to_run
from tests.figure_table import Figure

pytestmark = pytest.mark.pure

MET = Figure("F3", "callers dropped", "0", "0", True)
MISSED = Figure("F12", "noticed", "at most 1 s", "3 s", False, "nobody looked")
DONE = Result("abc", "2026-11-29", 7, 1.0, 61.5, (4.0, 9.0), (MET,))


def test_what_was_kept_is_read_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "faults" / "results.json"
    assert kept(path) == {}
    results = {"F3": DONE, "F12": replace(DONE, figures=(MISSED,))}
    keep(path, results)
    assert kept(path) == results
    assert figures_of(kept(path)) == [MET, MISSED]


@pytest.mark.parametrize(
    "other",
    [
        replace(DONE, code="other"),
        replace(DONE, seed=8),
        replace(DONE, share=0.1),
        replace(DONE, figures=(replace(MET, seen=BROKEN_OFF, met=False),)),
    ],
)
def test_an_act_is_run_again_unless_it_was_done_in_the_same_way(other: Result) -> None:
    assert to_run(["F1", "F3"], {"F3": DONE}, DONE) == ["F1"]
    assert to_run(["F1", "F3"], {"F3": other}, DONE) == ["F1", "F3"]


def test_an_act_that_showed_a_miss_is_done() -> None:
    assert to_run(["F12"], {"F12": replace(DONE, figures=(MISSED,))}, DONE) == []


def test_the_page_says_what_was_run_how_and_on_what() -> None:
    later = replace(DONE, code="def", day="2026-11-30", share=0.1)
    assert said({"F12": later, "F3": DONE}, "def", 2) == (
        "Run 2026-11-29 and 2026-11-30 on 2 cores, seed 7:"
        " F3 (62 s, load 4 to 9), F12 (62 s, load 4 to 9, at 0.1 of its size)."
        " On older sources than the last one: F3."
    )


def test_another_line_in_the_sources_is_another_state(tmp_path: Path) -> None:
    source = tmp_path / "acd" / "router.py"
    source.parent.mkdir()
    source.write_text("one")
    before = mark_of(tmp_path)
    (tmp_path / "acd" / "notes.txt").write_text("of no consequence")
    assert mark_of(tmp_path) == before
    source.write_text("two")
    assert mark_of(tmp_path) != before
