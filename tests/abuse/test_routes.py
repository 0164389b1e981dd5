"""A5: every route against its own description, by generated requests, right and wrong, by role.

Schemathesis makes them and judges the answers. Roles without rights must be refused, whatever the
request says; whoever has them gets what the document declares.
"""

from __future__ import annotations

import asyncio
import copy
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import AcceptedNegativeData, Failure, FailureGroup
from schemathesis.generation import GenerationMode

from callcenter.web.app import openapi_document
from callcenter.web.auth import PLAIN_COOKIE
from callcenter.web.policy import ROLES, Role, rule_for
from tests.abuse.figures import SEED, Abuse
from tests.agent_console.served import served
from tests.web.place import Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]

EVERY_NTH_IN_THE_GATE = 45
"""Random requests to every route are the gate's already: tests/web/test_fuzz.py."""
REQUEST_SECONDS_MAX = 10.0
# Not `positive_data_acceptance`: what fits the document may still be refused for what it means (a
# queue that does not exist), with 422 as well. Not `ignored_auth`: it is looked at here for each
# role. The others ask for what the document does not have (links, required headers).
JUDGED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
)
ENDS_SESSIONS = {"/api/logout", "/api/session/password", "/api/login", "/api/first-run"}
# No telephone system here, and no provider of single sign-on at a made-up address.
NOT_THERE = {"no_telephone", "sso_provider_away"}


@dataclass
class Seen:
    """Of one run: requests, answers by status, and what was wrong, once for each kind and route."""

    requests: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    broken: int = 0
    breaches: dict[str, str] = field(default_factory=dict)
    ignored: set[str] = field(default_factory=set)

    def breach(self, kind: str, route: str, told: str) -> None:
        self.breaches.setdefault(f"{kind} at {route}", told[:300])


@dataclass
class Door:
    """A role's way in, renewed when a request has ended the session."""

    place: Place
    loop: asyncio.AbstractEventLoop
    role: Role | None
    http: requests.Session = field(default_factory=requests.Session)
    headers: dict[str, str] = field(default_factory=dict)

    def open(self, address: str) -> None:
        self.headers = {"Origin": f"http://{address}"}
        if self.role is not None:
            token = asyncio.run_coroutine_threadsafe(self._token(self.role), self.loop).result(30)
            self.headers["Cookie"] = f"{PLAIN_COOKIE}={token}"

    async def _token(self, role: Role) -> str:
        return await self.place.token(await self.place.user(role, await self.place.agent()))


def ask_all(door: Door, address: str, nth: int, cases: int, seen: Seen) -> None:
    """In a thread: hypothesis and requests wait."""
    load_all_checks()
    checks = CHECKS.get_by_names(JUDGED)
    schema = schemathesis.openapi.from_dict(_without_doors())
    door.open(address)
    for number, found in enumerate(schema.get_all_operations()):
        if number % nth == 0:
            operation: Any = found.ok()  # type: ignore[union-attr]
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                _ask(operation, mode, door, address, cases, checks, seen)


def _without_doors() -> dict[str, Any]:
    """The document as it is for who is in: who is not, is a role here."""
    document = copy.deepcopy(openapi_document())
    document["components"].pop("securitySchemes")
    for methods in document["paths"].values():
        for operation in methods.values():
            operation.pop("security", None)
    return document


def _ask(
    operation: Any,
    mode: GenerationMode,
    door: Door,
    address: str,
    cases: int,
    checks: Any,
    seen: Seen,
) -> None:
    method, path = operation.method.upper(), operation.path
    route = f"{method} {path}"
    rule = rule_for(method, path)
    assert rule is not None
    allowed = rule.public or (door.role is not None and door.role in rule.scopes)

    @seed(SEED)
    @settings(
        max_examples=cases,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case: Any) -> None:
        if path in ENDS_SESSIONS:
            door.open(address)
        response = case.call(
            base_url=f"http://{address}",
            session=door.http,
            headers=door.headers,
            timeout=REQUEST_SECONDS_MAX,
        )
        seen.requests += 1
        seen.statuses[response.status_code] += 1
        if not allowed:
            if response.status_code not in {401, 403, 404, 405, 413}:
                seen.ignored.add(f"{route} by {door.role}: {response.status_code}")
            return
        if response.status_code == 401 and not rule.public:
            door.open(address)  # an earlier request has ended it
            return
        if response.status_code == 503 and response.json()["code"] in NOT_THERE:
            return
        seen.broken += response.status_code >= 500
        try:
            case.validate_response(response, checks=checks)
        except FailureGroup as group:
            for failure in group.exceptions:
                told = failure if isinstance(failure, Failure) else None
                if isinstance(failure, AcceptedNegativeData) and text_on_the_wire(case.query):
                    continue
                kind = told.title if told is not None else type(failure).__name__
                message = told.message if told is not None else str(failure)
                sent = f"{case.query} {case.path_parameters} {case.body!r:.200}"
                seen.breach(kind, route, f"{response.status_code} {message} {sent}")

    try:
        run()
    except Exception as error:  # hypothesis could make no request of this kind
        if type(error).__name__ not in {"Unsatisfiable", "SkipTest", "Unsatisfied"}:
            raise


def text_on_the_wire(query: dict[str, Any] | None) -> bool:
    """Whether something is no text only in the mind of who made the request: in an address
    everything is, an object in a list as well."""
    return any(
        not isinstance(one, str)
        for value in (query or {}).values()
        if isinstance(value, list)
        for one in value
    )


async def test_a5_every_route_is_as_it_is_described(place: Place, abuse: Abuse) -> None:
    nth, cases = 1 if abuse.full else EVERY_NTH_IN_THE_GATE, abuse.count(2, 25)
    seen = Seen()
    loop = asyncio.get_running_loop()
    async with served(place.app) as address:
        for role in (None, *ROLES):
            door = Door(place, loop, role)
            await asyncio.to_thread(ask_all, door, address, nth, cases, seen)
    for name, told in seen.breaches.items():
        print(name, told)  # noqa: T201 - kept with the run
    met = not seen.broken and not seen.breaches and not seen.ignored
    each = 2 * cases * (len(ROLES) + 1)
    abuse.reached(
        "A5",
        f"{seen.requests} generated requests by 4 roles, up to {each} a route, by schemathesis",
        "0 5xx, 0 schema breaches, 0 let in without the right",
        f"{seen.broken} 5xx, {len(seen.breaches)} schema breaches, {len(seen.ignored)} let in",
        met,
        "; ".join([*sorted(seen.ignored), *sorted(seen.breaches)])[:600],
    )
