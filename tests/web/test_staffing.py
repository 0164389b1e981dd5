"""How many agents, and how good the estimates of waiting have been, over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from acd.estimate import EstimateErrors
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


async def test_estimates_are_told_with_their_measured_error(place: Place) -> None:
    place.routing.waits = {"traffic": ((10.0, 30.0), EstimateErrors("learned", 250, 12.5, -1.0))}
    async with await place.signed_in("supervisor") as client:
        [row] = (await client.get("/api/routing/estimates")).json()["items"]
    assert row.pop("name")
    assert row == {
        "queue": "traffic", "low_seconds": 10.0, "high_seconds": 30.0, "way": "learned",
        "tests": 250, "error_seconds": 12.5, "bias_seconds": -1.0,
    }  # fmt: skip
