"""A line fitted to what happened: recursive least squares with a little forgetting.

Four coefficients, updated with each observation in constant time (Haykin, Adaptive Filter Theory,
ch. 9). It is what a waiting-time formula falls short of when agents serve several queues: the
weights find out how much of the line ahead, of the last wait and of the whole centre's load counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field

# Each observation weighs this much less than the next: half after 693 observations.
FORGET = 0.999
# The spread of the weights believed in before anything was seen.
UNSURE = 10.0
SIZE = 4

Features = tuple[float, float, float, float]


def _unsure() -> list[list[float]]:
    return [[UNSURE if i == j else 0.0 for j in range(SIZE)] for i in range(SIZE)]


@dataclass(slots=True)
class Line:
    """`weights` start at "the first figure is right": features[1] counts fully."""

    weights: list[float] = field(default_factory=lambda: [0.0, 1.0, 0.0, 0.0])
    spread: list[list[float]] = field(default_factory=_unsure)
    seen: int = 0

    def at(self, features: Features) -> float:
        return sum(w * x for w, x in zip(self.weights, features, strict=True))

    def learn(self, features: Features, truth: float) -> None:
        spread = self.spread
        gains = [sum(spread[i][j] * features[j] for j in range(SIZE)) for i in range(SIZE)]
        scale = FORGET + sum(features[i] * gains[i] for i in range(SIZE))
        miss = truth - self.at(features)
        for i in range(SIZE):
            self.weights[i] += gains[i] / scale * miss
        for i in range(SIZE):
            for j in range(SIZE):
                spread[i][j] = (spread[i][j] - gains[i] * gains[j] / scale) / FORGET
        # Directions that are never seen would grow without end.
        if sum(spread[i][i] for i in range(SIZE)) > SIZE * UNSURE * 100:
            self.spread = _unsure()
        self.seen += 1

    def copy(self) -> Line:
        return Line(list(self.weights), [list(row) for row in self.spread], self.seen)
