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

from acd import rules, seating, timing
from acd.floor import Floor
from acd.idle import pick
from acd.segments import Item, Row, Seat, Waiting

Chosen = tuple[Waiting, list[Seat]]
Turn = tuple[rules.Turn, int]


def match(floor: Floor, now: float) -> list[Chosen]:
    """Choose all pairs that can be made now; entries step back from their rows and agents rise."""
    timing.advance(floor, now)
    if not floor.fresh:
        return _entries_alone(floor, now) if floor.touched else []
    # An entry in a touched row can only be served by somebody idle already, or by a fresh agent,
    # who looks at all his rows anyway.
    rows: dict[Row, None] = {}
    if floor.touched:
        rows = {row: None for row in floor.touched if row.first is not None and row.idle()}
    if len(floor.fresh) == 1 and not rows:
        quick = _one_agent(floor, now)
        if quick is not None:
            return quick
    for seat in floor.fresh:
        seating.sit(floor, seat)
    for seat in floor.fresh:
        for segment in seat.segments:
            rows.update(dict.fromkeys(segment.rows(segment.members[seat])))
    floor.fresh.clear()
    floor.touched.clear()
    return _decided(floor, list(rows), now)


def _entries_alone(floor: Floor, now: float) -> list[Chosen]:
    """Entries came or moved and nobody became free."""
    rows = [row for row in floor.touched if row.first is not None]
    floor.touched.clear()
    return _decided(floor, rows, now)


def _decided(floor: Floor, rows: list[Row], now: float) -> list[Chosen]:
    chosen: list[Chosen] = []
    _go_through(floor, rows, now, False, chosen)
    missed = [row for row in rows if row.missed and row.first is not None]
    if missed:
        _go_through(floor, missed, now, True, chosen)
    return chosen


def _one_agent(floor: Floor, now: float) -> list[Chosen] | None:
    """The everyday case: one agent became free, and nobody else is idle for those who wait (or they
    would have been decided on before). Compare the heads he may take. None: something is special,
    decide in full."""
    seat = next(iter(floor.fresh))
    if seat.load:
        return None
    heads = (seat.read_heads or seat.heads())(floor.heads)
    if floor.extras:
        extra = _extra_heads(seat)
        if extra is None:
            return None
        heads += extra
    if floor.shifting:
        name = min(_in_turn(floor, item, now) for item in heads)[2]
    else:
        name = min(heads)[2]
    waiting = floor.waiting.get(name)
    if waiting is None or waiting.row is None:
        floor.fresh.clear()
        floor.touched.clear()
        seating.sit(floor, seat)
        return []
    row = waiting.row
    queue = waiting.queue.queue
    if row.kept is None and (queue.reserved_idle or queue.broadcast > 1):
        return None
    floor.fresh.clear()
    floor.touched.clear()
    floor.step_back(waiting)
    _turned(row, seat)
    return [(waiting, [seat])]


def _extra_heads(seat: Seat) -> tuple[Item, ...] | None:
    """Heads of the rows other than the main ones that the agent may take. None if he has missed
    one of them: then it depends on others whether he may."""
    found: list[Item] = []
    for segment in seat.segments:
        if not segment.extra:
            continue
        ring = segment.members[seat]
        for row in segment.extra.values():
            if row.ring < ring or (row.kept is not None and row.kept is not seat):
                continue
            if seat.id in row.missed:
                return None
            if row.first is not None:
                found.append(row.first)
    return tuple(found)


def _in_turn(floor: Floor, item: Item, now: float) -> tuple[rules.Turn, int, str]:
    waiting = floor.waiting.get(item[2])
    if waiting is None:
        return (2, 0.0, 0.0), 0, ""
    return rules.turn(item[0], waiting.queue.target, waiting.slope, now), item[1], item[2]


def _turn(row: Row, now: float) -> Turn:
    first = row.first
    assert first is not None
    return rules.turn(first[0], row.segment.queue.target, row.slope, now), first[1]


def _go_through(
    floor: Floor, rows: list[Row], now: float, last_resort: bool, chosen: list[Chosen]
) -> None:
    """Rows by the turn of their heads. All entries of a row may be taken by the same agents, so
    when its head finds nobody the row is done."""
    if len(rows) == 1:
        while _head_taken(floor, rows[0], now, last_resort, chosen):
            pass
        return
    heap = [(_turn(row, now), n) for n, row in enumerate(rows) if row.first is not None]
    heapify(heap)
    while heap:
        _, n = heappop(heap)
        row = rows[n]
        if _head_taken(floor, row, now, last_resort, chosen) and row.first is not None:
            heappush(heap, (_turn(row, now), n))


def _head_taken(
    floor: Floor, row: Row, now: float, last_resort: bool, chosen: list[Chosen]
) -> bool:
    """Choose for the head of the row, if there is one and somebody can take it."""
    if row.first is None:
        return False
    waiting = floor.waiting[row.first[2]]
    seats = _choose(floor, row, waiting, now, last_resort)
    if not seats:
        return False
    floor.step_back(waiting)
    for seat in seats:
        seating.rise(seat)
    chosen.append((waiting, seats))
    _turned(row, seats[-1])
    return True


def _turned(row: Row, seat: Seat) -> None:
    """Round robin goes on behind the agent who had his turn."""
    state = row.segment.queue
    if state.queue.strategy == "round-robin" and seat.agent is not None:
        state.cursor = rules.place_in(seat.agent, state.queue.id)


def _choose(floor: Floor, row: Row, waiting: Waiting, now: float, last_resort: bool) -> list[Seat]:
    if row.kept is not None:
        return [row.kept] if row.kept.ready_for(row) else []
    queue = waiting.queue.queue
    if queue.reserved_idle and row.idle(queue.reserved_idle + 1) <= queue.reserved_idle:
        return []
    barred: Container[str] = ()
    if row.missed and not last_resort and row.idle() and others_work(row):
        barred = row.missed
    count = max(1, queue.broadcast)
    name = waiting.entry.preferred_agent
    preferred = None if name is None or name in row.missed else floor.seats.get(name)
    if preferred is not None and preferred.ready_for(row):
        rest = {preferred.id, *row.missed} if barred else {preferred.id}
        more = pick(row, waiting, now, count - 1, rest) if count > 1 else []
        return [preferred, *more]
    return pick(row, waiting, now, count, barred)


def others_work(row: Row) -> bool:
    """Is an agent at work, free or not, who may take this row's entries and has not missed them?"""
    return any(
        seat.working and ring <= row.ring and seat.id not in row.missed
        for seat, ring in row.segment.members.items()
    )
