"""What passes to the store is counted by kind, outcome and queue, once a call."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from prometheus_client.parser import text_string_to_metric_families

from callcenter.bootstrap.metrics import Metrics, Tally
from callcenter.core.effects import StoreEffect
from tests.store.records import event, interaction

pytestmark = pytest.mark.pure


@dataclass
class Shelf:
    """A store that keeps what it is given."""

    kept: list[StoreEffect] = field(default_factory=list)

    def perform(self, effect: StoreEffect) -> None:
        self.kept.append(effect)

    async def run(self) -> None:
        raise AssertionError("nobody runs it")


def read(tally: Tally) -> dict[tuple[str, tuple[str, ...]], float]:
    """Each sample by name and the values of its labels, as a reader of the page gets them."""
    page = Metrics(tally.registry).read().decode()
    return {
        (sample.name, tuple(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def test_a_call_is_counted_once_with_its_wait_though_its_interaction_is_written_twice() -> None:
    shelf = Shelf()
    tally = Tally(shelf)
    said: list[StoreEffect] = [
        event("c1", 1),
        event("c1", 2),
        interaction("c1", 1, wait_seconds=12.0),
        interaction("c1", 2, wait_seconds=12.0, wrap_up_seconds=8.0),
        interaction("c2", 1, outcome="abandoned", wait_seconds=31.0),
        interaction("c3", 1, outcome="ivr", queue=None, wait_seconds=0.0),
    ]
    for effect in said:
        tally.perform(effect)
    figures = read(tally)
    assert shelf.kept == said
    assert figures["callcenter_events_total", ("offered",)] == 2
    assert figures["callcenter_interactions_total", ("answered", "support")] == 1
    assert figures["callcenter_interactions_total", ("abandoned", "support")] == 1
    assert figures["callcenter_interactions_total", ("ivr", "")] == 1
    assert figures["callcenter_wait_seconds_sum", ("answered", "support")] == 12.0
    within_15 = ("callcenter_wait_seconds_bucket", ("15.0", "answered", "support"))
    within_10 = ("callcenter_wait_seconds_bucket", ("10.0", "answered", "support"))
    assert (figures[within_15], figures[within_10]) == (1, 0)


def test_a_queue_with_odd_letters_does_not_break_the_page() -> None:
    tally = Tally(Shelf())
    tally.perform(interaction("c1", 1, queue='a"b\\c\n客服'))
    assert read(tally)["callcenter_interactions_total", ("answered", 'a"b\\c\n客服')] == 1
