"""Every route by every role: what the table allows is possible, everything else is refused."""

from __future__ import annotations

import re
from contextlib import AsyncExitStack

import httpx
import pytest
from fastapi.routing import APIRoute

from callcenter.store.accounts import Account, Role
from callcenter.web.app import ROUTERS
from callcenter.web.auth import GuardedRoute
from callcenter.web.key_policy import ANY, KEY_POLICY, SCOPES, scope_needed
from callcenter.web.policy import POLICY, ROLES, rule_for
from tests.web.place import Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]

EXAMPLES = {
    "leg": "leg-1",
    "session": "00000000-0000-4000-8000-00000000000a",
    "callback": "cb-none",
    "article": "00000000-0000-4000-8000-000000000009",
    "recording": "c1.1",
    "evaluation": "00000000-0000-4000-8000-000000000010",
    "plan": "00000000-0000-4000-8000-000000000011",
    "sample": "00000000-0000-4000-8000-000000000012",
    "calibration": "00000000-0000-4000-8000-000000000013",
    "comment": "00000000-0000-4000-8000-00000000000a",
    "call": "1700000000.1",
    "customer": "00000000-0000-4000-8000-000000000001",
    "user": "00000000-0000-4000-8000-000000000002",
    "agent": "nobody1",
    "queue": "nothing1",
    "report": "queues",
    "job": "0000000000000000",
    "schedule": "00000000-0000-4000-8000-00000000000b",
    "group": "nothing1",
    "team": "nothing1",
    "alert": "00000000-0000-4000-8000-00000000000c",
    "rule": "00000000-0000-4000-8000-00000000000d",
    "wall": "00000000-0000-4000-8000-00000000000e",
    "screen": "00000000-0000-4000-8000-00000000000f",
    "change": "00000000-0000-4000-8000-000000000010",
    "run": "0000000000000000",
    "did": "404",
    "flow": "none",
    "name": "none",
    "prompt": "none",
    "message": "none",
    "kind": "general",
    "box": "general",
    "language": "en",
    "version": "1",
    "merge": "00000000-0000-4000-8000-000000000003",
    "import_id": "00000000-0000-4000-8000-000000000004",
    "code": "nothing",
    "list": "vip",
    "number": "+861",
    "calendar": "none",
    "delivery": "4000000000",
    "webhook": "00000000-0000-4000-8000-00000000000a",
    "key": "00000000-0000-4000-8000-000000000009",
    "note": "00000000-0000-4000-8000-000000000005",
    "ticket": "00000000-0000-4000-8000-000000000006",
    "contact": "00000000-0000-4000-8000-000000000009",
    "view": "00000000-0000-4000-8000-000000000007",
    "task": "00000000-0000-4000-8000-000000000008",
}


def all_routes() -> list[APIRoute]:
    routes = [route for module in ROUTERS for route in module.router.routes]
    assert all(isinstance(route, GuardedRoute) for route in routes)
    return [route for route in routes if isinstance(route, APIRoute)]


ROUTES = sorted(
    {(method, route.path) for route in all_routes() for method in route.methods or ()}
    | {("GET", "/api/openapi.json")}
)


async def ask(client: httpx.AsyncClient, method: str, path: str) -> httpx.Response:
    address = re.sub(r"{(\w+)}", lambda found: EXAMPLES[found[1]], path)
    return await client.request(
        method, address, json={} if method in {"POST", "PUT", "PATCH"} else None
    )


def test_the_table_and_the_routes_are_the_same_set() -> None:
    assert set(ROUTES) == set(POLICY)


# Made once for the module's database, as are the keys; sessions are each request's own.
PEOPLE: dict[tuple[Role, bool], Account] = {}
KEYS: dict[str, tuple[str, str]] = {}

# By the first words of the path: the application is made once a part.
PARTS: dict[str, list[tuple[str, str]]] = {}
for _method, _path in ROUTES:
    PARTS.setdefault("-".join(_path.strip("/").split("/")[:2]), []).append((_method, _path))


@pytest.mark.parametrize("part", sorted(PARTS))
async def test_a_route_lets_in_whom_the_table_names_and_nobody_else(
    place: Place, part: str
) -> None:
    for role in ROLES:
        for as_agent in (True, False):
            if (role, as_agent) not in PEOPLE:
                agent = await place.agent() if as_agent else None
                PEOPLE[role, as_agent] = await place.user(role, agent)
    async with AsyncExitStack() as open_until_then:
        browsers = Browsers(place, open_until_then)
        for method, path in PARTS[part]:
            await _doors(browsers, method, path)
    await _key_doors(place, part)


class Browsers:
    """One of each person, signed in for as long as nothing was changed."""

    def __init__(self, place: Place, open_until_then: AsyncExitStack) -> None:
        self.place, self.open_until_then = place, open_until_then
        self.of: dict[str, httpx.AsyncClient] = {}

    async def ask(self, account: Account | None, method: str, path: str) -> httpx.Response:
        whose = account.id if account else ""
        if whose not in self.of:
            client = await self.place.client(account)
            self.of[whose] = await self.open_until_then.enter_async_context(client)
        answer = await ask(self.of[whose], method, path)
        if method != "GET" and answer.is_success:
            del self.of[whose]  # it may have ended the session
        return answer


async def _doors(browsers: Browsers, method: str, path: str) -> None:
    rule = rule_for(method, path)
    assert rule is not None
    answer = await browsers.ask(None, method, path)
    if rule.public:
        assert answer.status_code not in {401, 403} or path == "/api/login", path
    else:
        refused = (answer.status_code, answer.json()["code"])
        assert refused == (401, "not_signed_in"), (method, path)
    for (role, as_agent), account in PEOPLE.items():
        answer = await browsers.ask(account, method, path)
        allowed = role in rule.scopes and (as_agent or not rule.agent_only)
        if rule.public or allowed:
            assert answer.status_code < 500, (method, path, role)
            assert answer.status_code not in {401, 403}, (method, path, role)
        else:
            refused = (answer.status_code, answer.json()["code"])
            assert refused == (403, "not_allowed"), (method, path, role)


def test_keys_are_let_in_at_routes_that_exist_and_nowhere_else() -> None:
    assert set(KEY_POLICY) <= set(POLICY)
    assert set(KEY_POLICY.values()) == {*SCOPES, ANY}
    assert not any(POLICY[route].public for route in KEY_POLICY)


async def _key_doors(place: Place, part: str) -> None:
    """Where a key may go, the scope alone is enough and all others together are not; elsewhere not
    even all of them are."""
    for scope in SCOPES:
        if scope not in KEYS:
            KEYS[scope] = await place.key(scope), await place.key(*set(SCOPES) - {scope})
    everything = await place.key(*SCOPES)
    async with await place.client(headers={"Origin": "https://other.example"}) as program:

        async def with_key(token: str) -> tuple[int, str]:
            program.headers["Authorization"] = f"Bearer {token}"
            answer = await ask(program, method, path)
            assert answer.status_code < 500, (method, path)
            code = answer.json().get("code", "") if answer.status_code >= 400 else ""
            return answer.status_code, code

        for method, path in PARTS[part]:
            needed = scope_needed(method, path)
            if needed is None:
                status, code = await with_key(everything)
                public = POLICY[method, path].public and method == "GET"
                assert public or (status, code) == (403, "not_for_keys"), (method, path)
            elif needed == ANY:
                assert await with_key(KEYS["calls:read"][0]) == (200, ""), (method, path)
            else:
                enough, others = KEYS[needed]
                assert (await with_key(enough))[0] not in {401, 403}, (method, path)
                assert await with_key(others) == (403, "scope_missing"), (method, path)


async def test_a_route_missing_in_the_table_is_refused_to_everybody(place: Place) -> None:
    called = []

    @place.app.get("/api/forgotten")
    async def forgotten() -> None:
        called.append(1)

    routes = place.app.router.routes
    routes.insert(0, routes.pop())  # before the console's page, which takes the rest
    for role in ROLES:
        async with await place.signed_in(role) as client:
            answer = await client.get("/api/forgotten")
            assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert called == []


async def test_an_agent_gets_the_own_calls_alone_whatever_is_asked(place: Place) -> None:
    async with await place.signed_in("agent") as client:
        answer = await client.get("/api/interactions", params={"agent": "somebodyelse"})
        assert answer.json() == {"items": [], "next": None}


async def test_the_openapi_document_says_which_scope_a_key_needs(place: Place) -> None:
    token = await place.key("calls:read")
    async with await place.client(headers={"Authorization": f"Bearer {token}"}) as program:
        document = (await program.get("/api/openapi.json")).json()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            open_to_keys = {"key": []} in operation["security"]
            assert open_to_keys == ((method.upper(), path) in KEY_POLICY), (method, path)
    assert "`calls:read`" in document["paths"]["/api/interactions"]["get"]["description"]


async def test_the_openapi_document_has_a_model_for_every_answer(place: Place) -> None:
    async with await place.signed_in("administrator") as client:
        document = (await client.get("/api/openapi.json")).json()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            good = [status for status in operation["responses"] if status.startswith("2")]
            assert len(good) == 1, (method, path)
            content = operation["responses"][good[0]].get("content", {})
            if good != ["204"] and not {"audio/wav", "audio/mpeg", "text/plain"} & set(content):
                schema = operation["responses"][good[0]]["content"]["application/json"]["schema"]
                assert "$ref" in schema, (method, path)
            assert {"401", "403", "422", "503"} <= set(operation["responses"])
            error = operation["responses"]["403"]["content"]["application/json"]["schema"]
            assert error == {"$ref": "#/components/schemas/ErrorBody"}
