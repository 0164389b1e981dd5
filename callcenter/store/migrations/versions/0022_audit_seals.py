"""Seals over the audit's lines."""

import sqlalchemy as sa
from alembic import op

revision = "0022_audit_seals"
down_revision = "0021_agent_groups"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_seals",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_seals")),
        sa.UniqueConstraint("last_id", name=op.f("uq_audit_seals_last_id")),
    )
    op.execute(
        "create trigger audit_is_append_only before update or delete or truncate on audit_seals"
        " for each statement execute function audit_is_append_only()"
    )


def downgrade() -> None:
    op.drop_table("audit_seals")
