"""What-if runs in the background: one at a time, with progress, and broken off when asked.

A run reads what the day is made of, hands both days to a process of its own (`child`), and adds up
what comes back. It is bounded: by the calls of a day, by replications, by seconds; the intervals of
confidence say what the replications that were done are worth. A run is gone after a restart, and
when it was not asked about for long. Everybody has one; a new one ends the one before.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import pickle
import secrets
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from acd.model import Agent, Queue
from acd.tally import Estimate, Figure, difference, estimate
from callcenter.reports.asking import reading
from callcenter.reports.periods import Interval, Period
from callcenter.reports.what_if.past import day_of, planned_on
from callcenter.reports.what_if.people import Change, Person, Spans, changed
from callcenter.reports.what_if.scenario import Day, planned_in, scenario_of
from callcenter.reports.what_if.task import Task
from callcenter.store.engine import make_engine

log = logging.getLogger(__name__)

REPLICATIONS = 30
SECONDS = 60.0  # of living through days; the pair that is begun then is finished
WAIT_SECONDS = 240.0  # for all of it
CALLS_MAX = 40_000  # expected on a day, in all queues
CALLS_MIN = 0.5  # fewer in an interval in which nobody is there are not told of
READ_MILLISECONDS = 60_000
RUNS_KEPT = 100
SEED = 1

State = Literal["waiting", "running", "done", "failed", "cancelled"]
Source = Literal["forecast", "logged"]
Trouble = Literal["", "database", "too-many-calls", "no-calls", "nobody", "too-long"]


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
    """`lines`: intervals in which somebody calls or somebody is there. `planned`: there was a plan
    of the day; else everybody was there all day."""

    lines: tuple[Line, ...]
    whole: Line
    replications: int
    planned: bool


@dataclass(slots=True)
class Run:
    """`progress` from 0 to 1; `trouble`: why it failed."""

    id: str
    user: str
    question: Question
    state: State = "waiting"
    progress: float = 0.0
    answer: Answer | None = None
    trouble: Trouble = ""
    task: asyncio.Task[None] | None = field(default=None, repr=False)


class Refused(Exception):
    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


class WhatIfs:
    """`url`: reading has a connection of its own, so that it takes none from the others."""

    def __init__(self, url: str) -> None:
        self._engine: AsyncEngine = make_engine(url, pool_size=1, command_seconds=None)
        self._runs: dict[str, Run] = {}
        self._place = asyncio.Semaphore(1)
        self.replications = REPLICATIONS  # at most

    async def close(self) -> None:
        for run in self._runs.values():
            await self.cancel(run)
        await self._engine.dispose()

    async def begin(self, question: Question, *, user: str) -> Run:
        """The one before ends."""
        for before in list(self._runs.values()):
            if before.user == user:
                await self.cancel(before)
        run = Run(secrets.token_hex(8), user, question)
        self._runs[run.id] = run
        over = [one.id for one in self._runs.values() if one.state not in ("waiting", "running")]
        for id in over[: max(0, len(self._runs) - RUNS_KEPT)]:
            del self._runs[id]
        run.task = asyncio.create_task(self._work(run))
        return run

    def run(self, id: str, *, user: str) -> Run | None:
        """One's own."""
        run = self._runs.get(id)
        return run if run is not None and run.user == user else None

    async def cancel(self, run: Run) -> None:
        """Its process ends at once."""
        if run.state in ("waiting", "running"):
            run.state = "cancelled"
            if run.task is not None:
                run.task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await run.task

    async def _work(self, run: Run) -> None:
        try:
            async with self._place:
                run.state = "running"
                async with asyncio.timeout(WAIT_SECONDS):
                    run.answer = await self._answered(run)
                run.state, run.progress = "done", 1.0
        except Refused as refused:
            run.state, run.trouble = "failed", refused.trouble
        except TimeoutError:
            run.state, run.trouble = "failed", "too-long"
        except (SQLAlchemyError, OSError) as problem:
            log.warning("a what-if run failed: %s", problem)
            run.state, run.trouble = "failed", "database"

    async def _answered(self, run: Run) -> Answer:
        asked = run.question
        async with reading(self._engine, READ_MILLISECONDS) as source:
            logged = asked.source == "logged"
            day = await day_of(source, asked.day, asked.zone, asked.interval, logged=logged)
            spans = await planned_on(source, asked.day, asked.zone)
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
        return added_up(asked, day, (people, others), pairs, planned=bool(spans))


def people_of(agents: Mapping[str, Agent], spans: Mapping[str, Spans], day: Day) -> list[Person]:
    """By the plan; without any, everybody from the first call to the last."""
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
    """In a process of its own, which ends with us whatever happens."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "callcenter.reports.what_if.child",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=2**24,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    pairs: list[Pair] = []
    began = asyncio.get_running_loop().time()
    try:
        with contextlib.suppress(ConnectionError):  # it died: its end says so
            process.stdin.write(pickle.dumps(task))
            await process.stdin.drain()
            process.stdin.close()
        async for line in process.stdout:
            pairs.append(_pair(line))
            spent = (asyncio.get_running_loop().time() - began) / SECONDS
            run.progress = min(max(len(pairs) / task.replications, spent), 0.99)
        if await process.wait() != 0 and not pairs:
            raise Refused("too-long")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
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
    *,
    planned: bool,
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
    return Answer(tuple(filter(_told, lines)), whole, len(pairs), planned)


def _told(line: Line) -> bool:
    """Not the night, in which nobody calls and nobody is there."""
    there = line.base.agents > 0.0 or line.changed.agents > 0.0
    return there or line.calls >= CALLS_MIN
