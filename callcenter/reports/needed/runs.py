"""Runs that find the required agents by simulation, in the background (`reports.background`).

A run is bounded by the intervals and by seconds: an interval that its time did not reach has no
answer, and says so.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from acd.erlang import Target
from acd.required import CALLERS, REPLICATIONS, Assumed
from acd.staffing import Interval
from callcenter.reports.background import Background, Refused, Run, lines_of
from callcenter.reports.needed.task import Task

SECONDS = 240.0  # of simulating; the interval that is begun then is finished
WAIT_SECONDS = 600.0  # for all of it

Pair = tuple[float | None, float | None]
NOTHING: Pair = (None, None)


@dataclass(frozen=True, slots=True)
class Needed:
    """`shrinkage`: share of paid time off the phone; it only makes the roster larger."""

    intervals: tuple[Interval, ...]
    target: Target
    assumed: Assumed
    shrinkage: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """`agents` None: `why`, no number of agents meets the goals (*unreachable*), or there was no
    time for this interval (*time*). The others: mean and half of the 95 % interval."""

    interval: Interval
    agents: int | None
    why: Literal["", "unreachable", "time"] = ""
    service_level: Pair = NOTHING
    mean_wait: Pair = NOTHING
    abandonment: Pair = NOTHING
    occupancy: Pair = NOTHING


@dataclass(frozen=True, slots=True)
class Answer:
    """`callers`: how many at least are lived through in a replication."""

    lines: tuple[Line, ...]
    made_at: datetime
    replications: int
    callers: int = CALLERS


class Needs(Background[Needed, Answer]):
    def __init__(self, place: asyncio.Semaphore) -> None:
        super().__init__(place, WAIT_SECONDS)
        self.replications = REPLICATIONS

    async def _answered(self, run: Run[Needed, Answer]) -> Answer:
        asked = run.question
        if not any(one.calls > 0.0 for one in asked.intervals):
            raise Refused("no-calls")
        task = Task(asked.intervals, asked.target, asked.assumed, SECONDS, self.replications)
        told: list[Any] = []
        async with aclosing(lines_of("callcenter.reports.needed.child", task)) as lines:
            async for line in lines:
                told.append(json.loads(line))
                run.progress = min(len(told) / len(asked.intervals), 0.99)
        made = [_line(interval, one) for interval, one in zip(asked.intervals, told, strict=False)]
        made += [Line(interval, None, "time") for interval in asked.intervals[len(told) :]]
        return Answer(tuple(made), datetime.now(UTC), self.replications)


def _line(interval: Interval, told: dict[str, Any] | None) -> Line:
    if told is None:
        return Line(interval, None, "unreachable")
    level, wait, abandonment, occupancy = (
        (told[name][0], told[name][1])
        for name in ("service_level", "mean_wait", "abandonment", "occupancy")
    )
    return Line(interval, int(told["agents"]), "", level, wait, abandonment, occupancy)
