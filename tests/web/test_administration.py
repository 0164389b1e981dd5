"""An administrator sets up a working centre: users, agents, queues, flows, routes, reasons."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ivr.routes import Route
from tests.web.place import PASSWORD, Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]

FLOW = """\
id: main
name: Main menu
start: line
nodes:
  line: {kind: queue, queue: support}
"""


async def test_a_first_administrator_sets_up_a_centre_that_can_take_calls(place: Place) -> None:
    async with await place.signed_in("administrator") as client:
        agent = await client.put(
            "/api/agents/ada", json={"name": "Ada 爱达", "skills": {"billing": 7}}
        )
        assert agent.json() == {
            "id": "ada", "name": "Ada 爱达", "team": "", "skills": {"billing": 7}, "queues": [],
            "groups": [], "weight": 1, "capacity": {"voice": 1, "chat": 0, "work": 0},
            "serves": [], "member_of": [],
        }  # fmt: skip
        made = await client.put("/api/queues/support", json={"name": "Support"})
        assert made.status_code == 200
        with_ada = await client.put("/api/queues/support/members", json={"agents": ["ada"]})
        assert with_ada.json()["members"] == ["ada"]
        flow = (await client.post("/api/flows/import", json={"text": FLOW})).json()
        assert flow == {"name": "main", "draft_revision": 1, "created": True, "mistakes": []}
        body = {"revision": 1, "note": "first"}
        published = await client.post("/api/flows/main/publish", json=body)
        assert published.json() == {"name": "main", "version": 1}
        table = (await client.get("/api/routes")).json()
        body = {"items": [{"id": "rest", "flow": "main"}], "base_version": table["version"]}
        assert (await client.put("/api/routes", json=body)).status_code == 200
        assert (await client.get("/api/centre")).json() == {"time_zone": "UTC"}
        zone = {"time_zone": "Asia/Shanghai"}
        assert (await client.put("/api/centre", json=zone)).json() == zone
        reasons = {"items": [{"code": "lunch", "name": "Lunch", "name_zh": "午饭"}]}
        assert (await client.put("/api/pause-reasons", json=reasons)).status_code == 200
        outcomes = {"items": [{"code": "solved", "name": "Solved", "default": True}]}
        assert (await client.put("/api/dispositions", json=outcomes)).status_code == 200
        user = await client.post(
            "/api/users", json={"login": "ada", "name": "Ada", "role": "agent", "agent": "ada"}
        )
        assert user.status_code == 201
        config = place.config
        assert set(config.agents["ada"].queues) == {"support"}
        assert config.routes == (Route("rest", "main"),)
        assert {ahead for _, ahead in config.utc_offsets} == {8 * 3600.0}
        assert config.flows["main"].nodes["line"].settings["queue"] == "support"
        assert config.pause_reasons[0].name_zh == "午饭"
        assert config.dispositions[0].default
    async with await place.client() as ada:
        body = {"login": "ada", "password": user.json()["password"]}
        me = await ada.post("/api/login", json=body)
        assert me.json()["agent"] == "ada"


async def test_what_is_not_named_keeps_its_value(place: Place) -> None:
    async with await place.signed_in("administrator") as client:
        await client.put("/api/queues/keep", json={"name": "Keep", "ring_seconds": 33})
        await client.put("/api/queues/keep", json={"name": "Kept"})
        queue = place.config.queues["keep"]
        assert (queue.name, queue.ring_seconds) == ("Kept", 33)


async def test_an_agent_leaves_and_may_come_back(place: Place) -> None:
    async with await place.signed_in("administrator") as client:
        await client.put("/api/agents/ben", json={"name": "Ben"})
        assert (await client.delete("/api/agents/ben")).status_code == 204
        assert "ben" not in place.config.agents
        assert (await client.delete("/api/agents/ben")).status_code == 404
        assert (await client.put("/api/agents/ben", json={"name": "Ben"})).status_code == 200
        phone = (await client.post("/api/agents/ben/desk-phone")).json()
        assert phone["device"] == "dben"
        assert len(phone["password"]) >= 32
        assert (await client.post("/api/agents/none/desk-phone")).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [("PUT", "agents/Ada!", {"name": "x"}, 422), ("PUT", "agents/ok", {"name": ""}, 422),
     ("PUT", "agents/ok", {"name": "x", "skills": {"a b": 1}}, 422),
     ("PUT", "agents/ok", {"name": "x", "skills": {"a": 11}}, 422),
     ("PUT", "queues/q1", {"name": "x", "ring_seconds": 1}, 422),
     ("PUT", "queues/q1", {"name": "x", "strategy": "loudest"}, 422),
     ("PUT", "queues/none/members", {"agents": []}, 404),
     ("PUT", "routes", {"items": [{"id": "x", "flow": "none"}], "base_version": 0}, 422),
     ("PUT", "routes", {"items": [], "base_version": 99}, 409),
     ("DELETE", "number-lists/none", None, 404),
     ("PUT", "centre", {"time_zone": "Mars/Olympus"}, 422),
     ("PUT", "centre", {"time_zone": "../UTC"}, 422),
     ("PUT", "centre", {}, 422),
     ("PUT", "pause-reasons", {"items": [{"code": "a", "name": "A"}] * 2}, 422),
     ("PUT", "pause-reasons", {"items": [{"code": "A!", "name": "A"}]}, 422),
     ("PUT", "dispositions", {"items": [{"code": "a", "name": "A", "queues": ["none"]}]}, 422),
     ("PUT", "dispositions", {"items": [{"code": "a", "name": "A", "default": True},
                                        {"code": "b", "name": "B", "default": True}]}, 422),
     ("POST", "users", {"login": "x y", "name": "X", "role": "agent"}, 422),
     ("POST", "users", {"login": "x", "name": "X", "role": "king"}, 422),
     ("POST", "users", {"login": "x", "name": "X", "role": "agent", "agent": "none"}, 422)],
)  # fmt: skip
async def test_a_change_that_makes_no_sense_is_refused_and_nothing_changes(
    place: Place, method: str, path: str, body: object, status: int
) -> None:
    before = place.config
    async with await place.signed_in("administrator") as client:
        answer = await client.request(method, f"/api/{path}", json=body)
        assert answer.status_code == status
        assert answer.json()["message"]
        await place.reload()
        assert replace(place.config, version=0) == replace(before, version=0)


async def test_unknown_members_are_named(place: Place) -> None:
    async with await place.signed_in("administrator") as client:
        await client.put("/api/queues/known", json={"name": "Known"})
        answer = await client.put("/api/queues/known/members", json={"agents": ["ghost"]})
        assert (answer.status_code, answer.json()["message"]) == (422, "there is no agent 'ghost'")


async def test_users_are_changed_and_a_change_of_rights_ends_their_sessions(place: Place) -> None:
    account = await place.user("supervisor", password=PASSWORD)
    async with (
        await place.signed_in("administrator") as client,
        await place.client(account) as victim,
    ):
        body = {"login": account.login, "name": "New 名", "role": "supervisor"}
        renamed = await client.put(f"/api/users/{account.id}", json=body)
        assert renamed.json()["name"] == "New 名"
        assert (await victim.get("/api/session")).status_code == 200
        less = await client.put(f"/api/users/{account.id}", json=body | {"role": "agent"})
        assert less.status_code == 200
        assert (await victim.get("/api/session")).status_code == 401
        reset = await client.post(f"/api/users/{account.id}/password")
        login = {"login": account.login, "password": PASSWORD}
        assert (await victim.post("/api/login", json=login)).status_code == 401
        login["password"] = reset.json()["password"]
        assert (await victim.post("/api/login", json=login)).status_code == 200
        taken = await client.post("/api/users", json=body)
        assert (taken.status_code, taken.json()["where"]) == (409, "login")
        logins = [one["login"] for one in (await client.get("/api/users")).json()["items"]]
        assert account.login in logins


async def test_an_administrator_cannot_lock_himself_out(place: Place) -> None:
    account = await place.user("administrator")
    async with await place.client(account) as client:
        body = {"login": account.login, "name": account.name, "role": "agent"}
        assert (await client.put(f"/api/users/{account.id}", json=body)).status_code == 409
        body |= {"role": "administrator", "active": False}  # type: ignore[dict-item]
        assert (await client.put(f"/api/users/{account.id}", json=body)).status_code == 409
        renamed = {"login": account.login, "name": "Me", "role": "administrator"}
        assert (await client.put(f"/api/users/{account.id}", json=renamed)).status_code == 200
        assert (await client.get("/api/session")).status_code == 200
