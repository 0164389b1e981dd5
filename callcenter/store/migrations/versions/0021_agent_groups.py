"""Groups of agents by condition."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021_agent_groups"
down_revision = "0020_recordings"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "agent_groups",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "condition", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("updated", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("id ~ '^[a-z0-9]{1,32}$'", name=op.f("ck_agent_groups_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_groups")),
    )


def downgrade() -> None:
    op.drop_table("agent_groups")
