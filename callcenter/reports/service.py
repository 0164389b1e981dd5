"""Reports for the web layer and for letters: at once, or in the background with progress.

A report that would keep a person waiting is refused with `TooLong` and can be begun as a job: it
goes on in this process, its queries are broken off in the database when it is cancelled, and it is
gone after a restart. Raises OSError or SQLAlchemyError when the database is away.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.reports.asked import (
    adherence,
    agents,
    customers,
    quality,
    queues,
    staffing,
    trunks,
)
from callcenter.reports.asking import Reading, Report, Scope, Side, Wanted, reading
from callcenter.reports.behind import EVERYTHING_OF_IT, Behind, Place, Within, calls_behind
from callcenter.reports.recent import offered_by_minute
from callcenter.store.engine import make_engine

Making = Callable[[Reading, Wanted], Awaitable[Report]]

REPORTS: Mapping[str, Making] = {
    "queues": queues.queues,
    "service-level": queues.service_level,
    "abandons": queues.abandons,
    "hours": queues.hours,
    "agents": agents.agents,
    "adherence": adherence.adherence,
    "dispositions": agents.dispositions,
    "callers": customers.callers,
    "callbacks": customers.callbacks,
    "menus": customers.menus,
    "satisfaction": customers.satisfaction,
    "quality": quality.quality,
    "tickets": customers.tickets,
    "trunks": trunks.trunks,
    "staffing": staffing.staffing,
}
QUERIES = {
    "quality": 5,
    "queues": 3,
    "service-level": 4,
    "abandons": 3,
    "agents": 4,
    "callers": 4,
    "trunks": 5,
}
"""About how many queries a report makes, for its progress; 2 where nothing is said."""

SIDES: Mapping[str, Side] = {
    "queues": "queue",
    "service-level": "queue",
    "abandons": "queue",
    "hours": "queue",
    "staffing": "queue",
    "callbacks": "queue",
    "agents": "agent",
    "adherence": "agent",
    "quality": "agent",
}
"""By whose border a report is narrowed, where one of them alone has a meaning."""

AT_ONCE_MILLISECONDS = 5_000
JOB_MILLISECONDS = 600_000
JOBS_MAX = 3  # at work at the same time
JOBS_KEPT = 50
CANCELLED = "57014"  # SQLSTATE query_canceled, which a statement timeout gives too

State = Literal["waiting", "running", "done", "failed", "cancelled"]


class TooLong(Exception):
    """It takes longer than somebody should wait for: begin it as a job."""


@dataclass(slots=True)
class Job:
    """A report in the background. `progress` from 0 to 1; `trouble`: why it failed."""

    id: str
    user: str
    report: str
    wanted: Wanted
    begun: float
    state: State = "waiting"
    progress: float = 0.0
    result: Report | None = None
    trouble: str = ""
    task: asyncio.Task[None] | None = field(default=None, repr=False)


class Reports:
    """`url`: jobs have connections of their own, so that long ones take none from the others."""

    def __init__(self, engine: AsyncEngine, url: str) -> None:
        self._engine = engine
        self._own = make_engine(url, pool_size=JOBS_MAX, command_seconds=None)
        self._jobs: dict[str, Job] = {}
        self._places = asyncio.Semaphore(JOBS_MAX)

    async def close(self) -> None:
        for job in self._jobs.values():
            if job.task is not None:
                job.task.cancel()
        await self._own.dispose()

    async def report(self, name: str, wanted: Wanted) -> Report:
        """At once. Raises TooLong, PeriodWrong; KeyError for an unknown name."""
        try:
            async with reading(self._engine, AT_ONCE_MILLISECONDS) as source:
                return await _made(name, source, wanted)
        except DBAPIError as problem:
            if getattr(problem.orig, "sqlstate", "") == CANCELLED:
                raise TooLong from None
            raise

    async def behind(
        self,
        wanted: Wanted,
        figure: str,
        since: datetime,
        until: datetime,
        *,
        limit: int,
        after: Place | None = None,
        within: Within = EVERYTHING_OF_IT,
        report: str = "",
    ) -> Behind:
        """What is behind a number, newest first; `report`: the one that shows it. Raises
        NothingBehind, TooLong."""
        side: Side | Literal[""] = SIDES.get(report, "either" if report in REPORTS else "")
        try:
            async with reading(self._engine, AT_ONCE_MILLISECONDS) as source:
                return await calls_behind(
                    source,
                    wanted,
                    figure,
                    since,
                    until,
                    limit=limit,
                    after=after,
                    within=within,
                    side=side,
                )
        except DBAPIError as problem:
            if getattr(problem.orig, "sqlstate", "") == CANCELLED:
                raise TooLong from None
            raise

    async def last_hour(self, scope: Scope, until: datetime) -> Mapping[str, Sequence[int]]:
        """Calls offered in each minute before `until`, by queue, the oldest first."""
        async with reading(self._engine, AT_ONCE_MILLISECONDS) as source:
            return await offered_by_minute(source, scope, until)

    async def trunks(self) -> list[str]:
        """Those that calls came or went by."""
        async with reading(self._engine, AT_ONCE_MILLISECONDS) as source:
            return await trunks.names(source)

    async def state(self) -> tuple[str, datetime | None]:
        """The time zone of the days that are kept, and up to when everything is read."""
        async with reading(self._engine, AT_ONCE_MILLISECONDS) as source:
            return source.zone, source.fed_until

    # -- in the background --------------------------------------------------------------------
    def begin(self, name: str, wanted: Wanted, *, user: str) -> Job:
        """Raises KeyError for an unknown name."""
        REPORTS[name]
        job = Job(secrets.token_hex(8), user, name, wanted, time.time())
        self._jobs[job.id] = job
        self._forget_old()
        job.task = asyncio.create_task(self._work(job))
        return job

    def job(self, id: str, *, user: str) -> Job | None:
        """One's own."""
        job = self._jobs.get(id)
        return job if job is not None and job.user == user else None

    def jobs(self, *, user: str) -> list[Job]:
        return [job for job in reversed(self._jobs.values()) if job.user == user]

    async def cancel(self, job: Job) -> None:
        """Its query is broken off in the database."""
        if job.state in ("waiting", "running"):
            job.state = "cancelled"
            if job.task is not None:
                job.task.cancel()
                with suppress(asyncio.CancelledError):
                    await job.task

    async def _work(self, job: Job) -> None:
        def went_on(queries: int) -> None:
            expected = QUERIES.get(job.report, 2) * (2 if job.wanted.compare else 1)
            job.progress = min(queries / (expected + 1), 0.95)

        try:
            async with self._places:
                job.state = "running"
                async with reading(self._own, JOB_MILLISECONDS, went_on) as source:
                    job.result = await _made(job.report, source, job.wanted)
                job.state, job.progress = "done", 1.0
        except (SQLAlchemyError, OSError, TimeoutError) as problem:
            code = getattr(getattr(problem, "orig", None), "sqlstate", "")
            job.trouble = "too-long" if code == CANCELLED else "database"
            job.state = "failed"

    def _forget_old(self) -> None:
        over = [job.id for job in self._jobs.values() if job.state not in ("waiting", "running")]
        for id in over[: max(0, len(self._jobs) - JOBS_KEPT)]:
            del self._jobs[id]


async def _made(name: str, source: Reading, wanted: Wanted) -> Report:
    made = await REPORTS[name](source, wanted.seen_by(SIDES.get(name, "either")))
    return replace(made, fed_until=source.fed_until)
