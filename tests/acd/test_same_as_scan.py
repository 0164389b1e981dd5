"""Every decision equal to going through all entries and all agents each time, over random
histories with every strategy, rings, skills, priorities, preferences, reserves and changes of
configuration."""

from __future__ import annotations

import copy
import pickle

import pytest

from acd.model import Entry
from acd.router import Router
from tests.acd.centre import agent, queue
from tests.acd.history import History

pytestmark = [pytest.mark.pure, pytest.mark.timeout(7200)]

STEPS = 300


def test_every_decision_is_that_of_the_exhaustive_scan(nightly: bool) -> None:
    seeds, least = (2500, 100_000) if nightly else (40, 1_500)
    decisions = 0
    for seed in range(seeds):
        history = History(seed, Router())
        for _ in range(STEPS):
            decisions += history.step()
    assert decisions >= least


def test_an_engine_saved_and_restored_decides_the_same() -> None:
    for seed in range(15):
        history = History(seed, Router())
        for n in range(150):
            if n % 5 == 0:
                history.router = pickle.loads(pickle.dumps(history.router))
            elif n % 7 == 0:
                history.router = copy.deepcopy(history.router)
            history.step()


def test_a_large_centre_can_be_saved() -> None:
    router = Router()
    queues = {f"q{n}": queue(f"q{n}") for n in range(15)}
    everything = " ".join(queues)
    agents = {f"a{n}": agent(f"a{n}", queues=everything) for n in range(3000)}
    router.configure(queues, agents, 0.0)
    for n in range(15):
        router.join(Entry(f"c{n}", f"q{n}", 0.0), 0.0)
    router.match(0.0)
    again = pickle.loads(pickle.dumps(router))
    for one in (router, again):
        one.agent_free("a7", 1.0)
    assert again.match(1.0) == router.match(1.0)
