"""Evaluation forms and evaluations: written by who evaluates, read and answered by the agent."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Annotated, Any

from fastapi import Query

from callcenter.quality.evaluations import Wanted, Written
from callcenter.quality.forms import flaws_of
from callcenter.quality.kept_forms import StoredForm
from callcenter.web.auth import Called, Caller
from callcenter.web.errors import ApiError
from callcenter.web.moments import Moment
from callcenter.web.routers.common import Code, Served, UuidText, guarded_router
from callcenter.web.routers.quality_shapes import (
    AnswerDispute,
    Begun,
    Dispute,
    EvaluationDetail,
    EvaluationFormRead,
    EvaluationForms,
    EvaluationFormVersionRead,
    EvaluationFormVersions,
    EvaluationPage,
    EvaluationState,
    HandIn,
    Kept,
    NewEvaluation,
    PublishEvaluationForm,
    RestoreEvaluationForm,
    SaveEvaluationForm,
    WriteEvaluation,
    read_detail,
    read_evaluation,
)

router = guarded_router("quality")

PAGE_MAX = 200
AgentQuery = Annotated[str | None, Query(pattern=r"^[a-z0-9]{1,32}$")]
CodeQuery = Annotated[str | None, Query(pattern=r"^[a-z0-9_-]{1,32}$")]
RecordingQuery = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,103}$")]


# -- forms ----------------------------------------------------------------------------------------
@router.get("/api/evaluation-forms")
async def list_evaluation_forms(served: Served) -> EvaluationForms:
    forms = served.quality.forms
    in_use = await forms.published()
    return EvaluationForms(
        items=[_form(one) for one in await forms.all()], in_use=list(in_use.values())
    )


@router.put("/api/evaluation-forms/{code}")
async def save_evaluation_form(
    code: Code, body: SaveEvaluationForm, caller: Called, served: Served
) -> EvaluationFormRead:
    """The draft; what is published stays as it is."""
    if body.form.code != code:
        raise ApiError(422, "invalid", "the code differs from the address", where="form.code")
    account = caller.account
    return _form(
        await served.quality.forms.save(
            body.form,
            active=body.active,
            revision=body.revision,
            by=account.id,
            name=account.name,
        )
    )


@router.post("/api/evaluation-forms/{code}/publish")
async def publish_evaluation_form(
    code: Code, body: PublishEvaluationForm, caller: Called, served: Served
) -> EvaluationFormRead:
    """The draft becomes a version that never changes; evaluations from now on are by it."""
    account = caller.account
    return _form(
        await served.quality.forms.publish(
            code, body.note, revision=body.revision, by=account.id, name=account.name
        )
    )


@router.post("/api/evaluation-forms/{code}/restore")
async def restore_evaluation_form(
    code: Code, body: RestoreEvaluationForm, caller: Called, served: Served
) -> EvaluationFormRead:
    """A former version becomes the draft."""
    return _form(
        await served.quality.forms.restore(
            code, body.number, revision=body.revision, name=caller.account.name
        )
    )


@router.get("/api/evaluation-forms/{code}/versions")
async def list_evaluation_form_versions(code: Code, served: Served) -> EvaluationFormVersions:
    found = await served.quality.forms.versions(code)
    return EvaluationFormVersions(items=[EvaluationFormVersionRead(**asdict(one)) for one in found])


def _form(stored: StoredForm) -> EvaluationFormRead:
    values: dict[str, Any] = {
        name: getattr(stored, name)
        for name in EvaluationFormRead.model_fields
        if name not in ("flaws", "flaws_zh")
    }
    found = flaws_of(stored.form)
    flaws = [f"{flaw.where}: {flaw.what}" for flaw in found]
    return EvaluationFormRead(**values, flaws=flaws, flaws_zh=[flaw.what_zh for flaw in found])


# -- evaluations ----------------------------------------------------------------------------------
@router.get("/api/evaluations")
async def list_evaluations(
    caller: Called,
    served: Served,
    agent: AgentQuery = None,
    form: CodeQuery = None,
    state: EvaluationState | None = None,
    recording: RecordingQuery = None,
    since: Moment | None = None,
    until: Moment | None = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 50,
    cursor: Annotated[str | None, Query(max_length=250)] = None,
) -> EvaluationPage:
    """By the time of the call, newest first: those of the own teams and the own drafts; for an
    agent those of himself that are handed in."""
    wanted = replace(
        seen_by(caller),
        agent=agent,
        form=form,
        state=state,
        recording=recording,
        since=since,
        until=until,
    )
    found, following = await served.quality.evaluations.find(wanted, limit=limit, cursor=cursor)
    user = caller.account.id
    return EvaluationPage(items=[read_evaluation(row, user) for row in found], next=following)


@router.post("/api/evaluations", status_code=201)
async def begin_evaluation(body: NewEvaluation, caller: Called, served: Served) -> Begun:
    """A draft, or the one that the caller has begun of this recording, agent and form already."""
    id = await served.quality.evaluations.begin(
        body.recording, body.agent, body.form, caller.account, caller.reach
    )
    return Begun(id=id)


@router.get("/api/evaluations/{evaluation}")
async def get_evaluation(evaluation: UuidText, caller: Called, served: Served) -> EvaluationDetail:
    row, form = await served.quality.evaluations.evaluation(evaluation, seen_by(caller))
    return read_detail(row, form, caller.account.id)


@router.put("/api/evaluations/{evaluation}")
async def write_evaluation(
    evaluation: UuidText, body: WriteEvaluation, caller: Called, served: Served
) -> Kept:
    """One's own draft as it is so far; nobody else sees it."""
    revision = await served.quality.evaluations.save(
        evaluation, body.written(), revision=body.revision, by=caller.account
    )
    return Kept(revision=revision)


@router.delete("/api/evaluations/{evaluation}", status_code=204)
async def discard_evaluation(evaluation: UuidText, caller: Called, served: Served) -> None:
    """One's own draft alone."""
    await served.quality.evaluations.discard(evaluation, by=caller.account)


@router.post("/api/evaluations/{evaluation}/hand-in", status_code=204)
async def hand_in_evaluation(
    evaluation: UuidText, body: HandIn, caller: Called, served: Served
) -> None:
    """The score is worked out, and the agent sees it."""
    await served.quality.evaluations.hand_in(evaluation, revision=body.revision, by=caller.account)


@router.post("/api/evaluations/{evaluation}/acknowledge", status_code=204)
async def acknowledge_evaluation(evaluation: UuidText, caller: Called, served: Served) -> None:
    """The agent has read it."""
    await served.quality.evaluations.acknowledge(evaluation, caller.agent, by=caller.account.id)


@router.post("/api/evaluations/{evaluation}/dispute", status_code=204)
async def dispute_evaluation(
    evaluation: UuidText, body: Dispute, caller: Called, served: Served
) -> None:
    """The agent does not agree, and says why."""
    await served.quality.evaluations.dispute(
        evaluation, caller.agent, body.why, by=caller.account.id
    )


@router.post("/api/evaluations/{evaluation}/answer", status_code=204)
async def answer_dispute(
    evaluation: UuidText, body: AnswerDispute, caller: Called, served: Served
) -> None:
    """What is said to the dispute, and the answers as they shall be now, if they change."""
    again = body.written
    written = Written(again.answers, again.remarks, again.comment) if again else None
    await served.quality.evaluations.answer(
        evaluation, body.text, written, by=caller.account, reach=caller.reach
    )


def seen_by(caller: Caller) -> Wanted:
    """What may be seen: of the own teams with the own drafts, or of oneself alone."""
    if caller.scope == "all":
        return Wanted(reach=caller.reach, user=caller.account.id)
    return Wanted(agent_alone=caller.account.agent or "")
