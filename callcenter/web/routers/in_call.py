"""Beside the console's socket: which calls an agent may take now, and how a leg sounded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import Path
from pydantic import Field

from callcenter.core.board import CallRow
from callcenter.crm.interactions.schemas import LegQuality
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.errors import not_found
from callcenter.web.routers.common import CallId, Served, guarded_router

router = guarded_router("in-call")

SHELF_MAX = 100
Leg = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,40}$")]
Milliseconds = Annotated[float, Field(ge=0, le=60_000)]
Mos = Annotated[float, Field(ge=1, le=4.5)]
Count = Annotated[int, Field(ge=0, le=10_000_000_000)]


class OnShelf(Body):
    """A call that an agent may take himself. `agent`: at whom it rings, or who parked it; `until`:
    when a parked one goes back to the line."""

    call: str
    kind: Literal["parked", "ringing", "waiting"]
    queue: str
    queue_name: str
    name: str
    number: str
    since: float
    agent: str
    place: int | None
    until: float | None


class Shelf(Body):
    """`more`: as many again are not shown."""

    items: list[OnShelf]
    more: int


class QualityBody(Body):
    """What the browser has measured so far; the moments are UNIX seconds of the server's clock."""

    began_at: Annotated[float, Field(ge=0, le=4_102_444_800)]
    ended_at: Annotated[float, Field(ge=0, le=4_102_444_800)]
    measures: Annotated[int, Field(ge=1, le=1_000_000)]
    packets_received: Count
    packets_lost: Count
    jitter_ms: Milliseconds
    jitter_max_ms: Milliseconds
    round_trip_ms: Milliseconds
    round_trip_max_ms: Milliseconds
    mos: Mos
    mos_min: Mos


class QualityRead(Body):
    agent: str
    leg: str
    began_at: datetime
    ended_at: datetime
    measures: int
    packets_received: int
    packets_lost: int
    jitter_ms: float
    jitter_max_ms: float
    round_trip_ms: float
    round_trip_max_ms: float
    mos: float
    mos_min: float


@router.get("/api/shelf")
async def shelf(caller: Called, served: Served) -> Shelf:
    """What the own agent may take now: parked calls, those that ring at colleagues, and callers who
    wait where agents may choose; of the queues he serves. Names as the caller gave them: the record
    is shown to who takes the call."""
    tables = served.hub.tables
    mine = tables.queues_of(caller.agent)
    choose = {row.queue for row in tables.queues.values() if row.agents_choose}
    rows = [
        shown
        for row in tables.calls.values()
        if (shown := _shown(row, caller.agent, mine, choose)) is not None
    ]
    order = ("parked", "ringing", "waiting")
    rows.sort(key=lambda row: (order.index(row.kind), row.since, row.call))
    return Shelf(items=rows[:SHELF_MAX], more=max(0, len(rows) - SHELF_MAX))


def _shown(row: CallRow, agent: str, mine: frozenset[str], choose: set[str]) -> OnShelf | None:
    queue = row.queue or ""
    kind: Literal["parked", "ringing", "waiting"]
    if row.parking is not None and (queue in mine or row.parking.by == agent):
        kind, who, since = "parked", row.parking.by, row.parking.since
    elif queue not in mine:
        return None
    elif row.stage == "offered" and agent not in row.offered_to:
        kind, who, since = "ringing", row.agent or "", row.since
    elif row.stage == "waiting" and queue in choose:
        kind, who, since = "waiting", "", row.joined_at or row.since
    else:
        return None
    where = row.parking
    return OnShelf(
        call=row.call,
        kind=kind,
        queue=queue,
        queue_name=row.queue_name,
        name=row.name,
        number=row.number,
        since=since,
        agent=who,
        place=where.place if where is not None else None,
        until=where.until if where is not None else None,
    )


@router.put("/api/calls/{call}/quality/{leg}", status_code=204)
async def keep_quality(
    call: CallId, leg: Leg, body: QualityBody, caller: Called, served: Served
) -> None:
    """How the own leg of a call sounded until now. Told again while it lasts; the longest account
    counts. Only of a call that one is in, or writes about. The last account may come when the call
    is no longer there, as a talk between colleagues at once: it is kept if there was one before."""
    present = _in_it(served.hub.tables.calls.values(), call)
    if caller.agent not in present:
        if present:
            raise not_found("call")
        told = await served.interactions.quality(call)
        if (caller.agent, leg) not in {(one.agent, one.leg) for one in told}:
            return
    values = body.model_dump()
    for moment in ("began_at", "ended_at"):
        values[moment] = datetime.fromtimestamp(values[moment], UTC)
    await served.interactions.keep_quality(call, LegQuality(agent=caller.agent, leg=leg, **values))


def _in_it(rows: Iterable[CallRow], call: str) -> set[str]:
    """The agents who are, or just were, on this call."""
    found: set[str] = set()
    for row in rows:
        if call in (row.call, row.part_of):
            asked = row.consult.agent if row.consult is not None else None
            parked = row.parking.by if row.parking is not None else None
            found.update(agent for agent in (row.agent, row.peer, asked, parked) if agent)
    return found
