"""When the old generation of the garbage collector is looked through."""

from __future__ import annotations

import gc

import pytest

from callcenter.runtime import collecting

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("quiet", "since_last", "expected"),
    [(True, 3599, False), (True, 3600, True), (False, 3600, False), (False, 6 * 3600, True)],
)
def test_the_old_is_looked_through_in_a_quiet_moment_or_late(
    quiet: bool, since_last: float, expected: bool
) -> None:
    assert collecting.due(quiet, since_last) is expected


def test_where_calls_come_and_go_no_look_is_at_more_than_some_steps_have_left() -> None:
    """Each step gives up an old object for a new one: Python by itself would not look at all, and
    in the end at everything."""
    old = [[n] for n in range(50_000)]
    sizes: list[int] = []

    def watch(phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            young = [len(gc.get_objects(generation=n)) for n in range(info["generation"] + 1)]
            sizes.append(sum(young))

    before = gc.get_threshold()
    try:
        collecting.begin()
        gc.callbacks.append(watch)
        for step in range(1, len(old)):
            old[step] = [step]
            collecting.after(step)
    finally:
        gc.callbacks.remove(watch)
        gc.unfreeze()
        gc.set_threshold(*before)
    assert len(sizes) >= len(old) // collecting.YOUNG_STEPS - 1
    assert max(sizes) < 10 * collecting.YOUNG_STEPS
