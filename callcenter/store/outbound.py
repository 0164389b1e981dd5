"""The rules for calls by hand and the directory of outside numbers, in the database.

Raises OSError or SQLAlchemyError when the database is away.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.toll import OutboundRules
from callcenter.store.changes import Changes, Values
from callcenter.store.config_values import ConfigRefused, NotThere, VersionPassed
from callcenter.store.outbound_values import rules_of, rules_settings
from callcenter.store.tables import ContactRecord, OutboundRulesRecord

CONTACTS_MAX = 5_000


@dataclass(frozen=True, slots=True)
class Contact:
    """`number` is E.164. `version` 0: a new one."""

    id: str
    name: str
    number: str
    note: str = ""
    version: int = 0


class Outbound(Changes):
    async def rules(self) -> tuple[OutboundRules, int]:
        """With the version; 0: nothing was set yet, and nobody dials."""
        async with self.sessions() as session:
            row = await session.get(OutboundRulesRecord, 1)
            return (rules_of(row.settings), row.version) if row else (OutboundRules(), 0)

    async def put_rules(self, values: Values, *, by: str) -> None:
        """What is not named keeps its value. Raises ConfigRefused, VersionPassed."""
        async with self.change("outbound.rules", "outbound", by, values) as session:
            row = await session.get(OutboundRulesRecord, 1)
            wanted = dict(values)
            version = wanted.pop("version", None)
            if version is not None and version != (row.version if row else 0):
                raise VersionPassed(row.version if row else 0)
            rules = rules_of((row.settings if row else {}) | wanted)
            if row is None:
                row = OutboundRulesRecord(id=1, version=0)
                session.add(row)
            row.settings = rules_settings(rules)
            row.version += 1
            row.updated = func.now()

    async def contacts(self) -> Sequence[Contact]:
        """The whole directory, by name."""
        query = select(ContactRecord).order_by(ContactRecord.name, ContactRecord.id)
        async with self.sessions() as session:
            return [_contact(row) for row in await session.scalars(query.limit(CONTACTS_MAX))]

    async def put_contact(self, contact: Contact, *, by: str) -> Contact:
        """Raises NotThere, VersionPassed; ConfigRefused when there are enough."""
        values = {"name": contact.name, "number": contact.number, "note": contact.note}
        async with self.change("contact.put", contact.id, by, values) as session:
            row = await session.get(ContactRecord, uuid.UUID(contact.id))
            if contact.version == 0:
                await _one_more(session)
                row = ContactRecord(id=uuid.UUID(contact.id), version=0)
                session.add(row)
            elif row is None:
                raise NotThere("contact", contact.id)
            elif row.version != contact.version:
                raise VersionPassed(row.version)
            row.name, row.number, row.note = contact.name, contact.number, contact.note
            row.version += 1
            row.updated = func.now()
            await session.flush()
            return _contact(row)

    async def remove_contact(self, id: str, *, by: str) -> bool:
        """False: it was not there."""
        async with self.change("contact.remove", id, by, {}) as session:
            row = await session.get(ContactRecord, uuid.UUID(id))
            if row is not None:
                await session.delete(row)
            return row is not None


async def _one_more(session: AsyncSession) -> None:
    count = await session.scalar(select(func.count()).select_from(ContactRecord))
    if (count or 0) >= CONTACTS_MAX:
        raise ConfigRefused(("contacts", f"there are {CONTACTS_MAX} already"))


def _contact(row: ContactRecord) -> Contact:
    return Contact(str(row.id), row.name, row.number, row.note, row.version)
