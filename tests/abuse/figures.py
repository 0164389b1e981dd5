"""What an abuse test is to reach, what was seen, and the page that tells it. No test knows another.

A test notes its figure, whatever it is, and then fails when it was missed; `python -m tests.abuse`
gathers the notes of one run into the table between the marks of docs/reliability.md.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

BEGIN, END = "<!-- abuse: begin -->", "<!-- abuse: end -->"
FULL = "CALLCENTER_ABUSE_FULL"
"""The share of the full counts; absent: short forms."""
NOTES = "CALLCENTER_ABUSE_NOTES"
SEED = 20_261


@dataclass(frozen=True, slots=True)
class Figure:
    """`test`: A1 to A14. `reason`: why it was missed, or what the figure does not say."""

    test: str
    what: str
    goal: str
    seen: str
    met: bool
    reason: str = ""

    @property
    def verdict(self) -> str:
        return "met" if self.met else "**missed**"


class Abuse:
    """How much of it is to be done, and where figures go."""

    share = float(os.environ.get(FULL, "0"))
    full = share > 0

    def count(self, short: int, full: int) -> int:
        """So many cases: few for the gate, all (or a share) for `scripts/test abuse`."""
        return max(short, round(full * self.share)) if self.full else short

    def note(
        self, test: str, what: str, goal: str, seen: str, met: bool, reason: str = ""
    ) -> Figure:
        """Keep a figure without failing: for tests that have several."""
        figure = Figure(test, what, goal, seen, met, reason)
        path = os.environ.get(NOTES)
        if path:
            with Path(path).open("a") as file:
                file.write(json.dumps(asdict(figure), ensure_ascii=False) + "\n")
        return figure

    def reached(
        self, test: str, what: str, goal: str, seen: str, met: bool, reason: str = ""
    ) -> None:
        """Keep a figure, and fail when it was missed."""
        figure = self.note(test, what, goal, seen, met, reason)
        assert figure.met, f"{test} {what}: {goal} wanted, {seen} seen. {reason}"


def read_notes(path: Path) -> list[Figure]:
    if not path.exists():
        return []
    return [Figure(**json.loads(line)) for line in path.read_text().splitlines()]


def plain(figures: Sequence[Figure]) -> str:
    """For a terminal."""
    rows = [("", "what", "goal", "seen", "")]
    rows += [(f.test, f.what, f.goal, f.seen, f.verdict.strip("*")) for f in in_order(figures)]
    widths = [max(len(row[place]) for row in rows) for place in range(5)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    lines += [f"{f.test} {f.what}: {f.reason}" for f in in_order(figures) if f.reason]
    return "\n".join(lines)


def table(figures: Iterable[Figure]) -> str:
    """For the page."""
    lines = ["| | what | goal | seen | verdict |", "|---|---|---|---|---|"]
    for f in in_order(figures):
        seen = f"{f.seen}; {f.reason}" if f.reason else f.seen
        cells = (f.test, f.what, f.goal, seen, f.verdict)
        lines.append("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |")
    return "\n".join(lines)


def in_order(figures: Iterable[Figure]) -> list[Figure]:
    return sorted(figures, key=lambda figure: int(figure.test[1:]))


def rows_of(page: str) -> list[Figure]:
    """The figures that stand in a page, so that a run of some tests keeps the others'."""
    inside = page.partition(BEGIN)[2].partition(END)[0]
    found = []
    for line in inside.splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split(" | ")]
        if len(cells) == 5 and re.fullmatch(r"A[0-9]+", cells[0]):
            seen, _, reason = cells[3].partition("; ")
            found.append(Figure(cells[0], cells[1], cells[2], seen, cells[4] == "met", reason))
    return found


def with_table(page: str, figures: Sequence[Figure], said: str) -> str:
    """The page with these figures, and those of other tests that it had; `said` stands above."""
    fresh = {figure.test for figure in figures}
    kept = [figure for figure in rows_of(page) if figure.test not in fresh]
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n{said}\n\n{table([*kept, *figures])}\n{END}{after}"
