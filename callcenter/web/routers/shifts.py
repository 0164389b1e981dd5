"""The shift plan: a week read and written, copied to another, from a file and into one, taken back.

A supervisor plans the agents of his teams and nobody else; an agent sees his own plan. Times are
those of the clock on the wall (`callcenter.shifts.values`); new ones are of the centre's time zone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Literal

from fastapi import Query, Response
from pydantic import Field

from callcenter.core.teams import Reach, within
from callcenter.shifts.book import Change, Planned
from callcenter.shifts.files import as_csv, read_csv
from callcenter.shifts.values import (
    BREAKS_MAX,
    SHIFTS_MAX,
    Shift,
    ShiftWrong,
    Stretch,
    checked,
    clock_text,
    read_shift,
    stretches,
)
from callcenter.web.auth import Called, Caller
from callcenter.web.body import Body
from callcenter.web.borders import outside
from callcenter.web.errors import ApiError, Flaw, not_found
from callcenter.web.routers.common import Served, UuidText, guarded_router
from callcenter.web.services import WebServices

router = guarded_router("shifts")

SPAN_MAX = timedelta(days=92)
TEXT_MAX = 2_000_000
DAYS_MAX = 2_000  # typed at once
FIRST, LAST = date(1971, 1, 1), date(2199, 12, 31)

Day = Annotated[date, Field(ge=FIRST, le=LAST)]
AskedDay = Annotated[date, Query(ge=FIRST, le=LAST)]
AgentText = Annotated[str, Field(pattern=r"^[a-z0-9]{1,32}$")]
ClockText = Annotated[str, Field(max_length=8)]


class BreakBody(Body):
    begins: ClockText
    ends: ClockText


class ShiftBody(Body):
    """Times as 09:00. An end that is not after the beginning is on the next day."""

    begins: ClockText
    ends: ClockText
    breaks: Annotated[list[BreakBody], Field(max_length=BREAKS_MAX)]


class ShiftDayBody(Body):
    """`version`: the one that was read, 0 where nothing stood; null: whatever stands there goes."""

    agent: AgentText
    day: Day
    shifts: Annotated[list[ShiftBody], Field(max_length=SHIFTS_MAX)]
    version: Annotated[int, Field(ge=0, le=10**9)] | None = None


class ShiftsBody(Body):
    days: Annotated[list[ShiftDayBody], Field(min_length=1, max_length=DAYS_MAX)]


class ShiftDayRead(Body):
    """`minutes`: of planned work, breaks not included, as the clocks really go on that day."""

    agent: str
    day: date
    shifts: list[ShiftBody]
    version: int
    minutes: int


class ShiftAgent(Body):
    id: str
    name: str
    team: str


class ShiftsRead(Body):
    """`zone`: of the centre, in which new shifts are written. `agents`: whom one may plan."""

    zone: str
    agents: list[ShiftAgent]
    days: list[ShiftDayRead]


class ShiftChangeRead(Body):
    """`days`: how many agents' days it touched."""

    id: str
    kind: Literal["typed", "copied", "imported", "undone"]
    at: datetime
    by_name: str
    first: date
    last: date
    agents: list[str]
    days: int
    undone: datetime | None


class ShiftChangesRead(Body):
    items: list[ShiftChangeRead]


class CopyShifts(Body):
    """Weeks of seven days. `agents` empty: all whom one may plan."""

    source: Day
    target: Day
    agents: Annotated[list[AgentText], Field(max_length=5000)]


class ImportShifts(Body):
    """CSV with the columns agent, day, begins, ends, breaks. `check`: only look at it."""

    text: Annotated[str, Field(max_length=TEXT_MAX)]
    check: bool = False


class ShiftImportRead(Body):
    """`change` null: nothing was changed (`check`, or there are flaws)."""

    days: int
    agents: int
    flaws: list[Flaw]
    change: ShiftChangeRead | None


class OwnStretch(Body):
    plan: Literal["work", "break"]
    begins: datetime
    ends: datetime


class OwnDay(Body):
    day: date
    shifts: list[ShiftBody]
    stretches: list[OwnStretch]


class OwnShiftsRead(Body):
    """`zone`: whose clock the times are of."""

    zone: str
    days: list[OwnDay]


@router.get("/api/shifts")
async def list_shifts(
    caller: Called,
    served: Served,
    first: AskedDay,
    last: AskedDay,
) -> ShiftsRead:
    """The plan of the own teams between two days, both included."""
    _check_days(first, last)
    found = await served.shifts.days(first, last, _agents(caller.reach))
    return ShiftsRead(
        zone=served.config().time_zone,
        agents=[
            ShiftAgent(
                id=id, name=served.config().agents[id].name, team=served.config().agents[id].team
            )
            for id in _plannable(caller.reach, served)
        ],
        days=[_read_day(one) for one in found],
    )


@router.put("/api/shifts")
async def write_shifts(body: ShiftsBody, caller: Called, served: Served) -> ShiftChangeRead:
    """Days as they shall be, all or none of them. 409 `conflict`: one was changed meanwhile."""
    _check_agents(caller.reach, served, (one.agent for one in body.days))
    days = []
    for place, one in enumerate(body.days):
        try:
            days.append(Planned(one.agent, one.day, _shifts(one.shifts), one.version))
        except ShiftWrong as wrong:
            where = f"days.{place}.shifts"
            raise ApiError(422, "shift_wrong", str(wrong), where=where) from None
    made = await served.shifts.write(days, "typed", **_by(caller, served))
    return _read_change(made)


@router.get("/api/shifts/file", include_in_schema=False)
async def shifts_file(
    caller: Called,
    served: Served,
    first: AskedDay,
    last: AskedDay,
) -> Response:
    """The plan as CSV, in the form that `import` reads."""
    _check_days(first, last)
    found = await served.shifts.days(first, last, _agents(caller.reach))
    content = as_csv([(one.agent, one.day, one.shifts) for one in found])
    headers = {"content-disposition": f'attachment; filename="shifts-{first}-{last}.csv"'}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/api/shifts/copy")
async def copy_shifts(body: CopyShifts, caller: Called, served: Served) -> ShiftChangeRead:
    """A week over another, for those who are planned in it."""
    if body.source == body.target:
        raise ApiError(
            422, "invalid", "a week cannot be copied onto itself", where="target",
            todo="choose another week",
        )  # fmt: skip
    _check_agents(caller.reach, served, body.agents)
    agents = body.agents or _plannable(caller.reach, served)
    by = _by(caller, served)
    return _read_change(await served.shifts.copy(body.source, body.target, agents, **by))


@router.post("/api/shifts/import")
async def import_shifts(body: ImportShifts, caller: Called, served: Served) -> ShiftImportRead:
    """All of a file or nothing; every mistake with its line."""
    config = served.config()
    names = {id: config.agents[id].name for id in _plannable(caller.reach, served)}
    found, flaws = read_csv(body.text, names)
    told = [Flaw(where=f"line {one.line}", message=one.message, line=one.line) for one in flaws]
    change = None
    if not told and not found:
        told = [Flaw(where="line 1", message="there is no shift in the file", line=1)]
    if not told and not body.check:
        days = [Planned(agent, day, shifts) for (agent, day), shifts in sorted(found.items())]
        by = _by(caller, served)
        change = _read_change(await served.shifts.write(days, "imported", **by))
    return ShiftImportRead(
        days=len(found), agents=len({agent for agent, _ in found}), flaws=told, change=change
    )


@router.get("/api/shift-changes")
async def list_shift_changes(caller: Called, served: Served) -> ShiftChangesRead:
    """The latest changes of the own agents' plan, newest first."""
    found = await served.shifts.changes(_agents(caller.reach))
    return ShiftChangesRead(items=[_read_change(one) for one in found])


@router.post("/api/shift-changes/{change}/undo")
async def undo_shift_change(change: UuidText, caller: Called, served: Served) -> ShiftChangeRead:
    """The plan as it was before. 409 `conflict`: some of it was changed since."""
    found = await served.shifts.change(change)
    if found is None or not _all_within(caller.reach, found.agents):
        raise not_found("change")
    by = _by(caller, served)
    del by["zone"]
    return _read_change(await served.shifts.undo(change, **by))


@router.get("/api/own-shifts")
async def own_shifts(
    caller: Called,
    served: Served,
    first: AskedDay,
    last: AskedDay,
) -> OwnShiftsRead:
    """The agent's own plan."""
    _check_days(first, last)
    found = await served.shifts.days(first, last, frozenset({caller.agent}))
    return OwnShiftsRead(
        zone=served.config().time_zone,
        days=[
            OwnDay(
                day=one.day,
                shifts=[_read_shift(shift) for shift in one.shifts],
                stretches=[_read_stretch(part) for part in _stretches(one)],
            )
            for one in found
            if one.shifts
        ],
    )


# -- the border, and the shapes -------------------------------------------------------------------
def _agents(reach: Reach) -> frozenset[str] | None:
    return None if reach.everything else reach.agents


def _plannable(reach: Reach, served: WebServices) -> list[str]:
    """By name."""
    agents = served.config().agents
    found = [id for id in agents if within(reach, agents=(id,))]
    return sorted(found, key=lambda id: (agents[id].name.casefold(), id))


def _all_within(reach: Reach, agents: Sequence[str]) -> bool:
    return all(within(reach, agents=(agent,)) for agent in agents)


def _check_agents(reach: Reach, served: WebServices, agents: Iterable[str]) -> None:
    for agent in set(agents):
        if not within(reach, agents=(agent,)):
            raise outside()
        if agent not in served.config().agents:
            raise not_found("agent")


def _check_days(first: date, last: date) -> None:
    if not timedelta(0) <= last - first <= SPAN_MAX:
        raise ApiError(
            422, "invalid", f"between the days must lie up to {SPAN_MAX.days} days", where="last",
            todo="ask for fewer days",
        )  # fmt: skip


def _by(caller: Caller, served: WebServices) -> dict[str, str]:
    account = caller.account
    return {"zone": served.config().time_zone, "by": account.id, "name": account.name}


def _shifts(written: Sequence[ShiftBody]) -> tuple[Shift, ...]:
    return checked(
        [
            read_shift(one.begins, one.ends, [(pause.begins, pause.ends) for pause in one.breaks])
            for one in written
        ]
    )


def _stretches(one: Planned) -> list[Stretch]:
    return stretches(one.day, one.shifts, one.time_zone)


def _read_stretch(part: Stretch) -> OwnStretch:
    return OwnStretch(plan=part.plan, begins=part.begins, ends=part.ends)


def _read_shift(shift: Shift) -> ShiftBody:
    return ShiftBody(
        begins=clock_text(shift.begins),
        ends=clock_text(shift.ends),
        breaks=[
            BreakBody(begins=clock_text(one.begins), ends=clock_text(one.ends))
            for one in shift.breaks
        ],
    )


def _read_day(one: Planned) -> ShiftDayRead:
    work = [part for part in _stretches(one) if part.plan == "work"]
    seconds = sum((part.ends - part.begins).total_seconds() for part in work)
    return ShiftDayRead(
        agent=one.agent,
        day=one.day,
        shifts=[_read_shift(shift) for shift in one.shifts],
        version=one.version or 0,
        minutes=round(seconds / 60),
    )


def _read_change(change: Change) -> ShiftChangeRead:
    return ShiftChangeRead(
        id=change.id,
        kind=change.kind,
        at=change.at,
        by_name=change.by_name,
        first=change.first,
        last=change.last,
        agents=list(change.agents),
        days=change.days,
        undone=change.undone,
    )
