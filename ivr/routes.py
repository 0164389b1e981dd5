"""Which flow a call begins with: by the number dialled, the caller, the time, and a percentage.

Routes are looked through in their order; the first that fits has the call. Who the caller is
(region, lists) is found out by the driver; this file only compares.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal
from zlib import crc32

from ivr.calendar import Calendar, is_open
from ivr.problems import Code, Problem

PATTERN = re.compile(r"^(\*|\+?[0-9]{1,20}\*?)$")
EXTENSION = re.compile(r"^[a-z][a-z0-9]{0,31}$")
REGION = re.compile(r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")
WITHHELD = "withheld"
ROUTES_MAX = 2000


@dataclass(frozen=True, slots=True)
class Route:
    """What is empty (or '*') fits every call.

    `did` and `callers` are numbers, or beginnings of numbers with a * behind ('+8610*'); `did` may
    also be an extension's name, a caller 'withheld'. `regions` are ISO 3166 (CN, DE-BY). `lists`
    are lists of numbers or customers kept elsewhere (vip, blocked). With `calendar` the call must
    come while it is open, or while it is not. `percent` of the calls that fit are taken, the others
    go on to the next route.
    """

    id: str
    flow: str
    did: str = "*"
    callers: tuple[str, ...] = ()
    regions: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()
    calendar: str = ""
    while_: Literal["open", "closed"] = "open"
    percent: int = 100


Misfit = Literal["", "did", "caller", "region", "list", "time", "share"]
"""What about a call does not fit a route; '' fits."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A call as it comes in. `call` makes percentages repeatable; `now` in UNIX seconds. `lists`
    are those the caller is on."""

    call: str
    did: str
    caller: str
    now: float
    region: str = ""
    lists: frozenset[str] = frozenset()


def _digits(number: str) -> str:
    return re.sub(r"[^0-9+]", "", number)


def _matches(pattern: str, number: str) -> bool:
    if pattern == "*":
        return True
    if pattern.endswith("*"):
        return number.startswith(pattern[:-1])
    return number == pattern


def _caller_fits(route: Route, arrival: Arrival) -> bool:
    caller = _digits(arrival.caller)
    return not route.callers or any(
        not caller if pattern == WITHHELD else bool(caller) and _matches(pattern, caller)
        for pattern in route.callers
    )


def _region_fits(route: Route, arrival: Arrival) -> bool:
    """A country stands for its parts too."""
    country = arrival.region.split("-", maxsplit=1)[0]
    return not route.regions or not route.regions.isdisjoint({arrival.region, country})


def _time_fits(route: Route, arrival: Arrival, calendars: Mapping[str, Calendar]) -> bool:
    """A calendar that is not there counts as open, as in a flow."""
    if not route.calendar:
        return True
    calendar = calendars.get(route.calendar)
    state = is_open(calendar, arrival.now, "UTC").state if calendar else "open"
    return (state == "open") == (route.while_ == "open")


def _drawn(route: Route, arrival: Arrival) -> bool:
    return crc32(f"{arrival.call}:{route.id}".encode()) % 100 < route.percent


def misfit(route: Route, arrival: Arrival, calendars: Mapping[str, Calendar]) -> Misfit:
    """The first thing that keeps the route from taking the call."""
    if route.did != arrival.did and not _matches(route.did, _digits(arrival.did)):
        return "did"
    if not _caller_fits(route, arrival):
        return "caller"
    if not _region_fits(route, arrival):
        return "region"
    if route.lists and route.lists.isdisjoint(arrival.lists):
        return "list"
    if not _time_fits(route, arrival, calendars):
        return "time"
    return "" if _drawn(route, arrival) else "share"


def choose(
    routes: Sequence[Route], arrival: Arrival, calendars: Mapping[str, Calendar]
) -> Route | None:
    """The first route that fits the call; None when there is none."""
    return next((route for route in routes if not misfit(route, arrival, calendars)), None)


def lists_with(lists: Mapping[str, AbstractSet[str]], caller: str) -> frozenset[str]:
    """The lists that the caller is on; their entries are numbers, or beginnings with a *."""
    number = _digits(caller)
    if not number or not lists:
        return frozenset()
    forms = {number, *(f"{number[:length]}*" for length in range(1, len(number) + 1))}
    return frozenset(name for name, entries in lists.items() if not forms.isdisjoint(entries))


# -- checking -----------------------------------------------------------------------------------
def check_routes(
    routes: Sequence[Route],
    flows: frozenset[str],
    calendars: frozenset[str],
    lists: frozenset[str] | None = None,
) -> list[Problem]:
    """All mistakes of the table; `node` in a problem is the route's id, `setting` its field."""
    out: list[Problem] = []
    if len(routes) > ROUTES_MAX:
        reason = f"there are {len(routes)} routes, more than {ROUTES_MAX}"
        cure = "use beginnings of numbers (400*)"
        out.append(Problem(None, "", "", reason, cure, code="too-many"))
    seen: set[str] = set()
    for place, route in enumerate(routes):
        if route.id in seen:
            reason = "two routes have this id"
            out.append(Problem(None, route.id, "", reason, "rename one", "id", "twice"))
        seen.add(route.id)
        found = _mistakes(route, flows, calendars, lists)
        out.extend(Problem(None, route.id, "", *mistake) for mistake in found)
        before = next((other for other in routes[:place] if _covers(other, route)), None)
        if before is not None:
            reason = f"no call ever gets here: route {before.id!r} takes them all"
            cure = "move it up, or remove it"
            out.append(Problem(None, route.id, "", reason, cure, before.id, "shadowed"))
    if not any(_covers(route, Route("", "")) for route in routes):
        cure = "add a last route for every number ('*')"
        out.append(Problem(None, "", "", "some calls fit no route", cure, code="uncovered"))
    return out


def _mistakes(
    route: Route,
    flows: frozenset[str],
    calendars: frozenset[str],
    lists: frozenset[str] | None,
) -> Iterator[tuple[str, str, str, Code]]:
    """(reason, cure, setting, code) of what is wrong with one route by itself."""
    make = "make it first, or name another"
    if route.flow not in flows:
        yield f"there is no flow {route.flow!r}", make, "flow", "no-flow"
    if route.calendar and route.calendar not in calendars:
        yield f"there is no calendar {route.calendar!r}", make, "calendar", "no-calendar"
    for name in sorted(route.lists - lists) if lists is not None else ():
        yield f"there is no list {name!r}", make, "lists", "no-list"
    for setting, number in (("did", route.did), *(("callers", one) for one in route.callers)):
        named = WITHHELD if setting == "callers" else route.did
        known = number == named and (setting == "callers" or EXTENSION.fullmatch(number))
        if not known and not PATTERN.fullmatch(number):
            cure = "write digits, a beginning such as 400*, or *"
            yield f"{number!r} is no number", cure, setting, "number"
    for region in sorted(route.regions):
        if not REGION.fullmatch(region):
            cure = "write an ISO 3166 code such as CN or DE-BY"
            yield f"{region!r} is no region", cure, "regions", "region"
    if not 1 <= route.percent <= 100:
        yield f"{route.percent} percent", "use 1 to 100", "percent", "percent"


def _covers(first: Route, later: Route) -> bool:
    """Whether `first` takes every call that `later` could."""
    same_time = (first.calendar, first.while_) == (later.calendar, later.while_)
    return (
        first.percent >= 100
        and (not first.calendar or same_time)
        and (first.did in ("*", later.did) or _begins(first.did, later.did))
        and _within(set(later.callers), set(first.callers))
        and _within(later.regions, first.regions)
        and _within(later.lists, first.lists)
    )


def _within(narrow: AbstractSet[str], wide: AbstractSet[str]) -> bool:
    """Empty stands for everything."""
    return not wide or (bool(narrow) and narrow <= wide)


def _begins(first: str, later: str) -> bool:
    return first.endswith("*") and later.rstrip("*").startswith(first[:-1]) and later != "*"
