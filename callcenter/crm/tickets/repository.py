"""Tickets in the database, in the session that is given."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Select, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.crm.cursors import read_cursor, write_cursor
from callcenter.crm.tickets.clocks import Clocks
from callcenter.crm.tickets.schemas import Ticket, TicketEvent, TicketLink, Wanted
from callcenter.store import tables
from callcenter.store.accounts import as_uuid, printable
from callcenter.store.ledger_rows import plain
from callcenter.store.searching import like_pattern, query_grams, query_words, searchable
from callcenter.store.times import to_datetime, to_seconds

Row = tables.Ticket
EVENTS_MAX = 1000
FAR = datetime(9999, 1, 1, tzinfo=UTC)


async def find(session: AsyncSession, id: str, *, lock: bool = False) -> Row | None:
    key = as_uuid(id)
    if key is None:
        return None
    return await session.get(Row, key, with_for_update=lock, populate_existing=True)


async def customer_name(session: AsyncSession, id: uuid.UUID | None) -> str:
    if id is None:
        return ""
    query = select(tables.Customer.name).where(tables.Customer.id == id)
    return await session.scalar(query) or ""


async def page(
    session: AsyncSession, wanted: Wanted, *, now: float, limit: int, cursor: str | None
) -> tuple[list[Ticket], str | None]:
    query = _filtered(wanted, now)
    if query is None:
        return [], None
    place = read_cursor(cursor, datetime, str)
    due = func.coalesce(Row.due, FAR)
    if place is not None:
        at, last = place
        key = as_uuid(str(last)) or uuid.UUID(int=0)
        if wanted.order == "due":
            query = query.where(tuple_(due, Row.id) > tuple_(at, key))
        else:
            query = query.where(tuple_(Row.updated, Row.id) < tuple_(at, key))
    if wanted.order == "due":
        query = query.order_by(due, Row.id)
    else:
        query = query.order_by(Row.updated.desc(), Row.id.desc())
    rows = (await session.execute(query.limit(limit + 1))).all()
    found = [value_of(row, name or "") for row, name in rows[:limit]]
    if len(rows) <= limit:
        return found, None
    last_one = found[-1]
    at = last_one.due or FAR if wanted.order == "due" else last_one.updated
    return found, write_cursor(at, last_one.id)


async def count(session: AsyncSession, wanted: Wanted, *, now: float) -> int:
    query = _filtered(wanted, now)
    if query is None:
        return 0
    return await session.scalar(query.with_only_columns(func.count())) or 0


def _filtered(wanted: Wanted, now: float) -> Select[Row, str | None] | None:
    """None: nothing that is written there can be looked for."""
    words = query_words(wanted.text)
    if wanted.text.strip() and not words:
        return None
    query = (
        select(Row, tables.Customer.name)
        .outerjoin(tables.Customer, tables.Customer.id == Row.customer_id)
        .where(Row.merged_into.is_(None))
    )
    plain_filters = (
        (Row.type, wanted.type),
        (Row.stage, wanted.stage),
        (Row.owner_agent, wanted.owner),
        (Row.queue, wanted.queue),
        (Row.priority, wanted.priority),
    )
    for column, value in plain_filters:
        if value is not None:
            query = query.where(column == value)
    if wanted.counted is not None:
        query = query.where(wanted.counted.of_tickets())
    if wanted.unowned:
        query = query.where(Row.owner_agent.is_(None))
    if wanted.state == "closed":
        query = query.where(Row.stage_kind == "closed")
    elif wanted.state is not None:
        query = query.where(Row.stage_kind != "closed")
    if wanted.state == "late":
        query = query.where(Row.due <= to_datetime(now))
    if wanted.customer is not None:
        key = as_uuid(wanted.customer) or uuid.UUID(int=0)
        merged = select(tables.Customer.id).where(
            or_(tables.Customer.id == key, tables.Customer.merged_into == key)
        )
        query = query.where(Row.customer_id.in_(merged))
    if pieces := query_grams(words):
        query = query.where(Row.grams.contains(pieces))
    return query.where(*(Row.search_text.like(like_pattern(word)) for word in words))


async def events(session: AsyncSession, ticket: uuid.UUID) -> list[TicketEvent]:
    """The history, oldest first."""
    event = tables.TicketEvent
    query = select(event).where(event.ticket_id == ticket).order_by(event.id).limit(EVENTS_MAX)
    rows = await session.scalars(query)
    return [TicketEvent(row.id, row.at, row.user_name, row.kind, row.data) for row in rows]


async def links(session: AsyncSession, ticket: uuid.UUID) -> list[TicketLink]:
    """What the ticket is linked to, and the tickets that are linked to it."""
    link = tables.TicketLink
    rows = list(
        await session.scalars(select(link).where(link.ticket_id == ticket).order_by(link.at))
    )
    back = await session.scalars(
        select(link).where(link.kind == "ticket", link.target == str(ticket)).order_by(link.at)
    )
    pairs = [(row.kind, row.target) for row in rows]
    pairs += [("ticket", str(row.ticket_id)) for row in back]
    others = [key for kind, target in pairs if kind == "ticket" and (key := as_uuid(target))]
    found = await session.execute(select(Row.id, Row.number, Row.subject).where(Row.id.in_(others)))
    labels = {str(id): f"#{number} {subject}" for id, number, subject in found}
    return [
        TicketLink(kind, target, labels.get(target, target))
        for kind, target in dict.fromkeys(pairs)
    ]


async def add_event(
    session: AsyncSession,
    ticket: Row,
    kind: str,
    data: dict[str, object],
    *,
    by: str,
    name: str,
    now: float,
) -> None:
    session.add(
        tables.TicketEvent(
            ticket_id=ticket.id,
            at=to_datetime(now),
            user_id=as_uuid(by),
            user_name=printable(name, 120),
            kind=kind,
            data=plain(data),
        )
    )


def find_again(row: Row, customer: str, comments: Sequence[str] = ()) -> None:
    """What a search reads: number, subject, customer, description, own fields."""
    own = [str(value) for value in row.fields.values() if isinstance(value, str | int)]
    texts = [str(row.number or ""), row.subject, customer, *own, row.description[:1000], *comments]
    row.search_text, row.grams = searchable(texts)


def clocks_of(row: Row) -> Clocks:
    def seconds(moment: datetime | None) -> float | None:
        return None if moment is None else to_seconds(moment)

    return Clocks(
        created=to_seconds(row.created),
        first_answered=seconds(row.first_answered),
        first_due=seconds(row.first_due),
        solution_due=seconds(row.solution_due),
        stage_due=seconds(row.stage_due),
        waiting_since=seconds(row.waiting_since),
        waited_seconds=row.waited_seconds,
        solved=seconds(row.solved),
        closed=seconds(row.closed),
    )


def set_clocks(row: Row, clocks: Clocks) -> None:
    def moment(at: float | None) -> datetime | None:
        return None if at is None else to_datetime(at)

    row.first_answered = moment(clocks.first_answered)
    row.first_due, row.solution_due = moment(clocks.first_due), moment(clocks.solution_due)
    row.stage_due, row.waiting_since = moment(clocks.stage_due), moment(clocks.waiting_since)
    row.waited_seconds = clocks.waited_seconds
    row.solved, row.closed = moment(clocks.solved), moment(clocks.closed)
    row.due = moment(clocks.next_due)


def value_of(row: Row, name: str) -> Ticket:
    return Ticket(
        id=str(row.id),
        number=row.number,
        type=row.type,
        subject=row.subject,
        description=row.description,
        customer=str(row.customer_id) if row.customer_id else None,
        customer_name=name,
        stage=row.stage,
        stage_kind=row.stage_kind,
        stage_since=row.stage_since,
        priority=row.priority,
        owner_agent=row.owner_agent,
        queue=row.queue,
        fields=row.fields,
        reason=row.reason,
        satisfaction=row.satisfaction,
        created=row.created,
        updated=row.updated,
        by=row.user_name,
        first_answered=row.first_answered,
        first_due=row.first_due,
        solution_due=row.solution_due,
        stage_due=row.stage_due,
        due=row.due,
        waiting_since=row.waiting_since,
        solved=row.solved,
        closed=row.closed,
        escalated=tuple(row.escalated),
        merged_into=str(row.merged_into) if row.merged_into else None,
        version=row.version,
    )
