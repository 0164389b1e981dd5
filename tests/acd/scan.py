"""The same rules without any data structure: go through all entries and all agents each time.

`Scan` is what `acd.router.Router` is compared with. It remembers only facts (who joined when, who
is free since when) and works everything else out at each decision, so there is nothing in it that
could be stale. It takes no short cut and is slow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from acd import dice, media, rules
from acd.model import Agent, Entry, Queue


@dataclass
class Caller:
    entry: Entry
    seq: int
    missed: set[str] = field(default_factory=set)
    offered: list[str] = field(default_factory=list)
    kept: bool = False
    asleep: bool = False
    attempt: int = 0


@dataclass
class Desk:
    free: bool = False
    why: str = "offline"
    since: float = 0.0
    idle_since: float = 0.0
    seq: int = 0
    back_off_until: float = float("-inf")
    busy: float = 0.0
    staffed: float = 0.0
    load: dict[str, int] = field(default_factory=dict)


class Scan:
    def __init__(self) -> None:
        self.queues: dict[str, Queue] = {}
        self.agents: dict[str, Agent] = {}
        self.desks: dict[str, Desk] = {}
        self.line: dict[str, Caller] = {}
        self.seq = 0
        self.cursor: dict[str, tuple[int, str]] = {}

    def serial(self) -> int:
        self.seq += 1
        return self.seq

    def configure(
        self, queues: Mapping[str, Queue], agents: Mapping[str, Agent], now: float
    ) -> None:
        used = {c.entry.queue for c in self.line.values()}
        gone = {k: replace(q, enabled=False) for k, q in self.queues.items() if k in used}
        self.queues = {**gone, **queues}
        self.cursor = {k: v for k, v in self.cursor.items() if k in self.queues}
        self.agents = dict(agents)
        for c in self.line.values():
            if c.kept:
                who = self.agents.get(c.entry.preferred_agent or "")
                c.kept = who is not None and self.qualified(c, who, now)

    def join(self, entry: Entry, now: float) -> bool:
        queue = self.queues.get(entry.queue)
        if entry.id in self.line or queue is None or not queue.enabled:
            return False
        if sum(c.entry.queue == queue.id for c in self.line.values()) >= queue.waiting_max:
            return False
        self.line[entry.id] = Caller(entry, self.serial())
        self.prefer(self.line[entry.id], now)
        return True

    def prefer(self, c: Caller, now: float) -> None:
        queue, name = self.queues[c.entry.queue], c.entry.preferred_agent
        agent = self.agents.get(name or "")
        c.kept = (
            agent is not None
            and agent.id not in c.missed
            and self.working(agent.id)
            and now < c.entry.joined_at + queue.preferred_wait_seconds
            and self.qualified(c, agent, now)
        )

    def rejoin(self, name: str, now: float, missed_by: str | None = None) -> None:
        c = self.line.get(name)
        if c is None:
            return
        if missed_by is None:
            c.offered.clear()
            return
        if missed_by in c.offered:
            c.offered.remove(missed_by)
        c.missed.add(missed_by)
        if c.entry.preferred_agent == missed_by:
            c.kept = False
        desk = self.desks.setdefault(missed_by, Desk())
        until = now + self.queues[c.entry.queue].rona_back_off_seconds
        desk.back_off_until = max(desk.back_off_until, until)

    def leave(self, name: str, now: float) -> None:
        self.line.pop(name, None)

    accept = leave

    def reprioritise(self, name: str, priority: int, now: float) -> None:
        if name in self.line:
            c = self.line[name]
            c.entry = replace(c.entry, priority=priority)

    def learn(
        self, name: str, now: float, *, priority: int, value_seconds: float, preferred_agent: str
    ) -> None:
        c = self.line.get(name)
        if c is None:
            return
        other = c.entry.preferred_agent != preferred_agent
        c.entry = replace(
            c.entry,
            priority=priority,
            value_seconds=value_seconds,
            preferred_agent=preferred_agent,
        )
        if other:
            self.prefer(c, now)

    def move(self, name: str, queue: str, now: float) -> None:
        c, target = self.line.get(name), self.queues.get(queue)
        if c is None or target is None or not target.enabled or queue == c.entry.queue:
            return
        if sum(o.entry.queue == queue for o in self.line.values()) >= target.waiting_max:
            return
        c.entry = replace(c.entry, queue=queue)
        c.offered.clear()
        self.prefer(c, now)

    def sleep(self, name: str, now: float) -> None:
        if name in self.line:
            self.line[name].asleep = True
            self.line[name].offered.clear()

    def wake(self, name: str, now: float) -> None:
        if name in self.line:
            self.line[name].asleep = False

    def agent_free(self, name: str, now: float, idle_since: float | None = None) -> None:
        desk = self.desks.setdefault(name, Desk())
        if desk.free and idle_since in (None, desk.idle_since):
            return
        if not desk.free:
            self.become(name, now, "free")
        desk.idle_since = now if idle_since is None else idle_since
        desk.seq = self.serial()

    def agent_busy(self, name: str, now: float, why: str) -> None:
        self.become(name, now, why)
        if why not in rules.WORKING:
            self.desks[name].back_off_until = float("-inf")

    def become(self, name: str, now: float, why: str) -> None:
        desk = self.desks.setdefault(name, Desk())
        if desk.why in rules.WORKING:
            desk.staffed += now - desk.since
            if not desk.free:
                desk.busy += now - desk.since
        if why == "offline":
            desk.staffed = desk.busy = 0.0
        desk.why, desk.since, desk.free = why, now, why == "free"
        if why not in rules.WORKING:
            for c in self.line.values():
                c.kept = c.kept and c.entry.preferred_agent != name

    def working(self, name: str) -> bool:
        return name in self.desks and self.desks[name].why in rules.WORKING

    def free(self, name: str, now: float, queue: Queue) -> bool:
        desk = self.desks.get(name)
        if desk is None or not desk.free or now < desk.back_off_until:
            return False
        return media.room(self.agents[name].capacity, desk.load, queue.media)

    def agent_load(self, name: str, medium: str, count: int, now: float) -> None:
        self.desks.setdefault(name, Desk()).load[medium] = count

    def in_turn(self, now: float) -> list[Caller]:
        def turn(c: Caller) -> tuple[rules.Turn, int]:
            queue = self.queues[c.entry.queue]
            key, slope = rules.order_key(c.entry, queue), rules.slope(c.entry, queue)
            return rules.turn(key, rules.target_seconds(queue), slope, now), c.seq

        return sorted(self.line.values(), key=turn)

    def qualified(self, c: Caller, agent: Agent, now: float) -> bool:
        queue = self.queues[c.entry.queue]
        rings = rules.rings_of(queue)
        ring = rules.ring_at(rings, c.entry.joined_at, now)
        member = rules.member_ring(agent, queue, rings)
        if member is None or member > ring or not agent.capacity.get(queue.media):
            return False
        return rules.lacking(agent, rules.requirement(c.entry.skills, rings, ring)) is None

    def match(self, now: float) -> list[tuple[str, str]]:
        pairs: list[tuple[str, str]] = []
        for c in self.line.values():
            queue = self.queues[c.entry.queue]
            c.kept = c.kept and now < c.entry.joined_at + queue.preferred_wait_seconds
        for last_resort in (False, True):
            for c in self.in_turn(now):
                if c.offered or c.asleep:
                    continue
                for name in self.choose(c, now, last_resort):
                    self.become(name, now, "offered")
                    c.offered.append(name)
                    pairs.append((c.entry.id, name))
                c.attempt += bool(c.offered)
        return pairs

    def choose(self, c: Caller, now: float, last_resort: bool) -> list[str]:
        queue = self.queues[c.entry.queue]
        preferred = c.entry.preferred_agent
        if c.kept and preferred is not None:
            names = [preferred] if self.free(preferred, now, queue) else []
            return self.turned(queue, names)
        qualified = [a for a in self.agents.values() if self.qualified(c, a, now)]
        idle = [a for a in qualified if self.free(a.id, now, queue)]
        if len(idle) <= queue.reserved_idle:
            return []
        others = any(a.id not in c.missed and self.working(a.id) for a in qualified)
        if others and not last_resort:
            idle = [a for a in idle if a.id not in c.missed]
        first = [a.id for a in idle if a.id == preferred and preferred not in c.missed]
        rest = [a for a in idle if a.id not in first]
        count = max(1, queue.broadcast)
        return self.turned(queue, [*first, *self.ranked(c, queue, rest, now, count)][:count])

    def turned(self, queue: Queue, names: list[str]) -> list[str]:
        if names and queue.strategy == "round-robin":
            self.cursor[queue.id] = rules.place_in(self.agents[names[-1]], queue.id)
        return names

    def ranked(
        self, c: Caller, queue: Queue, idle: list[Agent], now: float, count: int
    ) -> list[str]:
        idle = sorted(idle, key=lambda a: (self.desks[a.id].idle_since, self.desks[a.id].seq))
        if queue.strategy == "most-skilled":
            idle.sort(key=lambda a: -rules.proficiency(a, c.entry.skills))
        elif queue.strategy == "linear":
            idle.sort(key=lambda a: rules.place_in(a, queue.id)[0])
        elif queue.strategy == "least-occupied":
            idle.sort(key=lambda a: self.occupancy(a.id, now))
        elif queue.strategy == "round-robin":
            last = self.cursor.get(queue.id, (-1, ""))
            idle.sort(key=lambda a: rules.place_in(a, queue.id))
            idle.sort(key=lambda a: rules.place_in(a, queue.id) <= last)
        elif queue.strategy == "random":
            return self.drawn(c, idle, count)
        return [a.id for a in idle]

    def occupancy(self, name: str, now: float) -> float:
        desk = self.desks[name]
        staffed = desk.staffed + (now - desk.since)
        return desk.busy / staffed if staffed > 0 else 0.0

    def drawn(self, c: Caller, idle: list[Agent], count: int) -> list[str]:
        names: list[str] = []
        for number in range(min(count, len(idle))):
            weights = [max(a.weight, 0) for a in idle]
            if not any(weights):
                weights = [1] * len(idle)
            left = dice.draw(c.entry.id, c.attempt, number)
            left *= sum(weights)
            at = 0
            while at < len(idle) - 1 and left >= weights[at]:
                left -= weights[at]
                at += 1
            names.append(idle.pop(at).id)
        return names
