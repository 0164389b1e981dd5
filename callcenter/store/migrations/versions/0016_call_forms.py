"""Dispositions as a tree, and what agents fill in about a call."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016_call_forms"
down_revision = "0015_webhooks"
branch_labels = None
depends_on = None

EMPTY = sa.text("'{}'::jsonb")


def upgrade() -> None:
    op.drop_index("uq_dispositions_default", table_name="dispositions")
    op.add_column(
        "dispositions",
        sa.Column("parent", sa.String(length=32), server_default="", nullable=False),
    )
    op.add_column(
        "dispositions",
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
    )
    op.add_column(
        "dispositions",
        sa.Column("keywords", sa.String(length=200), server_default="", nullable=False),
    )
    op.add_column(
        "drafts", sa.Column("form", postgresql.JSONB(), server_default=EMPTY, nullable=False)
    )
    op.create_table(
        "call_forms",
        sa.Column("call", sa.String(length=80), nullable=False),
        sa.Column("agent", sa.String(length=32), nullable=False),
        sa.Column("queue", sa.Text(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("disposition", sa.String(length=32), nullable=False),
        sa.Column("path", postgresql.JSONB(), nullable=False),
        sa.Column("fields", postgresql.JSONB(), nullable=False),
        sa.Column("values", postgresql.JSONB(), nullable=False),
        sa.Column("follow_up", postgresql.JSONB(), server_default=EMPTY, nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("filed", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("call", "agent", name=op.f("pk_call_forms")),
    )
    op.create_index("ix_call_forms_customer", "call_forms", ["customer_id", "filed"])


def downgrade() -> None:
    raise NotImplementedError("versions only go up; restore the backup made before")
