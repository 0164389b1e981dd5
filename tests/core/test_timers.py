"""Deadlines by name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.core.timers import Timers

pytestmark = pytest.mark.pure

names = st.tuples(st.sampled_from("ab"), st.sampled_from("123"))
deeds = st.lists(st.tuples(names, st.none() | st.floats(0, 100)), max_size=200)


@given(deeds, st.floats(0, 100))
def test_they_are_due_in_order_and_once(
    plan: list[tuple[tuple[str, str], float | None]], now: float
) -> None:
    timers, model = Timers(), dict[tuple[str, str], float]()
    for (what, whose), at in plan:
        if at is None:
            timers.clear(what, whose)
            model.pop((what, whose), None)
        else:
            timers.set(what, whose, at)
            model[what, whose] = at
        assert timers.next() == min(model.values(), default=None)
    due = timers.due(now)
    assert sorted(due) == sorted(key for key, at in model.items() if at <= now)
    assert [model[key] for key in due] == sorted(model[key] for key in due)
    assert timers.due(now) == []


def test_a_timer_set_again_and_again_takes_no_room() -> None:
    timers = Timers()
    for n in range(10_000):
        timers.set("announce", "c1", float(n))
    assert len(timers._heap) <= 64
    assert timers.next() == 9_999.0
