"""Every decision equal to going through all entries and all agents each time, over random
histories with every strategy, rings, skills, priorities, preferences, reserves and changes of
configuration."""

from __future__ import annotations

import pytest

from acd.router import Router
from tests.acd.history import History

pytestmark = [pytest.mark.pure, pytest.mark.timeout(900)]

STEPS = 300


def test_every_decision_is_that_of_the_exhaustive_scan(nightly: bool) -> None:
    seeds, least = (2000, 100_000) if nightly else (150, 7_000)
    decisions = 0
    for seed in range(seeds):
        history = History(seed, Router())
        for _ in range(STEPS):
            decisions += history.step()
    assert decisions >= least
