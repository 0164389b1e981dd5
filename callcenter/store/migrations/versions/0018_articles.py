"""The knowledge base: articles, their versions, what readers said and looked for."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018_articles"
down_revision = "0017_texts"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")
TEXTS = sa.text("'{}'::text[]")


def upgrade() -> None:
    op.create_table(
        "articles",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("queues", postgresql.ARRAY(sa.Text()), server_default=TEXTS, nullable=False),
        sa.Column("title", sa.String(length=160), server_default="", nullable=False),
        sa.Column("published", sa.Integer(), nullable=True),
        sa.Column("archived", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("draft_title", sa.String(length=160), nullable=False),
        sa.Column("draft_text", sa.Text(), nullable=False),
        sa.Column("draft_keywords", sa.String(length=400), server_default="", nullable=False),
        sa.Column("draft_ahead", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("helped", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("not_helped", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("search_text", sa.Text(), server_default="", nullable=False),
        sa.Column("grams", postgresql.ARRAY(sa.Text()), server_default=TEXTS, nullable=False),
        sa.Column("created", MOMENT, server_default=NOW, nullable=False),
        sa.Column("updated", MOMENT, server_default=NOW, nullable=False),
        sa.Column("user_name", sa.String(length=120), server_default="", nullable=False),
        sa.CheckConstraint("language in ('en', 'zh')", name=op.f("ck_articles_language")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
    )
    op.create_index("ix_articles_grams", "articles", ["grams"], postgresql_using="gin")
    op.create_table(
        "article_versions",
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("keywords", sa.String(length=400), server_default="", nullable=False),
        sa.Column("note", sa.String(length=300), server_default="", nullable=False),
        sa.Column("user_name", sa.String(length=120), server_default="", nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _of_article("article_versions"),
        sa.PrimaryKeyConstraint("article_id", "number", name=op.f("pk_article_versions")),
    )
    op.create_table(
        "article_feedback",
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("call", sa.String(length=80), nullable=False),
        sa.Column("helped", sa.Boolean(), nullable=True),
        sa.Column("query", sa.String(length=100), server_default="", nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _of_article("article_feedback"),
        sa.PrimaryKeyConstraint("article_id", "user_id", "call", name=op.f("pk_article_feedback")),
    )
    op.create_index("ix_article_feedback_call", "article_feedback", ["call"])
    op.create_table(
        "article_searches",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("query", sa.String(length=100), nullable=False),
        sa.Column("queue", sa.String(length=32), nullable=True),
        sa.Column("results", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_searches")),
    )
    op.create_index("ix_article_searches_at", "article_searches", ["at"])


def _of_article(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["article_id"],
        ["articles.id"],
        name=op.f(f"fk_{table}_article_id"),
        ondelete="CASCADE",
    )


def downgrade() -> None:
    raise NotImplementedError("versions only go up; restore the backup made before")
