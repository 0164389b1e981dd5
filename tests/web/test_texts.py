"""The gateway of text messages over the API: set, refused with the field, the secret told once."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.web.place import Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]


@pytest.fixture(autouse=True)
async def nothing_yet(place: Place) -> None:
    async with place.engine.begin() as connection:
        await connection.execute(text("delete from text_messages"))
        await connection.execute(text("delete from text_gateway"))


async def test_a_gateway_is_set_up_step_by_step(place: Place) -> None:
    async with await place.signed_in("administrator") as client:
        read = (await client.get("/api/text-gateway")).json()
        assert (read["enabled"], read["has_secret"], read["version"]) == (False, False, 0)
        assert read["hosts"] == ["sms.example"]
        body = {"url": "https://sms.example/send", "enabled": True, "version": 0}
        early = await client.put("/api/text-gateway", json=body)
        assert early.status_code == 422
        assert early.json()["flaws"][0]["where"] == "enabled"
        told = (await client.post("/api/text-gateway/secret")).json()
        assert told["secret"].startswith("whsec_")
        kept = await client.put("/api/text-gateway", json=body | {"version": 1})
        assert kept.status_code == 200
        assert "secret" not in kept.json()
        stale = await client.put("/api/text-gateway", json=body | {"version": 1})
        assert stale.status_code == 409
        other = body | {"url": "https://other.example/", "version": 2}
        refused = await client.put("/api/text-gateway", json=other)
        assert refused.json()["flaws"][0]["where"] == "url"
        assert "not on the list of allowed hosts" in refused.json()["flaws"][0]["message"]


async def test_a_test_needs_a_gateway_and_a_number(place: Place) -> None:
    async with await place.signed_in("administrator") as client:
        path = "/api/text-gateway/test"
        none = await client.post(path, json={"to": "+8613800138000", "text": "hello"})
        assert (none.status_code, none.json()["code"]) == (409, "no_text_gateway")
        assert (await client.post(path, json={"to": "ada", "text": "hello"})).status_code == 422
        assert (await client.post("/api/text-messages/77/again")).status_code == 409
        listed = (await client.get("/api/text-messages")).json()
        assert listed == {"items": [], "next": None, "waiting": 0}
