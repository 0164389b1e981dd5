"""Single sign-on against a real provider: who comes in, as whom, and who does not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from callcenter.store.sign_in import RoleRule, Rules, SingleSignOn
from callcenter.web.open_id import CALLBACK, PENDING_SECONDS
from tests.web.oidc_provider import provider
from tests.web.place import BY, ORIGIN, PASSWORD, Place

pytestmark = [pytest.mark.web, pytest.mark.anyio, pytest.mark.timeout(120)]

RULES = (RoleRule("phones", "agent"), RoleRule("leads", "supervisor"))


@pytest.fixture(scope="module")
async def issuer() -> AsyncIterator[str]:
    async with provider("--require-nonce", "true") as running:
        yield running


async def allow(place: Place, issuer: str, **more: Any) -> SingleSignOn:
    sso = SingleSignOn(
        on=True, name="Example", issuer=issuer, client_id="centre", role_claim="groups",
        role_rules=RULES, create=True,
    )  # fmt: skip
    sso = replace(sso, **more)
    version = (await place.sign_in.rules()).version
    await place.sign_in.put(Rules(sso=sso, version=version), "a client secret", by=BY)
    return sso


async def way_out(client: httpx.AsyncClient) -> str:
    answer = await client.post("/api/sso/start")
    assert answer.status_code == 200, answer.text
    address: str = answer.json()["address"]
    return address


async def at_the_provider(address: str, subject: str) -> str:
    """What the provider's page does when this person signs in: the address it leads back to."""
    async with httpx.AsyncClient() as browser:
        answer = await browser.post(address, data={"sub": subject})
    assert answer.status_code in (302, 303), answer.text
    return answer.headers["location"]


async def sign_in(client: httpx.AsyncClient, subject: str) -> str:
    """The whole way; where the browser is sent at its end."""
    back = await at_the_provider(await way_out(client), subject)
    assert back.startswith(f"{ORIGIN}{CALLBACK}?")
    answer = await client.get(back.removeprefix(ORIGIN), headers={"Origin": ""})
    assert answer.status_code == 303
    return answer.headers["location"]


async def test_a_new_person_comes_in_with_the_role_of_his_groups(place: Place, issuer: str) -> None:
    await allow(place, issuer)
    async with await place.client() as client:
        assert (await client.get("/api/sso")).json() == {"name": "Example", "only": False}
        assert await sign_in(client, "u-1001") == "/"
        me = (await client.get("/api/session")).json()
        assert (me["login"], me["name"], me["role"], me["locale"], me["way"]) == (
            "mei.lin", "林美 Mei Lin", "agent", "zh", "sso",
        )  # fmt: skip
        assert not [name for name in client.cookies if name.endswith("-sso")]
    async with await place.client() as again:
        assert await sign_in(again, "u-1001") == "/"
        assert (await again.get("/api/session")).json()["id"] == me["id"]
        exit = (await again.get("/api/sso/exit")).json()["address"]
        assert exit.startswith(f"{issuer}/oauth2/end_session?client_id=centre&")
        factor = await again.post("/api/second-factor", json={"password": "x"})
        assert factor.status_code == 409  # he has his second factor there


async def test_the_browser_is_sent_with_state_nonce_and_a_challenge(
    place: Place, issuer: str
) -> None:
    await allow(place, issuer)
    async with await place.client() as client:
        query = parse_qs(urlsplit(await way_out(client)).query)
        other = parse_qs(urlsplit(await way_out(client)).query)
    assert query["response_type"] == ["code"]
    assert query["code_challenge_method"] == ["S256"]
    assert query["redirect_uri"] == [f"{ORIGIN}{CALLBACK}"]
    for name in ("state", "nonce", "code_challenge"):
        assert len(query[name][0]) >= 43
        assert query[name] != other[name]


@pytest.mark.parametrize(
    ("subject", "more", "why"),
    [
        ("u-1003", {}, "no_role"),
        ("u-1004", {}, "unknown"),
        ("u-1002", {"create": False}, "unknown"),
    ],
)
async def test_who_is_not_meant_is_told_why(
    place: Place, issuer: str, subject: str, more: dict[str, Any], why: str
) -> None:
    await allow(place, issuer, **more)
    async with await place.client() as client:
        assert await sign_in(client, subject) == f"/login?sso={why}"
        assert (await client.get("/api/session")).status_code == 401


async def test_a_role_follows_the_provider_and_ends_other_sessions(
    place: Place, issuer: str
) -> None:
    await allow(place, issuer)
    async with await place.client() as before, await place.client() as client:
        await sign_in(before, "u-1002")
        assert (await before.get("/api/session")).json()["role"] == "supervisor"
        await allow(place, issuer, role_rules=(RoleRule("leads", "agent"),))
        assert await sign_in(client, "u-1002") == "/"
        assert (await client.get("/api/session")).json()["role"] == "agent"
        assert (await before.get("/api/session")).status_code == 401


async def test_a_user_of_the_same_login_is_linked_only_where_that_is_set(
    place: Place, issuer: str
) -> None:
    async with provider() as own:
        await allow(place, own)
        known = await place.accounts.create(
            replace(await place.user("agent"), login="guest", id=""), "-"
        )
        rules = (RoleRule("visitors", "agent"),)
        await allow(place, own, role_rules=rules)
        async with await place.client() as client:
            assert await sign_in(client, "u-1003") == "/login?sso=not_linked"
            await allow(place, own, role_rules=rules, link=True)
            assert await sign_in(client, "u-1003") == "/"
            assert (await client.get("/api/session")).json()["id"] == known.id
            await place.accounts.update(replace(known, active=False))
            assert await sign_in(client, "u-1003") == "/login?sso=inactive"


async def test_no_administrator_is_taken_over_by_his_login(place: Place, issuer: str) -> None:
    async with provider() as own:
        boss = await place.user("administrator")
        await place.accounts.update(replace(boss, login="boss2"))
        await allow(place, own, link=True, login_claim="name", role_rules=RULES)
        await place.accounts.update(replace(boss, login="Bo_Ss"))
        await allow(place, own, link=True, login_claim="sub")
        await place.accounts.update(replace(boss, login="u-1002"))
        async with await place.client() as client:
            assert await sign_in(client, "u-1002") == "/login?sso=not_linked"


async def test_another_browser_cannot_come_back_in_its_place(place: Place, issuer: str) -> None:
    await allow(place, issuer)
    async with await place.client() as thief, await place.client() as victim:
        back = (await at_the_provider(await way_out(thief), "u-1001")).removeprefix(ORIGIN)
        answer = await victim.get(back)
        assert answer.headers["location"] == "/login?sso=expired"
        await way_out(victim)
        answer = await victim.get(back)
        assert answer.headers["location"] == "/login?sso=other_browser"
        assert (await victim.get("/api/session")).status_code == 401


async def test_the_way_back_is_open_for_ten_minutes_and_once(place: Place, issuer: str) -> None:
    await allow(place, issuer)
    async with await place.client() as client:
        back = (await at_the_provider(await way_out(client), "u-1001")).removeprefix(ORIGIN)
        place.clock.ahead += PENDING_SECONDS + 1
        assert (await client.get(back)).headers["location"] == "/login?sso=expired"
        place.clock.ahead = 0
        back = (await at_the_provider(await way_out(client), "u-1001")).removeprefix(ORIGIN)
        kept = client.cookies["callcenter-sso"]
        assert (await client.get(back)).headers["location"] == "/"
        client.cookies.set("callcenter-sso", kept, domain="127.0.0.1")
        assert (await client.get(back)).headers["location"] == "/login?sso=client_refused"


async def test_who_says_no_at_the_provider_is_told_so(place: Place, issuer: str) -> None:
    await allow(place, issuer)
    async with await place.client() as client:
        state = parse_qs(urlsplit(await way_out(client)).query)["state"][0]
        answer = await client.get(
            CALLBACK, params={"error": "access_denied", "state": state, "iss": issuer}
        )
        assert answer.headers["location"] == "/login?sso=refused_there"


async def test_a_provider_that_is_away_is_a_clear_answer(place: Place, issuer: str) -> None:
    await allow(place, "http://127.0.0.1:9")
    async with await place.client() as client:
        answer = await client.post("/api/sso/start")
        assert (answer.status_code, answer.json()["code"]) == (503, "sso_provider_away")


async def test_addresses_inside_are_not_asked(place: Place, issuer: str) -> None:
    async with await place.signed_in("administrator") as client:
        for url in ("http://10.0.0.1", "http://169.254.169.254", "http://[::1]:80"):
            told = (await client.post("/api/sign-in/test", json={"issuer": url})).json()
            assert told["ok"] is False
            assert "not public" in told["problem"]
        public = await client.post("/api/sign-in/test", json={"issuer": "http://93.184.216.34"})
        assert "https" in public.json()["problem"]


async def test_passwords_can_be_left_to_administrators(place: Place, issuer: str) -> None:
    await allow(place, issuer, only=True)
    agent = await place.user("agent", password=PASSWORD)
    boss = await place.user("administrator", password=PASSWORD)
    async with await place.client() as client:
        body = {"login": agent.login, "password": PASSWORD}
        refused = await client.post("/api/login", json=body)
        assert (refused.status_code, refused.json()["code"]) == (403, "use_sso")
        wrong = await client.post("/api/login", json=body | {"password": "no"})
        assert wrong.json()["code"] == "wrong_login"
        assert (await client.post("/api/login", json=body | {"login": boss.login})).is_success


async def test_an_administrator_sets_it_up_and_never_sees_the_secret_again(
    place: Place, issuer: str
) -> None:
    async with await place.signed_in("administrator") as client:
        before = (await client.get("/api/sign-in")).json()
        assert before["callback"] == f"{ORIGIN}{CALLBACK}"
        sso = {
            "on": True, "name": "Example", "issuer": issuer, "client_id": "centre",
            "role_claim": "groups", "role_rules": [{"value": "phones", "role": "agent"}],
        }  # fmt: skip
        body = {"sso": sso, "client_secret": "very secret", "version": before["version"]}
        told = await client.post("/api/sign-in/test", json={"issuer": issuer})
        assert told.json() == {
            "ok": True, "problem": "", "signs_out": True, "algorithms": ["RS256"],
        }  # fmt: skip
        kept = await client.put("/api/sign-in", json=body)
        assert kept.status_code == 200, kept.text
        assert kept.json()["has_secret"] is True
        assert "very secret" not in kept.text
        assert (await client.put("/api/sign-in", json=body)).status_code == 409
        body |= {"version": kept.json()["version"], "client_secret": None}
        assert (await client.put("/api/sign-in", json=body)).json()["has_secret"] is True
        assert await place.sign_in.client_secret() == "very secret"
        slash = await client.post("/api/sign-in/test", json={"issuer": issuer + "/"})
        assert "calls itself" in slash.json()["problem"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "ftp://x"},
        {"issuer": "https://x?y=1"},
        {"issuer": "https://user@x"},
        {"client_id": ""},
        {"scopes": "profile"},
        {"role_rules": []},
        {"login_claim": "a b"},
        {"role_rules": [{"value": "", "role": "agent"}]},
        {"role_else": "king"},
    ],
)
async def test_a_set_up_that_lets_nobody_in_is_refused(place: Place, wrong: dict[str, Any]) -> None:
    sso = {
        "on": True, "issuer": "https://login.example.com", "client_id": "centre",
        "role_claim": "groups", "role_rules": [{"value": "phones", "role": "agent"}],
    }  # fmt: skip
    async with await place.signed_in("administrator") as client:
        answer = await client.put("/api/sign-in", json={"sso": sso | wrong, "version": 0})
    assert answer.status_code == 422, answer.text


async def test_an_administrator_disconnects_a_person_from_the_provider(
    place: Place, issuer: str
) -> None:
    await allow(place, issuer)
    boss = await place.user("administrator", password=PASSWORD)
    async with await place.client() as theirs, await place.client(boss) as client:
        assert await sign_in(theirs, "u-1001") == "/"
        user = (await theirs.get("/api/session")).json()["id"]
        path = f"/api/users/{user}/sso"
        assert (await client.get(path)).json() == {"linked": True, "password": False}
        assert (await client.delete(path)).status_code == 204
        assert (await theirs.get("/api/session")).status_code == 401
        assert (await client.get(path)).json() == {"linked": False, "password": False}
        assert (await client.delete(path)).status_code == 404
        # The login is taken by a user whom nobody connects again by himself.
        assert await sign_in(theirs, "u-1001") == "/login?sso=not_linked"
        own = f"/api/users/{boss.id}/sso"
        await place.sign_in.link(boss.id, issuer, "somebody")
        assert (await client.delete(own)).status_code == 204
        assert (await client.get("/api/session")).status_code == 200
