"""Saved views of reports, and reports sent by e-mail at set times: everybody's own."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from callcenter.reports.keeping import NotKept, Schedule
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.errors import ApiError, not_found
from callcenter.web.routers.common import Served, UuidText, guarded_router
from callcenter.web.routers.reports import ID, known
from ivr.localtime import is_zone

router = guarded_router("reports")

FILTER_BYTES_MAX = 4000

Name = Annotated[str, Field(min_length=1, max_length=80)]
ReportName = Annotated[str, Field(max_length=32)]
Ids = Annotated[list[Annotated[str, Field(pattern=ID)]], Field(max_length=500)]


class ReportViewBody(Body):
    """`filter`: what the console puts into the page's address."""

    name: Name
    report: ReportName
    filter: dict[str, Any]
    shared: bool = False


class ReportViewRead(ReportViewBody):
    id: str
    mine: bool


class ReportViews(Body):
    items: list[ReportViewRead]


class ReportScheduleBody(Body):
    """`at_minute` of the day in `time_zone`; `every` day for the day before, Monday for the week
    before, first for the month before."""

    name: Name
    report: ReportName
    queues: Ids = Field(default_factory=list)
    agents: Ids = Field(default_factory=list)
    every: Literal["day", "week", "month"]
    at_minute: Annotated[int, Field(ge=0, le=1439)]
    time_zone: Annotated[str, Field(max_length=64)]
    recipients: Annotated[list[Annotated[str, Field(max_length=254)]], Field(max_length=20)]
    form: Literal["xlsx", "csv"] = "xlsx"
    language: Literal["en", "zh"] = "en"
    active: bool = True


class ReportScheduleRead(ReportScheduleBody):
    """`sent_for`: when it was last due and sent; `trouble`: why the latest was not."""

    id: str
    sent_for: datetime | None
    trouble: str


class ReportSchedules(Body):
    """`mail`: there is a mail server, so that letters go out."""

    items: list[ReportScheduleRead]
    mail: bool


@router.get("/api/report-views")
async def list_report_views(caller: Called, served: Served) -> ReportViews:
    found = await served.kept_reports.views(caller.account.id)
    items = [
        ReportViewRead(
            id=one.id,
            name=one.name,
            report=one.report,
            filter=dict(one.filter),
            shared=one.shared,
            mine=one.mine,
        )
        for one in found
    ]
    return ReportViews(items=items)


@router.post("/api/report-views", status_code=201)
async def save_report_view(body: ReportViewBody, caller: Called, served: Served) -> ReportViewRead:
    known(body.report)
    if len(json.dumps(body.filter)) > FILTER_BYTES_MAX:
        raise ApiError(422, "invalid", "this filter is too long to be kept", where="filter")
    try:
        one = await served.kept_reports.save_view(
            caller.account.id, body.name, body.report, body.filter, shared=body.shared
        )
    except NotKept as reason:
        raise ApiError(422, "invalid", str(reason), where=reason.where) from None
    return ReportViewRead(
        id=one.id,
        name=one.name,
        report=one.report,
        filter=dict(one.filter),
        shared=one.shared,
        mine=True,
    )


@router.delete("/api/report-views/{view}", status_code=204)
async def remove_report_view(view: UuidText, caller: Called, served: Served) -> None:
    if not await served.kept_reports.remove_view(caller.account.id, view):
        raise not_found("view")


@router.get("/api/report-schedules")
async def list_report_schedules(caller: Called, served: Served) -> ReportSchedules:
    found = await served.kept_reports.schedules(caller.account.id)
    return ReportSchedules(items=[_read(one) for one in found], mail=served.letters.ready)


@router.post("/api/report-schedules", status_code=201)
async def make_report_schedule(
    body: ReportScheduleBody, caller: Called, served: Served
) -> ReportScheduleRead:
    return await _put("", body, caller, served)


@router.put("/api/report-schedules/{schedule}")
async def change_report_schedule(
    schedule: UuidText, body: ReportScheduleBody, caller: Called, served: Served
) -> ReportScheduleRead:
    return await _put(schedule, body, caller, served)


@router.delete("/api/report-schedules/{schedule}", status_code=204)
async def remove_report_schedule(schedule: UuidText, caller: Called, served: Served) -> None:
    if not await served.kept_reports.remove_schedule(caller.account.id, schedule):
        raise not_found("schedule")


async def _put(
    id: str, body: ReportScheduleBody, caller: Called, served: Served
) -> ReportScheduleRead:
    known(body.report)
    if not is_zone(body.time_zone):
        raise ApiError(422, "invalid", "there is no such time zone", where="time_zone")
    wanted = Schedule(
        id=id,
        name=body.name,
        report=body.report,
        queues=tuple(body.queues),
        agents=tuple(body.agents),
        every=body.every,
        at_minute=body.at_minute,
        time_zone=body.time_zone,
        recipients=tuple(body.recipients),
        form=body.form,
        language=body.language,
        active=body.active,
    )
    try:
        kept = await served.kept_reports.put_schedule(caller.account.id, wanted)
    except NotKept as reason:
        raise ApiError(422, "invalid", str(reason), where=reason.where) from None
    if kept is None:
        raise not_found("schedule")
    return _read(kept)


def _read(one: Schedule) -> ReportScheduleRead:
    return ReportScheduleRead(
        id=one.id,
        name=one.name,
        report=one.report,
        queues=list(one.queues),
        agents=list(one.agents),
        every=one.every,
        at_minute=one.at_minute,
        time_zone=one.time_zone,
        recipients=list(one.recipients),
        form=one.form,
        language=one.language,
        active=one.active,
        sent_for=one.sent_for,
        trouble=one.trouble,
    )
