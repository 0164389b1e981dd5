"""Decision records, kept cheaply and written out when asked for.

At the moment of a decision only what cannot be found later is noted (one small value). Who else
there was, and what each was doing then, is read from the agents' histories when somebody asks.
Agents whose history no longer reaches back are said to be unknown rather than guessed.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Mapping
from typing import NamedTuple

from acd import rules
from acd.decisions import Considered, Decision
from acd.floor import Floor
from acd.model import Agent, Entry, Offer, Queue
from acd.segments import Moment, Seat, Waiting

# So many offers can be asked about; older ones are in the database with their interaction.
RECORDS_MAX = 10_000

Word = tuple[str, str]


class Snapshot(NamedTuple):
    """What was known at a decision and may change afterwards. `serial` places it among all agents'
    state changes. A tuple, since one is made for every offer."""

    entry: Entry
    queue: Queue
    agents: Mapping[str, Agent]
    serial: int
    at: float
    kept: str | None
    missed: frozenset[str]
    attempt: int
    position: int | None
    chosen: tuple[str, ...]
    asleep: bool = False


class Records:
    """The snapshots of the latest offers."""

    def __init__(self) -> None:
        self._snapshots: OrderedDict[tuple[str, int], Snapshot] = OrderedDict()

    def note(self, floor: Floor, waiting: Waiting, seats: list[Seat], now: float) -> None:
        """Call this before the agents' states change to offered."""
        chosen = (seats[0].id,) if len(seats) == 1 else tuple([seat.id for seat in seats])
        snapshot = snapshot_of(floor, waiting, chosen, now)
        self._snapshots[waiting.entry.id, waiting.attempt] = snapshot
        if len(self._snapshots) > RECORDS_MAX:
            self._snapshots.popitem(last=False)

    def decision(self, floor: Floor, offer: Offer) -> Decision:
        snapshot = self._snapshots[offer.entry, offer.attempt]
        return written(floor, snapshot._replace(position=place_of(floor, offer.entry)), offer.agent)


def place_of(floor: Floor, entry: str) -> int | None:
    """The entry's position now; an offered entry keeps it until the offer is answered. (Not noted
    with each offer: it is the dearest part of a record and seldom read.)"""
    waiting = floor.waiting.get(entry)
    return None if waiting is None else waiting.queue.line.rank(waiting.item) + 1


def snapshot_of(floor: Floor, waiting: Waiting, chosen: tuple[str, ...], now: float) -> Snapshot:
    return Snapshot(
        waiting.entry,
        waiting.queue.queue,
        floor.agents,
        floor.serial(),
        now,
        None if waiting.kept is None else waiting.kept.id,
        waiting.missed,
        waiting.attempt,
        None,
        chosen,
        waiting.asleep,
    )


def written(floor: Floor, snapshot: Snapshot, chosen: str | None) -> Decision:
    """The record in full: every member of the queue with his reason."""
    rings = rules.rings_of(snapshot.queue)
    ring = rules.ring_at(rings, snapshot.entry.joined_at, snapshot.at)
    minima = rules.requirement(snapshot.entry.skills, rings, ring)
    considered: list[Considered] = []
    for agent in snapshot.agents.values():
        member = rules.member_ring(agent, snapshot.queue, rings)
        if member is None:
            continue
        if agent.id in snapshot.chosen:
            code, text = "chosen", "chosen"
        elif member > ring:
            opens = snapshot.entry.joined_at + rings[member - 1].after_seconds - snapshot.at
            code, text = "ring-later", f"ring {member} opens in {opens:.0f} s"
        else:
            code, text = _skill(agent, minima) or _state(floor, snapshot, agent)
        considered.append(Considered(agent.id, code, text))
    considered.sort(key=lambda one: (_WORTH.get(one.code, 9), one.agent))
    return Decision(
        entry=snapshot.entry.id,
        queue=snapshot.queue.id,
        at=snapshot.at,
        chosen=chosen,
        attempt=snapshot.attempt,
        ring=ring,
        strategy=snapshot.queue.strategy,
        waited_seconds=snapshot.at - snapshot.entry.joined_at,
        position=snapshot.position,
        considered=tuple(considered),
        counts=Counter(one.code for one in considered),
        note=_note(snapshot),
    )


# In a record the interesting agents come first: those who nearly got the call.
_WORTH = {
    "chosen": 0,
    "not-first": 1,
    "turn-of-another": 1,
    "missed-this-caller": 2,
    "kept-for-preferred": 2,
    "reserved": 2,
    "back-off": 3,
    "not-free": 4,
    "ring-later": 5,
    "lacks-skill": 6,
}


def _note(snapshot: Snapshot) -> str:
    if snapshot.asleep:
        return "a callback that keeps its place; it is not its turn yet"
    if snapshot.kept is not None:
        return f"kept for the preferred agent {snapshot.kept}"
    if snapshot.chosen and snapshot.entry.preferred_agent in snapshot.chosen:
        return f"{snapshot.entry.preferred_agent} is the preferred agent"
    return ""


def _skill(agent: Agent, minima: Mapping[str, int]) -> Word | None:
    lack = rules.lacking(agent, minima)
    if lack is None:
        return None
    return "lacks-skill", f"lacks skill {lack[0]}:{lack[1]} (has {agent.skills.get(lack[0], 0)})"


def state_at(seat: Seat | None, serial: int) -> Moment | None:
    """What the agent was doing at `serial`; None if his history does not reach back."""
    if seat is None or not seat.history:
        return (0, 0.0, "offline", 0.0)
    for moment in reversed(seat.history):
        if moment[0] <= serial:
            return moment
    full = len(seat.history) == seat.history.maxlen
    return None if full else (0, 0.0, "offline", 0.0)


def _state(floor: Floor, snapshot: Snapshot, agent: Agent) -> Word:
    moment = state_at(floor.seats.get(agent.id), snapshot.serial)
    if moment is None:
        return "unknown", "what he did then is no longer known"
    _, since, why, back_off_until = moment
    if why == "offline":
        return "not-free", "offline"
    if why != "free":
        return "not-free", f"{why} for {snapshot.at - since:.0f} s"
    if snapshot.at < back_off_until:
        wait = back_off_until - snapshot.at
        return "back-off", f"missed a call, can be offered the next in {wait:.0f} s"
    if snapshot.asleep:
        return "turn-of-another", "free; the callback is not due"
    if snapshot.kept is not None:
        return "kept-for-preferred", f"free, but the caller is kept for {snapshot.kept}"
    if agent.id in snapshot.missed:
        return "missed-this-caller", "free, but has missed or rejected this caller"
    if not snapshot.chosen and snapshot.queue.reserved_idle:
        return "reserved", f"free, but {snapshot.queue.reserved_idle} idle agents are kept back"
    if not snapshot.chosen:
        return "turn-of-another", "free; the decision is being made"
    return "not-first", _FIRST[snapshot.queue.strategy]


_FIRST = {
    "longest-idle": "free, but not idle for as long",
    "most-skilled": "free, but less skilled or not idle for as long",
    "least-occupied": "free, but has been busier",
    "linear": "free, but later in the queue's order",
    "round-robin": "free, but not next in turn",
    "random": "free, but another one was drawn",
}
