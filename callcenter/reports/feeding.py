"""Keeps the facts and the sums of days in step with the ledger.

The ledger notes in the statement that writes a record whose call or agent has news. Here these are
read again from the beginning: the old rows of the call go, their numbers are taken off the sums of
their days; the new rows come, and theirs are added: one transaction, so that facts and sums agree
at every moment. Reading a call twice changes nothing; how portions are taken: `store.portions`.

Sums of days are those of the centre's time zone. When that changes they are added up anew.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from callcenter.reports.books import Books, Fact, Happening
from callcenter.reports.facts import facts_of
from callcenter.reports.lines_in_use import AT_ONCE, STILL_TAKEN, keep, note
from callcenter.reports.metrics import SUMS, kept_by_day
from callcenter.store.portions import PORTION, PortionFeed, make_months, portion_of

log = logging.getLogger(__name__)

LOCK = 0x0CA11FAC
EVENTS_MAX = 5000  # of one call; what comes after is not read
REBUILD_MILLISECONDS = 3_600_000
DAYS = ("queue_days", "agent_days", "state_days", "trunk_days")

COLUMN_TYPES = {
    "at": "timestamptz",
    "until": "timestamptz",
    "leg": "smallint",
    "holds": "smallint",
    "customer": "uuid",
    "again": "boolean",
    "callback": "boolean",
    "outward": "boolean",
} | {
    name: "integer"
    for name in ("target_ms", "wait_ms", "ring_ms", "talk_ms", "hold_ms", "consult_ms", "wrap_ms")
}
COLUMNS = tuple(field.name for field in fields(Fact))

QUEUE_SUMS = kept_by_day("line")
AGENT_SUMS = (*kept_by_day("part"), *kept_by_day("offer"))
TRUNK_SUMS = kept_by_day("trunk")


def _adding(table: str, keys: str, sums: Sequence[str], sign: str, source: str) -> str:
    """One statement's part that adds facts to (or takes them off) a table of days."""
    kinds = {SUMS[name].kind for name in sums}
    made = ", ".join(
        f"{sign}sum(case when kind = '{SUMS[name].kind}' then {SUMS[name].sql} else 0 end)"
        for name in sums
    )
    some = ", ".join(f"'{kind}'" for kind in sorted(kinds))
    news = ", ".join(f"{name} = days.{name} + excluded.{name}" for name in sums)
    return f"""
        insert into reports.{table} as days (day, {keys}, {", ".join(sums)})
        select (at at time zone cast(:zone as text))::date, {keys}, {made}
        from {source} where kind in ({some})
        group by (at at time zone cast(:zone as text))::date, {keys}
        on conflict (day, {keys}) do update set {news}
    """


def _changing(change: str, source: str, sign: str) -> TextClause:
    return text(
        f"""
        with {source} as ({change} returning *),
        lines as ({_adding("queue_days", "queue", QUEUE_SUMS, sign, source)}),
        parts as ({_adding("agent_days", "agent, queue", AGENT_SUMS, sign, source)}),
        trunks as ({_adding("trunk_days", "trunk, outcome", TRUNK_SUMS, sign, source)})
        select call, at, until, trunk from {source} where kind = 'trunk' and not {STILL_TAKEN}
        """
    )


TAKE_OFF = _changing(
    "delete from reports.facts"
    " where call = any(cast(:calls as text[])) and at between :low and :high",
    "gone",
    "-",
)
PUT_IN = _changing(
    f"""
    insert into reports.facts ({", ".join(COLUMNS)})
    select {", ".join(COLUMNS)} from jsonb_to_recordset(cast(:rows as jsonb))
        as r({", ".join(f"{name} {COLUMN_TYPES.get(name, 'text')}" for name in COLUMNS)})
    """,
    "fresh",
    "",
)
NEWS = portion_of("reports.news")
READ = text("delete from reports.news where id = any(cast(:ids as bigint[]))")
EVENTS = text(
    "select call, at, kind, data - 'why' as data from interaction_events"
    " where call = any(cast(:calls as text[])) order by call, sequence"
)
WHOLES = text("select * from interactions where call = any(cast(:calls as text[]))")
PARTS = text(
    "select * from interaction_parts where call = any(cast(:calls as text[])) order by call, part"
)
CALLBACKS = text(
    "select contact, queue, asked_at, joined_at, changed_at, outcome from callbacks"
    " where contact = any(cast(:calls as text[])) order by contact, asked_at, id"
)
TARGETS = text("select id, settings -> 'service_level_seconds' as seconds from queues")
ZONES = text(
    "select s.zone, coalesce(c.time_zone, 'UTC') as wanted"
    " from reports.state s left join config_state c on c.id = 1"
)

# -- agents' states -----------------------------------------------------------------------------
AGENT_NEWS = text("select id, agent, since from reports.agent_news order by id limit :most")
AGENTS_READ = text("delete from reports.agent_news where id = any(cast(:ids as bigint[]))")
SPELLS_FROM = text(
    "select coalesce(max(since), :since) from reports.spells"
    " where agent = :agent and since < :since"
)
FORGET_SPELLS = text("delete from reports.spells where agent = :agent and since >= :low")
MAKE_SPELLS = text(
    """
    insert into reports.spells (agent, since, sequence, until, state, reason, call)
    select agent, at, sequence, lead(at) over (order by at, sequence), state, reason, call
    from presence_events where agent = :agent and at >= :low
    """
)
ZONE = "at time zone cast(:zone as text)"
SPENT = f"""(
    round(extract(epoch from least(until, (day + interval '1 day') {ZONE})) * 1000)
    - round(extract(epoch from greatest(since, day {ZONE})) * 1000))::bigint"""
"""Milliseconds of a spell on one `day` (a timestamp without zone): moments are rounded, not their
difference, so that the days of a spell add up to it."""


def _state_days(where: str) -> str:
    return f"""
        insert into reports.state_days (day, agent, state, reason, spent_ms)
        select day::date, agent, state, reason, sum({SPENT})
        from reports.spells, generate_series(
            date_trunc('day', since at time zone cast(:zone as text)),
            date_trunc('day', until at time zone cast(:zone as text)), interval '1 day') as day
        where until is not null {where}
        group by day, agent, state, reason
        having sum({SPENT}) > 0
    """


FORGET_STATE_DAYS = text(
    "delete from reports.state_days where agent = :agent"
    " and day >= (cast(:low as timestamptz) at time zone cast(:zone as text))::date"
)
FIRST_DAY = f"date_trunc('day', cast(:low as timestamptz) {ZONE})"
MAKE_STATE_DAYS = text(
    _state_days(f"and agent = :agent and until > {FIRST_DAY} {ZONE} and day >= {FIRST_DAY}")
)
ALL_STATE_DAYS = text(_state_days(""))


class Feeder(PortionFeed):
    def __init__(self, engine: AsyncEngine) -> None:
        super().__init__(engine, LOCK, _portion, "the reports are not kept up")

    async def read_again(self) -> None:
        """Everything that was ever written is news: for when the rules of `facts` have changed."""
        async with self._engine.begin() as connection:
            for table in ("facts", *DAYS, "spells", "trunk_quarters", "trunk_news"):
                await connection.execute(text(f"delete from reports.{table}"))
            await connection.execute(
                text("insert into reports.news (call) select distinct call from interaction_events")
            )
            await connection.execute(
                text(
                    "insert into reports.agent_news (agent, since)"
                    " select agent, min(at) from presence_events group by agent"
                )
            )


async def _portion(connection: AsyncConnection) -> bool:
    zone, wanted = (await connection.execute(ZONES)).one()
    if zone != wanted:
        await _add_up_anew(connection, wanted)
    calls = await _feed_calls(connection, wanted)
    agents = await _feed_agents(connection, wanted)
    if calls or agents:
        await connection.execute(text("update reports.state set fed_until = now()"))
    quarters = await keep(connection)
    return max(calls, agents) >= PORTION or quarters >= AT_ONCE


async def _feed_calls(connection: AsyncConnection, zone: str) -> int:
    news = (await connection.execute(NEWS)).all()
    if not news:
        return 0
    calls = sorted({row.call for row in news})
    books = await _books(connection, calls)
    facts: list[Fact] = []
    for one in books:
        facts += facts_of(one)
        await asyncio.sleep(0)  # the loop that routes calls is the same one
    low, high = _stretch(books, facts)
    if low is not None:
        values = {"calls": calls, "zone": zone, "low": low, "high": high}
        gone = list(await connection.execute(TAKE_OFF, values))
        await put_in(connection, facts, zone, gone)
    await connection.execute(READ, {"ids": [row.id for row in news]})
    return len(news)


async def put_in(
    connection: AsyncConnection, facts: Sequence[Fact], zone: str, gone: Iterable[Any] = ()
) -> None:
    """Add these facts, and to the sums of their days. `gone`: lines of trunks in their place."""
    await make_months(connection, "reports", (fact.at for fact in facts))
    rows = json.dumps([asdict(fact) for fact in facts], default=str, ensure_ascii=False)
    fresh = await connection.execute(PUT_IN, {"rows": rows, "zone": zone})
    before, now = Counter(map(tuple, gone)), Counter(map(tuple, fresh))
    changed = [*(before - now), *(now - before)]
    await note(connection, [(at, until) for _, at, until, _ in changed])


async def _books(connection: AsyncConnection, calls: Sequence[str]) -> list[Books]:
    wanted = {"calls": list(calls)}
    events: dict[str, list[Happening]] = defaultdict(list)
    for row in await connection.execute(EVENTS, wanted):
        if len(events[row.call]) < EVENTS_MAX:
            events[row.call].append(Happening(row.at, row.kind, row.data))
    wholes = {row["call"]: row for row in await _rows(connection, WHOLES, wanted)}
    parts = _by(await _rows(connection, PARTS, wanted), "call")
    callbacks = _by(await _rows(connection, CALLBACKS, wanted), "contact")
    found = (await connection.execute(TARGETS)).all()
    targets = {row.id: float(row.seconds) for row in found if row.seconds is not None}
    return [
        Books(call, events[call], wholes.get(call), parts[call], callbacks[call], targets)
        for call in calls
    ]


async def _rows(
    connection: AsyncConnection, query: TextClause, values: Mapping[str, Any]
) -> Sequence[Mapping[str, Any]]:
    return [dict(row) for row in (await connection.execute(query, values)).mappings()]


def _by(rows: Iterable[Mapping[str, Any]], key: str) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row[key]].append(row)
    return found


def _stretch(
    books: Sequence[Books], facts: Sequence[Fact]
) -> tuple[datetime | None, datetime | None]:
    """Between which moments rows of these calls lie, those of an earlier reading, too: each began
    at an event, a part or with the call, or while a callback was open."""
    moments = [fact.at for fact in facts]
    for one in books:
        moments += [event.at for event in one.events]
        moments += [part["began_at"] for part in one.parts]
        moments += [row[at] for row in one.callbacks for at in ("asked_at", "changed_at")]
    return min(moments, default=None), max(moments, default=None)


async def _feed_agents(connection: AsyncConnection, zone: str) -> int:
    news = (await connection.execute(AGENT_NEWS, {"most": PORTION})).all()
    first: dict[str, datetime] = {}
    for row in news:
        first[row.agent] = min(row.since, first.get(row.agent, row.since))
    for agent, since in first.items():
        values: dict[str, Any] = {"agent": agent, "since": since}
        low = (await connection.execute(SPELLS_FROM, values)).scalar_one()
        values = {"agent": agent, "low": low}
        await connection.execute(FORGET_SPELLS, values)
        await connection.execute(MAKE_SPELLS, values)
        await connection.execute(FORGET_STATE_DAYS, values | {"zone": zone})
        await connection.execute(MAKE_STATE_DAYS, values | {"zone": zone})
    if news:
        await connection.execute(AGENTS_READ, {"ids": [row.id for row in news]})
    return len(news)


async def _add_up_anew(connection: AsyncConnection, zone: str) -> None:
    """The day begins at another moment now. Readers see the old sums until this is done."""
    log.info("the days of the reports are added up anew for %s", zone)
    await connection.execute(text(f"set local statement_timeout = {REBUILD_MILLISECONDS}"))
    await add_up(connection, zone)


async def add_up(connection: AsyncConnection, zone: str) -> None:
    """All sums of days from the facts and spells, for this time zone."""
    for table in DAYS:
        await connection.execute(text(f"delete from reports.{table}"))
    values = {"zone": zone}
    lines = _adding("queue_days", "queue", QUEUE_SUMS, "", "reports.facts")
    await connection.execute(text(lines), values)
    parts = _adding("agent_days", "agent, queue", AGENT_SUMS, "", "reports.facts")
    await connection.execute(text(parts), values)
    trunks = _adding("trunk_days", "trunk, outcome", TRUNK_SUMS, "", "reports.facts")
    await connection.execute(text(trunks), values)
    await connection.execute(ALL_STATE_DAYS, values)
    await connection.execute(text("update reports.state set zone = cast(:zone as text)"), values)
