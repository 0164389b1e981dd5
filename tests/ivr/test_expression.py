"""Expressions: what they can say, and that nothing they say can do harm."""

from __future__ import annotations

import pytest

from ivr.expression import (
    EXPRESSION_MAX,
    ExpressionFailed,
    ExpressionWrong,
    compiled,
    plain,
    value_of,
)

pytestmark = pytest.mark.pure

VARIABLES: dict[str, object] = {
    "age": 25,
    "balance": 12.5,
    "digits": "0042",
    "name": "李雷",
    "found": {"tier": "gold", "tags": ["a", "b"], "none": None},
    "vip": True,
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("age >= 18 && vip", True),
        ("balance > 12", True),
        ("age + 1", 26),
        ("balance * 2.0", 25.0),
        ("'+' + digits", "+0042"),
        ("int(digits) == 42", True),
        ("size(digits)", 4),
        ("digits.matches('^[0-9]{4}$')", True),
        ("found.tier == 'gold' ? 1 : 2", 1),
        ("'a' in found.tags", True),
        ("found.tags.exists(tag, tag == 'b')", True),
        ("found.tags.map(tag, tag + '!')", ["a!", "b!"]),
        ("has(found.gone)", False),
        ("found.none == null", True),
        ("name.startsWith('李')", True),
        ("found", {"tier": "gold", "tags": ["a", "b"], "none": None}),
        ("'.map(x' + \".filter(y\"", ".map(x.filter(y"),
    ],
)
def test_the_value_of(text: str, value: object) -> None:
    assert value_of(text, VARIABLES) == value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "the expression is empty"),
        ("  ", "the expression is empty"),
        ("1 +", "at character"),
        ("age = 3", "at character"),
        ("open('/etc/passwd')", "there is no function 'open'"),
        ("__import__('os')", "there is no function"),
        ("name.upper()", "there is no function 'upper'"),
        ("1" * (EXPRESSION_MAX + 1), "characters, more than the limit"),
        ("(" * 240 + "1" + ")" * 240, "at character|recursion"),
        ("[1, 2].map(x, [1, 2].map(y, x * y))", "more than one of map"),
        ("[1].all(x, [1] . exists (y, y == x))", "more than one of map"),
    ],
)
def test_what_cannot_be_used_is_said(text: str, reason: str) -> None:
    with pytest.raises(ExpressionWrong, match=reason.replace("(", r"\(")):
        compiled(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("gone > 1", "there is no variable gone"),
        ("found.gone == 1", "there is no field 'gone'"),
        ("1 / 0", "division by zero"),
        ("name + 1", "string \\+ int"),
        ("int('x')", "Function 'int' error"),
        ("1.0 / 0.0", "not a finite number"),
        ("timestamp('2026-01-01T00:00:00Z')", "no plain value"),
        ("b'abc'", "no plain value"),
        ("9223372036854775807 + 1", "overflow"),
        ("digits.matches('(')", "regex"),
    ],
)
def test_what_has_no_value_is_said(text: str, reason: str) -> None:
    with pytest.raises(ExpressionFailed, match=reason):
        value_of(text, VARIABLES)


def test_the_names_read_leave_out_those_a_macro_binds() -> None:
    assert set(compiled("found.tags.all(t, t != name)").names) == {"found", "name"}


def test_text_that_grows_in_a_circle_meets_a_limit() -> None:
    value: object = "x"
    for _ in range(10):
        value = value_of("text + text", {"text": value})
    assert value == "x" * 1024
    with pytest.raises(ExpressionFailed, match="longer than 2000"):
        value_of("text + text", {"text": value})


def test_a_value_is_plain_or_refused() -> None:
    assert plain({"a": (1, 2.5, None, "x")}) == {"a": [1, 2.5, None, "x"]}
    with pytest.raises(ExpressionFailed):
        plain([[[[[[[1]]]]]]])
    with pytest.raises(ExpressionFailed):
        plain(list(range(501)))
    with pytest.raises(ExpressionFailed):
        plain(object())
