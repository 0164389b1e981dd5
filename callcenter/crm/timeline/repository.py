"""A customer's timeline in one statement: the newest of each source, merged.

Each source is read through an index on (customer, time) and gives at most a page, so the cost does
not grow with what lies behind it. What was merged into the customer is read with him. A new kind of
entry is one more line in SOURCES.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.crm.cursors import read_cursor, write_cursor
from callcenter.crm.timeline.schemas import Entry, EntryKind

SOURCES: Mapping[EntryKind, tuple[str, str, str, str]] = {
    # kind: (table, its time, its id as text, what is shown, as JSON)
    "call": (
        "interactions",
        "started_at",
        "call",
        "jsonb_build_object('queue', queue, 'agent', agent, 'outcome', outcome, 'number', number,"
        " 'disposition', disposition, 'note', note, 'talk_seconds', talk_seconds,"
        " 'wait_seconds', wait_seconds, 'ended_by', ended_by)",
    ),
    "ticket": (
        "tickets",
        "created",
        "id::text",
        "jsonb_build_object('number', number, 'type', type, 'subject', subject, 'stage', stage,"
        " 'stage_kind', stage_kind, 'priority', priority, 'owner', owner_agent, 'due', due)",
    ),
    "task": (
        "tasks",
        "created",
        "id::text",
        "jsonb_build_object('kind', kind, 'title', title, 'due', due, 'state', state, 'result',"
        " result, 'result_note', result_note, 'owner', owner_agent)",
    ),
    "note": (
        "customer_notes",
        "at",
        "id::text",
        "jsonb_build_object('text', text, 'by', user_name)",
    ),
    "voicemail": (
        # What was thrown away is not shown; the words are for those who may open the mailbox.
        "(select * from voicemails where deleted is null) v",
        "created",
        "id",
        "jsonb_build_object('seconds', seconds, 'state', state, 'box', box, 'box_kind', box_kind,"
        " 'number', number, 'call', call)",
    ),
}


FAR = datetime(9999, 1, 1, tzinfo=UTC)


def _source(kind: EntryKind) -> str:
    table, time, id, data = SOURCES[kind]
    return f"""
        select '{kind}' as kind, s.id, s.at, s.data from who cross join lateral (
            select {id} as id, {time} as at, {data} as data from {table}
            where customer_id = who.id
              and {time} <= :at
              and ({time} < :at or ('{kind}', {id}) < (cast(:kind as text), cast(:last as text)))
            order by {time} desc, {id} desc limit :most
        ) s"""


async def page(
    session: AsyncSession,
    customer: uuid.UUID,
    kinds: Sequence[EntryKind],
    *,
    limit: int,
    cursor: str | None,
) -> tuple[list[Entry], str | None]:
    place = read_cursor(cursor, datetime, str, str)
    at, kind, last = place if place is not None else (FAR, "", "")
    union = " union all ".join(_source(kind) for kind in kinds)
    query = text(
        "with who as ("
        "  select unnest(c.id || c.merged) as id from customers c where c.id = :customer"
        f") select * from ({union}) e order by at desc, kind desc, id desc limit :most"
    )
    values = {"customer": customer, "at": at, "kind": kind, "last": last, "most": limit + 1}
    rows = (await session.execute(query, values)).all()
    found = [Entry(row.kind, row.id, row.at, row.data) for row in rows[:limit]]
    if len(rows) <= limit:
        return found, None
    return found, write_cursor(found[-1].at, found[-1].kind, found[-1].id)
