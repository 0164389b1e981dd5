"""The running service's own figures for the administrator's page: those of /metrics, for people.

Milliseconds and counts, by names that the console has words for. Nothing here decides or keeps.
"""

from __future__ import annotations

from dataclasses import dataclass

from agent_console.hub import Hub
from callcenter.asterisk.switch import Switch
from callcenter.runtime.loop import Loop
from callcenter.store.store import Store


@dataclass(frozen=True, slots=True)
class Vitals:
    """`read()`: a figure by its name; `_ms` are milliseconds, `_seconds` seconds."""

    loop: Loop
    switch: Switch
    store: Store
    hub: Hub

    def read(self) -> dict[str, float]:
        return self._floor() | self._offers() | self._link() | self._books()

    def _floor(self) -> dict[str, float]:
        board, now = self.loop.centre.board(), self.loop.clock.now()
        queues = board.queues.values()
        oldest = [row.oldest_joined_at for row in queues if row.oldest_joined_at is not None]
        return {
            "calls": len(board.calls),
            "waiting": sum(row.waiting for row in queues),
            "oldest_wait_seconds": max(0.0, now - min(oldest, default=now)),
            "agents_available": sum(row.state == "available" for row in board.agents.values()),
        }

    def _offers(self) -> dict[str, float]:
        loop = self.loop
        return {
            "offer_p50_ms": loop.share(0.5) * 1000,
            "offer_p99_ms": loop.share(0.99) * 1000,
            "slowest_step_ms": loop.slowest_step_seconds * 1000,
            "loop_lag_ms": loop.lag_seconds * 1000,
            "inbox": loop.waiting,
        }

    def _link(self) -> dict[str, float]:
        events, control = self.switch.events, self.switch.control
        return {
            "manager_events_ms": events.rtt_seconds * 1000,
            "manager_control_ms": control.rtt_seconds * 1000,
            "manager_losses": events.counters.losses + control.counters.losses,
            "manager_pending": control.pending,
        }

    def _books(self) -> dict[str, float]:
        ledger = self.store.health()
        return {
            "outbox_depth": ledger.depth,
            "outbox_megabytes": ledger.bytes_on_disk / 1e6,
            "records_written": ledger.flushed,
            "consoles": self.hub.consoles,
        }
