"""A small centre for stories: one queue "q" (or several), agents by name."""

from __future__ import annotations

from typing import Any

from acd.model import Agent, Entry, Queue
from acd.router import Router


def agent(name: str, place: int = 0, queues: str = "q", **skills: int) -> Agent:
    return Agent(name, name.title(), skills=skills, queues=dict.fromkeys(queues.split(), place))


def queue(name: str = "q", **rules: Any) -> Queue:
    return Queue(name, name.upper(), **rules)


class Story:
    """An engine whose offers can be told apart by eye."""

    def __init__(self, *members: Agent, queues: tuple[Queue, ...] = (), **rules: Any) -> None:
        self.router = Router()
        self.queues = {one.id: one for one in queues or (queue(**rules),)}
        self.agents = {one.id: one for one in members}
        self.router.configure(self.queues, self.agents, 0.0)

    def free(self, *names: str, at: float = 0.0) -> None:
        for name in names:
            self.router.agent_free(name, at)

    def join(self, name: str, at: float, into: str = "q", **entry: Any) -> None:
        refusal = self.router.join(Entry(name, into, at, **entry), at)
        assert refusal is None, refusal

    def offers(self, now: float) -> str:
        """All offers at this moment, as "caller>agent caller>agent"."""
        return " ".join(f"{offer.entry}>{offer.agent}" for offer in self.router.match(now))

    def missed(self, name: str, by: str, at: float) -> None:
        self.router.rejoin(name, at, missed_by=by)
        self.router.agent_free(by, at)

    def answered(self, name: str, by: str, at: float) -> None:
        self.router.accept(name, at)
        self.router.agent_busy(by, at, "talking")
