"""A customer as the screen shows him: one query by number or id, one JSON-able shape.

The same shape travels in `CustomerCard.record` when a call rings and in the CRM's answers, so that
the console has one type for both. Knows SQL and the core's card; decides nothing.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.commands import CustomerCard
from callcenter.store.quick import Quick

HISTORY_MAX = 20
MATCHES_MAX = 20

_INTERACTIONS = f"""
    select i.call, extract(epoch from i.started_at)::float8 as started_at,
           extract(epoch from i.ended_at)::float8 as ended_at, i.number, i.did, i.outcome,
           i.ended_by, i.agent, coalesce(a.name, '') as agent_name, i.queue,
           coalesce(q.name, '') as queue_name, i.path, i.wait_seconds, i.talk_seconds,
           i.disposition, i.note, i.language
    from unnest(c.id || c.merged) who
    cross join lateral (
        select * from interactions x where x.customer_id = who
        order by x.started_at desc, x.call limit {HISTORY_MAX}
    ) i
    left join agents a on a.id = i.agent
    left join queues q on q.id = i.queue
    order by i.started_at desc, i.call
"""

_RECORD = f"""
    select c.id, c.name, c.company, c.vip, c.blocked, c.language, c.priority, c.value_seconds,
           c.owner_agent, coalesce(o.name, '') as owner_agent_name, c.notes, c.tags, c.custom,
           c.kind, c.company_id, c.consent,
           c.version, extract(epoch from c.created)::float8 as created,
           extract(epoch from c.updated)::float8 as updated,
           coalesce((
               select jsonb_agg(jsonb_build_object(
                   'number', n.e164, 'label', n.label, 'typed', n.typed)
                   order by n.position, n.e164)
               from customer_numbers n where n.customer_id = c.id
           ), '[]'::jsonb) as numbers,
           coalesce((
               select jsonb_agg(jsonb_build_object(
                   'address', e.address, 'label', e.label, 'typed', e.typed)
                   order by e.position, e.address)
               from customer_emails e where e.customer_id = c.id
           ), '[]'::jsonb) as emails,
           coalesce((
               select jsonb_agg(to_jsonb(h) order by h.started_at desc, h.call)
               from ({_INTERACTIONS} limit {HISTORY_MAX}) h
           ), '[]'::jsonb) as interactions
    from customers c left join agents o on o.id = c.owner_agent
"""

_BY_NUMBER = (
    f"{_RECORD} where c.id in (select customer_id from customer_numbers where e164 = $1)"
    f" and c.merged_into is null order by c.updated desc, c.id limit {MATCHES_MAX}"
)
_BY_ID = text(
    f"{_RECORD} where c.id = "
    "(select coalesce(m.merged_into, m.id) from customers m where m.id = :id)"
)


async def records_by_number(database: Quick, number: str) -> list[dict[str, Any]]:
    """All customers who have `number` (E.164 or extension), the last changed first."""
    records = []
    for row in await database.fetch(_BY_NUMBER, number):
        values = dict(row)
        for name in ("custom", "consent", "numbers", "emails", "interactions"):
            values[name] = json.loads(values[name])
        records.append(_finished(values))
    return records


async def record_by_id(session: AsyncSession, customer: uuid.UUID) -> dict[str, Any] | None:
    row = (await session.execute(_BY_ID, {"id": customer})).mappings().first()
    return _finished({str(key): value for key, value in row.items()}) if row else None


def _finished(record: dict[str, Any]) -> dict[str, Any]:
    record["id"] = str(record["id"])
    record["company_id"] = record["company_id"] and str(record["company_id"])
    record["last_agent"] = next(
        (
            item["agent"]
            for item in record["interactions"]
            if item["agent"] and item["outcome"] == "answered"
        ),
        None,
    )
    return record


def card(record: Mapping[str, Any]) -> CustomerCard:
    """What routing needs of a record, with the record itself for the screen."""
    return CustomerCard(
        id=record["id"],
        name=record["name"],
        vip=record["vip"],
        blocked=record["blocked"],
        language=record["language"],
        priority=record["priority"],
        value_seconds=record["value_seconds"],
        owner_agent=record["owner_agent"],
        last_agent=record["last_agent"],
        record=record,
    )
