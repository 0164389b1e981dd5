"""Each agent's part in a call: time is charged to who spent it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "interaction_parts",
        sa.Column("call", sa.String(length=80), nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("agent", sa.String(length=32), nullable=False),
        sa.Column("queue", sa.Text(), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.String(length=16), nullable=False),
        sa.Column("ring_seconds", sa.Float(precision=53), nullable=False),
        sa.Column("talk_seconds", sa.Float(precision=53), nullable=False),
        sa.Column("hold_seconds", sa.Float(precision=53), nullable=False),
        sa.Column("consult_seconds", sa.Float(precision=53), nullable=False),
        sa.Column("wrap_up_seconds", sa.Float(precision=53), nullable=False),
        sa.Column("disposition", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("call", "part", name=op.f("pk_interaction_parts")),
    )
    op.create_index("ix_interaction_parts_agent", "interaction_parts", ["agent", "began_at"])


def downgrade() -> None:
    raise NotImplementedError("versions only go up; restore the backup made before")
