"""The engine under any order of events: what must hold after each of them.

The rules here are the product's promises (RELIABILITY in short): an agent has at most one offer,
only the free are offered, only the skilled, nobody waits while somebody who may serve him idles,
positions are 1..n without gaps, who joined is in line until he leaves.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from acd import rules
from acd.model import Agent, Entry, Queue, Ring
from acd.router import Router

AGENTS = {
    "ada": Agent("ada", "Ada", {"en": 5}, {"a": 0, "b": 0}),
    "bob": Agent("bob", "Bob", {"en": 2, "zh": 4}, {"a": 1}),
    "eve": Agent("eve", "Eve", {"zh": 9}, {"b": 0}),
}
QUEUES = {
    "a": Queue("a", "A", rings=(Ring(5.0, {"en": 1}),), rona_back_off_seconds=3.0),
    "b": Queue("b", "B", strategy="most-skilled", waiting_max=3, preferred_wait_seconds=4.0),
}
names = st.sampled_from(sorted(AGENTS))
queues = st.sampled_from(sorted(QUEUES))


class Centre(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.router = Router()
        self.now = 0.0
        self.router.configure(QUEUES, AGENTS, 0.0)
        self.joined = 0
        self.line: dict[str, Entry] = {}
        self.offered: dict[str, str] = {}  # entry -> agent
        self.state = dict.fromkeys(AGENTS, "offline")
        self.back_off = dict.fromkeys(AGENTS, 0.0)

    def decide(self) -> None:
        for offer in self.router.match(self.now):
            entry, agent = self.line[offer.entry], AGENTS[offer.agent]
            assert offer.entry not in self.offered
            assert self.state[agent.id] == "free"
            assert self.now >= self.back_off[agent.id]
            assert self.may(agent, entry)
            assert self.router.decision(offer).chosen == agent.id
            self.offered[offer.entry] = agent.id
            self.state[agent.id] = "offered"

    def may(self, agent: Agent, entry: Entry) -> bool:
        queue = QUEUES[entry.queue]
        ring = rules.ring_at(queue.rings, entry.joined_at, self.now)
        minima = rules.requirement(entry.skills, queue.rings, ring)
        return entry.queue in agent.queues and rules.lacking(agent, minima) is None

    @rule(queue=queues, en=st.integers(0, 5), priority=st.integers(-1, 2), keep=names)
    def join(self, queue: str, en: int, priority: int, keep: str) -> None:
        self.joined += 1
        skills = {"en": en} if queue == "a" else {"zh": en}
        entry = Entry(f"c{self.joined}", queue, self.now, skills, priority, preferred_agent=keep)
        full = sum(e.queue == queue for e in self.line.values()) >= QUEUES[queue].waiting_max
        refusal = self.router.join(entry, self.now)
        assert (refusal is not None) == full
        if refusal is None:
            self.line[entry.id] = entry
        self.decide()

    @rule(name=names, why=st.sampled_from(["talking", "wrap-up", "paused", "offline"]))
    def busy(self, name: str, why: str) -> None:
        if self.state[name] != "offered":
            self.router.agent_busy(name, self.now, why)
            self.state[name] = why
            if why in ("paused", "offline"):
                self.back_off[name] = 0.0
            self.decide()

    @rule(name=names)
    def free(self, name: str) -> None:
        if self.state[name] != "offered":
            self.router.agent_free(name, self.now)
            self.state[name] = "free"
            self.decide()

    @precondition(lambda self: self.offered)
    @rule(data=st.data(), outcome=st.sampled_from(["answered", "missed", "withdrawn", "gone"]))
    def outcome(self, data: st.DataObject, outcome: str) -> None:
        name = data.draw(st.sampled_from(sorted(self.offered)))
        agent = self.offered.pop(name)
        if outcome == "answered":
            self.router.accept(name, self.now)
            self.router.agent_busy(agent, self.now, "talking")
            self.state[agent] = "talking"
            del self.line[name]
            return
        if outcome == "gone":
            self.router.leave(name, self.now)
            del self.line[name]
        else:
            place = self.router.position(name)
            self.router.rejoin(name, self.now, agent if outcome == "missed" else None)
            assert self.router.position(name) == place
        if outcome == "missed":
            seconds = QUEUES[self.line[name].queue].rona_back_off_seconds
            self.back_off[agent] = max(self.back_off[agent], self.now + seconds)
        self.router.agent_free(agent, self.now)
        self.state[agent] = "free"
        self.decide()

    @precondition(lambda self: self.line)
    @rule(data=st.data(), priority=st.integers(-2, 3))
    def change(self, data: st.DataObject, priority: int) -> None:
        name = data.draw(st.sampled_from(sorted(self.line)))
        assert self.router.reprioritise(name, priority, self.now) is None
        self.decide()

    @rule(seconds=st.sampled_from([0.5, 1.0, 3.0, 10.0]))
    def wait(self, seconds: float) -> None:
        """Time passes as the loop lets it: every deadline is kept."""
        until = self.now + seconds
        while (due := self.router.deadline()) is not None and due <= until:
            self.now = max(due, self.now)
            self.decide()
            later = self.router.deadline()
            assert later is None or later > self.now
        self.now = until
        self.decide()

    @invariant()
    def nobody_waits_before_an_idle_agent_who_may_serve_him(self) -> None:
        for name, entry in self.line.items():
            if name in self.offered:
                continue
            idle = [
                agent.id
                for agent in AGENTS.values()
                if self.state[agent.id] == "free"
                and self.now >= self.back_off[agent.id]
                and self.may(agent, entry)
            ]
            if idle:
                note = self.router.why(name, self.now).note
                assert note == f"kept for the preferred agent {entry.preferred_agent}"

    @invariant()
    def positions_are_without_gaps(self) -> None:
        for queue in QUEUES:
            mine = [name for name, entry in self.line.items() if entry.queue == queue]
            places = sorted(self.router.position(name) or 0 for name in mine)
            assert places == list(range(1, len(mine) + 1))
            assert self.router.waiting(queue) == len(mine)
            oldest = min((self.line[name].joined_at for name in mine), default=None)
            assert self.router.oldest(queue) == oldest

    @invariant()
    def every_reason_is_given(self) -> None:
        for name in self.line:
            decision = self.router.why(name, self.now)
            members = [a for a in AGENTS.values() if self.line[name].queue in a.queues]
            assert {one.agent for one in decision.considered} == {a.id for a in members}
            assert decision.to_text()


TestCentre = Centre.TestCase
TestCentre.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
pytestmark = [pytest.mark.pure, pytest.mark.timeout(300)]
