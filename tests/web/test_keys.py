"""API keys: made once, shown once, let in by what they may, and out at once when revoked."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import text

from callcenter.web.allowance import Allowance
from callcenter.web.auth import PLAIN_COOKIE
from callcenter.web.keys import TOUCH_SECONDS
from tests.web.place import Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]

BODY = {"name": "Our shop", "scopes": ["customers:read"], "days": 30, "per_minute": 60}


def test_an_allowance_fills_with_time_and_forgets_who_asked_longest_ago() -> None:
    allowance = Allowance(keys_max=2)
    assert [allowance.take("a", 2, 60.0, at) for at in (0.0, 0.0)] == [0.0, 0.0]
    assert allowance.take("a", 2, 60.0, 0.0) == 30.0
    assert allowance.take("a", 2, 60.0, 30.0) == 0.0
    allowance.take("b", 2, 60.0, 30.0)
    allowance.take("c", 2, 60.0, 30.0)
    assert allowance.take("a", 2, 60.0, 30.0) == 0.0, "forgotten, so its bucket is full again"


async def test_a_key_is_shown_once_and_lets_in_until_it_is_revoked(place: Place) -> None:
    async with await place.signed_in("administrator") as boss:
        made = (await boss.post("/api/keys", json=BODY)).json()
        token, key = made["token"], made["key"]
        assert token.startswith(key["prefix"] + "_")
        assert key["state"] == "active"
        async with await place.client(headers={"Authorization": f"Bearer {token}"}) as program:
            assert (await program.get("/api/customers")).status_code == 200
            listed = (await boss.get("/api/keys")).json()
            assert token not in str(listed)
            assert listed["items"][0]["last_used"] is not None
            assert (await boss.delete(f"/api/keys/{key['id']}")).json()["state"] == "revoked"
            again = await boss.delete(f"/api/keys/{key['id']}")
            assert again.status_code == 200
            answer = await program.get("/api/customers")
            assert (answer.status_code, answer.json()["code"]) == (401, "key_not_valid")
    async with place.engine.connect() as connection:
        query = text("select action, detail::text from audit where subject = :id order by id")
        lines = (await connection.execute(query, {"id": key["id"]})).all()
    assert [line[0] for line in lines] == ["key.make", "key.revoke"]
    assert all(token not in line[1] for line in lines)


async def test_a_key_ends_by_itself(place: Place) -> None:
    token = await place.key("customers:read", expires=place.clock.now() + 60)
    async with await place.client(headers={"Authorization": f"Bearer {token}"}) as program:
        assert (await program.get("/api/customers")).status_code == 200
        place.clock.ahead = 61
        assert (await program.get("/api/customers")).status_code == 401


async def test_a_key_may_ask_as_often_as_it_was_given(place: Place) -> None:
    token = await place.key("customers:read", per_minute=2)
    async with await place.client(headers={"Authorization": f"Bearer {token}"}) as program:
        seen = [(await program.get("/api/customers")).status_code for _ in range(3)]
        assert seen == [200, 200, 429]
        answer = await program.get("/api/customers")
        assert 1 <= int(answer.headers["retry-after"]) <= 31
        place.clock.ahead = TOUCH_SECONDS
        assert (await program.get("/api/customers")).status_code == 200


async def test_wrong_keys_are_refused_and_soon_not_even_looked_at(place: Place) -> None:
    wrong = ["", "x", "cck_aaaaaaaa_" + "b" * 43]
    async with await place.client() as program:
        for token in wrong:
            answer = await program.get(
                "/api/customers", headers={"Authorization": f"Bearer {token}"}
            )
            assert (answer.status_code, answer.json()["code"]) == (401, "key_not_valid")
        seen = set()
        for _ in range(40):
            answer = await program.get(
                "/api/customers", headers={"Authorization": f"Bearer {wrong[2]}"}
            )
            seen.add(answer.status_code)
        assert seen == {401, 429}


async def test_a_request_with_a_key_is_not_helped_by_a_cookie(place: Place) -> None:
    cookie = await place.token(await place.user("administrator"))
    token = await place.key("customers:read")
    async with await place.client() as client:
        client.cookies.set(PLAIN_COOKIE, cookie, domain="127.0.0.1")
        assert (await client.get("/api/users")).status_code == 200
        client.headers["Authorization"] = f"Bearer {token}"
        assert (await client.get("/api/users")).json()["code"] == "not_for_keys"
        client.headers["Authorization"] = "Bearer nonsense"
        assert (await client.get("/api/users")).status_code == 401
        assert (await client.post("/api/login", json={})).status_code == 401


async def test_a_key_stands_in_no_log_and_is_not_read_from_an_address(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    token = await place.key("customers:read")
    async with await place.client() as program:
        answer = await program.get(
            "/api/customers", params={"key": token, "access_token": token, "authorization": token}
        )
        assert answer.status_code == 401
        program.headers["Authorization"] = f"Bearer {token}"
        await program.get("/api/customers")
    ours = [line.getMessage() for line in caplog.records if line.name.startswith("callcenter")]
    assert any(token[:12] in line for line in ours)
    assert all(token not in line for line in ours)


async def test_what_a_program_writes_stands_under_the_name_of_its_key(place: Place) -> None:
    token = await place.key("customers:read", "customers:write")
    async with await place.client(headers={"Authorization": f"Bearer {token}"}) as program:
        made = await program.post("/api/customers", json={"name": "Li Hua"})
        assert made.status_code == 201, made.text
        customer = made.json()["id"]
        noted = await program.post(
            f"/api/customers/{customer}/notes", json={"text": "from the shop"}
        )
        assert noted.status_code in {200, 201}, noted.text
        history = (await program.get(f"/api/customers/{customer}/history")).text
    assert "program" in history


async def test_a_key_needs_a_name_and_scopes_that_exist(place: Place) -> None:
    async with await place.signed_in("administrator") as boss:
        wrongs: tuple[dict[str, object], ...] = (
            {"name": " "},
            {"scopes": []},
            {"scopes": ["everything"]},
            {"days": 0},
            {"per_minute": 0},
        )
        for wrong in wrongs:
            answer = await boss.post("/api/keys", json=BODY | wrong)
            assert answer.status_code == 422, wrong
