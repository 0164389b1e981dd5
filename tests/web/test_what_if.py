"""What-if over HTTP: a day made of the past and the plan, lived through in a process of its own,
with progress and an end, inside each team's border."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from callcenter.reports.books import Fact
from callcenter.reports.feeding import put_in
from callcenter.reports.what_if.runs import Run
from callcenter.shifts.book import Planned, ShiftBook
from callcenter.shifts.values import read_shift
from tests.web.place import BY, Place

pytestmark = [pytest.mark.web, pytest.mark.anyio, pytest.mark.timeout(120)]

TODAY = datetime.now(UTC).date()
DAY = TODAY + timedelta(days=7 - TODAY.weekday())  # a Monday to come
HOURS = range(9, 12)
CALLS = 12  # an hour


def past_calls(queue: str, days: int = 28) -> list[Fact]:
    """Twelve calls an hour from nine to twelve, four weeks of the same day, four minutes each."""
    made = []
    for back in range(7, days + 1, 7):
        day = DAY - timedelta(days=back)
        if day >= TODAY:
            continue
        for hour in HOURS:
            for number in range(CALLS):
                at = datetime(day.year, day.month, day.day, hour, number * 5, tzinfo=UTC)
                call = f"what-if-{queue}-{day}-{hour}-{number}"
                line = Fact(
                    at, call, 1, "line", at, "answered", queue, target_ms=20_000, wait_ms=4000
                )
                gone = Fact(at, call, 2, "part", at, "ended", queue, "x", talk_ms=240_000)
                made += [line, gone]
    return made


@pytest.fixture
async def house(place: Place) -> AsyncIterator[dict[str, str]]:
    """A queue with a past, three agents who are planned, one of another team."""
    agents = [await place.agent() for _ in range(4)]
    for agent in agents:
        team = "other" if agent == agents[-1] else "mine"
        await place.directory.put_team(team, {"name": team}, by=BY)
        await place.directory.put_agent(agent, {"team": team}, by=BY)
    await place.directory.put_queue("whatif", {"name": "What if"}, by=BY)
    await place.directory.put_queue("hidden", {"name": "Hidden"}, by=BY)
    await place.directory.put_members("whatif", agents, by=BY)
    await place.directory.put_team("mine", {"name": "mine", "queues": ["whatif"]}, by=BY)
    await place.reload()
    async with place.engine.begin() as connection:
        await connection.execute(text("delete from reports.facts"))
        await put_in(connection, past_calls("whatif"), "UTC")
    shift = read_shift("09:00", "12:00")
    days = [Planned(agent, DAY, (shift,)) for agent in agents[:3]]
    await ShiftBook(place.engine).write(days, "typed", zone="UTC", by=BY, name="Test")
    place.what_ifs.replications = 4
    yield {"a": agents[0], "b": agents[1], "c": agents[2], "other": agents[3]}
    await place.what_ifs.close()


def asked(*changes: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "day": DAY.isoformat(),
        "interval": "hour",
        "source": "forecast",
        "queues": ["whatif"],
        "changes": list(changes),
    } | more


async def done(client: httpx.AsyncClient, body: dict[str, Any]) -> dict[str, Any]:
    begun = await client.post("/api/what-if", json=body)
    assert begun.status_code == 202, begun.text
    while True:
        told: dict[str, Any] = (await client.get(f"/api/what-if/{begun.json()['id']}")).json()
        if told["state"] not in ("waiting", "running"):
            return told
        await asyncio.sleep(0.1)


async def test_two_fewer_at_ten_are_seen_beside_the_day_as_planned(
    place: Place, house: dict[str, str]
) -> None:
    fewer = {"kind": "agents", "begins": "10:00", "ends": "11:00", "count": -2, "queue": "whatif"}
    async with await place.signed_in("supervisor") as boss:
        told = await done(boss, asked(fewer))
        assert (told["state"], told["trouble"]) == ("done", "")
        answer = told["answer"]
        assert answer["hours"] == "planned"
        assert answer["replications"] == 4
        lines = answer["lines"]
        assert [line["clock"] for line in lines] == ["09:00", "10:00", "11:00"]  # not the night
        assert [line["calls"] for line in lines] == pytest.approx([CALLS] * 3)
        assert lines[1]["begins"].startswith(f"{DAY}T10:00")
        base, other, apart = (lines[1][side] for side in ("base", "changed", "difference"))
        assert (base["agents"], other["agents"]) == (3.0, 1.0)
        for figure in ("service_level", "mean_wait", "occupancy", "abandoned"):
            assert base[figure]["half"] >= 0
        assert other["service_level"]["mean"] < base["service_level"]["mean"]
        assert other["occupancy"]["mean"] > base["occupancy"]["mean"]
        assert apart["agents"] == -2.0
        assert apart["service_level"]["mean"] == pytest.approx(
            other["service_level"]["mean"] - base["service_level"]["mean"]
        )
        assert apart["service_level"]["half"] > 0
        assert lines[0]["base"] == lines[0]["changed"]  # until then it is the same day
        assert lines[0]["difference"]["mean_wait"] == {"mean": 0.0, "half": 0.0}
        assert answer["whole"]["calls"] == pytest.approx(3 * CALLS)


async def test_a_day_without_a_plan_has_everybody_and_says_so(
    place: Place, house: dict[str, str]
) -> None:
    async with await place.signed_in("administrator") as admin:
        later = (DAY + timedelta(days=7)).isoformat()
        told = await done(admin, asked(day=later))
        assert told["answer"]["hours"] == "all"
        assert told["answer"]["lines"][0]["base"]["agents"] == 4.0
        logged = (DAY - timedelta(days=14)).isoformat()
        told = await done(admin, asked(day=logged, source="logged"))
        assert [line["calls"] for line in told["answer"]["lines"]] == [12, 12, 12]
        await _was_at_work(place, house["a"])
        told = await done(admin, asked(day=later))
        assert told["answer"]["hours"] == "usual"
        there = [line["base"]["agents"] for line in told["answer"]["lines"]]
        assert there == [1.0, 1.0, 0.5]  # until half past eleven
        empty = await done(admin, asked(queues=["hidden"]))
        assert (empty["state"], empty["trouble"]) == ("failed", "no-calls")


async def _was_at_work(place: Place, agent: str) -> None:
    """On two Mondays that are over, the only ones on which anybody was, with a short pause."""
    spells = []
    for week in (0, 2):
        day = DAY - timedelta(days=7 + 7 * week)
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        hours = [(9.0, 10.25, "available"), (10.25, 10.4, "paused"), (10.4, 11.5, "talking")]
        spells += [
            {
                "agent": agent,
                "since": midnight + timedelta(hours=since),
                "until": midnight + timedelta(hours=until),
                "state": state,
            }
            for since, until, state in hours
        ]
    async with place.engine.begin() as connection:
        await connection.execute(text("delete from reports.spells"))
        await connection.execute(
            text(
                "insert into reports.spells (agent, since, sequence, until, state, reason, call)"
                " values (:agent, :since, 1, :until, :state, '', '')"
            ),
            spells,
        )


async def test_a_run_is_one_s_own_and_ends_when_it_is_told_to(
    place: Place, house: dict[str, str]
) -> None:
    async with (
        await place.signed_in("supervisor") as boss,
        await place.signed_in("supervisor") as other,
    ):
        begun = (await boss.post("/api/what-if", json=asked())).json()
        address = f"/api/what-if/{begun['id']}"
        assert (await other.get(address)).status_code == 404
        ended = (await boss.delete(address)).json()
        assert ended["state"] == "cancelled"
        first = (await boss.post("/api/what-if", json=asked())).json()["id"]
        second = await done(boss, asked())  # the one before makes room
        assert second["state"] == "done"
        assert (await boss.get(f"/api/what-if/{first}")).json()["state"] == "cancelled"


async def test_cancelling_ends_the_process(place: Place, house: dict[str, str]) -> None:
    place.what_ifs.replications = 1_000_000
    async with await place.signed_in("supervisor") as boss:
        begun = (await boss.post("/api/what-if", json=asked())).json()["id"]
        run = place.what_ifs._runs[begun]
        await _goes_on(run)
        assert 0.0 < run.progress < 1.0
        await boss.delete(f"/api/what-if/{begun}")
        assert run.state == "cancelled"
        assert run.task is not None
        assert run.task.done()  # and with it the process, which it waits for


async def _goes_on(run: Run) -> None:
    for _ in range(3000):
        if run.progress > 0.0 or run.state not in ("waiting", "running"):
            return
        await asyncio.sleep(0.02)


async def test_supervisors_ask_about_their_queues_and_change_their_agents(
    place: Place, house: dict[str, str]
) -> None:
    place.house = "mine"
    async with await place.signed_in("supervisor") as boss:
        skill = {"kind": "skill", "agent": house["a"], "skill": "zh", "level": 5}
        told = await done(boss, asked(skill, queues=[]))
        assert told["state"] == "done"
        refused = [
            asked(queues=["hidden"]),
            asked({"kind": "agent", "agent": house["other"], "on": False}),
            asked({"kind": "queue", "agent": house["a"], "queue": "hidden"}),
        ]
        for body in refused:
            answer = await boss.post("/api/what-if", json=body)
            assert (answer.status_code, answer.json()["code"]) == (403, "outside_team")
        days = {"since": f"{DAY}T00:00:00Z", "until": f"{DAY + timedelta(days=1)}T00:00:00Z"}
        body = {"logged": {"queue": "hidden", **days}}
        answer = await boss.post("/api/staffing/simulated", json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "outside_team")


async def test_what_makes_no_sense_is_told(place: Place, house: dict[str, str]) -> None:
    async with await place.signed_in("administrator") as admin:
        for change, where in (
            ({"kind": "agents", "queue": "whatif"}, "count"),
            ({"kind": "agents", "queue": "gone", "count": 1}, "queue"),
            ({"kind": "agent", "agent": "nobody"}, "agent"),
            ({"kind": "skill", "agent": house["a"], "skill": " "}, "skill"),
            ({"kind": "agents", "count": 1, "begins": "12:00", "ends": "11:00"}, "ends"),
            ({"kind": "agents", "count": 1, "begins": "noon"}, "begins"),
        ):
            answer = await admin.post("/api/what-if", json=asked(change))
            assert (answer.status_code, answer.json()["where"]) == (422, f"changes.0.{where}")
