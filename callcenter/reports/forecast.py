"""How many calls will come, from how many came: a seasonal mean, with its error on the past. Pure.

The forecast of an interval is the weighted mean of the same interval on the same weekday of the
last weeks; each week counts `FADING` times as much as the one after it. Days on which nobody called
at all (closed, or before the centre began) say nothing and are left out. Calls of a centre go by
weekday and hour; a mean of few weeks follows a drift, and one odd day moves it little. What it is
worth is shown beside it: the last weeks are forecast from what was known a week before each day,
and compared with what came, and with the plainest rule there is, last week once more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

WEEKS = 8
FADING = 0.8
TEST_DAYS = 28
AHEAD_DAYS = 7

Counts = Mapping[tuple[date, int], float]
"""Calls by day and interval of the day (0 is the one that begins at midnight)."""


@dataclass(frozen=True, slots=True)
class Error:
    """Sum of what each interval was off ÷ sum of what came (WAPE); `naive`: of last week once more.
    None: there is not enough past."""

    ours: float | None
    naive: float | None
    days: int


class History:
    def __init__(self, counts: Counts) -> None:
        self._counts = counts
        self._open: dict[date, float] = defaultdict(float)
        for (day, _), calls in counts.items():
            self._open[day] += calls

    @property
    def slots(self) -> list[int]:
        return sorted({slot for _, slot in self._counts})

    def forecast(self, day: date, slot: int, known_until: date) -> float | None:
        """Calls in that interval, from days before `known_until`. None: no such weekday there."""
        weight, total, weights = 1.0, 0.0, 0.0
        found = 0
        back = day
        for _ in range(3 * WEEKS):
            back -= timedelta(days=7)
            if back >= known_until:
                continue
            if self._open.get(back, 0.0) > 0.0:
                total += weight * self._counts.get((back, slot), 0.0)
                weights += weight
                found += 1
                if found == WEEKS:
                    break
            weight *= FADING
        return total / weights if weights else None

    def error(self, today: date) -> Error:
        """On the last four weeks, each day forecast from what was known a week before."""
        ours = naive = came = 0.0
        days = 0
        for number in range(1, TEST_DAYS + 1):
            day = today - timedelta(days=number)
            week_before = day - timedelta(days=7)
            if not self._open.get(day) or not self._open.get(week_before):
                continue
            known = day - timedelta(days=AHEAD_DAYS - 1)
            days += 1
            for slot in self.slots:
                actual = self._counts.get((day, slot), 0.0)
                came += actual
                ours += abs(actual - (self.forecast(day, slot, known) or 0.0))
                naive += abs(actual - self._counts.get((week_before, slot), 0.0))
        if not came:
            return Error(None, None, 0)
        return Error(ours / came, naive / came, days)
