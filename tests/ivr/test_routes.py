"""Routes: which flow a call begins with, and what is wrong with a table of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ivr.calendar import Calendar
from ivr.localtime import moment
from ivr.routes import ROUTES_MAX, Arrival, Route, check_routes, choose

pytestmark = pytest.mark.pure

TUESDAY = moment("2026-11-24", 600, "Asia/Shanghai")
CALENDARS = {"office": Calendar("Asia/Shanghai", {"mon-fri": "09:00-18:00"})}
CALL = Arrival("c1", "4001234", "+861012345678", TUESDAY)

ROUTES = (
    Route("blocked", "goodbye", lists=frozenset({"blocked"})),
    Route("vip", "vip", lists=frozenset({"vip", "board"})),
    Route("night", "night", did="400*", calendar="office", while_="closed"),
    Route("exact", "exact", did="4009999"),
    Route("beijing", "beijing", did="400*", callers=("+8610*",)),
    Route("withheld", "withheld", callers=("withheld", "+81312345678")),
    Route("germany", "germany", regions=frozenset({"DE"})),
    Route("bavaria", "bavaria", regions=frozenset({"AT", "CH-ZH"})),
    Route("rest", "main"),
)


@pytest.mark.parametrize(
    ("changed", "route"),
    [
        ({}, "beijing"),
        ({"caller": "+86 (10) 1234-5678"}, "beijing"),
        ({"caller": "+862112345678"}, "rest"),
        ({"did": "4009999", "caller": "+8610"}, "exact"),
        ({"did": "400"}, "beijing"),
        ({"did": "40"}, "rest"),
        ({"now": TUESDAY + 9 * 3600}, "night"),
        ({"now": TUESDAY + 9 * 3600, "did": "500"}, "rest"),
        ({"lists": frozenset({"vip"})}, "vip"),
        ({"lists": frozenset({"vip", "blocked"})}, "blocked"),
        ({"caller": ""}, "withheld"),
        ({"caller": "anonymous"}, "withheld"),
        ({"caller": "+81312345678"}, "withheld"),
        ({"caller": "+491", "region": "DE-BY"}, "germany"),
        ({"caller": "+411", "region": "CH-ZH"}, "bavaria"),
        ({"caller": "+411", "region": "CH-BE"}, "rest"),
    ],
)
def test_the_first_route_that_fits(changed: dict[str, object], route: str) -> None:
    arrival = replace(CALL, **changed)  # type: ignore[arg-type]
    chosen = choose(ROUTES, arrival, CALENDARS)
    assert chosen is not None
    assert chosen.id == route


def test_a_percentage_of_the_calls_goes_one_way_and_always_the_same() -> None:
    routes = (Route("trial", "new", percent=25), Route("rest", "old"))
    calls = [replace(CALL, call=f"call-{n}") for n in range(4000)]
    first = [choose(routes, call, {}) for call in calls]
    assert abs(sum(route == routes[0] for route in first) / 4000 - 0.25) < 0.03
    assert [choose(routes, call, {}) for call in calls] == first


def test_no_route() -> None:
    assert choose((Route("x", "f", did="500"),), CALL, {}) is None


def test_a_calendar_that_is_gone_counts_as_open() -> None:
    route = Route("x", "f", calendar="gone")
    assert choose((route,), CALL, {}) == route
    assert choose((replace(route, while_="closed"),), CALL, {}) is None


FLOWS = frozenset({route.flow for route in ROUTES})


def said(*routes: Route) -> list[str]:
    return [str(problem) for problem in check_routes(routes, FLOWS, frozenset({"office"}))]


def test_a_sound_table() -> None:
    assert said(*ROUTES) == []


@pytest.mark.parametrize(
    ("route", "problem"),
    [
        (Route("x", "gone"), "node x: there is no flow 'gone'; make it first, or name another."),
        (Route("x", "main", did="4*0"), "node x: '4*0' is no number; write digits, a beginning"),
        (Route("x", "main", callers=("a",)), "node x: 'a' is no number"),
        (Route("x", "main", regions=frozenset({"China"})), "node x: 'China' is no region"),
        (Route("x", "main", calendar="gone"), "node x: there is no calendar 'gone'"),
        (Route("x", "main", percent=0), "node x: 0 percent; use 1 to 100."),
        (Route("rest", "main", did="1"), "node rest: two routes have this id; rename one."),
    ],
)
def test_a_mistake_in_a_route(route: Route, problem: str) -> None:
    assert any(text.startswith(problem) for text in said(route, Route("rest", "main")))


@pytest.mark.parametrize(
    ("first", "later", "hidden"),
    [
        (Route("a", "main"), Route("b", "main", did="400"), True),
        (Route("a", "main", did="400*"), Route("b", "main", did="4001"), True),
        (Route("a", "main", did="400*"), Route("b", "main", did="40*"), False),
        (Route("a", "main", did="400*"), Route("b", "main"), False),
        (Route("a", "main", did="400"), Route("b", "main", did="4001"), False),
        (Route("a", "main", percent=50), Route("b", "main", did="400"), False),
        (Route("a", "main", calendar="office"), Route("b", "main", did="400"), False),
        (
            Route("a", "main", calendar="office"),
            Route("b", "main", did="400", calendar="office"),
            True,
        ),
        (Route("a", "main", callers=("+1",)), Route("b", "main"), False),
        (Route("a", "main", callers=("+1", "+2")), Route("b", "main", callers=("+2",)), True),
    ],
)
def test_a_route_behind_one_that_takes_all_its_calls(
    first: Route, later: Route, hidden: bool
) -> None:
    problems = said(first, later, Route("rest", "main"))
    assert any("node b: no call ever gets here" in text for text in problems) == hidden


def test_a_table_has_an_end_for_every_call_and_a_limit() -> None:
    assert said(Route("x", "main", did="400")) == [
        "some calls fit no route; add a last route for every number ('*')."
    ]
    many = [Route(f"r{n}", "main", did=f"4{n}", percent=50) for n in range(ROUTES_MAX + 1)]
    assert any("more than 2000" in text for text in said(*many))
