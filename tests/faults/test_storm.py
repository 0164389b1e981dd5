"""A short storm: whatever a network and a machine do, under calls with sound, and then the books.

The full form and the single faults: `scripts/test faults`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.ground import AGENTS, ground
from tests.faults.nemesis import DEEDS, plan, rage

pytestmark = [pytest.mark.asterisk, pytest.mark.anyio]

SEED = 7
CALLERS, PER_SECOND = 24, 2.0
STORM_SECONDS = 14.0
TALK_MS = 1500


async def test_in_a_storm_every_caller_has_one_outcome(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    async with ground(path, seed=SEED) as place, place.phones(talk_ms=TALK_MS):
        await place.work(*AGENTS)
        async with place.crowd(CALLERS, per_second=PER_SECOND) as callers:
            await rage(place, plan(SEED, 100), STORM_SECONDS)
            await place.until("every caller served", lambda: len(callers.over) == CALLERS, 60)
        wrong = await place.verdict(place.began)
        assert not wrong, "\n".join(f"{each.rule}: {each.text}" for each in wrong)
        # On a slow machine the service may be away for longer than a lease: then Asterisk serves.
        outcomes = {row["outcome"] for row in place.history.of("row")}
        assert "answered" in outcomes
        assert outcomes <= {"answered", "diverted"}


async def test_the_same_seed_is_the_same_storm() -> None:
    assert plan(SEED, 50) == plan(SEED, 50)
    assert plan(SEED, 50) != plan(SEED + 1, 50)
    assert {step.name for step in plan(SEED, 400)} == set(DEEDS)
