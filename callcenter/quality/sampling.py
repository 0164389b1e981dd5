"""Which recordings of a week are to be evaluated: at random, seeded, and always the same. Pure.

Each recording gets a place by a hash of the plan's seed, the week, the agent and its own id; the
first n of each agent are taken. So a second drawing in the same week takes the same ones, and a
recording that comes late neither moves what was drawn nor has another chance than the others.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Candidate:
    recording: str
    agent: str


@dataclass(frozen=True, slots=True)
class Week:
    """Monday to Sunday of one place's clock; `until` is the next Monday's midnight."""

    monday: date
    since: datetime
    until: datetime


def week_of(moment: datetime, zone: str) -> Week:
    clock = ZoneInfo(zone)
    today = moment.astimezone(clock).date()
    monday = today - timedelta(days=today.weekday())

    def midnight(day: date) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=clock)

    return Week(monday, midnight(monday), midnight(monday + timedelta(days=7)))


def draw(
    candidates: Iterable[Candidate],
    per_agent: int,
    *,
    seed: int,
    week: date,
    drawn: Collection[Candidate] = (),
) -> list[Candidate]:
    """What is to be added to what was `drawn` before, in a settled order."""
    had: defaultdict[str, int] = defaultdict(int)
    for one in drawn:
        had[one.agent] += 1
    found = []
    for one in sorted(set(candidates) - set(drawn), key=lambda one: _place(one, seed, week)):
        if had[one.agent] < per_agent:
            had[one.agent] += 1
            found.append(one)
    return sorted(found, key=lambda one: (one.agent, one.recording))


def _place(one: Candidate, seed: int, week: date) -> bytes:
    words = f"{seed}|{week.isoformat()}|{one.agent}|{one.recording}"
    return hashlib.sha256(words.encode()).digest()
