"""What shall be said becomes the right sounds and words, in English and in Chinese."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.asterisk.saying import Missing, Piece, Recording, Sound, Words, pieces
from callcenter.asterisk.spoken_chinese import (
    chinese_date,
    chinese_digits,
    chinese_money,
    chinese_number,
    chinese_time,
)
from callcenter.asterisk.spoken_english import (
    english_date,
    english_digits,
    english_number,
    english_time,
)
from ivr.asks import PromptItem

pytestmark = pytest.mark.pure


class Shelf:
    """A book with a few recordings and words."""

    def __init__(self, *recorded: str, **words: str) -> None:
        self._recorded = recorded
        self._words = words

    def recorded(self, prompt_id: str, language: str) -> bool:
        return prompt_id in self._recorded

    def words(self, prompt_id: str, language: str) -> str | None:
        return self._words.get(prompt_id)


def say(language: str, *items: tuple[str, str], shelf: Shelf | None = None) -> tuple[Piece, ...]:
    return pieces([PromptItem(k, v) for k, v in items], language, shelf or Shelf())  # type: ignore[arg-type]


POSITION = [("prompt", "queue-position"), ("number", "2")]
ESTIMATE = [
    ("prompt", "queue-estimate"),
    ("number", "2"),
    ("prompt", "queue-estimate-to"),
    ("number", "12"),
    ("prompt", "queue-minutes"),
]


def test_a_place_in_line_is_one_chinese_sentence() -> None:
    assert say("zh", *POSITION, *ESTIMATE, ("prompt", "queue-thanks")) == (
        Words("您目前排在第二位，预计等待两到十二分钟。感谢您的耐心等候。", "zh"),
    )


def test_a_place_in_line_is_put_together_from_recorded_english() -> None:
    assert say("en", *POSITION, *ESTIMATE) == (
        Sound("queue-thereare"),
        Sound("digits/2"),
        Sound("queue-holdtime"),
        Sound("digits/2"),
        Words("to", "en"),
        Sound("digits/12"),
        Sound("queue-minutes"),
    )


def test_a_recording_wins_and_parts_the_sentence() -> None:
    shelf = Shelf("queue-position", **{"queue-thanks": "谢谢。"})
    assert say("zh", *POSITION, ("prompt", "queue-thanks"), shelf=shelf) == (
        Recording("queue-position"),
        Words("二位，谢谢。", "zh"),
    )


def test_words_of_a_flow_win_over_our_own() -> None:
    shelf = Shelf(**{"queue-thanks": "Bear  with\nus"})
    assert say("en", ("prompt", "queue-thanks"), shelf=shelf) == (Words("Bear with us", "en"),)


def test_what_nobody_knows_is_missing_with_the_reason() -> None:
    assert say("fr", ("prompt", "hallo")) == (
        Missing("prompt 'hallo' has neither a recording nor words in 'fr'", "hallo"),
    )
    assert say("en", ("text", " \n")) == (Missing("nothing to say"),)


def test_a_value_that_is_no_number_is_said_as_it_stands() -> None:
    assert say("en", ("number", "3.5")) == (Words("3.5", "en"),)
    assert say("zh", ("number", "三个")) == (Words("三个", "zh"),)
    assert say("en", ("date", "soon"), ("time", "25:00"), ("digits", "x")) == (
        Words("soon", "en"),
        Words("25:00", "en"),
        Words("x", "en"),
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("0", "零"),
        ("2", "两"),
        ("12", "十二"),
        ("20", "二十"),
        ("22", "二十二"),
        ("101", "一百零一"),
        ("110", "一百一十"),
        ("200", "两百"),
        ("202", "两百零二"),
        ("1002", "一千零二"),
        ("1020", "一千零二十"),
        ("2000", "两千"),
        ("2200", "两千二百"),
        ("10020", "一万零二十"),
        ("20000", "两万"),
        ("100000", "十万"),
        ("100010", "十万零一十"),
        ("12345678", "一千二百三十四万五千六百七十八"),
        ("200000002", "两亿零二"),
        ("-12", "负十二"),
    ],
)
def test_chinese_numbers(value: str, said: str) -> None:
    assert chinese_number(value) == said


def test_two_as_an_ordinal_is_not_the_counting_two() -> None:
    assert chinese_number("2", plain=True) == "二"


READ = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
SIZES = {"十": 10, "百": 100, "千": 1000}


def read_chinese(said: str) -> int:
    """The number that a Chinese listener hears."""
    total = part = digit = 0
    for sign in said:
        if sign in READ:
            digit = READ[sign]
        elif sign in SIZES:
            part += (digit or 1) * SIZES[sign]
            digit = 0
        else:
            total = (
                (total + part + digit) * 10**4 if sign == "万" else (total + part + digit) * 10**8
            )
            part = digit = 0
    return total + part + digit


@given(st.integers(min_value=0, max_value=99_999_999))
def test_a_chinese_number_is_understood(number: int) -> None:
    said = chinese_number(str(number))
    assert said is not None
    assert read_chinese(said) == number
    assert "零零" not in said
    assert not said.endswith("零") or number == 0


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("12.50 CNY", "十二元五角"),
        ("12.05", "十二元零五分"),
        ("0.05", "五分"),
        ("2", "两元"),
        ("12.5 USD", "十二点五美元"),
        ("much", "much"),
    ],
)
def test_chinese_money(value: str, said: str) -> None:
    assert chinese_money(value) == said


def test_chinese_dates_times_and_digits() -> None:
    assert chinese_date("2026-11-22") == "二零二六年十一月二十二日"
    assert chinese_time("14:05") == "十四点零五分"
    assert chinese_time("02:00") == "两点整"
    assert chinese_digits("13800") == "幺三八零零"
    assert chinese_digits("1*") == "一星"


def names(text: str) -> list[str]:
    return [f"digits/{word}" for word in text.split()]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("0", "0"),
        ("7", "7"),
        ("13", "13"),
        ("20", "20"),
        ("21", "20 1"),
        ("100", "1 hundred"),
        ("1205", "1 thousand 2 hundred 5"),
        ("1000000", "1 million"),
        ("-4", "minus 4"),
    ],
)
def test_english_numbers(value: str, said: str) -> None:
    assert english_number(value) == names(said)


def test_english_dates_times_and_digits() -> None:
    assert english_date("2026-04-02") == names("day-4 mon-3 h-2 2 thousand 20 6")
    assert english_date("1999-12-31") == names("day-5 mon-11 30 h-1 19 90 9")
    assert english_date("2026-02-30") is None
    assert english_time("14:05") == names("2 oh 5 p-m")
    assert english_time("00:00") == names("12 oclock a-m")
    assert english_time("9:75") is None
    assert english_digits("(020) 7#") == names("0 2 0 7 pound")
    assert english_digits("+44") == ["letters/plus", "digits/4", "digits/4"]


@given(st.text(), st.sampled_from(["prompt", "number", "digits", "date", "time", "money", "text"]))
def test_no_value_breaks_it(value: str, kind: str) -> None:
    for language in ("en", "zh", "fr"):
        assert say(language, (kind, value))
