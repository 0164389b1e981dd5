"""From the clock to the file: a recording holds what was spoken, one stretch after the other.

Hold and consultation are not in the file, so a moment of the call lies at the sum of the stretches
before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Stretches = Sequence[Sequence[float]]
BEFORE_SECONDS = 0.3  # what was said while the pause was being asked for belongs to it


def place(spoken: Stretches, moment: float) -> float:
    """Seconds from the file's beginning at which `moment` (UNIX seconds) lies; what lies in none of
    the stretches is where the next one begins."""
    passed = 0.0
    for since, until in spoken:
        if moment < since:
            return passed
        if moment <= until:
            return passed + moment - since
        passed += until - since
    return passed


def windows(
    spoken: Stretches, pauses: Sequence[Mapping[str, Any]]
) -> list[tuple[float, float, float | None]]:
    """The pauses in seconds of the file: from, to, and from when on it must be silent already."""
    found: list[tuple[float, float, float | None]] = []
    for pause in pauses:
        since = pause["since"]
        begin = max(0.0, place(spoken, pause["asked_at"]) - BEFORE_SECONDS)
        # Never confirmed: the recording was stopped; nothing of what may have come after is kept.
        end = place(spoken, pause["until"]) if since is not None else place(spoken, 1e12) + 60.0
        found.append((begin, end, None if since is None else place(spoken, since)))
    return found


def holds(spoken: Stretches) -> list[float]:
    """Where in the file the talk was interrupted by hold or consultation."""
    return [place(spoken, since) for since, _ in spoken[1:]]
