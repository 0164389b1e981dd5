"""Entries that keep their place without being offered, and when their turn is near."""

from __future__ import annotations

from acd import preferring
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


def due(floor: Floor, now: float, ahead_seconds: float) -> list[Waiting]:
    """The sleeping entries whose turn is expected within `ahead_seconds`, in their order: an agent
    who may serve them is idle, or the estimated wait is as short as that. While nothing is known of
    the queue's speed: who would be next."""
    out: list[Waiting] = []
    for state in floor.queues.values():
        if state.asleep:
            out += _due_in(floor, state, now, ahead_seconds)
    return out


def _due_in(floor: Floor, state: QueueState, now: float, ahead_seconds: float) -> list[Waiting]:
    out: list[Waiting] = []
    before = 0  # sleeping entries with an earlier place that are not due: they do not take agents
    for waiting in sorted(state.asleep.values(), key=floor.ahead):
        ahead = floor.ahead(waiting) - before
        if _near(floor, waiting, now, ahead, len(out), ahead_seconds):
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
    wait = waiting.queue.model.wait(floor.sight(waiting.queue, ahead))
    if wait is None:
        return ahead == 0
    return sum(wait) / 2 <= ahead_seconds
