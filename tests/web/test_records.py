"""Customers, interactions, drafts, the choices and the phone, over the real database."""

from __future__ import annotations

import httpx
import pytest

from callcenter.web.checks import Check
from tests.web.place import BY, Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]

LI_WEI = {
    "name": "李伟 Li Wei",
    "numbers": [{"typed": "010 6552 9988", "label": "office"}, {"typed": "+44 20 7946 0958"}],
    "company": "北京烤鸭店",
    "tags": ["vip", " 北京 "],
    "custom": {"account": 7},
}


async def test_a_customer_is_made_found_changed_and_read_again(place: Place) -> None:
    async with await place.signed_in("agent") as client:
        made = await client.post("/api/customers", json=LI_WEI)
        assert made.status_code == 201
        customer = made.json()
        assert [one["e164"] for one in customer["numbers"]] == ["+861065529988", "+442079460958"]
        assert (customer["version"], customer["tags"]) == (1, ["vip", "北京"])
        for q in ("李伟", "li w", "6552", "烤鸭"):
            found = (await client.get("/api/customers", params={"q": q})).json()["items"]
            assert customer["id"] in [one["id"] for one in found], q
        change = LI_WEI | {"notes": "likes mornings", "version": 1}
        changed = await client.put(f"/api/customers/{customer['id']}", json=change)
        assert (changed.status_code, changed.json()["version"]) == (200, 2)
        late = await client.put(f"/api/customers/{customer['id']}", json=change)
        assert (late.status_code, late.json()["where"]) == (409, "version")
        read = await client.get(f"/api/customers/{customer['id']}")
        assert read.json()["notes"] == "likes mornings"
        timeline = await client.get(f"/api/customers/{customer['id']}/timeline")
        assert timeline.json() == {"items": [], "next": None}


@pytest.mark.parametrize(
    ("change", "where"),
    [({"name": ""}, "body.name"), ({"name": "  "}, "body.name"), ({"name": None}, "body.name"),
     ({"name": "x" * 201}, "body.name"), ({"numbers": [{"typed": "hello"}]}, "numbers.0"),
     ({"numbers": [{"typed": "1"}] * 21}, "body.numbers"), ({"priority": 1000}, "body.priority"),
     ({"owner_agent": "Robert'); DROP"}, "body.owner_agent"),
     ({"owner_agent": "nobody"}, "owner_agent"), ({"language": "klingon"}, "body.language"),
     ({"custom": {"a": "x" * 100_000}}, "custom"), ({"id": "1"}, "body.id")],
)  # fmt: skip
async def test_a_customer_that_cannot_be_kept_is_refused_field_by_field(
    place: Place, change: dict[str, object], where: str
) -> None:
    async with await place.signed_in("agent") as client:
        answer = await client.post("/api/customers", json=LI_WEI | change)
    assert answer.status_code == 422
    assert where in [flaw["where"] for flaw in answer.json()["flaws"]]


async def test_an_unknown_customer_or_interaction_is_not_found(place: Place) -> None:
    nobody = "00000000-0000-4000-8000-000000000001"
    async with await place.signed_in("agent") as client:
        for path in (f"customers/{nobody}", f"customers/{nobody}/timeline", "interactions/1.1"):
            answer = await client.get(f"/api/{path}")
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        change = await client.put(f"/api/customers/{nobody}", json=LI_WEI | {"version": 1})
        assert change.status_code == 404
        for odd in ("1", "..%2f..%2fetc", "%00", "' or 1=1"):
            assert (await client.get(f"/api/customers/{odd}")).status_code in {404, 422}


@pytest.mark.parametrize("cursor", ["x", "e30", "王", "A" * 200, "W251bGxd"])
async def test_a_damaged_cursor_starts_from_the_beginning(place: Place, cursor: str) -> None:
    async with await place.signed_in("supervisor") as client:
        for path in ("customers", "interactions"):
            answer = await client.get(f"/api/{path}", params={"cursor": cursor})
            assert answer.status_code == 200


@pytest.mark.parametrize(
    "q", ["\x00", "%", "_%", "'", "\\", "' or '1'='1", "a" * 100, "🦆", "\u202e"]
)
async def test_odd_searches_find_nothing_or_something_but_never_fail(place: Place, q: str) -> None:
    async with await place.signed_in("agent") as client:
        assert (await client.get("/api/customers", params={"q": q})).status_code == 200


async def test_a_draft_is_kept_for_its_writer_alone(place: Place) -> None:
    async with await place.signed_in("agent") as ada, await place.signed_in("agent") as ben:
        text = "第一行\nsecond <b>line</b>"
        assert (await ada.put("/api/drafts/17.1", json={"text": text})).status_code == 204
        assert (await ada.get("/api/drafts/17.1")).json() == {"text": text, "form": {}}
        assert (await ben.get("/api/drafts/17.1")).json() == {"text": "", "form": {}}
        assert (await ada.put("/api/drafts/17.1", json={"text": "x" * 8001})).status_code == 422
        assert (await ada.put("/api/drafts/a%2Fb", json={"text": "x"})).status_code in {404, 405}


async def set_up(place: Place) -> tuple[httpx.AsyncClient, str]:
    agent = await place.agent()
    await place.directory.put_queue("sales", {"name": "Sales"}, by=BY)
    await place.directory.put_queue("hidden", {"name": "Hidden"}, by=BY)
    await place.directory.put_members("sales", [agent], by=BY)
    await place.directory.put_pause_reasons([{"code": "lunch", "name": "Lunch"}], by=BY)
    await place.directory.put_dispositions([{"code": "done", "name": "Done"}], by=BY)
    await place.reload()
    return await place.client(await place.user("agent", agent)), agent


async def test_an_agent_is_given_the_own_queues_and_the_choices(place: Place) -> None:
    client, _ = await set_up(place)
    async with client:
        choices = (await client.get("/api/choices")).json()
    assert [(one["id"], one["mine"]) for one in choices["queues"]] == [("sales", True)]
    assert [one["code"] for one in choices["pause_reasons"]] == ["lunch"]
    assert [one["code"] for one in choices["dispositions"]] == ["done"]
    async with await place.signed_in("supervisor") as boss:
        queues = (await boss.get("/api/choices")).json()["queues"]
    assert {(one["id"], one["mine"]) for one in queues} == {("sales", False), ("hidden", False)}


async def test_a_phone_gets_a_new_password_each_time_and_none_after_log_out(place: Place) -> None:
    client, agent = await set_up(place)
    async with client:
        first = (await client.post("/api/phone")).json()
        second = (await client.post("/api/phone")).json()
        assert first["device"] == f"b{agent}"
        assert first["password"] != second["password"]
        assert second["expires"] > place.clock.now()
        await place.directory.put_agent(agent, {"active": False}, by=BY)
        gone = await client.post("/api/phone")
        assert (gone.status_code, gone.json()["where"]) == (409, "agent")
        assert (await client.post("/api/logout")).status_code == 204


async def test_readiness_is_red_with_the_reasons_and_details_are_for_administrators(
    place: Place,
) -> None:
    async with await place.client() as stranger:
        assert (await stranger.get("/readyz")).json() == {"ready": True, "reasons": []}
        place.checks = (
            Check("asterisk", False, "10.1.2.3 does not answer", "start Asterisk"),
            Check("database", True),
        )
        red = await stranger.get("/readyz")
        assert (red.status_code, red.json()) == (503, {"ready": False, "reasons": ["asterisk"]})
        assert "10.1.2.3" not in red.text
    async with await place.signed_in("administrator") as client:
        health = (await client.get("/api/health")).json()
        assert health["ready"] is False
        assert health["checks"][0]["todo"] == "start Asterisk"
