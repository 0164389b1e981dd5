"""Routes over HTTP: the table with its mistakes, what a call would take, lists of callers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.web.place import Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]

FLOW = "id: {0}\nname: Flow {0}\nstart: end\nnodes: {{end: {{kind: hangup}}}}\n"


@pytest.fixture
async def client(place: Place) -> AsyncIterator[httpx.AsyncClient]:
    for flow in ("main", "vip"):
        await place.directory.publish_flow(flow, FLOW.format(flow), by="tests")
    await place.reload()
    async with await place.signed_in("administrator") as client:
        assert (await save(client, [{"id": "rest", "flow": "main"}])).status_code == 200
        yield client


async def save(client: httpx.AsyncClient, items: list[dict[str, Any]]) -> httpx.Response:
    version = (await client.get("/api/routes")).json()["version"]
    return await client.put("/api/routes", json={"items": items, "base_version": version})


async def test_a_table_is_saved_as_a_whole_and_in_its_order(
    place: Place, client: httpx.AsyncClient
) -> None:
    items: list[dict[str, Any]] = [
        {"id": "vips", "flow": "vip", "lists": ["vip"], "note": "老客户"},
        {"id": "trial", "flow": "vip", "did": "400*", "percent": 20},
        {"id": "off", "flow": "gone", "enabled": False},
        {"id": "rest", "flow": "main"},
    ]
    saved = (await save(client, items)).json()
    assert [one["id"] for one in saved["items"]] == ["vips", "trial", "off", "rest"]
    assert (saved["items"][0]["note"], saved["mistakes"]) == ("老客户", [])
    assert [route.id for route in place.config.routes] == ["vips", "trial", "rest"]


async def test_two_people_change_the_table_and_the_second_is_told(
    client: httpx.AsyncClient,
) -> None:
    read = (await client.get("/api/routes")).json()
    assert (await save(client, [{"id": "rest", "flow": "vip"}])).status_code == 200
    stale = {"items": read["items"], "base_version": read["version"]}
    refused = await client.put("/api/routes", json=stale)
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert (await client.get("/api/routes")).json()["items"][0]["flow"] == "vip"


@pytest.mark.parametrize(
    ("items", "found"),
    [([{"id": "a", "flow": "gone"}], {("a", "flow", "no-flow", False)}),
     ([{"id": "a", "flow": "main"}, {"id": "b", "flow": "main", "did": "4000"}],
      {("b", "", "shadowed", True)}),
     ([{"id": "a", "flow": "main", "did": "4000"}], {("", "", "uncovered", True)}),
     ([{"id": "a", "flow": "main"}, {"id": "a", "flow": "vip", "did": "1"}],
      {("a", "id", "twice", False), ("a", "", "shadowed", True)}),
     ([{"id": "a", "flow": "main", "percent": 0}, {"id": "z", "flow": "main"}],
      {("a", "percent", "percent", False)}),
     ([{"id": "a", "flow": "main", "regions": ["CN-BJ"]}, {"id": "z", "flow": "main"}],
      {("a", "regions", "part", False)}),
     ([{"id": "a", "flow": "main", "did": "x y", "callers": ["12a"], "lists": ["no"],
        "calendar": "no"}, {"id": "z", "flow": "main"}],
      {("a", "did", "number", False), ("a", "callers", "number", False),
       ("a", "lists", "no-list", False), ("a", "calendar", "no-calendar", False)})],
)  # fmt: skip
async def test_what_is_wrong_is_named_and_only_warnings_are_kept(
    client: httpx.AsyncClient,
    items: list[dict[str, Any]],
    found: set[tuple[str, str, str, bool]],
) -> None:
    before = (await client.get("/api/routes")).json()
    checked = (await client.post("/api/routes/check", json={"items": items})).json()
    told = {(m["route"], m["field"], m["code"], m["warning"]) for m in checked["mistakes"]}
    assert told == found
    saved = await save(client, items)
    if all(warning for *_, warning in found):
        assert saved.status_code == 200
    else:
        assert (saved.status_code, saved.json()["code"]) == (422, "routes_have_mistakes")
        assert (await client.get("/api/routes")).json() == before


async def test_which_flow_would_this_call_take(client: httpx.AsyncClient) -> None:
    numbers = {"text": "13800138000, old friend\nnonsense\n+4477*\n\n139 0013 9000；二\n"}
    added = (await client.post("/api/number-lists/vip/numbers", json=numbers)).json()
    assert added == {"added": 3, "known": 0, "skipped": ["nonsense"]}
    again = (await client.post("/api/number-lists/vip/numbers", json=numbers)).json()
    assert (again["added"], again["known"]) == (0, 3)
    items: list[dict[str, Any]] = [
        {"id": "vips", "flow": "vip", "lists": ["vip"]},
        {"id": "half", "flow": "vip", "regions": ["FR"], "percent": 50},
        {"id": "rest", "flow": "main"},
    ]
    assert (await save(client, items)).status_code == 200

    async def tried(caller: str) -> dict[str, Any]:
        asked = {"caller": caller, "called": "4000"}
        answer: dict[str, Any] = (await client.post("/api/routes/try", json=asked)).json()
        return answer

    vip = await tried("138-0013-8000")
    assert (vip["number"], vip["region"], vip["lists"]) == ("+8613800138000", "CN", ["vip"])
    assert (vip["route"], vip["title"]) == ("vips", "Flow vip")
    assert (await tried("+447712345678"))["route"] == "vips"
    french = await tried("+33123456789")
    assert [(step["route"], step["misfit"]) for step in french["steps"]] == [
        ("vips", "list"), ("half", ""), ("rest", "")
    ]  # fmt: skip
    assert (await tried(""))["route"] == "rest"
    listed = (await client.get("/api/number-lists")).json()["items"]
    vips = next(one for one in listed if one["id"] == "vip")
    assert (vips["entries"], vips["used_by"]) == (3, ["vips"])
    refused = await client.delete("/api/number-lists/vip")
    assert (refused.status_code, refused.json()["code"]) == (409, "in_use")
    entries = (await client.get("/api/number-lists/vip/numbers")).json()["items"]
    assert [(one["number"], one["note"]) for one in entries] == [
        ("+4477*", ""), ("+8613800138000", "old friend"), ("+8613900139000", "二")
    ]  # fmt: skip
    for entry in entries:
        gone = await client.delete(f"/api/number-lists/vip/numbers/{entry['number']}")
        assert gone.status_code == 204
    assert (await tried("13800138000"))["route"] == "rest"
