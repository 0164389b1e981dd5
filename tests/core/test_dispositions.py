"""The tree of dispositions: leaves of the right queue are chosen, and what is retired is not."""

from __future__ import annotations

import pytest

from callcenter.core import dispositions
from callcenter.core.config import Config, Disposition

pytestmark = pytest.mark.pure

TREE = (
    Disposition("sale", "Sale", queues=frozenset({"sales"})),
    Disposition("new", "New customer", parent="sale"),
    Disposition("old", "Known customer", parent="sale", active=False),
    Disposition("other", "Other", default=True),
    Disposition("late", "Left open", queues=frozenset({"sales"}), default=True),
    Disposition("gone", "Gone", active=False),
    Disposition("below", "Below a retired one", parent="gone"),
)
CONFIG = Config(dispositions=TREE)


@pytest.mark.parametrize(
    ("queue", "code", "may"),
    [
        ("sales", "new", True),
        ("billing", "new", False),
        ("sales", "sale", False),
        ("sales", "old", False),
        ("billing", "other", True),
        (None, "other", True),
        ("sales", "gone", False),
        ("sales", "below", False),
        ("sales", "unknown", False),
    ],
)
def test_only_living_leaves_of_the_queue_are_chosen(
    queue: str | None, code: str, may: bool
) -> None:
    assert dispositions.valid(CONFIG, queue, code) is may


def test_a_queues_own_default_goes_before_the_general_one() -> None:
    assert dispositions.default_for(CONFIG, "sales") == "late"
    assert dispositions.default_for(CONFIG, "billing") == "other"
    assert dispositions.default_for(Config(), "billing") == ""


def test_what_is_retired_keeps_its_name_and_place() -> None:
    assert [item.name for item in dispositions.path_of(TREE, "old")] == ["Sale", "Known customer"]
    assert dispositions.path_of(TREE, "unknown") == ()


@pytest.mark.parametrize(
    ("tree", "code"),
    [
        ((Disposition("a", "A", parent="b"),), "a"),
        ((Disposition("a", "A", parent="b"), Disposition("b", "B", parent="a")), "a"),
        (tuple(Disposition(f"c{n}", "C", parent=f"c{n - 1}" if n else "") for n in range(6)), "c5"),
        ((Disposition("a", "A", default=True), Disposition("b", "B", default=True)), "b"),
        ((Disposition("a", "A", default=True), Disposition("b", "B", parent="a")), "a"),
    ],
)
def test_a_tree_that_does_not_hold_together_is_refused(
    tree: tuple[Disposition, ...], code: str
) -> None:
    assert dispositions.flaw_of(TREE) is None
    flaw = dispositions.flaw_of(tree)
    assert flaw is not None
    assert flaw[0] == code
