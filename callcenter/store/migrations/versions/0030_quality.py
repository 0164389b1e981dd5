"""Quality: forms with versions, evaluations of recordings, samples, calibrations."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030_quality"
down_revision = "0029_sign_in"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NOW, NEW_ID = sa.text("now()"), sa.text("gen_random_uuid()")
OBJECT, TEXTS = sa.text("'{}'::jsonb"), sa.text("'{}'::text[]")
ZERO, ONE, TRUE = sa.text("0"), sa.text("1"), sa.text("true")
REFUSE = """
create function evaluation_form_versions_stay() returns trigger language plpgsql as $$
begin
    raise exception 'published versions of evaluation forms are never changed';
end $$
"""
ALWAYS = """
create trigger evaluation_form_versions_stay before update or delete on evaluation_form_versions
    for each statement execute function evaluation_form_versions_stay()
"""


def upgrade() -> None:
    _before()
    _evaluations()
    op.execute(REFUSE)
    op.execute(ALWAYS)


def _before() -> None:
    op.create_table(
        "calibrations",
        sa.Column("id", sa.UUID(), server_default=NEW_ID, nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("recording_id", sa.String(length=104), nullable=False),
        sa.Column("agent", sa.String(length=32), nullable=False),
        sa.Column("form", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("judges", postgresql.ARRAY(postgresql.UUID()), nullable=False),
        sa.Column("by_user", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.String(length=120), server_default="", nullable=False),
        sa.Column("created", MOMENT, server_default=NOW, nullable=False),
        sa.Column("closed", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibrations")),
    )
    op.create_table(
        "evaluation_forms",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=TRUE, nullable=False),
        sa.Column("published", sa.Integer(), nullable=True),
        sa.Column("draft", postgresql.JSONB(), nullable=False),
        sa.Column("draft_ahead", sa.Boolean(), server_default=TRUE, nullable=False),
        sa.Column("revision", sa.Integer(), server_default=ONE, nullable=False),
        sa.Column("updated", MOMENT, server_default=NOW, nullable=False),
        sa.Column("user_name", sa.String(length=120), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_evaluation_forms")),
    )
    op.create_table(
        "sampling_plans",
        sa.Column("id", sa.UUID(), server_default=NEW_ID, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("form", sa.String(length=32), nullable=False),
        sa.Column("team", sa.String(length=32), server_default="", nullable=False),
        sa.Column("per_agent", sa.Integer(), nullable=False),
        sa.Column("queues", postgresql.ARRAY(sa.Text()), server_default=TEXTS, nullable=False),
        sa.Column(
            "dispositions", postgresql.ARRAY(sa.Text()), server_default=TEXTS, nullable=False
        ),
        sa.Column("seconds_min", sa.Integer(), server_default=ZERO, nullable=False),
        sa.Column("seconds_max", sa.Integer(), server_default=ZERO, nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=TRUE, nullable=False),
        sa.Column("version", sa.Integer(), server_default=ONE, nullable=False),
        sa.Column("created", MOMENT, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sampling_plans")),
    )
    op.create_table(
        "evaluation_form_versions",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("note", sa.String(length=300), server_default="", nullable=False),
        sa.Column("user_name", sa.String(length=120), server_default="", nullable=False),
        sa.Column("at", MOMENT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["code"], ["evaluation_forms.code"], name=op.f("fk_evaluation_form_versions_code")
        ),
        sa.PrimaryKeyConstraint("code", "number", name=op.f("pk_evaluation_form_versions")),
    )
    op.create_table(
        "samples",
        sa.Column("id", sa.UUID(), server_default=NEW_ID, nullable=False),
        sa.Column("plan_id", sa.UUID(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("agent", sa.String(length=32), nullable=False),
        sa.Column("recording_id", sa.String(length=104), nullable=False),
        sa.Column("state", sa.String(length=8), server_default="todo", nullable=False),
        sa.Column("why", sa.String(length=300), server_default="", nullable=False),
        sa.Column("drawn", MOMENT, server_default=NOW, nullable=False),
        sa.CheckConstraint("state in ('todo', 'done', 'skipped')", name=op.f("ck_samples_state")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["sampling_plans.id"], name=op.f("fk_samples_plan_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["recordings.id"],
            name=op.f("fk_samples_recording_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samples")),
        sa.UniqueConstraint(
            "plan_id",
            "week",
            "agent",
            "recording_id",
            name=op.f("uq_samples_plan_id_week_agent_recording_id"),
        ),
    )
    op.create_index(op.f("ix_samples_recording_id"), "samples", ["recording_id"])
    op.create_index(
        "ix_samples_todo", "samples", ["agent"], postgresql_where=sa.text("state = 'todo'")
    )


def _evaluations() -> None:
    op.create_table(
        "evaluations",
        sa.Column("id", sa.UUID(), server_default=NEW_ID, nullable=False),
        sa.Column("recording_id", sa.String(length=104), nullable=False),
        sa.Column("call", sa.String(length=80), nullable=False),
        sa.Column("agent", sa.String(length=32), nullable=False),
        sa.Column("queue", sa.Text(), nullable=True),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("form", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("evaluator", sa.Uuid(), nullable=False),
        sa.Column("evaluator_name", sa.String(length=120), server_default="", nullable=False),
        sa.Column("calibration_id", sa.UUID(), nullable=True),
        sa.Column("state", sa.String(length=12), server_default="draft", nullable=False),
        sa.Column("answers", postgresql.JSONB(), server_default=OBJECT, nullable=False),
        sa.Column("remarks", postgresql.JSONB(), server_default=OBJECT, nullable=False),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.Column("revision", sa.Integer(), server_default=ONE, nullable=False),
        sa.Column("score", sa.Float(precision=53), nullable=True),
        sa.Column("first_score", sa.Float(precision=53), nullable=True),
        sa.Column("sections", postgresql.JSONB(), server_default=OBJECT, nullable=False),
        sa.Column("failed", postgresql.ARRAY(sa.Text()), server_default=TEXTS, nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("created", MOMENT, server_default=NOW, nullable=False),
        sa.Column("submitted", MOMENT, nullable=True),
        sa.Column("acknowledged", MOMENT, nullable=True),
        sa.Column("disputed", MOMENT, nullable=True),
        sa.Column("dispute", sa.Text(), server_default="", nullable=False),
        sa.Column("answered", MOMENT, nullable=True),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_name", sa.String(length=120), server_default="", nullable=False),
        sa.CheckConstraint(
            "state in ('draft', 'submitted', 'acknowledged', 'disputed', 'answered')",
            name=op.f("ck_evaluations_state"),
        ),
        sa.ForeignKeyConstraint(
            ["calibration_id"],
            ["calibrations.id"],
            name=op.f("fk_evaluations_calibration_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["form", "number"],
            ["evaluation_form_versions.code", "evaluation_form_versions.number"],
            name="fk_evaluations_form_number",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluations")),
    )
    op.create_index(
        "ix_evaluations_agent", "evaluations", ["agent", sa.literal_column("began_at DESC")]
    )
    op.create_index(
        "ix_evaluations_began", "evaluations", [sa.literal_column("began_at DESC"), "id"]
    )
    op.create_index(op.f("ix_evaluations_calibration_id"), "evaluations", ["calibration_id"])
    op.create_index(op.f("ix_evaluations_call"), "evaluations", ["call"])
    op.create_index(op.f("ix_evaluations_recording_id"), "evaluations", ["recording_id"])
    op.create_index(
        "uq_evaluations_draft",
        "evaluations",
        [
            "recording_id",
            "agent",
            "form",
            "evaluator",
            sa.literal_column(
                "coalesce(calibration_id, '00000000-0000-0000-0000-000000000000'::uuid)"
            ),
        ],
        unique=True,
        postgresql_where=sa.text("state = 'draft'"),
    )


def downgrade() -> None:
    raise NotImplementedError("versions only go up; restore the backup made before")
