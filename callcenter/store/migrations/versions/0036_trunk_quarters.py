"""Trunks over a long time: counts by day, and lines in use by quarter of an hour.

The days are added up here. The quarters are all noted, and worked out beside the calls in some
minutes; until then reports ask the facts, as before. Lines in use at a moment are found by when
they began, those that last long or are still taken by indexes of their own."""

from alembic import op

revision = "0036_trunk_quarters"
down_revision = "0035_alerts_given"
branch_labels = None
depends_on = None

SUMS = (
    ("trunk_in", "(not outward)::int"),
    ("trunk_in_talked", "(not outward and outcome = 'answered')::int"),
    ("trunk_out", "outward::int"),
    ("trunk_out_answered", "(outward and outcome in ('answered', 'open'))::int"),
    ("trunk_failed", "(outward and outcome not in ('answered', 'open', 'dialling'))::int"),
    ("trunk_in_ms", "case when not outward then talk_ms else 0 end"),
    ("trunk_out_ms", "case when outward then talk_ms else 0 end"),
)
STATEMENTS = (
    "drop index reports.facts_until_idx",
    "create index on reports.facts (until) where kind = 'trunk' and until - at > interval '1 hour'",
    "create index on reports.facts (at) where kind = 'trunk' and outcome in ('open', 'dialling')",
    f"""
    create table reports.trunk_days (
        day date not null,
        trunk text not null,
        outcome text not null,
        {" ".join(f"{name} bigint not null," for name, _ in SUMS)}
        primary key (day, trunk, outcome)
    )
    """,
    # `whole`: of all trunks together. Microseconds are `used`.
    """
    create table reports.trunk_quarters (
        quarter timestamptz not null,
        whole boolean not null,
        trunk text not null,
        most integer not null,
        most_at timestamptz not null,
        used bigint not null,
        primary key (quarter, whole, trunk)
    )
    """,
    """
    create table reports.trunk_news (
        quarter timestamptz primary key,
        noted timestamptz not null default now()
    )
    """,
    f"""
    insert into reports.trunk_days (day, trunk, outcome, {", ".join(name for name, _ in SUMS)})
    select (at at time zone zone)::date, trunk, outcome, {", ".join(f"sum({s})" for _, s in SUMS)}
    from reports.facts cross join reports.state where kind = 'trunk' group by 1, 2, 3
    """,
    """
    insert into reports.trunk_news (quarter)
    select distinct generate_series(date_bin('15 minutes', at, timestamptz 'epoch'),
        until - interval '1 microsecond', interval '15 minutes')
    from reports.facts where kind = 'trunk' and until > at and outcome not in ('open', 'dialling')
    """,
    "create view bi.trunk_days as select * from reports.trunk_days",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("versions only go up; restore the backup made before")
