"""Numbers in any form become one form; what cannot be read is said to be so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.store.numbers import NumberRead, display, read_number

pytestmark = pytest.mark.pure

MOBILE = NumberRead("e164", "+8613800138000")


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "+86 138 0013 8000",
        "+8613800138000",
        "008613800138000",
        "8613800138000",
        "(+86) 13800138000",
        "１３８００１３８０００",
        "＋８６１３８００１３８０００",
        "sip:13800138000@example.com",
        "sip:+8613800138000@10.0.0.1;user=phone",
        "tel:+86-138-0013-8000",
        "\u202a13800138000\u202c",
        "13800138000\x00",
    ],
)
def test_one_mobile_in_every_form(text: str) -> None:
    assert read_number(text, "CN") == MOBILE


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("010 8888 8888", "CN", "+861088888888"),
        ("+44 20 7946 0958", "CN", "+442079460958"),
        ("442079460958", "CN", "+442079460958"),
        ("020 7946 0958", "GB", "+442079460958"),
        ("(212) 555-0123", "US", "+12125550123"),
        ("4008-123-123", "CN", "+864008123123"),
    ],
)
def test_other_numbers(text: str, country: str, number: str) -> None:
    assert read_number(text, country) == NumberRead("e164", number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "anonymous",
        "Anonymous",
        "UNKNOWN",
        "restricted",
        "匿名",
        "sip:anonymous@anonymous",
    ],
)
def test_nobody_says_who_calls(text: str) -> None:
    assert read_number(text, "CN") == NumberRead("anonymous", "")
    assert not read_number(text, "CN").matchable


@pytest.mark.parametrize(
    "text", ["1", "abc", "++++", "'; drop table customers; --", "99999999999999999999"]
)
def test_what_cannot_be_read_is_kept_as_it_came(text: str) -> None:
    assert read_number(text, "CN") == NumberRead("unreadable", text)


def test_a_short_number_is_an_internal_extension() -> None:
    assert read_number("1001", "CN") == NumberRead("extension", "1001")


def test_an_unknown_country_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="unknown country 'XX'"):
        read_number("1", "XX")


@given(st.text(max_size=400))
def test_no_text_is_too_strange(text: str) -> None:
    read = read_number(text, "CN")
    assert len(read.number) <= 80
    assert read_number(read.number, "CN").number == read.number or read.kind == "unreadable"


def test_numbers_are_shown_as_people_write_them() -> None:
    assert display("+8613800138000", "CN") == "138 0013 8000"
    assert display("+442079460958", "CN") == "+44 20 7946 0958"
    assert display("1001", "CN") == "1001"
