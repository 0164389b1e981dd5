"""What if there were two agents fewer at eleven, or one more who speaks Chinese: a day lived
through twice with the production router, in the background.

All queues and agents of the house live through the day; a supervisor is shown the figures of his
queues and changes his agents alone.
"""

from __future__ import annotations

from datetime import date, datetime
from math import isfinite
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from acd.model import SKILL_MAX
from acd.tally import Estimate
from callcenter.core.teams import Reach, within
from callcenter.reports.background import State, Trouble
from callcenter.reports.periods import Period
from callcenter.reports.what_if.people import CHANGES_MAX, COUNT_MAX, Change
from callcenter.reports.what_if.runs import (
    Answer,
    Hours,
    Line,
    Question,
    Run,
    Side,
    Source,
)
from callcenter.shifts.values import ShiftWrong, minute_of, moment_of
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.borders import outside
from callcenter.web.errors import ApiError
from callcenter.web.routers.common import Served, guarded_router
from callcenter.web.routers.runs import RunId, own_run
from callcenter.web.services import WebServices

router = guarded_router("routing")

FIRST, LAST = date(1971, 1, 2), date(2199, 12, 30)
AGENT = r"^[a-z0-9]{1,32}$"
QUEUE = r"^[a-z0-9]{0,32}$"
ClockText = Annotated[str, Field(max_length=8)]


class WhatIfChange(Body):
    """From `begins` to `ends` (24:00: to the end of the day). *agents*: `count` more or fewer in
    `queue` ("": in any). *agent*: `agent` is there (`on`) or not. *skill*: `agent` has `skill` at
    `level`, 0: not. *queue*: `agent` serves `queue` (`on`) or not."""

    kind: Literal["agents", "agent", "skill", "queue"]
    begins: ClockText = "00:00"
    ends: ClockText = "24:00"
    count: Annotated[int, Field(ge=-COUNT_MAX, le=COUNT_MAX)] = 0
    queue: Annotated[str, Field(pattern=QUEUE)] = ""
    agent: Annotated[str, Field(max_length=32)] = ""
    skill: Annotated[str, Field(max_length=32)] = ""
    level: Annotated[int, Field(ge=0, le=SKILL_MAX)] = 5
    on: bool = True


class WhatIfBody(Body):
    """A day of the centre's clock. `queues`: whose figures are wanted, empty: all one may see.
    `source`: calls as forecast, or as they came."""

    day: Annotated[date, Field(ge=FIRST, le=LAST)]
    interval: Literal["15min", "30min", "hour"] = "30min"
    source: Literal["forecast", "logged"] = "forecast"
    queues: Annotated[list[Annotated[str, Field(pattern=AGENT)]], Field(max_length=200)]
    changes: Annotated[list[WhatIfChange], Field(max_length=CHANGES_MAX)]


class WhatIfEstimate(Body):
    """`half`: of the 95 % interval, null: not known from so few. `mean` null: nobody called."""

    mean: float | None
    half: float | None


class WhatIfSide(Body):
    """`agents`: there on average. Of all offered: `service_level` answered in target, `mean_wait`
    seconds; `abandoned`: how many. `occupancy`: time with calls ÷ time there."""

    agents: float
    service_level: WhatIfEstimate
    mean_wait: WhatIfEstimate
    abandoned: WhatIfEstimate
    occupancy: WhatIfEstimate


class WhatIfLine(Body):
    """`clock`: when it begins on the centre's clock, as 11:00. `difference`: changed less base, of
    pairs of days with the same callers."""

    begins: datetime | None
    clock: str
    calls: float
    base: WhatIfSide
    changed: WhatIfSide
    difference: WhatIfSide


class WhatIfAnswer(Body):
    """`lines`: intervals in which somebody calls or is there. `hours`: agents are there as
    *planned* for the day; without a plan in the hours they *usual*ly worked on this weekday; where
    these are not known, either, *all* from the first call to the last."""

    lines: list[WhatIfLine]
    whole: WhatIfLine
    replications: int
    hours: Hours


class WhatIfRead(Body):
    id: str
    state: State
    progress: float
    trouble: Trouble
    answer: WhatIfAnswer | None


@router.post("/api/what-if", status_code=202)
async def begin_what_if(body: WhatIfBody, caller: Called, served: Served) -> WhatIfRead:
    """Begin a run; the one before of the same person ends."""
    question = _question(body, caller.reach, served)
    return _read(await served.what_ifs.begin(question, user=caller.account.id))


@router.get("/api/what-if/{run}")
async def get_what_if(run: RunId, caller: Called, served: Served) -> WhatIfRead:
    """How far it is, and when it is done, both days side by side."""
    return _read(own_run(served.what_ifs, run, caller))


@router.delete("/api/what-if/{run}")
async def cancel_what_if(run: RunId, caller: Called, served: Served) -> WhatIfRead:
    """Stop it."""
    found = own_run(served.what_ifs, run, caller)
    await served.what_ifs.cancel(found)
    return _read(found)


def _question(body: WhatIfBody, reach: Reach, served: WebServices) -> Question:
    config = served.config()
    queues = {
        id: queue for id, queue in config.queues.items() if queue.enabled and queue.media == "voice"
    }
    for queue in body.queues:
        if not within(reach, queues=(queue,)):
            raise outside()
    shown = body.queues or [queue for queue in queues if within(reach, queues=(queue,))]
    source: Source = body.source
    return Question(
        day=body.day,
        zone=config.time_zone,
        interval=body.interval,
        source=source,
        changes=tuple(
            _change(one, place, body.day, reach, served) for place, one in enumerate(body.changes)
        ),
        shown=frozenset(shown) & set(queues),
        queues=queues,
        agents=dict(config.agents),
    )


def _change(
    change: WhatIfChange, place: int, day: date, reach: Reach, served: WebServices
) -> Change:
    config = served.config()
    where = f"changes.{place}"

    def wrong(field: str, message: str) -> ApiError:
        return ApiError(422, "invalid", message, where=f"{where}.{field}")

    if change.kind != "agents":
        if not within(reach, agents=(change.agent,)):
            raise outside()
        if change.agent not in config.agents:
            raise wrong("agent", "there is no such agent: choose one of the list")
    elif not change.count:
        raise wrong("count", "say how many more or fewer")
    if change.queue and not within(reach, queues=(change.queue,)):
        raise outside()
    if change.queue not in config.queues and (change.queue or change.kind == "queue"):
        raise wrong("queue", "there is no such queue: choose one of the list")
    skill = change.skill.strip()
    if change.kind == "skill" and not skill:
        raise wrong("skill", "name the skill")
    zone = config.time_zone
    midnight = Period(day, day, zone).since
    try:
        begins, ends = (
            (moment_of(day, minute_of(text), zone) - midnight).total_seconds()
            for text in (change.begins, change.ends)
        )
    except ShiftWrong as problem:
        raise wrong("begins", str(problem)) from None
    if begins >= ends:
        raise wrong("ends", "the change ends before it begins: exchange the times")
    return Change(
        change.kind,
        begins,
        ends,
        change.count,
        change.queue,
        change.agent,
        skill,
        change.level,
        change.on,
    )


def _read(run: Run) -> WhatIfRead:
    return WhatIfRead(
        id=run.id,
        state=run.state,
        progress=run.progress,
        trouble=run.trouble,
        answer=None if run.answer is None else _answer(run.answer, run.question.zone),
    )


def _answer(answer: Answer, zone: str) -> WhatIfAnswer:
    return WhatIfAnswer(
        lines=[_line(line, zone) for line in answer.lines],
        whole=_line(answer.whole, zone),
        replications=answer.replications,
        hours=answer.hours,
    )


def _line(line: Line, zone: str) -> WhatIfLine:
    local = None if line.begins is None else line.begins.astimezone(ZoneInfo(zone))
    return WhatIfLine(
        begins=line.begins,
        clock="" if local is None else local.strftime("%H:%M"),
        calls=line.calls,
        base=_side(line.base),
        changed=_side(line.changed),
        difference=_side(line.apart),
    )


def _side(side: Side) -> WhatIfSide:
    figures = side.figures
    return WhatIfSide(
        agents=side.agents,
        service_level=_estimate(figures["service_level"]),
        mean_wait=_estimate(figures["mean_wait"]),
        abandoned=_estimate(figures["abandoned"]),
        occupancy=_estimate(figures["occupancy"]),
    )


def _estimate(one: Estimate) -> WhatIfEstimate:
    return WhatIfEstimate(
        mean=one.mean if isfinite(one.mean) else None,
        half=one.half_width if isfinite(one.half_width) else None,
    )
