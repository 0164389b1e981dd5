"""Who changed what, in the same transaction as the change. Rows are append-only by a trigger."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from callcenter.store.accounts import as_uuid, printable
from callcenter.store.engine import make_sessions
from callcenter.store.ledger_rows import plain
from callcenter.store.tables import AuditEntry

SECRET_NAMES = ("password", "secret", "token", "hash")


async def note(
    session: AsyncSession, by: str, action: str, subject: str, detail: Mapping[str, object]
) -> None:
    """Add a line. `by`: the user's id; anything else (the product itself) is kept in the detail.
    Values whose names speak of secrets are left out."""
    user = as_uuid(by)
    kept = {k: v for k, v in detail.items() if not any(word in k for word in SECRET_NAMES)}
    extra = {} if user else {"by": by}
    session.add(
        AuditEntry(
            user_id=user,
            action=printable(action, 64),
            subject=printable(subject, 128),
            detail=plain(kept | extra),
        )
    )


class AuditBook:
    """Lines about deeds that change nothing in the database. Raises what an absent database
    raises."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._sessions = make_sessions(engine)

    async def write(self, by: str, action: str, subject: str, detail: Mapping[str, object]) -> None:
        async with self._sessions.begin() as session:
            await note(session, by, action, subject, detail)
