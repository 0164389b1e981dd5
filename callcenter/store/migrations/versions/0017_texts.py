"""Text messages of flows and the webhook they go out by."""

import sqlalchemy as sa
from alembic import op

revision = "0017_texts"
down_revision = "0016_call_forms"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")


def upgrade() -> None:
    op.create_table(
        "text_gateway",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("url", sa.String(length=500), server_default="", nullable=False),
        sa.Column("enabled", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("timeout_seconds", sa.Float(), server_default=sa.text("5"), nullable=False),
        sa.Column("keep_hours", sa.Integer(), server_default=sa.text("24"), nullable=False),
        sa.Column("secret", sa.String(length=64), server_default="", nullable=False),
        sa.Column("old_secret", sa.String(length=64), server_default="", nullable=False),
        sa.Column("old_until", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("updated", MOMENT, server_default=NOW, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_text_gateway_one_row")),
        sa.CheckConstraint(
            "timeout_seconds between 1 and 10", name=op.f("ck_text_gateway_timeout")
        ),
        sa.CheckConstraint("keep_hours between 1 and 72", name=op.f("ck_text_gateway_keep_hours")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_gateway")),
    )
    op.create_table(
        "text_messages",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("call", sa.String(length=80), server_default="", nullable=False),
        sa.Column("recipient", sa.String(length=32), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=12), server_default="", nullable=False),
        sa.Column("state", sa.String(length=16), server_default="waiting", nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("due", MOMENT, server_default=NOW, nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("trouble", sa.String(length=300), server_default="", nullable=False),
        sa.Column("created", MOMENT, server_default=NOW, nullable=False),
        sa.Column("ended", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state in ('waiting', 'sent', 'refused', 'given-up')",
            name=op.f("ck_text_messages_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_messages")),
        sa.UniqueConstraint("key", name=op.f("uq_text_messages_key")),
    )
    op.create_index(op.f("ix_text_messages_call"), "text_messages", ["call"])
    op.create_index(op.f("ix_text_messages_created"), "text_messages", ["created"])
    op.create_index(
        "ix_text_messages_due",
        "text_messages",
        ["due"],
        postgresql_where=sa.text("state = 'waiting'"),
    )


def downgrade() -> None:
    op.drop_table("text_messages")
    op.drop_table("text_gateway")
