"""A figure beside its goal, and tables of them: for a terminal, for a section of a page. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`test`: F1, A14. `what` was measured, what is to be reached (`goal`) and what was `seen`.
    `reason`: why it was missed, or what the figure does not say."""

    test: str
    what: str
    goal: str
    seen: str
    met: bool
    reason: str = ""

    @property
    def verdict(self) -> str:
        return "met" if self.met else "**missed**"


def in_order(figures: Iterable[Figure]) -> list[Figure]:
    return sorted(figures, key=lambda figure: int(figure.test[1:]))


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


def table(figures: Iterable[Figure]) -> str:
    """For a page."""
    lines = ["| | what | goal | seen | verdict |", "|---|---|---|---|---|"]
    for f in figures:
        seen = f"{f.seen}; {f.reason}" if f.reason else f.seen
        cells = (f.test, f.what, f.goal, seen, f.verdict)
        lines.append("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |")
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Section:
    """The part of a page between the marks of `name`, whose tests begin with `letter`."""

    name: str
    letter: str

    @property
    def begin(self) -> str:
        return f"<!-- {self.name}: begin -->"

    @property
    def end(self) -> str:
        return f"<!-- {self.name}: end -->"

    def rows_of(self, page: str) -> list[Figure]:
        """The figures that stand there, so that a run of some tests keeps the others'."""
        inside = page.partition(self.begin)[2].partition(self.end)[0]
        found = []
        for line in inside.splitlines():
            cells = [cell.strip() for cell in line.strip("| ").split(" | ")]
            if len(cells) == 5 and re.fullmatch(rf"{self.letter}[0-9]+", cells[0]):
                seen, _, reason = cells[3].partition("; ")
                found.append(Figure(cells[0], cells[1], cells[2], seen, cells[4] == "met", reason))
        return found

    def with_table(self, page: str, figures: Sequence[Figure], said: str) -> str:
        """The page with these figures and those of other tests that it had; `said` stands above."""
        fresh = {figure.test for figure in figures}
        kept = [figure for figure in self.rows_of(page) if figure.test not in fresh]
        before, _, rest = page.partition(self.begin)
        after = rest.partition(self.end)[2]
        rows = table(in_order([*kept, *figures]))
        return f"{before}{self.begin}\n{said}\n\n{rows}\n{self.end}{after}"
