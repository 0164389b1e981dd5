"""What is behind a number of a report: its calls, one line for each time a call is in the number.

Queues and agents of the caller's teams alone, as in the report itself.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, cast

from fastapi import Depends, Query

from callcenter.crm.cursors import read_cursor, write_cursor
from callcenter.reports.asking import Wanted
from callcenter.reports.behind import NothingBehind, Place, Within
from callcenter.reports.periods import Period
from callcenter.reports.service import TooLong
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.errors import ApiError
from callcenter.web.moments import Moment
from callcenter.web.routers.common import Served, guarded_router
from callcenter.web.routers.interactions import InteractionRead
from callcenter.web.routers.reports import scope_of
from ivr.localtime import is_zone

router = guarded_router("reports")

NONE = "-"  # of a queue, an agent, a disposition, a trunk: those that have none
WAIT_MAX = 1_000_000  # seconds
WAY_MAX = 2000

Key = Annotated[str | None, Query(max_length=80)]
Keys = Annotated[list[str] | None, Query(max_length=500)]
Waited = Annotated[int | None, Query(ge=0, le=WAIT_MAX)]


class BehindItem(Body):
    """`at`, `queue`, `agent`: of what is counted. `times`: how often it is in the number.
    `interaction`: none while the call goes on."""

    at: datetime
    call: str
    leg: int
    queue: str
    agent: str
    times: int
    interaction: InteractionRead | None


class BehindRead(Body):
    """Newest first. `title`: what is listed, in English and Chinese; `count`: the number itself,
    of a share what is divided; `calls`: different ones among them."""

    items: list[BehindItem]
    title: list[str]
    count: int
    calls: int
    next: str | None


def _within(
    disposition: Key = None,
    number: Key = None,
    weekday: Annotated[int | None, Query(ge=1, le=7)] = None,
    hour: Annotated[int | None, Query(ge=0, le=23)] = None,
    zone: Annotated[str, Query(max_length=64)] = "UTC",
    over: Waited = None,
    upto: Waited = None,
    flow: Key = None,
    ended: Key = None,
    way: Annotated[str | None, Query(max_length=WAY_MAX)] = None,
    question: Key = None,
    trunk: Key = None,
    cause: Key = None,
) -> Within:
    """The row or cell of the number. `weekday` (1 is Monday) and `hour` are on the clock of `zone`;
    waits are seconds, longer than `over` and at most `upto`."""
    if not is_zone(zone):
        raise ApiError(422, "invalid", f"there is no time zone {zone[:40]!r}", where="zone")
    return Within(
        disposition="" if disposition == NONE else disposition,
        number=number,
        weekday=weekday,
        hour=hour,
        zone=zone,
        over=over,
        upto=upto,
        flow=flow,
        ended=ended,
        way=way,
        question=question,
        trunk="" if trunk == NONE else trunk,
        cause=cause,
    )


def _ids(ids: list[str] | None) -> tuple[str, ...]:
    return tuple("" if one == NONE else one for one in ids or ())


@router.get("/api/calls-behind")
async def calls_behind_figure(
    caller: Called,
    served: Served,
    figure: Annotated[str, Query(max_length=40)],
    since: Moment,
    until: Moment,
    within: Annotated[Within, Depends(_within)],
    queues: Keys = None,
    agents: Keys = None,
    report: Annotated[str, Query(max_length=32)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> BehindRead:
    """The calls that made a number of a report. "-" stands for none of them."""
    day = since.date()
    period = Period(day, day, "UTC")
    wanted = Wanted(period, "all", _ids(queues), _ids(agents), "", scope_of(caller))
    try:
        found = await served.reports.behind(
            wanted,
            figure,
            since,
            until,
            limit=limit + 1,
            after=_place(cursor),
            within=within,
            report=report,
        )
    except NothingBehind:
        raise ApiError(422, "invalid", "this figure has no calls", where="figure") from None
    except TooLong:
        raise ApiError(409, "too_long", "too many calls", todo="ask for fewer days") from None
    rows = found.rows[:limit]
    known = await served.interactions.of_calls(sorted({row.call for row in rows}))
    over = {one.call: InteractionRead.model_validate(asdict(one)) for one in known}
    return BehindRead(
        items=[BehindItem(**asdict(row), interaction=over.get(row.call)) for row in rows],
        title=list(found.title),
        count=found.number,
        calls=found.calls,
        next=write_cursor(*rows[-1].place) if len(found.rows) > limit else None,
    )


def _place(cursor: str | None) -> Place | None:
    found = read_cursor(cursor, datetime, str, int)
    return None if found is None else cast(Place, tuple(found))
