"""The shift plan: days as written, the moments they mean, each change."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0031_shifts"
down_revision = "0030_quality"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")


def upgrade() -> None:
    op.create_table(
        "shift_days",
        sa.Column("agent_id", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("shifts", postgresql.JSONB(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("updated", MOMENT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_shift_days_agent_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("agent_id", "day", name=op.f("pk_shift_days")),
    )
    op.create_index("ix_shift_days_day", "shift_days", ["day"])
    op.create_table(
        "shift_spans",
        sa.Column("agent_id", sa.String(length=32), nullable=False),
        sa.Column("begins", MOMENT, nullable=False),
        sa.Column("ends", MOMENT, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("shift", sa.Integer(), nullable=False),
        sa.Column("plan", sa.String(length=8), nullable=False),
        sa.CheckConstraint("plan in ('work', 'break')", name=op.f("ck_shift_spans_plan")),
        sa.ForeignKeyConstraint(
            ["agent_id", "day"],
            ["shift_days.agent_id", "shift_days.day"],
            name="fk_shift_spans_day",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("agent_id", "begins", name=op.f("pk_shift_spans")),
    )
    op.create_index("ix_shift_spans_begins", "shift_spans", ["begins"])
    op.create_index("ix_shift_spans_day", "shift_spans", ["day"])
    op.create_table(
        "shift_changes",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("by_user", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.String(length=120), server_default="", nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("agents", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("rows", postgresql.JSONB(), nullable=False),
        sa.Column("undone", MOMENT, nullable=True),
        sa.CheckConstraint(
            "kind in ('typed', 'copied', 'imported', 'undone')", name=op.f("ck_shift_changes_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_changes")),
    )
    op.create_index("ix_shift_changes_at", "shift_changes", [sa.literal_column("at DESC")])


def downgrade() -> None:
    raise NotImplementedError("versions only go up; restore the backup made before")
