"""What people do with messages, mailboxes, and letters that tell of them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "crm_customers"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")


def upgrade() -> None:
    op.add_column("voicemails", sa.Column("note", sa.Text(), server_default="", nullable=False))
    op.add_column("voicemails", sa.Column("deleted", MOMENT))
    op.create_table(
        "mailboxes",
        sa.Column("box_kind", sa.String(16), nullable=False),
        sa.Column("box", sa.String(80), nullable=False),
        sa.Column("email", sa.String(254), server_default="", nullable=False),
        sa.Column("notify", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("attach", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("language", sa.String(12), server_default="en", nullable=False),
        sa.Column("keep_days", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("updated", MOMENT, server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "box_kind in ('queue', 'agent', 'general')", name="ck_mailboxes_box_kind"
        ),
        sa.CheckConstraint("keep_days between 0 and 3650", name="ck_mailboxes_keep_days"),
        sa.PrimaryKeyConstraint("box_kind", "box", name="pk_mailboxes"),
    )
    op.create_table(
        "letters",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("key", sa.String(160), nullable=False),
        sa.Column("recipient", sa.String(254), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("attachment", sa.String(255), server_default="", nullable=False),
        sa.Column("state", sa.String(16), server_default="waiting", nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("due", MOMENT, server_default=NOW, nullable=False),
        sa.Column("trouble", sa.String(300), server_default="", nullable=False),
        sa.Column("created", MOMENT, server_default=NOW, nullable=False),
        sa.Column("ended", MOMENT),
        sa.CheckConstraint("state in ('waiting', 'sent', 'given-up')", name="ck_letters_state"),
        sa.PrimaryKeyConstraint("id", name="pk_letters"),
        sa.UniqueConstraint("key", name="uq_letters_key"),
    )
    op.create_index(
        "ix_letters_due", "letters", ["due"], postgresql_where=sa.text("state = 'waiting'")
    )


def downgrade() -> None:
    raise NotImplementedError("versions only go up; restore the backup made before")
