"""Scripts, their versions, and how far calls have come in them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019_scripts"
down_revision = "0018_articles"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "scripts",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("language", sa.String(length=2), server_default="", nullable=False),
        sa.Column(
            "queues",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'::text[]"),
            nullable=False,
        ),
        sa.Column("published", sa.Integer(), nullable=True),
        sa.Column("draft", postgresql.JSONB(), nullable=False),
        sa.Column("draft_ahead", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("updated", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("user_name", sa.String(length=120), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_scripts")),
    )
    op.create_table(
        "script_versions",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("note", sa.String(length=300), server_default="", nullable=False),
        sa.Column("user_name", sa.String(length=120), server_default="", nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["code"], ["scripts.code"], name=op.f("fk_script_versions_code"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("code", "number", name=op.f("pk_script_versions")),
    )
    op.create_table(
        "script_runs",
        sa.Column("call", sa.String(length=80), nullable=False),
        sa.Column("script", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("trail", postgresql.JSONB(), nullable=False),
        sa.Column("agent", sa.String(length=32), nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("updated", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("call", name=op.f("pk_script_runs")),
    )


def downgrade() -> None:
    raise NotImplementedError("versions only go up; restore the backup made before")
