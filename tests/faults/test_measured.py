"""Figures and their tables."""

from __future__ import annotations

import pytest

from tests.faults.measured import SECTION, at_most, exactly, quantile, slope
from tests.figure_table import Figure

pytestmark = pytest.mark.pure

PAGE = f"# Faults\n{SECTION.begin}\nold\n{SECTION.end}\nThe end\n"


def test_a_goal_is_met_or_missed() -> None:
    assert at_most("F1", "adopt", 0.9, 1, " s") == Figure(
        "F1", "adopt", "at most 1 s", "0.9 s", True
    )
    assert at_most("F1", "dropped", 1, 0).verdict == "**missed**"
    assert exactly("F7", "rows", 100, 100).met


def test_a_run_of_some_keeps_the_figures_of_the_others() -> None:
    old = at_most("F10", "old", 3, 2, " s", "slow machine")
    first = SECTION.with_table(PAGE, [old, at_most("F2", "two", 1, 2)], "yesterday")
    page = SECTION.with_table(first, [at_most("F2", "two", 2, 2)], "today")
    assert page.startswith("# Faults\n")
    assert page.endswith("\nThe end\n")
    assert "today" in page
    assert "yesterday" not in page
    assert SECTION.rows_of(page) == [at_most("F2", "two", 2, 2), old]


def test_quantiles_and_slopes() -> None:
    assert quantile([], 0.95) == 0.0
    assert quantile(range(100), 0.95) == 95
    assert slope([(0, 5), (1, 7), (2, 9)]) == pytest.approx(2)
    assert slope([(1, 1)]) == 0.0
