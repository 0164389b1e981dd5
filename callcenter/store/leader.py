"""Who leads: one row whose epoch grows with every start.

The epoch travels in everything the leader sends; Asterisk's dialplan and our tables refuse what
carries an older one.
"""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

LEASE_SECONDS = 5.0

_TAKE = text(
    "update leader set holder = :holder, epoch = greatest(epoch, :above) + 1,"
    " expires_at = clock_timestamp() + make_interval(secs => :lease)"
    " where id = 1 returning epoch"
)


async def take_epoch(engine: AsyncEngine, holder: str, *, above: int = 0) -> int:
    """Become the leader and return the new epoch: greater than any before and than `above` (what
    Asterisk still knows, should the database have been lost). One process leads today; it takes
    the row without asking."""
    async with engine.begin() as connection:
        values = {"holder": holder[:200], "above": above, "lease": LEASE_SECONDS}
        epoch = (await connection.execute(_TAKE, values)).scalar_one()
    return int(epoch)
