"""Tickets for the web layer: each method is one transaction. Times are arguments, UNIX seconds.

Raises OSError or SQLAlchemyError when the database is away; TicketChanged when somebody was faster;
NotPossible when the type's table, or a limit, says no.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from callcenter.crm.customers.checking import one_line
from callcenter.crm.fields.checking import checked_values
from callcenter.crm.tasks.repository import plan_for
from callcenter.crm.tickets import moving, repository
from callcenter.crm.tickets.clocks import entered, started
from callcenter.crm.tickets.letters import Post, tell_customer, tell_staff
from callcenter.crm.tickets.moving import Hand
from callcenter.crm.tickets.schemas import (
    NotPossible,
    Ticket,
    TicketChanged,
    TicketDraft,
    TicketEvent,
    TicketLink,
    Wanted,
)
from callcenter.crm.tickets.types import PRIORITIES, TicketType
from callcenter.store import tables
from callcenter.store.accounts import as_uuid, printable
from callcenter.store.engine import make_sessions
from callcenter.store.ledger_rows import plain
from callcenter.store.times import to_datetime

PAGE_MAX = 200
SUBJECT_MAX = 200
DESCRIPTION_MAX = 20_000
LATE_AT_ONCE = 200
CHANGEABLE = frozenset(
    ("subject", "description", "priority", "owner_agent", "queue", "fields", "customer")
)


class Tickets:
    """`post` None: nobody is written to, since no letter would ever be sent."""

    def __init__(self, engine: AsyncEngine, post: Post | None = None) -> None:
        self._sessions, self._post = make_sessions(engine), post

    # -- reading ------------------------------------------------------------------------------
    async def types(self) -> Sequence[tuple[TicketType, int, int]]:
        """(type, position, version), in the administrator's order."""
        async with self._sessions() as session:
            return list((await moving.ticket_types(session)).values())

    async def tickets(
        self, wanted: Wanted, *, now: float, limit: int = 50, cursor: str | None = None
    ) -> tuple[Sequence[Ticket], str | None]:
        limit = max(1, min(limit, PAGE_MAX))
        async with self._sessions() as session:
            return await repository.page(session, wanted, now=now, limit=limit, cursor=cursor)

    async def count(self, wanted: Wanted, *, now: float) -> int:
        """How many there are, on all pages."""
        async with self._sessions() as session:
            return await repository.count(session, wanted, now=now)

    async def ticket(
        self, id: str
    ) -> tuple[Ticket, Sequence[TicketEvent], Sequence[TicketLink]] | None:
        """One with its history, oldest first, and its links."""
        async with self._sessions() as session:
            row = await repository.find(session, id)
            if row is None:
                return None
            events = await repository.events(session, row.id)
            links = await repository.links(session, row.id)
            return await self._value(session, row), events, links

    # -- making -------------------------------------------------------------------------------
    async def create(self, draft: TicketDraft, hand: Hand) -> Ticket:
        async with self._sessions.begin() as session:
            kind = await moving.type_of(session, draft.type)
            if not kind.active:
                raise NotPossible("type", f"{kind.name} is no longer in use")
            customer = as_uuid(draft.customer) if draft.customer else None
            fields = _fields(kind, draft.fields)
            hours = await moving.hours_of(session, kind)
            first = kind.stages[0]
            moment = to_datetime(hand.now)
            row = tables.Ticket(
                type=kind.code,
                subject=_subject(draft.subject),
                description=printable(draft.description, DESCRIPTION_MAX).strip(),
                customer_id=customer,
                stage=first.code,
                stage_kind=first.kind,
                stage_since=moment,
                priority=_priority(draft.priority),
                owner_agent=draft.owner_agent,
                queue=draft.queue,
                fields=fields,
                created=moment,
                user_id=as_uuid(hand.by),
                user_name=printable(hand.name, 120),
                waited_seconds=0.0,
                escalated=[],
                version=1,
            )
            clocks = started(hand.now, moving.target_of(kind, row.priority), hours)
            clocks = entered(clocks, first.kind, first.deadline_minutes, hand.now, hours)
            repository.set_clocks(row, clocks)
            session.add(row)
            await self._flushed(session)
            await session.refresh(row, ["number"])
            await moving.say(session, row, "created", {"type": kind.code}, hand)
            if draft.call:
                await self._linked(session, row, "call", draft.call, hand)
            await plan_for(session, "ticket_created", row, now=hand.now, by=hand.by, name=hand.name)
            await tell_staff(session, self._post, row, kind, "created", hand.now)
            await tell_customer(session, self._post, row, kind, "created", hand.now)
            return await self._done(session, row)

    # -- changing -----------------------------------------------------------------------------
    async def change(
        self, id: str, values: Mapping[str, object], *, version: int, hand: Hand
    ) -> Ticket | None:
        """Only what is named in `values` (of CHANGEABLE) changes. None: there is no such ticket."""
        assert set(values) <= CHANGEABLE
        async with self._sessions.begin() as session:
            row, kind = await self._locked(session, id, version)
            if row is None:
                return None
            await moving.change(session, row, kind, _checked(kind, row, values), hand)
            return await self._done(session, row, changed=True)

    async def move(
        self, id: str, stage: str, reason: str, *, version: int, hand: Hand
    ) -> Ticket | None:
        """Along the table of its type."""
        async with self._sessions.begin() as session:
            row, kind = await self._locked(session, id, version)
            if row is None:
                return None
            await moving.move(session, row, kind, stage, reason, hand, self._post)
            return await self._done(session, row, changed=True)

    async def comment(self, id: str, text: str, *, public: bool, hand: Hand) -> Ticket | None:
        """A remark, or (`public`) an answer to the customer. Needs no version: it changes nothing
        that somebody else may have changed."""
        async with self._sessions.begin() as session:
            row, kind = await self._locked(session, id, None)
            if row is None:
                return None
            await moving.comment(session, row, kind, text, public, hand, self._post)
            return await self._done(session, row, changed=True)

    async def apply(
        self, id: str, actions: Mapping[str, object], *, version: int, hand: Hand
    ) -> Ticket | None:
        """What a macro says, all or nothing: comment (with public), fields of CHANGEABLE, stage
        (with reason)."""
        async with self._sessions.begin() as session:
            row, kind = await self._locked(session, id, version)
            if row is None:
                return None
            values = {name: value for name, value in actions.items() if name in CHANGEABLE}
            await moving.change(session, row, kind, _checked(kind, row, values), hand)
            if actions.get("comment"):
                text, public = str(actions["comment"]), bool(actions.get("public"))
                await moving.comment(session, row, kind, text, public, hand, self._post)
            if actions.get("stage"):
                reason = str(actions.get("reason", ""))
                stage = str(actions["stage"])
                await moving.move(session, row, kind, stage, reason, hand, self._post)
            return await self._done(session, row, changed=True)

    async def rate(self, id: str, score: int, hand: Hand) -> Ticket | None:
        """What the customer thinks of it, 1 to 5, once it is solved."""
        async with self._sessions.begin() as session:
            row, _ = await self._locked(session, id, None)
            if row is None:
                return None
            if row.stage_kind not in ("solved", "closed"):
                raise NotPossible("score", "ask for it when the ticket is solved")
            row.satisfaction = score
            await moving.say(session, row, "rated", {"score": score}, hand)
            return await self._done(session, row, changed=True)

    # -- links and merging --------------------------------------------------------------------
    async def link(self, id: str, kind: str, target: str, hand: Hand) -> Ticket | None:
        """To a call, or to another ticket by its id."""
        async with self._sessions.begin() as session:
            row, _ = await self._locked(session, id, None)
            if row is None:
                return None
            if kind == "ticket":
                other = await repository.find(session, target)
                if other is None or other.id == row.id:
                    raise NotPossible("target", "there is no such other ticket")
            await self._linked(session, row, kind, target, hand)
            return await self._done(session, row, changed=True)

    async def unlink(self, id: str, kind: str, target: str, hand: Hand) -> Ticket | None:
        async with self._sessions.begin() as session:
            row, _ = await self._locked(session, id, None)
            if row is None:
                return None
            link = tables.TicketLink
            pairs = [(str(row.id), target)]
            if kind == "ticket":
                pairs.append((target, str(row.id)))
            for one, other in pairs:
                key = as_uuid(one)
                if key is not None:
                    await session.execute(
                        delete(link).filter_by(ticket_id=key, kind=kind, target=other)
                    )
            await moving.say(session, row, "unlinked", {"kind": kind, "target": target}, hand)
            return await self._done(session, row, changed=True)

    async def merge(self, id: str, into: str, *, version: int, hand: Hand) -> Ticket | None:
        """The ticket ends in another one, which takes over its calls; both say so. The answer is
        the other one."""
        async with self._sessions.begin() as session:
            other, _ = await self._locked(session, into, None)
            row, _ = await self._locked(session, id, version)
            if row is None or other is None:
                return None
            if row.id == other.id:
                raise NotPossible("into", "a ticket cannot be merged into itself")
            link = tables.TicketLink
            calls = await session.scalars(
                select(link.target).filter_by(ticket_id=row.id, kind="call")
            )
            for call in list(calls):
                await self._linked(session, other, "call", call, hand)
            row.merged_into = other.id
            row.due = None
            moving.touched(row)
            told = {"ticket": str(other.id), "number": other.number, "into": True}
            await moving.say(session, row, "merged", told, hand)
            told = {"ticket": str(row.id), "number": row.number, "into": False}
            await moving.say(session, other, "merged", told, hand)
            return await self._done(session, other, changed=True)

    # -- the clocks ---------------------------------------------------------------------------
    async def escalate_late(self, now: float) -> int:
        """Those whose time has run out since the last look. To be called each half minute."""
        hand = Hand("clock", "", now)
        query = (
            select(tables.Ticket)
            .where(tables.Ticket.stage_kind != "closed", tables.Ticket.due <= to_datetime(now))
            .where(tables.Ticket.merged_into.is_(None))
            .order_by(tables.Ticket.due.desc())
            .limit(LATE_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        async with self._sessions.begin() as session:
            types = await moving.ticket_types(session)
            escalated = 0
            for row in await session.scalars(query):
                kind = types[row.type][0] if row.type in types else None
                escalated += bool(await moving.escalate(session, row, kind, hand, self._post))
            return escalated

    # -- inside -------------------------------------------------------------------------------
    async def _locked(
        self, session: AsyncSession, id: str, version: int | None
    ) -> tuple[tables.Ticket | None, TicketType]:
        row = await repository.find(session, id, lock=True)
        if row is None:
            return None, TicketType.model_construct()
        if version is not None and row.version != version:
            raise TicketChanged(await self._value(session, row))
        if row.merged_into is not None:
            raise NotPossible("id", "this ticket was merged into another one")
        return row, await moving.type_of(session, row.type)

    async def _linked(
        self, session: AsyncSession, row: tables.Ticket, kind: str, target: str, hand: Hand
    ) -> None:
        made = await session.execute(
            insert(tables.TicketLink)
            .values(ticket_id=row.id, kind=kind, target=target)
            .on_conflict_do_nothing()
            .returning(tables.TicketLink.target)
        )
        if made.first() is not None:
            await moving.say(session, row, "linked", {"kind": kind, "target": target}, hand)

    async def _done(
        self, session: AsyncSession, row: tables.Ticket, *, changed: bool = False
    ) -> Ticket:
        name = await repository.customer_name(session, row.customer_id)
        repository.find_again(row, name)
        if changed:
            moving.touched(row)
        await self._flushed(session)
        await session.refresh(row)
        return repository.value_of(row, name)

    async def _flushed(self, session: AsyncSession) -> None:
        try:
            await session.flush()
        except IntegrityError as problem:
            if "customer_id" in str(problem.orig):
                raise NotPossible("customer", "there is no such customer") from None
            raise

    async def _value(self, session: AsyncSession, row: tables.Ticket) -> Ticket:
        name = await repository.customer_name(session, row.customer_id)
        return repository.value_of(row, name)


def _subject(text: str) -> str:
    subject = one_line(text)[:SUBJECT_MAX]
    if not subject:
        raise NotPossible("subject", "the subject must not be empty")
    return subject


def _priority(priority: object) -> int:
    if priority not in PRIORITIES:
        raise NotPossible("priority", "the priority is 0, 1, 2 or 3")
    assert isinstance(priority, int)
    return priority


def _fields(kind: TicketType, values: Mapping[str, object]) -> dict[str, object]:
    clean, flaws = checked_values(kind.fields, values, at="fields")
    if flaws:
        raise NotPossible(*flaws[0])
    kept: dict[str, object] = plain(clean)
    return kept


def _checked(
    kind: TicketType, row: tables.Ticket, values: Mapping[str, object]
) -> dict[str, object]:
    """The values as the row takes them."""
    out: dict[str, object] = {}
    for name, value in values.items():
        if name == "subject":
            out[name] = _subject(str(value))
        elif name == "description":
            out[name] = printable(str(value), DESCRIPTION_MAX).strip()
        elif name == "priority":
            out[name] = _priority(value)
        elif name == "fields":
            assert isinstance(value, Mapping)
            out[name] = _fields(kind, {**row.fields, **value})
        elif name == "customer":
            out["customer_id"] = as_uuid(str(value)) if value else None
        else:
            out[name] = str(value) if value else None
    return out
