"""The bodies of the routes of quality, and how rows become them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from callcenter.quality.calibrations import JUDGES_MAX, Judged
from callcenter.quality.evaluations import REMARK_MAX, TEXT_MAX, Written
from callcenter.quality.forms import QUESTIONS_MAX, SECTIONS_MAX, Form
from callcenter.quality.scoring import Spread
from callcenter.store.tables import Evaluation, SamplingPlan
from callcenter.web.body import Body

EvaluationState = Literal["draft", "submitted", "acknowledged", "disputed", "answered"]
CodeText = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,32}$")]
AgentText = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,32}$")]
QueueText = AgentText
RecordingText = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,103}$")]
ALL_QUESTIONS = SECTIONS_MAX * QUESTIONS_MAX
Answered = Annotated[
    dict[CodeText, Annotated[int, Field(ge=0, le=10)] | None], Field(max_length=ALL_QUESTIONS)
]
Remarks = Annotated[
    dict[CodeText, Annotated[str, Field(max_length=REMARK_MAX)]], Field(max_length=ALL_QUESTIONS)
]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=TEXT_MAX)]
Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=TEXT_MAX)]
Revision = Annotated[int, Field(ge=0, le=10**9)]


# -- forms ----------------------------------------------------------------------------------------
class SaveEvaluationForm(Body):
    """`revision`: that of the form that was read, 0 for a new one."""

    form: Form
    active: bool = True
    revision: Revision = 0


class PublishEvaluationForm(Body):
    revision: Revision
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = ""


class RestoreEvaluationForm(Body):
    revision: Revision
    number: Annotated[int, Field(ge=1, le=10**6)]


class EvaluationFormRead(Body):
    """`form`: the draft; `published` null: nothing can be evaluated by it yet. `flaws`: what keeps
    it from being published."""

    form: Form
    active: bool
    published: int | None
    draft_ahead: bool
    revision: int
    updated: datetime
    updated_by: str
    flaws: list[str]
    flaws_zh: list[str]


class EvaluationForms(Body):
    """`in_use`: what can be evaluated by, as it was published."""

    items: list[EvaluationFormRead]
    in_use: list[Form]


class EvaluationFormVersionRead(Body):
    number: int
    note: str
    by: str
    at: datetime


class EvaluationFormVersions(Body):
    items: list[EvaluationFormVersionRead]


# -- evaluations ----------------------------------------------------------------------------------
class NewEvaluation(Body):
    recording: RecordingText
    agent: AgentText
    form: CodeText


class Begun(Body):
    id: str


class WriteEvaluation(Body):
    """`answers` by question: 0 for no and 1 for yes, the step of a scale, null for not
    applicable."""

    answers: Answered
    remarks: Remarks = Field(default_factory=dict)
    comment: LongText = ""
    revision: Revision

    def written(self) -> Written:
        return Written(self.answers, self.remarks, self.comment)


class HandIn(Body):
    revision: Revision


class Dispute(Body):
    why: Said


class Rewritten(Body):
    answers: Answered
    remarks: Remarks = Field(default_factory=dict)
    comment: LongText = ""


class AnswerDispute(Body):
    """`written` null: it stays as it is; else the answers as they shall be now."""

    text: Said
    written: Rewritten | None = None


class EvaluationRead(Body):
    """`score` 0 to 100, null: nothing applied, or it is a draft. `first_score`: before a dispute
    was answered, where that changed it. `mine`: the caller is who evaluates."""

    id: str
    recording: str
    call: str
    agent: str
    queue: str | None
    began_at: datetime
    form: str
    number: int
    evaluator: str
    evaluator_name: str
    mine: bool
    calibration: str | None
    state: EvaluationState
    score: float | None
    first_score: float | None
    passed: bool | None
    failed: list[str]
    submitted: datetime | None
    acknowledged: datetime | None
    disputed: datetime | None


class EvaluationDetail(EvaluationRead):
    """`sections`: the score of each, 0 to 100. `shape`: the form's version."""

    shape: Form
    answers: dict[str, int | None]
    remarks: dict[str, str]
    comment: str
    sections: dict[str, float | None]
    revision: int
    dispute: str
    answer: str
    answered: datetime | None
    answered_name: str


class EvaluationPage(Body):
    items: list[EvaluationRead]
    next: str | None


class Kept(Body):
    revision: int


# -- samples --------------------------------------------------------------------------------------
class SamplingPlanBody(Body):
    """So many recordings of each agent and week, at random. `team` "": of the whole house. Empty
    lists fit everything; 0 seconds: no limit."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    form: CodeText
    team: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{0,32}$")] = ""
    per_agent: Annotated[int, Field(ge=1, le=50)] = 2
    queues: Annotated[list[QueueText], Field(max_length=200, default_factory=list)]
    dispositions: Annotated[list[CodeText], Field(max_length=200, default_factory=list)]
    seconds_min: Annotated[int, Field(ge=0, le=86_400)] = 0
    seconds_max: Annotated[int, Field(ge=0, le=86_400)] = 0
    active: bool = True


class SamplingPlanChange(SamplingPlanBody):
    version: Annotated[int, Field(ge=0, le=10**9)] | None = None


class SamplingPlanRead(SamplingPlanBody):
    id: str
    version: int


class SamplingPlans(Body):
    items: list[SamplingPlanRead]


class Drawn(Body):
    added: int


class SampleRead(Body):
    """One recording that waits to be evaluated. `has_sound` false: it was erased meanwhile."""

    id: str
    plan: str
    plan_name: str
    form: str
    week: date
    agent: str
    recording: str
    queue: str | None
    began_at: datetime
    seconds: float | None
    state: Literal["todo", "done", "skipped"]
    why: str
    has_sound: bool


class Samples(Body):
    items: list[SampleRead]


class SkipSample(Body):
    skipped: bool
    why: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = ""


# -- calibrations ---------------------------------------------------------------------------------
class NewCalibration(Body):
    """`judges`: ids of users (`GET /api/calibrations` names who can be)."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    recording: RecordingText
    agent: AgentText
    form: CodeText
    judges: Annotated[
        list[Annotated[str, Field(max_length=36)]], Field(min_length=1, max_length=JUDGES_MAX)
    ]


class Judge(Body):
    id: str
    name: str
    handed_in: bool


class CalibrationRead(Body):
    """`closed` null: it is blind, nobody sees what others gave. `judging`: the caller is one of the
    judges."""

    id: str
    title: str
    recording: str
    agent: str
    form: str
    number: int
    by_name: str
    created: datetime
    closed: datetime | None
    judging: bool


class PossibleJudge(Body):
    id: str
    name: str


class CalibrationPage(Body):
    items: list[CalibrationRead]
    possible_judges: list[PossibleJudge]


class SpreadRead(Body):
    """Of the judges' scores; `deviation`: standard deviation of the whole."""

    count: int
    lowest: float
    highest: float
    mean: float
    deviation: float


class JudgedRead(CalibrationRead):
    """`evaluations`: one's own, and once it is closed everybody's. `agreements`: by question, the
    share of judges with the commonest answer."""

    shape: Form
    judges: list[Judge]
    evaluations: list[EvaluationDetail]
    spread: SpreadRead | None
    agreements: dict[str, float] | None


# -- rows become bodies ---------------------------------------------------------------------------
def read_evaluation(row: Evaluation, user: str) -> EvaluationRead:
    return EvaluationRead(
        id=str(row.id),
        recording=row.recording_id,
        call=row.call,
        agent=row.agent,
        queue=row.queue,
        began_at=row.began_at,
        form=row.form,
        number=row.number,
        evaluator=str(row.evaluator),
        evaluator_name=row.evaluator_name,
        mine=str(row.evaluator) == user,
        calibration=str(row.calibration_id) if row.calibration_id else None,
        state=row.state,  # type: ignore[arg-type]
        score=row.score,
        first_score=row.first_score,
        passed=row.passed,
        failed=row.failed,
        submitted=row.submitted,
        acknowledged=row.acknowledged,
        disputed=row.disputed,
    )


def read_detail(row: Evaluation, form: Form, user: str) -> EvaluationDetail:
    return EvaluationDetail(
        **read_evaluation(row, user).model_dump(),
        shape=form,
        answers=row.answers,
        remarks=row.remarks,
        comment=row.comment,
        sections=row.sections,
        revision=row.revision,
        dispute=row.dispute,
        answer=row.answer,
        answered=row.answered,
        answered_name=row.answered_name,
    )


def read_plan(row: SamplingPlan) -> SamplingPlanRead:
    names = SamplingPlanRead.model_fields.keys() - {"id"}
    return SamplingPlanRead(id=str(row.id), **{name: getattr(row, name) for name in names})


def read_spread(found: Spread | None) -> SpreadRead | None:
    if found is None:
        return None
    return SpreadRead(**{name: getattr(found, name) for name in SpreadRead.model_fields})


def judges_of(found: Judged, names: dict[str, str]) -> list[Judge]:
    return [
        Judge(id=id, name=names.get(id, ""), handed_in=id in found.handed_in)
        for id in (str(judge) for judge in found.calibration.judges)
    ]
