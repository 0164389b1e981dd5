"""Random histories of a contact centre, driven into two engines at once.

A history is made from a seed: a random centre (queues of every strategy, rings, skills, reserves,
preferences), then random events, with the offers that come out answered, missed, rejected or
withdrawn. After every event both engines decide, and must decide the same.
"""

from __future__ import annotations

from random import Random
from typing import get_args

from acd.model import Agent, Entry, Media, Queue, Ring, Strategy
from acd.router import Router
from tests.acd.scan import Scan

SKILLS = ("en", "zh", "tech")
GROUPS = ("red", "blue")
STRATEGIES: tuple[Strategy, ...] = get_args(Strategy)
MEDIA: tuple[Media, ...] = get_args(Media)
PAIRS = list[tuple[str, str]]


def random_queue(chance: Random, name: str) -> Queue:
    rings = []
    for n in range(chance.choice((0, 0, 1, 2))):
        minima = {s: chance.randint(0, 3) for s in SKILLS if chance.random() < 0.5}
        groups = frozenset(g for g in GROUPS if chance.random() < 0.4)
        rings.append(Ring(5.0 * (n + 1) + chance.randint(0, 3), minima, groups))
    return Queue(
        name,
        name.upper(),
        strategy=chance.choice(STRATEGIES),
        media=chance.choice((*("voice",) * 8, "chat", "work")),
        order=chance.choice(("fcfs", "fcfs", "deadline")),
        service_level_seconds=float(chance.choice((5, 20))),
        waiting_max=chance.choice((3, 500)),
        enabled=chance.random() < 0.95,
        rings=tuple(rings),
        groups=frozenset(g for g in GROUPS if chance.random() < 0.2),
        rona_back_off_seconds=chance.choice((0.0, 4.0)),
        broadcast=chance.choice((1, 1, 1, 2)),
        ageing=chance.choice(({}, {}, {}, {1: 3.0, -1: 0.25}, {0: 2.0, 2: 0.5})),
        priority_seconds=chance.choice((0.0, 10.0)),
        preferred_wait_seconds=chance.choice((0.0, 8.0)),
        reserved_idle=chance.choice((0, 0, 0, 1)),
    )


def random_agent(chance: Random, name: str, queues: list[str]) -> Agent:
    return Agent(
        name,
        name.upper(),
        skills={s: chance.randint(0, 5) for s in SKILLS if chance.random() < 0.7},
        queues={q: chance.randint(0, 2) for q in queues if chance.random() < 0.6},
        groups=frozenset(g for g in GROUPS if chance.random() < 0.4),
        weight=chance.choice((0, 1, 1, 3)),
        capacity=chance.choices(
            ({"voice": 1}, {"voice": 1, "chat": 2, "work": 1}, {"chat": 1}), (5, 5, 1)
        )[0],
    )


class History:
    """One seed's history. `step` makes one event happen and returns how many offers were made."""

    def __init__(self, seed: int, router: Router) -> None:
        self.chance = chance = Random(seed)
        self.router, self.scan = router, Scan()
        self.now = 0.0
        self.entries = 0
        self.offers: dict[str, list[str]] = {}
        self.queues = [f"q{n}" for n in range(chance.randint(1, 4))]
        self.agents = [f"a{n}" for n in range(chance.randint(1, 7))]
        self.configure()

    def configure(self) -> None:
        old_queues, old_agents = self.scan.queues, self.scan.agents
        change = self.chance.random
        kept = [q for q in self.queues if change() < 0.9] or self.queues[:1]
        queues = {
            q: old_queues[q] if q in old_queues and change() < 0.6 else random_queue(self.chance, q)
            for q in kept
        }
        agents = {
            a: old_agents[a]
            if a in old_agents and change() < 0.6
            else random_agent(self.chance, a, self.queues)
            for a in self.agents
            if change() < 0.95
        }
        self.router.configure(queues, agents, self.now)
        self.scan.configure(queues, agents, self.now)

    def step(self) -> int:
        chance = self.chance
        if chance.random() < 0.7:
            self.now += chance.choice((0.0, 1.0, 1.0, 2.5))
        # One event, sometimes several before the next decision.
        for _ in range(chance.choice((1, 1, 1, 3))):
            self._event()
        return self.decide()

    def decide(self) -> int:
        got: PAIRS = [(o.entry, o.agent) for o in self.router.match(self.now)]
        want: PAIRS = self.scan.match(self.now)
        assert got == want, f"at {self.now}: {got} instead of {want}"
        for entry, agent in got:
            self.offers.setdefault(entry, []).append(agent)
        return len(got)

    def _event(self) -> None:
        event = self.chance.choices(
            (self._join, self._agent, self._outcome, self._leave, self._change, self.configure),
            (8, 6, 8, 2, 1, 0.3),
        )[0]
        event()

    def _join(self) -> None:
        chance = self.chance
        self.entries += 1
        entry = Entry(
            f"c{self.entries}",
            chance.choice(self.queues),
            self.now - chance.choice((0.0, 0.0, 0.0, 3.0)),
            skills={s: chance.randint(0, 5) for s in SKILLS if chance.random() < 0.25},
            priority=chance.choice((0, 0, 0, 1, -1, 2)),
            value_seconds=chance.choice((0.0, 0.0, 30.0)),
            preferred_agent=chance.choice((None, None, *self.agents)),
        )
        refusal = self.router.join(entry, self.now)
        assert (refusal is None) == self.scan.join(entry, self.now), refusal

    def _offered(self) -> set[str]:
        return {agent for agents in self.offers.values() for agent in agents}

    def _agent(self) -> None:
        name = self.chance.choice(self.agents)
        if name in self._offered():
            return
        if self.chance.random() < 0.06:
            media = self.chance.choice(MEDIA)
            count = self.chance.choice((0, 0, 1, 2))
            self.router.agent_load(name, media, count, self.now)
            self.scan.agent_load(name, media, count, self.now)
            return
        if self.chance.random() < 0.7:
            since = self.now - 2.0 if self.chance.random() < 0.1 else None
            self.router.agent_free(name, self.now, since)
            self.scan.agent_free(name, self.now, since)
        else:
            self._busy(name, self.chance.choice(("talking", "wrap-up", "paused", "offline")))

    def _busy(self, name: str, why: str) -> None:
        self.router.agent_busy(name, self.now, why)
        self.scan.agent_busy(name, self.now, why)

    def _outcome(self) -> None:
        if not self.offers:
            return
        entry = self.chance.choice(sorted(self.offers))
        agents = self.offers[entry]
        outcome = self.chance.choice(("accepted", "accepted", "missed", "withdrawn"))
        if outcome == "missed":
            name = agents.pop(self.chance.randrange(len(agents)))
            for engine in (self.router, self.scan):
                engine.rejoin(entry, self.now, missed_by=name)
            if self.chance.random() < 0.3:
                self._busy(name, "paused")
            else:
                self._free(name)
            if not agents:
                del self.offers[entry]
            return
        del self.offers[entry]
        for engine in (self.router, self.scan):
            if outcome == "accepted":
                engine.accept(entry, self.now)
            else:
                engine.rejoin(entry, self.now)
        for n, name in enumerate(agents):
            if outcome == "accepted" and n == 0:
                self._busy(name, "talking")
            else:
                self._free(name)

    def _free(self, name: str) -> None:
        self.router.agent_free(name, self.now)
        self.scan.agent_free(name, self.now)

    def _leave(self) -> None:
        if not self.scan.line:
            return
        name = self.chance.choice(sorted(self.scan.line))
        self.router.leave(name, self.now)
        self.scan.leave(name, self.now)
        for agent in self.offers.pop(name, []):
            self._free(agent)

    def _change(self) -> None:
        if not self.scan.line:
            return
        name = self.chance.choice(sorted(self.scan.line))
        if self.chance.random() < 0.3:
            self._learn(name)
            return
        if self.chance.random() < 0.5:
            priority = self.chance.randint(-1, 3)
            self.router.reprioritise(name, priority, self.now)
            self.scan.reprioritise(name, priority, self.now)
            return
        if self.chance.random() < 0.4:
            self._doze(name)
            return
        queue = self.chance.choice(self.queues)
        before = self.scan.line[name].entry.queue
        self.router.move(name, queue, self.now)
        self.scan.move(name, queue, self.now)
        if self.scan.line[name].entry.queue != before:
            for agent in self.offers.pop(name, []):
                self._free(agent)

    def _learn(self, name: str) -> None:
        """The customer's record has come."""
        known = {
            "priority": self.chance.choice((0, 0, 1, 2)),
            "value_seconds": self.chance.choice((0.0, 30.0, 500.0)),
            "preferred_agent": self.chance.choice((None, *self.agents)),
        }
        self.router.learn(name, self.now, **known)  # type: ignore[arg-type]
        self.scan.learn(name, self.now, **known)  # type: ignore[arg-type]

    def _doze(self, name: str) -> None:
        """A caller becomes a callback, or a callback is on the line again."""
        if self.scan.line[name].asleep:
            self.router.wake(name, self.now)
            self.scan.wake(name, self.now)
            return
        self.router.sleep(name, self.now)
        self.scan.sleep(name, self.now)
        for agent in self.offers.pop(name, []):
            self._free(agent)
