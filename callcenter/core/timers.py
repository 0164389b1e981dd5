"""Deadlines by name: set, clear, and ask which are due. A heap with lazy deletion, no clock."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field

Key = tuple[str, str]  # (what, whose), e.g. ("wrap-up", call id)


@dataclass(slots=True)
class Timers:
    _at: dict[Key, float] = field(default_factory=dict)
    _heap: list[tuple[float, Key]] = field(default_factory=list)

    def set(self, what: str, whose: str, at: float) -> None:
        """Replace the deadline of this name."""
        key = (what, whose)
        self._at[key] = at
        heapq.heappush(self._heap, (at, key))
        if len(self._heap) > 64 and len(self._heap) > 2 * len(self._at):
            self._heap = [(when, name) for name, when in self._at.items()]
            heapq.heapify(self._heap)

    def clear(self, what: str, whose: str) -> None:
        self._at.pop((what, whose), None)

    def next(self) -> float | None:
        """The earliest deadline."""
        self._drop_stale()
        return self._heap[0][0] if self._heap else None

    def due(self, now: float) -> list[Key]:
        """Names whose time has come, earliest first; they are cleared."""
        ready: list[Key] = []
        while True:
            self._drop_stale()
            if not self._heap or self._heap[0][0] > now:
                return ready
            _, key = heapq.heappop(self._heap)
            del self._at[key]
            ready.append(key)

    def due_of(self, what: str, now: float) -> list[str]:
        """Whose timers of this kind are due, earliest first; they are cleared. Costs nothing while
        no timer is due."""
        first = self.next()
        if first is None or first > now:
            return []
        ready = sorted((at, key) for key, at in self._at.items() if key[0] == what and at <= now)
        for _, key in ready:
            del self._at[key]
        return [whose for _, (_, whose) in ready]

    def _drop_stale(self) -> None:
        while self._heap and self._at.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
