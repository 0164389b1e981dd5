"""Where somebody is signed in: seen, ended by himself and by administrators, sockets and all."""

from __future__ import annotations

import pytest

from callcenter.web.auth import IDLE_SECONDS, PLAIN_COOKIE, hashed
from tests.web.place import PASSWORD, Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]


async def test_a_user_sees_his_own_sessions_and_which_is_this_one(place: Place) -> None:
    account = await place.user("agent", await place.agent(), password=PASSWORD)
    async with await place.client(account) as other, await place.client(account) as client:
        await place.client(await place.user("agent"))  # somebody else's
        seen = (await client.get("/api/sessions")).json()
        assert [one["current"] for one in seen["items"]].count(True) == 1
        assert len(seen["items"]) == 2
        assert seen["talking"] is False
        own = next(one for one in seen["items"] if one["current"])
        assert (own["address"], own["browser"], own["way"]) == ("127.0.0.1", "test", "password")
        assert not any(
            hashed(client.cookies[PLAIN_COOKIE]).hex() in str(one) for one in seen["items"]
        )
        place.clock.ahead += IDLE_SECONDS - 60
        assert (await other.get("/api/session")).status_code == 200
        place.clock.ahead += 120
        seen = (await other.get("/api/sessions")).json()
        assert [one["current"] for one in seen["items"]] == [True]


async def test_one_session_or_all_others_are_ended(place: Place) -> None:
    account = await place.user("supervisor")
    async with (
        await place.client(account) as first,
        await place.client(account) as second,
        await place.client(account) as third,
    ):
        items = (await first.get("/api/sessions")).json()["items"]
        of_second = hashed(second.cookies[PLAIN_COOKIE])
        found = await place.login_sessions.of_user(
            account.id, now=place.clock.now(), idle_seconds=IDLE_SECONDS
        )
        id = next(one.id for one in found if one.token_hash == of_second)
        assert id in {one["id"] for one in items}
        assert (await first.delete(f"/api/sessions/{id}")).json() == {"ended": 1}
        assert (await second.get("/api/session")).status_code == 401
        assert (await first.delete(f"/api/sessions/{id}")).status_code == 404
        assert (await first.post("/api/sessions/end-others")).json() == {"ended": 1}
        assert (await third.get("/api/session")).status_code == 401
        assert (await first.get("/api/session")).status_code == 200


async def test_nobody_ends_the_session_of_somebody_else_by_its_id(place: Place) -> None:
    victim, thief = await place.user("administrator"), await place.user("agent")
    async with await place.client(victim) as theirs, await place.client(thief) as client:
        id = (await theirs.get("/api/sessions")).json()["items"][0]["id"]
        assert (await client.delete(f"/api/sessions/{id}")).status_code == 404
        assert (await client.get(f"/api/users/{victim.id}/sessions")).status_code == 403
        assert (await theirs.get("/api/session")).status_code == 200


async def test_administrators_see_and_end_a_users_sessions(place: Place) -> None:
    agent = await place.user("agent", await place.agent())
    async with (
        await place.client(agent) as one,
        await place.client(agent) as two,
        await place.signed_in("administrator") as client,
    ):
        path = f"/api/users/{agent.id}/sessions"
        items = (await client.get(path)).json()["items"]
        assert [item["current"] for item in items] == [False, False]
        assert (await client.delete(f"{path}/{items[0]['id']}")).json() == {"ended": 1}
        left = [(await who.get("/api/session")).status_code for who in (one, two)]
        assert sorted(left) == [200, 401]
        assert (await client.post(f"{path}/end")).json() == {"ended": 1}
        assert (await one.get("/api/session")).status_code == 401
        assert (await two.get("/api/session")).status_code == 401
        assert (await client.post(f"{path}/end")).json() == {"ended": 0}
        nobody = "/api/users/00000000-0000-4000-8000-000000000000/sessions"
        assert (await client.get(nobody)).status_code == 404


async def test_an_administrator_who_ends_his_own_sessions_keeps_this_one(place: Place) -> None:
    boss = await place.user("administrator")
    async with await place.client(boss) as other, await place.client(boss) as client:
        ended = await client.post(f"/api/users/{boss.id}/sessions/end")
        assert ended.json() == {"ended": 1}
        assert (await other.get("/api/session")).status_code == 401
        assert (await client.get("/api/session")).status_code == 200
