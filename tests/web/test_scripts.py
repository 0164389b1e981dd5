"""Scripts over HTTP: checked, published, followed in a call through reload and transfer."""

from __future__ import annotations

from typing import Any

import pytest

from callcenter.core.board import CallRow
from callcenter.core.effects import Show
from tests.web.place import Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]


def script(code: str, *steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"code": code, "name": code.title(), "steps": steps} | more


def call_of(place: Place, agent: str, call: str, queue: str = "sales", part_of: str = "") -> None:
    row = CallRow(
        call=call, stage="talking", since=0.0, started_at=0.0, number="+8613800138000", name="",
        did="4000", language="zh", queue=queue, agent=agent, part_of=part_of,
    )  # fmt: skip
    place.hub.perform(Show("calls", call, row))


async def test_a_script_is_checked_published_and_kept_for_calls_that_began(place: Place) -> None:
    ada, ben = await place.agent(), await place.agent()
    adas, bens = await place.user("agent", ada), await place.user("agent", ben)
    steps = [{"code": "hello", "text": "你好 {{customer_name}}", "next": "bye"}]
    async with await place.signed_in("administrator") as boss:
        wrong = {"script": script("greet", *steps, language="zh", queues=["sales"])}
        saved = (await boss.put("/api/scripts/greet", json=wrong)).json()
        assert [one["code"] for one in saved["problems"]] == ["dangling"]
        publish = "/api/scripts/greet/publish"
        refused = await boss.post(publish, json={"revision": 1})
        assert (refused.status_code, refused.json()["where"]) == (422, "steps.hello")
        right = script("greet", *steps, {"code": "bye", "text": "再见"}, queues=["sales"])
        body = {"script": right, "revision": 1}
        assert (await boss.put("/api/scripts/greet", json=body)).json()["problems"] == []
        assert (await boss.put("/api/scripts/greet", json=body)).status_code == 409
        done = (await boss.post(publish, json={"revision": 2, "note": "first"})).json()
        assert (done["published"], done["draft_ahead"]) == (1, False)
        general = {"script": script("general", {"code": "a", "text": "x"})}
        await boss.put("/api/scripts/general", json=general)
        await boss.post("/api/scripts/general/publish", json={"revision": 1})

        call_of(place, ada, "script-1")
        async with await place.client(adas) as client:
            address = "/api/calls/script-1/script"
            begun = (await client.get(address, params={"language": "zh"})).json()
            assert (begun["script"]["code"], begun["number"], begun["run"]) == ("greet", 1, None)
            said = [{"step": "hello", "answer": "王小明"}]
            go = {"script": "greet", "number": 1, "trail": said, "revision": 0}
            assert (await client.put(address, json=go)).json() == {"trail": said, "revision": 1}
            assert (await client.put(address, json=go)).status_code == 409
            assert (
                await client.put(address, json=go | {"number": 9, "revision": 1})
            ).status_code == 404

        changed = script("greet", {"code": "hello", "text": "您好"}, queues=["sales"])
        again = {"script": changed, "revision": done["revision"]}
        revision = (await boss.put("/api/scripts/greet", json=again)).json()["revision"]
        second = (await boss.post(publish, json={"revision": revision})).json()
        call_of(place, ben, "script-1", queue="other")
        call_of(place, ada, "script-2")
        async with await place.client(bens) as client:
            given = (await client.get("/api/calls/script-1/script")).json()
            assert given["number"] == 1
            assert given["run"] == {"trail": said, "revision": 1}
            assert (await client.get("/api/calls/script-2/script")).status_code == 404
        async with await place.client(adas) as client:
            assert (await client.get("/api/calls/script-2/script")).json()["number"] == 2
            call_of(place, ada, "script-3", queue="other")
            other = (await client.get("/api/calls/script-3/script")).json()
            assert other["script"]["code"] == "general"
        versions = (await boss.get("/api/scripts/greet/versions")).json()["items"]
        assert [(one["number"], one["note"]) for one in versions] == [(2, ""), (1, "first")]
        back = {"revision": second["revision"], "number": 1}
        restored = (await boss.post("/api/scripts/greet/restore", json=back)).json()
        assert [step["code"] for step in restored["script"]["steps"]] == ["hello", "bye"]
        assert restored["draft_ahead"]
    async with await place.signed_in("supervisor") as watcher:
        assert (await watcher.get("/api/scripts")).status_code == 403
