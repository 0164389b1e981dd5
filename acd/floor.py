"""The state of the running engine: queues with their lines, segments with their rows, seats.

`Floor` keeps lines, rows, heads and timers consistent with each other. It notes what has changed
since the last decision (`fresh` agents, `touched` rows), so that `acd.matching` need look nowhere
else. What happens to agents is in `acd.seating`, to entries in `acd.entries`, with time in
`acd.timing`. None of them may choose anybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from acd import rules
from acd.estimate import Sight
from acd.line import Line
from acd.model import Agent
from acd.queue_state import QueueState
from acd.segments import NOBODY, Item, Row, Seat, Segment, Skills, Waiting

# Empty segments of a queue are kept up to this number: the same requirement tends to come again.
SEGMENTS_KEPT = 64


class Floor:
    """Everything that changes in the engine."""

    def __init__(self) -> None:
        self.queues: dict[str, QueueState] = {}
        self.seats: dict[str, Seat] = {}
        self.groups: dict[str, list[Seat]] = {}  # who is in which, for conditions of overflow
        self.agents: Mapping[str, Agent] = {}  # as configured last; replaced, never changed
        self.waiting: dict[str, Waiting] = {}
        self.fresh: dict[Seat, None] = {}
        self.touched: dict[Row, None] = {}
        # By slot: who stands first in the main rows of a segment from a ring on. Slot 0: nobody.
        self.heads: list[Item] = [NOBODY]
        self.slots: list[int] = []  # given back
        self.extras = 0  # rows other than main ones in which somebody waits
        self.shifting = False  # may the order between queues or rows change with time?
        self.timers: Line[Item] = Line()  # entries: ring, preference, overflow, maximum wait
        self.untimed: list[tuple[Waiting, float]] = []  # stood at that moment, no timer yet
        self.back_offs: Line[Item] = Line()  # agents
        self.recheck_at: float | None = None  # live overflow rules
        self.newest_idle = (float("-inf"), 0)  # of all who sat down
        self.now = 0.0  # the latest moment at which something was decided
        # Numbers that only grow: ties are broken by them, and histories told apart.
        self.serial = count(1).__next__

    def count_on_from(self, serial: int) -> None:
        """After a restart: no number is given out twice."""
        self.serial = count(max(self.serial(), serial + 1)).__next__

    def configured(self) -> None:
        """Call this when queues or agents have come or changed."""
        self.shifting = any(state.target or state.queue.ageing for state in self.queues.values())
        self.groups = {}
        for seat in self.seats.values():
            for group in seat.agent.groups if seat.agent is not None else ():
                self.groups.setdefault(group, []).append(seat)

    def seat(self, agent: str) -> Seat:
        seat = self.seats.get(agent)
        if seat is None:
            seat = self.seats[agent] = Seat(agent)
        return seat

    def sight(self, state: QueueState, ahead: int) -> Sight:
        """What an estimate for somebody with so many ahead is made from."""
        return Sight(ahead, state.working, len(self.waiting), state.model.last_wait)

    def expected(self, state: QueueState, ahead: int) -> tuple[float, float] | None:
        """Low and high of the wait of somebody with so many ahead; None if nothing is known."""
        oldest = state.oldest()
        head = 0.0 if oldest is None else self.now - oldest
        return state.model.wait(self.sight(state, ahead), head)

    # -- segments -------------------------------------------------------------------------------
    def segment(self, state: QueueState, skills: Skills) -> Segment:
        """The segment, made if it is new."""
        segment = state.segments.get(skills)
        if segment is None:
            if len(state.segments) >= SEGMENTS_KEPT:
                for old in list(state.segments.values()):
                    if not old.rows():
                        self.drop(old)
            slots = tuple(self._slot() for _ in range(len(state.rings) + 1))
            segment = state.segments[skills] = Segment(state, skills, slots)
            for seat, member_ring in state.members.items():
                segment.enrol(seat, member_ring)
        return segment

    def _slot(self) -> int:
        if self.slots:
            return self.slots.pop()
        self.heads.append(NOBODY)
        return len(self.heads) - 1

    def drop(self, segment: Segment) -> None:
        """Away with an empty segment."""
        for seat in segment.members:
            del seat.segments[segment]
            seat.read_heads = None
        self.slots.extend(segment.slots)
        for row in segment.main:
            self.touched.pop(row, None)
        del segment.queue.segments[segment.skills]

    # -- lines ----------------------------------------------------------------------------------
    def into_line(self, waiting: Waiting) -> None:
        state, entry = waiting.queue, waiting.entry
        state.line.add(waiting.item)
        if waiting.asleep:
            state.asleep[entry.id] = waiting
        if state.queue.ageing:
            if state.paces is None:
                state.paces = {}
            state.paces.setdefault(waiting.slope, Line()).add(waiting.item)
        if entry.joined_at >= state.newest:
            state.newest = entry.joined_at
        else:
            state.unsorted = True
        state.joined[entry.id] = entry.joined_at

    def out_of_line(self, waiting: Waiting) -> None:
        state, entry = waiting.queue, waiting.entry
        state.line.remove(waiting.item)
        if state.overdue:
            state.overdue.pop(entry.id, None)
        if state.asleep:
            state.asleep.pop(entry.id, None)
        if state.paces is not None:
            state.paces[waiting.slope].remove(waiting.item)
            if not len(state.line):
                state.paces = None
        del state.joined[entry.id]

    def ahead(self, waiting: Waiting) -> int:
        """How many of its queue come before the entry, as things stand now."""
        state = waiting.queue
        if state.paces is None:
            return state.line.rank(waiting.item)
        mine = rules.aged(waiting.key, waiting.slope, self.now)
        before = 0
        for slope, line in state.paces.items():
            if slope == waiting.slope:
                before += line.rank(waiting.item)
            else:  # the key with which an entry of that pace would stand level with this one
                level = self.now - (self.now - mine) / slope
                before += line.rank((level, waiting.seq, waiting.entry.id))
        return before

    # -- rows -----------------------------------------------------------------------------------
    def stand(self, waiting: Waiting, now: float) -> Row:
        """Stand in the row where the entry belongs at `now`; its timer will be set."""
        entry, state = waiting.entry, waiting.queue
        ring = rules.ring_at(state.rings, entry.joined_at, now) if state.rings else 0
        segment = self.segment(state, waiting.skills)
        if waiting.kept is not None or waiting.missed or waiting.slope != 1.0:
            row = segment.row(ring, waiting.kept, waiting.missed, waiting.slope)
            self.extras += not row.main and row.first is None
        else:
            row = segment.main[ring]
        first = row.first
        row.add(waiting.item)
        if row.main and row.first is not first:
            self._show_head(row)
        waiting.row = row
        self.touched[row] = None
        if state.live and self.recheck_at is None:
            self.recheck_at = now
        if now >= entry.joined_at + state.limit:
            state.overdue[entry.id] = waiting
            self.recheck_at = now
        self.untimed.append((waiting, now))
        return row

    def step_back(self, waiting: Waiting) -> None:
        """Out of the row (offered, asleep or on the way to another row); the place stays."""
        if waiting.timer is not None:
            self.timers.remove(waiting.timer)
            waiting.timer = None
        row = waiting.row
        if row is not None:
            first = row.first
            row.remove(waiting.item)
            waiting.row = None
            if row.main:
                if row.first is not first:
                    self._show_head(row)
            elif row.first is None:
                self.extras -= 1
                del row.segment.extra[row.key]

    def _show_head(self, row: Row) -> None:
        """The head of a main row has changed: show it in the slots of its ring and those before."""
        heads, rows, slots = self.heads, row.segment.main, row.segment.slots
        ring = row.ring
        best = row.first or NOBODY
        if ring + 1 < len(slots) and heads[slots[ring + 1]] < best:
            best = heads[slots[ring + 1]]
        while heads[slots[ring]] is not best:
            heads[slots[ring]] = best
            if ring == 0:
                return
            ring -= 1
            own = rows[ring].first
            if own is not None and own < best:
                best = own
