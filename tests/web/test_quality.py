"""Quality over HTTP: forms, evaluations from draft to answered dispute, samples, calibrations, the
report; each inside the border of the teams."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from callcenter.quality.forms import Form
from callcenter.quality.scoring import score
from callcenter.store.accounts import Account
from callcenter.store.tables import Recording
from callcenter.store.times import to_datetime
from tests.web.place import BY, Place

pytestmark = [pytest.mark.web, pytest.mark.anyio, pytest.mark.timeout(120)]

FORM: dict[str, Any] = {
    "code": "service",
    "name": "Service",
    "name_zh": "服务",
    "pass_mark": 70,
    "sections": [
        {
            "code": "opening",
            "name": "Opening",
            "weight": 25,
            "questions": [
                {"code": "greets", "text": "Greets by name"},
                {"code": "identifies", "text": "Identifies the caller", "may_skip": True},
            ],
        },
        {
            "code": "solving",
            "name": "Solving",
            "weight": 75,
            "questions": [
                {"code": "listens", "text": "Listens", "kind": "scale", "steps": 5},
                {"code": "data", "text": "Keeps data safe", "fails_all": True},
            ],
        },
    ],
}
GOOD = {"greets": 1, "identifies": None, "listens": 4, "data": 1}  # 25 + 75 x 7/8
GOOD_SCORE = 90.62


@pytest.fixture
async def house(place: Place) -> Place:
    """Ada of the blue team and Ben of the red one, each heard in recordings of this week."""
    async with place.engine.begin() as connection:
        for table in ("evaluations", "calibrations", "samples", "sampling_plans", "recordings"):
            await connection.execute(text(f"delete from {table}"))
        await connection.execute(text("update users set agent_id = null"))
    for team, agent in (("blue", "ada"), ("red", "ben")):
        await place.directory.put_agent(agent, {"name": agent.title()}, by=BY)
        values = {"name": team.title(), "agents": [agent]}
        await place.directory.put_team(team, values, by=BY)
    await place.reload()
    return place


async def talks(place: Place, agent: str, many: int, **values: object) -> list[str]:
    began = time.time() - 600
    rows = [
        {
            "id": f"{agent}-{n}.1",
            "revision": 1,
            "call": f"{agent}-{n}",
            "part": 1,
            "agents": [agent],
            "queue": "support",
            "number": "+8613800138000",
            "reason": "always",
            "wanted": True,
            "state": "stored",
            "seconds": 60.0 + n,
            "began_at": to_datetime(began + n),
            "ended_at": to_datetime(began + n + 60),
            **values,
        }
        for n in range(many)
    ]
    async with place.engine.begin() as connection:
        await connection.execute(insert(Recording), rows)
    return [str(row["id"]) for row in rows]


async def leader(place: Place, team: str) -> tuple[Account, httpx.AsyncClient]:
    """Of this team alone."""
    place.house = team
    account = await place.user("supervisor")
    place.house = ""
    values = {"leaders": place.leaders[team][-50:], "name": team.title(), "everything": False}
    await place.directory.put_team(team, values, by=BY)
    await place.reload()
    return account, await place.client(account)


async def published(place: Place, shape: dict[str, Any] = FORM) -> int:
    """The form in use; its version."""
    address = f"/api/evaluation-forms/{shape['code']}"
    async with await place.signed_in("administrator") as boss:
        found = (await boss.get("/api/evaluation-forms")).json()["items"]
        revision = next((f["revision"] for f in found if f["form"]["code"] == shape["code"]), 0)
        saved = await boss.put(address, json={"form": shape, "revision": revision})
        assert saved.status_code == 200, saved.text
        body = {"revision": saved.json()["revision"], "note": "as agreed"}
        return int((await boss.post(f"{address}/publish", json=body)).json()["published"])


async def begun(client: httpx.AsyncClient, recording: str, agent: str = "ada") -> str:
    body = {"recording": recording, "agent": agent, "form": "service"}
    answer = await client.post("/api/evaluations", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def handed_in(
    client: httpx.AsyncClient, evaluation: str, answers: dict[str, int | None]
) -> None:
    address = f"/api/evaluations/{evaluation}"
    now = (await client.get(address)).json()["revision"]
    kept = await client.put(address, json={"answers": answers, "revision": now})
    assert kept.status_code == 200, kept.text
    done = await client.post(f"{address}/hand-in", json=kept.json())
    assert done.status_code == 204, done.text


async def test_a_published_version_never_changes_and_evaluations_stay_with_theirs(
    house: Place,
) -> None:
    first = await published(house)
    [talk] = await talks(house, "ada", 1)
    _, blue = await leader(house, "blue")
    old = await begun(blue, talk)
    stricter = FORM | {"pass_mark": 95}
    assert await published(house, stricter) == first + 1
    await handed_in(blue, old, GOOD)
    new = await begun(blue, talk)
    await handed_in(blue, new, GOOD)
    found = [(await blue.get(f"/api/evaluations/{id}")).json() for id in (old, new)]
    assert [one["number"] for one in found] == [first, first + 1]
    assert [one["passed"] for one in found] == [True, False]
    for one in found:
        again = score(Form.model_validate(one["shape"]), one["answers"])
        assert (one["score"], one["sections"]) == (GOOD_SCORE, dict(again.sections))
        assert again.total == GOOD_SCORE
    for statement in (
        "update evaluation_form_versions set note = 'x'",
        "delete from evaluation_form_versions",
    ):
        with pytest.raises(DBAPIError, match="never changed"):
            async with house.engine.begin() as connection:
                await connection.execute(text(statement))
    async with await house.signed_in("administrator") as boss:
        versions = (await boss.get("/api/evaluation-forms/service/versions")).json()["items"]
        assert versions[0]["number"] == first + 1
        body = {"revision": 999, "number": first}
        address = "/api/evaluation-forms/service"
        assert (await boss.post(f"{address}/restore", json=body)).status_code == 409
        forms = (await boss.get("/api/evaluation-forms")).json()["items"]
        body["revision"] = next(f["revision"] for f in forms if f["form"]["code"] == "service")
        restored = (await boss.post(f"{address}/restore", json=body)).json()
        assert (restored["form"]["pass_mark"], restored["draft_ahead"]) == (70, True)
        wrong = FORM | {"code": "twice", "sections": FORM["sections"][:1] * 2}
        saved = (await boss.put("/api/evaluation-forms/twice", json={"form": wrong})).json()
        assert saved["flaws"]
        assert "出现了 2 次" in saved["flaws_zh"][0]
        refused = await boss.post("/api/evaluation-forms/twice/publish", json={"revision": 1})
        assert (refused.status_code, refused.json()["where"]) == (422, "sections")


async def test_from_a_draft_to_the_answer_to_a_dispute(house: Place) -> None:
    await published(house)
    first, second = await talks(house, "ada", 2)
    judge, blue = await leader(house, "blue")
    other, colleague = await leader(house, "blue")
    ada = await house.client(await house.user("agent", "ada"))
    one = await begun(blue, first)
    assert await begun(blue, first) == one  # the same draft
    address = f"/api/evaluations/{one}"
    remarks = {"listens": "interrupted at 0:31 打断"}
    body = {"answers": {"greets": 1}, "remarks": remarks, "comment": "so far", "revision": 1}
    assert (await blue.put(address, json=body)).json() == {"revision": 2}
    assert (await blue.put(address, json=body)).status_code == 409
    unknown = await blue.put(address, json=body | {"answers": {"other": 1}, "revision": 2})
    assert (unknown.status_code, unknown.json()["where"]) == (422, "answers.other")
    early = await blue.post(f"{address}/hand-in", json={"revision": 2})
    assert early.status_code == 422
    assert {flaw["where"] for flaw in early.json()["flaws"]} == {
        f"answers.{code}" for code in ("identifies", "listens", "data")
    }
    # A draft is nobody's but its author's.
    for stranger in (ada, colleague):
        assert (await stranger.get(address)).status_code == 404
    assert (await colleague.put(address, json=body | {"revision": 2})).status_code == 404
    bad = {"greets": 0, "identifies": None, "listens": 1, "data": 0}
    await handed_in(blue, one, bad)
    seen = (await ada.get(address)).json()
    assert (seen["state"], seen["score"], seen["failed"]) == ("submitted", 0.0, ["data"])
    assert seen["remarks"] == {}
    assert (await blue.delete(address)).status_code == 409

    assert (await ada.post(f"{address}/dispute", json={"why": "x"})).status_code == 422
    said = {"why": "The data was the caller's own 是客户自己的"}
    assert (await ada.post(f"{address}/dispute", json=said)).status_code == 204
    assert (await ada.post(f"{address}/acknowledge")).status_code == 409
    [waiting] = (await colleague.get("/api/evaluations?state=disputed")).json()["items"]
    assert (waiting["id"], waiting["evaluator_name"]) == (one, judge.name)
    answer = {"text": "You are right.", "written": {"answers": GOOD}}
    assert (await colleague.post(f"{address}/answer", json=answer)).status_code == 204
    seen = (await ada.get(address)).json()
    assert (seen["state"], seen["first_score"], seen["score"]) == ("answered", 0.0, GOOD_SCORE)
    assert (seen["answered_name"], seen["dispute"]) == (other.name, said["why"])
    assert (await ada.post(f"{address}/acknowledge")).status_code == 204

    two = await begun(blue, second)
    assert (await blue.delete(f"/api/evaluations/{two}")).status_code == 204
    assert [one["id"] for one in (await ada.get("/api/evaluations")).json()["items"]] == [one]
    async with house.engine.begin() as connection:
        query = text("select action from audit where subject = :id order by id")
        actions = [row[0] for row in await connection.execute(query, {"id": one})]
    steps = ("hand-in", "dispute", "answer", "acknowledge")
    assert actions == [f"evaluation.{step}" for step in steps]


async def test_the_border_goes_by_the_agent_and_nobody_evaluates_himself(house: Place) -> None:
    await published(house)
    [talk] = await talks(house, "ada", 1)
    _, blue = await leader(house, "blue")
    _, red = await leader(house, "red")
    one = await begun(blue, talk)
    await handed_in(blue, one, GOOD)
    body = {"recording": talk, "agent": "ada", "form": "service"}
    assert (await red.post("/api/evaluations", json=body)).status_code == 404
    assert (await red.get(f"/api/evaluations/{one}")).status_code == 404
    assert (await red.get("/api/evaluations?agent=ada")).json()["items"] == []
    assert (await red.post(f"/api/evaluations/{one}/answer", json={"text": "no"})).status_code in {
        404,
        422,
    }
    ben = await house.client(await house.user("agent", "ben"))
    assert (await ben.get(f"/api/evaluations/{one}")).status_code == 404
    assert (await ben.post(f"/api/evaluations/{one}/acknowledge")).status_code == 404
    agent = await house.agent()
    [own] = await talks(house, agent, 1)
    async with await house.client(await house.user("administrator", agent)) as oneself:
        refused = await oneself.post(
            "/api/evaluations", json=body | {"recording": own, "agent": agent}
        )
        assert (refused.status_code, refused.json()["code"]) == (403, "evaluating_oneself")
    elsewhere = await blue.post("/api/evaluations", json=body | {"agent": "ben"})
    assert elsewhere.status_code == 404
    unknown = await blue.post("/api/evaluations", json=body | {"form": "other"})
    assert (unknown.status_code, unknown.json()["where"]) == (422, "form")


PLAN = {"name": "Weekly", "form": "service", "team": "blue", "per_agent": 2}


async def test_a_plan_draws_so_many_of_each_agent_and_week_and_no_more(house: Place) -> None:
    await published(house)
    blues = await talks(house, "ada", 8)
    await talks(house, "ben", 3)
    _, blue = await leader(house, "blue")
    _, red = await leader(house, "red")
    assert (await red.post("/api/sampling-plans", json=PLAN)).status_code == 403
    assert (await blue.post("/api/sampling-plans", json=PLAN | {"team": ""})).status_code == 403
    wrong = await blue.post("/api/sampling-plans", json=PLAN | {"seconds_min": 9, "seconds_max": 3})
    assert (wrong.status_code, wrong.json()["where"]) == (422, "seconds_max")
    long = PLAN | {"seconds_min": 64}
    plan = (await blue.post("/api/sampling-plans", json=long)).json()
    address = f"/api/sampling-plans/{plan['id']}"
    assert (await blue.post(f"{address}/draw")).json() == {"added": 2}
    assert (await blue.post(f"{address}/draw")).json() == {"added": 0}
    assert await house.quality.plans.draw_all(house.clock.now()) == 0
    todo = (await blue.get("/api/samples")).json()["items"]
    assert {one["recording"] for one in todo} <= set(blues[4:])
    monday = date.fromisoformat(todo[0]["week"])
    assert (monday.weekday(), todo[0]["agent"]) == (0, "ada")
    assert (await red.get("/api/samples")).json()["items"] == []

    skipped, done = todo
    skip = f"/api/samples/{skipped['id']}/skipped"
    assert (await red.put(skip, json={"skipped": True})).status_code == 404
    why = {"skipped": True, "why": "nothing was said"}
    assert (await blue.put(skip, json=why)).status_code == 204
    [left] = (await blue.get("/api/samples?skipped=true")).json()["items"]
    assert left["why"] == "nothing was said"
    assert (await blue.put(skip, json={"skipped": False})).status_code == 204
    await handed_in(blue, await begun(blue, done["recording"]), GOOD)
    assert [one["id"] for one in (await blue.get("/api/samples")).json()["items"]] == [
        skipped["id"]
    ]
    assert (await blue.post(f"{address}/draw")).json() == {"added": 0}
    assert (await red.put(address, json=PLAN)).status_code == 403
    more = (await blue.put(address, json=long | {"per_agent": 3, "version": 1})).json()
    assert (more["per_agent"], more["version"]) == (3, 2)
    assert (await blue.put(address, json=long | {"version": 1})).status_code == 409
    assert (await blue.post(f"{address}/draw")).json() == {"added": 1}
    assert (await red.delete(address)).status_code == 403
    assert (await blue.delete(address)).status_code == 204
    assert (await blue.get("/api/samples")).json()["items"] == []


async def test_judges_are_blind_until_all_are_in(house: Place) -> None:
    await published(house)
    [talk] = await talks(house, "ada", 1)
    first, one = await leader(house, "blue")
    second, two = await leader(house, "blue")
    stranger, red = await leader(house, "red")
    body = {"title": "June 六月", "recording": talk, "agent": "ada", "form": "service"}
    refused = await one.post("/api/calibrations", json=body | {"judges": [first.id, stranger.id]})
    assert (refused.status_code, refused.json()["where"]) == (422, "judges.1")
    alone = await one.post("/api/calibrations", json=body | {"judges": [first.id]})
    assert alone.status_code == 422
    made = await one.post("/api/calibrations", json=body | {"judges": [first.id, second.id]})
    address = f"/api/calibrations/{made.json()['id']}"
    assert (await red.get(address)).status_code == 404

    async def judge(client: httpx.AsyncClient, answers: dict[str, int | None]) -> str:
        id = str((await client.post(f"{address}/evaluation")).json()["id"])
        await handed_in(client, id, answers)
        return id

    mine = await judge(one, GOOD)
    seen = (await two.get(address)).json()
    assert (seen["closed"], seen["evaluations"], seen["spread"]) == (None, [], None)
    assert [judge["handed_in"] for judge in seen["judges"]] == [
        judge["id"] == first.id for judge in seen["judges"]
    ]
    assert (await two.get(f"/api/evaluations/{mine}")).status_code == 404
    assert len((await one.get(address)).json()["evaluations"]) == 1
    await judge(two, GOOD | {"listens": 2, "identifies": 1})
    found = (await two.get(address)).json()
    assert found["closed"] is not None
    scores = sorted(one["score"] for one in found["evaluations"])
    assert scores == [71.88, GOOD_SCORE]
    assert (found["spread"]["lowest"], found["spread"]["highest"]) == tuple(scores)
    agreements = {"greets": 1.0, "identifies": 0.5, "listens": 0.5, "data": 1.0}
    assert found["agreements"] == agreements
    # It is between the judges: not for the agent, not in the list, not in the report.
    async with await house.client(await house.user("agent", "ada")) as ada:
        assert (await ada.get("/api/evaluations")).json()["items"] == []
        assert (await ada.get(f"/api/evaluations/{mine}")).status_code == 404
    assert (await report(one))["cards"]["evaluations"] == 0
    assert (await one.post(f"{address}/evaluation")).status_code == 409


async def report(client: httpx.AsyncClient, **more: str) -> dict[str, Any]:
    today = datetime.now(UTC).date()
    days = {"first": str(today - timedelta(days=2)), "last": str(today + timedelta(days=1))}
    answer = await client.get("/api/reports/quality", params=days | {"zone": "UTC"} | more)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_the_report_is_what_the_evaluations_are(house: Place) -> None:
    await published(house)
    _, blue = await leader(house, "blue")
    _, red = await leader(house, "red")
    given: list[dict[str, int | None]] = [
        GOOD,
        {"greets": 0, "identifies": 0, "listens": 2, "data": 1},
        {"greets": 1, "identifies": 1, "listens": 5, "data": 0},
    ]
    for recording, answers in zip(await talks(house, "ada", 3), given, strict=True):
        await handed_in(blue, await begun(blue, recording), answers)
    [talk] = await talks(house, "ben", 1)
    await handed_in(red, await begun(red, talk, "ben"), GOOD)
    shape = Form.model_validate(FORM)
    scores = [score(shape, answers) for answers in given]
    found = await report(blue)
    tables = {table["name"]: table for table in found["tables"]}
    mean = sum(one.total or 0 for one in scores) / 3
    expected = [3, pytest.approx(mean), 1 / 3, 1 / 3, 0]
    [line] = tables["agents"]["rows"]
    assert (line["keys"], line["values"]) == (["ada"], pytest.approx(expected))
    assert tables["agents"]["totals"] == pytest.approx(expected)
    assert tables["forms"]["rows"][0]["keys"] == ["service"]
    by_section = {row["keys"][1]: row["values"][1] for row in tables["sections"]["rows"]}
    assert by_section == {
        code: pytest.approx(sum(one.sections[code] or 0 for one in scores) / 3)
        for code in ("opening", "solving")
    }
    assert sum(row["values"][0] for row in tables["intervals"]["rows"]) == 3
    async with await house.signed_in("administrator") as boss:
        assert (await report(boss))["cards"]["evaluations"] == 4
        assert (await report(boss, agents="ben"))["cards"]["evaluations"] == 1
