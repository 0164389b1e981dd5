"""Wares with prices; an order knows its price and total."""

import sqlalchemy as sa
from alembic import op

revision = "0023_wares"
down_revision = "0022_audit_seals"
branch_labels = None
depends_on = None

FUNCTIONS = (
    """
    create function flow_sources.ware(code text) returns jsonb
    language sql stable set search_path = pg_catalog, public as $$
        select coalesce(
            (select jsonb_build_object('found', true, 'name', a.name, 'name_zh', a.name_zh,
                'price', a.price, 'currency', a.currency)
             from public.wares a where a.code = ware.code),
            jsonb_build_object('found', false))
    $$
    """,
    """
    create or replace function flow_sources.place_order(
        product text, quantity integer, phone text, request text
    ) returns jsonb
    language plpgsql set search_path = pg_catalog, public as $$
    #variable_conflict use_column
    declare
        wanted public.wares;
        placed public.orders;
    begin
        select * into wanted from public.wares a
        where a.code = split_part(place_order.product, ' ', 1);
        if not found or quantity not between 1 and 999 then
            return jsonb_build_object('found', false);
        end if;
        insert into public.orders
            (number, phone, product, quantity, price, total, currency, request)
        values (lpad((floor(random() * 1e8))::bigint::text, 8, '0'), left(place_order.phone, 32),
                left(place_order.product, 80), place_order.quantity, wanted.price,
                wanted.price * place_order.quantity, wanted.currency, place_order.request)
        on conflict (request) do nothing;
        select * into placed from public.orders o where o.request = place_order.request;
        return jsonb_build_object('found', true, 'number', placed.number, 'price', placed.price,
            'total', placed.total, 'currency', placed.currency);
    end $$
    """,
    """comment on function flow_sources.ware is 'name and price of a ware, by its number'""",
    """comment on function flow_sources.place_order is
        'places an order of a ware; gives its number and total'""",
)


def upgrade() -> None:
    wares = op.create_table(
        "wares",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_zh", sa.String(length=80), server_default="", nullable=False),
        sa.Column("price", sa.Numeric(14, 2), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.CheckConstraint("price >= 0", name=op.f("ck_wares_price")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_wares")),
    )
    op.bulk_insert(
        wares,
        [
            {"code": code, "name": name, "name_zh": name_zh, "price": price, "currency": "CNY"}
            for code, name, name_zh, price in (
                ("101", "green tea", "绿茶", "68.00"),
                ("102", "black tea", "红茶", "52.50"),
                ("103", "jasmine tea", "茉莉花茶", "45.00"),
            )
        ],
    )
    op.add_column(
        "orders",
        sa.Column("price", sa.Numeric(14, 2), server_default=sa.text("0"), nullable=False),
    )
    for function in FUNCTIONS:
        op.execute(function)


def downgrade() -> None:
    raise NotImplementedError("versions only go up; restore the backup made before")
