"""Who is there when on a day, and what somebody would change about it. Pure.

A person is an agent as the router knows him with the spans of time he is there; seconds from the
day's midnight. A change for some hours cuts a person in two: as he is, and as he would be. Who goes
when "two fewer" are asked for is decided the same way each time: those who are there longest in
these hours, of them those with the fewest queues.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from acd.model import SKILL_MAX, Agent

ChangeKind = Literal["agents", "agent", "skill", "queue"]
CHANGES_MAX = 40
COUNT_MAX = 200

Alike = tuple[tuple[str, ...], tuple[tuple[str, int], ...]]
Spans = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Between two moments: *agents* `count` more or fewer in `queue` ("": in any); *agent* `agent`
    there (`on`) or not; *skill* `agent` has `skill` at `level` (0: not at all); *queue* `agent`
    serves `queue` (`on`) or not."""

    kind: ChangeKind
    begins: float
    ends: float
    count: int = 0
    queue: str = ""
    agent: str = ""
    skill: str = ""
    level: int = 0
    on: bool = True


@dataclass(frozen=True, slots=True)
class Person:
    agent: Agent
    there: Spans

    def seconds(self, begins: float, ends: float) -> float:
        return sum(b - a for a, b in inside(self.there, begins, ends))


def merged(spans: Iterable[tuple[float, float]]) -> Spans:
    made: list[tuple[float, float]] = []
    for begins, ends in sorted(spans):
        if made and begins <= made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], ends))
        elif begins < ends:
            made.append((begins, ends))
    return tuple(made)


def inside(spans: Spans, begins: float, ends: float) -> Spans:
    return tuple((max(a, begins), min(b, ends)) for a, b in spans if max(a, begins) < min(b, ends))


def outside(spans: Spans, begins: float, ends: float) -> Spans:
    return merged((*inside(spans, float("-inf"), begins), *inside(spans, ends, float("inf"))))


def changed(people: Sequence[Person], changes: Sequence[Change]) -> list[Person]:
    """The people after all changes, one after the other."""
    made = list(people)
    for number, change in enumerate(changes):
        if change.kind == "agents" and change.count < 0:
            made = _fewer(made, change)
        elif change.kind == "agents":
            made = made + _more(made, change, number)
        else:
            made = [part for person in made for part in _other(person, change)]
    return [person for person in made if person.there]


def _serves(person: Person, queue: str) -> bool:
    return not queue or queue in person.agent.queues


def _fewer(people: Sequence[Person], change: Change) -> list[Person]:
    there = [
        (-person.seconds(change.begins, change.ends), len(person.agent.queues), person.agent.id, n)
        for n, person in enumerate(people)
        if _serves(person, change.queue) and person.seconds(change.begins, change.ends) > 0.0
    ]
    go = {n for *_, n in sorted(there)[: -change.count]}
    return [
        replace(person, there=outside(person.there, change.begins, change.ends))
        if n in go
        else person
        for n, person in enumerate(people)
    ]


def _more(people: Sequence[Person], change: Change, number: int) -> list[Person]:
    """Like those who are most usual there."""
    alike: Counter[Alike] = Counter(
        (tuple(sorted(one.agent.queues)), tuple(sorted(one.agent.skills.items())))
        for one in people
        if _serves(one, change.queue)
    )
    nobody: Alike = ((change.queue,) if change.queue else (), ())
    queues, skills = max(alike, key=lambda kind: (alike[kind], kind)) if alike else nobody
    return [
        Person(
            Agent(
                id := f"more-{number}-{one}",
                id,
                skills=dict(skills),
                queues=dict.fromkeys(queues, 0),
            ),
            ((change.begins, change.ends),),
        )
        for one in range(change.count)
    ]


def _other(person: Person, change: Change) -> list[Person]:
    if person.agent.id != change.agent:
        return [person]
    begins, ends = change.begins, change.ends
    if change.kind == "agent":
        rest = outside(person.there, begins, ends)
        there = merged((*rest, (begins, ends))) if change.on else rest
        return [replace(person, there=there)]
    before = outside(person.there, begins, ends)
    during = inside(person.there, begins, ends)
    return [
        replace(person, there=before),
        Person(_as_changed(person.agent, change), during),
    ]


def _as_changed(agent: Agent, change: Change) -> Agent:
    if change.kind == "queue":
        queues = {queue: place for queue, place in agent.queues.items() if queue != change.queue}
        if change.on:
            queues[change.queue] = agent.queues.get(change.queue, 0)
        return replace(agent, queues=queues)
    skills = {skill: level for skill, level in agent.skills.items() if skill != change.skill}
    if change.level:
        skills[change.skill] = min(change.level, SKILL_MAX)
    return replace(agent, skills=skills)
