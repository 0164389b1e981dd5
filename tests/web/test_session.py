"""Signing in, staying in, signing out, the first administrator, and passwords."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import replace

import httpx
import pytest

from callcenter.web.auth import (
    ABSOLUTE_SECONDS,
    IDLE_SECONDS,
    PLAIN_COOKIE,
    SECURE_COOKIE,
    hashed,
)
from callcenter.web.passwords import COMMON, LENGTH_MIN, weakness
from callcenter.web.throttle import FREE_TRIES
from tests.web.place import ORIGIN, PASSWORD, Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]


async def sign_in(client: httpx.AsyncClient, login: str, password: str) -> httpx.Response:
    return await client.post("/api/login", json={"login": login, "password": password})


async def test_a_user_signs_in_and_is_known_until_the_log_out(place: Place) -> None:
    account = await place.user("supervisor", password=PASSWORD)
    async with await place.client() as client:
        assert (await client.get("/api/session")).status_code == 401
        answer = await sign_in(client, account.login.upper(), PASSWORD)
        assert answer.status_code == 200
        me = answer.json()
        assert (me["id"], me["role"], me["agent"]) == (account.id, "supervisor", None)
        assert PASSWORD not in answer.text
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith(f"{PLAIN_COOKIE}=")
        assert {"HttpOnly", "Path=/", "SameSite=strict"} <= set(cookie.split("; "))
        assert (await client.get("/api/session")).json() == me
        kept = client.cookies[PLAIN_COOKIE]
        assert (await client.post("/api/logout")).status_code == 204
        client.cookies.set(PLAIN_COOKIE, kept, domain="127.0.0.1")
        assert (await client.get("/api/session")).status_code == 401


async def test_under_tls_the_cookie_is_secure_and_bound_to_the_host(place: Place) -> None:
    account = await place.user("agent", password=PASSWORD)
    transport = httpx.ASGITransport(place.app)
    async with httpx.AsyncClient(
        transport=transport,
        base_url="https://127.0.0.1:8443",
        headers={"Origin": "https://127.0.0.1:8443"},
    ) as client:
        answer = await sign_in(client, account.login, PASSWORD)
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith(f"{SECURE_COOKIE}=")
        assert "Secure" in cookie.split("; ")
        token = client.cookies[SECURE_COOKIE]
        assert (await client.get("/api/session")).status_code == 200
        client.cookies.clear()
        client.cookies.set(PLAIN_COOKIE, token, domain="127.0.0.1")
        assert (await client.get("/api/session")).status_code == 401


@pytest.mark.parametrize("wrong", ["login", "password", "inactive", "nul"])
async def test_a_wrong_login_says_only_that_something_is_wrong(place: Place, wrong: str) -> None:
    account = await place.user("agent", password=PASSWORD)
    if wrong == "inactive":
        await place.accounts.update(replace(account, active=False))
    login = {"login": "nobody", "nul": "a\x00b"}.get(wrong, account.login)
    async with await place.client() as client:
        answer = await sign_in(client, login, "wrong" if wrong == "password" else PASSWORD)
    assert answer.status_code == 401
    assert answer.json()["code"] == "wrong_login"
    assert answer.json()["message"] == "the login or the password is wrong"
    assert "set-cookie" not in answer.headers


async def test_signing_in_makes_a_new_session_and_ends_the_one_before(place: Place) -> None:
    account = await place.user("agent", password=PASSWORD)
    async with await place.client(account) as client:
        before = client.cookies[PLAIN_COOKIE]
        await sign_in(client, account.login, PASSWORD)
        assert client.cookies[PLAIN_COOKIE] != before
        assert await place.accounts.session(hashed(before)) is None


async def test_a_session_ends_after_half_an_hour_without_use(place: Place) -> None:
    async with await place.signed_in("agent") as client:
        for _ in range(3):
            place.clock.ahead += IDLE_SECONDS - 60
            assert (await client.get("/api/session")).status_code == 200
        place.clock.ahead += IDLE_SECONDS + 60
        assert (await client.get("/api/session")).status_code == 401
        place.clock.ahead -= IDLE_SECONDS
        assert (await client.get("/api/session")).status_code == 401


async def test_a_session_ends_after_12_hours_even_when_used(place: Place) -> None:
    async with await place.signed_in("agent") as client:
        steps = int(ABSOLUTE_SECONDS // (IDLE_SECONDS / 2))
        for _ in range(steps - 1):
            place.clock.ahead += IDLE_SECONDS / 2
            assert (await client.get("/api/session")).status_code == 200
        place.clock.ahead += IDLE_SECONDS / 2 + 1
        assert (await client.get("/api/session")).status_code == 401


async def test_many_wrong_passwords_have_to_wait_and_nobody_is_locked_out(place: Place) -> None:
    account = await place.user("agent", password=PASSWORD)
    async with await place.client() as client:
        for _ in range(FREE_TRIES):
            assert (await sign_in(client, account.login, "wrong")).status_code == 401
        refused = await sign_in(client, account.login, PASSWORD)
        assert refused.status_code == 429
        assert refused.json()["code"] == "too_many_tries"
        assert int(refused.headers["retry-after"]) >= 1
        place.clock.ahead += 61
        assert (await sign_in(client, account.login, PASSWORD)).status_code == 200


async def test_who_is_signed_in_cannot_guess_the_password_many_times_at_once(place: Place) -> None:
    account = await place.user("agent", password=PASSWORD)
    guess = {"old": "a wrong old password", "new": "a new and long password"}
    async with await place.client(account) as client:
        guesses = (client.put("/api/session/password", json=guess) for _ in range(4 * FREE_TRIES))
        answers = [answer.status_code for answer in await asyncio.gather(*guesses)]
        assert answers.count(422) == FREE_TRIES
        assert answers.count(429) == 3 * FREE_TRIES
        place.clock.ahead += 61
        right = guess | {"old": PASSWORD}
        assert (await client.put("/api/session/password", json=right)).status_code == 204


@pytest.mark.parametrize(
    "cookie",
    ["", "x", "x" * 128, "x" * 5000, "王".encode().decode("latin-1"), "a;b", '"'],
)
async def test_a_made_up_cookie_is_no_session(place: Place, cookie: str) -> None:
    async with await place.client() as client:
        headers = {"Cookie": f"{PLAIN_COOKIE}={cookie}".encode("latin-1")}
        answer = await client.get("/api/session", headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 401


async def test_the_first_administrator_is_made_once_with_the_link(place: Place) -> None:
    token = secrets.token_urlsafe(32)
    await place.accounts.add_first_run_token(hashed(token), place.clock.now())
    body = {"token": token, "login": "root", "name": "根 Root", "password": PASSWORD}
    async with await place.client() as client:
        assert (await client.get("/api/first-run")).json() == {"open": True}
        assert (await client.post("/api/first-run", json=body | {"token": "no"})).status_code == 403
        weak = await client.post("/api/first-run", json=body | {"password": "short"})
        assert (weak.status_code, weak.json()["where"]) == (422, "password")
        made = await client.post("/api/first-run", json=body)
        assert (made.status_code, made.json()["role"]) == (201, "administrator")
        assert (await client.get("/api/session")).json()["login"] == "root"
        assert (await client.get("/api/first-run")).json() == {"open": False}
        again = await client.post("/api/first-run", json=body | {"login": "root2"})
        assert (again.status_code, again.json()["code"]) == (403, "token_not_valid")


async def test_the_link_grows_old(place: Place) -> None:
    token = secrets.token_urlsafe(32)
    await place.accounts.add_first_run_token(hashed(token), place.clock.now())
    place.clock.ahead += 24 * 3600 + 1
    body = {"token": token, "login": "late", "name": "Late", "password": PASSWORD}
    async with await place.client() as client:
        assert (await client.post("/api/first-run", json=body)).status_code == 403


async def test_a_new_password_ends_the_other_sessions(place: Place) -> None:
    account = await place.user("agent", password=PASSWORD)
    async with await place.client(account) as other, await place.client(account) as client:
        wrong = {"old": "no", "new": "a much longer one"}
        answer = await client.put("/api/session/password", json=wrong)
        assert (answer.status_code, answer.json()["where"]) == (422, "old")
        weak = await client.put("/api/session/password", json={"old": PASSWORD, "new": "a" * 20})
        assert weak.json()["code"] == "weak_password"
        right = {"old": PASSWORD, "new": "a much longer one"}
        assert (await client.put("/api/session/password", json=right)).status_code == 204
        assert (await client.get("/api/session")).status_code == 200
        assert (await other.get("/api/session")).status_code == 401
        assert (await sign_in(client, account.login, "a much longer one")).status_code == 200


async def test_the_own_language_is_remembered(place: Place) -> None:
    async with await place.signed_in("agent") as client:
        assert (await client.put("/api/session/locale", json={"locale": "zh"})).status_code == 200
        assert (await client.get("/api/session")).json()["locale"] == "zh"
        assert (await client.put("/api/session/locale", json={"locale": "xx"})).status_code == 422


@pytest.mark.parametrize(
    ("password", "good"),
    [("a" * (LENGTH_MIN - 1), False), ("aaaaaaaaaaaaaaaa", False), ("password1234", False),
     ("PassWord1234", False), ("x" * 129, False), ("Ada.Lovelace1", False),
     ("blue boats sail", True),
     ("我们去北京吃烤鸭好吗今天晚", True), ("q9#" * 30 + "abcdef", True)],
)  # fmt: skip
def test_length_counts_and_what_everybody_tries_is_refused(password: str, good: bool) -> None:
    assert (weakness(password, "ada.lovelace") is None) is good


def test_the_list_of_common_passwords_holds_only_what_the_length_lets_through() -> None:
    assert all(len(password) >= LENGTH_MIN for password in COMMON)
    assert all(password == password.casefold() for password in COMMON)
    for password in COMMON:
        assert weakness(password.upper()) is not None


async def test_another_address_may_try_while_one_has_to_wait(place: Place) -> None:
    account = await place.user("agent", password=PASSWORD)
    throttle = place.app.state.throttle
    now = place.clock.now()
    for _ in range(FREE_TRIES + 3):
        throttle.failed(account.login, "203.0.113.7", now)
    assert throttle.wait_seconds(account.login, "203.0.113.7", now) > 0
    async with await place.client() as client:
        assert (await sign_in(client, account.login, PASSWORD)).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": ORIGIN + ".evil"},
     {"Origin": "https://127.0.0.1:8000"}, {"Origin": "http://127.0.0.1"}, {"Origin": ""},
     {"Origin": "", "Sec-Fetch-Site": "cross-site"}],
)  # fmt: skip
async def test_a_request_forged_by_another_site_is_refused(
    place: Place, headers: dict[str, str]
) -> None:
    account = await place.user("agent")
    async with await place.client(account) as client:
        answer = await client.post("/api/logout", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")
        assert (await client.get("/api/session")).status_code == 200


async def test_a_browser_that_sends_no_origin_but_says_same_origin_may_write(place: Place) -> None:
    account = await place.user("agent")
    token = await place.token(account)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(place.app), base_url=ORIGIN, cookies={PLAIN_COOKIE: token}
    ) as client:
        assert (await client.post("/api/logout")).status_code == 403
        same = await client.post("/api/logout", headers={"Sec-Fetch-Site": "same-origin"})
        assert same.status_code == 204
