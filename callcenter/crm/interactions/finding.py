"""Finding calls by number, name, text, agent, queue, time, outcome and direction, newest first.

All of it is asked of `search.calls`. What is often there (an outcome, a word that everybody writes)
is found by walking from the newest backward; what that does not find enough of is rare, and is
looked up in the index of pieces (`search.keys`, see its migration), the latest month first. So
neither has to sort all that fits. A number that can be read as one is looked up as it is; one or
two digits are in no index but in many calls, so walking finds them. This file knows nothing of
HTTP.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.teams import EVERYTHING, Reach
from callcenter.crm.interactions.touched import LATEST, Place
from callcenter.store.numbers import read_number
from callcenter.store.searching import PHONE_LIKE, fold, like_pattern, query_grams, query_words

WALKED = 3000
WALKS_MAX = 60
NAMES_MAX = 500
SECONDS_MAX = 5
WITHOUT_BLANKS = 0x2E80
FEW_DIGITS = re.compile(r"^[0-9]{1,2}$")
CANCELLED = "57014"  # SQLSTATE: the statement took too long

# Compiling the statement would take longer than running it.
LIMITS = text(
    f"select set_config('statement_timeout', '{SECONDS_MAX * 1000}', true),"
    " set_config('jit', 'off', true), set_config('work_mem', '32MB', true)"
)
KEYS = "search.keys(words, agents, queue, outcome, direction)"
ORDER = "order by at desc, call desc"
ALIKE = "words like all(cast(:patterns as text[]))"
OF_CUSTOMERS = "customer_id = any(cast(:customers as uuid[]))"


class TooShort(ValueError):
    """The text has nothing that the index could be asked for: two letters, or marks alone."""


class TooSlow(Exception):
    """The database did not find it in time."""


@dataclass(frozen=True, slots=True)
class Sought:
    """Which calls; None and empty: any. `text`: a number or part of it, a customer's name, words of
    notes, outcomes, forms and messages. `since` is inclusive, `until` exclusive."""

    text: str = ""
    agent: str | None = None
    queue: str | None = None
    outcome: str | None = None
    direction: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    reach: Reach = EVERYTHING


@dataclass(slots=True)
class _Asked:
    """SQL conditions with their values. `where`: by columns, without the text; `pieces`: what the
    index is asked for; `patterns`: each word of the text, `customers`: who has it in his record."""

    where: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    pieces: list[str] = field(default_factory=list)
    border: list[str] = field(default_factory=list)
    patterns: list[str] = field(default_factory=list)
    customers: list[Any] = field(default_factory=list)

    @property
    def indexed(self) -> bool:
        """The index of pieces can be asked; else only the customers of that name are looked at."""
        return bool(self.pieces or self.border)

    def also(self, *more: str) -> str:
        return "".join(f" and {one}" for one in (*self.where, *more))


def pieces(words: Iterable[str]) -> list[str]:
    """What a row must have in the index for these words; as `search.keys`, but of scripts without
    blanks two signs at a time where there are two."""
    found: set[str] = set()
    for word in words:
        dense = [ord(sign) >= WITHOUT_BLANKS for sign in word]
        for place, sign in enumerate(word):
            if not dense[place]:
                found |= {word[place : place + 3]} if place + 3 <= len(word) else set()
            elif place + 1 < len(word) and dense[place + 1]:
                found.add(word[place : place + 2])
            elif place == 0 or not dense[place - 1]:
                found.add(sign)
    return sorted(found)


async def found(
    session: AsyncSession, sought: Sought, country: str, *, limit: int, after: Place | None
) -> tuple[list[Place], bool]:
    """Up to `limit` calls after this place, and whether only some of the customers with such a name
    were looked at. `country`: where numbers without a country code are dialled from. Raises
    TooShort and TooSlow."""
    asked = _asked(sought)
    until = sought.until or LATEST
    before = after if after is not None and after[0] < until else (until, "")
    await session.execute(LIMITS)
    try:
        whole = fold(sought.text)
        if whole:
            numbered = await _by_number(session, asked, whole, country, before, limit)
            if numbered:
                return numbered, False
            words = query_words(whole)
            asked.patterns = [like_pattern(word) for word in words]
            asked.pieces += pieces(words)
            if len(words) == 1 and FEW_DIGITS.match(words[0]) and not asked.indexed:
                return await _by_walks(session, asked, before, limit), False
            if query_grams(words) and not PHONE_LIKE.match(whole):
                asked.customers = await _customers(session, words)
            if not words or not (asked.indexed or asked.customers):
                raise TooShort(sought.text)
        return await _by_time(session, asked, before, limit), len(asked.customers) > NAMES_MAX
    except DBAPIError as problem:
        if getattr(problem.orig, "sqlstate", "") == CANCELLED:
            raise TooSlow from None
        raise


def _asked(sought: Sought) -> _Asked:
    asked = _Asked()
    if sought.since is not None:
        asked.where.append("at >= :since")
        asked.values["since"] = sought.since
    if sought.agent is not None:
        asked.where.append("agents @> array[cast(:agent as text)]")
        asked.values["agent"] = sought.agent
        asked.pieces.append(f"agent {sought.agent}")
    for name in ("queue", "outcome", "direction"):
        value = getattr(sought, name)
        if value is not None:
            asked.where.append(f"{name} = :{name}")
            asked.values[name] = value
            asked.pieces.append(f"{name} {value}")
    if not sought.reach.everything:
        queues, agents = sorted(sought.reach.queues), sorted(sought.reach.agents)
        asked.where.append(
            "(queue = any(cast(:queues as text[])) or agents && cast(:agents as text[]))"
        )
        asked.values |= {"queues": queues, "agents": agents}
        asked.border = [*(f"queue {one}" for one in queues), *(f"agent {one}" for one in agents)]
    return asked


async def _by_number(
    session: AsyncSession, asked: _Asked, whole: str, country: str, before: Place, limit: int
) -> list[Place]:
    """Where the text is a number, in any form: its calls. None are found, and the text is looked
    for as it stands: a part of a number, or what an agent has noted."""
    if not PHONE_LIKE.match(whole):
        return []
    number = read_number(whole, country)
    if not number.matchable:
        return []
    sql = f"""select at, call from search.calls where number = :number
        and (at, call) < (:at, :call){asked.also()} {ORDER} limit :limit"""
    values = asked.values | {"number": number.number}
    return await _places(session, sql, values, before, limit)


async def _customers(session: AsyncSession, words: Sequence[str]) -> list[Any]:
    """Ids of customers with these words in their record, one more than NAMES_MAX at most; with
    those that were merged into them."""
    sql = """
        with named as materialized (
            select id from customers where grams @> cast(:grams as text[])
                and search_text like all(cast(:patterns as text[])) limit :most)
        select id from named
        union select c.id from customers c join named n on c.merged_into = n.id
    """
    values = {
        "grams": query_grams(words),
        "patterns": [like_pattern(word) for word in words],
        "most": NAMES_MAX + 1,
    }
    return list((await session.execute(text(sql), values)).scalars())


async def _by_time(session: AsyncSession, asked: _Asked, before: Place, limit: int) -> list[Place]:
    values = dict(asked.values)
    if asked.patterns and asked.indexed:
        values["patterns"] = asked.patterns
    if asked.customers:
        values["customers"] = asked.customers
    if not (asked.indexed or asked.customers):
        sql = f"""select at, call from search.calls
            where (at, call) < (:at, :call){asked.also()} {ORDER} limit :limit"""
        return await _places(session, sql, values, before, limit)
    hits, edge = await _walk(session, asked.also(*_text(asked)), values, before, limit)
    if len(hits) >= limit or edge is None:
        return hits
    (oldest,) = (await session.execute(text("select min(at) from search.calls"))).one()
    low = max(oldest, asked.values.get("since", oldest))
    sql = _month_sql(asked)
    if asked.indexed:
        values["pieces"] = asked.pieces or asked.border
    for first, last in _months(low, edge[0]):
        values |= {"first": first, "last": last}
        hits += await _places(session, sql, values, edge, limit - len(hits))
        if len(hits) >= limit:
            break
    return hits


async def _by_walks(session: AsyncSession, asked: _Asked, before: Place, limit: int) -> list[Place]:
    """One walk after the other until there are enough. Raises TooSlow where they are too rare."""
    hits: list[Place] = []
    edge: Place | None = before
    values = asked.values | {"patterns": asked.patterns}
    for _ in range(WALKS_MAX):
        if edge is None or len(hits) >= limit:
            return hits
        more, edge = await _walk(session, asked.also(ALIKE), values, edge, limit - len(hits))
        hits += more
    raise TooSlow


def _text(asked: _Asked) -> list[str]:
    ways = [ALIKE] if asked.patterns and asked.indexed else []
    ways += [OF_CUSTOMERS] if asked.customers else []
    return [f"({' or '.join(ways)})"] if ways else []


async def _walk(
    session: AsyncSession, conditions: str, values: dict[str, Any], before: Place, limit: int
) -> tuple[list[Place], Place | None]:
    """What fits among the WALKED newest, and where these end; None: there are no older ones."""
    since = " and at >= :since" if "since" in values else ""
    sql = f"""
        with near as materialized (
            select * from search.calls where (at, call) < (:at, :call){since}
            {ORDER} limit {WALKED})
        select at, call, true as fits from (
            select at, call from near where true{conditions} {ORDER} limit :limit) as fitting
        union all select at, call, false from (
            select at, call from near order by at, call limit 1) as edge
            where (select count(*) from near) = {WALKED}
    """
    given = values | {"at": before[0], "call": before[1], "limit": limit}
    rows = (await session.execute(text(sql), given)).all()
    hits = sorted(((row.at, row.call) for row in rows if row.fits), reverse=True)
    return hits, next(((row.at, row.call) for row in rows if not row.fits), None)


def _month_sql(asked: _Asked) -> str:
    """Some months by the index of pieces, and by the customers of that name."""
    span = "at >= :first and at < :last and (at, call) < (:at, :call)"
    ways = []
    if asked.indexed:
        sign = "@>" if asked.pieces else "&&"
        own = [f"{KEYS} {sign} cast(:pieces as text[])", *([ALIKE] if asked.patterns else [])]
        ways.append(asked.also(*own))
    if asked.customers:
        ways.append(asked.also(OF_CUSTOMERS))
    hits = " union ".join(f"select at, call from search.calls where {span}{way}" for way in ways)
    return f"with hits as materialized ({hits}) select at, call from hits {ORDER} limit :limit"


def _months(low: datetime, high: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Months from that of `high` back to that of `low`, as [first, last): one, then two, then four,
    since what the latest ones do not have is rare."""
    first = _month(high)
    last, many = _month(first + timedelta(days=32)), 1
    while last > low:
        yield first, last
        last, many = first, many * 2
        for _ in range(many):
            first = _month(first - timedelta(days=1))


def _month(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


async def _places(
    session: AsyncSession, sql: str, values: dict[str, Any], before: Place, limit: int
) -> list[Place]:
    given = values | {"at": before[0], "call": before[1], "limit": limit}
    rows = (await session.execute(text(sql), given)).all()
    return [(row.at, row.call) for row in rows]
