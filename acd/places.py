"""Places kept for callers who were cut off: who calls again soon gets the old one back."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field, replace

from acd.model import Entry, Queue

# So many are kept; the oldest goes first.
PLACES_MAX = 10_000


@dataclass(slots=True)
class Places:
    """By queue and identity: when he had joined, and until when that is remembered."""

    kept: OrderedDict[tuple[str, str], tuple[float, float]] = field(default_factory=OrderedDict)

    def keep(self, entry: Entry, queue: Queue, now: float) -> None:
        """The entry has left the queue unserved."""
        if entry.identity is None or queue.resume_place_seconds <= 0:
            return
        key = (queue.id, entry.identity)
        self.kept[key] = (entry.joined_at, now + queue.resume_place_seconds)
        self.kept.move_to_end(key)
        if len(self.kept) > PLACES_MAX:
            self.kept.popitem(last=False)

    def resumed(self, entry: Entry, now: float) -> Entry:
        """The entry with the place that was kept for it, if there is one; it is given out once."""
        if entry.identity is None:
            return entry
        place = self.kept.pop((entry.queue, entry.identity), None)
        if place is None or now >= place[1]:
            return entry
        return replace(entry, joined_at=min(place[0], entry.joined_at))
