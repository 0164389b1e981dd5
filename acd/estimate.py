"""How long will this caller wait? What a queue has learned about itself, and the formulas.

`wait` is exact for Poisson or any other arrivals, exponential handling and patience, and agents
who serve this queue alone: with n ahead, s agents, handling rate mu and abandonment rate theta per
caller, the wait is a sum of independent exponential times of rates s*mu + i*theta, i = 0..n
(the "QLm" estimator; Ibrahim and Whitt, "Real-time delay estimation", 2009). Before a handling time
has been seen, the wait of the last caller who entered service (LES) is the answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import log, sqrt

# Each observation weighs this much less than the next: half after 138 observations.
FORGET = 0.995
# Callers ahead that are added up one by one; the rest by an integral (error below 1e-6).
EXACT_MAX = 64


@dataclass(slots=True)
class Rate:
    """Events per second of exposure, older observations fading."""

    events: float = 0.0
    seconds: float = 0.0

    def saw(self, events: float, seconds: float) -> None:
        self.events = self.events * FORGET + events
        self.seconds = self.seconds * FORGET + seconds

    @property
    def value(self) -> float | None:
        return self.events / self.seconds if self.seconds > 0.0 else None


@dataclass(slots=True)
class WaitModel:
    """One queue's memory: handling rate, abandonment rate, wait of the last to enter service."""

    handling: Rate = field(default_factory=Rate)
    abandoning: Rate = field(default_factory=Rate)
    last_wait: float | None = None

    def copy(self) -> WaitModel:
        return WaitModel(replace(self.handling), replace(self.abandoning), self.last_wait)

    def handled(self, seconds: float) -> None:
        self.handling.saw(1.0, max(seconds, 0.0))

    def served(self, waited: float) -> None:
        self.last_wait = max(waited, 0.0)
        self.abandoning.saw(0.0, max(waited, 0.0))

    def abandoned(self, waited: float) -> None:
        self.abandoning.saw(1.0, max(waited, 0.0))

    def wait(self, ahead: int, servers: float) -> tuple[float, float] | None:
        """Low and high of the remaining wait with `ahead` entries in front: the mean less and
        plus one standard deviation. None if nothing is known yet or nobody works."""
        mu = self.handling.value
        if servers <= 0.0:
            return None
        if mu is None:
            return None if self.last_wait is None else (0.5 * self.last_wait, 1.5 * self.last_wait)
        mean, variance = moments(ahead, servers * mu, self.abandoning.value or 0.0)
        spread = sqrt(variance)
        return max(mean - spread, 0.0), mean + spread


def moments(ahead: int, rate: float, theta: float) -> tuple[float, float]:
    """Mean and variance of the sum over i = 0..ahead of Exp(rate + i*theta)."""
    exact = min(ahead, EXACT_MAX)
    mean = variance = 0.0
    for i in range(exact + 1):
        step = 1.0 / (rate + i * theta)
        mean += step
        variance += step * step
    if ahead > exact:
        more_mean, more_variance = _rest(exact + 1, ahead, rate, theta)
        mean += more_mean
        variance += more_variance
    return mean, variance


def _rest(start: int, end: int, rate: float, theta: float) -> tuple[float, float]:
    """The terms start..end by the midpoint rule (with theta 0 all terms are equal)."""
    if theta <= 0.0:
        count = end - start + 1
        return count / rate, count / (rate * rate)
    low = rate + (start - 0.5) * theta
    high = rate + (end + 0.5) * theta
    return log(high / low) / theta, (1.0 / low - 1.0 / high) / theta
