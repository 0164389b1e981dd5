"""Reports of trunks: a fact for each line of a trunk that a call took.

Calls of the last three months are read again, which goes on beside the calls for some minutes; what
is older has no such facts. The report of calls at once has become that of trunks."""

from alembic import op

revision = "0034_trunks"
down_revision = "0033_call_search"
branch_labels = None
depends_on = None

STATEMENTS = (
    "alter table reports.facts add column trunk text not null default ''",
    "alter table reports.facts add column outward boolean not null default false",
    "alter table reports.facts drop constraint facts_kind_check",
    "alter table reports.facts add constraint facts_kind_check"
    " check (kind in ('call', 'line', 'part', 'offer', 'trunk'))",
    "create index on reports.facts (at) where kind = 'trunk'",
    # What still went on when a period began, however early it began itself.
    "create index on reports.facts (until) where kind = 'trunk'",
    """
    create view bi.trunk_lines as
    select call, leg, trunk, case when outward then 'out' else 'in' end as direction,
           at as taken_at, case when outcome in ('open', 'dialling') then null else until end
           as freed_at, outcome, queue, agent, ring_ms, talk_ms
    from reports.facts where kind = 'trunk'
    """,
    "update reports.views set report = 'trunks' where report = 'concurrency'",
    "update reports.schedules set report = 'trunks' where report = 'concurrency'",
    """
    insert into reports.news (call)
    select call from interactions where started_at > now() - interval '92 days'
    order by started_at
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("versions only go up; restore the backup made before")
