"""What the web layer needs to let a supervisor hear a call: his phone, and the audit."""

from __future__ import annotations

from collections.abc import Mapping

from callcenter.runtime.ports import Clock
from callcenter.store.audit import AuditBook
from callcenter.store.phones import PhoneAccess, Phones


class Hearing:
    """Implements the port of the web layer."""

    def __init__(self, phones: Phones, audit: AuditBook, clock: Clock) -> None:
        self._phones, self._audit, self._clock = phones, audit, clock

    async def access(self, user: str) -> PhoneAccess:
        return await self._phones.hearing_access(user, now=self._clock.now())

    async def note(self, by: str, action: str, call: str, detail: Mapping[str, object]) -> None:
        await self._audit.write(by, action, call, detail)
