"""Quality: evaluation forms with their versions, evaluations, sampling plans, calibrations."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, UUID
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.store.tables.base import ID_MAX, AgentId, Base, CallId, Created, NewUuid
from callcenter.store.tables.recordings import RECORDING_ID_MAX
from callcenter.store.tables.routing import EMPTY_OBJECT, EMPTY_TEXTS

ZERO, ONE, FALSE, TRUE = text("0"), text("1"), text("false"), text("true")


class EvaluationForm(Base):
    """`published` None: nothing can be evaluated by it yet. `draft`: what is being written."""

    __tablename__ = "evaluation_forms"

    code: Mapped[str] = mapped_column(String(ID_MAX), primary_key=True)
    active: Mapped[bool] = mapped_column(server_default=TRUE)
    published: Mapped[int | None] = mapped_column(Integer)
    draft: Mapped[dict[str, Any]]
    draft_ahead: Mapped[bool] = mapped_column(server_default=TRUE)
    revision: Mapped[int] = mapped_column(Integer, server_default=ONE)
    updated: Mapped[Created]
    user_name: Mapped[str] = mapped_column(String(120), server_default="")


class EvaluationFormVersion(Base):
    """What was published; a trigger keeps it as it is."""

    __tablename__ = "evaluation_form_versions"

    code: Mapped[str] = mapped_column(ForeignKey("evaluation_forms.code"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    body: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(String(300), server_default="")
    user_name: Mapped[str] = mapped_column(String(120), server_default="")
    at: Mapped[Created]


class SamplingPlan(Base):
    """So many recordings of each agent and week. `team` '': of the whole house. Empty lists fit
    everything, 0 seconds too."""

    __tablename__ = "sampling_plans"

    id: Mapped[NewUuid]
    name: Mapped[str] = mapped_column(String(80))
    form: Mapped[str] = mapped_column(String(ID_MAX))
    team: Mapped[str] = mapped_column(String(ID_MAX), server_default="")
    per_agent: Mapped[int] = mapped_column(Integer)
    queues: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)
    dispositions: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)
    seconds_min: Mapped[int] = mapped_column(Integer, server_default=ZERO)
    seconds_max: Mapped[int] = mapped_column(Integer, server_default=ZERO)
    seed: Mapped[int] = mapped_column(BigInteger)
    active: Mapped[bool] = mapped_column(server_default=TRUE)
    version: Mapped[int] = mapped_column(Integer, server_default=ONE)
    created: Mapped[Created]


class Sample(Base):
    """One recording that a plan drew. `state`: *todo*, *done*, or *skipped* for a reason."""

    __tablename__ = "samples"
    __table_args__ = (
        CheckConstraint("state in ('todo', 'done', 'skipped')", name="state"),
        UniqueConstraint("plan_id", "week", "agent", "recording_id"),
        Index("ix_samples_todo", "agent", postgresql_where=text("state = 'todo'")),
    )

    id: Mapped[NewUuid]
    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sampling_plans.id", ondelete="CASCADE"))
    week: Mapped[date] = mapped_column(Date)
    agent: Mapped[AgentId]
    recording_id: Mapped[str] = mapped_column(
        String(RECORDING_ID_MAX), ForeignKey("recordings.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[str] = mapped_column(String(8), server_default="todo")
    why: Mapped[str] = mapped_column(String(300), server_default="")
    drawn: Mapped[Created]


class Calibration(Base):
    """Several judges of one recording; none sees the others before all are done, or it is
    closed."""

    __tablename__ = "calibrations"

    id: Mapped[NewUuid]
    title: Mapped[str] = mapped_column(String(120))
    recording_id: Mapped[str] = mapped_column(String(RECORDING_ID_MAX))
    agent: Mapped[AgentId]
    form: Mapped[str] = mapped_column(String(ID_MAX))
    number: Mapped[int] = mapped_column(Integer)
    judges: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(UUID))
    by_user: Mapped[uuid.UUID | None]
    by_name: Mapped[str] = mapped_column(String(120), server_default="")
    created: Mapped[Created]
    closed: Mapped[datetime | None]


class Evaluation(Base):
    """One agent in one recording, by one version of a form. `answers`: see `quality.scoring`;
    `remarks`: words to a question. `score`, `sections`, `failed`, `passed` are worked out when it
    is handed in (and again when a dispute is answered: `first_score` is what it was before)."""

    __tablename__ = "evaluations"
    __table_args__ = (
        CheckConstraint(
            "state in ('draft', 'submitted', 'acknowledged', 'disputed', 'answered')", name="state"
        ),
        ForeignKeyConstraint(
            ["form", "number"],
            ["evaluation_form_versions.code", "evaluation_form_versions.number"],
            name="fk_evaluations_form_number",
        ),
        Index(
            "uq_evaluations_draft",
            "recording_id",
            "agent",
            "form",
            "evaluator",
            text("coalesce(calibration_id, '00000000-0000-0000-0000-000000000000'::uuid)"),
            unique=True,
            postgresql_where=text("state = 'draft'"),
        ),
        Index("ix_evaluations_began", text("began_at DESC"), "id"),
        Index("ix_evaluations_agent", "agent", text("began_at DESC")),
    )

    id: Mapped[NewUuid]
    recording_id: Mapped[str] = mapped_column(String(RECORDING_ID_MAX), index=True)
    call: Mapped[CallId] = mapped_column(index=True)
    agent: Mapped[AgentId]
    queue: Mapped[str | None]
    began_at: Mapped[datetime]
    form: Mapped[str] = mapped_column(String(ID_MAX))
    number: Mapped[int] = mapped_column(Integer)
    evaluator: Mapped[uuid.UUID]
    evaluator_name: Mapped[str] = mapped_column(String(120), server_default="")
    calibration_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("calibrations.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[str] = mapped_column(String(12), server_default="draft")
    answers: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY_OBJECT)
    remarks: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY_OBJECT)
    comment: Mapped[str] = mapped_column(server_default="")
    revision: Mapped[int] = mapped_column(Integer, server_default=ONE)
    score: Mapped[float | None]
    first_score: Mapped[float | None]
    sections: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY_OBJECT)
    failed: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)
    passed: Mapped[bool | None]
    created: Mapped[Created]
    submitted: Mapped[datetime | None]
    acknowledged: Mapped[datetime | None]
    disputed: Mapped[datetime | None]
    dispute: Mapped[str] = mapped_column(server_default="")
    answered: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(server_default="")
    answered_name: Mapped[str] = mapped_column(String(120), server_default="")
