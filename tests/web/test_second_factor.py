"""One-time codes at sign-in: set up, asked for, used once, required, and reset."""

from __future__ import annotations

from typing import Any

import httpx
import pyotp
import pytest
from sqlalchemy import text

from callcenter.store.accounts import Account
from callcenter.store.sign_in import Rules
from callcenter.web.throttle import FREE_TRIES
from tests.web.place import BY, PASSWORD, Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]


def code_of(place: Place, secret: str, *, later: int = 0) -> str:
    """What the device shows; `later`: so many half minutes from now."""
    return pyotp.TOTP(secret).at(int(place.clock.now()) + 30 * later)


async def sign_in(client: httpx.AsyncClient, login: str, code: str | None = None) -> httpx.Response:
    body = {"login": login, "password": PASSWORD} | ({} if code is None else {"code": code})
    return await client.post("/api/login", json=body)


async def set_up(place: Place, client: httpx.AsyncClient) -> tuple[str, list[str]]:
    """A confirmed factor: its secret and the recovery codes. One code is used up by it."""
    made = await client.post("/api/second-factor", json={"password": PASSWORD})
    assert made.status_code == 200, made.text
    secret: str = made.json()["secret"]
    confirmed = await client.post(
        "/api/second-factor/confirm", json={"code": code_of(place, secret, later=-1)}
    )
    assert confirmed.status_code == 200, confirmed.text
    return secret, confirmed.json()["codes"]


async def user_with_factor(
    place: Place, role: Any = "supervisor"
) -> tuple[Account, str, list[str]]:
    account = await place.user(role, password=PASSWORD)
    async with await place.client(account) as client:
        secret, codes = await set_up(place, client)
    return account, secret, codes


async def require(place: Place, *roles: Any) -> None:
    version = (await place.sign_in.rules()).version
    await place.sign_in.put(Rules(frozenset(roles), version=version), None, by=BY)


async def test_after_the_set_up_the_password_alone_is_not_enough(place: Place) -> None:
    account, secret, _ = await user_with_factor(place)
    async with await place.client() as client:
        asked = await sign_in(client, account.login)
        assert (asked.status_code, asked.json()["code"]) == (401, "code_needed")
        assert "set-cookie" not in asked.headers
        wrong = await sign_in(client, account.login, "000000")
        assert (wrong.status_code, wrong.json()["code"]) == (401, "wrong_code")
        answer = await sign_in(client, account.login, code_of(place, secret))
        assert answer.status_code == 200
        assert answer.json()["limited"] is False
        assert (await client.get("/api/second-factor")).json()["codes_left"] == 10


async def test_who_does_not_know_the_password_is_not_told_of_the_factor(place: Place) -> None:
    account, secret, _ = await user_with_factor(place)
    async with await place.client() as client:
        body = {"login": account.login, "password": "wrong", "code": code_of(place, secret)}
        answer = await client.post("/api/login", json=body)
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_login")


async def test_a_code_is_not_taken_twice(place: Place) -> None:
    account, secret, _ = await user_with_factor(place)
    code = code_of(place, secret)
    async with await place.client() as client, await place.client() as thief:
        assert (await sign_in(client, account.login, code)).status_code == 200
        again = await sign_in(thief, account.login, code)
        assert (again.status_code, again.json()["code"]) == (401, "wrong_code")


async def test_a_recovery_code_works_once_and_is_kept_by_hash_alone(place: Place) -> None:
    account, _, codes = await user_with_factor(place)
    async with await place.client() as client:
        assert (await sign_in(client, account.login, codes[3].lower())).status_code == 200
        assert (await client.get("/api/second-factor")).json()["codes_left"] == 9
        assert (await sign_in(client, account.login, codes[3])).status_code == 401
    async with place.engine.connect() as connection:
        kept = (await connection.execute(text("select * from recovery_codes"))).all()
    assert codes[3].replace("-", "") not in str(kept)


async def test_the_secret_lies_sealed_in_the_database(place: Place) -> None:
    account, secret, _ = await user_with_factor(place)
    async with place.engine.connect() as connection:
        sealed = await connection.scalar(
            text("select sealed from second_factors where user_id = :id"), {"id": account.id}
        )
    assert isinstance(sealed, bytes)
    assert secret.encode() not in sealed


async def test_many_wrong_codes_have_to_wait_wherever_they_come_from(place: Place) -> None:
    account, secret, _ = await user_with_factor(place)
    async with await place.client() as client:
        for _ in range(FREE_TRIES):
            assert (await sign_in(client, account.login, "000000")).status_code == 401
        refused = await sign_in(client, account.login, code_of(place, secret))
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_tries")
        assert int(refused.headers["retry-after"]) >= 1
        place.clock.ahead += 61
        assert (await sign_in(client, account.login, code_of(place, secret))).status_code == 200


async def test_setting_it_up_asks_for_the_password_and_for_a_right_code(place: Place) -> None:
    account = await place.user("agent", password=PASSWORD)
    async with await place.client(account) as other, await place.client(account) as client:
        wrong = await client.post("/api/second-factor", json={"password": "wrong"})
        assert (wrong.status_code, wrong.json()["where"]) == (422, "password")
        nothing = await client.post("/api/second-factor/confirm", json={"code": "123456"})
        assert nothing.status_code == 422
        made = (await client.post("/api/second-factor", json={"password": PASSWORD})).json()
        assert made["picture"].startswith("data:image/svg+xml")
        refused = await client.post("/api/second-factor/confirm", json={"code": "000000"})
        assert (refused.status_code, refused.json()["code"]) == (422, "wrong_code")
        assert (await client.get("/api/second-factor")).json()["on"] is False
        async with await place.client() as third:  # nothing is asked for before it is confirmed
            assert (await sign_in(third, account.login)).status_code == 200
        code = code_of(place, made["secret"])
        done = await client.post("/api/second-factor/confirm", json={"code": code})
        assert len(done.json()["codes"]) == 10
        assert (await other.get("/api/session")).status_code == 401  # it came in without
        assert (await client.get("/api/session")).status_code == 200
        again = await client.post("/api/second-factor", json={"password": PASSWORD})
        assert again.status_code == 409


async def test_it_is_switched_off_with_password_and_code(place: Place) -> None:
    account = await place.user("agent", password=PASSWORD)
    async with await place.client(account) as client:
        secret, _ = await set_up(place, client)
        body = {"password": PASSWORD, "code": "000000"}
        assert (await client.post("/api/second-factor/off", json=body)).status_code == 422
        body |= {"code": code_of(place, secret)}
        assert (await client.post("/api/second-factor/off", json=body)).status_code == 204
        assert (await sign_in(client, account.login)).status_code == 200


async def test_new_recovery_codes_end_the_old_ones(place: Place) -> None:
    account = await place.user("agent", password=PASSWORD)
    async with await place.client(account) as client:
        secret, old = await set_up(place, client)
        body = {"password": PASSWORD, "code": code_of(place, secret)}
        fresh = (await client.post("/api/second-factor/codes", json=body)).json()["codes"]
        assert not set(fresh) & set(old)
        assert (await sign_in(client, account.login, old[0])).status_code == 401
        assert (await sign_in(client, account.login, fresh[0])).status_code == 200


async def test_a_role_that_needs_it_sets_it_up_before_anything_else(place: Place) -> None:
    account = await place.user("agent", await place.agent(), password=PASSWORD)
    await require(place, "agent")
    async with await place.client() as client:
        assert (await sign_in(client, account.login)).json()["limited"] is True
        refused = await client.get("/api/customers")
        assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_needed")
        secret, _ = await set_up(place, client)
        assert (await client.get("/api/session")).json()["limited"] is False
        assert (await client.get("/api/customers")).status_code == 200
        body = {"password": PASSWORD, "code": code_of(place, secret)}
        assert (await client.post("/api/second-factor/off", json=body)).status_code == 409
    await require(place)


async def test_who_is_signed_in_goes_on_when_the_rule_comes(place: Place) -> None:
    async with await place.signed_in("agent") as client:
        await require(place, "agent")
        assert (await client.get("/api/customers")).status_code == 200
    await require(place)


async def test_an_administrator_resets_it_and_the_book_says_so(place: Place) -> None:
    account, _, _ = await user_with_factor(place)
    boss = await place.user("administrator")
    async with await place.client(account) as theirs, await place.client(boss) as client:
        path = f"/api/users/{account.id}/second-factor"
        assert (await client.get(path)).json()["on"] is True
        assert (await client.delete(path)).status_code == 204
        assert (await theirs.get("/api/session")).status_code == 401
        assert (await client.delete(path)).status_code == 404
        assert (await sign_in(theirs, account.login)).status_code == 200
        own = await client.delete(f"/api/users/{boss.id}/second-factor")
        assert own.status_code == 409
    query = text("select user_id, subject from audit where action = 'second-factor.reset'")
    async with place.engine.connect() as connection:
        lines = [(str(by), subject) for by, subject in await connection.execute(query)]
    assert (boss.id, account.id) in lines
