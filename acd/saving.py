"""The running engine as flat data and back, for checkpoints.

What is linked (rows, segments, timers, idle orders) is left out and built again: deeply linked
objects cannot be pickled for a large centre, and what is derived cannot disagree with its source.
The engine built again makes the same decisions; the snapshots of past offers are not kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from acd import entries, preferring, rules, seating
from acd.estimate import Sight, WaitModel
from acd.floor import Floor
from acd.history import History, Moment
from acd.model import Agent, Entry, Queue
from acd.queue_state import QueueState
from acd.segments import Seat, Waiting


class SavedSeat(NamedTuple):
    id: str
    free: bool
    why: str
    since: float
    idle_key: tuple[float, int]
    back_off_until: float
    busy_seconds: float
    staffed_seconds: float
    serving: str | None
    serving_since: float
    history: tuple[Moment, ...]
    load: Mapping[str, int]


class SavedEntry(NamedTuple):
    entry: Entry
    seq: int
    queue: str
    missed: frozenset[str]
    kept: str | None
    offered: tuple[str, ...]
    asleep: bool
    attempt: int
    sight: Sight | None


@dataclass(frozen=True, slots=True)
class SavedQueue:
    queue: Queue
    cursor: tuple[int, str]
    model: WaitModel


@dataclass(frozen=True, slots=True)
class Saved:
    """A whole engine. `now` is the latest moment at which it decided."""

    now: float
    serial: int
    agents: Mapping[str, Agent]
    queues: tuple[SavedQueue, ...]
    seats: tuple[SavedSeat, ...]
    entries: tuple[SavedEntry, ...]


def saved(floor: Floor) -> Saved:
    """The engine's state; shares nothing that the engine will change."""
    return Saved(
        floor.now,
        floor.serial(),
        floor.agents,
        tuple(
            SavedQueue(state.queue, state.cursor, state.model.copy())
            for state in floor.queues.values()
        ),
        tuple(_saved_seat(seat) for seat in floor.seats.values()),
        tuple(_saved_entry(waiting) for waiting in floor.waiting.values()),
    )


def _saved_seat(seat: Seat) -> SavedSeat:
    return SavedSeat(
        seat.id,
        seat.free,
        seat.why,
        seat.since,
        seat.idle_key,
        seat.back_off_until,
        seat.busy_seconds,
        seat.staffed_seconds,
        None if seat.serving is None else seat.serving.queue.id,
        seat.serving_since,
        tuple(seat.history.moments()),
        dict(seat.load),
    )


def _saved_entry(waiting: Waiting) -> SavedEntry:
    return SavedEntry(
        waiting.entry,
        waiting.seq,
        waiting.queue.queue.id,
        waiting.missed,
        None if waiting.kept is None else waiting.kept.id,
        tuple(waiting.offered),
        waiting.asleep,
        waiting.attempt,
        waiting.sight,
    )


def restored(saved: Saved) -> Floor:
    """An engine in the saved state. Everybody is looked at anew by its first decision, which finds
    nothing that the old engine would not have found."""
    floor = Floor()
    floor.now = saved.now
    for one in saved.queues:
        state = floor.queues[one.queue.id] = QueueState(one.queue)
        state.cursor, state.model = one.cursor, one.model.copy()
    floor.agents = saved.agents
    for seat in saved.seats:
        _restore_seat(floor, seat)
    floor.configured()
    for entry in saved.entries:
        _restore_entry(floor, entry)
    floor.count_on_from(saved.serial)
    return floor


def _restore_seat(floor: Floor, saved: SavedSeat) -> None:
    seat = floor.seat(saved.id)
    seat.agent = floor.agents.get(saved.id)
    seat.free, seat.why, seat.since = saved.free, saved.why, saved.since
    seat.working = saved.why in rules.WORKING
    seat.idle_key, seat.back_off_until = saved.idle_key, saved.back_off_until
    seat.busy_seconds, seat.staffed_seconds = saved.busy_seconds, saved.staffed_seconds
    seat.serving = floor.queues.get(saved.serving or "")
    seat.serving_since = saved.serving_since
    seat.history = History(saved.history)
    seat.load.update(saved.load)
    seating.enrol_everywhere(floor, seat)
    if seat.free:
        seating.available(floor, seat, floor.now)


def _restore_entry(floor: Floor, saved: SavedEntry) -> None:
    state = floor.queues[saved.queue]
    waiting = Waiting(saved.entry, saved.seq, state)
    waiting.missed, waiting.offered = saved.missed, list(saved.offered)
    waiting.asleep, waiting.attempt = saved.asleep, saved.attempt
    waiting.sight = saved.sight
    entries.restore(floor, waiting)
    if saved.kept is not None:
        preferring.keep(waiting, floor.seats[saved.kept])
    if not waiting.offered and not waiting.asleep:
        floor.stand(waiting, floor.now)
