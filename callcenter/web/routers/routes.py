"""Which calls begin with which flow: the table of routes, a look at what a call would take, and the
lists of callers (VIP, blocked) that routes may name.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Path
from pydantic import Field, StringConstraints

from callcenter.store.numbers import read_number, region_of
from callcenter.store.routes import ENTRY, RouteRow
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.errors import ApiError, Flaw, not_found
from callcenter.web.moments import Moment
from callcenter.web.routers.common import Served, guarded_router
from callcenter.web.services import WebServices
from ivr.routes import WITHHELD, Arrival, Misfit, Route, check_routes, lists_with, misfit

router = guarded_router("routes")

WARNINGS = frozenset({"shadowed", "uncovered"})
LINES_MAX = 5000
PART = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,32}$")]
Number = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
ListId = Annotated[str, Path(pattern=r"^[a-z0-9_-]{1,32}$")]
Entry = Annotated[str, Path(pattern=r"^\+?[0-9]{1,20}\*?$")]


class RouteBody(Body):
    """What is empty (or '*') fits every call. `did` and `callers`: numbers, or beginnings with a *
    behind; a caller may be 'withheld'. `regions`: ISO 3166 countries. `calendar`: the call must
    come `while_` it is open or closed. `percent` of the calls that fit are taken."""

    id: Code
    flow: Annotated[str, StringConstraints(max_length=32)]
    did: Number = "*"
    callers: Annotated[list[Number], Field(max_length=200, default_factory=list)]
    regions: Annotated[list[Number], Field(max_length=200, default_factory=list)]
    lists: Annotated[list[Code], Field(max_length=50, default_factory=list)]
    calendar: Annotated[str, StringConstraints(max_length=32)] = ""
    while_: Literal["open", "closed"] = "open"
    percent: Annotated[int, Field(ge=0, le=1000)] = 100
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    enabled: bool = True


class RouteMistake(Body):
    """`route` empty: the table as a whole. `other`: the route that takes the calls before this one
    (code shadowed). A `warning` does not keep the table from being saved."""

    route: str
    field: str
    other: str
    code: str
    message: str
    cure: str
    warning: bool


class RoutesBody(Body):
    items: Annotated[list[RouteBody], Field(max_length=2000)]


class RoutesSave(RoutesBody):
    base_version: Annotated[int, Field(ge=0, le=10**9)]


class RoutesRead(Body):
    version: int
    items: list[RouteBody]
    mistakes: list[RouteMistake]


class RoutesChecked(Body):
    mistakes: list[RouteMistake]


class RouteTry(Body):
    """`items`: a table that is not saved yet (null: the one that is). `at`: null is now."""

    items: Annotated[list[RouteBody], Field(max_length=2000)] | None = None
    called: Annotated[str, StringConstraints(max_length=40)] = ""
    caller: Annotated[str, StringConstraints(max_length=40)] = ""
    at: Moment | None = None


class RouteStep(Body):
    """`misfit` empty: it takes the call (`percent` of such calls); else what does not fit."""

    route: str
    flow: str
    misfit: Misfit
    percent: int


class RouteTried(Body):
    """How the call is seen, the routes in their order up to the one that surely takes it, and the
    first that would (null: none; the caller goes to the fallback)."""

    number: str
    region: str
    lists: list[str]
    steps: list[RouteStep]
    route: str | None
    flow: str | None
    title: str
    version: int | None


class ListRead(Body):
    id: str
    name: str
    entries: int
    used_by: list[str]


class Lists(Body):
    items: list[ListRead]


class ListBody(Body):
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class ListEntryRead(Body):
    number: str
    note: str
    by: str
    at: datetime


class ListEntries(Body):
    items: list[ListEntryRead]


class NumbersBody(Body):
    """One number a line, a note behind it after a comma or a tab."""

    text: Annotated[str, StringConstraints(max_length=400_000)]


class NumbersAdded(Body):
    """`skipped`: lines that hold no number."""

    added: int
    known: int
    skipped: list[str]


# -- routes -------------------------------------------------------------------------------------
def _route(body: RouteBody) -> Route:
    return Route(
        id=body.id,
        flow=body.flow,
        did=body.did,
        callers=tuple(body.callers),
        regions=frozenset(body.regions),
        lists=frozenset(body.lists),
        calendar=body.calendar,
        while_=body.while_,
        percent=body.percent,
    )


def _body(row: RouteRow) -> RouteBody:
    route = row.route
    return RouteBody(
        id=route.id,
        flow=route.flow,
        did=route.did,
        callers=list(route.callers),
        regions=sorted(route.regions),
        lists=sorted(route.lists),
        calendar=route.calendar,
        while_=route.while_,
        percent=route.percent,
        note=row.note,
        enabled=row.enabled,
    )


def _mistakes(items: list[RouteBody], served: WebServices) -> list[RouteMistake]:
    """Of the routes that are on; what is off may be unfinished."""
    config = served.config()
    routes = [_route(item) for item in items if item.enabled]
    found = check_routes(
        routes, frozenset(config.flows), frozenset(config.calendars), frozenset(config.lists)
    )
    twice = {item.id for item in items if [one.id for one in items].count(item.id) > 1}
    out = []
    for problem in found:
        shadowed = problem.code == "shadowed"
        out.append(
            RouteMistake(
                route=problem.node,
                field="" if shadowed else problem.setting,
                other=problem.setting if shadowed else "",
                code=problem.code,
                message=problem.reason,
                cure=problem.cure,
                warning=problem.code in WARNINGS,
            )
        )
    told = {mistake.route for mistake in out if mistake.code == "twice"}
    for route in sorted(twice - told):
        message = "two routes have this id"
        out.append(
            RouteMistake(
                route=route, field="id", other="", code="twice", message=message,
                cure="rename one", warning=False,
            )
        )  # fmt: skip
    return out + [
        _part_of_a_country(item.id, region)
        for item in items
        if item.enabled
        for region in item.regions
        if PART.fullmatch(region)
    ]


def _part_of_a_country(route: str, region: str) -> RouteMistake:
    return RouteMistake(
        route=route,
        field="regions",
        other="",
        code="part",
        message=f"{region!r} is a part of a country; of a caller the country is known",
        cure="use beginnings of numbers, such as +8610*",
        warning=False,
    )


@router.get("/api/routes")
async def list_routes(served: Served) -> RoutesRead:
    """In their order; the first that fits a call has it."""
    version, rows = await served.routes.routes()
    items = [_body(row) for row in rows]
    return RoutesRead(version=version, items=items, mistakes=_mistakes(items, served))


@router.put("/api/routes")
async def put_routes(body: RoutesSave, caller: Called, served: Served) -> RoutesRead:
    """Replace the table that was read at `base_version`. A table with a mistake is refused."""
    wrong = [mistake for mistake in _mistakes(body.items, served) if not mistake.warning]
    if wrong:
        flaws = [
            Flaw(where=f"route {one.route}", message=one.message, todo=one.cure) for one in wrong
        ]
        message = f"{flaws[0].where}: {flaws[0].message}"
        raise ApiError(
            422, "routes_have_mistakes", message, where=flaws[0].where,
            todo="mend it and save again; the table that is in use stays as it is", flaws=flaws,
        )  # fmt: skip
    rows = [RouteRow(_route(item), item.note, item.enabled) for item in body.items]
    await served.routes.put_routes(rows, version=body.base_version, by=caller.account.id)
    await served.reload()
    return await list_routes(served)


@router.post("/api/routes/check")
async def check_table(body: RoutesBody, served: Served) -> RoutesChecked:
    """Look for mistakes; nothing is changed."""
    return RoutesChecked(mistakes=_mistakes(body.items, served))


@router.post("/api/routes/try")
async def try_route(body: RouteTry, served: Served) -> RouteTried:
    """Which flow would this call take?"""
    config = served.config()
    routes = config.routes
    if body.items is not None:
        routes = tuple(_route(item) for item in body.items if item.enabled)
    read = read_number(body.caller, served.country)
    number = read.number if read.matchable else body.caller
    region = region_of(number)
    on_lists = lists_with(config.lists, number)
    now = body.at.timestamp() if body.at is not None else served.clock.now()
    arrival = Arrival("", body.called, number, now, region, on_lists)
    steps: list[RouteStep] = []
    for route in routes:
        why = misfit(route, arrival, config.calendars)
        fits = "" if why == "share" else why
        steps.append(RouteStep(route=route.id, flow=route.flow, misfit=fits, percent=route.percent))
        if not fits and route.percent >= 100:
            break
    first = next((step for step in steps if not step.misfit), None)
    flow = config.flows.get(first.flow) if first else None
    return RouteTried(
        number="" if number == WITHHELD else number,
        region=region,
        lists=sorted(on_lists),
        steps=steps,
        route=first.route if first else None,
        flow=first.flow if first else None,
        title=flow.name if flow else "",
        version=flow.version if flow else None,
    )


# -- lists of callers ---------------------------------------------------------------------------
@router.get("/api/number-lists")
async def list_lists(served: Served) -> Lists:
    _, rows = await served.routes.routes()
    return Lists(
        items=[
            ListRead(
                id=one.id,
                name=one.name,
                entries=one.entries,
                used_by=[row.route.id for row in rows if one.id in row.route.lists],
            )
            for one in await served.routes.lists()
        ]
    )


@router.put("/api/number-lists/{list}")
async def put_list(list: ListId, body: ListBody, caller: Called, served: Served) -> Lists:
    """Make a list, or give it another name."""
    await served.routes.put_list(list, body.name, by=caller.account.id)
    await served.reload()
    return await list_lists(served)


@router.delete("/api/number-lists/{list}", status_code=204)
async def remove_list(list: ListId, caller: Called, served: Served) -> None:
    """Refused while a route names it."""
    _, rows = await served.routes.routes()
    using = [row.route.id for row in rows if list in row.route.lists]
    if using:
        todo = "take it out of these routes first"
        message = f"it is used by the routes: {', '.join(using[:10])}"
        raise ApiError(409, "in_use", message, where="list", todo=todo)
    if not await served.routes.remove_list(list, by=caller.account.id):
        raise not_found("list")
    await served.reload()


@router.get("/api/number-lists/{list}/numbers")
async def list_numbers(list: ListId, served: Served) -> ListEntries:
    entries = await served.routes.list_entries(list)
    if entries is None:
        raise not_found("list")
    return ListEntries(
        items=[
            ListEntryRead(number=one.number, note=one.note, by=one.by, at=one.at) for one in entries
        ]
    )


@router.post("/api/number-lists/{list}/numbers")
async def add_numbers(
    list: ListId, body: NumbersBody, caller: Called, served: Served
) -> NumbersAdded:
    """Put numbers on the list; each is read as dialled from this country."""
    numbers, skipped = [], []
    for line in body.text.splitlines()[:LINES_MAX]:
        typed, _, note = re.sub(r"[,;\t，；]", "\t", line, count=1).partition("\t")
        if not typed.strip():
            continue
        number = _entry(typed.strip(), served.country)
        if number:
            numbers.append((number, note.strip()))
        else:
            skipped.append(line.strip()[:80])
    added = await served.routes.add_numbers(list, numbers, by=caller.account.id)
    await served.reload()
    return NumbersAdded(added=added, known=len(dict(numbers)) - added, skipped=skipped[:100])


def _entry(typed: str, country: str) -> str:
    """A number as lists keep it, '' when it is none. The beginning of a number stays as it is."""
    if typed.endswith("*"):
        start = re.sub(r"[\s().-]", "", typed)
        return start if ENTRY.fullmatch(start) else ""
    read = read_number(typed, country)
    return read.number if read.matchable and ENTRY.fullmatch(read.number) else ""


@router.delete("/api/number-lists/{list}/numbers/{number}", status_code=204)
async def remove_number(list: ListId, number: Entry, caller: Called, served: Served) -> None:
    if not await served.routes.remove_number(list, number, by=caller.account.id):
        raise not_found("number")
    await served.reload()
