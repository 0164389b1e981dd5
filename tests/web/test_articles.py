"""The knowledge base over HTTP: written, published, found while typing, judged, and what lacks."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.web.place import Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]


async def published(client: httpx.AsyncClient, **body: Any) -> dict[str, Any]:
    answer = await client.post("/api/articles", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    done = await client.post(
        f"/api/articles/{made['id']}/publish", json={"revision": made["revision"]}
    )
    assert done.status_code == 200, done.text
    result: dict[str, Any] = done.json()
    return result


async def titles(client: httpx.AsyncClient, address: str, **params: Any) -> list[str]:
    answer = await client.get(address, params=params)
    assert answer.status_code == 200, answer.text
    return [item["title"] for item in answer.json()["items"]]


async def test_readers_see_what_is_published_and_writers_go_back(place: Place) -> None:
    async with await place.signed_in("supervisor") as boss, await place.signed_in("agent") as ada:
        body = {"title": "Late parcels", "text": "# Ask\n\n<script>x</script> [a](javascript:x)"}
        made = (await boss.post("/api/articles", json=body)).json()
        address = f"/api/articles/{made['id']}"
        assert (await ada.get(address)).status_code == 404
        assert "Late parcels" not in await titles(ada, "/api/articles", unpublished=True)
        assert (await ada.get(f"{address}/draft")).status_code == 403
        first = (await boss.post(f"{address}/publish", json={"revision": 1})).json()
        shown = (await ada.get(address)).json()
        assert "<h1>Ask</h1>" in shown["html"]
        assert "<script" not in shown["html"]
        assert "javascript:" not in shown["html"].replace("[a](javascript:x)", "")
        change = body | {"text": "# Ask\n\nfor the number", "revision": first["revision"]}
        saved = (await boss.put(f"{address}/draft", json=change)).json()
        assert saved["draft_ahead"]
        assert (await boss.put(f"{address}/draft", json=change)).status_code == 409
        lines = (await boss.get(f"{address}/diff", params={"older": 1})).json()["lines"]
        assert [line["text"] for line in lines if line["kind"] == "new"] == ["for the number"]
        publish = {"revision": saved["revision"], "note": "shorter"}
        second = (await boss.post(f"{address}/publish", json=publish)).json()
        assert "for the number" in (await ada.get(address)).json()["text"]
        back = {"revision": second["revision"], "number": 1}
        restored = (await boss.post(f"{address}/restore", json=back)).json()
        assert restored["draft_ahead"]
        assert "for the number" in (await ada.get(address)).json()["text"]
        versions = (await boss.get(f"{address}/versions")).json()["items"]
        assert [(one["number"], one["note"]) for one in versions] == [(2, "shorter"), (1, "")]
        await boss.put(f"{address}/archived", json={"archived": True})
        assert "Late parcels" not in await titles(ada, "/api/articles", q="late")
        assert "Late parcels" in await titles(boss, "/api/articles", archived=True)


async def test_articles_are_found_while_typing_in_both_languages(place: Place) -> None:
    async with (
        await place.signed_in("administrator") as boss,
        await place.signed_in("agent") as ada,
    ):
        await published(
            boss, title="退款流程", text="先核对订单号。", language="zh", keywords="退钱"
        )
        await published(boss, title="Refunds", text="退款 is Chinese for it", queues=["billing"])
        await published(boss, title="Router", text="Unplug it.", keywords="internet 上网")
        assert await titles(ada, "/api/articles", q="退") == ["退款流程", "Refunds"]
        assert await titles(ada, "/api/articles", q="退钱") == ["退款流程"]
        assert await titles(ada, "/api/articles", q="refu") == ["Refunds"]
        assert await titles(ada, "/api/articles", q="ROUTER unpl") == ["Router"]
        assert await titles(ada, "/api/articles", q="%") == []
        suggested = await titles(
            ada, "/api/articles/suggested", queue="billing", path=["Main menu: 2 Internet", "Speed"]
        )
        assert suggested == ["Refunds", "Router"]
        assert await titles(ada, "/api/articles/suggested", queue="none") == []


async def test_what_helped_is_counted_once_and_what_lacks_is_told(place: Place) -> None:
    async with await place.signed_in("supervisor") as boss, await place.signed_in("agent") as ada:
        made = await published(boss, title="Invoices", text="Send them.")
        address = f"/api/articles/{made['id']}/feedback"
        for helped in (True, True, False):
            body = {"helped": helped, "call": "kb-1", "query": "Invoice  COPY"}
            said = (await ada.post(address, json=body)).json()
        assert (said["helped"], said["not_helped"]) == (0, 1)
        assert (await ada.post(address, json={"call": "kb-1"})).json()["not_helped"] == 1
        assert [one.title for one in await place.crm.articles.of_call("kb-1")] == ["Invoices"]
        for query, results in (("发票抬头", 0), ("发票抬头", 0), ("Invoice copy", 3)):
            search = {"query": query, "results": results, "queue": "billing"}
            assert (await ada.post("/api/article-searches", json=search)).status_code == 204
        gaps = (await boss.get("/api/articles/gaps")).json()["items"]
        known = {gap["query"]: gap for gap in gaps}
        assert known["发票抬头"]["without_result"] == 2
        assert (known["invoice copy"]["searches"], known["invoice copy"]["not_helped"]) == (1, 1)
        assert gaps.index(known["发票抬头"]) < gaps.index(known["invoice copy"])
        assert (await ada.get("/api/articles/gaps")).status_code == 403
        assert (await ada.post("/api/articles", json={"title": "x"})).status_code == 403
