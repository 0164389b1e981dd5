"""How many agents, and how good the estimates of waiting have been, over HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer import Typer
from typer.testing import CliRunner

from acd.estimate import EstimateErrors
from callcenter.cli import staff
from callcenter.core.effects import RecordInteraction
from tests.crm.test_interactions import write
from tests.store.records import interaction
from tests.web.place import Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]


async def test_typed_in_traffic_is_staffed_by_the_formulas(place: Place) -> None:
    """100 calls in half an hour of 180 s each: 14 agents for 80 % in 20 s (Erlang C)."""
    hour = {"calls": 100, "handling_seconds": 180}
    async with await place.signed_in("supervisor") as client:
        told = (await client.post("/api/staffing", json={"intervals": [hour]})).json()
        [row] = told["intervals"]
        assert (row["agents"], round(row["service_level"], 3)) == (14, 0.888)
        assert [one["agents"] for one in row["around"]] == list(range(10, 19))
        assert row["around"][0]["mean_wait"] == -1  # ten agents for ten Erlang: it never ends
        assert told["paid_hours"] == 7.0
        body = {"intervals": [hour], "patience_seconds": 120, "shrinkage": 0.3}
        [row] = (await client.post("/api/staffing", json=body)).json()["intervals"]
        assert (row["agents"], row["rostered"]) == (12, 18)
        assert row["probability_of_abandonment"] > 0


def logged(since: float) -> list[RecordInteraction]:
    """Four calls of 120 s each, and one that nobody answered."""
    served = [
        interaction(
            f"traffic.{n}", started_at=since + 60 * n, queue="traffic", talk_seconds=90.0,
            hold_seconds=10.0, wrap_up_seconds=20.0,
        )
        for n in range(1, 5)
    ]  # fmt: skip
    gone = interaction(
        "traffic.5", started_at=since + 90, queue="traffic", talk_seconds=0.0, outcome="abandoned"
    )
    return [*served, gone]


async def test_logged_traffic_is_counted_by_interval(place: Place) -> None:
    since = datetime.now(UTC) - timedelta(days=1)
    body = {"logged": {"queue": "traffic", "since": since.isoformat()}}
    async with await place.signed_in("administrator") as client:
        await client.put("/api/queues/traffic", json={"name": "Traffic"})
        body["logged"]["until"] = (since + timedelta(days=1)).isoformat()
        told = await client.post("/api/staffing", json=body)
        assert (told.status_code, told.json()["intervals"]) == (200, [])
        await write(place.engine, *logged(since.timestamp()))
        told = (await client.post("/api/staffing", json=body)).json()
        assert sum(row["calls"] for row in told["intervals"]) == 5
        assert {row["handling_seconds"] for row in told["intervals"]} == {120.0}
        assert all(row["agents"] >= 1 for row in told["intervals"])
        body["logged"]["until"] = (since + timedelta(days=30)).isoformat()
        late = await client.post("/api/staffing", json=body)
        assert (late.status_code, late.json()["where"]) == (422, "logged.until")
        neither = await client.post("/api/staffing", json={})
        assert (neither.status_code, neither.json()["where"]) == (422, "intervals")


# -- by simulation ------------------------------------------------------------------------------
DAY = [(20, 180), (40, 200), (0, 100), (20, 180)]
ASKED = {
    "intervals": [
        {"start_seconds": 1800.0 * n, "calls": calls, "handling_seconds": seconds}
        for n, (calls, seconds) in enumerate(DAY)
    ],
    "patience_seconds": 120,
    "ringing_seconds": 6,
    "handling_spread": 0.8,
    "shrinkage": 0.3,
}


@pytest.fixture
async def simulating(place: Place) -> AsyncIterator[Place]:
    place.needs.replications = 4
    yield place
    await place.needs.close()


async def over(client: httpx.AsyncClient, body: dict[str, Any]) -> dict[str, Any]:
    begun = await client.post("/api/staffing/simulated", json=body)
    assert begun.status_code == 202, begun.text
    while True:
        told = (await client.get(f"/api/staffing/simulated/{begun.json()['id']}")).json()
        if told["state"] not in ("waiting", "running"):
            return dict(told)
        await asyncio.sleep(0.1)


def on_the_command_line(folder: Path) -> list[dict[str, Any]]:
    traffic = folder / "traffic.csv"
    rows = "".join(f"{calls},{seconds}\n" for calls, seconds in DAY)
    traffic.write_text(f"calls,handling_seconds\n{rows}")
    app = Typer()
    app.callback()(lambda: None)
    staff.register(app)
    words = f"staff --traffic {traffic} --simulated --patience 120 --ringing 6 --spread 0.8"
    told = CliRunner().invoke(app, [*words.split(), "--shrinkage=30", "--replications=4", "--json"])
    assert told.exit_code == 0, told.output
    return list(json.loads(told.stdout))


@pytest.mark.timeout(180)
async def test_simulated_agents_are_those_of_the_command_line(
    simulating: Place, tmp_path: Path
) -> None:
    async with await simulating.signed_in("supervisor") as client:
        told = await over(client, ASKED)
        assert (told["state"], told["progress"]) == ("done", 1.0)
        answer = told["answer"]
        assert datetime.fromisoformat(answer["made_at"]) <= datetime.now(UTC)
        figures = ("service_level", "mean_wait", "abandonment", "occupancy")
        seen = [
            {"start_seconds": row["start_seconds"], "agents": row["agents"]}
            | {"rostered": row["rostered"]}
            | {name: [row[name]["mean"], row[name]["half"]] for name in figures}
            for row in answer["intervals"]
        ]
        typed = [
            {name: row[name] for name in ("start_seconds", "agents", "rostered", *figures)}
            for row in await asyncio.to_thread(on_the_command_line, tmp_path)
        ]
        assert seen == typed
        assert answer["intervals"][0]["agents"] > 2
        assert answer["intervals"][0] | {"start_seconds": 5400.0} == answer["intervals"][3]
        never = ASKED | {"intervals": ASKED["intervals"][:1], "service_level": 0.99}  # type: ignore[index]
        [row] = (await over(client, never | {"within_seconds": 1}))["answer"]["intervals"]
        assert (row["agents"], row["why"]) == (None, "unreachable")


@pytest.mark.timeout(180)
async def test_a_simulation_is_one_s_own_and_ends_when_it_is_told_to(simulating: Place) -> None:
    simulating.needs.replications = 1_000_000
    async with await simulating.signed_in("supervisor") as client:
        begun = (await client.post("/api/staffing/simulated", json=ASKED)).json()["id"]
        run = simulating.needs._runs[begun]
        for _ in range(3000):
            if run.state == "running":
                break
            await asyncio.sleep(0.02)
        async with await simulating.signed_in("administrator") as other:
            foreign = await other.get(f"/api/staffing/simulated/{begun}")
            assert foreign.status_code == 404
        gone = await client.delete(f"/api/staffing/simulated/{begun}")
        assert gone.json()["state"] == "cancelled"
        assert run.task is not None
        assert run.task.done()  # and with it the process, which it waits for
        much = ASKED | {"intervals": [{"calls": 100_000, "handling_seconds": 600}]}
        refused = await client.post("/api/staffing/simulated", json=much)
        assert (refused.status_code, refused.json()["where"]) == (422, "intervals.0")
        none = ASKED | {"intervals": [{"calls": 0, "handling_seconds": 600}]}
        assert (await over(client, none))["trouble"] == "no-calls"
        nowhere = ASKED | {"intervals": None, "logged": {"queue": "x" * 40}}
        assert (await client.post("/api/staffing/simulated", json=nowhere)).status_code == 422


async def test_estimates_are_told_with_their_measured_error(place: Place) -> None:
    place.routing.waits = {"traffic": ((10.0, 30.0), EstimateErrors("learned", 250, 12.5, -1.0))}
    async with await place.signed_in("supervisor") as client:
        [row] = (await client.get("/api/routing/estimates")).json()["items"]
    assert row.pop("name")
    assert row == {
        "queue": "traffic", "low_seconds": 10.0, "high_seconds": 30.0, "way": "learned",
        "tests": 250, "error_seconds": 12.5, "bias_seconds": -1.0,
    }  # fmt: skip
