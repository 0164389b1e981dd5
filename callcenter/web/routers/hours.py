"""Business hours: calendars, what they say now and in the days to come, the emergency switch.

A change is in use at once, also for callers who are in a menu.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Annotated, Any

import holidays
from fastapi import Path
from pydantic import Field, StringConstraints

from callcenter.calendars import HolidaysUnknown, IcsWrong, read_ics, with_holidays
from callcenter.flows.hours import CalendarWrong, DayHours, calendar_of, days_from, next_change
from callcenter.store.calendars import StoredCalendar
from callcenter.store.times import to_datetime
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.errors import ApiError, Flaw, not_found
from callcenter.web.moments import Moment
from callcenter.web.routers.common import Served, guarded_router
from callcenter.web.services import WebServices
from ivr.calendar import Calendar, State, is_open
from ivr.flow import Flow
from ivr.localtime import clock, local_time
from ivr.reading import read_draft

router = guarded_router("hours")

CalendarId = Annotated[str, Path(pattern=r"^[a-z0-9_-]{1,32}$")]
Message = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
Days = Annotated[dict[str, str], Field(max_length=1000, default_factory=dict)]
RESERVED = frozenset({"emergency", "preview", "ics", "countries"})


class Hours(Body):
    """`week`: mon..sun, or a span of days -> '09:00-12:00, 13:30-18:00'. `country`: ISO 3166, CN or
    DE-BY, whose public holidays are closed. `holidays`: day -> name, closed. `overrides`: day ->
    spans of time or 'closed', before everything else."""

    timezone: Annotated[str, StringConstraints(max_length=64)]
    week: Annotated[dict[str, str], Field(max_length=21, default_factory=dict)]
    country: Annotated[str, StringConstraints(max_length=8)] = ""
    holidays: Days
    overrides: Days


class CalendarBody(Hours):
    """`base_version`: what was read (null: a new calendar)."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    base_version: Annotated[int, Field(ge=1, le=10**9)] | None = None


class Now(Body):
    """`state` and why (`reason`: a holiday's name, an emergency's message), on the calendar's own
    clocks (`local_time`); when that changes next (null: not within 30 days)."""

    state: State
    reason: str
    local_time: str
    next_change: datetime | None


class CalendarUse(Body):
    what: str
    id: str
    title: str


class CalendarRead(Hours):
    id: str
    name: str
    version: int
    emergency: bool
    message: str
    emergency_by: str
    emergency_at: datetime | None
    now: Now
    used_by: list[CalendarUse]


class CalendarList(Body):
    items: list[CalendarRead]


class EmergencyBody(Body):
    on: bool
    message: Message = ""


class PreviewBody(Hours):
    """`at`: the moment that is asked for (null: now)."""

    at: Moment | None = None
    days: Annotated[int, Field(ge=1, le=400)] = 30


class DayRead(Body):
    """`weekday` 0 is Monday. `spans`: from-to, HH:MM. `why`: week, override, holiday, emergency."""

    day: str
    weekday: int
    state: State
    spans: list[tuple[str, str]]
    reason: str
    why: str


class Preview(Body):
    now: Now
    days: list[DayRead]


class IcsBody(Body):
    text: Annotated[str, StringConstraints(max_length=900_000)]


class IcsRead(Body):
    """`days`: closed days with their names. `skipped`: what was left out and why."""

    days: dict[str, str]
    skipped: list[str]


class Country(Body):
    """`parts`: ISO 3166-2 codes of its parts that have holidays of their own."""

    code: str
    parts: list[str]


class Countries(Body):
    items: list[Country]


# -- reading ------------------------------------------------------------------------------------
def _settings(body: Hours) -> dict[str, object]:
    return {name: getattr(body, name) for name in Hours.model_fields}


def _calendar(settings: Mapping[str, object]) -> Calendar:
    """Raises ApiError."""
    try:
        return calendar_of(settings)
    except CalendarWrong as wrong:
        flaws = [Flaw(where=where, message=reason) for where, reason in wrong.flaws]
        raise ApiError(422, "invalid", str(wrong), where=flaws[0].where, flaws=flaws) from None


def _filled(calendar: Calendar, at: float) -> Calendar:
    """With the public holidays around `at`. Raises ApiError."""
    year = int(local_time(at, calendar.timezone).date[:4])
    try:
        return with_holidays(calendar, (year - 1, year, year + 1, year + 2))
    except HolidaysUnknown as unknown:
        message = f"no public holidays are known for {unknown}"
        todo = "name another country, or write the holidays one by one"
        raise ApiError(422, "invalid", message, where="country", todo=todo) from None


def _now(calendar: Calendar, at: float) -> Now:
    verdict = is_open(calendar, at, calendar.timezone)
    there = local_time(at, calendar.timezone)
    change = next_change(calendar, at)
    return Now(
        state=verdict.state,
        reason=verdict.reason,
        local_time=f"{there.date} {clock(there.minute)}",
        next_change=to_datetime(change) if change is not None else None,
    )


def _day(day: DayHours) -> DayRead:
    return DayRead(
        day=day.day,
        weekday=day.weekday,
        state=day.state,
        spans=[(clock(begin), clock(end)) for begin, end in day.spans],
        reason=day.reason,
        why=day.why,
    )


async def _uses(served: WebServices) -> dict[str, list[CalendarUse]]:
    """Calendar -> the routes and flows that ask it."""
    out: dict[str, list[CalendarUse]] = {}
    _, rows = await served.routes.routes()
    for row in rows:
        if row.route.calendar:
            use = CalendarUse(what="route", id=row.route.id, title=row.route.id)
            out.setdefault(row.route.calendar, []).append(use)
    flows: dict[str, list[Flow]] = {name: [flow] for name, flow in served.config().flows.items()}
    for draft in await served.flows.drafts():
        flow, _ = read_draft(draft.text)
        flows.setdefault(draft.flow, []).extend([flow] if flow else [])
    for name, versions in sorted(flows.items()):
        asked = {
            str(node.settings["calendar"])
            for flow in versions
            for node in flow.nodes.values()
            if node.kind == "hours" and node.settings.get("calendar")
        }
        own = {calendar for flow in versions for calendar in flow.calendars}
        for calendar in asked - own:
            use = CalendarUse(what="flow", id=name, title=versions[-1].name)
            out.setdefault(calendar, []).append(use)
    return out


def _read(
    stored: StoredCalendar, calendar: Calendar | None, now: float, uses: list[CalendarUse]
) -> CalendarRead:
    settings = stored.settings
    running = calendar or replace(
        calendar_of(settings), emergency=stored.emergency, message=stored.message
    )
    return CalendarRead(
        id=stored.id,
        name=stored.name,
        version=stored.version,
        emergency=stored.emergency,
        message=stored.message,
        emergency_by=stored.emergency_by,
        emergency_at=stored.emergency_at,
        now=_now(running, now),
        used_by=uses,
        timezone=settings["timezone"],
        week=dict(settings.get("week", {})),
        country=settings.get("country", ""),
        holidays=dict(settings.get("holidays", {})),
        overrides=dict(settings.get("overrides", {})),
    )


# -- calendars ----------------------------------------------------------------------------------
@router.get("/api/calendars")
async def list_calendars(served: Served) -> CalendarList:
    uses, running, now = await _uses(served), served.config().calendars, served.clock.now()
    items = []
    for stored in await served.calendars.calendars():
        try:
            calendar_of(stored.settings)
        except CalendarWrong:
            continue  # written by a newer program; the log says so when it is loaded
        items.append(_read(stored, running.get(stored.id), now, uses.get(stored.id, [])))
    return CalendarList(items=items)


@router.put("/api/calendars/{calendar}")
async def put_calendar(
    calendar: CalendarId, body: CalendarBody, caller: Called, served: Served
) -> CalendarList:
    """Make or change a calendar."""
    if calendar in RESERVED:
        message = f"{calendar!r} is used by the product itself"
        raise ApiError(422, "invalid", message, where="id", todo="choose another name")
    settings = _settings(body)
    read = _calendar(settings)
    await asyncio.to_thread(_filled, read, served.clock.now())
    await served.calendars.put_calendar(
        calendar, body.name, settings, version=body.base_version, by=caller.account.id
    )
    await served.reload()
    return await list_calendars(served)


@router.delete("/api/calendars/{calendar}", status_code=204)
async def remove_calendar(calendar: CalendarId, caller: Called, served: Served) -> None:
    """Refused while a route or a flow asks it."""
    uses = (await _uses(served)).get(calendar, [])
    if uses:
        said = ", ".join(f"{use.what} {use.title}" for use in uses[:10])
        todo = "let these ask another calendar first"
        raise ApiError(409, "in_use", f"it is used by: {said}", where="calendar", todo=todo)
    if not await served.calendars.remove_calendar(calendar, by=caller.account.id):
        raise not_found("calendar")
    await served.reload()


@router.post("/api/calendars/emergency")
async def close_all(body: EmergencyBody, caller: Called, served: Served) -> CalendarList:
    """Turn the emergency switch of all calendars on or off."""
    await served.calendars.set_emergency(None, body.on, body.message, by=caller.account.id)
    await served.reload()
    return await list_calendars(served)


@router.post("/api/calendars/{calendar}/emergency")
async def close_one(
    calendar: CalendarId, body: EmergencyBody, caller: Called, served: Served
) -> CalendarList:
    """Turn the emergency switch of one calendar on or off."""
    turned = await served.calendars.set_emergency(
        calendar, body.on, body.message, by=caller.account.id
    )
    if not turned:
        raise not_found("calendar")
    await served.reload()
    return await list_calendars(served)


# -- looking ahead ------------------------------------------------------------------------------
@router.post("/api/calendars/preview")
async def preview(body: PreviewBody, served: Served) -> Preview:
    """Open at that moment? And the days from then on. Nothing is changed."""
    at = body.at.timestamp() if body.at is not None else served.clock.now()
    return await asyncio.to_thread(_preview, _calendar(_settings(body)), at, body.days)


def _preview(calendar: Calendar, at: float, days: int) -> Preview:
    filled = _filled(calendar, at)
    return Preview(now=_now(filled, at), days=[_day(day) for day in days_from(filled, at, days)])


@router.post("/api/calendars/ics")
async def read_ics_file(body: IcsBody) -> IcsRead:
    """The closed days in an ICS file, to be looked at before they are saved."""
    try:
        found = await asyncio.to_thread(read_ics, body.text)
    except IcsWrong as wrong:
        todo = "export the calendar again as .ics"
        raise ApiError(422, "no_ics", str(wrong), where="text", todo=todo) from None
    return IcsRead(days=dict(found.days), skipped=list(found.skipped))


@cache
def _countries() -> Countries:
    known: dict[str, Any] = holidays.list_supported_countries(include_aliases=False)
    items = [Country(code=code, parts=list(parts)) for code, parts in sorted(known.items())]
    return Countries(items=items)


@router.get("/api/calendars/countries")
async def list_countries() -> Countries:
    """The countries whose public holidays are known."""
    return await asyncio.to_thread(_countries)
