"""What the engine's state is made of: seats, waiting entries, rows, segments, queues.

A *segment* is (queue, ring, skills asked for): all its entries can be served by the same agents.
It holds its entries in *rows* (the main one; others for entries kept for a preferred agent or
missed by somebody) and its idle agents in the order of the queue's strategy. A free agent looks at
the heads of his segments' rows, an arriving entry at its own segment's idle agents; nobody ever
walks through all callers or all agents.

This file holds; `acd.floor` links, `acd.matching` decides, `acd.rules` has the rules.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from operator import itemgetter

from acd import media, rules
from acd.estimate import Sight, WaitModel
from acd.idle import IdleOrder, idle_order
from acd.line import Line
from acd.model import Agent, Entry, Queue, Ring

# Past states kept per agent, for decision records asked for later.
HISTORY_MAX = 32

Skills = tuple[tuple[str, int], ...]
# (key, serial, entry id): ids, not objects, so that no item is part of a reference cycle.
Item = tuple[float, int, str]
Heads = Callable[[list[Item]], tuple[Item, ...]]
# What stands at the head of an empty row: after everybody.
NOBODY: Item = (float("inf"), 0, "")
# (serial, at, why, back-off until): what an agent did from `at` on.
Moment = tuple[int, float, str, float]


@dataclass(slots=True, eq=False)
class Seat:
    """An agent as the engine sees him. `idle`: he stands in the idle orders of his segments.
    `idle_key` = (idle since, serial) is his place among the idle."""

    id: str
    agent: Agent | None = None
    segments: list[Segment] = field(default_factory=list)
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
    history: deque[Moment] = field(default_factory=lambda: deque(maxlen=HISTORY_MAX))

    def heads(self) -> Heads:
        """A C-speed reader of the heads of his segments' main rows out of `floor.heads`. The two
        leading zeros are a slot that is always empty, so that it always reads a tuple."""
        slots = [segment.main.slot for segment in self.segments]
        self.read_heads = reader = itemgetter(0, 0, *slots)
        return reader

    def room_in(self, segment: Segment) -> bool:
        """May he be offered one more of the segment's medium beside what he handles? (That his
        capacity for it is above 0 was seen to when he was enrolled.)"""
        if not self.load:
            return True
        assert self.agent is not None
        return media.room(self.agent.capacity, self.load, segment.media)

    def ready_for(self, segment: Segment) -> bool:
        """Is he among the idle of this segment?"""
        return self.idle and segment in self.segments and self.room_in(segment)

    def occupancy(self, now: float) -> float:
        """Busy time by time at work since the last log-in; 0 for who has just come."""
        busy, staffed = self.busy_seconds, self.staffed_seconds
        if self.working:
            staffed += now - self.since
            busy += 0.0 if self.free else now - self.since
        return busy / staffed if staffed > 0.0 else 0.0


@dataclass(slots=True, eq=False)
class Waiting:
    """An entry in line. `row` is None while it is offered or asleep."""

    entry: Entry
    seq: int
    queue: QueueState
    key: float
    item: Item = field(init=False)
    skills: Skills = field(init=False)
    ring: int = 0
    row: Row | None = None
    kept: Seat | None = None
    missed: frozenset[str] = frozenset()
    offered: list[str] = field(default_factory=list)
    asleep: bool = False
    attempt: int = 0
    timer: Item | None = None
    sight: Sight | None = None  # what was seen when it joined

    def __post_init__(self) -> None:
        self.item = (self.key, self.seq, self.entry.id)
        self.skills = tuple(sorted(self.entry.skills.items()))


class Row(Line[Item]):
    """Entries of one segment that the same agents may take, in the order of their turn."""

    __slots__ = ("kept", "missed", "segment", "slot")

    def __init__(
        self, segment: Segment, kept: Seat | None, missed: frozenset[str], slot: int
    ) -> None:
        super().__init__()
        self.slot = slot  # of a main row: where its head is shown in `floor.heads`; else 0
        self.segment = segment
        self.kept = kept
        self.missed = missed


class Segment:
    """(queue, ring, skills): who waits here may be served by exactly `members`."""

    __slots__ = ("_minima", "extra", "idle", "main", "media", "members", "queue", "ring", "skills")

    def __init__(self, queue: QueueState, ring: int, skills: Skills, slot: int) -> None:
        self.queue = queue
        self.ring = ring
        self.skills = skills
        self.media = queue.queue.media  # as it was: the queue may be defined anew meanwhile
        self._minima = tuple(rules.requirement(dict(skills), queue.rings, ring).items())
        self.members: dict[Seat, None] = {}
        self.idle: IdleOrder = idle_order(queue, skills)
        self.main = Row(self, None, frozenset(), slot)
        self.extra: dict[tuple[Seat | None, frozenset[str]], Row] = {}

    def admits(self, agent: Agent, member_ring: int) -> bool:
        """`rules.lacking` without its explanation: this runs for each member of a queue."""
        if member_ring > self.ring or agent.capacity.get(self.media, 0) < 1:
            return False
        skills = agent.skills
        for name, level in self._minima:
            if skills.get(name, 0) < level:
                return False
        return True

    def enrol(self, seat: Seat) -> None:
        self.members[seat] = None
        seat.segments.append(self)
        seat.read_heads = None
        if seat.idle and seat.room_in(self):
            self.idle.add(seat)

    def row(self, kept: Seat | None, missed: frozenset[str]) -> Row:
        if kept is None and not missed:
            return self.main
        row = self.extra.get((kept, missed))
        if row is None:
            row = self.extra[kept, missed] = Row(self, kept, missed, 0)
        return row

    def rows(self) -> list[Row]:
        """The rows in which somebody waits."""
        rows = [self.main, *self.extra.values()] if self.extra else [self.main]
        return [row for row in rows if row.first is not None]


class QueueState:
    """A queue with all that waits for it. `line` holds every entry, also those being offered."""

    __slots__ = (
        "asleep",
        "by_join",
        "cursor",
        "grouped",
        "limit",
        "line",
        "live",
        "marks",
        "members",
        "model",
        "overdue",
        "queue",
        "rings",
        "segments",
        "target",
        "working",
    )

    def __init__(self, queue: Queue) -> None:
        self.line: Line[Item] = Line()
        self.by_join: Line[Item] | None = None
        self.cursor: tuple[int, str] = (-1, "")
        self.members: dict[Seat, int] = {}
        self.segments: dict[tuple[int, Skills], Segment] = {}
        self.overdue: dict[str, Waiting] = {}
        self.asleep: dict[str, Waiting] = {}
        self.working = 0
        self.model = WaitModel()
        self.define(queue)

    def define(self, queue: Queue) -> None:
        """Take over a (changed) definition; segments are not touched."""
        self.queue = queue
        self.rings: tuple[Ring, ...] = rules.rings_of(queue)
        self.target = rules.target_seconds(queue)
        self.grouped = bool(queue.groups) or any(ring.groups for ring in self.rings)
        marks = {ring.after_seconds for ring in self.rings}
        marks |= {rule.after_seconds for rule in queue.overflow if rule.after_seconds is not None}
        if queue.wait_max_seconds is not None:
            marks.add(queue.wait_max_seconds)
        self.marks = tuple(sorted(marks))
        limits = [rule.after_seconds for rule in queue.overflow] + [queue.wait_max_seconds]
        # The shortest wait after which an overflow rule or the maximum wait may apply.
        self.limit = min((limit for limit in limits if limit is not None), default=float("inf"))
        # Rules that look at figures which change by themselves, not only at the clock.
        self.live = any(
            rule.after_seconds is None
            or rule.when_waiting_over is not None
            or rule.when_estimate_over_seconds is not None
            for rule in queue.overflow
        )

    def enrol(self, seat: Seat, member_ring: int) -> None:
        """Make the agent a member; he must not be one."""
        self.members[seat] = member_ring
        seat.queues.append(self)
        self.working += seat.working
        if seat.agent is None:
            return
        for segment in self.segments.values():
            if segment.admits(seat.agent, member_ring):
                segment.enrol(seat)

    def strike(self, seat: Seat) -> None:
        """Take the agent out of the members (his segments are the caller's business)."""
        if self.members.pop(seat, None) is not None:
            seat.queues.remove(self)
            self.working -= seat.working
