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


def test_a_long_life_of_calls_is_never_looked_through_in_one_go() -> None:
    """As many objects as live calls make, each given up in time: neither generation that is looked
    through by itself ever holds more than a few thousand of them."""
    before = gc.get_threshold()
    sizes: list[int] = []

    def watch(phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            young = [len(gc.get_objects(generation=n)) for n in range(info["generation"] + 1)]
            sizes.append(sum(young))

    try:
        collecting.begin()
        gc.callbacks.append(watch)
        living = [[n] for n in range(50_000)]
        assert len(living) == 50_000
    finally:
        gc.callbacks.remove(watch)
        gc.unfreeze()
        gc.set_threshold(*before)
    assert sizes
    assert max(sizes) < 10_000
