"""What time alone changes: rings open, preferences end, back-offs end, limits are passed.

An entry's timer stands at the next such moment. It is set as late as possible (`floor.untimed`):
who is offered to an agent at once, as most are, never needs one.
"""

from __future__ import annotations

from math import inf

from acd import preferring
from acd.floor import Floor
from acd.overflow import RECHECK_SECONDS
from acd.segments import Waiting


def advance(floor: Floor, now: float) -> None:
    """Let happen what was due until `now`."""
    floor.now = now
    if floor.untimed:
        set_timers(floor, now)
    timers, back_offs = floor.timers, floor.back_offs
    while (due := timers.first) is not None and due[0] <= now:
        waiting = floor.waiting[due[2]]
        if waiting.kept is not None and now >= (
            waiting.entry.joined_at + waiting.queue.queue.preferred_wait_seconds
        ):
            preferring.unkeep(waiting)
        floor.step_back(waiting)
        floor.stand(waiting, now)
    while (due := back_offs.first) is not None and due[0] <= now:
        seat = floor.seats[due[2]]
        back_offs.remove(due)
        seat.timer = None
        if seat.free:
            floor.fresh[seat] = None


def set_timers(floor: Floor, before: float = inf) -> None:
    """Call this before looking at `floor.timers`: for all who stood before that moment. (Nothing is
    due yet for who stood just now, except the end of a preference that came back late.)"""
    later: list[tuple[Waiting, float]] = []
    for stood in floor.untimed:
        waiting, at = stood
        if waiting.row is not None and waiting.timer is None:
            if at < before or waiting.kept is not None:
                _set_timer(floor, waiting, at)
            else:
                later.append(stood)
    floor.untimed = later


def look(floor: Floor) -> None:
    """After a decision: who has joined and must wait sees the line before him. (Who is served at
    once teaches nothing about waiting.)"""
    for waiting, _ in floor.untimed:
        if waiting.row is not None and waiting.sight is None and not waiting.attempt:
            waiting.sight = floor.sight(waiting.queue, floor.ahead(waiting))


def _set_timer(floor: Floor, waiting: Waiting, now: float) -> None:
    """For the next moment after `now` at which something changes for the entry."""
    joined_at, state = waiting.entry.joined_at, waiting.queue
    at = next((joined_at + mark for mark in state.marks if joined_at + mark > now), None)
    if waiting.kept is not None:
        ends = joined_at + state.queue.preferred_wait_seconds
        at = ends if at is None else min(at, ends)
    if at is not None:
        waiting.timer = (at, waiting.seq, waiting.entry.id)
        floor.timers.add(waiting.timer)


def deadline(floor: Floor) -> float | None:
    """The earliest moment at which a decision could change by itself; see `Router.deadline`."""
    set_timers(floor)
    times = [line.first[0] for line in (floor.timers, floor.back_offs) if line.first]
    if floor.recheck_at is not None:
        times.append(floor.recheck_at)
    if any(state.asleep for state in floor.queues.values()):
        times.append(floor.now + RECHECK_SECONDS)
    return min(times, default=None)
