"""Webhooks: who is told of what, events as they happen (by triggers), deliveries and their log."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015_webhooks"
down_revision = "0014_keys"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")
EMPTY = sa.text("''")

# Says nothing when nobody listens, so that the table stays empty where there are no webhooks.
TELL = """
create function webhook_tell(kind text, subject text, at timestamptz, data jsonb)
returns void language sql as $$
    insert into webhook_events (kind, subject, at, data)
    select $1, $2, $3, $4
    where exists (select 1 from webhooks where active and $1 = any (events))
$$
"""
# (table, when, condition, what is told)
TRIGGERS = {
    "webhook_calls": (
        "interaction_events",
        "insert",
        "new.kind in ('arrived', 'queued', 'offered', 'answered', 'ended')",
        "perform webhook_tell('call.' || new.kind, new.call, new.at, new.data);",
    ),
    "webhook_interactions": (
        "interactions",
        "insert or update",
        "true",
        "perform webhook_tell('interaction.written', new.call, now(),"
        " to_jsonb(new) - 'written' - 'call');",
    ),
    "webhook_callbacks_asked": (
        "callbacks",
        "insert",
        "true",
        "perform webhook_tell('callback.asked', new.id, new.asked_at, webhook_callback(new));"
        " if new.outcome <> '' then"
        " perform webhook_tell('callback.done', new.id, new.changed_at, webhook_callback(new));"
        " end if;",
    ),
    "webhook_callbacks_done": (
        "callbacks",
        "update",
        "new.outcome <> '' and old.outcome = ''",
        "perform webhook_tell('callback.done', new.id, new.changed_at, webhook_callback(new));",
    ),
    "webhook_tickets": (
        "ticket_events",
        "insert",
        "true",
        "perform webhook_tell("
        " case when new.kind = 'created' then 'ticket.created' else 'ticket.changed' end,"
        " new.ticket_id::text, new.at,"
        " jsonb_build_object('change', new.kind, 'by', new.user_name));",
    ),
    "webhook_tasks": (
        "tasks",
        "update",
        "new.state = 'done' and old.state <> 'done'",
        "perform webhook_tell('task.done', new.id::text, now(), jsonb_build_object("
        " 'customer_id', new.customer_id, 'ticket_id', new.ticket_id, 'kind', new.kind));",
    ),
    "webhook_voicemails": (
        "voicemails",
        "insert",
        "true",
        "perform webhook_tell('voicemail.left', new.id, new.created, jsonb_build_object("
        " 'call', new.call, 'box_kind', new.box_kind, 'box', new.box, 'number', new.number,"
        " 'name', new.name, 'customer_id', new.customer_id, 'seconds', new.seconds));",
    ),
    "webhook_customers_created": (
        "customers",
        "insert",
        "true",
        "perform webhook_tell('customer.created', new.id::text, now(),"
        " jsonb_build_object('name', new.name));",
    ),
    "webhook_customers_changed": (
        "customers",
        "update",
        "new.version <> old.version",
        "perform webhook_tell('customer.changed', new.id::text, now(),"
        " jsonb_build_object('name', new.name));",
    ),
}
CALLBACK = """
create function webhook_callback(one callbacks) returns jsonb language sql stable as $$
    select jsonb_build_object(
        'contact', one.contact, 'queue', one.queue, 'number', one.number, 'name', one.name,
        'customer_id', one.customer_id, 'outcome', one.outcome, 'tries', one.tries,
        'asked_by', one.asked_by)
$$
"""


def upgrade() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("url", sa.String(length=1000), nullable=False),
        sa.Column(
            "events",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'::text[]"),
            nullable=False,
        ),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("secret_before", sa.LargeBinary(), nullable=True),
        sa.Column("secret_before_until", MOMENT, nullable=True),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("failing_since", MOMENT, nullable=True),
        sa.Column("held_until", MOMENT, nullable=True),
        sa.Column("paused", MOMENT, nullable=True),
        sa.Column("paused_reason", sa.String(length=300), server_default=EMPTY, nullable=False),
        sa.Column("created", MOMENT, server_default=NOW, nullable=False),
        sa.Column("created_by_name", sa.String(length=120), server_default=EMPTY, nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
    )
    op.create_table(
        "webhook_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("event", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column(
            "data", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_events")),
    )
    _deliveries()
    op.execute(TELL)
    op.execute(CALLBACK)
    for name, (table, when, condition, told) in TRIGGERS.items():
        op.execute(
            f"create function {name}() returns trigger language plpgsql as $$"
            f" begin {told} return null; end $$"
        )
        op.execute(
            f"create trigger {name} after {when} on {table}"
            f" for each row when ({condition}) execute function {name}()"
        )


def _deliveries() -> None:
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "state", sa.String(length=16), server_default=sa.text("'waiting'"), nullable=False
        ),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("replays", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created", MOMENT, server_default=NOW, nullable=False),
        sa.Column("first_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("next_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("tried", MOMENT, nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(length=300), server_default=EMPTY, nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state in ('waiting', 'delivered', 'failed')",
            name=op.f("ck_webhook_deliveries_state"),
        ),
        sa.ForeignKeyConstraint(
            ["webhook_id"],
            ["webhooks.id"],
            name=op.f("fk_webhook_deliveries_webhook_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
    )
    op.create_index(
        "ix_webhook_deliveries_log",
        "webhook_deliveries",
        ["webhook_id", sa.literal_column("id DESC")],
    )
    op.create_index(
        "ix_webhook_deliveries_due",
        "webhook_deliveries",
        ["next_at"],
        postgresql_where=sa.text("state = 'waiting'"),
    )


def downgrade() -> None:
    for name, (table, *_) in TRIGGERS.items():
        op.execute(f"drop trigger {name} on {table}")
        op.execute(f"drop function {name}()")
    op.execute("drop function webhook_callback(callbacks)")
    op.execute("drop function webhook_tell(text, text, timestamptz, jsonb)")
    op.drop_table("webhook_deliveries")
    op.drop_table("webhook_events")
    op.drop_table("webhooks")
