"""A figure beside its goal, and the tables that are made of them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BEGIN, END = "<!-- faults: begin -->", "<!-- faults: end -->"


@dataclass(frozen=True, slots=True)
class Figure:
    """`what` was measured, what is to be reached (`goal`) and what was `seen`. `reason`: why it
    was missed, or what the figure does not say."""

    test: str
    what: str
    goal: str
    seen: str
    met: bool
    reason: str = ""

    @property
    def verdict(self) -> str:
        return "met" if self.met else "**missed**"


def at_most(
    test: str, what: str, seen: float, limit: float, unit: str = "", reason: str = ""
) -> Figure:
    goal = f"{limit:g}{unit}" if limit == 0 else f"at most {limit:g}{unit}"
    return Figure(test, what, goal, f"{seen:.3g}{unit}", seen <= limit, reason)


def exactly(test: str, what: str, seen: float, goal: float, reason: str = "") -> Figure:
    return Figure(test, what, f"{goal:g}", f"{seen:g}", seen == goal, reason)


def quantile(values: Iterable[float], part: float) -> float:
    """0 of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Least squares: by how much the value grows in a unit of the first."""
    count = len(points)
    if count < 2:
        return 0.0
    mean_x = sum(x for x, _ in points) / count
    mean_y = sum(y for _, y in points) / count
    below = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / below if below else 0.0


def plain(figures: Sequence[Figure]) -> str:
    """For a terminal."""
    rows = [("", "what", "goal", "seen", "")]
    rows += [(f.test, f.what, f.goal, f.seen, f.verdict.strip("*")) for f in figures]
    widths = [max(len(row[place]) for row in rows) for place in range(5)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    lines += [f"{f.test} {f.what}: {f.reason}" for f in figures if f.reason]
    return "\n".join(lines)


def table(figures: Sequence[Figure]) -> str:
    """For the page."""
    lines = ["| | what | goal | seen | verdict |", "|---|---|---|---|---|"]
    for f in figures:
        seen = f"{f.seen}; {f.reason}" if f.reason else f.seen
        lines.append(f"| {f.test} | {f.what} | {f.goal} | {seen} | {f.verdict} |")
    return "\n".join(lines)


def rows_of(page: str) -> list[Figure]:
    """The figures that stand in a page, so that a run of some tests keeps the others'."""
    inside = page.partition(BEGIN)[2].partition(END)[0]
    found = []
    for line in inside.splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split(" | ")]
        if len(cells) == 5 and re.fullmatch(r"F[0-9]+", cells[0]):
            seen, _, reason = cells[3].partition("; ")
            found.append(Figure(cells[0], cells[1], cells[2], seen, cells[4] == "met", reason))
    return found


def with_table(page: str, figures: Sequence[Figure], said: str) -> str:
    """The page with these figures, and those of other tests that it had; `said` stands above."""
    fresh = {figure.test for figure in figures}
    kept = [figure for figure in rows_of(page) if figure.test not in fresh]
    every = sorted([*kept, *figures], key=lambda figure: int(figure.test[1:]))
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n{said}\n\n{table(every)}\n{END}{after}"
