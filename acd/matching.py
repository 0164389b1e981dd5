"""Deciding: who is offered to whom, given what has changed since the last decision.

After each decision no possible pair of entry and agent is left, so a new pair needs an agent who
became free or an entry that arrived or moved; only their rows are looked at. The result is the
same as that of going through all waiting entries in turn and all agents each time (a test compares
them over random histories):

1. the entries in the order of their turn, each to the best free agent who has not missed it (or who
   has, if no other agent at work could take it);
2. then, so that nobody idles while a caller waits, again with those who have missed it.
"""

from __future__ import annotations

from collections.abc import Container
from heapq import heapify, heappop, heappush

from acd import rules
from acd.floor import Floor
from acd.segments import Row, Seat, Waiting

Chosen = tuple[Waiting, list[Seat]]
Turn = tuple[tuple[int, float], int]


def match(floor: Floor, now: float) -> list[Chosen]:
    """Choose all pairs that can be made now; entries step back from their rows and agents rise."""
    floor.advance(now)
    if not floor.touched:
        if not floor.fresh:
            return []
        if len(floor.fresh) == 1 and not floor.deadlines:
            quick = _one_agent(floor)
            if quick is not None:
                return quick
    rows = dict.fromkeys(row for row in floor.touched if row.first is not None)
    for seat in floor.fresh:
        floor.sit(seat)
    for seat in floor.fresh:
        for segment in seat.segments:
            rows.update(dict.fromkeys(segment.rows()))
    floor.fresh.clear()
    floor.touched.clear()
    chosen: list[Chosen] = []
    _go_through(floor, list(rows), now, False, chosen)
    missed = [row for row in rows if row.missed and row.first is not None]
    if missed:
        _go_through(floor, missed, now, True, chosen)
    return chosen


def _one_agent(floor: Floor) -> list[Chosen] | None:
    """The everyday case, one agent became free and plain order: compare the heads he may take.
    None: something is special, decide in full."""
    seat = next(iter(floor.fresh))
    best = None
    best_row: Row | None = None
    for segment in seat.segments:
        if segment.extra:
            return None
        first = segment.main.first
        if first is not None and (best is None or first < best):
            best, best_row = first, segment.main
    if best is None or best_row is None:
        floor.fresh.clear()
        floor.sit(seat)
        return []
    queue = best_row.segment.queue.queue
    if len(best_row.segment.idle) or queue.reserved_idle or queue.broadcast > 1:
        return None
    floor.fresh.clear()
    waiting = floor.waiting[best[2]]
    floor.step_back(waiting)
    best_row.segment.queue.cursor = _place(best_row, seat)
    return [(waiting, [seat])]


def _turn(row: Row, now: float) -> Turn:
    first = row.first
    assert first is not None
    return rules.turn(first[0], row.segment.queue.target, now), first[1]


def _go_through(
    floor: Floor, rows: list[Row], now: float, last_resort: bool, chosen: list[Chosen]
) -> None:
    """Rows by the turn of their heads. All entries of a row may be taken by the same agents, so
    when its head finds nobody the row is done."""
    heap = [(_turn(row, now), n) for n, row in enumerate(rows) if row.first is not None]
    heapify(heap)
    while heap:
        _, n = heappop(heap)
        row = rows[n]
        if row.first is None:
            continue
        waiting = floor.waiting[row.first[2]]
        seats = _choose(floor, row, waiting, now, last_resort)
        if not seats:
            continue
        floor.step_back(waiting)
        for seat in seats:
            floor.rise(seat)
        chosen.append((waiting, seats))
        row.segment.queue.cursor = _place(row, seats[-1])
        if row.first is not None:
            heappush(heap, (_turn(row, now), n))


def _place(row: Row, seat: Seat) -> tuple[int, str]:
    assert seat.agent is not None
    return rules.place_in(seat.agent, row.segment.queue.queue.id)


def _choose(floor: Floor, row: Row, waiting: Waiting, now: float, last_resort: bool) -> list[Seat]:
    if row.kept is not None:
        return [row.kept] if row.kept.idle else []
    segment = row.segment
    queue = segment.queue.queue
    if len(segment.idle) <= queue.reserved_idle:
        return []
    barred: Container[str] = ()
    if row.missed and not last_resort and others_work(row):
        barred = row.missed
    count = max(1, queue.broadcast)
    name = waiting.entry.preferred_agent
    preferred = None if name is None or name in row.missed else floor.seats.get(name)
    if preferred is not None and preferred.idle and preferred in segment.members:
        rest = {preferred.id, *row.missed} if barred else {preferred.id}
        more = segment.idle.pick(waiting, now, rest, count - 1) if count > 1 else []
        return [preferred, *more]
    return segment.idle.pick(waiting, now, barred, count)


def others_work(row: Row) -> bool:
    """Is an agent at work, free or not, who may take this row's entries and has not missed them?"""
    return any(seat.working and seat.id not in row.missed for seat in row.segment.members)
