"""Callbacks and each queue's rules for them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "crm_tickets"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
REAL = sa.Float(precision=53)


def upgrade() -> None:
    op.create_table(
        "callbacks",
        sa.Column("id", sa.String(length=88), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("contact", sa.String(length=88), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("joined_at", REAL, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("next_at", MOMENT, nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("flow", sa.Text(), nullable=True),
        sa.Column("path", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("skills", postgresql.JSONB(), nullable=False),
        sa.Column("asked_priority", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("value_seconds", REAL, nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("call", sa.String(length=80), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column(
            "attempts", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("written", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "mode in ('customer-first', 'agent-first')", name=op.f("ck_callbacks_mode")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callbacks")),
    )
    op.create_index(op.f("ix_callbacks_contact"), "callbacks", ["contact"])
    op.create_index(op.f("ix_callbacks_customer_id"), "callbacks", ["customer_id"])
    op.create_index("ix_callbacks_number", "callbacks", ["number"])
    op.create_index("ix_callbacks_asked", "callbacks", [sa.literal_column("asked_at DESC"), "id"])
    op.create_index(
        "ix_callbacks_open",
        "callbacks",
        ["queue", "joined_at"],
        postgresql_where=sa.text("outcome = ''"),
    )
    op.create_table(
        "callback_policies",
        sa.Column("queue_id", sa.String(length=32), nullable=False),
        sa.Column(
            "settings", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("updated", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["queue_id"],
            ["queues.id"],
            name=op.f("fk_callback_policies_queue_id_queues"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("queue_id", name=op.f("pk_callback_policies")),
    )


def downgrade() -> None:
    op.drop_table("callback_policies")
    op.drop_table("callbacks")
