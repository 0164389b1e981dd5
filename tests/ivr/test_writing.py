"""A flow as text again, and what changed between two."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import ivr
from ivr.reading import read_flow
from ivr.writing import Change, as_values, changes, write_flow
from tests.ivr.walking import flow_of

pytestmark = pytest.mark.pure

EXAMPLES = sorted((Path(ivr.__file__).parent / "examples").glob("*.yaml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=[path.stem for path in EXAMPLES])
def test_an_example_comes_back_as_it_was(path: Path) -> None:
    flow, _ = read_flow(path.read_text(encoding="utf-8"))
    assert flow is not None
    again, problems = read_flow(write_flow(flow))
    assert problems == []
    assert again == flow


def test_texts_that_look_like_something_else_stay_texts() -> None:
    flow = flow_of(
        "first: {kind: hangup}\n",
        "layout: {first: [1, 2.5]}\nnotes: {n1: {text: why, at: [3, 4]}}\n",
    )
    odd = {
        "a": "true",
        "b": "12",
        "c": "1e3",
        "d": "null",
        "e": "",
        "f": "#\n'\"",
        "g": " x",
        "h": 1,
    }
    flow = replace(flow, variables=odd)
    again, problems = read_flow(write_flow(flow))
    assert problems == []
    assert again is not None
    assert again.variables == odd
    assert again.layout == {"first": (1, 2.5)}
    assert again.notes == {"n1": ("why", 3, 4)}


BEFORE = """
first: {kind: menu, prompt: ask, choices: {1: Sales, 2: Support}, retries: 1,
        ports: {1: done, 2: other, timeout: third}}
"""


def test_changes_are_named_by_their_place() -> None:
    before = flow_of(BEFORE, "version: 1\n")
    after = flow_of(
        BEFORE.replace("2: Support", "3: Billing").replace("2: other", "3: other")
        + "new: {kind: voicemail, box: main}\n",
        "version: 2\nlayout: {first: [0, 0]}\n",
    )
    assert changes(before, after) == [
        Change("removed", "nodes/first/choices/2", "Support"),
        Change("added", "nodes/first/choices/3", None, "Billing"),
        Change("removed", "nodes/first/ports/2", "other"),
        Change("added", "nodes/first/ports/3", None, "other"),
        Change("added", "nodes/new", None, {"kind": "voicemail", "box": "main"}),
    ]
    assert changes(before, before) == []


def test_a_value_of_another_type_is_a_change() -> None:
    before, after = (
        flow_of("first: {kind: hangup}\n", f"variables: {{a: {v}}}\n") for v in "1 true".split()
    )
    assert changes(before, after) == [Change("changed", "variables/a", 1, True)]
    assert "variables" in as_values(before)
