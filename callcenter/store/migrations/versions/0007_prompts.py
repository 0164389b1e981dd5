"""Prompts in versions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "prompts",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), server_default="", nullable=False),
        sa.Column("deleted", sa.DateTime(timezone=True)),
        sa.Column(
            "created", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint("id ~ '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$'", name="ck_prompts_id"),
        sa.PrimaryKeyConstraint("id", name="pk_prompts"),
    )
    op.create_table(
        "prompt_versions",
        sa.Column("prompt_id", sa.String(64), nullable=False),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.String(300), server_default="", nullable=False),
        sa.Column("source_name", sa.String(255), server_default="", nullable=False),
        sa.Column("codec", sa.String(32), server_default="", nullable=False),
        sa.Column("file", sa.String(32), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("seconds", sa.Float(53), nullable=False),
        sa.Column("loudness_before", sa.Float(53), nullable=False),
        sa.Column("loudness", sa.Float(53), nullable=False),
        sa.Column("true_peak", sa.Float(53), nullable=False),
        sa.Column(
            "warnings",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'::text[]"),
            nullable=False,
        ),
        sa.Column("created_by", sa.Uuid()),
        sa.Column(
            "created", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint(
            "language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{1,8})?$'", name="ck_prompt_versions_language"
        ),
        sa.CheckConstraint(
            "kind in ('upload', 'recorded', 'speech')", name="ck_prompt_versions_kind"
        ),
        sa.CheckConstraint("file ~ '^[0-9a-f]{32}$'", name="ck_prompt_versions_file"),
        sa.ForeignKeyConstraint(
            ["prompt_id"],
            ["prompts.id"],
            name="fk_prompt_versions_prompt_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("prompt_id", "language", "version", name="pk_prompt_versions"),
        sa.UniqueConstraint("file", name="uq_prompt_versions_file"),
    )
    op.create_index(
        "uq_prompt_versions_active",
        "prompt_versions",
        ["prompt_id", "language"],
        unique=True,
        postgresql_where=sa.text("active"),
    )


def downgrade() -> None:
    raise NotImplementedError("versions only go up; restore the backup made before")
