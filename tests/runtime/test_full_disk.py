"""A disk that takes no more costs the journal, not the calls; with room again it is begun anew."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from callcenter.core.centre import Centre
from callcenter.core.inputs import EpochTaken, Tick
from callcenter.runtime.journal import RETRY_SECONDS, Journal, read_lines
from callcenter.runtime.recovery import recover

pytestmark = pytest.mark.pure


@contextmanager
def no_room(size: int = 0) -> Iterator[None]:
    """Files of this process cannot grow beyond `size` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def step(centre: Centre, journal: Journal, fact: EpochTaken | Tick, now: float) -> None:
    """As the loop does."""
    journal.begin(fact, now)
    journal.end(centre.step(fact, now))
    if journal.full:
        journal.open_segment(centre)


def test_calls_go_on_and_the_journal_is_begun_anew(tmp_path: Path) -> None:
    centre, journal = Centre(), Journal(tmp_path)
    journal.open_segment(centre)
    step(centre, journal, EpochTaken(1), 100.0)
    with no_room():
        step(centre, journal, Tick(), 101.0)
        assert "cannot be written" in journal.trouble
        assert not list(tmp_path.iterdir())  # what ends too early would lie
        step(centre, journal, Tick(), 102.0)
        step(centre, journal, Tick(), 101.0 + RETRY_SECONDS)
        assert journal.trouble
    step(centre, journal, Tick(), 102.0 + RETRY_SECONDS)
    assert journal.trouble  # not tried each time
    step(centre, journal, Tick(), 103.0 + 2 * RETRY_SECONDS)
    assert journal.trouble == ""
    step(centre, journal, Tick(), 104.0 + 2 * RETRY_SECONDS)
    journal.close()
    (segment,) = tmp_path.glob("inputs-*.jsonl")
    assert [line.at for line in read_lines(segment)] == [104.0 + 2 * RETRY_SECONDS]
    found = recover(Journal(tmp_path))
    assert not found.cold
    assert found.centre.state.epoch == 1


def test_a_start_on_a_full_disk_is_a_start(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    with no_room():
        journal.open_segment(Centre())
    assert journal.trouble
    assert recover(Journal(tmp_path)).cold
