"""Finding calls: one row a call by month, what it is found by in one index, and what is to be read.

Triggers note each call whose record, parts, form, message or text has changed, in the transaction
that changed it (`callcenter.crm.interactions.finding_feed` reads the notes). Calls that are there
already are noted here, so that they are found, too, some minutes later."""

from alembic import op

revision = "0033_call_search"
down_revision = "0032_recordings_moving"
branch_labels = None
depends_on = None

SOURCES = ("interactions", "interaction_parts", "call_forms", "voicemails", "text_messages")

STATEMENTS = (
    "create schema search",
    """
    create table search.news (
        id bigint generated always as identity primary key,
        call text not null
    )
    """,
    """
    create table search.calls (
        at timestamptz not null,
        call text not null,
        number text not null,
        customer_id uuid,
        queue text not null,
        agents text[] not null,
        outcome text not null,
        direction text not null,
        words text not null,
        primary key (call, at)
    ) partition by range (at)
    """,
    "create index on search.calls (at, call)",
    # Of words in letters each three; of scripts that are written without blanks (from U+2E80 on)
    # each sign and each two. Blanks part words. `finding.pieces` is the same, for what is asked.
    # Names of columns are longer than any piece, so that these are never mistaken for those.
    """
    create function search.keys(words text, agents text[], queue text, outcome text,
        direction text) returns text[]
    language plpgsql immutable strict parallel safe cost 1000 as $$
    declare
        signs text[] := string_to_array(words, null);
        last int := coalesce(array_length(signs, 1), 0);
        found text[] := array['queue ' || queue, 'outcome ' || outcome, 'direction ' || direction];
        agent text;
    begin
        foreach agent in array agents loop
            found := found || ('agent ' || agent);
        end loop;
        for place in 1..last loop
            if ascii(signs[place]) >= 11904 then
                found := found || signs[place];
                if place < last and ascii(signs[place + 1]) >= 11904 then
                    found := found || (signs[place] || signs[place + 1]);
                end if;
            elsif place + 2 <= last and signs[place] <> ' ' and signs[place + 1] <> ' '
                and signs[place + 2] <> ' ' then
                found := found || (signs[place] || signs[place + 1] || signs[place + 2]);
            end if;
        end loop;
        return found;
    end $$
    """,
    "create index on search.calls"
    " using gin (search.keys(words, agents, queue, outcome, direction))",
    "create index on search.calls (number, at desc, call desc)",
    "create index on search.calls (customer_id, at desc, call desc)",
    """
    create function search.make_month(moment timestamptz) returns void language plpgsql as $$
    declare
        first timestamp := date_trunc('month', moment at time zone 'UTC');
        name text := 'calls_' || to_char(first, 'YYYY_MM');
    begin
        if to_regclass('search.' || name) is null then
            execute format(
                'create table search.%I partition of search.calls for values from (%L) to (%L)',
                name, first at time zone 'UTC', (first + interval '1 month') at time zone 'UTC');
        end if;
    end $$
    """,
    """
    create function search.note() returns trigger language plpgsql as $$
    begin
        insert into search.news (call) select distinct call from changed where call <> '';
        return null;
    end $$
    """,
    *(
        f"create trigger search_{event} after {event} on {table}"
        f" referencing {rows} table as changed for each statement execute function search.note()"
        for table in SOURCES
        for event, rows in (("insert", "new"), ("update", "new"), ("delete", "old"))
    ),
    "insert into search.news (call) select call from interactions order by started_at desc",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("versions only go up; restore the backup made before")
