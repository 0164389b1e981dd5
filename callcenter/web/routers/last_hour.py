"""The last hour of the queues, for the small pictures on the live page: asked for once a minute."""

from __future__ import annotations

from datetime import UTC, datetime

from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.routers.common import Served, guarded_router
from callcenter.web.routers.reports import scope_of

router = guarded_router("reports")

MINUTE = 60


class LastHour(Body):
    """`offered`: by queue, calls offered in each of the 60 minutes before `until`, the oldest
    first. A queue that is missing had none."""

    until: datetime
    offered: dict[str, list[int]]


@router.get("/api/queue-minutes")
async def queue_minutes(caller: Called, served: Served) -> LastHour:
    """Up to the last full minute, so that no minute grows after it was shown."""
    until = datetime.fromtimestamp(served.clock.now() // MINUTE * MINUTE, UTC)
    found = await served.reports.last_hour(scope_of(caller), until)
    return LastHour(until=until, offered={queue: list(some) for queue, some in found.items()})
