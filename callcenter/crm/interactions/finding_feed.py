"""Keeps what calls are found by (`search.calls`) in step with the books.

Triggers note each call of which something was written (`store.portions`). Here these are read,
whole calls at a time, and their rows written anew; so a call that is read twice is as it was. A
call that goes on is not in it: it is found when it has ended.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from callcenter.store.portions import PORTION, PortionFeed, make_months, portion_of
from callcenter.store.searching import fold

LOCK = 0x0CA11F1D
WORDS_MAX = 6000  # letters of one call; what comes after is not found by

NEWS = portion_of("search.news")
READ = text("delete from search.news where id = any(cast(:ids as bigint[]))")
SPOKEN = "jsonb_path_query({}, 'strict $.** ? (@.type() == \"string\")') #>> '{{}}'"
BOOKS = text(
    f"""
    select i.call, i.started_at as at, i.number, i.customer_id, coalesce(i.queue, '') as queue,
        i.outcome, i.direction,
        array(select i.agent where i.agent is not null union
            select agent from interaction_parts p where p.call = i.call) as agents,
        array[i.note] || array(select note from interaction_parts p where p.call = i.call
                order by part)
            || array(select d.name || ' ' || d.name_zh from dispositions d
                where d.code = i.disposition or d.code in
                    (select disposition from interaction_parts p where p.call = i.call)
                order by d.code)
            || array(select {SPOKEN.format("f.path")} from call_forms f where f.call = i.call)
            || array(select {SPOKEN.format("f.values")} from call_forms f where f.call = i.call)
            || array(select coalesce(transcript, '') || ' ' || note from voicemails v
                where v.call = i.call and v.deleted is null order by v.id)
            || array(select m.words from text_messages m where m.call = i.call order by m.id)
            as said
    from interactions i where i.call = any(cast(:calls as text[]))
    """
)
COLUMNS = "at, call, number, customer_id, queue, agents, outcome, direction, words"
NEW = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS.split(", ")[2:])
WRITE = text(
    f"""
    insert into search.calls ({COLUMNS})
    select {COLUMNS} from jsonb_to_recordset(cast(:rows as jsonb)) as r(at timestamptz, call text,
        number text, customer_id uuid, queue text, agents text[], outcome text, direction text,
        words text)
    on conflict (call, at) do update set {NEW}
    """
)


def words_of(number: str, said: Iterable[str]) -> str:
    """What a call is found by: the digits of its number, and each text once, folded."""
    once = dict.fromkeys(fold(one.replace("\0", "")) for one in said)
    return " ".join([number.removeprefix("+"), *filter(None, once)])[:WORDS_MAX].strip()


class FindingFeed(PortionFeed):
    def __init__(self, engine: AsyncEngine) -> None:
        super().__init__(engine, LOCK, _portion, "calls that have ended are not found yet")


async def _portion(connection: AsyncConnection) -> bool:
    news = (await connection.execute(NEWS)).all()
    if not news:
        return False
    calls = sorted({row.call for row in news})
    books = (await connection.execute(BOOKS, {"calls": calls})).mappings().all()
    rows = [_row(dict(one)) for one in books]
    await make_months(connection, "search", (one["at"] for one in books))
    values = {"rows": json.dumps(rows, default=str, ensure_ascii=False)}
    await connection.execute(WRITE, values)
    await connection.execute(READ, {"ids": [row.id for row in news]})
    return len(news) >= PORTION


def _row(book: dict[str, Any]) -> dict[str, Any]:
    said = book.pop("said")
    return book | {"agents": sorted(book["agents"]), "words": words_of(book["number"], said)}
