"""Voicemail, journeys through flows with their counts, survey answers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "voicemails",
        sa.Column("id", sa.String(length=104), nullable=False),
        sa.Column("call", sa.String(length=80), nullable=False),
        sa.Column("box_kind", sa.String(length=16), nullable=False),
        sa.Column("box", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Float(precision=53), nullable=True),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("state", sa.String(length=8), server_default="new", nullable=False),
        sa.Column("assigned_to", sa.String(length=32), nullable=True),
        sa.Column("transcript", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("written", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("state in ('new', 'heard', 'done')", name=op.f("ck_voicemails_state")),
        sa.CheckConstraint(
            "box_kind in ('queue', 'agent', 'general')", name=op.f("ck_voicemails_box_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voicemails")),
    )
    op.create_index(op.f("ix_voicemails_call"), "voicemails", ["call"])
    op.create_index(op.f("ix_voicemails_customer_id"), "voicemails", ["customer_id"])
    op.create_index(
        "ix_voicemails_box", "voicemails", ["box_kind", "box", sa.literal_column("created DESC")]
    )
    op.create_index(
        "ix_voicemails_open",
        "voicemails",
        [sa.literal_column("created DESC")],
        postgresql_where=sa.text("state <> 'done'"),
    )
    op.create_table(
        "journeys",
        sa.Column("call", sa.String(length=80), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("flow", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=False),
        sa.Column("nodes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("ports", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("last", sa.String(length=80), nullable=False),
        sa.Column("ended", sa.String(length=16), nullable=False),
        sa.Column("contained", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("call", "sequence", name=op.f("pk_journeys")),
    )
    op.create_index("ix_journeys_flow", "journeys", ["flow", "version", "started_at"])
    op.create_table(
        "journey_counts",
        sa.Column("flow", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hour", MOMENT, nullable=False),
        sa.Column("node", sa.String(length=80), nullable=False),
        sa.Column("what", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("times", sa.BigInteger(), nullable=False),
        sa.Column("callers", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "what in ('entered', 'left', 'ended')", name=op.f("ck_journey_counts_what")
        ),
        sa.PrimaryKeyConstraint(
            "flow", "version", "hour", "node", "what", "name", name=op.f("pk_journey_counts")
        ),
    )
    op.create_table(
        "survey_answers",
        sa.Column("call", sa.String(length=80), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("question", sa.String(length=80), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("flow", sa.String(length=80), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("queue", sa.Text(), nullable=True),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("call", "sequence", name=op.f("pk_survey_answers")),
    )
    op.create_index("ix_survey_answers_question", "survey_answers", ["question", "at"])


def downgrade() -> None:
    raise NotImplementedError("versions only go up; restore the backup made before")
