"""Decision records, kept cheaply and written out when asked for.

At the moment of a decision only what cannot be found later is noted (one small value). Who else
there was, and what each was doing then, is read from the agents' histories when somebody asks.
Agents whose history no longer reaches back are said to be unknown rather than guessed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from acd import rules
from acd.decisions import Considered, Decision
from acd.floor import Floor
from acd.history import Moment
from acd.model import Agent, Entry, Offer, Queue
from acd.segments import Seat, Waiting

# So many offers can be asked about; older ones are in the database with their interaction. (More
# would be slower, too: what is thrown away should still be in the processor's cache.)
RECORDS_MAX = 2_000
OFFLINE: Moment = (0, 0.0, "offline", 0.0)
# So many agents are named in a record; all are counted.
LISTED_MAX = 50


class Snapshot(NamedTuple):
    """What was known at a decision and may change afterwards. `serial` places it among all agents'
    state changes."""

    entry: Entry
    queue: Queue
    agents: Mapping[str, Agent]
    serial: int
    at: float
    kept: str | None
    missed: frozenset[str]
    attempt: int
    chosen: tuple[str, ...]
    asleep: bool = False
    position: int | None = None


# The fields of a snapshot up to `chosen`: one is made for every offer, and a plain tuple is made
# several times faster.
Plain = tuple[
    Entry,
    Queue,
    Mapping[str, Agent],
    int,
    float,
    str | None,
    frozenset[str],
    int,
    tuple[str, ...],
]


class Records:
    """The snapshots of the latest offers."""

    def __init__(self) -> None:
        self._latest: deque[Plain] = deque(maxlen=RECORDS_MAX)

    def note(self, floor: Floor, waiting: Waiting, now: float) -> None:
        """Call this before the states of the agents offered to change."""
        kept = waiting.kept
        self._latest.append(
            (
                waiting.entry,
                waiting.queue.queue,
                floor.agents,
                floor.serial(),
                now,
                None if kept is None else kept.id,
                waiting.missed,
                waiting.attempt,
                tuple(waiting.offered),
            )
        )

    def decision(self, floor: Floor, offer: Offer) -> Decision:
        """KeyError if the offer is not among the latest. (Who asks mostly asks at once.)"""
        for plain in reversed(self._latest):
            if plain[0].id == offer.entry and plain[7] == offer.attempt:
                snapshot = Snapshot(*plain, position=place_of(floor, offer.entry))
                return written(floor, snapshot, offer.agent)
        raise KeyError(offer)


def place_of(floor: Floor, entry: str) -> int | None:
    """The entry's position now; an offered entry keeps it until the offer is answered. (Not noted
    with each offer: it is the dearest part of a record and seldom read.)"""
    waiting = floor.waiting.get(entry)
    return None if waiting is None else floor.ahead(waiting) + 1


def snapshot_of(floor: Floor, waiting: Waiting, now: float) -> Snapshot:
    """Of somebody in line, as things are now."""
    return Snapshot(
        waiting.entry,
        waiting.queue.queue,
        floor.agents,
        floor.serial(),
        now,
        None if waiting.kept is None else waiting.kept.id,
        waiting.missed,
        waiting.attempt,
        tuple(waiting.offered),
        waiting.asleep,
        place_of(floor, waiting.entry.id),
    )


def written(floor: Floor, snapshot: Snapshot, chosen: str | None) -> Decision:
    """The record in full: every member of the queue counted by his reason, and those who came
    nearest to getting the call named."""
    rings = rules.rings_of(snapshot.queue)
    ring = rules.ring_at(rings, snapshot.entry.joined_at, snapshot.at)
    minima = rules.requirement(snapshot.entry.skills, rings, ring)
    by_code = _by_code(floor, snapshot, ring, minima)
    named: list[tuple[str, str]] = []
    for code in sorted(by_code, key=_ORDER.__getitem__):
        if len(named) < LISTED_MAX:
            named += [(name, code) for name in sorted(by_code[code])[: LISTED_MAX - len(named)]]
    considered = tuple(
        Considered(name, code, _text(floor, snapshot, snapshot.agents[name], code, minima))
        for name, code in named
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
        counts={code: len(names) for code, names in by_code.items()},
        note=_note(snapshot),
        also=tuple(name for name in snapshot.chosen if name != chosen),
    )


def _by_code(
    floor: Floor, snapshot: Snapshot, ring: int, minima: Mapping[str, int]
) -> dict[str, list[str]]:
    """The ids of the queue's members by why (not) each of them. What he can never do comes before
    what he did at the moment. This runs for each member, so it is written for speed."""
    needs, chosen, serial = tuple(minima.items()), snapshot.chosen, snapshot.serial
    free_code = _free_code(snapshot)
    out: dict[str, list[str]] = {}
    for agent, member, seat in _members(floor, snapshot):
        code = free_code
        if agent.id in chosen:
            code = "chosen"
        elif member > ring:
            code = "ring-later"
        elif agent.capacity.get(snapshot.queue.media, 0) < 1:
            code = "no-room"
        elif needs and any(agent.skills.get(name, 0) < level for name, level in needs):
            code = "lacks-skill"
        else:
            moment = seat.history.at(serial) if seat is not None else OFFLINE
            if moment is None:
                code = "unknown"
            elif moment[2] != "free":
                code = "not-free"
            elif snapshot.at < moment[3]:
                code = "back-off"
            elif agent.id in snapshot.missed and free_code in ("not-first", "turn-of-another"):
                code = "missed-this-caller"
        out.setdefault(code, []).append(agent.id)
    return out


def _free_code(snapshot: Snapshot) -> str:
    """Why a free agent who may serve the entry was not chosen."""
    if snapshot.asleep:
        return "turn-of-another"
    if snapshot.kept is not None:
        return "kept-for-preferred"
    if snapshot.chosen:
        return "not-first"
    return "reserved" if snapshot.queue.reserved_idle else "turn-of-another"


def _members(floor: Floor, snapshot: Snapshot) -> Iterator[tuple[Agent, int, Seat | None]]:
    """The queue's members then, with the ring in which each belongs to it."""
    state = floor.queues.get(snapshot.queue.id)
    if state is not None and state.queue is snapshot.queue and floor.agents is snapshot.agents:
        for seat, ring in state.members.items():
            if seat.agent is not None:
                yield seat.agent, ring, seat
        return
    rings = rules.rings_of(snapshot.queue)
    for agent in snapshot.agents.values():
        member = rules.member_ring(agent, snapshot.queue, rings)
        if member is not None:
            yield agent, member, floor.seats.get(agent.id)


# In a record the interesting agents come first: those who nearly got the call.
_ORDER = {
    code: number
    for number, code in enumerate(
        (
            "chosen",
            "not-first",
            "turn-of-another",
            "missed-this-caller",
            "kept-for-preferred",
            "reserved",
            "back-off",
            "not-free",
            "ring-later",
            "lacks-skill",
            "no-room",
            "unknown",
        )
    )
}


def _note(snapshot: Snapshot) -> str:
    preferred = snapshot.entry.preferred_agent
    if snapshot.asleep:
        return "a callback that keeps its place; it is not its turn yet"
    if preferred is not None and preferred in snapshot.chosen:
        return f"{preferred} is the preferred agent"
    if snapshot.kept is not None:
        return f"kept for the preferred agent {snapshot.kept}"
    return ""


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
        seat = floor.seats.get(agent.id)
        moment = None if seat is None else seat.history.at(snapshot.serial)
        _, since, why, until = moment or OFFLINE
        if code == "back-off":
            wait = until - snapshot.at
            return f"missed a call, can be offered the next in {wait:.0f} s"
        return "offline" if why == "offline" else f"{why} for {snapshot.at - since:.0f} s"
    if code == "no-room":
        return f"takes no {snapshot.queue.media}"
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
