"""How many agents for a target: for traffic that is typed in, or as it was logged.

The formulas are the engine's (`acd.staffing`: Erlang C, Erlang A with patience). A plot needs what
a few agents more or fewer would do, so that comes with the answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from acd.erlang import Target, Waiting, with_abandonment, without_abandonment
from acd.staffing import Interval, Staffing, intervals_of, staffing
from callcenter.core.teams import within
from callcenter.store.times import to_seconds
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.borders import outside
from callcenter.web.errors import ApiError, not_found
from callcenter.web.moments import Moment
from callcenter.web.routers.common import Served, guarded_router

router = guarded_router("routing")

INTERVALS_MAX = 400
LOAD_MAX = 5_000.0  # Erlang in an interval; the formulas are sums over the agents
SPAN_MAX = timedelta(days=8)
NEIGHBOURS = 4


class IntervalBody(Body):
    """`calls` in `seconds` from `start_seconds` on, each of `handling_seconds` (mean, with the
    writing afterwards)."""

    start_seconds: Annotated[float, Field(ge=0, le=10**8)] = 0.0
    seconds: Annotated[float, Field(ge=60, le=86_400)] = 1800.0
    calls: Annotated[float, Field(ge=0, le=10**6)]
    handling_seconds: Annotated[float, Field(gt=0, le=86_400)]


class LoggedBody(Body):
    """The calls of a queue between two moments, as they are in the books."""

    queue: Annotated[str, Field(pattern=r"^[a-z0-9]{1,32}$")]
    since: Moment
    until: Moment
    interval_seconds: Annotated[float, Field(ge=60, le=86_400)] = 1800.0


class StaffingBody(Body):
    """Either `intervals` or `logged`. `patience_seconds`: mean until a caller gives up (null:
    nobody does). Goals that are null are not asked for. `shrinkage`: share of paid time off the
    phone."""

    intervals: Annotated[list[IntervalBody], Field(max_length=INTERVALS_MAX)] | None = None
    logged: LoggedBody | None = None
    patience_seconds: Annotated[float, Field(gt=0, le=86_400)] | None = None
    service_level: Annotated[float, Field(ge=0, le=0.9999)] | None = 0.8
    within_seconds: Annotated[float, Field(ge=0, le=3600)] = 20.0
    mean_wait_seconds: Annotated[float, Field(gt=0, le=3600)] | None = None
    abandonment: Annotated[float, Field(gt=0, le=1)] | None = None
    occupancy_max: Annotated[float, Field(gt=0, le=1)] | None = None
    shrinkage: Annotated[float, Field(ge=0, le=0.95)] = 0.0


class WaitingRead(Body):
    """What callers meet with so many agents."""

    agents: int
    service_level: float
    probability_of_waiting: float
    mean_wait: float
    mean_wait_answered: float
    probability_of_abandonment: float
    occupancy: float


class StaffingRow(WaitingRead):
    """`rostered`: with those who are paid and not on the phone. `around`: a few agents fewer and
    more, for a plot."""

    start_seconds: float
    seconds: float
    calls: float
    handling_seconds: float
    erlang: float
    rostered: int
    around: list[WaitingRead]


class StaffingRead(Body):
    """`start_seconds` of logged traffic are UNIX time."""

    intervals: list[StaffingRow]
    paid_hours: float


@router.post("/api/staffing")
async def staff(body: StaffingBody, caller: Called, served: Served) -> StaffingRead:
    """The fewest agents that meet the goals, interval by interval (each stationary in itself)."""
    if body.logged is not None and not within(caller.reach, queues=(body.logged.queue,)):
        raise outside()
    intervals = await intervals_asked(body, served, LOAD_MAX)
    return await asyncio.to_thread(_answer, intervals, body)


async def intervals_asked(body: StaffingBody, served: Served, load_max: float) -> list[Interval]:
    """The traffic that is asked about, no interval with more than so many Erlang."""
    intervals = await _intervals(body, served)
    for place, interval in enumerate(intervals):
        if interval.load > load_max:
            raise ApiError(
                422, "invalid", f"more than {load_max:.0f} Erlang in one interval",
                where=f"intervals.{place}", todo="split the traffic",
            )  # fmt: skip
    return intervals


def target_of(body: StaffingBody) -> Target:
    return Target(
        body.service_level,
        body.within_seconds,
        body.mean_wait_seconds,
        body.abandonment,
        body.occupancy_max,
    )


async def _intervals(body: StaffingBody, served: Served) -> list[Interval]:
    if (body.intervals is None) == (body.logged is None):
        raise ApiError(
            422, "invalid", "say either intervals or logged", where="intervals",
            todo="type traffic in, or name a queue and two moments",
        )  # fmt: skip
    if body.logged is None:
        return [
            Interval(one.start_seconds, one.seconds, one.calls, one.handling_seconds)
            for one in body.intervals or ()
        ]
    logged = body.logged
    if logged.queue not in served.config().queues:
        raise not_found("queue")
    _check_span(logged.since, logged.until)
    calls = await served.traffic.calls(logged.queue, logged.since, logged.until)
    found = intervals_of(calls, logged.interval_seconds)
    if len(found) > INTERVALS_MAX:
        raise ApiError(
            422, "invalid", f"more than {INTERVALS_MAX} intervals",
            where="logged.interval_seconds", todo="take longer intervals or fewer days",
        )  # fmt: skip
    return found


def _check_span(since: datetime, until: datetime) -> None:
    if not timedelta(0) < until - since <= SPAN_MAX:
        raise ApiError(
            422, "invalid", f"between the two moments must lie up to {SPAN_MAX.days} days",
            where="logged.until",
        )  # fmt: skip
    to_seconds(since)


def _answer(intervals: Sequence[Interval], body: StaffingBody) -> StaffingRead:
    try:
        rows = staffing(intervals, target_of(body), body.patience_seconds, body.shrinkage)
    except ValueError as problem:
        raise ApiError(422, "invalid", str(problem), where="service_level") from None
    hours = sum(one.rostered * one.interval.seconds for one in rows) / 3600
    return StaffingRead(intervals=[_row(one, body) for one in rows], paid_hours=round(hours, 2))


def _row(one: Staffing, body: StaffingBody) -> StaffingRow:
    interval, agents = one.interval, one.waiting.agents
    around = [
        _waiting(_with(n, interval, body))
        for n in range(max(agents - NEIGHBOURS, 1), agents + NEIGHBOURS + 1)
    ]
    return StaffingRow(
        start_seconds=interval.start,
        seconds=interval.seconds,
        calls=interval.calls,
        handling_seconds=interval.handling,
        erlang=interval.load,
        rostered=one.rostered,
        around=around,
        **_waiting(one.waiting).model_dump(),
    )


def _with(agents: int, interval: Interval, body: StaffingBody) -> Waiting:
    rate, handling, within = interval.rate, interval.handling, body.within_seconds
    if body.patience_seconds is None:
        return without_abandonment(agents, rate, handling, within)
    return with_abandonment(agents, rate, handling, body.patience_seconds, within)


def _waiting(one: Waiting) -> WaitingRead:
    """A line that never ends has no mean wait: JSON knows no infinity, -1 says so."""
    return WaitingRead(
        agents=one.agents,
        service_level=one.service_level,
        probability_of_waiting=one.probability_of_waiting,
        mean_wait=_finite(one.mean_wait),
        mean_wait_answered=_finite(one.mean_wait_answered),
        probability_of_abandonment=one.probability_of_abandonment,
        occupancy=one.occupancy,
    )


def _finite(seconds: float) -> float:
    return seconds if seconds < float("inf") else -1.0
