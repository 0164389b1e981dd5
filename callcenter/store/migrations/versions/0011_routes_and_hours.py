"""Routes by number, caller, time and share; lists of callers; business hours of the centre."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NOW = sa.text("now()")
MOMENT = sa.DateTime(timezone=True)


def text(name: str, length: int, default: str | None = "") -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), server_default=default, nullable=False)


def texts(name: str) -> sa.Column[list[str]]:
    empty = sa.text("'{}'::text[]")
    return sa.Column(name, postgresql.ARRAY(sa.Text()), server_default=empty, nullable=False)


def whole(name: str, default: str | None) -> sa.Column[int]:
    value = sa.text(default) if default is not None else None
    return sa.Column(name, sa.Integer(), server_default=value, nullable=False)


def truth(name: str, default: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=sa.text(default), nullable=False)


def upgrade() -> None:
    op.rename_table("routes", "routes_before")
    op.execute("alter index pk_routes rename to pk_routes_before")
    op.create_table(
        "routes",
        text("id", 32, None),
        whole("position", None),
        text("flow_id", 32, None),
        text("did", 40, "*"),
        texts("callers"),
        texts("regions"),
        texts("lists"),
        text("calendar", 32),
        text("while_state", 8, "open"),
        sa.Column("percent", sa.SmallInteger(), server_default=sa.text("100"), nullable=False),
        text("note", 200),
        truth("enabled", "true"),
        sa.CheckConstraint("id ~ '^[a-z0-9_-]{1,32}$'", name=op.f("ck_routes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routes")),
    )
    op.execute(
        "insert into routes (id, position, flow_id, did)"
        " select case when did = '*' then 'rest'"
        " when did like '+%' then 'to-plus-' || substr(did, 2) else left('to-' || did, 32) end,"
        " row_number() over (order by did = '*', did), flow_id, did from routes_before"
    )
    op.drop_table("routes_before")
    op.create_table(
        "number_lists",
        text("id", 32, None),
        text("name", 80, None),
        sa.Column("created", MOMENT, server_default=NOW, nullable=False),
        sa.CheckConstraint("id ~ '^[a-z0-9_-]{1,32}$'", name=op.f("ck_number_lists_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_lists")),
    )
    op.create_table(
        "number_list_entries",
        text("list_id", 32, None),
        text("number", 40, None),
        text("note", 200),
        text("author", 64),
        sa.Column("at", MOMENT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["number_lists.id"],
            name=op.f("fk_number_list_entries_list_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("list_id", "number", name=op.f("pk_number_list_entries")),
    )
    op.create_table(
        "calendars",
        text("id", 32, None),
        text("name", 120, None),
        sa.Column(
            "settings",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        truth("emergency", "false"),
        text("message", 300),
        text("emergency_by", 64),
        sa.Column("emergency_at", MOMENT, nullable=True),
        whole("version", "1"),
        sa.Column("created", MOMENT, server_default=NOW, nullable=False),
        sa.Column("updated", MOMENT, server_default=NOW, nullable=False),
        sa.CheckConstraint("id ~ '^[a-z0-9_-]{1,32}$'", name=op.f("ck_calendars_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendars")),
    )
    op.add_column("config_state", whole("routes_version", "0"))
    op.execute("insert into number_lists (id, name) values ('vip', 'VIP'), ('blocked', 'Blocked')")


def downgrade() -> None:
    raise NotImplementedError("versions only go up; restore the backup made before")
