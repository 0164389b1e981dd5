"""Own fields: values of each kind in one form, what is wrong by name, nothing else lost."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from callcenter.crm.fields.checking import checked_values
from callcenter.crm.fields.schemas import Choice, OwnField

pytestmark = pytest.mark.pure

LEVEL = OwnField(
    code="level",
    name="Level",
    name_zh="等级",
    kind="choice",
    required=True,
    choices=(Choice(code="gold", name="Gold", name_zh="金卡"), Choice(code="tin", name="Tin")),
)
FIELDS = [
    LEVEL,
    OwnField(code="born", name="Born", kind="date"),
    OwnField(code="size", name="Size", kind="number"),
    OwnField(code="member", name="Member", kind="yesno"),
    OwnField(code="contract", name="Contract"),
]


@pytest.mark.parametrize(
    ("code", "typed", "kept"),
    [
        ("level", "金卡", "gold"),
        ("level", "GOLD", "gold"),
        ("born", "1990/2/3", "1990-02-03"),
        ("born", "1990年2月3日", "1990-02-03"),
        ("born", "1990-02-03T00:00:00", "1990-02-03"),
        ("size", "1,250.50", 1250.5),
        ("size", 3.0, 3),
        ("member", "是", True),
        ("member", "no", False),
        ("member", False, False),
        ("contract", " K-1 ", "K-1"),
        ("contract", 17, "17"),
        ("unknown", {"a": [1]}, {"a": [1]}),
    ],
)
def test_a_value_is_kept_in_one_form(code: str, typed: object, kept: object) -> None:
    values, flaws = checked_values(FIELDS, {"level": "gold", code: typed})
    assert flaws == []
    assert values[code] == kept
    assert type(values[code]) is type(kept)


@pytest.mark.parametrize(
    ("code", "typed"),
    [
        ("level", "silver"),
        ("born", "1990-02-30"),
        ("born", "yesterday"),
        ("size", "many"),
        ("size", "nan"),
        ("size", True),
        ("member", "perhaps"),
        ("contract", ["K"]),
        ("contract", "x" * 2001),
    ],
)
def test_what_is_not_of_the_kind_is_named(code: str, typed: object) -> None:
    _, flaws = checked_values(FIELDS, {"level": "gold", code: typed})
    assert [place for place, _ in flaws] == [f"custom.{code}"]


@pytest.mark.parametrize("typed", [None, "", "  "])
def test_a_required_field_must_be_filled_in(typed: object) -> None:
    assert checked_values(FIELDS, {"level": typed, "born": ""}) == (
        {},
        [("custom.level", "Level: must be filled in")],
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "Level", "name": "x"},
        {"code": "x", "name": " "},
        {"code": "x", "name": "x", "kind": "choice"},
        {"code": "x", "name": "x", "choices": [{"code": "a", "name": "A"}]},
        {"code": "x", "name": "x", "kind": "colour"},
        {
            "code": "x",
            "name": "x",
            "kind": "choice",
            "choices": [{"code": "a", "name": "A"}, {"code": "a", "name": "B"}],
        },
    ],
)
def test_a_definition_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        OwnField.model_validate(wrong)
