"""The alarms and the dashboard that we ship name figures that the service really tells."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from callcenter.bootstrap import metrics

pytestmark = pytest.mark.pure

ROOT = Path(__file__).parents[1]
ENDINGS = ("_total", "_bucket", "_count", "_sum")
OURS = re.compile(r"\bcallcenter_\w+")
THEIRS = re.compile(r"\bprocess_\w+")


def expressions() -> list[str]:
    alerts = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text())
    board = json.loads((ROOT / "deploy/grafana/callcenter.json").read_text())
    said = [rule["expr"] for group in alerts["groups"] for rule in group["rules"]]
    return said + [each["expr"] for panel in board["panels"] for each in panel["targets"]]


def told() -> set[str]:
    """The names in the source of the metrics page."""
    return set(OURS.findall(Path(metrics.__file__).read_text()))


def base(name: str) -> str:
    for ending in ENDINGS:
        name = name.removesuffix(ending)
    return name


def test_every_figure_that_is_asked_for_is_told() -> None:
    asked = {base(name) for expression in expressions() for name in OURS.findall(expression)}
    assert asked, "nothing is asked for"
    assert asked <= told()


def test_what_is_asked_of_the_process_is_told_by_the_library() -> None:
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    page = generate_latest(registry).decode()
    names = {
        sample.name for family in text_string_to_metric_families(page) for sample in family.samples
    }
    asked = {name for expression in expressions() for name in THEIRS.findall(expression)}
    assert asked
    assert asked <= names


def test_every_panel_asks_for_something_and_none_lies_on_another() -> None:
    panels = json.loads((ROOT / "deploy/grafana/callcenter.json").read_text())["panels"]
    assert all(target["expr"].strip() for panel in panels for target in panel["targets"])
    assert all(panel["targets"] for panel in panels)
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert len({(p["gridPos"]["x"], p["gridPos"]["y"]) for p in panels}) == len(panels)


def test_an_empty_page_can_be_read() -> None:
    from tests.bootstrap.test_metrics import Shelf

    page = metrics.Metrics(metrics.Tally(Shelf()).registry).read().decode()
    names = {family.name for family in text_string_to_metric_families(page)}
    assert {"callcenter_events", "callcenter_interactions", "callcenter_wait_seconds"} <= names
