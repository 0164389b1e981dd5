"""What happens to entries: they join, change, come back after an offer, and go."""

from __future__ import annotations

from acd import preferring, seating
from acd.floor import Floor
from acd.model import Entry
from acd.queue_state import QueueState
from acd.segments import Waiting


def enter(floor: Floor, entry: Entry, state: QueueState, now: float) -> Waiting:
    """A new entry in the line of a queue."""
    waiting = Waiting(entry, floor.serial(), state)
    floor.waiting[entry.id] = waiting
    floor.into_line(waiting)
    if entry.preferred_agent is not None:
        preferring.prefer(floor, waiting, now)
    floor.stand(waiting, now)
    return waiting


def restore(floor: Floor, waiting: Waiting) -> None:
    """An entry as it was, with its old number; it does not stand in a row yet."""
    floor.waiting[waiting.entry.id] = waiting
    floor.into_line(waiting)


def forget(floor: Floor, waiting: Waiting) -> None:
    """Out of the engine."""
    floor.step_back(waiting)
    floor.out_of_line(waiting)
    if waiting.kept is not None:
        preferring.unkeep(waiting)
    del floor.waiting[waiting.entry.id]


def rekey(floor: Floor, waiting: Waiting) -> None:
    """The queue's definition has changed; the entry is out of line and stands in no row."""
    waiting.take_key()
    floor.into_line(waiting)


def transfer(floor: Floor, waiting: Waiting, entry: Entry, state: QueueState, now: float) -> None:
    """The entry changes (queue, priority, who it is) and stands at its place in the new order."""
    was_standing = waiting.row is not None
    floor.step_back(waiting)
    floor.out_of_line(waiting)
    moved = waiting.queue is not state
    other_wish = waiting.entry.preferred_agent != entry.preferred_agent
    waiting.entry, waiting.queue = entry, state
    waiting.take_key()
    floor.into_line(waiting)
    if moved:
        waiting.offered.clear()
    if moved or other_wish:
        preferring.unkeep(waiting)
        preferring.prefer(floor, waiting, now)
    if was_standing or (moved and not waiting.asleep):
        floor.stand(waiting, now)


def missed(floor: Floor, waiting: Waiting, agent: str, now: float) -> None:
    """The agent let an offer of the entry lapse, or rejected it."""
    if agent in waiting.offered:
        waiting.offered.remove(agent)
    if waiting.row is not None:
        floor.step_back(waiting)
    waiting.missed |= {agent}
    seat = floor.seat(agent)
    if waiting.kept is seat:
        preferring.unkeep(waiting)
    until = now + waiting.queue.queue.rona_back_off_seconds
    if until > max(seat.back_off_until, now):
        seating.rise(seat)
        floor.fresh.pop(seat, None)
        seating.back_off(floor, seat, until)
        seating.note(floor, seat, now)
        if seat.free:
            seating.available(floor, seat, now)
