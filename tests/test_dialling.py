"""Which numbers may be dialled: what a caller types decides what we pay for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.dialling import E164, Dialable, DialRules, NotDialable

pytestmark = pytest.mark.pure

RULES = DialRules("CN", frozenset({"GB"}), blocked=("+8613911119",))


@pytest.mark.parametrize(
    ("text", "number", "zone"),
    [
        ("13911110003", "+8613911110003", "Asia/Shanghai"),
        ("+86 139-1111-0003", "+8613911110003", "Asia/Shanghai"),
        ("020 8888 8888", "+862088888888", "Asia/Shanghai"),
        ("+442079460958", "+442079460958", "Europe/London"),
        ("8008101234", "+868008101234", "Asia/Shanghai"),
    ],
)
def test_a_number_that_may_be_dialled(text: str, number: str, zone: str) -> None:
    checked = RULES.check(text)
    assert isinstance(checked, Dialable)
    assert (checked.number, checked.time_zone) == (number, zone)


def test_a_number_of_a_country_with_several_zones_has_none() -> None:
    mobile = DialRules("CN", frozenset({"RU"})).check("+79161234567")
    assert isinstance(mobile, Dialable)
    assert mobile.time_zone == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "unreadable"),
        ("anonymous", "unreadable"),
        ("１３９１１１１０００３", "unreadable"),
        ("1" * 50, "unreadable"),
        ("110", "incomplete"),
        ("95588", "incomplete"),
        ("+861380000", "incomplete"),
        ("+8613911110003;ext=5", "incomplete"),
        ("+12125550123", "country"),
        ("+864008001234", "kind"),
        ("+449098790123", "kind"),
        ("+8613911119000", "blocked"),
    ],
)
def test_a_number_that_may_not(text: str, code: str) -> None:
    checked = RULES.check(text)
    assert isinstance(checked, NotDialable)
    assert checked.code == code
    assert checked.text


@given(st.text(max_size=60) | st.from_regex(r"\+?[0-9*#,;]{1,30}", fullmatch=True))
def test_whatever_is_dialable_is_plain_e164(text: str) -> None:
    checked = RULES.check(text)
    if isinstance(checked, Dialable):
        assert E164.fullmatch(checked.number)
        assert checked.country in {"CN", "GB"}
