"""What will happen when, on a virtual clock: the only time that exists in these tests."""

from __future__ import annotations

import heapq
from collections.abc import Callable

Deed = Callable[[], object]


class Agenda:
    def __init__(self, now: float) -> None:
        self.now = now
        self._heap: list[tuple[float, int, Deed]] = []
        self._count = 0

    def at(self, when: float, do: Deed) -> None:
        """Deeds of the same moment are done in the order in which they were noted."""
        self._count += 1
        heapq.heappush(self._heap, (max(when, self.now), self._count, do))

    def after(self, seconds: float, do: Deed) -> None:
        self.at(self.now + seconds, do)

    def next_at(self) -> float | None:
        return self._heap[0][0] if self._heap else None

    def do_next(self) -> None:
        when, _, do = heapq.heappop(self._heap)
        self.now = max(self.now, when)
        do()
