"""Messages to agents' desks, alerts, wallboards."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028_floor"
down_revision = "0027_teams"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")
EMPTY = sa.text("''")
NEW_ID = sa.text("gen_random_uuid()")
OBJECT = sa.text("'{}'::jsonb")
TEXTS = sa.text("'{}'::text[]")
TRUE = sa.text("true")
ONE = sa.text("1")
TOLD = """
create function webhook_alerts() returns trigger language plpgsql as $$
begin
    perform webhook_tell(
        case when new.ended is null then 'alert.raised' else 'alert.ended' end,
        new.id::text, coalesce(new.ended, new.raised),
        jsonb_build_object('rule', new.rule_id, 'name', new.name, 'metric', new.metric,
            'operator', new.operator, 'limit', new.value, 'value', new.found,
            'scope', new.scope, 'subject', new.subject, 'raised', new.raised));
    return null;
end $$
"""


def upgrade() -> None:
    op.create_table(
        "desk_messages",
        sa.Column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        sa.Column("agent_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=8), server_default=sa.text("'note'"), nullable=False),
        sa.Column("body", sa.String(length=1000), nullable=False),
        sa.Column("detail", postgresql.JSONB(), server_default=OBJECT, nullable=False),
        sa.Column("by_user", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.String(length=120), nullable=False),
        sa.Column("created", MOMENT, server_default=NOW, nullable=False),
        sa.Column("read", MOMENT, nullable=True),
        sa.CheckConstraint("kind in ('note', 'state')", name=op.f("ck_desk_messages_kind")),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_desk_messages_agent_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_messages")),
    )
    op.create_index(
        "ix_desk_messages_unread",
        "desk_messages",
        ["agent_id"],
        postgresql_where=sa.text("read is null"),
    )
    op.create_index("ix_desk_messages_sent", "desk_messages", [sa.literal_column("created DESC")])
    _alerts()
    op.create_table(
        "walls",
        sa.Column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("team", sa.String(length=64), server_default=EMPTY, nullable=False),
        sa.Column("language", sa.String(length=8), server_default=sa.text("'en'"), nullable=False),
        sa.Column("layout", postgresql.JSONB(), server_default=OBJECT, nullable=False),
        sa.Column("version", sa.Integer(), server_default=ONE, nullable=False),
        sa.Column("created", MOMENT, server_default=NOW, nullable=False),
        sa.Column("updated", MOMENT, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_walls")),
    )
    op.create_table(
        "wall_tokens",
        sa.Column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        sa.Column("wall_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("created", MOMENT, server_default=NOW, nullable=False),
        sa.Column("used", MOMENT, nullable=True),
        sa.Column("revoked", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["wall_id"], ["walls.id"], name=op.f("fk_wall_tokens_wall_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wall_tokens")),
        sa.UniqueConstraint("hash", name=op.f("uq_wall_tokens_hash")),
    )
    op.create_index(op.f("ix_wall_tokens_wall_id"), "wall_tokens", ["wall_id"])


def _alerts() -> None:
    op.create_table(
        "alert_rules",
        sa.Column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("metric", sa.String(length=24), nullable=False),
        sa.Column("operator", sa.String(length=8), nullable=False),
        sa.Column("value", sa.Float(precision=53), nullable=False),
        sa.Column("seconds", sa.Float(precision=53), server_default=sa.text("0"), nullable=False),
        sa.Column("scope", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.String(length=64), server_default=EMPTY, nullable=False),
        sa.Column("sound", sa.Boolean(), server_default=TRUE, nullable=False),
        sa.Column("mail", postgresql.ARRAY(sa.Text()), server_default=TEXTS, nullable=False),
        sa.Column("language", sa.String(length=8), server_default=sa.text("'en'"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=TRUE, nullable=False),
        sa.Column("version", sa.Integer(), server_default=ONE, nullable=False),
        sa.Column("created", MOMENT, server_default=NOW, nullable=False),
        sa.Column("updated", MOMENT, server_default=NOW, nullable=False),
        sa.CheckConstraint("operator in ('over', 'under')", name=op.f("ck_alert_rules_operator")),
        sa.CheckConstraint(
            "scope in ('house', 'team', 'queue')", name=op.f("ck_alert_rules_scope")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_rules")),
    )
    op.create_table(
        "alert_events",
        sa.Column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        sa.Column("rule_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("metric", sa.String(length=24), nullable=False),
        sa.Column("operator", sa.String(length=8), nullable=False),
        sa.Column("value", sa.Float(precision=53), nullable=False),
        sa.Column("scope", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.String(length=64), server_default=EMPTY, nullable=False),
        sa.Column("sound", sa.Boolean(), server_default=TRUE, nullable=False),
        sa.Column("found", sa.Float(precision=53), nullable=True),
        sa.Column("raised", MOMENT, nullable=False),
        sa.Column("ended", MOMENT, nullable=True),
        sa.Column("acknowledged", MOMENT, nullable=True),
        sa.Column("acknowledged_by", sa.Uuid(), nullable=True),
        sa.Column("acknowledged_name", sa.String(length=120), server_default=EMPTY, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_events")),
    )
    op.create_index(
        "uq_alert_events_open",
        "alert_events",
        ["rule_id"],
        unique=True,
        postgresql_where=sa.text("ended is null"),
    )
    op.create_index("ix_alert_events_raised", "alert_events", [sa.literal_column("raised DESC")])
    op.execute(TOLD)
    op.execute(
        "create trigger webhook_alerts_raised after insert on alert_events"
        " for each row execute function webhook_alerts()"
    )
    op.execute(
        "create trigger webhook_alerts_ended after update on alert_events"
        " for each row when (old.ended is null and new.ended is not null)"
        " execute function webhook_alerts()"
    )


def downgrade() -> None:
    for name in ("wall_tokens", "walls", "alert_events", "alert_rules", "desk_messages"):
        op.drop_table(name)
    op.execute("drop function webhook_alerts()")
