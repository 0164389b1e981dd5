"""Random requests to every route by every role: never a failure of ours, always a typed answer.

Bodies and parameters are made from the API document itself, then broken in places; a run is bounded
and repeatable (the seed is fixed), `-k` picks a part of the API.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import pytest

from callcenter.store.accounts import Account
from callcenter.web.app import openapi_document
from callcenter.web.policy import ROLES, rule_for
from tests.web.place import PASSWORD, Place

pytestmark = [pytest.mark.web, pytest.mark.anyio, pytest.mark.timeout(600)]

DOCUMENT = openapi_document()
OPERATIONS = [
    (method.upper(), path)
    for path, methods in sorted(DOCUMENT["paths"].items())
    for method in sorted(methods)
]
# Made once for the module's database; sessions are each request's own.
PEOPLE: list[Account] = []
# By the first words of the path: the application is made once a part.
PARTS: dict[str, list[tuple[str, str]]] = {}
for _method, _path in OPERATIONS:
    PARTS.setdefault("-".join(_path.strip("/").split("/")[:2]), []).append((_method, _path))
REQUESTS_EACH = 6
NIGHTLY_REQUESTS = 60
REFUSALS_EACH = 1  # whoever is not let in gets no further than the door
NASTY: list[Any] = [
    None, True, -1, 0, 1e308, 2**63, "", " ", "x" * 10_000, "王伟", "\x00", "\u202e", "' or 1=1--",
    "../../etc/passwd", "{{7*7}}", "<script>", "%00", [], {}, [[]], {"a": {"b": []}}, "1;2",
    "a\r\nAction: Originate", "=1+1", "2026-13-45T00:00:00Z", "NaN",
]  # fmt: skip
EXAMPLES = {
    "^[a-z0-9]{1,32}$": ["a", "ada1"],
    "^[A-Za-z0-9_.:-]{1,80}$": ["1700000000.1"],
    "^[a-z0-9_-]{1,32}$": ["main"],
    "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$": ["welcome"],
    "^[a-z]{2,3}(-[A-Za-z0-9]{1,8})?$": ["en", "zh-CN"],
}


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def value_for(schema: dict[str, Any], dice: random.Random, broken: float) -> Any:
    """A value that fits the schema, save where the dice say otherwise."""
    if dice.random() < broken:
        return dice.choice(NASTY)
    schema = resolved(schema)
    if "anyOf" in schema:
        return value_for(dice.choice(schema["anyOf"]), dice, broken)
    if "enum" in schema:
        return dice.choice(schema["enum"])
    match schema.get("type"):
        case "object":
            return {
                name: value_for(part, dice, broken)
                for name, part in schema.get("properties", {}).items()
                if name in schema.get("required", ()) or dice.random() < 0.7
            } | ({"extra": 1} if dice.random() < broken else {})
        case "array":
            return [value_for(schema["items"], dice, broken) for _ in range(dice.randint(0, 3))]
        case "integer":
            return dice.randint(int(schema.get("minimum", 0)), int(schema.get("maximum", 9)))
        case "number":
            return dice.uniform(schema.get("minimum", 0), schema.get("maximum", 9))
        case "boolean":
            return dice.random() < 0.5
        case "string":
            examples = EXAMPLES.get(schema.get("pattern", ""), [PASSWORD, "a1", "name 王", "*"])
            return dice.choice(examples)[: schema.get("maxLength", 100)]
    return None


def request_for(method: str, path: str, dice: random.Random) -> tuple[str, dict[str, Any]]:
    operation = DOCUMENT["paths"][path][method.lower()]
    broken = dice.choice([0.0, 0.05, 0.3])
    address, query = path, {}
    for parameter in operation.get("parameters", []):
        value = value_for(parameter["schema"], dice, broken)
        if parameter["in"] == "path":
            text = quote(str(value) or "x", safe="")
            address = address.replace(f"{{{parameter['name']}}}", text)
        elif value is not None:
            query[parameter["name"]] = str(value)
    more: dict[str, Any] = {"params": query}
    if "requestBody" in operation:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        more["json"] = value_for(schema, dice, broken)
    return address, more


@pytest.mark.parametrize("part", sorted(PARTS))
async def test_random_requests_are_answered_and_never_fail(
    place: Place, part: str, request: pytest.FixtureRequest
) -> None:
    times = NIGHTLY_REQUESTS if request.config.getoption("--nightly") else REQUESTS_EACH
    if not PEOPLE:
        PEOPLE.extend([await place.user(role, await place.agent()) for role in ROLES])
    people: list[Account | None] = [None, *PEOPLE]
    for method, path in PARTS[part]:
        await _ask_at_random(place, people, method, path, times)


async def _ask_at_random(
    place: Place, people: Sequence[Account | None], method: str, path: str, times: int
) -> None:
    dice = random.Random(f"{method} {path}")
    declared = {int(one) for one in DOCUMENT["paths"][path][method.lower()]["responses"]}
    allowed = declared | {404, 405}
    rule = rule_for(method, path)
    for account in people:
        let_in = rule is not None and (rule.public or (account and account.role in rule.scopes))
        client = await place.client(account)
        for _ in range(times if let_in else REFUSALS_EACH):
            address, more = request_for(method, path, dice)
            answer = await client.request(method, address, **more)
            shown = (method, address, more, answer.text[:300])
            not_here = answer.status_code == 503 and answer.json()["code"] == "no_telephone"
            assert answer.status_code < 500 or not_here, shown
            assert answer.status_code in allowed, shown
            if answer.status_code >= 400:
                assert answer.json()["message"], shown
            if path in {"/api/logout", "/api/login", "/api/first-run"}:
                client = await place.client(account)
