"""When an entry has waited long enough, or the line is too long: which overflow rule applies.

A rule applies when any limit it states is passed and all its conditions on other queues and groups
hold. Rules are tried in the queue's order. This file only reads the floor.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from acd.floor import Floor
from acd.model import Overflow
from acd.queue_state import QueueState
from acd.segments import Seat, Waiting

# Conditions on live figures are looked at again at least this often.
RECHECK_SECONDS = 1.0
# What happens at the maximum wait of a queue that states no overflow.
LAST_RESORT = Overflow("voicemail")


def overflowing(floor: Floor, now: float) -> list[tuple[Waiting, Overflow]]:
    """The entries to be sent on now, those being offered left alone; also sets the next look."""
    out: list[tuple[Waiting, Overflow]] = []
    again = False
    for state in floor.queues.values():
        if not len(state.line):
            continue
        found = _timed(floor, state, now)
        gone = {waiting.entry.id for waiting, _ in found}
        again = again or state.live or len(state.overdue) > len(gone)
        if state.live:
            found += _live(floor, state, now, gone)
        out += found
    floor.recheck_at = now + RECHECK_SECONDS if again else None
    return out


def _timed(floor: Floor, state: QueueState, now: float) -> list[tuple[Waiting, Overflow]]:
    out: list[tuple[Waiting, Overflow]] = []
    for waiting in state.overdue.values():
        if waiting.row is None or waiting.entry.stays:
            continue
        waited_until = now - waiting.entry.joined_at
        rule = next(
            (
                one
                for one in state.queue.overflow
                if one.after_seconds is not None
                and now >= waiting.entry.joined_at + one.after_seconds
                and allowed(floor, one, now)
            ),
            None,
        )
        limit = state.queue.wait_max_seconds
        if rule is None and limit is not None and waited_until >= limit:
            rules = state.queue.overflow
            rule = next((one for one in rules if allowed(floor, one, now)), LAST_RESORT)
        if rule is not None:
            out.append((waiting, rule))
    return out


def _live(
    floor: Floor, state: QueueState, now: float, gone: set[str]
) -> list[tuple[Waiting, Overflow]]:
    """Rules on the length of the line and on estimates, from the end of the line forward."""
    out: list[tuple[Waiting, Overflow]] = []
    for rule in state.queue.overflow:
        if not allowed(floor, rule, now):
            continue
        for name in _beyond(floor, state, rule):
            waiting = floor.waiting[name]
            standing = waiting.row is not None and not waiting.entry.stays
            if standing and name not in gone:
                gone.add(name)
                out.append((waiting, rule))
    return out


def _beyond(floor: Floor, state: QueueState, rule: Overflow) -> list[str]:
    """The entries behind the rule's limits, the last one first."""
    start = len(state.line)
    if rule.when_waiting_over is not None:
        start = min(start, rule.when_waiting_over)
    if rule.when_estimate_over_seconds is not None:
        start = min(start, _first_over(floor, state, rule.when_estimate_over_seconds))
    stated = (rule.after_seconds, rule.when_waiting_over, rule.when_estimate_over_seconds)
    if all(limit is None for limit in stated):
        start = 0
    return [name for _, _, name in reversed(state.line.tail(start))]


def _first_over(floor: Floor, state: QueueState, limit: float) -> int:
    """The first rank whose expected wait is over `limit` (it grows with the rank)."""
    low, high = 0, len(state.line)
    while low < high:
        middle = (low + high) // 2
        wait = floor.expected(state, middle)
        if wait is not None and (wait[0] + wait[1]) / 2 > limit:
            high = middle
        else:
            low = middle + 1
    return low


def allowed(floor: Floor, rule: Overflow, now: float) -> bool:
    """Do the rule's conditions on other queues and on groups hold?"""
    if rule.unless_idle_in is not None and idle_in(floor, rule.unless_idle_in):
        return False
    group = rule.unless_idle_in_group
    if group is not None and idle_in_group(floor, group):
        return False
    if rule.if_idle_in is not None and not idle_in(floor, rule.if_idle_in, rule.idle_min):
        return False
    group = rule.if_idle_in_group
    if group is not None and not idle_in_group(floor, group, rule.idle_min):
        return False
    if rule.other_estimate_under_seconds is not None:
        other = floor.queues.get(rule.estimate_of or rule.target)
        if other is None:
            return False
        wait = joining_wait(floor, other)
        return wait is not None and sum(wait) / 2 < rule.other_estimate_under_seconds
    return True


def idle_in(floor: Floor, queue: str, least: int = 1) -> bool:
    """Are so many agents of the queue free?"""
    state = floor.queues.get(queue)
    if state is None:
        return False
    return _free(floor, (seat for seat, ring in state.members.items() if ring == 0), least)


def idle_in_group(floor: Floor, group: str, least: int = 1) -> bool:
    """Are so many agents of the group free, whatever queues they serve?"""
    return _free(floor, floor.groups.get(group, ()), least)


def _free(floor: Floor, seats: Iterable[Seat], least: int) -> bool:
    """Counting ends at `least`."""
    free = (seat for seat in seats if seat.idle or seat in floor.fresh)
    return sum(1 for _ in islice(free, least)) >= least


def joining_wait(floor: Floor, state: QueueState) -> tuple[float, float] | None:
    """The expected wait of somebody who joined now."""
    if any(seat.idle for seat in state.members):
        return 0.0, 0.0
    return floor.expected(state, len(state.line))
