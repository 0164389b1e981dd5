"""Inside a talk: time parked and in conference, and how each leg sounded."""

import sqlalchemy as sa
from alembic import op

revision = "0025_in_call"
down_revision = "0024_reports"
branch_labels = None
depends_on = None

SECONDS = sa.Float(precision=53)


def upgrade() -> None:
    for table, column in (
        ("interactions", "park_seconds"),
        ("interaction_parts", "conference_seconds"),
        ("interaction_parts", "park_seconds"),
    ):
        made = sa.Column(column, SECONDS, server_default=sa.text("0"), nullable=False)
        op.add_column(table, made)
    op.create_table(
        "leg_quality",
        sa.Column("call", sa.String(length=80), nullable=False),
        sa.Column("agent", sa.String(length=32), nullable=False),
        sa.Column("leg", sa.String(length=40), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("measures", sa.Integer(), nullable=False),
        sa.Column("packets_received", sa.BigInteger(), nullable=False),
        sa.Column("packets_lost", sa.BigInteger(), nullable=False),
        sa.Column("jitter_ms", SECONDS, nullable=False),
        sa.Column("jitter_max_ms", SECONDS, nullable=False),
        sa.Column("round_trip_ms", SECONDS, nullable=False),
        sa.Column("round_trip_max_ms", SECONDS, nullable=False),
        sa.Column("mos", SECONDS, nullable=False),
        sa.Column("mos_min", SECONDS, nullable=False),
        sa.PrimaryKeyConstraint("call", "agent", "leg", name=op.f("pk_leg_quality")),
    )


def downgrade() -> None:
    raise NotImplementedError("versions only go up; restore the backup made before")
