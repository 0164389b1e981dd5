"""Reports: facts of calls by month, sums of days kept in step, what is still to be read, views for
other programs, saved views and schedules. All in schemas of their own: `reports` is ours, `bi` is
what others may read."""

from alembic import op

revision = "0024_reports"
down_revision = "0023_wares"
branch_labels = None
depends_on = None

STATEMENTS = (
    "create schema reports",
    """
    create table reports.facts (
        at timestamptz not null,
        call text not null,
        leg smallint not null,
        kind text not null check (kind in ('call', 'line', 'part', 'offer')),
        until timestamptz not null,
        queue text not null default '',
        agent text not null default '',
        outcome text not null,
        ended_by text not null default '',
        flow text not null default '',
        did text not null default '',
        number text not null default '',
        customer uuid,
        disposition text not null default '',
        language text not null default '',
        again boolean not null default false,
        callback boolean not null default false,
        target_ms integer not null default 0,
        wait_ms integer not null default 0,
        ring_ms integer not null default 0,
        talk_ms integer not null default 0,
        hold_ms integer not null default 0,
        consult_ms integer not null default 0,
        wrap_ms integer not null default 0,
        holds smallint not null default 0,
        primary key (call, leg, at)
    ) partition by range (at)
    """,
    "create index on reports.facts (at) where kind = 'line'",
    "create index on reports.facts (at) where kind = 'call'",
    "create index on reports.facts (agent, at) where kind in ('part', 'offer')",
    "create index on reports.facts (at) where kind in ('part', 'offer')",
    "create index on reports.facts (number, at) where kind = 'call'",
    """
    create function reports.make_month(moment timestamptz) returns void language plpgsql as $$
    declare
        first timestamp := date_trunc('month', moment at time zone 'UTC');
        name text := 'facts_' || to_char(first, 'YYYY_MM');
    begin
        if to_regclass('reports.' || name) is null then
            execute format(
                'create table reports.%I partition of reports.facts for values from (%L) to (%L)',
                name, first at time zone 'UTC', (first + interval '1 month') at time zone 'UTC');
        end if;
    end $$
    """,
    """
    create table reports.queue_days (
        day date not null,
        queue text not null,
        offered bigint not null, answered bigint not null, in_target bigint not null,
        abandoned bigint not null, abandoned_late bigint not null,
        abandoned_short bigint not null, diverted bigint not null, waiting bigint not null,
        given_in bigint not null, by_callback bigint not null,
        wait_answered_ms bigint not null, wait_abandoned_ms bigint not null,
        primary key (day, queue)
    )
    """,
    """
    create table reports.agent_days (
        day date not null,
        agent text not null,
        queue text not null,
        handled bigint not null, talk_ms bigint not null, hold_ms bigint not null,
        consult_ms bigint not null, wrap_ms bigint not null, ring_ms bigint not null,
        holds bigint not null, given_on bigint not null, lost bigint not null,
        missed bigint not null, rejected bigint not null, withdrawn bigint not null,
        primary key (day, agent, queue)
    )
    """,
    """
    create table reports.spells (
        agent text not null,
        since timestamptz not null,
        sequence bigint not null,
        until timestamptz,
        state text not null,
        reason text not null,
        call text not null,
        primary key (agent, since, sequence)
    )
    """,
    "create index on reports.spells (since)",
    """
    create table reports.state_days (
        day date not null,
        agent text not null,
        state text not null,
        reason text not null,
        spent_ms bigint not null,
        primary key (day, agent, state, reason)
    )
    """,
    """
    create table reports.news (
        id bigint generated always as identity primary key,
        call text not null
    )
    """,
    """
    create table reports.agent_news (
        id bigint generated always as identity primary key,
        agent text not null,
        since timestamptz not null
    )
    """,
    """
    create table reports.state (
        one boolean primary key default true check (one),
        zone text not null default 'UTC',
        fed_until timestamptz
    )
    """,
    "insert into reports.state default values",
    """
    create table reports.views (
        id uuid primary key default gen_random_uuid(),
        user_id uuid not null references public.users (id) on delete cascade,
        name text not null check (length(name) between 1 and 80),
        shared boolean not null default false,
        report text not null,
        filter jsonb not null,
        created timestamptz not null default now()
    )
    """,
    "create index on reports.views (user_id)",
    """
    create table reports.schedules (
        id uuid primary key default gen_random_uuid(),
        user_id uuid not null references public.users (id) on delete cascade,
        name text not null check (length(name) between 1 and 80),
        report text not null,
        filter jsonb not null,
        every text not null check (every in ('day', 'week', 'month')),
        at_minute smallint not null check (at_minute between 0 and 1439),
        time_zone text not null,
        recipients text[] not null,
        form text not null check (form in ('xlsx', 'csv')),
        language text not null check (language in ('en', 'zh')),
        active boolean not null default true,
        sent_for timestamptz,
        trouble text not null default '',
        created timestamptz not null default now()
    )
    """,
    "alter table letters add column content bytea",
    "alter table letters add column content_name varchar(120) not null default ''",
    # What was written before reports existed is read like everything else.
    """
    insert into reports.news (call)
    select call from (select call, min(at) as at from interaction_events group by call) e
    order by at
    """,
    """
    insert into reports.agent_news (agent, since)
    select agent, min(at) from presence_events group by agent
    """,
    "create schema bi",
    """
    create view bi.calls as
    select call, at as started_at, until as ended_at, number, did, customer as customer_id, flow,
           queue, agent, outcome, ended_by, disposition, language, wait_ms, talk_ms, hold_ms,
           wrap_ms
    from reports.facts where kind = 'call'
    """,
    """
    create view bi.queue_visits as
    select call, leg, at as joined_at, until as left_at, queue, outcome, again, callback,
           wait_ms, target_ms, agent
    from reports.facts where kind = 'line'
    """,
    """
    create view bi.agent_parts as
    select call, leg, at as began_at, until as ended_at, agent, queue, outcome, disposition,
           ring_ms, talk_ms, hold_ms, consult_ms, wrap_ms, holds
    from reports.facts where kind = 'part'
    """,
    """
    create view bi.missed_offers as
    select call, leg, at as offered_at, until as ended_at, agent, queue, outcome, ring_ms
    from reports.facts where kind = 'offer'
    """,
    """
    create view bi.agent_states as
    select agent, since, until, state, reason, call from reports.spells
    """,
    "create view bi.queue_days as select * from reports.queue_days",
    "create view bi.agent_days as select * from reports.agent_days",
    "create view bi.state_days as select * from reports.state_days",
    """
    create view bi.surveys as
    select call, at, question, score, flow, customer_id, queue, agent from survey_answers
    """,
    """
    create view bi.tickets as
    select number, type, stage, stage_kind, priority, owner_agent, queue, customer_id, created,
           first_answered, first_due, solution_due, solved, closed, waited_seconds, satisfaction
    from tickets where merged_into is null
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("versions only go up; restore the backup made before")
