"""The routing engine: which waiting entry goes to which agent, now.

`Router` owns the state that changes: who waits, who is free, who was offered to whom. It reads no
clock: every verb gets `now`. `match` decides; the rules themselves are in `acd.rules`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from acd import rules
from acd.decisions import Considered, Decision
from acd.model import Agent, Entry, Offer, Overflow, Queue
from acd.refusals import Refusal

__all__ = ["Decision", "Refusal", "Router"]


@dataclass(slots=True)
class _Waiting:
    entry: Entry
    seq: int
    key: float
    missed: set[str] = field(default_factory=set)
    offered: list[str] = field(default_factory=list)
    attempt: int = 0


@dataclass(slots=True)
class _Seat:
    free: bool = False
    why: str = "offline"
    since: float = 0.0
    idle_since: float = 0.0
    seq: int = 0
    back_off_until: float = 0.0


class Router:
    """All queues and agents of one centre."""

    def __init__(self) -> None:
        self._queues: dict[str, Queue] = {}
        self._agents: dict[str, Agent] = {}
        self._seats: dict[str, _Seat] = {}
        self._line: dict[str, _Waiting] = {}
        self._seq = 0
        self._clock = 0.0  # the latest moment at which something was decided
        self._cursor: dict[str, tuple[int, str]] = {}
        self._decisions: dict[tuple[str, int, str], Decision] = {}

    # -- configuration --------------------------------------------------------------------------
    def configure(
        self, queues: Mapping[str, Queue], agents: Mapping[str, Agent], now: float
    ) -> None:
        """Apply a configuration to the running engine; entries and agents' states stay."""
        kept = {w.entry.queue: self._queues[w.entry.queue] for w in self._line.values()}
        gone = {k: replace(q, enabled=False) for k, q in kept.items() if k not in queues}
        self._queues = {**gone, **queues}
        self._agents = dict(agents)
        for w in self._line.values():
            w.key = rules.order_key(w.entry, self._queues[w.entry.queue])

    # -- entries --------------------------------------------------------------------------------
    def join(self, entry: Entry, now: float) -> Refusal | None:
        """Put an entry in line. Refusals: already-waiting, unknown-queue, queue-closed, full."""
        if entry.id in self._line:
            return Refusal("already-waiting", f"{entry.id} is waiting already.")
        refusal = self._refused(entry.queue)
        if refusal is not None:
            return refusal
        self._seq += 1
        key = rules.order_key(entry, self._queues[entry.queue])
        self._line[entry.id] = _Waiting(entry, self._seq, key)
        return None

    def _refused(self, queue_id: str) -> Refusal | None:
        queue = self._queues.get(queue_id)
        if queue is None:
            return Refusal("unknown-queue", f"There is no queue {queue_id}.")
        if not queue.enabled:
            return Refusal("queue-closed", f"Queue {queue.name} is closed.")
        if self.waiting(queue_id) >= queue.waiting_max:
            return Refusal("full", f"Queue {queue.name} is full ({queue.waiting_max} waiting).")
        return None

    def rejoin(self, entry_id: str, now: float, missed_by: str | None = None) -> None:
        """The offer came to nothing: back at the old place. `missed_by` lapsed or rejected it."""
        w = self._line.get(entry_id)
        if w is None:
            return
        if missed_by is None:
            w.offered.clear()
            return
        if missed_by in w.offered:
            w.offered.remove(missed_by)
        w.missed.add(missed_by)
        queue = self._queues[w.entry.queue]
        seat = self._seats.setdefault(missed_by, _Seat())
        seat.back_off_until = max(seat.back_off_until, now + queue.rona_back_off_seconds)

    def leave(self, entry_id: str, now: float) -> None:
        """The entry is gone (abandoned, diverted). Unknown ids are ignored."""
        self._line.pop(entry_id, None)

    def accept(self, entry_id: str, now: float) -> None:
        """The offer was answered."""
        self._line.pop(entry_id, None)

    def reprioritise(self, entry_id: str, priority: int, now: float) -> Refusal | None:
        """Change the priority of a waiting entry. Refusal: not-waiting."""
        w = self._line.get(entry_id)
        if w is None:
            return Refusal("not-waiting", f"{entry_id} is not waiting.")
        w.entry = replace(w.entry, priority=priority)
        w.key = rules.order_key(w.entry, self._queues[w.entry.queue])
        return None

    def move(self, entry_id: str, queue: str, now: float) -> Refusal | None:
        """To another queue, with the time already waited. Refusals as `join`, and not-waiting."""
        w = self._line.get(entry_id)
        if w is None:
            return Refusal("not-waiting", f"{entry_id} is not waiting.")
        refusal = self._refused(queue)
        if refusal is not None:
            return refusal
        w.entry = replace(w.entry, queue=queue)
        w.key = rules.order_key(w.entry, self._queues[queue])
        w.offered.clear()
        return None

    # -- agents ---------------------------------------------------------------------------------
    def agent_free(self, agent: str, now: float, idle_since: float | None = None) -> None:
        """The agent may be offered something. `idle_since`: since when he waits (default now)."""
        seat = self._seats.setdefault(agent, _Seat())
        self._seq += 1
        seat.seq = self._seq
        seat.free, seat.why, seat.since = True, "free", now
        seat.idle_since = now if idle_since is None else idle_since

    def agent_busy(self, agent: str, now: float, why: str) -> None:
        """The agent may not be offered anything; `why` is a presence state or a reason code."""
        seat = self._seats.setdefault(agent, _Seat())
        if why not in rules.WORKING:
            seat.back_off_until = 0.0
        seat.free, seat.why, seat.since = False, why, now

    # -- deciding -------------------------------------------------------------------------------
    def match(self, now: float) -> list[Offer]:
        """All offers that can be made now, in the order of the entries' turns."""
        self._clock = now
        offers: list[Offer] = []
        for last_resort in (False, True):
            for w in self._in_turn(now):
                if w.offered:
                    continue
                agents = self._choose(w, now, last_resort)
                if agents:
                    w.attempt += 1
                offers += [self._offer(w, agent, now) for agent in agents]
        return offers

    def _in_turn(self, now: float) -> list[_Waiting]:
        def turn(w: _Waiting) -> tuple[tuple[int, float], int]:
            queue = self._queues[w.entry.queue]
            return rules.turn(w.key, rules.target_seconds(queue), now), w.seq

        return sorted(self._line.values(), key=turn)

    def _ring(self, w: _Waiting, now: float) -> int:
        rings = rules.rings_of(self._queues[w.entry.queue])
        return rules.ring_at(rings, w.entry.joined_at, now)

    def _qualified(self, w: _Waiting, agent: Agent, now: float) -> bool:
        queue = self._queues[w.entry.queue]
        rings = rules.rings_of(queue)
        ring = self._ring(w, now)
        member = rules.member_ring(agent, queue, rings)
        if member is None or member > ring:
            return False
        return rules.lacking(agent, rules.requirement(w.entry.skills, rings, ring)) is None

    def _working(self, agent: str) -> bool:
        seat = self._seats.get(agent)
        return seat is not None and seat.why in rules.WORKING

    def _kept_for(self, w: _Waiting, now: float) -> str | None:
        """The preferred agent while the entry still waits for him alone."""
        who = w.entry.preferred_agent
        queue = self._queues[w.entry.queue]
        if (
            who is None
            or who in w.missed
            or now >= (w.entry.joined_at + queue.preferred_wait_seconds)
        ):
            return None
        agent = self._agents.get(who)
        if agent is None or not self._working(who) or not self._qualified(w, agent, now):
            return None
        return who

    def _free(self, agent: str, now: float) -> bool:
        seat = self._seats.get(agent)
        return seat is not None and seat.free and now >= seat.back_off_until

    def _choose(self, w: _Waiting, now: float, last_resort: bool) -> list[str]:
        queue = self._queues[w.entry.queue]
        kept = self._kept_for(w, now)
        if kept is not None:
            return [kept] if self._free(kept, now) else []
        qualified = [a for a in self._agents.values() if self._qualified(w, a, now)]
        idle = [a for a in qualified if self._free(a.id, now)]
        if len(idle) <= queue.reserved_idle:
            return []
        others = any(a.id not in w.missed and self._working(a.id) for a in qualified)
        if others and not last_resort:
            idle = [a for a in idle if a.id not in w.missed]
        if not idle:
            return []
        ranked = sorted(idle, key=lambda a: self._rank(w, queue, a))
        preferred = w.entry.preferred_agent
        if preferred not in w.missed:
            ranked.sort(key=lambda a: a.id != preferred)
        chosen = ranked[: max(1, queue.broadcast)]
        self._cursor[queue.id] = rules.place_in(chosen[-1], queue.id)
        return [a.id for a in chosen]

    def _rank(self, w: _Waiting, queue: Queue, agent: Agent) -> tuple[object, ...]:
        seat = self._seats[agent.id]
        idle = (seat.idle_since, seat.seq)
        if queue.strategy == "most-skilled":
            return (-rules.proficiency(agent, w.entry.skills), *idle)
        if queue.strategy == "linear":
            return (rules.place_in(agent, queue.id)[0], *idle)
        if queue.strategy == "round-robin":
            place = rules.place_in(agent, queue.id)
            return (place <= self._cursor.get(queue.id, (-1, "")), place)
        return idle

    def _offer(self, w: _Waiting, agent: str, now: float) -> Offer:
        queue = self._queues[w.entry.queue]
        decision = self._record(w, agent, now)
        seat = self._seats[agent]
        seat.free, seat.why, seat.since = False, "offered", now
        w.offered.append(agent)
        self._decisions[w.entry.id, w.attempt, agent] = decision
        return Offer(
            entry=w.entry.id,
            agent=agent,
            queue=queue.id,
            attempt=w.attempt,
            expires_at=now + queue.ring_seconds,
            auto_answer=queue.auto_answer,
        )

    def deadline(self) -> float | None:
        """The earliest moment at which `match` or `overflowed` could decide anew by itself."""
        times: list[float] = []
        for w in self._line.values():
            queue = self._queues[w.entry.queue]
            joined = w.entry.joined_at
            times += [joined + ring.after_seconds for ring in queue.rings]
            if w.entry.preferred_agent is not None:
                times.append(joined + queue.preferred_wait_seconds)
            if queue.wait_max_seconds is not None:
                times.append(joined + queue.wait_max_seconds)
            times += [
                joined + rule.after_seconds
                for rule in queue.overflow
                if rule.after_seconds is not None
            ]
        times += [seat.back_off_until for seat in self._seats.values() if seat.free]
        later = [t for t in times if t > self._clock]
        return min(later) if later else None

    def overflowed(self, now: float) -> list[tuple[str, Overflow]]:
        """Entries whose overflow rule applies now; they are out of the line."""
        self._clock = now
        out: list[tuple[str, Overflow]] = []
        for w in self._in_turn(now):
            rule = None if w.offered else self._overflow(w, now)
            if rule is not None:
                out.append((w.entry.id, rule))
                del self._line[w.entry.id]
        return out

    def _overflow(self, w: _Waiting, now: float) -> Overflow | None:
        queue = self._queues[w.entry.queue]
        waited = now - w.entry.joined_at
        position = self.position(w.entry.id) or 0
        for rule in queue.overflow:
            late = rule.after_seconds is not None and waited >= rule.after_seconds
            many = rule.when_waiting_over is not None and position > rule.when_waiting_over
            if late or many:
                return rule
        if queue.wait_max_seconds is not None and waited >= queue.wait_max_seconds:
            return queue.overflow[0] if queue.overflow else Overflow("voicemail")
        return None

    # -- asking ---------------------------------------------------------------------------------
    def position(self, entry_id: str) -> int | None:
        """1-based place within the queue, by the order in which entries will be served."""
        mine = self._line.get(entry_id)
        if mine is None:
            return None
        same = [w for w in self._line.values() if w.entry.queue == mine.entry.queue]
        return 1 + sum((w.key, w.seq) < (mine.key, mine.seq) for w in same)

    def waiting(self, queue: str) -> int:
        """How many wait in the queue, those being offered included."""
        return sum(w.entry.queue == queue for w in self._line.values())

    def oldest(self, queue: str) -> float | None:
        """When the longest waiting entry of the queue joined."""
        return min(
            (w.entry.joined_at for w in self._line.values() if w.entry.queue == queue),
            default=None,
        )

    def estimate(self, entry_id: str, now: float) -> tuple[float, float] | None:
        """How long the entry will still wait: low and high, in seconds; None if unknown."""
        return None

    def queue_estimate(self, queue: str, now: float) -> tuple[float, float] | None:
        """How long somebody who joined now would wait."""
        return None

    def why(self, entry_id: str, now: float) -> Decision:
        """Why does the entry wait, or to whom is it offered? KeyError if it is not in line."""
        w = self._line[entry_id]
        return self._record(w, w.offered[0] if w.offered else None, now)

    def decision(self, offer: Offer) -> Decision:
        """The record of an offer made. KeyError if it was not made here."""
        return self._decisions[offer.entry, offer.attempt, offer.agent]

    def _record(self, w: _Waiting, chosen: str | None, now: float) -> Decision:
        queue = self._queues[w.entry.queue]
        considered = []
        for agent in self._agents.values():
            code, text = self._reason(w, agent, chosen, now)
            if code != "not-member":
                considered.append(Considered(agent.id, code, text))
        considered.sort(key=lambda c: (c.code != "chosen", c.agent))
        return Decision(
            entry=w.entry.id,
            queue=queue.id,
            at=now,
            chosen=chosen,
            attempt=w.attempt,
            ring=self._ring(w, now),
            strategy=queue.strategy,
            waited_seconds=now - w.entry.joined_at,
            position=self.position(w.entry.id),
            considered=tuple(considered),
            counts=Counter(c.code for c in considered),
        )

    def _reason(self, w: _Waiting, agent: Agent, chosen: str | None, now: float) -> tuple[str, str]:
        queue = self._queues[w.entry.queue]
        rings = rules.rings_of(queue)
        ring = self._ring(w, now)
        if agent.id == chosen:
            return "chosen", "chosen"
        member = rules.member_ring(agent, queue, rings)
        if member is None:
            return "not-member", "does not serve this queue"
        seat = self._seats.get(agent.id, _Seat())
        if not seat.free:
            return "not-free", f"{seat.why} for {now - seat.since:.0f} s"
        if member > ring:
            wait = w.entry.joined_at + rings[member - 1].after_seconds - now
            return "ring-later", f"ring {member} opens in {wait:.0f} s"
        lack = rules.lacking(agent, rules.requirement(w.entry.skills, rings, ring))
        if lack is not None:
            has = agent.skills.get(lack[0], 0)
            return "lacks-skill", f"lacks skill {lack[0]}:{lack[1]} (has {has})"
        if now < seat.back_off_until:
            return "back-off", f"missed a call, next one in {seat.back_off_until - now:.0f} s"
        kept = self._kept_for(w, now)
        if kept is not None:
            return "kept-for-preferred", f"the caller is kept for {kept}"
        if agent.id in w.missed:
            return "missed-this-caller", "missed or rejected this caller"
        if chosen is None and queue.reserved_idle:
            return "reserved", f"the last {queue.reserved_idle} idle agents are kept free"
        return "not-first", "free, but another one came first"
