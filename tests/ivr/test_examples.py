"""The flows that come with the product: without mistakes, all their test cases pass."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import ivr
from callcenter.calendars import all_with_holidays
from ivr.checking import Known, check
from ivr.flow import Flow
from ivr.linking import link
from ivr.reading import read_flow
from ivr.trying import coverage, try_all

pytestmark = pytest.mark.pure

FILES = {path.stem: path for path in (Path(ivr.__file__).parent / "examples").glob("*.yaml")}


@pytest.fixture(scope="module")
def library() -> dict[str, Flow]:
    flows = {}
    for name, path in FILES.items():
        flow, problems = read_flow(path.read_text(encoding="utf-8"))
        assert problems == [], name
        assert flow is not None
        flows[flow.id] = flow
    return flows


@pytest.mark.parametrize("name", sorted(FILES))
def test_an_example(name: str, library: dict[str, Flow]) -> None:
    flow = library[name]
    known = Known(
        queues=frozenset({"sales", "support", "billing"}),
        boxes=frozenset({"main"}),
        sources=frozenset({"balance", "appointment", "order", "place_order", "ware"}),
        hosts=frozenset({"shop.example.com"}),
        secrets=frozenset({"shop"}),
        flows=library,
    )
    assert check(flow, known) == []
    linked, _ = link(flow, library)
    linked = replace(linked, calendars=all_with_holidays(linked.calendars, [2026]))
    tried = try_all(linked)
    assert [(result.name, result.problems) for result in tried if not result.passed] == []
    assert len(tried) > 1
    missed = {"demo": [("hours", "closed")]}  # the demo line never closes
    assert coverage(linked, tried).missed == missed.get(name, [])


def test_the_example_of_the_guide() -> None:
    page = (Path(ivr.__file__).parent.parent / "docs" / "flows.md").read_text(encoding="utf-8")
    flow, problems = read_flow(page.split("```yaml\n")[1].split("```")[0])
    assert problems == []
    assert flow is not None
    assert check(flow, Known()) == []
    tried = try_all(flow, all_with_holidays(flow.calendars, [2026]))
    assert [(result.name, result.problems) for result in tried] == [("billing in Chinese", ())]
