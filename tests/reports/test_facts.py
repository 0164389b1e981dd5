"""The facts of the reports against the centre's own counters, over simulated stories."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from callcenter.core.state import QueueDay
from callcenter.reports.books import Fact
from callcenter.reports.facts import facts_of
from tests.reports.ledgers import books_of
from tests.simulation.play import play

pytestmark = pytest.mark.pure

SEEDS = range(5000, 5008)
MISSED = ("no-answer", "rejected")


def counted(facts: list[Fact]) -> dict[str, QueueDay]:
    """The day of each queue, counted from facts."""
    days: dict[str, QueueDay] = {}
    for fact in facts:
        if fact.kind != "line" or fact.again or fact.outcome == "returned":
            continue
        day = days.setdefault(fact.queue, QueueDay())
        day.offered += 1
        day.answered += fact.outcome == "answered"
        day.answered_in_target += fact.outcome == "answered" and fact.wait_ms <= fact.target_ms
        day.abandoned += fact.outcome == "abandoned"
        day.diverted += fact.outcome in ("overflowed", "moved", "diverted")
    return days


@pytest.mark.parametrize("seed", SEEDS)
def test_the_facts_say_what_the_wallboard_said(seed: int, tmp_path: Path) -> None:
    world = play(seed, 300, tmp_path, faults=False)
    targets = {id: queue.service_level_seconds for id, queue in world.config.queues.items()}
    facts = [fact for books in books_of(world, targets) for fact in facts_of(books)]
    shown = {id: day for id, day in world.centre.state.days.items() if day != QueueDay()}
    assert counted(facts) == shown
    handled = Counter(fact.agent for fact in facts if fact.kind == "part")
    assert sum(handled.values()) == len(world.store.parts)
    offers = [fact for fact in facts if fact.kind == "offer"]
    missed = Counter(fact.agent for fact in offers if fact.outcome in MISSED)
    seats = world.centre.state.seats.values()
    assert missed == Counter({seat.agent: seat.missed for seat in seats if seat.missed})
