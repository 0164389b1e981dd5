"""Flows over HTTP: drafts that nobody overwrites, the gate before publishing, versions, trying."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import text as sql

from callcenter.flows.catalogue import PORT_RULES, node_kinds, untranslated
from ivr.flow import Node
from ivr.nodes import KINDS
from tests.web.place import Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]

TEXT = """\
id: main
name: Main menu
languages: [en]
fallback: support
start: menu
prompts:
  menu: {en: "For help, press 1."}
nodes:
  menu:
    kind: menu
    prompt: menu
    choices: {1: Help}
    ports: {1: help, timeout: help}
  help: {kind: queue, queue: support}
tests:
  - name: help
    steps: [{press: "1"}]
    expect: {queue: support}
"""


@pytest.fixture
async def client(place: Place) -> AsyncIterator[httpx.AsyncClient]:
    async with await place.signed_in("administrator") as client:
        await client.put("/api/queues/support", json={"name": "Support"})
        for listed in (await client.get("/api/flows")).json()["items"]:
            await place.directory.remove_flow(listed["name"], by="tests")
        await place.reload()
        yield client


async def draft_of(client: httpx.AsyncClient, name: str = "main") -> dict[str, Any]:
    read: dict[str, Any] = (await client.get(f"/api/flows/{name}")).json()
    return read


async def import_main(client: httpx.AsyncClient, text: str = TEXT) -> dict[str, Any]:
    """The flow's draft, of the same values as `text`."""
    made = await client.post("/api/flows/import", json={"text": text})
    assert made.status_code == 200, made.text
    return await draft_of(client)


async def publish(client: httpx.AsyncClient, name: str = "main", note: str = "") -> httpx.Response:
    revision = (await draft_of(client, name))["draft_revision"]
    body = {"revision": revision, "note": note}
    return await client.post(f"/api/flows/{name}/publish", json=body)


async def save(client: httpx.AsyncClient, flow: dict[str, Any], base: int) -> httpx.Response:
    body = {"flow": flow, "base_revision": base}
    return await client.put(f"/api/flows/{flow['id']}/draft", json=body)


async def test_a_flow_is_drawn_published_changed_compared_and_rolled_back(
    place: Place, client: httpx.AsyncClient
) -> None:
    read = await import_main(client)
    assert (read["title"], read["mistakes"], read["published_version"]) == ("Main menu", [], None)
    first = (await publish(client, note="the first")).json()
    assert first["version"] >= 1
    running = place.config.flows["main"]
    flow = read["draft"]
    flow["name"] = "新菜单"
    flow["nodes"]["help"]["priority"] = 2
    assert (await save(client, flow, read["draft_revision"])).status_code == 200
    assert (await draft_of(client))["changed"] is True
    await place.reload()
    assert place.config.flows["main"] == running  # a draft changes nothing that runs
    diff = (await client.get("/api/flows/main/diff", params={"from": "published"})).json()
    assert [(one["what"], one["where"], one["node"]) for one in diff["items"]] == [
        ("changed", "name", ""),
        ("added", "nodes/help/priority", "help"),
    ]
    second = (await publish(client, note="second")).json()["version"]
    assert second == first["version"] + 1
    assert place.config.flows["main"].name == "新菜单"
    back = {"version": first["version"], "note": "too soon"}
    assert (await client.post("/api/flows/main/rollback", json=back)).status_code == 200
    assert place.config.flows["main"].name == "Main menu"
    versions = (await client.get("/api/flows/main/versions")).json()["items"]
    assert [(one["version"], one["published"], one["note"]) for one in versions[:2]] == [
        (second, False, "second"),
        (first["version"], True, "the first"),
    ]
    assert versions[1]["kind"] == "rollback"
    assert versions[1]["used_note"] == back["note"]
    assert versions[1]["used_by"]
    assert versions[1]["by"].startswith("administrator")
    (listed,) = (await client.get("/api/flows")).json()["items"]
    assert (listed["published_version"], listed["newest_version"]) == (first["version"], second)
    version = await client.get(f"/api/flows/main/versions/{second}")
    assert version.json()["flow"]["nodes"]["help"]["priority"] == 2


async def test_two_people_draw_at_once_and_nothing_is_overwritten(
    place: Place, client: httpx.AsyncClient
) -> None:
    read = await import_main(client)
    base = read["draft_revision"]
    mine, theirs = read["draft"], (await draft_of(client))["draft"]
    theirs["nodes"]["help"]["priority"] = 5
    mine["nodes"]["menu"]["retries"] = 4
    async with await place.signed_in("administrator") as other:
        assert (await save(other, theirs, base)).status_code == 200
    refused = await save(client, mine, base)
    body = refused.json()
    assert (refused.status_code, body["code"]) == (409, "draft_changed")
    assert body["draft_revision"] == base + 1
    assert body["draft"]["nodes"]["help"]["priority"] == 5
    assert body["draft_by"].startswith("administrator")
    changed = {(one["what"], one["where"]) for one in body["changes"]}
    assert changed == {("removed", "nodes/help/priority"), ("added", "nodes/menu/retries")}
    assert [one["where"] for one in body["their_changes"]] == ["nodes/help/priority"]
    assert (await draft_of(client))["draft"] == theirs
    assert (await save(client, mine, base + 1)).json()["draft_revision"] == base + 2
    stale = await client.post("/api/flows/main/publish", json={"revision": base})
    assert (stale.status_code, stale.json()["code"]) == (409, "draft_changed")


async def test_a_flow_with_mistakes_is_kept_but_not_published(
    place: Place, client: httpx.AsyncClient
) -> None:
    read = await import_main(client)
    assert (await publish(client)).status_code == 200
    before = place.config.flows["main"]
    flow = read["draft"]
    del flow["nodes"]["menu"]["ports"]["1"]
    del flow["nodes"]["menu"]["prompt"]
    flow["nodes"]["help"]["queue"] = "gone"
    assert (await save(client, flow, read["draft_revision"])).status_code == 200
    refused = await publish(client)
    body = refused.json()
    assert (refused.status_code, body["code"]) == (422, "flow_has_mistakes")
    found = {(m["node"], m["port"], m["field"], m["code"]) for m in body["mistakes"]}
    assert found == {
        ("menu", "1", "", "open-port"),
        ("menu", "", "prompt", "needed"),
        ("help", "", "queue", "stranger"),
    }
    assert all(mistake["message"] and mistake["cure"] for mistake in body["mistakes"])
    assert (await draft_of(client))["mistakes"] == body["mistakes"]
    checked = (await client.post("/api/flows/check", json={"flow": flow})).json()
    assert (checked["ok"], len(checked["mistakes"])) == (False, 3)
    await place.reload()
    assert place.config.flows["main"] == before


async def test_a_failed_test_case_keeps_a_flow_from_being_published(
    client: httpx.AsyncClient,
) -> None:
    read = await import_main(client, TEXT.replace("expect: {queue", "expect: {voicemail"))
    refused = await publish(client)
    body = refused.json()
    assert (refused.status_code, body["code"]) == (422, "tests_failed")
    assert "ended in queue support" in body["tests"][0]["problems"][0]
    flow = read["draft"]
    flow["tests"][0]["expect"] = {"queue": "support"}
    run = await client.post("/api/flows/main/tests/run", json={"flow": flow})
    results = run.json()
    assert (results["passed"], results["ports"], results["covered"]) == (True, 2, 1)
    assert results["missed"] == [["menu", "timeout"]]


def milestone(place: Place) -> object:
    """What the flow that runs has of its sub-flow."""
    return place.config.flows["whole"].nodes["go.mark"].settings["name"]


async def test_sub_flows_are_put_in_as_they_were_when_published(
    place: Place, client: httpx.AsyncClient
) -> None:
    part = (
        "id: part\nname: Part\nlanguages: [en]\nstart: mark\n"
        "nodes:\n  mark: {kind: milestone, name: one, next: back}\n  back: {kind: return}\n"
    )
    whole = (
        "id: whole\nname: Whole\nlanguages: [en]\nstart: go\nnodes:\n"
        "  go: {kind: subflow, flow: part, next: help}\n  help: {kind: queue, queue: support}\n"
    )
    for name, text in (("part", part), ("whole", whole)):
        assert (await client.post("/api/flows/import", json={"text": text})).status_code == 200
        if name == "part":
            missing = (await client.post("/api/flows/import", json={"text": whole})).json()
            assert [one["code"] for one in missing["mistakes"]][:1] == ["sub-flow"]
            await place.directory.remove_flow("whole", by="tests")
        assert (await publish(client, name)).status_code == 200
    first = place.config.flows["part"].version
    assert milestone(place) == "one"
    read = await draft_of(client, "part")
    read["draft"]["nodes"]["mark"]["name"] = "two"
    await save(client, read["draft"], read["draft_revision"])
    assert (await publish(client, "part")).status_code == 200
    assert milestone(place) == "one"
    assert (await publish(client, "whole")).status_code == 200
    assert milestone(place) == "two"
    versions = (await client.get("/api/flows/whole/versions")).json()["items"]
    assert versions[0]["parts"] == {"part": first + 1}
    assert versions[1]["parts"] == {"part": first}
    assert [(use["what"], use["id"]) for use in (await draft_of(client, "part"))["used_by"]] == [
        ("flow", "whole")
    ]


async def test_a_flow_that_is_used_is_not_removed(place: Place, client: httpx.AsyncClient) -> None:
    await import_main(client)
    assert (await publish(client)).status_code == 200
    await place.directory.put_route("4321", "main", by="tests")
    await place.reload()
    refused = await client.delete("/api/flows/main")
    assert (refused.status_code, refused.json()["code"]) == (409, "in_use")
    assert "4321" in refused.json()["message"]
    await place.directory.remove_route("4321", by="tests")
    await place.reload()
    assert (await client.delete("/api/flows/main")).status_code == 204
    assert "main" not in place.config.flows
    assert (await client.get("/api/flows/main")).status_code == 404


async def test_new_flows_come_from_templates_copies_and_nothing(client: httpx.AsyncClient) -> None:
    made = await client.post("/api/flows", json={"name": "fresh", "title": "新流程"})
    assert made.status_code == 201
    assert (made.json()["mistakes"], made.json()["title"]) == ([], "新流程")
    assert (await publish(client, "fresh")).status_code == 200
    body = {"name": "second", "title": "Copy", "copy_of": "fresh"}
    assert (await client.post("/api/flows", json=body)).json()["draft"]["name"] == "Copy"
    office = {"name": "office2", "title": "Office", "template": "office"}
    draft = (await client.post("/api/flows", json=office)).json()["draft"]
    assert (draft["id"], draft["calendars"]["office"]["country"]) == ("office2", "CN")
    again = await client.post("/api/flows", json=office)
    assert (again.status_code, again.json()["where"]) == (409, "name")
    for wrong in ({"name": "nodes"}, {"name": "A b"}, {"template": "x"}, {"time_zone": "Mars"}):
        answer = await client.post("/api/flows", json={"name": "third", "title": "T"} | wrong)
        assert answer.status_code == 422


async def test_text_goes_out_and_comes_in_again(client: httpx.AsyncClient) -> None:
    read = await import_main(client)
    assert (await publish(client)).status_code == 200
    text = (await client.get("/api/flows/main/export")).json()["text"]
    taken = await client.post("/api/flows/import", json={"text": text})
    assert (taken.status_code, taken.json()["code"]) == (409, "taken")
    body = {"text": text, "base_revision": read["draft_revision"]}
    again = (await client.post("/api/flows/import", json=body)).json()
    assert again == {"name": "main", "draft_revision": read["draft_revision"], "created": False,
                     "mistakes": []}  # fmt: skip
    published = await client.get("/api/flows/main/export", params={"version": "published"})
    assert published.json()["filename"].startswith("main-v")
    other = {"text": published.json()["text"], "name": "other"}
    assert (await client.post("/api/flows/import", json=other)).json()["created"] is True


@pytest.mark.parametrize(
    "text",
    ["\t", "{", "[]", "a: b: c", "&a [*a]", "x" * 800_000, "id: [1",
     "!!python/object:os.system x", "a: &x [1,1]\nb: &y [*x,*x]\nc: [*y,*y]", "id: main\x00",
     "id: ../../etc\nnodes: {}", "name: no id", "id: a\nid: b\nx: &y z"],
)  # fmt: skip
async def test_broken_texts_are_told_as_mistakes_never_as_failures(
    client: httpx.AsyncClient, text: str
) -> None:
    refused = await client.post("/api/flows/import", json={"text": text})
    assert refused.status_code == 422
    assert refused.json()["message"]
    for mistake in refused.json().get("mistakes", []):
        assert mistake["message_zh"] != mistake["message"]


async def test_a_caller_is_tried_step_by_step(client: httpx.AsyncClient) -> None:
    read = await import_main(client)
    body: dict[str, Any] = {"flow": read["draft"], "caller": "+8613800138000", "steps": []}
    asked = (await client.post("/api/flows/try", json=body)).json()
    assert asked["waits_for"] == "press"
    (turn,) = asked["turns"]
    assert (turn["node"], turn["said"][0]["text"]) == ("menu", "For help, press 1.")
    body["steps"] = [{"kind": "press", "value": "9"}, {"kind": "press", "value": "1"}]
    through = (await client.post("/api/flows/try", json=body)).json()
    assert [(one["node"], one["port"]) for one in through["turns"]] == [
        ("menu", ""), ("menu", "1"), ("help", "")
    ]  # fmt: skip
    assert through["end"]["how"] == "queue"
    assert (through["end"]["target"], through["waits_for"]) == ("support", "queue")
    body["steps"] = [{"kind": "hangup"}]
    gone = (await client.post("/api/flows/try", json=body)).json()
    assert (gone["end"]["how"], gone["waits_for"]) == ("abandoned", "nothing")
    body["steps"] = [{"kind": "transfer", "value": "busy"}]
    assert (await client.post("/api/flows/try", json=body)).json()["unfit"] == 0
    del body["flow"]["nodes"]["help"]
    broken = (await client.post("/api/flows/try", json=body)).json()
    assert (broken["turns"], broken["mistakes"][0]["code"]) == ([], "lost-port")


async def test_the_catalogue_has_every_kind_with_words_in_both_languages(
    client: httpx.AsyncClient,
) -> None:
    assert list(untranslated()) == []
    catalogue = (await client.get("/api/flows/nodes")).json()
    assert [kind["name"] for kind in catalogue["kinds"]] == list(KINDS)
    menu = next(kind for kind in catalogue["kinds"] if kind["name"] == "menu")
    assert menu["title"] == {"en": "Menu", "zh": "菜单"}
    assert {"setting": "choices", "port": ""} in menu["more_ports"]
    names = (await client.get("/api/flows/names")).json()
    assert {"id": "support", "title": "Support"} in names["queues"]


def test_the_rules_of_ways_out_are_those_of_the_interpreter() -> None:
    """What the designer works out from the rules is what `ports_of` says."""
    tables: dict[str, dict[str, object]] = {
        "choices": {"1": "a", "5": "b"},
        "cases": {"x": "true"},
        "shares": {"p": 100},
        "exits": {"next": "", "no": ""},
    }
    for kind in node_kinds():
        settings: dict[str, object] = {"choices": {"1": "en"}} if kind.name == "language" else {}
        wanted = {port.name for port in kind.ports}
        for rule in PORT_RULES.get(kind.name, ()):
            settings[rule.setting] = tables.get(rule.setting, "0")
            wanted |= {rule.port} if rule.port else tables[rule.setting].keys()
        ports = KINDS[kind.name].ports_of(Node("n", kind.name, settings))
        assert {port.name for port in ports} == wanted, kind.name


async def test_ways_through_a_flow_are_counted_by_version_and_day(
    place: Place, client: httpx.AsyncClient
) -> None:
    await import_main(client, TEXT + "timezone: Asia/Shanghai\n")
    version = (await publish(client)).json()["version"]
    rows = [
        ("2026-11-23 15:00+00", "menu", "entered", "", 5, 4),
        ("2026-11-23 15:00+00", "menu", "left", "1", 3, 3),
        ("2026-11-23 15:00+00", "help", "ended", "queue", 3, 3),
        ("2026-11-23 15:00+00", "menu", "ended", "abandoned", 1, 1),
        ("2026-11-23 17:00+00", "menu", "entered", "", 1, 1),
        ("2026-11-23 17:00+00", "menu", "ended", "served", 1, 1),
    ]
    insert = sql(
        "insert into journey_counts (flow, version, hour, node, what, name, times, callers)"
        " values ('main', :version, cast(:hour as timestamptz), :node, :what, :name, :t, :c)"
    )
    async with place.engine.begin() as connection:
        for hour, node, what, name, times, callers in rows:
            values = {"hour": datetime.fromisoformat(hour), "node": node, "what": what}
            values |= {"name": name, "t": times, "c": callers, "version": version}
            await connection.execute(insert, values)
    asked = {"since": "2026-11-23T00:00:00Z", "until": "2026-11-24T00:00:00Z"}
    found = (await client.get("/api/flows/main/counters", params=asked)).json()
    assert (found["calls"], found["containment"]) == (5, 0.2)
    assert found["ends"] == {"queue": 3, "abandoned": 1, "served": 1}
    assert found["nodes"]["menu"] == {
        "entered": 6, "callers": 5, "dropped": 1, "left_by": {"1": 3}
    }  # fmt: skip
    # The second hour is the next day in Shanghai.
    assert [(day["day"], day["calls"], day["served"]) for day in found["days"]] == [
        ("2026-11-23", 4, 0),
        ("2026-11-24", 1, 1),
    ]
    other = {**asked, "version": version + 1}
    assert (await client.get("/api/flows/main/counters", params=other)).json()["calls"] == 0
    async with await place.signed_in("supervisor") as supervisor:
        assert (await supervisor.get("/api/flows/main/counters")).status_code == 200
