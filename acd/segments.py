"""What the engine's state is made of: seats, waiting entries, rows, segments.

A *segment* is (queue, skills asked for): all its entries can be served by the same agents, ring by
ring. It holds its entries in *rows* (a main one for each ring; others for entries kept for a
preferred agent, missed by somebody or ageing at another pace) and its idle agents in the order of
the queue's strategy. A free agent looks at the heads of his segments, an arriving entry at its own
segment's idle agents; nobody ever walks through all callers or all agents.

This file holds; `acd.floor` links, `acd.matching` decides, `acd.rules` has the rules.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from operator import itemgetter
from typing import TYPE_CHECKING

from acd import media, rules
from acd.estimate import Sight
from acd.history import History
from acd.idle import IdleOrder, idle_order
from acd.line import Line
from acd.model import Agent, Entry

if TYPE_CHECKING:
    from acd.queue_state import QueueState

Skills = tuple[tuple[str, int], ...]
# (key, serial, entry id): ids, not objects, so that no item is part of a reference cycle.
Item = tuple[float, int, str]
Heads = Callable[[list[Item]], tuple[Item, ...]]
# What stands at the head of an empty row: after everybody.
NOBODY: Item = (float("inf"), 0, "")
NOT_MISSED: frozenset[str] = frozenset()


@dataclass(slots=True, eq=False)
class Seat:
    """An agent as the engine sees him. `idle`: he stands in the idle orders of his segments.
    `idle_key` = (idle since, serial) is his place among the idle."""

    id: str
    agent: Agent | None = None
    segments: dict[Segment, IdleOrder] = field(default_factory=dict)  # where he stands when idle
    read_heads: Heads | None = None  # made by `heads`; None after a change of `segments`
    free: bool = False
    idle: bool = False
    why: str = "offline"
    working: bool = False
    load: dict[str, int] = field(default_factory=dict)  # by medium; empty: does nothing
    since: float = 0.0
    idle_key: tuple[float, int] = (0.0, 0)
    back_off_until: float = -inf
    timer: Item | None = None
    busy_seconds: float = 0.0
    staffed_seconds: float = 0.0
    serving: QueueState | None = None
    serving_since: float = 0.0
    queues: list[QueueState] = field(default_factory=list)
    kept: dict[str, Waiting] = field(default_factory=dict)
    history: History = field(default_factory=History)

    def heads(self) -> Heads:
        """A C-speed reader of the heads of his segments out of `floor.heads`. The two leading zeros
        are a slot that is always empty, so that it always reads a tuple."""
        slots = [order.slot for order in self.segments.values()]
        self.read_heads = reader = itemgetter(0, 0, *slots)
        return reader

    def room_in(self, segment: Segment) -> bool:
        """May he be offered one more of the segment's medium beside what he handles? (That his
        capacity for it is above 0 was seen to when he was enrolled.)"""
        if not self.load:
            return True
        assert self.agent is not None
        return media.room(self.agent.capacity, self.load, segment.media)

    def ready_for(self, row: Row) -> bool:
        """Is he among the idle who may take the entries of this row?"""
        if not self.idle or self not in row.segment.members:
            return False
        return row.segment.members[self] <= row.ring and self.room_in(row.segment)

    def occupancy(self, now: float) -> float:
        """Busy time by time at work since the last log-in; 0 for who has just come."""
        busy, staffed = self.busy_seconds, self.staffed_seconds
        if self.working:
            staffed += now - self.since
            busy += 0.0 if self.free else now - self.since
        return busy / staffed if staffed > 0.0 else 0.0


@dataclass(slots=True, eq=False)
class Waiting:
    """An entry in line. `row` is None while it is offered or asleep. `key`, `slope` and `item` are
    its place in the order (`acd.rules`)."""

    entry: Entry
    seq: int
    queue: QueueState
    key: float = field(init=False)
    slope: float = field(init=False)
    item: Item = field(init=False)
    skills: Skills = field(init=False)
    row: Row | None = None
    kept: Seat | None = None
    missed: frozenset[str] = NOT_MISSED
    offered: list[str] = field(default_factory=list)
    asleep: bool = False
    attempt: int = 0
    timer: Item | None = None
    sight: Sight | None = None  # what was seen when it had to wait

    def __post_init__(self) -> None:
        skills = self.entry.skills
        self.skills = tuple(sorted(skills.items()) if len(skills) > 1 else skills.items())
        self.take_key()

    def take_key(self) -> None:
        """The entry or its queue's definition has changed."""
        entry, queue = self.entry, self.queue.queue
        self.slope = rules.slope(entry, queue)
        self.key = rules.order_key(entry, queue)
        self.item = (self.key, self.seq, entry.id)


class Row(Line[Item]):
    """Entries of one segment that the same agents may take, in the order of their turn. `kept`,
    `missed` and `slope` are what sets them apart from the main row of their ring."""

    __slots__ = ("kept", "main", "missed", "ring", "segment", "slope")

    def __init__(
        self,
        segment: Segment,
        ring: int,
        kept: Seat | None = None,
        missed: frozenset[str] = NOT_MISSED,
        slope: float = 1.0,
    ) -> None:
        super().__init__()
        self.segment, self.ring = segment, ring
        self.kept, self.missed, self.slope = kept, missed, slope
        self.main = kept is None and not missed and slope == 1.0

    @property
    def key(self) -> Apart:
        return self.ring, self.kept, self.missed, self.slope

    def idle(self, count: int = 1) -> int:
        """How many are idle for the entries of this row; counting ends at `count`."""
        segment = self.segment
        if self.kept is not None:
            return int(self.kept.ready_for(self))
        found = 0
        for order in segment.idle[: self.ring + 1]:
            found += len(order.best(segment, count - found))
            if found >= count:
                break
        return found


# What sets a row apart: ring, kept for, missed by, how fast it ages.
Apart = tuple[int, "Seat | None", frozenset[str], float]


class Segment:
    """(queue, skills asked for). `members` are all who may ever serve its entries, with the ring
    from which on. Since rings only admit more, what is open to one ring is open to all later
    ones: an idle agent stands once, in the order of his first ring, and an entry looks at the
    orders up to its own; `floor.heads[slots[r]]` shows the first of all main rows from r on, so an
    agent reads one head a segment."""

    __slots__ = ("_minima", "extra", "idle", "main", "media", "members", "queue", "skills", "slots")

    def __init__(self, queue: QueueState, skills: Skills, slots: tuple[int, ...]) -> None:
        self.queue = queue
        self.skills = skills
        self.media = queue.queue.media  # as it was: the queue may be defined anew meanwhile
        asked = dict(skills)
        self._minima = tuple(
            tuple(rules.requirement(asked, queue.rings, ring).items()) for ring in range(len(slots))
        )
        self.members: dict[Seat, int] = {}
        self.idle: list[IdleOrder] = [idle_order(queue, skills, slot) for slot in slots]
        self.main = [Row(self, ring) for ring in range(len(slots))]
        self.extra: dict[Apart, Row] = {}
        self.slots = slots

    def first_ring(self, agent: Agent, member_ring: int) -> int | None:
        """From which ring on the agent, a member of the queue from `member_ring` on, may serve
        these entries. (`rules.lacking` without its explanation: it runs for each member.)"""
        if agent.capacity.get(self.media, 0) < 1:
            return None
        known = agent.skills
        for ring in range(member_ring, len(self.slots)):
            for name, level in self._minima[ring]:
                if known.get(name, 0) < level:
                    break
            else:
                return ring
        return None

    def enrol(self, seat: Seat, member_ring: int) -> None:
        """A member, if the agent may ever serve these entries."""
        if seat.agent is None:
            return
        ring = self.first_ring(seat.agent, member_ring)
        if ring is None:
            return
        self.members[seat] = ring
        seat.segments[self] = order = self.idle[ring]
        seat.read_heads = None
        if seat.idle and seat.room_in(self):
            order.late(seat)
            order.add(seat)

    def strike(self, seat: Seat) -> None:
        """No member any more."""
        seat.segments.pop(self).drop(seat, None)
        del self.members[seat]
        seat.read_heads = None

    def row(self, ring: int, kept: Seat | None, missed: frozenset[str], slope: float) -> Row:
        """The row for such entries, made if it is new."""
        if kept is None and not missed and slope == 1.0:
            return self.main[ring]
        row = self.extra.get((ring, kept, missed, slope))
        if row is None:
            row = Row(self, ring, kept, missed, slope)
            self.extra[row.key] = row
        return row

    def rows(self, ring: int = 0) -> list[Row]:
        """The rows of this ring and later ones in which somebody waits."""
        rows = [row for row in self.main[ring:] if row.first is not None]
        if self.extra:
            rows += [row for row in self.extra.values() if row.ring >= ring]
        return rows
