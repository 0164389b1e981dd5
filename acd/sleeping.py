"""Entries that keep their place without being offered, and when their turn is near."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from acd import entries, preferring
from acd.floor import Floor
from acd.queue_state import QueueState
from acd.segments import Waiting


def sleep(floor: Floor, waiting: Waiting) -> None:
    """Step back from the row; the place in line stays. Offers of the entry are void."""
    waiting.offered.clear()
    floor.step_back(waiting)
    waiting.asleep = True
    waiting.queue.asleep[waiting.entry.id] = waiting


def wake(floor: Floor, waiting: Waiting, now: float) -> None:
    waiting.asleep = False
    waiting.queue.asleep.pop(waiting.entry.id, None)
    floor.stand(waiting, now)


def rename(floor: Floor, waiting: Waiting, name: str, now: float) -> None:
    """The same key and number in line, another id."""
    was_standing, kept = waiting.row is not None, waiting.kept
    floor.step_back(waiting)
    floor.out_of_line(waiting)
    preferring.unkeep(waiting)
    del floor.waiting[waiting.entry.id]
    waiting.entry = replace(waiting.entry, id=name)
    waiting.take_key()
    entries.restore(floor, waiting)
    if kept is not None:
        preferring.keep(waiting, kept)
    if was_standing:
        floor.stand(waiting, now)


def due(
    floor: Floor,
    now: float,
    ahead_seconds: float,
    queue: str | None = None,
    resting: Collection[str] = (),
) -> list[Waiting]:
    """The sleeping entries whose turn is expected within `ahead_seconds`, in their order: an agent
    who may serve them is idle, or the estimated wait is as short as that. While nothing is known of
    the queue's speed: who would be next."""
    out: list[Waiting] = []
    for name, state in floor.queues.items():
        if state.asleep and queue in (None, name):
            out += _due_in(floor, state, now, ahead_seconds, resting)
    return out


def _due_in(
    floor: Floor, state: QueueState, now: float, ahead_seconds: float, resting: Collection[str]
) -> list[Waiting]:
    out: list[Waiting] = []
    before = 0  # sleeping entries with an earlier place that are not due: they do not take agents
    for waiting in sorted(state.asleep.values(), key=floor.ahead):
        ahead = floor.ahead(waiting) - before
        if waiting.entry.id in resting:
            before += 1
        elif _near(floor, waiting, now, ahead, len(out), ahead_seconds):
            out.append(waiting)
        else:
            before += 1
    return out


def _near(
    floor: Floor, waiting: Waiting, now: float, ahead: int, called: int, ahead_seconds: float
) -> bool:
    """`called`: how many before this one are due now, and will take an idle agent each."""
    idle = sum(
        1
        for seat in waiting.queue.members
        if (seat.idle or seat in floor.fresh)
        and not seat.load
        and preferring.may_serve(seat, waiting, now)
    )
    if idle > called:
        return True
    state = waiting.queue
    if not state.working:
        return False  # nobody is there who could have him
    wait = floor.expected(state, ahead)
    if wait is None or state.model.handling.value is None:
        return ahead == 0
    return sum(wait) / 2 <= ahead_seconds
