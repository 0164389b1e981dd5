"""Entries kept for one agent: who answered last time, or whose customer the caller is.

The entry stands in a row of its own that only he can take from, until he misses it, leaves work or
the queue's `preferred_wait_seconds` are over.
"""

from __future__ import annotations

from acd import rules
from acd.floor import Floor
from acd.segments import Seat, Waiting


def prefer(floor: Floor, waiting: Waiting, now: float) -> None:
    """Keep the entry for its preferred agent if he is at work and may serve it at once."""
    entry, state = waiting.entry, waiting.queue
    seat = floor.seats.get(entry.preferred_agent or "")
    if seat is None or not seat.working or seat.id in waiting.missed:
        return
    if now >= entry.joined_at + state.queue.preferred_wait_seconds:
        return
    if may_serve(seat, waiting, now):
        keep(waiting, seat)


def keep(waiting: Waiting, seat: Seat) -> None:
    waiting.kept = seat
    seat.kept[waiting.entry.id] = waiting


def unkeep(waiting: Waiting) -> None:
    if waiting.kept is not None:
        del waiting.kept.kept[waiting.entry.id]
        waiting.kept = None


def release(floor: Floor, waiting: Waiting, now: float) -> None:
    """No longer kept for the preferred agent: everybody may take it."""
    unkeep(waiting)
    if waiting.row is not None:
        floor.step_back(waiting)
        floor.stand(waiting, now)


def may_serve(seat: Seat, waiting: Waiting, now: float) -> bool:
    """Does the agent qualify for the entry at `now`, whatever he is doing?"""
    state, entry = waiting.queue, waiting.entry
    ring = rules.ring_at(state.rings, entry.joined_at, now)
    member_ring = state.members.get(seat)
    if seat.agent is None or member_ring is None or member_ring > ring:
        return False
    if seat.agent.capacity.get(state.queue.media, 0) < 1:
        return False
    minima = rules.requirement(entry.skills, state.rings, ring)
    return rules.lacking(seat.agent, minima) is None
