"""Calls by hand over HTTP: what may be dialled, the rules, the directory."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace

import httpx
import pytest

from callcenter.core.config import DialLimits
from tests.web.place import Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]


@dataclass
class Ruled:
    place: Place
    agent: str

    async def agents(self) -> httpx.AsyncClient:
        """The browser of the agent who may dial."""
        return await self.place.client(await self.place.user("agent", self.agent))


@pytest.fixture
async def rules(place: Place) -> Ruled:
    """Dialling is switched on for agents and supervisors, with two numbers to show."""
    mark = uuid.uuid4().hex[:6]
    async with await place.signed_in("administrator") as client:
        await client.put(f"/api/queues/q{mark}", json={"name": mark})
        agent = await place.agent()
        await client.put(f"/api/queues/q{mark}/members", json={"agents": [agent]})
        answer = await client.put(
            "/api/outbound-rules",
            json={
                "enabled": True,
                "roles": ["agent", "supervisor"],
                "countries": [],
                "caller_ids": [
                    {"number": "020 8888 8888", "name": "Main", "queues": [f"q{mark}"]},
                    {"number": "+862088880002", "name": "Board", "roles": ["supervisor"]},
                ],
            },
        )
        assert answer.status_code == 200, answer.text
    place.config = replace(place.config, dialling=DialLimits(enabled=True))
    return Ruled(place, agent)


async def test_an_agent_sees_what_he_may_dial_and_show(rules: Ruled) -> None:
    async with await rules.agents() as client:
        seen = (await client.get("/api/dial")).json()
        assert (seen["refusal"], seen["country"]) == ("", "CN")
        assert [one["number"] for one in seen["caller_ids"]] == ["+862088888888"]


@pytest.mark.parametrize(
    ("text", "number", "refusal"),
    [
        ("139 1111 0003", "+8613911110003", ""),
        ("+86 (139) 1111-0003", "+8613911110003", ""),
        ("１３９１１１１０００３", "+8613911110003", ""),
        ("tel:+86-139-1111-0003", "+8613911110003", ""),
        ("+49 30 901820", "", "not-dialable-country"),
        ("110", "", "not-dialable-incomplete"),
        ("张伟", "", "not-dialable-unreadable"),
    ],
)
async def test_a_number_is_checked_in_any_form(
    rules: Ruled, text: str, number: str, refusal: str
) -> None:
    async with await rules.agents() as client:
        seen = (await client.post("/api/dial/check", json={"number": text})).json()
        assert (seen["number"], seen["refusal"]) == (number, refusal)


async def test_rules_that_make_no_sense_are_refused_where_they_stand(rules: Ruled) -> None:
    async with await rules.place.signed_in("administrator") as client:
        for change, where in (
            ({"minutes_max": 0}, "minutes_max"),
            ({"countries": ["XX"]}, "countries"),
            ({"caller_ids": [{"number": "nobody"}]}, "caller_ids.0.number"),
            ({"messages": [{"prompt": "nothing", "name": "x"}]}, "messages.0.prompt"),
        ):
            answer = await client.put("/api/outbound-rules", json=change)
            assert answer.status_code == 422
            assert where in answer.text
        old = (await client.get("/api/outbound-rules")).json()["version"]
        assert (await client.put("/api/outbound-rules", json={"hour_max": 9})).status_code == 200
        late = await client.put("/api/outbound-rules", json={"version": old, "hour_max": 8})
        assert late.status_code == 409


async def test_the_kill_switch_counts_at_once(rules: Ruled) -> None:
    async with await rules.place.signed_in("administrator") as client:
        await client.put("/api/outbound-rules", json={"enabled": False})
    rules.place.config = replace(rules.place.config, dialling=DialLimits(enabled=True))
    async with await rules.agents() as client:
        seen = await client.post("/api/dial/check", json={"number": "13911110003"})
        assert seen.json()["refusal"] == "outbound-off"


async def test_the_directory(rules: Ruled) -> None:
    id = str(uuid.uuid4())
    async with await rules.place.signed_in("administrator") as client:
        body = {"name": "维修店 Repair", "number": "021-6200 0000", "note": "9 to 17"}
        made = await client.put(f"/api/contacts/{id}", json=body)
        assert made.json()["number"] == "+862162000000"
        late = await client.put(f"/api/contacts/{id}", json={**body, "version": 7})
        assert late.status_code == 409
        wrong = await client.put(f"/api/contacts/{uuid.uuid4()}", json={**body, "number": "110"})
        assert wrong.json()["code"] == "not-dialable-incomplete"
    async with await rules.agents() as client:
        names = [one["name"] for one in (await client.get("/api/contacts")).json()["items"]]
        assert "维修店 Repair" in names
        assert (await client.delete(f"/api/contacts/{id}")).status_code == 403
    async with await rules.place.signed_in("administrator") as client:
        assert (await client.delete(f"/api/contacts/{id}")).status_code == 204
        assert (await client.delete(f"/api/contacts/{id}")).status_code == 404
