"""Balances, orders, bookings, and the look-up sources that flows read and write them by."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")

FUNCTIONS = (
    """
    create function flow_sources.pin_digest(salt bytea, pin text) returns bytea
    language plpgsql immutable strict set search_path = pg_catalog as $$
    declare digest bytea := sha256(salt || convert_to(pin, 'UTF8'));
    begin
        for turn in 1..2000 loop
            digest := sha256(digest || salt);
        end loop;
        return digest;
    end $$
    """,
    """
    create function flow_sources.balance(account text, pin text) returns jsonb
    language plpgsql set search_path = pg_catalog, public as $$
    #variable_conflict use_column
    declare kept public.balances;
    begin
        select * into kept from public.balances b where b.account = balance.account for update;
        if not found or coalesce(kept.locked_until > now(), false) then
            return jsonb_build_object('found', false, 'locked', found);
        end if;
        if kept.pin_digest is distinct from flow_sources.pin_digest(kept.pin_salt, pin) then
            update public.balances b
            set failed = case when kept.failed >= 4 then 0 else kept.failed + 1 end,
                locked_until = case when kept.failed >= 4 then now() + interval '15 minutes' end
            where b.account = kept.account;
            return jsonb_build_object('found', false, 'locked', kept.failed >= 4);
        end if;
        update public.balances b set failed = 0, locked_until = null
        where b.account = kept.account and (kept.failed > 0 or kept.locked_until is not null);
        return jsonb_build_object('found', true, 'amount', kept.amount, 'currency', kept.currency);
    end $$
    """,
    """
    create function flow_sources."order"(number text) returns jsonb
    language sql stable set search_path = pg_catalog, public as $$
        select coalesce(
            (select jsonb_build_object('found', true, 'state', o.state, 'product', o.product,
                'quantity', o.quantity, 'total', o.total, 'currency', o.currency, 'days', o.days)
             from public.orders o where o.number = "order".number),
            jsonb_build_object('found', false))
    $$
    """,
    """
    create function flow_sources.place_order(
        product text, quantity integer, phone text, request text
    ) returns jsonb
    language plpgsql set search_path = pg_catalog, public as $$
    #variable_conflict use_column
    declare placed public.orders;
    begin
        if quantity not between 1 and 999 then
            return jsonb_build_object('found', false);
        end if;
        insert into public.orders (number, phone, product, quantity, total, currency, request)
        values (lpad((floor(random() * 1e8))::bigint::text, 8, '0'), left(place_order.phone, 32),
                left(place_order.product, 80), place_order.quantity, 0, 'CNY', place_order.request)
        on conflict (request) do nothing;
        select * into placed from public.orders o where o.request = place_order.request;
        return jsonb_build_object('found', true, 'number', placed.number);
    end $$
    """,
    """
    create function flow_sources.appointment(day date, phone text, request text) returns jsonb
    language plpgsql set search_path = pg_catalog, public as $$
    #variable_conflict use_column
    declare taken public.bookings;
    begin
        select * into taken from public.bookings b where b.request = appointment.request;
        if not found and day > current_date and day < current_date + 366
           and extract(isodow from day) < 6 then
            for hour in 9..16 loop
                insert into public.bookings (day, slot, phone, request)
                values (appointment.day, make_time(hour, 0, 0), left(appointment.phone, 32),
                        appointment.request)
                on conflict do nothing
                returning * into taken;
                exit when found;
            end loop;
        end if;
        if taken.id is null then
            return jsonb_build_object('found', false);
        end if;
        return jsonb_build_object(
            'found', true, 'day', taken.day, 'time', to_char(taken.slot, 'HH24:MI'));
    end $$
    """,
    """comment on function flow_sources.balance is 'balance of an account, by account and PIN'""",
    """comment on function flow_sources."order" is 'state of an order, by its number'""",
    """comment on function flow_sources.place_order is 'places an order; gives its number'""",
    """comment on function flow_sources.appointment is 'books the first free hour of a day'""",
)


def upgrade() -> None:
    op.create_table(
        "balances",
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("pin_salt", sa.LargeBinary(), nullable=False),
        sa.Column("pin_digest", sa.LargeBinary(), nullable=False),
        sa.Column("amount", sa.Numeric(14, 2), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("failed", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("locked_until", MOMENT, nullable=True),
        sa.Column("updated", MOMENT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_balances_customer_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_balances")),
    )
    op.create_index(op.f("ix_balances_customer_id"), "balances", ["customer_id"])
    op.create_table(
        "orders",
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("phone", sa.String(length=32), server_default="", nullable=False),
        sa.Column("product", sa.String(length=80), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), server_default="open", nullable=False),
        sa.Column("total", sa.Numeric(14, 2), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("days", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("request", sa.String(length=120), nullable=True),
        sa.Column("created", MOMENT, server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "state in ('open', 'sent', 'done', 'cancelled')", name=op.f("ck_orders_state")
        ),
        sa.CheckConstraint("quantity between 1 and 999", name=op.f("ck_orders_quantity")),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_orders_customer_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_orders")),
        sa.UniqueConstraint("request", name=op.f("uq_orders_request")),
    )
    op.create_index(op.f("ix_orders_customer_id"), "orders", ["customer_id"])
    op.create_index(op.f("ix_orders_phone"), "orders", ["phone"])
    op.create_table(
        "bookings",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("slot", sa.Time(), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("request", sa.String(length=120), nullable=True),
        sa.Column("created", MOMENT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_bookings_customer_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookings")),
        sa.UniqueConstraint("day", "slot", name=op.f("uq_bookings_day_slot")),
        sa.UniqueConstraint("request", name=op.f("uq_bookings_request")),
    )
    op.create_index(op.f("ix_bookings_customer_id"), "bookings", ["customer_id"])
    op.create_index(op.f("ix_bookings_phone"), "bookings", ["phone"])
    op.execute("create schema flow_sources")
    op.execute("revoke all on schema flow_sources from public")
    for function in FUNCTIONS:
        op.execute(function)


def downgrade() -> None:
    raise NotImplementedError("versions only go up; restore the backup made before")
