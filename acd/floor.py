"""The state of the running engine and the moves on it: sit down, rise, stand in line, step out.

`Floor` keeps seats, segments, rows and timers consistent with each other. It notes what has changed
since the last decision (`fresh` agents, `touched` rows), so that `acd.matching` need look nowhere
else. It must not choose anybody.
"""

from __future__ import annotations

from collections.abc import Mapping

from acd import rules
from acd.estimate import Sight
from acd.line import Line
from acd.model import Agent, Entry
from acd.segments import NOBODY, Item, QueueState, Row, Seat, Segment, Skills, Waiting

FOREVER = float("inf")
# Empty segments of a queue are kept up to this number: the same requirement tends to come again.
SEGMENTS_KEPT = 64


class Floor:
    """Everything that changes in the engine."""

    def __init__(self) -> None:
        self.queues: dict[str, QueueState] = {}
        self.seats: dict[str, Seat] = {}
        self.agents: Mapping[str, Agent] = {}  # as configured last; replaced, never changed
        self.waiting: dict[str, Waiting] = {}
        self.fresh: dict[Seat, None] = {}
        self.touched: dict[Row, None] = {}
        self.heads: list[Item] = [NOBODY]  # of all main rows, by slot; slot 0 is always empty
        self.slots: list[int] = []  # given back
        self.extras = 0  # rows other than main ones in which somebody waits
        self.deadlines = False  # does any queue use deadline order?
        self.timers: Line[Item] = Line()  # entries: ring, preference, overflow, maximum wait
        self.untimed: list[tuple[Waiting, float]] = []  # stood at that moment, no timer yet
        self.back_offs: Line[Item] = Line()  # agents
        self.recheck_at: float | None = None  # live overflow rules
        self.now = 0.0  # the latest moment at which something was decided
        self._serial = 0

    def serial(self) -> int:
        """Numbers that only grow: ties are broken by them, and histories told apart."""
        self._serial += 1
        return self._serial

    def count_on_from(self, serial: int) -> None:
        """After a restart: no number is given out twice."""
        self._serial = max(self._serial, serial)

    # -- segments -------------------------------------------------------------------------------
    def segment(self, state: QueueState, ring: int, skills: Skills) -> Segment:
        """The segment, made if it is new."""
        segment = state.segments.get((ring, skills))
        if segment is None:
            if len(state.segments) >= SEGMENTS_KEPT:
                for old in list(state.segments.values()):
                    if old.main.first is None and not old.extra:
                        self.drop(old)
            if self.slots:
                slot = self.slots.pop()
            else:
                slot = len(self.heads)
                self.heads.append(NOBODY)
            segment = state.segments[ring, skills] = Segment(state, ring, skills, slot)
            for seat, member_ring in state.members.items():
                if seat.agent is not None and segment.admits(seat.agent, member_ring):
                    segment.enrol(seat)
        return segment

    def drop(self, segment: Segment) -> None:
        """Away with an empty segment."""
        for seat in segment.members:
            seat.segments.remove(segment)
            seat.read_heads = None
        self.slots.append(segment.main.slot)
        self.touched.pop(segment.main, None)
        del segment.queue.segments[segment.ring, segment.skills]

    # -- agents ---------------------------------------------------------------------------------
    def seat(self, agent: str) -> Seat:
        seat = self.seats.get(agent)
        if seat is None:
            seat = self.seats[agent] = Seat(agent)
        return seat

    def sit(self, seat: Seat) -> None:
        """Stand with the idle ones of all his segments."""
        if not seat.idle:
            seat.idle = True
            for segment in seat.segments:
                if not seat.load or seat.room_in(segment):
                    segment.idle.add(seat)

    def rise(self, seat: Seat) -> None:
        if seat.idle:
            seat.idle = False
            for segment in seat.segments:
                if not seat.load or seat.room_in(segment):
                    segment.idle.remove(seat)

    def rise_and_refresh(self, seat: Seat) -> None:
        """Rise, to be seated again by the next decision."""
        if seat.idle:
            self.rise(seat)
            self.fresh[seat] = None

    def enrol(self, seat: Seat, state: QueueState) -> None:
        """Make the agent a member of the queue if he belongs to it; he must not be one yet."""
        if seat.agent is None:
            return
        ring = rules.member_ring(seat.agent, state.queue, state.rings)
        if ring is not None:
            state.enrol(seat, ring)

    def enrol_everywhere(self, seat: Seat) -> None:
        """A member of all queues he belongs to; he must be in none. Queues are found by name, and
        those with groups looked at one by one (agents times queues would be too many)."""
        if seat.agent is None:
            return
        states = [self.queues[name] for name in seat.agent.queues if name in self.queues]
        if seat.agent.groups:
            known = set(seat.agent.queues)
            states += [s for s in self.queues.values() if s.grouped and s.queue.id not in known]
        for state in states:
            self.enrol(seat, state)

    def become(self, seat: Seat, now: float, why: str) -> None:
        """The agent is now `why` ("free" or a reason why not)."""
        worked = seat.working
        works = why in rules.WORKING
        if worked:
            spent = now - seat.since
            seat.staffed_seconds += spent
            if not seat.free:
                seat.busy_seconds += spent
        if why == "offline":
            seat.staffed_seconds = seat.busy_seconds = 0.0
        seat.why, seat.since, seat.free = why, now, why == "free"
        self._serial += 1
        seat.history.append((self._serial, now, why, seat.back_off_until))
        if works != worked:
            seat.working = works
            for state in seat.queues:
                state.working += 1 if works else -1
            if worked:
                for waiting in list(seat.kept.values()):
                    self.release(waiting, now)

    def note(self, seat: Seat, now: float) -> None:
        """Remember the agent's state for decision records."""
        self._serial += 1
        seat.history.append((self._serial, now, seat.why, seat.back_off_until))

    def back_off(self, seat: Seat, until: float) -> None:
        """No offers for the agent before `until` (minus infinity: at once)."""
        seat.back_off_until = until
        if seat.timer is not None:
            self.back_offs.remove(seat.timer)
            seat.timer = None

    def available(self, seat: Seat, now: float) -> None:
        """A free agent takes part in the next decision, or when his back-off is over."""
        if now >= seat.back_off_until:
            self.fresh[seat] = None
        elif seat.timer is None:
            seat.timer = (seat.back_off_until, self.serial(), seat.id)
            self.back_offs.add(seat.timer)

    # -- entries --------------------------------------------------------------------------------
    def enter(self, entry: Entry, state: QueueState, now: float) -> Waiting:
        """A new entry in the line of a queue."""
        key = rules.order_key(entry, state.queue)
        waiting = Waiting(entry, self.serial(), state, key)
        self.waiting[entry.id] = waiting
        self._into_line(waiting)
        if entry.preferred_agent is not None:
            self.prefer(waiting, now)
        row = self.stand(waiting, now)
        if not len(row.segment.idle):  # who is served at once teaches nothing about waiting
            waiting.sight = self.sight(state, len(state.line) - 1)
        return waiting

    def sight(self, state: QueueState, ahead: int) -> Sight:
        """What an estimate for somebody with so many ahead is made from."""
        return Sight(ahead, state.working, len(self.waiting), state.model.last_wait)

    def restore(self, waiting: Waiting) -> None:
        """An entry as it was, with its old number; it does not stand in a row yet."""
        self.waiting[waiting.entry.id] = waiting
        self._into_line(waiting)

    def _into_line(self, waiting: Waiting) -> None:
        state, entry = waiting.queue, waiting.entry
        state.line.add(waiting.item)
        if waiting.asleep:
            state.asleep[entry.id] = waiting
        if state.by_join is not None:
            state.by_join.add((entry.joined_at, waiting.seq, entry.id))
        elif waiting.key != entry.joined_at + state.target:
            # The first entry out of the order of joining: from now on that order is kept apart.
            state.by_join = Line()
            for _, seq, name in state.line:
                state.by_join.add((self.waiting[name].entry.joined_at, seq, name))

    def _out_of_line(self, waiting: Waiting) -> None:
        state, entry = waiting.queue, waiting.entry
        state.line.remove(waiting.item)
        state.overdue.pop(entry.id, None)
        state.asleep.pop(entry.id, None)
        if state.by_join is not None:
            state.by_join.remove((entry.joined_at, waiting.seq, entry.id))
            if not len(state.by_join):
                state.by_join = None

    def rekey(self, waiting: Waiting) -> None:
        """The entry's key or queue definition may have changed; it must not stand in a row."""
        self._out_of_line(waiting)
        waiting.key = rules.order_key(waiting.entry, waiting.queue.queue)
        waiting.item = (waiting.key, waiting.seq, waiting.entry.id)
        self._into_line(waiting)

    def transfer(self, waiting: Waiting, entry: Entry, state: QueueState, now: float) -> None:
        """The entry changes (queue, priority) and stands at its place in the new order."""
        was_standing = waiting.row is not None
        self.step_back(waiting)
        self._out_of_line(waiting)
        moved = waiting.queue is not state
        other_wish = waiting.entry.preferred_agent != entry.preferred_agent
        waiting.entry, waiting.queue = entry, state
        waiting.key = rules.order_key(entry, state.queue)
        waiting.item = (waiting.key, waiting.seq, entry.id)
        self._into_line(waiting)
        if moved:
            self.unkeep(waiting)
            waiting.offered.clear()
            self.prefer(waiting, now)
        elif other_wish and was_standing:
            self.unkeep(waiting)
            self.prefer(waiting, now)
        if was_standing or (moved and not waiting.asleep):
            self.stand(waiting, now)

    def prefer(self, waiting: Waiting, now: float) -> None:
        """Keep the entry for its preferred agent if he is at work and may serve it at once."""
        entry, state = waiting.entry, waiting.queue
        seat = self.seats.get(entry.preferred_agent or "")
        if seat is None or not seat.working or seat.id in waiting.missed:
            return
        if now >= entry.joined_at + state.queue.preferred_wait_seconds:
            return
        if self.may_serve(seat, waiting, now):
            self.keep(waiting, seat)

    def keep(self, waiting: Waiting, seat: Seat) -> None:
        waiting.kept = seat
        seat.kept[waiting.entry.id] = waiting

    def may_serve(self, seat: Seat, waiting: Waiting, now: float) -> bool:
        state, entry = waiting.queue, waiting.entry
        ring = rules.ring_at(state.rings, entry.joined_at, now)
        member_ring = state.members.get(seat)
        if seat.agent is None or member_ring is None or member_ring > ring:
            return False
        if seat.agent.capacity.get(state.queue.media, 0) < 1:
            return False
        minima = rules.requirement(entry.skills, state.rings, ring)
        return rules.lacking(seat.agent, minima) is None

    def unkeep(self, waiting: Waiting) -> None:
        if waiting.kept is not None:
            del waiting.kept.kept[waiting.entry.id]
            waiting.kept = None

    def release(self, waiting: Waiting, now: float) -> None:
        """No longer kept for the preferred agent: everybody may take it."""
        self.unkeep(waiting)
        if waiting.row is not None:
            self.step_back(waiting)
            self.stand(waiting, now)

    def stand(self, waiting: Waiting, now: float) -> Row:
        """Stand in the row where the entry belongs at `now`, and set its timer."""
        entry, state = waiting.entry, waiting.queue
        waiting.ring = rules.ring_at(state.rings, entry.joined_at, now)
        row = self.segment(state, waiting.ring, waiting.skills).main
        if waiting.kept is not None or waiting.missed:
            row = row.segment.row(waiting.kept, waiting.missed)
            self.extras += row.first is None
            row.add(waiting.item)
        else:
            row.add(waiting.item)
            self.heads[row.slot] = row.first or NOBODY
        waiting.row = row
        self.touched[row] = None
        if state.live and self.recheck_at is None:
            self.recheck_at = now
        if now >= entry.joined_at + state.limit:
            state.overdue[entry.id] = waiting
            self.recheck_at = now
        if len(row.segment.idle):  # most likely gone in a moment: no timer before it is needed
            self.untimed.append((waiting, now))
        else:
            self._set_timer(waiting, now)
        return row

    def _set_timer(self, waiting: Waiting, now: float) -> None:
        """For the next moment after `now` at which a ring opens, a limit is passed or the
        preference ends."""
        joined_at, state = waiting.entry.joined_at, waiting.queue
        at = FOREVER
        for mark in state.marks:
            if joined_at + mark > now:
                at = joined_at + mark
                break
        if waiting.kept is not None:
            at = min(at, joined_at + state.queue.preferred_wait_seconds)
        if at < FOREVER:
            waiting.timer = (at, waiting.seq, waiting.entry.id)
            self.timers.add(waiting.timer)

    def set_timers(self) -> None:
        """Call this before looking at `timers`."""
        for waiting, now in self.untimed:
            if waiting.row is not None and waiting.timer is None:
                self._set_timer(waiting, now)
        self.untimed.clear()

    def step_back(self, waiting: Waiting) -> None:
        """Out of the row (offered, asleep or on the way to another row); the place stays."""
        if waiting.timer is not None:
            self.timers.remove(waiting.timer)
            waiting.timer = None
        row = waiting.row
        if row is not None:
            row.remove(waiting.item)
            waiting.row = None
            if row.slot:
                self.heads[row.slot] = row.first or NOBODY
            elif row.first is None:
                self.extras -= 1
                del row.segment.extra[row.kept, row.missed]

    def forget(self, waiting: Waiting) -> None:
        """Out of the engine."""
        self.step_back(waiting)
        self._out_of_line(waiting)
        self.unkeep(waiting)
        del self.waiting[waiting.entry.id]

    # -- time -----------------------------------------------------------------------------------
    def advance(self, now: float) -> None:
        """Let happen what was due until `now`: rings open, preferences end, back-offs end."""
        self.now = now
        if self.untimed:
            self.set_timers()
        while (due := self.timers.first) is not None and due[0] <= now:
            waiting = self.waiting[due[2]]
            if waiting.kept is not None and now >= (
                waiting.entry.joined_at + waiting.queue.queue.preferred_wait_seconds
            ):
                self.unkeep(waiting)
            self.step_back(waiting)
            self.stand(waiting, now)
        while (due := self.back_offs.first) is not None and due[0] <= now:
            seat = self.seats[due[2]]
            self.back_offs.remove(due)
            seat.timer = None
            if seat.free:
                self.fresh[seat] = None
