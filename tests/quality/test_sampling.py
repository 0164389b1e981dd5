"""What is drawn of a week: the same each time, so many of each agent, everybody with one chance."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.quality.sampling import Candidate, draw, week_of

pytestmark = pytest.mark.pure

WEEK = date(2026, 6, 15)
CANDIDATES = st.frozensets(
    st.builds(
        Candidate, st.integers(1, 60).map("r{}".format), st.sampled_from(["ada", "ben", "chloe"])
    ),
    max_size=60,
)


@given(CANDIDATES, st.integers(1, 5), st.integers(0, 2**62))
def test_each_agent_has_so_many_or_all_there_are(
    candidates: frozenset[Candidate], many: int, seed: int
) -> None:
    found = draw(candidates, many, seed=seed, week=WEEK)
    assert len(found) == len(set(found))
    assert set(found) <= candidates
    there = Counter(one.agent for one in candidates)
    assert Counter(one.agent for one in found) == {a: min(many, n) for a, n in there.items()}


@given(CANDIDATES, CANDIDATES, st.integers(1, 5), st.integers(0, 2**62))
def test_what_was_drawn_stays_and_drawing_again_adds_nothing(
    first: frozenset[Candidate], later: frozenset[Candidate], many: int, seed: int
) -> None:
    before = draw(first, many, seed=seed, week=WEEK)
    added = draw(first | later, many, seed=seed, week=WEEK, drawn=before)
    assert not set(added) & set(before)
    again = draw(first | later, many, seed=seed, week=WEEK, drawn=[*before, *added])
    assert again == []


def test_the_seed_decides_and_each_has_the_same_chance() -> None:
    candidates = [Candidate(f"r{n}", "ada") for n in range(20)]
    hits = Counter(
        one.recording for seed in range(4000) for one in draw(candidates, 5, seed=seed, week=WEEK)
    )
    # 4000 x 5/20 = 1000 each, standard deviation 27.4
    assert len(hits) == 20
    assert all(abs(many - 1000) < 5 * 27.4 for many in hits.values())
    other = draw(candidates, 5, seed=1, week=WEEK + timedelta(days=7))
    assert draw(candidates, 5, seed=1, week=WEEK) != other


def test_a_week_is_that_of_the_centres_clock() -> None:
    found = week_of(datetime(2026, 3, 29, 23, 30, tzinfo=UTC), "Europe/Berlin")
    assert found.monday == date(2026, 3, 30)  # it is Monday there already
    before = week_of(datetime(2026, 3, 29, 12, tzinfo=UTC), "Europe/Berlin")
    assert (before.monday, before.until) == (date(2026, 3, 23), found.since)
    assert (before.until.astimezone(UTC) - before.since.astimezone(UTC)) == timedelta(hours=167)
