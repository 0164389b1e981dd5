"""Customers for the web layer and the console: each method is one transaction.

Raises OSError or SQLAlchemyError when the database is away. What a person typed wrongly is data
(`Rejected`), with the field and the reason.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from callcenter.core.commands import CustomerCard
from callcenter.crm.customers import alike, merging, repository
from callcenter.crm.customers.checking import Checked, checked, read_emails, read_numbers
from callcenter.crm.customers.schemas import (
    Alike,
    Changed,
    Customer,
    CustomerDraft,
    Merge,
    Rejected,
    Wanted,
)
from callcenter.crm.fields.repository import customer_fields
from callcenter.store import tables
from callcenter.store.accounts import as_uuid
from callcenter.store.audit import note
from callcenter.store.customer_record import card, record_by_id
from callcenter.store.engine import make_sessions
from callcenter.store.times import to_datetime

PAGE_MAX = 200


class Customers:
    """`country`: where numbers without a country code are dialled from (ISO 3166 alpha-2).
    `clock`: dates a consent."""

    def __init__(
        self, engine: AsyncEngine, country: str, clock: Callable[[], float] = time.time
    ) -> None:
        self._sessions = make_sessions(engine)
        self._country = country
        self._clock = clock

    # -- reading ------------------------------------------------------------------------------
    async def search(
        self,
        text: str,
        *,
        limit: int = 25,
        cursor: str | None = None,
        wanted: Wanted | None = None,
    ) -> tuple[Sequence[Customer], str | None]:
        """Customers with all words of `text` in name, company, numbers, e-mails, tags, own fields
        or notes, in any script, also in the middle of words. `wanted` narrows them further. The
        second value leads to the next page."""
        limit = max(1, min(limit, PAGE_MAX))
        asked = replace(wanted or Wanted(), text=text)
        async with self._sessions() as session:
            rows, following = await repository.search(session, asked, limit=limit, cursor=cursor)
            return [repository.value_of(row) for row in rows], following

    async def customer(self, id: str) -> Customer | None:
        """One that was merged into another is answered with `merged_into`."""
        async with self._sessions() as session:
            row = await repository.find(session, id)
            return repository.value_of(row) if row else None

    async def record(self, id: str) -> dict[str, Any] | None:
        """The whole record for the screen, with the last interactions
        (`store.customer_record`)."""
        key = as_uuid(id)
        if key is None:
            return None
        async with self._sessions() as session:
            return await record_by_id(session, key)

    async def card(self, id: str) -> CustomerCard | None:
        """What routing and the ringing screen need."""
        record = await self.record(id)
        return card(record) if record else None

    async def alike(self, draft: CustomerDraft, *, besides: str = "") -> Sequence[Alike]:
        """Customers other than `besides` who may be the same: with a number, an e-mail or the name
        of the draft. People share telephones, so this is worth a question, not a refusal."""
        numbers, _ = read_numbers(draft, self._country)
        emails, _ = read_emails(draft)
        async with self._sessions() as session:
            return await alike.alike(
                session,
                name=draft.name,
                numbers=[number.e164 for number in numbers],
                emails=[email.address for email in emails],
                besides=besides,
            )

    async def doubles(self, limit: int = 50) -> Sequence[tuple[str, Sequence[Customer]]]:
        """Groups of customers who share a number, an e-mail or a name: (what they share, who)."""
        async with self._sessions() as session:
            return await alike.doubles(session, limit)

    # -- changing -----------------------------------------------------------------------------
    async def create(self, draft: CustomerDraft, *, by: str) -> Customer | Rejected:
        """`by`: the user's id."""
        async with self._sessions() as session:
            right = checked(draft, self._country, await customer_fields(session))
            if isinstance(right, Rejected):
                return right
            row = await self.made(session, right, by)
            return await self._keep(session, row, "customer.create", by)

    async def update(
        self, id: str, draft: CustomerDraft, *, version: int, by: str
    ) -> Customer | Rejected | None:
        """None: there is no such customer. Raises Changed (with the customer as he is now) when
        `version` is not the current, or when he was merged into another."""
        async with self._sessions() as session:
            right = checked(draft, self._country, await customer_fields(session))
            if isinstance(right, Rejected):
                return right
            row = await repository.find(session, id, lock=True)
            if row is None:
                return None
            if row.version != version or row.merged_into is not None:
                raise Changed(row.version, repository.value_of(row))
            self.changed(row, right, by)
            return await self._keep(session, row, "customer.update", by)

    async def made(self, session: AsyncSession, right: Checked, by: str) -> tables.Customer:
        """A new row in the session, not yet flushed."""
        row = tables.Customer(numbers=[], emails=[], version=1, consent={})
        self._fill(row, right, by)
        session.add(row)
        return row

    def changed(self, row: tables.Customer, right: Checked, by: str) -> None:
        """The locked row takes on everything of the draft."""
        self._fill(row, right, by)
        row.version += 1

    def _fill(self, row: tables.Customer, right: Checked, by: str) -> None:
        repository.fill(row, right.draft, right.numbers, right.emails)
        wishes = right.draft.consent
        if wishes is not None:
            at = to_datetime(self._clock()).isoformat()
            row.consent = {
                channel: before
                if (before := row.consent.get(channel, {})).get("state") == state
                else {"state": state, "at": at, "by": by}
                for channel, state in wishes.items()
                if state
            }

    async def _keep(
        self, session: AsyncSession, row: tables.Customer, action: str, by: str
    ) -> Customer | Rejected:
        try:
            await session.flush()
        except IntegrityError as problem:
            return refused_by_the_database(problem)
        await note(session, by, action, str(row.id), {"version": row.version})
        await session.commit()
        await session.refresh(row)
        return repository.value_of(row)

    # -- merging ------------------------------------------------------------------------------
    async def merge(
        self, kept: str, merged: str, *, versions: tuple[int, int], by: str, name: str
    ) -> tuple[Merge, Customer] | None:
        """Make one of two: everything of `merged` is known of `kept` from now on. `versions`: those
        of the two that were read. None: one of them does not exist. Raises Changed, and
        NotMergeable."""
        async with self._sessions.begin() as session:
            done = await merging.merge(session, kept, merged, versions, by=by, name=name)
        return done and (done[0], done[1])

    async def merges(self, id: str) -> Sequence[Merge]:
        """What was merged into this customer, the latest first."""
        async with self._sessions() as session:
            return await merging.merges(session, id)

    async def undo_merge(self, merge: str, *, by: str) -> tuple[Customer, Customer] | None:
        """Two again: (kept, merged). What was changed since stays with the kept one. None: there is
        no such merge. Raises NotMergeable (undone already, or merged on since)."""
        async with self._sessions.begin() as session:
            return await merging.undo(session, merge, by=by)


def refused_by_the_database(problem: IntegrityError) -> Rejected:
    """What of a draft only the database knows. Raises the problem when it is something else."""
    said = str(problem.orig)
    if "owner_agent" in said:
        return Rejected((("owner_agent", "there is no such agent"),))
    if "company_id" in said:
        return Rejected((("company_id", "there is no such company"),))
    raise problem
