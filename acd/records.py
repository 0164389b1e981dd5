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
# So many agents are named in a record; all are counted.
LISTED_MAX = 50


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
    """The record in full: every member of the queue counted by his reason, and those who came
    nearest to getting the call named."""
    rings = rules.rings_of(snapshot.queue)
    ring = rules.ring_at(rings, snapshot.entry.joined_at, snapshot.at)
    minima = rules.requirement(snapshot.entry.skills, rings, ring)
    found: list[tuple[int, str, str]] = []
    for agent in snapshot.agents.values():
        member = rules.member_ring(agent, snapshot.queue, rings)
        if member is not None:
            code = _code(floor, snapshot, agent, member > ring, minima)
            found.append((_WORTH[code], agent.id, code))
    found.sort()
    considered = tuple(
        Considered(name, code, _text(floor, snapshot, snapshot.agents[name], code, minima))
        for _, name, code in found[:LISTED_MAX]
    )
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
        considered=considered,
        counts=Counter(code for _, _, code in found),
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
    "unknown": 7,
}


def _note(snapshot: Snapshot) -> str:
    if snapshot.asleep:
        return "a callback that keeps its place; it is not its turn yet"
    if snapshot.kept is not None:
        return f"kept for the preferred agent {snapshot.kept}"
    if snapshot.chosen and snapshot.entry.preferred_agent in snapshot.chosen:
        return f"{snapshot.entry.preferred_agent} is the preferred agent"
    return ""


def state_at(seat: Seat | None, serial: int) -> Moment | None:
    """What the agent was doing at `serial`; None if his history does not reach back."""
    if seat is None or not seat.history:
        return (0, 0.0, "offline", 0.0)
    for moment in reversed(seat.history):
        if moment[0] <= serial:
            return moment
    full = len(seat.history) == seat.history.maxlen
    return None if full else (0, 0.0, "offline", 0.0)


def _code(
    floor: Floor, snapshot: Snapshot, agent: Agent, later: bool, minima: Mapping[str, int]
) -> str:
    """Why (not) this agent, in one word; what he can never do comes before what he did then."""
    if agent.id in snapshot.chosen:
        return "chosen"
    if later:
        return "ring-later"
    if minima and rules.lacking(agent, minima) is not None:
        return "lacks-skill"
    moment = state_at(floor.seats.get(agent.id), snapshot.serial)
    if moment is None:
        return "unknown"
    if moment[2] != "free":
        return "not-free"
    if snapshot.at < moment[3]:
        return "back-off"
    if snapshot.asleep:
        return "turn-of-another"
    if snapshot.kept is not None:
        return "kept-for-preferred"
    if agent.id in snapshot.missed:
        return "missed-this-caller"
    if snapshot.chosen:
        return "not-first"
    return "reserved" if snapshot.queue.reserved_idle else "turn-of-another"


def _text(
    floor: Floor, snapshot: Snapshot, agent: Agent, code: str, minima: Mapping[str, int]
) -> str:
    """The same in words, with the figures."""
    if code == "ring-later":
        rings = rules.rings_of(snapshot.queue)
        ring = rules.member_ring(agent, snapshot.queue, rings) or 1
        opens = snapshot.entry.joined_at + rings[ring - 1].after_seconds - snapshot.at
        return f"ring {ring} opens in {opens:.0f} s"
    lack = rules.lacking(agent, minima) if code == "lacks-skill" else None
    if lack is not None:
        return f"lacks skill {lack[0]}:{lack[1]} (has {agent.skills.get(lack[0], 0)})"
    if code in ("not-free", "back-off"):
        moment = state_at(floor.seats.get(agent.id), snapshot.serial)
        _, since, why, until = moment or (0, 0.0, "offline", 0.0)
        if code == "back-off":
            wait = until - snapshot.at
            return f"missed a call, can be offered the next in {wait:.0f} s"
        return "offline" if why == "offline" else f"{why} for {snapshot.at - since:.0f} s"
    if code == "kept-for-preferred":
        return f"free, but the caller is kept for {snapshot.kept}"
    if code == "reserved":
        return f"free, but {snapshot.queue.reserved_idle} idle agents are kept back"
    if code == "not-first":
        return _FIRST[snapshot.queue.strategy]
    return _PLAIN[code]


_PLAIN = {
    "chosen": "chosen",
    "unknown": "what he did then is no longer known",
    "missed-this-caller": "free, but has missed or rejected this caller",
    "turn-of-another": "free, but it is not this caller's turn",
}
_FIRST = {
    "longest-idle": "free, but not idle for as long",
    "most-skilled": "free, but less skilled or not idle for as long",
    "least-occupied": "free, but has been busier",
    "linear": "free, but later in the queue's order",
    "round-robin": "free, but not next in turn",
    "random": "free, but another one was drawn",
}
