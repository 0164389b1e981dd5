"""Reports: what there is, one at once or in the background, as a file.

Who may see which queues and agents is decided in one place, `scope_of`.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import Depends, Query, Response
from pydantic import Field

from callcenter.core.config import Config
from callcenter.reports.asking import Report, Scope, Wanted, scope_within
from callcenter.reports.behind import LISTED
from callcenter.reports.figures import FIGURES
from callcenter.reports.files import Language, as_csv, as_xlsx
from callcenter.reports.measures import MEASURES
from callcenter.reports.periods import Interval, Period, PeriodWrong
from callcenter.reports.service import REPORTS, Job, TooLong
from callcenter.web.auth import Called, Caller
from callcenter.web.body import Body
from callcenter.web.errors import ApiError, not_found
from callcenter.web.routers.common import Served, guarded_router
from callcenter.web.services import WebServices
from ivr.localtime import is_zone

router = guarded_router("reports")

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ID = r"^[a-z0-9]{1,32}$"
JobId = Annotated[str, Query(pattern=r"^[0-9a-f]{16}$")]

Ids = Annotated[list[Annotated[str, Field(pattern=ID)]], Field(max_length=500)]


class FigureRead(Body):
    """`title` and `text` in English and Chinese. `behind`: its calls can be shown. Values of the
    unit `moment` are UNIX seconds. `full`: from this value on all is used of what it is a share."""

    name: str
    unit: Literal["count", "seconds", "share", "ratio", "moment"]
    title: list[str]
    text: list[str]
    better: Literal["up", "down", ""]
    behind: bool
    full: float | None


class CatalogueRead(Body):
    """`zone`: of the centre; `fed_until`: up to when everything that happened is in the figures."""

    reports: list[str]
    figures: list[FigureRead]
    zone: str
    fed_until: datetime | None


class RowRead(Body):
    keys: list[str]
    values: list[float | None]


class TableRead(Body):
    """`keys` name the first columns; an interval is its beginning, ISO 8601."""

    name: str
    keys: list[str]
    figures: list[str]
    rows: list[RowRead]
    totals: list[float | None] | None


class ReportRead(Body):
    """`before`: the cards of the period that is compared with, and when that is."""

    name: str
    since: datetime
    until: datetime
    before_since: datetime | None
    before_until: datetime | None
    zone: str
    interval: Interval
    cards: dict[str, float | None]
    before: dict[str, float | None] | None
    tables: list[TableRead]
    fed_until: datetime | None


class JobRead(Body):
    id: str
    report: str
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    progress: float
    trouble: str
    result: ReportRead | None


class JobsRead(Body):
    items: list[JobRead]


def scope_of(caller: Caller) -> Scope:
    """The queues and agents whose figures somebody may see: those of his teams."""
    return scope_within(caller.reach)


def _wanted(
    caller: Called,
    served: Served,
    first: date,
    last: date,
    interval: Interval = "day",
    zone: Annotated[str, Query(max_length=64)] = "",
    queues: Annotated[list[str] | None, Query(max_length=500)] = None,
    agents: Annotated[list[str] | None, Query(max_length=500)] = None,
    compare: Literal["", "before", "year"] = "",
) -> Wanted:
    """What is asked for, checked."""
    place = zone or served.config().time_zone
    if not is_zone(place):
        raise ApiError(422, "invalid", f"there is no time zone {place[:40]!r}", where="zone")
    for where, ids in (("queues", queues), ("agents", agents)):
        for one in ids or ():
            if not ((one.isascii() and one.isalnum() and one.islower()) or one.isdigit()) or (
                len(one) > 32
            ):
                raise ApiError(422, "invalid", f"{one[:40]!r} is no id", where=where)
    try:
        made = Wanted(
            Period(first, last, place),
            interval,
            tuple(queues or ()),
            tuple(agents or ()),
            compare,
            scope_of(caller),
        )
        made.edges()
    except PeriodWrong as wrong:
        raise ApiError(422, "period_wrong", str(wrong), where="first") from None
    except OverflowError:
        raise ApiError(422, "period_wrong", "there are no such days", where="first") from None
    return made


Asked = Annotated[Wanted, Depends(_wanted)]
Form = Literal["csv", "xlsx"]


def serving(report: str, wanted: Wanted, served: WebServices) -> Wanted:
    """Staffing counts the plan of those who serve the queues it is asked for."""
    queues = set(wanted.queues) if wanted.queues else wanted.scope.queues
    if report != "staffing" or wanted.agents or queues is None:
        return wanted
    agents = [id for id, one in served.config().agents.items() if queues & set(one.queues)]
    return replace(wanted, agents=tuple(agents) or ("-",))


def read_report(report: Report) -> ReportRead:
    period = report.wanted.period
    earlier = report.wanted.earlier()
    return ReportRead(
        name=report.name,
        since=period.since,
        until=period.until,
        before_since=None if earlier is None else earlier.period.since,
        before_until=None if earlier is None else earlier.period.until,
        zone=period.zone,
        interval=report.wanted.interval,
        cards=report.cards,
        before=report.before,
        tables=[
            TableRead(
                name=table.name,
                keys=list(table.keys),
                figures=list(table.figures),
                rows=[RowRead(keys=list(k), values=list(v)) for k, v in table.rows],
                totals=None if table.totals is None else list(table.totals),
            )
            for table in report.tables
        ],
        fed_until=report.fed_until,
    )


def known(name: str) -> None:
    if name not in REPORTS:
        raise not_found("report")


@router.get("/api/reports")
async def list_reports(served: Served) -> CatalogueRead:
    """The reports, every figure with its definition, and how far the figures are."""
    zone, fed_until = await served.reports.state()
    every = (*FIGURES.values(), *MEASURES.values())
    return CatalogueRead(
        reports=list(REPORTS),
        figures=[
            FigureRead(
                name=one.name,
                unit=one.unit,
                title=list(one.title),
                text=list(one.text),
                better=one.better,
                behind=one.behind in LISTED,
                full=one.full,
            )
            for one in every
        ],
        zone=zone,
        fed_until=fed_until,
    )


@router.get("/api/reports/{report}")
async def get_report(report: str, wanted: Asked, served: Served) -> ReportRead:
    """At once. 409 `too_long`: begin it as a job."""
    known(report)
    return read_report(await _made(report, serving(report, wanted, served), served))


async def _made(report: str, wanted: Wanted, served: Served) -> Report:
    try:
        return await served.reports.report(report, wanted)
    except PeriodWrong as wrong:
        raise ApiError(422, "period_wrong", str(wrong), where="first") from None
    except TooLong:
        raise ApiError(
            409,
            "too_long",
            "this report takes a while",
            todo="begin it in the background, or ask for fewer days",
        ) from None


@router.get("/api/reports/{report}/file", include_in_schema=False)
async def report_file(
    report: str,
    wanted: Asked,
    served: Served,
    form: Form = "xlsx",
    table: Annotated[str, Query(max_length=32)] = "",
    language: Language = "en",
) -> Response:
    """As a file that cannot compute anything in a spreadsheet."""
    known(report)
    made = await _made(report, serving(report, wanted, served), served)
    names = names_of(served.config())
    if form == "csv":
        body = await asyncio.to_thread(as_csv, made, table, language, names)
        kind = "text/csv; charset=utf-8"
    else:
        body = await asyncio.to_thread(as_xlsx, made, language, names)
        kind = XLSX_TYPE
    name = f"{report}-{wanted.period.first}-{wanted.period.last}.{form}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=kind, headers=headers)


class Namer:
    """Names of queues, agents and the like, as they are called now."""

    def __init__(self, config: Config) -> None:
        self._config = config

    def __call__(self, kind: str, key: str, language: Language) -> str:
        if kind == "queue" and key in self._config.queues:
            return self._config.queues[key].name
        if kind == "agent" and key in self._config.agents:
            return self._config.agents[key].name
        if kind == "disposition":
            return next((d.name for d in self._config.dispositions if d.code == key), "")
        return ""


def names_of(config: Config) -> Namer:
    return Namer(config)


# -- in the background ----------------------------------------------------------------------------
def _job(job: Job) -> JobRead:
    return JobRead(
        id=job.id,
        report=job.report,
        state=job.state,
        progress=job.progress,
        trouble=job.trouble,
        result=None if job.result is None else read_report(job.result),
    )


@router.post("/api/report-jobs/{report}", status_code=202)
async def begin_report_job(report: str, wanted: Asked, caller: Called, served: Served) -> JobRead:
    """Begin a report in the background."""
    known(report)
    asked = serving(report, wanted, served)
    return _job(served.reports.begin(report, asked, user=caller.account.id))


@router.get("/api/report-jobs/{job}")
async def get_report_job(job: str, caller: Called, served: Served) -> JobRead:
    """How far it is, and when it is done, the report."""
    found = served.reports.job(job, user=caller.account.id)
    if found is None:
        raise not_found("report")
    return _job(found)


@router.delete("/api/report-jobs/{job}")
async def cancel_report_job(job: str, caller: Called, served: Served) -> JobRead:
    """Stop it; its query ends in the database too."""
    found = served.reports.job(job, user=caller.account.id)
    if found is None:
        raise not_found("report")
    await served.reports.cancel(found)
    return _job(found)
