"""Drafts of flows with their revisions, and when which version was put to use."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NOW = sa.text("now()")


def upgrade() -> None:
    op.add_column(
        "flows", sa.Column("author", sa.String(length=64), server_default="", nullable=False)
    )
    empty = sa.text("'{}'::jsonb")
    op.add_column(
        "flows", sa.Column("parts", postgresql.JSONB(), server_default=empty, nullable=False)
    )
    op.create_table(
        "flow_drafts",
        sa.Column("flow_id", sa.String(length=32), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=64), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.CheckConstraint("flow_id ~ '^[a-z0-9_-]{1,32}$'", name=op.f("ck_flow_drafts_flow_id")),
        sa.PrimaryKeyConstraint("flow_id", "revision", name=op.f("pk_flow_drafts")),
    )
    op.create_table(
        "flow_publications",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("flow_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("author", sa.String(length=64), server_default="", nullable=False),
        sa.Column("note", sa.String(length=300), server_default="", nullable=False),
        sa.Column("kind", sa.String(length=16), server_default="publish", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flow_publications")),
    )
    op.create_index(op.f("ix_flow_publications_flow_id"), "flow_publications", ["flow_id"])
    op.execute(
        "insert into flow_drafts (flow_id, revision, source, at) select distinct on (id) id, 1,"
        " text, created from flows order by id, published desc, version desc"
    )
    op.execute(
        "insert into flow_publications (flow_id, version, at, note) select id, version, created,"
        " note from flows where published"
    )


def downgrade() -> None:
    raise NotImplementedError("versions only go up; restore the backup made before")
