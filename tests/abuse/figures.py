"""What an abuse test is to reach, what was seen, and the page that tells it. No test knows another.

A test notes its figure, whatever it is, and then fails when it was missed; `python -m tests.abuse`
gathers the notes of one run into the table between the marks of docs/reliability.md.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

from tests.figure_table import Figure, Section

SECTION = Section("abuse", "A")
FULL = "CALLCENTER_ABUSE_FULL"
"""The share of the full counts; absent: short forms."""
NOTES = "CALLCENTER_ABUSE_NOTES"
SEED = 20_261


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
