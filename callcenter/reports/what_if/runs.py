"""What-if runs in the background (`reports.background`).

A run reads what the day is made of, hands both days to a process of its own (`child`), and adds up
what comes back. It is bounded: by the calls of a day, by replications, by seconds; the intervals of
confidence say what the replications that were done are worth.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncEngine

from acd.model import Agent, Queue
from acd.tally import Estimate, Figure, difference, estimate
from callcenter.reports import background
from callcenter.reports.asking import reading
from callcenter.reports.background import Background, Refused, lines_of
from callcenter.reports.periods import Interval, Period
from callcenter.reports.what_if.past import day_of, planned_on
from callcenter.reports.what_if.people import Change, Person, Spans, changed
from callcenter.reports.what_if.scenario import Day, planned_in, scenario_of
from callcenter.reports.what_if.task import Task
from callcenter.reports.what_if.usual import usual_on
from callcenter.store.engine import make_engine

REPLICATIONS = 30
SECONDS = 60.0  # of living through days; the pair that is begun then is finished
WAIT_SECONDS = 240.0  # for all of it
CALLS_MAX = 40_000  # expected on a day, in all queues
CALLS_MIN = 0.5  # fewer in an interval in which nobody is there are not told of
READ_MILLISECONDS = 60_000
SEED = 1

Source = Literal["forecast", "logged"]
Hours = Literal["planned", "usual", "all"]


@dataclass(frozen=True, slots=True)
class Question:
    """`queues` and `agents`: the house as it is set up; `shown`: the queues asked about."""

    day: date
    zone: str
    interval: Interval
    source: Source
    changes: tuple[Change, ...]
    shown: frozenset[str]
    queues: Mapping[str, Queue]
    agents: Mapping[str, Agent]


@dataclass(frozen=True, slots=True)
class Side:
    """`agents`: there on average, of those who serve the queues."""

    agents: float
    figures: Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class Line:
    """An interval, or (`begins` None) the day. `calls`: expected. `apart`: how much `changed` is
    above `base`, by pairs of days with the same callers."""

    begins: datetime | None
    calls: float
    base: Side
    changed: Side
    apart: Side


@dataclass(frozen=True, slots=True)
class Answer:
    """`lines`: intervals in which somebody calls or somebody is there. `hours`: agents are there as
    *planned*; without a plan of the day, in their *usual* hours; where these are not known, either,
    *all* from the first call to the last."""

    lines: tuple[Line, ...]
    whole: Line
    replications: int
    hours: Hours


Run = background.Run[Question, Answer]


class WhatIfs(Background[Question, Answer]):
    """`url`: reading has a connection of its own, so that it takes none from the others."""

    def __init__(self, url: str, place: asyncio.Semaphore) -> None:
        super().__init__(place, WAIT_SECONDS)
        self._engine: AsyncEngine = make_engine(url, pool_size=1, command_seconds=None)
        self.replications = REPLICATIONS  # at most

    async def close(self) -> None:
        await super().close()
        await self._engine.dispose()

    async def _answered(self, run: Run) -> Answer:
        asked = run.question
        async with reading(self._engine, READ_MILLISECONDS) as source:
            logged = asked.source == "logged"
            day = await day_of(source, asked.day, asked.zone, asked.interval, logged=logged)
            spans = await planned_on(source, asked.day, asked.zone)
            hours: Hours = "planned"
            if not spans:
                usual = await usual_on(source, asked.day, asked.zone)
                spans = {id: spans for id, spans in usual.items() if id in asked.agents}
                hours = "usual" if spans else "all"
        calls = sum(sum(one.calls) for one in day.callers.values())
        if calls > CALLS_MAX:
            raise Refused("too-many-calls")
        if not any(sum(day.callers[q].calls) for q in asked.shown if q in day.callers):
            raise Refused("no-calls")
        people = people_of(asked.agents, spans, day)
        others = changed(people, asked.changes)
        if not people:
            raise Refused("nobody")
        task = Task(
            scenario_of(day, asked.queues, people),
            scenario_of(day, asked.queues, others),
            asked.shown,
            SEED,
            self.replications,
            SECONDS,
        )
        pairs = await _lived(task, run)
        return added_up(asked, day, (people, others), pairs, hours)


def people_of(agents: Mapping[str, Agent], spans: Mapping[str, Spans], day: Day) -> list[Person]:
    """As planned or as usual; where nothing is known, everybody from the first call to the last."""
    if spans:
        return [
            Person(agent, spans[id]) for id, agent in sorted(agents.items()) if spans.get(id, ())
        ]
    busy = [
        place
        for place in range(len(day.edges))
        if any(one.calls[place] for one in day.callers.values())
    ]
    if not busy:
        return []
    open_ = (day.edges[busy[0]], day.edges[busy[-1]] + day.seconds(busy[-1]))
    return [Person(agent, (open_,)) for _, agent in sorted(agents.items())]


Pair = tuple[dict[str, dict[str, Figure]], dict[str, dict[str, Figure]]]


async def _lived(task: Task, run: Run) -> list[Pair]:
    """In a process of its own."""
    pairs: list[Pair] = []
    began = asyncio.get_running_loop().time()
    async with aclosing(lines_of("callcenter.reports.what_if.child", task)) as lines:
        async for line in lines:
            pairs.append(_pair(line))
            spent = (asyncio.get_running_loop().time() - began) / SECONDS
            run.progress = min(max(len(pairs) / task.replications, spent), 0.99)
    return pairs


def _pair(line: bytes) -> Pair:
    base, other = (
        {
            part: {name: Figure(*figure) for name, figure in figures.items()}
            for part, figures in side.items()
        }
        for side in json.loads(line)
    )
    return base, other


def added_up(
    asked: Question,
    day: Day,
    people: tuple[Sequence[Person], Sequence[Person]],
    pairs: Sequence[Pair],
    hours: Hours,
) -> Answer:
    begins = Period(asked.day, asked.day, asked.zone).since
    there = [planned_in(day, some, asked.shown) for some in people]
    shown = [day.callers[queue] for queue in sorted(asked.shown) if queue in day.callers]

    def line(begins: datetime | None, part: str, calls: float, agents: Sequence[float]) -> Line:
        base, other = ([pair[number][part] for pair in pairs] for number in range(2))
        names = base[0]
        return Line(
            begins,
            calls,
            Side(agents[0], {name: estimate([one[name] for one in base]) for name in names}),
            Side(agents[1], {name: estimate([one[name] for one in other]) for name in names}),
            Side(
                agents[1] - agents[0],
                {
                    name: difference([one[name] for one in base], [one[name] for one in other])
                    for name in names
                },
            ),
        )

    lines = [
        line(
            begins + timedelta(seconds=edge),
            str(place),
            sum(one.calls[place] for one in shown),
            [side[place] for side in there],
        )
        for place, edge in enumerate(day.edges)
    ]
    lengths = [day.seconds(place) for place in range(len(day.edges))]
    means = [
        sum(n * seconds for n, seconds in zip(one, lengths, strict=True)) / day.ends
        for one in there
    ]
    whole = line(None, "all", sum(one.calls for one in lines), means)
    return Answer(tuple(filter(_told, lines)), whole, len(pairs), hours)


def _told(line: Line) -> bool:
    """Not the night, in which nobody calls and nobody is there."""
    there = line.base.agents > 0.0 or line.changed.agents > 0.0
    return there or line.calls >= CALLS_MIN
