"""Recordings of talks, remarks on them, the queues' rules, and how long they are kept."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

revision = "0020_recordings"
down_revision = "0019_scripts"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")
EMPTY_LIST = sa.text("'[]'::jsonb")
EMPTY_OBJECT = sa.text("'{}'::jsonb")
FALSE = sa.text("false")


def text_column(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), server_default="", nullable=False)


def upgrade() -> None:
    op.create_table(
        "recordings",
        sa.Column("id", sa.String(104), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("call", sa.String(80), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column(
            "agents", ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False
        ),
        sa.Column("queue", sa.Text()),
        sa.Column("customer_id", UUID()),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=False),
        sa.Column("spoken", JSONB(), server_default=EMPTY_LIST, nullable=False),
        sa.Column("pauses", JSONB(), server_default=EMPTY_LIST, nullable=False),
        text_column("trouble", 32),
        sa.Column("written", MOMENT, server_default=NOW, nullable=False),
        sa.Column("state", sa.String(16), server_default="waiting", nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        text_column("problem", 200),
        text_column("place", 16),
        text_column("codec", 16),
        sa.Column("seconds", sa.Float(53)),
        sa.Column("size", sa.BigInteger()),
        text_column("sha256", 64),
        sa.Column("key", sa.LargeBinary()),
        sa.Column("peaks", sa.LargeBinary()),
        sa.Column("figures", JSONB(), server_default=EMPTY_OBJECT, nullable=False),
        sa.Column("silent", sa.Boolean()),
        sa.Column("held", sa.Boolean(), server_default=FALSE, nullable=False),
        text_column("held_why", 300),
        sa.Column("expires", MOMENT),
        sa.Column("stored_at", MOMENT),
        sa.Column("erased_at", MOMENT),
        text_column("erased_why", 300),
        sa.CheckConstraint(
            "state in ('waiting', 'stored', 'failed', 'erased')", name="ck_recordings_state"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_recordings"),
    )
    op.create_index("ix_recordings_call", "recordings", ["call"])
    op.create_index("ix_recordings_customer_id", "recordings", ["customer_id"])
    op.create_index("ix_recordings_began", "recordings", [sa.text("began_at DESC"), "id"])
    op.create_index(
        "ix_recordings_waiting",
        "recordings",
        ["ended_at"],
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "ix_recordings_expires",
        "recordings",
        ["expires"],
        postgresql_where=sa.text("state = 'stored'"),
    )
    _comments()
    _rules()


def _comments() -> None:
    op.create_table(
        "recording_comments",
        sa.Column("id", UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("recording_id", sa.String(104), nullable=False),
        sa.Column("at_seconds", sa.Float(53), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", UUID()),
        sa.Column("created", MOMENT, server_default=NOW, nullable=False),
        sa.CheckConstraint("length(text) <= 2000", name="ck_recording_comments_length"),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["recordings.id"],
            name="fk_recording_comments_recording_id_recordings",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_recording_comments"),
    )
    op.create_index("ix_recording_comments_recording_id", "recording_comments", ["recording_id"])


def _rules() -> None:
    op.create_table(
        "recording_policies",
        sa.Column("queue_id", sa.String(32), nullable=False),
        sa.Column("settings", JSONB(), server_default=EMPTY_OBJECT, nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("updated", MOMENT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["queue_id"],
            ["queues.id"],
            name="fk_recording_policies_queue_id_queues",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("queue_id", name="pk_recording_policies"),
    )
    op.create_table(
        "retention_rules",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        text_column("queue", 32),
        text_column("reason", 16),
        text_column("disposition", 32),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_retention_rules"),
    )
    op.create_table(
        "retention_runs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.Column("freed", sa.BigInteger(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("detail", JSONB(), server_default=EMPTY_OBJECT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_retention_runs"),
    )


def downgrade() -> None:
    raise NotImplementedError("versions only go up; restore the backup made before")
