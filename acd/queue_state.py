"""A queue with all that waits for it, and what its definition means for the clock."""

from __future__ import annotations

from collections import OrderedDict
from math import inf
from operator import itemgetter
from typing import TYPE_CHECKING

from acd import rules
from acd.estimate import WaitModel
from acd.line import Line
from acd.model import Queue, Ring
from acd.segments import Item, Skills

if TYPE_CHECKING:
    from acd.segments import Seat, Segment, Waiting


class QueueState:
    """A queue with all that waits for it. `line` holds every entry, also those being offered; when
    entries age at different paces, `paces` holds a line for each pace, too. `joined` holds when
    each joined, in that order (after `oldest` has looked)."""

    __slots__ = (
        "asleep",
        "cursor",
        "grouped",
        "joined",
        "limit",
        "line",
        "live",
        "marks",
        "members",
        "model",
        "newest",
        "overdue",
        "paces",
        "queue",
        "rings",
        "segments",
        "target",
        "unsorted",
        "working",
    )

    def __init__(self, queue: Queue) -> None:
        self.line: Line[Item] = Line()
        self.paces: dict[float, Line[Item]] | None = None
        self.joined: OrderedDict[str, float] = OrderedDict()
        self.newest, self.unsorted = -inf, False
        self.cursor: tuple[int, str] = (-1, "")
        self.members: dict[Seat, int] = {}
        self.segments: dict[Skills, Segment] = {}
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

    def oldest(self) -> float | None:
        """When the entry joined that has been in the centre for longest."""
        if self.unsorted:
            for name, _ in sorted(self.joined.items(), key=itemgetter(1)):
                self.joined.move_to_end(name)
            self.unsorted = False
        return next(iter(self.joined.values()), None)

    def enrol(self, seat: Seat, member_ring: int) -> None:
        """Make the agent a member; he must not be one."""
        self.members[seat] = member_ring
        seat.queues.append(self)
        self.working += seat.working
        for segment in self.segments.values():
            segment.enrol(seat, member_ring)

    def strike(self, seat: Seat) -> None:
        """Take the agent out of the members (his segments are the caller's business)."""
        if self.members.pop(seat, None) is not None:
            seat.queues.remove(self)
            self.working -= seat.working
