"""Sessions by name, second factors, single sign-on."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029_sign_in"
down_revision = "0028_floor"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")


def upgrade() -> None:
    op.add_column(
        "login_sessions",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
    )
    op.add_column(
        "login_sessions",
        sa.Column("way", sa.String(8), server_default=sa.text("'password'"), nullable=False),
    )
    op.add_column(
        "login_sessions",
        sa.Column("limited", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.create_unique_constraint(op.f("uq_login_sessions_id"), "login_sessions", ["id"])
    op.create_check_constraint(
        op.f("ck_login_sessions_way"), "login_sessions", "way in ('password', 'sso')"
    )
    op.add_column("users", sa.Column("sso_key", sa.LargeBinary(32), nullable=True))
    op.create_unique_constraint(op.f("uq_users_sso_key"), "users", ["sso_key"])
    op.create_table(
        "second_factors",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("created", MOMENT, server_default=NOW, nullable=False),
        sa.Column("confirmed", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_second_factors_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_second_factors")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("used", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_recovery_codes_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "hash", name=op.f("pk_recovery_codes")),
    )
    op.create_table(
        "sign_in_rules",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "factor_roles",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("sso", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("sso_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("updated", MOMENT, server_default=NOW, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_sign_in_rules_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_rules")),
    )


def downgrade() -> None:
    for name in ("sign_in_rules", "recovery_codes", "second_factors"):
        op.drop_table(name)
    op.drop_column("users", "sso_key")
    for name in ("id", "way", "limited"):
        op.drop_column("login_sessions", name)
