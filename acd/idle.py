"""Idle agents of a segment in the order of the queue's strategy.

One small class a way of ordering; a segment has one order for each ring, holding the agents who may
serve from that ring on. `pick` returns up to `count` agents out of several orders, the best first,
passing over `barred` ids. Costs: longest idle, ring order and most skilled O(1) per change and
pick, round robin O(log n), least occupied and random O(n) per pick (their figures change while
agents sit idle).
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import OrderedDict
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol

from acd import dice, rules

if TYPE_CHECKING:
    from acd.segments import QueueState, Seat, Skills, Waiting

FIRST = (float("-inf"), 0)


class IdleOrder(Protocol):
    """Iterates over its agents, the best first; `rank` is that order as a key."""

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[Seat]: ...
    def add(self, seat: Seat) -> None: ...
    def remove(self, seat: Seat) -> None: ...
    def rank(self, seat: Seat) -> Any: ...


class ByIdleTime:
    """Longest idle first. An ordered dict in order of `idle_key`; who returns with an older key
    (an offer withdrawn) makes it sort itself before the next look. `remove` is the dict's own: an
    agent who is taken leaves the orders of all his segments, and that is most of what it costs to
    find an agent for a caller."""

    __slots__ = ("_newest", "_seats", "_unsorted", "remove")

    def __init__(self) -> None:
        self._seats: OrderedDict[Seat, None] = OrderedDict()
        self._newest = FIRST
        self._unsorted = False
        self.remove: Callable[[Seat], None] = self._seats.__delitem__

    def __len__(self) -> int:
        return len(self._seats)

    def __iter__(self) -> Iterator[Seat]:
        if self._unsorted:
            for seat in sorted(self._seats, key=self.rank):
                self._seats.move_to_end(seat)
            self._unsorted = False
        return iter(self._seats)

    def add(self, seat: Seat) -> None:
        if seat.idle_key >= self._newest:
            self._newest = seat.idle_key
        elif self._seats:
            self._unsorted = True
        self._seats[seat] = None

    def rank(self, seat: Seat) -> tuple[float, int]:
        return seat.idle_key


class ByLevel:
    """By a fixed level of the agent in this segment (lowest first), then longest idle."""

    __slots__ = ("_levels", "_order", "_queue", "_size", "_skills", "_strategy")

    def __init__(self, queue: QueueState, skills: Skills) -> None:
        self._queue = queue
        self._skills = dict(skills)
        self._strategy = queue.queue.strategy
        self._levels: dict[int, ByIdleTime] = {}
        self._order: list[int] = []  # levels in use, ascending
        self._size = 0

    def _level(self, seat: Seat) -> int:
        assert seat.agent is not None
        if self._strategy == "linear":
            return rules.place_in(seat.agent, self._queue.queue.id)[0]
        return -rules.proficiency(seat.agent, self._skills)

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Seat]:
        for level in self._order:
            yield from self._levels[level]

    def add(self, seat: Seat) -> None:
        number = self._level(seat)
        level = self._levels.get(number)
        if level is None:
            level = self._levels[number] = ByIdleTime()
            insort(self._order, number)
        level.add(seat)
        self._size += 1

    def remove(self, seat: Seat) -> None:
        self._levels[self._level(seat)].remove(seat)
        self._size -= 1

    def rank(self, seat: Seat) -> tuple[int, tuple[float, int]]:
        return self._level(seat), seat.idle_key


class ByTurn:
    """Round robin: the next after the member who was offered something last in this queue."""

    __slots__ = ("_queue", "_seats")

    def __init__(self, queue: QueueState) -> None:
        self._queue = queue
        self._seats: list[tuple[tuple[int, str], Seat]] = []

    def _place(self, seat: Seat) -> tuple[int, str]:
        assert seat.agent is not None
        return rules.place_in(seat.agent, self._queue.queue.id)

    def __len__(self) -> int:
        return len(self._seats)

    def __iter__(self) -> Iterator[Seat]:
        start = bisect_right(self._seats, self._queue.cursor, key=lambda pair: pair[0])
        for _, seat in self._seats[start:] + self._seats[:start]:
            yield seat

    def add(self, seat: Seat) -> None:
        insort(self._seats, (self._place(seat), seat), key=lambda pair: pair[0])

    def remove(self, seat: Seat) -> None:
        at = bisect_right(self._seats, self._place(seat), key=lambda pair: pair[0]) - 1
        assert self._seats[at][1] is seat
        del self._seats[at]

    def rank(self, seat: Seat) -> tuple[bool, tuple[int, str]]:
        place = self._place(seat)
        return place <= self._queue.cursor, place


def idle_order(queue: QueueState, skills: Skills) -> IdleOrder:
    """The order that the queue's strategy asks for."""
    strategy = queue.queue.strategy
    if strategy == "round-robin":
        return ByTurn(queue)
    if strategy in ("most-skilled", "linear"):
        return ByLevel(queue, skills)
    return ByIdleTime()


def pick(
    orders: Sequence[IdleOrder],
    waiting: Waiting,
    now: float,
    barred: Container[str],
    count: int,
) -> list[Seat]:
    """Up to `count` agents for an entry, the best first. None of the orders may be empty."""
    if len(orders) == 1:
        everybody: Iterable[Seat] = orders[0]
    else:
        everybody = merge(*orders, key=orders[0].rank)
    if barred:
        everybody = (seat for seat in everybody if seat.id not in barred)
    strategy = waiting.queue.queue.strategy
    if strategy == "least-occupied":
        return sorted(everybody, key=lambda seat: seat.occupancy(now))[:count]
    if strategy == "random":
        return _drawn(list(everybody), waiting, count)
    return list(islice(everybody, count))


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
