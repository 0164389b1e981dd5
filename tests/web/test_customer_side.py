"""The customer side over HTTP: alike and merged, own fields, files in and out."""

from __future__ import annotations

import httpx
import pytest

from tests.web.place import Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]


async def customer(client: httpx.AsyncClient, **values: object) -> dict[str, object]:
    answer = await client.post("/api/customers", json=values)
    assert answer.status_code == 201, answer.text
    made: dict[str, object] = answer.json()
    return made


def numbers(*typed: str) -> list[dict[str, str]]:
    return [{"typed": one} for one in typed]


async def test_two_who_are_one_are_found_merged_and_two_again(place: Place) -> None:
    async with await place.signed_in("supervisor") as client:
        one = await customer(client, name="Wang 1", numbers=numbers("13811112222"))
        two = await customer(
            client,
            name="Wang 2",
            numbers=numbers("+86 138 1111 2222"),
            emails=[{"typed": "Wang@x.cn"}],
        )
        asked = {"numbers": ["0138 1111 2222"], "besides": one["id"]}
        alike = (await client.post("/api/customers/alike", json=asked)).json()["items"]
        assert [(c["customer"]["id"], c["reasons"]) for c in alike] == [(two["id"], ["number"])]
        doubles = (await client.get("/api/customers/doubles")).json()["items"]
        assert "+8613811112222" in {group["shared"] for group in doubles}
        body = {"kept": one["id"], "kept_version": 1, "merged": two["id"], "merged_version": 1}
        stale = await client.post("/api/customers/merge", json=body | {"merged_version": 7})
        assert (stale.status_code, stale.json()["code"]) == (409, "conflict")
        done = (await client.post("/api/customers/merge", json=body)).json()
        assert [e["address"] for e in done["customer"]["emails"]] == ["wang@x.cn"]
        gone = (await client.get(f"/api/customers/{two['id']}")).json()
        assert gone["merged_into"] == one["id"]
        [merge] = (await client.get(f"/api/customers/{one['id']}/merges")).json()["items"]
        undo = f"/api/customers/merges/{merge['id']}/undo"
        assert (await client.post(undo)).status_code == 200
        assert (await client.post(undo)).status_code == 409
    async with await place.signed_in("agent") as agent:
        assert (await agent.post("/api/customers/merge", json=body)).status_code == 403


async def test_an_own_field_is_defined_asked_for_and_kept(place: Place) -> None:
    field = {"code": "level", "name": "Level", "name_zh": "等级", "kind": "choice"}
    choices = [{"code": "gold", "name": "Gold", "name_zh": "金卡"}]
    body = {"field": field | {"choices": choices, "required": True}}
    async with await place.signed_in("administrator") as client:
        wrong = await client.put("/api/customer-fields/level", json={"field": field})
        assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid")
        made = await client.put("/api/customer-fields/level", json=body)
        assert (made.status_code, made.json()["version"]) == (200, 1)
        again = await client.put("/api/customer-fields/level", json=body)
        assert again.status_code == 409
    async with await place.signed_in("agent") as agent:
        [read] = (await agent.get("/api/customer-fields")).json()["items"]
        assert (read["code"], read["name_zh"], read["required"]) == ("level", "等级", True)
        refused = await agent.post("/api/customers", json={"name": "x"})
        assert refused.status_code == 422
        assert refused.json()["flaws"][0]["where"] == "custom.level"
        kept = await customer(agent, name="x", custom={"level": "金卡"})
        assert kept["custom"] == {"level": "gold"}
    async with await place.signed_in("administrator") as client:
        assert (await client.delete("/api/customer-fields/level")).status_code == 204
        assert (await client.delete("/api/customer-fields/level")).status_code == 404


async def test_a_file_goes_in_and_out(place: Place) -> None:
    content = "姓名,电话\n王文件,13899990001\n坏行,不是号码\n".encode()
    async with await place.signed_in("supervisor") as client:
        answer = await client.post("/api/imports?name=a.csv", content=content)
        taken = answer.json()
        assert [column["target"] for column in taken["columns"]] == ["name", "numbers"]
        start = f"/api/imports/{taken['id']}/start"
        unnamed = await client.post(start, json={"columns": ["", "numbers"]})
        assert (unnamed.status_code, unnamed.json()["where"]) == (409, "columns")
        body = {"columns": ["name", "numbers"], "dry_run": False}
        assert (await client.post(start, json=body)).json()["state"] == "waiting"
        while await place.crm.import_worker.work_once():
            pass
        done = (await client.get(f"/api/imports/{taken['id']}")).json()
        assert (done["state"], done["made"], done["failed"]) == ("finished", 1, 1)
        flaws = await client.get(f"/api/imports/{taken['id']}/flaws")
        assert "坏行" not in flaws.text
        assert "numbers.0" in flaws.text
        out = await client.get("/api/customers/export?form=csv&q=王文件")
        assert out.headers["content-disposition"] == 'attachment; filename="customers.csv"'
        assert "'+8613899990001" in out.text
        xlsx = await client.get("/api/customers/export?q=王文件")
        assert xlsx.content.startswith(b"PK")
        wrong = await client.post("/api/imports?name=a.xlsx", content=b"no excel")
        assert (wrong.status_code, wrong.json()["code"]) == (422, "file_wrong")
        large = await client.post("/api/imports?name=a.csv", content=b"x" * (10 * 1024 * 1024 + 1))
        assert (large.status_code, large.json()["code"]) == (422, "file_wrong")


@pytest.mark.parametrize(
    "query", ["kind=company", "owner=ada", "tag=%00x", "vip=true", "blocked=false"]
)
async def test_lists_are_narrowed(place: Place, query: str) -> None:
    async with await place.signed_in("agent") as client:
        answer = await client.get(f"/api/customers?{query}")
        assert answer.status_code == 200
        strange = await client.get("/api/customers?kind=ghost")
        assert strange.status_code == 422
