"""What Prometheus reads from the running service, in its text format.

Gauges are read from the living parts at the moment of asking; counters grow as history passes by on
its way to the store (`Tally` stands before it), so that what is counted here is what is written
there. Names follow Prometheus' "Metric and label naming"; labels are few and bounded: queues,
stages, kinds, never callers or agents by name. Nothing here decides or keeps anything.
"""

from __future__ import annotations

import asyncio
from collections import Counter as Count
from collections.abc import Iterator
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import CounterMetricFamily
from prometheus_client.registry import Collector

from agent_console.hub import Hub
from callcenter.asterisk.link import Link
from callcenter.asterisk.switch import Switch
from callcenter.core.effects import RecordEvent, RecordInteraction, StoreEffect
from callcenter.core.state import remember
from callcenter.runtime.loop import Loop
from callcenter.runtime.ports import StorePort
from callcenter.store.store import Store

WAIT_BUCKETS = (1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1200, 1800, 3600)
SHARES = (0.5, 0.9, 0.99)
NO_QUEUE = ""
COUNTED_MAX = 20_000  # calls whose wrap-up may still write their interaction once more


@dataclass(slots=True)
class Tally:
    """The store's port, with a counter before it. A call is counted when its interaction is written
    for the first time by this process; wrap-up writes it once more."""

    store: StorePort
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    _events: Counter = field(init=False)
    _ended: Counter = field(init=False)
    _waits: Histogram = field(init=False)
    _counted: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._events = Counter(
            "callcenter_events",
            "Lines written in the timelines of calls, by kind.",
            ("kind",),
            registry=self.registry,
        )
        self._ended = Counter(
            "callcenter_interactions",
            "Calls that ended, by outcome and last queue.",
            ("outcome", "queue"),
            registry=self.registry,
        )
        self._waits = Histogram(
            "callcenter_wait_seconds",
            "Waiting in line of calls that ended, by outcome and last queue.",
            ("outcome", "queue"),
            buckets=WAIT_BUCKETS,
            registry=self.registry,
        )

    def perform(self, effect: StoreEffect) -> None:
        if isinstance(effect, RecordEvent):
            self._events.labels(effect.kind).inc()
        elif isinstance(effect, RecordInteraction) and effect.call not in self._counted:
            remember(self._counted, effect.call, COUNTED_MAX)
            queue = effect.queue or NO_QUEUE
            self._ended.labels(effect.outcome, queue).inc()
            self._waits.labels(effect.outcome, queue).observe(effect.wait_seconds)
        self.store.perform(effect)

    async def run(self) -> None:
        await self.store.run()


@dataclass(slots=True, eq=False)
class Gauges(Collector):
    """How things stand now."""

    loop: Loop
    switch: Switch
    store: Store
    hub: Hub

    def collect(self) -> Iterator[Metric]:
        yield from self._floor()
        yield from self._loop_figures()
        yield from self._links()
        yield from self._books()

    def _floor(self) -> Iterator[Metric]:
        board = self.loop.centre.board()
        calls = GaugeMetricFamily("callcenter_calls", "Calls now, by stage.", labels=["stage"])
        for stage, count in Count(row.stage for row in board.calls.values()).items():
            calls.add_metric([stage], count)
        agents = GaugeMetricFamily("callcenter_agents", "Agents now, by state.", labels=["state"])
        for state, count in Count(row.state for row in board.agents.values()).items():
            agents.add_metric([state], count)
        waiting = GaugeMetricFamily(
            "callcenter_queue_waiting", "Callers in line now.", labels=["queue"]
        )
        oldest = GaugeMetricFamily(
            "callcenter_queue_oldest_wait_seconds",
            "How long the longest-waiting caller has waited; 0 when nobody waits.",
            labels=["queue"],
        )
        ready = GaugeMetricFamily(
            "callcenter_queue_agents_available", "Agents who could take a call.", labels=["queue"]
        )
        callbacks = GaugeMetricFamily(
            "callcenter_queue_callbacks",
            "Open callbacks: scheduled for a time that has not come, or due.",
            labels=["queue", "state"],
        )
        now = self.loop.clock.now()
        for queue, row in board.queues.items():
            since = row.oldest_joined_at
            waiting.add_metric([queue], row.waiting)
            oldest.add_metric([queue], 0.0 if since is None else max(0.0, now - since))
            ready.add_metric([queue], row.available)
            callbacks.add_metric([queue, "scheduled"], row.scheduled)
            callbacks.add_metric([queue, "due"], row.callbacks_due)
        yield from (calls, agents, waiting, oldest, ready, callbacks)

    def _loop_figures(self) -> Iterator[Metric]:
        loop = self.loop
        yield CounterMetricFamily("callcenter_steps", "Inputs decided on.", value=loop.steps)
        yield GaugeMetricFamily("callcenter_inbox", "Inputs that wait.", value=loop.waiting)
        yield GaugeMetricFamily(
            "callcenter_slowest_step_seconds",
            "The slowest decision since the start.",
            value=loop.slowest_step_seconds,
        )
        yield GaugeMetricFamily(
            "callcenter_loop_lag_seconds",
            "By how much the event loop was late the last time it was looked at.",
            value=loop.lag_seconds,
        )
        yield GaugeMetricFamily(
            "callcenter_tasks", "Tasks of the event loop.", value=len(asyncio.all_tasks())
        )
        share = GaugeMetricFamily(
            "callcenter_offer_delay_seconds",
            "Our share of the last offers' delay: input in to action out.",
            labels=["quantile"],
        )
        for part in SHARES:
            share.add_metric([f"{part:g}"], loop.share(part))
        yield share

    def _links(self) -> Iterator[Metric]:
        yield _flag("callcenter_asterisk_up", "The link to Asterisk works.", self.switch.up)
        links = (("events", self.switch.events), ("control", self.switch.control))
        rtt = GaugeMetricFamily(
            "callcenter_manager_rtt_seconds", "The last ping of the link.", labels=["link"]
        )
        counters = CounterMetricFamily(
            "callcenter_manager", "What happened on the link.", labels=["link", "what"]
        )
        for name, link in links:
            rtt.add_metric([name], link.rtt_seconds)
            for what, count in _counted(link):
                counters.add_metric([name, what], count)
        pending = GaugeMetricFamily(
            "callcenter_manager_pending", "Actions without an answer so far.", labels=["link"]
        )
        for name, link in links:
            pending.add_metric([name], link.pending)
        yield from (rtt, counters, pending)

    def _books(self) -> Iterator[Metric]:
        ledger = self.store.health()
        yield _flag("callcenter_database_up", "The database answers.", ledger.database)
        yield _flag("callcenter_outbox_ok", "The outbox can be written.", not ledger.trouble)
        yield GaugeMetricFamily(
            "callcenter_outbox_depth", "Records that wait for the database.", value=ledger.depth
        )
        yield GaugeMetricFamily(
            "callcenter_consoles", "Open console sockets.", value=self.hub.consoles
        )


def _flag(name: str, text: str, value: bool) -> Metric:
    return GaugeMetricFamily(name, text, value=float(value))


def _counted(link: Link) -> Iterator[tuple[str, int]]:
    counters = link.counters
    for what in counters.__slots__:
        yield str(what), int(getattr(counters, what))


@dataclass(slots=True)
class Metrics:
    """`read()` is the page for Prometheus."""

    registry: CollectorRegistry

    def read(self) -> bytes:
        return generate_latest(self.registry)


def make_metrics(tally: Tally, loop: Loop, switch: Switch, store: Store, hub: Hub) -> Metrics:
    tally.registry.register(Gauges(loop, switch, store, hub))
    ProcessCollector(registry=tally.registry)
    return Metrics(tally.registry)
