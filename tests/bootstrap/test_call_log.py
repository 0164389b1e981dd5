"""What happens to a call stands in the log under its id, without anything about the person."""

from __future__ import annotations

import json
import logging

import pytest

from callcenter.bootstrap.call_log import CallLog
from callcenter.core.effects import RecordEvent, StoreEffect
from callcenter.logs import JsonLines
from tests.bootstrap.test_metrics import Shelf
from tests.store.records import interaction

pytestmark = pytest.mark.pure


def test_each_line_of_a_timeline_is_a_line_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "callcenter.bootstrap.call_log")
    shelf = Shelf()
    said: list[StoreEffect] = [
        RecordEvent("17.1", 1, 10.0, "arrived", {"number": "+8613912345678", "did": "4000"}),
        RecordEvent("17.1", 2, 11.0, "offered", {"queue": "support", "agent": "ada", "waited": 1}),
        RecordEvent("17.1", 3, 12.0, "ended", {"outcome": "x" * 200}),
        interaction("17.1", 1),
    ]
    log = CallLog(shelf)
    for effect in said:
        log.perform(effect)
    assert shelf.kept == said
    lines = [json.loads(JsonLines().format(record)) for record in caplog.records]
    assert [(line["call"], line["message"]) for line in lines] == [
        ("17.1", "arrived"),
        ("17.1", "offered queue=support agent=ada"),
        ("17.1", f"ended outcome={'x' * 64}"),
    ]
