"""Calls by hand: their direction and outcome in the books, the rules for them, the directory."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026_outside_calls"
down_revision = "0025_in_call"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NEW = {"direction": ("in", 8), "dial_outcome": ("", 16), "shown": ("", 20), "peer": ("", 32)}


def upgrade() -> None:
    for name, (usual, length) in NEW.items():
        op.add_column(
            "interactions",
            sa.Column(
                name, sa.String(length=length), server_default=sa.text(f"'{usual}'"), nullable=False
            ),
        )
    op.create_table(
        "outbound_rules",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "settings", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("updated", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_outbound_rules_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbound_rules")),
    )
    op.create_table(
        "contacts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=400), server_default=sa.text("''"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("updated", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )


def downgrade() -> None:
    op.drop_table("contacts")
    op.drop_table("outbound_rules")
    for name in NEW:
        op.drop_column("interactions", name)
