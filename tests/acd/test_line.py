"""The sorted line against a plain sorted list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd import line
from acd.line import Line

pytestmark = pytest.mark.pure

Number = tuple[int, int]


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans(), st.integers(0, 2000))))
def test_a_line_is_a_sorted_list(steps: list[tuple[int, bool, int]]) -> None:
    mine: Line[Number] = Line()
    plain: list[Number] = []
    for serial, (key, add, which) in enumerate(steps):
        if add or not plain:
            mine.add((key, serial))
            plain.append((key, serial))
            plain.sort()
        else:
            mine.remove(plain.pop(which % len(plain)))
        assert list(mine) == plain
        assert mine.first == (plain[0] if plain else None)
        assert [mine.rank(item) for item in plain] == list(range(len(plain)))
        assert mine.tail(which % 7) == plain[which % 7 :]


def test_a_long_line_splits_into_blocks_and_stays_in_order() -> None:
    mine: Line[Number] = Line()
    count = 10 * line.BLOCK
    order = [(n * 7919) % count for n in range(count)]
    for n in order:
        mine.add((n, n))
    assert list(mine) == [(n, n) for n in range(count)]
    assert [mine.rank((n, n)) for n in range(0, count, 97)] == list(range(0, count, 97))
    assert mine.tail(count - 3) == [(n, n) for n in range(count - 3, count)]
    for n in order:
        mine.remove((n, n))
    assert len(mine) == 0
    assert mine.first is None


def test_what_is_not_in_line_cannot_be_removed() -> None:
    mine: Line[Number] = Line()
    mine.add((2, 0))
    for missing in ((1, 0), (3, 0)):
        with pytest.raises(ValueError, match="not in line"):
            mine.remove(missing)
    assert list(mine) == [(2, 0)]
