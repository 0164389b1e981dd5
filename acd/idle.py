"""Idle agents of a segment in the order of the queue's strategy.

One small class a way of ordering; a segment has one order for each ring, holding the agents who may
serve from that ring on. An agent who is taken is not removed from the orders of all his segments
(that was most of what it cost to find an agent for a caller, nearly all of it waiting for memory):
he only is no longer `idle`, and each order drops him when it meets him, at the latest when he sits
down again. He never stands in an order twice, so what an order may have to drop is bounded by its
members, and each drop is paid for by one sitting down.

`pick` returns up to `count` agents out of several orders, the best first, passing over `barred`
ids. Costs: longest idle, ring order and most skilled O(1) per change and pick, round robin
O(log n), least occupied and random O(idle) per pick (their figures change while agents sit idle).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Container
from heapq import merge
from itertools import chain, islice
from operator import itemgetter
from sys import maxsize
from typing import TYPE_CHECKING, Any, Protocol

from acd import dice, rules

if TYPE_CHECKING:
    from acd.queue_state import QueueState
    from acd.segments import Row, Seat, Segment, Skills, Waiting


class IdleOrder(Protocol):
    """`rank` is the order as a key. `slot`: where the head of the entries is shown that its agents
    may take (`floor.heads`)."""

    slot: int

    def add(self, seat: Seat) -> None:
        """He has sat down; he may not stand here."""

    def late(self, seat: Seat) -> None:
        """The agent, to be added next, has been idle for longer than somebody added before."""

    def drop(self, seat: Seat, default: None) -> None:
        """Away with him, if he stands here."""

    def best(self, segment: Segment, count: int, barred: Container[str] = ()) -> list[Seat]:
        """Up to `count` who are idle and have room for the segment's medium, the best first."""

    def rank(self, seat: Seat) -> Any: ...


class ByIdleTime(dict["Seat", None]):
    """Longest idle first: a dict in order of `idle_key`, if agents sit down in that order. One who
    returns with an older key (an offer withdrawn) is announced by `late`, and it sorts itself
    before the next look. (Looking for the first one passes over places left empty, a few
    nanoseconds each, until the dict grows.)"""

    __slots__ = ("_unsorted", "slot")

    def __init__(self, slot: int) -> None:
        super().__init__()
        self.slot = slot
        self._unsorted = False

    if TYPE_CHECKING:

        def add(self, seat: Seat) -> None: ...
        def drop(self, seat: Seat, default: None) -> None: ...
    else:  # without a Python call: who sits down does so in many orders
        add, drop = dict.setdefault, dict.pop

    def late(self, seat: Seat) -> None:
        self._unsorted = True

    def best(self, segment: Segment, count: int, barred: Container[str] = ()) -> list[Seat]:
        if self._unsorted:
            self._sort()
        found: list[Seat] = []
        gone: list[Seat] = []
        for seat in self:
            if not seat.idle or (seat.load and not seat.room_in(segment)):
                gone.append(seat)
            elif not barred or seat.id not in barred:
                found.append(seat)
                if len(found) == count:
                    break
        for seat in gone:
            del self[seat]
        return found

    def _sort(self) -> None:
        seats = sorted(self, key=self.rank)
        self.clear()
        self.update(dict.fromkeys(seats))
        self._unsorted = False

    def rank(self, seat: Seat) -> tuple[float, int]:
        return seat.idle_key


class ByLevel:
    """By a fixed level of the agent in this segment (lowest first), then longest idle."""

    __slots__ = ("_levels", "_order", "_queue", "_skills", "_strategy", "slot")

    def __init__(self, queue: QueueState, skills: Skills, slot: int) -> None:
        self.slot = slot
        self._queue = queue
        self._skills = dict(skills)
        self._strategy = queue.queue.strategy
        self._levels: dict[int, ByIdleTime] = {}
        self._order: list[int] = []  # levels in use, ascending

    def _level(self, seat: Seat) -> int:
        assert seat.agent is not None
        if self._strategy == "linear":
            return rules.place_in(seat.agent, self._queue.queue.id)[0]
        return -rules.proficiency(seat.agent, self._skills)

    def _of(self, seat: Seat) -> ByIdleTime:
        number = self._level(seat)
        level = self._levels.get(number)
        if level is None:
            level = self._levels[number] = ByIdleTime(self.slot)
            insort(self._order, number)
        return level

    def add(self, seat: Seat) -> None:
        self._of(seat).add(seat)

    def late(self, seat: Seat) -> None:
        self._of(seat).late(seat)

    def drop(self, seat: Seat, default: None) -> None:
        self._of(seat).pop(seat, None)

    def best(self, segment: Segment, count: int, barred: Container[str] = ()) -> list[Seat]:
        found: list[Seat] = []
        for level in self._order:
            found += self._levels[level].best(segment, count - len(found), barred)
            if len(found) >= count:
                break
        return found

    def rank(self, seat: Seat) -> tuple[int, tuple[float, int]]:
        return self._level(seat), seat.idle_key


class ByTurn:
    """Round robin: the next after the member who was offered something last in this queue."""

    __slots__ = ("_queue", "_seats", "slot")

    def __init__(self, queue: QueueState, slot: int) -> None:
        self.slot = slot
        self._queue = queue
        self._seats: list[tuple[tuple[int, str], Seat]] = []

    def _place(self, seat: Seat) -> tuple[int, str]:
        assert seat.agent is not None
        return rules.place_in(seat.agent, self._queue.queue.id)

    def _at(self, seat: Seat) -> tuple[int, bool]:
        """Where he stands or would stand, and whether he does."""
        at = bisect_left(self._seats, self._place(seat), key=itemgetter(0))
        return at, at < len(self._seats) and self._seats[at][1] is seat

    def add(self, seat: Seat) -> None:
        self._seats.insert(self._at(seat)[0], (self._place(seat), seat))

    def late(self, seat: Seat) -> None:
        """How long he has been idle does not count here."""

    def drop(self, seat: Seat, default: None) -> None:
        at, there = self._at(seat)
        if there:
            del self._seats[at]

    def best(self, segment: Segment, count: int, barred: Container[str] = ()) -> list[Seat]:
        start = bisect_right(self._seats, self._queue.cursor, key=itemgetter(0))
        found: list[Seat] = []
        gone: list[Seat] = []
        for n in chain(range(start, len(self._seats)), range(start)):
            seat = self._seats[n][1]
            if not seat.idle or not seat.room_in(segment):
                gone.append(seat)
            elif seat.id not in barred:
                found.append(seat)
                if len(found) == count:
                    break
        for seat in gone:
            self.drop(seat, None)
        return found

    def rank(self, seat: Seat) -> tuple[bool, tuple[int, str]]:
        place = self._place(seat)
        return place <= self._queue.cursor, place


def idle_order(queue: QueueState, skills: Skills, slot: int) -> IdleOrder:
    """The order that the queue's strategy asks for."""
    strategy = queue.queue.strategy
    if strategy == "round-robin":
        return ByTurn(queue, slot)
    if strategy in ("most-skilled", "linear"):
        return ByLevel(queue, skills, slot)
    return ByIdleTime(slot)


def pick(
    row: Row, waiting: Waiting, now: float, count: int, barred: Container[str] = ()
) -> list[Seat]:
    """Up to `count` agents for an entry of the row, the best first."""
    strategy = waiting.queue.queue.strategy
    if strategy == "longest-idle" and not row.ring:
        return row.segment.idle[0].best(row.segment, count, barred)
    if strategy == "least-occupied":
        return sorted(_best(row, maxsize, barred), key=lambda seat: seat.occupancy(now))[:count]
    if strategy == "random":
        return _drawn(_best(row, maxsize, barred), waiting, count)
    return _best(row, count, barred)


def _best(row: Row, count: int, barred: Container[str]) -> list[Seat]:
    """The first ones of all orders up to the row's ring."""
    segment = row.segment
    orders = segment.idle
    found = orders[0].best(segment, count, barred)
    if row.ring:
        more = [order.best(segment, count, barred) for order in orders[1 : row.ring + 1]]
        found = list(islice(merge(found, *more, key=orders[0].rank), count))
    return found


def _drawn(seats: list[Seat], waiting: Waiting, count: int) -> list[Seat]:
    """Each in proportion to his weight, without replacement when several are rung."""
    chosen: list[Seat] = []
    while seats and len(chosen) < count:
        weights = [max(seat.agent.weight, 0) if seat.agent else 0 for seat in seats]
        if not any(weights):
            weights = [1] * len(seats)
        left = dice.draw(waiting.entry.id, waiting.attempt, len(chosen)) * sum(weights)
        at = 0
        while at < len(seats) - 1 and left >= weights[at]:
            left -= weights[at]
            at += 1
        chosen.append(seats.pop(at))
    return chosen
