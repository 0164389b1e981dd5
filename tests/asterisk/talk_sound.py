"""What is in the raw file of a recorded talk: two channels of 16-bit samples, 8,000 a second."""

from __future__ import annotations

import array
from pathlib import Path

from tests.asterisk.tones import RATE, share


class TalkSound:
    """`left`: the caller, `right`: what he heard."""

    def __init__(self, file: Path) -> None:
        samples = array.array("h")
        samples.frombytes(file.read_bytes()[: file.stat().st_size // 4 * 4])
        self.left, self.right = samples[0::2], samples[1::2]

    @property
    def seconds(self) -> float:
        return len(self.left) / RATE

    def part(self, side: str, tone: float, begin: float, end: float) -> float:
        """The share of this tone in what a side says between two moments (0 to 1)."""
        samples = self.left if side == "left" else self.right
        return share(samples[int(begin * RATE) : int(end * RATE)], tone)

    def silences(self, seconds_min: float = 0.3) -> list[tuple[float, float]]:
        """Where both sides are exactly 0 for so long: (from, to) in seconds."""
        found: list[tuple[float, float]] = []
        began: int | None = None
        for place in range(len(self.left) + 1):
            still = place < len(self.left) and self.left[place] == 0 == self.right[place]
            if still and began is None:
                began = place
            elif not still and began is not None:
                if (place - began) / RATE >= seconds_min:
                    found.append((began / RATE, place / RATE))
                began = None
        return found
