"""Tasks in the database, in the session that is given."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Select, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.crm.cursors import read_cursor, write_cursor
from callcenter.crm.definitions import repository as definitions
from callcenter.crm.tasks.plans import FollowUpPlan, Trigger
from callcenter.crm.tasks.schemas import Task
from callcenter.store import tables
from callcenter.store.accounts import as_uuid, printable
from callcenter.store.times import to_datetime

Row = tables.Task


def _rows() -> Select[Row, str | None, int | None]:
    return (
        select(Row, tables.Customer.name, tables.Ticket.number)
        .outerjoin(tables.Customer, tables.Customer.id == Row.customer_id)
        .outerjoin(tables.Ticket, tables.Ticket.id == Row.ticket_id)
    )


async def find(session: AsyncSession, id: str) -> Row | None:
    key = as_uuid(id)
    return await session.get(Row, key, with_for_update=True) if key else None


async def one(session: AsyncSession, id: uuid.UUID) -> Task:
    row, name, number = (await session.execute(_rows().where(Row.id == id))).one()
    return value_of(row, name, number)


async def page(
    session: AsyncSession,
    *,
    owner: str | None,
    unowned: bool,
    state: str,
    customer: str | None,
    ticket: str | None,
    until: float | None,
    limit: int,
    cursor: str | None,
) -> tuple[list[Task], str | None]:
    """What is due first comes first."""
    query = _rows().where(Row.state == state)
    if owner is not None:
        mine = Row.owner_agent == owner
        query = query.where(or_(mine, Row.owner_agent.is_(None)) if unowned else mine)
    elif unowned:
        query = query.where(Row.owner_agent.is_(None))
    if customer is not None:
        query = query.where(Row.customer_id == (as_uuid(customer) or uuid.UUID(int=0)))
    if ticket is not None:
        query = query.where(Row.ticket_id == (as_uuid(ticket) or uuid.UUID(int=0)))
    if until is not None:
        query = query.where(Row.due <= to_datetime(until))
    place = read_cursor(cursor, datetime, str)
    if place is not None:
        key = as_uuid(str(place[1])) or uuid.UUID(int=0)
        query = query.where(tuple_(Row.due, Row.id) > tuple_(place[0], key))
    rows = (await session.execute(query.order_by(Row.due, Row.id).limit(limit + 1))).all()
    found = [value_of(row, name, number) for row, name, number in rows[:limit]]
    if len(rows) <= limit:
        return found, None
    return found, write_cursor(found[-1].due, found[-1].id)


async def plan_for(
    session: AsyncSession,
    trigger: Trigger,
    ticket: tables.Ticket,
    *,
    now: float,
    by: str,
    name: str,
) -> int:
    """Make the tasks of all plans for what happened to a ticket; how many. A plan is followed once
    for a ticket, however often it is closed."""
    made = 0
    for one in await definitions.read(session, "follow_up_plan"):
        plan = FollowUpPlan.model_validate({**one.body, "code": one.code})
        wanted = plan.active and plan.trigger == trigger
        if not wanted or plan.ticket_type not in ("", ticket.type):
            continue
        before = select(Row.id).where(Row.ticket_id == ticket.id, Row.plan == plan.code).limit(1)
        if await session.scalar(before):
            continue
        owner = await _owner(session, plan, ticket)
        for number, step, at in plan.dates(now):
            session.add(
                Row(
                    kind=step.kind,
                    title=step.title,
                    customer_id=ticket.customer_id,
                    ticket_id=ticket.id,
                    owner_agent=owner,
                    due=to_datetime(at),
                    plan=plan.code,
                    step=number,
                    created=to_datetime(now),
                    user_id=as_uuid(by),
                    user_name=printable(name, 120),
                )
            )
            made += 1
    return made


async def _owner(session: AsyncSession, plan: FollowUpPlan, ticket: tables.Ticket) -> str | None:
    if plan.owner == "ticket_owner":
        return ticket.owner_agent
    if plan.owner == "customer_owner" and ticket.customer_id is not None:
        query = select(tables.Customer.owner_agent).where(tables.Customer.id == ticket.customer_id)
        return await session.scalar(query)
    return None


def value_of(row: Row, customer_name: str | None, ticket_number: int | None) -> Task:
    return Task(
        id=str(row.id),
        kind=row.kind,
        title=row.title,
        note=row.note,
        customer=str(row.customer_id) if row.customer_id else None,
        customer_name=customer_name or "",
        ticket=str(row.ticket_id) if row.ticket_id else None,
        ticket_number=ticket_number,
        number=row.number,
        owner_agent=row.owner_agent,
        due=row.due,
        state=row.state,
        result=row.result,
        result_note=row.result_note,
        attempts=row.attempts,
        plan=row.plan,
        created=row.created,
        done=row.done,
        by=row.user_name,
        version=row.version,
    )
