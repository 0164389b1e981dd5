"""A search finds any part of a text in any script, and asks the index for what it can know."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.store.searching import (
    fold,
    grams,
    like_pattern,
    query_grams,
    query_words,
    searchable,
)

pytestmark = pytest.mark.pure


def test_full_width_and_case_are_folded() -> None:
    assert fold("  ＡＢＣ　Straße\t王小明 ") == "abc strasse 王小明"


def test_words_of_a_search() -> None:
    assert query_words("Li  WEI") == ["li", "wei"]
    assert query_words("010 8888-8888") == ["1088888888"]
    assert query_words("+86 138 0013") == ["861380013"]
    assert query_words("") == []
    assert query_words("000") == []


def test_pieces_a_row_must_have() -> None:
    assert query_grams(["王"]) == ["王"]
    assert query_grams(["小明"]) == ["小明"]
    assert query_grams(["smith"]) == ["ith", "mit", "smi"]
    assert query_grams(["a"]) == []


@given(st.text(max_size=60), st.integers(0, 60), st.integers(1, 20))
def test_every_part_of_a_word_is_covered_by_the_index(text: str, start: int, length: int) -> None:
    folded, pieces = searchable([text])
    for word in folded.split():
        part = word[start : start + length]
        if part:
            assert set(query_grams([part])) <= set(pieces)


def test_pieces_never_reach_over_a_blank() -> None:
    assert grams("ab cd") == {"ab", "cd"}


def test_wildcards_of_like_are_plain_characters() -> None:
    assert like_pattern("50%_\\") == "%50\\%\\_\\\\%"
