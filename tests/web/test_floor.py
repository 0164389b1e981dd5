"""Forced states, messages, alerts and wallboards over HTTP, inside the border of a team."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import text

from callcenter.bootstrap.alerting import Alerting
from callcenter.core.board import QueueRow
from callcenter.core.commands import ForceState
from callcenter.core.effects import Show
from tests.web.place import BY, Place
from tests.web.test_borders import SIDES, leader

pytestmark = [pytest.mark.web, pytest.mark.anyio]


@pytest.fixture
async def floor(place: Place) -> Place:
    for team, (agent, queue) in SIDES.items():
        await place.directory.put_agent(agent, {"name": agent.title(), "skills": {"en": 5}}, by=BY)
        await place.directory.put_queue(queue, {"name": queue.title()}, by=BY)
        await place.directory.put_members(queue, [agent], by=BY)
        values = {"name": team.title(), "agents": [agent], "queues": [queue]}
        await place.directory.put_team(team, values, by=BY)
    async with place.engine.begin() as connection:
        for table in ("desk_messages", "alert_events", "alert_rules", "walls", "letters"):
            await connection.execute(text(f"delete from {table}"))
    await place.reload()
    return place


async def audited(place: Place, action: str) -> list[tuple[str, dict[str, object]]]:
    async with place.engine.begin() as connection:
        rows = await connection.execute(
            text("select subject, detail from audit where action = :a order by id"), {"a": action}
        )
        return [(row.subject, row.detail) for row in rows]


async def agents_desk(place: Place, agent: str) -> httpx.AsyncClient:
    account = next((a for a in await place.accounts.accounts() if a.agent == agent), None)
    return await place.client(account or await place.user("agent", agent))


async def test_a_forced_state_goes_to_the_centre_is_audited_and_told_to_the_agent(
    floor: Place,
) -> None:
    body = {"state": "paused", "reason": "lunch", "why": "The queue is empty. 先休息。"}
    async with await leader(floor, "blue") as blue, await agents_desk(floor, "ada") as ada:
        answer = await blue.post("/api/agents/ada/state", json=body)
        assert answer.status_code == 204, answer.text
        assert floor.commands[-1][1] == ForceState("ada", "paused", "lunch")
        (message,) = (await ada.get("/api/desk")).json()["items"]
        assert (message["kind"], message["body"], message["by_name"]) == (
            "state", body["why"], "Leader"
        )  # fmt: skip
        assert message["detail"] == {"state": "paused", "reason": "lunch"}
        assert ("ada", {"text": body["why"], "state": "paused", "reason": "lunch"}) in (
            await audited(floor, "agent.state")
        )
        floor.refusal = "unknown-reason"
        answer = await blue.post("/api/agents/ada/state", json=body)
        assert (answer.status_code, answer.json()["code"]) == (409, "unknown-reason")
        foreign = await blue.post("/api/agents/ben/state", json=body)
        assert (foreign.status_code, foreign.json()["code"]) == (403, "outside_team")
        short = await blue.post("/api/agents/ada/state", json=body | {"why": " "})
        assert (short.status_code, short.json()["where"]) == (422, "body.why")


async def test_skills_and_queues_are_changed_on_the_spot_inside_the_border(floor: Place) -> None:
    async with await leader(floor, "blue") as blue:
        body = {"skills": {"en": 7, "zh": 3}, "queues": [], "why": "helps elsewhere"}
        assert (await blue.put("/api/agents/ada/work", json=body)).status_code == 204
        agent = floor.config.agents["ada"]
        assert (dict(agent.skills), dict(agent.queues)) == ({"en": 7, "zh": 3}, {})
        back = await blue.put("/api/agents/ada/work", json=body | {"queues": ["sales"]})
        assert back.status_code == 204
        assert "sales" in floor.config.agents["ada"].queues
        foreign = body | {"queues": ["sales", "support"]}
        refused = await blue.put("/api/agents/ada/work", json=foreign)
        assert (refused.status_code, refused.json()["code"]) == (403, "outside_team")
        odd = await blue.put("/api/agents/ada/work", json=body | {"skills": {"Bad Skill": 1}})
        assert (odd.status_code, odd.json()["where"]) == (422, "skills")


async def test_a_message_to_a_team_stands_until_it_is_read(floor: Place) -> None:
    async with await leader(floor, "blue") as blue, await agents_desk(floor, "ada") as ada:
        sent = await blue.post("/api/desk-messages", json={"team": "blue", "text": "下班前开会"})
        assert [one["agent"] for one in sent.json()["items"]] == ["ada"]
        (message,) = (await ada.get("/api/desk")).json()["items"]
        async with await agents_desk(floor, "ben") as ben:
            assert (await ben.get("/api/desk")).json()["items"] == []
            await ben.post(f"/api/desk/{message['id']}/read")
        assert len((await ada.get("/api/desk")).json()["items"]) == 1
        assert (await ada.post(f"/api/desk/{message['id']}/read")).status_code == 204
        assert (await ada.get("/api/desk")).json()["items"] == []
        (seen,) = (await blue.get("/api/desk-messages")).json()["items"]
        assert seen["read"] is not None
        for wrong in ({"team": "red"}, {"agents": ["ben"]}):
            answer = await blue.post("/api/desk-messages", json=wrong | {"text": "x"})
            assert answer.status_code == 403
        nobody = await blue.post("/api/desk-messages", json={"text": "x"})
        assert (nobody.status_code, nobody.json()["where"]) == (422, "agents")
    async with await leader(floor, "red") as red:
        assert (await red.get("/api/desk-messages")).json()["items"] == []


RULE = {
    "name": "Too many wait",
    "metric": "waiting",
    "operator": "over",
    "value": 2,
    "seconds": 0,
    "scope": "queue",
    "subject": "sales",
    "mail": ["boss@example.com"],
}


async def test_an_alert_is_raised_told_once_acknowledged_and_over(floor: Place) -> None:
    watcher = Alerting(floor.alerts, floor.hub, lambda: floor.config, floor.clock)
    async with await leader(floor, "blue") as blue, await leader(floor, "red") as red:
        made = (await blue.post("/api/alert-rules", json=RULE)).json()
        assert (await red.get("/api/alert-rules")).json()["items"] == []
        assert (await red.delete(f"/api/alert-rules/{made['id']}")).status_code == 404
        await watcher.look()
        assert (await blue.get("/api/alerts?open=true")).json()["items"] == []
        floor.hub.perform(Show("queues", "sales", QueueRow("sales", "Sales", waiting=3)))
        await watcher.look()
        await watcher.look()
        after_a_restart = Alerting(floor.alerts, floor.hub, lambda: floor.config, floor.clock)
        await after_a_restart.look()
        (alert,) = (await blue.get("/api/alerts?open=true")).json()["items"]
        assert (alert["name"], alert["found"], alert["ended"]) == ("Too many wait", 3, None)
        assert (await red.get("/api/alerts")).json()["items"] == []
        assert (await red.post(f"/api/alerts/{alert['id']}/acknowledge")).status_code == 404
        assert (await blue.post(f"/api/alerts/{alert['id']}/acknowledge")).status_code == 204
        floor.hub.perform(Show("queues", "sales", QueueRow("sales", "Sales", waiting=1)))
        await after_a_restart.look()
        (alert,) = (await blue.get("/api/alerts")).json()["items"]
        assert alert["ended"] is not None
        assert alert["acknowledged_name"] == "Leader"
        assert (await blue.get("/api/alerts?open=true")).json()["items"] == []
    async with floor.engine.begin() as connection:
        letters = (await connection.execute(text("select recipient, subject from letters"))).all()
    assert letters == [("boss@example.com", "Alert: Too many wait")]


async def test_an_alert_is_given_to_who_sees_it_taken_and_taken_back(floor: Place) -> None:
    watcher = Alerting(floor.alerts, floor.hub, lambda: floor.config, floor.clock)
    async with await leader(floor, "blue") as blue, await leader(floor, "red") as red:
        await blue.post("/api/alert-rules", json=RULE)
        floor.hub.perform(Show("queues", "sales", QueueRow("sales", "Sales", waiting=3)))
        await watcher.look()
        (alert,) = (await blue.get("/api/alerts?open=true")).json()["items"]
        path = f"/api/alerts/{alert['id']}"
        admin = await floor.user("administrator")
        takers = (await blue.get(f"{path}/takers")).json()["items"]
        names = {one["id"]: one["name"] for one in takers}
        stranger = next(a for a in await floor.accounts.accounts() if a.id not in names)
        assert admin.id in names
        assert (await red.get(f"{path}/takers")).status_code == 404
        assert (await red.post(f"{path}/give", json={"user": admin.id})).status_code == 404
        wrong = await blue.post(f"{path}/give", json={"user": stranger.id})
        assert (wrong.status_code, wrong.json()["where"]) == (422, "user")
        given = await blue.post(f"{path}/give", json={"user": admin.id})
        assert given.json() == {"user": None, "name": ""}
        (alert,) = (await blue.get("/api/alerts?open=true")).json()["items"]
        assert (alert["given_to"], alert["given_name"]) == (admin.id, admin.name)
        assert (alert["given_by_name"], alert["acknowledged_name"]) == ("Leader", "Leader")
        assert alert["taken"] is None
        floor.hub.perform(Show("queues", "sales", QueueRow("sales", "Sales", waiting=0)))
        await watcher.look()  # over, and still nobody has said that it was looked after
        async with await floor.client(admin) as taker:
            (alert,) = (await taker.get("/api/alerts?open=true")).json()["items"]
            assert (await taker.post(f"{path}/acknowledge")).status_code == 204
        assert (await blue.get("/api/alerts?open=true")).json()["items"] == []
        (alert,) = (await blue.get("/api/alerts")).json()["items"]
        assert alert["taken"] is not None
        back = await blue.post(f"{path}/give", json={"user": None})
        assert back.json() == {"user": admin.id, "name": admin.name}
        (alert,) = (await blue.get("/api/alerts")).json()["items"]
        assert (alert["given_to"], alert["given"], alert["taken"]) == (None, None, None)
    assert [detail for _, detail in await audited(floor, "alert.give")] == [
        {"to": admin.name, "before": None},
        {"to": None, "before": admin.name},
    ]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"subject": "nowhere"}, "subject"),
        ({"mail": ["nobody"]}, "mail.0"),
        ({"value": -1}, "body.value"),
        ({"metric": "mood"}, "body.metric"),
    ],
)
async def test_a_rule_that_makes_no_sense_is_refused_with_its_field(
    floor: Place, change: dict[str, object], where: str
) -> None:
    async with await leader(floor, "blue") as blue:
        answer = await blue.post("/api/alert-rules", json=RULE | change)
        assert (answer.status_code, answer.json()["where"]) == (422, where)
        house = RULE | {"scope": "house", "subject": ""}
        assert (await blue.post("/api/alert-rules", json=house)).status_code == 403


WALL = {
    "name": "大屏",
    "team": "blue",
    "language": "zh",
    "layout": {
        "pages": [{"tiles": [{"id": "a", "kind": "figure", "x": 0, "y": 0, "w": 4, "h": 3}]}]
    },
}


async def test_a_wall_is_shown_by_its_token_until_it_is_revoked(floor: Place) -> None:
    async with await leader(floor, "blue") as blue, await floor.client() as screen:
        wall = (await blue.post("/api/walls", json=WALL)).json()
        made = (await blue.post(f"/api/walls/{wall['id']}/screens", json={"name": "Hall"})).json()
        shown = await screen.get("/api/public/wall", params={"token": made["token"]})
        assert shown.json()["team_name"] == "Blue"
        assert shown.json()["layout"]["pages"][0]["tiles"][0]["w"] == 4
        (kept,) = (await blue.get("/api/walls")).json()["items"]
        assert [one["name"] for one in kept["screens"]] == ["Hall"]
        assert made["token"] not in str(kept)
        async with await leader(floor, "red") as red:
            assert (await red.get("/api/walls")).json()["items"] == []
            assert (await red.delete(f"/api/walls/{wall['id']}")).status_code == 404
        for foreign in ({"team": "red"}, {"team": ""}):
            assert (await blue.post("/api/walls", json=WALL | foreign)).status_code == 403
        passed = await blue.put(f"/api/walls/{wall['id']}", json=WALL | {"version": 9})
        assert passed.status_code == 409
        # Removed by mistake: it comes back with its screens, but not for another team.
        assert (await blue.post(f"/api/walls/{wall['id']}/restore")).status_code == 404
        assert (await blue.delete(f"/api/walls/{wall['id']}")).status_code == 204
        dark = await screen.get("/api/public/wall", params={"token": made["token"]})
        assert (dark.status_code, dark.json()["code"]) == (404, "wall_gone")
        assert (await blue.get("/api/walls")).json()["items"] == []
        assert (await blue.put(f"/api/walls/{wall['id']}", json=WALL)).status_code == 404
        assert (await blue.delete(f"/api/walls/{wall['id']}")).status_code == 404
        async with await leader(floor, "red") as red:
            assert (await red.post(f"/api/walls/{wall['id']}/restore")).status_code == 404
        back = await blue.post(f"/api/walls/{wall['id']}/restore")
        assert [one["name"] for one in back.json()["screens"]] == ["Hall"]
        shown = await screen.get("/api/public/wall", params={"token": made["token"]})
        assert shown.json()["team_name"] == "Blue"
        assert [subject for subject, _ in await audited(floor, "wall.restore")] == [wall["id"]]
        gone = await blue.delete(f"/api/walls/{wall['id']}/screens/{made['id']}")
        assert gone.status_code == 204
        shown = await screen.get("/api/public/wall", params={"token": made["token"]})
        assert (shown.status_code, shown.json()["code"]) == (404, "wall_gone")
