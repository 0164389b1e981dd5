"""Hundreds of seeded stories, each checked after every step.

`pytest tests/simulation --nightly` plays 10,000 seeds of 1,000 steps.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation.play import play

pytestmark = pytest.mark.pure

SEEDS, STEPS, GROUP = 200, 300, 20
NIGHTLY_SEEDS, NIGHTLY_STEPS = 10_000, 1_000


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "first_seed" in metafunc.fixturenames:
        nightly = bool(metafunc.config.getoption("--nightly", default=False))
        seeds = NIGHTLY_SEEDS if nightly else SEEDS
        metafunc.parametrize("first_seed", range(0, seeds, GROUP))
        metafunc.parametrize("steps", [NIGHTLY_STEPS if nightly else STEPS])


@pytest.mark.timeout(600)
def test_nothing_goes_wrong_in_any_story(first_seed: int, steps: int, tmp_path: Path) -> None:
    for seed in range(first_seed, first_seed + GROUP):
        world = play(seed, steps, tmp_path / str(seed))
        assert world.steps >= steps
