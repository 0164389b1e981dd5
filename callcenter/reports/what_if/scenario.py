"""A day as a scenario for the simulator: the callers who are expected, the people who are there.
Pure.

All queues of the house are in it, since agents serve several; what is shown is of those asked for.
Calls come as a Poisson stream with the forecast of each interval; handling times are lognormal with
the mean of their hour and the spread of the past, patience is exponential. Skills that callers need
are shared out as they were lately. Seconds from the day's midnight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from acd.model import Queue
from acd.scenario import AgentGroup, CallerClass, Distribution, Scenario, Timed, lognormal
from callcenter.reports.what_if.people import Person, Spans

SPREAD = (0.1, 2.0)  # of handling times: deviation by mean
NEEDS_MAX = 8  # kinds of callers by the skills they need, a queue; who is of none of them: `few`

Needs = tuple[tuple[float, Mapping[str, int]], ...]


@dataclass(frozen=True, slots=True)
class Callers:
    """Of one queue: `calls` by interval, `handling` mean seconds by interval, `spread` their
    deviation by mean, `patience` mean seconds (None: nobody gives up), `needs`: (share, skills)."""

    calls: tuple[float, ...]
    handling: tuple[float, ...]
    spread: float = 1.0
    patience: float | None = None
    needs: Needs = ((1.0, {}),)


@dataclass(frozen=True, slots=True)
class Day:
    """`edges`: the beginnings of the intervals; `ends`: of the day. `ringing`: seconds until a
    phone is picked up."""

    edges: tuple[float, ...]
    ends: float
    callers: Mapping[str, Callers] = field(default_factory=dict)
    ringing: float = 0.0

    def seconds(self, place: int) -> float:
        following = (*self.edges[1:], self.ends)
        return following[place] - self.edges[place]


def scenario_of(day: Day, queues: Mapping[str, Queue], people: Sequence[Person]) -> Scenario:
    kinds = [
        kind
        for queue, callers in sorted(day.callers.items())
        if queue in queues
        for kind in _kinds(day, queue, callers)
    ]
    groups = [_group(number, person, queues, day.ringing) for number, person in enumerate(people)]
    return Scenario(
        queues=queues,
        callers=tuple(kinds),
        agents=tuple(groups),
        horizon_seconds=day.ends,
        edges=day.edges,
    )


def _kinds(day: Day, queue: str, callers: Callers) -> list[CallerClass]:
    ends = day.edges[1:]
    low, high = SPREAD
    spread = min(max(callers.spread, low), high)
    handling = Timed(tuple(lognormal(mean, mean * spread) for mean in callers.handling), ends)
    patience = (
        Distribution("none")
        if callers.patience is None
        else Distribution("exponential", callers.patience)
    )
    return [
        CallerClass(
            name=f"{queue}/{number}",
            queue=queue,
            rate=Timed(
                tuple(share * n / day.seconds(place) for place, n in enumerate(callers.calls)), ends
            ),
            handling={"": handling},
            patience=Timed((patience,)),
            skills=skills,
        )
        for number, (share, skills) in enumerate(few(callers.needs))
        if share > 0.0 and any(callers.calls)
    ]


def few(needs: Needs) -> Needs:
    """The NEEDS_MAX most usual kinds; callers of a rarer one count to that whose skills are nearest
    to theirs, so that as many call as were expected."""
    ordered = sorted(needs, key=lambda one: -one[0])
    kept, rest = ordered[:NEEDS_MAX], ordered[NEEDS_MAX:]
    shares = [share for share, _ in kept]
    for share, skills in rest:
        nearest = min(range(len(kept)), key=lambda place: _apart(kept[place][1], skills))
        shares[nearest] += share
    return tuple((share, skills) for share, (_, skills) in zip(shares, kept, strict=True))


def _apart(some: Mapping[str, int], others: Mapping[str, int]) -> int:
    """How many levels lie between what two kinds of callers need."""
    return sum(abs(some.get(one, 0) - others.get(one, 0)) for one in {*some, *others})


def _group(number: int, person: Person, queues: Mapping[str, Queue], ringing: float) -> AgentGroup:
    agent = person.agent
    return AgentGroup(
        name=f"{agent.id}/{number}",
        count=_there(person.there),
        queues=tuple(queue for queue in agent.queues if queue in queues),
        skills=agent.skills,
        groups=agent.groups,
        weight=agent.weight,
        answer=Distribution("deterministic", ringing) if ringing > 0.0 else None,
        agent=agent,
    )


def _there(spans: Spans) -> Timed[int]:
    values: list[int] = [0]
    ends: list[float] = []
    for begins, until in spans:
        if begins <= 0.0:
            values = [1]
        else:
            ends.append(begins)
            values.append(1)
        ends.append(until)
        values.append(0)
    return Timed(tuple(values), tuple(ends))


def planned_in(day: Day, people: Sequence[Person], shown: frozenset[str]) -> list[float]:
    """How many there are in each interval on average, of those who serve one of these queues."""
    serving = [one for one in people if any(queue in shown for queue in one.agent.queues)]
    return [
        sum(one.seconds(edge, edge + day.seconds(place)) for one in serving) / day.seconds(place)
        for place, edge in enumerate(day.edges)
    ]
