"""How long will this caller wait? What a queue has learned about itself, and three ways to tell.

* *exact*: with exponential handling and patience and agents who serve this queue alone, n ahead,
  s agents, handling rate mu and abandonment rate theta a caller, the wait is a sum of independent
  exponential times of rates s*mu + i*theta, i = 0..n ("QLm"; Ibrahim and Whitt 2009);
* *last*: the wait of the last caller who entered service ("LES", ibid.): needs no knowledge at all;
* *learned*: a line through both and the load of the whole centre, fitted to this queue's own calls;
  for agents with several queues, where no formula holds (Thiongane, Chan, L'Ecuyer 2020).

Each served caller who had to wait is a test of all three: their errors are measured, and the one
that has been best here is used (exact, until another one is clearly better).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import log, sqrt
from typing import Literal, NamedTuple

from acd.learned import Features, Line

# Each observation weighs this much less than the next: half after 138 observations.
FORGET = 0.995
# Callers ahead that are added up one by one; the rest by an integral (error below 1e-6).
EXACT_MAX = 64
# Another way than the exact one must have been tested so often, and be so much better, to be used.
TESTS_MIN = 200
CLEARLY = 0.9
# Who was served within this many seconds did not wait: that says nothing about waiting.
TOLD_MIN = 1.0
# Times are learned in units of 100 s, so that all figures are of the size of 1.
SCALE = 100.0


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


Way = Literal["exact", "last", "learned"]


class Sight(NamedTuple):
    """What is seen when a wait is estimated: entries ahead, agents at work in the queue, entries in
    line in the whole centre, and the last wait then."""

    ahead: int
    servers: float
    everywhere: int
    last_wait: float | None


@dataclass(frozen=True, slots=True)
class EstimateErrors:
    """What may be shown beside an estimate: the way in use, on how many served callers it was
    tested, its root-mean-square error and its bias (positive: it says too much), in seconds."""

    way: Way
    tests: int
    root_mean_square: float
    bias: float


@dataclass(slots=True)
class Errors:
    """How far off a way has been, in seconds, older tests fading: root mean square and mean
    (positive: it said too much)."""

    tests: int = 0
    squares: float = 0.0
    sums: float = 0.0
    weight: float = 0.0

    def saw(self, error: float) -> None:
        self.tests += 1
        self.squares = self.squares * FORGET + error * error
        self.sums = self.sums * FORGET + error
        self.weight = self.weight * FORGET + 1.0

    @property
    def root_mean_square(self) -> float:
        return sqrt(self.squares / self.weight) if self.weight else 0.0

    @property
    def bias(self) -> float:
        return self.sums / self.weight if self.weight else 0.0


@dataclass(slots=True)
class WaitModel:
    """One queue's memory: handling rate, abandonment rate, last wait, and how good each way was."""

    handling: Rate = field(default_factory=Rate)
    abandoning: Rate = field(default_factory=Rate)
    last_wait: float | None = None
    line: Line = field(default_factory=Line)
    errors: dict[Way, Errors] = field(
        default_factory=lambda: {"exact": Errors(), "last": Errors(), "learned": Errors()}
    )

    def copy(self) -> WaitModel:
        return WaitModel(
            replace(self.handling),
            replace(self.abandoning),
            self.last_wait,
            self.line.copy(),
            {way: replace(errors) for way, errors in self.errors.items()},
        )

    def handled(self, seconds: float) -> None:
        self.handling.saw(1.0, max(seconds, 0.0))

    def abandoned(self, waited: float) -> None:
        self.abandoning.saw(1.0, max(waited, 0.0))

    def served(self, waited: float, sight: Sight | None = None) -> None:
        """A caller was answered after `waited`; `sight`: what was seen when he joined."""
        waited = max(waited, 0.0)
        self.abandoning.saw(0.0, waited)
        if sight is not None and waited > 0.0:
            self._test(waited, sight)
        self.last_wait = waited

    def _test(self, waited: float, sight: Sight) -> None:
        exact = self._exact(sight)
        if exact is None or sight.last_wait is None:
            return
        features = self._features(sight, exact[0])
        self.errors["exact"].saw(exact[0] - waited)
        self.errors["last"].saw(sight.last_wait - waited)
        self.errors["learned"].saw(max(self.line.at(features) * SCALE, 0.0) - waited)
        self.line.learn(features, waited / SCALE)

    def _exact(self, sight: Sight) -> tuple[float, float] | None:
        mu = self.handling.value
        if mu is None or sight.servers <= 0.0:
            return None
        return moments(sight.ahead, sight.servers * mu, self.abandoning.value or 0.0)

    def _features(self, sight: Sight, exact: float) -> Features:
        mu = self.handling.value or 1.0
        load = sight.everywhere / (max(sight.servers, 1.0) * mu)
        return 1.0, exact / SCALE, (sight.last_wait or 0.0) / SCALE, load / SCALE

    @property
    def way(self) -> Way:
        """The way that is used now."""
        if self.handling.value is None:
            return "last"
        best: Way = "exact"
        for way in ("last", "learned"):
            errors = self.errors[way]
            if errors.tests >= TESTS_MIN and errors.root_mean_square < (
                CLEARLY * self.errors["exact"].root_mean_square
            ):
                if best == "exact" or errors.root_mean_square < (
                    self.errors[best].root_mean_square
                ):
                    best = way
        return best

    def wait(self, sight: Sight, head: float = 0.0) -> tuple[float, float] | None:
        """Low and high of the wait: the expected one less and plus its standard deviation (of the
        formula, or as measured). None if nothing is known yet or nobody works. `head`: how long the
        first in line has waited so far; before a handling time has been seen it says more than a
        last wait that was shorter ("HOL", Ibrahim and Whitt)."""
        if sight.servers <= 0.0:
            return None
        exact = self._exact(sight)
        if exact is None:
            seen = max(self.last_wait or 0.0, head)
            return (0.5 * seen, 1.5 * seen) if seen >= TOLD_MIN else None
        way = self.way
        if way == "exact":
            middle, spread = exact[0], sqrt(exact[1])
        else:
            spread = self.errors[way].root_mean_square
            if way == "last":
                middle = sight.last_wait or 0.0
            else:
                middle = max(self.line.at(self._features(sight, exact[0])) * SCALE, 0.0)
        return max(middle - spread, 0.0), middle + spread


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
