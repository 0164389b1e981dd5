"""The shift plan over HTTP: written, copied, imported, taken back, inside each team's border."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import text

from tests.web.place import BY, Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]

EARLY = {"begins": "08:00", "ends": "16:00", "breaks": [{"begins": "12:00", "ends": "12:30"}]}
LATE = {"begins": "14:00", "ends": "22:00", "breaks": []}
NIGHT = {"begins": "22:00", "ends": "06:00", "breaks": []}
WEEK = {"first": "2026-11-30", "last": "2026-12-06"}
NEXT = {"first": "2026-12-07", "last": "2026-12-13"}


def day(agent: str, day: str, *shifts: object, version: int | None = 0) -> dict[str, object]:
    return {"agent": agent, "day": day, "shifts": list(shifts), "version": version}


async def written(client: httpx.AsyncClient, *days: object) -> str:
    answer = await client.put("/api/shifts", json={"days": days})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


async def plan(
    client: httpx.AsyncClient, agent: str, week: dict[str, str]
) -> dict[str, list[object]]:
    told = (await client.get("/api/shifts", params=week)).json()
    return {one["day"]: one["shifts"] for one in told["days"] if one["agent"] == agent}


async def test_a_week_is_written_copied_and_taken_back(place: Place) -> None:
    agent = await place.agent()
    async with await place.signed_in("supervisor") as boss:
        first = await written(boss, day(agent, "2026-11-30", EARLY), day(agent, "2026-12-01", LATE))
        told = (await boss.get("/api/shifts", params=WEEK)).json()
        (monday, _) = [one for one in told["days"] if one["agent"] == agent]
        assert (monday["shifts"], monday["version"], monday["minutes"]) == ([EARLY], 1, 450)
        assert agent in [one["id"] for one in told["agents"]]

        late = await boss.put("/api/shifts", json={"days": [day(agent, "2026-11-30", LATE)]})
        assert (late.status_code, late.json()["code"]) == (409, "conflict")
        ask = {"source": "2026-11-30", "target": "2026-12-07", "agents": [agent]}
        copied = (await boss.post("/api/shifts/copy", json=ask)).json()
        assert (copied["kind"], copied["days"]) == ("copied", 7)
        assert await plan(boss, agent, NEXT) == {
            "2026-12-07": [EARLY], "2026-12-08": [LATE],
            **{f"2026-12-{number:02}": [] for number in range(9, 14)},
        }  # fmt: skip
        undone = await boss.post(f"/api/shift-changes/{copied['id']}/undo")
        assert undone.json()["kind"] == "undone"
        assert not any((await plan(boss, agent, NEXT)).values())
        again = await boss.post(f"/api/shift-changes/{undone.json()['id']}/undo")
        assert again.status_code == 200  # what was taken back comes back
        assert (await plan(boss, agent, NEXT))["2026-12-07"] == [EARLY]
        assert (await boss.post(f"/api/shift-changes/{copied['id']}/undo")).status_code == 404

        await written(boss, day(agent, "2026-11-30", LATE, version=1))
        passed = await boss.post(f"/api/shift-changes/{first}/undo")
        assert passed.status_code == 409  # Monday was changed since: nothing is taken back
        assert (await plan(boss, agent, WEEK))["2026-12-01"] == [LATE]
        listed = (await boss.get("/api/shift-changes")).json()["items"]
        assert [one["kind"] for one in listed[:3]] == ["typed", "undone", "undone"]


async def test_the_moments_follow_the_clock_of_the_centre(place: Place) -> None:
    agent = await place.agent()
    await place.directory.put_time_zone("Europe/Berlin", by=BY)
    await place.reload()
    try:
        async with await place.signed_in("supervisor") as boss:
            await written(boss, day(agent, "2026-10-24", NIGHT))
            told = (
                await boss.get("/api/shifts", params={"first": "2026-10-24", "last": "2026-10-24"})
            ).json()
            assert [one["minutes"] for one in told["days"] if one["agent"] == agent] == [540]
            clash = [day(agent, "2026-10-25", {"begins": "05:00", "ends": "09:00", "breaks": []})]
            refused = await boss.put("/api/shifts", json={"days": clash})
            assert refused.status_code == 422
            assert "goes on when" in refused.json()["message"]
            await written(boss, day(agent, "2026-10-25", EARLY))
    finally:
        await place.directory.put_time_zone("UTC", by=BY)
        await place.reload()
    async with place.engine.connect() as connection:
        query = text("select begins, ends from shift_spans where agent_id = :a order by begins")
        rows = (await connection.execute(query, {"a": agent})).all()
    assert [(row.ends - row.begins).total_seconds() / 3600 for row in rows] == [9, 4, 0.5, 3.5]


async def test_a_plan_goes_out_as_csv_and_comes_in_again(place: Place) -> None:
    agent = await place.agent()
    async with await place.signed_in("supervisor") as boss:
        await written(boss, day(agent, "2026-11-30", EARLY), day(agent, "2026-12-01", NIGHT))
        file = await boss.get("/api/shifts/file", params=WEEK)
        lines = [
            line for line in file.text.splitlines() if line.startswith((f"{agent},", "\ufeff"))
        ]
        moved = "\n".join(lines).replace("2026-11-30", "2026-12-14").replace("08:00", "07:00")
        looked = await boss.post("/api/shifts/import", json={"text": moved, "check": True})
        assert looked.json() == {"days": 2, "agents": 1, "flaws": [], "change": None}
        done = (await boss.post("/api/shifts/import", json={"text": moved})).json()
        assert done["change"]["kind"] == "imported"
        there = await plan(boss, agent, {"first": "2026-12-14", "last": "2026-12-20"})
        assert there == {"2026-12-14": [EARLY | {"begins": "07:00"}]}
        broken = moved.replace("07:00", "7 o'clock")
        told = (await boss.post("/api/shifts/import", json={"text": broken})).json()
        assert [flaw["line"] for flaw in told["flaws"]] == [2]
        assert told["change"] is None


async def test_supervisors_plan_their_teams_and_agents_see_their_own(place: Place) -> None:
    mine, other = await place.agent(), await place.agent()
    place.house = "planners"
    async with await place.signed_in("supervisor") as boss:
        await place.directory.put_agent(mine, {"team": "planners"}, by=BY)
        await place.reload()
        change = await written(boss, day(mine, "2026-11-30", EARLY))
        told = (await boss.get("/api/shifts", params=WEEK)).json()
        assert [one["id"] for one in told["agents"]] == [mine]
        for days in ([day(other, "2026-11-30", EARLY)],):
            refused = await boss.put("/api/shifts", json={"days": days})
            assert (refused.status_code, refused.json()["code"]) == (403, "outside_team")
        ask = {"source": "2026-11-30", "target": "2026-12-07", "agents": [other]}
        assert (await boss.post("/api/shifts/copy", json=ask)).status_code == 403
        line = f"agent,day,begins,ends,breaks\n{other},2026-12-01,09:00,17:00,\n"
        told = (await boss.post("/api/shifts/import", json={"text": line})).json()
        assert "whom you may plan" in told["flaws"][0]["message"]
    place.house = ""
    async with await place.signed_in("administrator") as admin:
        both = await written(admin, day(mine, "2026-12-02", LATE), day(other, "2026-12-02", LATE))
    place.house = "planners"
    async with await place.signed_in("supervisor") as boss:
        listed = (await boss.get("/api/shift-changes")).json()["items"]
        assert change in [one["id"] for one in listed]
        assert both not in [one["id"] for one in listed]
        assert (await boss.post(f"/api/shift-changes/{both}/undo")).status_code == 404
    account = await place.user("agent", mine)
    async with await place.client(account) as agent:
        told = (await agent.get("/api/own-shifts", params=WEEK)).json()
        assert [one["day"] for one in told["days"]] == ["2026-11-30", "2026-12-02"]
        assert [part["plan"] for part in told["days"][0]["stretches"]] == ["work", "break", "work"]
        assert (await agent.get("/api/shifts", params=WEEK)).status_code == 403


async def test_what_cannot_be_written_is_told(place: Place) -> None:
    agent = await place.agent()
    async with await place.signed_in("administrator") as admin:
        odd = {"begins": "08:00", "ends": "16:00", "breaks": [{"begins": "07:00", "ends": "07:10"}]}
        told = await admin.put("/api/shifts", json={"days": [day(agent, "2026-11-30", odd)]})
        assert (told.status_code, told.json()["where"]) == (422, "days.0.shifts")
        twice = [day(agent, "2026-11-30", EARLY), day(agent, "2026-11-30", LATE)]
        assert (await admin.put("/api/shifts", json={"days": twice})).status_code == 422
        gone = await admin.put("/api/shifts", json={"days": [day("nobody", "2026-11-30", EARLY)]})
        assert gone.status_code == 404
        same = {"source": "2026-11-30", "target": "2026-11-30", "agents": []}
        assert (await admin.post("/api/shifts/copy", json=same)).status_code == 422
        empty = {"source": "2020-01-06", "target": "2026-11-30", "agents": [agent]}
        assert (await admin.post("/api/shifts/copy", json=empty)).status_code == 422
        far = {"first": "2026-01-01", "last": "2026-12-31"}
        assert (await admin.get("/api/shifts", params=far)).status_code == 422
