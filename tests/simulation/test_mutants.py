"""Do these tests notice a bug? Each mutant breaks one rule; somebody has to say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation.mutants import MUTANTS, Mutant
from tests.simulation.play import Violation, play

pytestmark = pytest.mark.pure

SEEDS, STEPS = 40, 300


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_it_is_noticed(mutant: Mutant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mutant.write(monkeypatch)
    if mutant.story is not None:
        with pytest.raises(AssertionError):
            mutant.story()
        return
    with pytest.raises(Violation):
        play_many(tmp_path)


def play_many(folder: Path) -> None:
    for seed in range(SEEDS):
        play(seed, STEPS, folder / str(seed))
