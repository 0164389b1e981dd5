"""Interactions, their events and drafts in the database, in the session that is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import cast

from sqlalchemy import Row, Select, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.teams import EVERYTHING, Reach
from callcenter.crm.cursors import read_cursor, write_cursor
from callcenter.crm.interactions.schemas import Interaction, LegQuality, Part, TimelineEvent
from callcenter.crm.interactions.touched import Place, Touched, touched
from callcenter.store import tables
from callcenter.store.accounts import as_uuid

EVENTS_MAX = 5000
LEGS_MAX = 200

Record = tables.Interaction


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which interactions; None: any. `since` is inclusive, `until` exclusive."""

    agent: str | None = None
    customer: str | None = None
    queue: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    reach: Reach = EVERYTHING

    @property
    def of_somebody(self) -> bool:
        """Not all calls, and not all of a queue: those that some agents had a part in."""
        border = not self.reach.everything and self.queue not in self.reach.queues
        return self.agent is not None or border


def _with_name() -> Select[Record, str]:
    name = func.coalesce(tables.Customer.name, "").label("customer_name")
    return select(Record, name).outerjoin(tables.Customer, tables.Customer.id == Record.customer_id)


async def page(
    session: AsyncSession, wanted: Wanted, *, limit: int, cursor: str | None
) -> tuple[list[Interaction], str | None]:
    """Newest first. Of a customer these are all of his, whoever had them: no border is asked."""
    assert wanted.customer is None or not wanted.of_somebody
    query = _with_name()
    place = read_cursor(cursor, datetime, str)
    if wanted.customer is not None:
        customer = as_uuid(wanted.customer)
        if customer is None:
            return [], None
        merged = select(tables.Customer.id).where(tables.Customer.merged_into == customer)
        query = query.where(or_(Record.customer_id == customer, Record.customer_id.in_(merged)))
    elif wanted.of_somebody:
        before = None if place is None else cast(Place, tuple(place))
        asked = Touched(wanted.agent, wanted.queue, wanted.since, wanted.until, wanted.reach)
        places = await touched(session, asked, before=before, limit=limit + 1)
        found = await of_calls(session, [call for _, call in places[:limit]])
        return found, write_cursor(*places[limit - 1]) if len(places) > limit else None
    if wanted.queue is not None:
        query = query.where(Record.queue == wanted.queue)
    if wanted.since is not None:
        query = query.where(Record.started_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(Record.started_at < wanted.until)
    if place is not None:
        query = query.where(tuple_(Record.started_at, Record.call) < tuple_(*place))
    query = query.order_by(Record.started_at.desc(), Record.call.desc()).limit(limit + 1)
    rows = (await session.execute(query)).all()
    found = [value_of(row) for row in rows[:limit]]
    if len(rows) <= limit:
        return found, None
    return found, write_cursor(found[-1].started_at, found[-1].call)


async def one(session: AsyncSession, call: str) -> Interaction | None:
    row = (await session.execute(_with_name().where(Record.call == call))).one_or_none()
    return value_of(row) if row else None


async def of_calls(session: AsyncSession, calls: Sequence[str]) -> list[Interaction]:
    rows = (await session.execute(_with_name().where(Record.call.in_(calls)))).all()
    found = {row[0].call: value_of(row) for row in rows}
    return [found[call] for call in calls if call in found]


async def events(session: AsyncSession, call: str) -> list[TimelineEvent]:
    """The timeline, oldest first. Also of a call that is not over and has no interaction yet."""
    event = tables.InteractionEvent
    query = select(event).where(event.call == call).order_by(event.sequence).limit(EVENTS_MAX)
    rows = await session.scalars(query)
    return [TimelineEvent(row.sequence, row.at, row.kind, row.data) for row in rows]


async def parts(session: AsyncSession, call: str) -> list[Part]:
    part = tables.InteractionPart
    rows = await session.scalars(select(part).where(part.call == call).order_by(part.part))
    return [
        Part(
            part=row.part,
            agent=row.agent,
            queue=row.queue,
            began_at=row.began_at,
            ended_at=row.ended_at,
            ended=row.ended,
            ring_seconds=row.ring_seconds,
            talk_seconds=row.talk_seconds,
            hold_seconds=row.hold_seconds,
            consult_seconds=row.consult_seconds,
            wrap_up_seconds=row.wrap_up_seconds,
            disposition=row.disposition,
            note=row.note,
            conference_seconds=row.conference_seconds,
            park_seconds=row.park_seconds,
        )
        for row in rows
    ]


async def quality(session: AsyncSession, call: str) -> list[LegQuality]:
    """The legs in the order in which they began."""
    leg = tables.LegQuality
    rows = await session.scalars(
        select(leg).where(leg.call == call).order_by(leg.began_at).limit(LEGS_MAX)
    )
    return [
        LegQuality(**{one.name: getattr(row, one.name) for one in fields(LegQuality)})
        for row in rows
    ]


async def keep_quality(session: AsyncSession, call: str, heard: LegQuality) -> None:
    """A leg is told of again and again while it lasts; the longest account counts."""
    statement = insert(tables.LegQuality).values(call=call, **asdict(heard))
    news = {
        one.name: statement.excluded[one.name]
        for one in fields(LegQuality)
        if one.name not in ("agent", "leg")
    }
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["call", "agent", "leg"],
            set_=news,
            where=statement.excluded.measures >= tables.LegQuality.measures,
        )
    )


async def draft(session: AsyncSession, call: str, agent: str) -> tuple[str, Mapping[str, object]]:
    row = await session.get(tables.Draft, (call, agent))
    return (row.text, row.form) if row else ("", {})


async def save_draft(
    session: AsyncSession, call: str, agent: str, text: str, form: Mapping[str, object]
) -> None:
    """The last one wins."""
    statement = insert(tables.Draft).values(call=call, agent=agent, text=text, form=form)
    changed = {
        "text": statement.excluded.text,
        "form": statement.excluded.form,
        "updated": func.now(),
    }
    await session.execute(
        statement.on_conflict_do_update(index_elements=["call", "agent"], set_=changed)
    )


def value_of(row: Row[Record, str]) -> Interaction:
    record, customer_name = row
    return Interaction(
        call=record.call,
        started_at=record.started_at,
        ended_at=record.ended_at,
        number=record.number,
        did=record.did,
        customer_id=str(record.customer_id) if record.customer_id else None,
        customer_name=customer_name,
        queue=record.queue,
        agent=record.agent,
        flow=record.flow,
        outcome=record.outcome,
        ended_by=record.ended_by,
        path=tuple(record.path),
        wait_seconds=record.wait_seconds,
        ring_seconds=record.ring_seconds,
        talk_seconds=record.talk_seconds,
        hold_seconds=record.hold_seconds,
        wrap_up_seconds=record.wrap_up_seconds,
        offers=record.offers,
        language=record.language,
        disposition=record.disposition,
        note=record.note,
        direction=record.direction,
        dial_outcome=record.dial_outcome,
        shown=record.shown,
        peer=record.peer,
    )
