"""Customers for the web layer and the console: each method is one transaction.

Raises OSError or SQLAlchemyError when the database is away. What a person typed wrongly is data
(`Rejected`), with the field and the reason.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from callcenter.core.inputs import CustomerCard
from callcenter.crm.customers import repository
from callcenter.crm.customers.schemas import (
    Changed,
    Customer,
    CustomerDraft,
    CustomerNumber,
    Rejected,
)
from callcenter.store import tables
from callcenter.store.accounts import as_uuid, printable
from callcenter.store.audit import note
from callcenter.store.customer_record import card, record_by_id
from callcenter.store.engine import make_sessions
from callcenter.store.numbers import read_number

NAME_MAX = 200
NOTES_MAX = 8000
NUMBERS_MAX = 20
TAGS_MAX = 30
TAG_MAX = 40
CUSTOM_BYTES_MAX = 20_000
PAGE_MAX = 200


class Customers:
    """`country`: where numbers without a country code are dialled from (ISO 3166 alpha-2)."""

    def __init__(self, engine: AsyncEngine, country: str) -> None:
        self._sessions = make_sessions(engine)
        self._country = country

    # -- reading ------------------------------------------------------------------------------
    async def search(
        self, text: str, *, limit: int = 25, cursor: str | None = None
    ) -> tuple[Sequence[Customer], str | None]:
        """Customers with all words of `text` in name, company, numbers, tags, own fields or notes,
        in any script, also in the middle of words. The second value leads to the next page."""
        limit = max(1, min(limit, PAGE_MAX))
        async with self._sessions() as session:
            rows, following = await repository.search(session, text, limit=limit, cursor=cursor)
            return [repository.value_of(row) for row in rows], following

    async def customer(self, id: str) -> Customer | None:
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

    async def duplicates(self, draft: CustomerDraft, *, besides: str = "") -> Sequence[Customer]:
        """Customers other than `besides` who have one of the draft's numbers already. People share
        telephones, so this is worth a question, not a refusal."""
        numbers, _ = self._numbers(draft)
        async with self._sessions() as session:
            rows = await repository.with_numbers(session, [number.e164 for number in numbers])
            return [repository.value_of(row) for row in rows if str(row.id) != besides]

    # -- changing -----------------------------------------------------------------------------
    async def create(self, draft: CustomerDraft, *, by: str) -> Customer | Rejected:
        """`by`: the user's id."""
        checked = self._checked(draft)
        if isinstance(checked, Rejected):
            return checked
        draft, numbers = checked
        async with self._sessions() as session:
            row = tables.Customer(numbers=[], version=1)
            repository.fill(row, draft, numbers)
            session.add(row)
            return await self._keep(session, row, "customer.create", by)

    async def update(
        self, id: str, draft: CustomerDraft, *, version: int, by: str
    ) -> Customer | Rejected | None:
        """None: there is no such customer. Raises Changed (with the customer as he is now) when
        `version` is not the current."""
        checked = self._checked(draft)
        if isinstance(checked, Rejected):
            return checked
        draft, numbers = checked
        async with self._sessions() as session:
            row = await repository.find(session, id, lock=True)
            if row is None:
                return None
            if row.version != version:
                raise Changed(row.version, repository.value_of(row))
            repository.fill(row, draft, numbers)
            row.version += 1
            return await self._keep(session, row, "customer.update", by)

    async def _keep(
        self, session: AsyncSession, row: tables.Customer, action: str, by: str
    ) -> Customer | Rejected:
        try:
            await session.flush()
        except IntegrityError as problem:
            if "owner_agent" in str(problem.orig):
                return Rejected((("owner_agent", "there is no such agent"),))
            raise
        await note(session, by, action, str(row.id), {"version": row.version})
        await session.commit()
        await session.refresh(row)
        return repository.value_of(row)

    # -- checking -----------------------------------------------------------------------------
    def _checked(
        self, draft: CustomerDraft
    ) -> tuple[CustomerDraft, list[CustomerNumber]] | Rejected:
        """The draft as it can be kept, or what is wrong with it."""
        draft = replace(
            draft,
            name=_line(draft.name),
            company=_line(draft.company),
            language=_line(draft.language),
            notes=printable(draft.notes, NOTES_MAX + 1).strip(),
            tags=tuple(dict.fromkeys(tag for tag in map(_line, draft.tags) if tag)),
            owner_agent=draft.owner_agent or None,
        )
        numbers, flaws = self._numbers(draft)
        limits = (
            ("name", not draft.name, "must not be empty"),
            ("name", len(draft.name) > NAME_MAX, f"has more than {NAME_MAX} characters"),
            ("company", len(draft.company) > NAME_MAX, f"has more than {NAME_MAX} characters"),
            ("notes", len(draft.notes) > NOTES_MAX, f"have more than {NOTES_MAX} characters"),
            ("numbers", len(numbers) > NUMBERS_MAX, f"are more than {NUMBERS_MAX}"),
            ("tags", len(draft.tags) > TAGS_MAX, f"are more than {TAGS_MAX}"),
            ("tags", any(len(tag) > TAG_MAX for tag in draft.tags), "one is too long"),
            ("language", len(draft.language) > 16, "is no language such as en or zh"),
            ("priority", not -100 <= draft.priority <= 100, "must be between -100 and 100"),
            (
                "value_seconds",
                not 0 <= draft.value_seconds <= 86_400,
                "must be between 0 and 86400",
            ),
            ("custom", _size(draft.custom) > CUSTOM_BYTES_MAX, "is too large"),
        )
        flaws += [(where, f"{where} {reason}") for where, wrong, reason in limits if wrong]
        return Rejected(tuple(flaws)) if flaws else (draft, numbers)

    def _numbers(self, draft: CustomerDraft) -> tuple[list[CustomerNumber], list[tuple[str, str]]]:
        """The numbers read, each once; and those that cannot be read."""
        read: dict[str, CustomerNumber] = {}
        flaws = []
        for place, (typed, label) in enumerate(draft.numbers):
            shown = _line(typed)[:80]
            if not shown:
                continue
            number = read_number(typed, self._country)
            if not number.matchable:
                flaws.append((f"numbers.{place}", f"{shown!r} is not a telephone number"))
                continue
            found = CustomerNumber(number.number, _line(label)[:40], shown)
            read.setdefault(number.number, found)
        return list(read.values()), flaws


def _line(text: str) -> str:
    """One line of text: blanks and line breaks become single blanks."""
    return " ".join(printable(text, 10_000).split())


def _size(custom: object) -> int:
    try:
        return len(json.dumps(custom, ensure_ascii=False).encode("utf-8", "replace"))
    except (TypeError, ValueError, RecursionError):
        return CUSTOM_BYTES_MAX + 1
