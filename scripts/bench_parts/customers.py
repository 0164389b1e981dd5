"""The customer side with much in it: a customer of 5,000 entries opens, a caller is found.

An own PostgreSQL, 20,000 customers, one of whom has 5,000 calls, tickets, tasks and notes. Measured
is the answer of the service's own parts (the query, the values), not the network. Prints one JSON
object.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.crm.services import make_crm
from callcenter.crm.tickets.schemas import Wanted
from callcenter.store.customer_record import records_by_number
from callcenter.store.engine import make_engine
from callcenter.store.quick import Quick
from tests.database import fresh_database, running_server

ENTRIES = 5000
CUSTOMERS = 20_000
ROUNDS = 200
BUSY = "00000000-0000-4000-8000-000000000001"

FILL = (
    """insert into customers (name, search_text, grams)
       select 'Customer ' || n, 'customer ' || n,
              array['cu','us','st','to','om','me','er','cus','ust','sto','tom','ome','mer',
                    n::text]
       from generate_series(1, :customers) n""",
    """insert into customer_numbers (customer_id, e164)
       select id, '+86139' || lpad(substr(name, 10), 8, '0') from customers""",
    "insert into customers (id, name) values (cast(:busy as uuid), 'Busy')",
    """insert into customer_numbers (customer_id, e164)
       values (cast(:busy as uuid), '+8613800138000')""",
    """insert into interactions (call, revision, started_at, ended_at, number, did, customer_id,
           queue, agent, flow, outcome, ended_by, path, wait_seconds, ring_seconds, talk_seconds,
           hold_seconds, wrap_up_seconds, offers, language, disposition, note)
       select 'b-' || n, 1, now() - n * interval '1 hour', now() - n * interval '1 hour', '+86',
           '4', cast(:busy as uuid), 'support', 'ada', 'demo', 'answered', 'caller', '{}', 1, 1,
           60, 0, 0, 1, 'en', 'resolved', 'note ' || n
       from generate_series(1, :entries / 2) n""",
    """insert into tickets (type, subject, customer_id, stage, stage_kind, stage_since, created)
       select 'question', 'Ticket ' || n, cast(:busy as uuid), 'new', 'open', now(),
           now() - n * interval '3 hours' from generate_series(1, :entries / 5) n""",
    """insert into tasks (title, customer_id, due, created)
       select 'Task ' || n, cast(:busy as uuid), now(), now() - n * interval '5 hours'
       from generate_series(1, :entries / 5) n""",
    """insert into customer_notes (customer_id, at, text)
       select cast(:busy as uuid), now() - n * interval '7 hours', 'Note ' || n
       from generate_series(1, :entries / 10) n""",
    "analyze",
)


async def timed(action: Callable[[], Awaitable[Any]], rounds: int = ROUNDS) -> dict[str, float]:
    """Milliseconds of `rounds` runs after a first one."""
    await action()
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        await action()
        took.append(1000 * (time.perf_counter() - began))
    took.sort()
    return {
        "p50_ms": round(took[len(took) // 2], 2),
        "p99_ms": round(took[int(len(took) * 0.99)], 2),
    }


async def measure(url: str) -> dict[str, object]:
    engine: AsyncEngine = make_engine(url)
    quick = Quick(url)
    values = {"customers": CUSTOMERS, "busy": BUSY, "entries": ENTRIES}
    async with engine.begin() as connection:
        for statement in FILL:
            named = {name: value for name, value in values.items() if f":{name}" in statement}
            await connection.execute(text(statement), named)
    crm = make_crm(engine, "CN")
    cursor: str | None = None
    entries = 0
    while True:
        found, cursor = await crm.timeline.entries(BUSY, limit=100, cursor=cursor)
        entries += len(found)
        if cursor is None:
            break
    _, middle = await crm.timeline.entries(BUSY, limit=100)

    async def whole() -> None:
        await crm.customers.customer(BUSY)
        await crm.timeline.entries(BUSY, limit=50)

    late = Wanted(state="open", order="due")
    figures: dict[str, object] = {
        "entries": entries,
        "open_customer": await timed(whole),
        "next_page": await timed(lambda: crm.timeline.entries(BUSY, limit=50, cursor=middle)),
        "pop": await timed(lambda: records_by_number(quick, "+8613800138000")),
        "search": await timed(lambda: crm.customers.search("customer 1234"), 20),
        "tickets": await timed(lambda: crm.tickets.tickets(late, now=0)),
    }
    await quick.close()
    await engine.dispose()
    return figures


def main() -> None:
    with running_server() as server, fresh_database(server, "bench_customers") as url:
        print(json.dumps(asyncio.run(measure(url)), indent=2))


if __name__ == "__main__":
    main()
