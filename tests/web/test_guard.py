"""Sizes, headers and errors: what holds for every request."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from callcenter.store.engine import make_engine
from callcenter.web.guard import BODY_MAX_BYTES
from tests.web.place import Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]


async def test_answers_carry_the_security_headers_and_are_not_stored(place: Place) -> None:
    async with await place.client() as client:
        for path in ("/api/session", "/", "/nothing/here", "/api/nothing", "/healthz"):
            headers = (await client.get(path)).headers
            policy = headers["content-security-policy"]
            assert "script-src 'self';" in policy
            assert "frame-ancestors 'none'" in policy
            assert headers["x-content-type-options"] == "nosniff"
            assert "strict-transport-security" not in headers
        assert (await client.get("/api/session")).headers["cache-control"] == "no-store"


async def test_browsers_are_told_to_stay_with_https_only_for_a_real_certificate(
    place: Place,
) -> None:
    strict = Place(place.engine, own_certificate=True)
    async with await strict.client() as client:
        headers = (await client.get("/healthz")).headers
        assert headers["strict-transport-security"].startswith("max-age=")
    strict.close()


async def test_a_body_that_is_too_large_is_refused_with_and_without_its_length(
    place: Place,
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(BODY_MAX_BYTES // 1000 + 2):
            yield b"x" * 1000

    async with await place.client() as client:
        whole = await client.post("/api/login", content=b"x" * (BODY_MAX_BYTES + 1))
        chunked = await client.post("/api/login", content=pieces())
    assert (whole.status_code, whole.json()["code"]) == (413, "too_large")
    assert (chunked.status_code, chunked.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    ("content", "where"),
    [(b"", "body"), (b"{", "body.1"), (b"[]", "body"), (b"7", "body"), (b"\xff\xfe", "body"),
     (b'{"login":7,"password":"x"}', "body.login"), (b'{"login":"a"}', "body.password"),
     (b'{"login":"a","password":"x","more":1}', "body.more"),
     (b'{"login":"\\ud800","password":"x"}', "body.login"), (b"[" * 100_000, "body")],
)  # fmt: skip
async def test_a_broken_body_is_answered_with_the_place_of_the_mistake(
    place: Place, content: bytes, where: str
) -> None:
    async with await place.client() as client:
        answer = await client.post(
            "/api/login", content=content, headers={"Content-Type": "application/json"}
        )
    assert answer.status_code in {400, 422}
    body = answer.json()
    assert body["code"] in {"invalid", "refused"}
    assert body["message"]
    if answer.status_code == 422:
        assert body["where"].startswith(where.partition(".")[0])
        assert where in [flaw["where"] for flaw in body["flaws"]] or where == "body"


async def test_unknown_addresses_and_methods_are_typed_errors(place: Place) -> None:
    async with await place.client() as client:
        assert (await client.get("/api/none")).json()["code"] == "not_found"
        answer = await client.delete("/api/login")
        assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


async def test_while_the_database_is_away_every_answer_says_so_and_what_to_do(
    place: Place,
) -> None:
    token_owner = await place.user("administrator")
    away = make_engine("postgresql://nobody:nothing@127.0.0.1:1/none")
    dark = Place(away)
    account_client = await place.client(token_owner)
    async with await dark.client() as client:
        client.cookies = account_client.cookies
        for method, path in (("GET", "/api/session"), ("GET", "/api/customers"),
                             ("GET", "/api/first-run"), ("POST", "/api/logout")):  # fmt: skip
            answer = await client.request(method, path)
            assert (answer.status_code, answer.json()["code"]) == (503, "database_away")
            assert answer.headers["retry-after"] == "3"
        body = {"login": "a", "password": "b"}
        assert (await client.post("/api/login", json=body)).json()["code"] == "database_away"
        assert (await client.get("/healthz")).status_code == 200
    await account_client.aclose()
    dark.close()
    await away.dispose()


async def test_our_own_mistake_is_a_plain_500_without_its_cause(place: Place) -> None:
    def broken() -> None:
        raise ValueError("the secret is 42")

    object.__setattr__(place.app.state.services, "config", broken)
    async with await place.signed_in("administrator") as client:
        answer = await client.get("/api/queues")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "42" not in answer.text
