"""How many agents for a target, found by simulation with the production router, in the background.

What is asked is what `POST /api/staffing` is asked, with two things no formula knows. The answer is
that of `callcenter staff --simulated` for the same traffic.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from acd.required import Assumed
from acd.staffing import rostered
from callcenter.core.teams import within
from callcenter.reports.background import Run, State, Trouble
from callcenter.reports.needed.runs import Answer, Line, Needed, Pair
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.borders import outside
from callcenter.web.routers.common import Served, guarded_router
from callcenter.web.routers.runs import RunId, own_run
from callcenter.web.routers.staffing import StaffingBody, intervals_asked, target_of

router = guarded_router("routing")

LOAD_MAX = 300.0  # Erlang in an interval; more takes too long to live through


class SimulatedBody(StaffingBody):
    """`ringing_seconds`: until a phone is picked up. `handling_spread`: deviation of handling times
    by their mean; with 1 they are exponential, as the formulas suppose."""

    ringing_seconds: Annotated[float, Field(ge=0, le=120)] = 0.0
    handling_spread: Annotated[float, Field(ge=0.1, le=3)] = 1.0


class SimulatedEstimate(Body):
    """`half`: of the 95 % interval. null: nobody called."""

    mean: float | None
    half: float | None


class SimulatedRow(Body):
    """`agents` null: `why` (*unreachable*: no number of agents meets the goals; *time*: the run was
    over before). Of all offered: `service_level` answered in time, `mean_wait` seconds,
    `abandonment`; `occupancy`: time with calls ÷ time there."""

    start_seconds: float
    agents: int | None
    rostered: int | None
    why: Literal["", "unreachable", "time"]
    service_level: SimulatedEstimate
    mean_wait: SimulatedEstimate
    abandonment: SimulatedEstimate
    occupancy: SimulatedEstimate


class SimulatedAnswer(Body):
    """`callers`: at least so many in each of the `replications`, for each interval and each number
    of agents that is tried."""

    intervals: list[SimulatedRow]
    made_at: datetime
    replications: int
    callers: int


class SimulatedRead(Body):
    id: str
    state: State
    progress: float
    trouble: Trouble
    answer: SimulatedAnswer | None


@router.post("/api/staffing/simulated", status_code=202)
async def begin_simulated(body: SimulatedBody, caller: Called, served: Served) -> SimulatedRead:
    """Begin a run; the one before of the same person ends."""
    if body.logged is not None and not within(caller.reach, queues=(body.logged.queue,)):
        raise outside()
    intervals = await intervals_asked(body, served, LOAD_MAX)
    assumed = Assumed(body.patience_seconds, body.ringing_seconds, body.handling_spread)
    asked = Needed(tuple(intervals), target_of(body), assumed, body.shrinkage)
    return _read(await served.needs.begin(asked, user=caller.account.id))


@router.get("/api/staffing/simulated/{run}")
async def get_simulated(run: RunId, caller: Called, served: Served) -> SimulatedRead:
    """How far it is, and when it is done, the fewest agents by interval."""
    return _read(own_run(served.needs, run, caller))


@router.delete("/api/staffing/simulated/{run}")
async def cancel_simulated(run: RunId, caller: Called, served: Served) -> SimulatedRead:
    """Stop it."""
    found = own_run(served.needs, run, caller)
    await served.needs.cancel(found)
    return _read(found)


def _read(run: Run[Needed, Answer]) -> SimulatedRead:
    answer = run.answer
    return SimulatedRead(
        id=run.id,
        state=run.state,
        progress=run.progress,
        trouble=run.trouble,
        answer=None
        if answer is None
        else SimulatedAnswer(
            intervals=[_row(line, run.question.shrinkage) for line in answer.lines],
            made_at=answer.made_at,
            replications=answer.replications,
            callers=answer.callers,
        ),
    )


def _row(line: Line, shrinkage: float) -> SimulatedRow:
    return SimulatedRow(
        start_seconds=line.interval.start,
        agents=line.agents,
        rostered=None if line.agents is None else rostered(line.agents, shrinkage),
        why=line.why,
        service_level=_estimate(line.service_level),
        mean_wait=_estimate(line.mean_wait),
        abandonment=_estimate(line.abandonment),
        occupancy=_estimate(line.occupancy),
    )


def _estimate(pair: Pair) -> SimulatedEstimate:
    return SimulatedEstimate(mean=pair[0], half=pair[1])
