"""What is to be evaluated (sampling plans and their list), and calibrations of several judges."""

from __future__ import annotations

from dataclasses import asdict

from callcenter.core.teams import reach_of, within
from callcenter.quality.calibrations import Judged
from callcenter.store.accounts import Account
from callcenter.store.tables import Calibration
from callcenter.web.auth import Called, Caller
from callcenter.web.borders import outside
from callcenter.web.errors import ApiError
from callcenter.web.routers.common import Served, UuidText, guarded_router
from callcenter.web.routers.quality_shapes import (
    Begun,
    CalibrationPage,
    CalibrationRead,
    Drawn,
    JudgedRead,
    NewCalibration,
    PossibleJudge,
    SampleRead,
    Samples,
    SamplingPlanBody,
    SamplingPlanChange,
    SamplingPlanRead,
    SamplingPlans,
    SkipSample,
    judges_of,
    read_detail,
    read_plan,
    read_spread,
)
from callcenter.web.services import WebServices

router = guarded_router("quality")


# -- sampling plans -------------------------------------------------------------------------------
@router.get("/api/sampling-plans")
async def list_sampling_plans(caller: Called, served: Served) -> SamplingPlans:
    """Of the own teams; those of the whole house are for who sees all of it."""
    found = await served.quality.plans.all()
    return SamplingPlans(items=[read_plan(one) for one in found if _mine(caller, one.team)])


@router.post("/api/sampling-plans", status_code=201)
async def make_sampling_plan(
    body: SamplingPlanBody, caller: Called, served: Served
) -> SamplingPlanRead:
    """It draws from the next hour on, or when it is told to."""
    await _checked(body, caller, served)
    values = body.model_dump()
    by = caller.account.id
    return read_plan(await served.quality.plans.put(None, values, version=None, by=by))


@router.put("/api/sampling-plans/{plan}")
async def change_sampling_plan(
    plan: UuidText, body: SamplingPlanChange, caller: Called, served: Served
) -> SamplingPlanRead:
    """What it has drawn stays in the list. Refused when somebody else changed it meanwhile."""
    await _own(plan, caller, served)
    await _checked(body, caller, served)
    values = body.model_dump(exclude={"version"})
    by = caller.account.id
    return read_plan(await served.quality.plans.put(plan, values, version=body.version, by=by))


@router.delete("/api/sampling-plans/{plan}", status_code=204)
async def remove_sampling_plan(plan: UuidText, caller: Called, served: Served) -> None:
    """With its list; evaluations stay."""
    await _own(plan, caller, served)
    await served.quality.plans.remove(plan, by=caller.account.id)


@router.post("/api/sampling-plans/{plan}/draw")
async def draw_samples(plan: UuidText, caller: Called, served: Served) -> Drawn:
    """Now, for the last week and this one so far; what was drawn before stays."""
    await _own(plan, caller, served)
    return Drawn(added=await served.quality.plans.draw(plan, served.clock.now()))


def _mine(caller: Caller, team: str) -> bool:
    return within(caller.reach, teams=(team,))


async def _own(plan: str, caller: Caller, served: WebServices) -> None:
    if not _mine(caller, (await served.quality.plans.plan(plan)).team):
        raise outside()


async def _checked(body: SamplingPlanBody, caller: Caller, served: WebServices) -> None:
    config = served.config()
    if body.team and body.team not in config.teams:
        raise ApiError(422, "invalid", "there is no such team", where="team")
    if not _mine(caller, body.team):
        raise outside()
    if body.form not in await served.quality.forms.published():
        message = "this form is not published, or not in use"
        raise ApiError(422, "invalid", message, where="form")
    for place, queue in enumerate(body.queues):
        if queue not in config.queues:
            raise ApiError(422, "invalid", "there is no such queue", where=f"queues.{place}")
    if 0 < body.seconds_max < body.seconds_min:
        message = "the longest must not be shorter than the shortest"
        raise ApiError(422, "invalid", message, where="seconds_max")


@router.get("/api/samples")
async def list_samples(caller: Called, served: Served, skipped: bool = False) -> Samples:
    """What is to be evaluated of the own teams' agents, the oldest week first."""
    state = "skipped" if skipped else "todo"
    found = await served.quality.plans.todo(caller.reach, state=state)
    return Samples(items=[SampleRead(**asdict(one)) for one in found])


@router.put("/api/samples/{sample}/skipped", status_code=204)
async def skip_sample(sample: UuidText, body: SkipSample, caller: Called, served: Served) -> None:
    """Leave one out, or take it in again."""
    await served.quality.plans.skip(
        sample, body.skipped, body.why, by=caller.account.id, reach=caller.reach
    )


# -- calibrations ---------------------------------------------------------------------------------
@router.get("/api/calibrations")
async def list_calibrations(caller: Called, served: Served) -> CalibrationPage:
    """Those one judges, has begun, or whose agent is in an own team; newest first."""
    user = caller.account.id
    found = await served.quality.calibrations.all(user, caller.reach)
    people = await _people(served)
    return CalibrationPage(
        items=[_calibration(one, user) for one in found],
        possible_judges=[PossibleJudge(id=one.id, name=one.name) for one in people],
    )


@router.post("/api/calibrations", status_code=201)
async def begin_calibration(body: NewCalibration, caller: Called, served: Served) -> Begun:
    """Each judge must be one who may hear the agent's recordings anyway."""
    people = {one.id: one for one in await _people(served)}
    config = served.config()
    for place, id in enumerate(body.judges):
        judge = people.get(id)
        if judge is None or not within(
            reach_of(config, judge.role, judge.id), agents=(body.agent,)
        ):
            message = "this judge may not hear the recordings of the agent"
            raise ApiError(422, "invalid", message, where=f"judges.{place}")
    id = await served.quality.calibrations.begin(
        body.recording,
        body.agent,
        body.form,
        body.title,
        [people[id] for id in body.judges],
        by=caller.account,
        reach=caller.reach,
    )
    return Begun(id=id)


@router.get("/api/calibrations/{calibration}")
async def get_calibration(calibration: UuidText, caller: Called, served: Served) -> JudgedRead:
    user = caller.account.id
    found = await served.quality.calibrations.judged(calibration, user, caller.reach)
    return _judged(found, user, {one.id: one.name for one in await _people(served)})


@router.post("/api/calibrations/{calibration}/evaluation", status_code=201)
async def judge_in_calibration(calibration: UuidText, caller: Called, served: Served) -> Begun:
    """A judge's own evaluation, begun if need be."""
    return Begun(id=await served.quality.calibrations.judge(calibration, caller.account))


@router.post("/api/calibrations/{calibration}/close", status_code=204)
async def close_calibration(calibration: UuidText, caller: Called, served: Served) -> None:
    """Who has not handed in by now is left out; from now on everybody sees all."""
    await served.quality.calibrations.close(calibration, by=caller.account, reach=caller.reach)


async def _people(served: WebServices) -> list[Account]:
    """Who can judge: those who look after others."""
    found = await served.accounts.accounts()
    return [one for one in found if one.active and one.role != "agent"]


def _calibration(row: Calibration, user: str) -> CalibrationRead:
    return CalibrationRead(
        id=str(row.id),
        title=row.title,
        recording=row.recording_id,
        agent=row.agent,
        form=row.form,
        number=row.number,
        by_name=row.by_name,
        created=row.created,
        closed=row.closed,
        judging=user in {str(judge) for judge in row.judges},
    )


def _judged(found: Judged, user: str, names: dict[str, str]) -> JudgedRead:
    return JudgedRead(
        **_calibration(found.calibration, user).model_dump(),
        shape=found.form,
        judges=judges_of(found, names),
        evaluations=[read_detail(one, found.form, user) for one in found.evaluations],
        spread=read_spread(found.total),
        agreements=found.agreements,
    )
